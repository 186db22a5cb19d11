"""How the work outside the requests is going: workers, jobs, the outbox, the seal."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from dinh.foundation.actions.models import AuditSeal, OutboxMessage, WorkerHeartbeat
from dinh.foundation.actions.queries.sealed import count_unsealed

__all__ = ["Pulse", "read_pulse"]

_SILENT = dt.timedelta(seconds=30)
_LATE = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Pulse:
    """The state of background work at one moment.

    ``workers`` are alive; ``seen_at`` is the last sign of life of any (None: none is registered).
    ``jobs`` and ``messages`` count those not yet done by state. The waits are those of the oldest job
    and message that are due (None: nothing is due).
    """

    workers: int
    seen_at: dt.datetime | None
    jobs: dict[str, int]
    messages: dict[str, int]
    oldest_job_waits: dt.timedelta | None
    oldest_message_waits: dt.timedelta | None
    entries_unsealed: int
    sealed_at: dt.datetime | None

    @property
    def is_well(self) -> bool:
        """Whether a worker lives and nothing that is due has waited for more than five minutes."""
        waits = (self.oldest_job_waits, self.oldest_message_waits)
        return self.workers > 0 and all(wait is None or wait < _LATE for wait in waits)


def read_pulse(*, now: dt.datetime | None = None) -> Pulse:
    """Return how the work outside the requests is going.

    Delivered messages are not counted: there are as many as there ever were effects.
    """
    now = now or timezone.now()
    jobs = ProcrastinateJob.objects.exclude(status="succeeded").values_list("status").annotate(Count("id"))
    undelivered = OutboxMessage.objects.exclude(state=OutboxMessage.State.DELIVERED).order_by()
    beats = list(WorkerHeartbeat.objects.values_list("seen_at", flat=True))
    return Pulse(
        workers=sum(seen_at > now - _SILENT for seen_at in beats),
        seen_at=max(beats, default=None),
        jobs=dict(jobs),
        messages=dict(undelivered.values_list("state").annotate(Count("id"))),
        oldest_job_waits=_oldest_job_waits(now),
        oldest_message_waits=_oldest_message_waits(now),
        entries_unsealed=count_unsealed(),
        sealed_at=AuditSeal.objects.order_by("-number").values_list("sealed_at", flat=True).first(),
    )


def _oldest_message_waits(now: dt.datetime) -> dt.timedelta | None:
    waiting = OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING, next_attempt_at__lte=now)
    oldest = waiting.order_by("next_attempt_at").values_list("next_attempt_at", flat=True).first()
    return None if oldest is None else now - oldest


_OLDEST_JOB = """
    SELECT min(coalesce(job.scheduled_at, deferred.at))
    FROM procrastinate_jobs AS job
    LEFT JOIN procrastinate_events AS deferred ON deferred.job_id = job.id AND deferred.type = 'deferred'
    WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= %s)
"""


def _oldest_job_waits(now: dt.datetime) -> dt.timedelta | None:
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST_JOB, [now])
        oldest: dt.datetime | None = cursor.fetchone()[0]
    return None if oldest is None else now - oldest
