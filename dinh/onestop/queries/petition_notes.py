"""What reports and indicators count of petitions, from what the portal has told; and the lists behind."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate

from dinh.foundation.actions.public import Actor
from dinh.kernel.errors import NotFound
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import PetitionNote
from dinh.onestop.queries.figures import FigureFilter, agencies_counted
from dinh.onestop.rules.agency_reports import PETITION_COUNTS, PetitionFacts
from dinh.onestop.rules.figures import standing_on
from dinh.onestop.rules.periods import Period

__all__ = ["PetitionLine", "answers_by_agency", "petition_lines", "petition_notes", "petitions_noted"]


@dataclass(frozen=True, slots=True)
class PetitionLine:
    """Petitions of one kind (question, feedback, proposal), by keys of ``PETITION_COUNTS``."""

    kind: str
    counts: Mapping[str, int]


def petition_lines(
    by: Actor | None, period: Period, chosen: FigureFilter, *, today: dt.date
) -> Sequence[PetitionLine]:
    """Return the petitions passed on to the agencies counted, by kind; ``by`` None: without a reader."""
    tests = {key: _condition(key, period, today) for key in PETITION_COUNTS}
    rows: Any = (
        _within_reach(by, chosen)
        .order_by()
        .values("kind")
        .annotate(**{key.replace("-", "_"): Count("pk", filter=test) for key, test in tests.items()})
        .order_by("kind")
    )
    found = [
        PetitionLine(row["kind"], {key: row[key.replace("-", "_")] for key in PETITION_COUNTS})
        for row in rows
    ]
    return [line for line in found if any(line.counts.values())]


def petition_notes(
    by: Actor, key: str, period: Period, chosen: FigureFilter, *, kind: str = "", today: dt.date
) -> QuerySet[PetitionNote]:
    """Return the petitions that a figure counts, for who reads the dossiers of their agency."""
    try:
        rows = _within_reach(by, chosen).filter(_condition(key, period, today))
    except NotFound:
        return PetitionNote.objects.none()
    rows = rows.select_related("agency").order_by("-received_at", "pk")
    return rows.filter(kind=kind) if kind else rows


def answers_by_agency(period: Period, *, today: dt.date) -> Mapping[UUID, tuple[int, int, int]]:
    """Return for each agency how many petitions had to be answered in a period, how many were in time, and
    how many were answered late or are overdue.
    """
    in_time = _condition("pa-xong-dung-han", period, today)
    late = _condition("pa-xong-qua-han", period, today) | _condition("pa-dang-qua-han", period, today)
    rows = (
        _dated(PetitionNote.objects.exclude(agency=None))
        .order_by()
        .values("agency_id")
        .annotate(good=Count("pk", filter=in_time), bad=Count("pk", filter=late))
    )
    return {row["agency_id"]: (row["good"] + row["bad"], row["good"], row["bad"]) for row in rows}


def petitions_noted() -> Mapping[UUID, PetitionFacts]:
    """Return what is known here of every petition."""
    names = [field.name for field in fields(PetitionFacts)]
    return {row[0]: PetitionFacts(*row) for row in PetitionNote.objects.order_by().values_list(*names)}


def _within_reach(by: Actor | None, chosen: FigureFilter) -> QuerySet[PetitionNote]:
    rows = PetitionNote.objects.exclude(agency=None)
    units = agencies_counted(by, chosen)
    return _dated(rows if units is None else rows.filter(agency_id__in=list(units)))


def _dated(rows: QuerySet[PetitionNote]) -> QuerySet[PetitionNote]:
    """With the days by which answers are judged: what is answered on its due date is on time."""
    dated: QuerySet[PetitionNote] = rows.annotate(
        answered_on=TruncDate("answered_at", tzinfo=VIETNAM), due_on=TruncDate("due_at", tzinfo=VIETNAM)
    )
    return dated


def _condition(key: str, period: Period, today: dt.date) -> Q:
    """Which petitions a key of ``PETITION_COUNTS`` counts."""
    new = Q(received_at__gte=period.from_at, received_at__lt=period.until_at)
    carried = Q(received_at__lt=period.from_at) & _open_at(period.from_at)
    waiting = Q(received_at__lt=period.until_at) & _open_at(period.until_at)
    answered = Q(answered_at__gte=period.from_at, answered_at__lt=period.until_at)
    day = standing_on(period, today)
    judged_at = dt.datetime(day.year, day.month, day.day, tzinfo=VIETNAM)
    found = {
        "pa-tong": new | carried,
        "pa-moi": new,
        "pa-ky-truoc": carried,
        "pa-xong-dung-han": answered & Q(answered_on__lte=F("due_on")),
        "pa-xong-qua-han": answered & Q(answered_on__gt=F("due_on")),
        "pa-dang-trong-han": waiting & Q(due_at__gte=judged_at),
        "pa-dang-qua-han": waiting & Q(due_at__lt=judged_at),
        "pa-khong-nhan": Q(declined_at__gte=period.from_at, declined_at__lt=period.until_at),
    }
    return found[key]


def _open_at(moment: dt.datetime) -> Q:
    """Neither answered nor turned away before a moment."""
    unanswered = Q(answered_at=None) | Q(answered_at__gte=moment)
    return unanswered & (Q(declined_at=None) | Q(declined_at__gte=moment))
