"""Keeping keys: suspended and resumed, renewed in a sample, warned of; pictures of signatures and seals."""

import datetime as dt
import io

from cryptography import x509
from cryptography.x509.oid import NameOID
from django.utils import timezone

from dinh.foundation.actions.public import SYSTEM_ONLY, Actor, action, publish
from dinh.foundation.files.public import Limits, store
from dinh.foundation.signing.actions.keys import KeyOwner, issue_sample_key, retire_key
from dinh.foundation.signing.adapters.facsimiles import checked_picture
from dinh.foundation.signing.events import KeyEnding, KeyResumed, KeySuspended
from dinh.foundation.signing.models import Key, Picture
from dinh.foundation.signing.permissions import MANAGE_KEYS
from dinh.foundation.signing.rules.keys import PICTURE_BYTES, ReasonMissing, StateWrong, key_state
from dinh.kernel.errors import N_
from dinh.kernel.worktime import VIETNAM

__all__ = [
    "put_picture",
    "remove_picture",
    "renew_sample_key",
    "resume_key",
    "suspend_key",
    "warn_of_end",
]

PNG = Limits(frozenset({"png"}), N_("ảnh PNG"), size=PICTURE_BYTES)


@action("key.suspended", permission=MANAGE_KEYS, on=Key)
def suspend_key(key: Key, *, reason: str, by: Actor, now: dt.datetime) -> Key:
    """Let the key sign nothing until it is resumed: a token is lost, its owner is away, something is unclear.

    What it signed before stays valid. Raises ``ReasonMissing`` and ``StateWrong``.
    """
    said = reason.strip()[:500]
    if len(said) < 5:
        raise ReasonMissing(field="reason")
    if key_state(key, now) not in ("in_use", "ending"):
        raise StateWrong
    key.suspended_at, key.suspension_reason = now, said
    key.save(update_fields=["suspended_at", "suspension_reason"])
    publish(
        KeySuspended(
            key_id=key.pk, owner_kind=key.owner_kind, owner_id=key.owner_id, label=key.label, reason=said
        )
    )
    return key


@action("key.resumed", permission=MANAGE_KEYS, on=Key)
def resume_key(key: Key, *, by: Actor, now: dt.datetime) -> Key:
    """Let a suspended key be used again. Raises ``StateWrong``."""
    if key_state(key, now) != "suspended":
        raise StateWrong
    key.suspended_at, key.suspension_reason = None, ""
    key.save(update_fields=["suspended_at", "suspension_reason"])
    publish(KeyResumed(key_id=key.pk, owner_kind=key.owner_kind, owner_id=key.owner_id, label=key.label))
    return key


@action("key.renewed", permission=MANAGE_KEYS, on=Key)
def renew_sample_key(key: Key, *, by: Actor, now: dt.datetime) -> Key:
    """Give the owner of a key a new one with a certificate of the sample authority; the old one is retired.

    Raises ``NotInSample``, and ``OwnerHasKey`` when another key of the owner is in use.
    """
    owner = _owner_of(key)
    retire_key(key, by=by, now=now)
    issue_sample_key(owner, by=by, now=now)
    key.refresh_from_db()
    return key


def _owner_of(key: Key) -> KeyOwner:
    """Whom a certificate names."""
    subject = x509.load_pem_x509_certificate(key.certificate.encode()).subject

    def named(oid: x509.ObjectIdentifier) -> str:
        return next((str(one.value) for one in reversed(subject.get_attributes_for_oid(oid))), "")

    units = [str(one.value) for one in subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)]
    return KeyOwner(
        kind=key.owner_kind,  # type: ignore[arg-type] # a choice of the model
        id=key.owner_id,
        name=key.label,
        agency=named(NameOID.ORGANIZATION_NAME),
        locality=named(NameOID.LOCALITY_NAME),
        title=named(NameOID.TITLE),
        # The first says that the certificate is a sample.
        unit=units[1] if len(units) > 1 else "",
    )


@action("key.picture_put", permission=MANAGE_KEYS, on=Key)
def put_picture(key: Key, content: bytes, *, by: Actor, now: dt.datetime) -> Key:
    """Show this picture (PNG) with the signatures of the key's owner from now on.

    It is scanned like every upload, its points are written anew, and nothing else of the file is kept.
    Raises ``PictureUnreadable``, ``PictureMisshapen``, ``NotTransparent``, ``FileRefused``.
    """
    clean = checked_picture(content, is_seal=key.owner_kind != Key.Owner.PERSON)
    store(io.BytesIO(content), name="anh.png", by=by, limits=PNG)
    kept = store(io.BytesIO(clean), name="anh.png", by=by, limits=PNG)
    _remove(key, now)
    Picture.objects.create(
        owner_kind=key.owner_kind, owner_id=key.owner_id, file=kept, put_by=by.name, put_at=now
    )
    return key


@action("key.picture_removed", permission=MANAGE_KEYS, on=Key)
def remove_picture(key: Key, *, by: Actor, now: dt.datetime) -> Key:
    """Show the picture no longer; without one nothing is signed that shows it, except in a sample."""
    _remove(key, now)
    return key


def _remove(key: Key, now: dt.datetime) -> None:
    rows = Picture.objects.filter(owner_kind=key.owner_kind, owner_id=key.owner_id, removed_at=None)
    rows.update(removed_at=now)


@action("key.end_warned", permission=SYSTEM_ONLY, on=Key)
def warn_of_end(key: Key, *, days: int, by: Actor) -> Key:
    """Announce that a certificate ends within ``days``; who listens tells each person once a warning."""
    publish(
        KeyEnding(
            key_id=key.pk,
            owner_kind=key.owner_kind,
            owner_id=key.owner_id,
            label=key.label,
            ends_on=timezone.localdate(key.valid_until, VIETNAM),
            days=days,
        )
    )
    return key
