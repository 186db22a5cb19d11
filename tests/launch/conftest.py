"""A province in a folder of its own, opened by the real launcher in a real process."""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.waiting import free_port

ROOT = Path(__file__).resolve().parents[2]


class Province:
    """One data folder and the launcher that opens it."""

    def __init__(self, data: Path, **environment: str) -> None:
        self.data = data
        self.port = free_port()
        self.environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
            },
            "DINH_DATA_DIR": str(data),
            "DINH_PORT": str(self.port),
            "DINH_WEB_WORKERS": "1",
            "DINH_SAMPLE": "0",
            "DINH_LOG_LEVEL": "INFO",
            **environment,
        }
        self.output = data.with_suffix(".out")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "Province":
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "dinh.website.launch", "up"],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        return self

    def said(self) -> str:
        return self.output.read_text()

    def wait_until_says(self, words: str, *, seconds: float = 240) -> "Province":
        deadline = time.monotonic() + seconds
        while words not in self.said():
            assert self.process is None or self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)
        return self

    def open(self) -> "Province":
        return self.start().wait_until_says("Đã mở")

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(180)

    def ends(self, *, seconds: float = 180) -> int:
        assert self.process is not None
        return self.process.wait(seconds)

    def get(self, path: str) -> tuple[int, str]:
        with urllib.request.urlopen(f"{self.address}{path}", timeout=60) as answer:
            return answer.status, answer.read().decode()

    def run(self, *line: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "dinh.website.launch", *line],
            cwd=ROOT,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    def sql(self, statement: str) -> str:
        """Run one statement in the province's database; the first value it returns."""
        code = (
            "import os, sys, psycopg\n"
            "with psycopg.connect(os.environ['DATABASE_URL']) as c:\n"
            "    answer = c.execute(sys.argv[1])\n"
            "    print(answer.fetchone()[0] if answer.description else '')"
        )
        answer = self.run("run", sys.executable, "-c", code, statement)
        assert answer.returncode == 0, f"{answer.stderr}\n{self.said()}"
        return answer.stdout.strip()

    def processes(self, words: str = "") -> list[int]:
        """Processes of this province's application, and its database's."""
        mark = f"DINH_LAUNCHED_FROM={self.data}".encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                is_ours = (
                    mark in (entry / "environ").read_bytes().split(b"\0")
                    or (entry / "cwd").readlink() == self.data / "postgres" / "data"
                )
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if is_ours and words in line:
                found.append(int(entry.name))
        return sorted(found)

    def lease(self) -> dict[str, Any]:
        return dict(json.loads((self.data / "lease.json").read_text() or "{}"))

    def kill_all(self) -> None:
        """As if the power had gone: the launcher, its children and its database, without a word."""
        for process in self.processes():
            # A child whose parent went first may have ended by itself.
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        deadline = time.monotonic() + 120
        while self.processes() and time.monotonic() < deadline:
            self.kill_all()
            time.sleep(0.05)
        for short_way in Path("/tmp").glob("dinh-socket-*"):
            if (short_way / "s").is_symlink() and (short_way / "s").readlink().is_relative_to(self.data):
                shutil.rmtree(short_way)


@pytest.fixture(scope="session")
def once_opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a province that was opened once and closed: made by the first worker that asks."""
    place = tmp_path_factory.getbasetemp()
    place = place.parent if os.environ.get("PYTEST_XDIST_WORKER") else place
    data = place / "once-opened"
    with (place / "once-opened.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not data.exists():
            made = Province(place / "opening")
            made.open().stop()
            made.data.rename(data)
    return data


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Province]:
    """A province that was never opened."""
    made = Province(tmp_path / "fresh")
    yield made
    made.end()


@pytest.fixture
def province(tmp_path: Path, once_opened: Path) -> Iterator[Province]:
    """A province that was opened before and is closed now."""
    made = Province(_copy(once_opened, tmp_path / "var"))
    yield made
    made.end()


@pytest.fixture
def another(tmp_path: Path, once_opened: Path) -> Iterator[Province]:
    made = Province(_copy(once_opened, tmp_path / "other"))
    yield made
    made.end()


@pytest.fixture(scope="module")
def open_province(tmp_path_factory: pytest.TempPathFactory, once_opened: Path) -> Iterator[Province]:
    """A province that is open for all tests of a module; they leave it as they find it."""
    made = Province(_copy(once_opened, tmp_path_factory.mktemp("open") / "var")).open()
    yield made
    made.end()


def _copy(source: Path, target: Path) -> Path:
    """With owners and times, which the database insists on."""
    subprocess.run(["cp", "-a", source, target], check=True)
    return target
