"""Lists of dossiers: pages and exports over the same visible rows."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from dinh.foundation.actions.public import Actor
from dinh.onestop.models import Dossier
from dinh.onestop.queries.dossiers import search_dossiers, visible_dossiers
from dinh.onestop.queries.figures import Period, finished_dossiers
from dinh.onestop.rules.states import DOSSIER

__all__ = ["DossierFilter", "DossierPage", "DossierRow", "dossier_page", "dossiers_for_export"]

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
    """How a list of dossiers is narrowed. ``unit_id``: agencies from that unit downwards.

    ``finished`` leaves the dossiers that agencies within reach ended in the period, ``timely`` of these
    the ones in time (``dung-han``) or late (``tre-han``).
    """

    words: str = ""
    state: str = ""
    unit_id: UUID | None = None
    finished: Period | None = None
    timely: str = ""


def dossier_page(
    by: Actor, chosen: DossierFilter | None = None, *, after: str = "", size: int = PAGE_SIZE
) -> DossierPage:
    """Return one page of the dossiers that the actor may see."""
    rows = _wanted(by, chosen or DossierFilter())
    try:
        rows = rows.filter(pk__lt=UUID(after)) if after else rows
    except ValueError:
        rows = rows.none()
    found = [_row(dossier) for dossier in rows.order_by("-pk")[: size + 1]]
    shown = found[:size]
    return DossierPage(shown, str(shown[-1].id) if len(found) > size else "")


def dossiers_for_export(by: Actor, chosen: DossierFilter | None = None) -> Iterator[DossierRow]:
    """Yield every visible dossier that the list would show, read in portions."""
    rows = _wanted(by, chosen or DossierFilter()).order_by("-pk")
    return (_row(dossier) for dossier in rows.iterator(chunk_size=1000))


def _wanted(by: Actor, chosen: DossierFilter) -> QuerySet[Dossier]:
    rows = visible_dossiers(by).defer("data", "version__definition")
    if chosen.finished:
        ended = finished_dossiers(by, chosen.finished, unit_id=chosen.unit_id, timely=chosen.timely)
        rows = rows.filter(pk__in=ended.values("pk"))
    elif chosen.unit_id:
        rows = rows.filter(agency__above__ancestor_id=chosen.unit_id)
    if chosen.state:
        rows = rows.filter(state=chosen.state)
    return search_dossiers(rows, chosen.words)


def _row(dossier: Dossier) -> DossierRow:
    return DossierRow(
        id=dossier.id,
        code=str(dossier),
        procedure_name=dossier.procedure.short_name,
        applicant_name=dossier.applicant_name,
        agency_name=dossier.agency.name,
        state=dossier.state,
        state_label=DOSSIER.label(dossier.state),
        submitted_at=dossier.submitted_at,
        due_at=dossier.due_at,
    )
