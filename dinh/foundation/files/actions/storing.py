"""Taking a file in: received, inspected, scanned, kept, described by a row. In this order, so that a
crash at any moment leaves either nothing or an unreferenced content, which is swept."""

import contextlib
import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import connection
from django.utils import timezone

from dinh.foundation.actions.public import Actor, action
from dinh.foundation.files.adapters import clamd, inspector
from dinh.foundation.files.adapters.stores import the_store
from dinh.foundation.files.models import File, StoreFault
from dinh.foundation.files.permissions import STORE_FILE
from dinh.foundation.files.rules import refusals
from dinh.foundation.files.rules.kinds import KINDS, detect
from dinh.foundation.files.rules.names import clean_name
from dinh.foundation.files.rules.policies import Limits, check_kind, check_problem, size_in_words

__all__ = ["Readable", "hold_content", "store", "store_bytes"]

_PIECE = 256 * 1024


class Readable(Protocol):
    """Anything that gives its bytes piece by piece: an upload, an open file, a response."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class _Content:
    """A whole content on the disk of this machine, and what is known of it so far."""

    path: Path
    sha256: str
    size: int
    name: str
    media_type: str = ""
    scan_state: str = File.Scan.UNSCANNED
    facts: dict[str, Any] = field(default_factory=dict)


def store(stream: Readable, *, name: str, by: Actor, limits: Limits) -> File:
    """Take a file in and return its row; ``name`` is the name as given.

    ``stream`` is read once, piece by piece, into a file on the disk. Raises ``FileRefused``, one class a
    reason: empty, too large, of a kind that ``limits`` does not take or that its name denies, with a
    password, with scripts or macros, broken, infected; and ``ScannerAway`` where settings ask that
    nothing unscanned be kept. Call it before the verb that binds the file, not inside: it may take
    seconds, and a verb holds locks.
    """
    with _received(stream, clean_name(name), limits) as content:
        content = _inspected(content, limits)
        content = _scanned(content)
        return _keep(content, by=by)


def store_bytes(data: bytes, *, name: str, by: Actor) -> File:
    """Keep a file that the house itself made (a receipt, a result, an export) and return its row.

    Its kind is told by its content; it is neither inspected nor scanned, and its facts say "made_here".
    """
    with _on_disk(data) as path:
        content = _Content(
            path=path,
            sha256=hashlib.sha256(data).hexdigest(),
            size=len(data),
            name=clean_name(name),
            media_type=detect(path).media_type,
            scan_state=File.Scan.CLEAN,
            facts={"made_here": True, "hints": []},
        )
        if not data:
            raise refusals.EmptyFile(name=content.name)
        return _keep(content, by=by)


@contextlib.contextmanager
def _received(stream: Readable, name: str, limits: Limits) -> Iterator[_Content]:
    limit = limits.size or settings.FILE_SIZE_LIMIT
    _check_cut(stream, name, limit)
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="dinh-") as target:
        sha256, size = hashlib.sha256(), 0
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > limit:
                raise _too_large(name, getattr(stream, "size", None) or size, limit)
            sha256.update(piece)
            target.write(piece)
        target.flush()
        if not size:
            raise refusals.EmptyFile(name=name)
        yield _Content(path=Path(target.name), sha256=sha256.hexdigest(), size=size, name=name)


def _check_cut(stream: Any, name: str, limit: int) -> None:
    """Refuse what the upload handler stopped writing (``BoundedUploadHandler``)."""
    cut = getattr(stream, "is_cut", "")
    if cut == "request":
        raise refusals.UploadTooLarge(name=name, limit=size_in_words(settings.FILE_REQUEST_LIMIT))
    if cut:
        raise _too_large(name, stream.size, limit)


def _too_large(name: str, size: int, limit: int) -> refusals.FileTooLarge:
    return refusals.FileTooLarge(name=name, size=size_in_words(size), limit=size_in_words(limit))


def _inspected(content: _Content, limits: Limits) -> _Content:
    found = inspector.inspect(content.path)
    if "kind" not in found:
        raise refusals.TooComplex(name=content.name)
    kind = KINDS[found["kind"]]
    check_kind(content.name, kind, limits)
    check_problem(content.name, kind, found["problem"], found["facts"])
    return _with(content, media_type=kind.media_type, facts=found["facts"])


def _scanned(content: _Content) -> _Content:
    try:
        verdict = clamd.scan(content.path)
    except clamd.ScannerUnavailable as error:
        if settings.FILE_REQUIRE_SCAN:
            raise refusals.ScannerAway(name=content.name) from error
        return _with(content, scan_state=File.Scan.FAILED)
    if verdict.state == File.Scan.INFECTED:
        raise refusals.InfectedFile(name=content.name, found=verdict.found)
    return _with(content, scan_state=verdict.state)


def _with(content: _Content, **known: Any) -> _Content:
    plain = {name: getattr(content, name) for name in _Content.__slots__}
    return _Content(**{**plain, **known})


def _keep(content: _Content, *, by: Actor) -> File:
    """Put the content into the store first, outside the transaction, then write its row."""
    try:
        the_store().put(content.sha256, content.path)
        return keep(content, by=by)
    except OSError as error:
        raise refusals.StoreUnavailable(name=content.name) from error


@action("file.stored", permission=STORE_FILE)
def keep(content: _Content, *, by: Actor) -> File:
    """Describe a stored content by a row, sure that the collection cannot remove it meanwhile."""
    hold_content(content.sha256)
    _mend(content)
    if not the_store().has(content.sha256, content.size):
        the_store().put(content.sha256, content.path)
    is_scanned = content.scan_state == File.Scan.CLEAN
    return File.objects.create(
        sha256=content.sha256,
        size=content.size,
        media_type=content.media_type,
        name=content.name,
        facts=content.facts,
        scan_state=content.scan_state,
        scanned_at=timezone.now() if is_scanned else None,
        created_by=by.account_id,
    )


def _mend(content: _Content) -> None:
    """Replace a content that was found damaged by the good one that has just been given."""
    faults = StoreFault.objects.filter(sha256=content.sha256, mended_at__isnull=True)
    if faults.update(mended_at=timezone.now()):
        the_store().remove(content.sha256)


def hold_content(sha256: str) -> None:
    """Wait for, and keep until the transaction ends, the right to add or remove this content.

    One holder at a time over all machines: adding a row for a content and removing the content of the
    last row would otherwise cross.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(sha256[:15], 16)])


@contextlib.contextmanager
def _on_disk(data: bytes) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="dinh-") as target:
        target.write(data)
        target.flush()
        yield Path(target.name)
