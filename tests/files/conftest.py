"""What the tests of the files share: an official, and a store in a folder of the test's own."""

import io
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from dinh.foundation.actions.public import Actor
from dinh.foundation.files.adapters.stores import open_store
from dinh.foundation.files.public import DOCUMENTS, Limits, store
from tests.files.swift import KEY, SECRET, run_swift


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


@pytest.fixture
def moto_bucket(monkeypatch) -> Iterator[str]:
    """A bucket of the fake S3, served over HTTP, as an address for ``FILE_STORE``."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield _bucket(monkeypatch, f"http://{host}:{port}", "mau", "mau")
    server.stop()


@pytest.fixture(scope="session")
def swift(tmp_path_factory) -> Iterator[str]:
    with run_swift(tmp_path_factory.mktemp("swift")) as address:
        yield address


@pytest.fixture
def swift_bucket(swift: str, monkeypatch) -> str:
    """A bucket of a real S3 service, as an address for ``FILE_STORE``."""
    return _bucket(monkeypatch, swift, KEY, SECRET)


def _bucket(monkeypatch: pytest.MonkeyPatch, endpoint: str, key: str, secret: str) -> str:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    name = f"tep-{uuid.uuid4().hex[:12]}"
    store = open_store(f"s3://{name}/kho?endpoint={endpoint}")
    store.client.create_bucket(Bucket=name)
    return f"s3://{name}/kho?endpoint={endpoint}"
