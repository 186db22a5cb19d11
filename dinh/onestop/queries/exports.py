"""What exports hold: the rows of a list after a mark, the lines of a report; and the exports of a person."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from dinh.foundation.actions.public import Actor
from dinh.kernel.errors import N_, NotFound, existing
from dinh.onestop.models import Export
from dinh.onestop.queries.counted import Counted
from dinh.onestop.queries.figures import FigureFilter
from dinh.onestop.queries.lists import DossierFilter, wanted_dossiers
from dinh.onestop.queries.reports import Report, result_report
from dinh.onestop.rules.periods import period_of
from dinh.onestop.rules.states import CHANNELS, DOSSIER

__all__ = [
    "ExportKind",
    "access_export",
    "export_kinds",
    "kept_filter",
    "kept_report",
    "report_again",
    "visible_exports",
]

Rows = Iterator[tuple[str, Sequence[Any]]]


@dataclass(frozen=True, slots=True)
class ExportKind:
    """One kind of export: its columns (heading, width), how many rows, and the rows after a mark, each with
    its own mark. Words are keys of the catalogue.
    """

    sheet: str
    columns: Sequence[tuple[str, int]]
    count: Callable[[Actor, Mapping[str, Any]], int]
    rows: Callable[[Actor, Mapping[str, Any], str, int], Rows]


def visible_exports(by: Actor) -> QuerySet[Export]:
    """Exports that the person asked for in the acting position."""
    if by.kind != "official" or by.person_id is None or by.position_id is None:
        return Export.objects.none()
    return Export.objects.filter(person_id=by.person_id, position_id=by.position_id).select_related("file")


def access_export(by: Actor, export_id: UUID) -> Export:
    """Return an export of one's own. Raises ``NotFound``."""
    return existing(visible_exports(by).filter(pk=export_id).first())


def kept_filter(chosen: DossierFilter) -> dict[str, Any]:
    """Return a filter of dossiers as plain values, to be kept."""
    within, counted = chosen.within, chosen.counted
    return {
        "words": chosen.words,
        "state": chosen.state,
        "unit": str(within.unit_id or ""),
        "depth": within.depth,
        "field": within.field,
        "procedure": within.procedure,
        "channels": list(within.channels),
        "count": counted.key if counted else "",
        "period": counted.period.code if counted else "",
        "today": chosen.today.isoformat(),
    }


def _filter(kept: Mapping[str, Any]) -> DossierFilter:
    period = period_of(kept["period"])
    return DossierFilter(
        words=kept["words"],
        state=kept["state"],
        within=FigureFilter(
            unit_id=UUID(kept["unit"]) if kept["unit"] else None,
            depth=kept["depth"],
            field=kept["field"],
            procedure=kept["procedure"],
            channels=tuple(kept["channels"]),
        ),
        counted=Counted(kept["count"], period) if period else None,
        today=dt.date.fromisoformat(kept["today"]),
    )


def kept_report(report: Report, *, today: dt.date) -> dict[str, Any]:
    """Return what was chosen for a report as plain values, to be kept."""
    return {
        "period": report.period.code,
        "unit": str(report.unit_id),
        "depth": report.chosen.depth,
        "group": report.group,
        "today": today.isoformat(),
    }


def report_again(by: Actor, kept: Mapping[str, Any]) -> Report:
    """Return the report that was chosen, as the reader may see it now. Raises as ``result_report`` does."""
    period = period_of(kept["period"])
    if period is None:
        raise NotFound
    return result_report(
        by,
        period,
        unit_id=UUID(kept["unit"]),
        depth=kept["depth"],
        group=kept["group"],
        today=dt.date.fromisoformat(kept["today"]),
    )


_DOSSIER_COLUMNS = (
    "pk",
    "code",
    "request_code",
    "procedure__short_name",
    "procedure__field_name",
    "applicant_name",
    "agency__name",
    "channel",
    "state",
    "submitted_at",
    "accepted_at",
    "due_at",
    "finished_at",
    "returned_at",
)
_CHANNELS = dict(CHANNELS)


def _dossier_rows(by: Actor, kept: Mapping[str, Any], mark: str, most: int) -> Rows:
    rows = wanted_dossiers(by, _filter(kept)).order_by("-pk")
    if mark:
        rows = rows.filter(pk__lt=UUID(mark))
    for row in rows.values_list(*_DOSSIER_COLUMNS)[:most]:
        pk, code, request_code, *middle, channel, state, sent, accepted, due, finished, returned = row
        moments = (sent, accepted, due, finished, returned)
        yield str(pk), (code or request_code, *middle, _CHANNELS[channel], DOSSIER.label(state), *moments)


def _report_rows(by: Actor, kept: Mapping[str, Any], mark: str, most: int) -> Rows:
    report = report_again(by, kept)
    lines = [*((line.label, line.tally) for line in report.lines), (N_("Tổng số"), report.total)]
    for number, (label, tally) in enumerate(lines, start=1):
        if number > int(mark or 0):
            place = number if number < len(lines) else None
            yield str(number), [place, label, *(tally.counted(key) for key in _REPORT_COLUMNS)]


_REPORT_COLUMNS: Mapping[str, str] = {
    "tong": N_("Nhận giải quyết: tổng số (3)"),
    "moi-truc-tuyen": N_("Trong kỳ, trực tuyến (4)"),
    "moi-truc-tiep": N_("Trong kỳ, trực tiếp và bưu chính (5)"),
    "ky-truoc": N_("Từ kỳ trước (6)"),
    "xong": N_("Đã giải quyết: tổng số (7)"),
    "xong-truoc-han": N_("Trước hạn (8)"),
    "xong-dung-han": N_("Đúng hạn (9)"),
    "xong-qua-han": N_("Quá hạn (10)"),
    "dang": N_("Đang giải quyết: tổng số (11)"),
    "dang-trong-han": N_("Trong hạn (12)"),
    "dang-qua-han": N_("Quá hạn (13)"),
}
_KINDS = {
    "dossiers": ExportKind(
        sheet=N_("Hồ sơ"),
        columns=(
            (N_("Mã hồ sơ"), 26),
            (N_("Thủ tục"), 36),
            (N_("Lĩnh vực"), 24),
            (N_("Người nộp"), 26),
            (N_("Cơ quan giải quyết"), 34),
            (N_("Hình thức nộp"), 18),
            (N_("Trạng thái"), 22),
            (N_("Ngày nộp"), 17),
            (N_("Ngày tiếp nhận"), 17),
            (N_("Hẹn trả"), 17),
            (N_("Ngày giải quyết xong"), 17),
            (N_("Ngày trả kết quả"), 17),
        ),
        count=lambda by, kept: wanted_dossiers(by, _filter(kept)).order_by().count(),
        rows=_dossier_rows,
    ),
    "report-06a": ExportKind(
        sheet="II.06a",
        columns=((N_("STT"), 6), (N_("Nội dung"), 40), *((label, 14) for label in _REPORT_COLUMNS.values())),
        count=lambda by, kept: len(report_again(by, kept).lines) + 1,
        rows=_report_rows,
    ),
}


def export_kinds() -> Mapping[str, ExportKind]:
    """Every kind of export by its stable key."""
    return _KINDS
