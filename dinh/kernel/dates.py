"""Dates as documents and certificates write them, and as people type them."""

import calendar
import datetime as dt
import re

from dinh.kernel.money import number_words
from dinh.kernel.worktime import VIETNAM

__all__ = ["add_months", "date_in_words", "document_date", "place_and_date", "read_date", "written_moment"]

_TYPED = re.compile(r"([0-9]{1,2})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{4})")
# Spreadsheets write a day as the midnight with which it begins.
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[ T]00:00(?::00)?)?")


def read_date(text: str) -> dt.date | None:
    """Return the date of ``31/12/2025`` (also with ``.``, ``-``, space) or ``2025-12-31``, or None."""
    tidy = text.strip()
    if found := _TYPED.fullmatch(tidy):
        day, month, year = found.groups()
    elif found := _ISO.fullmatch(tidy):
        year, month, day = found.groups()
    else:
        return None
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the same day so many months on (or back); where that month is shorter, its last day, as terms
    of months and years end (Bộ luật Dân sự 2015, Art. 148). Within the calendar's years: OverflowError.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise OverflowError
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def document_date(on: dt.date) -> str:
    """Return ``ngày 05 tháng 02 năm 2020``.

    Days below 10 and the months 1 and 2 get a zero, so that no digit can be put before them; other
    months do not (NĐ 30/2020/NĐ-CP, appendix I, part II, 4.b).
    """
    month = f"{on.month:02d}" if on.month <= 2 else str(on.month)
    return f"ngày {on.day:02d} tháng {month} năm {on.year}"


def place_and_date(place: str, on: dt.date) -> str:
    """Return the line of place and date of a document: ``Hà Nội, ngày 05 tháng 02 năm 2020``."""
    return f"{place}, {document_date(on)}"


def date_in_words(on: dt.date) -> str:
    """Return a date wholly in words, as civil status papers repeat it: the fourth month is ``tháng tư``."""
    month = "tư" if on.month == 4 else number_words(on.month)
    return f"ngày {number_words(on.day)} tháng {month} năm {number_words(on.year)}"


def written_moment(at: dt.datetime | None) -> str:
    """``14:05 21/11/2026`` with a plain blank, as messages and records hold it; empty for none."""
    return f"{at.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if at else ""
