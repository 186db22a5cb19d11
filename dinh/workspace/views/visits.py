"""Appointments at the official's own desk: the list of a day, who came, and the plan of the desk's head."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.directory.public import get_unit, may_at
from dinh.foundation.ui.public import format_long_date
from dinh.kernel.dates import read_date
from dinh.kernel.errors import NotFound, Refused
from dinh.kernel.worktime import VIETNAM, weekday_name
from dinh.onestop.public import (
    PLAN_VISITS,
    RECEIVE_DOSSIER,
    VISIT_LENGTHS,
    access_desk_visit,
    attend_visit,
    desk_visits,
    plan_of,
    plan_visits,
)
from dinh.workspace.views.dossiers import str_of

__all__ = ["attend", "day", "plan"]

_TONES = {"booked": "info", "came": "good", "missed": "bad"}
_VERBS = {"den": "come", "vang": "miss"}
# A Monday: its week names the days.
_A_WEEK = [dt.date(2026, 1, 5) + dt.timedelta(days=number) for number in range(7)]


@never_cache
@route(who="official", permission=RECEIVE_DOSSIER)
def day(request: Request) -> HttpResponse:
    """Who comes to one's desk today, or on another day."""
    today = timezone.localdate()
    on = read_date(request.GET.get("ngay", "")) or today
    shown = desk_visits(request.by, on)
    return render(
        request,
        "workspace/visits.html",
        {
            "desk": shown.desk,
            "day": format_long_date(on),
            "is_today": on == today,
            "may_attend": on <= today,
            "before": f"?ngay={on - dt.timedelta(days=1):%d/%m/%Y}",
            "after": f"?ngay={on + dt.timedelta(days=1):%d/%m/%Y}",
            "rows": [
                {
                    "card": card,
                    "wish": _(card.wish),
                    "state": _(card.state_label),
                    "tone": _TONES[card.state],
                    "came": _attend_address(card.id, "den") if card.state == "booked" else "",
                    "missed": _attend_address(card.id, "vang") if card.state == "booked" else "",
                }
                for card in shown.rows
            ],
            "plan": reverse("workspace:visit-plan")
            if may_at(request.by, PLAN_VISITS.code, request.by.unit_id)
            else "",
        },
    )


def _attend_address(visit_id: UUID, word: str) -> str:
    return reverse("workspace:visit-attend", kwargs={"visit_id": visit_id, "verb": word})


@require_POST
@route(who="official", permission=RECEIVE_DOSSIER)
def attend(request: Request, visit_id: UUID, verb: str) -> HttpResponse:
    """Note that the person came, or did not."""
    row = access_desk_visit(request.by, visit_id)
    if verb not in _VERBS:
        raise NotFound
    try:
        attend_visit(row, verb=_VERBS[verb], by=request.by, now=timezone.now())
    except Refused as refused:
        messages.error(request, str_of(refused))
    on = row.starts_at.astimezone(VIETNAM).date()
    return redirect(f"{reverse('workspace:visits')}?ngay={on:%d/%m/%Y}")


@never_cache
@route(who="official", permission=PLAN_VISITS)
def plan(request: Request) -> HttpResponse:
    """How one's desk takes appointments: length, places, weekdays, how far ahead."""
    if request.by.unit_id is None:
        raise NotFound
    desk = get_unit(request.by.unit_id)
    typed, errors = _typed_before(desk.pk), {}
    if request.method == "POST":
        typed, errors = _typed(request), _save(request, desk.pk)
        if not errors:
            messages.success(request, _("Đã lưu kế hoạch nhận hẹn. Lịch đã hẹn không thay đổi."))
            return redirect("workspace:visits")
    return render(
        request,
        "workspace/visit_plan.html",
        {
            "desk": desk.name,
            "typed": typed,
            "errors": errors,
            "lengths": [(str(length), _("%(count)d phút") % {"count": length}) for length in VISIT_LENGTHS],
            "weekdays": [(str(date.isoweekday()), weekday_name(date).said(_)) for date in _A_WEEK],
            "back": reverse("workspace:visits"),
        },
        status=422 if errors else 200,
    )


def _typed_before(desk_id: UUID) -> dict[str, Any]:
    now = plan_of(desk_id)
    if now is None:
        return {
            "is_open": False,
            "minutes": "20",
            "places": "1",
            "weekdays": ["1", "2", "3", "4", "5"],
            "days_ahead": "14",
            "note": "",
        }
    return {
        "is_open": now.is_open,
        "minutes": str(now.minutes),
        "places": str(now.places),
        "weekdays": [str(one) for one in now.weekdays],
        "days_ahead": str(now.days_ahead),
        "note": now.note,
    }


def _typed(request: Request) -> dict[str, Any]:
    return {
        "is_open": bool(request.POST.get("is_open")),
        "minutes": request.POST.get("minutes", ""),
        "places": request.POST.get("places", "")[:10],
        "weekdays": request.POST.getlist("weekdays")[:7],
        "days_ahead": request.POST.get("days_ahead", "")[:10],
        "note": request.POST.get("note", "")[:500],
    }


def _save(request: Request, desk_id: UUID) -> dict[str, str]:
    typed = _typed(request)
    try:
        plan_visits(
            desk_id,
            is_open=typed["is_open"],
            minutes=_number(typed["minutes"]),
            places=_number(typed["places"]),
            weekdays=[_number(one) for one in typed["weekdays"]],
            days_ahead=_number(typed["days_ahead"]),
            note=typed["note"],
            by=request.by,
        )
    except Refused as refused:
        return {refused.field or "": str_of(refused)}
    return {}


def _number(text: str) -> int:
    """A number as typed; anything else is none that a rule takes."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
