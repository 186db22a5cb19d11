"""Reads about reception for another place: for whom a desk takes in, what it follows, papers on their way."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import ancestors, coverage
from dinh.kernel.errors import existing
from dinh.kernel.profiles import get_profile
from dinh.onestop.models import BundleLine, Dossier, DossierPart, PaperBundle
from dinh.onestop.queries.dossiers import visible_dossiers
from dinh.onestop.queries.units import competent_agencies, takes_in
from dinh.onestop.rules.reception import ReceptionWay, way_in
from dinh.onestop.rules.states import DOSSIER

if TYPE_CHECKING:
    from dinh.foundation.directory.models import Unit
    from dinh.onestop.models import Procedure, ProcedureVersion

__all__ = [
    "INTAKE_TABS",
    "BundleCard",
    "IntakePage",
    "IntakeRow",
    "Reception",
    "access_bundle",
    "bundle_content",
    "bundles_of",
    "intake_page",
    "paper_to_hand_over",
    "reception_at",
    "receptions",
    "takes_in_anywhere",
    "takes_in_named",
]

PAGE_SIZE = 50

# Stable keys of addresses: what the desk follows, papers that wait for a slip, slips from here, to here.
INTAKE_TABS = ("theo-doi", "cho-ban-giao", "da-ban-giao", "nhan-ban-giao")


@dataclass(frozen=True, slots=True)
class Reception:
    """For which agency a desk may take a dossier in, and how."""

    agency: "Unit"
    way: ReceptionWay


def takes_in_anywhere() -> bool:
    """Whether the law of the day lets any desk of the province take in for the competent agency."""
    return get_profile(settings.LEGAL_PROFILE).one_stop.receives_anywhere


def takes_in_named(procedure: "Procedure", agency: "Unit") -> bool:
    """Whether the procedure names this agency's desk as one that receives for the one that decides."""
    if not procedure.reception_kind or agency.kind != procedure.reception_kind:
        return False
    return procedure.reception_abbreviation in ("", agency.abbreviation)


def receptions(version: "ProcedureVersion", desk: "Unit") -> list[Reception]:
    """Return for which agencies a desk takes a procedure in, the nearest first; empty: for none.

    Its own agency decides: for that one alone. The procedure names the desk: for the only one that decides,
    or the one above it in the tree. Otherwise, where the law allows it, for every agency that decides.
    """
    procedure, agency = version.procedure, desk.agency
    if agency is None:
        return []
    if takes_in(procedure, agency):
        return [Reception(agency, "own")]
    is_named = takes_in_named(procedure, agency)
    way = way_in(
        decides=False, is_named=is_named, anywhere=takes_in_anywhere(), channels=version.parts.channels
    )
    if way is None:
        return []
    found = list(competent_agencies(procedure))
    if way == "named" and len(found) > 1:
        above = {unit.pk for unit in ancestors(agency.pk)}
        found = [one for one in found if one.pk in above] or found
    return [Reception(one, way) for one in found]


def reception_at(version: "ProcedureVersion", desk: "Unit", agency_id: UUID | None) -> Reception | None:
    """Return how the desk takes in for that agency; without one, for the only or its own. None: not."""
    found = receptions(version, desk)
    if agency_id is None:
        return found[0] if len(found) == 1 else None
    return next((one for one in found if one.agency.pk == agency_id), None)


# ---- what a desk follows ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IntakeRow:
    """A dossier that the desk took in for another: where it is, and whether its papers were handed over."""

    dossier_id: UUID
    code: str
    procedure_name: str
    applicant_name: str
    agency_name: str
    desk_id: UUID
    desk_name: str
    state_label: str
    taken_in_at: dt.datetime
    accepted_at: dt.datetime | None
    due_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class IntakePage:
    """A page of the list. ``after`` continues it; empty: this is the last page."""

    rows: Sequence[IntakeRow]
    after: str


def _taken_in(by: Actor) -> QuerySet[Dossier]:
    """Visible dossiers that a desk of the actor's took in for another agency."""
    here = coverage(by, "dossier.receive").q("intake_desk_id")
    return visible_dossiers(by).filter(here, intake_desk__isnull=False)


def paper_to_hand_over(rows: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Narrow to dossiers with originals on paper that are on no slip yet."""
    originals = DossierPart.objects.filter(dossier=OuterRef("pk"), is_original=True)
    bundled = BundleLine.objects.filter(dossier=OuterRef("pk"))
    return rows.filter(Exists(originals)).filter(~Exists(bundled))


def intake_page(by: Actor, tab: str, *, after: str = "", size: int = PAGE_SIZE) -> IntakePage:
    """Return a page of what the desk follows, or of what waits for its slip."""
    rows = _taken_in(by).defer("data", "version__definition")
    if tab == "cho-ban-giao":
        rows = paper_to_hand_over(rows)
    try:
        rows = rows.filter(pk__lt=UUID(after)) if after else rows
    except ValueError:
        rows = rows.none()
    found = list(rows.order_by("-pk")[: size + 1])
    return IntakePage(
        [_intake_row(row) for row in found[:size]], str(found[size - 1].pk) if len(found) > size else ""
    )


def _intake_row(row: Dossier) -> IntakeRow:
    return IntakeRow(
        row.pk,
        str(row),
        row.procedure.short_name,
        row.applicant_name,
        row.agency.name,
        row.reception_unit_id,
        row.reception_unit.name,
        DOSSIER.label(row.state),
        row.submitted_at,
        row.accepted_at,
        row.due_at,
    )


# ---- papers on their way ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BundleCard:
    """A slip of papers from one desk to another, as lists show it."""

    id: UUID
    from_desk: str
    to_desk: str
    made_at: dt.datetime
    made_by: str
    received_at: dt.datetime | None
    received_by: str
    note: str
    codes: Sequence[str]
    is_incoming: bool


def _bundles(by: Actor) -> QuerySet[PaperBundle]:
    """Slips from or to a desk of the actor's."""
    reach = coverage(by, "dossier.receive")
    if by.kind != "official":
        return PaperBundle.objects.none()
    return PaperBundle.objects.filter(reach.q("from_desk_id") | reach.q("to_desk_id"))


def access_bundle(by: Actor, bundle_id: UUID) -> PaperBundle:
    """Return a slip from or to a desk of the actor's. Raises ``NotFound``."""
    return existing(_bundles(by).select_related("from_desk", "to_desk").filter(pk=bundle_id).first())


def bundles_of(by: Actor, *, incoming: bool, size: int = PAGE_SIZE) -> list[BundleCard]:
    """Return the newest slips to, or from, the actor's desk."""
    reach = coverage(by, "dossier.receive")
    side: Q = reach.q("to_desk_id" if incoming else "from_desk_id")
    rows = _bundles(by).filter(side).select_related("from_desk", "to_desk").order_by("-id")[:size]
    found = list(rows)
    codes: dict[UUID, list[str]] = {}
    lines = BundleLine.objects.filter(bundle__in=[row.pk for row in found]).select_related("dossier")
    for line in lines.defer("dossier__data").order_by("id"):
        codes.setdefault(line.bundle_id, []).append(str(line.dossier))
    return [
        BundleCard(
            row.pk,
            row.from_desk.name,
            row.to_desk.name,
            row.made_at,
            row.made_by,
            row.received_at,
            row.received_by,
            row.note,
            codes.get(row.pk, ()),
            incoming,
        )
        for row in found
    ]


def bundle_content(bundle: PaperBundle) -> dict[str, Any]:
    """What the slip prints: both desks, and each dossier with its originals."""
    lines = BundleLine.objects.filter(bundle=bundle).select_related("dossier", "dossier__procedure")
    dossiers = [line.dossier for line in lines.defer("dossier__data").order_by("id")]
    papers = _originals(dossiers)
    return {
        "from_desk": bundle.from_desk.name,
        "to_desk": bundle.to_desk.name,
        "made_at": bundle.made_at,
        "made_by": bundle.made_by,
        "received_at": bundle.received_at,
        "received_by": bundle.received_by,
        "note": bundle.note,
        "rows": [
            {
                "code": str(one),
                "procedure": one.procedure.short_name,
                "applicant": one.applicant_name,
                "papers": papers.get(one.pk, []),
            }
            for one in dossiers
        ],
    }


def _originals(dossiers: Iterable[Dossier]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    parts = DossierPart.objects.filter(dossier__in=[one.pk for one in dossiers], is_original=True)
    for dossier_id, name in parts.order_by("id").values_list("dossier_id", "document_name"):
        found.setdefault(dossier_id, []).append(name)
    return found
