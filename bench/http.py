"""A small load generator: so many connections kept open, each sending the next request after an answer."""

import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

__all__ = ["Measured", "fire"]


@dataclass(frozen=True, slots=True)
class Measured:
    """Answers as expected, other answers, and the milliseconds that the expected ones took."""

    good: int
    bad: int
    seconds: float
    milliseconds: Sequence[float]

    @property
    def rate(self) -> float:
        return self.good / self.seconds

    def percentile(self, part: float) -> float:
        """Milliseconds within which that part of the requests was answered."""
        ordered = sorted(self.milliseconds)
        return ordered[min(int(len(ordered) * part), len(ordered) - 1)] if ordered else float("nan")


def fire(
    port: int,
    makers: Sequence[Callable[[], bytes]],
    *,
    seconds: float,
    expected: int,
    rate: float | None = None,
) -> Measured:
    """Let each maker's requests go over a connection of its own for so many seconds.

    A maker returns the next whole request. Its first two answers warm up and do not count. Without ``rate``
    each connection sends as soon as it has its answer. With it, so many requests a second are due, spread
    evenly, and a request's time runs from when it was due, so that a queue shows.
    """
    lock, times, wrong = threading.Lock(), list[float](), list[int]()
    start, until = [0.0], [0.0]

    def begin() -> None:
        start[0] = time.perf_counter()
        until[0] = start[0] + seconds

    ready = threading.Barrier(len(makers), action=begin)

    def run(number: int, make: Callable[[], bytes]) -> None:
        mine, bad = [], 0
        with _Connection(port) as connection:
            for _ in range(2):
                connection.ask(make())
            ready.wait()
            for turn in count():
                began = time.perf_counter()
                if rate is not None:
                    began = start[0] + (turn * len(makers) + number) / rate
                    time.sleep(max(0.0, began - time.perf_counter()))
                if began >= until[0]:
                    break
                status = connection.ask(make())
                if status == expected:
                    mine.append((time.perf_counter() - began) * 1000)
                else:
                    bad += 1
        with lock:
            times.extend(mine)
            wrong.append(bad)

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(makers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Measured(len(times), sum(wrong), time.perf_counter() - start[0], times)


class _Connection:
    """One kept connection; opened anew when the server has closed it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None

    def __enter__(self) -> "_Connection":
        return self

    def __exit__(self, *_: object) -> None:
        if self.socket is not None:
            self.socket.close()

    def ask(self, request: bytes) -> int:
        """Send a request, read its whole answer, return the status."""
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request)
        return self._answer()

    def _answer(self) -> int:
        assert self.socket is not None
        got = b""
        while b"\r\n\r\n" not in got:
            piece = self.socket.recv(65536)
            if not piece:
                raise ConnectionError("closed in mid-answer")
            got += piece
        head, _, body = got.partition(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), None)
        size = len(body)
        if length is None and b"transfer-encoding: chunked" in lines:
            while not body.endswith(b"0\r\n\r\n"):
                body += self.socket.recv(65536)
            length = size = len(body)
        while length is not None and size < length:
            size += len(self.socket.recv(65536))
        if b"connection: close" in lines:
            self.socket.close()
            self.socket = None
        return int(head[9:12])
