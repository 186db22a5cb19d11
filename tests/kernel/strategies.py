"""Calendars, moments and histories of clocks for property tests."""

import datetime as dt

from hypothesis import strategies as st

from dinh.kernel.clocks import ClockEvent, Limit
from dinh.kernel.worktime import (
    MONDAY_TO_FRIDAY,
    OFFICE_HOURS,
    VIETNAM,
    Period,
    WeeklyHours,
    WorkCalendar,
    day_off,
    extra_working_day,
    half_day,
    other_hours,
)

FIRST, LAST = dt.date(2026, 11, 1), dt.date(2027, 3, 31)

dates = st.dates(FIRST, LAST)
moments = st.datetimes(dt.datetime(2026, 11, 1), dt.datetime(2027, 3, 31), timezones=st.just(VIETNAM)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)
durations = st.integers(0, 60 * 8 * 40).map(lambda minutes: dt.timedelta(minutes=minutes))

_NIGHT_DESK = (Period(dt.time(8), dt.time(12)), Period(dt.time(18), dt.time(23, 59)))
_SATURDAY_MORNING = WeeklyHours((OFFICE_HOURS,) * 5 + (OFFICE_HOURS[:1], ()))
_SUMMER = WeeklyHours(((Period(dt.time(6, 30), dt.time(14, 30)),),) * 5 + ((), ()), dt.date(2027, 1, 15))

_exceptions = st.one_of(
    st.builds(day_off, dates, st.just("Ngày lễ")),
    st.builds(half_day, dates, st.just("Hội nghị"), st.sampled_from(["morning", "afternoon"])),
    st.builds(extra_working_day, dates, st.just("Làm bù")),
    st.builds(other_hours, dates, st.just("Trực đêm"), st.just(_NIGHT_DESK)),
)


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    first = draw(st.sampled_from([MONDAY_TO_FRIDAY, _SATURDAY_MORNING]))
    patterns = (first, _SUMMER) if draw(st.booleans()) else (first,)
    return WorkCalendar(patterns).with_exceptions(draw(st.lists(_exceptions, max_size=25)))


limits = st.one_of(
    st.integers(1, 80).map(lambda hours: Limit.of(hours, "hours")),
    st.integers(1, 20).map(lambda days: Limit.of(days, "working_days")),
    st.integers(1, 40).map(lambda days: Limit.of(days, "calendar_days")),
)


@st.composite
def clocks(draw: st.DrawFn) -> tuple[list[ClockEvent], Limit]:
    """A limit, and events as they may happen: any order that the law of the moves allows."""
    limit = draw(limits)
    extended_in = "calendar_days" if limit.unit == "calendar_days" else "hours"
    at = draw(moments)
    events = [ClockEvent(kind="started", at=at)]
    state = "running"
    for _ in range(draw(st.integers(0, 6))):
        at += dt.timedelta(minutes=draw(st.integers(0, 60 * 24 * 6)))
        kind = draw(st.sampled_from(_NEXT[state]))
        amount = Limit.of(draw(st.integers(0, 5)), extended_in) if kind == "extended" else None
        events.append(ClockEvent(kind=kind, at=at, reason="lý do", amount=amount))
        state = {"paused": "paused", "resumed": "running", "restarted": "running", "stopped": "stopped"}.get(
            kind, state
        )
        if state == "stopped":
            break
    return events, limit


_NEXT = {
    "running": ["paused", "restarted", "extended", "stopped"],
    "paused": ["resumed", "restarted", "stopped"],
}
