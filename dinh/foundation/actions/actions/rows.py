"""Writing the new rows of a verb together: many tables, one statement."""

import datetime as dt
import json
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

__all__ = ["insert_rows"]

_Shape = tuple[type[models.Model], tuple[str, ...]]


def insert_rows(*rows: models.Model, conflicts: str = "fail") -> None:
    """Insert new rows of any tables in one statement; ``conflicts="keep"`` leaves rows that are there.

    For the rows that a verb makes: their defaults are the model's, foreign keys may point at one another
    (they are checked when all are written). A key that the database gives is not read back, and neither
    signals nor ``Model.save`` run. A table's rows go as one parameter (JSON), so that the statement stays
    the same for any number of rows: it is prepared once, and binding costs little.
    """
    if not rows:
        return
    shape: list[_Shape] = []
    values: list[str] = []
    for model, group in groupby(sorted(rows, key=_table), key=type):
        members = list(group)
        fields = [
            field
            for field in _columns(model)
            if not isinstance(getattr(members[0], field.attname), DatabaseDefault)
        ]
        written = [{field.column: field.pre_save(row, add=True) for field in fields} for row in members]
        values.append(json.dumps(written, default=_plain, ensure_ascii=False))
        for row in members:
            row._state.adding, row._state.db = False, connection.alias
        shape.append((model, tuple(field.column for field in fields)))
    with connection.cursor() as cursor:
        cursor.execute(_statement(tuple(shape), conflicts), values)


def _plain(value: Any) -> str:
    """Write what JSON has no form for as PostgreSQL reads it."""
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return f"\\x{value.hex()}"
    raise TypeError(f"no column of a row: {type(value)}")


def _table(row: models.Model) -> str:
    return row._meta.db_table


@cache
def _columns(model: type[models.Model]) -> Sequence[Any]:
    """The fields that a row brings: not the key a sequence gives, not what the database computes."""
    return tuple(
        field
        for field in model._meta.local_concrete_fields
        if not field.generated and not isinstance(field, models.AutoField)
    )


@cache
def _statement(shape: tuple[_Shape, ...], conflicts: str) -> str:
    *others, last = [_insert(model, columns, conflicts) for model, columns in shape]
    if not others:
        return last
    parts = ", ".join(f"w{number} AS ({text})" for number, text in enumerate(others))
    return f"WITH {parts} {last}"


def _insert(model: type[models.Model], columns: Sequence[str], conflicts: str) -> str:
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(map(connection.ops.quote_name, columns))
    kept = " ON CONFLICT DO NOTHING" if conflicts == "keep" else ""
    return (
        f"INSERT INTO {table} ({names}) SELECT {names}"  # noqa: S608 - names of the model
        f" FROM json_populate_recordset(NULL::{table}, %s){kept}"
    )
