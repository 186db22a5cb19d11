"""Facts that signing announces."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from dinh.foundation.actions.events import Event

__all__ = [
    "FilePreserved",
    "KeyEnding",
    "KeyIssued",
    "KeyRetired",
    "KeyResumed",
    "KeyRevoked",
    "KeySuspended",
    "PreservationDelayed",
    "PreservationRequested",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyIssued(Event):
    """A key with its certificate is ready for its owner."""

    key_id: UUID
    owner_kind: str
    owner_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRevoked(Event):
    """A certificate was taken back; what it signs from now on is not valid."""

    key_id: UUID
    owner_kind: str
    owner_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRetired(Event):
    """A key is no longer used; what it signed stays valid."""

    key_id: UUID
    owner_kind: str
    owner_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PreservationRequested(Event):
    """A signed file waits for its time stamp."""

    preservation_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PreservationDelayed(Event):
    """A time stamp could not be had; the next attempt is at ``seconds`` from now."""

    preservation_id: UUID
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePreserved(Event):
    """A signed file has its time stamp: whoever shows ``file_id`` shows ``preserved_file_id`` from now on."""

    file_id: UUID
    preserved_file_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySuspended(Event):
    """A key signs nothing until it is resumed."""

    key_id: UUID
    owner_kind: str
    owner_id: UUID
    label: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyResumed(Event):
    """A suspended key may be used again."""

    key_id: UUID
    owner_kind: str
    owner_id: UUID
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyEnding(Event):
    """A certificate in use ends on ``ends_on``: ``days`` is the warning whose day has come."""

    key_id: UUID
    owner_kind: str
    owner_id: UUID
    label: str
    ends_on: dt.date
    days: int
