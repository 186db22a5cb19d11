"""The key that signs the audit seals: Ed25519, a file of its own beside the database, never in it."""

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings

__all__ = ["SealKey", "anchor_path", "is_signed", "make_key", "read_key"]


class SealKey:
    """The signing key in use. ``id`` is the beginning of the public key's SHA-256."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.id = _id_of(private.public_key())

    def sign(self, digest: str) -> str:
        """Sign a seal's hash; return the signature in hex."""
        return self._private.sign(_signed_text(digest)).hex()


def read_key() -> SealKey | None:
    """Return the key in use, or None when there is none yet."""
    try:
        pem = _private_path().read_bytes()
    except FileNotFoundError:
        return None
    private = load_pem_private_key(pem, password=None)
    assert isinstance(private, Ed25519PrivateKey)
    return SealKey(private)


def make_key() -> SealKey:
    """Make a new key and put it into use; the public halves of former keys stay, to check old seals."""
    private = Ed25519PrivateKey.generate()
    key = SealKey(private)
    settings.KEY_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    _public_path(key.id).write_bytes(public)
    secret = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write_secret(_private_path(), secret)
    return key


def is_signed(digest: str, signature: str, key_id: str) -> bool | None:
    """Whether the signature is right; None when the public key ``key_id`` is not at hand."""
    public = _public_keys().get(key_id)
    if public is None:
        return None
    try:
        public.verify(bytes.fromhex(signature), _signed_text(digest))
    except (InvalidSignature, ValueError):
        return False
    return True


def anchor_path() -> Path:
    """Where the last seal is noted outside the database, so that a cut-off end is found."""
    return Path(settings.KEY_DIR) / "audit-anchor.txt"


def _public_keys() -> dict[str, Ed25519PublicKey]:
    keys = {}
    for path in Path(settings.KEY_DIR).glob("audit-seal-*.pub"):
        public = load_pem_public_key(path.read_bytes())
        assert isinstance(public, Ed25519PublicKey)
        keys[_id_of(public)] = public
    return keys


def _write_secret(path: Path, content: bytes) -> None:
    """Write whole or not at all, readable by the owner only."""
    draft = path.with_suffix(f".{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _signed_text(digest: str) -> bytes:
    return b"dinh audit seal\n" + digest.encode()


def _id_of(public: Ed25519PublicKey) -> str:
    hashed = Hash(SHA256())
    hashed.update(public.public_bytes(Encoding.Raw, PublicFormat.Raw))
    return hashed.finalize().hex()[:16]


def _private_path() -> Path:
    return Path(settings.KEY_DIR) / "audit-seal.key"


def _public_path(key_id: str) -> Path:
    return Path(settings.KEY_DIR) / f"audit-seal-{key_id}.pub"
