"""Reads of content: what the public sees now, what stands around every page, what editors work on."""

import datetime as dt
from collections.abc import Sequence
from typing import cast
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from dinh.foundation.actions.public import Actor, FixedQuery
from dinh.foundation.directory.public import coverage
from dinh.foundation.files.public import get_file
from dinh.kernel.errors import NotFound, existing
from dinh.kernel.text import search_tokens
from dinh.portal.models import Post, PostVersion

__all__ = [
    "access_post",
    "around_pages",
    "edits_content",
    "find_documents",
    "find_news",
    "live_page_slugs",
    "live_version",
    "live_versions",
    "neighbours_of",
    "open_version",
    "post_file",
    "posts_to_edit",
    "preview_version",
    "version_of",
    "versions_of_post",
]


def live_versions(kind: str, *, now: dt.datetime) -> QuerySet[PostVersion]:
    """What the public sees of a kind at that moment, the newest first."""
    found = PostVersion.objects.live(now).filter(post__kind=kind).order_by("-publish_at", "-id")
    return cast("QuerySet[PostVersion]", found)


def find_news(words: str = "", *, topic: str = "", now: dt.datetime) -> QuerySet[PostVersion]:
    """News that hold every word, with or without diacritics."""
    found = _matching(live_versions("news", now=now), words)
    return found.filter(topic=topic) if topic else found


def find_documents(
    words: str = "", *, document_type: str = "", year: int | None = None, now: dt.datetime
) -> QuerySet[PostVersion]:
    """Legal texts that hold every word, the newest issued first."""
    found = _matching(live_versions("document", now=now), words).order_by("-issued_on", "-id")
    if document_type:
        found = found.filter(document_type=document_type)
    return found.filter(issued_on__year=year) if year else found


def live_version(kind: str, slug: str, *, now: dt.datetime) -> PostVersion:
    """Return what the public sees at an address. Raises ``NotFound``."""
    return existing(live_versions(kind, now=now).filter(post__slug=slug).first())


def live_page_slugs(*, now: dt.datetime) -> list[tuple[str, str, str, dt.datetime | None]]:
    """Kind, slug, title and moment of everything with an address of its own, for the site map."""
    found = PostVersion.objects.live(now).filter(post__kind__in=["news", "page", "document"])
    rows = found.order_by("post__kind", "-publish_at")
    return list(rows.values_list("post__kind", "post__slug", "title", "publish_at"))


def around_pages(*, now: dt.datetime) -> list[PostVersion]:
    """The notices that show at that moment, and the menus: what stands around every page. One query."""
    return _AROUND.all(now=now)


_AROUND: FixedQuery[PostVersion] = FixedQuery(
    lambda now: (
        PostVersion.objects.live(now)
        .filter(Q(post__kind="notice", shows_from__isnull=False, shows_until__gt=now) | Q(post__kind="menu"))
        .order_by("shows_from", "id")
    ),
    now=dt.datetime,
)


def neighbours_of(version: PostVersion, *, now: dt.datetime, most: int = 4) -> list[PostVersion]:
    """Other news of the same topic, the newest first."""
    found = live_versions(version.post.kind, now=now).exclude(post_id=version.post_id)
    return list(found.filter(topic=version.topic)[:most])


def post_file(by: Actor, version_id: UUID, part: str, *, now: dt.datetime) -> object:
    """Return the picture or attachment of a version that the public sees, or that its editors see.

    Raises ``NotFound``.
    """
    version = existing(PostVersion.objects.select_related("post").filter(pk=version_id).first())
    if not edits_content(by) and not PostVersion.objects.live(now).filter(pk=version_id).exists():
        raise NotFound
    file_id = version.picture_id if part == "hinh" else version.attachment_id
    if file_id is None:
        raise NotFound
    return get_file(file_id)


# --- For editors ------------------------------------------------------------------------------------


def edits_content(by: Actor) -> bool:
    """Whether the acting position writes or reviews content. Runs no query."""
    return any(coverage(by, code).everything for code in ("content.edit", "content.publish"))


def posts_to_edit(
    by: Actor, *, kind: str = "", words: str = "", state: str = "", now: dt.datetime
) -> QuerySet[PostVersion]:
    """The newest version of every post that editors see, the last changed first."""
    newest = PostVersion.objects.filter(post_id=OuterRef("post_id")).order_by("-number").values("pk")[:1]
    found = PostVersion.objects.select_related("post").filter(pk=Subquery(newest))
    if not edits_content(by):
        return cast("QuerySet[PostVersion]", found.none())
    if kind:
        found = found.filter(post__kind=kind)
    if state == "withdrawn":
        found = found.exclude(post__withdrawn_at=None)
    elif state:
        found = found.filter(state=state)
    return _matching(cast("QuerySet[PostVersion]", found), words).order_by("-changed_at", "-id")


def access_post(by: Actor, post_id: UUID) -> Post:
    """Return a post for who writes or reviews. Raises ``NotFound``."""
    found = Post.objects.filter(pk=post_id).first() if edits_content(by) else None
    if found is None:
        raise NotFound
    return found


def versions_of_post(post: Post) -> Sequence[PostVersion]:
    """Every version, the newest first."""
    return list(PostVersion.objects.filter(post=post).order_by("-number"))


def open_version(post: Post) -> PostVersion | None:
    """The version that is being written or reviewed, if there is one."""
    found: PostVersion | None = PostVersion.objects.filter(post=post).exclude(state="approved").first()
    return found


def version_of(post: Post, number: int) -> PostVersion:
    """Return a version by its number. Raises ``NotFound``."""
    return existing(PostVersion.objects.filter(post=post, number=number).first())


def preview_version(by: Actor, post_id: UUID, number: int) -> PostVersion:
    """Return a version as its editors see it. Raises ``NotFound``."""
    post = access_post(by, post_id)
    return existing(PostVersion.objects.select_related("post").filter(post=post, number=number).first())


def _matching(found: QuerySet[PostVersion], words: str) -> QuerySet[PostVersion]:
    for token in search_tokens(words)[:8]:
        found = found.filter(search_text__contains=token)
    return found
