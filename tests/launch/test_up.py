"""`make up`: opens, keeps, closes, recovers, and says in one sentence what is wrong."""

import os
import re
import signal
import socket
import stat
import time
import urllib.error
from pathlib import Path

import psycopg
import pytest

from tests.launch.conftest import Province
from tests.waiting import wait_until

# Seconds for which a web server that was asked to stop is waited for.
GENTLY = 30


def _complains(province: Province, *words: str) -> None:
    """It ended by itself with one sentence in two languages, and no traceback."""
    assert province.ends() == 1
    said = province.said()
    assert "Traceback" not in said
    for word in words:
        assert word in said, said


def test_a_province_opens_keeps_its_data_and_opens_again_soon(fresh: Province) -> None:
    fresh.open()
    assert fresh.get("/health/live")[0] == 200
    fresh.sql("CREATE TABLE kept AS SELECT 7 AS number")
    assert fresh.stop() == 0
    assert "Đã đóng" in fresh.said()
    assert fresh.processes() == []
    fresh.open()
    assert fresh.sql("SELECT number FROM kept") == "7"
    assert fresh.stop(signal.SIGTERM) == 0
    assert fresh.processes() == []


def test_a_killed_launcher_takes_its_children_along_and_the_next_start_recovers(province: Province) -> None:
    province.open()
    first = province.lease()["process"]
    province.process.kill()
    province.process.wait()
    wait_until(lambda: province.processes() == [])
    province.open()
    assert f"Lần chạy trước (tiến trình {first}) bị dừng đột ngột" in province.said()


def test_everything_killed_at_once_the_next_start_recovers(province: Province) -> None:
    province.open()
    province.process.kill()
    province.kill_all()
    province.process.wait()
    province.open()
    assert "bị dừng đột ngột" in province.said()


def test_a_first_start_cut_off_begins_anew(fresh: Province) -> None:
    fresh.start().wait_until_says("đang chạy")
    wait_until(lambda: fresh.processes("manage.py prepare") or "Đã mở" in fresh.said())
    fresh.process.kill()
    fresh.process.wait()
    wait_until(lambda: fresh.processes() == [])
    # As if the cut had come in the middle: begun, and with half a structure.
    name = fresh.sql("SELECT current_database()")
    fresh.sql(f"COMMENT ON DATABASE {name} IS 'dinh: opening'")
    fresh.sql("CREATE TABLE IF NOT EXISTS directory_unit (half integer)")
    fresh.open()
    assert "bị ngắt giữa chừng" in fresh.said()
    assert fresh.sql("SELECT count(*) FROM directory_unit") == "0"


def test_stopping_in_the_middle_of_the_start_does_not_wait(province: Province) -> None:
    province.start().wait_until_says("đang chạy")
    # The server and a process of its own, which is still loading the application.
    wait_until(lambda: len(province.processes("granian")) > 1)
    began = time.monotonic()
    assert province.stop() == 0
    # A web server that is asked gently while it loads does not hear, and is waited for.
    assert time.monotonic() - began < GENTLY
    assert province.processes() == []


def test_two_folders_are_open_at_once(province: Province, another: Province) -> None:
    province.start()
    another.start()
    province.wait_until_says("Đã mở")
    another.wait_until_says("Đã mở")
    province.sql("CREATE TABLE only_here (number integer)")
    assert another.sql("SELECT count(*) FROM pg_tables WHERE tablename = 'only_here'") == "0"
    for one in (province, another):
        assert one.get("/health/ready")[0] == 200


def test_the_same_folder_is_not_opened_twice(open_province: Province) -> None:
    again = open_province.run("up", DINH_PORT="8999")
    assert again.returncode == 1
    assert f"đang mở tại {open_province.address}" in again.stderr
    assert open_province.get("/health/live")[0] == 200


def test_a_taken_port_is_named_with_a_free_one(province: Province) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", province.port))
        taken.listen()
        province.start()
        _complains(province, f"Cổng {province.port} đang được", "make up DINH_PORT=")
        suggested = int(re.findall(r"DINH_PORT=(\d+)", province.said())[0])
        assert suggested != province.port
        with socket.socket() as suggestion:
            suggestion.bind(("127.0.0.1", suggested))


def test_a_port_claimed_by_a_province_that_is_still_starting_is_taken(
    province: Province, another: Province
) -> None:
    another.environment["DINH_PORT"] = str(province.port)
    province.start().wait_until_says("Cơ sở dữ liệu")
    another.start()
    _complains(another, f"Cổng {province.port} đang được")


@pytest.mark.parametrize("port", ["0", "65536", "tám nghìn"])
def test_a_port_that_is_none_is_refused(province: Province, port: str) -> None:
    province.environment["DINH_PORT"] = port
    province.start()
    _complains(province, f"DINH_PORT={port} không phải là số cổng")


def test_too_little_room_on_the_disk_is_said_before_anything_is_made(fresh: Province) -> None:
    fresh.environment["DINH_DISK_RESERVE_MB"] = "999999999"
    fresh.start()
    _complains(fresh, "đã đầy", "The disk")
    assert not fresh.data.exists()


def test_a_server_that_is_not_there_is_said(province: Province) -> None:
    province.environment["DATABASE_URL"] = "postgresql://nobody:x@127.0.0.1:1/none"
    province.start()
    _complains(province, "Không kết nối được cơ sở dữ liệu nêu trong DATABASE_URL")


def test_a_given_server_is_used_instead(fresh: Province) -> None:
    given = os.environ["DATABASE_URL"]
    fresh.environment["DATABASE_URL"] = given
    name = f"launch_{os.getpid()}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        fresh.environment["DATABASE_URL"] = re.sub(r"/[^/?]*(\?|$)", rf"/{name}\1", given, count=0)
        fresh.open()
        assert not (fresh.data / "postgres").exists()
        assert fresh.stop() == 0
        with psycopg.connect(fresh.environment["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT count(*) FROM django_migrations").fetchone() != (0,)
        refused = fresh.run("reset", FORCE="1")
        assert refused.returncode == 1
        assert "không xóa máy chủ" in refused.stderr
    finally:
        with psycopg.connect(given, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_other_secrets_than_the_databases_are_said(province: Province) -> None:
    (province.data / "secrets.json").unlink()
    province.start()
    _complains(province, "không phải của cơ sở dữ liệu", "make reset")
    assert province.run("reset", FORCE="1").returncode == 0
    assert [entry.name for entry in province.data.iterdir()] == ["lease.json"]


def test_reset_asks_and_does_nothing_without_an_answer(fresh: Province) -> None:
    fresh.data.mkdir()
    (fresh.data / "something").touch()
    answer = fresh.run("reset")
    assert (fresh.data / "something").exists()
    assert "Traceback" not in answer.stderr


def test_reset_refuses_while_the_province_is_open(open_province: Province) -> None:
    refused = open_province.run("reset", FORCE="1")
    assert refused.returncode == 1
    assert "đang mở tại" in refused.stderr
    assert open_province.get("/health/ready")[0] == 200


@pytest.mark.parametrize(("name", "words"), [("web", "granian"), ("worker", "manage.py work")])
def test_a_fallen_child_is_started_again_and_said_so(open_province: Province, name: str, words: str) -> None:
    before = open_province.processes(words)
    os.kill(before[0], signal.SIGKILL)
    open_province.wait_until_says(f"{name} dừng bất ngờ")
    wait_until(lambda: set(open_province.processes(words)) - set(before))
    wait_until(lambda: _is_ready(open_province))


def test_a_fallen_database_is_started_again_and_the_site_answers(open_province: Province) -> None:
    os.kill(open_province.processes("postgres -D")[0], signal.SIGKILL)
    open_province.wait_until_says("database dừng bất ngờ")
    wait_until(lambda: _is_ready(open_province))


def _is_ready(province: Province) -> bool:
    try:
        return '"ready"' in province.get("/health/ready")[1]
    except (OSError, urllib.error.URLError):
        return False


def test_secrets_and_logs_are_the_owners_alone(open_province: Province) -> None:
    def mode(path: Path) -> int:
        return stat.S_IMODE(path.stat().st_mode)

    assert mode(open_province.data / "secrets.json") == 0o600
    assert mode(open_province.data / "lease.json") == 0o600
    assert mode(open_province.data / "log") == 0o700
    assert mode(open_province.data / "postgres" / "data") == 0o700


def test_the_web_never_runs_in_the_open_with_the_secret_of_tests(open_province: Province) -> None:
    environment = Path(f"/proc/{open_province.processes('granian')[0]}/environ").read_bytes().split(b"\0")
    secret = next(line for line in environment if line.startswith(b"DINH_SECRET_KEY="))
    assert len(secret) > 60


def test_a_command_runs_in_the_open_and_in_the_closed_province(province: Province) -> None:
    assert province.sql("SELECT 1") == "1"
    assert province.processes() == []
    province.open()
    assert province.sql("SELECT count(*) > 10 FROM django_migrations") == "True"


def test_stop_closes_what_runs_in_the_folder(province: Province) -> None:
    province.open()
    answer = province.run("stop")
    assert "Đã đóng" in answer.stdout
    assert province.ends() == 0
    assert "không mở" in province.run("stop").stdout


def test_every_line_of_the_log_carries_its_requests_id(open_province: Province) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        open_province.get("/khong-co-trang-nay/")
    request_id = refused.value.headers["X-Request-Id"]
    log = open_province.data / "log" / "web.log"
    wait_until(lambda: request_id in log.read_text())
