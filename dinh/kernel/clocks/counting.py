"""The two ways to count: working time, and whole calendar days."""

import datetime as dt
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace

from dinh.kernel.clocks.notes import Note, moment_words
from dinh.kernel.clocks.shapes import CALENDAR_DAY, NOTHING, ClockEvent, ClockPolicy, ClockState, Limit, Unit
from dinh.kernel.errors import N_
from dinh.kernel.sentences import say
from dinh.kernel.worktime import WorkCalendar, WorkDay

__all__ = [
    "Counting",
    "Run",
    "Stretch",
    "counting_of",
]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of one run in which the clock did one thing. ``until`` None: it goes on."""

    state: ClockState
    since: dt.datetime
    until: dt.datetime | None
    reason: str


class Run:
    """What happened from a start or restart to the next: its limit with what extended it."""

    __slots__ = ("begins", "events", "in_days", "limit", "since", "stretches")

    def __init__(self, since: dt.datetime, begins: dt.datetime, limit: Limit, calendar: WorkCalendar) -> None:
        self.since = since
        self.begins = begins
        self.in_days = limit.unit == "calendar_days"
        self.limit = limit.duration(calendar, begins=begins)
        self.events: list[ClockEvent] = []
        self.stretches: list[Stretch] = []

    def take(self, event: ClockEvent, state: ClockState, calendar: WorkCalendar) -> None:
        self.events.append(event)
        if event.kind == "extended":
            self.limit += self._extension(event, calendar)
            return
        self.end(event.at)
        self.stretches.append(Stretch(state, event.at, None, event.reason))

    def _extension(self, event: ClockEvent, calendar: WorkCalendar) -> dt.timedelta:
        if event.amount is None or (event.amount.unit == "calendar_days") is not self.in_days:
            raise ValueError("an extension names its amount in the kind of days that the limit counts")
        return event.amount.duration(calendar)

    def end(self, at: dt.datetime) -> None:
        if self.stretches:
            self.stretches[-1] = replace(self.stretches[-1], until=at)

    @property
    def running(self) -> list[Stretch]:
        return [stretch for stretch in self.stretches if stretch.state == ClockState.RUNNING]

    @property
    def pauses(self) -> list[Stretch]:
        return [stretch for stretch in self.stretches if stretch.state == ClockState.PAUSED]

    @property
    def counting(self) -> list[Stretch]:
        """Where days count for the due moment: where it ran, and as if it ran on after its stop."""
        last = self.stretches[-1]
        return [*self.running, last] if self.stopped_at is not None else self.running

    @property
    def stopped_at(self) -> dt.datetime | None:
        last = self.stretches[-1]
        return last.since if last.state == ClockState.STOPPED and last.until is None else None


class Counting(ABC):
    """One way to count. Time between stretches is counted only where the clock ran."""

    def __init__(self, calendar: WorkCalendar, policy: ClockPolicy) -> None:
        self.calendar = calendar
        self.policy = policy

    @abstractmethod
    def begins(self, since: dt.datetime) -> dt.datetime:
        """Return the moment from which a run that began at ``since`` counts, by the policy."""

    @abstractmethod
    def measure(self, run: Run, now: dt.datetime) -> tuple[dt.timedelta, dt.datetime | None]:
        """Return what is spent by ``now``, and the due moment or None when it is not known."""

    @abstractmethod
    def given(self, run: Run, on: dt.date) -> dt.timedelta:
        """Return what a date gives to a run whose limit never ends."""

    @abstractmethod
    def start_notes(self, run: Run, on: dt.date) -> list[Note]:
        """Return why counting did not begin with the run."""

    @abstractmethod
    def day_notes(self, day: WorkDay) -> list[Note]:
        """Return what the calendar says of a date, where that matters to this counting."""


class _TimeCounting(Counting):
    """Working time, exact to the moment."""

    def begins(self, since: dt.datetime) -> dt.datetime:
        return self.calendar.starts_counting(
            since, first_day=self.policy.first_day, cut_off=self.policy.cut_off
        )

    def measure(self, run: Run, now: dt.datetime) -> tuple[dt.timedelta, dt.datetime | None]:
        begins, spent, due_at = run.begins, NOTHING, None
        for stretch in run.running:
            since = max(stretch.since, begins)
            worked = self.calendar.working_time_between(since, stretch.until or now)
            if due_at is None and (stretch.until is None or spent + worked >= run.limit):
                due_at = self.calendar.add_working_time(since, run.limit - spent)
            spent += worked
        if due_at is None and run.stopped_at is not None:
            due_at = self.calendar.add_working_time(max(run.stopped_at, begins), run.limit - spent)
        return spent, due_at

    def given(self, run: Run, on: dt.date) -> dt.timedelta:
        begins = run.begins
        midnight = dt.datetime.combine(on, dt.time(), self.calendar.zone)
        until = midnight + CALENDAR_DAY
        return sum(
            (
                self.calendar.working_time_between(
                    max(stretch.since, begins, midnight), min(stretch.until or until, until)
                )
                for stretch in run.counting
            ),
            NOTHING,
        )

    def start_notes(self, run: Run, on: dt.date) -> list[Note]:
        begins, calendar = run.begins, self.calendar
        if begins == run.since:
            return []
        when = moment_words(begins, calendar)
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


class _DayCounting(Counting):
    """Calendar days as whole dates: the date of an event is not counted (Civil Code 2015 Art. 147.2)."""

    def begins(self, since: dt.datetime) -> dt.datetime:
        return since

    def measure(self, run: Run, now: dt.datetime) -> tuple[dt.timedelta, dt.datetime | None]:
        local = self.calendar.local_date
        spent, last_on = self._first_day(), None
        for stretch in run.running:
            passed = local(stretch.until or now) - local(stretch.since)
            if last_on is None and (stretch.until is None or spent + passed > run.limit):
                last_on = local(stretch.since) + max(run.limit - spent, NOTHING)
            spent += passed
        if last_on is None and run.stopped_at is not None:
            last_on = local(run.stopped_at) + max(run.limit - spent, NOTHING)
        return spent, self.calendar.closing_of(last_on) if last_on is not None else None

    def _first_day(self) -> dt.timedelta:
        return CALENDAR_DAY if self.policy.first_day == "counted" else NOTHING

    def given(self, run: Run, on: dt.date) -> dt.timedelta:
        local = self.calendar.local_date
        if on == local(run.since):
            return self._first_day()
        ran = any(
            local(stretch.since) < on and (stretch.until is None or on <= local(stretch.until))
            for stretch in run.counting
        )
        return CALENDAR_DAY if ran else NOTHING

    def start_notes(self, run: Run, on: dt.date) -> list[Note]:
        if self.policy.first_day == "counted":
            return []
        return [Note("first_day", say(N_("ngày đầu không tính")))]

    def day_notes(self, day: WorkDay) -> list[Note]:
        return []


def counting_of(unit: Unit, calendar: WorkCalendar, policy: ClockPolicy) -> Counting:
    """Return the way in which a limit of that kind counts."""
    return _DayCounting(calendar, policy) if unit == "calendar_days" else _TimeCounting(calendar, policy)
