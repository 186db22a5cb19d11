"""A province to measure: a throw-away embedded PostgreSQL with the product's settings, and its processes."""

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dinh.website.launch.postgres import Server

__all__ = ["ROOT", "Province", "free_port", "opened", "processor", "served"]

ROOT = Path(__file__).resolve().parents[1]
ROLE = "dinh"


@dataclass(frozen=True)
class Province:
    """A migrated database with the sample province, and the environment of its processes."""

    folder: Path
    environment: dict[str, str]

    def manage(self, *words: str) -> str:
        """Run one management command; return what it printed."""
        line = [sys.executable, "manage.py", *words]
        answer = subprocess.run(
            line, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        if answer.returncode:
            raise RuntimeError(f"{' '.join(words)}: {answer.stdout[-2000:]}{answer.stderr[-4000:]}")
        return answer.stdout

    def ask(self, module: str, *words: str) -> str:
        """Run a module of ours in a process of its own inside the province; return what it printed."""
        line = [sys.executable, "-m", module, *words]
        answer = subprocess.run(
            line, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        if answer.returncode:
            raise RuntimeError(f"{module}: {answer.stdout[-2000:]}{answer.stderr[-4000:]}")
        return answer.stdout


@contextmanager
def opened(**more: str) -> Iterator[Province]:
    """Open an empty sample province, durable as in use (fsync on); it is gone afterwards.

    ``more`` are further settings of its processes.
    """
    folder = Path(tempfile.mkdtemp(prefix="dinh-bench-"))
    folder.chmod(0o711)
    password = secrets.token_urlsafe(16)
    try:
        with (
            (folder / "database.log").open("wb") as log,
            Server(folder / "postgres", password=password, log=log) as server,
        ):
            server.ensure_database(ROLE, role=ROLE, password=password)
            environment = {
                **os.environ,
                "DATABASE_URL": server.address(ROLE, user=ROLE, password=password),
                "DINH_DATA_DIR": str(folder / "var"),
                "DINH_SECRET_KEY": password,
                "DINH_LOG_LEVEL": "WARNING",
                "DJANGO_SETTINGS_MODULE": "dinh.website.settings",
                "PYTHONPATH": str(ROOT),
                **more,
            }
            (folder / "var").mkdir()
            found = Province(folder, environment)
            found.manage("migrate", "--verbosity", "0")
            found.manage("sample")
            found.manage("collectstatic", "--no-input", "--verbosity", "0")
            yield found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def served(province: Province) -> Iterator[int]:
    """Serve it as `make up` does, with a worker process a core; yield the port."""
    port = free_port()
    log = (province.folder / "web.log").open("ab")
    workers = os.environ.get("DINH_WEB_WORKERS") or str(min(max(os.cpu_count() or 1, 2), 8))
    line = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    line += ["--port", str(port), "--workers", workers, "--blocking-threads", "4", "--no-ws"]
    line += ["--log-level", "warning", "dinh.website.wsgi:application"]
    web = subprocess.Popen(
        line, cwd=ROOT, env=province.environment, stdout=log, stderr=log, start_new_session=True
    )
    try:
        _wait_for(port)
        yield port
    finally:
        web.send_signal(signal.SIGTERM)
        try:
            web.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(web.pid, signal.SIGKILL)
        log.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (OSError, urllib.error.URLError):
            time.sleep(0.2)
    raise RuntimeError("the site does not answer")


def processor() -> str:
    """The machine in a line."""
    facts = Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*: (.*)", facts)
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return f"{os.cpu_count()} cores ({model[1] if model else 'unknown'}), {memory:.0f} GB of memory"
