"""What became of outbox messages: for the rooms that put them there and for whoever looks after them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import models

from dinh.foundation.actions.models import DeliveryAttempt, OutboxMessage
from dinh.kernel.errors import NotFound

__all__ = [
    "Attempt",
    "SentMessage",
    "attempts_at",
    "find_messages",
    "get_message",
    "message_by_id",
    "messages_of",
    "messages_of_rows",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """One outbox message as plain values. ``title`` is the payload's "subject", or empty."""

    id: UUID
    channel: str
    recipient: str
    title: str
    subject_type: str
    subject_id: str
    state: str
    attempts: int
    last_error: str
    created_at: dt.datetime
    next_attempt_at: dt.datetime
    delivered_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to deliver: when, and the error (empty: it arrived)."""

    at: dt.datetime
    error: str


def messages_of(row: models.Model) -> list[SentMessage]:
    """Return the messages about a row, newest first."""
    about = OutboxMessage.objects.filter(subject_type=row._meta.label_lower, subject_id=str(row.pk))
    return [_plain(message) for message in about.order_by("-id")]


def messages_of_rows(rows: Sequence[models.Model]) -> dict[str, SentMessage]:
    """Return the newest message about each of some rows of one table, by the row's identifier as text."""
    if not rows:
        return {}
    about = OutboxMessage.objects.filter(
        subject_type=rows[0]._meta.label_lower, subject_id__in=[str(row.pk) for row in rows]
    )
    return {message.subject_id: _plain(message) for message in about.order_by("id")}


def find_messages(
    *, channels: Sequence[str], state: str = "", recipient: str = "", before: UUID | None = None, limit: int
) -> list[SentMessage]:
    """Return up to ``limit`` messages of some channels, newest first, older than ``before``.

    ``state`` is waiting, retrying (waiting after a failure), delivered or dead; ``recipient`` a part of it.
    """
    found = OutboxMessage.objects.filter(channel__in=channels)
    if state == "retrying":
        found = found.filter(state="waiting", attempts__gt=0)
    elif state:
        found = found.filter(state=state)
    if recipient:
        found = found.filter(recipient__icontains=recipient)
    if before is not None:
        found = found.filter(id__lt=before)
    return [_plain(message) for message in found.order_by("-id")[:limit]]


def get_message(message_id: UUID) -> OutboxMessage:
    """Return a message for the verb ``resend``. Raises ``NotFound``."""
    try:
        return OutboxMessage.objects.get(pk=message_id)
    except OutboxMessage.DoesNotExist as error:
        raise NotFound from error


def message_by_id(message_id: UUID) -> SentMessage:
    """Return one message as plain values. Raises ``NotFound``."""
    return _plain(get_message(message_id))


def attempts_at(message_id: UUID) -> list[Attempt]:
    """Return the attempts to deliver a message, oldest first."""
    attempts = DeliveryAttempt.objects.filter(message_id=message_id).order_by("id")
    return [Attempt(attempt.at, attempt.error) for attempt in attempts]


def _plain(message: OutboxMessage) -> SentMessage:
    return SentMessage(
        id=message.pk,
        channel=message.channel,
        recipient=message.recipient,
        title=str(message.payload.get("subject", "")),
        subject_type=message.subject_type,
        subject_id=message.subject_id,
        state=message.state,
        attempts=message.attempts,
        last_error=message.last_error,
        created_at=message.created_at,
        next_attempt_at=message.next_attempt_at,
        delivered_at=message.delivered_at,
    )
