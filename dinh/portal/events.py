"""Facts that the portal announces."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from dinh.foundation.actions.events import Event

__all__ = [
    "CommentAnswered",
    "CommentSent",
    "ConsultationOpened",
    "ConsultationSummarised",
    "ContentApproved",
    "PetitionAnswered",
    "PetitionAssigned",
    "PetitionDeclined",
    "PetitionPublished",
    "PetitionRated",
    "PetitionSent",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionSent(Event):
    """Somebody sent a petition or a question; its legal time runs."""

    petition_id: UUID
    kind: str
    due_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionAssigned(Event):
    """The desk passed a petition on to the agency that answers."""

    petition_id: UUID
    agency_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionDeclined(Event):
    """A petition is not one that may be taken here; the reason was given."""

    petition_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionAnswered(Event):
    """An answer was approved and sent; ``is_late`` is what indicators count (TT 01/2018 Art. 13, no. 8)."""

    petition_id: UUID
    kind: str
    agency_id: UUID
    received_at: dt.datetime
    answered_at: dt.datetime
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionPublished(Event):
    """Question and answer stand on the portal, without personal data."""

    petition_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionRated(Event):
    """Whoever sent a petition said how satisfied they are with the answer: 3 very, 2, 1 not."""

    petition_id: UUID
    agency_id: UUID | None
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentApproved(Event):
    """A version of a post was approved; the public sees it from ``publish_at`` on."""

    post_id: UUID
    kind: str
    publish_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationOpened(Event):
    """A draft of a text stands open for comment."""

    consultation_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationSummarised(Event):
    """What came of a consultation was published."""

    consultation_id: UUID
    comments: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentSent(Event):
    """Somebody commented on a draft."""

    consultation_id: UUID
    comment_id: UUID
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentAnswered(Event):
    """A comment has its published answer."""

    comment_id: UUID
    kind: str
