"""Taking back one's own last act on a step. The log keeps both: what was done, and that it was undone."""

import datetime as dt
from uuid import UUID

from dinh.foundation.actions.public import Actor, action, publish
from dinh.kernel.errors import N_
from dinh.onestop.actions.flow import cancel_steps, reopen_step
from dinh.onestop.actions.record import tell
from dinh.onestop.actions.remedies import go_on, stand_still, waits_for_applicant
from dinh.onestop.events import StepTaken
from dinh.onestop.models import StepReturn, StepRun, WorkItem
from dinh.onestop.permissions import UNDO
from dinh.onestop.queries.undoing import last_act

__all__ = ["undo"]


@action("step.act_undone", permission=UNDO, on=StepRun, under="dossier", label=N_("Hoàn tác"))
def undo(step: StepRun, *, by: Actor, now: dt.datetime) -> StepRun:
    """Put back what the acting position did last to this step: taken, given back, assigned, or ended.

    Steps that the ended one opened are cancelled; its clock goes on as if it had not stopped. Raises
    ``NothingToUndo`` when anybody has acted since, ``TooLateToUndo`` after ``UNDO_MINUTES``.
    """
    act = last_act(step, by=by, now=now)
    before = {change.name: change.old for change in act.changes}
    if act.verb == "step.completed":
        assert step.done_at is not None
        opened = StepRun.objects.filter(
            dossier=step.dossier, state="open", opened_at=step.done_at, pk__gt=step.pk
        )
        waited = waits_for_applicant(step.dossier, [run.key for run in opened])
        cancel_steps(list(opened), now=now)
        StepReturn.objects.filter(step=step, state=StepReturn.State.DONE).update(
            state=StepReturn.State.UNDONE
        )
        _put_holder_back(step, before)
        reopen_step(step, now=now)
        if waited:
            go_on(step.dossier, step, now=now)
        if waits_for_applicant(step.dossier, [step.key]):
            stand_still(step.dossier, now=now)
    else:
        _put_holder_back(step, before)
        step.save(update_fields=["holder", "holder_name"])
        WorkItem.objects.filter(step=step).update(holder_id=step.holder_id, holder_name=step.holder_name)
    publish(StepTaken(dossier_id=step.dossier_id, step_id=step.id))
    tell(
        step.dossier,
        N_("Hoàn tác việc vừa làm ở bước “%(step)s”"),
        by=by,
        now=now,
        to="officials",
        step=step.name,
    )
    return step


def _put_holder_back(step: StepRun, before: dict[str, str]) -> None:
    if "holder_id" in before:
        step.holder_id = UUID(before["holder_id"]) if before["holder_id"] else None
        step.holder_name = before.get("holder_name", step.holder_name)
