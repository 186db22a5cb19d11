"""Appointments at a desk: planned by its head, booked, moved, cancelled, kept or missed."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from dinh.foundation.actions.public import SYSTEM_ONLY, Actor, action, publish
from dinh.kernel.errors import N_, NotFound, Refused
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.events import VisitBooked, VisitCancelled, VisitNear
from dinh.onestop.models import Visit, VisitPlan, VisitSlot
from dinh.onestop.permissions import ATTEND_VISIT, BOOK_VISIT, OWN_VISIT, PLAN_VISITS
from dinh.onestop.queries.visits import (
    closed_visits,
    is_offered,
    open_plan,
    visits_to_remind,
    visits_unattended,
)
from dinh.onestop.rules.queue import WISHES
from dinh.onestop.rules.visits import (
    LENGTHS,
    MOST_OPEN,
    VISIT,
    AlreadyBooked,
    NotOffered,
    SlotTaken,
    TooManyVisits,
    VisitNotToday,
)

__all__ = [
    "REMIND_AHEAD",
    "attend_visit",
    "book_visit",
    "cancel_visit",
    "keep_visits",
    "move_visit",
    "plan_visits",
]

REMIND_AHEAD = dt.timedelta(hours=24)
MISSED_AFTER = dt.timedelta(hours=12)


@action("visit.planned", permission=PLAN_VISITS)
def plan_visits(
    desk_id: UUID,
    *,
    is_open: bool,
    minutes: int,
    places: int,
    weekdays: Sequence[int],
    days_ahead: int,
    note: str,
    by: Actor,
) -> VisitPlan:
    """Decide how a desk takes appointments. Visits that are booked stay. Raises ``Refused`` at the field."""
    if minutes not in LENGTHS:
        raise Refused(N_("Hãy chọn độ dài mỗi lượt hẹn."), field="minutes")
    if not 1 <= places <= 50:
        raise Refused(N_("Số người mỗi lượt phải từ 1 đến 50."), field="places")
    if not 1 <= days_ahead <= 60:
        raise Refused(N_("Số ngày được hẹn trước phải từ 1 đến 60."), field="days_ahead")
    days = sorted({day for day in weekdays if 1 <= day <= 7})
    if is_open and not days:
        raise Refused(N_("Hãy chọn ít nhất một ngày trong tuần, hoặc tạm dừng nhận hẹn."), field="weekdays")
    plan, _ = VisitPlan.objects.update_or_create(
        desk_id=desk_id,
        defaults={
            "is_open": is_open,
            "minutes": minutes,
            "places": places,
            "weekdays": days,
            "days_ahead": days_ahead,
            "note": note.strip()[:500],
        },
    )
    return plan


@action("visit.booked", permission=BOOK_VISIT)
def book_visit(
    desk_id: UUID, *, starts_at: dt.datetime, wish: str, note: str, by: Actor, now: dt.datetime
) -> Visit:
    """Book a place at a desk. Raises ``NotOffered``, ``SlotTaken``, ``AlreadyBooked``, ``TooManyVisits``."""
    if by.person_id is None or wish not in WISHES:
        raise NotFound
    ahead = Visit.objects.filter(person_id=by.person_id, state="booked", ends_at__gte=now)
    if ahead.count() >= MOST_OPEN:
        raise TooManyVisits(count=MOST_OPEN)
    plan = _take_place(desk_id, starts_at, now=now)
    visit = Visit(
        desk_id=desk_id,
        person_id=by.person_id,
        wish=wish,
        note=note.strip()[:500],
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(minutes=plan.minutes),
        state=VISIT.initial,
        booked_at=now,
    )
    _save(visit)
    publish(VisitBooked(visit_id=visit.pk))
    return visit


def _save(visit: Visit) -> None:
    try:
        with transaction.atomic():
            visit.save()
    except IntegrityError as error:
        raise AlreadyBooked(field="at") from error


_TAKE = """
    INSERT INTO onestop_visitslot AS slot (desk_id, starts_at, taken) VALUES (%s, %s, 1)
    ON CONFLICT (desk_id, starts_at) DO UPDATE SET taken = slot.taken + 1 WHERE slot.taken < %s
    RETURNING taken
"""


def _take_place(desk_id: UUID, starts_at: dt.datetime, *, now: dt.datetime) -> VisitPlan:
    """Take one place of a moment; its row is locked until the commit, so that none is given twice."""
    plan = open_plan(desk_id)
    if plan is None or not is_offered(plan, starts_at, now=now):
        raise NotOffered(field="at")
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [desk_id, starts_at, plan.places])
        if cursor.fetchone() is None:
            raise SlotTaken(field="at")
    return plan


def _give_back(visit: Visit) -> None:
    slot = VisitSlot.objects.select_for_update().filter(desk_id=visit.desk_id, starts_at=visit.starts_at)
    for row in slot:
        row.taken = max(0, row.taken - 1)
        row.save(update_fields=["taken"])


@action("visit.moved", permission=OWN_VISIT, on=Visit)
def move_visit(visit: Visit, *, starts_at: dt.datetime, by: Actor, now: dt.datetime) -> Visit:
    """Move a visit to another moment of the same desk; the old place is free again.

    Raises ``NotOffered``, ``SlotTaken``, ``AlreadyBooked``; ``Refused`` when it is over or cancelled.
    """
    visit.state = VISIT.after(visit.state, "move")
    if starts_at == visit.starts_at:
        return visit
    plan = _take_place(visit.desk_id, starts_at, now=now)
    _give_back(visit)
    visit.starts_at, visit.ends_at = starts_at, starts_at + dt.timedelta(minutes=plan.minutes)
    visit.reminded_at = None
    _save(visit)
    publish(VisitBooked(visit_id=visit.pk))
    return visit


@action("visit.cancelled", permission=OWN_VISIT, on=Visit)
def cancel_visit(visit: Visit, *, by: Actor, now: dt.datetime) -> Visit:
    """Cancel a visit; its place is free again. Raises ``Refused`` when it is over."""
    _end(visit, "cancel", by=by, now=now)
    _give_back(visit)
    publish(VisitCancelled(visit_id=visit.pk, by_the_house=by.kind == "system"))
    return visit


@action("visit.attended", permission=ATTEND_VISIT, on=Visit)
def attend_visit(visit: Visit, *, verb: str, by: Actor, now: dt.datetime) -> Visit:
    """Note that the person came (``come``) or did not (``miss``). Raises ``VisitNotToday``, ``Refused``."""
    if verb not in ("come", "miss"):
        raise NotFound
    if visit.starts_at.astimezone(VIETNAM).date() > now.astimezone(VIETNAM).date():
        raise VisitNotToday
    _end(visit, verb, by=by, now=now)
    return visit


def _end(visit: Visit, verb: str, *, by: Actor, now: dt.datetime) -> None:
    visit.state = VISIT.after(visit.state, verb)
    visit.ended_at, visit.ended_by = now, by.name
    visit.save(update_fields=["state", "ended_at", "ended_by"])


@action("visit.reminded", permission=SYSTEM_ONLY, on=Visit)
def remind_visit(visit: Visit, *, by: Actor, now: dt.datetime) -> Visit:
    """Remind the person the day before, once."""
    if visit.state == "booked" and visit.reminded_at is None:
        visit.reminded_at = now
        visit.save(update_fields=["reminded_at"])
        publish(VisitNear(visit_id=visit.pk))
    return visit


def keep_visits(*, by: Actor, now: dt.datetime) -> dict[str, int]:
    """Do what is due: cancel and tell where a desk has closed, remind a day ahead, note who never came.

    Each visit in a transaction of its own; run again, it does what is left.
    """
    counts = {"closed": 0, "reminded": 0, "missed": 0}
    for visit in closed_visits(now=now):
        cancel_visit(visit, by=by, now=now)
        counts["closed"] += 1
    for visit in visits_to_remind(now=now, ahead=REMIND_AHEAD):
        remind_visit(visit, by=by, now=now)
        counts["reminded"] += 1
    for visit in visits_unattended(now=now, since=MISSED_AFTER):
        attend_visit(visit, verb="miss", by=by, now=now)
        counts["missed"] += 1
    return counts
