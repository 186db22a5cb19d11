"""Filing again from a dossier that has ended: one press makes the draft, or opens the one already begun."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.kernel.errors import Refused
from dinh.onestop.public import access_dossier, begin_again
from dinh.portal.views.screen import sentence

__all__ = ["file_again"]


@require_POST
@route(who="citizen")
def file_again(request: Request, dossier_id: UUID) -> HttpResponse:
    """Begin again from one's own ended dossier and go on to fill it in."""
    row = access_dossier(request.by, dossier_id)
    try:
        draft = begin_again(row, by=request.by, now=timezone.now())
    except Refused as refused:
        messages.error(request, sentence(refused))
        return redirect("portal:dossier", dossier_id=row.id)
    messages.success(
        request,
        _("Đã điền sẵn từ hồ sơ %(code)s. Hãy xem lại từng phần, sửa chỗ chưa đúng rồi nộp.")
        % {"code": str(row)},
    )
    return redirect("portal:draft", draft_id=draft.id)
