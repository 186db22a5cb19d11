"""Clocks: the law by example, and what holds for every history under every calendar."""

import datetime as dt

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dinh.kernel.clocks import (
    SAME_DAY,
    AlreadyExtended,
    ClockEvent,
    ClockEventsWrong,
    ClockPolicy,
    ClockReading,
    ClockState,
    Limit,
    Limits,
    Timeliness,
    TooLateToExtend,
    check_extension,
    differences,
    extension_until,
    read_clock,
)
from dinh.kernel.worktime import CUT_OFF, VIETNAM, WorkCalendar, day_off, extra_working_day, standard_calendar

from .strategies import calendars, clocks, moments

FAR = dt.datetime(2028, 1, 1, tzinfo=VIETNAM)
THREE_DAYS = Limit.of(3, "working_days")
NO_POLICY = ClockPolicy()
UNITS = ("hours", "working_days", "calendar_days", "same_day")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def event(kind: str, when: str, reason: str = "", amount: Limit | None = None) -> ClockEvent:
    return ClockEvent(kind=kind, at=at(when), reason=reason, amount=amount)


def read(
    *events: ClockEvent,
    limit: Limit = THREE_DAYS,
    now: str = "2026-12-31T09:00",
    calendar: WorkCalendar | None = None,
    policy: ClockPolicy = NO_POLICY,
) -> ClockReading:
    return read_clock(
        events, limit=limit, calendar=calendar or standard_calendar(), policy=policy, now=at(now)
    )


def lines(reading: ClockReading) -> list[str]:
    return [str(line.text) for line in reading.explanation]


def test_three_working_days_are_counted_from_the_hour_on_the_receipt() -> None:
    """Law: NĐ 118/2025 Điều 17 khoản 3 ý 1
    Screen: Mẫu 01: thời gian nhận, thời gian trả kết quả
    """
    reading = read(event("started", "2026-11-26T09:30"), now="2026-11-27T10:30")
    assert reading.due_at == at("2026-12-01T09:30")
    assert (reading.state, reading.timeliness) == (ClockState.RUNNING, Timeliness.IN_TIME)
    assert (reading.spent, reading.remaining) == (dt.timedelta(hours=9), dt.timedelta(hours=15))


def test_every_day_up_to_the_due_moment_is_explained() -> None:
    calendar = standard_calendar(
        [
            day_off(dt.date(2026, 8, 31), "Nghỉ hoán đổi sang ngày 22/8/2026"),
            day_off(dt.date(2026, 9, 1), "Quốc khánh"),
            day_off(dt.date(2026, 9, 2), "Quốc khánh"),
        ]
    )
    reading = read(
        event("started", "2026-08-28T09:00"),
        event("paused", "2026-09-03T10:00", "chờ UBND xã xác nhận"),
        event("resumed", "2026-09-04T14:30"),
        calendar=calendar,
        now="2026-09-04T15:00",
    )
    assert lines(reading) == [
        "Ngày 28/08/2026 (thứ Sáu): tính 6 giờ, cộng dồn 6 giờ trên 24 giờ (bắt đầu lúc 09:00)",
        "Ngày 29/08/2026 (thứ Bảy): không tính (ngày nghỉ hằng tuần)",
        "Ngày 30/08/2026 (Chủ nhật): không tính (ngày nghỉ hằng tuần)",
        "Ngày 31/08/2026 (thứ Hai): không tính (nghỉ: Nghỉ hoán đổi sang ngày 22/8/2026)",
        "Ngày 01/09/2026 (thứ Ba): không tính (nghỉ: Quốc khánh)",
        "Ngày 02/09/2026 (thứ Tư): không tính (nghỉ: Quốc khánh)",
        "Ngày 03/09/2026 (thứ Năm): tính 3 giờ, cộng dồn 9 giờ trên 24 giờ "
        "(tạm dừng từ 10:00: chờ UBND xã xác nhận)",
        "Ngày 04/09/2026 (thứ Sáu): tính 2 giờ 30 phút, cộng dồn 11 giờ 30 phút trên 24 giờ "
        "(chạy tiếp từ 14:30)",
        "Ngày 05/09/2026 (thứ Bảy): không tính (ngày nghỉ hằng tuần)",
        "Ngày 06/09/2026 (Chủ nhật): không tính (ngày nghỉ hằng tuần)",
        "Ngày 07/09/2026 (thứ Hai): tính 8 giờ, cộng dồn 19 giờ 30 phút trên 24 giờ",
        "Ngày 08/09/2026 (thứ Ba): tính 4 giờ 30 phút, cộng dồn 24 giờ trên 24 giờ (hết hạn lúc 11:30)",
    ]


def test_a_completed_supplement_restarts_the_limit_from_zero() -> None:
    """NĐ 61/2018 Art. 19.4: the time limit starts again from zero when the dossier is complete.

    Law: NĐ 61/2018 Điều 19 khoản 4 ý 3
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/
    """
    assert ClockPolicy(on_supplement="restart").kind_after_supplement == "restarted"
    reading = read(
        event("started", "2026-11-23T08:00"),
        event("paused", "2026-11-25T09:00", "yêu cầu bổ sung bản vẽ"),
        event("restarted", "2026-11-30T08:00"),
        now="2026-11-30T09:00",
    )
    assert reading.due_at == at("2026-12-03T08:00")
    assert reading.spent == dt.timedelta(hours=1)
    assert [line.run for line in reading.explanation][-1] == 1
    assert "tính lại từ đầu lúc 08:00" in lines(reading)[8]


def test_under_the_pausing_policy_a_supplement_lets_the_limit_go_on() -> None:
    assert ClockPolicy(on_supplement="pause").kind_after_supplement == "resumed"
    reading = read(
        event("started", "2026-11-23T08:00"),
        event("paused", "2026-11-25T08:00", "yêu cầu bổ sung bản vẽ"),
        event("resumed", "2026-11-30T08:00"),
        now="2026-11-30T09:00",
    )
    assert reading.due_at == at("2026-12-01T08:00")


def test_nobody_knows_when_a_paused_clock_is_due() -> None:
    reading = read(event("started", "2026-11-23T08:00"), event("paused", "2026-11-25T08:00"))
    assert (reading.state, reading.due_at) == (ClockState.PAUSED, None)
    assert (reading.remaining, reading.timeliness) == (dt.timedelta(hours=8), Timeliness.IN_TIME)


def test_a_pause_after_the_due_moment_does_not_take_the_delay_away() -> None:
    reading = read(event("started", "2026-11-23T08:00"), event("paused", "2026-12-10T08:00"))
    assert reading.due_at == at("2026-11-26T08:00")
    assert reading.timeliness == Timeliness.OVERDUE
    assert reading.overrun == dt.timedelta(hours=80)


@pytest.mark.parametrize(
    ("stopped", "timeliness"),
    [
        ("2026-11-25T16:00", Timeliness.EARLY),
        ("2026-11-26T07:30", Timeliness.ON_TIME),
        ("2026-11-26T16:59", Timeliness.ON_TIME),  # dates are compared, not hours
        ("2026-11-27T07:01", Timeliness.LATE),
    ],
)
def test_finished_work_is_judged_by_dates(stopped: str, timeliness: Timeliness) -> None:
    reading = read(event("started", "2026-11-23T08:00"), event("stopped", stopped))
    assert reading.due_at == at("2026-11-26T08:00")
    assert reading.timeliness == timeliness


@pytest.mark.parametrize(
    ("now", "timeliness", "is_past"),
    [
        ("2026-11-25T09:59", Timeliness.IN_TIME, False),
        ("2026-11-25T10:00", Timeliness.NEAR_DUE, False),  # a quarter of its three days is left
        ("2026-11-26T09:00", Timeliness.NEAR_DUE, True),  # its date is today: not overdue by date
        ("2026-11-27T00:00", Timeliness.OVERDUE, True),
    ],
)
def test_open_work_is_near_due_and_then_overdue(now: str, timeliness: Timeliness, is_past: bool) -> None:
    reading = read(event("started", "2026-11-23T08:00"), now=now)
    assert (reading.timeliness, reading.is_past) == (timeliness, is_past)


def test_near_due_is_told_on_the_last_working_day_before_a_weekend() -> None:
    reading = read(event("started", "2026-11-25T09:00"), now="2026-11-27T11:00")
    assert reading.due_at == at("2026-11-30T09:00")
    assert reading.timeliness == Timeliness.NEAR_DUE


def test_calendar_days_leave_out_the_first_day_and_move_off_days_off() -> None:
    """Civil Code 2015 Art. 147.2 and 148.5.

    Law: BLDS 2015 Điều 147 khoản 2
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/
    Law: BLDS 2015 Điều 148 khoản 5
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/
    """
    policy = ClockPolicy(first_day="not_counted")
    reading = read(
        event("started", "2026-11-24T16:00"),
        limit=Limit.of(5, "calendar_days"),
        policy=policy,
        now="2026-11-25T09:00",
    )
    assert reading.due_at == at("2026-11-30T17:00")
    assert lines(reading) == [
        "Ngày 24/11/2026 (thứ Ba): không tính (bắt đầu lúc 16:00; ngày đầu không tính)",
        "Ngày 25/11/2026 (thứ Tư): tính 1 ngày, cộng dồn 1 ngày trên 5 ngày",
        "Ngày 26/11/2026 (thứ Năm): tính 1 ngày, cộng dồn 2 ngày trên 5 ngày",
        "Ngày 27/11/2026 (thứ Sáu): tính 1 ngày, cộng dồn 3 ngày trên 5 ngày",
        "Ngày 28/11/2026 (thứ Bảy): tính 1 ngày, cộng dồn 4 ngày trên 5 ngày",
        "Ngày 29/11/2026 (Chủ nhật): tính 1 ngày, cộng dồn 5 ngày trên 5 ngày "
        "(ngày nghỉ hằng tuần, hạn chuyển sang ngày làm việc tiếp theo)",
        "Ngày 30/11/2026 (thứ Hai): không tính (hết hạn lúc 17:00)",
    ]


def test_a_pause_moves_a_limit_in_calendar_days_by_its_days() -> None:
    history = (event("started", "2026-11-23T08:00"), event("paused", "2026-11-25T08:00"))
    plain = read(
        *history[:1], limit=Limit.of(10, "calendar_days"), policy=ClockPolicy(first_day="not_counted")
    )
    paused = read(
        *history,
        event("resumed", "2026-11-30T14:00"),
        limit=Limit.of(10, "calendar_days"),
        policy=ClockPolicy(first_day="not_counted"),
    )
    assert (plain.due_at, paused.due_at) == (at("2026-12-03T17:00"), at("2026-12-08T17:00"))


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-27T08:00", "2026-11-27T17:00"),
        ("2026-11-27T15:00", "2026-11-27T17:00"),
        ("2026-11-27T15:10", "2026-11-30T17:00"),
        ("2026-11-28T09:00", "2026-11-30T17:00"),
    ],
)
def test_same_day_work_received_after_15h_is_due_the_next_working_day(received: str, due: str) -> None:
    reading = read(event("started", received), limit=SAME_DAY, policy=ClockPolicy(cut_off=CUT_OFF))
    assert reading.due_at == at(due)


def test_the_cut_off_is_explained() -> None:
    reading = read(
        event("started", "2026-11-27T15:10"), limit=Limit.of(8, "hours"), policy=ClockPolicy(cut_off=CUT_OFF)
    )
    assert lines(reading)[0] == (
        "Ngày 27/11/2026 (thứ Sáu): không tính "
        "(bắt đầu lúc 15:10; sau 15:00, đếm từ 07:00 thứ Hai 30/11/2026)"
    )


def test_an_extension_moves_the_due_moment_and_says_so() -> None:
    first = read(event("started", "2026-11-23T08:00"), now="2026-11-24T08:00")
    more = extension_until(first, at("2026-12-02T17:00"))
    reading = read(
        event("started", "2026-11-23T08:00"),
        event("extended", "2026-11-24T09:00", "chờ kiểm tra thực địa", more),
    )
    assert reading.due_at == at("2026-12-02T17:00")
    assert "gia hạn thêm 39 giờ làm việc: chờ kiểm tra thực địa" in lines(reading)[1]


def test_a_due_date_is_put_off_once_and_at_least_a_day_before() -> None:
    """NĐ 61/2018 Art. 19.9.

    Law: NĐ 61/2018 Điều 19 khoản 9 ý 2
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/
    """
    started = event("started", "2026-11-23T08:00")
    check_extension(read(started, now="2026-11-25T23:00"))
    with pytest.raises(TooLateToExtend, match="26/11/2026"):
        check_extension(read(started, now="2026-11-26T07:00"))
    extended = event("extended", "2026-11-24T08:00", "", Limit.of(2, "working_days"))
    with pytest.raises(AlreadyExtended):
        check_extension(read(started, extended, now="2026-11-25T08:00"))


def test_an_extension_counts_the_kind_of_days_that_its_limit_counts() -> None:
    extended = event("extended", "2026-11-24T08:00", "", Limit.of(2, "calendar_days"))
    with pytest.raises(ValueError, match="kind of days"):
        read(event("started", "2026-11-23T08:00"), extended)


def test_a_dossier_filed_online_may_have_its_own_shorter_limit() -> None:
    limits = Limits(THREE_DAYS, online=Limit.of(2, "working_days"))
    assert (limits.of("counter"), limits.of("online")) == (THREE_DAYS, Limit.of(2, "working_days"))
    assert Limits(THREE_DAYS).of("online") == THREE_DAYS


@pytest.mark.parametrize(
    "kinds",
    [["paused"], ["started", "started"], ["started", "resumed"], ["started", "stopped", "paused"]],
)
def test_events_that_cannot_follow_each_other_are_refused(kinds: list[str]) -> None:
    events = [event(kind, f"2026-11-23T{8 + number:02d}:00") for number, kind in enumerate(kinds)]
    with pytest.raises(ClockEventsWrong, match="không hợp lệ"):
        read(*events)


def test_events_after_the_moment_of_reading_are_not_known_yet() -> None:
    events = (event("started", "2026-11-23T08:00"), event("stopped", "2026-11-24T08:00"))
    assert read(*events, now="2026-11-23T09:00").state == ClockState.RUNNING
    assert read(*events, now="2026-11-22T09:00").state == ClockState.WAITING


def test_a_holiday_announced_later_is_explained_day_by_day() -> None:
    history = (event("started", "2026-11-23T08:00"),)
    before = read(*history, now="2026-11-23T09:00")
    storm = standard_calendar(
        [
            day_off(dt.date(2026, 11, 24), "Nghỉ tránh bão số 14"),
            extra_working_day(dt.date(2026, 11, 28), "Làm bù ngày nghỉ tránh bão"),
        ]
    )
    after = read(*history, now="2026-11-23T09:00", calendar=storm)
    assert [str(sentence) for sentence in differences(before, after)] == [
        "Hạn chuyển từ 08:00 thứ Năm 26/11/2026 sang 08:00 thứ Sáu 27/11/2026.",
        "Ngày 24/11/2026 (thứ Ba): trước đây tính 8 giờ, nay không tính (nghỉ: Nghỉ tránh bão số 14).",
    ]
    assert differences(before, before) == ()


def test_the_explanation_is_said_in_the_readers_language() -> None:
    english = {
        "Ngày %(date)s (%(weekday)s): không tính (%(why)s)": "%(weekday)s %(date)s: not counted (%(why)s)",
        "thứ Bảy": "Saturday",
        "ngày nghỉ hằng tuần": "weekly day off",
    }
    reading = read(event("started", "2026-11-27T16:00"))
    said = reading.explanation[1].text.said(lambda text: english.get(text, text))
    assert said == "Saturday 28/11/2026: not counted (weekly day off)"


# What holds for every history


@settings(max_examples=200, deadline=None)
@given(calendar=calendars(), clock=clocks(), counted=st.booleans())
def test_the_explanation_adds_up_to_the_limit(
    calendar: WorkCalendar, clock: tuple[list[ClockEvent], Limit], counted: bool
) -> None:
    events, limit = clock
    policy = ClockPolicy(first_day="counted" if counted else "not_counted")
    reading = read_clock(events, limit=limit, calendar=calendar, policy=policy, now=FAR)
    last = [line for line in reading.explanation if line.run == reading.explanation[-1].run]
    counted_time = sum((line.counted for line in last), dt.timedelta(0))
    assert counted_time == (reading.limit if reading.due_at else reading.spent)
    assert last[-1].total == counted_time
    assert reading.spent + reading.remaining == reading.limit
    assert all(line.counted <= line.available for line in last)


@settings(max_examples=200, deadline=None)
@given(calendar=calendars(), clock=clocks())
def test_a_clock_is_never_due_while_the_office_is_closed(
    calendar: WorkCalendar, clock: tuple[list[ClockEvent], Limit]
) -> None:
    events, limit = clock
    reading = read_clock(events, limit=limit, calendar=calendar, policy=NO_POLICY, now=FAR)
    if reading.due_at is not None:
        closings = [closing for _, closing in calendar.openings(calendar.local_date(reading.due_at))]
        assert calendar.is_open(reading.due_at) or reading.due_at in closings
        assert reading.near_at <= reading.due_at


@settings(max_examples=200, deadline=None)
@given(calendar=calendars(), start=moments, amount=st.integers(1, 60), unit=st.sampled_from(UNITS))
def test_a_clock_is_near_due_after_its_start_and_before_its_end(
    calendar: WorkCalendar, start: dt.datetime, amount: int, unit: str
) -> None:
    """However short the limit: never near due as it starts, always near due before it is over; in the last
    quarter of its own time, and never earlier than a working day before the end.
    """
    started = ClockEvent(kind="started", at=start)
    reading = read_clock(
        [started], limit=Limit.of(amount, unit), calendar=calendar, policy=NO_POLICY, now=start
    )
    own = calendar.working_time_between(start, reading.due_at)
    assume(own)
    assert start < reading.near_at < reading.due_at
    assert reading.timeliness == Timeliness.IN_TIME
    warned = calendar.working_time_between(reading.near_at, reading.due_at)
    assert warned == min(NO_POLICY.near_due, own / 4)


@settings(max_examples=150, deadline=None)
@given(
    calendar=calendars(), start=moments, hours=st.integers(1, 60),
    pause_after=st.integers(0, 60 * 24 * 10), pause=st.integers(1, 60 * 24 * 10),
)  # fmt: skip
def test_a_pause_moves_the_due_moment_by_the_working_time_it_held(
    calendar: WorkCalendar, start: dt.datetime, hours: int, pause_after: int, pause: int
) -> None:
    limit = Limit.of(hours, "hours")
    paused_at = start + dt.timedelta(minutes=pause_after)
    resumed_at = paused_at + dt.timedelta(minutes=pause)
    started = ClockEvent(kind="started", at=start)
    plain = read_clock([started], limit=limit, calendar=calendar, policy=NO_POLICY, now=FAR)
    assume(plain.due_at > paused_at)
    paused = read_clock(
        [started, ClockEvent(kind="paused", at=paused_at), ClockEvent(kind="resumed", at=resumed_at)],
        limit=limit, calendar=calendar, policy=NO_POLICY, now=FAR,
    )  # fmt: skip
    held = calendar.working_time_between(paused_at, resumed_at)
    assert calendar.working_time_between(plain.due_at, paused.due_at) == held


@settings(max_examples=150, deadline=None)
@given(calendar=calendars(), clock=clocks(), first=moments, second=moments)
def test_time_spent_never_falls_unless_the_clock_restarts(
    calendar: WorkCalendar, clock: tuple[list[ClockEvent], Limit], first: dt.datetime, second: dt.datetime
) -> None:
    events, limit = clock
    early, late = sorted([first, second])
    assume(not any(event.kind == "restarted" and early < event.at <= late for event in events))
    readings = [
        read_clock(events, limit=limit, calendar=calendar, policy=NO_POLICY, now=now) for now in (early, late)
    ]
    spent = [reading.spent + reading.overrun for reading in readings]
    assert spent[0] <= spent[1]


@settings(max_examples=100, deadline=None)
@given(calendar=calendars(), clock=clocks(), day=st.integers(0, 120))
def test_a_day_off_never_makes_a_clock_due_earlier(
    calendar: WorkCalendar, clock: tuple[list[ClockEvent], Limit], day: int
) -> None:
    events, limit = clock
    on = events[0].at.date() + dt.timedelta(days=day)
    later = calendar.with_exceptions([day_off(on, "Nghỉ tránh bão")])
    before, after = (
        read_clock(events, limit=limit, calendar=each, policy=NO_POLICY, now=FAR)
        for each in (calendar, later)
    )
    if before.due_at is not None and after.due_at is not None:
        assert after.due_at >= before.due_at
    if before.due_at != after.due_at:
        assert differences(before, after)
