"""Clocks: how much of a time limit is spent, when it ends, and why, computed from what happened.

A clock is a list of append-only events and nothing else. Reading it again under another calendar
gives another due moment, and ``differences`` says in words what moved it.
"""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal

from dinh.kernel.errors import N_, Refused
from dinh.kernel.sentences import Sentence, say
from dinh.kernel.worktime import WORKING_DAY, WorkCalendar, WorkDay, duration_words, weekday_name

__all__ = [
    "SAME_DAY",
    "AlreadyExtended",
    "Channel",
    "ClockEvent",
    "ClockEventsWrong",
    "ClockKind",
    "ClockPolicy",
    "ClockReading",
    "ClockState",
    "DayLine",
    "Limit",
    "Limits",
    "Note",
    "Timeliness",
    "TooLateToExtend",
    "Unit",
    "check_extension",
    "differences",
    "extension_until",
    "read_clock",
]

ClockKind = Literal["started", "paused", "resumed", "restarted", "extended", "stopped"]
Unit = Literal["hours", "working_days", "calendar_days", "same_day"]
Channel = Literal["counter", "post", "online"]

_CALENDAR_DAY = dt.timedelta(days=1)
_MICROSECOND = dt.timedelta(microseconds=1)
_NOTHING = dt.timedelta(0)


class ClockState(StrEnum):
    """What a clock does at a moment. ``WAITING``: it has not started."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class Timeliness(StrEnum):
    """How a clock stands: the first three while work is open, the last three when it is done."""

    IN_TIME = "in_time"
    NEAR_DUE = "near_due"
    OVERDUE = "overdue"
    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"

    @property
    def label(self) -> str:
        """The word of reports and control slips, marked for translation."""
        return _TIMELINESS[self]


_TIMELINESS: Mapping[Timeliness, str] = {
    Timeliness.IN_TIME: N_("Trong hạn"),
    Timeliness.NEAR_DUE: N_("Sắp đến hạn"),
    Timeliness.OVERDUE: N_("Quá hạn"),
    Timeliness.EARLY: N_("Trước hạn"),
    Timeliness.ON_TIME: N_("Đúng hạn"),
    Timeliness.LATE: N_("Trễ hạn"),
}


class ClockEventsWrong(Refused):
    message = N_(
        "Lịch sử đồng hồ không hợp lệ: không thể ghi “%(kind)s” khi đồng hồ đang “%(state)s”. "
        "Hãy tải lại trang để xem trạng thái mới nhất."
    )


class AlreadyExtended(Refused):
    message = N_(
        "Hồ sơ đã được hẹn lại một lần. Pháp luật chỉ cho phép hẹn lại một lần, "
        "vì vậy hãy trả kết quả theo ngày đã hẹn."
    )


class TooLateToExtend(Refused):
    message = N_(
        "Đã quá thời điểm được hẹn lại: thư xin lỗi phải gửi trước ngày hẹn trả (%(due)s) "
        "ít nhất %(days)d ngày. Hãy trả kết quả trong hạn."
    )


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit as the procedure states it: 24 hours, 3 working days, 15 calendar days, the same day.

    ``amount`` is meaningless for ``same_day``; see ``SAME_DAY``.
    """

    amount: Decimal
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError("a limit is not negative")
        if self.unit == "calendar_days" and self.amount != int(self.amount):
            raise ValueError("calendar days are whole")

    @classmethod
    def of(cls, amount: int | str | Decimal, unit: Unit) -> "Limit":
        return cls(Decimal(amount), unit)

    def duration(self, calendar: WorkCalendar, *, begins: dt.datetime | None = None) -> dt.timedelta:
        """Return the limit as working time, or as whole days when it counts calendar days.

        A same-day limit is what is left of the day on which counting ``begins``.
        """
        if self.unit == "same_day":
            return _rest_of_day(calendar, begins) if begins is not None else calendar.working_day
        if self.unit == "calendar_days":
            return int(self.amount) * _CALENDAR_DAY
        if self.unit == "working_days":
            return calendar.working_days(self.amount)
        return dt.timedelta(microseconds=round(self.amount * 3_600_000_000))

    @property
    def words(self) -> Sentence:
        amount = f"{self.amount.normalize():f}".replace(".", ",")
        return say(_LIMITS[self.unit], amount=amount)


SAME_DAY = Limit(Decimal(1), "same_day")
"""The result is handed over on the working day of receipt (the next one when received after the cut-off)."""


def _rest_of_day(calendar: WorkCalendar, begins: dt.datetime) -> dt.timedelta:
    return calendar.working_time_between(begins, calendar.closing_of(calendar.local_date(begins)))


_LIMITS: Mapping[Unit, str] = {
    "same_day": N_("trong ngày làm việc"),
    "hours": N_("%(amount)s giờ làm việc"),
    "working_days": N_("%(amount)s ngày làm việc"),
    "calendar_days": N_("%(amount)s ngày"),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """The limit of a procedure, and its shorter one for dossiers filed online, where it has one."""

    standard: Limit
    online: Limit | None = None

    def of(self, channel: Channel) -> Limit:
        return self.online if channel == "online" and self.online is not None else self.standard


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPolicy:
    """How the law of the day counts.

    ``first_day``: whether the day of receipt counts (Civil Code 2015 Art. 147.2 says no for limits in
    days; receipts state the exact hour, so the practice counts from it). ``cut_off``: received later in
    the day means counted from the next working morning; None: no such rule. ``on_supplement``: a
    completed supplement restarts the limit from zero (NĐ 61/2018 Art. 19.4) or lets it go on.
    ``supplements`` and ``extensions``: how often each may happen (Art. 8.2.b, 19.9); ``extension_notice``:
    how many days before the due date the new date is announced at the latest. ``near_due``: working time
    left at which work is called near due.
    """

    first_day: Literal["counted", "not_counted"] = "counted"
    cut_off: dt.time | None = None
    on_supplement: Literal["restart", "pause"] = "restart"
    supplements: int = 1
    extensions: int = 1
    extension_notice_days: int = 1
    near_due: dt.timedelta = WORKING_DAY

    @property
    def kind_after_supplement(self) -> ClockKind:
        """The event to record when the citizen has supplied what was asked."""
        return "restarted" if self.on_supplement == "restart" else "resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockEvent:
    """One thing that happened to a clock. ``reason`` is read by people.

    ``amount`` belongs to extensions, in calendar days when the limit counts them and only then.
    """

    kind: ClockKind
    at: dt.datetime
    reason: str = ""
    amount: Limit | None = None


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

NoteCode = Literal[
    "started", "first_day", "after_cut_off", "after_hours", "paused", "resumed", "restarted", "extended",
    "stopped", "due", "rolled", "weekly_off", "off", "half_day", "extra_working", "other_hours",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    """Why a day counted as it did: a stable code and the words."""

    code: NoteCode
    text: Sentence


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day of the explanation.

    ``counted`` is the time that this day gives to the limit, ``total`` what is given so far in this
    ``run`` (a restart begins a new run at zero), ``available`` what it would have given had the limit
    not been used up; all as working time, or as whole days for limits in calendar days. ``is_planned``:
    the day is still to come.
    """

    on: dt.date
    run: int
    counted: dt.timedelta
    available: dt.timedelta
    total: dt.timedelta
    limit: dt.timedelta
    unit: Unit
    is_planned: bool
    notes: tuple[Note, ...]

    @property
    def text(self) -> Sentence:
        """The day in one Vietnamese sentence, its reasons joined by semicolons."""
        params = {"weekday": weekday_name(self.on), "date": f"{self.on:%d/%m/%Y}", "why": self.why}
        if self.counted == _NOTHING:
            return say(N_("Ngày %(date)s (%(weekday)s): không tính (%(why)s)"), **params)
        working_day = _CALENDAR_DAY if self.unit == "calendar_days" else dt.timedelta.max
        for name in ("counted", "total", "limit"):
            params[name] = duration_words(getattr(self, name), working_day=working_day)
        if not self.notes:
            return say(
                N_("Ngày %(date)s (%(weekday)s): tính %(counted)s, cộng dồn %(total)s trên %(limit)s"),
                **params,
            )
        return say(
            N_("Ngày %(date)s (%(weekday)s): tính %(counted)s, cộng dồn %(total)s trên %(limit)s (%(why)s)"),
            **params,
        )

    @property
    def why(self) -> Sentence:
        """The day's notes in one sentence, without what it counted."""
        return _joined(tuple(note.text for note in self.notes))


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of one run in which the clock did one thing. ``until`` None: it goes on."""

    state: ClockState
    since: dt.datetime
    until: dt.datetime | None
    reason: str


class _Run:
    """What happened from a start or restart to the next: its limit with what extended it."""

    __slots__ = ("begins", "events", "in_days", "limit", "since", "stretches")

    def __init__(self, since: dt.datetime, begins: dt.datetime, limit: Limit, calendar: WorkCalendar) -> None:
        self.since = since
        self.begins = begins
        self.in_days = limit.unit == "calendar_days"
        self.limit = limit.duration(calendar, begins=begins)
        self.events: list[ClockEvent] = []
        self.stretches: list[_Stretch] = []

    def take(self, event: ClockEvent, state: ClockState, calendar: WorkCalendar) -> None:
        self.events.append(event)
        if event.kind == "extended":
            self.limit += self._extension(event, calendar)
            return
        self.end(event.at)
        self.stretches.append(_Stretch(state, event.at, None, event.reason))

    def _extension(self, event: ClockEvent, calendar: WorkCalendar) -> dt.timedelta:
        if event.amount is None or (event.amount.unit == "calendar_days") is not self.in_days:
            raise ValueError("an extension names its amount in the kind of days that the limit counts")
        return event.amount.duration(calendar)

    def end(self, at: dt.datetime) -> None:
        if self.stretches:
            self.stretches[-1] = replace(self.stretches[-1], until=at)

    @property
    def running(self) -> list[_Stretch]:
        return [stretch for stretch in self.stretches if stretch.state == ClockState.RUNNING]

    @property
    def pauses(self) -> list[_Stretch]:
        return [stretch for stretch in self.stretches if stretch.state == ClockState.PAUSED]

    @property
    def counting(self) -> list[_Stretch]:
        """Where days count for the due moment: where it ran, and as if it ran on after its stop."""
        last = self.stretches[-1]
        return [*self.running, last] if self.stopped_at is not None else self.running

    @property
    def stopped_at(self) -> dt.datetime | None:
        last = self.stretches[-1]
        return last.since if last.state == ClockState.STOPPED and last.until is None else None


@dataclass(frozen=True, slots=True, eq=False)
class _History:
    state: ClockState
    runs: tuple[_Run, ...]


@dataclass(frozen=True)
class ClockReading:
    """A clock read at ``now``.

    ``due_at`` is None while the clock is paused (or not started) with time left: nobody can know it.
    A stopped clock keeps the moment at which it would have been due. ``spent`` and ``remaining`` are
    working time, or whole days when the limit counts calendar days; ``overrun`` is what was spent
    beyond the limit. ``near_at`` is the moment from which the work is near due.
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
    history: _History = field(repr=False, compare=False)

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
        return _explain(self)


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
    counting = _counting(limit.unit, calendar, policy)
    history = _unroll(known, limit, counting)
    if not history.runs:
        total = limit.duration(calendar)
        return ClockReading(
            ClockState.WAITING, total, limit.unit, None, None, _NOTHING, total, _NOTHING, None, None, now,
            calendar, policy, known, history,
        )  # fmt: skip
    run = history.runs[-1]
    spent, due_at = counting.measure(run, now)
    return ClockReading(
        state=history.state,
        limit=run.limit,
        unit=limit.unit,
        due_at=due_at,
        near_at=calendar.subtract_working_time(due_at, policy.near_due) if due_at else None,
        spent=min(spent, run.limit),
        remaining=max(run.limit - spent, _NOTHING),
        overrun=max(spent - run.limit, _NOTHING),
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
    return Limit(Decimal(added // _MICROSECOND) / 3_600_000_000, "hours")


def _unroll(events: Sequence[ClockEvent], limit: Limit, counting: "_Counting") -> _History:
    """Turn events into runs of stretches, checking each move.

    A restart gives the limit anew: an extension before it has lapsed with what it extended.
    """
    state = ClockState.WAITING
    runs: list[_Run] = []
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
            runs.append(_Run(event.at, begins, limit, counting.calendar))
        runs[-1].take(event, after, counting.calendar)
        state = after
    return _History(state, tuple(runs))


class _Counting(ABC):
    """One way to count. Time between stretches is counted only where the clock ran."""

    def __init__(self, calendar: WorkCalendar, policy: ClockPolicy) -> None:
        self.calendar = calendar
        self.policy = policy

    @abstractmethod
    def begins(self, since: dt.datetime) -> dt.datetime:
        """Return the moment from which a run that began at ``since`` counts, by the policy."""

    @abstractmethod
    def measure(self, run: _Run, now: dt.datetime) -> tuple[dt.timedelta, dt.datetime | None]:
        """Return what is spent by ``now``, and the due moment or None when it is not known."""

    @abstractmethod
    def given(self, run: _Run, on: dt.date) -> dt.timedelta:
        """Return what a date gives to a run whose limit never ends."""

    @abstractmethod
    def start_notes(self, run: _Run, on: dt.date) -> list[Note]:
        """Return why counting did not begin with the run."""

    @abstractmethod
    def day_notes(self, day: WorkDay) -> list[Note]:
        """Return what the calendar says of a date, where that matters to this counting."""


class _TimeCounting(_Counting):
    """Working time, exact to the moment."""

    def begins(self, since: dt.datetime) -> dt.datetime:
        return self.calendar.starts_counting(
            since, first_day=self.policy.first_day, cut_off=self.policy.cut_off
        )

    def measure(self, run: _Run, now: dt.datetime) -> tuple[dt.timedelta, dt.datetime | None]:
        begins, spent, due_at = run.begins, _NOTHING, None
        for stretch in run.running:
            since = max(stretch.since, begins)
            worked = self.calendar.working_time_between(since, stretch.until or now)
            if due_at is None and (stretch.until is None or spent + worked >= run.limit):
                due_at = self.calendar.add_working_time(since, run.limit - spent)
            spent += worked
        if due_at is None and run.stopped_at is not None:
            due_at = self.calendar.add_working_time(max(run.stopped_at, begins), run.limit - spent)
        return spent, due_at

    def given(self, run: _Run, on: dt.date) -> dt.timedelta:
        begins = run.begins
        midnight = dt.datetime.combine(on, dt.time(), self.calendar.zone)
        until = midnight + _CALENDAR_DAY
        return sum(
            (
                self.calendar.working_time_between(
                    max(stretch.since, begins, midnight), min(stretch.until or until, until)
                )
                for stretch in run.counting
            ),
            _NOTHING,
        )

    def start_notes(self, run: _Run, on: dt.date) -> list[Note]:
        begins, calendar = run.begins, self.calendar
        if begins == run.since:
            return []
        when = _moment_words(begins, calendar)
        begins_on = calendar.local_date(begins)
        if self.policy.first_day == "not_counted":
            return [Note("first_day", say(N_("ngày đầu không tính, đếm từ %(when)s"), when=when))]
        if calendar.is_open(run.since) and begins_on > on:
            text = say(
                N_("sau %(cut_off)s, đếm từ %(when)s"), cut_off=f"{self.policy.cut_off:%H:%M}", when=when
            )
            return [Note("after_cut_off", text)]
        return [Note("after_hours", say(N_("ngoài giờ làm việc, đếm từ %(when)s"), when=when))]

    def day_notes(self, day: WorkDay) -> list[Note]:
        return [] if day.kind == "working" else [Note(day.kind, day.why)]


class _DayCounting(_Counting):
    """Calendar days as whole dates: the date of an event is not counted (Civil Code 2015 Art. 147.2)."""

    def begins(self, since: dt.datetime) -> dt.datetime:
        return since

    def measure(self, run: _Run, now: dt.datetime) -> tuple[dt.timedelta, dt.datetime | None]:
        local = self.calendar.local_date
        spent, last_on = self._first_day(), None
        for stretch in run.running:
            passed = local(stretch.until or now) - local(stretch.since)
            if last_on is None and (stretch.until is None or spent + passed > run.limit):
                last_on = local(stretch.since) + max(run.limit - spent, _NOTHING)
            spent += passed
        if last_on is None and run.stopped_at is not None:
            last_on = local(run.stopped_at) + max(run.limit - spent, _NOTHING)
        return spent, self.calendar.closing_of(last_on) if last_on is not None else None

    def _first_day(self) -> dt.timedelta:
        return _CALENDAR_DAY if self.policy.first_day == "counted" else _NOTHING

    def given(self, run: _Run, on: dt.date) -> dt.timedelta:
        local = self.calendar.local_date
        if on == local(run.since):
            return self._first_day()
        ran = any(
            local(stretch.since) < on and (stretch.until is None or on <= local(stretch.until))
            for stretch in run.counting
        )
        return _CALENDAR_DAY if ran else _NOTHING

    def start_notes(self, run: _Run, on: dt.date) -> list[Note]:
        if self.policy.first_day == "counted":
            return []
        return [Note("first_day", say(N_("ngày đầu không tính")))]

    def day_notes(self, day: WorkDay) -> list[Note]:
        return []


def _counting(unit: Unit, calendar: WorkCalendar, policy: ClockPolicy) -> _Counting:
    return _DayCounting(calendar, policy) if unit == "calendar_days" else _TimeCounting(calendar, policy)


# The explanation


def _explain(reading: ClockReading) -> tuple[DayLine, ...]:
    runs = reading.history.runs
    lines: list[DayLine] = []
    for number, run in enumerate(runs):
        ends_at = runs[number + 1].since if number + 1 < len(runs) else reading.due_at or reading.now
        lines.extend(_explain_run(reading, run, number, reading.calendar.local_date(ends_at)))
    return tuple(lines)


def _explain_run(reading: ClockReading, run: _Run, number: int, last_on: dt.date) -> Iterator[DayLine]:
    calendar, total = reading.calendar, _NOTHING
    counting = _counting(reading.unit, calendar, reading.policy)
    today = calendar.local_date(reading.stopped_at or reading.now)
    for day in calendar.days(calendar.local_date(run.since), last_on):
        given = counting.given(run, day.on)
        counted = min(given, run.limit - total)
        total += counted
        yield DayLine(
            on=day.on,
            run=number,
            counted=counted,
            available=given,
            total=total,
            limit=run.limit,
            unit=reading.unit,
            is_planned=day.on > today,
            notes=tuple(_notes(reading, counting, run, day, number, total)),
        )


def _notes(
    reading: ClockReading, counting: _Counting, run: _Run, day: WorkDay, number: int, total: dt.timedelta
) -> Iterator[Note]:
    calendar = reading.calendar
    yield from counting.day_notes(day)
    for event in run.events:
        if calendar.local_date(event.at) == day.on:
            yield _event_note(event, calendar)
    if day.on == calendar.local_date(run.since):
        yield from counting.start_notes(run, day.on)
    for stretch in run.pauses:
        if _covers(stretch, day.on, calendar):
            yield Note(
                "paused", _with_reason(N_("đang tạm dừng"), N_("đang tạm dừng: %(reason)s"), stretch.reason)
            )
    if number + 1 < len(reading.history.runs) or reading.due_at is None:
        return
    due_on = calendar.local_date(reading.due_at)
    if reading.unit == "calendar_days" and total == run.limit and not day.is_open:
        yield Note("rolled", say(N_("%(why)s, hạn chuyển sang ngày làm việc tiếp theo"), why=day.why))
    if day.on == due_on:
        yield Note("due", say(N_("hết hạn lúc %(time)s"), time=_clock_words(reading.due_at, calendar)))


def _covers(stretch: _Stretch, on: dt.date, calendar: WorkCalendar) -> bool:
    """Whether a date lies wholly inside a pause; the days on which it begins and ends say so themselves."""
    if on <= calendar.local_date(stretch.since):
        return False
    return stretch.until is None or on < calendar.local_date(stretch.until)


def _event_note(event: ClockEvent, calendar: WorkCalendar) -> Note:
    time = _clock_words(event.at, calendar)
    if event.kind == "extended" and event.amount is not None:
        reason = say(event.reason)
        text = say(N_("gia hạn thêm %(amount)s: %(reason)s"), amount=event.amount.words, reason=reason)
        return Note("extended", text)
    plain, with_reason = _EVENTS[event.kind]
    return Note(event.kind, _with_reason(plain, with_reason, event.reason, time=time))


_EVENTS: Mapping[ClockKind, tuple[str, str]] = {
    "started": (N_("bắt đầu lúc %(time)s"), N_("bắt đầu lúc %(time)s: %(reason)s")),
    "paused": (N_("tạm dừng từ %(time)s"), N_("tạm dừng từ %(time)s: %(reason)s")),
    "resumed": (N_("chạy tiếp từ %(time)s"), N_("chạy tiếp từ %(time)s: %(reason)s")),
    "restarted": (N_("tính lại từ đầu lúc %(time)s"), N_("tính lại từ đầu lúc %(time)s: %(reason)s")),
    "extended": (N_("gia hạn lúc %(time)s"), N_("gia hạn lúc %(time)s: %(reason)s")),
    "stopped": (N_("kết thúc lúc %(time)s"), N_("kết thúc lúc %(time)s: %(reason)s")),
}


def _with_reason(plain: str, with_reason: str, reason: str, **params: Any) -> Sentence:
    return say(with_reason, reason=say(reason), **params) if reason else say(plain, **params)


def _clock_words(moment: dt.datetime, calendar: WorkCalendar) -> str:
    return f"{moment.astimezone(calendar.zone):%H:%M}"


def _moment_words(moment: dt.datetime, calendar: WorkCalendar) -> Sentence:
    local = moment.astimezone(calendar.zone)
    return say(
        N_("%(time)s %(weekday)s %(date)s"),
        time=f"{local:%H:%M}",
        weekday=weekday_name(local.date()),
        date=f"{local:%d/%m/%Y}",
    )


def _joined(sentences: Sequence[Sentence]) -> Sentence:
    message = "; ".join(f"%(s{number})s" for number in range(len(sentences)))
    return say(message, **{f"s{number}": sentence for number, sentence in enumerate(sentences)})


# Two readings compared


def differences(before: ClockReading, after: ClockReading) -> tuple[Sentence, ...]:
    """Return in words what differs between two readings of one clock.

    The first sentence says what became of the due moment, the others which days count differently and
    why. Empty when nothing differs.
    """
    days = tuple(_day_differences(before, after))
    due = _due_difference(before, after)
    return (due, *days) if due is not None else days


def _due_difference(before: ClockReading, after: ClockReading) -> Sentence | None:
    if before.due_at == after.due_at:
        return None
    if before.due_at is None and after.due_at is not None:
        return say(N_("Hạn mới là %(new)s."), new=_moment_words(after.due_at, after.calendar))
    if before.due_at is not None and after.due_at is None:
        old = _moment_words(before.due_at, before.calendar)
        return say(N_("Hạn cũ là %(old)s; nay chưa xác định vì đồng hồ đang tạm dừng."), old=old)
    if before.due_at is None or after.due_at is None:
        return None
    return say(
        N_("Hạn chuyển từ %(old)s sang %(new)s."),
        old=_moment_words(before.due_at, before.calendar),
        new=_moment_words(after.due_at, after.calendar),
    )


def _day_differences(before: ClockReading, after: ClockReading) -> Iterator[Sentence]:
    old, new = _last_run(before), _last_run(after)
    for on in sorted(old.keys() | new.keys()):
        was, now = _available(before, old, on), _available(after, new, on)
        if was == now:
            continue
        words = _amount_words(after.unit)
        why = _joined(tuple(note.text for note in new[on].notes)) if on in new and new[on].notes else None
        yield say(
            N_("Ngày %(date)s (%(weekday)s): trước đây %(old)s, nay %(new)s (%(why)s)."),
            weekday=weekday_name(on),
            date=f"{on:%d/%m/%Y}",
            old=words(was),
            new=words(now),
            why=why or after.calendar.day(on).why,
        )


def _last_run(reading: ClockReading) -> dict[dt.date, DayLine]:
    last = len(reading.history.runs) - 1
    return {line.on: line for line in reading.explanation if line.run == last}


def _available(reading: ClockReading, lines: Mapping[dt.date, DayLine], on: dt.date) -> dt.timedelta:
    """What a date gives or would give: a day after the due day says what the calendar offers."""
    if on in lines:
        return lines[on].available
    return reading.calendar.day(on).hours if reading.unit != "calendar_days" else _CALENDAR_DAY


def _amount_words(unit: Unit) -> Callable[[dt.timedelta], Sentence]:
    # A day of work is said in hours: "8 giờ" tells more than "1 ngày" beside a half day.
    working_day = _CALENDAR_DAY if unit == "calendar_days" else dt.timedelta.max

    def words(duration: dt.timedelta) -> Sentence:
        if duration == _NOTHING:
            return say(N_("không tính"))
        return say(N_("tính %(amount)s"), amount=duration_words(duration, working_day=working_day))

    return words
