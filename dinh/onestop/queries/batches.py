"""Rows of the work list that somebody has ticked, and what one act would do to each."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from dinh.foundation.actions.public import Actor
from dinh.kernel.errors import Refused
from dinh.onestop.models import StepRun
from dinh.onestop.permissions import ASSIGN_STEP, WORK_ON_STEP
from dinh.onestop.queries.assigning import candidates_of
from dinh.onestop.queries.standing import who_acts
from dinh.onestop.queries.work import WorkRow, rows_within_reach
from dinh.onestop.rules.assigning import Candidate
from dinh.onestop.rules.batches import BATCH_ACTS, MOST_AT_ONCE, check_kind, only_way

__all__ = ["TickedRow", "candidates_for_all", "steps_ticked", "ticked"]


@dataclass(frozen=True, slots=True)
class TickedRow:
    """One ticked row: ``will`` is what would be done in words of the procedure, ``why_not`` the rule that
    stands against it (None: nothing known).
    """

    row: WorkRow
    will: str
    why_not: Refused | None


def ticked(by: Actor, act: str, step_ids: Iterable[UUID], *, now: dt.datetime) -> list[TickedRow]:
    """Return the ticked rows within reach, the first due first, with what the act would do to each.

    Rows out of reach, or gone meanwhile, are left out. Nothing is written.
    """
    rows = rows_within_reach(by, list(step_ids)[:MOST_AT_ONCE])
    steps = {step.id: step for step in steps_ticked(by, [row.step_id for row in rows])}
    return [_ticked(by, act, row, steps[row.step_id], now=now) for row in rows]


def steps_ticked(by: Actor, step_ids: Sequence[UUID]) -> list[StepRun]:
    """Return the open steps of these ids within reach, with dossier and version, the first due first."""
    reached = [row.step_id for row in rows_within_reach(by, step_ids)]
    found = StepRun.objects.select_related("unit", "dossier__version").in_bulk(reached)
    return [found[step_id] for step_id in reached]


def _ticked(by: Actor, act: str, row: WorkRow, step: StepRun, *, now: dt.datetime) -> TickedRow:
    by = by if act == "assign" else who_acts(by, step, now=now)
    permission = ASSIGN_STEP if act == "assign" else WORK_ON_STEP
    try:
        check_kind(
            act, step.kind, name=step.name, is_allowed=permission.may(by, step), is_waiting=row.is_waiting
        )
        if act != "forward":
            return TickedRow(row, BATCH_ACTS[act], None)
        return TickedRow(
            row, only_way(step.dossier.version.parts.step(step.key), step.dossier.data).label, None
        )
    except Refused as refused:
        return TickedRow(row, "", refused)


def candidates_for_all(rows: Sequence[TickedRow], *, now: dt.datetime) -> list[Candidate]:
    """Return who could be given every one of the rows that can be given at all, the least loaded first."""
    found: list[Candidate] | None = None
    places = {
        (row.unit_id, row.role, row.agency_id, row.matters)
        for row in (one.row for one in rows if one.why_not is None)
    }
    for unit_id, role, agency_id, matters in sorted(places):
        signing = (agency_id, matters.split(",")) if matters else None
        able = candidates_of(unit_id, role, signing=signing, now=now)
        ids = {one.position_id for one in able}
        found = able if found is None else [one for one in found if one.position_id in ids]
    return found or []
