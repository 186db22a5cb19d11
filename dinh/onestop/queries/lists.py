"""Lists of dossiers: pages and exports over the same visible rows."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import QuerySet

from dinh.foundation.actions.public import Actor, page_after
from dinh.onestop.models import Dossier
from dinh.onestop.queries.causes import dossiers_by_cause
from dinh.onestop.queries.counted import Counted, counted_dossiers, narrowed_dossiers
from dinh.onestop.queries.desk_board import desk_dossiers
from dinh.onestop.queries.dossiers import newest_found, search_dossiers, visible_dossiers
from dinh.onestop.queries.figures import FigureFilter
from dinh.onestop.rules.desk_board import DESK_COUNTS
from dinh.onestop.rules.figures import CAUSES
from dinh.onestop.rules.states import state_label

__all__ = [
    "DossierFilter",
    "DossierPage",
    "DossierRow",
    "dossier_page",
    "dossier_row",
    "dossiers_for_export",
    "wanted_dossiers",
]

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class DossierRow:
    """One dossier as a list shows it."""

    id: UUID
    code: str
    procedure_name: str
    applicant_name: str
    agency_name: str
    state: str
    state_label: str
    submitted_at: dt.datetime
    due_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class DossierPage:
    """A page of dossiers, the newest first. ``after`` continues it; empty: this is the last page."""

    rows: Sequence[DossierRow]
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierFilter:
    """How a list of dossiers is narrowed: by words and state, by what figures are narrowed by, and to the
    dossiers that a figure counts (``counted``), seen from ``today``.
    """

    words: str = ""
    state: str = ""
    within: FigureFilter = field(default_factory=FigureFilter)
    counted: Counted | None = None
    today: dt.date = dt.date.max


def dossier_page(
    by: Actor, chosen: DossierFilter | None = None, *, after: str = "", size: int = PAGE_SIZE
) -> DossierPage:
    """Return one page of the dossiers that the actor may see."""
    chosen = chosen or DossierFilter()
    rows = _narrowed(by, chosen)
    if chosen.words and not chosen.counted:
        shown, mark = newest_found(by, rows, chosen.words, after=after, size=size)
    else:
        shown, mark = page_after(search_dossiers(rows, chosen.words), after, size)
    return DossierPage([dossier_row(dossier) for dossier in shown], mark)


def dossiers_for_export(by: Actor, chosen: DossierFilter | None = None) -> Iterator[DossierRow]:
    """Yield every visible dossier that the list would show, read in portions."""
    rows = wanted_dossiers(by, chosen or DossierFilter()).order_by("-pk")
    return (dossier_row(dossier) for dossier in rows.iterator(chunk_size=1000))


def wanted_dossiers(by: Actor, chosen: DossierFilter) -> QuerySet[Dossier]:
    """Return the visible dossiers that a list with this filter shows; pages and exports come from here."""
    return search_dossiers(_narrowed(by, chosen), chosen.words)


def _narrowed(by: Actor, chosen: DossierFilter) -> QuerySet[Dossier]:
    """The same without the words."""
    rows = visible_dossiers(by).defer("data", "version__definition")
    if chosen.counted:
        counted = _counted(by, chosen.counted, chosen)
        rows = rows.filter(pk__in=counted.order_by().values("pk"))
    else:
        rows = narrowed_dossiers(rows, chosen.within)
    if chosen.state:
        rows = rows.filter(state=chosen.state)
    return rows


def _counted(by: Actor, counted: Counted, chosen: DossierFilter) -> QuerySet[Dossier]:
    """The dossiers of a figure: of a report, of a cause of lateness, or of a desk's board."""
    if counted.key in DESK_COUNTS:
        return desk_dossiers(by, counted, chosen.within, today=chosen.today)
    find = dossiers_by_cause if counted.key in CAUSES else counted_dossiers
    return find(by, counted, chosen.within, today=chosen.today)


def dossier_row(dossier: Dossier) -> DossierRow:
    """Return a dossier as a row of plain values."""
    return DossierRow(
        id=dossier.id,
        code=str(dossier),
        procedure_name=dossier.procedure.short_name,
        applicant_name=dossier.applicant_name,
        agency_name=dossier.agency.name,
        state=dossier.state,
        state_label=state_label(dossier.state, is_accepted=dossier.accepted_at is not None),
        submitted_at=dossier.submitted_at,
        due_at=dossier.due_at,
    )
