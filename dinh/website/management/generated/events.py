"""The map of events: who announces what, and who listens."""

import ast
import sys
from collections import defaultdict

from dinh.foundation.actions.events import Event
from dinh.foundation.actions.public import all_handlers
from dinh.website.management.generated.markdown import PACKAGE, document, is_ours, place, table

__all__ = ["page"]


def page() -> str:
    """Return the map of events."""
    publishers, handlers = _publishers(), all_handlers()
    rows = []
    for event in sorted(_all_events(Event), key=lambda event: (event.__module__, event.__name__)):
        if not is_ours(event.__module__):
            continue
        listening = [handler for handler in handlers.get(event, ()) if is_ours(handler.__module__)]
        rows.append(
            (
                place(f"{event.__module__.removesuffix('.events')}.{event.__name__}"),
                (event.__doc__ or "").strip().partition("\n")[0],
                ", ".join(publishers[event.__name__]) or "–",
                ", ".join(place(f"{handler.__module__}.{handler.__qualname__}") for handler in listening)
                or "–",
            )
        )
    return document(
        "Events",
        "Facts that rooms announce, and the handlers above that listen, in the same transaction.",
        table(["Event", "Fact", "Announced in", "Handlers"], rows),
    )


def _all_events(event: type[Event]) -> set[type[Event]]:
    # A dataclass with slots is made twice; the module keeps the second.
    below = {
        one for one in event.__subclasses__() if vars(sys.modules[one.__module__]).get(one.__name__) is one
    }
    return below.union(*(_all_events(one) for one in below))


def _publishers() -> defaultdict[str, list[str]]:
    """Modules that publish each event, found where ``publish(Event(...))`` is written."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        module = place(".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts))
        for name in sorted(_published_in(path.read_text())):
            found[name].append(module)
    return found


def _published_in(source: str) -> set[str]:
    if "publish(" not in source:
        return set()
    tree = ast.parse(source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = {call.func.id for call in calls if isinstance(call.func, ast.Name)}
    publishes = any(isinstance(call.func, ast.Name) and call.func.id == "publish" for call in calls)
    known = {event.__name__ for event in _all_events(Event)}
    return names & known if publishes else set()
