"""Reads about the post: the province's communes, how a result is to be received, the desk's list."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import coverage, units_of_kind
from dinh.kernel.errors import existing
from dinh.onestop.models import Dossier, Handover, Parcel, PostalFiling, ReturnAddress
from dinh.onestop.permissions import CHOOSE_RETURN, RETURN_RESULT
from dinh.onestop.queries.dossiers import visible_dossiers
from dinh.onestop.rules.postal import PARCEL

__all__ = [
    "POSTAL_TABS",
    "ParcelCard",
    "PostalPage",
    "PostalRow",
    "ReturnView",
    "access_parcel",
    "address_of",
    "commune_codes",
    "communes_to_choose",
    "postal_page",
    "return_view",
    "written_address",
]

PAGE_SIZE = 50
COMMUNE = "commune_committee"

# Stable keys of addresses: results to hand over, parcels under way, come back, delivered.
POSTAL_TABS = ("cho-gui", "dang-chuyen", "chuyen-hoan", "da-phat")
_STATES = {"dang-chuyen": "sent", "chuyen-hoan": "came_back", "da-phat": "delivered"}


def communes_to_choose() -> list[tuple[str, str]]:
    """Return code and name of the province's communes, with their district where there is one."""
    rows = units_of_kind(COMMUNE).select_related("parent")
    return sorted((row.code, _place(row)) for row in rows)


def written_address(to: ReturnAddress) -> str:
    """Return the address as it stands on the parcel: street, commune, the district where there is one."""
    return f"{to.street}, {_place(to.commune)}"


def _place(commune: Any) -> str:
    above = commune.parent
    names = [commune, above] if above is not None and above.level == "district" else [commune]
    return ", ".join(unit.short_name or unit.name for unit in names)


def commune_codes() -> frozenset[str]:
    """Return the codes of the communes that stand today."""
    return frozenset(units_of_kind(COMMUNE).order_by().values_list("code", flat=True))


def address_of(dossier: Dossier) -> ReturnAddress | None:
    """Return where the post brings the dossier's result, or None."""
    rows = ReturnAddress.objects.select_related("commune", "commune__parent")
    return rows.filter(dossier=dossier).first()


@dataclass(frozen=True, slots=True)
class ParcelCard:
    """One parcel as pages show it."""

    id: UUID
    number: str
    state: str
    state_label: str
    recipient: str
    phone: str
    address: str
    postage: int | None
    sent_on: dt.date
    handed_by: str
    ended_on: dt.date | None
    reason: str


@dataclass(frozen=True, slots=True)
class ReturnView:
    """How one dossier's result is to be received and was, how it came, and what the reader may do.

    ``may_choose``: the reader may still change the way; ``may_send``: hand it over to the post.
    """

    dossier: Dossier
    way: str
    address: ReturnAddress | None
    came: PostalFiling | None
    parcels: Sequence[ParcelCard]
    handover: Handover | None
    may_choose: bool
    may_send: bool


def return_view(dossier: Dossier, *, by: Actor) -> ReturnView:
    """Return how a visible dossier's result is to be received; four small queries."""
    parcels = [_card(row) for row in Parcel.objects.filter(dossier=dossier).order_by("-id")]
    is_out = any(one.state != "came_back" for one in parcels)
    is_open = dossier.state in ("submitted", "supplement", "processing", "done") and not is_out
    return ReturnView(
        dossier=dossier,
        way=dossier.return_way,
        address=address_of(dossier),
        came=PostalFiling.objects.filter(dossier=dossier).first(),
        parcels=parcels,
        handover=Handover.objects.filter(dossier=dossier).first(),
        may_choose=is_open and CHOOSE_RETURN.may(by, dossier),
        may_send=is_open
        and dossier.state == "done"
        and dossier.return_way == "post"
        and by.kind == "official"
        and RETURN_RESULT.may(by, dossier),
    )


def _card(row: Parcel) -> ParcelCard:
    return ParcelCard(
        row.pk,
        row.number,
        row.state,
        PARCEL.label(row.state),
        row.recipient,
        row.phone,
        row.address,
        row.postage,
        row.sent_on,
        row.handed_by,
        row.ended_on,
        row.reason,
    )


@dataclass(frozen=True, slots=True)
class PostalRow:
    """A line of the desk's list: the dossier, to whom it goes, its newest parcel."""

    dossier_id: UUID
    code: str
    procedure_name: str
    recipient: str
    phone: str
    address: str
    postage: int | None
    finished_at: dt.datetime | None
    parcel: ParcelCard | None


@dataclass(frozen=True, slots=True)
class PostalPage:
    """A page of the list. ``after`` continues it; empty: this is the last page."""

    rows: Sequence[PostalRow]
    after: str


def _of_desk(by: Actor) -> QuerySet[Dossier]:
    """Visible dossiers whose result the actor's desk returns."""
    reach = coverage(by, "dossier.receive")
    own = reach.q("reception_unit_id") & Q(intake_desk=None)
    return visible_dossiers(by).filter(own | (reach.q("intake_desk_id") & Q(intake_desk__isnull=False)))


def _waiting(by: Actor) -> QuerySet[Dossier]:
    out = Parcel.objects.filter(dossier=OuterRef("pk")).exclude(state="came_back")
    return _of_desk(by).filter(return_way="post", state="done").filter(~Exists(out))


def _parcels(by: Actor) -> QuerySet[Parcel]:
    return Parcel.objects.filter(dossier__in=_of_desk(by).values("pk"))


def access_parcel(by: Actor, parcel_id: UUID) -> Parcel:
    """Return a parcel of a dossier whose result the actor's desk returns. Raises ``NotFound``."""
    return existing(_parcels(by).select_related("dossier").filter(pk=parcel_id).first())


def postal_page(by: Actor, tab: str, *, after: str = "", size: int = PAGE_SIZE) -> PostalPage:
    """Return a page of what the desk's result is at: to be handed over, under way, come back, delivered."""
    if tab in _STATES:
        parcels = _parcels(by).filter(state=_STATES[tab]).select_related("dossier", "dossier__procedure")
        found, more = _page(parcels.defer("dossier__data"), after, size)
        return PostalPage([_parcel_row(row) for row in found], more)
    waiting = _waiting(by).defer("data", "version__definition")
    to = ("return_address", "return_address__commune", "return_address__commune__parent")
    found, more = _page(waiting.select_related(*to), after, size)
    return PostalPage([_waiting_row(row) for row in found], more)


def _page(rows: QuerySet[Any], after: str, size: int) -> tuple[list[Any], str]:
    try:
        rows = rows.filter(pk__lt=UUID(after)) if after else rows
    except ValueError:
        rows = rows.none()
    found = list(rows.order_by("-pk")[: size + 1])
    return found[:size], str(found[size - 1].pk) if len(found) > size else ""


def _waiting_row(row: Dossier) -> PostalRow:
    to: ReturnAddress = row.return_address
    return PostalRow(
        row.pk, str(row), row.procedure.short_name, to.recipient, to.phone, written_address(to), to.postage,
        row.finished_at, None,
    )  # fmt: skip


def _parcel_row(row: Parcel) -> PostalRow:
    dossier = row.dossier
    return PostalRow(
        dossier.pk, str(dossier), dossier.procedure.short_name, row.recipient, row.phone, row.address,
        row.postage, dossier.finished_at, _card(row),
    )  # fmt: skip
