"""How the work outside the requests is going: workers, jobs, the outbox."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max
from procrastinate.contrib.django.models import ProcrastinateJob

from dinh.foundation.actions.models import OutboxMessage, WorkerHeartbeat

__all__ = ["Pulse", "read_pulse"]


@dataclass(frozen=True, slots=True)
class Pulse:
    """``seen_at`` is the last sign of life of any worker (None: none is registered)."""

    seen_at: dt.datetime | None
    jobs: dict[str, int]
    messages: dict[str, int]


def read_pulse() -> Pulse:
    """Return the last sign of a worker, and how many jobs and outbox messages are in each state.

    Delivered messages are not counted: there are as many as there ever were effects.
    """
    jobs = ProcrastinateJob.objects.exclude(status="succeeded").values_list("status").annotate(Count("id"))
    messages = (
        OutboxMessage.objects.exclude(state=OutboxMessage.State.DELIVERED)
        .order_by()
        .values_list("state")
        .annotate(Count("id"))
    )
    return Pulse(
        seen_at=WorkerHeartbeat.objects.aggregate(Max("seen_at"))["seen_at__max"],
        jobs=dict(jobs),
        messages=dict(messages),
    )
