"""Every day from the start to the due day, with what it counted and why not more."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from dinh.kernel.clocks.counting import Counting, Run, Stretch, counting_of
from dinh.kernel.clocks.notes import DayLine, Note, clock_words, with_reason
from dinh.kernel.clocks.shapes import NOTHING, ClockEvent, ClockKind
from dinh.kernel.errors import N_
from dinh.kernel.sentences import say
from dinh.kernel.worktime import WorkCalendar, WorkDay

if TYPE_CHECKING:
    from dinh.kernel.clocks.reading import ClockReading

__all__ = [
    "explain",
]


def explain(reading: "ClockReading") -> tuple[DayLine, ...]:
    """Return the lines of every run, one a day."""
    runs = reading.history.runs
    lines: list[DayLine] = []
    for number, run in enumerate(runs):
        ends_at = runs[number + 1].since if number + 1 < len(runs) else reading.due_at or reading.now
        lines.extend(_explain_run(reading, run, number, reading.calendar.local_date(ends_at)))
    return tuple(lines)


def _explain_run(reading: "ClockReading", run: Run, number: int, last_on: dt.date) -> Iterator[DayLine]:
    calendar, total = reading.calendar, NOTHING
    counting = counting_of(reading.unit, calendar, reading.policy)
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
    reading: "ClockReading", counting: Counting, run: Run, day: WorkDay, number: int, total: dt.timedelta
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
                "paused", with_reason(N_("đang tạm dừng"), N_("đang tạm dừng: %(reason)s"), stretch.reason)
            )
    if number + 1 < len(reading.history.runs) or reading.due_at is None:
        return
    due_on = calendar.local_date(reading.due_at)
    if reading.unit == "calendar_days" and total == run.limit and not day.is_open:
        yield Note("rolled", say(N_("%(why)s, hạn chuyển sang ngày làm việc tiếp theo"), why=day.why))
    if day.on == due_on:
        yield Note("due", say(N_("hết hạn lúc %(time)s"), time=clock_words(reading.due_at, calendar)))


def _covers(stretch: Stretch, on: dt.date, calendar: WorkCalendar) -> bool:
    """Whether a date lies wholly inside a pause; the days on which it begins and ends say so themselves."""
    if on <= calendar.local_date(stretch.since):
        return False
    return stretch.until is None or on < calendar.local_date(stretch.until)


def _event_note(event: ClockEvent, calendar: WorkCalendar) -> Note:
    time = clock_words(event.at, calendar)
    if event.kind == "extended" and event.amount is not None:
        reason = say(event.reason)
        text = say(N_("gia hạn thêm %(amount)s: %(reason)s"), amount=event.amount.words, reason=reason)
        return Note("extended", text)
    plain, reasoned = _EVENTS[event.kind]
    return Note(event.kind, with_reason(plain, reasoned, event.reason, time=time))


_EVENTS: Mapping[ClockKind, tuple[str, str]] = {
    "started": (N_("bắt đầu lúc %(time)s"), N_("bắt đầu lúc %(time)s: %(reason)s")),
    "paused": (N_("tạm dừng từ %(time)s"), N_("tạm dừng từ %(time)s: %(reason)s")),
    "resumed": (N_("chạy tiếp từ %(time)s"), N_("chạy tiếp từ %(time)s: %(reason)s")),
    "restarted": (N_("tính lại từ đầu lúc %(time)s"), N_("tính lại từ đầu lúc %(time)s: %(reason)s")),
    "extended": (N_("gia hạn lúc %(time)s"), N_("gia hạn lúc %(time)s: %(reason)s")),
    "stopped": (N_("kết thúc lúc %(time)s"), N_("kết thúc lúc %(time)s: %(reason)s")),
}
