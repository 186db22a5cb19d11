"""How a citizen receives the result: at the desk, electronically alone, or by post at an address."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Request, route
from dinh.kernel.errors import Refused
from dinh.onestop.public import (
    RETURN_WAYS,
    ReturnChoice,
    access_dossier,
    choose_return,
    communes_to_choose,
    return_view,
)
from dinh.portal.views.screen import plain_text, sentence, show
from dinh.sso.public import kept_values

__all__ = ["parcels_of", "return_words", "returning"]

_FIELDS = ("way", "recipient", "phone", "street", "commune")
_MOST = 200


@route(who="citizen")
def returning(request: Request, dossier_id: UUID) -> HttpResponse:
    """Choose how the result is received, and the address for the post."""
    row = access_dossier(request.by, dossier_id)
    error, place = "", ""
    if request.method == "POST":
        typed = {name: plain_text(request.POST.get(f"return-{name}"), most=_MOST) for name in _FIELDS}
        try:
            choose_return(row, choice=ReturnChoice(**typed), by=request.by, now=timezone.now())
        except Refused as refused:
            error, place = sentence(refused), refused.field or ""
        else:
            messages.success(request, _("Đã ghi cách nhận kết quả."))
            return redirect("portal:dossier", dossier_id=row.id)
    view = return_view(row, by=request.by)
    return show(
        request,
        "returning.html",
        {
            "code": str(row),
            "name": row.procedure.short_name,
            "desk": row.reception_unit.name,
            "back": reverse("portal:dossier", kwargs={"dossier_id": row.id}),
            "choices": [(key, _(label)) for key, label in RETURN_WAYS.items()],
            "communes": communes_to_choose(),
            "typed": _typed(request, view),
            "may_choose": view.may_choose,
            "postage": view.address.postage if view.address else None,
            "error": error,
            "place": place,
        },
        status=422 if error else 200,
    )


def _typed(request: Request, view: Any) -> dict[str, str]:
    typed: Any = request.POST if request.method == "POST" else kept_values(request) or {}
    kept = view.address
    known = {
        "way": view.way or "desk",
        "recipient": kept.recipient if kept else view.dossier.applicant_name,
        "phone": kept.phone if kept else view.dossier.applicant_phone,
        "street": kept.street if kept else "",
        "commune": kept.commune.code if kept else "",
    }
    return {name: typed.get(f"return-{name}", value) for name, value in known.items()}


def return_words(view: Any) -> list[tuple[str, str]]:
    """What the dossier's page says of the way back: label and value."""
    unchosen = _("Bản điện tử ở trang này; bản giấy tại quầy tiếp nhận")
    rows = [(_("Cách nhận kết quả"), _(RETURN_WAYS[view.way]) if view.way else unchosen)]
    if view.address is not None:
        commune = view.address.commune
        rows.append((_("Người nhận"), f"{view.address.recipient} · {view.address.phone}"))
        rows.append((_("Địa chỉ"), f"{view.address.street}, {commune.short_name or commune.name}"))
    return rows


def parcels_of(view: Any) -> list[dict[str, Any]]:
    """The parcels of the result, the newest first."""
    tones = {"sent": "wait", "delivered": "good", "came_back": "bad"}
    return [
        {"card": parcel, "label": _(parcel.state_label), "tone": tones[parcel.state]}
        for parcel in view.parcels
    ]
