"""News, pages and legal texts as everybody reads them."""

import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Request, route
from dinh.foundation.files.public import respond
from dinh.kernel.errors import NotFound
from dinh.portal.adapters.markup import as_html, as_plain
from dinh.portal.public import (
    find_documents,
    find_news,
    live_version,
    neighbours_of,
    post_file,
)
from dinh.portal.rules.content import DOCUMENT_TYPES, TOPICS
from dinh.portal.views.meta import PageMeta
from dinh.portal.views.screen import page_of_rows, plain_text, show

if TYPE_CHECKING:
    from dinh.portal.models import PostVersion

__all__ = [
    "BUILT_IN",
    "address_of",
    "document",
    "documents",
    "file",
    "news",
    "news_item",
    "page",
    "texts_of",
    "values_of",
]

# Pages that the law asks of every portal: there from the first day, and replaced by what editors write.
BUILT_IN = {"lien-he": "contact.html", "tro-nang": "accessibility.html", "quyen-rieng-tu": "privacy.html"}


@route(who="everyone")
def news(request: Request) -> HttpResponse:
    """News, the newest first; search and topic stay in the address."""
    words, topic = plain_text(request.GET.get("q"), most=100), request.GET.get("chu-de", "")
    found = page_of_rows(
        find_news(words, topic=topic if topic in TOPICS else "", now=timezone.now()), request, size=12
    )
    return show(
        request,
        "news.html",
        {
            "q": words,
            "topic": topic,
            "topics": [(code, _(label)) for code, label in TOPICS.items()],
            "rows": [listed(row) for row in found.rows],
            "older": found.older,
            "newer": found.newer,
            "meta": PageMeta(type="Collection", keep=("chu-de",)),
        },
    )


@route(who="everyone")
def news_item(request: Request, slug: str) -> HttpResponse:
    """One news item."""
    now = timezone.now()
    version = live_version("news", slug, now=now)
    more = [listed(row) for row in neighbours_of(version, now=now)]
    return show(request, "news_item.html", {**values_of(version), "more": more})


@route(who="everyone")
def page(request: Request, slug: str) -> HttpResponse:
    """One page of the editors, or the one that the portal brings with it until they have written it."""
    try:
        version = live_version("page", slug, now=timezone.now())
    except NotFound:
        if slug not in BUILT_IN:
            raise
        return show(request, BUILT_IN[slug], {})
    return show(request, "content_page.html", values_of(version))


@route(who="everyone")
def documents(request: Request) -> HttpResponse:
    """Legal texts: by words, type and year, the newest issued first."""
    asked = {name: plain_text(request.GET.get(name), most=100) for name in ("q", "loai", "nam")}
    year = int(asked["nam"]) if re.fullmatch("[12][0-9]{3}", asked["nam"]) else None
    kind = asked["loai"] if asked["loai"] in DOCUMENT_TYPES else ""
    found = page_of_rows(
        find_documents(asked["q"], document_type=kind, year=year, now=timezone.now()), request
    )
    this_year = timezone.localdate().year
    return show(
        request,
        "documents.html",
        {
            **asked,
            "types": [(code, _(label)) for code, label in DOCUMENT_TYPES.items()],
            "years": [(str(number), str(number)) for number in range(this_year, this_year - 10, -1)],
            "rows": [{**listed(row), **document_facts(row)} for row in found.rows],
            "older": found.older,
            "newer": found.newer,
            "meta": PageMeta(type="Collection", keep=("loai", "nam")),
        },
    )


@route(who="everyone")
def document(request: Request, slug: str) -> HttpResponse:
    """One legal text with its facts and its file."""
    version = live_version("document", slug, now=timezone.now())
    return show(request, "document.html", {**values_of(version), **document_facts(version)})


@route(who="everyone")
def file(request: Request, version_id: UUID, part: str) -> HttpResponseBase:
    """The picture or the attachment of what the public sees."""
    if part not in ("hinh", "tep"):
        raise NotFound
    found: Any = post_file(request.by, version_id, part, now=timezone.now())
    return respond(found, inline=True, request=request)


def address_of(version: "PostVersion") -> str:
    """Where the public reads it."""
    names = {"news": "news-item", "page": "page", "document": "document"}
    if version.post.kind not in names:
        return reverse("portal:home")
    return reverse(f"portal:{names[version.post.kind]}", kwargs={"slug": version.post.slug})


def texts_of(version: "PostVersion") -> dict[str, str]:
    """Title, lead and body in the reader's language where the editor wrote it, else in Vietnamese."""
    if translation.get_language() == "en" and version.title_en:
        return {
            "title": version.title_en,
            "lead": version.lead_en,
            "body": version.body_en or version.body,
            "lang": "en",
            "body_lang": "en" if version.body_en else "vi",
        }
    return {
        "title": version.title, "lead": version.lead, "body": version.body, "lang": "vi", "body_lang": "vi"
    }  # fmt: skip


def values_of(version: "PostVersion") -> dict[str, Any]:
    """What the page of a version shows, and what it says of itself."""
    texts = texts_of(version)
    is_english = texts["lang"] == "en"
    picture = {
        "address": _file_address(version, "hinh"),
        "alt": (version.picture_alt_en if is_english else "") or version.picture_alt,
    }
    return {
        **texts,
        "html": as_html(texts["body"]),
        "is_untranslated": translation.get_language() == "en" and not is_english,
        "topic": _(TOPICS[version.topic]) if version.topic else "",
        "published_at": version.publish_at,
        "creator": version.creator,
        "source": version.source,
        "picture": picture if version.picture_id else None,
        "attachment": _file_address(version, "tep") if version.attachment_id else "",
        "meta": PageMeta(
            description=texts["lead"] or as_plain(texts["body"], most=200),
            creator=version.creator,
            published_at=version.publish_at,
            changed_at=version.publish_at,
            language=texts["lang"],
            subjects=version.subjects,
            contributors=version.contributors,
            source=version.source,
        ),
    }


def listed(version: "PostVersion") -> dict[str, Any]:
    """A line of a list."""
    texts = texts_of(version)
    return {
        "title": texts["title"],
        "lead": texts["lead"] or as_plain(texts["body"], most=200),
        "lang": texts["lang"],
        "address": address_of(version),
        "published_at": version.publish_at,
        "topic": _(TOPICS[version.topic]) if version.topic else "",
    }


def document_facts(version: "PostVersion") -> dict[str, Any]:
    """What the law wants to be said of a legal text."""
    today = timezone.localdate()
    if version.ended_on and version.ended_on <= today:
        effect, tone = _("Hết hiệu lực"), "neutral"
    elif version.effective_on and version.effective_on > today:
        effect, tone = _("Chưa có hiệu lực"), "wait"
    else:
        effect, tone = _("Còn hiệu lực"), "good"
    return {
        "document_number": version.document_number,
        "document_type": _(DOCUMENT_TYPES.get(version.document_type, version.document_type)),
        "issued_by": version.issued_by,
        "issued_on": version.issued_on,
        "effective_on": version.effective_on,
        "ended_on": version.ended_on,
        "effect": effect,
        "effect_tone": tone,
    }


def _file_address(version: "PostVersion", part: str) -> str:
    return reverse("portal:post-file", kwargs={"version_id": version.pk, "part": part})
