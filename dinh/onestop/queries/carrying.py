"""Whether a draft's procedure was published anew, and what that means for who fills it in."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext

from dinh.onestop.models import Draft, DraftFile
from dinh.onestop.rules.carrying import SetAside, carry, what_changed

__all__ = ["AsideFile", "Republished", "files_aside", "republished"]


@dataclass(frozen=True, slots=True)
class Republished:
    """A newer version of a draft's procedure: what it changes, and what of the answers has no place in it."""

    published_at: dt.datetime | None
    changes: Sequence[str]
    aside: Sequence[SetAside]


@dataclass(frozen=True, slots=True)
class AsideFile:
    """An uploaded file that no paper of the draft's version asks for; it is kept, and not sent."""

    id: UUID
    name: str


def republished(draft: Draft) -> Republished | None:
    """Return what the version in force changes for a draft; None when the draft is of that version."""
    current_id = draft.version.procedure.current_version_id
    if current_id is None or current_id == draft.version_id:
        return None
    old, current = draft.version.parts, draft.version.procedure.current_version
    assert current is not None
    new = current.parts
    return Republished(
        current.published_at,
        [change.said(gettext) for change in what_changed(old, new)],
        carry(draft.data, old.form, new.form).aside,
    )


def files_aside(draft: Draft) -> Sequence[AsideFile]:
    """Return the files of a draft that its version asks for no more."""
    known = {document.key for document in draft.version.parts.documents}
    rows = DraftFile.objects.filter(draft=draft).exclude(document_key__in=known).select_related("file")
    return [AsideFile(row.pk, row.file.name) for row in rows]
