"""What every page may rely on, with a default for each value."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.utils import translation

from dinh.foundation.ui.rules.identity import Identity

__all__ = ["page_context", "province"]


def province() -> Identity:
    """Return the province's identity, set by ``PROVINCE`` in the settings."""
    return Identity(**getattr(settings, "PROVINCE", {}))


def page_context(
    request: HttpRequest,
    *,
    nav: Sequence[dict[str, Any]] = (),
    positions: Sequence[dict[str, Any]] = (),
    unread: int = 0,
) -> dict[str, Any]:
    """Return the values on which the skeletons rely; the website calls this as its context processor.

    ``nav`` is a list of sections ``{label, items: [{label, address, icon, count, active, key}]}`` (a count
    of None or 0 is not shown; ``key`` is the letter after ``g``); for citizens one section without a label.
    ``positions`` are those the official may choose: ``{id, title, unit, active}``. ``unread`` counts notices.
    A view that stands outside the usual navigation sets ``request.nav`` or ``request.positions`` itself.
    """
    return {
        "by": getattr(request, "by", None),
        "province": province(),
        "nav": getattr(request, "nav", nav),
        "positions": getattr(request, "positions", positions),
        "unread": unread,
        "language": translation.get_language() or "vi",
        "here": request.get_full_path(),
        "flashes": lambda: list(get_messages(request)) if hasattr(request, "_messages") else [],
    }
