"""A dossier's applicant compared with the national registries; who looked whom up."""

from typing import Any
from urllib.parse import urlencode, urljoin
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.kernel.errors import Refused
from dinh.onestop.public import (
    CHECK_STATES,
    OVERSEE_CHECKS,
    PURPOSES,
    READ_DOSSIER,
    CheckCard,
    access_dossier,
    check_dossier,
    checks_page,
)
from dinh.workspace.views.dossiers import back, show, status_of
from dinh.workspace.views.registries import TONES

__all__ = ["ask_about_applicant", "look_ups"]


@require_POST
@route(who="official", permission=READ_DOSSIER)
def ask_about_applicant(request: Request, dossier_id: UUID) -> HttpResponse:
    """Compare a dossier's applicant with the registry, now or again."""
    row = access_dossier(request.by, dossier_id)
    try:
        card = check_dossier(row, by=request.by, now=timezone.now())
    except Refused as refused:
        return show(request, dossier_id, refused=refused, form="check", status=status_of(refused))
    said = _("Đã đối chiếu: %(state)s.") % {"state": _(card.get_state_display())}
    (messages.success if card.state == "matched" else messages.warning)(request, said)
    return back(request, dossier_id)


@route(who="official", permission=OVERSEE_CHECKS)
def look_ups(request: Request) -> HttpResponse:
    """Who asked the registries, about which number, why, and what came of it."""
    asked = {
        "q": request.GET.get("q", "").strip()[:100],
        "muc-dich": request.GET.get("muc-dich", ""),
        "ket-qua": request.GET.get("ket-qua", ""),
    }
    purpose = asked["muc-dich"] if asked["muc-dich"] in PURPOSES else ""
    state = asked["ket-qua"] if asked["ket-qua"] in CHECK_STATES else ""
    after = request.GET.get("sau", "")[:40]
    page = checks_page(request.by, words=asked["q"], purpose=purpose, state=state, after=after)
    here = reverse("workspace:look-ups")

    def address(**changed: str) -> str:
        kept = {name: value for name, value in {**asked, **changed}.items() if value}
        return f"{here}?{urlencode(kept)}" if kept else here

    chips = []
    if purpose:
        chips.append((_(PURPOSES[purpose]), address(**{"muc-dich": ""})))
    if state:
        chips.append((_(CHECK_STATES[state]), address(**{"ket-qua": ""})))
    return render(
        request,
        "workspace/look_ups.html",
        {
            "rows": [_look_up_row(card) for card in page.rows],
            "q": asked["q"],
            "purpose": purpose,
            "state": state,
            "purposes": [(code, _(label)) for code, label in PURPOSES.items()],
            "states": [(code, _(label)) for code, label in CHECK_STATES.items()],
            "chips": chips,
            "clear": here,
            "sample": sample_page(),
            "older": address(sau=page.after) if page.after else "",
            "newer": address() if after else "",
        },
    )


def _look_up_row(card: CheckCard) -> dict[str, Any]:
    return {
        "asked_at": card.asked_at,
        "by": card.asker,
        "registry": _(card.registry_label),
        "number": card.told.number,
        "purpose": _(card.purpose_label),
        "dossier": card.dossier,
        "label": _(card.state_label),
        "tone": TONES.get(card.state, "bad"),
    }


def sample_page() -> str:
    """The page of the sample registries, where a sample province has them."""
    is_here = settings.IS_SAMPLE and settings.POPULATION_ADDRESS
    return urljoin(settings.POPULATION_ADDRESS, "/") if is_here else ""
