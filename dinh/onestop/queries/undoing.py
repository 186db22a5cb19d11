"""What an official can take back: the last thing done to a dossier, when they did it a moment ago."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from dinh.foundation.actions.public import Actor, HistoryEntry, history_of
from dinh.kernel.errors import Refused
from dinh.onestop.models import Dossier, Result, StepRun
from dinh.onestop.rules.undoing import UNDOABLE, NothingToUndo, check_window

__all__ = ["Undoable", "last_act", "undoable"]


@dataclass(frozen=True, slots=True)
class Undoable:
    """An act that the reader can take back until a moment."""

    step_id: UUID
    step_name: str
    verb: str
    until: dt.datetime


def undoable(dossier: Dossier, runs: Sequence[StepRun], *, by: Actor, now: dt.datetime) -> Undoable | None:
    """Return what the reader can take back on this dossier now; one query."""
    if by.kind != "official" or not runs:
        return None
    entry = _newest(dossier, runs)
    step = next((run for run in runs if entry is not None and str(run.pk) == entry.subject_id), None)
    if entry is None or step is None:
        return None
    try:
        _check(entry, step, runs, by=by, now=now)
    except Refused:
        return None
    until = entry.at + dt.timedelta(minutes=settings.UNDO_MINUTES)
    return Undoable(step.id, step.name, entry.verb, until)


def last_act(step: StepRun, *, by: Actor, now: dt.datetime) -> HistoryEntry:
    """Return the act on this step that is to be taken back, as the log holds it.

    It must be the last thing that anybody did to the dossier or one of its steps. Raises ``NothingToUndo``
    and ``TooLateToUndo``.
    """
    runs = list(StepRun.objects.filter(dossier_id=step.dossier_id))
    entry = _newest(step.dossier, runs)
    if entry is None or entry.subject_id != str(step.pk):
        raise NothingToUndo
    _check(entry, step, runs, by=by, now=now)
    return entry


def _newest(dossier: Dossier, runs: Sequence[StepRun]) -> HistoryEntry | None:
    return next(iter(history_of(dossier, *runs, limit=1)), None)


def _check(
    entry: HistoryEntry, step: StepRun, runs: Sequence[StepRun], *, by: Actor, now: dt.datetime
) -> None:
    """The log says who did what last; the rows must still be as that act left them."""
    if entry.verb not in UNDOABLE or entry.position_id != str(by.position_id or "") or not entry.changes:
        raise NothingToUndo
    if entry.verb == "step.completed":
        followed = [
            run
            for run in runs
            if step.done_at is not None and run.opened_at >= step.done_at and run.pk > step.pk
        ]
        if step.state != "done" or any(run.state != "open" for run in followed):
            raise NothingToUndo
        if Result.objects.filter(dossier_id=step.dossier_id).exclude(state="draft").exists():
            raise NothingToUndo
    elif step.state != "open":
        raise NothingToUndo
    check_window(entry.at, minutes=settings.UNDO_MINUTES, now=now)
