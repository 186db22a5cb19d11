"""Parcels that brought a dossier, and what else they brought."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from dinh.foundation.actions.public import Actor
from dinh.onestop.models import Arrival, Dossier, PostalFiling
from dinh.onestop.queries.dossiers import visible_dossiers

__all__ = ["ParcelIn", "ParcelMate", "parcels_of", "same_parcel"]

MOST = 50


@dataclass(frozen=True, slots=True)
class ParcelIn:
    """One parcel that brought papers of a dossier."""

    number: str
    arrived_on: dt.date


@dataclass(frozen=True, slots=True)
class ParcelMate:
    """Another dossier that came in one of the same parcels."""

    dossier_id: UUID
    code: str
    procedure_name: str


def parcels_of(dossier: Dossier) -> list[ParcelIn]:
    """Return the parcels that brought the dossier, the first one first; two small queries."""
    first = PostalFiling.objects.filter(dossier=dossier).values_list("number", "arrived_on")
    later = Arrival.objects.filter(dossier=dossier).values_list("number", "arrived_on")
    return [ParcelIn(*row) for row in (*first, *later.order_by("id"))]


def same_parcel(by: Actor, dossier: Dossier) -> list[ParcelMate]:
    """Return the visible dossiers that came in a parcel of this one's, the newest first, at most 50."""
    numbers = [one.number for one in parcels_of(dossier)]
    if not numbers:
        return []
    came = Q(came_by_post__number__in=numbers) | Q(
        pk__in=Arrival.objects.filter(number__in=numbers).values("dossier_id")
    )
    rows = visible_dossiers(by).filter(came).exclude(pk=dossier.pk).defer("data", "version__definition")
    return [ParcelMate(row.pk, str(row), row.procedure.short_name) for row in rows.order_by("-pk")[:MOST]]
