"""The folder of one province: where its data lies, its secrets, and who has it open."""

import fcntl
import json
import os
import secrets
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dinh.website.launch.trouble import Trouble, disk_full

__all__ = ["ROOT", "AlreadyOpen", "Lease", "Place", "Secrets", "check_writable"]

ROOT = Path(__file__).resolve().parents[3]
MARK = "DINH_LAUNCHED_FROM"


@dataclass(frozen=True, slots=True)
class Secrets:
    """What only this province knows; made once, kept in `var/secrets.json`."""

    secret_key: str
    database: str
    database_owner: str

    @classmethod
    def make(cls) -> "Secrets":
        return cls(*(secrets.token_urlsafe(48) for _ in range(3)))


class AlreadyOpen(Exception):
    """Another launcher has this folder; ``facts`` are what it wrote about itself."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.facts = facts
        super().__init__(str(facts))


@dataclass(frozen=True, slots=True)
class Place:
    """The data folder, `var/` unless DINH_DATA_DIR names another."""

    data: Path

    @classmethod
    def here(cls) -> "Place":
        return cls(Path(os.environ.get("DINH_DATA_DIR") or ROOT / "var").absolute())

    @property
    def logs(self) -> Path:
        return self.data / "log"

    @property
    def database(self) -> Path:
        return self.data / "postgres"

    def prepare(self) -> None:
        """Make the folder: others may pass through it (the database's user must), not look into it."""
        self.data.mkdir(parents=True, exist_ok=True)
        self.data.chmod(0o711 if os.geteuid() == 0 else 0o700)
        self.logs.mkdir(exist_ok=True)
        self.logs.chmod(0o700)

    def check_room(self, needed_mb: int) -> None:
        """Raise ``Trouble`` when the disk has less than ``needed_mb`` left."""
        folder = next(parent for parent in (self.data, *self.data.parents) if parent.exists())
        free = shutil.disk_usage(folder).free // 2**20
        if free < needed_mb:
            raise disk_full(folder=str(folder), free_mb=free, needed_mb=needed_mb)

    def secrets(self) -> Secrets:
        """Read the secrets, or make them: readable by the owner alone, whole or not there at all."""
        path = self.data / "secrets.json"
        if path.exists():
            return Secrets(**json.loads(path.read_text()))
        made = Secrets.make()
        draft = path.with_suffix(".new")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            json.dump({name: getattr(made, name) for name in Secrets.__slots__}, handle)
            handle.flush()
            os.fsync(handle.fileno())
        draft.rename(path)
        return made

    def environment(self, *, database: str, address: str = "") -> dict[str, str]:
        """The environment in which the application's processes of this province run."""
        return {
            **os.environ,
            "DINH_DATA_DIR": str(self.data),
            "DINH_SECRET_KEY": os.environ.get("DINH_SECRET_KEY") or self.secrets().secret_key,
            "DATABASE_URL": database,
            **({"DINH_PUBLIC_ADDRESS": os.environ.get("DINH_PUBLIC_ADDRESS") or address} if address else {}),
            "DJANGO_SETTINGS_MODULE": "dinh.website.settings",
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": str(ROOT),
            MARK: str(self.data),
        }

    def left_behind(self) -> list[int]:
        """The processes of a former launcher of this folder that are still there."""
        mark = f"{MARK}={self.data}".encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if mark in (entry / "environ").read_bytes().split(b"\0") and int(entry.name) != os.getpid():
                    found.append(int(entry.name))
        return found


class Lease:
    """The right to run this folder's province; held by one process, and free again however it ends."""

    def __init__(self, place: Place) -> None:
        """Take it. Raises ``AlreadyOpen`` when another process holds it."""
        self._path = place.data / "lease.json"
        self._file = os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600), "r+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AlreadyOpen(self._read()) from None
        # Whoever ends in order empties the file, so what stands in it was left by one that was killed.
        self.former = self._read()

    def write(self, **facts: Any) -> None:
        """Say who holds it and where the province is to be found."""
        self._file.seek(0)
        self._file.truncate()
        json.dump({"process": os.getpid(), **facts}, self._file)
        self._file.flush()

    def give_back(self) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._file.close()

    def _read(self) -> dict[str, Any]:
        self._file.seek(0)
        try:
            return dict(json.loads(self._file.read() or "{}"))
        except ValueError:
            return {}


def check_writable(place: Place) -> None:
    """Raise ``Trouble`` when this user may not write the data folder."""
    folder = next(parent for parent in (place.data, *place.data.parents) if parent.exists())
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Trouble(
            f"Không có quyền ghi vào {folder}; hãy chạy bằng người dùng sở hữu thư mục này"
            " hoặc đặt DINH_DATA_DIR.",
            f"{folder} cannot be written; run as the user who owns it, or set DINH_DATA_DIR.",
        )
