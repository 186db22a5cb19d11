"""What people filed at the national portal: what came, what waits for a person, and what they can do."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from dinh.foundation.actions.public import Request, route
from dinh.kernel.errors import Refused
from dinh.kernel.ids import read_uuid
from dinh.onestop.public import (
    FILING_TABS,
    access_filing,
    filing_card,
    filing_counts,
    filing_page,
    hand_choices,
    is_connected,
    last_inbox,
    refuse_filing,
    retry_filing,
    take_by_hand,
)
from dinh.workspace.views.dossiers import status_of, str_of

__all__ = ["by_hand", "filing", "filings", "refuse", "retry"]

TABS = {
    "can-xu-ly": gettext_lazy("Cần xử lý"),
    "dang-cho": gettext_lazy("Đang chờ đưa vào"),
    "da-dua-vao": gettext_lazy("Đã đưa vào"),
    "da-tu-choi": gettext_lazy("Đã từ chối, đã rút"),
    "tat-ca": gettext_lazy("Tất cả"),
}
TONES = {
    "waiting": "wait",
    "held": "bad",
    "taken": "good",
    "refused": "neutral",
    "repeated": "neutral",
    "withdrawn": "neutral",
}


@require_GET
@route(who="official")
def filings(request: Request) -> HttpResponse:
    """Messages of the reader's desks, those that wait for a person first."""
    tab = request.GET.get("muc", "")
    tab = tab if tab in FILING_TABS else "can-xu-ly"
    words = request.GET.get("q", "").strip()[:100]
    now = timezone.now()
    page = filing_page(request.by, tab, words=words, after=request.GET.get("sau", "")[:50], now=now)
    counts = filing_counts(request.by)
    kept = {"muc": tab, **({"q": words} if words else {})}
    return render(
        request,
        "workspace/filings.html",
        {
            "is_connected": is_connected(),
            "sample": settings.NATIONAL_ADDRESS if settings.IS_SAMPLE and is_connected() else "",
            "inbox": last_inbox(),
            "tabs": [
                {"label": label, "address": f"?muc={key}", "active": key == tab, "count": counts[key]}
                for key, label in TABS.items()
            ],
            "tab": tab,
            "q": words,
            "rows": [
                {
                    "line": line,
                    "tone": TONES[line.state],
                    "due": _due(line),
                    "address": reverse("workspace:filing", args=[line.id]),
                }
                for line in page.rows
            ],
            "older": f"?{urlencode({**kept, 'sau': page.after})}" if page.after else "",
            "newer": f"?{urlencode(kept)}" if request.GET.get("sau") else "",
        },
    )


def _due(line: Any) -> dict[str, Any]:
    """The clock of an answer, as ``ui.due`` shows it; none for what has ended."""
    if line.state not in ("held", "waiting"):
        return {}
    hours = line.left.total_seconds() / 3600
    kind = "overdue" if hours < 0 else "near" if hours <= 2 else "on_time"
    return {"at": line.due_at, "remaining": line.left, "kind": kind}


@require_GET
@route(who="official")
def filing(request: Request, filing_id: UUID) -> HttpResponse:
    """One message: why it waits, what it says, what can be done."""
    return _filing(request, filing_id)


def _filing(
    request: Request,
    filing_id: UUID,
    *,
    refused: Refused | None = None,
    form: str = "",
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    message = access_filing(request.by, filing_id)
    card = filing_card(request.by, message, now=timezone.now())
    procedures, agencies = hand_choices(request.by) if card.may_take_by_hand else ([], [])
    known = {"procedure": card.filing.procedure, "agency": card.agency_id, "reason": ""}
    return render(
        request,
        "workspace/filing.html",
        {
            "card": card,
            "message": message,
            "tone": TONES[message.state],
            "due": _due(card.line),
            "procedures": procedures,
            "agencies": agencies,
            "typed": {**known, **(typed or {})},
            "form": form,
            "error": str_of(refused),
        },
        status=status,
    )


@require_POST
@route(who="official")
def retry(request: Request, filing_id: UUID) -> HttpResponse:
    """Have a message tried again."""
    try:
        retry_filing(access_filing(request.by, filing_id), by=request.by)
    except Refused as refused:
        return _filing(request, filing_id, refused=refused, status=status_of(refused))
    messages.success(request, _("Đang thử lại. Kết quả hiện ở đây trong ít giây."))
    return redirect("workspace:filing", filing_id=filing_id)


@require_POST
@route(who="official")
def by_hand(request: Request, filing_id: UUID) -> HttpResponse:
    """Take a dossier in although it is not whole, at the agency that was chosen."""
    typed = {name: request.POST.get(name, "")[:100] for name in ("procedure", "agency")}
    try:
        take_by_hand(
            access_filing(request.by, filing_id),
            procedure=typed["procedure"],
            agency_id=read_uuid(typed["agency"]),
            by=request.by,
        )
    except Refused as refused:
        return _filing(
            request, filing_id, refused=refused, form="hand", typed=typed, status=status_of(refused)
        )
    messages.success(
        request, _("Đang đưa hồ sơ vào. Khi xong, hãy mở hồ sơ và yêu cầu bổ sung những gì còn thiếu.")
    )
    return redirect("workspace:filing", filing_id=filing_id)


@require_POST
@route(who="official")
def refuse(request: Request, filing_id: UUID) -> HttpResponse:
    """Refuse what cannot be taken in, with the reason."""
    typed = {"reason": request.POST.get("reason", "")}
    try:
        refuse_filing(
            access_filing(request.by, filing_id), reason=typed["reason"], by=request.by, now=timezone.now()
        )
    except Refused as refused:
        return _filing(
            request, filing_id, refused=refused, form="refuse", typed=typed, status=status_of(refused)
        )
    messages.success(request, _("Đã từ chối. Cổng quốc gia sẽ báo lý do cho người nộp."))
    return redirect("workspace:filing", filing_id=filing_id)
