"""Jobs: slow or periodic work, deferred in the transaction that wants it and done by a worker."""

import datetime as dt
from collections.abc import Callable
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from croniter import croniter
from django.apps import apps
from django.conf import settings
from procrastinate.contrib.django import app as _queue
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job as QueuedJob
from procrastinate.periodic import PeriodicTask
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from dinh.foundation.actions.permissions import system
from dinh.foundation.actions.rules import job_delay
from dinh.kernel.errors import Refused

__all__ = ["Job", "all_jobs", "job", "periodic"]

_jobs: dict[str, "Job"] = {}


class Job:
    """A declared job. Calling it runs it here and now; ``defer`` leaves it to a worker."""

    def __init__(self, function: Callable[..., None], *, name: str, queue: str, retries: int) -> None:
        self.function = function
        self.name = name
        self.queue = queue
        self.retries = retries
        self.cron = ""
        self.summary = (function.__doc__ or "").strip().partition("\n")[0]
        self._task = _queue.task(name=name, queue=queue, retry=_BackOff(self), pass_context=True)(self._work)

    def __call__(self, **arguments: Any) -> None:
        self.function(**arguments, by=system(self.name))

    def defer(self, **arguments: Any) -> None:
        """Leave the job to a worker, in the running transaction: rolled back, it was never asked for.

        ``arguments`` are what JSON knows: texts, numbers, lists; pass the id of a row, not the row.
        """
        self._task.defer(**arguments)

    def defer_at(self, moment: dt.datetime, **arguments: Any) -> None:
        """Leave the job to a worker that takes it at ``moment`` (timezone-aware) or soon after."""
        self._task.configure(schedule_at=moment).defer(**arguments)

    def repeat(self, cron: str) -> None:
        """Have workers defer the job again and again, at the moments of ``cron`` in the province's time."""
        self.cron = cron
        self.retries = 0
        _queue.periodic_registry.periodic_tasks[self.name, ""] = _LocalTime(
            task=self._task,
            cron=cron,
            periodic_id="",
            configure_kwargs={"queueing_lock": f"{self.name}:periodic"},
        )

    def _work(self, context: JobContext, /, **arguments: Any) -> None:
        arguments.pop("timestamp", None)
        self.function(**arguments, by=system(self.name, request_id=f"job:{context.job.id}"))


def job(*, queue: str = "default", retries: int = 8, name: str = "") -> Callable[[Callable[..., None]], Job]:
    """Make a function of a room's ``tasks.py`` a job.

    The function takes JSON arguments and ``by``, the system as the actor. It may run more than once (a
    worker may die between the work and its note), so it asks first whether its work is already done.
    An exception is tried again ``retries`` times with growing waits (5 s to 4 h); a ``Refused`` is not.
    The stored name is room and function, ``files.scan``; keep it by ``name`` when the function is renamed.
    """

    def declare(function: Callable[..., None]) -> Job:
        stored = name or f"{_room_of(function)}.{function.__name__}"
        if stored in _jobs:
            raise ValueError(f"job {stored} is declared twice")
        _jobs[stored] = Job(function, name=stored, queue=queue, retries=retries)
        return _jobs[stored]

    return declare


def periodic(cron: str) -> Callable[[Job], Job]:
    """Repeat a job at the moments of ``cron`` (five fields, in the province's time).

    A moment that passed while no worker ran is made up for ten minutes and then dropped, and two do not
    wait at once, so a periodic job always does all that is due, not one step. It is not tried again
    when it fails: its next moment is the next try.
    """

    def declare(declared: Job) -> Job:
        declared.repeat(cron)
        return declared

    return declare


def all_jobs() -> dict[str, Job]:
    """Every declared job by its stored name."""
    return dict(sorted(_jobs.items()))


def _room_of(function: Callable[..., None]) -> str:
    config = apps.get_containing_app_config(function.__module__)
    return config.label if config else function.__module__.rpartition(".")[0].rpartition(".")[2]


class _BackOff(BaseRetryStrategy):
    def __init__(self, declared: Job) -> None:
        self.declared = declared

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision | None:
        if isinstance(exception, Refused):
            return None
        delay = job_delay(job.attempts + 1, retries=self.declared.retries)
        return None if delay is None else RetryDecision(retry_at=dt.datetime.now(dt.UTC) + delay)


class _LocalTime(PeriodicTask[Any, Any, Any]):
    @cached_property
    def croniter(self) -> croniter:
        return croniter(self.cron, start_time=dt.datetime.now(ZoneInfo(settings.TIME_ZONE)))
