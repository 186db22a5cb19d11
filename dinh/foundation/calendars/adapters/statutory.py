"""Statutory days off and the yearly swaps, from the ``holidays`` package."""

import datetime as dt
from functools import lru_cache

from holidays import HolidayBase, country_holidays

from dinh.foundation.calendars.rules import DeclaredDay

__all__ = ["statutory_days"]


_WORKED = "Làm bù"  # data: kept with the day
_WORKED_FOR = "Làm bù cho ngày %(on)s"  # data: kept with the day


@lru_cache(maxsize=64)
def statutory_days(year: int) -> tuple[DeclaredDay, ...]:
    """Return the days off of a year with their reasons, and the Saturdays worked for swapped days.

    Labour Code 2019 Art. 112 (days), Art. 111.3 (a day off that falls on a weekly one is made up for), and
    the swaps that were decided for state bodies as far as the package knows them. An administrator declares
    the others.
    """
    # A day off early in a year may be worked for late in the year before.
    found = country_holidays("VN", years=(year, year + 1), language="vi")
    days = [DeclaredDay(on, "off", label) for on, label in found.items() if on.year == year]
    worked = {on for on in found.weekend_workdays if on.year == year}
    days += [DeclaredDay(on, "extra_working", _worked_for(found, on)) for on in worked]
    return tuple(sorted(days, key=lambda day: day.on))


def _worked_for(found: HolidayBase, worked_on: dt.date) -> str:
    stamp = f"{worked_on:%d/%m/%Y}"
    swapped = next((on for on, label in found.items() if stamp in label), None)
    return _WORKED_FOR % {"on": f"{swapped:%d/%m/%Y}"} if swapped else _WORKED
