"""What the day of filing, or another answer, lets an answer be: an age, how long ago, more or less."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from dinh.foundation.ui.rules.forms.definition import Field
from dinh.kernel.conditions import value_at
from dinh.kernel.dates import add_months
from dinh.kernel.worktime import WorkCalendar, standard_calendar

__all__ = [
    "BORN",
    "COMPARABLE",
    "COMPARED_WITH",
    "Calendar",
    "can_compare",
    "calendar_or_usual",
    "first_working_day",
    "first_in_time",
    "is_of_age",
    "is_older",
    "other_answer",
    "passes",
]

COMPARED_WITH = ("not_above", "not_below", "older_than")
Calendar = Callable[[], WorkCalendar]
# Widgets whose answers have more and less: one can be set against another of the same widget.
COMPARABLE = frozenset({"number", "money", "year", "date"})
# Widgets that say when somebody was born.
BORN = frozenset({"year", "date"})
# A day beyond which no plan of a citizen reaches; the search for a working day ends there.
_FARTHEST = 3660


def is_of_age(born: dt.date, today: dt.date, years: int) -> bool:
    """Whether who was born that day is so many full years old."""
    try:
        return add_months(born, years * 12) <= today
    except OverflowError:
        return False


def is_older(born: Any, other: Any, years: int) -> bool:
    """Whether who was born on a day, or in a year, is so many years older than the other.

    Where one of the two says but the year, the years alone are set against each other. What cannot be
    compared is.
    """
    if isinstance(born, str) and isinstance(other, str):
        if not (_is_day(born) and _is_day(other)):
            return True
        return is_of_age(dt.date.fromisoformat(born), dt.date.fromisoformat(other), years)
    first, second = _year_of(born), _year_of(other)
    return first is None or second is None or first + years <= second


def _year_of(value: Any) -> int | None:
    if isinstance(value, str):
        return dt.date.fromisoformat(value).year if _is_day(value) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def calendar_or_usual(calendar: Calendar | None) -> WorkCalendar:
    """Return the working calendar that was given, else the usual week with the days off of the law."""
    return calendar() if calendar is not None else standard_calendar()


def first_working_day(calendar: WorkCalendar, today: dt.date, days: int) -> dt.date:
    """Return the day that is the working day so many after ``today``; today does not count (BLDS Art. 147.2).

    Where no such day comes within ten years, the last day looked at.
    """
    left = days
    day = today
    for ahead in range(1, _FARTHEST):
        day = today + dt.timedelta(days=ahead)
        left -= bool(calendar.day(day).periods)
        if left == 0:
            break
    return day


def first_in_time(today: dt.date, *, days: int | None = None, months: int | None = None) -> dt.date:
    """Return the earliest day from which no more than so many days, or full months, have gone by."""
    try:
        if days is not None:
            return today - dt.timedelta(days=days)
        first = add_months(today, -(months or 0))
    except OverflowError:
        return dt.date.min
    # Back from the 31st of May one lands on the 28th of February, which is more than three months ago.
    while first < today and add_months(first, months or 0) < today:
        first += dt.timedelta(days=1)
    return first


def other_answer(name: str, data: Mapping[str, Any], beside: Mapping[str, Any]) -> Any:
    """Return the answer that stands beside in the same group or row, else the one of the whole form."""
    value = value_at(beside, name)
    return value_at(data, name) if value is None else value


def passes(kind: str, value: Any, other: Any) -> bool:
    """Whether an answer is not above, or not below, the other; what cannot be compared does."""
    if isinstance(value, str) and isinstance(other, str):
        if not (_is_day(value) and _is_day(other)):
            return True
    elif not (_is_number(value) and _is_number(other)):
        return True
    return bool(value <= other if kind == "not_above" else value >= other)


def can_compare(one: Field, other: Field) -> bool:
    """Whether two fields are asked for one kind of answer that has more and less."""
    return one.path != other.path and one.widget == other.widget and one.widget in COMPARABLE


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_day(value: str) -> bool:
    try:
        dt.date.fromisoformat(value)
    except ValueError:
        return False
    return True
