"""Around every request: its id, its line in the log, and a page for whatever goes wrong."""

import re
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from dinh.foundation.actions.public import Request
from dinh.kernel.errors import Refused
from dinh.kernel.ids import uuid7
from dinh.website.arrival import arrival_of
from dinh.website.errors import answer_database_away, answer_refused, is_database_away
from dinh.website.metrics import count_request

__all__ = ["choose_language", "explain", "observe"]

log = structlog.get_logger(__name__)

Answer = Callable[[Request], HttpResponseBase]
AN_ID = re.compile(r"[0-9A-Za-z-]{8,64}")
# Asked every few seconds by machines, and of no interest in the log.
QUIET = ("/health/", "/metrics", settings.STATIC_URL)


def observe(get_response: Answer) -> Answer:
    """Give the request its id (a trusted proxy's, or a new one), log its answer in one line, count it."""

    def middleware(request: Request) -> HttpResponseBase:
        began = time.perf_counter()
        request.arrived_at = arrival_of(request)
        request.request_id = _request_id(request)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.request_id)
        response = get_response(request)
        response.headers["X-Request-Id"] = request.request_id
        _note(request, response, seconds=time.perf_counter() - began)
        return response

    return middleware


class _Explain:
    """Turns what a view raises into a page, at the place where Django still knows the request."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: Request, problem: Exception) -> HttpResponseBase | None:
        if isinstance(problem, Refused):
            return answer_refused(request, problem)
        if is_database_away(problem):
            log.error("database away", exc_info=problem)
            return answer_database_away(request)
        return None


def explain(get_response: Answer) -> _Explain:
    """The middleware that explains errors; it stands last, next to the view."""
    return _Explain(get_response)


def choose_language(get_response: Answer) -> Answer:
    """Answer in Vietnamese unless the reader has switched; a browser's own language decides nothing.

    ``?hl=en`` asks for one answer in a language, for addresses that are given on; it is not kept.
    """

    def middleware(request: Request) -> HttpResponseBase:
        chosen = request.GET.get("hl") or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie",))
        return response

    return middleware


def _request_id(request: HttpRequest) -> str:
    given = request.headers.get("X-Request-Id", "")
    if settings.TRUSTED_PROXIES and AN_ID.fullmatch(given):
        return given
    return uuid7().hex


def _note(request: Request, response: HttpResponseBase, *, seconds: float) -> None:
    match = request.resolver_match
    method = request.method or ""
    route = match.route if match else ("static" if request.path.startswith(settings.STATIC_URL) else "none")
    count_request(route=route, method=method, status=response.status_code, seconds=seconds)
    if request.path.startswith(QUIET):
        return
    by = getattr(request, "by", None)
    log.info(
        "request",
        method=method,
        path=_path(request),
        status=response.status_code,
        milliseconds=round(seconds * 1000, 1),
        kind=by.kind if by else "",
        account=str(by.account_id) if by and by.account_id else "",
    )


def _path(request: HttpRequest) -> str:
    """The path as it may be kept: a link that opens something for whoever has it is not written down."""
    match = request.resolver_match
    token = match.kwargs.get("token") if match else None
    return request.path.replace(token, "•") if token else request.path
