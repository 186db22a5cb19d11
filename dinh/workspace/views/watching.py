"""What stands without somebody to move it, why, and who has to act; and what waits for a leader's word."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Request, route
from dinh.onestop.public import FINDING_KINDS, READ_WORK, findings, returns_to_approve

__all__ = ["watch"]


@route(who="official", permission=READ_WORK)
def watch(request: Request) -> HttpResponse:
    """The watchdog's list within the reader's reach, and returns that wait for the reader."""
    chosen = request.GET.get("loai", "")
    chosen = chosen if chosen in FINDING_KINDS else ""
    rows = findings(request.by, kind=chosen)
    return render(
        request,
        "workspace/watch.html",
        {
            "rows": [
                {
                    "address": reverse("workspace:filing", args=[row.filing_id])
                    if row.filing_id
                    else reverse("workspace:dossier", args=[row.dossier_id]),
                    "code": row.code,
                    "step": row.step,
                    "unit": row.unit,
                    "why": _(FINDING_KINDS[row.kind].label),
                    "to_do": _(FINDING_KINDS[row.kind].to_do),
                    "owners": row.owners or _("chưa có người đứng đầu"),
                    "owner_unit": row.owner_unit,
                    "level": row.level,
                    "found_at": row.found_at,
                }
                for row in rows
            ],
            "kinds": [(key, _(kind.label)) for key, kind in FINDING_KINDS.items()],
            "chosen": chosen,
            "returns": [
                {
                    "address": reverse("workspace:dossier", kwargs={"dossier_id": one.dossier_id}),
                    "code": one.code,
                    "step": one.step_name,
                    "reason": one.reason,
                    "by": one.asked_by,
                    "at": one.asked_at,
                }
                for one in returns_to_approve(request.by)
            ],
        },
    )
