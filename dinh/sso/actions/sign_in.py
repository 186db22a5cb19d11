"""Signing in: a name and a password are compared, then a session begins."""

import datetime as dt
import secrets
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import identify_hasher, is_password_usable, make_password
from django.db import connection

from dinh.foundation.actions.public import Actor, action
from dinh.kernel.errors import N_, Refused
from dinh.sso.actions.throttle import count_guess, guess_keys, pardon_guess
from dinh.sso.models import Account, Session, SignInRecord
from dinh.sso.permissions import SIGN_IN
from dinh.sso.queries.accounts import account_named
from dinh.sso.rules.sign_in import clean_password, clean_username

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "AccountInactive",
    "Client",
    "WrongCredentials",
    "lend_connection_back",
    "record_refusal",
    "start_session",
    "verify_credentials",
]


class WrongCredentials(Refused):
    message = N_("Tên đăng nhập hoặc mật khẩu không đúng. Hãy kiểm tra bộ gõ, phím Caps Lock rồi nhập lại.")


class AccountInactive(Refused):
    message = N_("Tài khoản này đã bị khóa. Hãy liên hệ quản trị viên của cơ quan hoặc bộ phận một cửa.")


@dataclass(frozen=True, slots=True)
class Client:
    """The other end of a connection: its address and what it says it is."""

    address: str | None = None
    user_agent: str = ""


@cache
def _decoy() -> str:
    """A hash that no password has, compared when the name is unknown: the same work is done."""
    return make_password(secrets.token_urlsafe(32))


def verify_credentials(
    username: str,
    password: str,
    *,
    client: Client,
    device_of: "Callable[[Account], str | None]",
    by: Actor,
    now: dt.datetime,
) -> Account:
    """Return the account that the name and the password belong to.

    ``device_of(account)`` is the mark of the browser if that account has signed in there before.
    Raises ``TooManyAttempts``, ``WrongCredentials`` (unknown name, wrong password: indistinguishable) or
    ``AccountInactive`` (only to who knows the password). Every outcome but the first is on record.
    """
    name = clean_username(username)
    account = account_named(name)
    keys = guess_keys(name, address=client.address, device=device_of(account) if account else None)
    count_guess(keys, now=now)
    lend_connection_back()
    is_right = password_matches(account, password)
    if account is None or not is_right:
        record_refusal(account, outcome=SignInRecord.Outcome.WRONG, client=client, by=by)
        raise WrongCredentials
    pardon_guess(keys)
    if not account.is_active:
        record_refusal(account, outcome=SignInRecord.Outcome.INACTIVE, client=client, by=by)
        raise AccountInactive
    _rehash(account, password)
    return account


def lend_connection_back() -> None:
    """While a request waits for something else, others may have its connection of the pool."""
    if not connection.in_atomic_block:
        connection.close()


def password_matches(account: Account | None, password: str) -> bool:
    """Compare with exactly one hash computation, whether or not there is an account."""
    encoded = account.password if account is not None and is_password_usable(account.password) else _decoy()
    is_right = identify_hasher(encoded).verify(clean_password(password), encoded)
    return is_right and account is not None and encoded == account.password


def _rehash(account: Account, password: str) -> None:
    """Hash anew when the parameters have changed since. Not a change of the password: no verb."""
    if identify_hasher(account.password).must_update(account.password):
        renewed = make_password(clean_password(password))
        Account.objects.filter(pk=account.pk, password=account.password).update(password=renewed)


@action("sign_in.refused", permission=SIGN_IN)
def record_refusal(
    account: Account | None,
    *,
    outcome: str,
    method: str = "password",
    client: Client,
    by: Actor,
) -> SignInRecord:
    """Put a refused attempt on record."""
    return _record(account, outcome, method, client)


def _record(account: Account | None, outcome: str, method: str, client: Client) -> SignInRecord:
    return SignInRecord.objects.create(
        account=account,
        outcome=outcome,
        method=method,
        address=client.address,
        user_agent=client.user_agent[:400],
    )


@action("sign_in.succeeded", permission=SIGN_IN)
def start_session(
    account: Account,
    *,
    key_hash: str,
    position_id: UUID | None,
    replaced_id: UUID | None,
    method: str,
    assurance: str = "",
    client: Client,
    by: Actor,
    now: dt.datetime,
) -> Session:
    """Begin a session of an account whose owner has just proved to be there.

    ``method`` says how ("password", "registration", "national"), ``assurance`` how sure an identity provider
    is. The session that the browser had before, if any, ends.
    """
    if replaced_id is not None:
        Session.objects.filter(pk=replaced_id, ended_at=None).update(
            ended_at=now, ended_why=Session.Ended.REPLACED
        )
    _record(account, SignInRecord.Outcome.SUCCEEDED, method, client)
    return Session.objects.create(
        key_hash=key_hash,
        account=account,
        position_id=position_id,
        method=method,
        assurance=assurance,
        address=client.address,
        user_agent=client.user_agent[:400],
        signed_in_at=now,
        authenticated_at=now,
        last_seen_at=now,
        expires_at=now + dt.timedelta(minutes=settings.SESSION_IDLE_MINUTES),
    )
