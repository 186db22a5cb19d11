"""Work lists: what is open, whose it is, what is due first."""

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from dinh.foundation.actions.public import Actor, Grant, Signing
from dinh.foundation.directory.public import reached_units
from dinh.kernel.errors import existing
from dinh.kernel.text import search_tokens
from dinh.onestop.models import StepReturn, WorkItem
from dinh.onestop.queries.standing import stand_in_rows

__all__ = [
    "COUNT_LIMIT",
    "STAND_IN",
    "WORK_AGES",
    "WORK_TABS",
    "WorkFilter",
    "WorkList",
    "WorkPage",
    "WorkRow",
    "access_work",
    "count_of_tab",
    "narrowed_work",
    "near_work",
    "overdue_work",
    "rows_within_reach",
    "signable",
    "work_list",
    "work_within_reach",
]

PAGE_SIZE = 50
# Counts stop here: nobody reads further, and nobody waits for it.
COUNT_LIMIT = 1000
# Work is near due from its own moment on, a working day before its due moment at the earliest; no calendar
# rests so long that this lies further back. It bounds how far a list reads back along the index of them.
NEAR_REACHES = dt.timedelta(days=21)

# Tabs of the work list: stable keys, in the order in which they are shown.
WORK_TABS = ("todo", "mine", "overdue", "near", "waiting", "all")

# Beside these: what a substitute has to do in place of others; only who stands in for somebody has it.
STAND_IN = "stand_in"

# How long a step has been open, in days: at least, less than. Stable keys of addresses.
WORK_AGES: Mapping[str, tuple[int, int | None]] = {
    "moi": (0, 1),
    "1-3": (1, 3),
    "3-7": (3, 7),
    "7-15": (7, 15),
    "tren-15": (15, None),
}

_COLUMNS = (
    "step_id",
    "dossier_id",
    "code",
    "procedure_name",
    "applicant_name",
    "step_name",
    "kind",
    "role",
    "unit_id",
    "unit__name",
    "holder_id",
    "holder_name",
    "is_waiting",
    "opened_at",
    "due_at",
    "near_at",
    "dossier_due_at",
    "agency_id",
    "matters",
)


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One open step as a list shows it. ``matters``: what is signed there, joined by commas; ``came_back``:
    it was sent back and waits to be handed on again.
    """

    step_id: UUID
    dossier_id: UUID
    code: str
    procedure_name: str
    applicant_name: str
    step_name: str
    kind: str
    role: str
    unit_id: UUID
    unit_name: str
    holder_id: UUID | None
    holder_name: str
    is_waiting: bool
    opened_at: dt.datetime
    due_at: dt.datetime
    near_at: dt.datetime
    dossier_due_at: dt.datetime | None
    agency_id: UUID
    matters: str
    came_back: bool


@dataclass(frozen=True, slots=True)
class WorkPage:
    """A page of a work list. ``after`` continues it (empty: this is the last page)."""

    rows: Sequence[WorkRow]
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFilter:
    """How a work list is narrowed.

    ``tab``: ``todo`` (the acting position can do it now), ``mine``, ``overdue``, ``near`` (in the
    last part of its time), ``waiting`` (for the applicant), ``all``. ``unit_id``: the unit and all below
    it. ``age``: a key of ``WORK_AGES``. ``procedure`` is the short name as rows show it.
    """

    tab: str = "todo"
    words: str = ""
    procedure: str = ""
    unit_id: UUID | None = None
    holder_id: UUID | None = None
    age: str = ""


@dataclass(frozen=True, slots=True)
class WorkList:
    """A work list's screen: one page, what each tab holds, and the procedures to choose from."""

    page: WorkPage
    counts: Mapping[str, int]
    procedures: Sequence[str]


def work_list(
    by: Actor, chosen: WorkFilter, *, after: str = "", now: dt.datetime, size: int = PAGE_SIZE
) -> WorkList:
    """Return what the work list shows: three queries at most, each bounded by an index or a limit."""
    units = _reached(by)
    page = _page(_of_units(units), by, chosen, after=after, now=now, size=size)
    counts, procedures = _counts(units, by, now=now)
    return WorkList(page, counts, procedures)


def access_work(by: Actor, step_id: UUID) -> WorkRow:
    """Return one row of open work within reach. Raises ``NotFound``."""
    row = existing(_shown(work_within_reach(by).filter(pk=step_id)).first())
    return WorkRow(*row)


def rows_within_reach(by: Actor, step_ids: Sequence[UUID]) -> list[WorkRow]:
    """Return the rows of these steps within reach, the first due first; the others are not there."""
    rows = work_within_reach(by).filter(pk__in=step_ids).order_by("due_at", "step_id")
    return [WorkRow(*row) for row in _shown(rows)]


def _shown(rows: QuerySet[WorkItem]) -> QuerySet[WorkItem, tuple[Any, ...]]:
    """Columns in the order of ``WorkRow``. A return opens its step at the moment it is decided."""
    returns = StepReturn.objects.filter(
        dossier_id=OuterRef("dossier_id"), decided_at=OuterRef("opened_at"), state=StepReturn.State.DONE
    )
    return rows.annotate(came_back=Exists(returns)).values_list(*_COLUMNS, "came_back")


def _page(
    reach: QuerySet[WorkItem], by: Actor, chosen: WorkFilter, *, after: str, now: dt.datetime, size: int
) -> WorkPage:
    rows = narrowed_work(reach, by, chosen, now=now)
    rows = rows.filter(_beyond(after)).order_by("due_at", "step_id")
    found = [WorkRow(*row) for row in _shown(rows)[: size + 1]]
    shown = found[:size]
    return WorkPage(shown, _mark(shown[-1]) if len(found) > size else "")


def count_of_tab(by: Actor, tab: str, *, now: dt.datetime) -> int:
    """Return how many rows one tab holds, counted no further than ``COUNT_LIMIT``."""
    rows = narrowed_work(work_within_reach(by), by, WorkFilter(tab=tab), now=now)
    return rows.order_by()[:COUNT_LIMIT].count()


def _counts(
    units: Sequence[UUID] | None, by: Actor, *, now: dt.datetime
) -> tuple[Mapping[str, int], list[str]]:
    """Count all tabs in one round trip, each no further than ``COUNT_LIMIT``, and name the procedures of as
    many rows. One pass with FILTER would read every row within reach: slower for whoever reaches many.
    """
    roles = sorted(by.roles)
    works = by.holds("step.work")
    signing = _signing(by)
    limits = tuple(bool(pattern) for _, pattern in signing)
    statement, places = _counting(None if units is None else len(units), len(roles), works, limits)
    given: dict[Any, Any] = {
        _POSITION: by.position_id,
        _NOW: now,
        _NOW - NEAR_REACHES: now - NEAR_REACHES,
        **dict(zip(map(_unit_mark, range(len(units or ()))), units or (), strict=True)),
        **dict(zip(map(_role_mark, range(len(roles))), roles, strict=True)),
        **{_agency_mark(number): agency_id for number, (agency_id, _) in enumerate(signing)},
        **{
            _pattern([_matter_mark(number)]): pattern
            for number, (_, pattern) in enumerate(signing)
            if pattern
        },
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, [given.get(place, place) for place in places])
        *counts, procedures = cursor.fetchone()
    return dict(zip(WORK_TABS, counts, strict=True)), procedures or []


# The counting statement stands on every list. Its text depends only on how many units and roles there are, so
# it is composed from the tabs' own conditions once for each, with marks where values will stand.
_POSITION = UUID(int=1)
_NOW = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)


def _unit_mark(number: int) -> UUID:
    return UUID(int=1000 + number)


def _role_mark(number: int) -> str:
    return f"\x00{number:04d}"


def _agency_mark(number: int) -> UUID:
    return UUID(int=1_000_000 + number)


def _matter_mark(number: int) -> str:
    return f"\x00m{number:04d}"


@lru_cache(maxsize=1000)
def _counting(
    units: int | None, roles: int, works: bool, limits: tuple[bool, ...]
) -> tuple[str, tuple[Any, ...]]:
    """The counting statement for so many units (None: all) and roles, and what stands at its places.

    ``limits``: one for each agency where the position may sign, whether only certain matters.
    """
    nobody = Grant("step.work", "unit", _POSITION)
    by = Actor(
        kind="official",
        name="",
        position_id=_POSITION,
        grants=(nobody,) if works else (),
        roles=frozenset(map(_role_mark, range(roles))),
        signs=tuple(
            Signing(_agency_mark(number), (_matter_mark(number),) if is_limited else ("*",))
            for number, is_limited in enumerate(limits)
        ),
    )
    reach = _of_units(None if units is None else [_unit_mark(number) for number in range(units)])
    parts: list[str] = []
    places: list[Any] = []
    for tab in WORK_TABS:
        rows = narrowed_work(reach, by, WorkFilter(tab=tab), now=_NOW).order_by().values("pk")[:COUNT_LIMIT]
        parts.append(_subquery("SELECT count(*) FROM", rows, places) or "0")
    names = reach.order_by().values("procedure_name")[:COUNT_LIMIT]
    parts.append(_subquery("SELECT array_agg(DISTINCT procedure_name) FROM", names, places) or "NULL")
    return "SELECT " + ", ".join(parts), tuple(places)


def _subquery(head: str, rows: Any, values: list[Any]) -> str:
    """The rows as part of a larger statement, their values appended to it; empty when there can't be any."""
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return ""
    values.extend(params)
    return f"({head} ({sql}) AS counted)"


def work_within_reach(by: Actor) -> QuerySet[WorkItem]:
    """Open work of the units that ``work.read`` reaches: the same rows as ``visible_work``, by their ids.

    The ids are resolved first, so that one unit's list is read along its index.
    """
    return _of_units(_reached(by))


def _reached(by: Actor) -> list[UUID] | None:
    """The units whose open work the person reads; None: all."""
    if by.kind != "official":
        return []
    units = reached_units(by, "work.read")
    return None if units is None else list(units)


def _of_units(units: Sequence[UUID] | None) -> QuerySet[WorkItem]:
    if units is None:
        return WorkItem.objects.all()
    if len(units) == 1:
        return WorkItem.objects.filter(unit_id=units[0])
    return WorkItem.objects.filter(unit_id__in=units) if units else WorkItem.objects.none()


def narrowed_work(
    rows: QuerySet[WorkItem], by: Actor, chosen: WorkFilter, *, now: dt.datetime
) -> QuerySet[WorkItem]:
    """Narrow work to what a list with this filter shows; lists, counts and figures all come from here."""
    rows = _of_tab(rows, by, chosen.tab, now=now)
    if chosen.procedure:
        rows = rows.filter(procedure_name=chosen.procedure)
    if chosen.unit_id:
        rows = rows.filter(unit__above__ancestor_id=chosen.unit_id)
    if chosen.holder_id:
        rows = rows.filter(holder_id=chosen.holder_id)
    if chosen.age in WORK_AGES:
        least, less = WORK_AGES[chosen.age]
        rows = rows.filter(opened_at__lte=now - dt.timedelta(days=least))
        if less is not None:
            rows = rows.filter(opened_at__gt=now - dt.timedelta(days=less))
    for token in search_tokens(chosen.words)[:6]:
        rows = rows.filter(dossier__search_text__contains=token)
    return rows


def _of_tab(rows: QuerySet[WorkItem], by: Actor, tab: str, *, now: dt.datetime) -> QuerySet[WorkItem]:
    if tab == "mine":
        return rows.filter(holder_id=by.position_id, is_waiting=False)
    if tab == "overdue":
        return rows.filter(overdue_work(now))
    if tab == "near":
        return rows.filter(near_work(now))
    if tab == "waiting":
        return rows.filter(is_waiting=True)
    if tab == STAND_IN:
        return rows.filter(stand_in_rows(by, now=now))
    if tab == "todo":
        if not by.holds("step.work"):
            return rows.none()
        free = Q(holder_id=None) | Q(holder_id=by.position_id)
        return rows.filter(free, signable(by), role__in=sorted(by.roles), is_waiting=False)
    return rows


def overdue_work(now: dt.datetime) -> Q:
    """The condition on open work that its time is over; what waits for the applicant never is."""
    return Q(due_at__lt=now, is_waiting=False)


def near_work(now: dt.datetime) -> Q:
    """The condition on open work that it is near due."""
    return Q(near_at__lte=now, near_at__gt=now - NEAR_REACHES, due_at__gte=now, is_waiting=False)


def signable(by: Actor) -> Q:
    """The condition on open work that nothing has to be signed or the acting position may sign all of it:
    what ``permissions.who.signs`` asks of one step.
    """
    signed = Q(pk__in=[])
    for agency_id, pattern in _signing(by):
        rows = Q(agency_id=agency_id)
        signed |= rows & Q(matters__regex=pattern) if pattern else rows
    return ~Q(kind="sign") | signed


def _signing(by: Actor) -> list[tuple[UUID, str]]:
    """Where the acting position may sign, and the pattern of the matters there (empty: all), in a fixed
    order: those for all matters first.
    """
    agencies: dict[UUID, set[str]] = {}
    for one in by.signs:
        agencies.setdefault(one.agency_id, set()).update(one.matters)
    found = [(agency_id, _pattern(matters)) for agency_id, matters in agencies.items()]
    return sorted(found, key=lambda one: (bool(one[1]), one[0]))


def _pattern(matters: Collection[str]) -> str:
    """Fits a row's matters when each of them is one of these or below one of these."""
    if "*" in matters:
        return ""
    one = f"({'|'.join(map(re.escape, sorted(matters)))})(\\.[^,]*)?"
    return f"^{one}(,{one})*$"


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
