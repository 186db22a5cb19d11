"""Trips of a browser to the identity provider and back: begun, come back, waiting for a yes.

Technical state like throttles and kept forms: no verbs. A trip belongs to the browser that began it (its
content lies encrypted under that browser's key), comes back once, and ends after ten minutes.
"""

import datetime as dt
import json
import secrets
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from dinh.kernel.secrets import hash_key
from dinh.sso.adapters.sealing import seal, unseal
from dinh.sso.models import ProviderTrip
from dinh.sso.rules.identities import TRIP_LASTS, GivenIdentity, TripEnded

__all__ = [
    "Begun",
    "Trip",
    "Waiting",
    "begin_trip",
    "come_back",
    "end_waiting",
    "wait_for_yes",
    "waiting_trip",
]

_ABOUT = "provider.trip"


@dataclass(frozen=True, slots=True)
class Begun:
    """What goes along with the browser: ``verifier`` stays here, its hash goes."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """A trip that has come back. ``going_on`` is the path at which the person wants to arrive."""

    id: UUID
    purpose: str
    account_id: UUID | None
    nonce: str
    verifier: str
    going_on: str
    created_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A trip that waits for the person's yes to what the provider said of them."""

    id: UUID
    purpose: str
    account_id: UUID | None
    given: GivenIdentity
    going_on: str


def begin_trip(
    *, purpose: str, browser_key: str, going_on: str, account_id: UUID | None, now: dt.datetime
) -> Begun:
    """Begin a trip of the browser that holds the key."""
    begun = Begun(*(secrets.token_urlsafe(32) for _ in range(3)))
    content = {"nonce": begun.nonce, "verifier": begun.verifier, "going_on": going_on}
    ProviderTrip.objects.create(
        state_hash=hash_key(begun.state),
        browser_hash=hash_key(browser_key),
        purpose=purpose,
        account_id=account_id,
        content=_sealed(content, browser_key),
        created_at=now,
        expires_at=now + TRIP_LASTS,
    )
    return begun


def come_back(state: str, *, browser_key: str, now: dt.datetime) -> Trip:
    """Return the trip of a state, once. Raises ``TripEnded``: another browser, too late, or before."""
    found = ProviderTrip.objects.filter(
        state_hash=hash_key(state),
        browser_hash=hash_key(browser_key),
        stage=ProviderTrip.Stage.SENT,
        expires_at__gt=now,
    )
    row = found.first()
    # One statement decides which of two answers at once is the first.
    if row is None or not found.update(stage=ProviderTrip.Stage.BACK):
        raise TripEnded
    content = _opened(row, browser_key)
    return Trip(
        id=row.pk,
        purpose=row.purpose,
        account_id=row.account_id,
        nonce=content["nonce"],
        verifier=content["verifier"],
        going_on=content["going_on"],
        created_at=row.created_at,
    )


def wait_for_yes(trip: Trip, given: GivenIdentity, *, browser_key: str) -> None:
    """Keep who the provider says is there until the person has said yes."""
    said = asdict(given)
    said["birth_date"] = given.birth_date.isoformat() if given.birth_date else ""
    content = {"given": said, "going_on": trip.going_on}
    ProviderTrip.objects.filter(pk=trip.id, stage=ProviderTrip.Stage.BACK).update(
        stage=ProviderTrip.Stage.ASKED, content=_sealed(content, browser_key)
    )


def waiting_trip(trip_id: UUID, *, browser_key: str, now: dt.datetime) -> Waiting:
    """Return the trip that waits for this browser's yes. Raises ``TripEnded``."""
    row = ProviderTrip.objects.filter(
        pk=trip_id,
        browser_hash=hash_key(browser_key),
        stage=ProviderTrip.Stage.ASKED,
        expires_at__gt=now,
    ).first()
    if row is None:
        raise TripEnded
    content = _opened(row, browser_key)
    said = content["given"]
    said["birth_date"] = dt.date.fromisoformat(said["birth_date"]) if said["birth_date"] else None
    return Waiting(
        id=row.pk,
        purpose=row.purpose,
        account_id=row.account_id,
        given=GivenIdentity(**said),
        going_on=content["going_on"],
    )


def end_waiting(trip_id: UUID) -> None:
    """End a trip in the transaction of what was said yes to; of two at once one raises ``TripEnded``."""
    if not ProviderTrip.objects.filter(pk=trip_id, stage=ProviderTrip.Stage.ASKED).delete()[0]:
        raise TripEnded


def _sealed(content: dict[str, Any], browser_key: str) -> bytes:
    return seal(json.dumps(content, ensure_ascii=False).encode(), key=browser_key, about=_ABOUT)


def _opened(row: ProviderTrip, browser_key: str) -> dict[str, Any]:
    content = unseal(bytes(row.content), key=browser_key, about=_ABOUT)
    if content is None:
        raise TripEnded
    opened: dict[str, Any] = json.loads(content)
    return opened
