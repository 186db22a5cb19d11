"""Who somebody is to a dossier: what several permissions ask."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import coverage, may_at, signs_at
from dinh.onestop.models import Representation
from dinh.onestop.rules.results import signed_matters

if TYPE_CHECKING:
    from dinh.onestop.models import (
        Dossier,
        StepRun,
    )

__all__ = [
    "owns_dossier",
    "reads",
    "receives",
    "receives_at",
    "returns",
    "signs",
    "stands_for",
    "works",
]


def owns_dossier(by: Actor, dossier: "Dossier") -> bool:
    if by.kind != "citizen" or by.person_id is None:
        return False
    return dossier.owner_id == by.person_id or stands_for(by, dossier.representation_id)


def stands_for(by: Actor, representation_id: UUID | None) -> bool:
    """Whether the representation is the citizen's and holds today."""
    if representation_id is None or by.person_id is None:
        return False
    mine = Representation.objects.filter(pk=representation_id, person_id=by.person_id)
    return mine.standing(timezone.localdate()).exists()


def receives(by: Actor, dossier: "Dossier") -> bool:
    return may_at(by, "dossier.receive", dossier.reception_unit_id)


def receives_at(by: Actor, desk_id: UUID) -> bool:
    return may_at(by, "dossier.receive", desk_id)


def returns(by: Actor, dossier: "Dossier") -> bool:
    return may_at(by, "dossier.receive", dossier.return_desk_id)


def reads(by: Actor, dossier: "Dossier") -> bool:
    """An official who may see this dossier: a unit takes part that the right to read reaches."""
    if by.kind != "official":
        return False
    covered = coverage(by, "dossier.read")
    return covered.everything or dossier.involvements.filter(covered.q("unit_id")).exists()


def works(by: Actor, step: "StepRun") -> bool:
    """The step's role, held by the acting position at the step's unit, nobody else has claimed it, and what
    is signed there is within the position's authority.
    """
    if step.role not in by.roles or not signs(by, step) or not may_at(by, "step.work", step.unit_id):
        return False
    return step.holder_id is None or step.holder_id == by.position_id


def signs(by: Actor, step: "StepRun") -> bool:
    """Whether nothing has to be signed at the step, or the acting position has authority for all of it.

    Work lists ask the same in SQL (``queries/work.py: signable``). Law: NĐ 30/2020 Art. 13.
    """
    if step.kind != "sign":
        return True
    dossier = step.dossier
    return signs_at(by, dossier.agency_id, signed_matters(dossier.version.parts, dossier.data))
