"""Kept figures: what was received, finished and is pending, by agency, field, procedure, channel and month.

Sums before a day are read from whole years, then whole months, then days, then the notes not folded yet, all
in one statement and one snapshot: the history's length costs next to nothing, and the figure is exact.
"""
# ruff: noqa: S608 - statements are put together from names of columns; values are parameters

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any
from uuid import UUID

from django.db import connection

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import below_units, reached_units
from dinh.kernel.errors import NotFound
from dinh.onestop.models import FigureCheck, FigureDifference, IndicatorDifference, Procedure
from dinh.onestop.models.figures import FIGURE_COLUMNS
from dinh.onestop.rules.figures import Sums, Tally, standing_on, tally
from dinh.onestop.rules.periods import Period, grains_between, months_of

__all__ = [
    "Difference",
    "FigureFilter",
    "agencies_counted",
    "counted_by",
    "differences_found",
    "figures_since",
    "indicator_differences",
    "last_checks",
    "tallies_by_month",
]

# Who asks for all and for those filed online adds the two up: one statement for both.
_WAY = "CASE channel WHEN 'online' THEN 'online' ELSE 'other' END"
_GROUPS = {
    "agency": "agency_id::text",
    "procedure": "procedure_id::text",
    "channel": "channel",
    "agency-procedure": "agency_id || ' ' || procedure_id",
    "agency-online": f"agency_id || ' ' || {_WAY}",
    "agency-procedure-online": f"agency_id || ' ' || procedure_id || ' ' || {_WAY}",
    "": "''",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureFilter:
    """Which dossiers are counted. ``unit_id``: agencies from that unit downwards (``depth`` ``alone``: that
    agency only); None: all in reach.

    ``field`` is a field's code, ``procedure`` a procedure's code, ``channels`` keys of ``CHANNELS``.
    """

    unit_id: UUID | None = None
    depth: str = "below"
    field: str = ""
    procedure: str = ""
    channels: tuple[str, ...] = ()


def agencies_counted(by: Actor | None, chosen: FigureFilter) -> frozenset[UUID] | None:
    """Return the units whose dossiers a reader's figures count; None: all of the province.

    ``by`` None stands for the public statistics. The same units narrow the lists (``counted_dossiers``).
    Raises ``NotFound`` for a unit of which nothing is in reach.
    """
    reached = None if by is None else _reached(by)
    if chosen.unit_id is None:
        return reached
    below = frozenset({chosen.unit_id}) if chosen.depth == "alone" else below_units(chosen.unit_id)
    wanted = below if reached is None else below & reached
    if not wanted:
        raise NotFound
    return wanted


def _reached(by: Actor) -> frozenset[UUID] | None:
    return reached_units(by, "dossier.read") if by.kind == "official" else frozenset()


def counted_by(
    by: Actor | None, period: Period, group: str, chosen: FigureFilter | None = None, *, today: dt.date
) -> Mapping[str, Tally]:
    """Return the figures a ``group``: ``agency``, ``procedure`` (ids as text), ``agency-procedure`` (both,
    with a blank) or ``channel``; ``agency-online`` and ``agency-procedure-online`` have a last word more,
    ``online`` or ``other``."""
    return _tallies(by, period, chosen or FigureFilter(), group, today=today)


def tallies_by_month(
    by: Actor | None, period: Period, chosen: FigureFilter | None = None, *, today: dt.date
) -> Sequence[tuple[Period, Tally]]:
    """Return the figures of each month of a period; the last may not have come yet."""
    return figures_since(by, months_of(period), chosen or FigureFilter(), today=today)


def figures_since(
    by: Actor | None, periods: Sequence[Period], chosen: FigureFilter, *, today: dt.date
) -> Sequence[tuple[Period, Tally]]:
    """Return the figures of several periods, one statement for all of them."""
    sums = _sums_before(_days_of(periods, today), agencies_counted(by, chosen), chosen, "")
    return [(period, _line(sums.get("", {}), period, today)) for period in periods]


def _tallies(
    by: Actor | None, period: Period, chosen: FigureFilter, group: str, *, today: dt.date
) -> dict[str, Tally]:
    sums = _sums_before(_days_of([period], today), agencies_counted(by, chosen), chosen, group)
    lines = {key: _line(before, period, today) for key, before in sums.items()}
    return {key: line for key, line in lines.items() if not line.is_empty}


def _days_of(periods: Sequence[Period], today: dt.date) -> list[dt.date]:
    """The days before which sums are wanted. The day on which open dossiers are judged belongs to its sum:
    it is the first on which those due the day before are late.
    """
    one = dt.timedelta(days=1)
    wanted = {(period.from_on, period.until_on, standing_on(period, today) + one) for period in periods}
    return sorted({day for days in wanted for day in days})


def _line(before: Mapping[dt.date, Sums], period: Period, today: dt.date) -> Tally:
    standing = standing_on(period, today) + dt.timedelta(days=1)
    return tally(*(before.get(day, Sums()) for day in (period.from_on, period.until_on, standing)))


def _sums_before(
    days: Sequence[dt.date], units: Iterable[UUID] | None, chosen: FigureFilter, group: str
) -> dict[str, dict[dt.date, Sums]]:
    """Return by group what happened before each of the days (in order): one statement, one snapshot.

    Each stretch between two of the days is read once, in the coarsest grains that fill it.
    """
    where, values = _narrowed(units, chosen)
    parts = []
    for number, (start, end) in enumerate(zip([None, *days], days, strict=False)):
        for grain, first, until in grains_between(start, end):
            parts.append(
                f"SELECT {number} AS mark, agency_id, procedure_id, channel, {_NAMES} FROM onestop_figure"
                f" WHERE grain = '{grain}' AND starts_on < '{until}'"
                + (f" AND starts_on >= '{first}'" if first else "")
                + where
            )
    marks = " ".join(f"WHEN day < '{day}' THEN {number}" for number, day in enumerate(days))
    parts.append(
        f"SELECT CASE {marks} END, agency_id, procedure_id, channel, {_NAMES} FROM onestop_figureentry"
        f" WHERE day < '{days[-1]}'{where}"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_GROUPS[group]} AS key, mark, {_SUMS} FROM ({' UNION ALL '.join(parts)}) AS part"
            " GROUP BY 1, 2",
            values,
        )
        rows = cursor.fetchall()
    within: dict[str, dict[int, Sums]] = {}
    for key, mark, *found in rows:
        within.setdefault(key, {})[mark] = Sums(*(int(value or 0) for value in found))
    return {
        key: dict(
            zip(days, accumulate(marked.get(number, Sums()) for number in range(len(days))), strict=True)
        )
        for key, marked in within.items()
    }


_NAMES = ", ".join(FIGURE_COLUMNS)
_SUMS = "sum(received), sum(received) FILTER (WHERE channel = 'online'), " + ", ".join(
    f"sum({name})" for name in FIGURE_COLUMNS[1:]
)


def _narrowed(units: Iterable[UUID] | None, chosen: FigureFilter) -> tuple[str, dict[str, Any]]:
    where = ""
    values: dict[str, Any] = {}
    if units is not None:
        where += " AND agency_id = ANY(%(units)s)"
        values["units"] = list(units)
    if chosen.field or chosen.procedure:
        found = Procedure.objects.order_by()
        if chosen.field:
            found = found.filter(field_code=chosen.field)
        if chosen.procedure:
            found = found.filter(code=chosen.procedure)
        where += " AND procedure_id = ANY(%(procedures)s)"
        values["procedures"] = list(found.values_list("pk", flat=True))
    if chosen.channels:
        where += " AND channel = ANY(%(channels)s)"
        values["channels"] = list[str](chosen.channels)
    return where, values


@dataclass(frozen=True, slots=True)
class Difference:
    """A day of which the kept figures were wrong: the true ones less the kept ones, by column."""

    found_at: dt.datetime
    day: dt.date
    agency_id: UUID
    procedure_name: str
    channel: str
    amounts: Mapping[str, int]


def last_checks(limit: int = 30) -> list[FigureCheck]:
    """Return the last recounts, the newest first."""
    return list(FigureCheck.objects.all()[:limit])


def differences_found(by: Actor, limit: int = 200) -> list[Difference]:
    """Return the differences that recounts found and put right at the reader's agencies, the newest first."""
    found = FigureDifference.objects.all()
    if (reached := _reached(by)) is not None:
        found = found.filter(agency_id__in=list(reached))
    rows = list(found[:limit])
    names = dict(
        Procedure.objects.filter(pk__in={row.procedure_id for row in rows}).values_list("pk", "short_name")
    )
    return [
        Difference(
            row.found_at,
            row.day,
            row.agency_id,
            names.get(row.procedure_id, ""),
            row.channel,
            {name: value for name in FIGURE_COLUMNS if (value := getattr(row, name))},
        )
        for row in rows
    ]


def indicator_differences(by: Actor, limit: int = 200) -> list[IndicatorDifference]:
    """Return where recounts found other sums of indicators, at the reader's agencies, the newest first."""
    found = IndicatorDifference.objects.all()
    if (reached := _reached(by)) is not None:
        found = found.filter(agency_id__in=list(reached))
    return list(found[:limit])
