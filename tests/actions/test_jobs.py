"""Jobs: deferred in the transaction, done by workers, put back when a worker dies."""

import datetime as dt
import signal

import pytest
from django.db import connection, transaction

from dinh.foundation.actions.models import WorkerHeartbeat
from dinh.foundation.actions.public import all_jobs, delete_finished_jobs, sweep_stalled_jobs
from tests.actions.conftest import Workers
from tests.actions.sampleroom import tasks
from tests.actions.sampleroom.apps import ONLY_BELLS
from tests.waiting import is_listening, wait_until, wait_until_listening


def jobs(column: str = "status") -> list[object]:
    """What stands in the queue for the tests' jobs; the rooms' periodic ones come at their own times."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column} FROM procrastinate_jobs WHERE task_name NOT LIKE '%.%' "
            "OR task_name LIKE 'sampleroom.%' AND task_name <> 'sampleroom.tick' ORDER BY id"
        )
        return [row[0] for row in cursor.fetchall()]


def test_a_job_of_a_rolled_back_transaction_was_never_asked_for(queue: None) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tasks.note.defer(text="một")
        _ = 1 / 0
    assert jobs() == []


def test_a_job_is_asked_for_in_one_query(queue: None, django_assert_num_queries) -> None:
    with transaction.atomic(), django_assert_num_queries(1):
        tasks.note.defer(text="một")
    assert jobs("args ->> 'text'") == ["một"]


def test_a_job_takes_only_what_json_knows(queue: None) -> None:
    with pytest.raises(TypeError):
        tasks.note.defer(text=object())


def test_a_job_keeps_its_stored_name(queue: None) -> None:
    assert all_jobs()["sampleroom.note"] is tasks.note


def test_a_worker_does_jobs_as_the_system_and_periodic_jobs_at_their_time(workers: Workers) -> None:
    workers.start()
    tasks.note.defer(text="Đình")
    tasks.note.defer_at(dt.datetime.now(dt.UTC) + dt.timedelta(days=1), text="mai")
    wait_until(lambda: workers.effects("Đình"))
    wait_until(lambda: len(workers.effects("tick")) >= 2)
    assert workers.effects("Đình") == ["Đình by system sampleroom.note"]
    assert workers.effects("mai") == []


def test_a_waiting_worker_takes_a_new_job_at_once(workers: Workers) -> None:
    """It is told: this one would look by itself tomorrow."""
    workers.start(**{ONLY_BELLS: "1"})
    wait_until_listening("procrastinate")
    tasks.note.defer(text="ngay")
    wait_until(lambda: workers.effects("ngay"))


def test_a_failed_job_waits_and_a_refused_one_does_not_come_again(workers: Workers) -> None:
    workers.start()
    tasks.fail.defer()
    tasks.refuse.defer()
    wait_until(lambda: jobs("status::text || attempts") == ["todo1", "failed1"])
    assert jobs("scheduled_at > now()")[0]


def test_a_stopped_worker_ends_its_job_and_takes_no_other(workers: Workers) -> None:
    worker = workers.start("--concurrency", "1")
    tasks.ponder.defer(text="một")
    tasks.ponder.defer(text="hai")
    wait_until(lambda: workers.effects("began một"))
    worker.send_signal(signal.SIGTERM)
    # The relay hangs up when the signal has been heard; only then the job ends.
    wait_until(lambda: not is_listening("dinh_outbox"))
    workers.go_on()
    assert worker.wait(timeout=180) == 0
    assert workers.effects("ended") == ["ended một"]
    assert jobs() == ["succeeded", "todo"]
    assert not WorkerHeartbeat.objects.exists()


def test_a_job_that_outlasts_the_grace_is_left_to_another_worker(workers: Workers) -> None:
    worker = workers.start("--grace", "1")
    tasks.ponder.defer(text="lâu")
    wait_until(lambda: workers.effects("began lâu"))
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=180) == 1
    assert sweep_stalled_jobs(stale=dt.timedelta(0)) != []
    assert jobs() == ["todo"]


def test_the_job_of_a_killed_worker_is_done_by_another(workers: Workers) -> None:
    killed = workers.start()
    tasks.ponder.defer(text="dở dang")
    wait_until(lambda: workers.effects("began dở dang"))
    killed.kill()
    killed.wait()
    workers.go_on()
    assert jobs() == ["doing"]
    assert sweep_stalled_jobs() == [], "a worker is not taken for dead at once"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 seconds'")
    workers.start()
    wait_until(lambda: workers.effects("ended dở dang"))
    wait_until(lambda: jobs() == ["succeeded"])


def test_the_periodic_job_of_a_killed_worker_does_not_block_the_sweep(queue: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, queueing_lock) VALUES"
            " ('default', 'sampleroom.x', 'doing', 'x'), ('default', 'sampleroom.x', 'doing', 'x'),"
            " ('default', 'sampleroom.y', 'doing', 'y'), ('default', 'sampleroom.y', 'todo', 'y')"
        )
    sweep_stalled_jobs()
    assert jobs() == ["todo", "failed", "failed", "todo"]


def test_a_job_at_whose_runs_all_workers_died_is_given_up(queue: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts)"
            " VALUES ('default', 'sampleroom.x', 'doing', 12)"
        )
    sweep_stalled_jobs()
    assert jobs() == ["failed"]


def test_finished_jobs_go_after_their_days_and_waiting_ones_stay(queue: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES"
            " ('default', 'old', 'succeeded'), ('default', 'old', 'failed'), ('default', 'old', 'todo')"
        )
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type, at)"
            " SELECT id, 'succeeded', now() - interval '8 days' FROM procrastinate_jobs"
        )
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '8 days'")
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status)"
            " VALUES ('default', 'new', 'succeeded')"
        )
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type, at)"
            " SELECT id, 'succeeded', now() FROM procrastinate_jobs WHERE task_name = 'new'"
        )
    days = dt.timedelta(days=7)
    assert delete_finished_jobs(keep_done=days, keep_failed=4 * days) == 1
    assert jobs("task_name || status::text") == ["oldfailed", "oldtodo", "newsucceeded"]


def test_a_worker_outlives_a_restart_of_the_database(workers: Workers) -> None:
    worker = workers.start()
    wait_until(WorkerHeartbeat.objects.exists)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    tasks.note.defer(text="còn sống")
    wait_until(lambda: workers.effects("còn sống"))
    wait_until(lambda: len(workers.effects("tick")) > 2)
    assert worker.poll() is None


def test_a_worker_works_without_notifications_behind_pgbouncer(workers: Workers) -> None:
    workers.start(DINH_PGBOUNCER="1")
    wait_until(WorkerHeartbeat.objects.exists)
    tasks.note.defer(text="vẫn chạy")
    wait_until(lambda: workers.effects("vẫn chạy"))
