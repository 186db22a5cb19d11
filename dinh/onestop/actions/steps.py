"""Work on a step: taken, given back, ended with an outcome."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from dinh.foundation.actions.public import Actor, action, publish
from dinh.kernel.errors import N_
from dinh.onestop.actions.fees import check_paid_before
from dinh.onestop.actions.flow import close_step, open_steps
from dinh.onestop.actions.record import tell
from dinh.onestop.actions.remedies import ask_remedy, go_on, waits_for_applicant
from dinh.onestop.events import StepTaken, StepWentBack
from dinh.onestop.models import Dossier, Result, StepReturn, StepRun, WorkItem
from dinh.onestop.permissions import WORK_ON_STEP
from dinh.onestop.queries.invitations import has_come
from dinh.onestop.queries.result_drafts import check_complete
from dinh.onestop.queries.returns import returned_times
from dinh.onestop.rules.checks import NeedsDraft, NeedsOpinion, NeedsReason, NotThisKindOfStep, StepWaiting
from dinh.onestop.rules.definition import Outcome
from dinh.onestop.rules.graph import outcome_of
from dinh.onestop.rules.invitations import NotComeYet
from dinh.onestop.rules.results import (
    EnclosureMissing,
    FurtherDraftMissing,
    missing_enclosures,
    results_for,
)
from dinh.onestop.rules.returns import Place, check_return, places_named
from dinh.onestop.rules.states import STEP

__all__ = ["claim", "complete", "finish_step", "release"]

# Kinds of steps that end with an outcome alone; the others have verbs of their own.
_PLAIN_KINDS = ("handle", "consult", "review", "sign")


@action("step.claimed", permission=WORK_ON_STEP, on=StepRun, under="dossier")
def claim(step: StepRun, *, by: Actor, now: dt.datetime) -> StepRun:
    """Take a step, so that colleagues see whose it is."""
    STEP.after(step.state, "complete")
    step.holder_id = by.position_id
    step.holder_name = by.name
    step.save(update_fields=["holder", "holder_name"])
    WorkItem.objects.filter(step=step).update(holder_id=by.position_id, holder_name=by.name)
    tell(step.dossier, N_("Nhận xử lý bước “%(step)s”"), by=by, now=now, to="officials", step=step.name)
    publish(StepTaken(dossier_id=step.dossier_id, step_id=step.id))
    return step


@action("step.released", permission=WORK_ON_STEP, on=StepRun, under="dossier")
def release(step: StepRun, *, by: Actor, now: dt.datetime) -> StepRun:
    """Give a step back to the unit, so that a colleague can take it."""
    STEP.after(step.state, "complete")
    step.holder_id = None
    step.holder_name = ""
    step.save(update_fields=["holder", "holder_name"])
    WorkItem.objects.filter(step=step).update(holder_id=None, holder_name="")
    tell(step.dossier, N_("Trả bước “%(step)s” về đơn vị"), by=by, now=now, to="officials", step=step.name)
    publish(StepTaken(dossier_id=step.dossier_id, step_id=step.id))
    return step


@action("step.completed", permission=WORK_ON_STEP, on=StepRun, under="dossier")
def complete(
    step: StepRun,
    *,
    outcome_key: str,
    note: str,
    by: Actor,
    now: dt.datetime,
    opinion_file_id: UUID | None = None,
    about: Sequence[str] = (),
) -> StepRun:
    """End a step with one of its outcomes; the steps that follow open.

    A return to an earlier step names the places concerned (``about``: keys of ``places_of``); the second
    one of a dossier is a superior's to allow (``ask_return``). Raises ``OutcomeUnknown``, ``NeedsReason``,
    ``NeedsOpinion``, ``NeedsDraft``, ``ResultIncomplete``, ``NeedsPlace``, ``ReturnNeedsApproval``,
    ``StepWaiting``, ``NotComeYet``, ``FeeUnpaid``; a signing step ends here only by going back, otherwise by
    ``results.sign``.
    """
    outcome = outcome_of(step.dossier.version.parts.step(step.key), outcome_key, step.dossier.data)
    if step.kind not in _PLAIN_KINDS or (step.kind == "sign" and not outcome.back):
        raise NotThisKindOfStep(step=step.name)
    if step.kind == "consult" and not outcome.back and not note.strip() and opinion_file_id is None:
        raise NeedsOpinion(field="note")
    step.opinion_file_id = opinion_file_id
    places = places_named(step.dossier.version.parts, about) if outcome.back else []
    if outcome.back and "reason" in outcome.needs and not note.strip():
        raise NeedsReason(field="note")
    if outcome.back:
        times = returned_times(step.dossier)
        check_return(places=places, returned=times, is_approved=False)
    finish_step(step, outcome, note=note, by=by, now=now)
    if outcome.back:
        _keep_return(step, outcome, places, by=by, now=now)
    return step


def _keep_return(
    step: StepRun, outcome: Outcome, places: Sequence[Place], *, by: Actor, now: dt.datetime
) -> None:
    row = StepReturn.objects.create(
        dossier=step.dossier,
        step=step,
        outcome=outcome.key,
        reason=step.note,
        about=[{"key": place.key, "label": place.label} for place in places],
        state=StepReturn.State.DONE,
        asked_by=by.name,
        asked_position_id=by.position_id,
        asked_at=now,
        decided_at=now,
    )
    publish(StepWentBack(return_id=row.id))


def _check_drafted(dossier: Dossier, *, now: dt.datetime) -> None:
    """Every result is drafted, whole, and has what it encloses."""
    drafted = {row.key: row for row in Result.objects.filter(dossier=dossier, copy=1)}
    wanted = results_for(dossier.version.parts, dossier.data)
    if wanted[0].key not in drafted:
        raise NeedsDraft
    for template in wanted:
        if template.key not in drafted:
            raise FurtherDraftMissing(name=template.name)
        given = (
            set(drafted[template.key].enclosures.values_list("key", flat=True)) if template.encloses else ()
        )
        for name in missing_enclosures(template, given):
            raise EnclosureMissing(result=template.name, name=name)
    check_complete(dossier, drafted, wanted, now=now)


def _goes_to_signature(dossier: Dossier, outcome: Outcome) -> bool:
    steps = dossier.version.parts
    return not outcome.back and any(steps.step(key).kind == "sign" for key in outcome.to)


def finish_step(step: StepRun, outcome: Outcome, *, note: str, by: Actor, now: dt.datetime) -> None:
    """End the step and open what follows, after checking what the outcome needs."""
    dossier = step.dossier
    STEP.after(step.state, "complete")
    if dossier.state == "supplement":
        raise StepWaiting
    if "reason" in outcome.needs and not note.strip():
        raise NeedsReason(field="note")
    if "met" in outcome.needs and not has_come(dossier, step.key):
        raise NotComeYet(step=step.name, outcome=outcome.label)
    if "draft" in outcome.needs or _goes_to_signature(dossier, outcome):
        _check_drafted(dossier, now=now)
    check_paid_before(dossier, outcome, "acceptance")
    close_step(step, outcome, note=note.strip(), by=by, now=now)
    tell(
        dossier,
        N_("%(step)s: %(outcome)s. %(note)s"),
        by=by,
        now=now,
        to="everyone" if dossier.version.parts.step(step.key).answers else "officials",
        step=step.name,
        outcome=outcome.label,
        note=note.strip(),
    )
    if waits_for_applicant(dossier, [step.key]):
        go_on(dossier, step, now=now)
    open_steps(dossier, outcome.to, now=now)
    if waits_for_applicant(dossier, outcome.to):
        ask_remedy(dossier, reason=step.note, by=by, now=now)
