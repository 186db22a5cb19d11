"""Every address, who may open it, and with which permission."""

from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from dinh.website.management.generated.markdown import document, place, table

__all__ = ["addresses", "audiences", "page"]

_WHO = {
    "everyone": "everyone",
    "signed_in": "whoever is signed in",
    "citizen": "citizens",
    "official": "officials",
}


def page() -> str:
    """Return the addresses."""
    rows = []
    for address, pattern in sorted(_addresses(get_resolver().url_patterns, "/", ""), key=lambda row: row[0]):
        view: Any = pattern.callback
        rule = getattr(view, "route_rule", None)
        rows.append(
            (
                f"`{address}`",
                f"`{pattern.name}`" if pattern.name else "",
                _WHO[rule.who] if rule else "**not declared**",
                f"`{rule.permission.code}`" if rule and rule.permission else "",
                place(f"{view.__module__}.{view.__qualname__}"),
            )
        )
    return document(
        "Addresses",
        "Which rows a person sees behind an address is decided by the room's `visible_…` query.",
        table(["Address", "Name", "For", "Permission", "View"], rows),
    )


def addresses() -> list[str]:
    """Return every address as the page shows it."""
    return [address for address, _ in _addresses(get_resolver().url_patterns, "/", "")]


def audiences() -> dict[str, str]:
    """Return each address, as the page shows it, with who may open it: a word of ``access.Who``."""
    table = _addresses(get_resolver().url_patterns, "/", "")
    return {
        address: pattern.callback.route_rule.who
        for address, pattern in table
        if hasattr(pattern.callback, "route_rule")
    }


def _addresses(
    patterns: list[URLPattern | URLResolver], before: str, space: str
) -> list[tuple[str, URLPattern]]:
    found: list[tuple[str, URLPattern]] = []
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += _addresses(pattern.url_patterns, here, pattern.namespace or space)
        else:
            found.append((here, pattern))
    return found
