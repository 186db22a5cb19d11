"""Files that arrive in pieces over a slow line: begun, continued from where it broke, taken in, swept.

Only the beginning is a verb. A piece that arrives changes nothing of anyone: it is a file only when the
whole has been taken in by ``store``, which is one.
"""

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from dinh.foundation.actions.public import Actor, action
from dinh.foundation.files.models import PartialUpload, UploadPiece
from dinh.foundation.files.permissions import STORE_FILE
from dinh.foundation.files.rules import refusals
from dinh.foundation.files.rules.names import clean_name
from dinh.foundation.files.rules.policies import size_in_words
from dinh.kernel.errors import NotFound, existing

__all__ = [
    "KEPT_FOR",
    "MOST_OPEN",
    "PIECE_LIMIT",
    "ResumedUpload",
    "begin_upload",
    "drop_upload",
    "receive_piece",
    "resumed_upload",
    "sweep_uploads",
    "upload_state",
]

# A slow line (30 KB a second) needs twelve minutes for 20 MB; a day bridges a night without power.
KEPT_FOR = dt.timedelta(hours=24)
MOST_OPEN = 10
PIECE_LIMIT = 1024 * 1024


@action("file.upload_begun", permission=STORE_FILE)
def begin_upload(name: str, *, size: int, by: Actor, now: dt.datetime) -> PartialUpload:
    """Begin a file of ``size`` bytes that will arrive in pieces; the eleventh takes the oldest's place.

    Raises ``EmptyFile``, ``FileTooLarge``, and ``StoreUnavailable`` when all half-arrived files together
    have reached the house's bound.
    """
    name = clean_name(name)
    if size <= 0:
        raise refusals.EmptyFile(name=name)
    if size > settings.FILE_SIZE_LIMIT:
        limit = size_in_words(settings.FILE_SIZE_LIMIT)
        raise refusals.FileTooLarge(name=name, size=size_in_words(size), limit=limit)
    if by.account_id is None:
        raise NotFound
    mine = PartialUpload.objects.filter(account=by.account_id).order_by("-id")
    PartialUpload.objects.filter(pk__in=[row.pk for row in mine[MOST_OPEN - 1 :]]).delete()
    waiting = PartialUpload.objects.aggregate(total=Sum("received"))["total"] or 0
    if waiting + size > settings.FILE_PARTIAL_LIMIT:
        raise refusals.StoreUnavailable(name=name)
    return PartialUpload.objects.create(
        account=by.account_id, name=name, size=size, begun_at=now, changed_at=now
    )


def _own(by: Actor, upload_id: UUID) -> PartialUpload:
    """The actor's own partial upload. Raises ``NotFound``."""
    if by.account_id is None:
        raise NotFound
    return existing(PartialUpload.objects.filter(pk=upload_id, account=by.account_id).first())


def receive_piece(upload_id: UUID, content: bytes, *, start: int, by: Actor, now: dt.datetime) -> int:
    """Keep a piece and return how many bytes have arrived.

    A piece that does not begin where the last one ended is left out: the returned figure says where to go
    on, so a piece sent twice (its answer was lost) does no harm. Raises ``NotFound``.
    """
    with transaction.atomic():
        _own(by, upload_id)
        upload = existing(PartialUpload.objects.select_for_update().filter(pk=upload_id).first())
        piece = content[: upload.size - upload.received]
        if start != upload.received or not piece:
            return upload.received
        UploadPiece.objects.create(upload=upload, start=start, content=piece)
        upload.received += len(piece)
        upload.changed_at = now
        upload.save(update_fields=["received", "changed_at"])
        return upload.received


class ResumedUpload:
    """A whole file in pieces, read like an upload: ``name``, ``size``, ``read``."""

    def __init__(self, upload: PartialUpload) -> None:
        self.id = upload.pk
        self.name = upload.name
        self.size = upload.size
        self._pieces = self._read_pieces()
        self._rest = b""

    def _read_pieces(self) -> Iterator[bytes]:
        starts = list(UploadPiece.objects.filter(upload_id=self.id).values_list("pk", flat=True))
        for pk in starts:
            yield bytes(UploadPiece.objects.values_list("content", flat=True).get(pk=pk))

    def read(self, size: int = -1, /) -> bytes:
        """Return up to ``size`` bytes; nothing at the end."""
        if not self._rest:
            self._rest = next(self._pieces, b"")
        if size < 0:
            whole = self._rest + b"".join(self._pieces)
            self._rest = b""
            return whole
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken


def resumed_upload(upload_id: UUID, *, by: Actor) -> ResumedUpload:
    """Return the actor's own upload once it has arrived whole. Raises ``NotFound`` before."""
    upload = _own(by, upload_id)
    if upload.received != upload.size:
        raise NotFound
    return ResumedUpload(upload)


def upload_state(upload_id: UUID, *, by: Actor) -> tuple[int, int]:
    """Return ``(received, size)`` of the actor's own upload. Raises ``NotFound``."""
    upload = _own(by, upload_id)
    return upload.received, upload.size


def drop_upload(upload_id: UUID, *, by: Actor) -> None:
    """Forget the actor's own partial upload: it was taken in, refused, or is not wanted any more."""
    _own(by, upload_id).delete()


def sweep_uploads(*, now: dt.datetime) -> int:
    """Remove partial uploads to which nothing has come for a day; return how many."""
    old = PartialUpload.objects.filter(changed_at__lt=now - KEPT_FOR)
    count = old.count()
    old.delete()
    return count
