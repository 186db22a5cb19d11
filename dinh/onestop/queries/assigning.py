"""Who can be given a step, and how much each of them has to do."""

import datetime as dt
from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from dinh.foundation.directory.public import (
    HeldPosition,
    away,
    get_unit,
    people_with_role,
    signers_of,
)
from dinh.onestop.models import StepRun, WorkItem
from dinh.onestop.queries.work import overdue_work
from dinh.onestop.rules.assigning import Candidate
from dinh.onestop.rules.results import signed_matters

__all__ = ["able_at", "candidates_for", "candidates_of", "held_work", "may_sign"]


def able_at(step: StepRun, *, on: dt.date) -> list[HeldPosition]:
    """Return who could take a step that nobody holds: all of the role in the unit itself, or else the three
    nearest whose role reaches it; for a signature only who has the authority.
    """
    able = people_with_role(step.unit_id, step.role, on=on)
    if (signing := _signed_at(step)) is not None:
        signers = may_sign(*signing, on=on)
        able = [one for one in able if one.position_id in signers]
    return [one for one in able if one.unit_id == step.unit_id] or able[:3]


def candidates_for(step: StepRun, *, now: dt.datetime) -> list[Candidate]:
    """Return who can do the step: whoever has its role at its unit, in the same agency."""
    return candidates_of(step.unit_id, step.role, signing=_signed_at(step), now=now)


def _signed_at(step: StepRun) -> tuple[UUID, Sequence[str]] | None:
    if step.kind != "sign":
        return None
    dossier = step.dossier
    return dossier.agency_id, signed_matters(dossier.version.parts, dossier.data)


def candidates_of(
    unit_id: UUID, role: str, *, signing: tuple[UUID, Sequence[str]] | None = None, now: dt.datetime
) -> list[Candidate]:
    """Return who has the role at the unit and belongs to its agency, the least loaded first.

    ``signing``: where a signature is due and for which matters; only who may sign them all is named then.

    A role that reaches the unit from far above (the district's chairman over its communes) gives the right
    to do the step, but nobody hands work up like this.
    """
    agency_id = get_unit(unit_id).agency_id
    held = [
        one
        for one in people_with_role(unit_id, role, on=timezone.localdate(now))
        if one.unit_id == unit_id or one.agency_id == agency_id
    ]
    if signing is not None:
        able = may_sign(*signing, on=timezone.localdate(now))
        held = [one for one in held if one.position_id in able]
    at_unit = [one for one in held if one.unit_id == unit_id]
    chosen = {one.position_id: one for one in at_unit or held}
    loads = held_work(chosen, now=now)
    absent = away(chosen, on=timezone.localdate(now))
    found = [
        Candidate(
            position_id=one.position_id,
            name=one.person_name,
            title=one.title,
            open=loads.get(one.position_id, (0, 0))[0],
            overdue=loads.get(one.position_id, (0, 0))[1],
            is_away=one.position_id in absent,
            stand_in=absent.get(one.position_id, ""),
        )
        for one in chosen.values()
    ]
    return sorted(found, key=lambda one: (one.is_away, one.open, one.overdue, one.name))


def may_sign(agency_id: UUID, matters: Sequence[str], *, on: dt.date) -> set[UUID]:
    """Return the positions that may sign all these matters for the agency that day."""
    able = [{one.position_id for one in signers_of(agency_id, on, matter)} for matter in matters]
    return set.intersection(*able) if able else set()


def held_work(position_ids: Collection[UUID], *, now: dt.datetime) -> dict[UUID, tuple[int, int]]:
    """Return (open, overdue) steps that each of the positions holds; one query."""
    rows: Sequence[tuple[UUID, int, int]] = list(
        WorkItem.objects.filter(holder_id__in=list(position_ids))
        .order_by()
        .values_list("holder_id")
        .annotate(open=Count("pk"), overdue=Count("pk", filter=overdue_work(now)))
    )
    return {holder: (held, overdue) for holder, held, overdue in rows}
