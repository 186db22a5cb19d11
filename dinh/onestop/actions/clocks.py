"""Due moments read anew after a calendar has changed. The clocks themselves do not change."""

import datetime as dt
from uuid import UUID

from dinh.foundation.actions.public import Actor, action
from dinh.kernel.errors import N_
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.actions.record import refresh_due, tell
from dinh.onestop.models import Dossier
from dinh.onestop.permissions import SYSTEM_ONLY

__all__ = ["refresh_open_clocks"]

OPEN_STATES = ("submitted", "processing", "supplement")


def refresh_open_clocks(unit_id: UUID | None, *, by: Actor, now: dt.datetime) -> None:
    """Read the clocks of all open dossiers (of one unit's calendar, or of the province) anew."""
    rows = Dossier.objects.filter(state__in=OPEN_STATES)
    if unit_id is not None:
        rows = rows.filter(involvements__unit_id=unit_id)
    for dossier in rows.order_by("id").distinct().iterator(chunk_size=500):
        recompute(dossier, by=by, now=now)


@action("dossier.due_recomputed", permission=SYSTEM_ONLY, on=Dossier)
def recompute(dossier: Dossier, *, by: Actor, now: dt.datetime) -> Dossier:
    """Keep the due moment that the dossier's clock gives today; say so on the timeline when it moved."""
    before = dossier.due_at
    refresh_due(dossier, now=now)
    if before and dossier.due_at and before != dossier.due_at:
        tell(
            dossier,
            N_("Lịch làm việc thay đổi: hẹn trả chuyển từ %(before)s sang %(after)s"),
            by=by,
            now=now,
            before=f"{before.astimezone(VIETNAM):%H:%M %d/%m/%Y}",
            after=f"{dossier.due_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}",
        )
    return dossier
