"""When a request arrived: at the proxy that stamped it, or else at our own door."""

import datetime as dt
import re

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

__all__ = ["arrival_of"]

_STAMP = re.compile(r"(?:t=)?(\d{10})(\.\d{1,9})?")
# A stamp older than this says that a clock is wrong, not that somebody waited so long.
_LONGEST_WAIT = dt.timedelta(minutes=10)


def arrival_of(request: HttpRequest) -> dt.datetime:
    """Return the moment at which a request arrived, never later than now.

    Under load a request waits until a thread is free. The proxy before us has it from the first moment and
    writes that moment into the header that DINH_ARRIVAL_HEADER names (seconds since 1970, with a fraction,
    as nginx writes ``t=${msec}``), over whatever a caller may have put there. Without such a proxy it is the
    moment at which a thread takes the request up, before anything that may wait for others.
    """
    now = timezone.now()
    name = settings.ARRIVAL_HEADER
    found = _STAMP.fullmatch(request.headers.get(name, "").strip()) if name else None
    if found is None:
        return now
    stamped = dt.datetime.fromtimestamp(float(found[1] + (found[2] or "")), dt.UTC)
    return stamped if now - _LONGEST_WAIT <= stamped <= now else now
