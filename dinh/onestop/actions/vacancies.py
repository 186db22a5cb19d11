"""Steps whose holder's post has become vacant: they go back to the division's queue, and its head is told."""

import datetime as dt
from uuid import UUID

from django.utils import timezone

from dinh.foundation.actions.public import Actor, action, publish
from dinh.foundation.directory.public import vacant_among
from dinh.kernel.errors import N_
from dinh.onestop.actions.record import tell
from dinh.onestop.events import StepHandedBack, StepTaken
from dinh.onestop.models import StepRun, WorkItem
from dinh.onestop.permissions import SYSTEM_ONLY
from dinh.onestop.rules.states import STEP

__all__ = ["hand_back", "hand_back_vacant"]


def hand_back_vacant(position_id: UUID | None = None, *, by: Actor, now: dt.datetime) -> int:
    """Give back every open step held by a position that nobody holds today; return how many.

    ``position_id`` narrows to one position. Run again, it finds nothing more to do.
    """
    held = WorkItem.objects.exclude(holder=None)
    if position_id is not None:
        held = held.filter(holder_id=position_id)
    holders = set(held.order_by().values_list("holder_id", flat=True).distinct())
    vacant = vacant_among(holders, on=timezone.localdate(now))
    rows = WorkItem.objects.filter(holder_id__in=vacant).order_by("due_at", "pk")
    steps = list(rows.values_list("step_id", flat=True))
    for step_id in steps:
        hand_back(StepRun.objects.get(pk=step_id), by=by, now=now)
    return len(steps)


@action(
    "step.handed_back",
    permission=SYSTEM_ONLY,
    on=StepRun,
    under="dossier",
    label=N_("Trả việc về đơn vị vì chức vụ trống"),
)
def hand_back(step: StepRun, *, by: Actor, now: dt.datetime) -> StepRun:
    """Give a step back to its unit because the post of its holder is vacant; the clock runs on."""
    if step.state != STEP.initial or step.holder_id is None:
        return step
    name = step.holder_name
    step.holder_id = None
    step.holder_name = ""
    step.save(update_fields=["holder", "holder_name"])
    WorkItem.objects.filter(step=step).update(holder_id=None, holder_name="")
    tell(
        step.dossier,
        N_("Bước “%(step)s” trở về đơn vị: %(name)s không còn giữ chức vụ"),
        by=by,
        now=now,
        to="officials",
        step=step.name,
        name=name,
    )
    publish(StepTaken(dossier_id=step.dossier_id, step_id=step.id))
    publish(StepHandedBack(dossier_id=step.dossier_id, step_id=step.id))
    return step
