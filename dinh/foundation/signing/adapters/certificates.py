"""Looking at a certificate that somebody brings: what it says, whether it may sign papers, whose it is.

Everything in it is hostile until its chain ends at a root that this province believes.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from dinh.foundation.signing.rules.certificates import (
    CertificateEnded,
    CertificateForOther,
    CertificateNotForSigning,
    CertificateUnreadable,
    ChainUnknown,
    WeakKey,
    says_name,
)

__all__ = ["MOST_BYTES", "Presented", "check_presented", "read_presented", "root_of"]

MOST_BYTES = 64 * 1024
MOST_CHAIN = 6
_LEAST_BITS = 2048


@dataclass(frozen=True, slots=True)
class Presented:
    """A certificate as brought, with what came along: other certificates, from the issuer upwards or not."""

    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]

    @property
    def pem(self) -> str:
        return _pem(self.certificate)

    @property
    def name(self) -> str:
        """The common name of whom it is for."""
        values = self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(values[0].value) if values else ""


def read_presented(content: bytes, more: bytes = b"") -> Presented:
    """Return the certificates of a file, PEM or DER, the first being the one to register; ``more`` may hold
    those above it. Raises ``CertificateUnreadable``."""
    found = [*_certificates(content), *(_certificates(more) if more else ())]
    if not found:
        raise CertificateUnreadable(field="certificate")
    return Presented(found[0], tuple(found[1 : MOST_CHAIN + 1]))


def _certificates(content: bytes) -> list[x509.Certificate]:
    if not content or len(content) > MOST_BYTES:
        raise CertificateUnreadable(field="certificate")
    try:
        if b"-----BEGIN" in content:
            return x509.load_pem_x509_certificates(content)
        return [x509.load_der_x509_certificate(content)]
    except ValueError as error:
        raise CertificateUnreadable(field="certificate") from error


def check_presented(
    presented: Presented,
    *,
    name: str,
    identity: str,
    is_unit: bool,
    roots: Iterable[bytes],
    between: Iterable[bytes] = (),
    now: dt.datetime,
) -> str:
    """Return the chain above the certificate (PEM) when the certificate may sign for its owner.

    ``name`` and ``identity`` (empty: unknown) are the owner's; ``roots`` and ``between`` are DER. Raises
    ``WeakKey``, ``CertificateNotForSigning``, ``CertificateEnded``, ``CertificateForOther`` and
    ``ChainUnknown``.
    """
    try:
        _check_use(presented.certificate)
        _check_time(presented.certificate, now)
        _check_owner(presented.certificate, name=name, identity=identity, is_unit=is_unit)
        known = [x509.load_der_x509_certificate(der) for der in (*between, *roots)]
        believed = {bytes(der) for der in roots}
        chain = _chain(presented, known, believed, now)
    except ValueError as error:
        # Extensions that cannot be read, keys of kinds that nobody knows.
        raise CertificateUnreadable(field="certificate") from error
    return "".join(_pem(one) for one in chain)


def root_of(chain: str) -> bytes:
    """Return the SHA-256 of the last certificate of a chain (PEM)."""
    root = x509.load_pem_x509_certificates(chain.encode())[-1]
    return root.fingerprint(hashes.SHA256())


def _check_use(certificate: x509.Certificate) -> None:
    public = certificate.public_key()
    if not isinstance(public, rsa.RSAPublicKey) or public.key_size < _LEAST_BITS:
        raise WeakKey(field="certificate")
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
        if constraints.ca:
            raise CertificateNotForSigning(field="certificate")
    except x509.ExtensionNotFound:
        pass
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound as error:
        raise CertificateNotForSigning(field="certificate") from error
    if not (usage.digital_signature or usage.content_commitment):
        raise CertificateNotForSigning(field="certificate")


def _check_time(certificate: x509.Certificate, now: dt.datetime) -> None:
    if not certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc:
        raise CertificateEnded(
            field="certificate",
            first=f"{certificate.not_valid_before_utc:%d/%m/%Y}",
            last=f"{certificate.not_valid_after_utc:%d/%m/%Y}",
        )


def _check_owner(certificate: x509.Certificate, *, name: str, identity: str, is_unit: bool) -> None:
    subject = certificate.subject
    # RFC 5280 bounds a common name to 64 characters: long names of agencies stand whole as organisation.
    places = (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME) if is_unit else (NameOID.COMMON_NAME,)
    named = [str(one.value) for oid in places for one in subject.get_attributes_for_oid(oid)]
    numbers = [
        str(one.value)
        for oid in (NameOID.USER_ID, NameOID.SERIAL_NUMBER)
        for one in subject.get_attributes_for_oid(oid)
    ]
    if not says_name(named, numbers, name=name, identity=identity):
        raise CertificateForOther(field="certificate", found=(named or ["–"])[0][:100], owner=name)


def _chain(
    presented: Presented, known: Sequence[x509.Certificate], believed: set[bytes], now: dt.datetime
) -> list[x509.Certificate]:
    """The certificates above, up to a root that is believed. Raises ``ChainUnknown``."""
    at, chain = presented.certificate, []
    for _step in range(MOST_CHAIN):
        above = next((one for one in (*presented.others, *known) if _issued(one, at, now)), None)
        if above is None:
            break
        chain.append(above)
        if above.public_bytes(serialization.Encoding.DER) in believed:
            return chain
        at = above
    raise ChainUnknown(field="certificate", issuer=_common(presented.certificate.issuer))


def _issued(issuer: x509.Certificate, certificate: x509.Certificate, now: dt.datetime) -> bool:
    if issuer == certificate or issuer.subject != certificate.issuer:
        return False
    if not issuer.not_valid_before_utc <= now < issuer.not_valid_after_utc:
        return False
    try:
        if not issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return False
        certificate.verify_directly_issued_by(issuer)
    except (x509.ExtensionNotFound, InvalidSignature, TypeError, ValueError):
        return False
    return True


def _common(name: x509.Name) -> str:
    values = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return (str(values[0].value) if values else name.rfc4514_string())[:120]


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
