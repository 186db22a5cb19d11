"""Files that arrive in pieces: begun, asked how far they are, continued. A script speaks with these; a form
without one sends its files whole.

The words are those of resumable uploads over HTTP: ``Upload-Length`` and ``Upload-Offset`` in bytes; a piece
is a PATCH at the offset at which the last one ended.
"""

import contextlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.files.public import (
    PIECE_LIMIT,
    begin_upload,
    drop_upload,
    read_piece,
    receive_piece,
    resumed_upload,
    upload_state,
)
from dinh.kernel.errors import Refused, existing
from dinh.kernel.ids import read_uuid
from dinh.portal.views.screen import sentence

__all__ = ["begin", "one_upload", "sent_file"]


@require_POST
@route(who="signed_in")
def begin(request: Request) -> HttpResponse:
    """Begin a file that will come in pieces: its name and its length; the answer says where to send them."""
    name = unquote(request.headers.get("X-Upload-Name", ""))[:500]
    try:
        size = int(request.headers.get("Upload-Length", ""))
    except ValueError:
        return _said(_("Không biết tệp dài bao nhiêu. Hãy tải lại trang rồi chọn lại tệp."), status=400)
    try:
        upload = begin_upload(name, size=size, by=request.by, now=timezone.now())
    except Refused as refused:
        return _said(sentence(refused), status=422)
    answer = HttpResponse(status=201)
    answer.headers["Location"] = reverse("portal:upload-piece", kwargs={"upload_id": upload.pk})
    return _at(answer, 0, upload.size)


@never_cache
@require_http_methods(["HEAD", "PATCH", "DELETE"])
@route(who="signed_in")
def one_upload(request: Request, upload_id: UUID) -> HttpResponse:
    """How far one's own file is (HEAD), its next piece (PATCH), or give it up (DELETE)."""
    if request.method == "DELETE":
        drop_upload(upload_id, by=request.by)
        return HttpResponse(status=204)
    received, size = upload_state(upload_id, by=request.by)
    if request.method == "HEAD":
        return _at(HttpResponse(status=204), received, size)
    if request.headers.get("Upload-Offset") != str(received):
        return _at(HttpResponse(status=409), received, size)
    piece = read_piece(request, most=PIECE_LIMIT)
    received = receive_piece(upload_id, piece, start=received, by=request.by, now=timezone.now())
    return _at(HttpResponse(status=204), received, size)


def _at(answer: HttpResponse, received: int, size: int) -> HttpResponse:
    answer.headers["Upload-Offset"] = str(received)
    answer.headers["Upload-Length"] = str(size)
    return answer


def _said(text: str, *, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


@contextlib.contextmanager
def sent_file(request: Request) -> Iterator[Any]:
    """Yield the file that a script sends: whole as ``file``, or named as the ``upload`` that arrived in
    pieces, which is forgotten afterwards, taken in or refused. None when there is neither.
    """
    named = request.POST.get("upload", "")
    if not named:
        yield request.FILES.get("file")
        return
    upload_id = existing(read_uuid(named))
    try:
        yield resumed_upload(upload_id, by=request.by)
    finally:
        drop_upload(upload_id, by=request.by)
