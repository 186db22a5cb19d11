"""The queue at a desk: numbers without a gap, called in order, by one counter each."""

import datetime as dt
import threading

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.actions.public import system, visitor
from dinh.kernel.errors import NotAllowed, NotFound
from dinh.kernel.states import NotInThisState
from dinh.onestop.models import QueueNumber
from dinh.onestop.public import (
    board_of,
    call_again,
    call_next,
    clerk_queue,
    draw_number,
    end_call,
    leave_queue,
    own_number,
)
from dinh.onestop.rules import queue as rules
from dinh.onestop.rules.queue import DeskClosed, NobodyWaits, NotYourCall, QueueFull, WindowMissing
from tests.onestop.conftest import NOW

GUEST = visitor()


def draw(desk, wish="file", now=NOW):
    return draw_number(desk.pk, wish=wish, by=GUEST, now=now)


@pytest.fixture
def clerk(province):
    return province.actor("motcua.dinhson")


@pytest.fixture
def desk(clerk):
    from dinh.foundation.directory.public import get_unit

    return get_unit(clerk.unit_id)


@pytest.mark.django_db
def test_numbers_follow_one_another_and_begin_anew_each_day(desk):
    assert [str(draw(desk)) for _ in range(3)] == ["001", "002", "003"]
    assert str(draw(desk, now=NOW + dt.timedelta(days=1))) == "001"


@pytest.mark.django_db
def test_drawing_is_refused_after_hours_and_where_no_desk_is(desk, monkeypatch):
    with pytest.raises(DeskClosed):
        draw(desk, now=NOW.replace(hour=23))
    with pytest.raises(NotFound):
        draw_number(desk.agency_id, wish="file", by=GUEST, now=NOW)
    with pytest.raises(NotFound):
        draw(desk, wish="khac")
    with pytest.raises(NotAllowed):
        draw_number(desk.pk, wish="file", by=system("onestop.draw"), now=NOW)
    monkeypatch.setattr("dinh.onestop.actions.queue.MOST_WAITING", 1)
    draw(desk)
    with pytest.raises(QueueFull):
        draw(desk)


@pytest.mark.django_db
def test_a_clerk_calls_in_order_and_serves_one_at_a_time(desk, clerk):
    first, second = draw(desk), draw(desk, "collect")
    called = call_next(desk.pk, window="2", by=clerk, now=NOW)
    assert (called.pk, called.window, called.state) == (first.pk, "2", "called")
    assert own_number(first.pk, now=NOW).window == "2"
    assert own_number(second.pk, now=NOW).ahead == 0
    call_next(desk.pk, window="2", by=clerk, now=NOW)
    first.refresh_from_db()
    assert first.state == "done"
    assert [call.number for call in board_of(desk, now=NOW).calls] == ["002"]
    with pytest.raises(NobodyWaits):
        call_next(desk.pk, window="2", by=clerk, now=NOW)
    shown = clerk_queue(clerk, now=NOW)
    assert (shown.current.pk, shown.window, shown.served, shown.total) == (second.pk, "2", 1, 0)


@pytest.mark.django_db
def test_who_was_missed_is_called_again(desk, clerk):
    number = draw(desk)
    called = call_next(desk.pk, window="1", by=clerk, now=NOW)
    missed = end_call(called, verb="miss", by=clerk, now=NOW)
    assert own_number(number.pk, now=NOW).state == "missed"
    again = call_again(missed, window="1", by=clerk, now=NOW)
    assert (again.state, again.calls) == ("called", 2)
    end_call(again, verb="finish", by=clerk, now=NOW)
    with pytest.raises(NotInThisState):
        call_again(again, window="1", by=clerk, now=NOW)


@pytest.mark.django_db
def test_another_desk_and_another_counter_keep_out(desk, clerk, province):
    stranger = province.actor("congchuc.anmau.dinhson")
    number = draw(desk)
    with pytest.raises(NotAllowed):
        call_next(desk.pk, window="1", by=stranger, now=NOW)
    called = call_next(desk.pk, window="1", by=clerk, now=NOW)
    with pytest.raises(NotAllowed):
        call_again(called, window="1", by=stranger, now=NOW)
    with pytest.raises(NotAllowed):
        end_call(called, verb="finish", by=stranger, now=NOW)
    QueueNumber.objects.filter(pk=number.pk).update(position=None)
    with pytest.raises(NotYourCall):
        end_call(called, verb="finish", by=clerk, now=NOW)
    with pytest.raises(NotFound):
        clerk_queue(GUEST, now=NOW)


@pytest.mark.django_db
def test_a_counter_needs_its_number(desk, clerk):
    draw(desk)
    for window in ("", "quầy hai", "<b>"):
        with pytest.raises(WindowMissing) as refused:
            call_next(desk.pk, window=window, by=clerk, now=NOW)
        assert refused.value.field == "window"


@pytest.mark.django_db
def test_a_number_given_up_is_not_called(desk, clerk):
    number, following = draw(desk), draw(desk)
    leave_queue(number, by=GUEST, now=NOW)
    with pytest.raises(NotAllowed):
        leave_queue(following, by=system("onestop.leave"), now=NOW)
    assert call_next(desk.pk, window="1", by=clerk, now=NOW).pk == following.pk
    with pytest.raises(NotInThisState):
        leave_queue(following, by=GUEST, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_many_who_draw_and_call_at_once_get_numbers_of_their_own(desk, clerk):
    drawn, called, wrong = [], [], []

    def do(work, into):
        try:
            for _ in range(5):
                into.append(work())
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    def run(work, into):
        threads = [threading.Thread(target=do, args=(work, into)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    run(lambda: draw(desk).number, drawn)
    run(lambda: call_next(desk.pk, window="1", by=clerk, now=NOW).number, called)
    assert not wrong
    assert sorted(drawn) == list(range(1, 21))
    assert sorted(called) == list(range(1, 21))


@given(st.integers(0, 300), st.floats(0, 500) | st.none(), st.integers(0, 40))
def test_waiting_is_never_negative_and_grows_with_those_ahead(ahead, each, windows):
    minutes = rules.waiting_minutes(ahead, each, windows)
    assert 0 <= minutes <= rules.waiting_minutes(ahead + 1, each, windows)
