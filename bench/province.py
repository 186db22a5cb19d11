"""A province to measure: a throw-away embedded PostgreSQL with the product's settings, and its processes."""

import json
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
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from dinh.website.launch.postgres import SUPERUSER, Server

__all__ = ["ROOT", "Province", "filled", "free_port", "opened", "processor", "served", "working"]

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
    try:
        with _running(folder, more) as (found, _):
            yield found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def filled(dossiers: int) -> Iterator[tuple[Province, dict[str, float]]]:
    """Open a sample province with so many dossiers, vacuumed and written out, and say how long filling took
    (``seconds``) and how busy the machine was at its end (``load``).

    With DINH_BENCH_FOLDER it is kept there, under its size, and opened again by the next run; otherwise it
    is gone afterwards. Seconds count the dossiers alone, not the units and people before them.
    """
    kept = os.environ.get("DINH_BENCH_FOLDER")
    if kept:
        folder = Path(kept).absolute() / str(dossiers)
        folder.mkdir(parents=True, exist_ok=True)
    else:
        folder = Path(tempfile.mkdtemp(prefix="dinh-bench-"))
    mark = folder / "filled"
    try:
        with _running(folder, {}) as (found, server):
            if not mark.exists():
                began = time.monotonic()
                found.manage("sample", "--dossiers", str(dossiers))
                took = {"seconds": time.monotonic() - began, "load": os.getloadavg()[0]}
                mark.write_text(json.dumps(took))
            _settle(server)
            yield found, json.loads(mark.read_text())
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


def _settle(server: Server) -> None:
    """Fresh statistics and visibility marks, everything on the disk: nothing of the load runs on."""
    with psycopg.connect(server.address(ROLE, user=SUPERUSER), autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")


@contextmanager
def _running(folder: Path, more: Mapping[str, str]) -> Iterator[tuple[Province, Server]]:
    """Run the province whose database and files lie in the folder; make the sample province when new."""
    folder.chmod(0o711)
    secret, is_there = folder / "secret", (folder / "sample").exists()
    if not secret.exists():
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(16))
    password = secret.read_text()
    with (
        (folder / "database.log").open("ab") as log,
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
        (folder / "var").mkdir(exist_ok=True)
        found = Province(folder, environment)
        found.manage("migrate", "--verbosity", "0")
        if not is_there:
            found.manage("sample")
            (folder / "sample").touch()
        found.manage("collectstatic", "--no-input", "--verbosity", "0")
        yield found, server


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


@contextmanager
def working(province: Province) -> Iterator[None]:
    """Let a worker run beside, as `make up` does: jobs, periodic jobs, the outbox."""
    with (province.folder / "work.log").open("ab") as log:
        line = [sys.executable, "manage.py", "work"]
        worker = subprocess.Popen(
            line, cwd=ROOT, env=province.environment, stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield
        finally:
            worker.send_signal(signal.SIGTERM)
            try:
                worker.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(worker.pid, signal.SIGKILL)


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
