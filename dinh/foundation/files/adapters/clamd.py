"""The malware scanner: clamd over its socket, a path or host:port, given the bytes themselves."""

import socket
import struct
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

__all__ = ["Scan", "ScannerUnavailable", "scan"]

_PIECE = 64 * 1024
_SECONDS = 30
_ANSWER_LIMIT = 4096


class ScannerUnavailable(Exception):
    """A scanner is configured but gives no verdict: away, too slow, or its own bound was passed."""


@dataclass(frozen=True, slots=True)
class Scan:
    """``state`` is "clean", "infected" or "unscanned" (no scanner is configured); ``found`` names what."""

    state: str
    found: str = ""


def scan(path: Path) -> Scan:
    """Return the scanner's verdict on a content. Raises ``ScannerUnavailable``."""
    if not settings.CLAMD_SOCKET:
        return Scan("unscanned")
    try:
        answer = _ask(path)
    except OSError as error:
        raise ScannerUnavailable(str(error)) from error
    if answer.endswith(" OK"):
        return Scan("clean")
    if answer.endswith(" FOUND"):
        return Scan("infected", answer.removesuffix(" FOUND").rpartition(": ")[2])
    raise ScannerUnavailable(answer or "no answer")


def _ask(path: Path) -> str:
    with _connected() as wire, path.open("rb") as content:
        wire.sendall(b"zINSTREAM\0")
        while piece := content.read(_PIECE):
            wire.sendall(struct.pack("!L", len(piece)) + piece)
        wire.sendall(struct.pack("!L", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < _ANSWER_LIMIT and (more := wire.recv(1024)):
            answer += more
    return answer.rstrip(b"\0").decode("utf-8", "replace")


def _connected() -> socket.socket:
    address = settings.CLAMD_SOCKET
    if address.startswith("/"):
        wire = socket.socket(socket.AF_UNIX)
        wire.settimeout(_SECONDS)
        try:
            wire.connect(address)
        except OSError:
            wire.close()
            raise
        return wire
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=_SECONDS)
