"""How far invented dossiers have come: walks through a procedure's steps in minutes of working time."""

import datetime as dt
import random
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from dinh.foundation.calendars.public import calendar_for
from dinh.onestop.public import join_may_open

if TYPE_CHECKING:
    from dinh.onestop.public import Definition

__all__ = ["Stay", "Walk", "WorkingMinutes", "walk", "walk_to"]

# How often a dossier takes another turn than the first that its step offers.
_TURNS = {"back": 0.04, "other": 0.25, "refusal": 0.03}
_MINUTES_AN_HOUR = 60


class WorkingMinutes:
    """Working time as a line: minute n of the province's calendar is a moment, and the other way round."""

    def __init__(self, since: dt.datetime, until: dt.datetime) -> None:
        """``since`` and ``until`` bound the line; both timezone-aware."""
        calendar = calendar_for(None)
        days = (until.date() - since.date()).days + 1
        openings = [
            opening
            for offset in range(days)
            for opening in calendar.openings(since.date() + dt.timedelta(days=offset))
        ]
        self._starts = [start for start, _ in openings]
        lengths = [_minutes(end - start) for start, end in openings]
        self._before = [0, *accumulate(lengths)]

    def at(self, minute: int) -> dt.datetime:
        """Return the moment of a working minute; the line's ends beyond them."""
        minute = min(max(minute, 0), self._before[-1] - 1)
        index = bisect_right(self._before, minute) - 1
        return self._starts[index] + dt.timedelta(minutes=minute - self._before[index])

    def minute_of(self, moment: dt.datetime) -> int:
        """Return how many working minutes have passed at a moment."""
        index = bisect_right(self._starts, moment) - 1
        if index < 0:
            return 0
        inside = _minutes(moment - self._starts[index])
        return min(self._before[index] + inside, self._before[index + 1])


def _minutes(duration: dt.timedelta) -> int:
    return int(duration.total_seconds()) // 60


@dataclass(frozen=True, slots=True)
class Stay:
    """One step on a walk, in minutes since the dossier was sent; ``ends`` is None while it is open."""

    key: str
    kind: str
    opens: int
    ends: int | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Walk:
    """The steps in the order in which they opened; ``end`` is the last minute, None while any is open."""

    stays: tuple[Stay, ...]

    @property
    def end(self) -> int | None:
        ends = [stay.ends for stay in self.stays]
        return None if None in ends else max(end for end in ends if end is not None)

    def until(self, minute: int) -> "Walk":
        """The walk as it stood at that minute: later steps not opened, later ends not come."""
        return Walk(
            tuple(
                stay
                if stay.ends is not None and stay.ends <= minute
                else replace(stay, ends=None, outcome="")
                for stay in self.stays
                if stay.opens <= minute
            )
        )

    def ended(self, kind: str) -> Stay | None:
        """The step of that kind that has ended, if any."""
        return next((stay for stay in self.stays if stay.kind == kind and stay.ends is not None), None)


def walk(definition: "Definition", dice: random.Random, *, slowness: float = 1.0) -> Walk:
    """Return a whole walk from the desk to the end; ``slowness`` above 1.6 or so makes it late."""
    stays: list[Stay] = []
    waiting = [_stay(definition, definition.first_step.key, 0, dice, slowness)]
    while waiting:
        waiting.sort(key=lambda stay: stay.ends or 0)
        stay = waiting.pop(0)
        stays.append(stay)
        for key in _following(definition, stay):
            open_keys = {other.key for other in waiting}
            step = definition.step(key)
            if key in open_keys or (step.joins and not join_may_open(definition, key, open_keys)):
                continue
            waiting.append(_stay(definition, key, stay.ends or 0, dice, slowness))
    return Walk(tuple(sorted(stays, key=lambda stay: stay.opens)))


def walk_to(definition: "Definition", key: str, dice: random.Random, *, slowness: float = 1.0) -> Walk:
    """Return a walk that stands at the step ``key``; a step off the usual way takes some tries."""
    for found in _many_walks(definition, dice, slowness):
        for stay in found.stays:
            if stay.key == key and stay.ends is not None:
                return found.until(dice.randint(stay.opens, max(stay.opens, stay.ends - 1)))
    raise LookupError(key)


def _many_walks(definition: "Definition", dice: random.Random, slowness: float) -> Iterator[Walk]:
    for _ in range(500):
        yield walk(definition, dice, slowness=slowness)


def _following(definition: "Definition", stay: Stay) -> tuple[str, ...]:
    outcomes = definition.step(stay.key).outcomes
    return next((outcome.to for outcome in outcomes if outcome.key == stay.outcome), ())


def _stay(definition: "Definition", key: str, opens: int, dice: random.Random, slowness: float) -> Stay:
    step = definition.step(key)
    share = min(dice.lognormvariate(-0.9, 0.5), 0.95) * slowness
    minutes = max(int(step.hours * _MINUTES_AN_HOUR * share), 3)
    return Stay(key, step.kind, opens, opens + minutes, _turn(definition, key, dice))


def _turn(definition: "Definition", key: str, dice: random.Random) -> str:
    """The outcome that is taken: mostly the way to the result, sometimes another, seldom back."""
    outcomes = definition.step(key).outcomes
    if not outcomes:
        return ""
    kinds = ["back" if one.back else "refusal" if "reason" in one.needs else "other" for one in outcomes]
    usual = max(
        (index for index, kind in enumerate(kinds) if kind == "other"),
        key=lambda index: "draft" in outcomes[index].needs,
        default=0,
    )
    for index, kind in enumerate(kinds):
        if index != usual and dice.random() < _TURNS[kind]:
            return outcomes[index].key
    return outcomes[usual].key
