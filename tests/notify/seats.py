"""Who sits at the screen in these tests."""

from collections.abc import Callable
from typing import Any

from dinh.foundation.actions.public import Actor, visitor
from dinh.kernel.errors import NotAllowed, NotFound

__all__ = ["seated", "seats", "status_of"]

seats: dict[str, Actor] = {}


def seated(get_response: Any) -> Any:
    """A middleware that seats the actor of the test."""

    def middleware(request: Any) -> Any:
        request.by = seats.get("by", visitor())
        return get_response(request)

    return middleware


def status_of(ask: Callable[[], Any]) -> int:
    """Return the status of an answer; a refusal that no middleware has made a page of counts too."""
    try:
        return int(ask().status_code)
    except NotFound:
        return 404
    except NotAllowed:
        return 403
