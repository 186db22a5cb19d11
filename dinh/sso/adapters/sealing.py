"""Encryption under a browser's own key: what lies in the database is unreadable without the cookie."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.crypto import salted_hmac

__all__ = ["seal", "unseal"]


def seal(content: bytes, *, key: str, about: str) -> bytes:
    """Encrypt (AES-256-GCM) under the cookie's key; ``about`` is bound to the content, not hidden."""
    nonce = os.urandom(12)
    return nonce + AESGCM(_derive(key)).encrypt(nonce, content, about.encode())


def unseal(sealed: bytes, *, key: str, about: str) -> bytes | None:
    """Return what was sealed, or None when the key or ``about`` is another."""
    try:
        return AESGCM(_derive(key)).decrypt(sealed[:12], sealed[12:], about.encode())
    except InvalidTag:
        return None


def _derive(key: str) -> bytes:
    return salted_hmac("dinh.sso.sealing", key, algorithm="sha256").digest()
