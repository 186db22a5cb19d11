"""What rules of other rooms may name in the directory: roles by code, kinds of agencies, divisions."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from dinh.foundation.directory.models import Role, Unit
from dinh.foundation.directory.queries.units import names_above
from dinh.foundation.directory.rules.organisation import KINDS

__all__ = [
    "Named",
    "agency_kinds",
    "divisions_named",
    "levels_of",
    "named_apart",
    "province_agencies",
    "role_names",
]


@dataclass(frozen=True, slots=True)
class Named:
    """Something that a rule names by a short code: the code, its words, how many units there are of it."""

    code: str
    label: str
    count: int = 1


def role_names() -> dict[str, str]:
    """Return the names of all roles by their code, in the order of the names."""
    return dict(Role.objects.values_list("code", "name"))


def agency_kinds() -> list[Named]:
    """Return the kinds of agencies that stand today, with how many there are. Labels are to be translated."""
    found: dict[str, int] = {}
    for kind in (
        Unit.objects.open_on(timezone.localdate()).agencies().order_by().values_list("kind", flat=True)
    ):
        found[kind] = found.get(kind, 0) + 1
    return [Named(code, KINDS[code].label, count) for code, count in sorted(found.items())]


def levels_of(kind: str) -> frozenset[str]:
    """Return the levels of the agencies of a kind that stand today."""
    found = Unit.objects.open_on(timezone.localdate()).agencies().filter(kind=kind).order_by()
    return frozenset(found.values_list("level", flat=True))


def province_agencies() -> list[Named]:
    """Return the province's agencies by their abbreviation, for rules that name one of them."""
    found = Unit.objects.open_on(timezone.localdate()).agencies().filter(level="province")
    return [Named(unit.abbreviation, unit.name) for unit in found.exclude(abbreviation="")]


def named_apart(units: Iterable[Unit]) -> list[tuple[str, str]]:
    """Return ``(identifier, name)`` of units to choose from, below the province with the unit above: every
    district has a division of the same name. At most one query.
    """
    rows = list(units)
    above = names_above(unit.pk for unit in rows if unit.level != "province")
    return [(str(unit.pk), ", ".join(filter(None, (unit.name, above.get(unit.pk))))) for unit in rows]


def divisions_named(kind: str, abbreviation: str = "") -> tuple[int, list[Named]]:
    """Return how many agencies there are of a kind (or the one abbreviated so), and their divisions.

    Divisions count by abbreviation: ``count`` says in how many of the agencies there is one.
    """
    today = timezone.localdate()
    agencies = Unit.objects.open_on(today).agencies().filter(kind=kind)
    if abbreviation:
        agencies = agencies.filter(abbreviation=abbreviation)
    inside = Unit.objects.open_on(today).filter(parent__in=agencies.order_by()).exclude(abbreviation="")
    found: dict[str, tuple[str, set[object]]] = {}
    for code, name, parent in inside.order_by("sort_key").values_list("abbreviation", "name", "parent"):
        found.setdefault(code, (name, set()))[1].add(parent)
    return agencies.count(), [Named(code, name, len(units)) for code, (name, units) in found.items()]
