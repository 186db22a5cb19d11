"""Reports that an agency issues: prepared, checked, signed, sealed and sent; those that came from below."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, all_verbs, history_of, route
from dinh.foundation.directory.public import named_apart
from dinh.foundation.files.public import respond
from dinh.foundation.ui.public import file_size
from dinh.kernel.errors import N_, NotAllowed, NotFound, Refused
from dinh.onestop.public import (
    ISSUED_STATES,
    READ_DOSSIER,
    REPORT_GROUPS,
    REPORT_KINDS,
    Period,
    access_agency_report,
    check_report,
    discard_report,
    issue_report,
    period_between,
    prepare_report,
    preparing_agencies,
    receive_report,
    report_card,
    retake_report,
    send_back_report,
    sign_report,
    visible_agency_reports,
)
from dinh.workspace.views.counts import given_id, given_period
from dinh.workspace.views.dossiers import status_of, str_of
from dinh.workspace.views.report_tabs import report_tabs

if TYPE_CHECKING:
    from dinh.onestop.models import AgencyReport as Report

__all__ = ["new_report", "report_file", "report_page", "report_verb", "reports"]

PAGE_SIZE = 50
TONES = {
    "prepared": "wait",
    "checked": "wait",
    "signed": "info",
    "issued": "done",
    "received": "done",
    "discarded": "neutral",
}
FILTERS = {"": N_("Tất cả"), "dang-lap": N_("Đang lập"), "phat-hanh": N_("Đã phát hành")}


@route(who="official", permission=READ_DOSSIER)
def reports(request: Request) -> HttpResponse:
    """Reports that the reader sees, the newest first."""
    chosen = request.GET.get("loc", "")
    rows = visible_agency_reports(request.by)
    if chosen == "dang-lap":
        rows = rows.exclude(state__in=[*ISSUED_STATES, "discarded"])
    elif chosen == "phat-hanh":
        rows = rows.filter(state__in=ISSUED_STATES)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("trang"))
    return render(
        request,
        "workspace/agency_reports.html",
        {
            "tabs": report_tabs("workspace:agency-reports"),
            "filters": [
                {"label": _(label), "address": f"?loc={key}" if key else "?", "active": key == chosen}
                for key, label in FILTERS.items()
            ],
            "may_prepare": bool(preparing_agencies(request.by)),
            "rows": [_row(request, row) for row in page.object_list],
            "older": f"?loc={chosen}&trang={page.next_page_number()}" if page.has_next() else "",
            "newer": f"?loc={chosen}&trang={page.previous_page_number()}" if page.has_previous() else "",
        },
    )


def _row(request: Request, row: "Report") -> dict[str, Any]:
    card = report_card(request.by, row, now=timezone.now())
    return {
        "address": reverse("workspace:agency-report", kwargs={"report_id": row.pk}),
        "name": _(card.kind),
        "period": card.period.words.said(_),
        "agency": card.agency_name,
        "number": row.number,
        "at": row.sealed_at or row.prepared_at,
        "state": _(card.state_label),
        "tone": TONES[row.state],
    }


@route(who="official", permission=READ_DOSSIER)
def new_report(request: Request) -> HttpResponseBase:
    """Choose agency, kind and period; the figures are taken at once."""
    agencies = preparing_agencies(request.by)
    if not agencies:
        raise NotAllowed(reason=N_("Lập báo cáo của cơ quan"))
    source = request.POST if request.method == "POST" else request.GET
    period = given_period(request)
    typed = {
        "agency": source.get("agency") or str(given_id(request, "don-vi") or agencies[0].pk),
        "kind": source.get("kind", "06a"),
        "from": source.get("from") or period.from_on.isoformat(),
        "until": source.get("until") or period.last_on.isoformat(),
        "group": source.get("group") or request.GET.get("theo", "linh-vuc"),
        "alone": "1" if source.get("alone") or request.GET.get("rieng") == "1" else "",
        "note": source.get("note", "")[:2000],
    }
    errors: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        try:
            report = prepare_report(
                _uuid(typed["agency"]),
                kind=typed["kind"],
                period=_typed_period(typed["from"], typed["until"]),
                depth="alone" if typed["alone"] else "below",
                group=typed["group"],
                note=typed["note"],
                by=request.by,
                now=timezone.now(),
            )
        except (NotAllowed, NotFound) as refused:
            raise NotFound from refused
        except Refused as refused:
            errors, status = {refused.field or "": str_of(refused)}, _status(refused)
        else:
            messages.success(request, _("Đã lấy số liệu. Hãy xem lại rồi chuyển người kiểm tra."))
            return redirect("workspace:agency-report", report_id=report.pk)
    return render(
        request,
        "workspace/agency_report_new.html",
        {
            "typed": typed,
            "errors": errors,
            "agencies": named_apart(agencies),
            "kinds": [(key, _(label)) for key, label in REPORT_KINDS.items()],
            "groups": [(key, _(label)) for key, label in REPORT_GROUPS.items()],
        },
        status=status,
    )


class NoPeriod(Refused):
    message = N_("Hãy chọn ngày đầu và ngày cuối của kỳ báo cáo, ngày đầu không sau ngày cuối.")


def _typed_period(first: str, last: str) -> Period:
    """The period of two typed days, by the shortest name that it has. Raises ``NoPeriod``."""
    found = period_between(first[:10], last[:10])
    if found is None:
        raise NoPeriod(field="period")
    return found


def _status(refused: Refused) -> int:
    return 422 if refused.field else status_of(refused)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


@route(who="official", permission=READ_DOSSIER)
def report_page(request: Request, report_id: UUID) -> HttpResponse:
    """One report: what is next and whose it is, its frozen figures, its paper."""
    return _page(request, access_agency_report(request.by, report_id))


def _page(
    request: Request, row: "Report", *, errors: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    card = report_card(request.by, row, now=timezone.now())
    verbs = all_verbs()
    return render(
        request,
        "workspace/agency_report.html",
        {
            "card": card,
            "report": row,
            "name": _(card.kind),
            "period": card.period.words.said(_),
            "state": _(card.state_label),
            "tone": TONES[row.state],
            "next": _next_words(row),
            "errors": errors or {},
            "reason": request.POST.get("reason", "")[:2000],
            "note": request.POST.get("note", row.note)[:2000],
            "figures": row.figures,
            "file": {
                "address": reverse("workspace:agency-report-file", kwargs={"report_id": row.pk}),
                "name": row.file.name,
                "size": file_size(row.file.size),
            }
            if row.file
            else None,
            "check": f"{reverse('portal:check-result')}?ma={row.code}",
            "history": [
                {
                    "at": entry.at,
                    "title": _(verbs[entry.verb].label) if entry.verb in verbs else entry.verb,
                    "by": ", ".join(filter(None, (_(entry.by), entry.position))),
                }
                for entry in history_of(row)
            ],
        },
        status=status,
    )


def _next_words(row: "Report") -> tuple[str, str]:
    """What is next, and whose it is."""
    return {
        "prepared": (_("Kiểm tra số liệu"), _("Lãnh đạo cơ quan, không phải người lập")),
        "checked": (_("Ký số"), _("Người có thẩm quyền ký báo cáo")),
        "signed": (_("Cấp số, đóng dấu và gửi"), _("Văn thư cơ quan")),
        "issued": (_("Nhận báo cáo"), row.recipient.name) if row.recipient else ("", ""),
    }.get(row.state, ("", ""))


_VERBS: dict[str, tuple[Callable[["Report", Request], Any], str]] = {
    "lay-lai": (
        lambda row, request: retake_report(
            row, note=request.POST.get("note", ""), by=request.by, now=timezone.now()
        ),
        N_("Đã lấy lại số liệu của lúc này."),
    ),
    "kiem-tra": (
        lambda row, request: check_report(row, by=request.by, now=timezone.now()),
        N_("Đã kiểm tra. Báo cáo chờ ký."),
    ),
    "tra-lai": (
        lambda row, request: send_back_report(
            row, reason=request.POST.get("reason", ""), by=request.by, now=timezone.now()
        ),
        N_("Đã trả lại để lập lại."),
    ),
    "bo": (lambda row, request: discard_report(row, by=request.by), N_("Đã bỏ báo cáo.")),
    "ky": (
        lambda row, request: sign_report(row, by=request.by, now=timezone.now()),
        N_("Đã ký. Báo cáo chờ văn thư cấp số và đóng dấu."),
    ),
    "phat-hanh": (
        lambda row, request: issue_report(row, by=request.by, now=timezone.now()),
        N_("Đã cấp số, đóng dấu và gửi báo cáo."),
    ),
    "nhan": (
        lambda row, request: receive_report(row, by=request.by, now=timezone.now()),
        N_("Đã nhận báo cáo."),
    ),
}


@require_POST
@route(who="official", permission=READ_DOSSIER)
def report_verb(request: Request, report_id: UUID, verb: str) -> HttpResponseBase:
    """Do one verb with a report; a refusal shows on its page, with what was typed."""
    row = access_agency_report(request.by, report_id)
    if verb not in _VERBS:
        raise Http404
    run, done = _VERBS[verb]
    try:
        run(row, request)
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        row = access_agency_report(request.by, report_id)
        return _page(request, row, errors={refused.field or "": str_of(refused)}, status=_status(refused))
    messages.success(request, _(done))
    if verb == "bo":
        return redirect("workspace:agency-reports")
    return redirect("workspace:agency-report", report_id=row.pk)


@route(who="official", permission=READ_DOSSIER)
def report_file(request: Request, report_id: UUID) -> HttpResponseBase:
    """The paper: signed, and once issued numbered and sealed."""
    row = access_agency_report(request.by, report_id)
    if row.file is None:
        raise Http404
    return respond(row.file, inline=True, request=request)
