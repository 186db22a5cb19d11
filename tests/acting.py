"""Requests by whom a test says: the middleware that stands in for sign-in, outside the tests of sign-in."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpResponseBase

from dinh.foundation.actions.public import Actor, visitor

__all__ = ["act_as", "sign_in", "without_sign_in"]

_acting: list[Actor] = []


def act_as(by: Actor | None) -> None:
    """Let the following requests be made by somebody; None: by a visitor."""
    _acting[:] = [by] if by else []


def without_sign_in(middleware: Iterable[str]) -> list[str]:
    """Return the middleware of the house with this one where sign-in stands."""
    return ["tests.acting.sign_in" if name == "dinh.sso.middleware.sign_in" else name for name in middleware]


def sign_in(get_response: Callable[[Any], HttpResponseBase]) -> Callable[[Any], HttpResponseBase]:
    def middleware(request: Any) -> HttpResponseBase:
        request.by = _acting[0] if _acting else visitor()
        return get_response(request)

    return middleware
