"""Documents made from the code: what is declared, as a person reads it. Compared with the code in CI."""

from collections.abc import Callable

from dinh.website.management.generated import events, jobs, law, permissions, routes, settings, states, verbs

__all__ = ["PAGES", "faults"]

PAGES: dict[str, Callable[[], str]] = {
    "permissions.md": permissions.page,
    "verbs.md": verbs.page,
    "events.md": events.page,
    "states.md": states.page,
    "routes.md": routes.page,
    "settings.md": settings.page,
    "jobs.md": jobs.page,
    "law.md": law.page,
}


def faults() -> list[str]:
    """Return what keeps the documents from being true, one line each."""
    return law.faults()
