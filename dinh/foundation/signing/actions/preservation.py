"""Time stamps and proofs for signed files, by jobs: a service that is away delays, it never loses."""

import datetime as dt
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from dinh.foundation.actions.public import SYSTEM_ONLY, Actor, action, publish
from dinh.foundation.files.public import get_file, open_content, store_bytes
from dinh.foundation.signing.adapters.preserving import preserve as extend
from dinh.foundation.signing.adapters.trust import current_trust, time_stamper
from dinh.foundation.signing.events import FilePreserved, PreservationDelayed, PreservationRequested
from dinh.foundation.signing.models import Preservation
from dinh.foundation.signing.permissions import PRESERVE_FILES
from dinh.foundation.signing.rules.signatures import BadPdf, ServiceUnavailable, delay_of

__all__ = ["preserve_file", "preserve_now"]


@action("file.preservation_requested", permission=PRESERVE_FILES)
def preserve_file(file_id: UUID, *, by: Actor) -> Preservation:
    """Ask for the time stamp and proofs of a signed file; a job gets them. Asking twice is once.

    When they are there, ``FilePreserved`` names the extended file; the signed one stays as it is.
    """
    row, is_new = Preservation.objects.get_or_create(file_id=file_id)
    if is_new:
        publish(PreservationRequested(preservation_id=row.pk))
    return row


def preserve_now(preservation_id: UUID, *, by: Actor) -> None:
    """Get the time stamp and proofs of one waiting file, outside any transaction; note how it went."""
    row = Preservation.objects.get(pk=preservation_id)
    if row.state != Preservation.State.WAITING:
        return
    now = timezone.now()
    try:
        with open_content(row.file_id) as stream:
            content = stream.read()
        extended = extend(
            content,
            stamper=time_stamper(now=now),
            trust=current_trust(now=now),
            hosts=settings.SIGNING_REVOCATION_HOSTS,
            now=now,
        )
    except ServiceUnavailable as error:
        note_delay(row, error=str(error), by=by, now=now)
    except BadPdf as error:
        note_failure(row, error=str(error), by=by)
    else:
        keep_preserved(row, content=extended, by=by, now=now)


@action("file.preserved", permission=SYSTEM_ONLY, on=Preservation)
def keep_preserved(row: Preservation, *, content: bytes, by: Actor, now: dt.datetime) -> Preservation:
    """Keep the extended file beside the signed one."""
    if row.state != Preservation.State.WAITING:
        return row
    stored = store_bytes(content, name=get_file(row.file_id).name, by=by)
    row.preserved_file_id = stored.pk
    row.state, row.preserved_at, row.last_error = Preservation.State.PRESERVED, now, ""
    row.attempts += 1
    row.save(update_fields=["preserved_file", "state", "preserved_at", "attempts", "last_error"])
    publish(FilePreserved(file_id=row.file_id, preserved_file_id=stored.pk))
    return row


@action("file.preservation_delayed", permission=SYSTEM_ONLY, on=Preservation)
def note_delay(row: Preservation, *, error: str, by: Actor, now: dt.datetime) -> Preservation:
    """Note that a service did not answer, and try again later."""
    wait = delay_of(row.attempts)
    row.attempts += 1
    row.last_error, row.next_attempt_at = error[:2000], now + wait
    row.save(update_fields=["attempts", "last_error", "next_attempt_at"])
    publish(PreservationDelayed(preservation_id=row.pk, seconds=int(wait.total_seconds())))
    return row


@action("file.preservation_failed", permission=SYSTEM_ONLY, on=Preservation)
def note_failure(row: Preservation, *, error: str, by: Actor) -> Preservation:
    """Note that the file itself cannot be extended; nobody tries again."""
    row.attempts += 1
    row.state, row.last_error = Preservation.State.FAILED, error[:2000]
    row.save(update_fields=["state", "attempts", "last_error"])
    return row
