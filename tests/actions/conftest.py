"""Worker processes of the tests, on the tests' database."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.actions.sampleroom.effects import GO_ON

ROOT = Path(__file__).resolve().parents[2]


class Workers:
    """Starts worker processes, and ends at the end those that it started."""

    def __init__(self, effects: Path) -> None:
        self._effects = effects
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "work", *options],
            cwd=ROOT,
            env={**os.environ, **_environment(self._effects), **environment},
        )
        self._processes.append(process)
        return process

    def effects(self, beginning: str = "") -> list[str]:
        """Every line that jobs and channels wrote, or those with this beginning."""
        if not self._effects.exists():
            return []
        return [line for line in self._effects.read_text().splitlines() if line.startswith(beginning)]

    def go_on(self) -> None:
        """Let jobs and channels that hold go on."""
        with self._effects.open("a") as effects:
            effects.write(f"{GO_ON}\n")

    def end(self) -> None:
        for process in self._processes:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait()


def _environment(effects: Path) -> dict[str, str]:
    at = connection.settings_dict
    address = f"postgresql://{at['USER']}:{at['PASSWORD']}@/{at['NAME']}?host={at['HOST']}&port={at['PORT']}"
    return {
        "DJANGO_SETTINGS_MODULE": "tests.actions.sampleroom.settings",
        "DATABASE_URL": address,
        "SAMPLEROOM_EFFECTS": str(effects),
    }


def clear_queue() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers,"
            " procrastinate_workers"
        )


@pytest.fixture
def queue(transactional_db: None) -> Iterator[None]:
    """An empty queue, in a database whose commits other processes see."""
    clear_queue()
    yield
    clear_queue()


@pytest.fixture
def workers(queue: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workers]:
    effects = tmp_path / "effects"
    monkeypatch.setenv("SAMPLEROOM_EFFECTS", str(effects))
    workers = Workers(effects)
    yield workers
    workers.end()
