"""Visits of a desk that closed go on at its heir, at the same hour."""

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection

from dinh.foundation.actions.public import publish
from dinh.onestop.events import VisitHandedOn
from dinh.onestop.models import Visit, VisitPlan, VisitSlot

if TYPE_CHECKING:
    from dinh.foundation.directory.models import Unit

__all__ = ["hand_on_visits"]

_ADD = """
    INSERT INTO onestop_visitslot AS slot (desk_id, starts_at, taken) VALUES (%s, %s, %s)
    ON CONFLICT (desk_id, starts_at) DO UPDATE SET taken = slot.taken + excluded.taken
"""


def hand_on_visits(old: "Unit", desk_id: UUID, *, now: dt.datetime) -> int:
    """Give the visits that are still to come at a closed desk to another, hours unchanged, and announce each
    (no verb). An hour may so hold more people than the plan has places: nobody more can book it.

    Returns how many. The closed desk takes no appointments any more.
    """
    VisitPlan.objects.filter(desk=old).update(is_open=False)
    rows = Visit.objects.filter(desk=old, state="booked", ends_at__gte=now)
    visits = list(rows.select_for_update(of=("self",)).order_by("pk"))
    if not visits or desk_id == old.pk:
        return 0
    hours = Counter(visit.starts_at for visit in visits)
    with connection.cursor() as cursor:
        for starts_at, count in sorted(hours.items()):
            cursor.execute(_ADD, [desk_id, starts_at, count])
    VisitSlot.objects.filter(desk=old, starts_at__in=list(hours)).delete()
    Visit.objects.filter(pk__in=[visit.pk for visit in visits]).update(desk_id=desk_id)
    for visit in visits:
        publish(VisitHandedOn(visit_id=visit.pk, old=old.name))
    return len(visits)
