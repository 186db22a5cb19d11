"""Calendars: declared, published, frozen; layered over units; seen at once and everywhere."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError, ProgrammingError
from django.test.utils import CaptureQueriesContext

from dinh.foundation.actions.public import Actor, handles, system
from dinh.foundation.calendars.events import CalendarChanged
from dinh.foundation.calendars.public import (
    calendar_for,
    declare_day,
    declare_hours,
    discard_draft,
    open_calendar,
    prepare_year,
    publish_calendar,
    set_up_province,
    swap_days,
    withdraw_day,
)
from dinh.foundation.calendars.queries import working
from dinh.foundation.directory.public import move_unit
from dinh.kernel.errors import NotAllowed, Refused
from dinh.kernel.worktime import OFFICE_HOURS, VIETNAM, Period, WeeklyHours

SYSTEM = system("test")
TODAY = dt.datetime.now(VIETNAM).date()
YEAR = TODAY.year


def weekday_after(weekday: int, weeks: int = 2) -> dt.date:
    """A plain weekday ahead on which no statutory day falls."""
    day = TODAY + dt.timedelta(weeks=weeks)
    day += dt.timedelta((weekday - day.weekday()) % 7)
    while calendar_for(None).day(day).kind not in ("working", "weekly_off"):
        day += dt.timedelta(weeks=1)
    return day


@pytest.fixture
def heard() -> Iterator[list[CalendarChanged]]:
    """The announcements made during a test."""
    events: list[CalendarChanged] = []
    active = [True]

    def listen(event: CalendarChanged) -> None:
        if active:
            events.append(event)

    handles(CalendarChanged)(listen)
    yield events
    active.clear()


def test_without_any_calendar_the_law_holds(db: None) -> None:
    calendar = calendar_for(None)
    assert str(calendar.day(dt.date(2026, 9, 2)).why) == "nghỉ: Quốc khánh"
    assert calendar.day(dt.date(2026, 8, 22)).kind == "extra_working"
    assert calendar.day(dt.date(2026, 11, 23)).hours == dt.timedelta(hours=8)


@pytest.mark.parametrize(
    ("on", "label"),
    [
        ("2026-02-17", "Tết Nguyên Đán"),
        ("2026-04-27", "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)"),
        ("2026-08-31", "Ngày nghỉ (thay cho ngày 22/08/2026)"),
        ("2026-08-22", "Làm bù cho ngày 31/08/2026"),
    ],
)
def test_statutory_days_have_their_reasons(calendar: Any, on: str, label: str) -> None:
    assert calendar_for(None).day(dt.date.fromisoformat(on)).label == label


def test_setting_up_twice_leaves_one_calendar(calendar: Any) -> None:
    assert set_up_province(by=SYSTEM).pk == calendar.pk
    assert calendar.versions.count() == 1
    assert calendar.versions.get().years == [YEAR - 1, YEAR, YEAR + 1]


def test_a_declared_day_holds_only_once_published(
    calendar: Any, keeper: Actor, heard: list[CalendarChanged]
) -> None:
    storm = weekday_after(1)
    declare_day(calendar, on=storm, kind="off", label=" Nghỉ  tránh bão ", basis="Công điện 12", by=keeper)
    assert calendar_for(None).day(storm).is_open
    publish_calendar(calendar, note="Bão số 12", by=keeper)
    assert str(calendar_for(None).day(storm).why) == "nghỉ: Nghỉ tránh bão"
    assert [(event.unit_id, event.dates, event.number) for event in heard] == [(None, (storm,), 2)]
    assert calendar.versions.get(number=2).published_by == keeper.name


@pytest.mark.parametrize(
    ("kind", "hours"), [("morning_only", 4.5), ("afternoon_only", 3.5), ("extra_working", 8), ("as_week", 8)]
)
def test_half_days_and_others_count_their_hours(
    calendar: Any, keeper: Actor, kind: Any, hours: float
) -> None:
    on = weekday_after(2)
    declare_day(calendar, on=on, kind=kind, label="Hội nghị", by=keeper)
    publish_calendar(calendar, by=keeper)
    assert calendar_for(None).day(on).hours == dt.timedelta(hours=hours)


def test_a_swap_gives_a_day_off_for_a_saturday(calendar: Any, keeper: Actor) -> None:
    monday, saturday = weekday_after(0), weekday_after(5)
    swap_days(calendar, off_on=monday, worked_on=saturday, label="Nghỉ lễ dài ngày", by=keeper)
    publish_calendar(calendar, by=keeper)
    after = calendar_for(None)
    assert (after.day(monday).is_open, after.day(saturday).hours) == (False, dt.timedelta(hours=8))
    assert after.day(saturday).label.endswith(f"(làm bù cho ngày {monday:%d/%m/%Y})")


def test_a_withdrawn_day_follows_the_week_again(calendar: Any, keeper: Actor) -> None:
    holiday = next(
        day.on for day in calendar.versions.get().days.all() if day.on.weekday() < 5 and day.on > TODAY
    )
    withdraw_day(calendar, on=holiday, by=keeper)
    publish_calendar(calendar, by=keeper)
    assert calendar_for(None).day(holiday).kind == "working"
    with pytest.raises(Refused, match="không có khai báo"):
        withdraw_day(calendar, on=holiday, by=keeper)


def test_weekly_hours_hold_from_their_date(
    calendar: Any, keeper: Actor, heard: list[CalendarChanged]
) -> None:
    start = weekday_after(0)
    summer = (Period(dt.time(6, 30), dt.time(11, 0)), Period(dt.time(13, 0), dt.time(16, 30)))
    declare_hours(calendar, week=WeeklyHours((summer,) * 5 + ((), ()), start), by=keeper)
    publish_calendar(calendar, by=keeper)
    after = calendar_for(None)
    assert after.day(start).periods == summer
    assert after.day(start - dt.timedelta(days=3)).periods == OFFICE_HOURS
    assert heard[-1].hours_from == start


def test_a_units_own_days_lie_over_the_provinces_and_reach_below_it(
    calendar: Any, keeper: Actor, district: Any, commune: Any, province: Any, heard: list[CalendarChanged]
) -> None:
    festival, holiday = weekday_after(3), weekday_after(4)
    own = open_calendar(district.pk, by=keeper)
    declare_day(own, on=festival, kind="off", label="Lễ hội làng", by=keeper)
    declare_day(own, on=holiday, kind="as_week", label="Trực hè", by=keeper)
    publish_calendar(own, by=keeper)
    declare_day(calendar, on=holiday, kind="off", label="Nghỉ toàn tỉnh", by=keeper)
    publish_calendar(calendar, by=keeper)
    assert not calendar_for(commune.pk).day(festival).is_open
    assert calendar_for(commune.pk).day(holiday).is_open
    assert calendar_for(province.pk).day(festival).is_open
    assert not calendar_for(province.pk).day(holiday).is_open
    assert [event.unit_id for event in heard] == [district.pk, None]


def test_a_half_day_of_the_province_is_half_of_a_units_own_hours(
    calendar: Any, keeper: Actor, district: Any
) -> None:
    on = weekday_after(2)
    summer = (Period(dt.time(6, 30), dt.time(11, 0)), Period(dt.time(13, 0), dt.time(16, 30)))
    own = open_calendar(district.pk, by=keeper)
    declare_hours(own, week=WeeklyHours((summer,) * 5 + ((), ()), TODAY), by=keeper)
    publish_calendar(own, by=keeper)
    declare_day(calendar, on=on, kind="afternoon_only", label="Mất điện", by=keeper)
    publish_calendar(calendar, by=keeper)
    assert calendar_for(district.pk).day(on).periods == summer[1:]


def test_a_unit_that_moves_works_by_the_calendars_above_it(
    calendar: Any, keeper: Actor, province: Any, district: Any, commune: Any, make_unit: Callable[..., Any]
) -> None:
    festival = weekday_after(3)
    south = make_unit(province, "H99.32", "Ủy ban nhân dân huyện Nam Sông", "district_committee", "district")
    own = open_calendar(district.pk, by=keeper)
    declare_day(own, on=festival, kind="off", label="Lễ hội làng", by=keeper)
    publish_calendar(own, by=keeper)
    assert not calendar_for(commune.pk).day(festival).is_open
    move_unit(commune, parent=south, on=TODAY, basis="Nghị quyết 1/NQ", by=SYSTEM)
    assert calendar_for(commune.pk).day(festival).is_open


# What is refused


def test_only_who_holds_the_permission_there_may_declare_or_publish(
    calendar: Any, official: Callable[..., Actor], province: Any, district: Any, commune: Any, keeper: Actor
) -> None:
    on = weekday_after(1)
    declarer = official(province, "calendars.declare")
    local = official(district, "calendars.declare", "calendars.publish", scope="subtree")
    nobody = official(province)
    for by in (nobody, local):
        for verb in (
            lambda by: declare_day(calendar, on=on, kind="off", label="x", by=by),
            lambda by: swap_days(calendar, off_on=on, worked_on=on + dt.timedelta(1), label="x", by=by),
            lambda by: withdraw_day(calendar, on=on, by=by),
            lambda by: prepare_year(calendar, year=YEAR + 2, by=by),
            lambda by: declare_hours(calendar, week=WeeklyHours((OFFICE_HOURS,) * 7, TODAY), by=by),
            lambda by: discard_draft(calendar, by=by),
            lambda by: publish_calendar(calendar, by=by),
            lambda by: open_calendar(province.pk, by=by),
        ):
            with pytest.raises(NotAllowed):
                verb(by)
    declare_day(calendar, on=on, kind="off", label="Nghỉ tránh bão", by=declarer)
    with pytest.raises(NotAllowed):
        publish_calendar(calendar, by=declarer)
    declare_day(open_calendar(commune.pk, by=local), on=on, kind="off", label="Lễ hội", by=local)
    with pytest.raises(NotAllowed):
        set_up_province(by=keeper)


def test_days_without_reason_or_out_of_reach_are_refused(calendar: Any, keeper: Actor) -> None:
    on = weekday_after(1)
    with pytest.raises(Refused, match="lý do"):
        declare_day(calendar, on=on, kind="off", label="  ", by=keeper)
    with pytest.raises(Refused, match="nằm ngoài khoảng"):
        declare_day(calendar, on=dt.date(2206, 9, 2), kind="off", label="Quốc khánh", by=keeper)
    with pytest.raises(Refused, match="hai ngày khác nhau"):
        swap_days(calendar, off_on=on, worked_on=on, label="Hoán đổi", by=keeper)
    with pytest.raises(Refused, match="ít nhất một buổi"):
        declare_hours(calendar, week=WeeklyHours(((),) * 7, TODAY), by=keeper)
    with pytest.raises(Refused, match="đã có trong lịch"):
        prepare_year(calendar, year=YEAR, by=keeper)


def test_there_is_nothing_to_publish_without_a_change(calendar: Any, keeper: Actor) -> None:
    with pytest.raises(Refused, match="Không có thay đổi"):
        publish_calendar(calendar, by=keeper)
    on = weekday_after(1)
    declare_day(calendar, on=on, kind="off", label="Nghỉ tránh bão", by=keeper)
    withdraw_day(calendar, on=on, by=keeper)
    with pytest.raises(Refused, match="Không có thay đổi"):
        publish_calendar(calendar, by=keeper)


def test_a_discarded_draft_leaves_the_version_in_force(calendar: Any, keeper: Actor) -> None:
    on = weekday_after(1)
    declare_day(calendar, on=on, kind="off", label="Nghỉ tránh bão", by=keeper)
    discard_draft(calendar, by=keeper)
    assert calendar_for(None).day(on).is_open
    with pytest.raises(Refused, match="Không có thay đổi"):
        discard_draft(calendar, by=keeper)


def test_a_unit_has_one_calendar_of_its_own(calendar: Any, keeper: Actor, district: Any) -> None:
    open_calendar(district.pk, by=keeper)
    with pytest.raises(Refused, match="đã có lịch"):
        open_calendar(district.pk, by=keeper)


@pytest.mark.parametrize(
    "change",
    [
        lambda version: version.days.update(label="khác"),
        lambda version: version.days.all().delete(),
        lambda version: version.days.create(on=dt.date(YEAR, 3, 3), kind="off", label="lén"),
        lambda version: version.weeks.update(from_on=TODAY),
        lambda version: type(version).objects.filter(pk=version.pk).update(note="khác"),
        lambda version: type(version).objects.filter(pk=version.pk).delete(),
    ],
)
def test_the_database_itself_keeps_a_published_version(calendar: Any, change: Callable[[Any], Any]) -> None:
    version = calendar.versions.get()
    with pytest.raises((InternalError, ProgrammingError, IntegrityError)), transaction.atomic():
        change(version)


# The kept calendar


def test_asking_again_costs_no_query(calendar: Any, commune: Any) -> None:
    calendar_for(commune.pk)
    with CaptureQueriesContext(connection) as queries:
        for _ in range(100):
            calendar_for(commune.pk)
    assert len(queries) <= 100  # a thread that has just published reads the mark each time
    assert all("calendarstamp" in query["sql"] for query in queries)


@pytest.mark.django_db(transaction=True)
def test_a_publication_elsewhere_is_seen_within_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(working, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    calendar = set_up_province(by=SYSTEM)
    on = weekday_after(1)
    seen: list[bool] = []
    asked, published = threading.Event(), threading.Event()

    def other_process() -> None:
        try:
            seen.append(calendar_for(None).day(on).is_open)
            with CaptureQueriesContext(connection) as queries:
                calendar_for(None)
            seen.append(len(queries) == 0)
            asked.set()
            published.wait(600)
            clock[0] += 1.1
            seen.append(calendar_for(None).day(on).is_open)
        finally:
            connection.close()

    thread = threading.Thread(target=other_process)
    thread.start()
    assert asked.wait(180)
    declare_day(calendar, on=on, kind="off", label="Nghỉ tránh bão", by=SYSTEM)
    publish_calendar(calendar, by=SYSTEM)
    published.set()
    thread.join()
    assert seen == [True, True, False]


@pytest.mark.django_db(transaction=True)
def test_a_publication_that_fails_leaves_no_trace_in_the_kept_calendar() -> None:
    calendar = set_up_province(by=SYSTEM)
    on = weekday_after(1)
    declare_day(calendar, on=on, kind="off", label="Nghỉ tránh bão", by=SYSTEM)
    with pytest.raises(RuntimeError), transaction.atomic():
        publish_calendar(calendar, by=SYSTEM)
        assert not calendar_for(None).day(on).is_open
        raise RuntimeError
    assert calendar_for(None).day(on).is_open


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_make_one_version() -> None:
    calendar = set_up_province(by=SYSTEM)
    declare_day(calendar, on=weekday_after(1), kind="off", label="Nghỉ tránh bão", by=SYSTEM)
    outcomes: list[str] = []
    start = threading.Barrier(4)

    def one() -> None:
        try:
            start.wait(180)
            publish_calendar(calendar, by=SYSTEM)
            outcomes.append("published")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["published", "refused", "refused", "refused"]
    assert list(calendar.versions.values_list("number", flat=True)) == [2, 1]


@pytest.mark.django_db(transaction=True)
def test_people_who_declare_at_once_share_one_draft() -> None:
    calendar = set_up_province(by=SYSTEM)
    days = [weekday_after(weekday) for weekday in range(4)]
    problems: list[Exception] = []
    start = threading.Barrier(4)

    def one(on: dt.date) -> None:
        try:
            start.wait(180)
            declare_day(calendar, on=on, kind="off", label="Nghỉ tránh bão", by=SYSTEM)
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[on]) for on in days]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert calendar.versions.get(published_at=None).days.filter(on__in=days).count() == 4


def test_in_a_handler_the_new_calendar_already_holds(calendar: Any, keeper: Actor) -> None:
    on = weekday_after(1)
    found: list[bool] = []

    def listen(event: CalendarChanged) -> None:
        if on in event.dates:
            found.append(calendar_for(None).day(on).is_open)

    handles(CalendarChanged)(listen)
    declare_day(calendar, on=on, kind="off", label="Nghỉ tránh bão", by=keeper)
    publish_calendar(calendar, by=keeper)
    assert found == [False]
