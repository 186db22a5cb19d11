"""Keys: issued, brought in, retired, revoked."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal, cast
from uuid import UUID

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.db import IntegrityError, transaction

from dinh.foundation.actions.public import Actor, action, publish
from dinh.foundation.signing.adapters.authority import Issued, Subject
from dinh.foundation.signing.adapters.certificates import Presented, check_presented, read_presented, root_of
from dinh.foundation.signing.adapters.sealed import KeyNotFound, SealedStore
from dinh.foundation.signing.adapters.trust import current_trust, forget, key_store, sample_authority
from dinh.foundation.signing.events import KeyIssued, KeyRetired, KeyRevoked
from dinh.foundation.signing.models import Key
from dinh.foundation.signing.permissions import MANAGE_KEYS
from dinh.foundation.signing.rules.certificates import (
    CertificateTaken,
    KeyForOther,
    NotInToken,
    NoToken,
    ReferenceMissing,
)
from dinh.foundation.signing.rules.keys import ReasonMissing
from dinh.foundation.signing.rules.signatures import BadKeyFile, NotInSample, OwnerHasKey, certificate_serial
from dinh.kernel.errors import N_
from dinh.kernel.ids import uuid7
from dinh.kernel.text import search_text

__all__ = [
    "KeyOwner",
    "import_key",
    "issue_sample_key",
    "register_token_key",
    "retire_key",
    "revoke_key",
]

SAMPLE_LIFE = dt.timedelta(days=730)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyOwner:
    """Whom a key belongs to, as the certificate names it. ``id`` is a person or a unit of the directory;
    ``identity`` a person's identity number, where it is known.
    """

    kind: Literal["person", "agency", "desk"]
    id: UUID
    name: str
    agency: str
    locality: str = ""
    title: str = ""
    unit: str = ""
    identity: str = ""


@action("key.issued", permission=MANAGE_KEYS)
def issue_sample_key(
    owner: KeyOwner,
    *,
    by: Actor,
    now: dt.datetime,
    store: str = Key.Store.SEALED,
    life: dt.timedelta = SAMPLE_LIFE,
) -> Key:
    """Make a key in a store and have the sample authority certify it for two years.

    Raises ``OwnerHasKey``, ``NotInSample``. The certificate has no legal value and says so.
    """
    if not settings.IS_SAMPLE:
        raise NotInSample
    _retire_ended(owner, by=by, now=now)
    key_id = uuid7()
    public = key_store(store).make(str(key_id))
    subject = Subject(
        name=owner.name,
        agency=owner.agency,
        locality=owner.locality,
        title=owner.title,
        unit=owner.unit,
        uid=str(owner.id),
    )
    issued = sample_authority(now=now).issue(
        subject, public, valid_from=now - dt.timedelta(minutes=5), valid_until=now + life
    )
    return _kept(owner, issued, key_id=key_id, store=store, reference=str(key_id), is_sample=True)


@action("key.imported", permission=MANAGE_KEYS)
def import_key(owner: KeyOwner, content: bytes, *, passphrase: str, by: Actor) -> Key:
    """Take a key and its certificates from a PKCS#12 file into the encrypted store.

    Raises ``BadKeyFile``, ``OwnerHasKey``.
    """
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(content, passphrase.encode())
    except ValueError as error:
        raise BadKeyFile from error
    if certificate is None or not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise BadKeyFile
    key_id = uuid7()
    SealedStore(settings.KEY_DIR).put(str(key_id), key)
    issued = Issued(certificate=_pem(certificate), chain="".join(map(_pem, others)))
    return _kept(owner, issued, key_id=key_id, store=Key.Store.SEALED, reference=str(key_id), is_sample=False)


@action("key.registered", permission=MANAGE_KEYS, label=N_("Đăng ký chứng thư có khóa trong thiết bị"))
def register_token_key(
    owner: KeyOwner, *, reference: str, certificate: bytes, chain: bytes = b"", by: Actor, now: dt.datetime
) -> Key:
    """Take note of a key that lies in the PKCS#11 token under ``reference``, with its certificate.

    The certificate (PEM or DER) must be for signing, valid now, the owner's own, and issued under a root
    that the province believes (``chain``: certificates in between); the key must sign so that it verifies.
    Raises the refusals of ``rules.certificates``, ``TokenUnavailable`` and ``OwnerHasKey``.
    """
    if not 1 <= len(reference) <= 100 or not reference.isascii() or not reference.isprintable():
        raise ReferenceMissing(field="reference")
    if not settings.SIGNING_PKCS11_MODULE:
        raise NoToken(field="reference")
    presented = read_presented(certificate, chain)
    trust = current_trust(now=now)
    above = check_presented(
        presented,
        name=owner.name,
        identity=owner.identity,
        is_unit=owner.kind != "person",
        roots=trust.roots,
        between=trust.certificates,
        now=now,
    )
    taken = Key.objects.filter(fingerprint=presented.certificate.fingerprint(hashes.SHA256()).hex()).first()
    if taken is not None:
        raise CertificateTaken(field="certificate", owner=taken.label)
    _check_pair(presented, reference)
    _retire_ended(owner, by=by, now=now)
    return _kept(
        owner,
        Issued(certificate=presented.pem, chain=above),
        key_id=uuid7(),
        store=Key.Store.PKCS11,
        reference=reference,
        is_sample=root_of(above) in trust.sample_roots,
    )


def _retire_ended(owner: KeyOwner, *, by: Actor, now: dt.datetime) -> None:
    """A certificate whose time is over gives way to a new one."""
    for ended in Key.objects.of(owner.kind, owner.id).filter(
        revoked_at=None, retired_at=None, valid_until__lte=now
    ):
        retire_key(ended, by=by, now=now)


def _check_pair(presented: Presented, reference: str) -> None:
    """The key in the token must be the one that the certificate names."""
    public = presented.certificate.public_key()
    try:
        signature = key_store(Key.Store.PKCS11).open(reference).sign(b"dinh", digest="sha256")
        cast("rsa.RSAPublicKey", public).verify(signature, b"dinh", padding.PKCS1v15(), hashes.SHA256())
    except KeyNotFound as error:
        raise NotInToken(field="reference") from error
    except InvalidSignature as error:
        raise KeyForOther(field="reference") from error


def _kept(
    owner: KeyOwner, issued: Issued, *, key_id: UUID, store: str, reference: str, is_sample: bool
) -> Key:
    certificate = x509.load_pem_x509_certificate(issued.certificate.encode())
    key = Key(
        id=key_id,
        owner_kind=owner.kind,
        owner_id=owner.id,
        label=owner.name,
        store=store,
        reference=reference,
        certificate=issued.certificate,
        chain=issued.chain,
        serial=certificate_serial(certificate.serial_number),
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
        issuer=_common_name(certificate.issuer),
        is_sample=is_sample,
        search_text=search_text(owner.name),
        valid_from=certificate.not_valid_before_utc,
        valid_until=certificate.not_valid_after_utc,
    )
    try:
        with transaction.atomic():
            key.save(force_insert=True)
    except IntegrityError as error:
        raise OwnerHasKey(owner=owner.name) from error
    publish(KeyIssued(key_id=key.pk, owner_kind=key.owner_kind, owner_id=key.owner_id))
    return key


@action("key.retired", permission=MANAGE_KEYS, on=Key)
def retire_key(key: Key, *, by: Actor, now: dt.datetime) -> Key:
    """Use the key no longer and destroy it. What it signed stays valid."""
    if key.retired_at is None and key.revoked_at is None:
        key.retired_at = now
        key.save(update_fields=["retired_at"])
        _destroy(key)
        publish(KeyRetired(key_id=key.pk, owner_kind=key.owner_kind, owner_id=key.owner_id))
    return key


@action("key.revoked", permission=MANAGE_KEYS, on=Key)
def revoke_key(key: Key, *, reason: str, by: Actor, now: dt.datetime) -> Key:
    """Take the certificate back: no signature from ``now`` on is valid. The key is destroyed.

    A certificate of the sample authority appears in its OCSP and CRL at once; one of another authority
    must be revoked there too. Raises ``ReasonMissing``.
    """
    if len(reason.strip()) < 5:
        raise ReasonMissing(field="reason")
    if key.revoked_at is None:
        key.revoked_at, key.revocation_reason = now, reason.strip()[:500]
        key.save(update_fields=["revoked_at", "revocation_reason"])
        _destroy(key)
        publish(KeyRevoked(key_id=key.pk, owner_kind=key.owner_kind, owner_id=key.owner_id, reason=reason))
    return key


def _destroy(key: Key) -> None:
    forget(key)
    if key.store == Key.Store.SEALED:
        key_store(key.store).remove(key.reference)
        return
    # A token knows no transactions: its key goes only when the verb has certainly happened.
    transaction.on_commit(lambda: key_store(key.store).remove(key.reference), robust=True)


def _pem(certificate: x509.Certificate | pkcs12.PKCS12Certificate) -> str:
    plain = certificate if isinstance(certificate, x509.Certificate) else certificate.certificate
    return plain.public_bytes(serialization.Encoding.PEM).decode()


def _common_name(name: x509.Name) -> str:
    values = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(values[0].value) if values else name.rfc4514_string()
