"""A citizen begins again from a dossier that has ended: a draft filled from its answers and its papers."""

import datetime as dt
from dataclasses import asdict
from uuid import UUID

from dinh.foundation.actions.public import Actor, action
from dinh.kernel.errors import N_, NotFound
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.actions.drafts import MOST_FILES
from dinh.onestop.models import Dossier, DossierPart, Draft, DraftFile, Reuse
from dinh.onestop.permissions import BEGIN_AGAIN
from dinh.onestop.queries.own_papers import access_kept
from dinh.onestop.queries.representation import standing_representation
from dinh.onestop.queries.units import competent_agencies
from dinh.onestop.rules.beginning_again import (
    NotFiledOnline,
    StillRunning,
    carry_again,
    is_filed_online,
    may_stand,
)
from dinh.onestop.rules.carrying import SetAside
from dinh.onestop.rules.keeping import is_valid_on, valid_until
from dinh.onestop.rules.states import ENDED_WITH_RESULT, ENDED_WITHOUT_RESULT

__all__ = ["begin_again"]


@action("draft.begun_again", permission=BEGIN_AGAIN, on=Dossier, label=N_("Nộp lại từ hồ sơ đã kết thúc"))
def begin_again(dossier: Dossier, *, by: Actor, now: dt.datetime) -> Draft:
    """Return a draft of the version in force, filled from the dossier; one that is still open is used again.

    What has no place in the new form, and papers that cannot be used any more, are set aside in words.
    Raises ``StillRunning``, ``NotFiledOnline``, and ``NotFound`` when the representation holds no more.
    """
    if dossier.state not in ENDED_WITHOUT_RESULT | ENDED_WITH_RESULT:
        raise StillRunning
    if by.person_id is None:
        raise NotFound
    begun = Draft.objects.filter(owner_id=by.person_id, begun_from=dossier, sent_as=None).first()
    if begun is not None:
        return begun
    version = dossier.procedure.current_version
    if version is None or not is_filed_online(version.parts):
        raise NotFiledOnline
    carried = carry_again(dossier.data, dossier.version.parts.form, version.parts.form)
    draft = Draft.objects.create(
        owner_id=by.person_id,
        version=version,
        agency=competent_agencies(dossier.procedure).filter(pk=dossier.agency_id).first(),
        representation_id=_stands_for(dossier, by=by, now=now),
        begun_from=dossier,
        data=carried.answers,
        created_at=now,
        changed_at=now,
    )
    left = _take_papers(draft, dossier, by=by, now=now)
    draft.aside = [asdict(one) for one in (*carried.aside, *left)]
    draft.save(update_fields=["aside"])
    return draft


def _stands_for(dossier: Dossier, *, by: Actor, now: dt.datetime) -> UUID | None:
    """For whom it is filed this time: as before by who stands for somebody, by the owner for themselves."""
    if dossier.representation_id is None or dossier.owner_id == by.person_id:
        return None
    today = now.astimezone(VIETNAM).date()
    return standing_representation(by, dossier.representation_id, today=today).pk


def _take_papers(draft: Draft, dossier: Dossier, *, by: Actor, now: dt.datetime) -> list[SetAside]:
    """Put the papers of the dossier at those of the draft: the same files. Return what has to stay away."""
    wanted = {document.key: document for document in draft.version.parts.documents}
    parts = DossierPart.objects.filter(dossier=dossier, replaced_at=None, file__isnull=False)
    taken: dict[str, int] = {}
    left = []
    for part in parts.select_related("file", "reuse"):
        assert part.file is not None
        document = wanted.get(part.document_key)
        most = MOST_FILES if document is not None and document.several else 1
        source = _source_of(part, dossier)
        if (
            document is None
            or not may_stand(document, part.file.media_type)
            or taken.get(part.document_key, 0) >= most
            or not _is_valid(part, source, document.valid_months, by=by, now=now)
        ):
            left.append(SetAside(part.document_name, part.file.name))
            continue
        attached = DraftFile.objects.create(
            draft=draft, document_key=document.key, file=part.file, added_at=now
        )
        taken[part.document_key] = taken.get(part.document_key, 0) + 1
        if source:
            kind, _, pk = source.partition(":")
            Reuse.objects.create(draft_file=attached, at=now, **{f"from_{kind}_id": UUID(pk)})
    return left


def _source_of(part: DossierPart, dossier: Dossier) -> str:
    """Where in the own store a paper stands (``part:<id>``, ``result:<id>``); empty: no agency took it in."""
    reuse: Reuse | None = getattr(part, "reuse", None)
    if reuse is not None:
        return f"part:{reuse.from_part_id}" if reuse.from_part_id else f"result:{reuse.from_result_id}"
    return f"part:{part.pk}" if dossier.accepted_at is not None else ""


def _is_valid(part: DossierPart, source: str, months: int | None, *, by: Actor, now: dt.datetime) -> bool:
    if source:
        try:
            return access_kept(by, source, now=now).is_valid
        except NotFound:
            return False
    given_on = part.added_at.astimezone(VIETNAM).date()
    return is_valid_on(now.astimezone(VIETNAM).date(), valid_until(given_on, months))
