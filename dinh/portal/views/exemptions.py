"""Claiming that one need not pay, or pays less: which ground, and the paper that proves it."""

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Request, route
from dinh.foundation.files.public import PAPERS, store
from dinh.kernel.errors import NotFound, Refused
from dinh.onestop.public import claim_exemption, claim_of_draft, drop_exemption
from dinh.portal.views.drafts import of_open_draft
from dinh.portal.views.screen import sentence, show

if TYPE_CHECKING:
    from dinh.onestop.models import Draft

__all__ = ["exemption"]


@route(who="citizen")
@of_open_draft
def exemption(request: Request, row: "Draft") -> HttpResponse:
    """Choose a ground of exemption that the procedure knows and upload its proof; or none."""
    definition = row.version.parts
    if not definition.exemptions:
        raise NotFound
    check = reverse("portal:check", kwargs={"draft_id": row.id})
    errors: dict[str, str] = {}
    claim = claim_of_draft(request.by, row.id)
    chosen = claim.key if claim else ""
    if request.method == "POST":
        chosen = request.POST.get("exemption", "")
        try:
            _take(request, row, chosen)
            return redirect(check)
        except Refused as refused:
            errors[refused.field or ""] = sentence(refused)
    return show(
        request,
        "exemption.html",
        {
            "name": definition.short_name,
            "choices": [
                *(
                    (
                        one.key,
                        one.name,
                        _("Cần có: %(proof)s") % {"proof": one.proof}
                        if one.percent == 100
                        else _("Giảm %(percent)s%%. Cần có: %(proof)s")
                        % {"percent": one.percent, "proof": one.proof},
                    )
                    for one in definition.exemptions
                ),
                ("", _("Không thuộc diện nào"), ""),
            ],
            "chosen": chosen,
            "has_file": claim is not None and claim.has_file,
            "errors": errors,
            "back": check,
        },
        status=422 if errors else 200,
    )


def _take(request: Request, row: "Draft", key: str) -> None:
    now = timezone.now()
    if not key:
        drop_exemption(row, by=request.by, now=now)
        return
    upload = request.FILES.get("proof")
    file_id = None
    if upload is not None:
        try:
            file_id = store(upload, name=upload.name or "", by=request.by, limits=PAPERS).id
        except Refused as refused:
            refused.field = "proof"
            raise
    claim_exemption(row, key=key, file_id=file_id, by=request.by, now=now)
