"""Scanning again what was kept before a scanner could look at it."""

import tempfile
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from dinh.foundation.actions.public import SYSTEM_ONLY, Actor, action, publish
from dinh.foundation.files.adapters import clamd
from dinh.foundation.files.adapters.stores import the_store
from dinh.foundation.files.events import FileFoundInfected
from dinh.foundation.files.models import File
from dinh.foundation.files.queries import files_to_scan

__all__ = ["rescan"]


def rescan(*, by: Actor, limit: int = 500) -> dict[str, int]:
    """Scan up to ``limit`` files that wait for it; return how many ended in which state.

    Does nothing without a scanner; stops at the first file for which the scanner gives no verdict, and
    passes over contents that are missing (the integrity check reports those).
    """
    counts = {"clean": 0, "infected": 0}
    if not settings.CLAMD_SOCKET:
        return counts
    for file in files_to_scan(limit):
        try:
            verdict = _scan(file)
        except clamd.ScannerUnavailable:
            return counts
        except FileNotFoundError:
            continue
        record_scan(file, verdict.state, verdict.found, by=by)
        counts[verdict.state] += 1
    return counts


@action("file.scanned", permission=SYSTEM_ONLY, on=File)
def record_scan(file: File, state: str, found: str, *, by: Actor) -> File:
    """Note the scanner's verdict on a kept file; an infected one can no longer be opened."""
    file.scan_state = state
    file.scan_found = found
    file.scanned_at = timezone.now()
    file.save(update_fields=["scan_state", "scan_found", "scanned_at"])
    if state == File.Scan.INFECTED:
        publish(FileFoundInfected(file_id=file.pk, found=found))
    return file


def _scan(file: File) -> clamd.Scan:
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="dinh-") as target:
        for piece in the_store().read(file.sha256):
            target.write(piece)
        target.flush()
        return clamd.scan(Path(target.name))
