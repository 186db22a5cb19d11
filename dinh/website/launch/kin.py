"""Children that do not outlive their parent."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

__all__ = ["die_with_parent"]

PR_SET_PDEATHSIG = 1


def die_with_parent(stop: signal.Signals) -> Callable[[], None] | None:
    """Return what a child runs before its program starts, so that ``stop`` reaches it when we die.

    Linux only; elsewhere None, and the next start finds what was left. The kernel watches the thread
    that started the child, so children are started from the main thread.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def arrange() -> None:
        prctl(PR_SET_PDEATHSIG, int(stop), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return arrange
