"""A clock read at a moment: its state, due moment, time spent and left."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from dinh.kernel.clocks.counting import Counting, Run, counting_of
from dinh.kernel.clocks.explaining import explain
from dinh.kernel.clocks.nearing import near_moment
from dinh.kernel.clocks.notes import DayLine
from dinh.kernel.clocks.shapes import (
    MICROSECOND,
    NOTHING,
    AlreadyExtended,
    ClockEvent,
    ClockEventsWrong,
    ClockKind,
    ClockPolicy,
    ClockState,
    Limit,
    Timeliness,
    TooLateToExtend,
    Unit,
)
from dinh.kernel.errors import N_
from dinh.kernel.worktime import WorkCalendar

__all__ = [
    "ClockReading",
    "check_extension",
    "extension_until",
    "read_clock",
]


@dataclass(frozen=True, slots=True, eq=False)
class History:
    state: ClockState
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class ClockReading:
    """A clock read at ``now``.

    ``due_at`` is None while the clock is paused (or not started) with time left: nobody can know it.
    A stopped clock keeps the moment at which it would have been due. ``spent`` and ``remaining`` are
    working time, or whole days when the limit counts calendar days; ``overrun`` is what was spent
    beyond the limit. ``near_at`` is the moment from which the work is near due,
    after the clock's start and before its due moment wherever there is working time between the two.
    """

    state: ClockState
    limit: dt.timedelta
    unit: Unit
    due_at: dt.datetime | None
    near_at: dt.datetime | None
    spent: dt.timedelta
    remaining: dt.timedelta
    overrun: dt.timedelta
    started_at: dt.datetime | None
    stopped_at: dt.datetime | None
    now: dt.datetime
    calendar: WorkCalendar
    policy: ClockPolicy
    events: tuple[ClockEvent, ...]
    history: History = field(repr=False, compare=False)

    @property
    def timeliness(self) -> Timeliness:
        """How the work stands, by dates: what is finished on its due date is on time.

        While it is open, it is overdue from the day after the due date.
        """
        zone = self.calendar.zone
        due_on = self.due_at.astimezone(zone).date() if self.due_at else None
        if self.stopped_at is not None:
            done_on = self.stopped_at.astimezone(zone).date()
            if due_on is None or done_on == due_on:
                return Timeliness.ON_TIME
            return Timeliness.EARLY if done_on < due_on else Timeliness.LATE
        if due_on is None or self.near_at is None:
            return Timeliness.IN_TIME
        if due_on < self.now.astimezone(zone).date():
            return Timeliness.OVERDUE
        return Timeliness.NEAR_DUE if self.now >= self.near_at else Timeliness.IN_TIME

    @property
    def is_past(self) -> bool:
        """Whether the due moment itself has passed: what steps in hours are measured by."""
        return self.due_at is not None and (self.stopped_at or self.now) > self.due_at

    @cached_property
    def explanation(self) -> tuple[DayLine, ...]:
        """Every day from the start to the due day, with what it counted and why not more."""
        return explain(self)


def read_clock(
    events: Sequence[ClockEvent],
    *,
    limit: Limit,
    calendar: WorkCalendar,
    policy: ClockPolicy,
    now: dt.datetime,
) -> ClockReading:
    """Read a clock: its state, due moment, time spent and left.

    ``events`` are in the order in which they were recorded; those after ``now`` are not yet known.
    Raises ``ClockEventsWrong`` when an event cannot follow the ones before it.
    """
    known = tuple(event for event in events if event.at <= now)
    counting = counting_of(limit.unit, calendar, policy)
    history = _unroll(known, limit, counting)
    if not history.runs:
        total = limit.duration(calendar)
        return ClockReading(
            ClockState.WAITING, total, limit.unit, None, None, NOTHING, total, NOTHING, None, None, now,
            calendar, policy, known, history,
        )  # fmt: skip
    run = history.runs[-1]
    spent, due_at = counting.measure(run, now)
    return ClockReading(
        state=history.state,
        limit=run.limit,
        unit=limit.unit,
        due_at=due_at,
        near_at=near_moment(run, due_at, calendar, policy) if due_at else None,
        spent=min(spent, run.limit),
        remaining=max(run.limit - spent, NOTHING),
        overrun=max(spent - run.limit, NOTHING),
        started_at=history.runs[0].since,
        stopped_at=run.stopped_at,
        now=now,
        calendar=calendar,
        policy=policy,
        events=known,
        history=history,
    )


def check_extension(reading: ClockReading) -> None:
    """Check that the due date may be put off now.

    Once only, and announced at least a day before the due date (NĐ 61/2018 Art. 19.9). Raises
    ``AlreadyExtended`` or ``TooLateToExtend``.
    """
    policy, local = reading.policy, reading.calendar.local_date
    if sum(event.kind == "extended" for event in reading.events) >= policy.extensions:
        raise AlreadyExtended
    if reading.due_at is None:
        return
    latest_on = local(reading.due_at) - dt.timedelta(days=policy.extension_notice_days)
    if local(reading.now) > latest_on:
        raise TooLateToExtend(due=f"{local(reading.due_at):%d/%m/%Y}", days=policy.extension_notice_days)


def extension_until(reading: ClockReading, new_due_at: dt.datetime) -> Limit:
    """Return the extension that moves the due moment to ``new_due_at``, to be recorded as ``amount``.

    Zero when the new moment is not later. For limits in calendar days the result is whole days.
    """
    if reading.due_at is None:
        raise ValueError("a paused clock has no due moment to move")
    if reading.unit == "calendar_days":
        local = reading.calendar.local_date
        return Limit.of(max((local(new_due_at) - local(reading.due_at)).days, 0), "calendar_days")
    added = reading.calendar.working_time_between(reading.due_at, new_due_at)
    return Limit(Decimal(added // MICROSECOND) / 3_600_000_000, "hours")


def _unroll(events: Sequence[ClockEvent], limit: Limit, counting: Counting) -> History:
    """Turn events into runs of stretches, checking each move.

    A restart gives the limit anew: an extension before it has lapsed with what it extended.
    """
    state = ClockState.WAITING
    runs: list[Run] = []
    last = None
    for event in events:
        after = _MOVES.get((state, event.kind))
        if after is None or (last is not None and event.at < last):
            raise ClockEventsWrong(kind=_KINDS[event.kind], state=_STATES[state])
        last = event.at
        if event.kind in ("started", "restarted"):
            if runs:
                runs[-1].end(event.at)
            begins = counting.begins(event.at)
            runs.append(Run(event.at, begins, limit, counting.calendar))
        runs[-1].take(event, after, counting.calendar)
        state = after
    return History(state, tuple(runs))


_MOVES: Mapping[tuple[ClockState, ClockKind], ClockState] = {
    (ClockState.WAITING, "started"): ClockState.RUNNING,
    (ClockState.RUNNING, "paused"): ClockState.PAUSED,
    (ClockState.RUNNING, "restarted"): ClockState.RUNNING,
    (ClockState.RUNNING, "extended"): ClockState.RUNNING,
    (ClockState.RUNNING, "stopped"): ClockState.STOPPED,
    (ClockState.PAUSED, "resumed"): ClockState.RUNNING,
    (ClockState.PAUSED, "restarted"): ClockState.RUNNING,
    (ClockState.PAUSED, "extended"): ClockState.PAUSED,
    (ClockState.PAUSED, "stopped"): ClockState.STOPPED,
    (ClockState.STOPPED, "resumed"): ClockState.RUNNING,
}

_KINDS: Mapping[ClockKind, str] = {
    "started": N_("bắt đầu"),
    "paused": N_("tạm dừng"),
    "resumed": N_("chạy tiếp"),
    "restarted": N_("tính lại từ đầu"),
    "extended": N_("gia hạn"),
    "stopped": N_("kết thúc"),
}

_STATES: Mapping[ClockState, str] = {
    ClockState.WAITING: N_("chưa bắt đầu"),
    ClockState.RUNNING: N_("đang chạy"),
    ClockState.PAUSED: N_("tạm dừng"),
    ClockState.STOPPED: N_("đã kết thúc"),
}
