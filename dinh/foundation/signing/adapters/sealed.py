"""The encrypted key store: PKCS#8 keys in the database, sealed with a key outside of it.

The passphrase lies in ``KEY_DIR/passphrase`` (0600) on each machine that signs. scrypt stretches it
once a process; each key is sealed with AES-256-GCM, bound to its reference, so that a row copied to
another reference does not open. Whoever takes the database alone takes nothing.
"""

import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPublicKeyTypes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from dinh.foundation.signing.adapters.keystores import SoftwareKey
from dinh.foundation.signing.models import SealedSecret
from dinh.kernel.errors import N_, Refused

__all__ = ["KeyNotFound", "SealedStore", "SecretsMissing", "read_or_make_secret"]

SCRYPT_COST = 2**15
RSA_BITS = 2048


class KeyNotFound(Refused):
    message = N_("Không tìm thấy khóa ký trong kho khóa. Hãy liên hệ quản trị hệ thống.")


class SecretsMissing(Refused):
    message = N_(
        "Không mở được kho khóa: tệp mật khẩu kho khóa thiếu hoặc không đúng. "
        "Hãy khôi phục thư mục khóa từ bản sao lưu."
    )


class SealedStore:
    """The store ``sealed``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, reference: str) -> CertificateIssuerPublicKeyTypes:
        key = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
        self.put(reference, key)
        return key.public_key()

    def put(self, reference: str, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> None:
        """Take in a key made elsewhere."""
        plain = key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        nonce = os.urandom(12)
        content = self._cipher().encrypt(nonce, plain, reference.encode())
        SealedSecret.objects.create(reference=reference, nonce=nonce, content=content)

    def open(self, reference: str) -> SoftwareKey:
        row = SealedSecret.objects.filter(reference=reference).first()
        if row is None:
            raise KeyNotFound
        try:
            plain = self._cipher().decrypt(bytes(row.nonce), bytes(row.content), reference.encode())
        except InvalidTag as error:
            raise SecretsMissing from error
        key = serialization.load_der_private_key(plain, password=None)
        if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            raise KeyNotFound
        return SoftwareKey(key)

    def remove(self, reference: str) -> None:
        SealedSecret.objects.filter(reference=reference).delete()

    def _cipher(self) -> AESGCM:
        return AESGCM(_stretched(read_or_make_secret(self._folder / "passphrase")))


@lru_cache(maxsize=4)
def _stretched(passphrase: bytes) -> bytes:
    # The passphrase is 256 random bits unless an operator chose one; a fixed salt serves both.
    return Scrypt(salt=b"dinh.signing.sealed", length=32, n=SCRYPT_COST, r=8, p=1).derive(passphrase)


def read_or_make_secret(path: Path) -> bytes:
    """Return the secret of a file that only its owner reads, making it at the first call.

    Two processes may come at once: the file is linked into place whole, and the first one wins.
    Raises ``SecretsMissing`` when it cannot be read.
    """
    try:
        return path.read_bytes().strip()
    except FileNotFoundError:
        pass
    except OSError as error:
        raise SecretsMissing from error
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_hex(32).encode())
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_bytes().strip()
