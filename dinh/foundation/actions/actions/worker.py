"""The worker: one process that runs jobs and periodic jobs, relays the outbox, and says that it lives."""

import asyncio
import datetime as dt
import logging
import os
import signal
import socket
import threading
import time
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.db.models.functions import Now
from procrastinate.contrib.django import app as _queue
from procrastinate.contrib.django.db_cleanup import DjangoApp
from procrastinate.psycopg_connector import PsycopgConnector

from dinh.foundation.actions.actions.outbox import name_missing_channels
from dinh.foundation.actions.actions.relay import Relay
from dinh.foundation.actions.actions.sweep import STALE, sweep_stalled_jobs
from dinh.foundation.actions.models import WorkerHeartbeat

__all__ = ["Worker"]

log = logging.getLogger(__name__)

_HEARTBEAT_SECONDS = 5.0
_SWEEP_SECONDS = 15.0

# How often to look for new jobs that no notification told of.
_LOOK_SECONDS = 5.0
_LOOK_UNTOLD_SECONDS = 1.0

# A relay that has not come round for this long hangs, and the worker no longer says that it lives.
_RELAY_HANGS_SECONDS = 60.0


class Worker:
    """Runs until SIGTERM or SIGINT, then ends what is running and returns; a second signal ends it at once.

    What has not ended ``grace`` after the signal is left as it is: the process goes, its transaction is
    rolled back by the database, and another worker's sweep puts the job back in line.
    """

    def __init__(self, *, concurrency: int = 4, relay_threads: int = 4, grace: dt.timedelta) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}:{os.urandom(3).hex()}"
        self.concurrency = concurrency
        self.grace = grace
        self._relay = Relay(name=self.name, threads=relay_threads)
        self._stopping = threading.Event()
        self._jobs_run = threading.Event()

    def run(self) -> None:
        """Work until told to stop."""
        threads = [
            threading.Thread(target=self._relay.run, name="relay", daemon=True),
            threading.Thread(target=self._keep, name="keeper", daemon=True),
        ]
        for thread in threads:
            thread.start()
        asyncio.run(self._work())
        self._relay.stop()
        for thread in threads:
            thread.join(self.grace.total_seconds())
        WorkerHeartbeat.objects.filter(name=self.name).delete()

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._on_signal, stop)
        while not stop.is_set():
            await self._run_jobs(stop)
            # The connection that defers periodic jobs may be broken: the database may have restarted.
            await sync_to_async(close_old_connections)()

    def _on_signal(self, stop: asyncio.Event) -> None:
        if stop.is_set():
            os._exit(1)
        stop.set()
        self._stopping.set()
        self._relay.stop()

    async def _run_jobs(self, stop: asyncio.Event) -> None:
        """Run jobs until the signal, or until the database fails: then return after a second."""
        jobs = asyncio.create_task(self._open_and_run())
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({jobs, stopped}, return_when=asyncio.FIRST_COMPLETED)
        self._jobs_run.clear()
        if not stop.is_set():
            stopped.cancel()
            log.warning("the jobs' loop ended and starts again", exc_info=jobs.exception())
            await asyncio.sleep(1)
            return
        jobs.cancel()
        _, running = await asyncio.wait({jobs}, timeout=self.grace.total_seconds())
        if running:
            log.error("jobs still run %s after the signal; they are left to another worker", self.grace)
            os._exit(1)

    async def _open_and_run(self) -> None:
        app = _queue_on_own_connections(self.concurrency)
        async with app.open_async():
            self._jobs_run.set()
            await app.run_worker_async(
                name=self.name,
                concurrency=self.concurrency,
                listen_notify=not _is_behind_pgbouncer(),
                fetch_job_polling_interval=_LOOK_UNTOLD_SECONDS if _is_behind_pgbouncer() else _LOOK_SECONDS,
                update_heartbeat_interval=_HEARTBEAT_SECONDS,
                stalled_worker_timeout=STALE.total_seconds(),
                install_signal_handlers=False,
            )

    def _keep(self) -> None:
        """Say that the worker lives while all of it does; put back what dead workers left."""
        next_sweep = 0.0
        self._jobs_run.wait(_HEARTBEAT_SECONDS)
        while not self._stopping.is_set():
            try:
                if self._is_well():
                    self._beat()
                if time.monotonic() >= next_sweep:
                    sweep_stalled_jobs()
                    name_missing_channels()
                    next_sweep = time.monotonic() + _SWEEP_SECONDS
            except (DatabaseError, InterfaceError):
                log.warning("the worker's sign of life waits for the database", exc_info=True)
            finally:
                close_old_connections()
            self._stopping.wait(_HEARTBEAT_SECONDS)
        connection.close()

    def _is_well(self) -> bool:
        return self._jobs_run.is_set() and time.monotonic() - self._relay.seen_at < _RELAY_HANGS_SECONDS

    def _beat(self) -> None:
        WorkerHeartbeat.objects.update_or_create(name=self.name, defaults={"seen_at": Now()})


def _queue_on_own_connections(concurrency: int) -> DjangoApp:
    """The same jobs over asynchronous connections; what a job defers still goes through Django's own."""
    parameters: dict[str, Any] = connection.get_connection_params()
    parameters.pop("context", None)
    parameters.pop("cursor_factory", None)
    connector = PsycopgConnector(kwargs=parameters, min_size=1, max_size=max(2, concurrency // 2))
    app = DjangoApp(connector=connector)
    app.tasks = _queue.tasks
    app.periodic_registry = _queue.periodic_registry
    return app


def _is_behind_pgbouncer() -> bool:
    return bool(settings.DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"])
