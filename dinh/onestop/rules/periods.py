"""Periods of reports: a day, week, month, quarter, year, or any range of days; each has an address."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from dinh.kernel.errors import N_
from dinh.kernel.sentences import Sentence, say
from dinh.kernel.worktime import VIETNAM

__all__ = ["Period", "grains_between", "months_of", "period_between", "period_of", "period_on", "week_of"]

_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_YEAR = re.compile(r"\d{4}")
_FIRST_YEAR, _LAST_YEAR = 1990, 2199


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days from a moment until before another, by the province's clock.

    ``code`` names it in addresses: ``2026``, ``2026-Q3``, ``2026-11``, ``2026-W47``, ``2026-11-22``,
    ``2026-01-01..2026-03-15`` (the last day belongs to it).
    """

    code: str
    from_at: dt.datetime
    until_at: dt.datetime

    @property
    def from_on(self) -> dt.date:
        """The first day."""
        return self.from_at.astimezone(VIETNAM).date()

    @property
    def until_on(self) -> dt.date:
        """The day after the last."""
        return self.until_at.astimezone(VIETNAM).date()

    @property
    def last_on(self) -> dt.date:
        """The last day."""
        return self.until_on - dt.timedelta(days=1)

    @property
    def before_on(self) -> dt.date:
        """The day before the first."""
        return self.from_on - dt.timedelta(days=1)

    @property
    def words(self) -> Sentence:
        """The period as papers name it."""
        if found := _QUARTER.fullmatch(self.code):
            return say(N_("quý %(number)s năm %(year)s"), number=found[2], year=found[1])
        if found := _MONTH.fullmatch(self.code):
            return say(N_("tháng %(number)s năm %(year)s"), number=str(int(found[2])), year=found[1])
        if _YEAR.fullmatch(self.code):
            return say(N_("năm %(year)s"), year=self.code)
        if self.from_on == self.last_on:
            return say(N_("ngày %(day)s"), day=f"{self.from_on:%d/%m/%Y}")
        days: dict[str, Any] = {"first": f"{self.from_on:%d/%m/%Y}", "last": f"{self.last_on:%d/%m/%Y}"}
        return say(N_("từ %(first)s đến %(last)s"), **days)


def period_of(code: str) -> Period | None:
    """Return the period of a code as in addresses; None for anything else, and outside 1990 to 2199."""
    try:
        days = _days_of(code)
    except (ValueError, OverflowError):
        return None
    if days is None or not _FIRST_YEAR <= days[0].year <= days[1].year <= _LAST_YEAR or days[0] >= days[1]:
        return None
    return Period(code, _start(days[0]), _start(days[1]))


def period_between(first: str, last: str) -> Period | None:
    """Return the period from one day to another (as ``2026-11-01``, both belong to it), under the shortest
    name that it has: a year, quarter, month or day where it is one. None when it can't be read.
    """
    found = period_of(f"{first}..{last}")
    if found is None:
        return None
    named = (period_on(found.from_on, span) for span in ("year", "quarter", "month", "day"))
    return next(
        (one for one in named if (one.from_at, one.until_at) == (found.from_at, found.until_at)), found
    )


def _days_of(code: str) -> tuple[dt.date, dt.date] | None:
    """The first day and the day after the last."""
    one = dt.timedelta(days=1)
    if found := _RANGE.fullmatch(code):
        return dt.date.fromisoformat(found[1]), dt.date.fromisoformat(found[2]) + one
    if _DAY.fullmatch(code):
        day = dt.date.fromisoformat(code)
        return day, day + one
    if found := _WEEK.fullmatch(code):
        monday = dt.date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return monday, monday + 7 * one
    if found := _QUARTER.fullmatch(code):
        first = dt.date(int(found[1]), 3 * int(found[2]) - 2, 1)
        return first, _months_on(first, 3)
    if found := _MONTH.fullmatch(code):
        first = dt.date(int(found[1]), int(found[2]), 1)
        return first, _months_on(first, 1)
    if _YEAR.fullmatch(code):
        return dt.date(int(code), 1, 1), dt.date(int(code) + 1, 1, 1)
    return None


def _months_on(first: dt.date, months: int) -> dt.date:
    years, month = divmod(first.month - 1 + months, 12)
    return dt.date(first.year + years, month + 1, 1)


def _start(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, tzinfo=VIETNAM)


def _coded(code: str) -> Period:
    period = period_of(code)
    assert period is not None, code
    return period


def period_on(day: dt.date, span: str) -> Period:
    """Return the ``year``, ``quarter``, ``month``, ``week`` or ``day`` to which a day belongs."""
    if span == "week":
        return week_of(day)
    codes = {
        "year": f"{day.year}",
        "quarter": f"{day.year}-Q{(day.month + 2) // 3}",
        "month": f"{day:%Y-%m}",
        "day": day.isoformat(),
    }
    return _coded(codes[span])


def week_of(day: dt.date) -> Period:
    """Return the week, Monday to Sunday, to which a day belongs."""
    year, number, _day = day.isocalendar()
    return _coded(f"{year}-W{number:02d}")


def months_of(period: Period) -> list[Period]:
    """Return the months that lie wholly or partly in a period, in order."""
    found = [period_on(period.from_on, "month")]
    while found[-1].until_on < period.until_on:
        found.append(period_on(found[-1].until_on, "month"))
    return found


def grains_between(start: dt.date | None, end: dt.date) -> list[tuple[str, dt.date | None, dt.date]]:
    """Cover the days from ``start`` (None: the beginning of time) until before ``end`` with years (``y``),
    months (``m``) and days (``d``): ``(grain, first, until)`` each, none twice, the coarsest first.
    """
    month, year = end.replace(day=1), end.replace(month=1, day=1)
    if start is None:
        parts = [("y", None, year), ("m", year, month), ("d", month, end)]
    elif start >= month:
        parts = [("d", start, end)]
    else:
        whole = start if start.day == 1 else _months_on(start.replace(day=1), 1)
        parts = [("m", whole, month), ("d", start, whole), ("d", month, end)]
    return [(grain, first, until) for grain, first, until in parts if first is None or first < until]
