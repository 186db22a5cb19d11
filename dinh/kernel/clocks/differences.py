"""Two readings of one clock compared."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping

from dinh.kernel.clocks.notes import DayLine, joined, moment_words
from dinh.kernel.clocks.reading import ClockReading
from dinh.kernel.clocks.shapes import CALENDAR_DAY, NOTHING, Unit
from dinh.kernel.errors import N_
from dinh.kernel.sentences import Sentence, say
from dinh.kernel.worktime import duration_words, weekday_name

__all__ = [
    "differences",
]


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
        return say(N_("Hạn mới là %(new)s."), new=moment_words(after.due_at, after.calendar))
    if before.due_at is not None and after.due_at is None:
        old = moment_words(before.due_at, before.calendar)
        return say(N_("Hạn cũ là %(old)s; nay chưa xác định vì đồng hồ đang tạm dừng."), old=old)
    if before.due_at is None or after.due_at is None:
        return None
    return say(
        N_("Hạn chuyển từ %(old)s sang %(new)s."),
        old=moment_words(before.due_at, before.calendar),
        new=moment_words(after.due_at, after.calendar),
    )


def _day_differences(before: ClockReading, after: ClockReading) -> Iterator[Sentence]:
    old, new = _last_run(before), _last_run(after)
    for on in sorted(old.keys() | new.keys()):
        was, now = _available(before, old, on), _available(after, new, on)
        if was == now:
            continue
        words = _amount_words(after.unit)
        why = joined(tuple(note.text for note in new[on].notes)) if on in new and new[on].notes else None
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
    return reading.calendar.day(on).hours if reading.unit != "calendar_days" else CALENDAR_DAY


def _amount_words(unit: Unit) -> Callable[[dt.timedelta], Sentence]:
    # A day of work is said in hours: "8 giờ" tells more than "1 ngày" beside a half day.
    working_day = CALENDAR_DAY if unit == "calendar_days" else dt.timedelta.max

    def words(duration: dt.timedelta) -> Sentence:
        if duration == NOTHING:
            return say(N_("không tính"))
        return say(N_("tính %(amount)s"), amount=duration_words(duration, working_day=working_day))

    return words
