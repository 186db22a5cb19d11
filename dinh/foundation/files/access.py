"""How a file leaves the house: streamed, under headers that let no content act."""

import re
from collections.abc import Iterator

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.utils.http import content_disposition_header, parse_etags

from dinh.foundation.files.adapters.stores import the_store
from dinh.foundation.files.models import File
from dinh.foundation.files.rules.kinds import kind_of_media_type
from dinh.foundation.files.rules.refusals import ContentMissing, InfectedFile

__all__ = ["respond"]

_RANGE = re.compile(r"^bytes=(\d{0,18})-(\d{0,18})$")
# A browser's PDF viewer does not start in a sandbox; nothing else may do without one.
_CLOSED = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"
_PDF = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"


def respond(file: File, *, inline: bool, request: HttpRequest | None = None) -> HttpResponseBase:
    """Return a file as a response. The caller has already found the thing it belongs to, for this person.

    ``inline`` asks that the browser show it, which is granted to PDF and images only; everything else is
    downloaded under its name. With ``request``, parts (``Range``) and unchanged contents
    (``If-None-Match``) are answered as such. Raises ``InfectedFile`` and ``ContentMissing``.
    """
    if file.scan_state == File.Scan.INFECTED:
        raise InfectedFile(name=file.name, found=file.scan_found)
    if request is not None and _is_known(request, file):
        return _headed(HttpResponseNotModified(), file, inline=inline)
    wanted = _wanted_range(request, file)
    if wanted is None:
        refusal = HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
        return _headed(refusal, file, inline=inline)
    return _headed(_content(file, *wanted, request), file, inline=inline)


def _content(file: File, start: int, length: int, request: HttpRequest | None) -> HttpResponseBase:
    is_part = length < file.size
    response: HttpResponseBase
    if request is not None and request.method == "HEAD":
        response = HttpResponse()
    else:
        response = StreamingHttpResponse(_first_then_rest(file, start, length))
    response["Content-Length"] = str(length)
    if is_part:
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{start + length - 1}/{file.size}"
    return response


def _first_then_rest(file: File, start: int, length: int) -> Iterator[bytes]:
    """Read the first piece now, while a missing content can still be answered in words."""
    pieces = the_store().read(file.sha256, start=start, length=length)
    try:
        first = next(pieces, b"")
    except OSError as error:
        raise ContentMissing(name=file.name) from error
    return _chain(first, pieces)


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _headed(response: HttpResponseBase, file: File, *, inline: bool) -> HttpResponseBase:
    kind = kind_of_media_type(file.media_type)
    is_shown = inline and kind.is_shown
    response["Content-Type"] = file.media_type
    response["Content-Disposition"] = content_disposition_header(not is_shown, file.name) or "attachment"
    response["Content-Security-Policy"] = _PDF if is_shown and kind.code == "pdf" else _CLOSED
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = _etag(file)
    # The right to read is asked anew each time; only the bytes may be kept by the person's own browser.
    response["Cache-Control"] = "private, no-cache"
    return response


def _etag(file: File) -> str:
    return f'"{file.sha256}"'


def _is_known(request: HttpRequest, file: File) -> bool:
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or any(tag.removeprefix("W/") == _etag(file) for tag in known)


def _wanted_range(request: HttpRequest | None, file: File) -> tuple[int, int] | None:
    """Return ``(start, length)``: the whole unless one part is asked for; None when it cannot be given."""
    asked = _RANGE.match(request.headers.get("Range", "").strip()) if request is not None else None
    if asked is None or (request is not None and request.headers.get("If-Range", _etag(file)) != _etag(file)):
        return 0, file.size
    first, last = asked.groups()
    if not first and not last:
        return 0, file.size
    if not first:
        length = min(int(last), file.size)
        return (file.size - length, length) if length else None
    start, stop = int(first), min(int(last), file.size - 1) if last else file.size - 1
    if start >= file.size:
        return None
    return (start, stop - start + 1) if stop >= start else (0, file.size)
