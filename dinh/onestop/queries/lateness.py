"""How long each step of a dossier took, and whose time made it late."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, Sum

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import reached_units
from dinh.onestop.models import ClockRecord, Dossier, StepRun, StepTime
from dinh.onestop.queries.clocks import dossier_reading, step_reading
from dinh.onestop.rules.lateness import Spent, attribute_lateness
from dinh.onestop.rules.periods import Period

__all__ = ["AgencyLateness", "TimeCard", "lateness_by_agency", "times_of"]

_DAY = dt.timedelta(days=1)
_WORKING_DAY = dt.timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class TimeCard:
    """One step's time; ``late`` is its part of the dossier's. No ``step_id``: what no step explains."""

    step_id: UUID | None
    name: str
    unit_id: UUID
    unit_name: str
    agency_id: UUID
    position_id: UUID | None
    holder: str
    limit: dt.timedelta
    spent: dt.timedelta
    late: dt.timedelta


@dataclass(frozen=True, slots=True)
class AgencyLateness:
    """What an agency answers for in dossiers that ended in a period; times as working time."""

    agency_id: UUID
    agency_name: str
    steps: int
    late_dossiers: int
    late: dt.timedelta


def times_of(dossier: Dossier, *, now: dt.datetime) -> list[TimeCard]:
    """Return the time of every step that counts, and its part of the lateness, read from the clocks.

    The first answer and the hand-over are outside of the dossier's own clock and are left out.
    """
    runs = list(
        StepRun.objects.filter(dossier=dossier)
        .exclude(kind__in=("receive", "return"))
        .exclude(state="cancelled")
        .select_related("unit")
    )
    records = list(ClockRecord.objects.filter(dossier=dossier))
    spent = []
    for run in runs:
        reading = step_reading(run, now=now, records=records)
        spent.append(Spent(run.pk, reading.limit, reading.spent + reading.overrun))
    own = dossier_reading(dossier, now=now, records=records)
    late = own.overrun / _DAY * _WORKING_DAY if own.unit == "calendar_days" else own.overrun
    parts = attribute_lateness(late, spent)
    found = [
        TimeCard(
            run.pk,
            run.name,
            run.unit_id,
            run.unit.name,
            run.unit.agency_id or run.unit_id,
            run.holder_id,
            run.done_by or run.holder_name,
            one.limit,
            one.spent,
            parts.get(run.pk, dt.timedelta(0)),
        )
        for run, one in zip(runs, spent, strict=True)
    ]
    if None in parts:
        agency = dossier.agency
        nothing = dt.timedelta(0)
        found.append(
            TimeCard(None, "", agency.pk, agency.name, agency.pk, None, "", nothing, nothing, parts[None])
        )
    return found


def lateness_by_agency(by: Actor, period: Period, *, unit_id: UUID | None = None) -> Sequence[AgencyLateness]:
    """Return what each agency within reach answers for in dossiers that ended in the period, by lateness."""
    if by.kind != "official":
        return []
    rows = StepTime.objects.filter(ended_at__gte=period.from_at, ended_at__lt=period.until_at)
    reached = reached_units(by, "dossier.read")
    if reached is not None:
        rows = rows.filter(agency_id__in=list(reached))
    if unit_id is not None:
        rows = rows.filter(agency__above__ancestor_id=unit_id)
    found = (
        rows.order_by()
        .values("agency_id", "agency__name")
        .annotate(
            steps=Count("pk", filter=Q(step__isnull=False)),
            late=Sum("late_seconds"),
            late_dossiers=Count("dossier", filter=Q(late_seconds__gt=0), distinct=True),
        )
        .order_by("-late", "agency__name")
    )
    return [
        AgencyLateness(
            row["agency_id"],
            row["agency__name"],
            row["steps"],
            row["late_dossiers"],
            dt.timedelta(seconds=row["late"]),
        )
        for row in found
    ]
