"""Keys that open something: only their hash is kept."""

import hashlib

__all__ = ["hash_key"]


def hash_key(key: str) -> str:
    """Return what is stored of a key that was drawn at random and is long: a plain hash is enough."""
    return hashlib.sha256(key.encode()).hexdigest()
