"""The side panel of the work list: the essentials of one row, so that the list is never lost."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from dinh.foundation.actions.public import Request, route
from dinh.onestop.public import READ_WORK, access_dossier, access_work, dossier_card
from dinh.workspace.views.dossiers import step_values

__all__ = ["step"]


@route(who="official", permission=READ_WORK)
def step(request: Request, step_id: UUID) -> HttpResponse:
    """One open step with what it asks for; without htmx the whole dossier."""
    row = access_work(request.by, step_id)
    if not request.htmx:
        return redirect("workspace:dossier", dossier_id=row.dossier_id)
    card = dossier_card(access_dossier(request.by, row.dossier_id), by=request.by, now=timezone.now())
    return render(
        request,
        "workspace/panel.html",
        {
            "card": card,
            "step": next(step_values(card, run) for run in card.open_steps if run.id == step_id),
            "full": reverse("workspace:dossier", kwargs={"dossier_id": row.dossier_id}),
            "back": request.GET.get("tro-lai", ""),
        },
    )
