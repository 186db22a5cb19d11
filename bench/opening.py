"""`make up` from a clone in a folder of its own: the first time, the second, and the memory it then takes."""

import os
import re
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.province import ROOT, free_port

__all__ = ["Opening", "measure_opening"]


@dataclass(frozen=True)
class Opening:
    """Seconds to install, to open first and again; memory by process: (count, PSS MB, RSS MB)."""

    install: float
    first: float
    second: float
    memory: dict[str, tuple[int, float, float]]


def measure_opening() -> Opening:
    """Clone what is committed, install it, open it twice; measure the memory while it is open."""
    with tempfile.TemporaryDirectory(prefix="dinh-bench-up-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        place = folder / "dinh"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(place)], check=True)
        environment = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("DINH_", "DATABASE_URL", "PYTHONPATH", "DJANGO_", "VIRTUAL_ENV"))
        }
        environment["DINH_PORT"] = str(free_port())
        began = time.monotonic()
        subprocess.run(["make", "installed"], cwd=place, env=environment, check=True, capture_output=True)
        install = time.monotonic() - began
        first, memory = _open(place, environment)
        second, _ = _open(place, environment)
        return Opening(install, first, second, memory)


def _open(place: Path, environment: dict[str, str]) -> tuple[float, dict[str, tuple[int, float, float]]]:
    began = time.monotonic()
    up = subprocess.Popen(
        ["make", "up"],
        cwd=place,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert up.stdout is not None
    said = []
    try:
        for line in up.stdout:
            said.append(line)
            if "Ctrl-C để đóng" in line:
                break
        else:
            raise RuntimeError("make up did not open: " + "".join(said[-10:]))
        seconds = time.monotonic() - began
        time.sleep(5)
        return seconds, _memory(place)
    finally:
        # As a terminal does at Ctrl-C: everybody in the group hears it.
        os.killpg(up.pid, signal.SIGINT)
        up.wait(60)


def _memory(place: Path) -> dict[str, tuple[int, float, float]]:
    """Memory of the processes of that folder's province, by what they are."""
    found: dict[str, tuple[int, float, float]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            here = str((entry / "cwd").readlink())
            rollup = (entry / "smaps_rollup").read_text()
        except OSError:
            continue
        if not here.startswith(str(place)):
            continue
        kind = _kind(line)
        count, pss, rss = found.get(kind, (0, 0.0, 0.0))
        found[kind] = (count + 1, pss + _megabytes(rollup, "Pss"), rss + _megabytes(rollup, "Rss"))
    return found


def _kind(line: str) -> str:
    if "postgres" in line:
        return "PostgreSQL (server and its connections)"
    if "granian" in line or "multiprocessing" in line or "spawn_main" in line:
        return "web (supervisor and workers)"
    if "manage.py work" in line:
        return "worker"
    return "launcher and make"


def _megabytes(rollup: str, name: str) -> float:
    found = re.search(rf"^{name}:\s+(\d+) kB", rollup, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0
