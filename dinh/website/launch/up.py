"""`make up`, told from the first line to the last."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from dinh.website.launch.family import BoundedLog, Child, Family, Stopped, program
from dinh.website.launch.place import ROOT, AlreadyOpen, Lease, Place, check_writable
from dinh.website.launch.port import Port, claim_port, free_port
from dinh.website.launch.postgres import OLDEST, Server
from dinh.website.launch.trouble import Trouble, disk_full

__all__ = ["province_environment", "reset", "run", "stop", "up"]

DATABASE = ROLE = "dinh"
TOLD = "» "
SAMPLE_ACCOUNT = ("tinh-mau", "mat-khau-mau")
AT_ONCE = ((signal.SIGKILL, 10.0),)
FAST_STOP = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))


def put(line: str) -> None:
    print(line, flush=True)


class Story:
    """The lines that `make up` prints, each with the seconds since its start."""

    def __init__(self) -> None:
        self.began = time.monotonic()

    def tell(self, line: str) -> None:
        seconds = f"{time.monotonic() - self.began:.1f}".replace(".", ",")
        put(f"[{seconds:>6} s] {line}")


def up() -> None:
    """Open the province of this folder, keep it open until asked to stop, and close it cleanly."""
    place, story = Place.here(), Story()
    check_writable(place)
    place.check_room(_disk_reserve_mb())
    place.prepare()
    with _lease(place, story) as lease:
        family = Family(tell=story.tell)
        family.listen_to_signals()
        try:
            with claim_port() as port:
                _open(place, family, story, lease, port=port)
                family.watch()
        except Stopped:
            story.tell("Đang đóng lại (Ctrl-C lần nữa để đóng gấp)")
        finally:
            family.stop()
        story.tell("Đã đóng; dữ liệu vẫn còn. Mở lại bằng: make up")


def _open(place: Place, family: Family, story: Story, lease: Lease, *, port: Port) -> None:
    address = port.address
    lease.write(address=address)
    database = os.environ.get("DATABASE_URL") or ""
    if database:
        _check_given_server(database)
        story.tell("Cơ sở dữ liệu: máy chủ nêu trong DATABASE_URL")
    else:
        database = _open_database(place, family, story)
    lease.write(address=address, database=database)
    samples, told = _sample_systems(place)
    environment = {**place.environment(database=database, address=address), **_metrics(place), **told}
    door, told = _sample_sign_in(environment["DINH_PUBLIC_ADDRESS"])
    environment |= told

    def child(name: str, *line: str, when_orphaned: signal.Signals) -> Child:
        start = program(
            [sys.executable, *line], environment=environment, folder=ROOT, when_orphaned=when_orphaned
        )
        return Child(name, start, BoundedLog(place.logs / f"{name}.log"))

    # Orphaned, they lose the database at the same moment, so there is nothing to end in order; only the
    # web process must live on for a moment, to end the processes that it started itself.
    prepare = child("prepare", "manage.py", "prepare", when_orphaned=signal.SIGKILL)
    prepare.hear = partial(_pass_on, story)
    if family.run(prepare):
        raise _prepare_failed(place)
    web = family.add(child("web", *_web(port), when_orphaned=signal.SIGTERM))
    # Until it has opened, the web server hears no request to stop, and has nothing to end in order.
    gently, web.stop_with = web.stop_with, AT_ONCE
    family.add(child("worker", "manage.py", "work", when_orphaned=signal.SIGKILL))
    for name, line in samples.items():
        family.add(child(name, *line, when_orphaned=signal.SIGKILL))
    if door:
        family.add(child("sign-in", *door, when_orphaned=signal.SIGKILL))
    family.wait_for(
        lambda: _is_healthy(port.own_address),
        seconds=90,
        missing=Trouble(
            "Trang web không trả lời; lý do nằm ở cuối các tệp var/log/web.log và var/log/worker.log.",
            "The site does not answer; the ends of var/log/web.log and var/log/worker.log say why.",
        ),
    )
    web.stop_with = gently
    story.tell(f"Đã mở: {address}")
    _show_accounts(place)
    put("Ctrl-C để đóng.")


# the steps


def _pass_on(story: Story, line: str) -> None:
    """Tell what `manage.py prepare` wants told; the rest stays in its log."""
    if line.startswith(TOLD):
        story.tell(line.removeprefix(TOLD))


@contextmanager
def _lease(place: Place, story: Story) -> Iterator[Lease]:
    try:
        lease = Lease(place)
    except AlreadyOpen as other:
        where, who = (other.facts.get(name, "?") for name in ("address", "process"))
        raise Trouble(
            f"Tỉnh ở thư mục này đang mở tại {where} (tiến trình {who}); hãy dùng địa chỉ đó,"
            " hoặc đóng nó bằng: make stop.",
            f"This folder's province is already open at {where}; use it, or close it with: make stop.",
        ) from None
    try:
        if lease.former:
            process = lease.former.get("process", "?")
            story.tell(f"Lần chạy trước (tiến trình {process}) bị dừng đột ngột; đang dọn dẹp và chạy tiếp")
        _end_left_behind(place)
        yield lease
    finally:
        lease.give_back()


def _end_left_behind(place: Place) -> None:
    """End web and worker processes that outlived a killed launcher; the database cares for itself."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + 5
        while left := place.left_behind():
            for process in left:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(process, how)
            if time.monotonic() > deadline:
                break
            time.sleep(0.1)


def _open_database(place: Place, family: Family, story: Story) -> str:
    secret = place.secrets()
    server = Server(place.database, password=secret.database_owner)

    def start() -> "subprocess.Popen[bytes]":
        server.prepare()
        return server.start(output=subprocess.PIPE)

    fresh = not server.data.is_dir()
    if fresh:
        story.tell("Cơ sở dữ liệu: đang tạo")
    log = BoundedLog(place.logs / "database.log")
    family.add(Child("database", start, log, stop_with=FAST_STOP, afterwards=server.forget))
    family.wait_for(server.is_ready, seconds=120, missing=_database_missing())
    server.ensure_database(DATABASE, role=ROLE, password=secret.database)
    story.tell(f"Cơ sở dữ liệu: {server.version()} đang chạy")
    return server.address(DATABASE, user=ROLE, password=secret.database)


def _check_given_server(database: str) -> None:
    try:
        with psycopg.connect(database, connect_timeout=10) as connection:
            version = connection.info.server_version // 10000
    except psycopg.Error as problem:
        reason = str(problem).strip().splitlines()[-1]
        raise Trouble(
            f"Không kết nối được cơ sở dữ liệu nêu trong DATABASE_URL: {reason}; hãy kiểm tra địa chỉ,"
            " mật khẩu và máy chủ.",
            "The database named by DATABASE_URL cannot be reached; check address, password and server.",
        ) from None
    if version < OLDEST:
        raise Trouble(
            f"Máy chủ trong DATABASE_URL là PostgreSQL {version}; Đình cần bản {OLDEST} trở lên.",
            f"The server in DATABASE_URL is PostgreSQL {version}; {OLDEST} or later is needed.",
        )


def _web(port: Port) -> list[str]:
    cores = len(os.sched_getaffinity(0))
    workers = os.environ.get("DINH_WEB_WORKERS") or str(min(max(cores, 2), 8))
    threads = os.environ.get("DINH_WEB_THREADS") or "4"
    line = ["-m", "granian", "--interface", "wsgi", "--host", port.host, "--port", str(port.number)]
    line += ["--workers", workers, "--blocking-threads", threads, "--respawn-failed-workers"]
    line += ["--no-ws", "--workers-kill-timeout", "20", "--log-level", "warning"]
    return [*line, "dinh.website.wsgi:application"]


def _sample_systems(place: Place) -> tuple[dict[str, list[str]], dict[str, str]]:
    """The sample systems beside a sample province, each unless a real one is configured, and their places."""
    samples: dict[str, list[str]] = {}
    told: dict[str, str] = {}
    if not _is_sample():
        return samples, told

    def begin(name: str, module: str, *line: str, **settings: str) -> None:
        """Have a sample begun for those settings (with the path of each) that are not given."""
        missing = {setting: path for setting, path in settings.items() if not os.environ.get(setting)}
        if not missing:
            return
        port = free_port()
        samples[name] = ["-m", f"dinh.website.sample.{module}", "--port", str(port), *line]
        for setting, path in missing.items():
            told[setting] = f"http://127.0.0.1:{port}{path}"
            told[f"{setting}_USER"], told[f"{setting}_PASSWORD"] = SAMPLE_ACCOUNT

    begin(
        "national", "national_portal", "--data", str(place.data / "national-sample.jsonl"), DINH_NATIONAL=""
    )
    begin("registries", "registries", DINH_POPULATION="/dan-cu", DINH_ENTERPRISE="/doanh-nghiep")
    return samples, told


def _sample_sign_in(address: str) -> tuple[list[str], dict[str, str]]:
    """Beside it a sample of the sign-in by the national portal, for browsers on this machine, unless another
    one is configured.
    """
    is_here = urlsplit(address).hostname in {"127.0.0.1", "localhost", "::1"}
    if os.environ.get("DINH_SIGN_IN_ISSUER") or not is_here or not _is_sample():
        return [], {}
    issuer, secret = f"http://127.0.0.1:{free_port()}", secrets.token_urlsafe(32)
    line = ["-m", "dinh.website.sample.national_sign_in", "--issuer", issuer, "--province", address]
    # The secret goes by the environment, which others on the machine do not see.
    account = {"DINH_SIGN_IN_CLIENT": "tinh-mau", "DINH_SIGN_IN_SECRET": secret}
    return line, {"DINH_SIGN_IN_ISSUER": issuer, **account}


def _is_sample() -> bool:
    return (os.environ.get("DINH_SAMPLE") or "1").lower() in {"1", "true", "yes", "on"}


def _metrics(place: Place) -> dict[str, str]:
    """Where the web processes add up their counters; empty at each start."""
    folder = place.data / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return {"PROMETHEUS_MULTIPROC_DIR": str(folder)}


def _is_healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health/ready", timeout=5) as answer:  # noqa: S310 - our own
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _show_accounts(place: Place) -> None:
    accounts = place.data / "accounts.txt"
    if accounts.is_file():
        put("")
        put(accounts.read_text().rstrip())
        put("")


def _disk_reserve_mb() -> int:
    return int(os.environ.get("DINH_DISK_RESERVE_MB") or "500")


def _database_missing() -> Trouble:
    return Trouble(
        "PostgreSQL không khởi động được; lý do nằm ở những dòng cuối của var/log/database.log.",
        "PostgreSQL does not start; the last lines of var/log/database.log say why.",
    )


def _prepare_failed(place: Place) -> Trouble:
    tail = (place.logs / "prepare.log").read_text(errors="replace")[-4000:]
    if "No space left" in tail or "DiskFull" in tail:
        return disk_full(folder=str(place.data))
    last = (tail.strip().splitlines() or ["?"])[-1]
    return Trouble(
        f"Không chuẩn bị được dữ liệu: {last} (đầy đủ ở var/log/prepare.log); sửa nguyên nhân rồi chạy lại"
        " make up.",
        "The data could not be prepared; var/log/prepare.log says why; mend the cause and run make up again.",
    )


# the other commands


def stop() -> None:
    """Ask the launcher of this folder to close its province, and wait until it has."""
    place = Place.here()
    if not place.data.is_dir():
        put("Tỉnh ở thư mục này không mở.")
        return
    try:
        Lease(place).give_back()
        put("Tỉnh ở thư mục này không mở.")
    except AlreadyOpen as open_one:
        process = int(open_one.facts.get("process", 0))
        os.kill(process, signal.SIGTERM)
        while _is_held(place):
            time.sleep(0.1)
        put(f"Đã đóng (tiến trình {process}).")


def _is_held(place: Place) -> bool:
    try:
        Lease(place).give_back()
    except AlreadyOpen:
        return True
    return False


def reset() -> None:
    """Remove all data of this folder's province, after asking; FORCE=1 does not ask."""
    place = Place.here()
    if os.environ.get("DATABASE_URL"):
        raise Trouble(
            "make reset không xóa máy chủ nêu trong DATABASE_URL; hãy tự xóa cơ sở dữ liệu đó, hoặc bỏ"
            " DATABASE_URL rồi chạy lại.",
            "make reset does not touch the server in DATABASE_URL; drop that database yourself, or unset it.",
        )
    if not place.data.is_dir():
        put("Chưa có dữ liệu nào để xóa.")
        return
    if not os.environ.get("FORCE"):
        put(f"Sắp xóa toàn bộ dữ liệu trong {place.data}: cơ sở dữ liệu, hồ sơ, khóa, nhật ký.")
        if _answer("Gõ 'xoa' để xóa: ") not in {"xoa", "xóa"}:
            put("Không xóa gì.")
            return
    with _lease(place, Story()):
        for entry in place.data.iterdir():
            if entry.name == "lease.json":
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
    put("Đã xóa. Mở lại từ đầu bằng: make up")


def _answer(question: str) -> str:
    try:
        return input(question).strip().lower()
    except EOFError:
        return ""


@contextmanager
def province_environment() -> Iterator[dict[str, str]]:
    """The environment of this folder's province for one command; opens its database when it is closed."""
    place = Place.here()
    given = os.environ.get("DATABASE_URL")
    if given:
        place.prepare()
        yield place.environment(database=given)
        return
    place.prepare()
    try:
        lease = Lease(place)
    except AlreadyOpen as open_one:
        yield place.environment(database=_wait_for_database(place, open_one.facts))
        return
    try:
        secret = place.secrets()
        with (
            (place.logs / "database.log").open("ab") as log,
            Server(place.database, password=secret.database_owner, log=log) as server,
        ):
            server.ensure_database(DATABASE, role=ROLE, password=secret.database)
            database = server.address(DATABASE, user=ROLE, password=secret.database)
            lease.write(database=database)
            yield place.environment(database=database)
    finally:
        lease.give_back()


def _wait_for_database(place: Place, facts: dict[str, Any]) -> str:
    deadline = time.monotonic() + 60
    while "database" not in facts:
        if time.monotonic() > deadline:
            raise _database_missing()
        time.sleep(0.2)
        try:
            Lease(place).give_back()
            raise _database_missing()
        except AlreadyOpen as open_one:
            facts = open_one.facts
    return str(facts["database"])


def run(line: Sequence[str]) -> int:
    """Run one command in the province's environment; return its exit code."""
    with province_environment() as environment:
        program_line = [sys.executable, *line] if Path(line[0]).suffix == ".py" or line[0] == "-m" else line
        return subprocess.run(program_line, env=environment, cwd=ROOT, check=False).returncode
