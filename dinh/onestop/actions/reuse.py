"""Papers used again: by the person who files, and at a counter with the person's word."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from dinh.foundation.actions.public import Actor, action
from dinh.foundation.directory.public import find_person
from dinh.kernel.contacts import is_identity_number
from dinh.kernel.errors import N_, NotFound, Refused
from dinh.onestop.actions.drafts import MOST_FILES, check_open
from dinh.onestop.models import DossierPart, Draft, DraftFile, PaperSearch, Reuse
from dinh.onestop.permissions import EDIT_DRAFT, RECEIVE_AT_COUNTER
from dinh.onestop.queries.own_papers import KeptPaper, access_found, access_kept, find_kept
from dinh.onestop.rules.checks import TooManyPapers
from dinh.onestop.rules.keeping import PaperExpired, PresenceNeeded

if TYPE_CHECKING:
    from dinh.onestop.actions.desk import NewPart

__all__ = [
    "SEARCH_HOLDS",
    "check_valid",
    "reuse_paper",
    "reuses_of",
    "search_papers",
    "source_of",
    "take_found",
]

# As long as one person stands at the counter.
SEARCH_HOLDS = dt.timedelta(minutes=30)


@action("draft.paper_reused", permission=EDIT_DRAFT, on=Draft, label=N_("Dùng lại giấy tờ đã có"))
def reuse_paper(draft: Draft, *, document_key: str, ref: str, by: Actor, now: dt.datetime) -> DraftFile:
    """Put a paper of the own store at one of the draft's papers: the same file, nothing is copied.

    ``ref`` is ``part:<id>`` or ``result:<id>``. Raises ``NotFound`` for what is not of the own store,
    ``PaperExpired``, ``AlreadySent``, ``TooManyPapers``.
    """
    check_open(draft)
    document = next((one for one in draft.version.parts.documents if one.key == document_key), None)
    if document is None or document.origin != "upload":
        raise NotFound
    kept = access_kept(by, ref, now=now)
    check_valid(kept, document_key)
    before = DraftFile.objects.filter(draft=draft, document_key=document_key)
    if not document.several:
        before.delete()
    elif before.filter(file_id=kept.file.id).exists():
        return before.get(file_id=kept.file.id)
    elif before.count() >= MOST_FILES:
        raise TooManyPapers(count=MOST_FILES)
    draft.changed_at = now
    draft.save(update_fields=["changed_at"])
    attached = DraftFile.objects.create(
        draft=draft, document_key=document_key, file_id=kept.file.id, added_at=now
    )
    Reuse.objects.create(draft_file=attached, at=now, **_source(kept.ref))
    return attached


def check_valid(kept: KeptPaper, place: str) -> None:
    if not kept.is_valid:
        assert kept.valid_until is not None
        raise PaperExpired(field=place, name=kept.name, on=kept.valid_until.strftime("%d/%m/%Y"))


def _source(ref: str) -> dict[str, UUID]:
    kind, _, pk = ref.partition(":")
    return {f"from_{kind}_id": UUID(pk)}


def source_of(attached: DraftFile) -> str:
    """Return where a draft's paper comes from: ``part:<id>``, ``result:<id>``, or empty: it was uploaded."""
    reuse: Reuse | None = getattr(attached, "reuse", None)
    if reuse is None:
        return ""
    return f"part:{reuse.from_part_id}" if reuse.from_part_id else f"result:{reuse.from_result_id}"


def reuses_of(parts: Sequence[DossierPart], refs: Sequence[str], *, now: dt.datetime) -> list[Reuse]:
    """Return, not written yet, where the papers of a new dossier come from.

    ``refs`` in the order of the papers; an empty one was uploaded.
    """
    return [Reuse(part=part, at=now, **_source(ref)) for part, ref in zip(parts, refs, strict=True) if ref]


@action("papers.searched", permission=RECEIVE_AT_COUNTER, label=N_("Tìm giấy tờ đã có của người nộp"))
def search_papers(
    desk_id: UUID, *, identity: str, name: str, is_present: bool, by: Actor, now: dt.datetime
) -> PaperSearch:
    """Look for the earlier papers of the person who stands at the counter and agrees to it.

    Number and name must both be those of the dossiers, so that a number alone opens nothing. The search
    is written down whether it finds something or not. Raises ``PresenceNeeded``, ``Refused`` at the field.
    """
    if by.position_id is None:
        raise NotFound
    if not is_present:
        raise PresenceNeeded(field="is-present")
    if not is_identity_number(identity):
        raise Refused(
            N_("Hãy nhập đúng 12 chữ số của số định danh để tìm giấy tờ đã có."), field="applicant-identity"
        )
    if not name.strip():
        raise Refused(N_("Hãy ghi họ và tên người nộp."), field="applicant-name")
    person = find_person(identity)
    name = name.strip()[:200]
    found = find_kept(identity, name, person.pk if person else None, now=now)
    return PaperSearch.objects.create(
        desk_id=desk_id,
        position_id=by.position_id,
        official=by.signed,
        person=person,
        identity=identity,
        name=name,
        found=len(found),
        at=now,
        until=now + SEARCH_HOLDS,
    )


def take_found(
    parts: Sequence["NewPart"], search: PaperSearch | None, *, now: dt.datetime
) -> list["NewPart"]:
    """Return the parts with the files of those that come from a search; the others as they are.

    Raises ``NotFound`` for a paper that the search has not found, ``PaperExpired``.
    """
    taken = []
    for part in parts:
        if part.source:
            if search is None:
                raise NotFound
            kept = access_found(search, part.source, now=now)
            check_valid(kept, f"paper-{part.document_key}")
            part = replace(part, file_id=kept.file.id)
        taken.append(part)
    return taken
