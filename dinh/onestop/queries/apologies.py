"""Apologies as their page and their lists show them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from dinh.foundation.actions.public import Actor, page_after
from dinh.kernel.clocks import ClockReading
from dinh.kernel.errors import Refused
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import Apology, Dossier
from dinh.onestop.permissions import PROPOSE_APOLOGY, SIGN_APOLOGY
from dinh.onestop.queries.clocks import dossier_reading
from dinh.onestop.queries.dossiers import visible_dossiers
from dinh.onestop.rules.apologies import NotBeingHandled, apology_kind
from dinh.onestop.rules.states import APOLOGY

__all__ = [
    "APOLOGY_TABS",
    "ApologyCard",
    "ApologyPage",
    "ApologyRow",
    "ApologyView",
    "apology_page",
    "apology_view",
    "late_dossiers",
]

APOLOGY_TABS = ("cho-ky", "qua-han", "da-gui")
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class ApologyCard:
    """One letter, proposed, sent or declined. ``paper_id``: its signed PDF."""

    kind: str
    state: str
    state_label: str
    reason: str
    old_due_at: dt.datetime
    new_due_at: dt.datetime
    proposed_by: str
    proposed_at: dt.datetime | None
    ended_by: str
    ended_at: dt.datetime | None
    answer: str
    paper_id: UUID | None


@dataclass(frozen=True, slots=True)
class ApologyView:
    """What the page of one dossier's apologies shows. ``kind`` is the letter that may be sent now;
    ``refused`` says why none may.
    """

    dossier: Dossier
    reading: ClockReading
    kind: str
    refused: Refused | None
    proposal: ApologyCard | None
    ended: Sequence[ApologyCard]
    may_propose: bool
    may_sign: bool


def apology_view(dossier: Dossier, *, by: Actor, now: dt.datetime) -> ApologyView:
    """Return a visible dossier's apologies, and what the reader may do about them."""
    cards = [_card(row) for row in Apology.objects.filter(dossier=dossier)]
    reading = dossier_reading(dossier, now=now)
    kind, refused = "", None
    try:
        if dossier.state != "processing":
            raise NotBeingHandled
        kind = apology_kind(reading, [card.new_due_at for card in cards if card.state == "sent"])
    except Refused as why:
        refused = why
    return ApologyView(
        dossier=dossier,
        reading=reading,
        kind=kind,
        refused=refused,
        proposal=next((card for card in cards if card.state == "proposed"), None),
        ended=[card for card in cards if card.state != "proposed"],
        may_propose=PROPOSE_APOLOGY.may(by, dossier),
        may_sign=SIGN_APOLOGY.may(by, dossier),
    )


def _card(row: Apology) -> ApologyCard:
    return ApologyCard(
        kind=row.kind,
        state=row.state,
        state_label=APOLOGY.label(row.state),
        reason=row.reason,
        old_due_at=row.old_due_at,
        new_due_at=row.new_due_at,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        ended_by=row.ended_by,
        ended_at=row.ended_at,
        answer=row.answer,
        paper_id=row.paper_id,
    )


@dataclass(frozen=True, slots=True)
class ApologyRow:
    """A line of a list: the dossier, when it was due, what is promised, why."""

    dossier_id: UUID
    code: str
    procedure_name: str
    applicant_name: str
    agency_name: str
    old_due_at: dt.datetime
    new_due_at: dt.datetime | None
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class ApologyPage:
    """A page of a list. ``after`` continues it; empty: this is the last page."""

    rows: Sequence[ApologyRow]
    after: str


def apology_page(
    by: Actor, tab: str, *, now: dt.datetime, after: str = "", size: int = PAGE_SIZE
) -> ApologyPage:
    """Return one page: letters that wait for a signature, late dossiers that are owed one, letters sent.

    All from the dossiers that the actor may see.
    """
    if tab == "qua-han":
        return _late_page(by, now=now, after=after, size=size)
    state = "proposed" if tab == "cho-ky" else "sent"
    rows = Apology.objects.filter(state=state, dossier__in=visible_dossiers(by).values("pk"))
    rows = rows.select_related("dossier__procedure", "dossier__agency").defer("dossier__data")
    found, mark = page_after(rows, after, size)
    shown = [
        _row(row.dossier, row.old_due_at, row.new_due_at, row.reason, row.ended_by or row.proposed_by)
        for row in found
    ]
    return ApologyPage(shown, mark)


def late_dossiers(by: Actor, *, now: dt.datetime) -> QuerySet[Dossier]:
    """Visible dossiers that are handled past their due date, without a letter whose date is still to come."""
    today = dt.datetime.combine(now.astimezone(VIETNAM).date(), dt.time(), VIETNAM)
    promised = Apology.objects.filter(dossier=OuterRef("pk"), state="sent", new_due_at__gte=today)
    rows = visible_dossiers(by).filter(state="processing", due_at__lt=today)
    return rows.filter(~Exists(promised))


def _late_page(by: Actor, *, now: dt.datetime, after: str, size: int) -> ApologyPage:
    rows = late_dossiers(by, now=now).defer("data", "version__definition")
    found, mark = page_after(rows, after, size)
    shown = [_row(row, row.due_at, None, "", "") for row in found if row.due_at is not None]
    return ApologyPage(shown, mark)


def _row(dossier: Dossier, old: dt.datetime, new: dt.datetime | None, reason: str, by: str) -> ApologyRow:
    return ApologyRow(
        dossier_id=dossier.pk,
        code=str(dossier),
        procedure_name=dossier.procedure.short_name,
        applicant_name=dossier.applicant_name,
        agency_name=dossier.agency.name,
        old_due_at=old,
        new_due_at=new,
        reason=reason,
        by=by,
    )
