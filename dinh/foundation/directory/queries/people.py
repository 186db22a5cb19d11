"""Reads about people and positions, for lists and pages."""

import base64
import datetime as dt
import json
from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from dinh.foundation.actions.public import Actor, FixedQuery
from dinh.foundation.directory.models import Appointment, Person, Position, RightsNotice, RoleHolding, Unit
from dinh.foundation.directory.permissions import MANAGE_DIRECTORY, coverage
from dinh.foundation.directory.queries.rights import HeldPosition, held_positions_of
from dinh.kernel.errors import NotFound, existing

__all__ = [
    "ListedPerson",
    "PeoplePage",
    "PositionSummary",
    "find_person",
    "own_person",
    "get_official",
    "get_person",
    "list_people",
    "officials_named",
    "person_by_staff_code",
    "positions_of_people",
    "positions_of_person",
    "positions_under",
    "positions_of_unit",
    "unconfirmed_rights",
    "visible_people",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPerson:
    """A line of the list of people, with the positions held today."""

    id: UUID
    staff_code: str
    full_name: str
    email: str
    phone: str
    held: tuple[HeldPosition, ...]


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of people; ``older`` and ``newer`` are the keys of the pages after and before, or empty."""

    rows: tuple[ListedPerson, ...]
    older: str
    newer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionSummary:
    """A position of a unit: who holds it, how many roles it has."""

    id: UUID
    code: str
    title: str
    rank: int
    is_head: bool
    is_single: bool
    valid_until: dt.date | None
    holders: tuple[HeldPosition, ...]
    roles: int


def visible_people(by: Actor) -> "QuerySet[Person]":
    """Return the people who hold, held or will hold a position that the actor manages."""
    appointed = Appointment.objects.filter(coverage(by, MANAGE_DIRECTORY.code).q("position__unit_id"))
    found: QuerySet[Person] = Person.objects.filter(pk__in=appointed.values("person_id"))
    return found


def get_person(by: Actor, person_id: UUID) -> Person:
    """Return a person whom the actor manages: one appointed within reach, or one not yet appointed.

    Citizens are not staff and are never found here. Raises ``NotFound``.
    """
    person = visible_people(by).filter(pk=person_id).first()
    if person is None and by.holds(MANAGE_DIRECTORY.code):
        unplaced = Person.objects.filter(pk=person_id, staff_code__isnull=False)
        person = unplaced.exclude(Exists(Appointment.objects.filter(person=OuterRef("pk")))).first()
    if person is None:
        raise NotFound
    return person


def own_person(by: Actor) -> Person:
    """Return the person who acts. Raises ``NotFound`` when nobody does (a visitor, the system)."""
    found: Person | None = Person.objects.filter(pk=by.person_id).first() if by.person_id else None
    if found is None:
        raise NotFound
    return found


_BY_NUMBER: FixedQuery[Person] = FixedQuery(
    lambda number: Person.objects.filter(identity_number=number).order_by("pk")[:1], number=str
)


def find_person(identity_number: str) -> Person | None:
    """Return the person of an identity number, exactly as written on the card, or None."""
    if not identity_number:
        return None
    return _BY_NUMBER.first(number=identity_number)


def list_people(
    by: Actor, *, unit_id: UUID | None = None, words: str = "", key: str = "", limit: int = 50
) -> PeoplePage:
    """Return a page of the people appointed today in units that the actor manages, by name.

    ``unit_id`` narrows to the unit and all below it; ``key`` is a page's key from a page before.
    """
    today = timezone.localdate()
    held = Appointment.objects.in_force(today).filter(
        coverage(by, MANAGE_DIRECTORY.code).q("position__unit_id")
    )
    if unit_id is not None:
        below = Unit.objects.under(unit_id).values("pk")
        held = held.filter(position__unit_id__in=below)
    people = Person.objects.filter(pk__in=held.values("person_id")).matching(words)
    backwards, condition = _from_key(key)
    order = ("-sort_key", "-pk") if backwards else ("sort_key", "pk")
    rows = list(people.filter(condition).order_by(*order)[: limit + 1])
    more, rows = len(rows) > limit, rows[:limit]
    if backwards:
        rows.reverse()
    has_older = bool(rows) and (more or backwards)
    has_newer = bool(rows) and ((more and backwards) or (bool(key) and not backwards))
    return PeoplePage(
        rows=_listed(rows, today),
        older=_key(">", rows[-1]) if has_older else "",
        newer=_key("<", rows[0]) if has_newer else "",
    )


def _key(direction: str, person: Person) -> str:
    plain = json.dumps([direction, person.sort_key, str(person.pk)])
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def _from_key(key: str) -> tuple[bool, Q]:
    """Return whether the page goes backwards, and its condition; a key that is no key is the first page."""
    if not key:
        return False, Q()
    try:
        direction, sort_key, pk = json.loads(base64.urlsafe_b64decode(f"{key}==="))
        last = UUID(pk)
    except (ValueError, TypeError, AttributeError):
        return False, Q()
    if not isinstance(sort_key, str) or "\x00" in sort_key:
        return False, Q()
    if direction == "<":
        return True, Q(sort_key__lt=sort_key) | Q(sort_key=sort_key, pk__lt=last)
    return False, Q(sort_key__gt=sort_key) | Q(sort_key=sort_key, pk__gt=last)


def _listed(people: list[Person], today: dt.date) -> tuple[ListedPerson, ...]:
    held = positions_of_people([person.pk for person in people], today)
    return tuple(
        ListedPerson(
            id=person.pk,
            staff_code=person.staff_code or "",
            full_name=person.full_name,
            email=person.email,
            phone=person.phone,
            held=tuple(held[person.pk]),
        )
        for person in people
    )


def positions_of_people(person_ids: list[UUID], today: dt.date) -> dict[UUID, list[HeldPosition]]:
    """Return the positions that each of the people holds that day, the highest first. One query."""
    held: dict[UUID, list[HeldPosition]] = defaultdict(list)
    for one in held_positions_of(Q(person_id__in=person_ids), today):
        held[one.person_id].append(one)
    return held


def positions_of_unit(unit_id: UUID) -> list[PositionSummary]:
    """Return the standing positions of a unit in their order, with holders and number of roles."""
    today = timezone.localdate()
    positions = list(Position.objects.filter(unit_id=unit_id, valid_until=None).order_by("rank", "code"))
    ids = [position.pk for position in positions]
    holders: dict[UUID, list[HeldPosition]] = defaultdict(list)
    for one in held_positions_of(Q(position_id__in=ids), today):
        holders[one.position_id].append(one)
    roles: dict[UUID, int] = defaultdict(int)
    granted = RoleHolding.objects.on(today).filter(position_id__in=ids)
    for position_id in granted.values_list("position_id", flat=True):
        roles[position_id] += 1
    return [
        PositionSummary(
            id=position.pk,
            code=position.code,
            title=position.title,
            rank=position.rank,
            is_head=position.is_head,
            is_single=position.is_single,
            valid_until=position.valid_until,
            holders=tuple(holders[position.pk]),
            roles=roles[position.pk],
        )
        for position in positions
    ]


def unconfirmed_rights(person_id: UUID) -> list[RightsNotice]:
    """Return the changes of rights that the person has not yet said they know of, newest first."""
    unread = RightsNotice.objects.filter(person_id=person_id, confirmed_at=None)
    return list(unread.select_related("position__unit"))


def person_by_staff_code(staff_code: str) -> Person | None:
    """Return the official of a staff code, or None."""
    if not staff_code:
        return None
    found: Person | None = Person.objects.filter(staff_code=staff_code).first()
    return found


def positions_under(unit_id: UUID) -> list[Position]:
    """Return the standing positions of a unit and of all below it that belong to the same agency."""
    below = Unit.objects.under(unit_id).filter(Q(agency_id=unit_id) | Q(parent_id=unit_id)).values("pk")
    rows = Position.objects.filter(unit_id__in=below, valid_until=None).select_related("unit")
    return list(rows.order_by("rank", "unit__sort_key", "code")[:500])


def positions_of_person(by: Actor, words: str, *, limit: int = 20) -> list[HeldPosition]:
    """Return the positions within reach that people hold today whose name or staff code matches."""
    today = timezone.localdate()
    reach = coverage(by, MANAGE_DIRECTORY.code).q("position__unit_id")
    people = Person.objects.matching(words).values("pk")
    return held_positions_of(reach & Q(person_id__in=people), today)[:limit]


def officials_named(words: str, *, on: dt.date, limit: int = 20) -> list[HeldPosition]:
    """Return the positions that people hold that day whose name or staff code matches, in the whole province.

    For a room that asks its own permission, as who manages keys does.
    """
    people = Person.objects.matching(words).values("pk")
    return held_positions_of(Q(person_id__in=people), on)[:limit]


def get_official(person_id: UUID) -> Person:
    """Return a person who holds or held a position. Raises ``NotFound``."""
    found = Person.objects.filter(Exists(Appointment.objects.filter(person=OuterRef("pk"))), pk=person_id)
    person: Person = existing(found.first())
    return person
