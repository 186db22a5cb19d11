"""Work lists, the list of dossiers, search, export."""

import csv
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Request, route
from dinh.foundation.directory.public import names_of
from dinh.foundation.ui.public import format_moment
from dinh.kernel.errors import N_
from dinh.onestop.public import (
    READ_DOSSIER,
    READ_WORK,
    WORK_TABS,
    WorkRow,
    dossier_page,
    dossiers_for_export,
    work_counts,
    work_page,
)

__all__ = ["dossiers", "export", "search", "work"]

TAB_LABELS = {
    "todo": N_("Tôi xử lý được"),
    "mine": N_("Tôi đang giữ"),
    "overdue": N_("Quá hạn"),
    "near": N_("Sắp đến hạn"),
    "waiting": N_("Chờ công dân"),
    "all": N_("Tất cả"),
}
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


@route(who="official", permission=READ_WORK)
def work(request: Request) -> HttpResponse:
    """The open steps within reach, the first due first."""
    now = timezone.now()
    tab = request.GET.get("viec", "todo")
    tab = tab if tab in WORK_TABS else "todo"
    words = request.GET.get("q", "").strip()[:100]
    page = work_page(request.by, tab=tab, words=words, after=request.GET.get("sau", ""), now=now)
    units = names_of({row.unit_id for row in page.rows})
    counts = work_counts(request.by, now=now)
    return render(
        request,
        "workspace/work.html",
        {
            "rows": [_work_row(row, units, now) for row in page.rows],
            "tabs": [
                {
                    "label": _(TAB_LABELS[key]),
                    "address": _with(request, viec=key, sau=""),
                    "active": key == tab,
                    "count": counts[key],
                }
                for key in WORK_TABS
            ],
            "q": words,
            "tab": tab,
            "older": _with(request, sau=page.after) if page.after else "",
            "newer": _with(request, sau="") if request.GET.get("sau") else "",
            "clear": _with(request, q="", sau=""),
        },
    )


def _work_row(row: WorkRow, units: dict[Any, str], now: Any) -> dict[str, Any]:
    kind = "waiting" if row.is_waiting else _due_kind(row, now)
    return {
        "address": reverse("workspace:dossier", kwargs={"dossier_id": row.dossier_id}),
        "code": row.code,
        "procedure": row.procedure_name,
        "applicant": row.applicant_name,
        "step": row.step_name,
        "unit": units.get(row.unit_id, ""),
        "holder": row.holder_name,
        "due_at": row.due_at,
        "kind": kind,
        "dossier_due_at": row.dossier_due_at,
    }


def _due_kind(row: WorkRow, now: Any) -> str:
    if row.due_at < now:
        return "overdue"
    return "near" if (row.due_at - now).total_seconds() < 24 * 3600 else "on_time"


@route(who="official", permission=READ_DOSSIER)
def dossiers(request: Request) -> HttpResponse:
    """Every dossier within reach, the newest first."""
    words = request.GET.get("q", "").strip()[:100]
    state = request.GET.get("trang-thai", "")
    state = state if state in STATE_LABELS else ""
    page = dossier_page(request.by, words=words, state=state, after=request.GET.get("sau", ""))
    chips = [(_(STATE_LABELS[state]), _with(request, **{"trang-thai": "", "sau": ""}))] if state else []
    return render(
        request,
        "workspace/dossiers.html",
        {
            "rows": [
                {
                    "address": reverse("workspace:dossier", kwargs={"dossier_id": row.id}),
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
            "q": words,
            "state": state,
            "states": [(key, _(label)) for key, label in STATE_LABELS.items()],
            "chips": chips,
            "older": _with(request, sau=page.after) if page.after else "",
            "newer": _with(request, sau="") if request.GET.get("sau") else "",
            "export": reverse("workspace:export") + "?" + request.GET.urlencode(),
        },
    )


@route(who="official", permission=READ_DOSSIER)
def search(request: Request) -> HttpResponse:
    """The search box of the top bar: dossiers by code, name, phone, without diacritics."""
    return dossiers(request)


@route(who="official", permission=READ_DOSSIER)
def export(request: Request) -> StreamingHttpResponse:
    """The list as CSV (UTF-8 with BOM, so that spreadsheets read the diacritics), streamed."""
    words = request.GET.get("q", "").strip()[:100]
    state = request.GET.get("trang-thai", "")
    heading = [
        _("Mã hồ sơ"),
        _("Thủ tục"),
        _("Người nộp"),
        _("Cơ quan"),
        _("Trạng thái"),
        _("Ngày nộp"),
        _("Hẹn trả"),
    ]
    rows = dossiers_for_export(request.by, words=words, state=state)
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
