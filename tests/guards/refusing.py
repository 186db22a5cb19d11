"""How a verb is shown to be refused: by its permission, and without a trace of it."""

from collections.abc import Callable
from typing import Any

import pytest

from dinh.foundation.actions.models import AuditEntry
from dinh.kernel.errors import NotAllowed

__all__ = ["assert_done", "assert_refused"]


def assert_refused(verb: str, ask: Callable[[], Any]) -> None:
    """The verb is refused to whoever asks, and the log tells of nothing done."""
    before = AuditEntry.objects.count()
    with pytest.raises(NotAllowed):
        ask()
    assert AuditEntry.objects.count() == before, f"{verb} was refused and yet left something"


def assert_done(verb: str, ask: Callable[[], Any]) -> None:
    """The same asked by who may: it is done, and the log says so."""
    before = AuditEntry.objects.filter(verb=verb).count()
    ask()
    assert AuditEntry.objects.filter(verb=verb).count() == before + 1
