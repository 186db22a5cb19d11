"""Requests by whom a test says: the middleware that stands in for sign-in."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase

from dinh.foundation.actions.public import Actor, visitor

_acting: list[Actor] = []


def act_as(by: Actor | None) -> None:
    """Let the following requests be made by somebody; None: by a visitor."""
    _acting[:] = [by] if by else []


def sign_in(get_response: Callable[[Any], HttpResponseBase]) -> Callable[[Any], HttpResponseBase]:
    def middleware(request: Any) -> HttpResponseBase:
        request.by = _acting[0] if _acting else visitor()
        return get_response(request)

    return middleware
