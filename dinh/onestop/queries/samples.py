"""Where the dossiers of a load belong: agencies, desks, units of steps and their people, each asked once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.utils import timezone

from dinh.foundation.calendars.public import calendar_for
from dinh.foundation.directory.public import (
    HeldPosition,
    area_words,
    people_with_role,
    unit_by_code,
    unit_inside,
)
from dinh.kernel.conditions import value_at
from dinh.kernel.errors import NotFound
from dinh.kernel.worktime import WorkCalendar
from dinh.onestop.models import DossierCounter, ProcedureVersion
from dinh.onestop.queries.catalogue import get_procedure, get_version
from dinh.onestop.queries.result_drafts import content_from
from dinh.onestop.queries.units import desk_of, province_unit
from dinh.onestop.rules.definition import Definition, ResultField, Step, UnitRule

__all__ = ["NOBODY", "Official", "Place", "Places", "codes_taken"]


@dataclass(frozen=True, slots=True)
class Official:
    """Somebody in a position, as steps and timelines name them."""

    name: str
    position: str
    title: str
    position_id: UUID | None


# What an official of the sample wrote where the form gives nothing, by the kind of field.
_INVENTED = {
    "": "Theo hồ sơ đã thẩm định",  # data: papers are Vietnamese
    "text": "Theo hồ sơ đã thẩm định",  # data: papers are Vietnamese
    "textarea": "Theo hồ sơ đã thẩm định",  # data: papers are Vietnamese
    "date": "31/12/2035",
    "whole": "1",
    "number": "1",
    "money": "500.000",
    "identity_number": "099200000001",
}

NOBODY = Official("", "", "", None)


class Place:
    """One procedure at one agency."""

    def __init__(self, version: ProcedureVersion, agency_code: str, places: "Places") -> None:
        self.version = version
        self.definition: Definition = version.parts
        self.agency_id = places.unit(agency_code)
        self.desk_id = desk_of(self.agency_id).id
        self._places = places
        self._units: dict[tuple[str, str, str], UUID] = {}

    @property
    def clerk(self) -> Official:
        """Who receives and returns at the desk."""
        return self._places.official(self.desk_id, self.definition.first_step.role)

    def official(self, step: Step, data: Mapping[str, Any]) -> Official:
        """Who does a step."""
        return self._places.official(self.unit_of(step, data), step.role)

    def unit_of(self, step: Step, data: Mapping[str, Any]) -> UUID:
        """Return the unit that works on a step, by the step's rule."""
        rule = step.unit
        if rule.where == "reception":
            return self.desk_id
        if rule.where == "agency":
            return self.agency_id
        named = str(value_at(data, rule.field) or "") if rule.where == "field" else ""
        key = (rule.where, rule.abbreviation, named)
        if key not in self._units:
            self._units[key] = self._find(rule, named)
        return self._units[key]

    def _find(self, rule: UnitRule, named: str) -> UUID:
        if rule.where == "field":
            return self._places.unit(named)
        if rule.where == "inside":
            unit = unit_inside(self.agency_id, rule.abbreviation)
        else:
            unit = province_unit(rule.abbreviation)
        if unit is None:
            raise NotFound
        return unit.id

    def result_content(self, data: Mapping[str, Any]) -> dict[str, str]:
        """What the result's draft says, filled from the form's answers."""
        content = content_from(self.definition, data, areas=self._places.areas)
        return {
            field.name: content[field.name] or _invented(field) for field in self.definition.result.fields
        }


def _invented(field: ResultField) -> str:
    if field.optional:
        return ""
    return field.choices[0] if field.kind == "choice" else _INVENTED.get(field.kind, "")


class Places:
    """Every place and person asked for so far."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, str], Place] = {}
        self._versions: dict[str, ProcedureVersion] = {}
        self._units: dict[str, UUID] = {}
        self._officials: dict[tuple[UUID, str], Official] = {}
        self._calendars: dict[UUID, WorkCalendar] = {}
        self._areas: dict[str, list[str]] = {}

    def of(self, procedure: str, agency: str) -> Place:
        key = (procedure, agency)
        if key not in self._places:
            if procedure not in self._versions:
                self._versions[procedure] = get_version(get_procedure(procedure))
            self._places[key] = Place(self._versions[procedure], agency, self)
        return self._places[key]

    def unit(self, code: str) -> UUID:
        """Raises ``NotFound``."""
        if code not in self._units:
            unit = unit_by_code(code)
            if unit is None:
                raise NotFound
            self._units[code] = unit.id
        return self._units[code]

    def areas(self, code: str) -> list[str]:
        """The areas of a commune's code, the smallest first."""
        if code not in self._areas:
            self._areas[code] = area_words(code)
        return self._areas[code]

    def calendar(self, unit_id: UUID) -> WorkCalendar:
        """The working calendar of a unit."""
        if unit_id not in self._calendars:
            self._calendars[unit_id] = calendar_for(unit_id)
        return self._calendars[unit_id]

    def official(self, unit_id: UUID, role: str) -> Official:
        """The first who holds the role at the unit; ``NOBODY`` when the post is vacant."""
        key = (unit_id, role)
        if key not in self._officials:
            held = people_with_role(unit_id, role, on=timezone.localdate())
            self._officials[key] = _shown(held[0]) if held else NOBODY
        return self._officials[key]


def _shown(held: HeldPosition) -> Official:
    return Official(held.person_name, f"{held.title}, {held.unit_name}", held.title, held.position_id)


def codes_taken(agency: str) -> int:
    """Return how many dossier codes the agency of that code has given so far."""
    counters = DossierCounter.objects.filter(agency__code=agency)
    return int(counters.aggregate(taken=Sum("last"))["taken"] or 0)
