"""Who is at the other end: sets ``request.by``, once a request, before any view runs."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from django.utils import timezone

from dinh.foundation.actions.public import Request, visitor
from dinh.foundation.directory.public import NotAppointed
from dinh.sso import access
from dinh.sso.actions.sessions import mark_seen
from dinh.sso.queries.accounts import actor_of

__all__ = ["sign_in"]

Answer = Callable[[Request], HttpResponseBase]


class _SignIn:
    """Three queries for an official (session with account and person, appointment, roles), one for a
    citizen, none for a visitor without cookie; one write more every few minutes.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        request_id = request.request_id
        request.by = visitor(request_id=request_id)
        self._recognise(request, request_id)
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request_id
        _remember_device(request, response)
        return response

    def _recognise(self, request: Request, request_id: str) -> None:
        session = access.store_of(request).row
        if session is None or session.account is None:
            return
        now = timezone.now()
        try:
            request.by = actor_of(session, request_id=request_id, now=now)
        except NotAppointed:
            access.leave_position(request)
        mark_seen(session, now=now)

    def process_view(
        self, request: Request, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Send on who can't be served yet, keeping what they typed."""
        rule = getattr(view, "route_rule", None)
        if rule is None or rule.who == "everyone":
            return None
        if request.by.kind == "visitor":
            access.keep_typed(request)
            return access.go(request, settings.LOGIN_URL)
        if rule.who == "official" and request.by.kind == "official" and request.by.position_id is None:
            access.keep_typed(request)
            return access.go(request, "/chon-chuc-vu/")
        if request.method == "POST":
            access.drop_kept(request)
        return None


def _remember_device(request: Request, response: HttpResponseBase) -> None:
    account_id = getattr(request, "remember_device", None)
    if account_id is None:
        return
    response.set_cookie(
        access.DEVICE_COOKIE,
        access.device_cookie(account_id),
        max_age=dt.timedelta(days=365),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def sign_in(get_response: Answer) -> _SignIn:
    """The middleware, to stand after sessions and CSRF in ``MIDDLEWARE``."""
    return _SignIn(get_response)
