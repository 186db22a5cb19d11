"""Correcting where the applicant of a dossier is reached."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Request, route
from dinh.kernel.errors import NotFound, Refused
from dinh.onestop.public import (
    READ_DOSSIER,
    DossierContactChange,
    access_dossier,
    correct_contact,
    may_correct_contact,
)
from dinh.workspace.views.dossiers import status_of, str_of

__all__ = ["contact"]


@route(who="official", permission=READ_DOSSIER)
def contact(request: Request, dossier_id: UUID) -> HttpResponse:
    """The telephone and e-mail of one dossier, for the desk to correct."""
    dossier = access_dossier(request.by, dossier_id)
    if not may_correct_contact(request.by, dossier):
        raise NotFound
    typed = {"phone": dossier.applicant_phone, "email": dossier.applicant_email, "reason": ""}
    failed: Refused | None = None
    if request.method == "POST":
        typed = {name: request.POST.get(name, "")[:600] for name in typed}
        try:
            change = DossierContactChange(**typed)
            correct_contact(dossier, change=change, by=request.by, now=timezone.now())
        except Refused as refused:
            failed = refused
        else:
            messages.success(request, _("Đã sửa thông tin liên lạc của hồ sơ."))
            return redirect("workspace:dossier", dossier_id=dossier_id)
    return render(
        request,
        "workspace/contact.html",
        {
            "dossier": dossier,
            "typed": typed,
            "has_account": dossier.owner_id is not None,
            "errors": {failed.field or "": str_of(failed)} if failed else {},
        },
        status=status_of(failed) if failed else 200,
    )
