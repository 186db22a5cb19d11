"""The filled provinces of a run: opened when a subject first asks, shared by those that follow."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from bench.province import Province, filled

__all__ = ["Provinces", "shared"]


class Provinces:
    """Filled provinces by their number of dossiers."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._open: dict[int, tuple[Province, dict[str, float]]] = {}

    def of(self, dossiers: int) -> Province:
        """The province with so many dossiers; one subject writes nothing there that another would count."""
        return self._opened(dossiers)[0]

    def filling(self, dossiers: int) -> dict[str, float]:
        """How long filling it took, and at which load of the machine."""
        return self._opened(dossiers)[1]

    def _opened(self, dossiers: int) -> tuple[Province, dict[str, float]]:
        if dossiers not in self._open:
            self._open[dossiers] = self._stack.enter_context(filled(dossiers))
        return self._open[dossiers]


@contextmanager
def shared() -> Iterator[Provinces]:
    """Keep what is opened until the end of the run."""
    with ExitStack() as stack:
        yield Provinces(stack)
