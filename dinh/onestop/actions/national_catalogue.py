"""The catalogue in the national shape: a file that was read taken in, its entries published.

Nothing that a file says is in force by itself: it becomes the draft of an entry, or a draft version in the
workshop, and a second person publishes either. Versions in force and running dossiers are not touched.
Two files at once: each line names the state that it was compared with, and one whose procedure has changed
since is left with its reason. Rows are locked by code, so two files never wait for each other in a circle.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from dinh.foundation.actions.public import SYSTEM_ONLY, Actor, action, publish
from dinh.foundation.directory.public import NotAppointed, acting
from dinh.foundation.ui.public import name_for
from dinh.kernel.errors import N_, NotAllowed, Refused
from dinh.kernel.sentences import say
from dinh.onestop.actions.procedures import SecondPersonNeeded
from dinh.onestop.actions.workshop import begin_version, revise
from dinh.onestop.events import CatalogueConfirmed
from dinh.onestop.models import (
    CatalogueEntry,
    CatalogueImport,
    CatalogueLine,
    CatalogueUpload,
    Procedure,
    ProcedureVersion,
)
from dinh.onestop.permissions import EDIT_PROCEDURE, PUBLISH_PROCEDURE
from dinh.onestop.queries.national_catalogue import (
    Standing,
    access_entry,
    columns_of_entry,
    draft_of_record,
    standing_of,
)
from dinh.onestop.rules.national_mapping import changed_definition
from dinh.onestop.rules.national_records import blank_record

if TYPE_CHECKING:
    from django.db.models import QuerySet

__all__ = [
    "AlreadyEnded",
    "NothingWaits",
    "PublishedEntry",
    "apply_catalogue",
    "discard_entry",
    "drop_catalogue",
    "publish_entries",
    "publish_entry",
    "write_confirmed",
    "write_part",
]

MOST_AT_ONCE = 200
# So many lines are written with the press; more by a job, as many at a time.
WRITTEN_AT_ONCE = 200
OPEN = (CatalogueImport.State.WAITING, CatalogueImport.State.READING, CatalogueImport.State.PREVIEW)
_CHANGED = N_("Thủ tục đã thay đổi sau khi xem trước nên chưa ghi. Hãy tải tệp lên lại để so sánh lại.")
_HELD = N_("Đã lưu vào danh mục, chờ người thứ hai công bố.")
_DRAFTED = N_("Đã lập bản thảo trong xưởng soạn, chờ người thứ hai công bố.")
_WITHDRAWS = N_("Đã đề nghị đưa ra khỏi danh mục, chờ người thứ hai duyệt.")
_RIGHTS_LOST = N_("Chưa ghi: người bấm ghi không còn quyền soạn thủ tục. Hãy tải tệp lên lại.")
_SERVED = N_("Thủ tục đang cung cấp trực tuyến nên không tự đưa ra khỏi danh mục.")


class AlreadyEnded(Refused):
    message = N_("Tệp này đã được ghi hoặc đã bỏ. Hãy tải tệp lên lại nếu cần.")


class NothingWaits(Refused):
    message = N_("Mục này không có thay đổi nào chờ công bố. Có thể người khác vừa công bố hoặc đã bỏ.")


@action(
    "catalogue.imported", permission=EDIT_PROCEDURE, on=CatalogueImport, label=N_("Ghi tệp danh mục thủ tục")
)
def apply_catalogue(
    batch: CatalogueImport, *, left_out: Collection[str] = (), by: Actor, now: dt.datetime
) -> CatalogueImport:
    """Make the drafts that a preview showed, without the codes ``left_out``; each line says what became
    of it.

    A short file is written at once; a long one by a job, part by part, which always ends what it began.
    Raises ``AlreadyEnded``.
    """
    _check_open(batch)
    batch.left_out = list(left_out)
    batch.writer = {name: str(getattr(by, name) or "") for name in ("person_id", "position_id", "account_id")}
    batch.to_write = _to_write(batch).count()
    if batch.to_write <= WRITTEN_AT_ONCE:
        _write_lines(batch, by=by, now=now)
        _end(batch, now)
    else:
        batch.state = CatalogueImport.State.WRITING
        publish(CatalogueConfirmed(batch_id=batch.pk))
    batch.save()
    return batch


def write_confirmed(batch_id: UUID, *, by: Actor, now: dt.datetime) -> None:
    """Write what is left of a long file: for the job, which may be run again anywhere."""
    batch = CatalogueImport.objects.filter(pk=batch_id).first()
    while batch is not None and batch.state == CatalogueImport.State.WRITING:
        batch = write_part(batch, by=by, now=now)


@action("catalogue.part_written", permission=SYSTEM_ONLY, on=CatalogueImport)
def write_part(batch: CatalogueImport, *, by: Actor, now: dt.datetime) -> CatalogueImport:
    """Write the next lines of a confirmed file, with the rights that whoever confirmed it has now.

    When they have none any more, the lines that are left say so.
    """
    if batch.state != CatalogueImport.State.WRITING:
        return batch
    try:
        writer = _writer(batch, now)
    except (NotAppointed, NotAllowed):
        _to_write(batch).update(said=_RIGHTS_LOST)
        _end(batch, now)
    else:
        _write_lines(batch, by=writer, now=now, most=WRITTEN_AT_ONCE)
        if not _to_write(batch).exists():
            _end(batch, now)
    batch.save()
    return batch


def _writer(batch: CatalogueImport, now: dt.datetime) -> Actor:
    """Whoever confirmed the file, as they stand now. Raises ``NotAllowed``, ``NotAppointed``."""
    ids = {name: UUID(value) if value else None for name, value in batch.writer.items()}
    person_id, position_id = ids.get("person_id"), ids.get("position_id")
    if person_id is None or position_id is None:
        raise NotAllowed(reason=EDIT_PROCEDURE.label)
    writer = acting(person_id, position_id, account_id=ids.get("account_id"), at=now)
    if not EDIT_PROCEDURE.may(writer, None):
        raise NotAllowed(reason=EDIT_PROCEDURE.label)
    return writer


def _to_write(batch: CatalogueImport) -> "QuerySet[CatalogueLine]":
    """The lines that are still to be written, one order for every file."""
    wanted = [CatalogueLine.Outcome.NEW, CatalogueLine.Outcome.CHANGED, CatalogueLine.Outcome.GONE]
    rows = batch.lines.filter(outcome__in=wanted, is_written=False, said="")
    return rows.exclude(code__in=batch.left_out).order_by("code", "number")


def _end(batch: CatalogueImport, now: dt.datetime) -> None:
    batch.state = CatalogueImport.State.DONE
    batch.ended_at = now


def _write_lines(batch: CatalogueImport, *, by: Actor, now: dt.datetime, most: int | None = None) -> None:
    lines = list(_to_write(batch)[:most])
    units: dict[str, Any] = {}
    # What the file adds is made first, so that its row can be locked as well.
    Procedure.objects.bulk_create(
        [
            Procedure(code=line.code, **columns_of_entry(line.record, units))
            for line in lines
            if line.outcome == CatalogueLine.Outcome.NEW and line.record is not None
        ],
        ignore_conflicts=True,
    )
    codes = [line.code for line in lines]
    list(Procedure.objects.select_for_update().filter(code__in=codes).order_by("code").values_list("pk"))
    standings = standing_of(codes)
    for line in lines:
        standing = standings.get(line.code)
        if standing is None or (line.outcome != CatalogueLine.Outcome.GONE and _has_changed(line, standing)):
            line.said = _CHANGED
        elif line.outcome == CatalogueLine.Outcome.GONE:
            _withdraw(line, standing, by=by, now=now)
        else:
            _take_in(line, standing, by=by, now=now)
    CatalogueLine.objects.bulk_update(lines, ["said", "is_written"], batch_size=200)
    batch.written += len(lines)


def _check_open(batch: CatalogueImport) -> None:
    if batch.state != CatalogueImport.State.PREVIEW:
        raise AlreadyEnded


def _has_changed(line: CatalogueLine, standing: Standing) -> bool:
    seen = line.seen or {"version": "", "revision": 0, "entry": 0}
    return standing.seen != seen


def _take_in(line: CatalogueLine, standing: Standing, *, by: Actor, now: dt.datetime) -> None:
    record = {**blank_record(), **(line.record or {})}
    definition, keeps = draft_of_record(standing, record)
    if definition is not None and standing.version is not None:
        _draft(standing.version, standing, record, by=by, now=now)
        line.said = _DRAFTED
    if keeps:
        _keep(standing, draft=record, withdraws=False, by=by, now=now)
        line.said = line.said or _HELD
    line.is_written = True


def _draft(
    version: ProcedureVersion,
    standing: Standing,
    record: dict[str, Any],
    *,
    by: Actor,
    now: dt.datetime,
) -> None:
    """Change the newest draft, or begin one from the version in force."""
    said = say(N_("Theo danh mục thủ tục quốc gia"))
    if version.state == ProcedureVersion.State.PUBLISHED:
        assert standing.procedure is not None
        version = begin_version(standing.procedure, version.definition, said, by=by, now=now)
    version = ProcedureVersion.objects.select_for_update().get(pk=version.pk)
    revise(
        version,
        lambda old: changed_definition(old, standing.record, record, name_for=name_for),
        said,
        seen=version.revision,
        by=by,
        now=now,
    )


def _keep(
    standing: Standing, *, draft: dict[str, Any] | None, withdraws: bool, by: Actor, now: dt.datetime
) -> None:
    entry = standing.entry or CatalogueEntry(procedure=standing.procedure)
    entry.draft = draft
    entry.withdraws = withdraws
    entry.revision += 1
    entry.drafted_at = now
    entry.drafted_by = by.account_id
    entry.drafted_by_name = by.name
    entry.save()


def _withdraw(line: CatalogueLine, standing: Standing, *, by: Actor, now: dt.datetime) -> None:
    entry = standing.entry
    if standing.procedure is not None and standing.procedure.current_version_id is not None:
        line.said = _SERVED
    elif entry is None or entry.revision != line.seen.get("entry"):
        line.said = _CHANGED
    else:
        _keep(standing, draft=entry.draft, withdraws=True, by=by, now=now)
        line.said = _WITHDRAWS
        line.is_written = True


@action("catalogue.dropped", permission=EDIT_PROCEDURE, on=CatalogueImport, label=N_("Bỏ tệp danh mục"))
def drop_catalogue(batch: CatalogueImport, *, by: Actor, now: dt.datetime) -> CatalogueImport:
    """Drop a preview, or a file that is still read: nothing of it is written. Raises ``AlreadyEnded``."""
    if batch.state not in OPEN:
        raise AlreadyEnded
    CatalogueUpload.objects.filter(batch=batch).delete()
    batch.state = CatalogueImport.State.DROPPED
    batch.ended_at = now
    batch.save(update_fields=["state", "ended_at"])
    return batch


@action(
    "catalogue.published",
    permission=PUBLISH_PROCEDURE,
    on=CatalogueEntry,
    under="procedure",
    label=N_("Công bố mục trong danh mục thủ tục"),
)
def publish_entry(entry: CatalogueEntry, *, by: Actor, now: dt.datetime) -> CatalogueEntry:
    """Let the catalogue say what waits in an entry, as another person than who took it in.

    A procedure without a version is listed from now on, or, when that is what waits, no more. Raises
    ``NothingWaits``, ``SecondPersonNeeded``.
    """
    if entry.draft is None and not entry.withdraws:
        raise NothingWaits
    if by.kind != "system" and by.account_id == entry.drafted_by:
        raise SecondPersonNeeded
    if entry.draft is not None and not entry.withdraws:
        entry.content = {**blank_record(), **entry.draft}
    listed = not entry.withdraws
    entry.draft = None
    entry.withdraws = False
    entry.revision += 1
    entry.published_at = now
    entry.published_by = by.account_id
    entry.save()
    row = Procedure.objects.filter(pk=entry.procedure_id)
    row.update(is_listed=listed)
    if listed and entry.content is not None:
        # What is in force says of itself what lists show; its own publication mirrors it.
        row.filter(current_version=None).update(**columns_of_entry(entry.content))
    return entry


@action(
    "catalogue.discarded",
    permission=EDIT_PROCEDURE,
    on=CatalogueEntry,
    under="procedure",
    label=N_("Bỏ thay đổi chờ công bố của danh mục"),
)
def discard_entry(entry: CatalogueEntry, *, by: Actor, now: dt.datetime) -> CatalogueEntry:
    """Take back what waits in an entry; what is published stays. Raises ``NothingWaits``."""
    if entry.draft is None and not entry.withdraws:
        raise NothingWaits
    entry.draft = None
    entry.withdraws = False
    entry.revision += 1
    entry.save()
    return entry


@dataclass(frozen=True, slots=True)
class PublishedEntry:
    """What became of one ticked entry: ``refused`` is why it was not published (None: it was)."""

    code: str
    name: str
    refused: Refused | None


def publish_entries(entry_ids: Sequence[UUID], *, by: Actor, now: dt.datetime) -> list[PublishedEntry]:
    """Publish each of the ticked entries, a transaction each; what one refuses, the others do not lose."""
    found = []
    for entry_id in entry_ids[:MOST_AT_ONCE]:
        entry = access_entry(by, entry_id)
        refused = None
        try:
            publish_entry(entry, by=by, now=now)
        except Refused as error:
            refused = error
        found.append(PublishedEntry(entry.procedure.code, entry.procedure.name, refused))
    return found
