"""How a dossier moves through its steps: opening, joining, ending. Shared by the verbs; writes no audit."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Model

from dinh.foundation.actions.public import Actor, insert_rows, publish
from dinh.foundation.directory.public import standing_unit, unit_by_code, unit_inside
from dinh.kernel.clocks import ClockReading
from dinh.kernel.conditions import value_at
from dinh.kernel.errors import N_, Refused
from dinh.onestop.actions.record import clock_event, involve, mark_clock
from dinh.onestop.events import StepClosed, StepOpened
from dinh.onestop.models import ClockRecord, Dossier, StepRun, WorkItem
from dinh.onestop.queries.assigning import candidates_for
from dinh.onestop.queries.clocks import step_reading
from dinh.onestop.queries.units import province_unit
from dinh.onestop.rules.assigning import least_loaded
from dinh.onestop.rules.definition import Definition, Outcome, Step
from dinh.onestop.rules.graph import steps_to_open
from dinh.onestop.rules.postal import UNTIL_FETCHED, waits_for_recipient
from dinh.onestop.rules.results import signed_matters
from dinh.onestop.rules.states import STEP

__all__ = [
    "NoUnitForStep",
    "Opening",
    "announce_steps",
    "cancel_open_steps",
    "cancel_steps",
    "close_step",
    "keep_steps",
    "open_steps",
    "prepare_steps",
    "reopen_step",
    "step_rows",
]


class NoUnitForStep(Refused):
    message = N_(
        "Không xác định được đơn vị làm bước “%(step)s”. Hãy báo quản trị kiểm tra quy trình và danh bạ"
        " đơn vị; hồ sơ vẫn ở bước hiện tại."
    )


def open_steps(dossier: Dossier, keys: Sequence[str], *, now: dt.datetime) -> None:
    """Open the steps of these keys, and every join that no open branch can reach any more."""
    runs = list(StepRun.objects.filter(dossier=dossier).order_by("-id"))
    opening = prepare_steps(dossier, keys, runs=runs, now=now)
    keep_steps(dossier, opening)
    involve(dossier, [step.run.unit_id for step in opening])


def _waiting_joins(definition: Definition, runs: Sequence[StepRun]) -> set[str]:
    """Joins that an ended step led to and that have not opened since."""
    joins = {step.key for step in definition.steps if step.joins}
    if not joins:
        return set()
    reached: dict[str, dt.datetime] = {}
    opened: dict[str, dt.datetime] = {}
    for run in runs:
        if run.key in joins:
            opened[run.key] = max(run.opened_at, opened.get(run.key, run.opened_at))
        for outcome in definition.step(run.key).outcomes:
            if run.done_at is not None and outcome.key == run.outcome:
                for key in joins.intersection(outcome.to):
                    reached[key] = max(run.done_at, reached.get(key, run.done_at))
    return {key for key, at in reached.items() if key not in opened or opened[key] < at}


@dataclass(frozen=True, slots=True)
class Opening:
    """A step about to be opened, the beginning of its clock, and what that reads while it runs."""

    run: StepRun
    clock: Sequence[ClockRecord]
    reading: ClockReading


def prepare_steps(
    dossier: Dossier, keys: Sequence[str], *, runs: Sequence[StepRun], now: dt.datetime
) -> list[Opening]:
    """Work out the steps that open, without writing. ``runs``: those the dossier has had, newest first."""
    definition = dossier.version.parts
    open_keys = {run.key for run in runs if run.state == "open"}
    waiting = _waiting_joins(definition, runs)
    following = steps_to_open(definition, keys, open_steps=open_keys, waiting=waiting)
    return [_prepare(dossier, definition.step(key), runs, now=now) for key in following]


def keep_steps(dossier: Dossier, opening: Sequence[Opening]) -> None:
    """Write steps that open, with their clocks and their rows of open work, and announce them."""
    insert_rows(*step_rows(dossier, opening))
    announce_steps(dossier, opening)


def step_rows(dossier: Dossier, opening: Sequence[Opening]) -> list[Model]:
    """The rows of steps that open: the steps, the beginnings of their clocks, their open work."""
    return [
        row
        for step in opening
        for row in (step.run, *step.clock, _work_item(dossier, step.run, step.reading))
    ]


def announce_steps(dossier: Dossier, opening: Sequence[Opening]) -> None:
    """Say that steps, which are written, have opened."""
    for step in opening:
        publish(StepOpened(dossier_id=dossier.id, step_id=step.run.id, unit_id=step.run.unit_id))


def _prepare(dossier: Dossier, step: Step, runs: Sequence[StepRun], *, now: dt.datetime) -> Opening:
    run = StepRun(
        dossier=dossier,
        key=step.key,
        name=step.name,
        kind=step.kind,
        role=step.role,
        unit_id=unit_for(dossier, step),
        state=STEP.initial,
        hours=step.hours,
        opened_at=now,
    )
    _keep_person(run, step, runs)
    if step.assign == "least_open" and run.holder_id is None:
        _give_to_least_loaded(run, now=now)
    started = clock_event(dossier, "started", at=now, step=run)
    reading = step_reading(run, now=now, records=[started])
    if not waits_for_recipient(step.kind, dossier.return_way):
        run.due_at = reading.due_at
        return Opening(run, [started], reading)
    rests = clock_event(dossier, "paused", at=now, reason=UNTIL_FETCHED, step=run)
    return Opening(run, [started, rests], reading)


def _work_item(dossier: Dossier, run: StepRun, reading: ClockReading) -> WorkItem:
    return WorkItem(
        step=run,
        dossier=dossier,
        code=str(dossier),
        procedure_name=dossier.procedure.short_name,
        applicant_name=dossier.applicant_name,
        step_name=run.name,
        kind=run.kind,
        role=run.role,
        unit_id=run.unit_id,
        agency_id=dossier.agency_id,
        holder_id=run.holder_id,
        holder_name=run.holder_name,
        is_waiting=waits_for_recipient(run.kind, dossier.return_way),
        opened_at=run.opened_at,
        due_at=reading.due_at or reading.now,
        near_at=reading.near_at or reading.now,
        dossier_due_at=dossier.due_at,
        matters=_matters(dossier) if run.kind == "sign" else "",
    )


def _matters(dossier: Dossier) -> str:
    return ",".join(signed_matters(dossier.version.parts, dossier.data))


def _keep_person(run: StepRun, step: Step, runs: Sequence[StepRun]) -> None:
    """A step that goes back to somebody, or belongs to whoever did an earlier one, is theirs at once."""
    keys = (step.same_person, step.key)
    for earlier in runs:
        if earlier.key in keys and earlier.holder_id is not None and _is_same_unit(earlier, run):
            run.holder_id = earlier.holder_id
            run.holder_name = earlier.holder_name
            return


def _is_same_unit(earlier: StepRun, run: StepRun) -> bool:
    """Whether both steps are of one unit, or the earlier one's unit has become part of the other."""
    return run.unit_id in (earlier.unit_id, standing_unit(earlier.unit_id).pk)


def _give_to_least_loaded(run: StepRun, *, now: dt.datetime) -> None:
    chosen = least_loaded(candidates_for(run, now=now))
    if chosen is not None:
        run.holder_id = chosen.position_id
        run.holder_name = chosen.name


def unit_for(dossier: Dossier, step: Step) -> UUID:
    """Return the unit that works on a step, by the step's rule. Raises ``NoUnitForStep``."""
    rule = step.unit
    if rule.where == "reception":
        return dossier.return_desk_id if step.kind == "return" else dossier.reception_unit_id
    if rule.where == "agency":
        return dossier.agency_id
    if rule.where == "inside":
        unit = unit_inside(dossier.agency_id, rule.abbreviation)
    elif rule.where == "province":
        unit = province_unit(rule.abbreviation)
    else:
        unit = unit_by_code(str(value_at(dossier.data, rule.field) or ""))
    if unit is None:
        raise NoUnitForStep(step=step.name)
    # The form may name a unit that has merged meanwhile.
    return unit.id if unit.heir_id is None else unit.heir_id


def close_step(run: StepRun, outcome: Outcome | None, *, note: str, by: Actor, now: dt.datetime) -> None:
    """End a step with an outcome (None: it ends the dossier). What follows is opened by the caller."""
    run.state = STEP.after(run.state, "complete")
    run.outcome = outcome.key if outcome else ""
    run.outcome_label = outcome.label if outcome else ""
    run.note = note
    run.done_at = now
    run.done_by = by.name
    run.done_position = by.position
    if run.holder_id is None and by.position_id is not None:
        run.holder_id = by.position_id
        run.holder_name = by.name
    run.save()
    mark_clock(run.dossier, "stopped", at=now, step=run)
    WorkItem.objects.filter(step=run).delete()
    publish(StepClosed(dossier_id=run.dossier_id, step_id=run.id))


def cancel_open_steps(dossier: Dossier, *, now: dt.datetime) -> None:
    """End every open step without an outcome: the dossier has ended before its way did."""
    cancel_steps(list(StepRun.objects.filter(dossier=dossier, state="open")), now=now)


def cancel_steps(runs: Sequence[StepRun], *, now: dt.datetime) -> None:
    """End open steps without an outcome."""
    for run in runs:
        run.state = STEP.after(run.state, "cancel")
        run.done_at = now
        run.save(update_fields=["state", "done_at"])
        mark_clock(run.dossier, "stopped", at=now, step=run)
    WorkItem.objects.filter(step__in=runs).delete()


def reopen_step(run: StepRun, *, now: dt.datetime) -> None:
    """Open again a step that was ended by mistake, as if it had not been; its clock goes on."""
    run.state = STEP.after(run.state, "reopen")
    run.outcome = run.outcome_label = run.note = run.done_by = run.done_position = ""
    run.done_at = None
    run.opinion_file_id = None
    mark_clock(run.dossier, "resumed", at=now, step=run)
    reading = step_reading(run, now=now)
    run.due_at = reading.due_at
    run.save()
    WorkItem.objects.bulk_create([_work_item(run.dossier, run, reading)])
    publish(StepOpened(dossier_id=run.dossier_id, step_id=run.id, unit_id=run.unit_id))
