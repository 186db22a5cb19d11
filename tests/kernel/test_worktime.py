"""Working time: the rules of the law by example, and what must hold for every calendar."""

import datetime as dt
import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dinh.kernel.worktime import (
    CUT_OFF,
    MONDAY_TO_FRIDAY,
    OFFICE_HOURS,
    VIETNAM,
    NeverOpen,
    Period,
    WeeklyHours,
    WorkCalendar,
    day_off,
    duration_words,
    extra_working_day,
    half_day,
    other_hours,
    standard_calendar,
)

from .strategies import calendars, durations, moments


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


NATIONAL_DAY_2026 = standard_calendar(
    [
        extra_working_day(dt.date(2026, 8, 22), "Làm bù cho ngày 31/8/2026"),
        day_off(dt.date(2026, 8, 31), "Nghỉ hoán đổi sang ngày 22/8/2026"),
        day_off(dt.date(2026, 9, 1), "Quốc khánh"),
        day_off(dt.date(2026, 9, 2), "Quốc khánh"),
        half_day(dt.date(2026, 9, 3), "Mất điện cả khu", "morning"),
    ]
)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-23T08:00", 8, "2026-11-24T08:00"),  # Monday, one working day, to the hour
        ("2026-11-23T07:00", 8, "2026-11-23T17:00"),  # a whole day ends at its closing, not next morning
        ("2026-11-23T12:00", 1, "2026-11-23T14:30"),  # received in the lunch break: from 13:30
        ("2026-11-23T18:20", 1, "2026-11-24T08:00"),  # after hours: from the next working morning
        ("2026-11-27T16:00", 2, "2026-11-30T08:00"),  # Friday over the weekend
        ("2026-08-21T16:00", 8, "2026-08-22T16:00"),  # into a swapped Saturday
        ("2026-08-28T16:00", 24, "2026-09-08T09:30"),  # over a swap, National Day, a half day, a weekend
        ("2026-09-03T12:00", 1, "2026-09-04T08:00"),  # a half day has no afternoon
    ],
)
def test_working_time_is_added_over_closed_periods(start: str, hours: int, due: str) -> None:
    assert NATIONAL_DAY_2026.add_working_time(at(start), dt.timedelta(hours=hours)) == at(due)


def test_eight_hours_are_one_working_day_and_half_a_day_is_four() -> None:
    calendar = standard_calendar()
    assert calendar.add_working_days(at("2026-11-23T09:00"), 3) == at("2026-11-26T09:00")
    assert calendar.add_working_days(at("2026-11-23T07:00"), Decimal("0.5")) == at("2026-11-23T11:00")


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23T06:59:59", False),
        ("2026-11-23T07:00", True),
        ("2026-11-23T11:30", False),
        ("2026-11-23T17:00", False),
        ("2026-11-22T09:00", False),  # Sunday
        ("2026-08-22T09:00", True),  # swapped Saturday
        ("2026-09-02T09:00", False),  # National Day
        ("2026-09-03T14:00", False),  # afternoon of a half day
    ],
)
def test_an_office_is_open_in_its_periods_only(moment: str, is_open: bool) -> None:
    assert NATIONAL_DAY_2026.is_open(at(moment)) is is_open


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        # Civil Code 2015 Art. 147.2: the first day is not counted. Art. 148.5: the end moves off a day off.
        ("2026-11-23T09:00", 3, "2026-11-26T17:00"),
        ("2026-11-23T23:50", 3, "2026-11-26T17:00"),
        ("2026-11-23T09:00", 5, "2026-11-30T17:00"),  # ends on a Saturday: Monday
        ("2026-08-25T09:00", 7, "2026-09-03T11:30"),  # ends on National Day: the next working day, a half day
    ],
)
def test_calendar_days_leave_out_the_first_day_and_never_end_on_a_day_off(
    start: str, days: int, due: str
) -> None:
    assert NATIONAL_DAY_2026.end_of_calendar_days(at(start), days) == at(due)


@pytest.mark.parametrize(
    ("start", "first_day", "cut_off", "begins"),
    [
        ("2026-11-23T09:00", "counted", None, "2026-11-23T09:00"),
        ("2026-11-23T09:00", "not_counted", None, "2026-11-24T07:00"),
        ("2026-11-27T09:00", "not_counted", None, "2026-11-30T07:00"),
        ("2026-11-23T15:00", "counted", CUT_OFF, "2026-11-23T15:00"),  # "sau 15 giờ": 15:00 itself is in time
        ("2026-11-23T15:00:01", "counted", CUT_OFF, "2026-11-24T07:00"),
        ("2026-11-28T16:00", "counted", CUT_OFF, "2026-11-30T07:00"),  # a Saturday: Monday, not Tuesday
    ],
)
def test_counting_begins_by_the_policy_of_the_first_day_and_the_cut_off(
    start: str, first_day: str, cut_off: dt.time | None, begins: str
) -> None:
    calendar = standard_calendar()
    assert calendar.starts_counting(at(start), first_day=first_day, cut_off=cut_off) == at(begins)


def test_a_day_says_why_it_is_not_a_plain_one() -> None:
    why = {
        on.day: str(NATIONAL_DAY_2026.day(on).why) for on in (dt.date(2026, 9, day) for day in (2, 3, 4, 5))
    }
    assert why == {
        2: "nghỉ: Quốc khánh",
        3: "chỉ làm việc 07:00–11:30: Mất điện cả khu",
        4: "ngày làm việc",
        5: "ngày nghỉ hằng tuần",
    }


def test_weekly_hours_change_on_the_date_from_which_they_are_in_force() -> None:
    summer = (Period(dt.time(6, 30), dt.time(11, 0)), Period(dt.time(13, 0), dt.time(16, 30)))
    calendar = WorkCalendar((MONDAY_TO_FRIDAY, WeeklyHours((summer,) * 5 + ((), ()), dt.date(2026, 5, 4))))
    assert calendar.next_open_moment(at("2026-05-01T05:00")) == at("2026-05-01T07:00")
    assert calendar.next_open_moment(at("2026-05-04T05:00")) == at("2026-05-04T06:30")


def test_an_office_that_never_closes_counts_through_midnight() -> None:
    always = (Period(dt.time.min, dt.time.max),)
    calendar = WorkCalendar((WeeklyHours((always,) * 7),))
    due = calendar.add_working_time(at("2026-12-31T20:00"), dt.timedelta(hours=30))
    assert due - at("2027-01-02T02:00") < dt.timedelta(milliseconds=1)
    assert str(always[0]) == "00:00–24:00"


def test_a_calendar_that_never_opens_is_refused_in_words() -> None:
    with pytest.raises(NeverOpen, match="Hãy kiểm tra giờ làm việc"):
        WorkCalendar((WeeklyHours(((),) * 7),)).add_working_days(at("2026-11-23T09:00"), 1)


def test_openings_that_overlap_are_no_calendar() -> None:
    with pytest.raises(ValueError, match="openings"):
        other_hours(
            dt.date(2026, 1, 5), "", (Period(dt.time(7), dt.time(12)), Period(dt.time(11), dt.time(17)))
        )


def test_a_calendar_is_a_value() -> None:
    exceptions = {dt.date(2026, 9, 2): day_off(dt.date(2026, 9, 2), "Quốc khánh")}
    calendar = WorkCalendar(exceptions=exceptions)
    exceptions.clear()
    assert not calendar.day(dt.date(2026, 9, 2)).is_open
    assert calendar == standard_calendar([day_off(dt.date(2026, 9, 2), "Quốc khánh")], label="khác tên")
    assert hash(calendar) == hash(standard_calendar([day_off(dt.date(2026, 9, 2), "Quốc khánh")]))


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0, "0 phút"),
        (0.75, "45 phút"),
        (8, "1 ngày"),
        (11.5, "1 ngày 3 giờ 30 phút"),
        (8.25, "1 ngày 15 phút"),
    ],
)
def test_durations_are_said_in_working_days(hours: float, words: str) -> None:
    assert str(duration_words(dt.timedelta(hours=hours))) == words


def test_adding_sixty_working_days_takes_well_under_a_millisecond() -> None:
    calendar = NATIONAL_DAY_2026
    calendar.add_working_days(at("2026-07-01T09:13"), 60)
    began = time.process_time()
    for _ in range(200):
        calendar.add_working_days(at("2026-07-01T09:13"), 60)
    assert (time.process_time() - began) / 200 < 0.0005


# What holds for every calendar


@settings(max_examples=150)
@given(calendar=calendars(), start=moments, duration=durations)
def test_adding_and_measuring_are_inverses(
    calendar: WorkCalendar, start: dt.datetime, duration: dt.timedelta
) -> None:
    due = calendar.add_working_time(start, duration)
    assert calendar.working_time_between(start, due) == duration


@settings(max_examples=150)
@given(calendar=calendars(), end=moments, duration=durations)
def test_subtracting_and_measuring_are_inverses(
    calendar: WorkCalendar, end: dt.datetime, duration: dt.timedelta
) -> None:
    begin = calendar.subtract_working_time(end, duration)
    assert calendar.working_time_between(begin, end) == duration
    later = begin + dt.timedelta(minutes=1)
    assert duration == dt.timedelta(0) or calendar.working_time_between(later, end) < duration


@settings(max_examples=150)
@given(calendar=calendars(), start=moments, first=durations, second=durations)
def test_adding_in_two_steps_is_adding_at_once(
    calendar: WorkCalendar, start: dt.datetime, first: dt.timedelta, second: dt.timedelta
) -> None:
    in_steps = calendar.add_working_time(calendar.add_working_time(start, first), second)
    at_once = calendar.add_working_time(start, first + second)
    assert calendar.next_open_moment(in_steps) == calendar.next_open_moment(at_once)


@settings(max_examples=150)
@given(calendar=calendars(), one=moments, other=moments, duration=durations)
def test_who_starts_later_is_not_due_earlier(
    calendar: WorkCalendar, one: dt.datetime, other: dt.datetime, duration: dt.timedelta
) -> None:
    early, late = sorted([one, other])
    assert calendar.add_working_time(early, duration) <= calendar.add_working_time(late, duration)


@settings(max_examples=150)
@given(calendar=calendars(), start=moments, duration=durations)
def test_nothing_is_due_while_the_office_is_closed(
    calendar: WorkCalendar, start: dt.datetime, duration: dt.timedelta
) -> None:
    due = calendar.add_working_time(start, duration)
    closings = [closing for _, closing in calendar.openings(calendar.local_date(due))]
    assert calendar.is_open(due) or due in closings


@settings(max_examples=100)
@given(calendar=calendars(), start=moments, days=st.integers(0, 40))
def test_calendar_days_end_at_a_closing_not_before_their_number(
    calendar: WorkCalendar, start: dt.datetime, days: int
) -> None:
    due = calendar.end_of_calendar_days(start, days)
    due_on = calendar.local_date(due)
    assert due == calendar.openings(due_on)[-1][1]
    assert due_on >= calendar.local_date(start) + dt.timedelta(days=days)


@settings(max_examples=100)
@given(calendar=calendars(), start=moments, end=moments)
def test_measuring_agrees_with_counting_minute_by_minute(
    calendar: WorkCalendar, start: dt.datetime, end: dt.datetime
) -> None:
    start, end = sorted([start, end])
    end = min(end, start + dt.timedelta(days=3))
    moment, counted = start, 0
    while moment < end:
        counted += calendar.is_open(moment)
        moment += dt.timedelta(minutes=1)
    measured = calendar.working_time_between(start, end) // dt.timedelta(minutes=1)
    assert measured == counted


def test_office_hours_are_eight() -> None:
    assert standard_calendar().day(dt.date(2026, 11, 23)).hours == dt.timedelta(hours=8)
    assert OFFICE_HOURS[0].start == dt.time(7)
