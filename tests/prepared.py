"""Databases that are filled once and worked in by many tests.

Filling a province takes longer than most tests that need one. Each worker fills it once, the first time that
a test asks for it, in a database of its own; the test works there in a transaction that is undone. A test
that commits works in a copy, which is dropped.

A fixture whose name is a key of ``FILLINGS`` asks: whatever depends on it works in the database so filled.
"""

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch
from weakref import WeakSet

import psycopg
import pytest
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from django.test import TransactionTestCase, override_settings
from django.utils import timezone
from psycopg import sql

from dinh.foundation.calendars.queries.working import distrust_mark


@dataclass(frozen=True)
class Filling:
    """How a database is filled, and the hour at which that happens."""

    fill: Callable[[], object]
    at: dt.datetime


FILLINGS: dict[str, Filling] = {}

# Every connection that was made: beside a running event loop Django keeps others than without one.
_opened: "WeakSet[BaseDatabaseWrapper]" = WeakSet()


@receiver(connection_created)
def _remember(connection: BaseDatabaseWrapper, **_: Any) -> None:
    _opened.add(connection)


@dataclass
class Databases:
    """The databases of one worker: the empty one that the run made, and those filled from it."""

    empty: str
    folder: Path
    filled: set[str] = field(default_factory=set)
    copies: int = 0

    def filled_by(self, name: str) -> str:
        """The database that this filling filled."""
        database = f"{self.empty}_{name}"
        if name not in self.filled:
            self.copy(self.empty, database)
            self.filled.add(name)
            filling, folders = FILLINGS[name], self.folders(name)
            self.work_in(database)
            now = filling.at.astimezone(dt.UTC)
            with override_settings(**folders), patch.object(timezone, "now", lambda: now):
                filling.fill()
        return database

    def copy_of(self, source: str) -> str:
        """A copy for a test that commits."""
        self.copies += 1
        database = f"{self.empty}_copy{self.copies}"
        self.copy(source, database)
        return database

    def folders(self, name: str) -> dict[str, Any]:
        """The settings that name the folders of a filling, with their values."""
        return folders_below(self.folder / name)

    def work_in(self, database: str) -> None:
        """Let every connection from now on, of any thread, lead to this database."""
        if connections["default"].settings_dict["NAME"] != database:
            self._let_go()
            connections["default"].settings_dict["NAME"] = database

    def copy(self, source: str, target: str) -> None:
        self._let_go()
        made = "CREATE DATABASE {} TEMPLATE {}"
        self._at_server(sql.SQL(made).format(sql.Identifier(target), sql.Identifier(source)))

    def drop(self, database: str) -> None:
        self.work_in(self.empty)
        self._at_server(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def drop_all(self) -> None:
        for name in self.filled:
            self.drop(f"{self.empty}_{name}")
        self.filled.clear()

    def _let_go(self) -> None:
        for one in list(_opened):
            # Another thread's is its own; it ends with the thread, or with its database.
            with suppress(DatabaseError):
                one.close()
        connections["default"].close_pool()  # type: ignore[attr-defined]  # of PostgreSQL

    def _at_server(self, statement: sql.Composed) -> None:
        at = connections["default"].settings_dict
        address = {"host": at["HOST"], "port": at["PORT"] or None, "user": at["USER"]}
        with closing(
            psycopg.connect(dbname="postgres", password=at["PASSWORD"] or None, autocommit=True, **address)
        ) as server:
            server.execute(statement)


def folders_below(folder: Path) -> dict[str, Any]:
    """Where a province keeps its files and its keys."""
    return {"FILE_STORE": str(folder / "files"), "KEY_DIR": folder / "keys"}


@pytest.fixture(scope="session")
def databases(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Databases]:
    made = Databases(connections["default"].settings_dict["NAME"], tmp_path_factory.mktemp("filled"))
    yield made
    with django_db_blocker.unblock():
        made.drop_all()
        made.work_in(made.empty)


@pytest.fixture
def worked_in(request: pytest.FixtureRequest, databases: Databases, django_db_blocker: Any) -> Iterator[None]:
    """Choose the database of a test before its transaction begins."""
    name = next((name for name in FILLINGS if name in request.fixturenames), None)
    with django_db_blocker.unblock():
        source = databases.empty if name is None else databases.filled_by(name)
    if name is None or not _commits(request):
        databases.work_in(source)
        distrust_mark()
        yield
        return
    copy = databases.copy_of(source)
    databases.work_in(copy)
    # Emptying every table of what is dropped a moment later takes a second.
    with patch.object(TransactionTestCase, "_fixture_teardown", lambda test: None):
        yield
    databases.drop(copy)


def _commits(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    marked = marker is not None and marker.kwargs.get("transaction", False)
    return marked or not {"transactional_db", "live_server"}.isdisjoint(request.fixturenames)


def own_folders(name: str, databases: Databases, settings: Any, tmp_path: Path) -> None:
    """Give a test copies of the folders of a filling."""
    for setting, place in folders_below(tmp_path).items():
        setattr(settings, setting, place)
        if (filled := Path(databases.folders(name)[setting])).exists():
            shutil.copytree(filled, place)
