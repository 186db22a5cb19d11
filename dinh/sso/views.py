"""The screens of sign-in: name and password, acting position, sessions, registration, passwords."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from dinh.foundation.actions.public import Request, route
from dinh.kernel.errors import Refused
from dinh.sso import access, queries
from dinh.sso.actions import sessions
from dinh.sso.rules import TooManyAttempts, safe_next

if TYPE_CHECKING:
    from uuid import UUID

_AFTER = {"official": "/lam-viec/", "citizen": "/"}


def _next(request: Request) -> str:
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return safe_next(asked, fallback=_AFTER.get(request.by.kind, "/"))


def _page(request: Request, template: str, status: int = 200, **values: Any) -> HttpResponse:
    return render(request, template, values, status=status)


def _sentence(error: Refused) -> str:
    return _(error.message) % error.params if error.params else _(error.message)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@route(who="everyone")
def sign_in(request: Request) -> HttpResponseBase:
    """Sign in by name and password."""
    if request.method == "GET":
        if request.by.kind != "visitor":
            return HttpResponseRedirect(_next(request))
        return _sign_in_page(request, why=queries.why_ended(access.store_of(request).past, timezone.now()))
    username = request.POST.get("username", "")[:200]
    password = request.POST.get("password", "")[:1000]
    try:
        account = access.verify(request, username, password)
    except TooManyAttempts as error:
        response = _sign_in_page(request, username=username, error=_sentence(error), status=429)
        response.headers["Retry-After"] = str(error.seconds)
        return response
    except Refused as error:
        return _sign_in_page(request, username=username, error=_sentence(error), status=422)
    access.sign_in(request, account, method="password")
    return _go_on(request)


def _sign_in_page(
    request: Request, *, username: str = "", error: str = "", why: str = "", status: int = 200
) -> HttpResponse:
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return _page(
        request,
        "sso/sign_in.html",
        status,
        username=username,
        error=error,
        why=_(why) if why else "",
        next=safe_next(asked, fallback=""),
        register_address="/dang-ky/",
    )


def _go_on(request: Request) -> HttpResponseBase:
    address = _next(request)
    if access.store_of(request).get("kept"):
        messages.info(request, _("Nội dung Ông/Bà đang nhập dở vẫn còn. Hãy xem lại rồi gửi."))
    if request.by.kind == "official" and request.by.position_id is None:
        return HttpResponseRedirect(access.with_next("/chon-chuc-vu/", address))
    return HttpResponseRedirect(address)


@require_POST
@route(who="everyone")
def sign_out(request: Request) -> HttpResponseBase:
    """End this session."""
    access.sign_out(request)
    messages.success(request, _("Ông/Bà đã đăng xuất."))
    return HttpResponseRedirect(settings.LOGIN_URL)


@never_cache
@require_http_methods(["GET", "POST"])
@route(who="signed_in")
def choose_position(request: Request) -> HttpResponseBase:
    """Choose the position to act in."""
    held = queries.positions_held_by(request.by, timezone.localdate())
    if request.method == "GET":
        return _page(request, "sso/choose_position.html", positions_held=held, next=_next(request), error="")
    chosen: UUID | None = next(
        (one.position_id for one in held if str(one.position_id) == request.POST.get("position")), None
    )
    session = access.store_of(request).row
    if chosen is None or session is None:
        error = _(
            "Ông/Bà chưa chọn, hoặc không còn giữ chức vụ đã chọn. Hãy chọn một chức vụ trong danh sách."
        )
        return _page(
            request, "sso/choose_position.html", 422, positions_held=held, next=_next(request), error=error
        )
    sessions.choose_position(session, chosen, by=request.by)
    return HttpResponseRedirect(_next(request))
