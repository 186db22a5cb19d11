"""Contents in a folder: two levels of 256 folders each, one file a content, readable by the house alone."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["FolderStore"]

_PIECE = 256 * 1024


class FolderStore:
    """A content is written under another name, forced to the disk, and only then given its own name.

    A crash at any moment leaves the whole content, or nothing under its name; what stays in ``incoming``
    is swept.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.incoming = root / "incoming"

    def put(self, sha256: str, source: Path) -> None:
        final = self._path(sha256)
        if self.has(sha256, source.stat().st_size):
            return
        self._make_folder(self.incoming)
        self._make_folder(final.parent)
        handle, name = tempfile.mkstemp(dir=self.incoming, prefix=sha256[:16])
        try:
            with os.fdopen(handle, "wb") as target, source.open("rb") as content:
                shutil.copyfileobj(content, target, _PIECE)
                target.flush()
                os.fsync(target.fileno())
            Path(name).replace(final)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _force(final.parent)

    def has(self, sha256: str, size: int) -> bool:
        try:
            return self._path(sha256).stat().st_size == size
        except FileNotFoundError:
            return False

    def read(self, sha256: str, *, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        with self._path(sha256).open("rb") as content:
            content.seek(start)
            left = length if length is not None else self._path(sha256).stat().st_size
            while left > 0 and (piece := content.read(min(_PIECE, left))):
                left -= len(piece)
                yield piece

    def remove(self, sha256: str) -> None:
        self._path(sha256).unlink(missing_ok=True)

    def names(self) -> Iterator[tuple[str, datetime]]:
        for path in self.root.glob("??/??/*"):
            with contextlib.suppress(FileNotFoundError):
                yield path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC)

    def sweep(self, before: datetime) -> int:
        swept = 0
        for path in self.incoming.glob("*"):
            with contextlib.suppress(FileNotFoundError):
                if datetime.fromtimestamp(path.stat().st_mtime, UTC) < before:
                    path.unlink()
                    swept += 1
        return swept

    def _path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not sha256.isalnum():
            raise FileNotFoundError(sha256)
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _force(folder.parent)


def _force(folder: Path) -> None:
    """Force a folder's entries to the disk, so that a new name survives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
