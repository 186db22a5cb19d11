"""The sample authority's services: time stamps, OCSP, lists of revoked certificates. Bounded, no session."""

import base64
import binascii

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.signing.public import answer_crl, answer_ocsp, answer_time_stamp
from dinh.foundation.signing.rules.signatures import BadRequest
from dinh.kernel.errors import NotFound

__all__ = ["crl", "ocsp", "time_stamp"]

REQUEST_LIMIT = 16 * 1024


@csrf_exempt
@require_POST
@route(who="everyone")
def time_stamp(request: Request) -> HttpResponse:
    """Answer RFC 3161 requests with stamps of no legal value."""
    _check_sample()
    try:
        reply = answer_time_stamp(_body(request), now=timezone.now())
    except BadRequest:
        return HttpResponse(status=400)
    return HttpResponse(reply, content_type="application/timestamp-reply")


@csrf_exempt
@require_http_methods(["GET", "POST"])
@route(who="everyone")
def ocsp(request: Request, encoded: str = "") -> HttpResponse:
    """Answer RFC 6960 requests about certificates of the sample authority."""
    _check_sample()
    try:
        asked = base64.b64decode(encoded, validate=True) if encoded else _body(request)
        reply = answer_ocsp(asked, now=timezone.now())
    except (BadRequest, binascii.Error):
        return HttpResponse(status=400)
    return HttpResponse(reply, content_type="application/ocsp-response")


@require_GET
@route(who="everyone")
def crl(request: Request, name: str) -> HttpResponse:
    """Give the list of revoked certificates."""
    _check_sample()
    return HttpResponse(answer_crl(name, now=timezone.now()), content_type="application/pkix-crl")


def _check_sample() -> None:
    if not settings.IS_SAMPLE:
        raise NotFound


def _body(request: Request) -> bytes:
    body = request.read(REQUEST_LIMIT + 1)
    if not body or len(body) > REQUEST_LIMIT:
        raise BadRequest
    return body
