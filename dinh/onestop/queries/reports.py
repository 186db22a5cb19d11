"""Report II.06a: how an agency, or all agencies below a unit, handled dossiers in a period."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import agencies, coverage, get_unit, names_of, reached_units
from dinh.kernel.errors import N_, NotAllowed, NotFound
from dinh.kernel.text import sort_key
from dinh.onestop.models import Procedure
from dinh.onestop.queries.figures import FigureFilter, counted_by
from dinh.onestop.rules.figures import Tally, standing_on
from dinh.onestop.rules.periods import Period

if TYPE_CHECKING:
    from dinh.foundation.directory.models import Unit

__all__ = [
    "REPORT_GROUPS",
    "Report",
    "ReportLine",
    "has_reports",
    "reaches_reports",
    "report_of",
    "report_units",
    "result_report",
]

# How the lines are grouped: stable keys of addresses.
REPORT_GROUPS: Mapping[str, str] = {
    "linh-vuc": N_("Lĩnh vực"),
    "thu-tuc": N_("Thủ tục"),
    "co-quan": N_("Cơ quan"),
}


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One line: what it is about, its figures, and the parameters by which lists are narrowed to it."""

    label: str
    narrowing: Mapping[str, str]
    tally: Tally


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report. ``chosen`` is what was counted, ``standing_on`` the day on which open dossiers were
    judged."""

    unit_id: UUID
    unit_name: str
    above_name: str
    period: Period
    chosen: FigureFilter
    group: str
    lines: Sequence[ReportLine]
    total: Tally
    standing_on: dt.date


def has_reports(by: Actor) -> bool:
    """Whether reports are of use to the reader: who reads the dossiers of units below. Runs no query."""
    reach = coverage(by, "dossier.read")
    return by.kind == "official" and (reach.everything or bool(reach.root_ids))


def report_units(by: Actor) -> list[tuple[UUID, str]]:
    """Return the agencies whose reports the reader may see, those above first."""
    found = _reporting(by).annotate(rank=Count("above"))
    return list(found.order_by("rank", "display_order", "sort_key", "pk").values_list("pk", "name"))


def reaches_reports(by: Actor) -> bool:
    """Whether there is an agency whose reports the reader may see."""
    return _reporting(by).exists()


def _reporting(by: Actor) -> "QuerySet[Unit]":
    """Divisions with a seal of their own handle no procedures; the province reports for all below."""
    kinds = Procedure.objects.order_by().values("agency_kind")
    found = agencies().filter(Q(kind__in=kinds) | Q(parent=None))
    reached = reached_units(by, "dossier.read") if by.kind == "official" else frozenset()
    return found if reached is None else found.filter(pk__in=list(reached))


def result_report(
    by: Actor,
    period: Period,
    *,
    unit_id: UUID | None,
    depth: str = "below",
    group: str = "linh-vuc",
    today: dt.date,
) -> Report:
    """Return report II.06a of a unit within reach (None: the reader's highest), one line a ``group``.

    Raises ``NotAllowed`` for whoever reaches no agency, ``NotFound`` for a unit out of reach.
    """
    if unit_id is None:
        units = report_units(by)
        if not units:
            raise NotAllowed(reason=N_("Báo cáo dành cho người xem được hồ sơ của cả cơ quan."))
        unit_id = units[0][0]
    unit = get_unit(unit_id)
    if unit.agency_id != unit.pk and not unit.is_agency:
        raise NotFound
    return report_of(unit, period, depth=depth, group=group, by=by, today=today)


def report_of(
    unit: "Unit", period: Period, *, depth: str, group: str, by: Actor | None, today: dt.date
) -> Report:
    """Return report II.06a of a unit as a reader sees it; ``by`` None: of every dossier that it is about."""
    chosen = FigureFilter(unit_id=unit.pk, depth=depth)
    lines = _lines(by, period, chosen, group, today=today)
    return Report(
        unit_id=unit.pk,
        unit_name=unit.name,
        above_name=unit.parent.name if unit.parent else "",
        period=period,
        chosen=chosen,
        group=group,
        lines=lines,
        total=sum((line.tally for line in lines), Tally()),
        standing_on=standing_on(period, today),
    )


def _lines(
    by: Actor | None, period: Period, chosen: FigureFilter, group: str, *, today: dt.date
) -> list[ReportLine]:
    if group == "co-quan":
        found = counted_by(by, period, "agency", chosen, today=today)
        names = names_of(UUID(key) for key in found)
        lines = [
            ReportLine(names[UUID(key)], {"don-vi": key, "rieng": "1"}, line) for key, line in found.items()
        ]
        return sorted(lines, key=lambda line: sort_key(line.label))
    found = counted_by(by, period, "procedure", chosen, today=today)
    procedures = {
        str(row.pk): row for row in Procedure.objects.filter(pk__in=list(found)).order_by("sort_key")
    }
    if group == "thu-tuc":
        lines = [
            ReportLine(row.short_name, {"thu-tuc": row.code}, found[key]) for key, row in procedures.items()
        ]
        return sorted(lines, key=lambda line: sort_key(line.label))
    by_field: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for key, row in procedures.items():
        by_field[row.field_code, row.field_name] += found[key]
    lines = [ReportLine(name, {"linh-vuc": code}, line) for (code, name), line in by_field.items()]
    return sorted(lines, key=lambda line: sort_key(line.label))
