"""Icons of the Lucide set (ISC), read from the ``lucide`` package and drawn inline."""

import re
from functools import cache

import lucide
from markupsafe import Markup

__all__ = ["icon"]


@cache
def icon(name: str, label: str = "") -> Markup:
    """Return the icon as inline SVG, one em high. With ``label`` it is an image with that name, else hidden
    from readers of the screen, because a word stands beside it.
    """
    drawn = lucide._render_icon(name, None)
    inner = (
        re.sub(r"\s+", " ", re.sub(r"^<svg[^>]*>|</svg>$", "", drawn.strip())).replace("> <", "><").strip()
    )
    said = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon" viewBox="0 0 24 24" {}>{}</svg>').format(said, Markup(inner))  # noqa: S704
