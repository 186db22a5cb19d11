"""The catalogue of procedures as people look for them."""

from dataclasses import dataclass

from django.db.models import Q

from dinh.foundation.actions.public import FixedQuery
from dinh.kernel.errors import NotFound, existing
from dinh.kernel.text import search_tokens
from dinh.onestop.models import Procedure, ProcedureVersion
from dinh.onestop.models.catalogue import ProcedureQuerySet

__all__ = [
    "LifeEvent",
    "find_procedures",
    "get_procedure",
    "get_shown",
    "get_version",
    "life_events",
    "offered",
    "procedures_offered",
    "shown",
]


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """A life event with the number of procedures that belong to it."""

    name: str
    count: int


def offered() -> ProcedureQuerySet:
    """Procedures in force."""
    return Procedure.objects.offered().select_related("current_version").defer("current_version__definition")


def shown() -> ProcedureQuerySet:
    """Procedures in force, and those of the catalogue without a process here."""
    return Procedure.objects.shown().select_related("current_version").defer("current_version__definition")


def find_procedures(
    words: str = "",
    *,
    life_event: str = "",
    level: str = "",
    field: str = "",
    agency: str = "",
    audience: str = "",
) -> ProcedureQuerySet:
    """Return shown procedures that hold every word (with or without diacritics), in the order of their names.

    ``agency`` is the key of a ``DecidingAgency``, kind and abbreviation joined by a colon.
    """
    rows = shown()
    for token in search_tokens(words)[:8]:
        rows = rows.filter(search_text__contains=token)
    if life_event:
        rows = rows.filter(life_events__contains=[life_event])
    if level:
        rows = rows.filter(level=level)
    if field:
        rows = rows.filter(Q(field_code=field))
    if agency:
        kind, _, abbreviation = agency.partition(":")
        rows = rows.filter(agency_kind=kind, agency_abbreviation=abbreviation)
    if audience:
        rows = rows.filter(audience__contains=[audience])
    return rows


_OFFERED: FixedQuery[Procedure] = FixedQuery(lambda code: offered().filter(code=code)[:1], code=str)


def get_procedure(code: str) -> Procedure:
    """Return an offered procedure by its code. Raises ``NotFound``."""
    procedure = _OFFERED.first(code=code)
    if procedure is None:
        raise NotFound
    return procedure


def get_shown(code: str) -> Procedure:
    """Return a procedure that people may read about, with a process here or without. Raises ``NotFound``."""
    return existing(shown().filter(code=code).first())


def get_version(procedure: Procedure) -> ProcedureVersion:
    """Return the version in force. Raises ``NotFound`` when the procedure is not offered."""
    version = procedure.current_version
    if version is None:
        raise NotFound
    version.procedure = procedure
    return version


def life_events() -> list[LifeEvent]:
    """Return the life events of the shown procedures with their counts, in alphabetical order."""
    counts: dict[str, int] = {}
    for events in shown().order_by().values_list("life_events", flat=True):
        for name in events:
            counts[name] = counts.get(name, 0) + 1
    return [LifeEvent(name, count) for name, count in sorted(counts.items())]


def procedures_offered() -> list[tuple[str, str]]:
    """Return ``(code, short name)`` of the procedures in force, in the order of their names."""
    return list(offered().order_by("sort_key", "code").values_list("code", "short_name"))
