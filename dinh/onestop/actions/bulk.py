"""Many rows at once: indexes are built and foreign keys checked in one go at the end, not row by row.

What is put aside is first written down in the database, in the transaction that puts it aside: what a load
that was killed left is put back at the end of the next one, or by ``put_back`` alone. Keys that keep rows
apart (primary keys, unique constraints and indexes) always stay, so that no other writer can do wrong
meanwhile.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection, transaction

from dinh.onestop.actions.samples import loaded_tables

__all__ = ["checked_at_the_end", "put_back", "refresh_statistics"]

# Connections that build and check at the same time, a table each.
_TOGETHER = 4

_NOTES = "onestop_putaside"
_NOTE_TABLE = f"""
    CREATE TABLE IF NOT EXISTS {_NOTES} (
        id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, of_table text NOT NULL,
        name text NOT NULL, kind text NOT NULL, definition text NOT NULL
    )
"""
# Indexes that only make reading quick, and the keys of the loaded tables to others.
_NOTE = f"""
    INSERT INTO {_NOTES} (of_table, name, kind, definition)
    SELECT conrelid::regclass::text, conname, 'key', pg_get_constraintdef(oid)
    FROM pg_constraint
    WHERE contype = 'f' AND conrelid = ANY(%(tables)s::regclass[]) AND convalidated
    UNION ALL
    SELECT indrelid::regclass::text, indexrelid::regclass::text, 'index', pg_get_indexdef(indexrelid)
    FROM pg_index
    WHERE indrelid = ANY(%(tables)s::regclass[]) AND NOT indisunique AND indisvalid
    RETURNING of_table, name, kind
"""  # noqa: S608 - the name is a constant of this file


@contextmanager
def checked_at_the_end() -> Iterator[None]:
    """Put aside the loaded tables' keys and indexes for reading inside; at the end they stand again.

    Raises ``django.db.IntegrityError`` when a row points nowhere; its key is then noted still.
    """
    _put_aside()
    try:
        yield
    finally:
        put_back()


def _put_aside() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_NOTE_TABLE)
        cursor.execute(_NOTE, {"tables": list(loaded_tables())})
        for table, name, kind in cursor.fetchall():
            drop = f'ALTER TABLE {table} DROP CONSTRAINT "{name}"' if kind == "key" else f"DROP INDEX {name}"
            cursor.execute(drop)


def put_back() -> None:
    """Build and check what is noted as put aside, several tables at a time; nothing when nothing is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [_NOTES])
        if not cursor.fetchone()[0]:
            return
    _together(_build, _noted("index"))
    for notes in _noted("key").values():
        for note in notes:
            _promise(note)
    _together(_check, _noted("promise"))
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {_NOTES}")


_Thing = TypeVar("_Thing")
_Note = tuple[int, str, str, str]


def _noted(kind: str) -> dict[str, list[_Note]]:
    """The notes of a kind by their table: number, table, name, definition."""
    found = defaultdict[str, list[_Note]](list)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, of_table, name, definition FROM {_NOTES} WHERE kind = %s ORDER BY id",  # noqa: S608
            [kind],
        )
        for note in cursor.fetchall():
            found[note[1]].append(note)
    return found


def _together(work: Callable[[_Note], None], by_table: Mapping[str, Sequence[_Note]]) -> None:
    """Do the work of each table in its order, several tables at a time; raise what the first raised."""

    def one_table(notes: Sequence[_Note]) -> None:
        for note in notes:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
                work(note)

    _each(one_table, by_table.values())


def _build(note: _Note) -> None:
    with connection.cursor() as cursor:
        cursor.execute(note[3])
    _forget(note)


def _promise(note: _Note) -> None:
    """The key stands for rows to come; those that are there are looked at later, beside other tables'."""
    number, table, name, definition = note
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition} NOT VALID')
        cursor.execute(f"UPDATE {_NOTES} SET kind = 'promise' WHERE id = %s", [number])  # noqa: S608


def _check(note: _Note) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE {note[1]} VALIDATE CONSTRAINT "{note[2]}"')
    _forget(note)


def _forget(note: _Note) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_NOTES} WHERE id = %s", [note[0]])  # noqa: S608


def refresh_statistics() -> None:
    """Fresh statistics and visibility marks: otherwise the first hour's plans would be guesses."""

    def look_at(table: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM (ANALYZE) {table}")

    _each(look_at, (*loaded_tables(), "onestop_figure", "onestop_figureentry"))


def _each(work: Callable[[_Thing], None], things: Iterable[_Thing]) -> None:
    """Do the work on each thing, several at a time; one after the other inside a transaction of ours."""
    if connection.in_atomic_block:
        for thing in things:
            work(thing)
        return

    def on_its_own_connection(thing: _Thing) -> None:
        try:
            work(thing)
        finally:
            connection.close()

    with ThreadPoolExecutor(_TOGETHER) as pool:
        list(pool.map(on_its_own_connection, things))
