"""The port of key stores, and the signer that stands on it.

A store makes or takes in a private key under a reference and opens it again: an ``OpenKey`` signs
bytes and gives nothing else away. Two stores are real: ``sealed`` (encrypted in the database, the
passphrase on the machine's disk) and ``pkcs11`` (a token or a hardware module). A signing desk
outside the server (a browser plug-in with a token) would be a third, that answers later.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

from asn1crypto import pem, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPublicKeyTypes
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

__all__ = ["KeyCache", "KeyStore", "OpenKey", "SoftwareKey", "StoreSigner", "certificates_in"]

_HASHES: dict[str, type[hashes.SHA256 | hashes.SHA384 | hashes.SHA512]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


class OpenKey(Protocol):
    """A private key ready for use."""

    def sign(self, data: bytes, *, digest: str) -> bytes:
        """Return the raw signature (RSA PKCS#1 v1.5, or ECDSA in DER) over ``data``."""


class KeyStore(Protocol):
    """Where private keys lie. ``reference`` is the store's own name of a key."""

    def make(self, reference: str) -> CertificateIssuerPublicKeyTypes:
        """Make a new RSA 2048 key inside the store and return its public half."""

    def open(self, reference: str) -> OpenKey:
        """Return the key, ready to sign. Raises ``KeyNotFound``."""

    def remove(self, reference: str) -> None:
        """Destroy the key. There is no way back."""


class SoftwareKey:
    """A private key in memory, parsed once."""

    def __init__(self, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> None:
        self._key = key

    def sign(self, data: bytes, *, digest: str) -> bytes:
        algorithm = _HASHES[digest]()
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), algorithm)
        return self._key.sign(data, ec.ECDSA(algorithm))


class StoreSigner(signers.Signer):
    """pyHanko's signer over an ``OpenKey``: the certificate, its chain, and a key that stays where it is."""

    def __init__(
        self, key: OpenKey, *, certificate: x509.Certificate, chain: tuple[x509.Certificate, ...]
    ) -> None:
        super().__init__(signing_cert=certificate, cert_registry=SimpleCertificateStore.from_certs(chain))
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if dry_run:
            return bytes(512)
        return self._key.sign(data, digest=digest_algorithm)


class KeyCache:
    """Open keys of this process, the least used dropped first. Opening costs ten times a signature.

    The cache never decides whether a key may be used: that is read from its row before every use.
    """

    def __init__(self, size: int = 256) -> None:
        self._size = size
        self._signers: OrderedDict[str, StoreSigner] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, fingerprint: str, load: Callable[[], StoreSigner]) -> StoreSigner:
        """Return the signer of that certificate, loading it at most once at a time."""
        with self._lock:
            if fingerprint in self._signers:
                self._signers.move_to_end(fingerprint)
                return self._signers[fingerprint]
        signer = load()
        with self._lock:
            self._signers[fingerprint] = signer
            while len(self._signers) > self._size:
                self._signers.popitem(last=False)
        return signer

    def forget(self, fingerprint: str) -> None:
        with self._lock:
            self._signers.pop(fingerprint, None)


def certificates_in(text: str) -> tuple[x509.Certificate, ...]:
    """Return the certificates of a PEM text, in order."""
    if not text.strip():
        return ()
    return tuple(x509.Certificate.load(der) for _, _, der in pem.unarmor(text.encode(), multiple=True))
