"""Whom this province believes: roots from ``KEY_DIR/trust``, the sample authority while it is on.

Roots of the state's authority and of public ones are files (PEM) that an operator puts there.
"""

import datetime as dt
import hashlib
from functools import lru_cache
from pathlib import Path

from asn1crypto import pem
from django.conf import settings

from dinh.foundation.signing.adapters.authority import Revocation, SampleAuthority
from dinh.foundation.signing.adapters.keystores import KeyCache, KeyStore, StoreSigner, certificates_in
from dinh.foundation.signing.adapters.pkcs11 import Pkcs11Store
from dinh.foundation.signing.adapters.reading import Trust
from dinh.foundation.signing.adapters.sealed import SealedStore, SecretsMissing
from dinh.foundation.signing.adapters.services import CallableTimeStamper, http_time_stamper
from dinh.foundation.signing.models import Key
from dinh.foundation.signing.rules.signatures import ServiceUnavailable

__all__ = ["current_trust", "key_store", "revocation_of", "sample_authority", "signer_of", "time_stamper"]

_cache = KeyCache()


def key_store(name: str) -> KeyStore:
    """Return the store of that name (``Key.Store``)."""
    if name == Key.Store.PKCS11:
        return _token(settings.SIGNING_PKCS11_MODULE, settings.SIGNING_PKCS11_TOKEN, settings.KEY_DIR)
    return SealedStore(settings.KEY_DIR)


@lru_cache(maxsize=4)
def _token(module: str, token: str, folder: Path) -> Pkcs11Store:
    try:
        pin = (folder / "pkcs11-pin").read_text().strip()
    except OSError as error:
        raise SecretsMissing from error
    return Pkcs11Store(module=module, token=token, pin=pin)


def signer_of(key: Key) -> StoreSigner:
    """Return the signer of a key, opened once a process."""

    def load() -> StoreSigner:
        return StoreSigner(
            key_store(key.store).open(key.reference),
            certificate=certificates_in(key.certificate)[0],
            chain=certificates_in(key.chain),
        )

    return _cache.get(key.fingerprint, load)


def forget(key: Key) -> None:
    """Close the key in this process."""
    _cache.forget(key.fingerprint)


def sample_authority(*, now: dt.datetime) -> SampleAuthority:
    """Return the sample authority, made at the first call."""
    authority = _authority(settings.KEY_DIR, settings.PUBLIC_ADDRESS)
    authority.found(now=now)
    return authority


@lru_cache(maxsize=4)
def _authority(folder: Path, address: str) -> SampleAuthority:
    return SampleAuthority(
        folder / "sample-authority", passphrase_file=folder / "passphrase", address=address
    )


def revocation_of(serial: int) -> Revocation | None:
    """Return whether and since when the sample authority takes a certificate back."""
    row = Key.objects.filter(is_sample=True, serial=f"{serial:X}").exclude(revoked_at=None).first()
    return Revocation(serial, row.revoked_at) if row and row.revoked_at else None


def revocations() -> list[Revocation]:
    """Return all certificates of the sample authority that were taken back."""
    rows = Key.objects.filter(is_sample=True).exclude(revoked_at=None).values_list("serial", "revoked_at")
    return [Revocation(int(serial, 16), at) for serial, at in rows if at]


def current_trust(*, now: dt.datetime) -> Trust:
    """Return our roots, and for the sample authority its lists of this moment."""
    roots = [der for path in sorted((settings.KEY_DIR / "trust").glob("*.pem")) for der in _ders(path)]
    if not settings.IS_SAMPLE:
        return Trust(roots=tuple(roots))
    authority = sample_authority(now=now)
    root = certificates_in(authority.root_pem)[0].dump()
    return Trust(
        roots=(*roots, root),
        sample_roots=frozenset({hashlib.sha256(root).digest()}),
        certificates=(certificates_in(authority.issuing_pem)[0].dump(),),
        crls=(
            authority.crl("root", [], now=now),
            authority.crl("issuing", revocations(), now=now),
        ),
    )


def _ders(path: Path) -> list[bytes]:
    return [der for _, _, der in pem.unarmor(path.read_bytes(), multiple=True)]


def time_stamper(*, now: dt.datetime) -> CallableTimeStamper:
    """Return the configured time stamp service, or the sample authority's. Raises ``ServiceUnavailable``."""
    if settings.SIGNING_TSA_ADDRESS:
        return http_time_stamper(settings.SIGNING_TSA_ADDRESS)
    if not settings.IS_SAMPLE:
        raise ServiceUnavailable("no time stamp service is configured (DINH_TSA)")
    authority = sample_authority(now=now)
    return CallableTimeStamper(lambda request: authority.stamp(request, now=dt.datetime.now(dt.UTC)))
