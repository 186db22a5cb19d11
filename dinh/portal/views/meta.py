"""What a page says of itself to machines: Dublin Core, its one address, its other language."""

import datetime as dt
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import timezone, translation

from dinh.foundation.actions.public import Request
from dinh.foundation.ui.public import province

__all__ = ["PageMeta", "dublin_core", "page_links"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMeta:
    """What TT 24/2011/TT-BTTTT asks of a page, as far as it differs from what holds everywhere.

    ``keep``: parameters of the address that make another page (a page number does not).
    """

    description: str = ""
    creator: str = ""
    published_at: dt.datetime | None = None
    changed_at: dt.datetime | None = None
    language: str = ""
    subjects: str = ""
    contributors: str = ""
    source: str = ""
    type: str = "Text"
    relation: str = ""
    is_hidden: bool = False
    keep: tuple[str, ...] = field(default_factory=tuple)


def page_links(request: Request, meta: PageMeta) -> dict[str, str]:
    """The page's one full address, and the same in each language: ``canonical``, ``vi``, ``en``."""
    base = f"{settings.PUBLIC_ADDRESS.rstrip('/')}{request.path}"
    kept = request.GET.copy()
    for name in list(kept):
        if name not in meta.keep or not kept[name]:
            del kept[name]
    query = kept.urlencode()
    canonical = f"{base}?{query}" if query else base
    sign = "&" if query else "?"
    return {"canonical": canonical, "vi": f"{canonical}{sign}hl=vi", "en": f"{canonical}{sign}hl=en"}


def dublin_core(meta: PageMeta, *, title: str, address: str) -> list[tuple[str, str]]:
    """The Dublin Core elements of a page, in the order of the circular; several values are joined by ``;``.

    Title, creator, date, description, publisher and identifier are always there (TT 24/2011/TT-BTTTT).
    """
    identity = province()
    owner = identity.owner or identity.name
    moment = meta.changed_at or meta.published_at
    on = timezone.localdate(moment) if moment else timezone.localdate()
    elements = [
        ("title", title),
        ("creator", meta.creator or owner),
        ("date", on.isoformat()),
        ("description", meta.description or title),
        ("publisher", owner),
        ("identifier", address),
        ("language", meta.language or translation.get_language() or "vi"),
        ("source", meta.source),
        ("contributor", meta.contributors),
        ("subject", meta.subjects),
        ("coverage", identity.name),
        ("type", meta.type),
        ("format", "text/html"),
        ("relation", meta.relation),
        ("rights", owner),
    ]
    return [(name, value) for name, value in elements if value]
