"""Filling the province with any number of dossiers, several processes at a time."""

import datetime as dt
import multiprocessing
import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from uuid import UUID

import django
from django.db import connection, connections

from dinh.foundation.actions.public import system
from dinh.onestop.public import loaded_tables
from dinh.website.sample.dossiers import AgencyShare, load_share, shared_file, shares

__all__ = ["fill"]

# Below this, starting further processes takes longer than the work.
_ALONE_UNTIL = 3000
_PROCESSES = 4


def fill(total: int, *, now: dt.datetime, tell: Callable[[str], object]) -> None:
    """Load ``total`` invented dossiers, then have the database look at its tables anew."""
    file_id = shared_file(by=system("website.sample"))
    began, done = time.monotonic(), 0
    planned = shares(total)
    if total <= _ALONE_UNTIL:
        for share in planned:
            done += load(share, file_id, now)
    else:
        connections.close_all()
        with ProcessPoolExecutor(
            min(_PROCESSES, os.cpu_count() or 1),
            mp_context=multiprocessing.get_context("spawn"),
            initializer=django.setup,
        ) as pool:
            told = 0
            for finished in as_completed([pool.submit(load, share, file_id, now) for share in planned]):
                done += finished.result()
                if done - told >= total // 20:
                    told = done
                    tell(f"{_thousands(done)} hồ sơ sau {time.monotonic() - began:.0f} giây")
    _analyze()
    tell(f"{_thousands(done)} hồ sơ, {time.monotonic() - began:.0f} giây")


def load(share: AgencyShare, file_id: UUID, now: dt.datetime) -> int:
    """Load an agency's share in this process; return how many dossiers it had."""
    return sum(load_share(share, file_id=file_id, by=system("website.sample"), now=now))


def _analyze() -> None:
    """Fresh statistics and visibility marks: otherwise the first hour's plans would be guesses."""
    with connection.cursor() as cursor:
        for table in loaded_tables():
            cursor.execute(f"VACUUM (ANALYZE) {table}")


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")
