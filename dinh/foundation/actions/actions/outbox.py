"""The outbox: effects outside the database leave as rows, written with the change they follow."""

import datetime as dt
import logging
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from dinh.foundation.actions.actions.events import all_handlers, publish
from dinh.foundation.actions.actions.rows import insert_rows
from dinh.foundation.actions.actions.write import action
from dinh.foundation.actions.adapters.doorbell import ring
from dinh.foundation.actions.events import Event, MessageDelivered, MessageGivenUp
from dinh.foundation.actions.models import DeliveryAttempt, OutboxMessage
from dinh.foundation.actions.permissions import RESEND, Actor
from dinh.foundation.actions.rules import delivery_delay
from dinh.kernel.errors import N_, Refused

__all__ = [
    "AlreadyDelivered",
    "Delivery",
    "Outcome",
    "Undeliverable",
    "all_channels",
    "channel",
    "claim",
    "enqueue",
    "name_missing_channels",
    "release",
    "resend",
    "settle",
]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a channel is given to deliver. ``id`` is the idempotency key towards the receiver."""

    id: str
    recipient: str
    payload: Mapping[str, Any]
    attempt: int


class Undeliverable(Exception):
    """Raised by a channel when trying again is of no use: the message is dead at once."""


class AlreadyDelivered(Refused):
    """The message has reached its receiver."""

    message = N_("Tin này đã được gửi thành công, không cần gửi lại.")


Sender = Callable[[Delivery], None]
_channels: dict[str, Sender] = {}


def channel(name: str) -> Callable[[Sender], Sender]:
    """Register the function that delivers messages of one channel, in a room's ``channels.py``.

    It runs outside any transaction, in a thread of the relay, and must end within half a minute (set
    time limits on what it calls). It returns when the receiver has taken the message. It raises
    ``Undeliverable`` when that can never succeed, and anything else when it may succeed later: the
    message is tried again for a day. The same message may come twice, with the same ``id``.
    """

    def register(sender: Sender) -> Sender:
        _channels[name] = sender
        return sender

    return register


def all_channels() -> dict[str, Sender]:
    """Every registered channel by its name."""
    return dict(_channels)


def enqueue(
    channel: str,
    *,
    recipient: str,
    payload: Mapping[str, Any],
    about: models.Model | None = None,
    once_key: str | None = None,
) -> None:
    """Put one message for one recipient into the outbox, in the running transaction.

    ``about`` is the row it concerns, so that a screen can show the fate of its messages. A second
    message with the same ``once_key`` is not written.
    """
    message = OutboxMessage(
        channel=channel,
        recipient=recipient,
        payload=dict(payload),
        once_key=once_key,
        subject_type=about._meta.label_lower if about is not None else "",
        subject_id=str(about.pk) if about is not None else "",
    )
    insert_rows(message, conflicts="fail" if once_key is None else "keep")
    transaction.on_commit(ring)


@action("outbox.resent", permission=RESEND, on=OutboxMessage, label=N_("Gửi lại tin"))
def resend(message: OutboxMessage, *, by: Actor) -> OutboxMessage:
    """Send a message again that was given up, or at once one that waits for its next attempt."""
    if message.state == OutboxMessage.State.DELIVERED:
        raise AlreadyDelivered
    message.state = OutboxMessage.State.WAITING
    message.attempts = 0
    message.next_attempt_at = dt.datetime.now(dt.UTC)
    message.save(update_fields=["state", "attempts", "next_attempt_at"])
    transaction.on_commit(ring)
    return message


# Delivery. A relay claims messages by a lease, sends them outside any transaction, and settles the
# outcomes. What it does here is the outbox's own bookkeeping, seen in the attempts, not verbs of people.


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt ended: ``error`` is empty on success, ``is_final`` means never try again."""

    message: OutboxMessage
    error: str
    is_final: bool
    milliseconds: int


_CLAIM = """
    WITH due AS (
        SELECT id FROM actions_outboxmessage
        WHERE state = 'waiting' AND channel = %(channel)s AND next_attempt_at <= now()
          AND (claimed_until IS NULL OR claimed_until < now())
        ORDER BY next_attempt_at
        LIMIT %(limit)s
        FOR UPDATE SKIP LOCKED
    )
    UPDATE actions_outboxmessage AS message
    SET claimed_by = %(by)s, claimed_until = now() + %(lease)s, attempts = attempts + 1
    FROM due WHERE message.id = due.id
    RETURNING message.*
"""


def claim(channel: str, *, by: str, limit: int, lease: dt.timedelta) -> list[OutboxMessage]:
    """Take up to ``limit`` due messages of one channel for the relay ``by``, until the lease ends.

    The attempt is counted here, so that a message that kills its relay is given up in the end too.
    """
    return list(
        OutboxMessage.objects.raw(_CLAIM, {"channel": channel, "by": by, "limit": limit, "lease": lease})
    )


def release(messages: Sequence[OutboxMessage], *, by: str) -> None:
    """Give back claimed messages that were not tried."""
    OutboxMessage.objects.filter(id__in=[message.id for message in messages], claimed_by=by).update(
        claimed_by="", claimed_until=None, attempts=models.F("attempts") - 1
    )


def settle(outcomes: Sequence[Outcome], *, by: str) -> None:
    """Write how attempts ended, in one transaction, and announce what is over.

    A success counts even when the lease has passed to another relay: the receiver has the message. A
    failure counts only for the relay that still holds the lease.
    """
    sent = [outcome for outcome in outcomes if not outcome.error]
    failed = [outcome for outcome in outcomes if outcome.error]
    with transaction.atomic():
        if sent:
            _mark_delivered([outcome.message.id for outcome in sent])
        if failed:
            _mark_failed(failed, by=by)
        DeliveryAttempt.objects.bulk_create(
            DeliveryAttempt(
                message_id=outcome.message.id,
                succeeded=not outcome.error,
                error=outcome.error,
                milliseconds=outcome.milliseconds,
            )
            for outcome in outcomes
        )
        for outcome in outcomes:
            _announce(outcome)


def _mark_delivered(ids: list[UUID]) -> None:
    OutboxMessage.objects.filter(id__in=ids).exclude(state=OutboxMessage.State.DELIVERED).update(
        state=OutboxMessage.State.DELIVERED,
        delivered_at=models.functions.Now(),
        claimed_by="",
        claimed_until=None,
        last_error="",
    )


_FAIL = """
    UPDATE actions_outboxmessage AS message
    SET state = CASE WHEN failed.wait IS NULL THEN 'dead' ELSE 'waiting' END,
        next_attempt_at = now() + coalesce(failed.wait, '0'),
        last_error = failed.error, claimed_by = '', claimed_until = NULL
    FROM unnest(%s::uuid[], %s::interval[], %s::text[]) AS failed (id, wait, error)
    WHERE message.id = failed.id AND message.claimed_by = %s AND message.state = 'waiting'
"""


def _mark_failed(failed: Sequence[Outcome], *, by: str) -> None:
    ids = [outcome.message.id for outcome in failed]
    with connection.cursor() as cursor:
        cursor.execute(_FAIL, [ids, [_wait_after(o) for o in failed], [o.error for o in failed], by])


def _wait_after(outcome: Outcome) -> dt.timedelta | None:
    if outcome.is_final:
        return None
    return delivery_delay(outcome.message.attempts, jitter=random.random())  # noqa: S311 - spreads load


def _announce(outcome: Outcome) -> None:
    event = _event_of(outcome)
    if event is None or type(event) not in all_handlers():
        return
    try:
        with transaction.atomic():
            publish(event)
    except Exception:
        # The message is out; a listener's fault must not have it sent again.
        log.exception("a handler of %s failed", type(event).__name__)


def _event_of(outcome: Outcome) -> Event | None:
    message = outcome.message
    if not outcome.error:
        return MessageDelivered(
            message_id=message.id,
            channel=message.channel,
            recipient=message.recipient,
            subject_type=message.subject_type,
            subject_id=message.subject_id,
        )
    if outcome.is_final or delivery_delay(message.attempts) is None:
        return MessageGivenUp(
            message_id=message.id,
            channel=message.channel,
            recipient=message.recipient,
            subject_type=message.subject_type,
            subject_id=message.subject_id,
            error=outcome.error,
        )
    return None


def name_missing_channels() -> None:
    """Say at waiting messages whose channel no room brings why they wait; they leave once it is there."""
    missing = OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING, last_error="")
    missing.exclude(channel__in=_channels).update(
        last_error=N_("Chưa có kênh gửi này trong hệ thống. Tin sẽ được gửi khi kênh được cài đặt.")
    )
