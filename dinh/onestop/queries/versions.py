"""Procedures as those see them who write and publish them: every version, drafts too."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max, Q

from dinh.foundation.actions.public import Actor
from dinh.kernel.errors import N_, NotAllowed, existing
from dinh.kernel.text import search_tokens
from dinh.onestop.models import Procedure, ProcedureVersion
from dinh.onestop.permissions import EDIT_PROCEDURE, PUBLISH_PROCEDURE

__all__ = [
    "ProcedureLine",
    "VersionLine",
    "access_version",
    "check_keeps",
    "keeps_procedures",
    "procedure_lines",
    "versions_of",
]

LINES_SHOWN = 100


@dataclass(frozen=True, slots=True)
class ProcedureLine:
    """One procedure with its version in force (None: not offered yet) and a newer draft, if there is one."""

    code: str
    name: str
    field: str
    level: str
    in_force: int | None
    draft: int | None
    version_id: UUID


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version. ``is_own``: the reader wrote it, and so may not publish it."""

    id: UUID
    number: int
    is_published: bool
    is_in_force: bool
    is_own: bool
    created_at: dt.datetime
    published_at: dt.datetime | None


def keeps_procedures(by: Actor) -> bool:
    """Whether the actor writes or publishes procedures."""
    return EDIT_PROCEDURE.may(by, None) or PUBLISH_PROCEDURE.may(by, None)


def check_keeps(by: Actor) -> None:
    if not keeps_procedures(by):
        raise NotAllowed(reason=N_("Trang này dành cho người soạn và người công bố thủ tục hành chính."))


def procedure_lines(by: Actor, words: str = "") -> Sequence[ProcedureLine]:
    """Return the procedures that hold every word, at most a hundred. Raises ``NotAllowed``."""
    check_keeps(by)
    rows = Procedure.objects.select_related("current_version").annotate(
        newest=Max("versions__number"),
        newest_draft=Max("versions__number", filter=Q(versions__state="draft")),
    )
    # What only the catalogue lists has no version to open.
    rows = rows.filter(newest__isnull=False).defer("current_version__definition")
    for token in search_tokens(words)[:8]:
        rows = rows.filter(search_text__contains=token)
    found = list(rows[:LINES_SHOWN])
    newest = dict(
        ProcedureVersion.objects.filter(procedure__in=found)
        .order_by("procedure", "number")
        .values_list("procedure_id", "id")
    )
    return [_line(row, newest[row.pk]) for row in found]


def _line(row: Procedure, newest_id: UUID) -> ProcedureLine:
    current = row.current_version
    draft = getattr(row, "newest_draft", None)
    is_newer = draft is not None and (current is None or draft > current.number)
    return ProcedureLine(
        code=row.code,
        name=row.name,
        field=row.field_name,
        level=row.level,
        in_force=current.number if current else None,
        draft=draft if is_newer else None,
        version_id=newest_id,
    )


def access_version(by: Actor, version_id: UUID) -> ProcedureVersion:
    """Return any version of a procedure. Raises ``NotAllowed``, ``NotFound``."""
    check_keeps(by)
    return existing(ProcedureVersion.objects.select_related("procedure").filter(pk=version_id).first())


def versions_of(by: Actor, procedure_id: UUID) -> Sequence[VersionLine]:
    """Return all versions of a procedure, the newest first. Raises ``NotAllowed``."""
    check_keeps(by)
    rows = ProcedureVersion.objects.filter(procedure=procedure_id).select_related("procedure")
    return [
        VersionLine(
            id=row.pk,
            number=row.number,
            is_published=row.state == ProcedureVersion.State.PUBLISHED,
            is_in_force=row.procedure.current_version_id == row.pk,
            is_own=row.created_by is not None and row.created_by == by.account_id,
            created_at=row.created_at,
            published_at=row.published_at,
        )
        for row in rows.defer("definition").order_by("-number")
    ]
