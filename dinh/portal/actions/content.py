"""Verbs of content: written, submitted, returned, approved, restored, withdrawn."""

import datetime as dt
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from dinh.foundation.actions.public import Actor, action, publish
from dinh.foundation.calendars.public import calendar_for
from dinh.kernel.errors import N_, Refused, existing
from dinh.kernel.text import clean
from dinh.portal.events import ContentApproved
from dinh.portal.models import Post, PostVersion
from dinh.portal.permissions import EDIT_CONTENT, PUBLISH_CONTENT
from dinh.portal.queries.content import open_version
from dinh.portal.rules.content import (
    DOCUMENT_TYPES,
    KINDS,
    MENUS,
    TOPICS,
    VERSION,
    AltMissing,
    SlugTaken,
    check_notice,
    menu_lines,
    need,
    slug_of,
)
from dinh.portal.rules.petitions import clean_lines

__all__ = [
    "ContentSeed",
    "KindUnknown",
    "NothingOpen",
    "OwnVersion",
    "approve_version",
    "restore_version",
    "return_version",
    "save_draft",
    "start_post",
    "submit_version",
    "withdraw_post",
]

_MOST_BODY = 100_000


class KindUnknown(Refused):
    message = N_("Hãy chọn loại nội dung.")


class NothingOpen(Refused):
    message = N_("Không có bản thảo nào ở bước này. Có thể người khác vừa làm; hãy tải lại trang.")


class OwnVersion(Refused):
    message = N_("Ông/Bà soạn bản này nên người khác phải duyệt.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentSeed:
    """What an editor typed: cleaned and checked by the verbs. Files are stored before, by their ids."""

    title: str = ""
    lead: str = ""
    body: str = ""
    title_en: str = ""
    lead_en: str = ""
    body_en: str = ""
    topic: str = ""
    picture_id: UUID | None = None
    picture_alt: str = ""
    picture_alt_en: str = ""
    attachment_id: UUID | None = None
    creator: str = ""
    contributors: str = ""
    subjects: str = ""
    source: str = ""
    document_number: str = ""
    document_type: str = ""
    issued_by: str = ""
    issued_on: dt.date | None = None
    effective_on: dt.date | None = None
    ended_on: dt.date | None = None
    shows_from: dt.datetime | None = None
    shows_until: dt.datetime | None = None
    is_urgent: bool = False


@action("content.started", permission=EDIT_CONTENT, label=N_("Tạo nội dung"))
def start_post(kind: str, *, slug: str = "", seed: ContentSeed, by: Actor, now: dt.datetime) -> Post:
    """Begin a post with its first draft; its address is made from the title unless given.

    Raises ``KindUnknown``, ``ContentIncomplete`` or ``SlugTaken``.
    """
    if kind not in KINDS:
        raise KindUnknown(field="kind")
    title = need(clean(seed.title)[:300], "title", N_("tiêu đề"))
    address = slug_of(slug or title)
    if kind == "menu" and address not in MENUS:
        raise SlugTaken(slug=address, field="slug")
    if not address or Post.objects.filter(kind=kind, slug=address).exists():
        raise SlugTaken(slug=address, field="slug")
    post = Post.objects.create(kind=kind, slug=address, created_at=now)
    _write(PostVersion(post=post, number=1, state=VERSION.initial, created_at=now), post, seed, by, now)
    return post


@action("content.drafted", permission=EDIT_CONTENT, on=Post, label=N_("Lưu bản thảo"))
def save_draft(post: Post, *, seed: ContentSeed, by: Actor, now: dt.datetime) -> None:
    """Write the draft; a new one is begun when the newest version has been approved.

    What waits for review can't be changed: the reviewer returns it first.
    """
    version = open_version(post)
    if version is None:
        version = PostVersion(post=post, number=_next_number(post), state=VERSION.initial, created_at=now)
    else:
        version.state = VERSION.after(version.state, "edit")
    _write(version, post, seed, by, now)


@action("content.submitted", permission=EDIT_CONTENT, on=Post, label=N_("Trình duyệt nội dung"))
def submit_version(post: Post, *, by: Actor, now: dt.datetime) -> None:
    """Hand the draft to the reviewers, after all checks of its kind."""
    version = _needed(post)
    version.state = VERSION.after(version.state, "submit")
    _check(post, version, now)
    version.note, version.changed_at = "", now
    version.save()


@action("content.returned", permission=PUBLISH_CONTENT, on=Post, label=N_("Trả lại nội dung"))
def return_version(post: Post, *, note: str, by: Actor, now: dt.datetime) -> None:
    """Give the version back to its writer with what is to be changed."""
    version = _needed(post)
    version.state = VERSION.after(version.state, "return")
    version.note = need(clean_lines(note, most=2000), "note", N_("điều cần sửa"))
    version.reviewer, version.changed_at = by.signed, now
    version.save()


@action("content.approved", permission=PUBLISH_CONTENT, on=Post, label=N_("Duyệt công bố"))
def approve_version(
    post: Post, *, publish_at: dt.datetime | None = None, by: Actor, now: dt.datetime
) -> None:
    """Approve the version as another than its writer; it is seen from ``publish_at`` on (None: now)."""
    version = _needed(post)
    version.state = VERSION.after(version.state, "approve")
    if by.kind != "system" and version.author_id == by.person_id:
        raise OwnVersion
    _check(post, version, now)
    version.publish_at = max(publish_at or now, now)
    version.approved_at, version.changed_at, version.reviewer, version.note = now, now, by.signed, ""
    version.save()
    if post.withdrawn_at is not None:
        post.withdrawn_at, post.withdrawn_note = None, ""
        post.save(update_fields=["withdrawn_at", "withdrawn_note"])
    publish(ContentApproved(post_id=post.pk, kind=post.kind, publish_at=version.publish_at))


@action("content.restored", permission=EDIT_CONTENT, on=Post, label=N_("Khôi phục bản cũ"))
def restore_version(post: Post, *, number: int, by: Actor, now: dt.datetime) -> None:
    """Make the draft say what an older version said; it is reviewed like any other."""
    old = existing(PostVersion.objects.filter(post=post, number=number).first())
    fields = {name: getattr(old, name) for name in asdict(ContentSeed())}
    version = open_version(post)
    if version is None:
        version = PostVersion(post=post, number=_next_number(post), state=VERSION.initial, created_at=now)
    else:
        version.state = VERSION.after(version.state, "edit")
    _write(version, post, ContentSeed(**fields), by, now)


@action("content.withdrawn", permission=PUBLISH_CONTENT, on=Post, label=N_("Gỡ nội dung"))
def withdraw_post(post: Post, *, reason: str, by: Actor, now: dt.datetime) -> None:
    """Take a post off the portal; its versions stay, and a newly approved one brings it back."""
    post.withdrawn_note = need(clean_lines(reason, most=1000), "reason", N_("lý do gỡ"))
    post.withdrawn_at = now
    post.save(update_fields=["withdrawn_at", "withdrawn_note"])


def _write(version: PostVersion, post: Post, seed: ContentSeed, by: Actor, now: dt.datetime) -> None:
    for name, value in asdict(seed).items():
        setattr(version, name, _CLEAN.get(name, _line)(value) if isinstance(value, str) else value)
    need(version.title, "title", N_("tiêu đề"))
    if version.picture_id is not None and not version.picture_alt:
        raise AltMissing(field="picture_alt")
    if post.kind == "menu":
        menu_lines(version.body)
    version.topic = version.topic if version.topic in TOPICS else ""
    version.document_type = version.document_type if version.document_type in DOCUMENT_TYPES else ""
    version.author_id, version.author, version.changed_at = by.person_id, by.signed, now
    version.index()
    version.save()


def _check(post: Post, version: PostVersion, now: dt.datetime) -> None:
    """What must be there before anybody else sees the version, by kind."""
    if post.kind == "notice":
        check_notice(
            version.shows_from,
            version.shows_until,
            is_urgent=version.is_urgent,
            calendar=calendar_for(None),
            now=now,
        )
        return
    if post.kind == "document":
        need(version.document_number, "document_number", N_("số, ký hiệu"))
        need(version.document_type, "document_type", N_("loại văn bản"))
        need(version.issued_by, "issued_by", N_("cơ quan ban hành"))
        need(f"{version.issued_on or ''}", "issued_on", N_("ngày ban hành"))
        return
    need(version.body, "body", N_("nội dung"))
    if post.kind == "news":
        need(version.lead, "lead", N_("đoạn mở đầu"))


def _needed(post: Post) -> PostVersion:
    version = open_version(post)
    if version is None:
        raise NothingOpen
    return version


def _next_number(post: Post) -> int:
    newest = PostVersion.objects.filter(post=post).order_by("-number").first()
    return newest.number + 1 if newest else 1


def _line(value: str) -> str:
    return clean(value)[:300]


def _block(value: str) -> str:
    """A text with marks: line ends and forbidden characters put right, indents and empty lines kept."""
    lines = value[: 2 * _MOST_BODY].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = ("".join(letter for letter in line if letter.isprintable() or letter == "\t") for line in lines)
    return "\n".join(line.rstrip() for line in kept).strip("\n")[:_MOST_BODY]


_CLEAN: dict[str, Callable[[str], Any]] = {
    "body": _block,
    "body_en": _block,
    "lead": lambda value: clean(value)[:600],
    "lead_en": lambda value: clean(value)[:600],
}
