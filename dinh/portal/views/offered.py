"""A form that an official filled in: read and confirmed by the person themselves, on their own phone."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache

from dinh.foundation.actions.public import Request, route
from dinh.foundation.ui.public import summary
from dinh.kernel.errors import Refused
from dinh.onestop.public import answer_form, form_choices, offered_under
from dinh.portal.views.screen import plain_text, sentence, show

__all__ = ["offered"]


@never_cache
@route(who="everyone")
def offered(request: Request, key: str) -> HttpResponse:
    """Read what was typed for one, and confirm it or say what is wrong. Whoever has the address may."""
    form = offered_under(key[:100])
    now = timezone.now()
    error: Refused | None = None
    comment = plain_text(request.POST.get("comment"), most=1000)
    if request.method == "POST":
        try:
            answer_form(form, is_right="yes" in request.POST, comment=comment, by=request.by, now=now)
            return redirect("portal:offered", key=key)
        except Refused as refused:
            error = refused
    is_readable = form.state == "open" and now < form.expires_at
    values: dict[str, Any] = {
        "procedure": form.version.procedure.short_name,
        "desk": form.desk.name,
        "official": form.official,
        "state": form.state,
        "readable": is_readable,
        "error": sentence(error) if error else "",
        "at_field": error is not None and error.field == "comment",
        "comment": comment,
        "applicant": form.applicant if is_readable else {},
        "pages": _pages(form) if is_readable else [],
    }
    return show(request, "offered.html", values, status=422 if error else 200)


def _pages(form: Any) -> Any:
    choices = form_choices(form.desk.agency_id)
    return summary(form.version.parts.form, form.data, choices=choices)
