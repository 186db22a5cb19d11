"""The control slip of a dossier: one row a handing over, and the sealed paper of it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Request, route
from dinh.foundation.ui.public import DUE_KINDS
from dinh.onestop.public import (
    READ_DOSSIER,
    SlipRow,
    access_dossier,
    control_slip,
    make_slip,
    papers_of,
)

__all__ = ["slip"]


@route(who="official", permission=READ_DOSSIER)
def slip(request: Request, dossier_id: UUID) -> HttpResponse:
    """The slip as it stands; a POST has it drawn and sealed."""
    dossier = access_dossier(request.by, dossier_id)
    now = timezone.now()
    if request.method == "POST":
        make_slip(dossier, by=request.by, now=now)
        messages.success(request, _("Phiếu đang được lập và ký số; mở ở mục văn bản bên dưới."))
        return redirect("workspace:slip", dossier_id=dossier_id)
    shown = control_slip(dossier, now=now)
    papers = [paper for paper in papers_of(request.by, dossier_id) if paper.form == "control_slip"]
    return render(
        request,
        "workspace/slip.html",
        {
            "dossier": dossier,
            "agency": shown.agency,
            "supporting": ", ".join(shown.supporting),
            "rows": [_row(row) for row in shown.rows],
            "papers": [
                {
                    "asked_at": paper.asked_at,
                    "address": (
                        reverse("workspace:paper-file", kwargs={"paper_id": paper.id}) if paper.ready else ""
                    ),
                }
                for paper in reversed(papers)
            ],
        },
    )


def _row(row: SlipRow) -> dict[str, object]:
    return {
        "step": row.step,
        "giver": row.giver or _("Người nộp hồ sơ"),
        "giver_by": row.giver_by,
        "receiver": row.receiver,
        "receiver_by": row.receiver_by,
        "handed_at": row.handed_at,
        "due_at": row.due_at,
        "ended_at": row.ended_at,
        "kind": DUE_KINDS[row.timely] if row.timely else "",
        "word": _(row.timely.label) if row.timely else "",
        "note": _("Đã hủy") if row.is_cancelled else row.outcome,
    }
