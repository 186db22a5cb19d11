"""The sample registries in a thread of the test, which can be told to behave in any way, or to end."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from typing import Any
from unittest.mock import patch

from dinh.onestop.adapters import registries as adapter
from dinh.website.sample.outside import PASSWORD, USER
from dinh.website.sample.registries import Handler, SampleRegistries

# People and enterprises whom the sample registries know.
PERSON = {"number": "099090000123", "name": "Trần Văn Mẫu"}
BORN = "1990-02-14"
# A bound of our own, in seconds, for a machine that is slower than those of a province.
PATIENCE = 120.0
DEAD = {"number": "099045000789", "name": "Phạm Văn Cũ"}
COMPANY, DISSOLVED = "9900000002", "9900000003"


def configure(settings: Any, port: int) -> None:
    """Let the province ask the registries at this port."""
    for name, path in (("POPULATION", "dan-cu"), ("ENTERPRISE", "doanh-nghiep")):
        setattr(settings, f"{name}_ADDRESS", f"http://127.0.0.1:{port}/{path}")
        setattr(settings, f"{name}_USER", USER)
        setattr(settings, f"{name}_PASSWORD", PASSWORD)


@contextmanager
def sample_registries(settings: Any) -> Iterator[SampleRegistries]:
    """Both registries, as long as the block runs; afterwards nobody answers."""
    sample = SampleRegistries()
    handler = type("Bound", (Handler,), {"registries": sample})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    running = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    running.start()
    configure(settings, server.server_address[1])
    try:
        with patch.object(adapter, "SECONDS", PATIENCE):
            yield sample
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def saying(settings: Any, answer: bytes, *, pause: float = 0) -> Iterator[None]:
    """A registry that answers every question with these bytes, all at once or ``pause`` seconds apart."""
    with socket.create_server(("127.0.0.1", 0)) as server, patch.object(adapter, "SECONDS", PATIENCE):
        configure(settings, server.getsockname()[1])

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    try:
                        connection.recv(65536)
                        for piece in [answer] if not pause else (bytes([one]) for one in answer):
                            connection.sendall(piece)
                            time.sleep(pause)
                    except OSError:
                        pass  # Who asked has gone.

        threading.Thread(target=serve, daemon=True).start()
        yield
        server.close()


def http(body: bytes, status: str = "200 OK") -> bytes:
    """An answer of HTTP with a body."""
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body
