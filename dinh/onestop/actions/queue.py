"""The queue's verbs: drawn, called, finished, missed, left."""

import datetime as dt
from uuid import UUID

from django.db import connection

from dinh.foundation.actions.public import Actor, action
from dinh.foundation.calendars.public import calendar_for
from dinh.foundation.directory.public import get_unit
from dinh.kernel.errors import N_, NotFound
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import QueueNumber
from dinh.onestop.permissions import DRAW_NUMBER, RECEIVE_AT_COUNTER, SERVE_NUMBER
from dinh.onestop.rules.queue import (
    MOST_WAITING,
    QUEUE,
    WISHES,
    NobodyWaits,
    NotYourCall,
    QueueFull,
    check_open,
    check_window,
)

__all__ = ["call_again", "call_next", "draw_number", "end_call", "leave_queue"]


@action("queue.drawn", permission=DRAW_NUMBER, label=N_("Lấy số thứ tự"))
def draw_number(desk_id: UUID, *, wish: str, by: Actor, now: dt.datetime) -> QueueNumber:
    """Draw the next number of a desk's day: no number twice, none left out.

    ``wish`` is a key of ``WISHES``. Raises ``DeskClosed``, ``QueueFull``, ``NotFound``.
    """
    desk = get_unit(desk_id)
    if desk.kind != "one_stop_desk" or wish not in WISHES:
        raise NotFound
    check_open(calendar_for(desk_id), now)
    day = now.astimezone(VIETNAM).date()
    if QueueNumber.objects.filter(desk=desk, day=day, state="waiting").count() >= MOST_WAITING:
        raise QueueFull
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO onestop_queuecounter AS counter (desk_id, day, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (desk_id, day) DO UPDATE SET last = counter.last + 1 RETURNING last",
            [desk_id, day],
        )
        number = int(cursor.fetchone()[0])
    return QueueNumber.objects.create(
        desk=desk, day=day, number=number, wish=wish, state=QUEUE.initial, taken_at=now
    )


@action("queue.called", permission=RECEIVE_AT_COUNTER, label=N_("Gọi số tiếp theo"))
def call_next(desk_id: UUID, *, window: str, by: Actor, now: dt.datetime) -> QueueNumber:
    """Call the first who waits to the caller's counter; whom they served until now is finished.

    Two who call at once call two numbers. Raises ``WindowMissing``, ``NobodyWaits``.
    """
    window = check_window(window)
    today = QueueNumber.objects.filter(desk_id=desk_id, day=now.astimezone(VIETNAM).date())
    # The number itself is locked, so nobody else takes it; one that another clerk is taking is passed over.
    following = today.filter(state="waiting").select_for_update(skip_locked=True).order_by("number").first()
    if following is None:
        raise NobodyWaits
    mine = today.filter(state="called", position=by.position_id)
    for served in mine.select_for_update():
        served.state = QUEUE.after(served.state, "finish")
        served.ended_at = now
        served.save(update_fields=["state", "ended_at"])
    return _called(following, window, by=by, now=now)


@action("queue.called_again", permission=SERVE_NUMBER, on=QueueNumber, label=N_("Gọi lại số"))
def call_again(number: QueueNumber, *, window: str, by: Actor, now: dt.datetime) -> QueueNumber:
    """Call a number once more, or one that was missed. Raises ``NotYourCall``, ``WindowMissing``."""
    _check_own(number, by)
    return _called(number, check_window(window), by=by, now=now)


@action("queue.ended", permission=SERVE_NUMBER, on=QueueNumber, label=N_("Kết thúc lượt gọi số"))
def end_call(number: QueueNumber, *, verb: str, by: Actor, now: dt.datetime) -> QueueNumber:
    """End a call: ``finish`` (the person was served) or ``miss`` (nobody came). Raises ``NotYourCall``."""
    if verb not in ("finish", "miss"):
        raise NotFound
    _check_own(number, by)
    number.state = QUEUE.after(number.state, verb)
    number.ended_at = now
    number.save(update_fields=["state", "ended_at"])
    return number


@action("queue.left", permission=DRAW_NUMBER, on=QueueNumber, label=N_("Bỏ số thứ tự"))
def leave_queue(number: QueueNumber, *, by: Actor, now: dt.datetime) -> QueueNumber:
    """Give a number up: nobody waits for its holder any longer."""
    number.state = QUEUE.after(number.state, "leave")
    number.ended_at = now
    number.save(update_fields=["state", "ended_at"])
    return number


def _called(number: QueueNumber, window: str, *, by: Actor, now: dt.datetime) -> QueueNumber:
    number.state = QUEUE.after(number.state, "call")
    number.called_at = now
    number.calls += 1
    number.window = window
    number.position_id = by.position_id
    number.official = by.name
    number.save(update_fields=["state", "called_at", "calls", "window", "position", "official"])
    return number


def _check_own(number: QueueNumber, by: Actor) -> None:
    if number.state == "called" and number.position_id != by.position_id:
        raise NotYourCall
