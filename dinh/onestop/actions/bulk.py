"""Many rows at once: foreign keys are checked by one look at the end instead of row by row."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from dinh.onestop.actions.samples import loaded_tables

__all__ = ["checked_at_the_end", "refresh_statistics"]

# The first PostgreSQL that can stop enforcing a foreign key and take it up again.
_CAN_SUSPEND = 180000

_KEYS = """
    SELECT conrelid::regclass::text, conname FROM pg_constraint
    WHERE contype = 'f' AND conrelid = ANY(%s::regclass[]) AND conenforced = %s
    ORDER BY 1, 2
"""


@contextmanager
def checked_at_the_end() -> Iterator[None]:
    """Have the tables of a load not check their foreign keys inside, and all of them at the end.

    The keys themselves say that they are not enforced, so that a load that was killed is made good by
    the next. Before PostgreSQL 18 nothing changes: each row is checked as it comes.
    """
    if connection.cursor().connection.info.server_version < _CAN_SUSPEND:
        yield
        return
    _set_keys("NOT ENFORCED", among=True)
    try:
        yield
    finally:
        _set_keys("ENFORCED", among=False)


def _set_keys(how: str, *, among: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, [list(loaded_tables()), among])
        for table, name in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} ALTER CONSTRAINT "{name}" {how}')


def refresh_statistics() -> None:
    """Fresh statistics and visibility marks: otherwise the first hour's plans would be guesses."""
    with connection.cursor() as cursor:
        for table in (*loaded_tables(), "onestop_figure", "onestop_figureentry"):
            cursor.execute(f"VACUUM (ANALYZE) {table}")
