"""Reads about absences: who is away, who can stand in, and the actor that a substitute then is."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.models import Absence, Appointment, Position
from dinh.foundation.directory.permissions import MARK_ABSENCE, coverage, may_at
from dinh.foundation.directory.queries.rights import (
    HeldPosition,
    acting,
    held_positions_of,
    holders_of,
)
from dinh.kernel.errors import NotFound

__all__ = [
    "AbsenceCard",
    "absence_card",
    "absences_of",
    "access_absence",
    "access_position",
    "away",
    "can_stand_in",
    "in_place_of",
    "people_of_unit",
    "substitutes_for",
    "vacant_among",
    "visible_absences",
]

READ_WORK = "work.read"


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceCard:
    """One absence as a screen shows it; ``last_on`` is the last day away."""

    id: UUID
    position_id: UUID
    name: str
    title: str
    unit_name: str
    substitute: str
    substitute_title: str
    substitute_person_ids: tuple[UUID, ...]
    from_on: dt.date
    last_on: dt.date
    reason: str
    marked_by: str
    is_now: bool


def _standing(on: dt.date) -> Q:
    return Q(ended_at=None, until_on__gt=on)


def visible_absences(by: Actor) -> "list[AbsenceCard]":
    """Return absences that run or are to come: one's own, those one stands in for, those of one's units."""
    if by.kind != "official":
        return []
    mine = Q(position_id=by.position_id) | Q(substitute_id=by.position_id)
    reach = coverage(by, MARK_ABSENCE.code).q("position__unit_id")
    return absences_of(mine | reach)


def absences_of(condition: Q, *, on: dt.date | None = None) -> list[AbsenceCard]:
    """Return the standing absences of a condition, the first to begin first."""
    day = on or timezone.localdate()
    rows = Absence.objects.filter(_standing(day)).filter(condition).distinct()
    found = rows.select_related("position__unit", "person", "substitute").order_by("from_on", "pk")
    return [_card(row, day) for row in found[:200]]


def _card(row: Absence, day: dt.date) -> AbsenceCard:
    stand_ins = holders_of(row.substitute_id, max(day, row.from_on))
    return AbsenceCard(
        id=row.pk,
        position_id=row.position_id,
        name=row.person.full_name,
        title=row.position.title,
        unit_name=row.position.unit.name,
        substitute=", ".join(one.person_name for one in stand_ins),
        substitute_title=row.substitute.title,
        substitute_person_ids=tuple(one.person_id for one in stand_ins),
        from_on=row.from_on,
        last_on=row.until_on - dt.timedelta(days=1),
        reason=row.reason,
        marked_by=row.marked_by,
        is_now=row.from_on <= day,
    )


def absence_card(absence_id: UUID) -> AbsenceCard:
    """Return one absence, also one that was ended, for a message about it."""
    row = Absence.objects.select_related("position__unit", "person", "substitute").get(pk=absence_id)
    return _card(row, timezone.localdate())


def access_position(by: Actor, position_id: UUID) -> Position:
    """Return a position whose holder the actor may mark as away. Raises ``NotFound``."""
    row = Position.objects.select_related("unit").filter(pk=position_id).first()
    if row is None or not MARK_ABSENCE.may(by, row):
        raise NotFound
    return row


def access_absence(by: Actor, absence_id: UUID) -> Absence:
    """Return an absence that the actor may end. Raises ``NotFound``."""
    row: Absence | None = Absence.objects.select_related("position").filter(pk=absence_id).first()
    if row is None or not MARK_ABSENCE.may(by, row):
        raise NotFound
    return row


def away(position_ids: Collection[UUID], *, on: dt.date) -> dict[UUID, str]:
    """Return who of these positions is away that day, with the name of who stands in; one or two queries."""
    rows = Absence.objects.filter(_standing(on), from_on__lte=on, position_id__in=list(position_ids))
    found = dict(rows.values_list("position_id", "substitute_id"))
    if not found:
        return {}
    names = {
        one.position_id: one.person_name
        for one in held_positions_of(Q(position_id__in=list(found.values())), on)
    }
    return {position_id: names.get(substitute, "") for position_id, substitute in found.items()}


def people_of_unit(unit_id: UUID) -> list[HeldPosition]:
    """Return who holds the positions of a unit today, by rank."""
    return held_positions_of(Q(position__unit_id=unit_id), timezone.localdate())


def vacant_among(position_ids: Iterable[UUID], *, on: dt.date) -> set[UUID]:
    """Return those of the positions that nobody holds that day; one query."""
    asked = set(position_ids)
    held = Appointment.objects.in_force(on).filter(position_id__in=asked)
    return asked - set(held.order_by().values_list("position_id", flat=True))


def substitutes_for(position: Position, *, at: dt.datetime) -> list[HeldPosition]:
    """Return who could stand in for the holder today: of the same unit, or who leads in the agency."""
    day = timezone.localdate(at)
    agency_id = position.unit.agency_id
    near = Q(position__unit_id=position.unit_id) | Q(position__unit_id=agency_id, position__rank__lte=10)
    held = [
        one
        for one in held_positions_of(near, day)
        if one.position_id != position.pk
        and can_stand_in(one.position_id, position, from_on=day, until_on=day + dt.timedelta(days=1), at=at)
    ]
    return held[:50]


def can_stand_in(
    substitute_id: UUID, position: Position, *, from_on: dt.date, until_on: dt.date, at: dt.datetime
) -> bool:
    """Whether the post is of the same agency, held, not away in those days, and sees the unit's work."""
    holder = next(iter(holders_of(substitute_id, max(from_on, timezone.localdate(at)))), None)
    if holder is None or substitute_id == position.pk or holder.agency_id != position.unit.agency_id:
        return False
    overlapping = Absence.objects.filter(
        position_id=substitute_id, ended_at=None, from_on__lt=until_on, until_on__gt=from_on
    )
    if overlapping.exists():
        return False
    actor = acting(holder.person_id, substitute_id, account_id=None, at=at)
    return may_at(actor, READ_WORK, position.unit_id)


def in_place_of(by: Actor, position_id: UUID, *, only: Collection[str], at: dt.datetime) -> Actor:
    """Return the actor that ``by`` is while standing in for a position: its place, roles, and those of its
    rights that are named in ``only``; the name stays theirs, and the log says for whom they act.

    Raises ``NotFound`` when they do not stand in for it at that moment. Three queries.
    """
    day = timezone.localdate(at)
    row = (
        Absence.objects.filter(_standing(day), from_on__lte=day, position_id=position_id)
        .filter(substitute_id=by.position_id)
        .select_related("person")
        .first()
    )
    holder = next(iter(holders_of(position_id, day)), None)
    if row is None or holder is None:
        raise NotFound
    absent = acting(holder.person_id, position_id, account_id=None, at=at)
    return replace(
        absent,
        name=by.name,
        account_id=by.account_id,
        person_id=by.person_id,
        position=f"thay {holder.person_name}, {absent.position}",  # data: names on record are Vietnamese
        on_behalf_of=holder.person_name,
        signs=(),
        request_id=by.request_id,
        authenticated_at=by.authenticated_at,
        grants=tuple(grant for grant in absent.grants if grant.permission in only),
        stands_in_for=(),
    )
