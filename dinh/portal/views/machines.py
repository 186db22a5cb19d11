"""What machines read: the site map in XML, robots, the search description, the news feed. And the site map as
a page."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control

from dinh.foundation.actions.public import Request, route
from dinh.foundation.ui.public import province
from dinh.onestop.public import find_procedures
from dinh.portal.adapters.markup import as_plain
from dinh.portal.public import find_news, live_page_slugs, public_consultations, published_petitions
from dinh.portal.rules.content import KINDS
from dinh.portal.views.content import BUILT_IN, address_of
from dinh.portal.views.meta import PageMeta
from dinh.portal.views.screen import show

__all__ = ["feed", "open_search", "robots", "site_map", "site_map_xml"]

# What the protocol allows in one file.
MOST_ADDRESSES = 50_000
CLOSED = (
    "/lam-viec/", "/quan-tri/", "/ho-so-cua-toi/", "/nop-ho-so/", "/giay-to-cua-toi/", "/phan-anh/cua-toi/",
    "/phan-anh/theo-doi/", "/thong-bao/", "/tra-cuu/", "/dang-nhap/", "/dang-ky/", "/hop-thu-mau/",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """One address that everybody may open; ``changed_at`` where it is known."""

    address: str
    label: str
    changed_at: dt.datetime | None = None
    lang: str = "vi"


@route(who="everyone")
def site_map(request: Request) -> HttpResponse:
    """Every page as a tree of words (TT 32/2017/TT-BTTTT)."""
    return show(
        request,
        "site_map.html",
        {
            "parts": [
                (_("Dịch vụ công"), list(_services())),
                *((label, places) for label, places in _procedures()),
                *((label, places) for label, places in _content()),
                (_("Góp ý dự thảo"), list(_consultations())),
            ],
            "meta": PageMeta(type="Collection"),
        },
    )


@cache_control(public=True, max_age=3600)
@route(who="everyone")
def site_map_xml(request: Request) -> HttpResponse:
    """Every public address for search engines, under the protocol of sitemaps.org."""
    places: list[Place] = [*_services()]
    for _label, found in (*_procedures(), *_content()):
        places += found
    places += [*_consultations(), *_petitions()]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append('<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">')
    for place in places[:MOST_ADDRESSES]:
        changed = f"<lastmod>{place.changed_at.isoformat()}</lastmod>" if place.changed_at else ""
        lines.append(f"<url><loc>{escape(_full(place.address))}</loc>{changed}</url>")
    lines.append("</urlset>")
    return HttpResponse("\n".join(lines), content_type="application/xml; charset=utf-8")


@cache_control(public=True, max_age=3600)
@route(who="everyone")
def robots(request: Request) -> HttpResponse:
    """What search engines leave alone, and where the site map is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), ""]
    lines.append(f"Sitemap: {_full(reverse('portal:site-map-xml'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@cache_control(public=True, max_age=86400)
@route(who="everyone")
def open_search(request: Request) -> HttpResponse:
    """How a browser searches procedures from its address bar (OpenSearch 1.1)."""
    name = f"{_(province().portal_name)} {province().name}"
    template = f"{_full(reverse('portal:procedures'))}?q={{searchTerms}}"
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">'
        f"<ShortName>{escape(name[:16])}</ShortName><LongName>{escape(name[:48])}</LongName>"
        f"<Description>{escape(_('Tìm thủ tục'))}</Description><Language>vi</Language>"
        "<InputEncoding>UTF-8</InputEncoding>"
        f'<Url type="text/html" template={quoteattr(template)}/>'
        "</OpenSearchDescription>"
    )
    return HttpResponse(text, content_type="application/opensearchdescription+xml; charset=utf-8")


@cache_control(public=True, max_age=900)
@route(who="everyone")
def feed(request: Request) -> HttpResponse:
    """The newest news as RSS 2.0."""
    items = []
    for version in find_news(now=timezone.now())[:20]:
        address = _full(address_of(version))
        moment = http_date(version.publish_at.timestamp()) if version.publish_at else ""
        items.append(
            f"<item><title>{escape(version.title)}</title><link>{escape(address)}</link>"
            f'<guid isPermaLink="true">{escape(address)}</guid><pubDate>{moment}</pubDate>'
            f"<description>{escape(version.lead or as_plain(version.body))}</description></item>"
        )
    title = f"{_('Tin tức')} – {province().name}"
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
        f"<title>{escape(title)}</title><link>{escape(_full(reverse('portal:news')))}</link>"
        f"<description>{escape(title)}</description><language>vi</language>{''.join(items)}</channel></rss>"
    )
    return HttpResponse(text, content_type="application/rss+xml; charset=utf-8")


def _services() -> Iterator[Place]:
    for name, label in (
        ("home", _("Trang chủ")),
        ("procedures", _("Tất cả thủ tục")),
        ("track", _("Tra cứu hồ sơ")),
        ("check-result", _("Kiểm tra kết quả có thật không")),
        ("petitions", _("Phản ánh, kiến nghị, hỏi đáp")),
        ("petition-send", _("Gửi phản ánh, kiến nghị, câu hỏi")),
        ("consultations", _("Góp ý dự thảo")),
        ("news", _("Tin tức")),
        ("documents", _("Văn bản")),
        ("site-map", _("Sơ đồ cổng")),
    ):
        yield Place(reverse(f"portal:{name}"), label)


def _procedures() -> Iterator[tuple[str, list[Place]]]:
    """The procedures by field of administration."""
    fields: dict[str, list[Place]] = {}
    for row in find_procedures():
        address = reverse("portal:procedure", kwargs={"code": row.code})
        fields.setdefault(row.field_name, []).append(Place(address, row.short_name))
    for name, places in sorted(fields.items()):
        yield _("Thủ tục: %(field)s") % {"field": name}, places


def _content() -> Iterator[tuple[str, list[Place]]]:
    """What editors published, by kind; and the pages that the portal brings with it."""
    names = {"page": "page", "news": "news-item", "document": "document"}
    kinds: dict[str, list[Place]] = {"page": [], "news": [], "document": []}
    for kind, slug, title, moment in live_page_slugs(now=timezone.now()):
        address = reverse(f"portal:{names[kind]}", kwargs={"slug": slug})
        kinds[kind].append(Place(address, title, moment))
    there = {place.address for place in kinds["page"]}
    words = {"lien-he": _("Liên hệ"), "tro-nang": _("Trợ năng"), "quyen-rieng-tu": _("Quyền riêng tư")}
    for slug in BUILT_IN:
        address = reverse("portal:page", kwargs={"slug": slug})
        if address not in there:
            kinds["page"].append(Place(address, words[slug]))
    for kind, places in kinds.items():
        yield _(KINDS[kind]), places


def _consultations() -> Iterator[Place]:
    for row in public_consultations():
        address = reverse("portal:consultation", kwargs={"slug": row.slug})
        yield Place(address, row.title, row.summarised_at or row.opened_at)


def _petitions() -> Iterable[Place]:
    rows: Any = published_petitions().values_list("code", "public_title", "published_at")[:MOST_ADDRESSES]
    return [Place(reverse("portal:petition", kwargs={"code": code}), *more) for code, *more in rows]


def _full(path: str) -> str:
    return f"{settings.PUBLIC_ADDRESS.rstrip('/')}{path}"
