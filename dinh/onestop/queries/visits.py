"""Reads about appointments: what a desk offers, one's own visits, the desk's day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from dinh.foundation.actions.public import Actor
from dinh.foundation.calendars.public import calendar_for
from dinh.foundation.directory.public import coverage, get_unit
from dinh.kernel.errors import NotFound, existing
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import Visit, VisitPlan, VisitSlot
from dinh.onestop.rules.queue import WISHES
from dinh.onestop.rules.visits import NOTICE, VISIT, is_open_for, slots_on

__all__ = [
    "DeskDay",
    "OfferedDay",
    "VisitCard",
    "access_desk_visit",
    "access_visit",
    "closed_visits",
    "desk_visits",
    "is_offered",
    "offered_days",
    "open_plan",
    "own_visits",
    "plan_of",
    "planned_desks",
    "visible_visits",
    "visit_contact",
    "visits_to_remind",
    "visits_unattended",
]


@dataclass(frozen=True, slots=True)
class Slot:
    """One moment that can be booked, and how many places it still has."""

    at: dt.datetime
    free: int


@dataclass(frozen=True, slots=True)
class OfferedDay:
    """A day with its moments that can be booked; ``free`` places in all."""

    on: dt.date
    slots: Sequence[Slot]

    @property
    def free(self) -> int:
        return sum(slot.free for slot in self.slots)


@dataclass(frozen=True, slots=True)
class VisitCard:
    """One visit for a screen; ``wish`` and ``state_label`` are keys of the catalogue."""

    id: UUID
    desk: str
    desk_code: str
    address: str
    person: str
    phone: str
    wish_code: str
    wish: str
    note: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    state: str
    state_label: str


@dataclass(frozen=True, slots=True)
class DeskDay:
    """A desk's visits of one day, in order."""

    desk: str
    on: dt.date
    rows: Sequence[VisitCard]


def plan_of(desk_id: UUID) -> VisitPlan | None:
    """Return how a desk takes appointments; None: it has not decided."""
    return VisitPlan.objects.filter(desk_id=desk_id).first()


def open_plan(desk_id: UUID) -> VisitPlan | None:
    """Return the plan of a desk that takes appointments now, or None."""
    return VisitPlan.objects.filter(desk_id=desk_id, is_open=True).first()


def planned_desks() -> frozenset[UUID]:
    """Return the desks that take appointments now."""
    return frozenset(VisitPlan.objects.filter(is_open=True).values_list("desk_id", flat=True))


def offered_days(desk_id: UUID, *, now: dt.datetime) -> list[OfferedDay]:
    """Return the days on which a desk can be visited, with the moments that still have a place.

    Two queries and the calendar. Days without a free place are left out.
    """
    plan = open_plan(desk_id)
    if plan is None:
        return []
    calendar, today = calendar_for(desk_id), now.astimezone(VIETNAM).date()
    ahead = VisitSlot.objects.filter(desk_id=desk_id, starts_at__gte=now)
    taken = dict(ahead.values_list("starts_at", "taken"))
    days = []
    for number in range(plan.days_ahead + 1):
        day = today + dt.timedelta(days=number)
        moments = slots_on(day, calendar, minutes=plan.minutes, weekdays=plan.weekdays)
        free = [Slot(at, plan.places - taken.get(at, 0)) for at in moments if at >= now + NOTICE]
        if found := [slot for slot in free if slot.free > 0]:
            days.append(OfferedDay(day, found))
    return days


def visible_visits(by: Actor) -> "QuerySet[Visit]":
    """A citizen sees their own visits; an official those of the desks at which they receive."""
    rows = Visit.objects.select_related("desk", "person")
    if by.kind == "citizen" and by.person_id is not None:
        return rows.filter(person_id=by.person_id)
    if by.kind == "official":
        return rows.filter(coverage(by, "dossier.receive").q("desk_id"))
    return rows.none()


def access_visit(by: Actor, visit_id: UUID) -> Visit:
    """Return a visible visit. Raises ``NotFound``."""
    return existing(visible_visits(by).filter(pk=visit_id).first())


def access_desk_visit(by: Actor, visit_id: UUID) -> Visit:
    """Return a visit to a desk at which the official receives. Raises ``NotFound``."""
    if by.kind != "official":
        raise NotFound
    return access_visit(by, visit_id)


def own_visits(by: Actor, *, now: dt.datetime) -> tuple[Sequence[VisitCard], Sequence[VisitCard]]:
    """Return the citizen's visits ahead, the nearest first, and the last twenty behind."""
    if by.kind != "citizen":
        return (), ()
    rows = visible_visits(by)
    ahead = rows.filter(state="booked", ends_at__gte=now)[:20]
    behind = rows.exclude(state="booked", ends_at__gte=now).order_by("-starts_at")[:20]
    return [_card(row) for row in ahead], [_card(row) for row in behind]


def desk_visits(by: Actor, on: dt.date) -> DeskDay:
    """Return the visits of the acting position's desk on a day. Raises ``NotFound`` when it is no desk."""
    if by.kind != "official" or by.unit_id is None:
        raise NotFound
    desk = get_unit(by.unit_id)
    start = dt.datetime.combine(on, dt.time(), VIETNAM)
    of_day = visible_visits(by).filter(
        desk_id=desk.pk, starts_at__gte=start, starts_at__lt=start + dt.timedelta(days=1)
    )
    return DeskDay(desk.name, on, [_card(row) for row in of_day.exclude(state="cancelled")])


def _card(row: Visit) -> VisitCard:
    return VisitCard(
        id=row.pk,
        desk=row.desk.name,
        desk_code=row.desk.code,
        address=row.desk.address,
        person=row.person.full_name,
        phone=row.person.phone,
        wish_code=row.wish,
        wish=WISHES[row.wish],
        note=row.note,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        state=row.state,
        state_label=VISIT.label(row.state),
    )


def visits_to_remind(*, now: dt.datetime, ahead: dt.timedelta, limit: int = 1000) -> list[Visit]:
    """Return the booked visits of the coming hours of which nobody was reminded yet."""
    rows = Visit.objects.filter(
        state="booked", reminded_at=None, starts_at__gt=now, starts_at__lte=now + ahead
    )
    return list(rows[:limit])


def visits_unattended(*, now: dt.datetime, since: dt.timedelta, limit: int = 1000) -> list[Visit]:
    """Return the booked visits that ended so long ago and of which nobody has said how they ended."""
    return list(Visit.objects.filter(state="booked", ends_at__lt=now - since)[:limit])


def closed_visits(*, now: dt.datetime, limit: int = 1000) -> list[Visit]:
    """Return the booked visits ahead that no longer lie in their desk's opening hours.

    A holiday was declared, or the desk's head has closed a weekday.
    """
    rows = Visit.objects.filter(state="booked", starts_at__gt=now).order_by("starts_at")[:limit]
    plans = {plan.desk_id: plan for plan in VisitPlan.objects.all()}
    return [row for row in rows if not _still_open(row, plans.get(row.desk_id))]


def _still_open(row: Visit, plan: VisitPlan | None) -> bool:
    """Whether the desk works at that moment; another length or number of places changes no promise."""
    calendar = calendar_for(row.desk_id)
    if not calendar.is_open(row.starts_at):
        return False
    return plan is None or row.starts_at.astimezone(VIETNAM).isoweekday() in plan.weekdays


def is_offered(plan: VisitPlan, starts_at: dt.datetime, *, now: dt.datetime) -> bool:
    """Whether a desk offers this moment, free or not."""
    last = now.astimezone(VIETNAM).date() + dt.timedelta(days=plan.days_ahead)
    if starts_at < now + NOTICE or starts_at.astimezone(VIETNAM).date() > last:
        return False
    calendar = calendar_for(plan.desk_id)
    return is_open_for(starts_at, calendar, minutes=plan.minutes, weekdays=plan.weekdays)


def visit_contact(visit_id: UUID) -> Visit:
    """Return a visit with its desk, for whoever tells its person. Raises ``NotFound``."""
    return existing(Visit.objects.select_related("desk").filter(pk=visit_id).first())
