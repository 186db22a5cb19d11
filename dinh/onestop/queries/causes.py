"""Report II.07: late dossiers by where the time was spent, from the clocks of their steps.

A late dossier is put down to its own agency when a step inside it ran over its limit, else to another agency
whose step did, else to neither: its steps were in time and the dossier was not.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import get_unit
from dinh.kernel.errors import N_, NotAllowed
from dinh.kernel.text import sort_key
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import Dossier, StepRun
from dinh.onestop.queries.counted import Counted, counted_dossiers
from dinh.onestop.queries.figures import FigureFilter, agencies_counted
from dinh.onestop.queries.reports import report_units
from dinh.onestop.rules.figures import CAUSES, standing_on
from dinh.onestop.rules.periods import Period

__all__ = ["CauseLine", "CauseReport", "cause_lines", "cause_report", "dossiers_by_cause"]


@dataclass(frozen=True, slots=True)
class CauseLine:
    """Late dossiers of one field, by cause (keys of ``CAUSES``)."""

    field_code: str
    field_name: str
    by_cause: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.by_cause.values())


@dataclass(frozen=True, slots=True)
class CauseReport:
    """Report II.07 of a unit with all below it."""

    unit_id: UUID
    unit_name: str
    lines: Sequence[CauseLine]


def cause_report(by: Actor, period: Period, *, unit_id: UUID | None, today: dt.date) -> CauseReport:
    """Return report II.07. Raises ``NotAllowed`` for whoever reaches no agency, ``NotFound`` out of reach."""
    units = report_units(by)
    if not units:
        raise NotAllowed(reason=N_("Báo cáo dành cho người xem được hồ sơ của cả cơ quan."))
    unit = get_unit(unit_id or units[0][0])
    chosen = FigureFilter(unit_id=unit.pk)
    agencies_counted(by, chosen)
    return CauseReport(unit.pk, unit.name, cause_lines(by, period, chosen, today=today))


def cause_lines(
    by: Actor | None, period: Period, chosen: FigureFilter, *, today: dt.date
) -> Sequence[CauseLine]:
    """Return late dossiers by field and cause; ``by`` None: all that ``chosen`` narrows them to."""
    rows = (
        _caused(by, period, chosen, today=today)
        .order_by()
        .values("procedure__field_code", "procedure__field_name", "cause")
        .annotate(count=Count("pk"))
    )
    fields: dict[tuple[str, str], dict[str, int]] = {}
    for row in rows:
        key = (row["procedure__field_code"], row["procedure__field_name"])
        fields.setdefault(key, dict.fromkeys(CAUSES, 0))[row["cause"]] = row["count"]
    lines = [CauseLine(code, name, counts) for (code, name), counts in fields.items()]
    return sorted(lines, key=lambda line: sort_key(line.field_name))


def dossiers_by_cause(
    by: Actor, counted: Counted, chosen: FigureFilter, *, today: dt.date
) -> QuerySet[Dossier]:
    """Return the late dossiers that a cause of the report counts."""
    return _caused(by, counted.period, chosen, today=today).filter(cause=counted.key)


def _caused(by: Actor | None, period: Period, chosen: FigureFilter, *, today: dt.date) -> QuerySet[Any]:
    late = counted_dossiers(by, Counted("qua-han", period), chosen, today=today)
    day = standing_on(period, today)
    judged_at = dt.datetime(day.year, day.month, day.day, tzinfo=VIETNAM)
    steps = StepRun.objects.annotate(
        done_on=TruncDate("done_at", tzinfo=VIETNAM), step_due_on=TruncDate("due_at", tzinfo=VIETNAM)
    )
    ran_over = steps.filter(dossier=OuterRef("pk")).filter(
        Q(done_on__gt=F("step_due_on")) | Q(state="open", due_at__lt=judged_at)
    )
    inside = ran_over.filter(unit__above__ancestor_id=OuterRef("agency_id"))
    return late.annotate(
        cause=Case(
            When(Exists(inside), then=Value("cham-tai-co-quan")),
            When(Exists(ran_over), then=Value("cham-phoi-hop")),
            default=Value("cham-khac"),
            output_field=CharField(),
        )
    )
