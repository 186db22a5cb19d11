"""A person's own store of papers (kho dữ liệu điện tử): what an agency accepted once, and what it issued.

Nothing is copied into a store: it is read from the papers of accepted dossiers and from issued results, so
it can never differ from them, and whoever may see the dossiers may see it (NĐ 107/2021/NĐ-CP: papers once
digitised are used again).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q, QuerySet

from dinh.foundation.actions.public import Actor
from dinh.foundation.files.public import FileCard, describe
from dinh.foundation.signing.public import Report, latest_reports
from dinh.kernel.errors import NotFound, existing
from dinh.kernel.text import fold
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import Dossier, DossierPart, PaperSearch, Result
from dinh.onestop.queries.dossiers import visible_dossiers
from dinh.onestop.queries.payments import held_back
from dinh.onestop.rules.keeping import KeptKind, is_valid_on, valid_until

if TYPE_CHECKING:
    from dinh.foundation.files.models import File
    from dinh.onestop.models import Draft

__all__ = [
    "KeptPaper",
    "KeptPapers",
    "SearchCard",
    "access_found",
    "access_found_file",
    "access_kept",
    "access_search",
    "find_kept",
    "found_by",
    "is_alike",
    "offers_for",
    "own_papers",
    "searches_about",
]

PAGE_SIZE = 20
# A person's whole store as far as it is offered for use: the newest of each kind.
MOST_OFFERED = 60
OFFERED_AT_A_PAPER = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPaper:
    """One paper of a store. ``kind`` and ``id`` name it; ``valid_until`` None: without an end.

    ``given_on`` is the day of issue of a result, the day an agency accepted an uploaded paper.
    """

    kind: KeptKind
    id: UUID
    document_key: str
    name: str
    number: str
    file: FileCard
    dossier_id: UUID
    dossier_code: str
    procedure_name: str
    agency_name: str
    given_on: dt.date
    valid_until: dt.date | None
    is_valid: bool
    report: Report | None

    @property
    def ref(self) -> str:
        """How forms name it: ``part:<id>`` or ``result:<id>``."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class KeptPapers:
    """A page of a store, the newest first. ``after`` continues it; empty: the last page."""

    rows: Sequence[KeptPaper]
    after: str


@dataclass(frozen=True, slots=True)
class SearchCard:
    """Who looked for a person's papers at a counter, and when."""

    official: str
    desk: str
    at: dt.datetime
    found: int


def own_papers(
    by: Actor, *, words: str = "", kind: str = "", after: str = "", now: dt.datetime, size: int = PAGE_SIZE
) -> KeptPapers:
    """Return one page of the citizen's own store; ``kind`` narrows it to ``part`` or ``result``.

    Three queries at most, whatever the page holds.
    """
    if by.kind != "citizen":
        return KeptPapers((), "")
    parts, results = _kept_in(visible_dossiers(by))
    found = _page(parts, results, words=words, kind=kind, after=after, size=size)
    shown = _cards(found[:size], now=now)
    return KeptPapers(shown, str(shown[-1].id) if len(found) > size else "")


def _kept_in(dossiers: "QuerySet[Dossier]") -> tuple["QuerySet[DossierPart]", "QuerySet[Result]"]:
    """The papers that agencies accepted in these dossiers, each once, and the results that they issued."""
    accepted = dossiers.filter(accepted_at__isnull=False).order_by().values("pk")
    parts = DossierPart.objects.filter(
        dossier__in=accepted, replaced_at=None, file__isnull=False, reuse__isnull=True
    )
    results = Result.objects.filter(dossier__in=accepted, state="issued", file__isnull=False)
    results = results.filter(~held_back("dossier"))
    return _with_places(parts), _with_places(results)


def _with_places(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    return rows.select_related(
        "file", "dossier", "dossier__procedure", "dossier__agency", "dossier__version"
    ).defer("dossier__data")


def _page(
    parts: "QuerySet[DossierPart]",
    results: "QuerySet[Result]",
    *,
    words: str,
    kind: str,
    after: str,
    size: int,
) -> list[DossierPart | Result]:
    if words:
        parts, results = _matching(parts, results, words)
    try:
        before = {"pk__lt": UUID(after)} if after else {}
    except ValueError:
        return []
    found: list[DossierPart | Result] = []
    if kind in ("", "part"):
        found += parts.filter(**before).order_by("-pk")[: size + 1]
    if kind in ("", "result"):
        found += results.filter(**before).order_by("-pk")[: size + 1]
    return sorted(found, key=lambda row: row.pk, reverse=True)[: size + 1]


def _matching(
    parts: "QuerySet[DossierPart]", results: "QuerySet[Result]", words: str
) -> tuple["QuerySet[DossierPart]", "QuerySet[Result]"]:
    """Narrow to papers whose dossier (code, applicant, procedure) or own name holds every word."""
    in_part, in_result = Q(), Q()
    for word in words.split()[:6]:
        about = Q(dossier__search_text__contains=fold(word))
        in_part &= about | Q(document_name__icontains=word) | Q(file__name__icontains=word)
        in_result &= about | Q(number__icontains=word)
    return parts.filter(in_part), results.filter(in_result)


def _cards(rows: Iterable[DossierPart | Result], *, now: dt.datetime) -> list[KeptPaper]:
    kept = [row for row in rows if row.file is not None]
    hashes = [row.file.sha256 for row in kept if row.file and row.file.media_type == "application/pdf"]
    reports = latest_reports(hashes)
    today = now.astimezone(VIETNAM).date()
    return [_card(row, reports, today) for row in kept]


def _card(row: DossierPart | Result, reports: dict[str, Report], today: dt.date) -> KeptPaper:
    assert row.file is not None
    dossier = row.dossier
    definition = dossier.version.parts
    if isinstance(row, Result):
        template = definition.result_of(row.key)
        key, name, number = "", template.name, row.number
        given_on, months = row.issued_on or today, template.valid_months
    else:
        key, name, number = row.document_key, row.document_name, ""
        given_on = row.added_at.astimezone(VIETNAM).date()
        months = next((one.valid_months for one in definition.documents if one.key == key), None)
    until = valid_until(given_on, months)
    return KeptPaper(
        kind="result" if isinstance(row, Result) else "part",
        id=row.pk,
        document_key=key,
        name=name,
        number=number,
        file=describe(row.file),
        dossier_id=dossier.pk,
        dossier_code=str(dossier),
        procedure_name=dossier.procedure.short_name,
        agency_name=dossier.agency.name,
        given_on=given_on,
        valid_until=until,
        is_valid=is_valid_on(today, until),
        report=reports.get(row.file.sha256),
    )


def _parsed(ref: str) -> tuple[str, UUID]:
    kind, _, id_ = ref.partition(":")
    try:
        return kind, UUID(id_)
    except ValueError:
        raise NotFound from None


def access_kept(by: Actor, ref: str, *, now: dt.datetime) -> KeptPaper:
    """Return a paper of the citizen's own store by ``part:<id>`` or ``result:<id>``. Raises ``NotFound``."""
    if by.kind != "citizen":
        raise NotFound
    return _one_of(visible_dossiers(by), ref, now=now)


def _one_of(dossiers: "QuerySet[Dossier]", ref: str, *, now: dt.datetime) -> KeptPaper:
    kind, pk = _parsed(ref)
    parts, results = _kept_in(dossiers)
    rows: QuerySet[Any] | None = {"part": parts, "result": results}.get(kind)
    row: DossierPart | Result | None = rows.filter(pk=pk).first() if rows is not None else None
    if row is None:
        raise NotFound
    return _cards([row], now=now)[0]


def offers_for(draft: "Draft", *, by: Actor, now: dt.datetime) -> dict[str, list[KeptPaper]]:
    """Return what of the store may be used at each uploaded paper of a draft, the likeliest first."""
    stored = own_papers(by, now=now, size=MOST_OFFERED).rows
    return _offered(draft.version.parts.documents, stored)


def _offered(documents: Iterable[Any], stored: Sequence[KeptPaper]) -> dict[str, list[KeptPaper]]:
    """Valid papers for each document: those of the same name or key first, then the newest."""
    valid = [paper for paper in stored if paper.is_valid]
    return {
        document.key: sorted(valid, key=lambda paper: not is_alike(paper, document.key, document.name))[
            :OFFERED_AT_A_PAPER
        ]
        for document in documents
        if document.origin == "upload"
    }


def is_alike(paper: KeptPaper, key: str, name: str) -> bool:
    """Whether a kept paper is probably the one that a procedure asks for: by its key or its name."""
    kept, wanted = fold(paper.name), fold(name)
    return paper.document_key == key or kept in wanted or wanted in kept


# ---- at a counter -------------------------------------------------------------------------------


def _dossiers_of(identity: str, name: str, person_id: UUID | None) -> "QuerySet[Dossier]":
    """Dossiers of the person of an identity number and a name: from their account, or from a counter."""
    if not identity or not name:
        return Dossier.objects.none()
    # Two indexed reads: an OR of both columns would read the whole table.
    mine = Dossier.objects.filter(applicant_identity=identity).order_by().values("pk")
    if person_id is not None:
        mine = mine.union(Dossier.objects.filter(owner_id=person_id).order_by().values("pk"), all=True)
    return Dossier.objects.filter(pk__in=mine, search_text__contains=fold(name))


def find_kept(identity: str, name: str, person_id: UUID | None, *, now: dt.datetime) -> list[KeptPaper]:
    """Return the newest papers of a person's store, for the verb by which a counter looks for them."""
    parts, results = _kept_in(_dossiers_of(identity, name, person_id))
    return _cards(_page(parts, results, words="", kind="", after="", size=MOST_OFFERED), now=now)


def access_search(by: Actor, search_id: UUID, *, now: dt.datetime) -> PaperSearch:
    """Return a search that the acting position made and that still holds. Raises ``NotFound``."""
    if by.kind != "official" or by.position_id is None:
        raise NotFound
    return existing(
        PaperSearch.objects.filter(pk=search_id, position_id=by.position_id, until__gt=now).first()
    )


def found_by(
    search: PaperSearch, documents: Iterable[Any], *, now: dt.datetime
) -> dict[str, list[KeptPaper]]:
    """Return what a search offers at each uploaded paper of a procedure."""
    return _offered(documents, find_kept(search.identity, search.name, search.person_id, now=now))


def access_found(search: PaperSearch, ref: str, *, now: dt.datetime) -> KeptPaper:
    """Return one paper that a search that still holds has found. Raises ``NotFound``."""
    return _one_of(_dossiers_of(search.identity, search.name, search.person_id), ref, now=now)


def access_found_file(by: Actor, search_id: UUID, ref: str, *, now: dt.datetime) -> "File":
    """Return the file of a paper that one's own search has found. Raises ``NotFound``."""
    search = access_search(by, search_id, now=now)
    kind, pk = _parsed(ref)
    parts, results = _kept_in(_dossiers_of(search.identity, search.name, search.person_id))
    rows: QuerySet[Any] | None = {"part": parts, "result": results}.get(kind)
    row = rows.filter(pk=pk).first() if rows is not None else None
    if row is None or row.file is None:
        raise NotFound
    file: File = row.file
    return file


def searches_about(by: Actor, *, limit: int = 20) -> list[SearchCard]:
    """Return who looked for the citizen's own papers at a counter, the latest first."""
    if by.kind != "citizen" or by.person_id is None:
        return []
    rows = PaperSearch.objects.filter(person_id=by.person_id).select_related("desk")[:limit]
    return [SearchCard(row.official, row.desk.name, row.at, row.found) for row in rows]
