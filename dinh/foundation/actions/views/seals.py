"""The seals of the audit log by day, and its proofs: started, followed, read."""

import datetime as dt
import re
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.permissions import READ_AUDIT
from dinh.foundation.actions.public import (
    Request,
    ask_verification,
    proof_by_id,
    proofs,
    route,
    seal_standing,
    seals_by_day,
    seals_of_day,
)
from dinh.kernel.dates import read_date
from dinh.kernel.errors import Refused

__all__ = ["proof", "seals", "start_proof"]

SEALS_SHOWN = 100
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
TONES = {"waiting": "wait", "running": "info", "intact": "good", "broken": "bad"}


@route(who="official", permission=READ_AUDIT)
def seals(request: Request) -> HttpResponse:
    """How sealing stands, the seals of a month by day or of one day, and the proofs so far."""
    return _show(request)


def _show(request: Request, *, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    month = _month(request.GET.get("thang", "")) or today.replace(day=1)
    day = read_date(request.GET.get("ngay", ""))
    before = request.GET.get("truoc", "")
    lines = (
        seals_of_day(
            request.by, day=day, before=int(before) if before.isdecimal() and len(before) < 18 else 0
        )
        if day and day < dt.date.max
        else ()
    )
    earlier, later = (
        (month - dt.timedelta(days=1)).replace(day=1),
        (month + dt.timedelta(days=32)).replace(day=1),
    )
    found = proofs(request.by)
    return render(
        request,
        "actions/seals.html",
        {
            "standing": seal_standing(request.by, now=timezone.now()),
            "proofs": [
                {
                    "proof": one,
                    "tone": TONES[one.state],
                    "address": reverse("actions:proof", kwargs={"verification_id": one.id}),
                }
                for one in found
            ],
            "last": next((one for one in found if not one.is_open), None),
            "running": next((one for one in found if one.is_open), None),
            "days": () if day else seals_by_day(request.by, month=month),
            "day": day,
            "lines": lines[:SEALS_SHOWN],
            "older": f"?ngay={day}&truoc={lines[SEALS_SHOWN - 1].number}" if len(lines) > SEALS_SHOWN else "",
            "month": month,
            "earlier": f"?thang={earlier:%Y-%m}",
            "later": f"?thang={later:%Y-%m}" if later <= today else "",
            "error": refused.said(_) if refused else "",
            "typed": request.POST.get("moc", "")[:20_000],
        },
        status=status,
    )


def _month(text: str) -> dt.date | None:
    found = _MONTH.fullmatch(text)
    if not found or not 2000 <= int(found[1]) <= 9000 or not 1 <= int(found[2]) <= 12:
        return None
    return dt.date(int(found[1]), int(found[2]), 1)


@require_POST
@route(who="official", permission=READ_AUDIT)
def start_proof(request: Request) -> HttpResponse:
    """Have the log proved, also against the lines of seals that were noted elsewhere."""
    anchors = request.POST.get("moc", "")[:200_000]
    try:
        row = ask_verification(anchors=anchors, by=request.by, now=timezone.now())
    except Refused as refused:
        return _show(request, refused=refused, status=422 if refused.field else 409)
    messages.success(request, _("Đã nhận yêu cầu kiểm tra. Ông/Bà có thể làm việc khác rồi quay lại."))
    return redirect("actions:proof", verification_id=row.pk)


@route(who="official", permission=READ_AUDIT)
def proof(request: Request, verification_id: UUID) -> HttpResponse:
    """One proof: how far it is, or what it found and where."""
    found = proof_by_id(request.by, verification_id)
    here = reverse("actions:proof", kwargs={"verification_id": verification_id})
    values = {"proof": found, "here": here, "tone": TONES[found.state]}
    if request.headers.get("HX-Target") == "dang-lam":
        # Only the part that moves; the whole page comes once the work has ended.
        if not found.is_open:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return render(request, "actions/_proof_progress.html", values)
    return render(request, "actions/proof.html", values)
