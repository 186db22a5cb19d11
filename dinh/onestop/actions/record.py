"""What every verb on a dossier writes beside its own change: the timeline, clocks, involvement, papers."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from dinh.documents.public import take_number
from dinh.foundation.actions.public import Actor, insert_rows, publish
from dinh.kernel.clocks import ClockState
from dinh.kernel.errors import N_
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.events import PaperAsked
from dinh.onestop.models import ClockRecord, Dossier, Involvement, Paper, StepRun, TimelineEntry, WorkItem
from dinh.onestop.queries.clocks import dossier_reading, step_reading

__all__ = [
    "new_paper",
    "ask_paper",
    "clock_event",
    "involve",
    "involvements",
    "line",
    "mark_clock",
    "refresh_due",
    "refresh_step",
    "tell",
]


def tell(
    dossier: Dossier, sentence: str, *, by: Actor, now: dt.datetime, to: str = "everyone", **values: Any
) -> None:
    """Write one line of the timeline. ``to`` is ``everyone`` or ``officials``."""
    insert_rows(line(dossier, sentence, by=by, now=now, to=to, **values))


def line(
    dossier: Dossier, sentence: str, *, by: Actor, now: dt.datetime, to: str = "everyone", **values: Any
) -> TimelineEntry:
    """Return a line of the timeline that is not written yet."""
    return TimelineEntry(
        dossier=dossier,
        at=now,
        sentence=sentence,
        values=values,
        # A job is called by a code that means nothing to people.
        actor=N_("Hệ thống") if by.kind == "system" and " " not in by.name else by.name,
        position=by.position,
        is_public=to == "everyone",
    )


def involve(dossier: Dossier, unit_ids: Iterable[UUID]) -> None:
    """Give units their part in the dossier; they may see it from now on."""
    insert_rows(*involvements(dossier, unit_ids), conflicts="keep")


def involvements(dossier: Dossier, unit_ids: Iterable[UUID]) -> list[Involvement]:
    """Return the parts of units in the dossier, each once, not written yet."""
    return [Involvement(dossier=dossier, unit_id=unit_id) for unit_id in dict.fromkeys(unit_ids)]


def mark_clock(
    dossier: Dossier, kind: str, *, at: dt.datetime, reason: str = "", step: StepRun | None = None
) -> None:
    """Append one event to the dossier's clock, or to a step's."""
    insert_rows(clock_event(dossier, kind, at=at, reason=reason, step=step))


def clock_event(
    dossier: Dossier, kind: str, *, at: dt.datetime, reason: str = "", step: StepRun | None = None
) -> ClockRecord:
    """Return an event of a clock that is not written yet."""
    return ClockRecord(dossier=dossier, step=step, kind=kind, at=at, reason=reason)


def refresh_due(dossier: Dossier, *, now: dt.datetime) -> None:
    """Compute the due moments of the dossier and its open steps anew from their clocks, and keep them."""
    records = list(ClockRecord.objects.filter(dossier=dossier))
    dossier.due_at = dossier_reading(dossier, now=now, records=records).due_at
    dossier.save(update_fields=["due_at"])
    for step in StepRun.objects.filter(dossier=dossier, state="open"):
        refresh_step(step, now=now, records=records, dossier_due_at=dossier.due_at, code=str(dossier))


def refresh_step(
    step: StepRun, *, now: dt.datetime, records: Sequence[ClockRecord] | None = None, **moved: Any
) -> None:
    """Compute the due moment of an open step anew from its clock, and keep it in the work lists, with what
    else of its row has ``moved``. A paused clock has no due moment; the lists keep the last, for their order.
    """
    reading = step_reading(step, now=now, records=records)
    step.due_at = reading.due_at
    step.save(update_fields=["due_at"])
    if reading.due_at is not None:
        near = {"near_at": reading.near_at, "near_is_guess": False}
        moved = {"due_at": reading.due_at, **near, **moved}
    WorkItem.objects.filter(step=step).update(is_waiting=reading.state == ClockState.PAUSED, **moved)


def ask_paper(
    dossier: Dossier,
    form: str,
    *,
    content: Mapping[str, Any],
    now: dt.datetime,
    notation: str = "",
    signed_file_id: UUID | None = None,
) -> Paper:
    """Ask for a paper: its snapshot is kept now, a job draws and signs it right after the commit.

    With ``notation`` it takes a number of the agency's series, as forms 02 to 04 bear one. With
    ``signed_file_id`` a person has signed it already, and the job only numbers and seals it.
    """
    sequence = Paper.objects.filter(dossier=dossier, form=form).count() + 1
    paper = new_paper(dossier, form, sequence, content=content, now=now)
    paper.file_id = signed_file_id
    if notation:
        on = now.astimezone(VIETNAM).date()
        paper.number = take_number(agency_id=dossier.agency_id, notation=notation, bearer=paper, on=on)
    insert_rows(paper)
    publish(PaperAsked(paper_id=paper.id))
    return paper


def new_paper(
    dossier: Dossier, form: str, sequence: int, *, content: Mapping[str, Any], now: dt.datetime
) -> Paper:
    """A paper that is not written yet; who writes it with other rows publishes ``PaperAsked`` after them."""
    return Paper(dossier=dossier, form=form, sequence=sequence, content=dict(content), asked_at=now)
