"""Doing the work of somebody who is away: who acts on a step, and which rows a substitute has to do."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import in_place_of, reached_units
from dinh.kernel.errors import NotFound
from dinh.onestop.models import StepRun
from dinh.onestop.permissions import WORK_ON_STEP

__all__ = ["places_of_absent", "stand_in_rows", "who_acts"]

# What passes to a substitute. Not the right to sign: an authority to sign is its holder's own, and is passed
# on only in writing (NĐ 30/2020 Art. 13), as data of the directory.
PASSED_ON = frozenset(
    {"dossier.read", "work.read", "step.work", "step.assign", "dossier.receive", "signing.use_agency_key"}
)
NOT_IN_PLACE = ("sign",)


def places_of_absent(by: Actor, *, now: dt.datetime) -> list[Actor]:
    """Return the actors that the person is in place of those away; none for nearly everybody."""
    found = []
    for position_id in by.stands_in_for:
        try:
            found.append(in_place_of(by, position_id, only=PASSED_ON, at=now))
        except NotFound:
            continue
    return found


def who_acts(by: Actor, step: StepRun, *, now: dt.datetime, places: Iterable[Actor] | None = None) -> Actor:
    """Return as whom the person works on a step: as themselves where they may, else in place of an absent
    holder. ``places`` are those of ``places_of_absent`` when they are known.
    """
    if not by.stands_in_for or step.kind in NOT_IN_PLACE or WORK_ON_STEP.may(by, step):
        return by
    for place in places_of_absent(by, now=now) if places is None else places:
        if WORK_ON_STEP.may(place, step):
            return place
    return by


def stand_in_rows(by: Actor, *, now: dt.datetime) -> Q:
    """Return the condition on open work that the person has to do in place of others."""
    rows = Q(pk__in=[])
    for place in places_of_absent(by, now=now):
        units = reached_units(place, "step.work")
        here = Q() if units is None else Q(unit_id__in=list(units))
        free = here & Q(holder_id=None, role__in=sorted(place.roles))
        rows |= Q(holder_id=place.position_id) | free
    return rows & Q(is_waiting=False) & ~Q(kind__in=NOT_IN_PLACE)
