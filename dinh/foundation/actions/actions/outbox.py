"""The outbox: effects outside the database leave as rows, written with the change they follow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from dinh.foundation.actions.models import OutboxMessage

__all__ = ["Delivery", "all_channels", "channel", "enqueue"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a channel is given to deliver. ``id`` is the idempotency key towards the receiver."""

    id: str
    recipient: str
    payload: Mapping[str, Any]
    attempt: int


Sender = Callable[[Delivery], None]
_channels: dict[str, Sender] = {}


def channel(name: str) -> Callable[[Sender], Sender]:
    """Register the function that delivers messages of one channel, in a room's ``channels.py``.

    It runs outside any transaction. It returns when the receiver has taken the message, and raises
    otherwise: the message is tried again later.
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
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                channel=channel,
                recipient=recipient,
                payload=dict(payload),
                once_key=once_key,
                subject_type=about._meta.label_lower if about is not None else "",
                subject_id=str(about.pk) if about is not None else "",
            )
        ],
        ignore_conflicts=once_key is not None,
    )
