"""Why a day counted as it did, in words."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dinh.kernel.clocks.shapes import CALENDAR_DAY, NOTHING, Unit
from dinh.kernel.errors import N_
from dinh.kernel.sentences import Sentence, say
from dinh.kernel.worktime import WorkCalendar, duration_words, weekday_name

__all__ = [
    "DayLine",
    "Note",
    "NoteCode",
    "clock_words",
    "joined",
    "moment_words",
    "with_reason",
]

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
        if self.counted == NOTHING:
            return say(N_("Ngày %(date)s (%(weekday)s): không tính (%(why)s)"), **params)
        working_day = CALENDAR_DAY if self.unit == "calendar_days" else dt.timedelta.max
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
        return joined(tuple(note.text for note in self.notes))


def with_reason(plain: str, reasoned: str, reason: str, **params: Any) -> Sentence:
    """Say ``reasoned`` with its reason, or ``plain`` when none was given."""
    return say(reasoned, reason=say(reason), **params) if reason else say(plain, **params)


def clock_words(moment: dt.datetime, calendar: WorkCalendar) -> str:
    """Write the time of day."""
    return f"{moment.astimezone(calendar.zone):%H:%M}"


def moment_words(moment: dt.datetime, calendar: WorkCalendar) -> Sentence:
    """Write time, weekday and date."""
    local = moment.astimezone(calendar.zone)
    return say(
        N_("%(time)s %(weekday)s %(date)s"),
        time=f"{local:%H:%M}",
        weekday=weekday_name(local.date()),
        date=f"{local:%d/%m/%Y}",
    )


def joined(sentences: Sequence[Sentence]) -> Sentence:
    """Make one sentence of several, with semicolons."""
    message = "; ".join(f"%(s{number})s" for number in range(len(sentences)))
    return say(message, **{f"s{number}": sentence for number, sentence in enumerate(sentences)})
