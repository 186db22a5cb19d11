"""The port on which the province listens, kept for it from the first moment."""

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from dinh.website.launch.trouble import Trouble

__all__ = ["Port", "claim_port", "free_port"]


@dataclass(frozen=True, slots=True)
class Port:
    """Where the web process listens."""

    host: str
    number: int

    @property
    def address(self) -> str:
        return f"http://{_in_address(self.host)}:{self.number}"

    @property
    def own_address(self) -> str:
        """The address at which this machine reaches itself."""
        loopback = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - asked for by DINH_HOST
        return f"http://{_in_address(loopback.get(self.host, self.host))}:{self.number}"


@contextmanager
def claim_port() -> Iterator[Port]:
    """Keep the port of DINH_HOST and DINH_PORT. Raises ``Trouble``, naming a free one, when it is taken.

    The web server shares its port with whoever else shares it, so two provinces that start at the same
    time would both seem to open. A socket that shares the port but never listens keeps others out.
    """
    port = Port(
        _host(os.environ.get("DINH_HOST") or "127.0.0.1"), _number(os.environ.get("DINH_PORT") or "8000")
    )
    problem = _try(port)
    if problem is not None:
        raise _cannot_listen(port, problem)
    with _socket(port) as keeper:
        keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        with suppress(OSError):
            keeper.bind((port.host, port.number))
        yield port


def free_port() -> int:
    """A port of this machine alone that nobody uses now, for a helper whose address is told to others."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _number(text: str) -> int:
    if text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise Trouble(
        f"DINH_PORT={text} không phải là số cổng; hãy đặt một số từ 1 đến 65535.",
        f"DINH_PORT={text} is not a port; set a number from 1 to 65535.",
    )


def _host(name: str) -> str:
    try:
        return str(socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)[0][4][0])
    except OSError:
        raise Trouble(
            f"DINH_HOST={name} không phải là địa chỉ của máy này; hãy đặt DINH_HOST=127.0.0.1.",
            f"DINH_HOST={name} is not an address; set DINH_HOST=127.0.0.1.",
        ) from None


def _try(port: Port) -> OSError | None:
    with _socket(port) as probe:
        # Connections of a former run that are fading away are no obstacle; somebody listening is.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((port.host, port.number))
            probe.listen()
        except OSError as problem:
            return problem
    return None


def _socket(port: Port) -> socket.socket:
    return socket.socket(socket.AF_INET6 if ":" in port.host else socket.AF_INET)


def _cannot_listen(port: Port, problem: OSError) -> Trouble:
    if problem.errno in (errno.EACCES, errno.EPERM):
        return Trouble(
            f"Người dùng này không được mở cổng {port.number}; hãy chạy: make up DINH_PORT=8000.",
            f"This user may not open port {port.number}; run: make up DINH_PORT=8000.",
        )
    if problem.errno != errno.EADDRINUSE:
        return Trouble(
            f"Không mở được địa chỉ {port.host}:{port.number} ({problem.strerror}); hãy đặt"
            " DINH_HOST=127.0.0.1.",
            f"{port.host}:{port.number} cannot be opened; set DINH_HOST=127.0.0.1.",
        )
    candidates = range(port.number + 1, min(port.number + 100, 65536))
    free = next((other for other in candidates if _try(Port(port.host, other)) is None), 0)
    return Trouble(
        f"Cổng {port.number} đang được một chương trình khác dùng; hãy chạy: make up DINH_PORT={free}.",
        f"Port {port.number} is taken by another program; run: make up DINH_PORT={free}.",
    )


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host
