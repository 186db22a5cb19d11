"""Reads about the queue of a desk: the hall's board, one's own number, the clerk's view."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Avg, Count, F, Q

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import get_unit, may_at, unit_by_code, units_of_kind
from dinh.kernel.errors import NotFound, existing
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import QueueNumber
from dinh.onestop.rules.queue import waiting_minutes

if TYPE_CHECKING:
    from dinh.foundation.directory.models import Unit

__all__ = [
    "Board",
    "ClerkQueue",
    "OwnNumber",
    "access_queue_number",
    "board_of",
    "clerk_queue",
    "desk_by_code",
    "desks",
    "get_queue_number",
    "own_number",
]

ON_THE_BOARD = 6
MISSED_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Call:
    """A number that was called, and to which counter."""

    number: str
    window: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Board:
    """The screen in the hall: who is called where, the newest first, and how many wait."""

    desk: str
    calls: Sequence[Call]
    waiting: int
    minutes: int


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """One number as its holder sees it. ``ahead`` and ``minutes`` while it waits."""

    id: UUID
    number: str
    desk: str
    desk_code: str
    wish: str
    state: str
    state_label: str
    window: str
    ahead: int
    minutes: int
    taken_at: dt.datetime


@dataclass(frozen=True, slots=True)
class ClerkQueue:
    """What a clerk at a counter sees: their call, how many wait for what, who was missed."""

    desk: str
    desk_code: str
    window: str
    current: QueueNumber | None
    waiting: Sequence[tuple[str, int]]
    missed: Sequence[QueueNumber]
    served: int

    @property
    def total(self) -> int:
        return sum(count for _, count in self.waiting)


def desks() -> "list[Unit]":
    """Return the one-stop desks that stand today with their agencies."""
    return list(units_of_kind("one_stop_desk"))


def desk_by_code(code: str) -> "Unit":
    """Return a desk by its unit's code. Raises ``NotFound``."""
    desk = unit_by_code(code)
    if desk is None or desk.kind != "one_stop_desk" or desk.valid_until is not None:
        raise NotFound
    return desk


def board_of(desk: "Unit", *, now: dt.datetime) -> Board:
    """Return what the hall's screen shows. Two queries."""
    today = _today(desk.pk, now)
    called = today.filter(state="called").order_by("-called_at")[:ON_THE_BOARD]
    calls = [Call(str(one), one.window, one.called_at) for one in called if one.called_at]
    waiting, minutes = _waiting(desk.pk, now)
    return Board(desk.name, calls, waiting, minutes)


def get_queue_number(number_id: UUID) -> QueueNumber:
    """Return a number by its identifier, which only its holder has. Raises ``NotFound``."""
    return existing(QueueNumber.objects.select_related("desk").filter(pk=number_id).first())


def own_number(number_id: UUID, *, now: dt.datetime) -> OwnNumber:
    """Return a number as its holder sees it. Raises ``NotFound``."""
    found = get_queue_number(number_id)
    ahead = minutes = 0
    if found.state == "waiting":
        ahead, minutes = _waiting(found.desk_id, now, before=found.number)
    is_today = found.day == now.astimezone(VIETNAM).date()
    return OwnNumber(
        id=found.pk,
        number=str(found),
        desk=found.desk.name,
        desk_code=found.desk.code,
        wish=found.get_wish_display(),
        state=found.state if is_today or found.state in ("done", "left") else "missed",
        state_label=found.get_state_display(),
        window=found.window,
        ahead=ahead,
        minutes=minutes,
        taken_at=found.taken_at,
    )


def access_queue_number(by: Actor, number_id: UUID) -> QueueNumber:
    """Return a number of the desk at which the person receives. Raises ``NotFound``."""
    found = get_queue_number(number_id)
    if not may_at(by, "dossier.receive", found.desk_id):
        raise NotFound
    return found


def clerk_queue(by: Actor, *, now: dt.datetime) -> ClerkQueue:
    """Return the queue of the acting position's desk. Raises ``NotFound`` when it is none."""
    if by.unit_id is None or not may_at(by, "dossier.receive", by.unit_id):
        raise NotFound
    desk = get_unit(by.unit_id)
    today = _today(desk.pk, now)
    mine = today.filter(position_id=by.position_id)
    newest = mine.order_by(F("called_at").desc(nulls_last=True)).first()
    waits = dict(today.filter(state="waiting").order_by().values_list("wish").annotate(Count("pk")))
    return ClerkQueue(
        desk=desk.name,
        desk_code=desk.code,
        window=newest.window if newest else "",
        current=mine.filter(state="called").first(),
        waiting=[(wish, waits[wish]) for wish in ("file", "collect", "ask") if wish in waits],
        missed=list(today.filter(state="missed").order_by("-called_at")[:MISSED_SHOWN]),
        served=mine.filter(state="done").count(),
    )


def _today(desk_id: UUID, now: dt.datetime):  # type: ignore[no-untyped-def]
    return QueueNumber.objects.filter(desk_id=desk_id, day=now.astimezone(VIETNAM).date())


def _waiting(desk_id: UUID, now: dt.datetime, *, before: int | None = None) -> tuple[int, int]:
    """How many wait (before a number), and about how many minutes that takes. One query."""
    ahead = Q(state="waiting") if before is None else Q(state="waiting", number__lt=before)
    found = _today(desk_id, now).aggregate(
        ahead=Count("pk", filter=ahead),
        each=Avg(F("ended_at") - F("called_at"), filter=Q(state="done")),
        windows=Count("position_id", filter=Q(state="called"), distinct=True),
    )
    each = found["each"].total_seconds() / 60 if found["each"] else None
    return found["ahead"], waiting_minutes(found["ahead"], each, found["windows"])
