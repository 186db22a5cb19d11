"""Working time: opening hours, days off, half days, swapped days, and arithmetic over them.

A calendar is a value: it never changes, and a new version is a new value. Arithmetic runs on tables
of whole years that are made once, so that a step over months costs microseconds.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from dinh.kernel.errors import N_, Refused
from dinh.kernel.sentences import Sentence, say

__all__ = [
    "CUT_OFF",
    "MONDAY_TO_FRIDAY",
    "OFFICE_HOURS",
    "VIETNAM",
    "WORKING_DAY",
    "DayException",
    "DayKind",
    "Half",
    "NeverOpen",
    "Period",
    "WeeklyHours",
    "WorkCalendar",
    "WorkDay",
    "day_off",
    "duration_words",
    "extra_working_day",
    "half_day",
    "other_hours",
    "standard_calendar",
    "weekday_name",
]

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
WORKING_DAY = dt.timedelta(hours=8)
"""Eight hours are one working day (Labour Code 2019 Art. 105; how procedures state their hours)."""
CUT_OFF = dt.time(15, 0)
"""What is received after 15:00 may be moved on the next working morning (NĐ 61/2018 Art. 18.2)."""

DayKind = Literal["working", "weekly_off", "off", "half_day", "extra_working", "other_hours"]
Half = Literal["morning", "afternoon"]

_MICROSECOND = dt.timedelta(microseconds=1)
_YEARS_AHEAD = 3


class NeverOpen(Refused):
    message = N_(
        "Lịch làm việc không có giờ mở cửa nào trong ba năm liền. "
        "Hãy kiểm tra giờ làm việc trong tuần và các ngày nghỉ đã khai báo."
    )


class Period(NamedTuple):
    """One opening of a day in local time, from ``start`` to before ``end``.

    What is open to the end of the day ends at ``time.max``, so that its closing has that day's date.
    """

    start: dt.time
    end: dt.time

    def __str__(self) -> str:
        end = "24:00" if self.end == dt.time.max else f"{self.end:%H:%M}"
        return f"{self.start:%H:%M}–{end}"


Periods = tuple[Period, ...]

OFFICE_HOURS: Periods = (Period(dt.time(7, 0), dt.time(11, 30)), Period(dt.time(13, 30), dt.time(17, 0)))


def _clock(time: dt.time) -> int:
    return (time.hour * 3600 + time.minute * 60 + time.second) * 1_000_000 + time.microsecond


def _span(period: Period) -> tuple[int, int]:
    return _clock(period.start), _clock(period.end)


def _length(periods: Periods) -> dt.timedelta:
    return dt.timedelta(microseconds=sum(end - start for start, end in map(_span, periods)))


def _check_periods(periods: Periods) -> None:
    clock = -1
    for start, end in map(_span, periods):
        if start <= clock or end <= start:
            raise ValueError("openings of a day are in order and do not touch or overlap")
        clock = end


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """The openings of Monday to Sunday, in force from ``from_on`` until the next pattern begins."""

    days: tuple[Periods, ...]
    from_on: dt.date = dt.date.min

    def __post_init__(self) -> None:
        if len(self.days) != 7:
            raise ValueError("a week has seven days")
        for periods in self.days:
            _check_periods(periods)


MONDAY_TO_FRIDAY = WeeklyHours((OFFICE_HOURS,) * 5 + ((), ()))


@dataclass(frozen=True, slots=True)
class DayException:
    """A date that does not follow the week, with the reason that people read."""

    on: dt.date
    kind: DayKind
    label: str
    periods: Periods = ()

    def __post_init__(self) -> None:
        _check_periods(self.periods)


def day_off(on: dt.date, label: str) -> DayException:
    """Return a whole day off: a holiday, its substitute, a day swapped away."""
    return DayException(on, "off", label)


def half_day(on: dt.date, label: str, half: Half = "morning", hours: Periods = OFFICE_HOURS) -> DayException:
    """Return a day on which only its first or its last opening is worked."""
    return DayException(on, "half_day", label, hours[:1] if half == "morning" else hours[-1:])


def extra_working_day(on: dt.date, label: str, hours: Periods = OFFICE_HOURS) -> DayException:
    """Return a day worked although its week says off: the Saturday of a swap."""
    return DayException(on, "extra_working", label, hours)


def other_hours(on: dt.date, label: str, hours: Periods) -> DayException:
    """Return a day with other openings than its week's."""
    return DayException(on, "other_hours", label, hours)


@dataclass(frozen=True, slots=True)
class WorkDay:
    """What a calendar says of one date. ``label`` is the reason; it is empty on a plain working day."""

    on: dt.date
    kind: DayKind
    label: str
    periods: Periods
    hours: dt.timedelta

    @property
    def is_open(self) -> bool:
        return bool(self.periods)

    @property
    def why(self) -> Sentence:
        """The day in words: why it counts less than a plain day, or more."""
        return say(_WHY[self.kind], label=self.label, hours=_periods_words(self.periods))


_WHY: Mapping[DayKind, str] = {
    "working": N_("ngày làm việc"),
    "weekly_off": N_("ngày nghỉ hằng tuần"),
    "off": N_("nghỉ: %(label)s"),
    "half_day": N_("chỉ làm việc %(hours)s: %(label)s"),
    "extra_working": N_("ngày làm bù: %(label)s"),
    "other_hours": N_("giờ làm việc %(hours)s: %(label)s"),
}

_WEEKDAYS = (
    N_("thứ Hai"),
    N_("thứ Ba"),
    N_("thứ Tư"),
    N_("thứ Năm"),
    N_("thứ Sáu"),
    N_("thứ Bảy"),
    N_("Chủ nhật"),
)


def weekday_name(on: dt.date) -> Sentence:
    """Return the Vietnamese name of a date's weekday."""
    return say(_WEEKDAYS[on.weekday()])


def _periods_words(periods: Periods) -> str:
    return ", ".join(str(period) for period in periods)


Spans = tuple[tuple[int, int], ...]


class _Year:
    """One year as tables: openings of each day, and working time before each day."""

    __slots__ = ("before", "first", "spans", "total")

    def __init__(self, first: int, spans: list[Spans]) -> None:
        self.first = first
        self.spans = spans
        self.before = [0]
        for day in spans:
            self.before.append(self.before[-1] + sum(end - start for start, end in day))
        self.total = self.before[-1]


@dataclass(frozen=True)
class WorkCalendar:
    """An immutable working calendar.

    ``patterns`` are the weekly hours, oldest first; ``exceptions`` the dates that differ; ``label`` says
    in words which calendar and version this is. All moments given must be aware; all moments returned
    are in ``zone``. Two calendars are equal when they say the same of every day.
    """

    patterns: tuple[WeeklyHours, ...] = (MONDAY_TO_FRIDAY,)
    exceptions: Mapping[dt.date, DayException] = field(default_factory=dict)
    zone: ZoneInfo = VIETNAM
    working_day: dt.timedelta = WORKING_DAY
    label: str = field(default="", compare=False)
    _years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.patterns:
            raise ValueError("a calendar needs weekly hours")
        starts = [pattern.from_on for pattern in self.patterns]
        if starts != sorted(set(starts)):
            raise ValueError("weekly hours are given oldest first, one a date")
        object.__setattr__(self, "exceptions", MappingProxyType(dict(self.exceptions)))

    def __hash__(self) -> int:
        return hash((self.patterns, frozenset(self.exceptions.values()), self.zone.key, self.working_day))

    def with_exceptions(self, exceptions: Iterable[DayException], *, label: str = "") -> "WorkCalendar":
        """Return this calendar with these dates said differently."""
        merged = {**self.exceptions, **{exception.on: exception for exception in exceptions}}
        return WorkCalendar(self.patterns, merged, self.zone, self.working_day, label or self.label)

    # What a day is

    def day(self, on: dt.date) -> WorkDay:
        """Return what the calendar says of a date, with the reason."""
        exception = self.exceptions.get(on)
        if exception is not None:
            return WorkDay(on, exception.kind, exception.label, exception.periods, _length(exception.periods))
        periods = self._pattern(on).days[on.weekday()]
        return WorkDay(on, "working" if periods else "weekly_off", "", periods, _length(periods))

    def days(self, first: dt.date, last: dt.date) -> Iterator[WorkDay]:
        """Yield every date from ``first`` to ``last``, both included."""
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            yield self.day(dt.date.fromordinal(ordinal))

    def openings(self, on: dt.date) -> tuple[tuple[dt.datetime, dt.datetime], ...]:
        """Return the openings of a date as moments."""
        ordinal = on.toordinal()
        return tuple((self._moment(ordinal, a), self._moment(ordinal, b)) for a, b in self._spans(ordinal))

    def local_date(self, moment: dt.datetime) -> dt.date:
        """Return the date that a moment has on the office's wall."""
        return moment.astimezone(self.zone).date()

    # Moments

    def is_open(self, moment: dt.datetime) -> bool:
        """Whether the office works at this moment. The moment of closing is closed."""
        ordinal, clock = self._place(moment)
        return any(start <= clock < end for start, end in self._spans(ordinal))

    def next_open_moment(self, moment: dt.datetime) -> dt.datetime:
        """Return the moment itself when open, else the next opening. Raises ``NeverOpen``."""
        return self._moment(*self._next_open(*self._place(moment)))

    def opening_after_day(self, moment: dt.datetime) -> dt.datetime:
        """Return the first opening of the first working day after the moment's own date."""
        ordinal, _ = self._place(moment)
        return self._moment(*self._next_open(ordinal + 1, 0))

    def closing_of(self, on: dt.date) -> dt.datetime:
        """Return the last moment of work of a date, or of the next working day when it is a day off.

        That is how a limit in days ends (Civil Code 2015 Art. 148.5).
        """
        ordinal, _ = self._next_open(on.toordinal(), 0)
        return self._moment(ordinal, self._spans(ordinal)[-1][1])

    # Arithmetic in working time

    def add_working_time(self, start: dt.datetime, duration: dt.timedelta) -> dt.datetime:
        """Return the moment at which ``duration`` of working time has passed since ``start``.

        A result that falls on a closing stays there: 17:00, not the next morning. Raises ``NeverOpen``.
        """
        left = duration // _MICROSECOND
        if left < 0:
            raise ValueError("working time is added forwards; see subtract_working_time")
        ordinal, clock = self._next_open(*self._place(start))
        if left == 0:
            return self._moment(ordinal, clock)
        return self._moment(*self._walk(ordinal, self._worked_by(ordinal, clock) + left))

    def subtract_working_time(self, end: dt.datetime, duration: dt.timedelta) -> dt.datetime:
        """Return the latest moment from which ``duration`` of working time passes until ``end``."""
        left = duration // _MICROSECOND
        if left < 0:
            raise ValueError("working time is subtracted backwards; see add_working_time")
        if left == 0:
            return end.astimezone(self.zone)
        ordinal, clock = self._place(end)
        return self._moment(*self._walk_back(ordinal, self._worked_by(ordinal, clock) - left))

    def add_working_days(self, start: dt.datetime, days: int | Decimal) -> dt.datetime:
        """Return the moment ``days`` working days of eight hours after ``start``; half days are allowed."""
        return self.add_working_time(start, self.working_days(days))

    def working_time_between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """Return the working time from ``start`` to ``end``; zero when ``end`` is not later."""
        if end <= start:
            return dt.timedelta(0)
        (first, first_clock), (last, last_clock) = self._place(start), self._place(end)
        worked = self._worked_by(last, last_clock) - self._worked_by(first, first_clock)
        for year in range(dt.date.fromordinal(first).year, dt.date.fromordinal(last).year):
            worked += self._year(year).total
        return dt.timedelta(microseconds=worked)

    def working_days(self, days: int | Decimal) -> dt.timedelta:
        """Return the working time of a number of working days."""
        return dt.timedelta(microseconds=int(Decimal(days) * (self.working_day // _MICROSECOND)))

    # Calendar days and policies of counting

    def end_of_calendar_days(self, start: dt.datetime, days: int) -> dt.datetime:
        """Return the end of a limit of whole calendar days.

        The day of the start is not counted (Civil Code 2015 Art. 147.2); a last day that is off moves
        the end to the next working day (Art. 148.5). The end is the closing of that day, for a result
        can only be handed over while the office is open.
        """
        return self.closing_of(self.local_date(start) + dt.timedelta(days=days))

    def starts_counting(
        self,
        start: dt.datetime,
        *,
        first_day: Literal["counted", "not_counted"],
        cut_off: dt.time | None = None,
    ) -> dt.datetime:
        """Return the moment from which working time counts when something begins at ``start``.

        ``not_counted`` begins on the next working day (Civil Code 2015 Art. 147.2). After ``cut_off``,
        counting begins on the next working morning (NĐ 61/2018 Art. 18.2: "sau 15 giờ").
        """
        local = start.astimezone(self.zone)
        if first_day == "not_counted":
            return self.opening_after_day(start)
        if cut_off is not None and local.time() > cut_off and self.day(local.date()).is_open:
            return self.opening_after_day(start)
        return self.next_open_moment(start)

    # Inside: a moment is a day number and microseconds since its midnight

    def _pattern(self, on: dt.date) -> WeeklyHours:
        if len(self.patterns) == 1:
            return self.patterns[0]
        at = bisect_right([pattern.from_on for pattern in self.patterns], on)
        return self.patterns[max(at - 1, 0)]

    def _year(self, year: int) -> _Year:
        table = self._years.get(year)
        if table is None:
            first, after = dt.date(year, 1, 1).toordinal(), dt.date(year + 1, 1, 1).toordinal()
            days = (self.day(dt.date.fromordinal(ordinal)).periods for ordinal in range(first, after))
            table = _Year(first, [tuple(_span(period) for period in periods) for periods in days])
            self._years[year] = table
        return table

    def _table(self, ordinal: int) -> tuple[_Year, int]:
        table = self._year(dt.date.fromordinal(ordinal).year)
        return table, ordinal - table.first

    def _spans(self, ordinal: int) -> Spans:
        table, index = self._table(ordinal)
        return table.spans[index]

    def _place(self, moment: dt.datetime) -> tuple[int, int]:
        if moment.tzinfo is None:
            raise ValueError("a moment without a zone is no moment")
        local = moment.astimezone(self.zone)
        seconds = local.hour * 3600 + local.minute * 60 + local.second
        return local.toordinal(), seconds * 1_000_000 + local.microsecond

    def _moment(self, ordinal: int, clock: int) -> dt.datetime:
        midnight = dt.datetime.fromordinal(ordinal).replace(tzinfo=self.zone)
        return midnight + dt.timedelta(microseconds=clock)

    def _worked_by(self, ordinal: int, clock: int) -> int:
        """Working time since the year began."""
        table, index = self._table(ordinal)
        worked = table.before[index]
        for start, end in table.spans[index]:
            if clock <= start:
                break
            worked += min(clock, end) - start
        return worked

    def _next_open(self, ordinal: int, clock: int) -> tuple[int, int]:
        for start, end in self._spans(ordinal):
            if clock < end:
                return ordinal, max(clock, start)
        table, index = self._table(ordinal)
        worked = table.before[index + 1]
        for _ in range(_YEARS_AHEAD + 1):
            if worked < table.total:
                index = bisect_right(table.before, worked) - 1
                return table.first + index, table.spans[index][0][0]
            table, worked = self._table(table.first + len(table.spans))[0], 0
        raise NeverOpen

    def _walk(self, ordinal: int, worked: int) -> tuple[int, int]:
        """Return the earliest place at which ``worked`` (> 0) has been worked since its year began."""
        table, _ = self._table(ordinal)
        closed_years = 0
        while worked > table.total:
            closed_years = 0 if table.total else closed_years + 1
            if closed_years > _YEARS_AHEAD:
                raise NeverOpen
            worked -= table.total
            table, _ = self._table(table.first + len(table.spans))
        index = bisect_left(table.before, worked) - 1
        left = worked - table.before[index]
        for start, end in table.spans[index]:
            if left <= end - start:
                return table.first + index, start + left
            left -= end - start
        raise AssertionError("tables disagree")

    def _walk_back(self, ordinal: int, worked: int) -> tuple[int, int]:
        """Return the latest place at which no more than ``worked`` has been worked since its year began."""
        table, _ = self._table(ordinal)
        closed_years = 0
        while worked < 0:
            table, _ = self._table(table.first - 1)
            worked += table.total
            closed_years = 0 if table.total else closed_years + 1
            if closed_years > _YEARS_AHEAD:
                raise NeverOpen
        if worked == table.total:
            return self._next_open(table.first + len(table.spans), 0)
        index = bisect_right(table.before, worked) - 1
        left = worked - table.before[index]
        for start, end in table.spans[index]:
            if left < end - start:
                return table.first + index, start + left
            left -= end - start
        raise AssertionError("tables disagree")


def standard_calendar(exceptions: Iterable[DayException] = (), *, label: str = "") -> WorkCalendar:
    """Return office hours from Monday to Friday with these dates excepted."""
    return WorkCalendar().with_exceptions(exceptions, label=label)


def duration_words(duration: dt.timedelta, *, working_day: dt.timedelta = WORKING_DAY) -> Sentence:
    """Return working time in words: "2 ngày 3 giờ 30 phút", "45 phút"; less than a minute is 0 phút."""
    days, rest = divmod(duration, working_day)
    hours, rest = divmod(rest, dt.timedelta(hours=1))
    minutes = rest // dt.timedelta(minutes=1)
    parts = {"days": days, "hours": hours, "minutes": minutes}
    return say(_DURATIONS[bool(days), bool(hours), bool(minutes)], **parts)


_DURATIONS = {
    (True, True, True): N_("%(days)d ngày %(hours)d giờ %(minutes)d phút"),
    (True, True, False): N_("%(days)d ngày %(hours)d giờ"),
    (True, False, True): N_("%(days)d ngày %(minutes)d phút"),
    (True, False, False): N_("%(days)d ngày"),
    (False, True, True): N_("%(hours)d giờ %(minutes)d phút"),
    (False, True, False): N_("%(hours)d giờ"),
    (False, False, True): N_("%(minutes)d phút"),
    (False, False, False): N_("0 phút"),
}
