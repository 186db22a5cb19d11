"""Exports: asked for on a page, made by a job part by part, resumed where a worker died, kept for a week."""

import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import SYSTEM_ONLY, Actor, action, publish
from dinh.foundation.directory.public import acting
from dinh.foundation.files.public import store_bytes
from dinh.foundation.ui.public import render_pdf
from dinh.kernel.errors import N_, NotFound, Refused
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.adapters.workbooks import MOST_ROWS, pack_rows, write_workbook
from dinh.onestop.events import ExportAsked
from dinh.onestop.models import Export, ExportPart
from dinh.onestop.permissions import EXPORT, OWN_EXPORT
from dinh.onestop.queries.definitions import TEMPLATES
from dinh.onestop.queries.exports import export_kinds, report_again
from dinh.onestop.queries.report_papers import report_paper

__all__ = ["ask_export", "drop_export", "make_export", "remove_old_exports"]

PART_ROWS = 5_000
KEPT_FOR = dt.timedelta(days=7)
# Asked for and not yet ready, by one person: more would only stand in each other's way.
MOST_WAITING = 5
OPEN = (Export.State.WAITING, Export.State.RUNNING)


class TooManyExports(Refused):
    message = N_("Ông/Bà đang có %(count)s tệp chờ lập. Hãy đợi các tệp đó xong rồi xuất tiếp.")


class TooManyRows(Refused):
    message = N_(
        "Danh sách có %(count)s dòng, một tệp chỉ chứa được %(most)s dòng. Hãy thu hẹp theo kỳ hoặc cơ quan."
    )


class RightsLost(Refused):
    message = N_("Chức vụ đã dùng để xuất không còn quyền xem hồ sơ.")


@action("export.asked", permission=EXPORT)
def ask_export(
    kind: str, *, form: str, title: str, parameters: Mapping[str, Any], by: Actor, now: dt.datetime
) -> Export:
    """Ask for a file: ``kind`` of ``export_kinds()``, ``form`` ``xlsx`` or ``pdf`` (reports only).

    Raises ``TooManyExports`` while five others wait.
    """
    assert by.person_id is not None
    assert by.position_id is not None
    waiting = Export.objects.filter(person_id=by.person_id, state__in=OPEN).count()
    if waiting >= MOST_WAITING:
        raise TooManyExports(count=waiting)
    export = Export(
        kind=kind, form=form, title=title, parameters=dict(parameters), account_id=by.account_id, asked_at=now
    )
    export.person_id, export.position_id = by.person_id, by.position_id
    export.save(force_insert=True)
    publish(ExportAsked(export_id=export.id))
    return export


def make_export(export_id: UUID, *, by: Actor, now: dt.datetime) -> None:
    """Make an export as far as it is not made yet: for the job, which may die and be run again anywhere.

    Parts that were written stay; what the person may see is asked anew for every part.
    """
    export = Export.objects.filter(pk=export_id).first()
    if export is None:
        return
    try:
        while export.state in OPEN:
            export = _go_on(export, by=by, now=now)
    except NotFound:
        refuse_export(export, problem=RightsLost().said(_), by=by, now=now)
    except Refused as refused:
        refuse_export(export, problem=refused.said(_), by=by, now=now)


def _go_on(export: Export, *, by: Actor, now: dt.datetime) -> Export:
    reader = acting(export.person_id, export.position_id, account_id=export.account_id, at=now)
    if not EXPORT.may(reader, None):
        raise RightsLost
    if export.form == "pdf":
        return finish_paper(export, reader=reader, by=by, now=now)
    if export.rows_total is None or export.rows_done < export.rows_total:
        return write_part(export, reader=reader, by=by)
    return finish_sheet(export, by=by, now=now)


@action("export.part_written", permission=SYSTEM_ONLY, on=Export)
def write_part(export: Export, *, reader: Actor, by: Actor) -> Export:
    """Write the next rows as a part of their own."""
    if export.state not in OPEN:
        return export
    kind = export_kinds()[export.kind]
    if export.rows_total is None:
        export.rows_total = kind.count(reader, export.parameters)
        if export.rows_total > MOST_ROWS:
            raise TooManyRows(count=export.rows_total, most=MOST_ROWS)
    content, count = pack_rows(_marked(export, kind.rows(reader, export.parameters, export.mark, PART_ROWS)))
    if count:
        ExportPart.objects.create(export=export, number=export.rows_done, content=content)
    export.rows_done += count
    # Rows that went away meanwhile are not waited for, and those that came are written too.
    export.rows_total = (
        max(export.rows_total, export.rows_done + 1) if count == PART_ROWS else export.rows_done
    )
    export.state = Export.State.RUNNING
    export.save(update_fields=["state", "rows_done", "rows_total", "mark"])
    return export


def _marked(export: Export, rows: Iterator[tuple[str, Sequence[Any]]]) -> Iterator[Sequence[Any]]:
    for mark, row in rows:
        export.mark = mark
        yield row


@action("export.finished", permission=SYSTEM_ONLY, on=Export)
def finish_sheet(export: Export, *, by: Actor, now: dt.datetime) -> Export:
    """Join the parts into the workbook and keep it."""
    if export.state not in OPEN:
        return export
    kind = export_kinds()[export.kind]
    parts = ExportPart.objects.filter(export=export).order_by("number")
    with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as target:
        write_workbook(
            target,
            sheet=_(kind.sheet),
            title=export.title,
            columns=[(_(heading), width) for heading, width in kind.columns],
            parts=(bytes(part.content) for part in parts.iterator(chunk_size=2)),
        )
        target.seek(0)
        content = target.read()
    return _keep(export, content, "xlsx", by=by, now=now)


@action("export.paper_made", permission=SYSTEM_ONLY, on=Export)
def finish_paper(export: Export, *, reader: Actor, by: Actor, now: dt.datetime) -> Export:
    """Typeset the report and keep it."""
    if export.state not in OPEN:
        return export
    note = "Bản in từ hệ thống, chưa đóng dấu"  # data: papers are Vietnamese
    content = report_paper(report_again(reader, export.parameters), note=note, now=now)
    export.rows_done = export.rows_total = len(content["lines"])
    return _keep(export, render_pdf(TEMPLATES / "report_06a.typ", content), "pdf", by=by, now=now)


def _keep(export: Export, content: bytes, ending: str, *, by: Actor, now: dt.datetime) -> Export:
    on = export.asked_at.astimezone(VIETNAM).date()
    export.file = store_bytes(content, name=f"{export.title} ({on:%d-%m-%Y}).{ending}", by=by)
    ExportPart.objects.filter(export=export).delete()
    export.state = Export.State.READY
    export.ready_at, export.kept_until = now, now + KEPT_FOR
    export.save(update_fields=["state", "file", "ready_at", "kept_until", "rows_done", "rows_total"])
    return export


@action("export.refused", permission=SYSTEM_ONLY, on=Export)
def refuse_export(export: Export, *, problem: str, by: Actor, now: dt.datetime) -> Export:
    """Give up, with the sentence that says why."""
    ExportPart.objects.filter(export=export).delete()
    export.state, export.problem = Export.State.REFUSED, problem
    export.save(update_fields=["state", "problem"])
    return export


@action("export.dropped", permission=OWN_EXPORT, on=Export)
def drop_export(export: Export, *, by: Actor, now: dt.datetime) -> Export:
    """Throw an export away, ready or not; the job that makes it stops at its next part."""
    _forget(export)
    return export


def remove_old_exports(*, by: Actor, now: dt.datetime) -> int:
    """Let go of the files whose time is over; return how many."""
    over = list(Export.objects.filter(state=Export.State.READY, kept_until__lt=now))
    for export in over:
        expire_export(export, by=by)
    return len(over)


@action("export.expired", permission=SYSTEM_ONLY, on=Export)
def expire_export(export: Export, *, by: Actor) -> Export:
    """Let go of a file whose time is over; that it was made stays on record."""
    _forget(export)
    return export


def _forget(export: Export) -> None:
    ExportPart.objects.filter(export=export).delete()
    export.state, export.file = Export.State.GONE, None
    export.save(update_fields=["state", "file"])
