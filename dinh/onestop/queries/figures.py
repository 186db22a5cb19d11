"""Figures for whoever oversees units: each counts the rows of a list, and the list is one link away.

Cost: open work is counted in one pass over the open rows within reach, finished dossiers along an index
by agency and day; nothing reads the whole history.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncWeek

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import children, coverage, get_unit, reached_units
from dinh.kernel.errors import N_, NotAllowed, NotFound
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import Dossier, WorkItem
from dinh.onestop.queries.work import WORK_AGES, WorkFilter, narrowed_work, work_within_reach

__all__ = [
    "Load",
    "Overview",
    "Period",
    "Week",
    "finished_dossiers",
    "oversees",
    "overview",
    "period_of",
]

WEEKS_SHOWN = 8
PEOPLE_SHOWN = 12
# What ends a dossier by the agency's doing; a withdrawal is the applicant's.
FINISHED_STATES = ("done", "returned", "refused")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_WEEK = re.compile(r"(\d{4})-W(\d{2})")


@dataclass(frozen=True, slots=True)
class Period:
    """From a moment until before another. ``code`` names it in addresses: ``2026-11``, ``2026-W47``."""

    code: str
    from_at: dt.datetime
    until_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Load:
    """Open work of one holder or unit; ``id`` is None for work that nobody has taken."""

    id: UUID | None
    name: str
    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Week:
    """Dossiers finished in a week, and how many of them by their due moment."""

    period: Period
    finished: int
    on_time: int

    @property
    def share(self) -> float | None:
        return self.on_time / self.finished if self.finished else None


@dataclass(frozen=True, slots=True)
class Overview:
    """What the overview shows of a unit and all below it. ``by_tab`` counts lists of ``WorkFilter.tab``."""

    unit_id: UUID
    unit_name: str
    by_tab: Mapping[str, int]
    by_age: Mapping[str, int]
    month: Week
    weeks: Sequence[Week]
    people: Sequence[Load]
    units: Sequence[Load]


def oversees(by: Actor) -> bool:
    """Whether the acting position reads the work of more than one unit."""
    reach = coverage(by, "work.read")
    return by.kind == "official" and (reach.everything or bool(reach.root_ids))


def overview(by: Actor, *, unit_id: UUID | None, now: dt.datetime) -> Overview:
    """Return the figures of a unit within reach, with all below it; None: the reader's own root.

    Raises ``NotAllowed`` for whoever oversees nothing, ``NotFound`` for a unit out of reach.
    """
    if not oversees(by):
        raise NotAllowed(reason=N_("Trang tổng quan dành cho lãnh đạo có phạm vi từ cơ quan trở lên."))
    unit = get_unit(_root(by, unit_id))
    work = narrowed_work(work_within_reach(by), by, WorkFilter(tab="all", unit_id=unit.pk), now=now)
    counts = _open_counts(work, by, now=now)
    weeks = _weeks(by, unit.pk, now=now)
    return Overview(
        unit_id=unit.pk,
        unit_name=unit.name,
        by_tab={tab: counts[f"tab_{tab}"] for tab in ("all", "overdue", "near", "waiting")},
        by_age={age: counts[f"age_{number}"] for number, age in enumerate(WORK_AGES)},
        month=_month(by, unit.pk, now=now),
        weeks=weeks,
        people=_people(work, now=now),
        units=_units(by, unit.pk, now=now),
    )


def _root(by: Actor, unit_id: UUID | None) -> UUID:
    reach = coverage(by, "work.read")
    if unit_id is not None:
        reached = reached_units(by, "work.read")
        if reached is not None and unit_id not in reached:
            raise NotFound
        return unit_id
    if reach.everything:
        top = children(None).first()
        if top is None:
            raise NotFound
        return top.pk
    return next(iter(sorted(reach.root_ids)))


def _open_counts(work: QuerySet[WorkItem], by: Actor, *, now: dt.datetime) -> Mapping[str, int]:
    """All tabs and ages in one pass. The conditions are those of the lists, taken from their querysets."""
    overdue = Q(due_at__lt=now, is_waiting=False)
    near = Q(due_at__gte=now, due_at__lt=now + dt.timedelta(hours=24), is_waiting=False)
    ages = {}
    for number, (least, less) in enumerate(WORK_AGES.values()):
        age = Q(opened_at__lte=now - dt.timedelta(days=least))
        if less is not None:
            age &= Q(opened_at__gt=now - dt.timedelta(days=less))
        ages[f"age_{number}"] = Count("pk", filter=age)
    return work.order_by().aggregate(
        tab_all=Count("pk"),
        tab_overdue=Count("pk", filter=overdue),
        tab_near=Count("pk", filter=near),
        tab_waiting=Count("pk", filter=Q(is_waiting=True)),
        **ages,
    )


def _people(work: QuerySet[WorkItem], *, now: dt.datetime) -> list[Load]:
    """The holders of most open work, the fullest desk first."""
    rows = (
        work.exclude(holder=None)
        .order_by()
        .values("holder_id", "holder_name")
        .annotate(open=Count("pk"), overdue=Count("pk", filter=Q(due_at__lt=now, is_waiting=False)))
        .order_by("-open", "holder_name")
    )
    return [
        Load(row["holder_id"], row["holder_name"], row["open"], row["overdue"]) for row in rows[:PEOPLE_SHOWN]
    ]


def _units(by: Actor, unit_id: UUID, *, now: dt.datetime) -> list[Load]:
    """The units directly below with their open work, those with most overdue first."""
    names = {unit.pk: unit.name for unit in children(unit_id)}
    rows = (
        work_within_reach(by)
        .filter(unit__above__ancestor_id__in=list(names))
        .order_by()
        .values(below=F("unit__above__ancestor_id"))
        .annotate(open=Count("pk"), overdue=Count("pk", filter=Q(due_at__lt=now, is_waiting=False)))
    )
    found = [Load(row["below"], names[row["below"]], row["open"], row["overdue"]) for row in rows]
    return sorted(found, key=lambda one: (-one.overdue, -one.open, one.name))


def finished_dossiers(
    by: Actor, period: Period, *, unit_id: UUID | None = None, timely: str = ""
) -> QuerySet[Dossier]:
    """Accepted dossiers that agencies within reach ended in the period: with a result or a refusal.

    ``timely``: ``dung-han`` (by the due moment), ``tre-han``, or empty for all. All of them are visible to
    the reader, because an agency takes part in the dossiers that it is competent for.
    """
    rows = Dossier.objects.filter(
        finished_at__gte=period.from_at,
        finished_at__lt=period.until_at,
        state__in=FINISHED_STATES,
        accepted_at__isnull=False,
    )
    if by.kind != "official":
        return rows.none()
    reached = reached_units(by, "dossier.read")
    if reached is not None:
        rows = rows.filter(agency_id__in=list(reached))
    if unit_id is not None:
        rows = rows.filter(agency__above__ancestor_id=unit_id)
    if timely == "dung-han":
        rows = rows.filter(finished_at__lte=F("due_at"))
    elif timely == "tre-han":
        rows = rows.filter(finished_at__gt=F("due_at"))
    return rows


_ON_TIME = Count("pk", filter=Q(finished_at__lte=F("due_at")))


def _month(by: Actor, unit_id: UUID, *, now: dt.datetime) -> Week:
    period = period_of(f"{now.astimezone(VIETNAM):%Y-%m}")
    assert period is not None
    rows = finished_dossiers(by, period, unit_id=unit_id).order_by()
    counts = rows.aggregate(finished=Count("pk"), on_time=_ON_TIME)
    return Week(period, counts["finished"], counts["on_time"])


def _weeks(by: Actor, unit_id: UUID, *, now: dt.datetime) -> list[Week]:
    monday = now.astimezone(VIETNAM).date()
    monday -= dt.timedelta(days=monday.weekday())
    periods = [_week(monday - dt.timedelta(weeks=back)) for back in reversed(range(WEEKS_SHOWN))]
    whole = Period("", periods[0].from_at, periods[-1].until_at)
    rows = (
        finished_dossiers(by, whole, unit_id=unit_id)
        .order_by()
        .values(week=TruncWeek("finished_at", tzinfo=VIETNAM))
        .annotate(finished=Count("pk"), on_time=_ON_TIME)
    )
    found = {row["week"].date(): row for row in rows}
    weeks = []
    for period in periods:
        row = found.get(period.from_at.astimezone(VIETNAM).date(), {"finished": 0, "on_time": 0})
        weeks.append(Week(period, row["finished"], row["on_time"]))
    return weeks


def _week(monday: dt.date) -> Period:
    year, number, _day = monday.isocalendar()
    return Period(f"{year}-W{number:02d}", _start(monday), _start(monday + dt.timedelta(days=7)))


def _start(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, tzinfo=VIETNAM)


def period_of(code: str) -> Period | None:
    """Return the month ``2026-11`` or the ISO week ``2026-W47``; None for anything else."""
    try:
        if found := _WEEK.fullmatch(code):
            return _week(dt.date.fromisocalendar(int(found[1]), int(found[2]), 1))
        if found := _MONTH.fullmatch(code):
            first = dt.date(int(found[1]), int(found[2]), 1)
            after = (first + dt.timedelta(days=31)).replace(day=1)
            return Period(code, _start(first), _start(after))
    except (ValueError, OverflowError):
        return None
    return None
