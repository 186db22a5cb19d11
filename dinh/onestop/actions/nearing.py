"""Reading once, after an upgrade, the clocks of open work whose nearness was only guessed."""

import datetime as dt
from collections import defaultdict
from uuid import UUID

from dinh.foundation.actions.public import SYSTEM_ONLY, Actor, action
from dinh.onestop.models import ClockRecord, WorkItem
from dinh.onestop.queries.clocks import step_reading

__all__ = ["read_guessed_nearness"]

PORTION = 200
# Portions of one run of the job: an upgraded province with fifty thousand open steps has its right moments
# within half an hour, and nothing else waits for it.
MOST_PORTIONS = 50


def read_guessed_nearness(*, by: Actor, now: dt.datetime) -> int:
    """Read the clocks of open work whose ``near_at`` an upgrade guessed; return how many were read.

    A portion a transaction: interrupted anywhere, the next run goes on with what is left.
    """
    read = 0
    for _ in range(MOST_PORTIONS):
        if not (portion := _read_portion(by=by, now=now)):
            break
        read += portion
    return read


def _read_portion(*, by: Actor, now: dt.datetime) -> int:
    if not WorkItem.objects.filter(near_is_guess=True).exists():
        return 0
    return read_portion(by=by, now=now)


@action("work.near_read", permission=SYSTEM_ONLY)
def read_portion(*, by: Actor, now: dt.datetime) -> int:
    """Read the clocks of one portion; return how many.

    A row that a verb is writing is left to the next portion. A verb that has noted an event of the clock but
    not reached the row yet writes its own moment over this one.
    """
    rows = WorkItem.objects.select_for_update(skip_locked=True, of=("self",)).select_related("step")
    items = list(rows.filter(near_is_guess=True).order_by("step")[:PORTION])
    records: dict[UUID, list[ClockRecord]] = defaultdict(list)
    for record in ClockRecord.objects.filter(step__in=[item.step_id for item in items]):
        if record.step_id is not None:
            records[record.step_id].append(record)
    for item in items:
        # A clock at rest has no such moment; it is read when it goes on.
        item.near_at = step_reading(item.step, now=now, records=records[item.step_id]).near_at or item.near_at
        item.near_is_guess = False
    WorkItem.objects.bulk_update(items, ["near_at", "near_is_guess"])
    return len(items)
