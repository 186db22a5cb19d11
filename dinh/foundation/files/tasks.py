"""Jobs of the files. Each does all that is due and may be interrupted anywhere."""

from django.utils import timezone

from dinh.foundation.actions.public import Actor, job, periodic
from dinh.foundation.files.public import check_store, collect_orphans, rescan, sweep_store, sweep_uploads

__all__ = ["check_contents", "clear_away", "clear_partial", "scan_waiting"]


@periodic("*/10 * * * *")
@job()
def scan_waiting(*, by: Actor) -> None:
    """Scan for malware the files that could not be scanned when they came."""
    rescan(by=by)


@periodic("15 2 * * *")
@job()
def clear_away(*, by: Actor) -> None:
    """Remove files that nobody refers to after a day, then contents that no file has."""
    now = timezone.now()
    collect_orphans(by=by, now=now)
    sweep_store(by=by, now=now)


@periodic("45 * * * *")
@job()
def check_contents(*, by: Actor) -> None:
    """Read a part of the store again and report contents that are missing or changed."""
    check_store(by=by, now=timezone.now())


@periodic("20 * * * *")
@job()
def clear_partial(*, by: Actor) -> None:
    """Remove what arrived in pieces and was never finished."""
    sweep_uploads(now=timezone.now())
