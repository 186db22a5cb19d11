"""The tree's bookkeeping: one change at a time, and a closure that always equals the tree."""

import datetime as dt
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db import connection, transaction

from dinh.foundation.directory.models import Unit, UnitClosure, UnitPlacement
from dinh.kernel.errors import N_, Refused

__all__ = ["Cycle", "attach", "hang", "one_at_a_time", "rebuild", "refresh_agencies"]

F = TypeVar("F", bound=Callable[..., Any])
_TREE_LOCK = 0x44494E48


class Cycle(Refused):
    message = N_(
        "Không thể đặt “%(unit)s” dưới “%(parent)s” vì đơn vị này nằm trong chính “%(unit)s”. Hãy chọn đơn vị"
        " cấp trên khác."
    )


def one_at_a_time(verb: F) -> F:
    """Let changes of the tree wait for each other, before any row is locked: no cycle, no deadlock."""

    @wraps(verb)
    def run(*args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TREE_LOCK])
            return verb(*args, **kwargs)

    return cast("F", run)


def attach(unit: Unit) -> None:
    """Write the closure of a new unit, which has nothing below it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO directory_unitclosure (ancestor_id, descendant_id, depth)
            SELECT ancestor_id, %(unit)s, depth + 1 FROM directory_unitclosure
            WHERE descendant_id = %(parent)s
            UNION ALL SELECT %(unit)s, %(unit)s, 0
            """,
            {"unit": unit.pk, "parent": unit.parent_id},
        )


def hang(unit: Unit, parent: Unit | None, *, on: dt.date, basis: str) -> None:
    """Move a unit with all below it under another: row, dated placement, closure and agencies.

    Raises ``Cycle`` when the new parent stands below the unit.
    """
    parent_id = parent.pk if parent else None
    if parent is not None and UnitClosure.objects.filter(ancestor=unit, descendant=parent).exists():
        raise Cycle(field="parent", unit=unit.name, parent=parent.name)
    _place(unit, parent_id, on=on, basis=basis)
    _move_closure(unit.pk, parent_id)
    unit.parent = parent
    unit.save(update_fields=["parent"])
    refresh_agencies(unit.pk)
    unit.refresh_from_db(fields=["agency"])


def _place(unit: Unit, parent_id: UUID | None, *, on: dt.date, basis: str) -> None:
    running = UnitPlacement.objects.filter(unit=unit, until_on=None).first()
    if running is not None and running.from_on == on:
        running.parent_id, running.basis = parent_id, basis
        running.save(update_fields=["parent", "basis"])
        return
    if running is not None:
        running.until_on = on
        running.save(update_fields=["until_on"])
    UnitPlacement.objects.create(unit=unit, parent_id=parent_id, from_on=on, basis=basis)


def _move_closure(unit_id: UUID, parent_id: UUID | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH below AS (SELECT descendant_id FROM directory_unitclosure WHERE ancestor_id = %(unit)s)
            DELETE FROM directory_unitclosure
            WHERE descendant_id IN (SELECT descendant_id FROM below)
              AND ancestor_id NOT IN (SELECT descendant_id FROM below)
            """,
            {"unit": unit_id},
        )
        cursor.execute(
            """
            INSERT INTO directory_unitclosure (ancestor_id, descendant_id, depth)
            SELECT above.ancestor_id, below.descendant_id, above.depth + below.depth + 1
            FROM directory_unitclosure above, directory_unitclosure below
            WHERE above.descendant_id = %(parent)s AND below.ancestor_id = %(unit)s
            """,
            {"unit": unit_id, "parent": parent_id},
        )


def refresh_agencies(unit_id: UUID) -> None:
    """Write the agency of the unit and of all below it: the nearest agency at or above each."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE directory_unit unit SET agency_id = nearest.id
            FROM (
                SELECT DISTINCT ON (up.descendant_id) up.descendant_id, agency.id
                FROM directory_unitclosure down
                JOIN directory_unitclosure up ON up.descendant_id = down.descendant_id
                JOIN directory_unit agency ON agency.id = up.ancestor_id AND agency.is_agency
                WHERE down.ancestor_id = %(unit)s
                ORDER BY up.descendant_id, up.depth
            ) nearest
            WHERE unit.id = nearest.descendant_id AND unit.agency_id IS DISTINCT FROM nearest.id
            """,
            {"unit": unit_id},
        )


def rebuild(unit_ids: Iterable[UUID]) -> None:
    """Write the closure and the agencies of many new units at once, from their parents."""
    ids = list(unit_ids)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM directory_unitclosure WHERE descendant_id = ANY(%s)", [ids])
        cursor.execute(
            """
            WITH RECURSIVE up(descendant_id, ancestor_id, depth) AS (
                SELECT id, id, 0 FROM directory_unit WHERE id = ANY(%s)
                UNION ALL
                SELECT up.descendant_id, unit.parent_id, up.depth + 1
                FROM up JOIN directory_unit unit ON unit.id = up.ancestor_id
                WHERE unit.parent_id IS NOT NULL
            )
            INSERT INTO directory_unitclosure (ancestor_id, descendant_id, depth)
            SELECT ancestor_id, descendant_id, depth FROM up
            """,
            [ids],
        )
        cursor.execute(
            """
            UPDATE directory_unit unit SET agency_id = nearest.id
            FROM (
                SELECT DISTINCT ON (up.descendant_id) up.descendant_id, agency.id
                FROM directory_unitclosure up
                JOIN directory_unit agency ON agency.id = up.ancestor_id AND agency.is_agency
                WHERE up.descendant_id = ANY(%s)
                ORDER BY up.descendant_id, up.depth
            ) nearest
            WHERE unit.id = nearest.descendant_id
            """,
            [ids],
        )
