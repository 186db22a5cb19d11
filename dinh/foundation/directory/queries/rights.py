"""Reads about rights: who acts, who holds which role."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from dinh.foundation.actions.public import Actor, FixedQuery, Grant, Signing
from dinh.foundation.directory.models import (
    Absence,
    Appointment,
    Role,
    RoleHolding,
    SigningAuthority,
    Unit,
    UnitClosure,
)
from dinh.foundation.directory.models.periods import in_period
from dinh.foundation.directory.permissions import MANAGE_ROLES
from dinh.kernel.errors import N_, NotAllowed, Refused, existing

__all__ = [
    "HeldPosition",
    "NotAppointed",
    "StandingRole",
    "access_role",
    "acting",
    "heads_of",
    "held_positions",
    "held_positions_of",
    "holders_of",
    "people_reaching",
    "people_with_permission",
    "people_with_role",
    "standing_roles",
]


class NotAppointed(Refused):
    message = N_(
        "Ông/Bà không còn giữ chức vụ này. Hãy chọn chức vụ khác, hoặc liên hệ quản trị danh bạ của cơ quan."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPosition:
    """A position that a person holds on some day, with what a screen shows of it."""

    person_id: UUID
    person_name: str
    position_id: UUID
    title: str
    rank: int
    kind: str
    unit_id: UUID
    unit_name: str
    agency_id: UUID | None
    agency_name: str
    from_on: dt.date
    until_on: dt.date | None


def acting(person_id: UUID, position_id: UUID, *, account_id: UUID | None, at: dt.datetime) -> Actor:
    """Return the actor of a person in one of their positions at a moment, with its grants and roles.

    One query. Raises ``NotAppointed`` when the person does not hold the position that day.
    """
    held = _HELD.first(person_id=person_id, position_id=position_id, day=timezone.localdate(at))
    if held is None:
        raise NotAppointed
    name, title, unit_id, unit_name, agency_id, stands_in_for, holdings, authorities = held
    return Actor(
        kind="official",
        name=name,
        account_id=account_id,
        person_id=person_id,
        position_id=position_id,
        position=f"{title}, {unit_name}",
        unit_id=unit_id,
        agency_id=agency_id,
        grants=tuple(
            Grant(code, holding["scope"], place)
            for holding in holdings
            for place in _places(holding)
            for code in holding["permissions"]
        ),
        roles=frozenset(holding["role"] for holding in holdings),
        stands_in_for=tuple(stands_in_for),
        signs=tuple(Signing(UUID(one["unit"]), tuple(one["matters"])) for one in authorities),
    )


def _places(holding: Mapping[str, Any]) -> list[UUID]:
    """Where a role is held; a right in one unit is a right in the closed ones it inherited from."""
    inherited = holding["closed"] if holding["scope"] == RoleHolding.Scope.UNIT else ()
    return [UUID(holding["unit"]), *map(UUID, inherited)]


def _absences(day: Any) -> QuerySet[Absence, Any]:
    """The positions for which a position stands in."""
    rows = Absence.objects.on(day).filter(substitute_id=OuterRef("position_id"), ended_at=None)
    return rows.order_by().values("position_id")


def _roles(day: Any) -> QuerySet[RoleHolding, Any]:
    """The roles that a position holds: code, permissions, scope, unit, and the units closed into it."""
    closed = Unit.objects.filter(heir_id=OuterRef("unit_id")).order_by().values("pk")
    return (
        RoleHolding.objects.on(day)
        .filter(position_id=OuterRef("position_id"))
        .order_by()
        .values(
            holding=JSONObject(
                role="role__code",
                permissions="role__permissions",
                scope="scope",
                unit="unit_id",
                closed=ArraySubquery(closed),
            )
        )
    )


def _authorities(day: Any) -> QuerySet[SigningAuthority, Any]:
    """What a position may sign that day: agency and matters. What is passed on falls with what it stands on;
    what stands on it never covers more, so its own matters say all. Three steps up are the longest way that
    NĐ 30/2020 Art. 13 knows (TM., TL., KT.); a longer one is refused at the moment of signing.
    """
    rows = SigningAuthority.objects.on(day).filter(position_id=OuterRef("position_id"))
    for source in ("derived_from", "derived_from__derived_from"):
        rows = rows.filter(Q(**{source: None}) | in_period(day, prefix=f"{source}__"))
    return rows.order_by().values(authority=JSONObject(unit="unit_id", matters="matters"))


# Read at every request of an official: columns, and SQL that is composed once.
_HELD: FixedQuery[
    tuple[str, str, UUID, str, UUID | None, list[UUID], list[dict[str, Any]], list[dict[str, Any]]]
] = FixedQuery(
    lambda person_id, position_id, day: (
        Appointment.objects.in_force(day)
        .filter(person_id=person_id, position_id=position_id)
        .order_by("pk")
        .values_list(
            "person__full_name",
            "position__title",
            "position__unit_id",
            "position__unit__name",
            "position__unit__agency_id",
            ArraySubquery(_absences(day)),
            ArraySubquery(_roles(day)),
            ArraySubquery(_authorities(day)),
        )[:1]
    ),
    person_id=UUID,
    position_id=UUID,
    day=dt.date,
)


def held_positions(person_id: UUID, on: dt.date) -> list[HeldPosition]:
    """Return the positions that the person holds that day, the main ones and the highest first."""
    held = _held(Q(person_id=person_id), on).order_by("position__rank", "from_on", "pk")
    return sorted(map(_shown, held), key=lambda one: one.kind != Appointment.Kind.MAIN)


def holders_of(position_id: UUID, on: dt.date) -> list[HeldPosition]:
    """Return who holds the position that day."""
    return [_shown(one) for one in _held(Q(position_id=position_id), on)]


def people_with_role(unit_id: UUID, role_code: str, *, on: dt.date | None = None) -> list[HeldPosition]:
    """Return who holds the role so that it reaches the unit, the nearest and highest first.

    A role reaches a unit held there (scopes own and unit), held above it (subtree), or anywhere
    (province). ``on`` is today when not given.
    """
    return _reaching(unit_id, Q(role__code=role_code), on or timezone.localdate())


def people_reaching(unit_id: UUID, code: str, *, on: dt.date | None = None) -> list[HeldPosition]:
    """Return whose permission ``code`` reaches the unit, the nearest and highest first, as
    ``people_with_role`` does. ``on`` is today when not given.
    """
    return _reaching(unit_id, Q(role__permissions__contains=[code]), on or timezone.localdate())


def _reaching(unit_id: UUID, roles: Q, day: dt.date) -> list[HeldPosition]:
    above = UnitClosure.objects.filter(descendant_id=unit_id).values("ancestor_id")
    reaching = (
        RoleHolding.objects.on(day)
        .filter(roles)
        .filter(
            Q(scope__in=["own", "unit"], unit_id=unit_id)
            | Q(scope="subtree", unit_id__in=above)
            | Q(scope="province")
        )
    )
    nearness = {"own": 0, "unit": 0, "subtree": 1, "province": 2}
    near: dict[UUID, int] = {}
    for position_id, scope in reaching.values_list("position_id", "scope"):
        near[position_id] = min(nearness[scope], near.get(position_id, 9))
    held = [_shown(one) for one in _held(Q(position_id__in=list(near)), day)]
    return sorted(held, key=lambda one: (near[one.position_id], one.rank, one.person_name))


@dataclass(frozen=True, slots=True)
class StandingRole:
    """A role as it stands: what it permits."""

    id: UUID
    code: str
    name: str
    permissions: frozenset[str]


def standing_roles() -> list[StandingRole]:
    """Return every role of the province, by code. One query."""
    rows = Role.objects.order_by("code").values_list("pk", "code", "name", "permissions")
    return [StandingRole(pk, code, name, frozenset(codes)) for pk, code, name, codes in rows]


def access_role(by: Actor, code: str) -> Role:
    """Return a role for whoever defines roles. Raises ``NotAllowed``, ``NotFound``."""
    if not MANAGE_ROLES.may(by, None):
        raise NotAllowed(reason=MANAGE_ROLES.label)
    role: Role = existing(Role.objects.all().filter(code=code).first())
    return role


def people_with_permission(code: str, *, on: dt.date | None = None) -> list[HeldPosition]:
    """Return who holds a permission anywhere in the province. ``on`` is today when not given."""
    day = on or timezone.localdate()
    holdings = RoleHolding.objects.on(day).filter(role__permissions__contains=[code])
    return [_shown(one) for one in _held(Q(position__in=holdings.values("position")), day)]


def heads_of(unit_id: UUID, *, on: dt.date | None = None, beside: Iterable[UUID] = ()) -> list[HeldPosition]:
    """Return who leads a unit that day: the holders of its head's post, or of the nearest one above it.

    ``beside`` are positions that do not count, as when the head is who the matter is about: then it is the
    next one above. Empty when nobody leads up to the top.
    """
    day = on or timezone.localdate()
    above = dict(UnitClosure.objects.filter(descendant_id=unit_id).values_list("ancestor_id", "depth"))
    heads = Q(position__is_head=True, position__unit_id__in=list(above))
    found = [_shown(one) for one in _held(heads & ~Q(position_id__in=list(beside)), day)]
    nearest = min((above[one.unit_id] for one in found), default=None)
    return [one for one in found if above[one.unit_id] == nearest]


def held_positions_of(condition: Q, on: dt.date) -> list[HeldPosition]:
    """Return the positions held that day by a condition over appointments, by rank within each person."""
    return [_shown(one) for one in _held(condition, on).order_by("position__rank", "from_on", "pk")]


def _held(condition: Q, on: dt.date) -> "QuerySet[Appointment]":
    found: Any = Appointment.objects.in_force(on).filter(condition)
    chosen: QuerySet[Appointment] = found.select_related("person", "position__unit__agency").order_by("pk")
    return chosen


def _shown(held: Appointment) -> HeldPosition:
    unit: Unit = held.position.unit
    return HeldPosition(
        person_id=held.person_id,
        person_name=held.person.full_name,
        position_id=held.position_id,
        title=held.position.title,
        rank=held.position.rank,
        kind=held.kind,
        unit_id=unit.pk,
        unit_name=unit.name,
        agency_id=unit.agency_id,
        agency_name=unit.agency.name if unit.agency else "",
        from_on=held.from_on,
        until_on=held.until_on,
    )
