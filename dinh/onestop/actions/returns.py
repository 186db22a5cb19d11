"""A second return of a dossier: asked for by the official, allowed or declined by a superior."""

import datetime as dt
from collections.abc import Sequence

from dinh.foundation.actions.public import Actor, action, publish
from dinh.kernel.errors import N_
from dinh.onestop.actions.record import tell
from dinh.onestop.actions.steps import finish_step
from dinh.onestop.events import ReturnAsked as ReturnWasAsked
from dinh.onestop.events import ReturnDecided, StepWentBack
from dinh.onestop.models import StepReturn, StepRun
from dinh.onestop.permissions import APPROVE_RETURN, WORK_ON_STEP
from dinh.onestop.queries.returns import superiors_for
from dinh.onestop.rules.checks import NeedsReason
from dinh.onestop.rules.graph import outcome_of
from dinh.onestop.rules.returns import (
    AlreadyDecided,
    NeedsPlace,
    NobodyToApprove,
    NotAReturn,
    ReturnAsked,
    places_named,
)
from dinh.onestop.rules.states import STEP

__all__ = ["approve_return", "ask_return", "decline_return"]


@action(
    "step.return_asked", permission=WORK_ON_STEP, on=StepRun, under="dossier", label=N_("Đề nghị trả lại")
)
def ask_return(
    step: StepRun, *, outcome_key: str, note: str, about: Sequence[str], by: Actor, now: dt.datetime
) -> StepReturn:
    """Ask a superior to let this step go back once more; until then the step stays where it is.

    ``about`` are keys of ``places_of``. Raises ``NotAReturn``, ``NeedsReason``, ``NeedsPlace``,
    ``ReturnAsked``, ``NobodyToApprove`` where the asker is alone up to the top.
    """
    STEP.check(step.state, "complete")
    definition = step.dossier.version.parts
    outcome = outcome_of(definition.step(step.key), outcome_key, step.dossier.data)
    if not outcome.back:
        raise NotAReturn
    if not note.strip():
        raise NeedsReason(field="note")
    places = places_named(definition, about)
    if not places:
        raise NeedsPlace(field="about")
    if StepReturn.objects.filter(step=step, state=StepReturn.State.ASKED).exists():
        raise ReturnAsked
    if not superiors_for(step.unit_id, by.position_id):
        raise NobodyToApprove(unit=step.unit.name)
    row = StepReturn.objects.create(
        dossier=step.dossier,
        step=step,
        outcome=outcome.key,
        reason=note.strip(),
        about=[{"key": place.key, "label": place.label} for place in places],
        state=StepReturn.State.ASKED,
        asked_by=by.name,
        asked_position_id=by.position_id,
        asked_at=now,
    )
    tell(
        step.dossier,
        N_("Đề nghị cấp trên cho trả lại lần nữa: %(reason)s"),
        by=by,
        now=now,
        to="officials",
        reason=row.reason,
    )
    publish(ReturnWasAsked(return_id=row.id))
    return row


@action(
    "return.approved",
    permission=APPROVE_RETURN,
    on=StepReturn,
    under="dossier",
    label=N_("Đồng ý cho trả lại"),
)
def approve_return(row: StepReturn, *, by: Actor, now: dt.datetime) -> StepReturn:
    """Let the step go back: it ends with the outcome that was asked for. Raises ``AlreadyDecided``."""
    step = _open_step(row)
    definition = row.dossier.version.parts
    outcome = outcome_of(definition.step(step.key), row.outcome, row.dossier.data)
    tell(
        row.dossier,
        N_("Đồng ý cho trả lại theo đề nghị của %(name)s"),
        by=by,
        now=now,
        to="officials",
        name=row.asked_by,
    )
    if step.holder_id is None and row.asked_position_id is not None:
        step.holder_id, step.holder_name = row.asked_position_id, row.asked_by
    finish_step(step, outcome, note=row.reason, by=by, now=now)
    _decide(row, StepReturn.State.DONE, by=by, now=now)
    publish(StepWentBack(return_id=row.id))
    return row


@action(
    "return.declined",
    permission=APPROVE_RETURN,
    on=StepReturn,
    under="dossier",
    label=N_("Không đồng ý cho trả lại"),
)
def decline_return(row: StepReturn, *, answer: str, by: Actor, now: dt.datetime) -> StepReturn:
    """Do not let the step go back, and say why. Raises ``NeedsReason``, ``AlreadyDecided``."""
    _open_step(row)
    if not answer.strip():
        raise NeedsReason(field="answer")
    row.answer = answer.strip()
    tell(
        row.dossier,
        N_("Không đồng ý cho trả lại: %(answer)s"),
        by=by,
        now=now,
        to="officials",
        answer=row.answer,
    )
    _decide(row, StepReturn.State.DECLINED, by=by, now=now)
    return row


def _open_step(row: StepReturn) -> StepRun:
    step = StepRun.objects.select_for_update(of=("self",)).get(pk=row.step_id)
    if row.state != StepReturn.State.ASKED or step.state != "open":
        raise AlreadyDecided
    step.dossier = row.dossier
    return step


def _decide(row: StepReturn, state: StepReturn.State, *, by: Actor, now: dt.datetime) -> None:
    row.state = state
    row.decided_by = by.name
    row.decided_at = now
    row.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    publish(ReturnDecided(return_id=row.id))
