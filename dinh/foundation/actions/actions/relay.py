"""The relay: claims waiting messages, sends them side by side, settles the outcomes, again and again."""

import datetime as dt
import logging
import queue
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from dinh.foundation.actions.actions.outbox import (
    Delivery,
    Outcome,
    Undeliverable,
    all_channels,
    claim,
    release,
    settle,
)
from dinh.foundation.actions.adapters.doorbell import Doorbell
from dinh.foundation.actions.models import OutboxMessage

__all__ = ["Relay"]

log = logging.getLogger(__name__)

# Long enough for what is claimed ahead (four for each thread, half a minute each), short enough that
# what a killed relay held is tried again soon.
LEASE = dt.timedelta(minutes=3)
_AHEAD = 4
_LOOK_SECONDS = 1.0


class Relay:
    """Delivers over every registered channel. Several relays may run side by side, here or elsewhere.

    Each channel has ``threads`` threads of its own, so that a receiver that hangs delays nobody else.
    """

    def __init__(self, *, name: str, threads: int = 4, lease: dt.timedelta = LEASE) -> None:
        self.name = name
        self.lease = lease
        self.seen_at = time.monotonic()
        self._threads = threads
        self._pools: dict[str, ThreadPoolExecutor] = {}
        self._in_flight: Counter[str] = Counter()
        self._done: queue.SimpleQueue[Outcome | OutboxMessage] = queue.SimpleQueue()
        self._stopping = threading.Event()

    def run(self) -> None:
        """Deliver until ``stop`` is called; a database that is away is waited for."""
        doorbell = Doorbell()
        while not self._stopping.is_set():
            self.seen_at = time.monotonic()
            try:
                self._round(idle=doorbell.wait)
            except (DatabaseError, InterfaceError):
                log.warning("the relay waits for the database", exc_info=True)
                close_old_connections()
                time.sleep(_LOOK_SECONDS)
        self._finish()
        doorbell.close()
        connection.close()

    def stop(self) -> None:
        """Ask the relay to take nothing more, end what it is sending, and return from ``run``."""
        self._stopping.set()

    def drain(self) -> int:
        """Deliver everything that is due now, then return how many messages were tried."""
        tried = 0
        while taken := self._claim():
            tried += taken
            while self._in_flight.total():
                self._settle(wait=_LOOK_SECONDS)
        return tried

    def _round(self, *, idle: Callable[[float], None]) -> None:
        taken = self._claim()
        if self._in_flight.total():
            self._settle(wait=_LOOK_SECONDS / 4)
        elif not taken:
            # An idle relay holds no connection of the pool.
            close_old_connections()
            idle(_LOOK_SECONDS)

    def _claim(self) -> int:
        taken = 0
        for name in all_channels():
            free = self._threads * _AHEAD - self._in_flight[name]
            if free <= 0:
                continue
            messages = claim(name, by=self.name, limit=free, lease=self.lease)
            until = time.monotonic() + self.lease.total_seconds() / 2
            for message in messages:
                self._in_flight[name] += 1
                self._pool(name).submit(self._deliver, message, until)
            taken += len(messages)
        return taken

    def _pool(self, channel: str) -> ThreadPoolExecutor:
        if channel not in self._pools:
            self._pools[channel] = ThreadPoolExecutor(self._threads, thread_name_prefix=channel)
        return self._pools[channel]

    def _deliver(self, message: OutboxMessage, until: float) -> None:
        if self._stopping.is_set() or time.monotonic() > until:
            self._done.put(message)
            return
        started = time.monotonic()
        error, is_final = _attempt(message)
        self._done.put(Outcome(message, error, is_final, int((time.monotonic() - started) * 1000)))

    def _settle(self, *, wait: float) -> None:
        """Settle what has ended, at once where much has; wait for the first only."""
        try:
            ended = [self._done.get(timeout=wait)]
        except queue.Empty:
            return
        while not self._done.empty():
            ended.append(self._done.get())
        try:
            self._write(ended)
        except (DatabaseError, InterfaceError):
            # What is sent must not be forgotten because the database is away for a moment.
            for item in ended:
                self._done.put(item)
            raise
        for item in ended:
            self._in_flight[(item.message if isinstance(item, Outcome) else item).channel] -= 1

    def _write(self, ended: list[Outcome | OutboxMessage]) -> None:
        if untried := [item for item in ended if isinstance(item, OutboxMessage)]:
            release(untried, by=self.name)
        if outcomes := [item for item in ended if isinstance(item, Outcome)]:
            settle(outcomes, by=self.name)

    def _finish(self) -> None:
        deadline = time.monotonic() + self.lease.total_seconds() / 2
        while self._in_flight.total() and time.monotonic() < deadline:
            try:
                self._settle(wait=_LOOK_SECONDS)
            except (DatabaseError, InterfaceError):
                close_old_connections()
                time.sleep(_LOOK_SECONDS)
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)


def _attempt(message: OutboxMessage) -> tuple[str, bool]:
    """Send one message; return what went wrong (empty: nothing) and whether it always will."""
    sender = all_channels()[message.channel]
    delivery = Delivery(str(message.id), message.recipient, message.payload, message.attempts)
    try:
        sender(delivery)
    except Undeliverable as error:
        return str(error) or type(error).__name__, True
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:2000], False
    finally:
        close_old_connections()
    return "", False
