"""New addresses of a person that wait for their code."""

import datetime as dt
from dataclasses import dataclass

from dinh.foundation.actions.public import Actor
from dinh.sso.models import ContactCode
from dinh.sso.rules.contacts import AGAIN_AFTER, TRIES

__all__ = ["PendingContact", "pending_contacts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingContact:
    """A new address that is not in force yet. ``kind`` is phone or email; ``is_open`` whether its code can
    still be typed; ``again_at`` from when another can be sent.
    """

    kind: str
    value: str
    is_open: bool
    expires_at: dt.datetime
    again_at: dt.datetime


def pending_contacts(by: Actor, *, now: dt.datetime) -> list[PendingContact]:
    """One's own new addresses that wait for their code."""
    if by.account_id is None:
        return []
    rows = ContactCode.objects.filter(account_id=by.account_id, ended_at=None).order_by("kind")
    return [
        PendingContact(
            kind=row.kind,
            value=row.value,
            is_open=row.expires_at > now and row.tries < TRIES,
            expires_at=row.expires_at,
            again_at=row.sent_at + AGAIN_AFTER,
        )
        for row in rows
    ]
