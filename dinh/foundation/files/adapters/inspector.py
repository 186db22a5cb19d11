"""The processes that parse what people send, kept warm: asking one costs a tenth of a millisecond,
starting one three hundred."""

import contextlib
import json
import os
import queue
import select
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

__all__ = ["inspect"]

_PROCESSES = 4
_SECONDS = 20
_ROOT = Path(__file__).resolve().parents[4]
_TOO_COMPLEX: dict[str, Any] = {"problem": "complex", "facts": {}}


class _Inspector:
    """One process. It knows neither keys nor addresses: its environment is empty but for its language."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dinh.foundation.files.rules.inspection"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"PYTHONPATH": str(_ROOT), "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2"},
        )
        self.owner = os.getpid()

    def ask(self, path: Path) -> dict[str, Any] | None:
        """Return the answer, or None when the process died or took too long (it is ended then)."""
        pipe_in, pipe_out = self.process.stdin, self.process.stdout
        if pipe_in is None or pipe_out is None:
            return None
        with contextlib.suppress(OSError, ValueError):
            pipe_in.write(json.dumps({"path": str(path)}).encode() + b"\n")
            pipe_in.flush()
            if select.select([pipe_out], [], [], _SECONDS)[0] and (line := pipe_out.readline()):
                return dict(json.loads(line))
        self.end()
        return None

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()


_idle: queue.LifoQueue[_Inspector] = queue.LifoQueue()
_places = threading.BoundedSemaphore(_PROCESSES)


def inspect(path: Path) -> dict[str, Any]:
    """Return what the inspection of the content at ``path`` found, as ``rules.inspection.inspect`` does.

    A content that ends its process, or keeps it busy longer than 20 seconds, has the problem "complex"
    (and no "kind"). A process that died idle is replaced once, so that only the content is blamed.
    """
    with _places:
        inspector = _take()
        answer = inspector.ask(path)
        if answer is None:
            return dict(_TOO_COMPLEX)
        _idle.put(inspector)
        return answer


def _take() -> _Inspector:
    while True:
        try:
            inspector = _idle.get_nowait()
        except queue.Empty:
            return _Inspector()
        if inspector.owner == os.getpid() and inspector.process.poll() is None:
            return inspector
