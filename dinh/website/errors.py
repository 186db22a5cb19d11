"""Pages of things that went wrong: what happened, why, what to do, and nothing of the inside."""

import sys
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.translation import gettext as _

from dinh.kernel.errors import NotAllowed, NotFound, Refused
from dinh.kernel.sentences import Sentence

__all__ = [
    "answer_database_away",
    "answer_refused",
    "bad_request",
    "forbidden",
    "is_database_away",
    "not_found",
    "server_error",
]

log = structlog.get_logger(__name__)


def answer_refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    """403 for what somebody may not do, 404 for what is not there (for them), 409 for a rule's no."""
    sentence = _(refused.message) % {key: _translated(value) for key, value in refused.params.items()}
    if isinstance(refused, NotFound):
        return _page(request, 404, _("Không tìm thấy trang"), sentence)
    if isinstance(refused, NotAllowed):
        return _page(request, 403, _("Không có quyền"), sentence)
    return _page(request, 409, _("Chưa thực hiện được"), sentence)


def answer_database_away(request: HttpRequest) -> HttpResponse:
    """503 while the database restarts: the person did nothing wrong and may try again."""
    response = _page(
        request,
        503,
        _("Hệ thống đang tạm nghỉ"),
        _("Hệ thống chưa trả lời được. Ông/Bà đợi một phút rồi tải lại trang; những gì đã gửi vẫn còn."),
    )
    response.headers["Retry-After"] = "30"
    return response


def is_database_away(problem: BaseException) -> bool:
    """Whether the database could not be reached, rather than refused what was asked."""
    if isinstance(problem, InterfaceError):
        return True
    # A statement that the server refused carries its SQLSTATE; class 57 is "the server goes away".
    cause = problem.__cause__ or problem
    state = getattr(cause, "sqlstate", None) or ""
    return isinstance(problem, OperationalError) and (not state or state.startswith(("57P", "08")))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request itself is broken or too large."""
    return _page(
        request,
        400,
        _("Yêu cầu không đọc được"),
        _("Nội dung gửi lên bị hỏng hoặc quá lớn. Ông/Bà hãy tải lại trang rồi thử lại."),
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 raised by Django itself."""
    return _page(request, 403, _("Không có quyền"), _("Ông/Bà không có quyền thực hiện việc này."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such address. Says the same as for a thing that the person may not see."""
    return _page(request, 404, _("Không tìm thấy trang"), _(NotFound.message))


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. The page gives the request's id, the log has the rest."""
    problem = sys.exc_info()[1]
    if problem is not None and is_database_away(problem):
        return answer_database_away(request)
    if problem is not None:
        log.error("unhandled", exc_info=problem)
    return _page(
        request,
        500,
        _("Hệ thống gặp lỗi"),
        _("Lỗi này không phải do Ông/Bà và đã được ghi lại. Hãy thử lại; nếu vẫn lỗi, hãy báo người trực."),
    )


def _translated(value: Any) -> Any:
    if isinstance(value, Sentence):
        return value.said(_)
    return _(value) if isinstance(value, str) and value else value


def _page(request: HttpRequest, status: int, heading: str, sentence: str) -> HttpResponse:
    request_id = getattr(request, "request_id", "")
    if _wants_json(request):
        body = {"error": {"status": status, "message": sentence, "request_id": request_id}}
        return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    values = {
        "status": status,
        "heading": heading,
        "sentence": sentence,
        "request_id": request_id if status >= 500 else "",
    }
    try:
        return render(request, "ui/error.html", values, status=status)
    except Exception as problem:
        # The page of an error must not fail with another one.
        log.error("the page of an error failed", exc_info=problem)
        return HttpResponse(_bare(heading, sentence, request_id), status=status)


def _wants_json(request: HttpRequest) -> bool:
    accepted = request.headers.get("Accept", "")
    return request.path.startswith(("/api/", "/health/")) or (
        "application/json" in accepted and "text/html" not in accepted
    )


def _bare(heading: str, sentence: str, request_id: str) -> str:
    return (
        '<!doctype html><html lang="vi"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(heading)}</title><h1>{escape(heading)}</h1><p>{escape(sentence)}</p>"
        f"<p>{escape(request_id)}</p></html>"
    )
