"""Work lists, the list of dossiers, search, export."""

import csv
import datetime as dt
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Actor, Request, route
from dinh.foundation.calendars.public import calendar_for
from dinh.foundation.directory.public import MANAGE_DIRECTORY, holders_of, names_of
from dinh.foundation.ui.public import format_moment, format_number
from dinh.kernel.errors import N_
from dinh.kernel.worktime import WorkCalendar
from dinh.onestop.public import (
    COUNT_LIMIT,
    READ_DOSSIER,
    READ_PAYMENTS,
    READ_WORK,
    RECEIVE_DOSSIER,
    STAND_IN,
    WORK_TABS,
    DossierFilter,
    WorkFilter,
    WorkRow,
    count_mirrors,
    count_of_tab,
    dossier_page,
    dossiers_for_export,
    fields_offered,
    keeps_procedures,
    procedures_offered,
    work_list,
)
from dinh.workspace.views.batches import acts_for
from dinh.workspace.views.counts import LIST_WORDS, given_counted, given_id, given_within, today

__all__ = ["AGE_LABELS", "dossiers", "export", "given_dossiers", "search", "work"]

# What a filter form keeps of the address beside its own fields.
KEPT = ("viec", "don-vi", "nguoi", "tuoi")

TAB_LABELS = {
    "todo": N_("Tôi xử lý được"),
    "mine": N_("Tôi đang giữ"),
    "overdue": N_("Quá hạn"),
    "near": N_("Sắp đến hạn"),
    "waiting": N_("Chờ công dân"),
    "all": N_("Tất cả"),
}
AGE_LABELS = {
    "moi": N_("Dưới 1 ngày"),
    "1-3": N_("1–3 ngày"),
    "3-7": N_("3–7 ngày"),
    "7-15": N_("7–15 ngày"),
    "tren-15": N_("Trên 15 ngày"),
}
# What the form of the list of dossiers keeps of the address.
NARROWING = ("don-vi", "rieng", "linh-vuc", "thu-tuc", "kenh", "ky", "dem")
STATE_LABELS = {
    "": N_("Mọi trạng thái"),
    "submitted": N_("Mới đăng ký"),
    "processing": N_("Đang xử lý"),
    "supplement": N_("Yêu cầu bổ sung giấy tờ"),
    "done": N_("Đã xử lý xong"),
    "returned": N_("Đã trả kết quả"),
    "refused": N_("Không được tiếp nhận"),
    "withdrawn": N_("Công dân yêu cầu rút hồ sơ"),
}


@route(who="official")
def work(request: Request) -> HttpResponse:
    """The open steps within reach, the first due first. The first page after sign-in, for all officials:
    whoever has no work list is led to what they do have.
    """
    if not request.by.holds(READ_WORK.code):
        return redirect(_first_page(request.by))
    now = timezone.now()
    chosen = _work_filter(request)
    shown = work_list(request.by, chosen, after=request.GET.get("sau", ""), now=now)
    request.todo_count = shown.counts["todo"]  # type: ignore[attr-defined]  # for the rail
    return render(
        request,
        "workspace/work.html",
        {
            "rows": _work_rows(request, shown.page.rows, now),
            "tabs": [
                {
                    "label": _(TAB_LABELS[key]),
                    "address": _with(request, viec=key, sau=""),
                    "active": key == chosen.tab,
                    "count": _bounded(shown.counts[key]),
                }
                for key in WORK_TABS
            ]
            + _stand_in_tab(request, chosen, now),
            "q": chosen.words,
            "tab": chosen.tab,
            "procedure": chosen.procedure,
            "procedures": [(name, name) for name in shown.procedures],
            "chips": _work_chips(request, chosen),
            "kept": [(name, request.GET[name]) for name in KEPT if request.GET.get(name)],
            "older": _with(request, sau=shown.page.after) if shown.page.after else "",
            "newer": _with(request, sau="") if request.GET.get("sau") else "",
            "clear": f"?viec={chosen.tab}",
            "empty": _no_work(request, chosen),
            "acts": acts_for(request.by, {row.kind for row in shown.page.rows}),
            "here_list": request.get_full_path(),
        },
    )


def _stand_in_tab(request: Request, chosen: WorkFilter, now: dt.datetime) -> list[dict[str, Any]]:
    """One tab more for who stands in for somebody away."""
    if not request.by.stands_in_for:
        return []
    return [
        {
            "label": _("Làm thay"),
            "address": _with(request, viec=STAND_IN, sau=""),
            "active": chosen.tab == STAND_IN,
            "count": _bounded(count_of_tab(request.by, STAND_IN, now=now)),
        }
    ]


def _first_page(by: Actor) -> str:
    if keeps_procedures(by):
        return "workspace:procedures"
    if by.holds(MANAGE_DIRECTORY.code):
        return "directory:units"
    return "workspace:refunds" if by.holds(READ_PAYMENTS.code) else "first-page"


def _work_filter(request: Request) -> WorkFilter:
    tab = request.GET.get("viec", "todo")
    return WorkFilter(
        tab=tab if tab in (*WORK_TABS, STAND_IN) else "todo",
        words=request.GET.get("q", "").strip()[:100],
        procedure=request.GET.get("thu-tuc", "").strip()[:300],
        unit_id=given_id(request, "don-vi"),
        holder_id=given_id(request, "nguoi"),
        age=request.GET.get("tuoi", ""),
    )


def _bounded(count: int) -> int | str:
    """A count that stopped at its limit says so."""
    return count if count < COUNT_LIMIT else f"{format_number(COUNT_LIMIT)}+"


def _work_chips(request: Request, chosen: WorkFilter) -> list[tuple[str, str]]:
    chips = []
    if chosen.procedure:
        chips.append((chosen.procedure, _with(request, **{"thu-tuc": "", "sau": ""})))
    if chosen.unit_id:
        name = names_of({chosen.unit_id}).get(chosen.unit_id, _("Đơn vị không có"))
        chips.append((name, _with(request, **{"don-vi": "", "sau": ""})))
    if chosen.holder_id:
        held = holders_of(chosen.holder_id, timezone.localdate())
        name = held[0].person_name if held else _("Chức vụ không còn người giữ")
        chips.append((name, _with(request, nguoi="", sau="")))
    if chosen.age in AGE_LABELS:
        chips.append((_(AGE_LABELS[chosen.age]), _with(request, tuoi="", sau="")))
    return chips


def _no_work(request: Request, chosen: WorkFilter) -> dict[str, str]:
    """What an empty list says, with the first thing to do."""
    narrowed = chosen.words or chosen.procedure or chosen.unit_id or chosen.holder_id or chosen.age
    if narrowed:
        return {
            "title": _("Không có việc nào phù hợp"),
            "text": _("Thử từ khác, không cần gõ dấu, hoặc bỏ bớt điều kiện lọc."),
            "action": _("Bỏ lọc"),
            "address": f"?viec={chosen.tab}",
        }
    if chosen.tab == "todo" and request.by.holds(RECEIVE_DOSSIER.code):
        return {
            "title": _("Ông/Bà đã làm hết việc của mình"),
            "text": _("Hồ sơ mới nộp sẽ hiện ở đây. Có người đến quầy thì tiếp nhận ngay."),
            "action": _("Tiếp nhận tại quầy"),
            "address": reverse("workspace:counter"),
        }
    return {
        "title": _("Không có việc nào ở mục này"),
        "text": _("Việc mới được giao sẽ hiện ở đây; việc đến hạn trước nằm trên cùng."),
        "action": "" if chosen.tab == "all" else _("Xem tất cả việc của đơn vị"),
        "address": "?viec=all",
    }


def _work_rows(request: Request, rows: Sequence[WorkRow], now: dt.datetime) -> list[dict[str, Any]]:
    calendars = {unit_id: calendar_for(unit_id) for unit_id in {row.unit_id for row in rows}}
    back = "?" + urlencode({"tro-lai": request.get_full_path()})
    return [_work_row(request, row, calendars[row.unit_id], back, now) for row in rows]


def _work_row(
    request: Request, row: WorkRow, calendar: WorkCalendar, back: str, now: dt.datetime
) -> dict[str, Any]:
    return {
        "step_id": row.step_id,
        "address": _address("workspace:dossier", "dossier_id", row.dossier_id),
        "panel": _address("workspace:panel", "step_id", row.step_id) + back,
        "code": row.code,
        "procedure": row.procedure_name,
        "applicant": row.applicant_name,
        "step": row.step_name,
        "came_back": row.came_back,
        "unit": "" if row.unit_id == request.by.unit_id else row.unit_name,
        "holder": row.holder_name,
        "due_at": row.due_at,
        "kind": "waiting" if row.is_waiting else _due_kind(row, now),
        "remaining": None if row.is_waiting else _remaining(row, calendar, now),
    }


def _address(name: str, parameter: str, row_id: UUID) -> str:
    """The address of one row of a page of many; resolving it anew for each would be a tenth of the page."""
    before, after = _address_parts(name, parameter)
    return f"{before}{row_id}{after}"


@cache
def _address_parts(name: str, parameter: str) -> tuple[str, str]:
    nobody = UUID(int=0)
    before, _, after = reverse(name, kwargs={parameter: nobody}).partition(str(nobody))
    return before, after


def _remaining(row: WorkRow, calendar: WorkCalendar, now: dt.datetime) -> dt.timedelta:
    """Working time left in the calendar of the step's unit; negative when it is overdue."""
    if row.due_at < now:
        return -calendar.working_time_between(row.due_at, now)
    return calendar.working_time_between(now, row.due_at)


def _due_kind(row: WorkRow, now: dt.datetime) -> str:
    if row.due_at < now:
        return "overdue"
    return "near" if now >= row.near_at else "on_time"


@route(who="official", permission=READ_DOSSIER)
def dossiers(request: Request) -> HttpResponse:
    """Every dossier within reach, the newest first."""
    chosen = given_dossiers(request)
    page = dossier_page(request.by, chosen, after=request.GET.get("sau", ""))
    return render(
        request,
        "workspace/dossiers.html",
        {
            "rows": [
                {
                    "address": _address("workspace:dossier", "dossier_id", row.id),
                    "code": row.code,
                    "procedure": row.procedure_name,
                    "applicant": row.applicant_name,
                    "agency": row.agency_name,
                    "state": _(row.state_label),
                    "submitted_at": row.submitted_at,
                    "due_at": row.due_at,
                }
                for row in page.rows
            ],
            "q": chosen.words,
            "state": chosen.state,
            "states": [(key, _(label)) for key, label in STATE_LABELS.items() if key],
            "chips": _dossier_chips(request, chosen),
            "kept": [(name, request.GET[name]) for name in NARROWING if request.GET.get(name)],
            "older": _with(request, sau=page.after) if page.after else "",
            "newer": _with(request, sau="") if request.GET.get("sau") else "",
            "export": reverse("workspace:export") + "?" + request.GET.urlencode(),
            **_elsewhere(request.by, chosen.words),
            "sheet": reverse("workspace:dossiers-export") + "?" + request.GET.urlencode(),
        },
    )


def _elsewhere(by: Actor, words: str) -> dict[str, Any]:
    """What a search finds among the dossiers that other systems handle: never mixed with our own."""
    count = count_mirrors(by, words=words) if words else 0
    address = reverse("workspace:mirrors") + "?" + urlencode({"q": words})
    return {"elsewhere": _bounded(count) if count else "", "elsewhere_address": address}


def given_dossiers(request: Request) -> DossierFilter:
    """The filter of the list of dossiers that the address asks for."""
    state = request.GET.get("trang-thai", "")
    return DossierFilter(
        words=request.GET.get("q", "").strip()[:100],
        state=state if state in STATE_LABELS else "",
        within=given_within(request),
        counted=given_counted(request),
        today=today(),
    )


def _dossier_chips(request: Request, chosen: DossierFilter) -> list[tuple[str, str]]:
    chips = []
    if chosen.state:
        chips.append((_(STATE_LABELS[chosen.state]), _with(request, **{"trang-thai": "", "sau": ""})))
    if chosen.counted:
        label = LIST_WORDS[chosen.counted.key]
        words = {"count": _(label), "period": chosen.counted.period.words.said(_)}
        chips.append((_("%(count)s, %(period)s") % words, _with(request, ky="", dem="", sau="")))
    within = chosen.within
    if within.unit_id:
        name = names_of({within.unit_id}).get(within.unit_id, _("Đơn vị không có"))
        chips.append((name, _with(request, **{"don-vi": "", "rieng": "", "sau": ""})))
    for code, names, parameter in (
        (within.field, fields_offered, "linh-vuc"),
        (within.procedure, procedures_offered, "thu-tuc"),
    ):
        if code:
            chips.append((dict(names()).get(code, code), _with(request, **{parameter: "", "sau": ""})))
    if within.channels:
        online = within.channels == ("online",)
        label = _("Trực tuyến") if online else _("Trực tiếp và bưu chính")
        chips.append((label, _with(request, kenh="", sau="")))
    return chips


@route(who="official", permission=READ_DOSSIER)
def search(request: Request) -> HttpResponse:
    """The search box of the top bar: dossiers by code, name, phone, without diacritics."""
    return dossiers(request)


@route(who="official", permission=READ_DOSSIER)
def export(request: Request) -> StreamingHttpResponse:
    """The list as CSV (UTF-8 with BOM, so that spreadsheets read the diacritics), streamed."""
    heading = [
        _("Mã hồ sơ"),
        _("Thủ tục"),
        _("Người nộp"),
        _("Cơ quan"),
        _("Trạng thái"),
        _("Ngày nộp"),
        _("Hẹn trả"),
    ]
    rows = dossiers_for_export(request.by, given_dossiers(request))
    lines = ([_safe(value) for value in line] for line in _export_lines(rows))
    return StreamingHttpResponse(
        _csv(heading, lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="ho-so.csv"'},
    )


def _export_lines(rows: Iterator[Any]) -> Iterator[list[str]]:
    for row in rows:
        yield [
            row.code,
            row.procedure_name,
            row.applicant_name,
            row.agency_name,
            _(row.state_label),
            format_moment(row.submitted_at),
            format_moment(row.due_at) if row.due_at else "",
        ]


def _safe(value: str) -> str:
    """A value that a spreadsheet would take for a formula is written as text."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


class _Echo:
    def write(self, value: str) -> str:
        return value


def _csv(heading: list[str], lines: Iterator[list[str]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(heading)
    for line in lines:
        yield writer.writerow(line)


def _with(request: Request, **changes: str) -> str:
    """The address of this page with some parameters changed; an empty value drops one."""
    parameters = {**request.GET.dict(), **changes}
    query = urlencode({key: value for key, value in parameters.items() if value})
    return f"?{query}" if query else request.path
