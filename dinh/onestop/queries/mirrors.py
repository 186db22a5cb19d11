"""Dossiers of other systems, as far as the reader may see them; sources and differences for their keepers."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from dinh.foundation.actions.public import Actor, page_after
from dinh.foundation.directory.public import coverage
from dinh.kernel.errors import NotFound, existing
from dinh.kernel.secrets import hash_key
from dinh.kernel.text import search_tokens
from dinh.onestop.models import MirrorDifference, MirroredDossier, MirrorList, MirrorSource
from dinh.onestop.permissions import NATIONAL, SETTLE_DIFFERENCE
from dinh.onestop.queries.dossiers import with_tokens
from dinh.onestop.queries.national import check_manages
from dinh.onestop.rules.mirrors import DIFFERENCES
from dinh.onestop.rules.national import STATUSES

__all__ = [
    "DifferenceLine",
    "MirrorLine",
    "SourceLine",
    "access_difference",
    "access_mirror",
    "access_source",
    "count_mirrors",
    "difference_lines",
    "mirror_lines",
    "source_lines",
    "source_of_key",
    "visible_differences",
    "visible_mirrors",
]

PAGE = 50
COUNT_LIMIT = 1000
# Statuses of dossiers that are still on their way.
OPEN_STATUSES = (1, 2, 4, 5, 6)


def source_of_key(key: str) -> MirrorSource:
    """Return the open source whose key this is. Raises ``NotFound``."""
    source = MirrorSource.objects.filter(key_hash=hash_key(key), closed_at=None).first() if key else None
    if source is None:
        raise NotFound
    return source


def visible_mirrors(by: Actor) -> QuerySet[MirroredDossier]:
    """Mirrors of agencies that the acting position's ``dossier.read`` covers: one SQL condition."""
    if by.kind != "official":
        return MirroredDossier.objects.none()
    rows = MirroredDossier.objects.select_related("agency", "source")
    return rows.filter(coverage(by, "dossier.read").q("agency_id"))


def access_mirror(by: Actor, mirror_id: UUID) -> MirroredDossier:
    """Return a mirror that the actor may see. Raises ``NotFound``."""
    return existing(visible_mirrors(by).filter(pk=mirror_id).first())


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorLine:
    """One dossier of another system as a list shows it."""

    id: UUID
    code: str
    procedure: str
    applicant: str
    agency: str
    source: str
    status: int
    status_label: str
    submitted_at: dt.datetime
    accepted_at: dt.datetime | None
    due_at: dt.datetime | None
    finished_at: dt.datetime | None
    note: str
    changed_at: dt.datetime


def _narrowed(by: Actor, words: str, *, only_open: bool) -> QuerySet[MirroredDossier]:
    rows = visible_mirrors(by)
    if only_open:
        rows = rows.filter(status__in=OPEN_STATUSES)
    if words.strip() and rows.filter(code=words.strip()).exists():
        return rows.filter(code=words.strip())
    return with_tokens(rows, search_tokens(words)[:8])


def mirror_lines(
    by: Actor, *, words: str = "", only_open: bool = False, after: str = ""
) -> tuple[Sequence[MirrorLine], str]:
    """Return a page of visible mirrors, newest here first, and the mark that continues it."""
    rows = _narrowed(by, words, only_open=only_open)
    shown, mark = page_after(rows, after, PAGE)
    return [mirror_line(row) for row in shown], mark


def mirror_line(row: MirroredDossier) -> MirrorLine:
    """Return a mirror as a screen shows it."""
    return MirrorLine(
        id=row.pk,
        code=row.code,
        procedure=row.procedure_name,
        applicant=row.applicant_name,
        agency=row.agency.name,
        source=row.source.name,
        status=row.status,
        status_label=STATUSES[row.status],
        submitted_at=row.submitted_at,
        accepted_at=row.accepted_at,
        due_at=row.due_at,
        finished_at=row.finished_at,
        note=row.note,
        changed_at=row.changed_at,
    )


def count_mirrors(by: Actor, *, words: str = "", only_open: bool = False) -> int:
    """Return how many visible mirrors the list would show, counted no further than a thousand."""
    return _narrowed(by, words, only_open=only_open).order_by()[:COUNT_LIMIT].count()


# Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """One other system: how much it has told, when last, how much differs."""

    id: UUID
    code: str
    name: str
    keeper: str
    is_open: bool
    heard_at: dt.datetime | None
    dossiers: int
    differences: int
    listed_on: dt.date | None


def source_lines(by: Actor) -> Sequence[SourceLine]:
    """Return all sources with their counts, in four queries however many there are. Raises ``NotAllowed``."""
    check_manages(by)
    rows = list(MirrorSource.objects.select_related("keeper"))
    dossiers = _count_by_source(MirroredDossier.objects.all())
    differences = _count_by_source(MirrorDifference.objects.filter(gone_on=None, settled_at=None))
    listed = dict(MirrorList.objects.order_by().values_list("source").annotate(day=Max("day")))
    return [
        SourceLine(
            id=row.pk,
            code=row.code,
            name=row.name,
            keeper=row.keeper.name,
            is_open=row.closed_at is None,
            heard_at=row.heard_at,
            dossiers=dossiers.get(row.pk, 0),
            differences=differences.get(row.pk, 0),
            listed_on=listed.get(row.pk),
        )
        for row in rows
    ]


def _count_by_source(rows: QuerySet[Any]) -> Mapping[UUID, int]:
    return dict(rows.order_by().values_list("source").annotate(count=Count("pk")))


def access_source(by: Actor, source_id: UUID) -> MirrorSource:
    """Return a source. Raises ``NotAllowed``, ``NotFound``."""
    check_manages(by)
    return existing(MirrorSource.objects.select_related("keeper").filter(pk=source_id).first())


# Differences


def visible_differences(by: Actor) -> QuerySet[MirrorDifference]:
    """Differences whose owner the actor's ``mirror.settle`` covers; all for whoever manages connections."""
    rows = MirrorDifference.objects.select_related("source", "owner")
    if by.kind == "official" and by.holds(NATIONAL.code):
        return rows
    if by.kind != "official":
        return rows.none()
    return rows.filter(coverage(by, SETTLE_DIFFERENCE.code).q("owner_id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceLine:
    """One difference as a list shows it."""

    id: UUID
    code: str
    source: str
    owner: str
    kind: str
    kind_label: str
    ours: str
    theirs: str
    found_on: dt.date
    seen_on: dt.date
    is_open: bool
    reason: str
    settled_by: str
    settled_at: dt.datetime | None
    gone_on: dt.date | None


def difference_lines(
    by: Actor, *, only_open: bool = True, source_id: UUID | None = None
) -> Sequence[DifferenceLine]:
    """Return visible differences, the oldest first; at most two hundred."""
    rows = visible_differences(by)
    if only_open:
        rows = rows.filter(gone_on=None, settled_at=None)
    else:
        rows = rows.filter(Q(gone_on__isnull=False) | Q(settled_at__isnull=False)).order_by("-seen_on", "-id")
    if source_id is not None:
        rows = rows.filter(source=source_id)
    return [_difference(row) for row in rows[:200]]


def _difference(row: MirrorDifference) -> DifferenceLine:
    return DifferenceLine(
        id=row.pk,
        code=row.code,
        source=row.source.name,
        owner=row.owner.name,
        kind=row.kind,
        kind_label=DIFFERENCES[row.kind],
        ours=STATUSES[row.ours] if row.ours else "",
        theirs=STATUSES[row.theirs] if row.theirs else "",
        found_on=row.found_on,
        seen_on=row.seen_on,
        is_open=row.gone_on is None and row.settled_at is None,
        reason=row.reason,
        settled_by=row.settled_by,
        settled_at=row.settled_at,
        gone_on=row.gone_on,
    )


def access_difference(by: Actor, difference_id: UUID) -> MirrorDifference:
    """Return a difference that the actor may see. Raises ``NotFound``."""
    return existing(visible_differences(by).filter(pk=difference_id).first())
