"""Messages with the applicant and notes among officials, on the dossier's screen."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.kernel.errors import Refused
from dinh.onestop.public import READ_DOSSIER, access_dossier, send_message, write_note
from dinh.workspace.views.dossiers import show, status_of

__all__ = ["note", "send"]


@require_POST
@route(who="official", permission=READ_DOSSIER)
def send(request: Request, dossier_id: UUID) -> HttpResponse:
    """Send the applicant a message."""
    text = request.POST.get("message-text", "")
    return _write(
        request,
        dossier_id,
        done=_("Đã gửi tin cho người nộp hồ sơ."),
        do=lambda row: send_message(row, text=text, by=request.by, now=timezone.now()),
    )


@require_POST
@route(who="official", permission=READ_DOSSIER)
def note(request: Request, dossier_id: UUID) -> HttpResponse:
    """Write a note that officials alone can read."""
    text = request.POST.get("note-text", "")
    return _write(
        request,
        dossier_id,
        done=_("Đã lưu ghi chú nội bộ."),
        do=lambda row: write_note(row, text=text, by=request.by, now=timezone.now()),
    )


def _write(request: Request, dossier_id: UUID, *, done: str, do: Callable[[Any], object]) -> HttpResponse:
    row = access_dossier(request.by, dossier_id)
    try:
        do(row)
    except Refused as refused:
        return show(
            request, dossier_id, refused=refused, form="talk", part="trao-doi", status=status_of(refused)
        )
    messages.success(request, done)
    here = reverse("workspace:dossier", kwargs={"dossier_id": dossier_id})
    return HttpResponseRedirect(f"{here}?phan=trao-doi")
