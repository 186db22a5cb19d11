"""Facts that rooms announce: frozen dataclasses in the past tense, all derived from ``Event``."""

from dataclasses import dataclass
from uuid import UUID

__all__ = ["AuditFoundBroken", "AuditVerificationAsked", "Event", "MessageDelivered", "MessageGivenUp"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact that has happened in the running transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDelivered(Event):
    """The receiver has taken an outbox message. ``subject_…`` is the row it was about, or empty."""

    message_id: UUID
    channel: str
    recipient: str
    subject_type: str
    subject_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageGivenUp(Event):
    """An outbox message cannot be delivered; somebody has to look and send it again."""

    message_id: UUID
    channel: str
    recipient: str
    subject_type: str
    subject_id: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditVerificationAsked(Event):
    """Somebody, or the house itself, wants the audit log proved."""

    verification_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFoundBroken(Event):
    """A proof of the audit log found that it is not what was sealed."""

    verification_id: UUID
