"""The store: the same assertions for a folder, for the fake S3, and for a real S3 service."""

import datetime as dt
import hashlib
import os
import signal
import subprocess
import sys
import threading
import tracemalloc
from pathlib import Path

import pytest

from dinh.foundation.files.adapters.stores import open_store

NOW = dt.datetime.now(dt.UTC)
LATER = NOW + dt.timedelta(days=2)


@pytest.fixture(params=["folder", "moto", "swift"])
def store(request, tmp_path, monkeypatch):
    if request.param == "folder":
        return open_store(str(tmp_path / "contents"))
    return open_store(request.getfixturevalue(f"{request.param}_bucket"))


@pytest.fixture
def content(tmp_path):
    """Write a content to the disk and return its name and place."""

    def write(data: bytes) -> tuple[str, Path]:
        path = tmp_path / hashlib.sha256(data).hexdigest()
        path.write_bytes(data)
        return path.name, path

    return write


def read(store, name: str, **part: int) -> bytes:
    return b"".join(store.read(name, **part))


@pytest.mark.parametrize("size", [1, 1000, 20 * 1024 * 1024 + 7])
def test_a_content_comes_back_as_it_was_put(store, content, size):
    data = (b"0123456789abcdef" * (size // 16 + 1))[:size]
    name, path = content(data)
    assert not store.has(name, size)
    store.put(name, path)
    store.put(name, path)
    assert store.has(name, size)
    assert not store.has(name, size + 1)
    assert read(store, name) == data


def test_a_part_is_read_without_the_rest(store, content):
    name, path = content(b"0123456789" * 1000)
    store.put(name, path)
    assert read(store, name, start=5, length=10) == b"5678901234"
    assert read(store, name, start=9990) == b"0123456789"
    assert read(store, name, start=0, length=1) == b"0"


def test_a_content_that_is_not_there_is_said_so(store):
    with pytest.raises(FileNotFoundError):
        read(store, "0" * 64)
    store.remove("0" * 64)
    assert not store.has("0" * 64, 1)


def test_every_content_is_listed_until_it_is_removed(store, content):
    name, path = content(b"x")
    store.put(name, path)
    listed = dict(store.names())
    assert abs(listed[name] - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5)
    store.remove(name)
    assert name not in dict(store.names())
    assert not store.has(name, 1)


@pytest.mark.parametrize("store", ["folder", "swift"], indirect=True)  # the fake keeps all of it in memory
def test_large_contents_pass_in_bounded_memory(store, content):
    name, path = content(os.urandom(1024) * 60 * 1024)
    tracemalloc.start()
    store.put(name, path)
    for _ in store.read(name):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 45 * 1024 * 1024


def test_a_content_put_by_many_at_once_is_whole(store, content):
    data = os.urandom(300_000)
    name, path = content(data)
    putting = [threading.Thread(target=store.put, args=(name, path)) for _ in range(4)]
    for thread in putting:
        thread.start()
    for thread in putting:
        thread.join()
    assert read(store, name) == data


@pytest.mark.parametrize("moment", ["os.fsync", "pathlib.Path.replace"])
def test_a_crash_while_putting_leaves_no_half_content(tmp_path, content, moment):
    """The process is killed after the bytes are written and before they are named."""
    name, path = content(b"half" * 1_000_000)
    root = tmp_path / "contents"
    program = f"""
import os, pathlib, signal
from dinh.foundation.files.adapters.folder import FolderStore
store = FolderStore(pathlib.Path({str(root)!r}))
store._make_folder(store.incoming); store._make_folder(store._path({name!r}).parent)
{moment} = lambda *arguments: os.kill(os.getpid(), signal.SIGKILL)
store.put({name!r}, pathlib.Path({str(path)!r}))
"""
    ended = subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[2], check=False)
    assert ended.returncode == -signal.SIGKILL
    store = open_store(str(root))
    assert len(list((root / "incoming").iterdir())) == 1
    assert not store.has(name, 4_000_000)
    assert dict(store.names()) == {}
    store.put(name, path)
    assert read(store, name) == b"half" * 1_000_000
    assert store.sweep(NOW - dt.timedelta(days=1)) == 0, "it may still be on its way"
    assert store.sweep(LATER) == 1
    assert list((root / "incoming").iterdir()) == []


def test_a_full_disk_leaves_nothing_and_is_told(tmp_path, content, monkeypatch):
    name, path = content(b"x" * 1000)
    store = open_store(str(tmp_path / "contents"))

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.put(name, path)
    monkeypatch.undo()
    assert [path for path in (tmp_path / "contents").rglob("*") if path.is_file()] == []


def test_parts_of_an_interrupted_upload_are_swept(swift_bucket):
    store = open_store(swift_bucket)
    store.client.create_multipart_upload(Bucket=store.bucket, Key=store._key("a" * 64))
    assert store.sweep(NOW - dt.timedelta(days=1)) == 0
    assert store.sweep(LATER) == 1
    assert store.sweep(LATER) == 0


def test_an_s3_that_is_away_is_said_so(monkeypatch, content):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mau")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "mau")
    name, path = content(b"x")
    store = open_store("s3://tep?endpoint=http://127.0.0.1:9")
    for use in (lambda: store.put(name, path), lambda: read(store, name), lambda: store.has(name, 1)):
        with pytest.raises(OSError, match="the store"):
            use()
