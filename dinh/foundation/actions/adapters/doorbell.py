"""The database's doorbell: whoever enqueues rings (NOTIFY), a waiting relay hears it (LISTEN)."""

import threading
import time
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

__all__ = ["Doorbell", "ring"]

_CHANNEL = "dinh_outbox"

# Ringing costs a round trip after the commit, so a busy process rings at most ten times a second; a
# ring that was saved is made up by the relay's own look once a second.
_QUIET_SECONDS = 0.1

_last_ring = threading.local()


def ring() -> None:
    """Wake the relays. Called after the commit: a NOTIFY inside it would make all commits queue up."""
    now = time.monotonic()
    if now - getattr(_last_ring, "at", 0.0) < _QUIET_SECONDS:
        return
    _last_ring.at = now
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {_CHANNEL}")


class Doorbell:
    """Waits for a ring on a connection of its own.

    Behind PgBouncer in transaction mode LISTEN is not possible; then it only sleeps, and a message
    leaves after a second at most.
    """

    def __init__(self) -> None:
        self._line: psycopg.Connection[Any] | None = None

    def wait(self, seconds: float) -> None:
        """Return at the next ring, or after ``seconds``."""
        if settings.DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"]:
            time.sleep(seconds)
            return
        try:
            for _ in self._open().notifies(timeout=seconds, stop_after=1):
                return
        except psycopg.Error:
            self.close()
            time.sleep(seconds)

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.close()
        self._line = None

    def _open(self) -> psycopg.Connection[Any]:
        if self._line is None or self._line.closed:
            parameters = connection.get_connection_params()
            self._line = psycopg.connect(**parameters, autocommit=True)
            self._line.execute(f"LISTEN {_CHANNEL}")
        return self._line
