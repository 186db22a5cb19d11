"""A real site for tests: granian and workers as processes of their own."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from tests.waiting import free_port

ROOT = Path(__file__).resolve().parents[2]


def address_of_database() -> str:
    """DATABASE_URL of the tests' own database, for processes that share it."""
    at = connection.settings_dict
    return f"postgresql://{at['USER']}:{at['PASSWORD']}@/{at['NAME']}?host={at['HOST']}&port={at['PORT']}"


@contextmanager
def process(*line: str, environment: Mapping[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a Python program of the house; it is gone afterwards, with its children."""
    with log.open("ab") as output:
        running = subprocess.Popen(
            [sys.executable, *line],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield running
    finally:
        running.terminate()
        try:
            running.wait(20)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


@contextmanager
def web(environment: Mapping[str, str], *, log: Path, workers: int = 1, threads: int = 4) -> Iterator[str]:
    """A granian that answers; yields its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    line = ["-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    line += [
        "--workers",
        str(workers),
        "--blocking-threads",
        str(threads),
        "--no-ws",
        "--log-level",
        "warning",
    ]
    told = {**environment, "DINH_PUBLIC_ADDRESS": address}
    with process(*line, "dinh.website.wsgi:application", environment=told, log=log) as running:
        deadline = time.monotonic() + 180
        while not is_ready(address):
            assert running.poll() is None, log.read_text()[-3000:]
            assert time.monotonic() < deadline, log.read_text()[-3000:]
            time.sleep(0.1)
        yield address


def is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health/ready", timeout=60) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False
