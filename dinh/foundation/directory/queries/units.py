"""Reads about units: by identifier or code, around in the tree, in the past."""

import datetime as dt
from collections.abc import Iterable
from typing import cast
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from dinh.foundation.actions.public import Actor, FixedQuery
from dinh.foundation.directory.models import LevelScheme, Unit, UnitName
from dinh.foundation.directory.permissions import coverage
from dinh.kernel.errors import NotFound
from dinh.kernel.profiles import get_profile

__all__ = [
    "agencies",
    "agencies_and_desks",
    "agency_of",
    "ancestors",
    "below_units",
    "children",
    "get_unit",
    "levels_on",
    "name_on",
    "names_inside",
    "reached_units",
    "names_above",
    "names_of",
    "standing_unit",
    "unit_by_code",
    "unit_inside",
    "units_of_kind",
    "units_to_choose",
]


def levels_on(day: dt.date) -> tuple[str, ...]:
    """Return the levels of government in force that day, from the highest.

    Without a decision of the province's own (``adopt_levels``), those of its legal profile.
    """
    levels = LevelScheme.objects.on(day).values_list("levels", flat=True).first()
    if levels:
        return tuple(levels)
    return tuple(level.code for level in get_profile(settings.LEGAL_PROFILE).organisation.levels)


_UNIT: FixedQuery[Unit] = FixedQuery(
    lambda unit_id: Unit.objects.select_related("agency__parent", "parent").filter(pk=unit_id).order_by(),
    unit_id=UUID,
)
_UNIT_INSIDE: FixedQuery[Unit] = FixedQuery(
    lambda parent_id, abbreviation, day: Unit.objects.open_on(day).filter(
        parent_id=parent_id, abbreviation=abbreviation
    )[:1],
    parent_id=UUID,
    abbreviation=str,
    day=dt.date,
)
_NAMES_INSIDE: FixedQuery[tuple[str, str, str]] = FixedQuery(
    lambda parent_id, kind, day: (
        Unit.objects.open_on(day)
        .filter(parent_id=parent_id, kind=kind)
        .values_list("code", "short_name", "name")
    ),
    parent_id=UUID,
    kind=str,
    day=dt.date,
)


def get_unit(unit_id: UUID) -> Unit:
    """Return the unit, open or closed, with its parent and agency; raises ``NotFound``."""
    unit = _UNIT.first(unit_id=unit_id)
    if unit is None:
        raise NotFound
    return unit


def unit_by_code(code: str) -> Unit | None:
    """Return the unit of a code in the form of QĐ 20, or else the one that bore the 13-character code.

    A closed unit is returned as it is: ``standing_unit`` leads to the one that took over. Of several
    units with the same old code, the open one wins, then the newest.
    """
    if not code:
        return None
    bears_it = Unit.objects.filter(code=code).first()
    if bears_it is not None:
        return bears_it
    bore_it = Unit.objects.filter(old_code=code)
    return bore_it.order_by(F("valid_until").desc(nulls_first=True), "-valid_from", "code").first()


def standing_unit(unit_id: UUID) -> Unit:
    """Return the unit that answers today: the unit itself, or the heir of a closed one."""
    unit = get_unit(unit_id)
    return unit if unit.heir_id is None else get_unit(unit.heir_id)


def agency_of(unit_id: UUID) -> Unit:
    """Return the agency of a unit: itself, or the nearest above it with its own code and seal.

    Raises ``NotFound`` when there is no such unit or no agency above it.
    """
    unit = get_unit(unit_id)
    if unit.agency is None:
        raise NotFound
    return unit.agency


def agencies(*, level: str | None = None) -> "QuerySet[Unit]":
    """Return the agencies that stand today, in the order of the tree's siblings."""
    found = Unit.objects.open_on(timezone.localdate()).agencies()
    return cast("QuerySet[Unit]", found if level is None else found.filter(level=level))


def children(unit_id: UUID | None) -> "QuerySet[Unit]":
    """Return the units that stand today directly under the unit; ``None``: the top of the tree."""
    return cast("QuerySet[Unit]", Unit.objects.open_on(timezone.localdate()).filter(parent_id=unit_id))


def unit_inside(parent_id: UUID, abbreviation: str) -> Unit | None:
    """Return the unit of that abbreviation that stands today directly under the unit, or None."""
    return _UNIT_INSIDE.first(parent_id=parent_id, abbreviation=abbreviation, day=timezone.localdate())


def names_inside(parent_id: UUID, kind: str) -> list[tuple[str, str]]:
    """Return code and short name of the units of a kind that stand today directly under the unit."""
    found = _NAMES_INSIDE.all(parent_id=parent_id, kind=kind, day=timezone.localdate())
    return [(code, short_name or name) for code, short_name, name in found]


def units_of_kind(kind: str) -> "QuerySet[Unit]":
    """Return the units of a kind that stand today, with their agencies, in the order of siblings."""
    found = Unit.objects.open_on(timezone.localdate()).filter(kind=kind).select_related("agency")
    return cast("QuerySet[Unit]", found)


def reached_units(by: Actor, permission: str) -> frozenset[UUID] | None:
    """Return the units that the permission reaches, closed ones that they inherited too; None: all.

    One query where the right goes down the tree, none otherwise. For lists that are read along an index
    of one unit; elsewhere use ``coverage``.
    """
    reach = coverage(by, permission)
    if reach.everything:
        return None
    if not reach.root_ids:
        return reach.unit_ids
    return frozenset(Unit.objects.filter(reach.q("pk")).order_by().values_list("pk", flat=True))


def below_units(unit_id: UUID) -> frozenset[UUID]:
    """Return the unit and all below it, closed ones that they inherited too. One query."""
    return frozenset(Unit.objects.under(unit_id).order_by().values_list("pk", flat=True))


def ancestors(unit_id: UUID) -> list[Unit]:
    """Return the units above and the unit itself, from the top. One query."""
    found = Unit.objects.filter(below__descendant_id=unit_id).order_by("-below__depth")
    return list(found)


def name_on(unit_id: UUID, on: dt.date) -> str:
    """Return what the unit was called that day; its name today when the past is not known."""
    named = UnitName.objects.on(on).filter(unit_id=unit_id).values_list("name", flat=True).first()
    return named or get_unit(unit_id).name


def names_of(unit_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return today's names by identifier, in one query."""
    return dict(Unit.objects.filter(pk__in=set(unit_ids)).order_by().values_list("pk", "name"))


def names_above(unit_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the name of the unit above each that has one, by the unit's identifier, in one query."""
    below = Unit.objects.filter(pk__in=set(unit_ids)).exclude(parent=None).order_by()
    return dict(below.values_list("pk", "parent__name"))


def units_to_choose(
    by: Actor, permission: str, *, words: str = "", agencies_only: bool = False, limit: int = 20
) -> list[Unit]:
    """Return open units that the permission reaches and the words match, for a choice on a screen."""
    found = (
        Unit.objects.open_on(timezone.localdate()).filter(coverage(by, permission).q("pk")).matching(words)
    )
    if agencies_only:
        found = found.agencies()
    return list(found.select_related("parent")[:limit])


def agencies_and_desks(words: str, *, limit: int = 20) -> list[Unit]:
    """Return agencies and one-stop desks that stand today and match, with parent and agency."""
    found = Unit.objects.open_on(timezone.localdate()).matching(words)
    found = found.filter(Q(is_agency=True) | Q(kind="one_stop_desk"))
    return list(found.select_related("parent", "agency").order_by("sort_key", "pk")[:limit])
