"""Apologies for lateness: the letter of one dossier, and the lists of what waits, is owed, was sent."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Request, route
from dinh.kernel.dates import read_date
from dinh.kernel.errors import N_, Refused
from dinh.onestop.public import (
    APOLOGY_TABS,
    READ_DOSSIER,
    ApologyCard,
    access_dossier,
    apology_page,
    apology_view,
    decline_apology,
    propose_apology,
    send_apology,
)
from dinh.workspace.views.dossiers import clock_values, status_of, str_of

__all__ = ["apologies", "apology"]

TAB_LABELS = {
    "cho-ky": N_("Chờ ký"),
    "qua-han": N_("Quá hạn, chưa xin lỗi"),
    "da-gui": N_("Đã gửi"),
}
_EMPTY = {
    "cho-ky": (
        N_("Không có thư xin lỗi nào chờ ký"),
        N_("Cán bộ xử lý đề nghị hẹn lại từ trang của hồ sơ; đề nghị sẽ hiện ở đây."),
    ),
    "qua-han": (
        N_("Không có hồ sơ quá hạn nào thiếu thư xin lỗi"),
        N_("Mỗi hồ sơ quá hạn phải có thư xin lỗi gửi người nộp; hồ sơ thiếu thư sẽ hiện ở đây."),
    ),
    "da-gui": (N_("Chưa gửi thư xin lỗi nào"), N_("Thư đã ký số và gửi người nộp sẽ hiện ở đây.")),
}
LONGEST_REASON = 2000


@route(who="official", permission=READ_DOSSIER)
def apologies(request: Request) -> HttpResponse:
    """Letters that wait for a signature, late dossiers that are owed one, letters sent."""
    tab = request.GET.get("muc", "cho-ky")
    tab = tab if tab in APOLOGY_TABS else "cho-ky"
    after = request.GET.get("sau", "")
    page = apology_page(request.by, tab, now=timezone.now(), after=after)
    title, text = _EMPTY[tab]
    return render(
        request,
        "workspace/apologies.html",
        {
            "tabs": [
                {"label": _(label), "address": f"?muc={key}", "active": key == tab, "count": None}
                for key, label in TAB_LABELS.items()
            ],
            "tab": tab,
            "rows": [
                {
                    "address": reverse("workspace:apology", kwargs={"dossier_id": row.dossier_id}),
                    "code": row.code,
                    "procedure": row.procedure_name,
                    "applicant": row.applicant_name,
                    "agency": row.agency_name,
                    "old": row.old_due_at,
                    "new": row.new_due_at,
                    "reason": row.reason,
                    "by": row.by,
                }
                for row in page.rows
            ],
            "older": f"?muc={tab}&sau={page.after}" if page.after else "",
            "newer": f"?muc={tab}" if after else "",
            "empty": (_(title), _(text)),
        },
    )


@route(who="official", permission=READ_DOSSIER)
def apology(request: Request, dossier_id: UUID) -> HttpResponse:
    """The letter of one dossier: proposed by who handles it, signed or declined by the agency's leader."""
    if request.method != "POST":
        return _show(request, dossier_id)
    row = access_dossier(request.by, dossier_id)
    pressed = request.POST.get("viec", "")
    reason = request.POST.get("reason", "")[:LONGEST_REASON]
    new_due_on = read_date(request.POST.get("new_due_on", ""))
    try:
        if pressed == "khong-dong-y":
            answer = request.POST.get("answer", "")[:LONGEST_REASON]
            decline_apology(row, answer=answer, by=request.by, now=timezone.now())
            messages.success(request, _("Đã trả lời: không hẹn lại."))
        elif pressed == "ky":
            send_apology(row, reason=reason, new_due_on=new_due_on, by=request.by, now=timezone.now())
            messages.success(request, _("Đã ký, đóng dấu và gửi thư xin lỗi cho người nộp."))
        else:
            propose_apology(row, reason=reason, new_due_on=new_due_on, by=request.by, now=timezone.now())
            messages.success(request, _("Đã gửi đề nghị; người có thẩm quyền ký được báo."))
    except Refused as refused:
        return _show(request, dossier_id, refused=refused, status=status_of(refused))
    return redirect("workspace:apology", dossier_id=dossier_id)


def _show(
    request: Request, dossier_id: UUID, *, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    row = access_dossier(request.by, dossier_id)
    shown = apology_view(row, by=request.by, now=timezone.now())
    typed: Any = request.POST if refused is not None else QueryDict()
    proposal = shown.proposal
    return render(
        request,
        "workspace/apology.html",
        {
            "dossier": row,
            "view": shown,
            "clock": clock_values(shown.reading),
            "why_not": str_of(shown.refused),
            "reason": typed.get("reason", proposal.reason if proposal else ""),
            "new_due_on": typed.get("new_due_on", proposal.new_due_at if proposal else ""),
            "answer": typed.get("answer", ""),
            "error": str_of(refused),
            "error_place": (refused.field or "") if refused is not None else "",
            "ended": [_letter(card) for card in shown.ended],
        },
        status=status,
    )


def _letter(card: ApologyCard) -> dict[str, Any]:
    return {
        "card": card,
        "label": _(card.state_label),
        "tone": "good" if card.state == "sent" else "neutral",
        "address": (
            reverse("workspace:paper-file", kwargs={"paper_id": card.paper_id}) if card.paper_id else ""
        ),
    }
