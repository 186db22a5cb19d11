"""Days away and who stands in: marked by oneself or by who leads the unit."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.directory.public import (
    MARK_ABSENCE,
    access_absence,
    access_position,
    end_absence,
    holders_of,
    mark_absence,
    people_of_unit,
    substitutes_for,
    visible_absences,
)
from dinh.kernel.errors import NotFound, Refused
from dinh.kernel.ids import read_uuid
from dinh.sso.public import kept_values
from dinh.workspace.views.dossiers import str_of

__all__ = ["absences", "end", "mark"]


@route(who="official")
def absences(request: Request) -> HttpResponse:
    """Absences that concern the reader, and whose they may mark."""
    by = request.by
    leads = by.holds(MARK_ABSENCE.code) and by.unit_id is not None
    return render(
        request,
        "workspace/absences.html",
        {
            "rows": [
                {
                    "who": f"{card.name}, {card.title}",
                    "unit": card.unit_name,
                    "substitute": f"{card.substitute}, {card.substitute_title}",
                    "from_on": card.from_on,
                    "last_on": card.last_on,
                    "reason": card.reason,
                    "marked_by": card.marked_by,
                    "is_now": card.is_now,
                    "end": reverse("workspace:absence-end", kwargs={"absence_id": card.id})
                    if _may_end(request, card.position_id)
                    else "",
                }
                for card in visible_absences(by)
            ],
            "own": reverse("workspace:absence-mark", kwargs={"position_id": by.position_id})
            if by.position_id
            else "",
            "others": [
                {
                    "name": one.person_name,
                    "title": one.title,
                    "address": reverse("workspace:absence-mark", kwargs={"position_id": one.position_id}),
                }
                for one in (people_of_unit(by.unit_id) if leads and by.unit_id else ())
                if one.position_id != by.position_id
            ],
        },
    )


def _may_end(request: Request, position_id: UUID) -> bool:
    try:
        access_position(request.by, position_id)
    except NotFound:
        return False
    return True


@route(who="official")
def mark(request: Request, position_id: UUID) -> HttpResponse:
    """A form for the days away and the substitute."""
    position, now = access_position(request.by, position_id), timezone.now()
    typed: Any = request.POST if request.method == "POST" else kept_values(request) or {}
    error, place = "", ""
    if request.method == "POST":
        try:
            mark_absence(
                position,
                substitute_id=_id(typed.get("substitute", "")),
                from_on=_day(typed.get("from_on", ""), "from_on"),
                until_on=_day(typed.get("last_on", ""), "last_on") + dt.timedelta(days=1),
                reason=typed.get("reason", "")[:300],
                by=request.by,
                now=now,
            )
        except Refused as refused:
            error, place = str_of(refused), refused.field or ""
            place = "last_on" if place == "until_on" else place
        else:
            messages.success(request, _("Đã ghi vắng mặt; người làm thay đã được báo."))
            return redirect("workspace:absences")
    holder = next(iter(holders_of(position.pk, timezone.localdate(now))), None)
    return render(
        request,
        "workspace/absence_form.html",
        {
            "who": f"{holder.person_name}, {position.title}" if holder else position.title,
            "substitutes": [
                (str(one.position_id), f"{one.person_name}, {one.title}, {one.unit_name}")
                for one in substitutes_for(position, at=now)
            ],
            "typed": {name: typed.get(name, "") for name in ("substitute", "from_on", "last_on", "reason")},
            "error": error,
            "place": place,
            "back": reverse("workspace:absences"),
        },
        status=409 if error else 200,
    )


def _id(text: str) -> UUID:
    chosen = read_uuid(text)
    if chosen is None:
        raise Refused(_("Hãy chọn người làm thay trong danh sách."), field="substitute")
    return chosen


def _day(text: str, field: str) -> dt.date:
    """A day as the date control sends it, or as people write it: 21/11/2026."""
    for shape in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(text.strip(), shape).replace(tzinfo=dt.UTC).date()
        except ValueError:
            continue
    raise Refused(_("Hãy nhập ngày dạng 21/11/2026."), field=field)


@require_POST
@route(who="official")
def end(request: Request, absence_id: UUID) -> HttpResponse:
    """The absent one is back."""
    end_absence(access_absence(request.by, absence_id), by=request.by, now=timezone.now())
    messages.success(request, _("Đã kết thúc vắng mặt."))
    return redirect("workspace:absences")
