"""What the province knows of a citizen, and where they are reached: read and changed by themselves."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from dinh.foundation.actions.public import Request, route
from dinh.foundation.directory.public import change_own_contact, own_person
from dinh.foundation.ui.public import format_date
from dinh.kernel.contacts import national_number
from dinh.kernel.errors import N_, Refused
from dinh.onestop.public import CheckCard, checks_about
from dinh.portal.views.screen import plain_text, sentence, show
from dinh.sso.public import claimed_identity_number, kept_values, requires_recent_password

__all__ = ["own_details"]

# Whoever sits down at a phone left open must not lead the person's messages elsewhere.
MINUTES = 15
FIELDS = ("phone", "email", "address")


@never_cache
@route(who="citizen")
def own_details(request: Request) -> HttpResponse:
    """One's own name, number and contacts; the contacts can be changed."""
    if request.method == "POST":
        return _change(request)
    person = own_person(request.by)
    kept = kept_values(request)
    typed = {name: (kept.get(name, "") if kept else getattr(person, name)) for name in FIELDS}
    return _page(request, typed, {})


@requires_recent_password(MINUTES)
def _change(request: Request) -> HttpResponse:
    typed = {name: plain_text(request.POST.get(name), most=300) for name in FIELDS}
    try:
        phone = national_number(typed["phone"])
        if typed["phone"] and not phone:
            raise Refused(
                N_("Số điện thoại chưa đúng. Hãy nhập như 0912 345 678, hoặc để trống."), field="phone"
            )
        change_own_contact(
            own_person(request.by),
            phone=phone,
            email=typed["email"].lower(),
            address=" ".join(typed["address"].split()),
            by=request.by,
        )
    except Refused as refused:
        return _page(request, typed, {refused.field or "": sentence(refused)})
    messages.success(request, _("Đã lưu. Từ nay tin về hồ sơ được gửi tới nơi này."))
    return redirect("portal:own-details")


def _page(request: Request, typed: dict[str, str], errors: dict[str, str]) -> HttpResponse:
    person = own_person(request.by)
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
            "typed": typed,
            "errors": errors,
            "look_ups": [_look_up(card) for card in checks_about(request.by)],
        },
        status=422 if errors else 200,
    )


def _look_up(card: CheckCard) -> dict[str, Any]:
    """One question to the population database about the citizen: who, where, why, its end."""
    return {
        "at": card.asked_at,
        "by": _("Chính Ông/Bà") if card.purpose in ("own", "representation") else card.asker,
        "purpose": _(card.purpose_label),
        "dossier": card.dossier,
        "state": _(card.state_label),
    }
