"""Jobs of sign-in."""

import datetime as dt
from uuid import UUID

from django.utils import timezone

from dinh.foundation.actions.public import Actor, job, periodic
from dinh.sso.actions.password_links import send_link
from dinh.sso.actions.sessions import purge
from dinh.sso.queries.accounts import account_to_help

__all__ = ["remove_old_rows", "send_password_link"]


@periodic("17 3 * * *")
@job(queue="default")
def remove_old_rows(*, by: Actor) -> None:
    """Remove ended sessions, throttle counters and links and kept forms that are of no more use."""
    purge(now=timezone.now())


@job(queue="default")
def send_password_link(*, account_id: str, asked_at: str, by: Actor) -> None:
    """Send the link for a forgotten password, if the account can get one."""
    at = dt.datetime.fromisoformat(asked_at)
    account = account_to_help(UUID(account_id), asked_at=at) if account_id else None
    if account is not None:
        send_link(account, by=by, now=timezone.now())
