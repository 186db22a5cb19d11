"""Outside services of trust: time stamps (RFC 3161) and revocation (OCSP, CRL).

Called by jobs only. Each call is bounded in time and size, follows no redirect, and goes to the
configured time stamp service or to a host on the list; addresses found in a file are never trusted.
"""

import asyncio
import http.client
from collections.abc import Callable
from urllib.parse import urlsplit

from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper

from dinh.foundation.actions.public import Unreachable, exchange
from dinh.foundation.signing.rules.signatures import ServiceUnavailable

__all__ = ["CallableTimeStamper", "http_time_stamper", "post", "read"]

TSA_SECONDS = 180.0
"""The state's own time stamp service was seen to take 2 to 131 seconds."""

REPLY_LIMIT = 64 * 1024
CRL_LIMIT = 8 * 1024 * 1024


class CallableTimeStamper(TimeStamper):
    """pyHanko's client over a function from request to reply, both DER."""

    def __init__(self, ask: Callable[[bytes], bytes]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._ask = ask

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        try:
            reply = await asyncio.to_thread(self._ask, req.dump())
            return tsp.TimeStampResp.load(reply, strict=True)
        except (ValueError, TypeError) as error:
            raise ServiceUnavailable("time stamp service: reply is no time stamp") from error


def http_time_stamper(address: str) -> CallableTimeStamper:
    """Return the client of the time stamp service at ``address``."""
    return CallableTimeStamper(
        lambda request: post(
            address, request, content_type="application/timestamp-query", seconds=TSA_SECONDS
        )
    )


def post(address: str, body: bytes, *, content_type: str, seconds: float = 60.0) -> bytes:
    """Send bytes and return the reply, at most 64 KB. Raises ``ServiceUnavailable``."""
    return _exchange(
        "POST", address, body, {"Content-Type": content_type}, seconds=seconds, limit=REPLY_LIMIT
    )


def read(address: str, *, seconds: float = 60.0) -> bytes:
    """Return what lies at an address, at most 8 MB. Raises ``ServiceUnavailable``."""
    return _exchange("GET", address, None, {}, seconds=seconds, limit=CRL_LIMIT)


def _exchange(
    method: str, address: str, body: bytes | None, headers: dict[str, str], *, seconds: float, limit: int
) -> bytes:
    try:
        reply = exchange(method, address, body, headers, seconds=seconds, limit=limit)
    except Unreachable as error:
        raise ServiceUnavailable(str(error)) from error
    if reply.status != http.client.OK:
        raise ServiceUnavailable(f"{urlsplit(address).hostname}: status {reply.status}")
    return reply.content
