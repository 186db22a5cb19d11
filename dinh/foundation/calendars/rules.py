"""Pure: declared days as values, how layers of calendars make one, what differs between two."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dinh.kernel.errors import N_, Refused
from dinh.kernel.sentences import Sentence, say
from dinh.kernel.worktime import (
    MONDAY_TO_FRIDAY,
    DayException,
    Period,
    WeeklyHours,
    WorkCalendar,
    WorkDay,
    day_off,
    extra_working_day,
    half_day,
    other_hours,
    weekday_name,
)

__all__ = [
    "KINDS",
    "DayChange",
    "DayTooFar",
    "DeclaredDay",
    "HoursWrong",
    "Kind",
    "Layer",
    "ReasonMissing",
    "changed_days",
    "changed_hours_from",
    "check_day",
    "check_label",
    "compare",
    "join",
    "parse_periods",
    "periods_text",
]

Kind = Literal["off", "morning_only", "afternoon_only", "extra_working", "other_hours", "as_week"]
Periods = tuple[Period, ...]

KINDS: Mapping[Kind, str] = {
    "off": N_("Nghỉ cả ngày"),
    "morning_only": N_("Chỉ làm việc buổi sáng"),
    "afternoon_only": N_("Chỉ làm việc buổi chiều"),
    "extra_working": N_("Làm bù cả ngày"),
    "other_hours": N_("Làm việc theo giờ khác"),
    "as_week": N_("Làm việc theo giờ trong tuần"),
}

YEARS_BACK, YEARS_AHEAD = 10, 5
_LABEL_LENGTH = 120
_PERIOD = re.compile(r"(\d{1,2})[:hg](\d{2})?\s*[-–]\s*(\d{1,2})[:hg](\d{2})?")


class DayTooFar(Refused):
    message = N_("Ngày %(on)s nằm ngoài khoảng %(first)d–%(last)d. Hãy kiểm tra lại năm.")


class ReasonMissing(Refused):
    message = N_("Chưa ghi lý do. Lý do được in trong phần giải thích thời hạn, ví dụ “Nghỉ tránh bão số 3”.")


class HoursWrong(Refused):
    message = N_(
        "Giờ làm việc “%(text)s” chưa đúng. Hãy ghi các buổi theo thứ tự, không trùng nhau, "
        "ví dụ: 07:00-11:30, 13:30-17:00."
    )


@dataclass(frozen=True, slots=True)
class DeclaredDay:
    """What a calendar says of one date. ``periods`` belongs to ``other_hours`` alone.

    A half day is kept as such, not as hours: under a unit's own hours it is half of those.
    """

    on: dt.date
    kind: Kind
    label: str
    periods: Periods = ()

    def exception(self, week: WeeklyHours) -> DayException | None:
        """Return the day under weekly hours; None when it follows them."""
        hours = week.days[self.on.weekday()] or _plain_hours(week)
        match self.kind:
            case "off":
                return day_off(self.on, self.label)
            case "morning_only":
                return half_day(self.on, self.label, "morning", hours)
            case "afternoon_only":
                return half_day(self.on, self.label, "afternoon", hours)
            case "extra_working":
                return extra_working_day(self.on, self.label, hours)
            case "other_hours":
                return other_hours(self.on, self.label, self.periods)
            case "as_week":
                return None


def _plain_hours(week: WeeklyHours) -> Periods:
    """The hours of the week's first working day: what a Saturday worked instead is worked by."""
    return next((periods for periods in week.days if periods), MONDAY_TO_FRIDAY.days[0])


@dataclass(frozen=True, slots=True)
class Layer:
    """One calendar's own words: the province's, or a unit's over it. ``weeks`` empty: as the layer below."""

    label: str
    weeks: tuple[WeeklyHours, ...]
    days: tuple[DeclaredDay, ...]


def join(layers: Iterable[Layer]) -> WorkCalendar:
    """Return the calendar that layers make, the province's first and the unit's own last.

    A later layer's day replaces an earlier one's; its weekly hours, when it has any, replace all earlier.
    """
    weeks: tuple[WeeklyHours, ...] = ()
    days: dict[dt.date, DeclaredDay] = {}
    label = ""
    for layer in layers:
        weeks = layer.weeks or weeks
        days.update({day.on: day for day in layer.days})
        label = layer.label
    weeks = _from_the_beginning(weeks)
    plain = WorkCalendar(weeks)
    exceptions = (day.exception(_week_on(weeks, day.on)) for day in days.values())
    return plain.with_exceptions([each for each in exceptions if each is not None], label=label)


def _from_the_beginning(weeks: tuple[WeeklyHours, ...]) -> tuple[WeeklyHours, ...]:
    """Office hours hold before the first weekly hours that were ever declared."""
    if weeks and weeks[0].from_on == dt.date.min:
        return weeks
    return (MONDAY_TO_FRIDAY, *weeks)


def _week_on(weeks: Sequence[WeeklyHours], on: dt.date) -> WeeklyHours:
    return [week for week in weeks if week.from_on <= on][-1]


# Checks of what people type


def check_day(on: dt.date, *, today: dt.date) -> dt.date:
    """Return the date when it is near enough to be meant. Raises ``DayTooFar``."""
    first, last = today.year - YEARS_BACK, today.year + YEARS_AHEAD
    if not first <= on.year <= last:
        raise DayTooFar(field="on", on=f"{on:%d/%m/%Y}", first=first, last=last)
    return on


def check_label(label: str) -> str:
    """Return the reason when there is one. Raises ``ReasonMissing``."""
    if not label:
        raise ReasonMissing(field="label")
    return label[:_LABEL_LENGTH]


def parse_periods(text: str, *, field: str = "periods") -> Periods:
    """Read openings as people type them: ``07:00-11:30, 13:30-17:00``. Raises ``HoursWrong``.

    Empty text is a day off: no openings.
    """
    pieces = [piece.strip() for piece in re.split(r"[,;]", text) if piece.strip()]
    found = [_PERIOD.fullmatch(piece) for piece in pieces]
    if any(match is None for match in found) or len(pieces) > 6:
        raise HoursWrong(field=field, text=text[:60])
    try:
        periods = tuple(_period(match) for match in found if match is not None)
        other_hours(dt.date.min, "", periods)
    except ValueError:
        raise HoursWrong(field=field, text=text[:60]) from None
    return periods


def _period(match: re.Match[str]) -> Period:
    first, first_minute, last, last_minute = match.groups(default="0")
    end = dt.time.max if int(last) == 24 and not int(last_minute) else dt.time(int(last), int(last_minute))
    return Period(dt.time(int(first), int(first_minute)), end)


def periods_text(periods: Periods) -> str:
    """Return openings as ``parse_periods`` reads them."""
    return ", ".join(str(period).replace("–", "-") for period in periods)


# What differs


def changed_days(old: Iterable[DeclaredDay], new: Iterable[DeclaredDay]) -> tuple[dt.date, ...]:
    """Return the dates that two versions say differently."""
    before, after = ({day.on: day for day in days} for days in (old, new))
    return tuple(sorted(on for on in before.keys() | after.keys() if before.get(on) != after.get(on)))


def changed_hours_from(old: Sequence[WeeklyHours], new: Sequence[WeeklyHours]) -> dt.date | None:
    """Return the first date from which weekly hours differ, None when they are the same."""
    differing = set(old) ^ set(new)
    return min((week.from_on for week in differing), default=None)


@dataclass(frozen=True, slots=True)
class DayChange:
    """One date that two calendars say differently."""

    on: dt.date
    before: WorkDay
    after: WorkDay

    @property
    def text(self) -> Sentence:
        return say(
            N_("Ngày %(date)s (%(weekday)s): trước đây %(old)s, nay %(new)s"),
            weekday=weekday_name(self.on),
            date=f"{self.on:%d/%m/%Y}",
            old=self.before.why,
            new=self.after.why,
        )


def compare(before: WorkCalendar, after: WorkCalendar, dates: Iterable[dt.date]) -> Iterator[DayChange]:
    """Yield the dates on which two calendars differ, in the words that people read."""
    for on in dates:
        old, new = before.day(on), after.day(on)
        if old != new:
            yield DayChange(on, old, new)
