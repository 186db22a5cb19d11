"""The verb of a whole organisation at once: for sample data and for a province's first load."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from dinh.foundation.actions.public import SYSTEM_ONLY, Actor, action
from dinh.foundation.directory.actions.tree import one_at_a_time, rebuild
from dinh.foundation.directory.actions.units import UnitDraft
from dinh.foundation.directory.models import (
    Appointment,
    Person,
    Position,
    PositionPlacement,
    Role,
    RoleHolding,
    SigningAuthority,
    Unit,
    UnitName,
    UnitPlacement,
)
from dinh.foundation.directory.queries.signing import plain_authority
from dinh.foundation.directory.rules.organisation import check_code, kind_of
from dinh.foundation.directory.rules.signing import check_authority

__all__ = [
    "AuthoritySeed",
    "Loaded",
    "PersonSeed",
    "PositionSeed",
    "RoleSeed",
    "UnitSeed",
    "load_organisation",
    "load_people",
]

_BATCH = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitSeed(UnitDraft):
    """A unit of a load; ``parent`` is a code, given before (in the load or in the directory)."""

    parent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleSeed:
    """A role of a load: a code and its permissions."""

    code: str
    name: str
    permissions: Sequence[str]
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionSeed:
    """A position of a load. ``roles`` are (role code, scope, unit code; empty: the position's unit)."""

    code: str
    unit: str
    title: str
    rank: int = 50
    is_head: bool = False
    is_single: bool = False
    roles: Sequence[tuple[str, str, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthoritySeed:
    """An authority to sign of a load: the position's code, the agency's code, and its words."""

    position: str
    unit: str
    mark: str = ""
    matters: Sequence[str] = ("*",)
    collective: str = ""
    on_behalf_of: str = ""
    basis: str = ""
    until_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSeed:
    """A person of a load; ``positions`` are codes. Citizens have neither staff code nor positions."""

    full_name: str
    staff_code: str = ""
    birth_date: dt.date | None = None
    identity_number: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    positions: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """Identifiers of what was loaded: units, positions and roles by code, people in the order given."""

    units: dict[str, UUID] = field(default_factory=dict)
    positions: dict[str, UUID] = field(default_factory=dict)
    roles: dict[str, UUID] = field(default_factory=dict)
    people: list[UUID] = field(default_factory=list)


@one_at_a_time
@action("directory.sample_loaded", permission=SYSTEM_ONLY)
def load_organisation(
    units: Iterable[UnitSeed],
    *,
    roles: Iterable[RoleSeed] = (),
    positions: Iterable[PositionSeed] = (),
    people: Iterable[PersonSeed] = (),
    authorities: Iterable[AuthoritySeed] = (),
    on: dt.date,
    by: Actor,
) -> Loaded:
    """Load a whole organisation that stands from a day on, in bulk: 5,000 units and 20,000 people in
    seconds. One audit entry, no events: it is for a directory in which nothing else has happened yet.

    Parents come before children. Raises ``KeyError`` for a code that is not known, ``AgencyCodeWrong``
    and ``BadAuthority`` for what the rules refuse, and ``IntegrityError`` for a code given twice.
    """
    loaded = Loaded()
    _load_units(list(units), loaded, on)
    _load_roles(roles, loaded)
    _load_positions(list(positions), loaded, on)
    _load_people(list(people), loaded, on)
    _load_authorities(authorities, loaded, on)
    return loaded


@action("directory.people_loaded", permission=SYSTEM_ONLY)
def load_people(people: Iterable[PersonSeed], *, on: dt.date, by: Actor) -> Loaded:
    """Load people in bulk, citizens or officials whose positions are already in the directory."""
    seeds = list(people)
    wanted = {code for seed in seeds for code in seed.positions}
    loaded = Loaded(positions=dict(Position.objects.filter(code__in=wanted).values_list("code", "pk")))
    _load_people(seeds, loaded, on)
    return loaded


def _load_units(seeds: list[UnitSeed], loaded: Loaded, on: dt.date) -> None:
    known = {seed.code for seed in seeds}
    outside = {seed.parent for seed in seeds if seed.parent and seed.parent not in known}
    parents: dict[str, UUID] = dict(Unit.objects.filter(code__in=outside).values_list("code", "pk"))
    rows = []
    for seed in seeds:
        check_code(seed.code)
        is_agency = kind_of(seed.kind).is_agency if seed.is_agency is None else seed.is_agency
        unit = Unit(
            code=seed.code,
            old_code=seed.old_code,
            name=seed.name,
            short_name=seed.short_name,
            abbreviation=seed.abbreviation,
            kind=seed.kind,
            level=seed.level,
            is_agency=is_agency,
            parent_id=parents[seed.parent] if seed.parent else None,
            valid_from=on,
            display_order=seed.display_order,
            address=seed.address,
            phone=seed.phone,
            email=seed.email,
        )
        unit.compute()
        rows.append(unit)
        parents[seed.code] = loaded.units[seed.code] = unit.pk
    Unit.objects.bulk_create(rows, batch_size=_BATCH)
    UnitPlacement.objects.bulk_create(
        (UnitPlacement(unit=unit, parent_id=unit.parent_id, from_on=on) for unit in rows), batch_size=_BATCH
    )
    UnitName.objects.bulk_create(
        (
            UnitName(
                unit=unit,
                name=unit.name,
                short_name=unit.short_name,
                abbreviation=unit.abbreviation,
                from_on=on,
            )
            for unit in rows
        ),
        batch_size=_BATCH,
    )
    rebuild(unit.pk for unit in rows)


def _load_roles(seeds: Iterable[RoleSeed], loaded: Loaded) -> None:
    for seed in seeds:
        values = {
            "name": seed.name,
            "permissions": sorted(set(seed.permissions)),
            "description": seed.description,
        }
        role, _made = Role.objects.update_or_create(code=seed.code, defaults=values)
        loaded.roles[seed.code] = role.pk


def _load_positions(seeds: list[PositionSeed], loaded: Loaded, on: dt.date) -> None:
    rows, placements, holdings = [], [], []
    for seed in seeds:
        position = Position(
            code=seed.code,
            unit_id=loaded.units[seed.unit],
            title=seed.title,
            rank=seed.rank,
            is_head=seed.is_head,
            is_single=seed.is_single,
            valid_from=on,
        )
        rows.append(position)
        loaded.positions[seed.code] = position.pk
        placements.append(PositionPlacement(position=position, unit_id=position.unit_id, from_on=on))
        for role, scope, unit in seed.roles:
            at = loaded.units[unit] if unit else position.unit_id
            holdings.append(
                RoleHolding(
                    position=position, role_id=loaded.roles[role], scope=scope, unit_id=at, from_on=on
                )
            )
    Position.objects.bulk_create(rows, batch_size=_BATCH)
    PositionPlacement.objects.bulk_create(placements, batch_size=_BATCH)
    RoleHolding.objects.bulk_create(holdings, batch_size=_BATCH)


def _load_people(seeds: list[PersonSeed], loaded: Loaded, on: dt.date) -> None:
    rows, appointments = [], []
    single = _single_positions(loaded)
    for seed in seeds:
        person = Person(
            full_name=seed.full_name,
            staff_code=seed.staff_code or None,
            birth_date=seed.birth_date,
            identity_number=seed.identity_number,
            phone=seed.phone,
            email=seed.email,
            address=seed.address,
        )
        person.compute()
        rows.append(person)
        loaded.people.append(person.pk)
        for number, code in enumerate(seed.positions):
            position_id = loaded.positions[code]
            appointments.append(
                Appointment(
                    person=person,
                    position_id=position_id,
                    kind=Appointment.Kind.CONCURRENT if number else Appointment.Kind.MAIN,
                    from_on=on,
                    is_single=position_id in single,
                )
            )
    Person.objects.bulk_create(rows, batch_size=_BATCH)
    Appointment.objects.bulk_create(appointments, batch_size=_BATCH)


def _single_positions(loaded: Loaded) -> set[UUID]:
    ids = list(loaded.positions.values())
    return set(Position.objects.filter(pk__in=ids, is_single=True).values_list("pk", flat=True))


def _load_authorities(seeds: Iterable[AuthoritySeed], loaded: Loaded, on: dt.date) -> None:
    chosen = list(seeds)
    positions = Position.objects.in_bulk([loaded.positions[seed.position] for seed in chosen])
    rows = []
    for seed in chosen:
        authority = SigningAuthority(
            position=positions[loaded.positions[seed.position]],
            unit_id=loaded.units[seed.unit],
            mark=seed.mark,
            collective=seed.collective,
            on_behalf_of=seed.on_behalf_of,
            matters=list(seed.matters),
            basis=seed.basis,
            from_on=on,
            until_on=seed.until_on,
        )
        check_authority(plain_authority(authority))
        rows.append(authority)
    SigningAuthority.objects.bulk_create(rows, batch_size=_BATCH)
