"""Lists of dossiers: pages and exports over the same visible rows."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from dinh.foundation.actions.public import Actor
from dinh.onestop.models import Dossier
from dinh.onestop.queries.dossiers import search_dossiers, visible_dossiers
from dinh.onestop.rules.states import DOSSIER

__all__ = ["DossierPage", "DossierRow", "dossier_page", "dossiers_for_export"]

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


def dossier_page(
    by: Actor, *, words: str = "", state: str = "", after: str = "", size: int = PAGE_SIZE
) -> DossierPage:
    """Return one page of the dossiers that the actor may see."""
    rows = _wanted(by, words=words, state=state)
    try:
        rows = rows.filter(pk__lt=UUID(after)) if after else rows
    except ValueError:
        rows = rows.none()
    found = [_row(dossier) for dossier in rows.order_by("-pk")[: size + 1]]
    shown = found[:size]
    return DossierPage(shown, str(shown[-1].id) if len(found) > size else "")


def dossiers_for_export(by: Actor, *, words: str = "", state: str = "") -> Iterator[DossierRow]:
    """Yield every visible dossier that the list would show, read in portions."""
    rows = _wanted(by, words=words, state=state).order_by("-pk")
    return (_row(dossier) for dossier in rows.iterator(chunk_size=1000))


def _wanted(by: Actor, *, words: str, state: str) -> QuerySet[Dossier]:
    rows = visible_dossiers(by).defer("data", "version__definition")
    if state:
        rows = rows.filter(state=state)
    return search_dossiers(rows, words)


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
