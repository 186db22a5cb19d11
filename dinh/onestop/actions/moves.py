"""Open dossiers go to the heir of a unit that merged, split or closed: code and clocks unchanged.

The directory's change asks for the move in its own transaction; a job does it, in one audited act. Until then
nothing stands still: a closed unit stands below its heir, whose people reach what it had.
"""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet

from dinh.foundation.actions.public import Actor, action, publish
from dinh.foundation.directory.public import get_unit, standing_unit
from dinh.kernel.errors import N_
from dinh.onestop.actions.national import mark_changed
from dinh.onestop.actions.record import line
from dinh.onestop.actions.visit_moves import hand_on_visits
from dinh.onestop.events import DossierMoved, DossiersMoved
from dinh.onestop.models import (
    Dossier,
    Draft,
    Involvement,
    MovedDossier,
    StepRun,
    TimelineEntry,
    UnitMove,
    WorkItem,
)
from dinh.onestop.permissions import SYSTEM_ONLY
from dinh.onestop.queries.units import NoDesk, desk_of

if TYPE_CHECKING:
    from dinh.foundation.directory.models import Unit

__all__ = ["ask_for_move", "ask_for_strays", "move_open_dossiers", "next_to_tell", "note_told"]

OPEN_STATES = ("submitted", "processing", "supplement", "done")
BATCH = 200
DESK = "one_stop_desk"


def ask_for_move(from_id: UUID, to_id: UUID, *, on: dt.date, now: dt.datetime) -> UUID:
    """Note, with the directory's change, that what is open at a unit goes to its heir."""
    move = UnitMove.objects.create(from_unit_id=from_id, to_unit_id=to_id, on=on, asked_at=now)
    return move.pk


def ask_for_strays(*, now: dt.datetime) -> list[UUID]:
    """Ask for moves of what is still open at closed units: opened there while the move was under way."""
    agencies = Dossier.objects.filter(state__in=OPEN_STATES, agency__heir__isnull=False)
    desks = Dossier.objects.filter(state__in=OPEN_STATES, reception_unit__heir__isnull=False)
    steps = StepRun.objects.filter(state="open", unit__heir__isnull=False)
    found = {
        *agencies.order_by().values_list("agency", flat=True).distinct(),
        *desks.order_by().values_list("reception_unit", flat=True).distinct(),
        *steps.order_by().values_list("unit", flat=True).distinct(),
    }
    moves = []
    for unit_id in sorted(one for one in found if one is not None):
        unit = get_unit(unit_id)
        if unit.valid_until is not None:
            moves.append(ask_for_move(unit_id, standing_unit(unit_id).pk, on=unit.valid_until, now=now))
    return moves


@action(
    "dossiers.moved",
    permission=SYSTEM_ONLY,
    on=UnitMove,
    label=N_("Chuyển hồ sơ đang giải quyết sang đơn vị tiếp nhận"),
)
def move_open_dossiers(move: UnitMove, *, by: Actor, now: dt.datetime) -> UnitMove:
    """Give everything that is open at the unit to its heir, once.

    Each dossier's row is locked first, in one order, as the verbs of clerks lock it: whoever acts at this
    moment ends before, and what they opened goes along. Codes, clocks and due moments stay as they are.
    """
    if move.done_at is not None:
        return move
    old, heir = get_unit(move.from_unit_id), standing_unit(move.to_unit_id)
    dossiers = _lock_open(old)
    ids = [dossier.pk for dossier in dossiers]
    agency_id = heir.agency_id or heir.pk
    held = Dossier.objects.filter(pk__in=ids)
    # A desk that took in for another agency hands this on as a desk: its own agency has no part in it.
    taken_in = set(held.filter(intake_desk=old).values_list("pk", flat=True))
    held.filter(agency=old).update(agency=agency_id)
    held.filter(reception_unit=old).update(reception_unit=_desk_for(old, heir))
    held.filter(intake_desk=old).update(intake_desk=_desk_for(old, heir))
    steps = StepRun.objects.filter(dossier__in=ids, state="open", unit=old).update(unit=heir)
    WorkItem.objects.filter(dossier__in=ids, unit=old).update(unit=heir)
    WorkItem.objects.filter(dossier__in=ids, agency=old).update(agency=agency_id)
    _involve((pk for pk in ids if pk not in taken_in), {heir.pk, agency_id})
    _involve(taken_in, {_desk_for(old, heir)} if taken_in else set())
    if old.kind == DESK:
        hand_on_visits(old, _desk_for(old, heir), now=now)
    move.drafts = Draft.objects.filter(sent_as=None, agency=old).update(agency=agency_id)
    sentence = N_("%(old)s đã được sắp xếp vào %(new)s: hồ sơ chuyển sang, mã và hạn giữ nguyên")
    TimelineEntry.objects.bulk_create(
        (line(one, sentence, by=by, now=now, old=old.name, new=heir.name) for one in dossiers),
        batch_size=1000,
    )
    MovedDossier.objects.bulk_create(
        (MovedDossier(move=move, dossier_id=pk) for pk in ids), batch_size=1000, ignore_conflicts=True
    )
    move.to_unit_id = heir.pk
    move.dossiers, move.steps, move.done_at = len(ids), steps, now
    move.save()
    for pk in ids:
        mark_changed(pk)
    publish(DossiersMoved(move_id=move.pk))
    return move


def _lock_open(old: "Unit") -> list[Dossier]:
    at_steps = StepRun.objects.filter(state="open", unit=old).values("dossier")
    rows: QuerySet[Dossier] = Dossier.objects.filter(state__in=OPEN_STATES).filter(
        Q(agency=old) | Q(reception_unit=old) | Q(intake_desk=old) | Q(pk__in=at_steps)
    )
    return list(rows.select_for_update(of=("self",)).order_by("pk").only("pk", "state"))


def _desk_for(old: "Unit", heir: "Unit") -> UUID:
    """Where dossiers of a closed desk are from now on: the heir, if it is a desk, or its agency's."""
    if heir.kind == old.kind:
        return heir.pk
    try:
        return desk_of(heir.agency_id or heir.pk).pk
    except NoDesk:
        return heir.pk


def _involve(dossier_ids: Iterable[UUID], unit_ids: set[UUID]) -> None:
    """The heir takes part from now on; that the old unit did stays written."""
    Involvement.objects.bulk_create(
        (Involvement(dossier_id=pk, unit_id=unit_id) for pk in dossier_ids for unit_id in unit_ids),
        batch_size=2000,
        ignore_conflicts=True,
    )


def next_to_tell(move: UnitMove) -> list[UUID]:
    """Return the next dossiers of a move whose applicants have not been told yet, at most ``BATCH``."""
    rows = MovedDossier.objects.filter(move=move).order_by("dossier")
    if move.told_until is not None:
        rows = rows.filter(dossier__gt=move.told_until)
    return list(rows.values_list("dossier", flat=True)[:BATCH])


@action("dossiers.move_told", permission=SYSTEM_ONLY, on=UnitMove, label=N_("Báo việc chuyển hồ sơ"))
def note_told(move: UnitMove, *, by: Actor) -> list[UUID]:
    """Announce the next applicants to be told of a move, and note that they were; return their dossiers."""
    dossier_ids = next_to_tell(move)
    for dossier_id in dossier_ids:
        publish(
            DossierMoved(
                dossier_id=dossier_id, move_id=move.pk, old=move.from_unit.name, new=move.to_unit.name
            )
        )
    if dossier_ids:
        move.told_until = dossier_ids[-1]
        move.save(update_fields=["told_until"])
    return dossier_ids
