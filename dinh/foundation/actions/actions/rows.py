"""Writing the new rows of a verb together: many tables, one statement."""

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

__all__ = ["insert_rows"]


def insert_rows(*rows: models.Model, conflicts: str = "fail") -> None:
    """Insert new rows of any tables in one statement; ``conflicts="keep"`` leaves rows that are there.

    For the rows that a verb makes: their defaults are the model's, foreign keys may point at one another
    (they are checked when all are written). A key that the database gives is not read back, and neither
    signals nor ``Model.save`` run. The statement's text is made once for each shape of rows.
    """
    if not rows:
        return
    shape: list[tuple[type[models.Model], int, tuple[str, ...]]] = []
    values: list[Any] = []
    for model, group in groupby(sorted(rows, key=_table), key=type):
        members = list(group)
        columns = _columns(model)
        defaults = tuple(
            field.attname
            for field in columns
            if isinstance(getattr(members[0], field.attname), DatabaseDefault)
        )
        for row in members:
            values.extend(
                field.get_db_prep_save(field.pre_save(row, add=True), connection)
                for field in columns
                if field.attname not in defaults
            )
            row._state.adding, row._state.db = False, connection.alias
        shape.append((model, len(members), defaults))
    with connection.cursor() as cursor:
        cursor.execute(_statement(tuple(shape), conflicts), values)


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
def _statement(shape: tuple[tuple[type[models.Model], int, tuple[str, ...]], ...], conflicts: str) -> str:
    inserts = [_insert(model, number, defaults, conflicts) for model, number, defaults in shape]
    *others, last = inserts
    if not others:
        return last
    parts = ", ".join(f"w{number} AS ({text})" for number, text in enumerate(others))
    return f"WITH {parts} {last}"


def _insert(model: type[models.Model], number: int, defaults: tuple[str, ...], conflicts: str) -> str:
    quote = connection.ops.quote_name
    columns = [field for field in _columns(model) if field.attname not in defaults]
    names = ", ".join(quote(field.column) for field in columns)
    row = "(" + ", ".join(["%s"] * len(columns)) + ")"
    kept = " ON CONFLICT DO NOTHING" if conflicts == "keep" else ""
    return (
        f"INSERT INTO {quote(model._meta.db_table)} ({names})"  # noqa: S608 - names of the model
        f" VALUES {', '.join([row] * number)}{kept}"
    )
