"""A desk's board for today: what came in, waits, is due, late, to be returned; the queue; fees taken.

Figures and lists are made of the same conditions over the same dossiers: those that the desk received
or took in for another agency.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import (
    below_units,
    children,
    coverage,
    get_unit,
    reached_units,
    units_of_kind,
)
from dinh.kernel.errors import N_, NotAllowed, NotFound
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import Dossier, Payment, QueueNumber
from dinh.onestop.queries.counted import Counted
from dinh.onestop.queries.figures import FigureFilter
from dinh.onestop.rules.desk_board import DAYS_SHOWN, DESK_COUNTS, OPEN_AT_DESK
from dinh.onestop.rules.periods import Period, period_on
from dinh.onestop.rules.queue import QUEUE

if TYPE_CHECKING:
    from dinh.foundation.directory.models import Unit

__all__ = [
    "DeskBoard",
    "DeskFees",
    "desk_board",
    "desk_dossiers",
    "desk_fees",
    "desk_numbers",
    "desks_in_reach",
    "has_desk_board",
]

_DAY = dt.timedelta(days=1)
_RETURNED_HERE = ("quay-cho-tra", "quay-tra")
PROCEDURES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class OpenOfProcedure:
    """Dossiers of one procedure that are being handled, and how many of them are late."""

    code: str
    name: str
    open: int
    late: int


@dataclass(frozen=True, slots=True)
class DeskBoard:
    """One desk's day. ``counts``: by keys of ``DESK_COUNTS``; ``days``: accepted on each of the last days;
    ``numbers``: drawn today, by state of the queue; ``fees``: payments taken today and their sum in đồng.
    """

    desk_id: UUID
    desk_name: str
    agency_name: str
    today: Period
    counts: Mapping[str, int]
    days: Sequence[tuple[Period, int]]
    procedures: Sequence[OpenOfProcedure]
    numbers: Mapping[str, int]
    payments: int
    fees: int


@dataclass(frozen=True, slots=True)
class DeskFees:
    """What a desk took in on a day: its payments, the last first, and their sum in đồng."""

    desk_name: str
    rows: Sequence[Payment]
    total: int


def has_desk_board(by: Actor) -> bool:
    """Whether the board is of use to the reader: who works at a desk, or reads whole agencies. No query."""
    reach = coverage(by, "dossier.read")
    return by.holds("dossier.receive") or (
        by.kind == "official" and (reach.everything or bool(reach.root_ids))
    )


def desks_in_reach(by: Actor) -> "list[Unit]":
    """Return the desks of which the reader sees every dossier."""
    reached = reached_units(by, "dossier.read") if by.kind == "official" else frozenset()
    return [desk for desk in units_of_kind("one_stop_desk") if reached is None or desk.pk in reached]


def _desk(by: Actor, desk_id: UUID | None) -> "Unit":
    """The desk asked for; else the reader's own, their agency's, or the first in reach."""
    if not has_desk_board(by):
        raise NotAllowed(
            reason=N_("Bảng hôm nay dành cho Bộ phận Tiếp nhận và Trả kết quả và lãnh đạo cơ quan.")
        )
    if desk_id is not None:
        desk = get_unit(desk_id)
        reached = reached_units(by, "dossier.read")
        if desk.kind != "one_stop_desk" or (reached is not None and desk.pk not in reached):
            raise NotFound
        return desk
    desks = {desk.pk: desk for desk in desks_in_reach(by)}
    own = desks.get(by.unit_id) if by.unit_id else None
    if own is None and by.agency_id is not None:
        own = next((desks[unit.pk] for unit in children(by.agency_id) if unit.pk in desks), None)
    found = own or next(iter(desks.values()), None)
    if found is None:
        raise NotFound
    return found


def desk_dossiers(by: Actor, counted: Counted, chosen: FigureFilter, *, today: dt.date) -> QuerySet[Dossier]:
    """Return the dossiers that a figure of a board counts; ``chosen.unit_id`` is the desk."""
    try:
        desk = _desk(by, chosen.unit_id)
    except (NotFound, NotAllowed):
        return Dossier.objects.none()
    desks = below_units(desk.pk)
    rows = _of_desks(desks).filter(_test(counted.key, desks, counted.period, today))
    return rows.filter(procedure__code=chosen.procedure) if chosen.procedure else rows


def desk_board(by: Actor, desk_id: UUID | None, *, now: dt.datetime) -> DeskBoard:
    """Return the board of a desk within reach (None: the reader's own).

    Raises ``NotFound``, ``NotAllowed``.
    """
    desk = _desk(by, desk_id)
    today = now.astimezone(VIETNAM).date()
    day = period_on(today, "day")
    days = [period_on(today - back * _DAY, "day") for back in reversed(range(DAYS_SHOWN))]
    desks = below_units(desk.pk)
    rows = _of_desks(desks).filter(
        Q(state__in=OPEN_AT_DESK)
        | Q(submitted_at__gte=day.from_at)
        | Q(accepted_at__gte=days[0].from_at)
        | Q(returned_at__gte=day.from_at)
    )
    wanted = {key.replace("-", "_"): _test(key, desks, day, today) for key in DESK_COUNTS}
    wanted |= {f"day_{number}": _accepted(period, today) for number, period in enumerate(days)}
    found = rows.order_by().aggregate(**{name: Count("pk", filter=test) for name, test in wanted.items()})
    money = _payments(desk.pk, day).order_by().aggregate(count=Count("pk"), sum=Sum("amount"))
    return DeskBoard(
        desk_id=desk.pk,
        desk_name=desk.name,
        agency_name=desk.agency.name if desk.agency else "",
        today=day,
        counts={key: found[key.replace("-", "_")] for key in DESK_COUNTS},
        days=[(period, found[f"day_{number}"]) for number, period in enumerate(days)],
        procedures=_procedures(desks, day, today),
        numbers=_numbers_by_state(desk.pk, today),
        payments=money["count"],
        fees=int(money["sum"] or 0),
    )


def desk_numbers(
    by: Actor, desk_id: UUID | None, *, state: str = "", now: dt.datetime
) -> tuple[str, list[QueueNumber]]:
    """Return a desk's name and the numbers drawn there today, in their order; ``state`` narrows them."""
    desk = _desk(by, desk_id)
    rows = QueueNumber.objects.filter(desk_id=desk.pk, day=now.astimezone(VIETNAM).date())
    return desk.name, list(rows.filter(state=state) if state else rows)


def desk_fees(by: Actor, desk_id: UUID | None, *, now: dt.datetime) -> DeskFees:
    """Return the payments that a desk took in today."""
    desk = _desk(by, desk_id)
    day = period_on(now.astimezone(VIETNAM).date(), "day")
    rows = list(_payments(desk.pk, day).select_related("dossier", "receipt").order_by("-id"))
    return DeskFees(desk.name, rows, sum(row.amount for row in rows))


def _of_desks(desks: frozenset[UUID]) -> QuerySet[Dossier]:
    """The dossiers that a desk received, or took in for another agency; of closed ones it inherited, too."""
    ids = list(desks)
    return Dossier.objects.filter(Q(reception_unit_id__in=ids) | Q(intake_desk_id__in=ids))


def _test(key: str, desks: frozenset[UUID], period: Period, today: dt.date) -> Q:
    """Which dossiers of a desk a key counts: a result is returned where its dossier was taken in."""
    found: Q = _CONDITIONS[key](period, today)
    if key in _RETURNED_HERE:
        found &= Q(intake_desk=None) | Q(intake_desk_id__in=list(desks))
    return found


def _procedures(desks: frozenset[UUID], day: Period, today: dt.date) -> list[OpenOfProcedure]:
    rows = (
        _of_desks(desks)
        .filter(_CONDITIONS["quay-dang"](day, today))
        .order_by()
        .values("procedure__code", "procedure__short_name")
        .annotate(open=Count("pk"), late=Count("pk", filter=_CONDITIONS["quay-qua-han"](day, today)))
        .order_by("-open", "procedure__short_name")
    )
    return [
        OpenOfProcedure(row["procedure__code"], row["procedure__short_name"], row["open"], row["late"])
        for row in rows[:PROCEDURES_SHOWN]
    ]


def _numbers_by_state(desk_id: UUID, today: dt.date) -> dict[str, int]:
    rows = QueueNumber.objects.filter(desk_id=desk_id, day=today).order_by().values_list("state")
    found = dict(rows.annotate(Count("pk")))
    return {state.code: found.get(state.code, 0) for state in QUEUE.states}


def _payments(desk_id: UUID, day: Period) -> QuerySet[Payment]:
    return Payment.objects.filter(desk_id=desk_id, recorded_at__gte=day.from_at, recorded_at__lt=day.until_at)


def _within(field: str, period: Period) -> Q:
    return Q(**{f"{field}__gte": period.from_at, f"{field}__lt": period.until_at})


def _accepted(period: Period, today: dt.date) -> Q:
    return _within("accepted_at", period)


def _due(first: int | None, last: int | None) -> Callable[[Period, dt.date], Q]:
    """Being handled, and due from ``first`` to ``last`` days after today (None: without an end)."""

    def test(period: Period, today: dt.date) -> Q:
        start = dt.datetime(today.year, today.month, today.day, tzinfo=VIETNAM)
        found = Q(state="processing")
        if first is not None and last is None:
            return found & (Q(due_at=None) | Q(due_at__gte=start + first * _DAY))
        if first is not None:
            found &= Q(due_at__gte=start + first * _DAY)
        if last is not None:
            found &= Q(due_at__lt=start + (last + 1) * _DAY)
        return found

    return test


def _state(code: str) -> Callable[[Period, dt.date], Q]:
    return lambda period, today: Q(state=code)


_CONDITIONS: Mapping[str, Callable[[Period, dt.date], Any]] = {
    "quay-nop": lambda period, today: _within("submitted_at", period),
    "quay-cho-nhan": _state("submitted"),
    "quay-nhan": _accepted,
    "quay-bo-sung": _state("supplement"),
    "quay-dang": _state("processing"),
    "quay-den-han": _due(0, 0),
    "quay-qua-han": _due(None, -1),
    "quay-tre-nhieu": _due(None, -8),
    "quay-tre": _due(-7, -1),
    "quay-con-3": _due(1, 3),
    "quay-con-7": _due(4, 7),
    "quay-con-nua": _due(8, None),
    "quay-cho-tra": _state("done"),
    "quay-tra": lambda period, today: _within("returned_at", period),
}
