"""Screens of keys: whose, until when, where used; suspended, revoked, renewed; pictures; the token."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.directory.public import MANAGE_DIRECTORY
from dinh.foundation.signing.public import (
    KEY_STATES,
    MANAGE_KEYS,
    KeyFilter,
    KeyLine,
    NoPicture,
    access_key,
    key_card,
    key_figures,
    key_lines,
    picture_content,
    put_picture,
    remove_picture,
    renew_sample_key,
    resume_key,
    revoke_key,
    suspend_key,
    token_state,
)
from dinh.foundation.signing.rules.keys import PICTURE_BYTES, PictureUnreadable
from dinh.kernel.errors import N_, NotFound, Refused

__all__ = ["key", "keys", "picture", "put", "remove", "renew", "resume", "revoke", "suspend", "token"]

KINDS = {"person": N_("Cá nhân"), "agency": N_("Cơ quan"), "desk": N_("Bộ phận một cửa, hệ thống")}
# The field at which each refusal shows.
FIELDS = {"": "", "suspend": "suspend_reason", "revoke": "revoke_reason", "picture": "picture"}
APPEARANCES = {
    "HandSignature": N_("Chữ ký của người"),
    "AgencySeal": N_("Con dấu của cơ quan"),
    "CornerText": N_("Dòng chữ ở góc"),
    "Unseen": N_("Không hiện trên giấy"),
}


@never_cache
@require_GET
@route(who="official", permission=MANAGE_KEYS)
def keys(request: Request) -> HttpResponse:
    """Every key with its state, and what wants something done."""
    now = timezone.now()
    asked = {name: request.GET.get(name, "").strip()[:100] for name in ("q", "loai", "trang-thai", "sau")}
    asked["loai"] = asked["loai"] if asked["loai"] in KINDS else ""
    asked["trang-thai"] = asked["trang-thai"] if asked["trang-thai"] in KEY_STATES else ""
    chosen = KeyFilter(words=asked["q"], kind=asked["loai"], state=asked["trang-thai"])
    lines, after = key_lines(request.by, chosen, now=now, after=asked["sau"])
    figures = key_figures(request.by, now=now)
    return render(
        request,
        "signing/keys.html",
        {
            "rows": [{"line": line, "address": _address(line.id), **_words(line, now)} for line in lines],
            "older": _with(asked, sau=after) if after else "",
            "newer": _with(asked, sau="") if asked["sau"] else "",
            "asked": asked,
            "chips": _chips(asked),
            "kinds": [(code, _(word)) for code, word in KINDS.items()],
            "states": [(code, _(word)) for code, (word, _tone) in KEY_STATES.items()],
            "figures": [
                {
                    "label": _(word),
                    "value": figures[code],
                    "address": f"?{urlencode({'trang-thai': code})}",
                    "tone": tone if tone in ("warn", "bad") and figures[code] else "",
                }
                for code, (word, tone) in KEY_STATES.items()
                if figures[code] or code in ("in_use", "ending")
            ],
            "has_token": bool(settings.SIGNING_PKCS11_MODULE),
        },
    )


def _words(line: KeyLine, now: dt.datetime) -> dict[str, Any]:
    word, tone = KEY_STATES[line.state]
    left = (line.valid_until - now).days
    return {
        "state": _(word),
        "tone": tone,
        "kind": _(line.kind),
        "store": _(line.store),
        "left": _("còn %(days)s ngày") % {"days": left} if line.state == "ending" else "",
    }


def _chips(asked: dict[str, str]) -> list[tuple[str, str]]:
    kind, state = asked["loai"], asked["trang-thai"]
    words = {
        "loai": _(KINDS[kind]) if kind else "",
        "trang-thai": _(KEY_STATES[state][0]) if state else "",
        "q": asked["q"],
    }
    return [(word, _with(asked, **{name: "", "sau": ""})) for name, word in words.items() if word]


def _with(asked: dict[str, str], **changes: str) -> str:
    kept = {name: value for name, value in {**asked, **changes}.items() if value}
    return f"?{urlencode(kept)}"


def _address(key_id: UUID) -> str:
    return reverse("signing:key", kwargs={"key_id": key_id})


@never_cache
@require_GET
@route(who="official", permission=MANAGE_KEYS)
def token(request: Request) -> HttpResponse:
    """How the PKCS#11 token is, asked now."""
    return render(request, "signing/token.html", {"token": token_state()})


@never_cache
@require_GET
@route(who="official", permission=MANAGE_KEYS)
def key(request: Request, key_id: UUID) -> HttpResponse:
    """One key: whose, until when, where used, its picture, and what can be done with it."""
    return _show(request, key_id)


def _show(
    request: Request,
    key_id: UUID,
    *,
    errors: dict[str, str] | None = None,
    typed: str = "",
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    card = key_card(request.by, key_id, now=now)
    return render(
        request,
        "signing/key.html",
        {
            "card": card,
            "line": card.line,
            **_words(card.line, now),
            "is_seal": card.owner_kind != "person",
            "owner_address": _owner_address(request, card.owner_kind, card.owner_id),
            "newer": _address(card.newer_id) if card.newer_id else "",
            "uses": [
                {
                    "at": use.signed_at,
                    "reason": use.reason,
                    "by": use.used_by,
                    "shown": _(APPEARANCES.get(use.appearance, use.appearance)),
                }
                for use in card.uses
            ],
            "is_sample_province": settings.IS_SAMPLE,
            "faults": {FIELDS[place]: words for place, words in (errors or {}).items()},
            "errors": {"": "", "suspend": "", "revoke": "", "picture": "", **(errors or {})},
            "typed": typed,
        },
        status=status,
    )


def _owner_address(request: Request, kind: str, owner_id: UUID) -> str:
    """The owner's page in the directory, for who may open it; an owner outside it has none."""
    if not request.by.holds(MANAGE_DIRECTORY.code):
        return ""
    if kind == "person":
        return reverse("directory:person", kwargs={"person_id": owner_id})
    return reverse("directory:unit", kwargs={"unit_id": owner_id})


@require_POST
@route(who="official", permission=MANAGE_KEYS)
def suspend(request: Request, key_id: UUID) -> HttpResponse:
    """Let a key sign nothing for now, with the reason."""
    said = N_("Đã tạm dừng. Chứng thư này chưa ký được cho đến khi cho dùng lại.")
    return _with_reason(request, key_id, "suspend", suspend_key, said)


@require_POST
@route(who="official", permission=MANAGE_KEYS)
def resume(request: Request, key_id: UUID) -> HttpResponse:
    """Let a suspended key sign again."""
    try:
        resume_key(access_key(request.by, key_id), by=request.by, now=timezone.now())
    except Refused as refused:
        return _refused(request, key_id, "", refused)
    return _done(request, key_id, _("Chứng thư đã dùng lại được."))


@require_POST
@route(who="official", permission=MANAGE_KEYS)
def revoke(request: Request, key_id: UUID) -> HttpResponse:
    """Take a certificate back for good, with the reason."""
    said = N_("Đã thu hồi. Khóa đã bị hủy; muốn ký tiếp phải cấp chứng thư mới.")
    return _with_reason(request, key_id, "revoke", revoke_key, said)


@require_POST
@route(who="official", permission=MANAGE_KEYS)
def renew(request: Request, key_id: UUID) -> HttpResponse:
    """Give the owner a new sample certificate."""
    try:
        renew_sample_key(access_key(request.by, key_id), by=request.by, now=timezone.now())
    except Refused as refused:
        return _refused(request, key_id, "", refused)
    newer = key_card(request.by, key_id, now=timezone.now()).newer_id
    return _done(request, newer or key_id, _("Đã cấp chứng thư mẫu mới; chứng thư cũ ngừng dùng."))


@never_cache
@require_GET
@route(who="official", permission=MANAGE_KEYS)
def picture(request: Request, key_id: UUID) -> HttpResponse:
    """The picture shown with the key's signatures."""
    try:
        content = picture_content(request.by, key_id)
    except NoPicture:
        raise NotFound from None
    return HttpResponse(content, content_type="image/png")


@require_POST
@route(who="official", permission=MANAGE_KEYS)
def put(request: Request, key_id: UUID) -> HttpResponse:
    """Take in a picture of a signature or seal."""
    given = request.FILES.get("picture")
    try:
        if given is None or (given.size or 0) > PICTURE_BYTES:
            raise PictureUnreadable(field="picture")
        content = given.read(PICTURE_BYTES + 1)
        put_picture(access_key(request.by, key_id), content, by=request.by, now=timezone.now())
    except Refused as refused:
        return _refused(request, key_id, "picture", refused)
    return _done(request, key_id, _("Đã nhận ảnh. Văn bản ký từ nay dùng ảnh này."))


@require_POST
@route(who="official", permission=MANAGE_KEYS)
def remove(request: Request, key_id: UUID) -> HttpResponse:
    """Show the picture no longer."""
    remove_picture(access_key(request.by, key_id), by=request.by, now=timezone.now())
    return _done(request, key_id, _("Đã bỏ ảnh. Văn bản đã ký không thay đổi."))


def _done(request: Request, key_id: UUID, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(_address(key_id))


def _with_reason(
    request: Request, key_id: UUID, place: str, verb: Callable[..., object], said: str
) -> HttpResponse:
    """Do what wants a reason; without one, or refused otherwise, say so at its place."""
    reason = request.POST.get(f"{place}_reason", "")
    try:
        verb(access_key(request.by, key_id), reason=reason, by=request.by, now=timezone.now())
    except Refused as refused:
        return _refused(request, key_id, place, refused, reason)
    return _done(request, key_id, _(said))


def _refused(request: Request, key_id: UUID, place: str, refused: Refused, typed: str = "") -> HttpResponse:
    """The page again with the sentence at its place and what was typed."""
    if isinstance(refused, NotFound):
        raise refused
    return _show(request, key_id, errors={place: refused.said(_)}, typed=typed, status=422)
