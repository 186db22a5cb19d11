"""Who represents whom, as both of them see it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet

from dinh.foundation.actions.public import Actor
from dinh.foundation.files.public import FileCard, describe
from dinh.kernel.errors import NotFound, existing
from dinh.onestop.models import Representation
from dinh.onestop.rules.representation import REPRESENTED_KINDS, relation_label

if TYPE_CHECKING:
    from dinh.foundation.files.models import File

__all__ = [
    "RepresentationCard",
    "access_proof",
    "access_representation",
    "representations_of",
    "standing_representation",
    "visible_representations",
]


@dataclass(frozen=True, slots=True)
class RepresentationCard:
    """One representation. ``kind`` and ``relation`` are keys of the catalogue; ``is_mine``: the reader stands
    for the party (else somebody stands for the reader). ``state``: standing, expired, ended.
    ``confirmed_at``: when the enterprise registry said the same.
    """

    id: UUID
    kind_code: str
    kind: str
    relation: str
    representative: str
    name: str
    identity: str
    proof: FileCard | None
    confirmed_at: dt.datetime | None
    until_on: dt.date | None
    begun_at: dt.datetime
    ended_at: dt.datetime | None
    ended_by: str
    is_mine: bool
    state: str


def visible_representations(by: Actor) -> "QuerySet[Representation]":
    """Those in which the citizen stands for somebody, or somebody for the citizen."""
    if by.kind != "citizen" or by.person_id is None:
        return Representation.objects.none()
    rows = Representation.objects.filter(Q(person_id=by.person_id) | Q(principal_id=by.person_id))
    return rows.select_related("person", "proof", "registry_check")


def representations_of(by: Actor, *, today: dt.date) -> Sequence[RepresentationCard]:
    """Return the citizen's representations of both directions, the newest first, at most 100."""
    return [_card(row, by=by, today=today) for row in visible_representations(by)[:100]]


def _card(row: Representation, *, by: Actor, today: dt.date) -> RepresentationCard:
    state = "standing" if row.stands_on(today) else "ended" if row.ended_at else "expired"
    return RepresentationCard(
        id=row.pk,
        kind_code=row.kind,
        kind=REPRESENTED_KINDS[row.kind],
        relation=relation_label(row.relation),
        representative=row.person.full_name,
        name=row.name,
        identity=row.identity,
        proof=describe(row.proof) if row.proof is not None else None,
        confirmed_at=row.registry_check.asked_at if row.registry_check is not None else None,
        until_on=row.until_on,
        begun_at=row.begun_at,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        is_mine=row.person_id == by.person_id,
        state=state,
    )


def access_representation(by: Actor, representation_id: UUID) -> Representation:
    """Return a representation in which the citizen takes part. Raises ``NotFound``."""
    return existing(visible_representations(by).filter(pk=representation_id).first())


def standing_representation(by: Actor, representation_id: UUID, *, today: dt.date) -> Representation:
    """Return one under which the citizen may file today. Raises ``NotFound``."""
    row = visible_representations(by).filter(pk=representation_id).first()
    if row is None or row.person_id != by.person_id or not row.stands_on(today):
        raise NotFound
    return row


def access_proof(by: Actor, representation_id: UUID) -> "File":
    """Return the file that proves a representation, for either side. Raises ``NotFound``."""
    return existing(access_representation(by, representation_id).proof)
