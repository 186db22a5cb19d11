"""By what people narrow the catalogue: the agencies that decide and the people whom procedures are for."""

from dataclasses import dataclass

from dinh.foundation.directory.public import agencies
from dinh.kernel.text import sort_key
from dinh.onestop.queries.catalogue import shown

__all__ = ["DecidingAgency", "agencies_offered", "audiences_offered"]


@dataclass(frozen=True, slots=True)
class DecidingAgency:
    """Who decides: ``key`` is kind and abbreviation; ``name`` is empty where every place has its own."""

    key: str
    kind: str
    name: str


def agencies_offered() -> list[DecidingAgency]:
    """Return the agencies that decide shown procedures: single ones by name, others by their kind."""
    pairs = shown().order_by().values_list("agency_kind", "agency_abbreviation").distinct()
    names = {unit.abbreviation: unit.name for unit in agencies(level="province") if unit.abbreviation}
    found = [
        DecidingAgency(f"{kind}:{mark}", kind, names.get(mark, "") if mark else "")
        for kind, mark in pairs
        if kind
    ]
    return sorted(found, key=lambda one: (not one.name, sort_key(one.name), one.key))


def audiences_offered() -> list[str]:
    """Return whom the shown procedures are for, in alphabetical order."""
    found = {who for audience in shown().order_by().values_list("audience", flat=True) for who in audience}
    return sorted(found, key=sort_key)
