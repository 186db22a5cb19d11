"""Whom a first key may be for: officials and units of the directory, each with the key that it has."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import (
    agencies_and_desks,
    get_official,
    get_unit,
    held_positions,
    officials_named,
)
from dinh.foundation.signing.models import Key
from dinh.foundation.signing.permissions import MANAGE_KEYS
from dinh.kernel.errors import NotAllowed, NotFound
from dinh.kernel.worktime import VIETNAM

__all__ = ["Owner", "owner_of_kind", "owners_named"]

DESK = "one_stop_desk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Somebody who may get a key, as a certificate names them. ``key_id``: the key that is in use."""

    kind: str
    id: UUID
    name: str
    agency: str
    title: str = ""
    unit: str = ""
    identity: str = ""
    key_id: UUID | None = None


def _check_manages(by: Actor) -> None:
    if not MANAGE_KEYS.may(by, None):
        raise NotAllowed(reason=MANAGE_KEYS.label)


def owners_named(by: Actor, words: str, *, now: dt.datetime) -> Sequence[Owner]:
    """Return up to twenty officials and twenty units whose name has the words. Raises ``NotAllowed``."""
    _check_manages(by)
    if not words.strip():
        return []
    day = now.astimezone(VIETNAM).date()
    found: dict[UUID, Owner] = {}
    for one in officials_named(words, on=day):
        found.setdefault(one.person_id, Owner(
            kind="person", id=one.person_id, name=one.person_name, agency=one.agency_name, title=one.title,
            unit=one.unit_name,
        ))  # fmt: skip
    units = [
        Owner(
            kind="desk" if unit.kind == DESK else "agency",
            id=unit.pk,
            name=unit.name,
            agency=unit.agency.name if unit.agency else unit.name,
            unit=unit.parent.name if unit.parent else "",
        )
        for unit in agencies_and_desks(words)
    ]
    owners = [*found.values(), *units]
    keys = _keys_in_use([one.id for one in owners], now)
    return [_with_key(one, keys) for one in owners]


def owner_of_kind(by: Actor, kind: str, owner_id: UUID, *, now: dt.datetime) -> Owner:
    """Return one possible owner. Raises ``NotAllowed``, ``NotFound``: nobody in office, no agency or desk."""
    _check_manages(by)
    keys = _keys_in_use([owner_id], now)
    if kind == "person":
        held = held_positions(owner_id, now.astimezone(VIETNAM).date())
        if not held:
            raise NotFound
        main = held[0]
        return _with_key(
            Owner(kind=kind, id=owner_id, name=main.person_name, agency=main.agency_name, title=main.title,
                  unit=main.unit_name, identity=get_official(owner_id).identity_number),
            keys,
        )  # fmt: skip
    unit = get_unit(owner_id)
    is_desk = unit.kind == DESK
    if (
        unit.valid_until is not None
        or kind != ("desk" if is_desk else "agency")
        or not (is_desk or unit.is_agency)
    ):
        raise NotFound
    agency = unit.agency.name if unit.agency else unit.name
    return _with_key(
        Owner(kind=kind, id=unit.pk, name=unit.name, agency=agency, unit=unit.name if is_desk else ""), keys
    )


def _keys_in_use(owner_ids: Sequence[UUID], now: dt.datetime) -> Mapping[UUID, UUID]:
    """The key that stands in the way of another one: neither revoked, retired nor ended."""
    rows = Key.objects.filter(owner_id__in=owner_ids, revoked_at=None, retired_at=None, valid_until__gt=now)
    return dict(rows.values_list("owner_id", "pk"))


def _with_key(owner: Owner, keys: Mapping[UUID, UUID]) -> Owner:
    return replace(owner, key_id=keys.get(owner.id))
