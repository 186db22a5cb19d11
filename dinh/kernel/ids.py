"""Identifiers: made so that they sort in the order of making, and read from what somebody sent."""

import os
import threading
import time
import uuid

__all__ = ["read_uuid", "uuid7"]

_lock = threading.Lock()
_last = 0


def uuid7() -> uuid.UUID:
    """Return a version 7 UUID (RFC 9562, method 3): milliseconds, 12 bits of their fraction, random bits.

    Those made by one process are in order even within a microsecond, so rows written together keep the
    order in which they were given.
    """
    global _last
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    with _lock:
        _last = stamp = max(milliseconds << 12 | rest * 4096 // 1_000_000, _last + 1)
    random = int.from_bytes(os.urandom(8)) & (1 << 62) - 1
    return uuid.UUID(int=(stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | random)


def read_uuid(text: str | None) -> uuid.UUID | None:
    """Return the identifier that was written, or None: what can't be read is not there."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
