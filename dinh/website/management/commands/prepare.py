"""``manage.py prepare``: everything between a running database and a running site, in one process."""

import hashlib
from collections.abc import Callable
from io import StringIO, TextIOBase
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from dinh.website.management.catalogue import compile_catalogue

OPENING, OPEN = "dinh: opening", "dinh: open"


class Command(BaseCommand):
    help = "Migrates the database, compiles translations, collects static files, fills in the sample."

    def handle(self, *args: Any, **options: Any) -> None:
        self._begin_anew_if_interrupted()
        is_fresh = not connection.introspection.table_names()
        if is_fresh:
            _mark(OPENING)
        self._migrate()
        compile_catalogue()
        self._collect_static_files()
        if is_fresh:
            self._fill_in_sample()
            _mark(OPEN)

    def _tell(self, line: str) -> None:
        """Say something that `make up` passes on to the person who waits."""
        self.stdout.write(f"» {line}")

    def _begin_anew_if_interrupted(self) -> None:
        """A first start that was cut off left half a province: nobody has worked in it, so drop it."""
        if _read_mark() != OPENING:
            return
        self._tell("Lần mở đầu tiên trước đây bị ngắt giữa chừng: tạo lại dữ liệu từ đầu")
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if not missing:
            return
        call_command("migrate", interactive=False, verbosity=0)
        self._tell(f"Cấu trúc dữ liệu: {missing} bước mới")

    def _collect_static_files(self) -> None:
        """Only when a file has changed: hashing and compressing take seconds."""
        mark = Path(settings.STATIC_ROOT) / ".made-from"
        found = _static_fingerprint()
        if mark.exists() and mark.read_text() == found:
            return
        call_command("collectstatic", interactive=False, verbosity=0, clear=True, stdout=StringIO())
        mark.write_text(found)
        self._tell("Tệp tĩnh: đã gom và nén")

    def _fill_in_sample(self) -> None:
        if not settings.IS_SAMPLE or "sample" not in get_commands():
            return
        self._tell("Tỉnh mẫu (tỉnh không có thật, mã H99): đang tạo")
        call_command("sample", stdout=_Told(self._tell))
        self._tell("Tỉnh mẫu: xong")


class _Told(TextIOBase):
    """Where another command writes, so that its lines are told as ours are."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._say = tell

    def write(self, text: str) -> int:
        for line in filter(None, map(str.rstrip, text.splitlines())):
            self._say(line)
        return len(text)


def _static_fingerprint() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            digest.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _read_mark() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        )
        return str(cursor.fetchone()[0] or "")


def _mark(state: str) -> None:
    """Note on the database itself how far its first start came; only its owner can."""
    with connection.cursor() as cursor:
        # The statement takes no parameters, so the server writes it out first.
        cursor.execute(
            "SELECT format('COMMENT ON DATABASE %%I IS %%L', current_database(), %s::text)", [state]
        )
        cursor.execute(cursor.fetchone()[0])
