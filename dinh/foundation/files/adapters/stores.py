"""Where contents lie: one port, two stores, chosen by ``FILE_STORE``."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from django.conf import settings

from dinh.foundation.files.adapters.folder import FolderStore
from dinh.foundation.files.adapters.s3 import S3Store

__all__ = ["Store", "open_store", "the_store"]


class Store(Protocol):
    """Contents by their SHA-256 in hexadecimal. Under a name stands the whole content or nothing.

    Reading a content that is not there raises ``FileNotFoundError``; a store that is full or away raises
    ``OSError``.
    """

    def put(self, sha256: str, source: Path) -> None:
        """Keep the content of ``source``. A content that is already kept is left as it is."""

    def has(self, sha256: str, size: int) -> bool:
        """Whether the whole content is kept."""

    def read(self, sha256: str, *, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Yield a content in pieces of at most 256 KB, from ``start`` for ``length`` bytes or to its end."""

    def remove(self, sha256: str) -> None:
        """Forget a content; one that is not there is forgotten already."""

    def names(self) -> Iterator[tuple[str, datetime]]:
        """Yield every kept content with the moment it was put, in no order."""

    def sweep(self, before: datetime) -> int:
        """Remove what interrupted puts left behind before that moment; return how many."""


def open_store(address: str) -> Store:
    """Return the store of an address: a folder, or ``s3://bucket/prefix?endpoint=…&region=…``.

    Keys for S3 come from the environment (``AWS_ACCESS_KEY_ID``, ``AWS_SECRET_ACCESS_KEY``), a profile
    or the machine's role, as everywhere; they are never part of the address.
    """
    if not address.startswith("s3://"):
        return FolderStore(Path(address))
    parts = urlsplit(address)
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return S3Store(
        bucket=parts.netloc,
        prefix=parts.path.strip("/"),
        endpoint=options.get("endpoint"),
        region=options.get("region", "us-east-1"),
    )


@lru_cache(maxsize=4)
def _opened(address: str) -> Store:
    return open_store(address)


def the_store() -> Store:
    """Return the house's store."""
    return _opened(str(settings.FILE_STORE))
