"""Appointments at a desk: one's own, a desk and a moment chosen, moved, cancelled."""

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.ui.public import format_long_date, format_time
from dinh.kernel.errors import Refused
from dinh.kernel.text import fold
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.public import (
    REMIND_AHEAD,
    WISHES,
    access_visit,
    book_visit,
    cancel_visit,
    desk_by_code,
    desks,
    move_visit,
    offered_days,
    own_visits,
    plan_of,
    planned_desks,
)
from dinh.portal.access import own_tabs
from dinh.portal.views.screen import plain_text, sentence, show
from dinh.sso.public import kept_values

if TYPE_CHECKING:
    from dinh.foundation.directory.models import Unit
    from dinh.onestop.models import Visit
    from dinh.onestop.public import VisitCard

__all__ = ["book", "cancel", "choose_visit_desk", "move", "visits"]

_TONES = {"booked": "info", "came": "good", "missed": "bad", "cancelled": "neutral"}


@never_cache
@route(who="citizen")
def visits(request: Request) -> HttpResponse:
    """The citizen's own appointments, ahead and behind."""
    ahead, behind = own_visits(request.by, now=timezone.now())
    return show(
        request,
        "visits.html",
        {
            "tabs": own_tabs(request.path),
            "ahead": [_row(card) for card in ahead],
            "behind": [_row(card) for card in behind],
            "book": reverse("portal:visit-desks"),
        },
    )


def _row(card: "VisitCard") -> dict[str, Any]:
    return {
        "desk": card.desk,
        "where": card.address,
        "wish": _(card.wish),
        "note": card.note,
        "starts_at": card.starts_at,
        "state": _(card.state_label),
        "tone": _TONES[card.state],
        "move": reverse("portal:visit-move", kwargs={"visit_id": card.id}),
        "cancel": reverse("portal:visit-cancel", kwargs={"visit_id": card.id}),
    }


@route(who="citizen")
def choose_visit_desk(request: Request) -> HttpResponse:
    """Choose the desk, among those that take appointments."""
    words = plain_text(request.GET.get("q"), most=100)
    wanted, open_ones = fold(words).split(), planned_desks()
    rows = [
        desk for desk in desks() if desk.pk in open_ones and all(word in fold(desk.name) for word in wanted)
    ]
    return show(
        request,
        "visit_desks.html",
        {
            "q": words,
            "rows": [
                {
                    "name": row.name,
                    "where": row.address,
                    "address": reverse("portal:visit-book", kwargs={"code": row.code}),
                }
                for row in rows
            ],
        },
    )


@never_cache
@route(who="citizen")
def book(request: Request, code: str) -> HttpResponse:
    """Choose a day and a moment at a desk, and what one comes for."""
    desk = desk_by_code(plain_text(code, most=40))
    errors: dict[str, str] = {}
    typed: Any = kept_values(request) or {}
    if request.method == "POST":
        typed = request.POST
        errors = _book(request, desk)
        if not errors:
            messages.success(request, _booked_words(_moment(request.POST.get("at", ""))))
            return redirect("portal:visits")
    return _moments(
        request,
        desk,
        typed,
        errors,
        title=_("Hẹn giờ đến làm việc"),
        back=reverse("portal:visit-desks"),
        asks_wish=True,
    )


def _book(request: Request, desk: "Unit") -> dict[str, str]:
    at, wish = _moment(request.POST.get("at", "")), request.POST.get("wish", "")
    errors = {}
    if at is None:
        errors["at"] = _("Hãy chọn một giờ còn chỗ.")
    if wish not in WISHES:
        errors["wish"] = _("Hãy chọn Ông/Bà đến để làm gì.")
    if errors or at is None:
        return errors
    note = plain_text(request.POST.get("note"), most=500)
    try:
        book_visit(desk.pk, starts_at=at, wish=wish, note=note, by=request.by, now=timezone.now())
    except Refused as refused:
        return {refused.field or "": sentence(refused)}
    return {}


def _booked_words(at: dt.datetime | None) -> str:
    """What comes after booking: the reminder a day ahead, or soon when less is left."""
    left = at - timezone.now() if at is not None else dt.timedelta()
    if left > REMIND_AHEAD:
        return _("Đã hẹn. Ông/Bà được nhắc trước một ngày.")
    if left > dt.timedelta(hours=1):
        return _("Đã hẹn. Còn chưa đầy một ngày nên lời nhắc được gửi ngay trong nửa giờ tới.")
    return _("Đã hẹn. Giờ hẹn đã gần nên có thể không kịp có lời nhắc nữa.")


def _moment(text: str) -> dt.datetime | None:
    try:
        at = dt.datetime.fromisoformat(text[:40])
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


@never_cache
@route(who="citizen")
def move(request: Request, visit_id: UUID) -> HttpResponse:
    """Choose another moment at the same desk."""
    row = access_visit(request.by, visit_id)
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _move(request, row)
        if not errors:
            messages.success(request, _("Đã đổi giờ hẹn."))
            return redirect("portal:visits")
    return _moments(
        request,
        row.desk,
        request.POST,
        errors,
        title=_("Đổi giờ hẹn"),
        back=reverse("portal:visits"),
        now_at=row.starts_at,
    )


def _move(request: Request, row: "Visit") -> dict[str, str]:
    at = _moment(request.POST.get("at", ""))
    if at is None:
        return {"at": _("Hãy chọn một giờ còn chỗ.")}
    try:
        move_visit(row, starts_at=at, by=request.by, now=timezone.now())
    except Refused as refused:
        return {refused.field or "": sentence(refused)}
    return {}


@require_POST
@route(who="citizen")
def cancel(request: Request, visit_id: UUID) -> HttpResponse:
    """Cancel an appointment; the place is free for somebody else."""
    row = access_visit(request.by, visit_id)
    try:
        cancel_visit(row, by=request.by, now=timezone.now())
    except Refused as refused:
        messages.error(request, sentence(refused))
    else:
        messages.success(request, _("Đã hủy lịch hẹn."))
    return redirect("portal:visits")


def _moments(
    request: Request,
    desk: "Unit",
    typed: Any,
    errors: dict[str, str],
    *,
    title: str,
    back: str,
    asks_wish: bool = False,
    now_at: dt.datetime | None = None,
) -> HttpResponse:
    """The page of days and moments: a day is a link, its moments are choices."""
    days = offered_days(desk.pk, now=timezone.now())
    wanted = request.GET.get("ngay", "")[:10]
    shown = next((day for day in days if day.on.isoformat() == wanted), days[0] if days else None)
    plan = plan_of(desk.pk)
    return show(
        request,
        "visit_book.html",
        {
            "title": title,
            "desk": desk.name,
            "where": desk.address,
            "note_of_desk": plan.note if plan else "",
            "back": back,
            "days": [
                {
                    "label": format_long_date(day.on),
                    "free": day.free,
                    "address": f"?ngay={day.on.isoformat()}",
                    "is_shown": day is shown,
                }
                for day in days
            ],
            "shown": format_long_date(shown.on) if shown else "",
            "moments": [
                (slot.at.astimezone(VIETNAM).isoformat(), format_time(slot.at.astimezone(VIETNAM)))
                for slot in shown.slots
            ]
            if shown
            else [],
            "wishes": [(key, _(label)) for key, label in WISHES.items()] if asks_wish else [],
            "typed": {name: typed.get(name, "") for name in ("at", "wish", "note")},
            "now_at": now_at,
            "errors": errors,
        },
        status=422 if errors else 200,
    )
