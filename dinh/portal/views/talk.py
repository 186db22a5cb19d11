"""Messages between the applicant and who handles their dossier, from the applicant's side."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Request, route
from dinh.kernel.errors import Refused
from dinh.onestop.public import access_dossier, note_messages_read, send_message, talk_of
from dinh.portal.views.screen import plain_text, sentence, show
from dinh.sso.public import kept_values

__all__ = ["talk"]


@route(who="citizen")
def talk(request: Request, dossier_id: UUID) -> HttpResponse:
    """What was said about a dossier, and a form to say more."""
    row = access_dossier(request.by, dossier_id)
    kept = kept_values(request)
    error, typed = "", str(kept.get("message-text", "")) if kept else ""
    if request.method == "POST":
        typed = plain_text(request.POST.get("message-text"), most=4000)
        try:
            send_message(row, text=typed, by=request.by, now=timezone.now())
        except Refused as refused:
            error = sentence(refused)
        else:
            messages.success(request, _("Đã gửi tin. Cán bộ xử lý hồ sơ đã được báo."))
            return redirect("portal:talk", dossier_id=row.id)
    said = talk_of(row, by=request.by)
    note_messages_read(row, by=request.by, now=timezone.now())
    return show(
        request,
        "talk.html",
        {
            "code": str(row),
            "name": row.procedure.short_name,
            "desk": row.reception_unit.name,
            "back": reverse("portal:dossier", kwargs={"dossier_id": row.id}),
            "said": said.messages,
            "typed": typed,
            "error": error,
        },
        status=409 if error else 200,
    )
