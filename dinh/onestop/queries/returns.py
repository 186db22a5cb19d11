"""Returns of a dossier: how often it went back, what a reopened step came back for, what waits for a word."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import HeldPosition, coverage, people_reaching
from dinh.kernel.errors import existing
from dinh.onestop.models import Dossier, StepReturn
from dinh.onestop.permissions import APPROVE_RETURN
from dinh.onestop.queries.dossiers import visible_dossiers

__all__ = [
    "ReturnCard",
    "access_return",
    "returned_times",
    "returns_of",
    "returns_to_approve",
    "superiors_for",
]

SHOWN = 100


@dataclass(frozen=True, slots=True)
class ReturnCard:
    """One return as a screen shows it. ``may_approve``: the reader is a superior who may say yes or no."""

    id: UUID
    dossier_id: UUID
    code: str
    step_id: UUID
    step_name: str
    outcome: str
    reason: str
    about: Sequence[str]
    state: str
    asked_by: str
    asked_at: dt.datetime
    decided_by: str
    decided_at: dt.datetime | None
    answer: str
    may_approve: bool


def superiors_for(unit_id: UUID, asked_position_id: UUID | None) -> list[HeldPosition]:
    """Return who may say yes or no to a return at a unit, the nearest and highest first: all whose right to
    give out work reaches it, up to the superior agencies, without who asks.
    """
    found = people_reaching(unit_id, "step.assign")
    return [one for one in found if one.position_id != asked_position_id]


def returned_times(dossier: Dossier) -> int:
    """Return how often the dossier has gone back to an earlier step."""
    return StepReturn.objects.filter(dossier=dossier, state=StepReturn.State.DONE).count()


def returns_of(dossier: Dossier, *, by: Actor) -> list[ReturnCard]:
    """Return all returns of a visible dossier, the newest first; only officials see any."""
    if by.kind != "official":
        return []
    rows = StepReturn.objects.filter(dossier=dossier).select_related("step", "dossier").order_by("-id")
    return [_card(row, by) for row in rows]


def returns_to_approve(by: Actor) -> list[ReturnCard]:
    """Return what waits for the reader's word, the oldest first."""
    if by.kind != "official" or not by.holds("step.assign"):
        return []
    rows = StepReturn.objects.filter(state=StepReturn.State.ASKED, step__state="open")
    rows = rows.filter(coverage(by, "step.assign").q("step__unit_id")).exclude(
        asked_position_id=by.position_id
    )
    return [_card(row, by) for row in rows.select_related("step", "dossier").order_by("id")[:SHOWN]]


def access_return(by: Actor, return_id: UUID) -> StepReturn:
    """Return a return of a dossier that the actor may see. Raises ``NotFound``."""
    rows = StepReturn.objects.select_related("step", "dossier")
    return existing(rows.filter(pk=return_id, dossier__in=visible_dossiers(by).values("pk")).first())


def _card(row: StepReturn, by: Actor) -> ReturnCard:
    is_open = row.state == StepReturn.State.ASKED and row.step.state == "open"
    return ReturnCard(
        id=row.id,
        dossier_id=row.dossier_id,
        code=str(row.dossier),
        step_id=row.step_id,
        step_name=row.step.name,
        outcome=row.outcome,
        reason=row.reason,
        about=[place["label"] for place in row.about],
        state=row.state if is_open or row.state != StepReturn.State.ASKED else "lapsed",
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        answer=row.answer,
        may_approve=is_open and APPROVE_RETURN.may(by, row),
    )
