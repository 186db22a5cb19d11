"""Waiting for what other processes and threads do, however slow or quick the machine is.

A wait returns as soon as its condition holds, so that a long bound costs nothing where all is well. What a
test proves is what happened, never how long it took.
"""

import itertools
import os
import random
import socket
import time
from collections.abc import Callable

from django.db import connection

# Below the ports that the kernel gives to connections; each process of a run begins at another place.
_PORTS = range(10_000, 32_000)
_places = itertools.count(random.Random(os.getpid()).randrange(len(_PORTS)))


def wait_until(condition: Callable[[], object], *, seconds: float = 180) -> None:
    """Return as soon as the condition holds; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def wait_until_blocked(people: int = 1) -> None:
    """Return as soon as so many wait in this test's database for a lock that somebody else holds."""

    def blocked() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            return int(cursor.fetchone()[0]) >= people

    wait_until(blocked)


def wait_until_listening(channel: str) -> None:
    """Return as soon as somebody listens in this test's database to notifications of a channel."""
    wait_until(lambda: is_listening(channel))


def is_listening(channel: str) -> bool:
    """Whether somebody listens in this test's database to notifications of a channel."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle'"
            " AND query LIKE 'LISTEN%%' AND query LIKE %s",
            [f"%{channel}%"],
        )
        return cursor.fetchone() is not None


def free_port() -> int:
    """A port of this machine that nobody uses, and that no connection is given before somebody listens."""
    for place in _places:
        port = _PORTS[place % len(_PORTS)]
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("unreachable")
