"""Pure rules of the write path: when a delivery is tried again, and the form in which an entry is sealed."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

__all__ = [
    "DELIVERY_DELAYS",
    "ENTRY_FIELDS",
    "SealedFields",
    "canonical_entry",
    "delivery_delay",
    "digests_between",
    "entry_digest",
    "id_ranges",
    "job_delay",
    "seal_digest",
]

_MINUTE, _HOUR = 60, 3600

# A receiver that is down for an evening, a night or a whole day is waited for; the sum is 24 hours.
DELIVERY_DELAYS: tuple[int, ...] = (
    10,
    30,
    80,
    3 * _MINUTE,
    5 * _MINUTE,
    10 * _MINUTE,
    20 * _MINUTE,
    40 * _MINUTE - 20,
    1 * _HOUR + 19 * _MINUTE,
    2 * _HOUR + 20 * _MINUTE,
    4 * _HOUR,
    7 * _HOUR,
    8 * _HOUR,
)

# Jobs do our own work (PDFs, stamps, scans): what still fails after some hours waits for a person.
_JOB_DELAYS: tuple[int, ...] = (5, 30, 2 * _MINUTE, 10 * _MINUTE, 30 * _MINUTE, _HOUR, 2 * _HOUR, 4 * _HOUR)


def delivery_delay(attempts: int, *, jitter: float = 0.0) -> dt.timedelta | None:
    """Return how long to wait after the ``attempts``-th failed delivery, or None: give up.

    ``jitter`` from 0 to 1 stretches the wait by at most a tenth, so that what failed together does
    not return together.
    """
    if attempts > len(DELIVERY_DELAYS):
        return None
    return dt.timedelta(seconds=DELIVERY_DELAYS[attempts - 1] * (1 + jitter / 10))


def job_delay(attempts: int, *, retries: int) -> dt.timedelta | None:
    """Return how long a job waits after ``attempts`` failures, or None: it stays failed."""
    if attempts > retries:
        return None
    return dt.timedelta(seconds=_JOB_DELAYS[min(attempts, len(_JOB_DELAYS)) - 1])


# The canonical form of an audit entry: docs/decisions/0080-audit-seal.md. Adding a field needs a new
# form under a new name, because old seals are checked with the form they were made with.
ENTRY_FIELDS: tuple[str, ...] = (
    "id",
    "txid",
    "at",
    "verb",
    "subject_type",
    "subject_id",
    "subject_label",
    "actor_kind",
    "actor_id",
    "actor_name",
    "position_id",
    "position_name",
    "on_behalf_of",
    "request_id",
    "changes",
)

_DIGEST_BYTES = 32


def canonical_entry(values: Sequence[Any]) -> bytes:
    """Return one entry, its values in the order of ``ENTRY_FIELDS``, as the bytes that are hashed.

    A JSON array in UTF-8 without spaces: whole numbers as numbers, texts as they are, the moment in
    UTC with microseconds, ``changes`` (given as JSON text) with sorted keys. A number in it becomes a
    text: U+0000, which no text in the database can hold, then its digits as the database writes them.
    """
    number, txid, at, *texts, changes = values
    moment = at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    parsed = json.loads(changes, parse_float=_marked, parse_int=_marked) if changes != "{}" else {}
    return _json([number, txid, moment, *texts, parsed])


def _marked(number: str) -> str:
    return "\x00" + number


def entry_digest(values: Sequence[Any]) -> bytes:
    """Return the SHA-256 of one entry in its canonical form (32 bytes)."""
    return hashlib.sha256(canonical_entry(values)).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedFields:
    """Everything that a seal's hash covers; the entries themselves through ``entries_hash``."""

    form: str
    number: int
    cluster: str
    txid: int
    sealed_at: dt.datetime
    entries: int
    first_id: int
    last_id: int
    until_id: int
    settled_id: int
    ranges: list[int]
    entries_hash: str
    previous_hash: str


def seal_digest(seal: SealedFields) -> str:
    """Return the hash of a seal, in hex: the link of the chain and what is signed."""
    fields = asdict(seal)
    fields["sealed_at"] = seal.sealed_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return hashlib.sha256(_json(fields)).hexdigest()


def id_ranges(ids: Iterable[int]) -> list[int]:
    """Return sorted ids as a flat list of half-open ranges: 1 2 3 7 becomes [1, 4, 7, 8]."""
    ranges: list[int] = []
    for number in ids:
        if ranges and ranges[-1] == number:
            ranges[-1] = number + 1
        else:
            ranges += [number, number + 1]
    return ranges


def digests_between(
    ranges: Sequence[int], digests: bytes, *, after: int, until: int
) -> Iterator[tuple[int, bytes]]:
    """Yield the ids of flat ``ranges`` that lie in (after, until], each with its digest, in order."""
    place = 0
    for start, end in zip(ranges[::2], ranges[1::2], strict=True):
        for number in range(max(start, after + 1), min(end, until + 1)):
            at = (place + number - start) * _DIGEST_BYTES
            yield number, digests[at : at + _DIGEST_BYTES]
        place += end - start


def _json(value: list[Any] | Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
