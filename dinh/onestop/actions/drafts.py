"""A citizen fills in a dossier: started, answered, papers added and taken away, kept as they go."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from dinh.foundation.actions.public import Actor, action
from dinh.kernel.errors import NotFound
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import Draft, DraftFile, Procedure
from dinh.onestop.permissions import EDIT_DRAFT, START_DRAFT
from dinh.onestop.queries.registries import own_check
from dinh.onestop.queries.representation import standing_representation
from dinh.onestop.rules.checks import AlreadySent, AnswersMoved, TooManyPapers

__all__ = [
    "MOST_FILES",
    "attach_paper",
    "check_open",
    "remove_draft",
    "remove_paper",
    "save_answers",
    "start_draft",
]


# Files at one paper; more are gathered into one PDF.
MOST_FILES = 20


@action("draft.started", permission=START_DRAFT)
def start_draft(
    procedure: Procedure,
    *,
    answers: Mapping[str, Any],
    agency_id: UUID | None,
    representation_id: UUID | None = None,
    filled_in: Mapping[str, tuple[str, Any]] | None = None,
    check_id: UUID | None = None,
    by: Actor,
    now: dt.datetime,
) -> Draft:
    """Start filling in a dossier of the procedure's version in force, with what is already known.

    ``representation_id``: for whom it is filed; None: for oneself. ``filled_in``: which of the answers come
    from where, ``{name of the field: (source, value)}``; ``check_id``: one's own look-up in a registry.
    Raises ``NotFound`` when the procedure is not offered, or the representation is not one's own that holds
    today.
    """
    if procedure.current_version_id is None or by.person_id is None:
        raise NotFound
    if representation_id is not None:
        standing_representation(by, representation_id, today=now.astimezone(VIETNAM).date())
    return Draft.objects.create(
        owner_id=by.person_id,
        version_id=procedure.current_version_id,
        agency_id=agency_id,
        representation_id=representation_id,
        data=dict(answers),
        filled_in={name: list(one) for name, one in (filled_in or {}).items()},
        registry_check=own_check(by, check_id) if check_id is not None else None,
        created_at=now,
        changed_at=now,
    )


@action("draft.saved", permission=EDIT_DRAFT, on=Draft)
def save_answers(
    draft: Draft,
    *,
    answers: Mapping[str, Any],
    agency_id: UUID | None,
    seen: Mapping[str, Any] | None = None,
    by: Actor,
    now: dt.datetime,
) -> Draft:
    """Keep what was typed so far, valid or not.

    ``seen``: the answers over which it was typed. Raises ``AnswersMoved`` when others stand there by now, so
    that of two pages saved at once neither takes back what the other kept; raises ``AlreadySent``.
    """
    check_open(draft)
    if seen is not None and draft.data != seen:
        raise AnswersMoved
    draft.data = dict(answers)
    if agency_id is not None:
        draft.agency_id = agency_id
    draft.changed_at = now
    draft.save(update_fields=["data", "agency", "changed_at"])
    return draft


@action("draft.paper_attached", permission=EDIT_DRAFT, on=Draft)
def attach_paper(draft: Draft, *, document_key: str, file_id: UUID, by: Actor, now: dt.datetime) -> DraftFile:
    """Put an uploaded file at one of the papers. Raises ``AlreadySent``, ``NotFound``, ``TooManyPapers``."""
    check_open(draft)
    if document_key not in {document.key for document in draft.version.parts.documents}:
        raise NotFound
    if DraftFile.objects.filter(draft=draft, document_key=document_key).count() >= MOST_FILES:
        raise TooManyPapers(count=MOST_FILES)
    draft.changed_at = now
    draft.save(update_fields=["changed_at"])
    return DraftFile.objects.create(draft=draft, document_key=document_key, file_id=file_id, added_at=now)


@action("draft.paper_removed", permission=EDIT_DRAFT, on=Draft)
def remove_paper(draft: Draft, *, draft_file_id: UUID, by: Actor, now: dt.datetime) -> None:
    """Take an uploaded file away again. Raises ``AlreadySent``."""
    check_open(draft)
    draft.changed_at = now
    draft.save(update_fields=["changed_at"])
    DraftFile.objects.filter(draft=draft, pk=draft_file_id).delete()


@action("draft.removed", permission=EDIT_DRAFT, on=Draft)
def remove_draft(draft: Draft, *, by: Actor) -> None:
    """Throw a draft away, at its owner's wish. Raises ``AlreadySent``."""
    check_open(draft)
    Draft.objects.filter(pk=draft.pk).delete()


def check_open(draft: Draft) -> None:
    """Raise ``AlreadySent`` for a draft that has become a dossier."""
    if draft.sent_as_id is not None:
        raise AlreadySent
