"""Filling the province with any number of dossiers, several processes at a time."""

import datetime as dt
import multiprocessing
import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from uuid import UUID

import django

from dinh.foundation.actions.public import system
from dinh.onestop.public import checked_at_the_end, fold_figures, refresh_statistics
from dinh.website.sample.dossiers import AgencyShare, load_share, shared_file, shares

__all__ = ["fill"]

# Below this, starting further processes takes longer than the work.
_ALONE_UNTIL = 3000
_PROCESSES = 4


def fill(total: int, *, now: dt.datetime, tell: Callable[[str], object]) -> None:
    """Load ``total`` invented dossiers, then have the database look at its tables anew."""
    file_id = shared_file(by=system("website.sample"))
    progress = _Progress(total, tell)
    if total <= _ALONE_UNTIL:
        for share in shares(total):
            progress.add(load(share, file_id, now))
    else:
        with checked_at_the_end():
            _load_together(shares(total), file_id, now, progress)
            tell("kiểm tra các khóa ngoại")
    fold_figures(by=system("website.sample"))
    refresh_statistics()
    progress.finish()


def _load_together(
    planned: list[AgencyShare], file_id: UUID, now: dt.datetime, progress: "_Progress"
) -> None:
    pool = ProcessPoolExecutor(
        min(_PROCESSES, os.cpu_count() or 1),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=django.setup,
    )
    with pool:
        for done in as_completed([pool.submit(load, share, file_id, now) for share in planned]):
            progress.add(done.result())


class _Progress:
    """Says how far it is, some twenty times in all."""

    def __init__(self, total: int, tell: Callable[[str], object]) -> None:
        self.total = total
        self.tell = tell
        self.began = time.monotonic()
        self.done = self.told = 0

    def add(self, count: int) -> None:
        self.done += count
        if self.done - self.told >= self.total / 20:
            self.told = self.done
            self.finish()

    def finish(self) -> None:
        self.tell(f"{_thousands(self.done)} hồ sơ, {time.monotonic() - self.began:.0f} giây")


def load(share: AgencyShare, file_id: UUID, now: dt.datetime) -> int:
    """Load an agency's share in this process; return how many dossiers it had."""
    return sum(load_share(share, file_id=file_id, by=system("website.sample"), now=now))


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")
