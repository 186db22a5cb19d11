"""What citizens read: what they began and sent, what is asked of them, results that anyone may check."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, Subquery

from dinh.foundation.actions.public import Actor, page_after
from dinh.foundation.calendars.public import calendar_for
from dinh.foundation.directory.public import area_of, own_person
from dinh.foundation.files.public import FileCard, describe
from dinh.foundation.signing.public import digests_of_signed, preserved_from
from dinh.kernel.clocks import ClockEvent, ClockReading, read_clock
from dinh.kernel.errors import N_, existing
from dinh.kernel.text import fold, sort_key
from dinh.onestop.models import (
    Dossier,
    Draft,
    DraftFile,
    Procedure,
    ProcedureVersion,
    Representation,
    Result,
    StepRun,
)
from dinh.onestop.queries.catalogue import offered, shown
from dinh.onestop.queries.clocks import dossier_limit, policy_of
from dinh.onestop.queries.dossiers import visible_dossiers, visible_drafts
from dinh.onestop.queries.payments import unpaid_fees
from dinh.onestop.queries.units import competent_agencies
from dinh.onestop.rules.residence import only_one_at
from dinh.onestop.rules.states import state_label

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from dinh.foundation.directory.models import Unit
    from dinh.foundation.files.models import File

__all__ = [
    "DraftPaper",
    "DraftRow",
    "OWN_GROUPS",
    "IssuedResult",
    "OwnDossier",
    "OwnDossiers",
    "access_draft_file",
    "agency_at_home",
    "agencies_to_choose",
    "answer_due_at",
    "draft_papers",
    "fields_offered",
    "find_issued_results",
    "find_result_of_file",
    "known_of",
    "most_used",
    "own_dossiers",
    "own_drafts",
    "reading_if_accepted",
]

# How many of the newest dossiers tell what is used most: enough to be true, few enough to be quick.
SAMPLE_OF_USE = 2000
PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One dossier that was begun and not sent."""

    id: UUID
    procedure_code: str
    procedure_name: str
    agency_name: str
    changed_at: dt.datetime


@dataclass(frozen=True, slots=True)
class DraftPaper:
    """One file of a draft, at the paper that it belongs to; ``reused_from``: an earlier dossier's code."""

    id: UUID
    document_key: str
    file: FileCard
    reused_from: str = ""


@dataclass(frozen=True, slots=True)
class OwnDossier:
    """One sent dossier as its owner's list shows it. ``answer_due_at``: by when the desk answers; ``owes``:
    a fee of a dossier at work is not paid; ``external_code``: its number at the national portal, for what
    was filed there.
    """

    id: UUID
    code: str
    procedure_name: str
    agency_name: str
    state: str
    state_label: str
    submitted_at: dt.datetime
    due_at: dt.datetime | None
    answer_due_at: dt.datetime | None
    external_code: str
    owes: bool


@dataclass(frozen=True, slots=True)
class OwnDossiers:
    """A page of one's own dossiers, the newest first. ``after`` continues it; empty: the last page."""

    rows: Sequence[OwnDossier]
    after: str


@dataclass(frozen=True, slots=True)
class IssuedResult:
    """What anyone with its code may know of a result: that it was issued, not whose it is.

    ``hashes`` are the SHA-256 of the file as signed and, once there, as preserved with proofs; ``enclosed``
    the papers bound to it, ``(name, SHA-256)``, as its signed paper names them; ``approved`` the approved
    copies of those that were stamped, in the same shape; ``approved_hashes`` names each such copy by its
    SHA-256 with and without later proofs.
    """

    number: str
    issued_on: dt.date
    agency_name: str
    hashes: frozenset[str]
    name: str = ""
    enclosed: tuple[tuple[str, str], ...] = ()
    approved: tuple[tuple[str, str], ...] = ()
    approved_hashes: Mapping[str, str] = field(default_factory=dict)


def most_used(limit: int = 6) -> list[Procedure]:
    """Return the offered procedures that the newest dossiers used most, filled up by name. Two queries."""
    newest = Dossier.objects.order_by("-pk").values("pk")[:SAMPLE_OF_USE]
    counted = (
        Dossier.objects.filter(pk__in=newest)
        .order_by()
        .values("procedure_id")
        .annotate(uses=Count("pk"))
        .order_by("-uses", "procedure_id")
        .values_list("procedure_id", flat=True)[:limit]
    )
    place = {procedure_id: number for number, procedure_id in enumerate(counted)}
    wanted = list(offered().filter(pk__in=place))
    if len(wanted) < limit:
        wanted += list(offered().exclude(pk__in=place)[: limit - len(wanted)])
    return sorted(wanted, key=lambda procedure: place.get(procedure.pk, len(place)))


def agencies_to_choose(procedure: Procedure) -> list[tuple[UUID, str, str]]:
    """Return ``(id, name, district)`` of the agencies that take in the procedure, district by district.

    Only a commune says its district: there are namesakes, and eighty names in one row are not read.
    """
    rows = competent_agencies(procedure).select_related("parent")
    named = [(row.pk, row.name, _district(row)) for row in rows]
    return sorted(named, key=lambda one: (sort_key(one[2]), sort_key(one[1])))


def _district(row: "Unit") -> str:
    return row.parent.name if row.level == "commune" and row.parent is not None else ""


def agency_at_home(by: Actor, procedure: Procedure) -> tuple[UUID | None, str]:
    """Return the agency of the procedure where the person lives, and the address that says so.

    None where the address of the account names no commune or district of theirs, or names several alike.
    """
    address = own_person(by).address
    if not address:
        return None, ""
    rows = competent_agencies(procedure).filter(level__in=("commune", "district")).select_related("parent")
    return only_one_at(address, ((row.pk, _areas(row)) for row in rows)), address


def _areas(row: "Unit") -> list[str]:
    """What an address has to name: a commune alone has namesakes."""
    above = [row.parent.name] if row.level == "commune" and row.parent is not None else []
    return [area_of(name) for name in (row.name, *above)]


def known_of(by: Actor, *, stands_for: Representation | None = None) -> dict[str, dict[str, str]]:
    """Return what is known of the person, for ``ui.prefill``: names of fields as definitions use them.

    Of a relative for whom the person files, when they stand for one. Of a business for which they file also
    ``party``: its name, tax code and address; who represents it by law only where they say that they do.
    Raises ``NotFound`` when nobody acts.
    """
    if stands_for is not None and stands_for.kind == "relative":
        return {
            "applicant": {
                "full_name": stands_for.name,
                "birth_date": "",
                "identity_number": stands_for.identity,
                "phone": stands_for.phone,
                "email": stands_for.email,
                "address": stands_for.address,
            },
            "party": {"owner": stands_for.name},
        }
    person = own_person(by)
    return {
        "applicant": {
            "full_name": person.full_name,
            "birth_date": person.birth_date.isoformat() if person.birth_date else "",
            "identity_number": person.identity_number,
            "phone": person.phone,
            "email": person.email,
            "address": person.address,
        },
        "party": {"owner": person.full_name} if stands_for is None else _party(stands_for, person.full_name),
    }


def _party(business: Representation, full_name: str) -> dict[str, str]:
    return {
        "owner": business.name,
        "name": business.name,
        "tax_code": business.identity,
        "address": business.address,
        "representative": full_name if business.relation == "legal" else "",
    }


def own_drafts(by: Actor, *, procedure: Procedure | None = None) -> list[DraftRow]:
    """Return the citizen's drafts that were not sent, the latest changed first, at most 50."""
    rows = visible_drafts(by).defer("data", "version__definition")
    if procedure is not None:
        rows = rows.filter(version__procedure=procedure)
    return [
        DraftRow(
            id=row.pk,
            procedure_code=row.version.procedure.code,
            procedure_name=row.version.procedure.short_name,
            agency_name=row.agency.name if row.agency else "",
            changed_at=row.changed_at,
        )
        for row in rows[:50]
    ]


def draft_papers(draft: Draft) -> list[DraftPaper]:
    """Return the uploaded files of the papers that a draft's version asks for, as they came."""
    keys = [document.key for document in draft.version.parts.documents]
    rows = DraftFile.objects.filter(draft=draft, document_key__in=keys).select_related(
        "file", "reuse__from_part__dossier", "reuse__from_result__dossier"
    )
    return [DraftPaper(row.pk, row.document_key, describe(row.file), _reused_from(row)) for row in rows]


def _reused_from(row: DraftFile) -> str:
    reuse = getattr(row, "reuse", None)
    return "" if reuse is None else str((reuse.from_part or reuse.from_result).dossier)


def access_draft_file(by: Actor, draft_file_id: UUID) -> "File":
    """Return an uploaded file of an own draft that was not sent. Raises ``NotFound``."""
    rows = DraftFile.objects.select_related("file").filter(draft__in=visible_drafts(by).values("pk"))
    row = existing(rows.filter(pk=draft_file_id).first())
    return row.file


# What a citizen narrows their list by: a group of states.
OWN_GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "can-lam": (N_("Ông/Bà cần làm"), ("supplement", "done")),
    "dang-giai-quyet": (N_("Đang giải quyết"), ("submitted", "processing")),
    "co-ket-qua": (N_("Có kết quả"), ("done", "returned")),
    "da-dung": (N_("Từ chối, rút, dừng"), ("refused", "withdrawn", "stopped")),
}


def own_dossiers(
    by: Actor, *, words: str = "", group: str = "", after: str = "", size: int = PAGE_SIZE
) -> OwnDossiers:
    """Return one page of the citizen's own dossiers, in one query.

    ``words`` narrow by code, applicant and procedure without diacritics; ``group`` is of ``OWN_GROUPS``.
    """
    waiting = StepRun.objects.filter(dossier=OuterRef("pk"), kind="receive", state="open")
    rows = visible_dossiers(by).defer("data", "version__definition")
    rows = rows.annotate(answer_due=Subquery(waiting.values("due_at")[:1]), owes=Exists(unpaid_fees("pk")))
    if group in OWN_GROUPS:
        rows = rows.filter(state__in=OWN_GROUPS[group][1])
    # A person's own are few: the words are compared row by row.
    for word in fold(words).split()[:6]:
        rows = rows.filter(search_text__contains=word)
    shown, mark = page_after(rows, after, size)
    return OwnDossiers([_own(row) for row in shown], mark)


def _own(row: Dossier) -> OwnDossier:
    return OwnDossier(
        id=row.pk,
        code=str(row),
        procedure_name=row.procedure.short_name,
        agency_name=row.agency.name,
        state=row.state,
        state_label=state_label(row.state, is_accepted=row.accepted_at is not None),
        submitted_at=row.submitted_at,
        due_at=row.due_at,
        answer_due_at=getattr(row, "answer_due", None),
        external_code=row.external_code,
        owes=row.state == "processing" and getattr(row, "owes", False),
    )


def answer_due_at(dossier: Dossier) -> dt.datetime | None:
    """By when the desk answers a dossier that waits there; None when it does not."""
    waiting = StepRun.objects.filter(dossier=dossier, kind="receive", state="open")
    return waiting.values_list("due_at", flat=True).first()


def reading_if_accepted(version: ProcedureVersion, agency_id: UUID, *, now: dt.datetime) -> ClockReading:
    """Read the clock that a dossier sent online would have if the agency accepted it at ``now``."""
    as_if = Dossier(version=version, channel="online", profile=settings.LEGAL_PROFILE)
    return read_clock(
        [ClockEvent(kind="started", at=now)],
        limit=dossier_limit(as_if),
        calendar=calendar_for(agency_id),
        policy=policy_of(as_if),
        now=now,
    )


def find_issued_results(code: str) -> list[IssuedResult]:
    """Return the issued results of the dossier with exactly this code, the first one first."""
    wanted = code.strip().upper()
    return _issued(Result.objects.filter(dossier__code=wanted)) if wanted else []


def find_result_of_file(sha256: str) -> list[IssuedResult]:
    """Return the issued result that is exactly this file, or whose approved copy it is, for whoever holds the
    file; empty: none is.
    """
    later = preserved_from(sha256)
    results = _issued(Result.objects.filter(Q(file__sha256=sha256) | Q(file_id__in=later)))
    copies = Q(enclosures__approved__sha256=sha256) | Q(enclosures__approved_id__in=later)
    return results or _issued(Result.objects.filter(copies).distinct())


def _issued(rows: "QuerySet[Result]") -> list[IssuedResult]:
    rows = rows.filter(state="issued").select_related("file", "dossier__agency", "dossier__version")
    rows = rows.prefetch_related("enclosures__approved")
    found = []
    for row in rows:
        if row.file is None or row.issued_on is None:
            continue
        found.append(
            IssuedResult(
                name=row.dossier.version.parts.result_of(row.key).name,
                enclosed=tuple((one.name, one.sha256) for one in row.enclosures.all()),
                approved=tuple(
                    (one.name, one.approved.sha256) for one in row.enclosures.all() if one.approved
                ),
                approved_hashes={
                    digest: one.name
                    for one in row.enclosures.all()
                    if one.approved
                    for digest in digests_of_signed(one.approved.pk, one.approved.sha256)
                },
                number=row.number,
                issued_on=row.issued_on,
                agency_name=row.dossier.agency.name,
                hashes=digests_of_signed(row.file.pk, row.file.sha256),
            )
        )
    return found


def fields_offered() -> list[tuple[str, str]]:
    """Return ``(code, name)`` of the fields of administration that have procedures, by name."""
    found = shown().order_by().values_list("field_code", "field_name").distinct()
    return sorted(found, key=lambda field: sort_key(field[1]))
