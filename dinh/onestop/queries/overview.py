"""The overview for whoever oversees units: each figure counts the rows of a list, one link away.

Open work is counted in one pass over the open rows within reach; what was received and finished comes from
the kept figures. Nothing reads the whole history.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import children, coverage, get_unit, reached_units
from dinh.kernel.errors import N_, NotAllowed, NotFound, existing
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import WorkItem
from dinh.onestop.queries.figures import FigureFilter, figures_since
from dinh.onestop.queries.work import (
    WORK_AGES,
    WorkFilter,
    narrowed_work,
    near_work,
    overdue_work,
    work_within_reach,
)
from dinh.onestop.rules.figures import Tally
from dinh.onestop.rules.periods import Period, period_on, week_of

__all__ = ["Load", "Overview", "oversees", "overview", "root_unit"]

WEEKS_SHOWN = 8
PEOPLE_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Load:
    """Open work of one holder or unit; ``id`` is None for work that nobody has taken."""

    id: UUID | None
    name: str
    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Overview:
    """What the overview shows of a unit and all below it. ``by_tab`` counts lists of ``WorkFilter.tab``."""

    unit_id: UUID
    unit_name: str
    by_tab: Mapping[str, int]
    by_age: Mapping[str, int]
    month: tuple[Period, Tally]
    weeks: Sequence[tuple[Period, Tally]]
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
    unit = get_unit(root_unit(by, unit_id))
    work = narrowed_work(work_within_reach(by), by, WorkFilter(tab="all", unit_id=unit.pk), now=now)
    counts = _open_counts(work, by, now=now)
    month, weeks = _timeliness(by, unit.pk, today=now.astimezone(VIETNAM).date())
    return Overview(
        unit_id=unit.pk,
        unit_name=unit.name,
        by_tab={tab: counts[f"tab_{tab}"] for tab in ("all", "overdue", "near", "waiting")},
        by_age={age: counts[f"age_{number}"] for number, age in enumerate(WORK_AGES)},
        month=month,
        weeks=weeks,
        people=_people(work, now=now),
        units=_units(by, unit.pk, now=now),
    )


def root_unit(by: Actor, unit_id: UUID | None) -> UUID:
    """Return the unit asked for, within reach, or the reader's own root. Raises ``NotFound``."""
    reach = coverage(by, "work.read")
    if unit_id is not None:
        reached = reached_units(by, "work.read")
        if reached is not None and unit_id not in reached:
            raise NotFound
        return unit_id
    if reach.everything:
        top = existing(children(None).first())
        return top.pk
    return next(iter(sorted(reach.root_ids)))


def _open_counts(work: QuerySet[WorkItem], by: Actor, *, now: dt.datetime) -> Mapping[str, int]:
    """All tabs and ages in one pass. The conditions are those of the lists, taken from their querysets."""
    ages = {}
    for number, (least, less) in enumerate(WORK_AGES.values()):
        age = Q(opened_at__lte=now - dt.timedelta(days=least))
        if less is not None:
            age &= Q(opened_at__gt=now - dt.timedelta(days=less))
        ages[f"age_{number}"] = Count("pk", filter=age)
    return work.order_by().aggregate(
        tab_all=Count("pk"),
        tab_overdue=Count("pk", filter=overdue_work(now)),
        tab_near=Count("pk", filter=near_work(now)),
        tab_waiting=Count("pk", filter=Q(is_waiting=True)),
        **ages,
    )


def _people(work: QuerySet[WorkItem], *, now: dt.datetime) -> list[Load]:
    """The holders of most open work, the fullest desk first."""
    rows = (
        work.exclude(holder=None)
        .order_by()
        .values("holder_id", "holder_name")
        .annotate(open=Count("pk"), overdue=Count("pk", filter=overdue_work(now)))
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
        .annotate(open=Count("pk"), overdue=Count("pk", filter=overdue_work(now)))
    )
    found = [Load(row["below"], names[row["below"]], row["open"], row["overdue"]) for row in rows]
    return sorted(found, key=lambda one: (-one.overdue, -one.open, one.name))


def _timeliness(
    by: Actor, unit_id: UUID, *, today: dt.date
) -> tuple[tuple[Period, Tally], list[tuple[Period, Tally]]]:
    """The month, and the weeks up to this one."""
    weeks = [week_of(today - dt.timedelta(weeks=back)) for back in reversed(range(WEEKS_SHOWN))]
    found = figures_since(by, [period_on(today, "month"), *weeks], FigureFilter(unit_id=unit_id), today=today)
    return found[0], list(found[1:])
