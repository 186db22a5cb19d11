"""The launcher's children: started, listened to, restarted when they fall, stopped in order.

One thread and one loop. A second thread would make starting a child after a crash unsafe, and the
kernel ties "die with your parent" to the thread that started the child.
"""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dinh.website.launch.kin import die_with_parent
from dinh.website.launch.trouble import Trouble

__all__ = ["BoundedLog", "Child", "Family", "Stopped", "program"]

LOG_BYTES = 5 * 2**20
LOGS_KEPT = 4
SLOWEST_RESTART = 30.0
# A child that ran this long before it fell starts again at once.
STEADY_AFTER = 60.0


class Stopped(Exception):
    """Somebody asked the launcher to stop."""


class BoundedLog:
    """A log file that never takes more than (kept + 1) times its bound."""

    def __init__(self, path: Path, *, limit: int = LOG_BYTES, kept: int = LOGS_KEPT) -> None:
        self.path = path
        self.limit = limit
        self.kept = kept
        self._file = path.open("ab")

    def write(self, data: bytes) -> None:
        """Append; a full disk loses the lines, not the province."""
        with suppress(OSError):
            self._file.write(data)
            self._file.flush()
            if self._file.tell() > self.limit:
                self._turn()

    def _turn(self) -> None:
        self._file.close()
        for number in range(self.kept, 0, -1):
            older = self.path.with_name(f"{self.path.name}.{number}")
            newer = self.path.with_name(f"{self.path.name}.{number - 1}") if number > 1 else self.path
            if newer.exists():
                newer.replace(older)
        self._file = self.path.open("ab")

    def close(self) -> None:
        with suppress(OSError):
            self._file.close()


Start = Callable[[], "subprocess.Popen[bytes]"]


def program(
    line: Sequence[str],
    *,
    environment: Mapping[str, str],
    folder: Path,
    when_orphaned: signal.Signals,
) -> Start:
    """How to start an ordinary child; ``when_orphaned`` reaches it when the launcher is killed."""

    def start() -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            line,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(when_orphaned),
        )

    return start


@dataclass
class Child:
    """One child: how it starts, how it is asked to stop, and how long that may take."""

    name: str
    start: Start
    log: BoundedLog
    stop_with: Sequence[tuple[signal.Signals, float]] = (
        (signal.SIGTERM, 30.0),
        (signal.SIGKILL, 10.0),
    )
    hear: Callable[[str], None] | None = None
    afterwards: Callable[[], None] | None = None
    process: "subprocess.Popen[bytes] | None" = None
    began: float = 0.0
    falls: int = 0
    again_at: float = 0.0
    _rest: bytes = field(default=b"", repr=False)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def take(self, data: bytes) -> None:
        self.log.write(data)
        if self.hear is None:
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self.hear(line.decode(errors="replace"))


class Family:
    """All children, in the order of their start; they are stopped in the opposite order."""

    def __init__(self, *, tell: Callable[[str], None]) -> None:
        self.tell = tell
        self.children: list[Child] = []
        self.stopping = 0
        self._selector = selectors.DefaultSelector()
        self._wake, self._woken = os.pipe()
        for end in (self._wake, self._woken):
            os.set_blocking(end, False)
        self._selector.register(self._wake, selectors.EVENT_READ, None)

    def listen_to_signals(self) -> None:
        """Ctrl-C, SIGTERM and a closed terminal ask to stop; the second time, to hurry."""
        signal.set_wakeup_fd(self._woken, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def _ask_to_stop(self, *_: Any) -> None:
        self.stopping += 1

    def add(self, child: Child) -> Child:
        """Start a child and keep it running from now on."""
        self.children.append(child)
        self._start(child)
        return child

    def run(self, child: Child) -> int:
        """Run a child to its end; return its exit code."""
        self._start(child)
        try:
            while child.is_running():
                self.pump(1.0)
        except BaseException:
            self._stop(child)
            raise
        self._drain(child)
        return child.process.returncode if child.process else 1

    def wait_for(self, condition: Callable[[], bool], *, seconds: float, missing: Trouble) -> None:
        """Keep the family going until ``condition`` holds. Raises ``missing`` when it takes too long."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline or any(child.falls > 2 for child in self.children):
                raise missing
            # What children say must not make us ask more often.
            ask_again_at = time.monotonic() + 0.05
            while (left := ask_again_at - time.monotonic()) > 0:
                self.pump(left)

    def watch(self) -> None:
        """Keep the family going until somebody asks to stop."""
        while True:
            self.pump(1.0)

    def pump(self, seconds: float) -> None:
        """Listen for a while: pass on what children say, restart who fell. Raises ``Stopped`` when asked."""
        self._listen(seconds)
        if self.stopping:
            raise Stopped
        for child in self.children:
            self._look_after(child)

    def stop(self) -> None:
        """Stop all children, the last started first."""
        for child in reversed(self.children):
            self._stop(child)
            child.log.close()
            if child.afterwards is not None:
                child.afterwards()

    def _listen(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            data = b""
            with suppress(BlockingIOError):
                data = os.read(key.fd, 65536)
            if key.data is None:
                continue
            if data:
                key.data.take(data)
            else:
                self._selector.unregister(key.fileobj)

    def _start(self, child: Child) -> None:
        child.process = child.start()
        child.began = time.monotonic()
        if child.process.stdout is not None:
            os.set_blocking(child.process.stdout.fileno(), False)
            self._selector.register(child.process.stdout, selectors.EVENT_READ, child)

    def _look_after(self, child: Child) -> None:
        if child.is_running():
            return
        now = time.monotonic()
        if not child.again_at:
            self._note_fall(child, now)
        if now >= child.again_at:
            child.again_at = 0.0
            try:
                self._start(child)
            except (OSError, Trouble) as problem:
                self._note_fall(child, now)
                self.tell(f"{child.name}: {problem}")

    def _note_fall(self, child: Child, now: float) -> None:
        """What it started itself ends with it; it starts again after 0, 1, 2, 4 … 30 seconds."""
        self._drain(child)
        _end_group(child)
        child.falls = 1 if now - child.began > STEADY_AFTER else child.falls + 1
        wait = 0.0 if child.falls == 1 else min(2.0 ** (child.falls - 2), SLOWEST_RESTART)
        child.again_at = now + wait
        code = child.process.returncode if child.process else "?"
        self.tell(f"{child.name} dừng bất ngờ (mã {code}); khởi động lại sau {wait:.0f} giây")

    def _stop(self, child: Child) -> None:
        if child.process is None:
            return
        for how, patience in child.stop_with:
            if not child.is_running():
                break
            child.process.send_signal(how)
            asked = self.stopping
            deadline = time.monotonic() + patience
            while child.is_running() and time.monotonic() < deadline and self.stopping == asked:
                self._listen(0.05)
        self._drain(child)
        _end_group(child)

    def _drain(self, child: Child) -> None:
        pipe = child.process.stdout if child.process else None
        if pipe is None or pipe.closed:
            return
        with suppress(OSError):
            while data := os.read(pipe.fileno(), 65536):
                child.take(data)
        with suppress(KeyError):
            self._selector.unregister(pipe)
        pipe.close()


def _end_group(child: Child) -> None:
    """End what the child started and left; its group is its own session."""
    if child.process is not None:
        child.process.poll()
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.process.pid, signal.SIGKILL)
