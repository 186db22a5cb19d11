"""Content on the officials' side: editors write, reviewers approve, versions are compared and restored."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.files.public import PICTURES
from dinh.foundation.ui.public import format_moment
from dinh.kernel.errors import NotAllowed, NotFound, Refused
from dinh.portal.forms.content import PICTURE_LIMIT, ContentForm, MomentUnreadable, read_moment
from dinh.portal.public import (
    EDIT_CONTENT,
    PUBLISH_CONTENT,
    access_post,
    approve_version,
    edits_content,
    open_version,
    posts_to_edit,
    preview_version,
    restore_version,
    return_version,
    save_draft,
    start_post,
    submit_version,
    version_of,
    versions_of_post,
    withdraw_post,
)
from dinh.portal.rules.content import DOCUMENT_TYPES, KINDS, MENUS, TOPICS, VERSION, differences
from dinh.portal.views.content import address_of, document_facts, values_of
from dinh.portal.views.screen import Errors, page_of_rows, plain_text, said_of, sentence, show

if TYPE_CHECKING:
    from dinh.portal.models import Post, PostVersion

__all__ = [
    "add",
    "approve",
    "compare",
    "content_list",
    "edit",
    "post",
    "preview",
    "restore",
    "send_back",
    "submit",
    "withdraw",
]

TONES = {"draft": "neutral", "submitted": "wait", "returned": "warn", "approved": "good"}
# What a version says, with the word of each part, as comparisons and the form show it.
COMPARED = ("title", "lead", "body", "title_en", "lead_en", "body_en")


@route(who="official")
def content_list(request: Request) -> HttpResponse:
    """Every post by its newest version, the last changed first."""
    if not edits_content(request.by):
        raise NotFound
    asked = {name: plain_text(request.GET.get(name), most=100) for name in ("q", "loai", "trang-thai")}
    kind = asked["loai"] if asked["loai"] in KINDS else ""
    found = page_of_rows(
        posts_to_edit(request.by, kind=kind, words=asked["q"], state=asked["trang-thai"], now=timezone.now()),
        request,
        size=50,
    )
    states = [*((state.code, _(state.label)) for state in VERSION.states), ("withdrawn", _("Đã gỡ"))]
    return render(
        request,
        "portal/desk/content.html",
        {
            "tabs": _tabs(kind),
            "kind": kind,
            "q": asked["q"],
            "state": asked["trang-thai"],
            "states": states,
            "rows": [_row(version) for version in found.rows],
            "older": found.older,
            "newer": found.newer,
            "adds": _adds() if EDIT_CONTENT.may(request.by, None) else [],
        },
    )


def _tabs(kind: str) -> list[dict[str, Any]]:
    words = {"": _("Tất cả"), **{code: _(label) for code, label in KINDS.items()}}
    return [
        {"label": label, "address": f"?{urlencode({'loai': code})}", "active": code == kind}
        for code, label in words.items()
    ]


def _adds() -> list[dict[str, str]]:
    return [
        {"label": _(label), "address": reverse("portal:desk-content-add", kwargs={"kind": kind})}
        for kind, label in KINDS.items()
    ]


def _row(version: "PostVersion") -> dict[str, Any]:
    state, tone = _state(version.post, version)
    return {
        "address": _address(version.post_id),
        "title": version.title,
        "kind": _(KINDS[version.post.kind]),
        "slug": version.post.slug,
        "number": version.number,
        "author": version.author,
        "changed_at": version.changed_at,
        "state": state,
        "tone": tone,
    }


def _state(post: "Post", version: "PostVersion") -> tuple[str, str]:
    if post.withdrawn_at is not None and version.state == "approved":
        return _("Đã gỡ"), "bad"
    if version.state == "approved" and version.publish_at and version.publish_at > timezone.now():
        return _("Hẹn công bố %(at)s") % {"at": format_moment(version.publish_at)}, "wait"
    if version.state == "approved":
        return _("Đang hiện trên cổng"), "good"
    return _(VERSION.label(version.state)), TONES[version.state]


@route(who="official", permission=EDIT_CONTENT)
def add(request: Request, kind: str) -> HttpResponseBase:
    """Write something new."""
    if kind not in KINDS:
        raise NotFound
    if request.method != "POST":
        return _form(request, kind, values={})
    form = ContentForm.read(request.POST, request.FILES, before=None, by=request.by)
    if form.errors:
        return _form(request, kind, values=form.values, errors=said_of(form.errors), status=422)
    try:
        made = start_post(kind, slug=form.values["slug"], seed=form.seed, by=request.by, now=timezone.now())
    except NotAllowed:
        raise
    except Refused as refused:
        errors = Errors({refused.field or "": sentence(refused)})
        return _form(request, kind, values=form.values, errors=errors, status=422)
    messages.success(request, _("Đã lưu bản thảo."))
    return redirect(_address(made.pk))


@require_POST
@route(who="official", permission=EDIT_CONTENT)
def edit(request: Request, post_id: UUID) -> HttpResponseBase:
    """Save the draft; with the other button, hand it to the reviewers too."""
    found = access_post(request.by, post_id)
    before = open_version(found) or next(iter(versions_of_post(found)), None)
    form = ContentForm.read(request.POST, request.FILES, before=before, by=request.by)
    errors = said_of(form.errors)
    if not errors:
        try:
            save_draft(found, seed=form.seed, by=request.by, now=timezone.now())
            if request.POST.get("then") == "submit":
                submit_version(found, by=request.by, now=timezone.now())
        except NotAllowed:
            raise
        except Refused as refused:
            errors = Errors({refused.field or "": sentence(refused)})
    if errors:
        return _post_page(
            request, access_post(request.by, post_id), values=form.values, errors=errors, status=422
        )
    submitted = request.POST.get("then") == "submit"
    messages.success(request, _("Đã trình duyệt.") if submitted else _("Đã lưu bản thảo."))
    return redirect(_address(post_id))


@route(who="official")
def post(request: Request, post_id: UUID) -> HttpResponse:
    """One post: its draft, its versions, what is next and whose."""
    return _post_page(request, access_post(request.by, post_id))


@require_POST
@route(who="official", permission=EDIT_CONTENT)
def submit(request: Request, post_id: UUID) -> HttpResponseBase:
    """Hand the saved draft to the reviewers."""
    return _do(
        request,
        post_id,
        lambda found: submit_version(found, by=request.by, now=timezone.now()),
        _("Đã trình duyệt."),
    )


@require_POST
@route(who="official", permission=PUBLISH_CONTENT)
def send_back(request: Request, post_id: UUID) -> HttpResponseBase:
    """Give the version back to its writer."""
    note = request.POST.get("note", "")
    return _do(
        request,
        post_id,
        lambda found: return_version(found, note=note, by=request.by, now=timezone.now()),
        _("Đã trả lại cho người soạn."),
    )


@require_POST
@route(who="official", permission=PUBLISH_CONTENT)
def approve(request: Request, post_id: UUID) -> HttpResponseBase:
    """Approve the version, to be seen now or from the moment given."""
    typed = request.POST.get("publish_at", "").strip()
    at = read_moment(typed) if typed else None
    if typed and at is None:
        errors = Errors({"publish_at": sentence(MomentUnreadable())})
        return _post_page(
            request, access_post(request.by, post_id), errors=errors, publish_at=typed, status=422
        )
    return _do(
        request,
        post_id,
        lambda found: approve_version(found, publish_at=at, by=request.by, now=timezone.now()),
        _("Đã duyệt công bố."),
    )


@require_POST
@route(who="official", permission=EDIT_CONTENT)
def restore(request: Request, post_id: UUID, number: int) -> HttpResponseBase:
    """Make the draft say what an older version said."""
    return _do(
        request,
        post_id,
        lambda found: restore_version(found, number=number, by=request.by, now=timezone.now()),
        _("Đã chép bản %(number)s vào bản thảo; trình duyệt để công bố lại.") % {"number": number},
    )


@require_POST
@route(who="official", permission=PUBLISH_CONTENT)
def withdraw(request: Request, post_id: UUID) -> HttpResponseBase:
    """Take the post off the portal."""
    reason = request.POST.get("reason", "")
    return _do(
        request,
        post_id,
        lambda found: withdraw_post(found, reason=reason, by=request.by, now=timezone.now()),
        _("Đã gỡ khỏi cổng; các phiên bản vẫn được giữ."),
    )


@route(who="official")
def compare(request: Request, post_id: UUID, older: int, newer: int) -> HttpResponse:
    """What a version changed of another, line by line."""
    found = access_post(request.by, post_id)
    one, other = version_of(found, older), version_of(found, newer)
    words = _words()
    parts = [
        {"label": words[name], "lines": differences(getattr(one, name), getattr(other, name))}
        for name in COMPARED
    ]
    return render(
        request,
        "portal/desk/compare.html",
        {
            "title": other.title,
            "older": older,
            "newer": newer,
            "back": _address(post_id),
            "parts": [part for part in parts if part["lines"]],
        },
    )


@route(who="official")
def preview(request: Request, post_id: UUID, number: int) -> HttpResponse:
    """A version as the public would see it."""
    version = preview_version(request.by, post_id, number)
    version.publish_at = version.publish_at or timezone.now()
    templates = {"news": "news_item.html", "document": "document.html"}
    values = {**values_of(version), "more": []}
    if version.post.kind == "document":
        values |= document_facts(version)
    messages.info(request, _("Đây là bản xem trước; chưa ai khác thấy."))
    return show(request, templates.get(version.post.kind, "content_page.html"), values)


def _do(request: Request, post_id: UUID, verb: "Callable[[Post], Any]", done: str) -> HttpResponseBase:
    """Do one verb; a refusal shows at its field or on top of the page."""
    found = access_post(request.by, post_id)
    try:
        verb(found)
    except NotAllowed:
        raise
    except Refused as refused:
        errors = Errors({refused.field or "": sentence(refused)})
        return _post_page(request, access_post(request.by, post_id), errors=errors, status=422)
    messages.success(request, done)
    return redirect(_address(post_id))


def _post_page(
    request: Request,
    found: "Post",
    *,
    values: dict[str, Any] | None = None,
    errors: Errors | None = None,
    publish_at: str = "",
    status: int = 200,
) -> HttpResponse:
    by, versions = request.by, versions_of_post(found)
    newest = versions[0]
    is_open = newest.state != "approved"
    may = {
        "edit": EDIT_CONTENT.may(by, found) and newest.state != "submitted",
        "submit": is_open and EDIT_CONTENT.may(by, found) and VERSION.can(newest.state, "submit"),
        "approve": newest.state == "submitted" and PUBLISH_CONTENT.may(by, found),
        "withdraw": PUBLISH_CONTENT.may(by, found)
        and found.withdrawn_at is None
        and any(version.state == "approved" for version in versions),
    }
    state, tone = _state(found, newest)
    first = values or _first_values(newest)
    return _form(
        request,
        found.kind,
        values=first,
        errors=errors,
        status=status,
        post=found,
        version=newest,
        state=state,
        tone=tone,
        may=may,
        publish_at=publish_at,
        is_own=newest.author_id == by.person_id,
        preview=_preview_address(newest),
        versions=[_version_row(version, versions) for version in versions],
        live_address=address_of(newest) if found.kind in ("news", "page", "document") else "",
    )


def _form(
    request: Request,
    kind: str,
    *,
    values: dict[str, Any],
    errors: Errors | None = None,
    status: int = 200,
    post: "Post | None" = None,
    **more: Any,
) -> HttpResponse:
    names = (*_words(), "slug", "is_urgent", "picture", "attachment")
    nothing: dict[str, Any] = {
        "version": None, "state": "", "tone": "", "publish_at": "", "is_own": False, "preview": "",
        "versions": [], "live_address": "",
        "may": {"edit": True, "submit": False, "approve": False, "withdraw": False},
    }  # fmt: skip
    return render(
        request,
        "portal/desk/post.html",
        {
            **nothing,
            **more,
            "post": post,
            "kind": kind,
            "kind_label": _(KINDS[kind]),
            "words": _words(),
            "values": {**dict.fromkeys(names, ""), **values},
            "errors": errors or Errors(),
            "topics": [(code, _(label)) for code, label in TOPICS.items()],
            "types": [(code, _(label)) for code, label in DOCUMENT_TYPES.items()],
            "menus": [(code, _(label)) for code, label in MENUS.items()],
            "picture_accept": PICTURES.accept,
            "picture_limit": f"{PICTURE_LIMIT // 1024} KB",
        },
        status=status,
    )


def _first_values(version: "PostVersion") -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(version, name) for name in _words()}
    for name in ("issued_on", "effective_on", "ended_on"):
        values[name] = values[name] or ""
    for name in ("shows_from", "shows_until"):
        values[name] = format_moment(values[name]) if values[name] else ""
    return {
        **values,
        "slug": version.post.slug,
        "is_urgent": "1" if version.is_urgent else "",
        "picture": version.picture.name if version.picture else "",
        "attachment": version.attachment.name if version.attachment else "",
    }


def _words() -> dict[str, str]:
    """The parts of a version with their words."""
    return {
        "title": _("Tiêu đề"),
        "lead": _("Đoạn mở đầu"),
        "body": _("Nội dung"),
        "title_en": _("Tiêu đề tiếng Anh"),
        "lead_en": _("Đoạn mở đầu tiếng Anh"),
        "body_en": _("Nội dung tiếng Anh"),
        "topic": _("Chủ đề"),
        "picture_alt": _("Mô tả ảnh"),
        "picture_alt_en": _("Mô tả ảnh tiếng Anh"),
        "creator": _("Tác giả"),
        "contributors": _("Người đóng góp"),
        "subjects": _("Từ khóa"),
        "source": _("Nguồn"),
        "document_number": _("Số, ký hiệu"),
        "document_type": _("Loại văn bản"),
        "issued_by": _("Cơ quan ban hành"),
        "issued_on": _("Ngày ban hành"),
        "effective_on": _("Ngày có hiệu lực"),
        "ended_on": _("Ngày hết hiệu lực"),
        "shows_from": _("Bắt đầu"),
        "shows_until": _("Kết thúc"),
    }


def _version_row(version: "PostVersion", versions: Any) -> dict[str, Any]:
    before = next((one.number for one in versions if one.number < version.number), None)
    parts = {"post_id": version.post_id}
    return {
        "number": version.number,
        "title": version.title,
        "state": _state(version.post, version)[0]
        if version is versions[0]
        else _(VERSION.label(version.state)),
        "tone": TONES[version.state],
        "author": version.author,
        "reviewer": version.reviewer,
        "changed_at": version.changed_at,
        "publish_at": version.publish_at,
        "preview": _preview_address(version),
        "compare": reverse(
            "portal:desk-content-compare", kwargs={**parts, "older": before, "newer": version.number}
        )
        if before is not None
        else "",
        "restore": reverse("portal:desk-content-restore", kwargs={**parts, "number": version.number})
        if version is not versions[0]
        else "",
    }


def _preview_address(version: "PostVersion") -> str:
    if version.post.kind not in ("news", "page", "document"):
        return ""
    parts = {"post_id": version.post_id, "number": version.number}
    return reverse("portal:desk-content-preview", kwargs=parts)


def _address(post_id: UUID) -> str:
    return reverse("portal:desk-post", kwargs={"post_id": post_id})
