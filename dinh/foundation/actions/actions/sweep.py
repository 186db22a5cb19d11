"""Keeping the queue clean: jobs of dead workers go back in line, old finished ones go away."""

import datetime as dt

from django.db import connection

__all__ = ["delete_finished_jobs", "sweep_stalled_jobs"]

# A worker says every five seconds that it lives; one that is silent for half a minute is taken for dead.
STALE = dt.timedelta(seconds=30)

# A job that was running each time its worker died is probably what kills them.
_MOST_ATTEMPTS = 12

_SWEEP = """
    WITH dead AS (
        DELETE FROM procrastinate_workers
        WHERE last_heartbeat < now() - make_interval(secs => %(stale)s)
        RETURNING id
    ), stalled AS (
        SELECT job.id, job.queueing_lock FROM procrastinate_jobs AS job
        WHERE job.status = 'doing' AND (job.worker_id IS NULL OR job.worker_id IN (SELECT id FROM dead))
        FOR UPDATE SKIP LOCKED
    ), ranked AS (
        SELECT id, queueing_lock IS NOT NULL AND (
            row_number() OVER (PARTITION BY queueing_lock ORDER BY id) > 1 OR EXISTS (
                SELECT 1 FROM procrastinate_jobs AS other
                WHERE other.queueing_lock = stalled.queueing_lock AND other.status = 'todo'
            )
        ) AS is_spare
        FROM stalled
    )
    UPDATE procrastinate_jobs AS job
    SET attempts = attempts + 1, abort_requested = false, scheduled_at = now(), worker_id = NULL,
        status = (
            CASE WHEN is_spare OR attempts >= %(most)s THEN 'failed' ELSE 'todo' END
        )::procrastinate_job_status
    FROM ranked WHERE job.id = ranked.id
    RETURNING job.id, job.status
"""


def sweep_stalled_jobs(*, stale: dt.timedelta = STALE) -> list[int]:
    """Put running jobs of dead workers back in line and return the ids of those that wait again.

    A periodic job whose next run already waits, and a job that has been running at twelve deaths, are
    marked failed instead. Several workers may sweep at once.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SWEEP, {"stale": stale.total_seconds(), "most": _MOST_ATTEMPTS})
        return [number for number, status in cursor.fetchall() if status == "todo"]


_DELETE = """
    DELETE FROM procrastinate_jobs WHERE id IN (
        SELECT job.id FROM procrastinate_jobs AS job
        WHERE job.status = ANY(%s::procrastinate_job_status[]) AND NOT EXISTS (
            SELECT 1 FROM procrastinate_events AS event
            WHERE event.job_id = job.id AND event.at > now() - make_interval(secs => %s)
        )
        LIMIT %s
    )
"""


def delete_finished_jobs(*, keep_done: dt.timedelta, keep_failed: dt.timedelta, batch: int = 5000) -> int:
    """Delete jobs that ended longer ago than they are kept; return how many."""
    deleted = 0
    for statuses, keep in ((["succeeded", "cancelled"], keep_done), (["failed", "aborted"], keep_failed)):
        while gone := _delete(statuses, keep, batch):
            deleted += gone
    return deleted


def _delete(statuses: list[str], keep: dt.timedelta, batch: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_DELETE, [statuses, keep.total_seconds(), batch])
        return int(cursor.rowcount)
