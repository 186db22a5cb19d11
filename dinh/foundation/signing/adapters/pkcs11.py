"""The PKCS#11 key store: keys made inside a token or hardware module, which they never leave.

One session a process, opened at the first use and again after the module lost it; a lock, for a
session signs one thing at a time.
"""

import threading
from typing import Any

import pkcs11
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPublicKeyTypes
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
from pkcs11.exceptions import NoSuchKey, PKCS11Error, UserAlreadyLoggedIn

from dinh.foundation.signing.adapters.sealed import KeyNotFound
from dinh.foundation.signing.rules.signatures import TokenUnavailable

__all__ = ["Pkcs11Store"]

_MECHANISMS = {
    "sha256": Mechanism.SHA256_RSA_PKCS,
    "sha384": Mechanism.SHA384_RSA_PKCS,
    "sha512": Mechanism.SHA512_RSA_PKCS,
}


class Pkcs11Store:
    """The store ``pkcs11``: a module (shared library), a token by its label, a user PIN."""

    def __init__(self, *, module: str, token: str, pin: str) -> None:
        self._module, self._token, self._pin = module, token, pin
        self._session: Any = None
        self._keys: dict[str, Any] = {}
        self._lock = threading.RLock()

    def make(self, reference: str) -> CertificateIssuerPublicKeyTypes:
        with self._lock:
            public, _ = self._open_session().generate_keypair(
                KeyType.RSA, 2048, id=reference.encode(), label=reference, store=True
            )
            modulus = int.from_bytes(public[Attribute.MODULUS])
            exponent = int.from_bytes(public[Attribute.PUBLIC_EXPONENT])
        return rsa.RSAPublicNumbers(exponent, modulus).public_key()

    def open(self, reference: str) -> "_TokenKey":
        with self._lock:
            self._find(reference)
        return _TokenKey(self, reference)

    def remove(self, reference: str) -> None:
        with self._lock:
            self._keys.pop(reference, None)
            for item in self._open_session().get_objects({Attribute.ID: reference.encode()}):
                item.destroy()

    def count(self) -> int:
        """Return how many private keys the token holds. Raises ``TokenUnavailable``."""
        with self._lock:
            try:
                return sum(
                    1 for _ in self._open_session().get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})
                )
            except PKCS11Error as error:
                self._session, self._keys = None, {}
                raise TokenUnavailable from error

    def sign(self, reference: str, data: bytes, digest: str) -> bytes:
        """Sign inside the token; once more with a new session when the old one is gone."""
        with self._lock:
            try:
                return bytes(self._find(reference).sign(data, mechanism=_MECHANISMS[digest]))
            except PKCS11Error:
                self._session, self._keys = None, {}
            try:
                return bytes(self._find(reference).sign(data, mechanism=_MECHANISMS[digest]))
            except PKCS11Error as error:
                raise TokenUnavailable from error

    def _find(self, reference: str) -> Any:
        if reference not in self._keys:
            try:
                found = self._open_session().get_key(ObjectClass.PRIVATE_KEY, id=reference.encode())
            except NoSuchKey as error:
                raise KeyNotFound from error
            self._keys[reference] = found
        return self._keys[reference]

    def _open_session(self) -> Any:
        if self._session is None:
            try:
                token = pkcs11.lib(self._module).get_token(token_label=self._token)
                self._session = _session(token, self._pin)
            except (PKCS11Error, RuntimeError) as error:
                raise TokenUnavailable from error
        return self._session


def _session(token: Any, pin: str) -> Any:
    try:
        return token.open(user_pin=pin, rw=True)
    except UserAlreadyLoggedIn:
        # Signing in holds for the whole process; a further session needs no PIN.
        return token.open(rw=True)


class _TokenKey:
    def __init__(self, store: Pkcs11Store, reference: str) -> None:
        self._store, self._reference = store, reference

    def sign(self, data: bytes, *, digest: str) -> bytes:
        return self._store.sign(self._reference, data, digest)
