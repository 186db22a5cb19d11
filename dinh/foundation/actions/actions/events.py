"""Events and their handlers: calls go down, events go up, in the same transaction."""

from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

from django.db import connection

from dinh.foundation.actions.events import Event

__all__ = ["all_handlers", "handles", "publish"]

E = TypeVar("E", bound=Event)

_handlers: defaultdict[type[Event], list[Callable[..., None]]] = defaultdict(list)


def handles(event: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register a handler: a function of one event in a room's ``handlers.py``."""

    def register(handler: Callable[[E], None]) -> Callable[[E], None]:
        if handler not in _handlers[event]:
            _handlers[event].append(handler)
        return handler

    return register


def publish(event: Event) -> None:
    """Run every handler of the event now, inside the running transaction.

    A handler that fails takes the whole verb with it, so what is announced is never half heard.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an event is published inside an action")
    for handler in _handlers[type(event)]:
        handler(event)


def all_handlers() -> dict[type[Event], tuple[Callable[..., None], ...]]:
    """Every event that is listened to, with its handlers in order."""
    return {event: tuple(handlers) for event, handlers in _handlers.items()}
