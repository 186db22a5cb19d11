"""What the tests of the files share: an official, and a store in a folder of the test's own."""

import io
import uuid
from pathlib import Path

import pytest

from dinh.foundation.actions.public import Actor
from dinh.foundation.files.public import DOCUMENTS, Limits, store


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    """The store of this test: a folder of its own, and no scanner."""
    settings.FILE_STORE = str(tmp_path / "store")
    settings.CLAMD_SOCKET = ""
    settings.FILE_REQUIRE_SCAN = False
    return tmp_path / "store"


@pytest.fixture
def official() -> Actor:
    return Actor(kind="official", name="Nguyễn Thị Mẫu", account_id=uuid.UUID(int=1))


@pytest.fixture
def give(official: Actor):
    """Store bytes as an upload under a name."""

    def store_it(data: bytes, name: str = "đơn.pdf", limits: Limits = DOCUMENTS):
        return store(io.BytesIO(data), name=name, by=official, limits=limits)

    return store_it
