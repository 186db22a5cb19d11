"""Where dossiers were before their units merged, split or closed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from dinh.onestop.models import Dossier, MovedDossier, StepRun, UnitMove

__all__ = ["Former", "HolderOfMoved", "former_units", "get_move", "holders_moved"]


@dataclass(frozen=True, slots=True)
class Former:
    """A unit that had the dossier before, and the one that took over on a day."""

    name: str
    heir: str
    on: dt.date


@dataclass(frozen=True, slots=True)
class HolderOfMoved:
    """A position that holds open steps of moved dossiers, and how many."""

    position_id: UUID
    count: int


def former_units(dossier: Dossier) -> Sequence[Former]:
    """Return the units from which a dossier was taken over, the first first. One query."""
    rows = MovedDossier.objects.filter(dossier=dossier).order_by("id")
    return [
        Former(*values)
        for values in rows.values_list("move__from_unit__name", "move__to_unit__name", "move__on")
    ]


def get_move(move_id: UUID) -> UnitMove:
    """Return a move for a verb."""
    return UnitMove.objects.select_related("from_unit", "to_unit").get(pk=move_id)


def holders_moved(move: UnitMove) -> Sequence[HolderOfMoved]:
    """Return the positions that hold open steps at the heir among the moved dossiers."""
    moved = MovedDossier.objects.filter(move=move).values("dossier")
    held = StepRun.objects.filter(dossier__in=moved, state="open", unit=move.to_unit_id)
    counts: dict[UUID, int] = {}
    for position_id in held.exclude(holder=None).order_by("holder").values_list("holder", flat=True):
        counts[position_id] = counts.get(position_id, 0) + 1
    return [HolderOfMoved(position_id, count) for position_id, count in counts.items()]
