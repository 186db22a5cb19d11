"""Giving a step to an official of the division: by whoever leads it, or by the step's own rule."""

import datetime as dt
from uuid import UUID

from dinh.foundation.actions.public import Actor, action, publish
from dinh.kernel.errors import N_
from dinh.onestop.actions.record import tell
from dinh.onestop.events import StepAssigned, StepTaken
from dinh.onestop.models import StepRun, WorkItem
from dinh.onestop.permissions import ASSIGN_STEP
from dinh.onestop.queries.assigning import candidates_for
from dinh.onestop.rules.assigning import ANYBODY, NotTheirStep, check_holder, least_loaded
from dinh.onestop.rules.states import STEP

__all__ = ["assign"]


@action("step.assigned", permission=ASSIGN_STEP, on=StepRun, under="dossier", label=N_("Giao việc"))
def assign(
    step: StepRun,
    *,
    position_id: UUID | None = None,
    seen: UUID | str | None = ANYBODY,
    note: str = "",
    by: Actor,
    now: dt.datetime,
) -> StepRun:
    """Give a step to one of those who can do it; None: to who has least to do.

    ``seen`` is the holder whom the giver saw (None: nobody); who has it meanwhile keeps it. ``ANYBODY``:
    whoever holds it. The clock does not change. Raises ``NotTheirStep``, ``AssignedMeanwhile``,
    ``NotInThisState``.
    """
    STEP.check(step.state, "complete")
    check_holder(step.holder_id, step.holder_name, seen=seen)
    candidates = candidates_for(step, now=now)
    if position_id is None:
        chosen = least_loaded(candidates)
    else:
        chosen = next((one for one in candidates if one.position_id == position_id), None)
    if chosen is None:
        raise NotTheirStep(field="position", name=N_("Người này"), step=step.name)
    step.holder_id = chosen.position_id
    step.holder_name = chosen.name
    step.save(update_fields=["holder", "holder_name"])
    WorkItem.objects.filter(step=step).update(holder_id=chosen.position_id, holder_name=chosen.name)
    tell(
        step.dossier,
        N_("Giao bước “%(step)s” cho %(name)s. %(note)s"),
        by=by,
        now=now,
        to="officials",
        step=step.name,
        name=chosen.name,
        note=note.strip()[:500],
    )
    publish(StepTaken(dossier_id=step.dossier_id, step_id=step.id))
    publish(StepAssigned(dossier_id=step.dossier_id, step_id=step.id, position_id=chosen.position_id))
    return step
