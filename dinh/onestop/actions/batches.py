"""One act over several rows: each is a verb of its own, done or refused for itself, and told one by one."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from dinh.foundation.actions.public import Actor
from dinh.kernel.errors import Refused
from dinh.onestop.actions.assigning import assign
from dinh.onestop.actions.results import issue_result, sign_result
from dinh.onestop.actions.steps import claim, complete
from dinh.onestop.models import StepRun
from dinh.onestop.queries.batches import steps_ticked
from dinh.onestop.queries.standing import who_acts
from dinh.onestop.rules.assigning import NothingTicked, TooManyAtOnce
from dinh.onestop.rules.batches import BATCH_ACTS, MOST_AT_ONCE, check_kind, only_way

__all__ = ["BatchLine", "do_batch"]


@dataclass(frozen=True, slots=True)
class BatchLine:
    """What became of one ticked row: ``refused`` is why it was not done (None: done)."""

    code: str
    step_name: str
    dossier_id: UUID
    refused: Refused | None


def do_batch(
    act: str,
    step_ids: Sequence[UUID],
    *,
    position_id: UUID | None = None,
    note: str = "",
    by: Actor,
    now: dt.datetime,
) -> list[BatchLine]:
    """Do one act (a key of ``BATCH_ACTS``) to each ticked step within reach; return what became of each.

    Every row is a transaction of its own: what one row's rule refuses, the others do not lose. With
    ``assign`` and no position each row goes to who has least to do at that moment. Raises
    ``NothingTicked`` and ``TooManyAtOnce`` before anything is done.
    """
    if len(step_ids) > MOST_AT_ONCE:
        raise TooManyAtOnce(most=MOST_AT_ONCE)
    steps = steps_ticked(by, step_ids) if act in BATCH_ACTS else []
    if not steps:
        raise NothingTicked
    does: dict[str, Callable[[StepRun], object]] = {
        "claim": lambda step: claim(step, by=who_acts(by, step, now=now), now=now),
        "assign": lambda step: assign(step, position_id=position_id, note=note, by=by, now=now),
        "forward": lambda step: _forward(step, note=note, by=who_acts(by, step, now=now), now=now),
        "sign": lambda step: sign_result(step, by=by, now=now),
        "issue": lambda step: issue_result(step, by=who_acts(by, step, now=now), now=now),
    }
    return [_line(act, step, does[act]) for step in steps]


def _line(act: str, step: StepRun, do: Callable[[StepRun], object]) -> BatchLine:
    refused = None
    try:
        check_kind(act, step.kind, name=step.name, is_allowed=True, is_waiting=False)
        do(step)
    except Refused as error:
        refused = error
    return BatchLine(str(step.dossier), step.name, step.dossier_id, refused)


def _forward(step: StepRun, *, note: str, by: Actor, now: dt.datetime) -> None:
    outcome = only_way(step.dossier.version.parts.step(step.key), step.dossier.data)
    complete(step, outcome_key=outcome.key, note=note, by=by, now=now)
