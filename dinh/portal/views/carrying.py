"""A procedure was published anew while its form is being filled in: what has changed, and going over."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Request, route
from dinh.kernel.errors import Refused
from dinh.onestop.public import carry_over, files_aside, republished
from dinh.portal.views.drafts import of_open_draft
from dinh.portal.views.screen import sentence, show

if TYPE_CHECKING:
    from dinh.onestop.models import Draft

__all__ = ["newer_version"]


@route(who="citizen")
@of_open_draft
def newer_version(request: Request, row: "Draft") -> HttpResponse:
    """Say what the version in force changes; on a press, go over to it with all that has been typed."""
    error = ""
    if request.method == "POST":
        try:
            carry_over(row, by=request.by, now=timezone.now())
        except Refused as refused:
            error = sentence(refused)
        else:
            messages.success(request, _("Đã chuyển sang mẫu mới. Nội dung đã điền được giữ lại."))
            return redirect("portal:draft", draft_id=row.id)
    found = republished(row)
    if found is None:
        return redirect("portal:draft", draft_id=row.id)
    return show(
        request,
        "newer_version.html",
        {
            "name": row.version.parts.short_name,
            "back": reverse("portal:draft", kwargs={"draft_id": row.id}),
            "here": reverse("portal:newer-version", kwargs={"draft_id": row.id}),
            "published_at": found.published_at,
            "changes": found.changes,
            "aside": [(one.label, one.value) for one in found.aside],
            "files": files_aside(row),
            "error": error,
        },
        status=409 if error else 200,
    )
