"""The list behind a figure: the dossiers that a count of a period counts, to the last one.

Conditions say over rows what ``rules.figures`` says over sums; a test holds them to the same numbers.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import TruncDate

from dinh.foundation.actions.public import Actor
from dinh.kernel.errors import NotFound
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import Dossier
from dinh.onestop.queries.figures import FigureFilter, agencies_counted
from dinh.onestop.rules.figures import standing_on
from dinh.onestop.rules.periods import Period

__all__ = ["Counted", "counted_dossiers", "narrowed_dossiers"]

# What ends a dossier by the agency's doing; a withdrawal is the applicant's.
FINISHED_STATES = ("done", "returned", "refused")
_ENDED_ON = TruncDate("finished_at", tzinfo=VIETNAM)
_DUE_ON = TruncDate("due_at", tzinfo=VIETNAM)


@dataclass(frozen=True, slots=True)
class Counted:
    """Which figure: a key of ``COUNTS``, over a period."""

    key: str
    period: Period


def counted_dossiers(
    by: Actor | None, counted: Counted, chosen: FigureFilter | None = None, *, today: dt.date
) -> QuerySet[Dossier]:
    """Return the dossiers that a figure counts for this reader, all of which they may see: an agency takes
    part in the dossiers that it is competent for. ``by`` None: all, for what is counted without a reader.
    """
    chosen = chosen or FigureFilter()
    rows = Dossier.objects.filter(_CONDITIONS[counted.key](counted.period, today))
    if counted.key in _BY_DATES:
        rows = rows.annotate(ended_on=_ENDED_ON, due_on=_DUE_ON).filter(_BY_DATES[counted.key])
    try:
        units = agencies_counted(by, chosen)
    except NotFound:
        return rows.none()
    if units is not None:
        rows = rows.filter(agency_id__in=list(units))
    return _of_procedures(rows, chosen)


def narrowed_dossiers(rows: QuerySet[Dossier], chosen: FigureFilter) -> QuerySet[Dossier]:
    """Narrow dossiers as figures are narrowed, without asking what the reader's units are."""
    if chosen.unit_id and chosen.depth == "alone":
        rows = rows.filter(agency_id=chosen.unit_id)
    elif chosen.unit_id:
        rows = rows.filter(agency__above__ancestor_id=chosen.unit_id)
    return _of_procedures(rows, chosen)


def _of_procedures(rows: QuerySet[Dossier], chosen: FigureFilter) -> QuerySet[Dossier]:
    if chosen.field:
        rows = rows.filter(procedure__field_code=chosen.field)
    if chosen.procedure:
        rows = rows.filter(procedure__code=chosen.procedure)
    if chosen.channels:
        rows = rows.filter(channel__in=chosen.channels)
    return rows


def _between(field: str, period: Period) -> Q:
    return Q(**{f"{field}__gte": period.from_at, f"{field}__lt": period.until_at})


def _new(period: Period, today: dt.date) -> Q:
    return _between("accepted_at", period)


def _carried(period: Period, today: dt.date) -> Q:
    unfinished = Q(finished_at=None) | Q(finished_at__gte=period.from_at)
    return Q(accepted_at__lt=period.from_at) & unfinished


def _finished(period: Period, today: dt.date) -> Q:
    is_finished = Q(accepted_at__isnull=False, state__in=FINISHED_STATES)
    return is_finished & _between("finished_at", period)


def _pending(period: Period, today: dt.date) -> Q:
    unfinished = Q(finished_at=None) | Q(finished_at__gte=period.until_at)
    return Q(accepted_at__lt=period.until_at) & unfinished


def _pending_late(period: Period, today: dt.date) -> Q:
    return _pending(period, today) & Q(due_at__lt=_judged_at(period, today))


def _pending_in_time(period: Period, today: dt.date) -> Q:
    in_time = Q(due_at=None) | Q(due_at__gte=_judged_at(period, today))
    return _pending(period, today) & in_time


def _judged_at(period: Period, today: dt.date) -> dt.datetime:
    day = standing_on(period, today)
    return dt.datetime(day.year, day.month, day.day, tzinfo=VIETNAM)


def _gone(period: Period, today: dt.date) -> Q:
    ended = Q(accepted_at__isnull=False) & _between("finished_at", period)
    return ended & ~Q(state__in=FINISHED_STATES)


_CONDITIONS: Mapping[str, Callable[[Period, dt.date], Q]] = {
    "tong": lambda period, today: _new(period, today) | _carried(period, today),
    "moi": _new,
    "moi-truc-tuyen": lambda period, today: _new(period, today) & Q(channel="online"),
    "moi-truc-tiep": lambda period, today: _new(period, today) & ~Q(channel="online"),
    "ky-truoc": _carried,
    "xong": _finished,
    "xong-truoc-han": _finished,
    "xong-dung-han": _finished,
    "xong-kip-han": _finished,
    "xong-qua-han": _finished,
    "dang": _pending,
    "dang-trong-han": _pending_in_time,
    "dang-qua-han": _pending_late,
    "qua-han": lambda period, today: _finished(period, today) | _pending_late(period, today),
    "rut": _gone,
    "da-tra": lambda period, today: _between("returned_at", period),
    "tu-choi": lambda period, today: Q(state="refused") & _between("finished_at", period),
    "danh-gia": lambda period, today: _between("rating__rated_at", period),
    "hai-long": lambda period, today: _between("rating__rated_at", period) & Q(rating__overall__gte=2),
}
_BY_DATES: Mapping[str, Any] = {
    "xong-truoc-han": Q(ended_on__lt=F("due_on")),
    "xong-dung-han": Q(due_on=None) | Q(ended_on=F("due_on")),
    "xong-kip-han": Q(due_on=None) | Q(ended_on__lte=F("due_on")),
    "xong-qua-han": Q(ended_on__gt=F("due_on")),
    # Still open, or finished too late: what was finished in time of these is neither.
    "qua-han": Q(ended_on=None) | Q(ended_on__gt=F("due_on")),
}
