"""What the province knows of a citizen, and where they are reached: read and changed by themselves.

A new telephone or e-mail is in force when the code that was sent there has been typed here.
"""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Actor, Request, route
from dinh.foundation.directory.public import change_own_contact, own_person
from dinh.foundation.ui.public import format_date
from dinh.kernel.contacts import is_email, national_number
from dinh.kernel.errors import N_, NotFound, Refused
from dinh.onestop.public import CheckCard, checks_about
from dinh.portal.views.screen import plain_text, sentence, show
from dinh.sso.public import (
    CONTACT_KINDS,
    ask_contact_code,
    claimed_identity_number,
    confirm_contact,
    count_contact_code,
    count_try,
    drop_contact,
    kept_values,
    own_account,
    pending_contacts,
    requires_recent_password,
)

__all__ = ["confirm_code", "drop_change", "own_details", "send_code", "unproven_contact"]

# Whoever sits down at a phone left open must not lead the person's messages elsewhere.
MINUTES = 15
FIELDS = ("phone", "email", "address")
KNOWN = {
    "code": N_("Đã xác minh bằng mã"),
    "official": N_("Cán bộ ghi theo lời Ông/Bà tại quầy"),
    "provider": N_("Theo Cổng Dịch vụ công quốc gia"),
    "": N_("Chưa xác minh"),
}


@never_cache
@route(who="citizen")
def own_details(request: Request) -> HttpResponse:
    """One's own name, number and contacts; the contacts can be changed."""
    if request.method == "POST":
        return _change(request)
    return _page(request, {})


@requires_recent_password(MINUTES)
def _change(request: Request) -> HttpResponse:
    typed = {name: plain_text(request.POST.get(name), most=300) for name in FIELDS}
    person, errors = own_person(request.by), {}
    wanted = {"phone": national_number(typed["phone"]), "email": typed["email"].lower()}
    if typed["phone"] and len(wanted["phone"]) != 10:
        errors["phone"] = _("Số điện thoại chưa đúng. Hãy nhập như 0912 345 678, hoặc để trống.")
    if wanted["email"] and not is_email(wanted["email"]):
        errors["email"] = _("Địa chỉ thư điện tử không đúng. Hãy nhập như an@example.vn, hoặc để trống.")
    if not any(wanted.values()):
        errors["phone"] = _("Hãy để lại ít nhất số điện thoại hoặc thư điện tử.")
    if errors:
        return _page(request, errors, typed)
    # What is new waits for its code; only what stays or goes is changed at once.
    new = [kind for kind, value in wanted.items() if value and value != getattr(person, kind)]
    kept = {kind: getattr(person, kind) if kind in new else value for kind, value in wanted.items()}
    try:
        if not any(kept.values()) and (person.phone or person.email):
            raise Refused(
                N_("Hãy xác minh nơi nhận tin mới trước, rồi mới bỏ nơi cũ."),
                field="email" if wanted["phone"] else "phone",
            )
        change_own_contact(person, **kept, address=" ".join(typed["address"].split()), by=request.by)
        for kind in new:
            _send(request, kind, wanted[kind])
    except Refused as refused:
        return _page(request, {refused.field or "": sentence(refused)}, typed)
    if not new:
        messages.success(request, _("Đã lưu."))
    return redirect("portal:own-details")


def _send(request: Request, kind: str, value: str) -> None:
    now = timezone.now()
    count_contact_code(request, value, now=now)
    ask_contact_code(own_account(request.by), kind=kind, value=value, by=request.by, now=now)
    messages.success(request, _("Đã gửi mã 6 chữ số tới %(address)s.") % {"address": value})


def _kind(request: Request) -> str:
    kind = request.POST.get("kind", "")
    if kind not in CONTACT_KINDS:
        raise NotFound
    return kind


@require_POST
@route(who="citizen")
@requires_recent_password(MINUTES)
def send_code(request: Request) -> HttpResponse:
    """Send a code to the new address once more, or to the one in force that nobody has verified."""
    kind = _kind(request)
    waiting = [one.value for one in pending_contacts(request.by, now=timezone.now()) if one.kind == kind]
    try:
        _send(request, kind, waiting[0] if waiting else getattr(own_person(request.by), kind))
    except Refused as refused:
        return _page(request, {f"code_{kind}" if waiting else kind: sentence(refused)})
    return redirect("portal:own-details")


@require_POST
@route(who="citizen")
def confirm_code(request: Request) -> HttpResponse:
    """Type the code that was sent to the new address."""
    kind, now = _kind(request), timezone.now()
    account = own_account(request.by)
    try:
        count_try(account.pk, kind, now=now)
        confirm_contact(
            account, kind=kind, code=request.POST.get(f"code_{kind}", "")[:40], by=request.by, now=now
        )
    except Refused as refused:
        return _page(request, {refused.field or "": sentence(refused)})
    messages.success(request, _("Đã xác minh. Từ nay tin về hồ sơ được gửi tới nơi này."))
    return redirect("portal:own-details")


@require_POST
@route(who="citizen")
def drop_change(request: Request) -> HttpResponse:
    """Put the new address aside."""
    drop_contact(own_account(request.by), kind=_kind(request), by=request.by, now=timezone.now())
    messages.success(request, _("Đã bỏ. Nơi nhận tin vẫn như cũ."))
    return redirect("portal:own-details")


def _page(request: Request, errors: dict[str, str], typed: dict[str, str] | None = None) -> HttpResponse:
    person, now = own_person(request.by), timezone.now()
    kept = kept_values(request) if typed is None and not errors else None
    shown = typed or {name: (kept.get(name, "") if kept else getattr(person, name)) for name in FIELDS}
    claimed = claimed_identity_number(request.by.account_id) if request.by.account_id else ""
    return show(
        request,
        "own_details.html",
        {
            "known": [
                (_("Họ và tên"), person.full_name),
                (_("Số định danh cá nhân"), person.identity_number or claimed or _("Chưa có")),
                *([(_("Ngày sinh"), format_date(person.birth_date))] if person.birth_date else []),
            ],
            "typed": shown,
            "errors": errors,
            "in_force": [_in_force(person, kind) for kind in CONTACT_KINDS if getattr(person, kind)],
            "waiting": [_waiting(one, person, now) for one in pending_contacts(request.by, now=now)],
            "look_ups": [_look_up(card) for card in checks_about(request.by)],
        },
        status=422 if errors else 200,
    )


def unproven_contact(by: Actor) -> str:
    """Return where the person's messages go when nobody has proved any of their addresses, else ""."""
    person = own_person(by)
    kinds = [kind for kind in CONTACT_KINDS if getattr(person, kind)]
    if any(KNOWN.get(getattr(person, f"{kind}_known")) not in (None, KNOWN[""]) for kind in kinds):
        return ""
    return getattr(person, kinds[0]) if kinds else ""


def _in_force(person: Any, kind: str) -> dict[str, Any]:
    known = getattr(person, f"{kind}_known")
    return {
        "kind": kind,
        "label": _(CONTACT_KINDS[kind]),
        "value": getattr(person, kind),
        "known": _(KNOWN.get(known, KNOWN[""])),
        "is_proven": known == "code",
    }


def _waiting(one: Any, person: Any, now: dt.datetime) -> dict[str, Any]:
    former = getattr(person, one.kind)
    return {
        "kind": one.kind,
        "label": _(CONTACT_KINDS[one.kind]),
        "value": one.value,
        "former": former if former != one.value else "",
        "is_new": former != one.value,
        "is_open": one.is_open,
        "seconds": max(0, -int((now - one.again_at).total_seconds() // 1)),
    }


def _look_up(card: CheckCard) -> dict[str, Any]:
    """One question to the population database about the citizen: who, where, why, its end."""
    return {
        "at": card.asked_at,
        "by": _("Chính Ông/Bà") if card.purpose in ("own", "representation") else card.asker,
        "purpose": _(card.purpose_label),
        "dossier": card.dossier,
        "state": _(card.state_label),
    }
