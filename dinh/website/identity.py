"""The province's colours as a stylesheet, and the language in which a person reads."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import cache_control
from django.views.decorators.http import etag
from django.views.i18n import set_language

from dinh.foundation.actions.public import Request, route
from dinh.foundation.ui.public import identity_css, province

__all__ = ["choose_language", "identity_stylesheet"]


def _tag(request: Request) -> str:
    identity = province()
    return f'"{identity.colour}{identity.accent}"'


@route(who="everyone")
@cache_control(public=True, max_age=3600)
@etag(_tag)
def identity_stylesheet(request: Request) -> HttpResponse:
    """The few properties that colour every page."""
    return HttpResponse(identity_css(province()), content_type="text/css; charset=utf-8")


@route(who="everyone")
def choose_language(request: Request) -> HttpResponseBase:
    """Keep the language chosen and go back to the page."""
    return set_language(request)
