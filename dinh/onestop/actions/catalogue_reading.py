"""A file of the national catalogue taken in: kept, read and compared by a job, part by part.

The job may die anywhere and be run again: what it kept stays, and it goes on behind it. Nothing can be
written before all of the file is compared, and what was dropped meanwhile is not read on.
"""

import datetime as dt
import hashlib
import time
from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from dinh.foundation.actions.public import SYSTEM_ONLY, Actor, action, publish
from dinh.kernel.errors import N_, Refused
from dinh.onestop.adapters.catalogue_files import check_catalogue, read_catalogue
from dinh.onestop.events import CatalogueUploaded
from dinh.onestop.models import CatalogueImport, CatalogueLine, CatalogueUpload
from dinh.onestop.permissions import EDIT_PROCEDURE
from dinh.onestop.queries.national_catalogue import compare_records, gone_lines
from dinh.onestop.rules.national_records import ReadRecord

__all__ = ["TooManyFiles", "compare_part", "note_opened", "read_upload", "refuse_upload", "upload_catalogue"]

PART_LINES = 200
# Files of one person that wait for their reading: more would only stand in each other's way.
MOST_WAITING = 3
# How often whoever waits hears how far the opening of a file is, in seconds.
TOLD_EVERY = 1.5
UNREAD = (CatalogueImport.State.WAITING, CatalogueImport.State.READING)


class TooManyFiles(Refused):
    message = N_("Ông/Bà đang có %(count)s tệp danh mục chờ đọc. Hãy đợi các tệp đó xong hoặc bỏ bớt.")


class _Ended(Exception):
    """The file was dropped while it was read."""


@action("catalogue.uploaded", permission=EDIT_PROCEDURE, label=N_("Tải lên tệp danh mục thủ tục"))
def upload_catalogue(
    content: bytes, *, name: str, is_whole: bool, by: Actor, now: dt.datetime
) -> CatalogueImport:
    """Keep a file of the catalogue and have it read. Nothing of the catalogue is changed.

    Raises ``CatalogueUnreadable`` for what is no such file at first sight, ``TooManyFiles``.
    """
    check_catalogue(content)
    waiting = CatalogueImport.objects.filter(made_by=by.account_id, state__in=UNREAD).count()
    if waiting >= MOST_WAITING:
        raise TooManyFiles(field="danh_muc", count=waiting)
    batch = CatalogueImport.objects.create(
        file_name=name[:200],
        sha256=hashlib.sha256(content).hexdigest(),
        is_whole=is_whole,
        state=CatalogueImport.State.WAITING,
        made_at=now,
        made_by=by.account_id,
        made_by_name=by.name,
    )
    CatalogueUpload.objects.create(batch=batch, content=content)
    publish(CatalogueUploaded(batch_id=batch.pk))
    return batch


def read_upload(batch_id: UUID, *, by: Actor) -> None:
    """Read a file as far as it is not read yet: for the job, which may be run again anywhere."""
    upload = CatalogueUpload.objects.select_related("batch").filter(batch_id=batch_id).first()
    if upload is None or upload.batch.state not in UNREAD:
        return
    batch, told_at = upload.batch, 0.0

    def told(opened: int, rows: int) -> None:
        nonlocal batch, told_at
        if time.monotonic() - told_at < TOLD_EVERY:
            return
        told_at = time.monotonic()
        batch = note_opened(batch, opened=opened, rows=rows, by=by)
        if batch.state not in UNREAD:
            raise _Ended

    try:
        reads = read_catalogue(bytes(upload.content), told=told)
        while batch.state in UNREAD:
            batch = compare_part(batch, reads=reads, by=by)
    except Refused as refused:
        refuse_upload(batch, problem=refused.said(_), by=by)
    except _Ended:
        return


@action("catalogue.opened", permission=SYSTEM_ONLY, on=CatalogueImport)
def note_opened(batch: CatalogueImport, *, opened: int, rows: int, by: Actor) -> CatalogueImport:
    """Note how many rows of the file are read, of about how many."""
    if batch.state in UNREAD:
        batch.state = CatalogueImport.State.READING
        batch.opened, batch.to_open = opened, rows
        batch.save(update_fields=["state", "opened", "to_open"])
    return batch


@action("catalogue.part_compared", permission=SYSTEM_ONLY, on=CatalogueImport)
def compare_part(batch: CatalogueImport, *, reads: Sequence[ReadRecord], by: Actor) -> CatalogueImport:
    """Compare the next procedures of a file with what stands, and keep a line for each.

    ``reads`` is the whole file. With the last part come the lines of what a whole file lacks.
    """
    if batch.state not in UNREAD:
        return batch
    done, count = batch.compared, len(reads)
    part = reads[done : done + PART_LINES]
    codes = {read.code for read in reads[:done]}
    lines = compare_records(part, batch, first=done + 1, above=codes)
    batch.state = CatalogueImport.State.READING
    batch.compared, batch.to_compare = done + len(part), count
    if batch.compared == count:
        if batch.is_whole:
            lines += gone_lines(batch, {read.code for read in reads}, first=count + 1)
        batch.unused = sorted({name for read in reads for name in read.unused})[:50]
        batch.state = CatalogueImport.State.PREVIEW
        CatalogueUpload.objects.filter(batch=batch).delete()
    CatalogueLine.objects.bulk_create(lines, batch_size=200)
    batch.save(update_fields=["state", "compared", "to_compare", "unused"])
    return batch


@action("catalogue.refused", permission=SYSTEM_ONLY, on=CatalogueImport)
def refuse_upload(batch: CatalogueImport, *, problem: str, by: Actor) -> CatalogueImport:
    """Give a file up, with the sentence that says why and what to do."""
    if batch.state in UNREAD:
        CatalogueUpload.objects.filter(batch=batch).delete()
        batch.lines.all().delete()
        batch.state, batch.problem = CatalogueImport.State.UNREADABLE, problem
        batch.save(update_fields=["state", "problem"])
    return batch
