"""Reads whose shape never changes: Django composes their SQL once a thread, and each run only binds values.

Composing a queryset costs several times what PostgreSQL needs to answer it by key. Reads that every request
or every verb makes are written as a ``FixedQuery``; all others stay plain querysets.
"""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS, connections

__all__ = ["FixedQuery"]

T = TypeVar("T")


class FixedQuery(Generic[T]):
    """A queryset of named parameters, composed once: ``FixedQuery(lambda key: …filter(pk=key), key=UUID)``.

    The parameters are of the types ``UUID``, ``str``, ``dt.date`` or ``dt.datetime`` and stand where the
    queryset puts them: in conditions, any number of times; never as lists, and never None. Rows come as the
    queryset gives them (models with ``select_related``, or ``values_list``), without ``prefetch_related``.
    Raises ``ValueError`` at the first run when a parameter does not reach the SQL.
    """

    def __init__(self, build: Callable[..., Any], **kinds: type) -> None:
        self._build = build
        self._kinds = kinds
        self._of_thread = threading.local()

    def all(self, **values: Any) -> list[T]:
        """Every row for these values. One query."""
        composed: _Composed | None = getattr(self._of_thread, "composed", None)
        if composed is None or composed.compiler.connection is not _connection():
            composed = self._of_thread.composed = _Composed(self._build, self._kinds)
        return composed.run(values)

    def first(self, **values: Any) -> T | None:
        """The first row for these values, or None. One query; the queryset says what is first."""
        rows = self.all(**values)
        return rows[0] if rows else None


class _Composed:
    """A queryset that has been compiled for this thread's connection."""

    def __init__(self, build: Callable[..., Any], kinds: dict[str, type]) -> None:
        marks = {name: _mark(kind, number) for number, (name, kind) in enumerate(kinds.items())}
        self.rows: Any = build(**marks)
        self.compiler: Any = self.rows.query.get_compiler(connection=_connection())
        self.sql, params = self.compiler.as_sql()
        names = {mark: name for name, mark in marks.items()}
        # A plain value of the queryset stays; True and 1 are equal to no mark.
        self.params = [(names.get(value) if _is_mark(value) else None, value) for value in params]
        missing = marks.keys() - {name for name, _ in self.params}
        if missing:
            raise ValueError(f"not in the query: {', '.join(sorted(missing))}")
        fields = [column[0] for column in self.compiler.select[: self.compiler.col_count]]
        converters = self.compiler.get_converters(fields)
        self.compiler.get_converters = lambda _fields: converters
        self.compiler.as_sql = lambda: (self.sql, self.bound)
        self.rows.query.get_compiler = lambda *_, **__: self.compiler

    def run(self, values: dict[str, Any]) -> list[Any]:
        self.bound = tuple(value if name is None else values[name] for name, value in self.params)
        return list(self.rows._iterable_class(self.rows))


def _connection() -> Any:
    return connections[DEFAULT_DB_ALIAS]


def _mark(kind: type, number: int) -> Any:
    """A value of the kind that no query has by itself."""
    if kind is UUID:
        return uuid4()
    if kind is str:
        return uuid4().hex
    if kind is dt.date:
        return dt.date(1, 2, 3 + number)
    if kind is dt.datetime:
        return dt.datetime(1900, 2, 3, 4, 5, 6, number, tzinfo=dt.UTC)
    raise TypeError(f"no parameter of a fixed query: {kind}")


def _is_mark(value: Any) -> bool:
    return isinstance(value, UUID | str | dt.date)
