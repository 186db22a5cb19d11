"""Appointments at a desk: offered by hours and plan, never given twice, moved, reminded, missed."""

import datetime as dt
import threading
from itertools import pairwise

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.actions.public import system
from dinh.foundation.notify.models import Notice
from dinh.kernel.errors import NotAllowed, NotFound, Refused
from dinh.kernel.worktime import VIETNAM, day_off, standard_calendar
from dinh.onestop.models import UnitMove, Visit, VisitSlot
from dinh.onestop.public import (
    access_desk_visit,
    access_visit,
    ask_for_move,
    attend_visit,
    book_visit,
    cancel_visit,
    desk_visits,
    keep_visits,
    move_open_dossiers,
    move_visit,
    offered_days,
    own_visits,
    plan_visits,
    planned_desks,
)
from dinh.onestop.queries import visits as queries
from dinh.onestop.rules.visits import (
    LENGTHS,
    AlreadyBooked,
    NotOffered,
    SlotTaken,
    TooManyVisits,
    VisitNotToday,
    slots_on,
)
from tests.onestop.conftest import NOW

BY = system("test")


def planned(province, **changes):
    plan = {"is_open": True, "minutes": 30, "places": 1, "weekdays": [1, 2, 3, 4, 5], "days_ahead": 7}
    return plan_visits(province.clerk.unit_id, **{**plan, "note": "", **changes}, by=province.clerk)


def moments(province, now=NOW):
    return [slot.at for day in offered_days(province.clerk.unit_id, now=now) for slot in day.slots]


def booked(province, at, by=None, now=NOW):
    return book_visit(
        province.clerk.unit_id, starts_at=at, wish="file", note="", by=by or province.citizen, now=now
    )


@given(
    minutes=st.sampled_from(LENGTHS),
    day=st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
    weekdays=st.lists(st.integers(1, 7), max_size=7),
)
def test_moments_lie_whole_in_opening_hours_and_do_not_overlap(minutes, day, weekdays):
    calendar = standard_calendar([day_off(dt.date(2026, 9, 2), "Quốc khánh")])
    found = slots_on(day, calendar, minutes=minutes, weekdays=weekdays)
    length = dt.timedelta(minutes=minutes)
    assert all(later - earlier >= length for earlier, later in pairwise(found))
    for at in found:
        assert any(start <= at and at + length <= end for start, end in calendar.openings(day))
    assert not found or day.isoweekday() in weekdays


def test_a_desk_without_a_plan_takes_nobody(province):
    assert not offered_days(province.clerk.unit_id, now=NOW)
    assert not planned_desks()
    with pytest.raises(NotOffered):
        booked(province, NOW + dt.timedelta(hours=2))
    planned(province, is_open=False)
    assert not offered_days(province.clerk.unit_id, now=NOW)


def test_a_visit_is_booked_once_moved_and_cancelled(province):
    planned(province)
    first, second, *_ = moments(province)
    visit = booked(province, first)
    assert first not in moments(province)
    with pytest.raises(SlotTaken):
        booked(province, first, province.actor("congdan2"))
    move_visit(visit, starts_at=second, by=province.citizen, now=NOW)
    assert moments(province)[0] == first
    assert second not in moments(province)
    visit.refresh_from_db()
    cancel_visit(visit, by=province.citizen, now=NOW)
    assert second in moments(province)
    assert set(VisitSlot.objects.values_list("taken", flat=True)) == {0}
    with pytest.raises(Refused):
        cancel_visit(visit, by=province.citizen, now=NOW)
    assert Notice.objects.filter(template="visit.booked").count() == 2


def test_what_is_not_offered_is_not_booked(province):
    planned(province, weekdays=[1])
    monday = moments(province)[0]
    for at in (
        monday + dt.timedelta(minutes=7),
        monday + dt.timedelta(days=1),
        monday + dt.timedelta(days=28),
        NOW - dt.timedelta(days=7),
        NOW + dt.timedelta(minutes=5),
        monday.replace(hour=3),
    ):
        with pytest.raises(NotOffered):
            booked(province, at)
    with pytest.raises(NotFound):
        book_visit(province.clerk.unit_id, starts_at=monday, wish="lạ", note="", by=province.citizen, now=NOW)


def test_a_person_has_one_visit_at_a_time_and_three_ahead(province):
    planned(province, places=3)
    one, two, three, four, *_ = moments(province)
    for at in (one, two, three):
        booked(province, at)
    with pytest.raises(TooManyVisits):
        booked(province, four)
    last = Visit.objects.get(starts_at=three)
    with pytest.raises(AlreadyBooked):
        move_visit(last, starts_at=one, by=province.citizen, now=NOW)
    # The refused move gave nothing away.
    assert VisitSlot.objects.get(starts_at=three).taken == 1
    assert VisitSlot.objects.get(starts_at=one).taken == 1


def test_only_its_person_moves_it_and_only_its_desk_notes_who_came(province):
    planned(province)
    visit = booked(province, moments(province)[0])
    other = province.actor("congdan2")
    for by in (other, province.specialist, province.actor("motcua.anmau.dinhson")):
        with pytest.raises(NotFound):
            access_visit(by, visit.pk)
        with pytest.raises(NotAllowed):
            cancel_visit(visit, by=by, now=NOW)
        with pytest.raises(NotAllowed):
            move_visit(visit, starts_at=NOW, by=by, now=NOW)
        with pytest.raises(NotAllowed):
            attend_visit(visit, verb="come", by=by, now=NOW)
        with pytest.raises(NotAllowed):
            plan_visits(
                province.clerk.unit_id,
                is_open=True,
                minutes=20,
                places=1,
                weekdays=[1],
                days_ahead=1,
                note="",
                by=by,
            )
    with pytest.raises(NotFound):
        access_desk_visit(province.citizen, visit.pk)
    with pytest.raises(VisitNotToday):
        attend_visit(visit, verb="miss", by=province.clerk, now=NOW - dt.timedelta(days=3))
    attend_visit(visit, verb="come", by=province.clerk, now=visit.starts_at)
    assert [one.state for one in desk_visits(province.clerk, NOW.date()).rows] == ["came"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"minutes": 7}, "minutes"),
        ({"places": 0}, "places"),
        ({"places": 51}, "places"),
        ({"days_ahead": 61}, "days_ahead"),
        ({"weekdays": [9]}, "weekdays"),
    ],
)
def test_a_plan_is_bounded(province, changes, field):
    with pytest.raises(Refused) as refused:
        planned(province, **changes)
    assert refused.value.field == field


def test_people_are_reminded_once_and_who_never_came_is_noted(province):
    planned(province)
    at = moments(province)[0]
    visit = booked(province, at, now=NOW - dt.timedelta(hours=20))
    before = at - dt.timedelta(hours=20)
    assert keep_visits(by=BY, now=before)["reminded"] == 1
    assert keep_visits(by=BY, now=before)["reminded"] == 0
    assert Notice.objects.filter(template="visit.near", person_id=visit.person_id).count() == 1
    assert keep_visits(by=BY, now=at + dt.timedelta(days=1)) == {"closed": 0, "reminded": 0, "missed": 1}
    visit.refresh_from_db()
    assert visit.state == "missed"


def test_a_holiday_announced_tomorrow_cancels_and_tells(province, monkeypatch):
    planned(province)
    at = moments(province)[-1]
    visit = booked(province, at)
    closed = standard_calendar([day_off(at.astimezone(VIETNAM).date(), "Nghỉ bù")])
    monkeypatch.setattr(queries, "calendar_for", lambda unit_id: closed)
    assert keep_visits(by=BY, now=NOW)["closed"] == 1
    visit.refresh_from_db()
    assert visit.state == "cancelled"
    assert Notice.objects.filter(template="visit.closed", person_id=visit.person_id).exists()
    assert VisitSlot.objects.get(starts_at=at).taken == 0


def test_another_plan_keeps_what_was_promised(province):
    planned(province)
    visit = booked(province, moments(province)[1])
    planned(province, minutes=60, places=2)
    assert keep_visits(by=BY, now=NOW)["closed"] == 0
    ahead, behind = own_visits(province.citizen, now=NOW)
    assert [one.id for one in ahead] == [visit.pk]
    assert not behind


def test_offering_takes_two_queries(province, django_assert_max_num_queries):
    planned(province, days_ahead=30)
    moments(province)
    with django_assert_max_num_queries(3):
        assert len(moments(province)) > 100


def test_nobody_takes_two_places_by_pressing_at_once(open_province):
    province = open_province
    planned(province, places=3)
    at = moments(province)[0]
    people = [province.actor(name) for name in ("congdan", "congdan2")]
    Visit.objects.all().delete()
    outcomes: list[str] = []
    start = threading.Barrier(8)

    def book(number: int) -> None:
        start.wait()
        try:
            booked(province, at, people[number % 2])
            outcomes.append("booked")
        except (SlotTaken, AlreadyBooked) as refused:
            outcomes.append(type(refused).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=book, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Two people: each has one place at this moment, and the count of places says the same.
    assert outcomes.count("booked") == Visit.objects.filter(starts_at=at).count() == 2
    assert VisitSlot.objects.get(starts_at=at).taken == 2


def test_the_last_place_is_given_once(open_province):
    province = open_province
    planned(province, places=1)
    at = moments(province)[0]
    people = [province.actor(name) for name in ("congdan", "congdan2")]
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def book(by) -> None:
        start.wait()
        try:
            booked(province, at, by)
            outcomes.append("booked")
        except SlotTaken:
            outcomes.append("taken")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=book, args=(by,)) for by in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["booked", "taken"]


def test_visits_of_a_desk_that_merges_go_on_at_its_heir_at_the_same_hour(province):
    p = province
    planned(p, places=1)
    old, heir = p.unit("H99.31.00"), p.unit("H99.31.011.00")
    at = moments(p)[0]
    visit, over = booked(p, at), booked(p, moments(p)[1])
    cancel_visit(over, by=p.citizen, now=NOW)
    VisitSlot.objects.create(desk=heir, starts_at=at, taken=1)
    before = Notice.objects.count()
    move_id = ask_for_move(old.pk, heir.pk, on=NOW.date(), now=NOW)
    move_open_dossiers(UnitMove.objects.get(pk=move_id), by=BY, now=NOW)
    visit.refresh_from_db()
    over.refresh_from_db()
    assert (visit.desk_id, visit.starts_at, visit.state) == (heir.pk, at, "booked")
    assert over.desk_id == old.pk
    assert VisitSlot.objects.get(desk=heir, starts_at=at).taken == 2
    assert not VisitSlot.objects.filter(desk=old, starts_at=at).exists()
    assert old.pk not in planned_desks()
    notice = Notice.objects.latest("id")
    assert Notice.objects.count() == before + 1
    assert notice.template == "visit.handed_on"
    assert heir.name in notice.body and old.name in notice.body
    # Run again, nothing moves and nobody is told twice.
    move_open_dossiers(UnitMove.objects.get(pk=move_id), by=BY, now=NOW)
    assert Notice.objects.count() == before + 1
    cancel_visit(visit, by=p.citizen, now=NOW)
    assert VisitSlot.objects.get(desk=heir, starts_at=at).taken == 1
