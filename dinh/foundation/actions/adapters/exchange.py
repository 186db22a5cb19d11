"""One exchange with a service outside, by HTTP: bounded in time and size, and no redirect is followed."""

import contextlib
import http.client
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

__all__ = ["Reply", "ReplyTooLarge", "Unreachable", "exchange"]

CONNECT_SECONDS = 15.0


class Unreachable(Exception):
    """No reply within the bounds: the service is away, too slow, too talkative, or speaks no HTTP."""


class ReplyTooLarge(Unreachable):
    """The reply is larger than the caller takes: asking again is of no use while it stays so."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a service said: its status, and its content as it came."""

    status: int
    content: bytes


def exchange(
    method: str,
    address: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    *,
    seconds: float,
    limit: int,
) -> Reply:
    """Ask an address once. ``seconds`` bound the whole of it, ``limit`` the bytes of the reply.

    Raises ``Unreachable``; what a status means is the caller's to say.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise Unreachable(f"{address}: no address of a service") from error
    kind = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}.get(parts.scheme)
    if kind is None or not parts.hostname:
        raise Unreachable(f"{address}: no address of a service")
    connection = kind(parts.hostname, port, timeout=min(CONNECT_SECONDS, seconds))
    # A service that sends a byte now and then would never run into a timeout of the socket.
    end = threading.Timer(seconds, lambda: _cut(opened))
    end.daemon = True
    deadline = time.monotonic() + seconds
    opened: list[socket.socket] = []
    try:
        connection.connect()
        opened.append(connection.sock)
        end.start()
        connection.sock.settimeout(seconds)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, body=body, headers=dict(headers or {}))
        answer = connection.getresponse()
        content: bytes = answer.read(limit + 1)
        if time.monotonic() >= deadline:
            raise Unreachable(f"{parts.hostname}: the reply took too long")
        if answer.length and len(content) <= limit:
            raise Unreachable(f"{parts.hostname}: the reply ended early")
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(f"{parts.hostname}: {type(error).__name__}") from error
    finally:
        end.cancel()
        connection.close()
    if len(content) > limit:
        raise ReplyTooLarge(f"{parts.hostname}: the reply is too large")
    return Reply(answer.status, content)


def _cut(opened: list[socket.socket]) -> None:
    for one in opened:
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
