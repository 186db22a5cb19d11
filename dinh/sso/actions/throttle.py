"""Counting guesses. A failure is counted before the password is looked at and taken back when it is
right: so a hundred guesses sent at once don't slip through before the first is counted.
"""

import datetime as dt
import ipaddress
from collections.abc import Mapping

from django.db import transaction
from django.utils.crypto import salted_hmac

from dinh.sso.models import Throttle
from dinh.sso.rules.sign_in import (
    ACCOUNT_ADDRESS_POLICY,
    ACCOUNT_POLICY,
    ADDRESS_POLICY,
    DEVICE_POLICY,
    LOOKUP_POLICY,
    REGISTER_POLICY,
    RESET_NAME_POLICY,
    SEND_POLICY,
    Guesses,
    TooManyAttempts,
    WaitPolicy,
    begin_anew,
    blocked_until,
    fail,
    pardon,
)

__all__ = [
    "count_guess",
    "guess_keys",
    "lookup_keys",
    "pardon_guess",
    "registration_keys",
    "reset_keys",
    "sending_keys",
    "trip_keys",
]


def guess_keys(username: str, *, address: str | None, device: str | None) -> dict[str, WaitPolicy]:
    """Return the keys under which a guess at a name counts.

    ``device`` is the mark of a browser in which this very account has signed in before, or None.
    """
    if device is not None:
        return {_key("device", device, username): DEVICE_POLICY}
    network = _network(address)
    return {
        _key("pair", username, network): ACCOUNT_ADDRESS_POLICY,
        _key("account", username): ACCOUNT_POLICY,
        _key("address", network): ADDRESS_POLICY,
    }


def registration_keys(address: str | None) -> dict[str, WaitPolicy]:
    """Return the key under which a registration from an address counts."""
    return {_key("register", _network(address)): REGISTER_POLICY}


def reset_keys(username: str, address: str | None) -> dict[str, WaitPolicy]:
    """Return the keys under which asking for a link to a new password counts, whether the name is
    anybody's or not.
    """
    return {
        _key("reset", username): RESET_NAME_POLICY,
        _key("reset_address", _network(address)): REGISTER_POLICY,
    }


def lookup_keys(what: str, address: str | None) -> dict[str, WaitPolicy]:
    """Return the key under which a question by code from an address counts; ``what`` names the screen."""
    return {_key("lookup", what, _network(address)): LOOKUP_POLICY}


def sending_keys(what: str, address: str | None) -> dict[str, WaitPolicy]:
    """Return the key under which something sent from an address counts; ``what`` names the screen."""
    return {_key("send", what, _network(address)): SEND_POLICY}


def trip_keys(address: str | None) -> dict[str, WaitPolicy]:
    """Return the key under which a trip to the identity provider that may come to nothing counts."""
    return {_key("trip", _network(address)): ADDRESS_POLICY}


def _key(*parts: str) -> str:
    return salted_hmac("dinh.sso.throttle", "\n".join(parts), algorithm="sha256").hexdigest()


def _network(address: str | None) -> str:
    """A household or office has one IPv4 address, or a whole /64 of IPv6."""
    if not address:
        return ""
    parsed = ipaddress.ip_address(address)
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def count_guess(keys: Mapping[str, WaitPolicy], *, now: dt.datetime) -> None:
    """Count a failure in advance under every key, in its own transaction.

    Raises ``TooManyAttempts`` with the longest wait when any key is blocked; then nothing is counted,
    so that hammering does not make the wait longer.
    """
    fresh = [Throttle(key=key, counted_at=now, blocked_until=now) for key in sorted(keys)]
    with transaction.atomic():
        Throttle.objects.bulk_create(fresh, ignore_conflicts=True)
        rows = list(Throttle.objects.select_for_update().filter(key__in=keys).order_by("key"))
        waits = [until for row in rows if (until := blocked_until(_guesses(row), now=now)) is not None]
        if waits:
            raise TooManyAttempts(max(waits), now)
        for row in rows:
            _store(row, fail(_guesses(row), keys[row.key], now=now))
        Throttle.objects.bulk_update(rows, ["failures", "counted_at", "blocked_until"])


def pardon_guess(keys: Mapping[str, WaitPolicy]) -> None:
    """Take back the failure counted in advance: the guess was right.

    The person's own counts (pair, device) begin anew; those shared with strangers only lose one.
    """
    with transaction.atomic():
        rows = list(Throttle.objects.select_for_update().filter(key__in=keys).order_by("key"))
        for row in rows:
            is_own = keys[row.key] in (ACCOUNT_ADDRESS_POLICY, DEVICE_POLICY)
            _store(row, begin_anew(_guesses(row)) if is_own else pardon(_guesses(row)))
        Throttle.objects.bulk_update(rows, ["failures", "counted_at", "blocked_until"])


def _guesses(row: Throttle) -> Guesses:
    return Guesses(row.failures, row.counted_at, row.blocked_until)


def _store(row: Throttle, guesses: Guesses) -> None:
    row.failures = guesses.failures
    row.counted_at = guesses.counted_at
    row.blocked_until = guesses.blocked_until
