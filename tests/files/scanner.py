"""A real clamd on a socket of its own, whose only signature is the harmless EICAR test file."""

import contextlib
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

__all__ = ["EICAR", "run_clamd"]

# Written in two halves, so that no scanner takes this source for the test file itself.
EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").encode()


@contextlib.contextmanager
def run_clamd(home: Path) -> Iterator[str]:
    """Run the scanner in ``home`` and yield the path of its socket."""
    (home / "db").mkdir(parents=True)
    (home / "db" / "mau.ndb").write_text(f"Mau.EICAR:0:*:{EICAR.hex()}\n")
    wire = home / "clamd.sock"
    (home / "clamd.conf").write_text(
        f"LocalSocket {wire}\nDatabaseDirectory {home}/db\nForeground yes\nStreamMaxLength 30M\n"
    )
    with (home / "clamd.log").open("wb") as log:
        scanner = subprocess.Popen(
            ["clamd", "--config-file", str(home / "clamd.conf")], stdout=log, stderr=log, cwd=home
        )
    try:
        _wait(wire, home)
        yield str(wire)
    finally:
        scanner.terminate()
        scanner.wait(60)


def _wait(wire: Path, home: Path) -> None:
    for _ in range(1200):
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
            probe.connect(str(wire))
            return
        time.sleep(0.1)
    raise RuntimeError(f"clamd did not start\n{(home / 'clamd.log').read_text()[-1500:]}")
