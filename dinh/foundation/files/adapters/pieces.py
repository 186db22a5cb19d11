"""Reading a piece of a file off a line that may break at any byte."""

from django.http import HttpRequest
from django.http.request import UnreadablePostError

__all__ = ["read_piece"]

_STEP = 64 * 1024


def read_piece(request: HttpRequest, *, most: int) -> bytes:
    """Return what has arrived of the request's body, at most ``most`` bytes, however the line ended.

    What came before the line broke is as good as the rest: it need not be sent again.
    """
    arrived = bytearray()
    try:
        while len(arrived) < most and (step := request.read(min(_STEP, most - len(arrived)))):
            arrived += step
    except (UnreadablePostError, OSError):
        pass
    return bytes(arrived)
