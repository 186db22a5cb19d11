"""Work lists: what is open, whose it is, what is due first."""

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import reached_units
from dinh.kernel.text import search_tokens
from dinh.onestop.models import WorkItem

__all__ = ["WORK_TABS", "WorkPage", "WorkRow", "count_of_tab", "work_counts", "work_page"]

PAGE_SIZE = 50
# Counts stop here: nobody reads further, and nobody waits for it.
COUNT_LIMIT = 1000

# Tabs of the work list: stable keys, in the order in which they are shown.
WORK_TABS = ("todo", "mine", "overdue", "near", "waiting", "all")

_COLUMNS = (
    "step_id",
    "dossier_id",
    "code",
    "procedure_name",
    "applicant_name",
    "step_name",
    "kind",
    "unit_id",
    "holder_id",
    "holder_name",
    "is_waiting",
    "opened_at",
    "due_at",
    "dossier_due_at",
)


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One open step as a list shows it."""

    step_id: UUID
    dossier_id: UUID
    code: str
    procedure_name: str
    applicant_name: str
    step_name: str
    kind: str
    unit_id: UUID
    holder_id: UUID | None
    holder_name: str
    is_waiting: bool
    opened_at: dt.datetime
    due_at: dt.datetime
    dossier_due_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class WorkPage:
    """A page of a work list. ``after`` continues it (empty: this is the last page)."""

    rows: Sequence[WorkRow]
    after: str


def work_page(
    by: Actor,
    *,
    tab: str = "todo",
    words: str = "",
    procedure: str = "",
    after: str = "",
    now: dt.datetime,
    size: int = PAGE_SIZE,
) -> WorkPage:
    """Return one page of open work within reach, the first due first; two queries at most.

    ``tab``: ``todo`` (the acting position can do it now), ``mine``, ``overdue``, ``near`` (due within 24
    hours), ``waiting`` (for the applicant), ``all``. ``after`` is the mark of the page before.
    """
    rows = _narrowed(_within_reach(by), by, tab=tab, words=words, procedure=procedure, now=now)
    rows = rows.filter(_beyond(after)).order_by("due_at", "step_id")
    found = [WorkRow(*row) for row in rows.values_list(*_COLUMNS)[: size + 1]]
    shown = found[:size]
    return WorkPage(shown, _mark(shown[-1]) if len(found) > size else "")


def work_counts(by: Actor, *, now: dt.datetime) -> Mapping[str, int]:
    """Return how many rows each tab holds, counted no further than ``COUNT_LIMIT``; one query for all."""
    reach = _within_reach(by)
    counts = dict.fromkeys(WORK_TABS, 0)
    asked: dict[str, tuple[str, tuple[Any, ...]]] = {}
    for tab in WORK_TABS:
        rows = _narrowed(reach, by, tab=tab, now=now).order_by().values("pk")[:COUNT_LIMIT]
        with suppress(EmptyResultSet):
            asked[tab] = rows.query.sql_with_params()
    if asked:
        # The texts are Django's own, with places for every value.
        columns = ", ".join(f"(SELECT count(*) FROM ({sql}) AS rows)" for sql, _ in asked.values())  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns}", [value for _, values in asked.values() for value in values])
            counts.update(zip(asked, cursor.fetchone(), strict=True))
    return counts


def count_of_tab(by: Actor, tab: str, *, now: dt.datetime) -> int:
    """Return how many rows one tab holds, counted no further than ``COUNT_LIMIT``."""
    return _narrowed(_within_reach(by), by, tab=tab, now=now).order_by()[:COUNT_LIMIT].count()


def _within_reach(by: Actor) -> QuerySet[WorkItem]:
    """Open work of the units that ``work.read`` reaches: the same rows as ``visible_work``, by their ids.

    The ids are resolved first, so that one unit's list is read along its index.
    """
    if by.kind != "official":
        return WorkItem.objects.none()
    units = reached_units(by, "work.read")
    if units is None:
        return WorkItem.objects.all()
    ids = list(units)
    return (
        WorkItem.objects.filter(unit_id=ids[0]) if len(ids) == 1 else WorkItem.objects.filter(unit_id__in=ids)
    )


def _narrowed(
    rows: QuerySet[WorkItem],
    by: Actor,
    *,
    tab: str,
    words: str = "",
    procedure: str = "",
    now: dt.datetime,
) -> QuerySet[WorkItem]:
    if tab == "mine":
        rows = rows.filter(holder_id=by.position_id, is_waiting=False)
    elif tab == "overdue":
        rows = rows.filter(due_at__lt=now, is_waiting=False)
    elif tab == "near":
        rows = rows.filter(due_at__gte=now, due_at__lt=now + dt.timedelta(hours=24), is_waiting=False)
    elif tab == "waiting":
        rows = rows.filter(is_waiting=True)
    elif tab == "todo":
        free = Q(holder_id=None) | Q(holder_id=by.position_id)
        rows = rows.filter(free, role__in=sorted(by.roles), is_waiting=False)
    if procedure:
        rows = rows.filter(procedure_name=procedure)
    for token in search_tokens(words)[:6]:
        rows = rows.filter(dossier__search_text__contains=token)
    return rows


def _mark(row: WorkRow) -> str:
    return f"{row.due_at.timestamp():.6f}_{row.step_id}"


def _beyond(after: str) -> Q:
    """Rows behind a mark in the order of due moment and step; a mark that cannot be read means the start."""
    moment, _, step = after.partition("_")
    try:
        due_at: Any = dt.datetime.fromtimestamp(float(moment), dt.UTC)
        step_id = UUID(step)
    except (ValueError, OverflowError, OSError):
        return Q()
    return Q(due_at__gt=due_at) | Q(due_at=due_at, step_id__gt=step_id)
