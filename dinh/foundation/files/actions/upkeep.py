"""Keeping the store in order: files nobody refers to, contents without a file, contents that changed."""

import datetime as dt
import hashlib

from django.db import IntegrityError, transaction

from dinh.foundation.actions.public import SYSTEM_ONLY, Actor, action, publish
from dinh.foundation.files.actions.storing import hold_content
from dinh.foundation.files.adapters.stores import the_store
from dinh.foundation.files.events import ContentDamaged
from dinh.foundation.files.models import File, StoreFault
from dinh.foundation.files.queries import contents_to_check, is_bound, known_contents, orphans

__all__ = ["check_store", "collect_orphans", "sweep_store"]

PATIENCE = dt.timedelta(days=1)


def collect_orphans(*, by: Actor, now: dt.datetime, limit: int = 10_000) -> int:
    """Remove files given more than a day ago that no row of any room refers to; return how many.

    A room says that it needs a file by a foreign key (or a many-to-many) to ``files.File``, and by
    nothing else.
    """
    collected = 0
    for file in orphans(now - PATIENCE)[:limit]:
        try:
            with transaction.atomic():
                collect(file, by=by)
                collected += 1
        except (File.DoesNotExist, _BoundMeanwhile, IntegrityError):
            continue
    return collected


class _BoundMeanwhile(Exception):
    """Somebody began to refer to the file between the search and the lock."""


@action("file.collected", permission=SYSTEM_ONLY, on=File)
def collect(file: File, *, by: Actor) -> File:
    """Remove a file that nobody refers to. Its content goes with the sweep, when no other file has it."""
    if is_bound(file.pk):
        raise _BoundMeanwhile
    File.objects.filter(pk=file.pk)._raw_delete(using=file._state.db)  # no cascade: a late reference must win
    return file


def sweep_store(*, by: Actor, now: dt.datetime) -> int:
    """Remove contents older than a day that no file has, and what interrupted puts left; return how many."""
    before = now - PATIENCE
    swept = the_store().sweep(before)
    batch: list[str] = []
    for name, put_at in the_store().names():
        if put_at < before:
            batch.append(name)
        if len(batch) >= 1000:
            swept += _sweep(batch)
            batch = []
    return swept + _sweep(batch)


def _sweep(names: list[str]) -> int:
    swept = 0
    for sha256 in set(names) - known_contents(names):
        with transaction.atomic():
            hold_content(sha256)
            if not known_contents([sha256]):
                the_store().remove(sha256)
                swept += 1
    return swept


def check_store(*, by: Actor, now: dt.datetime, limit: int = 1000) -> dict[str, int]:
    """Read ``limit`` contents again, those not looked at for longest first, and compare their hashes.

    Each fault is written once (``StoreFault``) and announced; one that has been put right is closed.
    Returns how many were sound, missing and changed.
    """
    counts = {"sound": 0, "missing": 0, "changed": 0}
    for sha256 in contents_to_check(limit):
        found = _look(sha256)
        counts[found] += 1
        note_check(sha256, found, by=by, now=now)
    return counts


def _look(sha256: str) -> str:
    digest = hashlib.sha256()
    try:
        for piece in the_store().read(sha256):
            digest.update(piece)
    except FileNotFoundError:
        return "missing"
    return "sound" if digest.hexdigest() == sha256 else "changed"


def note_check(sha256: str, found: str, *, by: Actor, now: dt.datetime) -> None:
    """Write down what the check of one content found."""
    with transaction.atomic():
        File.objects.filter(sha256=sha256).update(checked_at=now)
        open_fault = StoreFault.objects.filter(sha256=sha256, mended_at__isnull=True)
        if found == "sound":
            open_fault.update(mended_at=now)
        elif not open_fault.exists():
            report_fault(sha256, found, by=by, now=now)


@action("file.damage_found", permission=SYSTEM_ONLY)
def report_fault(sha256: str, kind: str, *, by: Actor, now: dt.datetime) -> StoreFault:
    """Write down that a kept content is missing or changed, and tell who must know."""
    fault = StoreFault.objects.create(sha256=sha256, kind=kind, found_at=now)
    publish(ContentDamaged(sha256=sha256, kind=kind))
    return fault
