"""Files asked for from a list or a report: made off the request, seen and fetched on a page of one's own."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.files.public import respond
from dinh.foundation.ui.public import file_size
from dinh.kernel.errors import Refused
from dinh.onestop.public import (
    READ_DOSSIER,
    access_export,
    ask_export,
    drop_export,
    kept_filter,
    kept_report,
    visible_exports,
)
from dinh.workspace.views.counts import LIST_WORDS, today
from dinh.workspace.views.lists import given_dossiers
from dinh.workspace.views.reports import given_report

__all__ = ["drop", "export_dossiers", "export_file", "export_report", "exports_page"]

SHOWN = 50
_TONES = {"waiting": "wait", "running": "info", "ready": "done", "refused": "bad", "gone": "neutral"}


@require_POST
@route(who="official", permission=READ_DOSSIER)
def export_dossiers(request: Request) -> HttpResponse:
    """Ask for the list of dossiers as it is narrowed, as XLSX."""
    chosen = given_dossiers(request)
    title = _("Danh sách hồ sơ")
    if chosen.counted:
        title = f"{_(LIST_WORDS[chosen.counted.key])}, {chosen.counted.period.words.said(_)}"
    return _ask(request, "dossiers", "xlsx", title, kept_filter(chosen))


@require_POST
@route(who="official", permission=READ_DOSSIER)
def export_report(request: Request) -> HttpResponse:
    """Ask for report II.06a as XLSX or as the form's PDF."""
    report = given_report(request)
    form = "pdf" if request.POST.get("dang") == "pdf" else "xlsx"
    words = {"unit": report.unit_name, "period": report.period.words.said(_)}
    title = _("Báo cáo 06a, %(unit)s, %(period)s") % words
    return _ask(request, "report-06a", form, title, kept_report(report, today=today()))


def _ask(request: Request, kind: str, form: str, title: str, parameters: dict[str, Any]) -> HttpResponse:
    try:
        ask_export(kind, form=form, title=title, parameters=parameters, by=request.by, now=timezone.now())
    except Refused as refused:
        messages.error(request, refused.said(_))
    else:
        messages.success(request, _("Đã nhận yêu cầu. Tệp đang được lập, Ông/Bà có thể làm việc khác."))
    return redirect("workspace:exports")


@route(who="official", permission=READ_DOSSIER)
def exports_page(request: Request) -> HttpResponse:
    """The files that one has asked for: how far they are, and to fetch."""
    rows = [_row(export) for export in visible_exports(request.by)[:SHOWN]]
    is_open = any(row["is_open"] for row in rows)
    template = "workspace/_exports.html" if request.htmx else "workspace/exports.html"
    return render(request, template, {"rows": rows, "is_open": is_open})


def _row(export: Any) -> dict[str, Any]:
    is_open = export.state in ("waiting", "running")
    return {
        "title": export.title,
        "form": export.form.upper(),
        "asked_at": export.asked_at,
        "state": _(export.get_state_display()),
        "tone": _TONES[export.state],
        "is_open": is_open,
        "done": export.rows_done,
        "total": export.rows_total or 0,
        "problem": export.problem,
        "size": file_size(export.file.size) if export.file else "",
        "kept_until": export.kept_until if export.state == "ready" else None,
        "file": reverse("workspace:export-file", kwargs={"export_id": export.id}) if export.file else "",
        "drop": reverse("workspace:export-drop", kwargs={"export_id": export.id})
        if export.state != "gone"
        else "",
    }


@route(who="official", permission=READ_DOSSIER)
def export_file(request: Request, export_id: UUID) -> HttpResponseBase:
    """The finished file, for the person who asked for it."""
    export = access_export(request.by, export_id)
    if export.file is None:
        raise Http404
    return respond(export.file, inline=False, request=request)


@require_POST
@route(who="official", permission=READ_DOSSIER)
def drop(request: Request, export_id: UUID) -> HttpResponse:
    """Throw a file away."""
    drop_export(access_export(request.by, export_id), by=request.by, now=timezone.now())
    messages.success(request, _("Đã bỏ tệp."))
    return redirect("workspace:exports")
