"""One dossier as its pages show it: plain values, no queries left for a template."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import HeldPosition
from dinh.foundation.files.public import FileCard, describe
from dinh.foundation.ui.public import SummaryPage, summary
from dinh.kernel.clocks import ClockReading
from dinh.kernel.errors import NotFound, existing
from dinh.onestop.models import (
    Dossier,
    DossierPart,
    FeeItem,
    Paper,
    Rating,
    Result,
    ResultEnclosure,
    StepRun,
    Supplement,
    TimelineEntry,
)
from dinh.onestop.permissions import ASK_SUPPLEMENT, ASSIGN_STEP, RECEIVE_DOSSIER, WORK_ON_STEP
from dinh.onestop.permissions.who import signs
from dinh.onestop.queries.assigning import able_at, candidates_for
from dinh.onestop.queries.clocks import dossier_reading, step_reading
from dinh.onestop.queries.dossiers import access_dossier, involved_units, visible_dossiers
from dinh.onestop.queries.payments import held_back, no_longer_owed
from dinh.onestop.queries.readiness import form_choices
from dinh.onestop.queries.returns import ReturnCard, returns_of
from dinh.onestop.queries.standing import places_of_absent, who_acts
from dinh.onestop.queries.undoing import Undoable, undoable
from dinh.onestop.rules.assigning import Candidate
from dinh.onestop.rules.definition import Definition, Document, Outcome
from dinh.onestop.rules.graph import available_outcomes
from dinh.onestop.rules.incomplete import SUPPLEMENT_GIVEN
from dinh.onestop.rules.results import recipients_of
from dinh.onestop.rules.states import ENDED_WITHOUT_RESULT, PROGRESS, state_label

if TYPE_CHECKING:
    from dinh.foundation.files.models import File

__all__ = [
    "DossierCard",
    "PaperCard",
    "Progress",
    "StepCard",
    "TimelineLine",
    "access_opinion_file",
    "access_paper_file",
    "access_part_file",
    "EnclosureCard",
    "access_enclosure_file",
    "access_result_file",
    "dossier_card",
    "papers_of",
    "track",
]


@dataclass(frozen=True, slots=True)
class PartCard:
    """One paper of the dossier with its file.

    ``reused_from`` is the code of the dossier from which it was taken instead of being asked for again.
    """

    id: UUID
    name: str
    document_key: str
    is_original: bool
    added_at: dt.datetime
    replaced_at: dt.datetime | None
    file: FileCard | None
    reused_from: str = ""


@dataclass(frozen=True, slots=True)
class PaperCard:
    """A paper that the desk issued. ``ready`` is false while it is being drawn and signed."""

    id: UUID
    form: str
    number: str
    ready: bool
    asked_at: dt.datetime
    file: FileCard | None


@dataclass(frozen=True, slots=True)
class StepCard:
    """One step: who, where, how long, how it ended; for an open one what the reader can do with it."""

    id: UUID
    key: str
    name: str
    kind: str
    state: str
    unit: str
    holder: str
    holder_id: UUID | None
    instruction: str
    opened_at: dt.datetime
    due_at: dt.datetime | None
    done_at: dt.datetime | None
    done_by: str
    outcome: str
    note: str
    reading: ClockReading | None
    outcomes: tuple[Outcome, ...]
    may_work: bool
    may_assign: bool
    candidates: Sequence[Candidate]
    able: Sequence[HeldPosition]
    is_mine: bool
    in_place_of: str
    opinion: FileCard | None
    answers: bool
    # For a reader who has the step's role but not the authority: who may sign (None: no such reader).
    signers: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One thing that happened; ``sentence`` is a key of the catalogue, ``values`` fill it."""

    at: dt.datetime
    sentence: str
    values: dict[str, Any]
    actor: str
    position: str


@dataclass(frozen=True, slots=True)
class FeeCard:
    """One fee of the dossier; ``voided_at``: nothing is owed any more."""

    key: str
    name: str
    amount: int
    due: str
    paid_at: dt.datetime | None
    voided_at: dt.datetime | None

    @property
    def holds_back(self) -> bool:
        """Whether the result waits for it."""
        return self.due != "any" and self.amount > 0 and self.paid_at is None and self.voided_at is None


@dataclass(frozen=True, slots=True)
class EnclosureCard:
    """A paper bound to a result. ``file`` is the approved copy once there is one, else what was given;
    ``taken_from`` is the key of the document of the dossier that it was taken from; empty: attached.
    """

    id: UUID
    key: str
    name: str
    sha256: str
    file: FileCard | None
    taken_from: str = ""
    is_approved: bool = False


@dataclass(frozen=True, slots=True)
class ResultCard:
    """A result as far as it is. ``content`` are its fields; the file is the newest.

    ``copy`` counts the papers of a result that several are asked for, from 1; ``recipients`` are whom it is
    for.
    """

    id: UUID
    key: str
    copy: int
    recipients: tuple[str, ...]
    name: str
    enclosures: tuple[EnclosureCard, ...]
    state: str
    content: dict[str, str]
    number: str
    issued_on: dt.date | None
    signer: str
    signer_title: str
    signed_at: dt.datetime | None
    file: FileCard | None


@dataclass(frozen=True, slots=True)
class SupplementCard:
    """What the applicant is, or was, asked to complete. ``documents`` are the papers it names."""

    items: Sequence[dict[str, str]]
    reason: str
    contact: str
    asked_at: dt.datetime
    answer_by: dt.datetime | None
    answered_at: dt.datetime | None
    documents: tuple[Document, ...]
    # Each thing that was asked, with the name of its paper.
    lines: tuple[str, ...]
    # What the applicant wrote with the answer, and the names of the papers that came with it.
    answer: str
    given: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DossierCard:
    """All that one dossier's page shows to one reader."""

    dossier: Dossier
    definition: Definition
    state: str
    state_label: str
    reading: ClockReading
    answers: Sequence[SummaryPage]
    parts: Sequence[PartCard]
    papers: Sequence[PaperCard]
    steps: Sequence[StepCard]
    timeline: Sequence[TimelineLine]
    fees: Sequence[FeeCard]
    supplements: Sequence[SupplementCard]
    results: list[ResultCard]
    rating: int | None
    units: Sequence[tuple[UUID, str]]
    may_receive: bool
    may_ask_supplement: bool
    returns: Sequence[ReturnCard]
    undoable: Undoable | None

    @property
    def open_steps(self) -> list[StepCard]:
        return [step for step in self.steps if step.state == "open"]

    @property
    def open_supplement(self) -> SupplementCard | None:
        return next((card for card in self.supplements if card.answered_at is None), None)

    @property
    def result(self) -> ResultCard | None:
        """The first result, as far as it is."""
        return next((one for one in self.results if not one.key), None)


def dossier_card(dossier: Dossier, *, by: Actor, now: dt.datetime) -> DossierCard:
    """Return a visible dossier's card. A citizen's holds public timeline lines and no officials' notes."""
    definition = dossier.version.parts
    is_official = by.kind == "official"
    runs = list(StepRun.objects.filter(dossier=dossier).select_related("unit", "opinion_file"))
    for run in runs:
        run.dossier = dossier
    places = places_of_absent(by, now=now)
    parts, timeline = _parts(dossier), _timeline(dossier, is_official)
    return DossierCard(
        dossier=dossier,
        definition=definition,
        state=dossier.state,
        state_label=state_label(dossier.state, is_accepted=dossier.accepted_at is not None),
        reading=dossier_reading(dossier, now=now),
        answers=summary(definition.form, dossier.data, choices=form_choices(dossier.agency_id)),
        parts=parts,
        papers=_papers(dossier, is_official),
        steps=[_step(run, definition, by=by, places=places, now=now) for run in runs],
        timeline=timeline,
        fees=[
            FeeCard(fee.key, fee.name, fee.amount, fee.due, fee.paid_at, no_longer_owed(fee, dossier))
            for fee in FeeItem.objects.filter(dossier=dossier)
        ],
        supplements=_supplements(dossier, definition, parts, timeline),
        results=_results(dossier, is_official),
        rating=Rating.objects.filter(dossier=dossier).values_list("overall", flat=True).first(),
        units=involved_units(dossier) if is_official else (),
        may_receive=RECEIVE_DOSSIER.may(by, dossier),
        may_ask_supplement=is_official and ASK_SUPPLEMENT.may(by, dossier),
        returns=returns_of(dossier, by=by),
        undoable=undoable(dossier, runs, by=by, now=now),
    )


def _parts(dossier: Dossier) -> list[PartCard]:
    rows = DossierPart.objects.filter(dossier=dossier).select_related(
        "file", "reuse__from_part__dossier", "reuse__from_result__dossier"
    )
    return [
        PartCard(
            row.id,
            row.document_name,
            row.document_key,
            row.is_original,
            row.added_at,
            row.replaced_at,
            _file(row.file),
            _reused_from(row),
        )
        for row in rows
    ]


def _reused_from(row: DossierPart) -> str:
    reuse = getattr(row, "reuse", None)
    if reuse is None:
        return ""
    return str((reuse.from_part or reuse.from_result).dossier)


# Names who did what inside the agencies: theirs, not the applicant's.
INTERNAL_FORMS = ("control_slip",)


def _papers(dossier: Dossier, is_official: bool) -> list[PaperCard]:
    rows = Paper.objects.filter(dossier=dossier).select_related("file")
    if not is_official:
        rows = rows.exclude(form__in=INTERNAL_FORMS)
    return [_paper(row) for row in rows]


def _paper(row: Paper) -> PaperCard:
    ready = row.state == Paper.State.READY and row.file is not None
    return PaperCard(row.id, row.form, row.number, ready, row.asked_at, _file(row.file) if ready else None)


def papers_of(by: Actor, dossier_id: UUID) -> Sequence[PaperCard]:
    """Return the papers that the desk issued on a visible dossier. Raises ``NotFound``.

    Two small queries, for a screen that asks again while a paper is being signed.
    """
    return _papers(access_dossier(by, dossier_id), by.kind == "official")


def _step(
    run: StepRun, definition: Definition, *, by: Actor, places: Sequence[Actor], now: dt.datetime
) -> StepCard:
    step = definition.step(run.key)
    is_open = run.state == "open"
    acts = who_acts(by, run, now=now, places=places) if is_open else by
    may_work = is_open and by.kind == "official" and WORK_ON_STEP.may(acts, run)
    may_assign = is_open and ASSIGN_STEP.may(by, run)
    # The reader has the step's role, and may not sign here.
    lacks_authority = is_open and run.role in by.roles and not signs(by, run)
    candidates = candidates_for(run, now=now) if may_assign or lacks_authority else ()
    is_waiting = is_open and run.holder_id is None and by.kind == "official"
    return StepCard(
        id=run.id,
        key=run.key,
        name=run.name,
        kind=run.kind,
        state=run.state,
        unit=run.unit.name,
        holder=run.holder_name,
        holder_id=run.holder_id,
        instruction=step.instruction,
        opened_at=run.opened_at,
        due_at=run.due_at,
        done_at=run.done_at,
        done_by=run.done_by,
        outcome=run.outcome_label,
        note=run.note if by.kind == "official" or step.answers else "",
        reading=step_reading(run, now=now) if by.kind == "official" else None,
        outcomes=available_outcomes(step, run.dossier.data) if may_work else (),
        may_work=may_work,
        may_assign=may_assign,
        candidates=candidates if may_assign else (),
        able=able_at(run, on=timezone.localdate(now))
        if is_waiting and not may_work and not lacks_authority
        else (),
        is_mine=run.holder_id is not None and run.holder_id == acts.position_id,
        in_place_of=acts.on_behalf_of if may_work else "",
        opinion=_file(run.opinion_file) if by.kind == "official" or step.answers else None,
        answers=step.answers and run.state == "done",
        signers=tuple(f"{one.name}, {one.title}" for one in candidates) if lacks_authority else None,
    )


def _timeline(dossier: Dossier, is_official: bool) -> list[TimelineLine]:
    rows = TimelineEntry.objects.filter(dossier=dossier).order_by("-id")
    if not is_official:
        rows = rows.filter(is_public=True)
    return [TimelineLine(row.at, row.sentence, row.values, row.actor, row.position) for row in rows]


def _supplements(
    dossier: Dossier,
    definition: Definition,
    parts: Sequence[PartCard],
    timeline: Sequence[TimelineLine],
) -> list[SupplementCard]:
    by_key = {document.key: document for document in definition.documents}
    said = {one.at: one.values.get("note", "") for one in timeline if one.sentence == SUPPLEMENT_GIVEN}
    return [
        SupplementCard(
            items=row.items,
            reason=row.reason,
            contact=row.contact,
            asked_at=row.asked_at,
            answer_by=row.answer_by,
            answered_at=row.answered_at,
            documents=tuple(by_key[item["document"]] for item in row.items if item.get("document") in by_key),
            lines=tuple(_asked_line(item, by_key) for item in row.items),
            answer=said.get(row.answered_at, "") if row.answered_at else "",
            given=tuple(dict.fromkeys(one.name for one in parts if one.added_at == row.answered_at)),
        )
        for row in Supplement.objects.filter(dossier=dossier)
    ]


def _asked_line(item: Mapping[str, str], by_key: Mapping[str, Document]) -> str:
    document = by_key.get(item.get("document", ""))
    return f"{document.name}: {item['text']}" if document else item["text"]


def _results(dossier: Dossier, is_official: bool) -> list[ResultCard]:
    """The results that there are, the first one first; a citizen's only once they are numbered and sealed."""
    definition = dossier.version.parts
    rows = Result.objects.filter(dossier=dossier).select_related("file")
    shown = [row for row in rows.order_by("copy") if is_official or row.state == "issued"]
    bound: dict[UUID, list[EnclosureCard]] = {}
    if any(template.encloses for template in definition.results) and shown:
        enclosures = ResultEnclosure.objects.filter(result__in=shown).select_related("file", "approved")
        given = set(DossierPart.objects.filter(dossier=dossier).values_list("file_id", flat=True))
        for one in enclosures:
            bound.setdefault(one.result_id, []).append(
                EnclosureCard(
                    one.pk,
                    one.key,
                    one.name,
                    one.sha256,
                    _file(one.approved or one.file),
                    taken_from=one.document if one.file_id in given else "",
                    is_approved=one.approved is not None,
                )
            )
    return [
        ResultCard(
            id=row.pk,
            key=row.key,
            copy=row.copy,
            recipients=recipients_of(template, dossier.data, filer=dossier.applicant_name),
            name=template.name,
            enclosures=tuple(bound.get(row.pk, ())),
            state=row.state,
            content=row.content,
            number=row.number,
            issued_on=row.issued_on,
            signer=row.signer_name,
            signer_title=row.signer_title,
            signed_at=row.signed_at,
            file=_file(row.file),
        )
        for template in definition.results
        for row in shown
        if row.key == template.key
    ]


def _file(file: "File | None") -> FileCard | None:
    return None if file is None else describe(file)


def access_part_file(by: Actor, part_id: UUID) -> "File":
    """Return the file of a paper of a visible dossier. Raises ``NotFound``."""
    rows = DossierPart.objects.select_related("file").filter(dossier__in=visible_dossiers(by).values("pk"))
    return _found(rows.filter(pk=part_id).first())


def access_paper_file(by: Actor, paper_id: UUID) -> "File":
    """Return the file of an issued paper of a visible dossier. Raises ``NotFound``."""
    rows = Paper.objects.select_related("file").filter(dossier__in=visible_dossiers(by).values("pk"))
    rows = rows.filter(state=Paper.State.READY)
    if by.kind != "official":
        rows = rows.exclude(form__in=INTERNAL_FORMS)
    return _found(rows.filter(pk=paper_id).first())


def access_result_file(by: Actor, dossier_id: UUID, result_id: UUID | None = None) -> "File":
    """Return a result's file (None: of the first); for citizens only once it is issued, and its fees are
    paid. Raises ``NotFound``.
    """
    rows = Result.objects.select_related("file").filter(dossier__in=visible_dossiers(by).values("pk"))
    if by.kind != "official":
        rows = rows.filter(~held_back("dossier"), state="issued")
    rows = rows.filter(dossier_id=dossier_id)
    return _found(rows.filter(pk=result_id).first() if result_id else rows.filter(key="").first())


def access_enclosure_file(by: Actor, enclosure_id: UUID) -> "File":
    """Return a paper bound to a result, its approved copy once there is one; for citizens only once they may
    have that. Raises ``NotFound``.
    """
    rows = ResultEnclosure.objects.select_related("file", "approved").filter(
        result__dossier__in=visible_dossiers(by).values("pk")
    )
    if by.kind != "official":
        rows = rows.filter(~held_back("result__dossier"), result__state="issued")
    row = existing(rows.filter(pk=enclosure_id).first())
    return row.approved or row.file


def access_opinion_file(by: Actor, step_id: UUID) -> "File":
    """Return the file of an opinion given on a visible dossier: for officials, and for its owner where it is
    an answer to them. Raises ``NotFound``.
    """
    rows = StepRun.objects.select_related("opinion_file", "dossier__version").filter(
        dossier__in=visible_dossiers(by).values("pk"), opinion_file__isnull=False
    )
    run = existing(rows.filter(pk=step_id).first())
    if by.kind == "official":
        return existing(run.opinion_file)
    is_answer = run.state == "done" and run.dossier.version.parts.step(run.key).answers
    return existing(run.opinion_file if is_answer else None)


def _found(row: DossierPart | Paper | Result | None) -> "File":
    if row is None or row.file is None:
        raise NotFound
    return row.file


@dataclass(frozen=True, slots=True)
class Progress:
    """What anyone with the code sees: how far the dossier is, and nothing of whose or what it is.

    ``marks``: (label, reached) in order. ``ended`` holds the word of another end: refused, withdrawn.
    """

    code: str
    marks: tuple[tuple[str, bool], ...]
    waiting_for_applicant: bool
    ended: str
    has_result: bool


def track(code: str) -> Progress:
    """Return the progress of the dossier with exactly this code. Raises ``NotFound``.

    TT 01/2018/TT-VPCP Art. 16.2: without signing in only the code and the degree of completion show.
    """
    wanted = code.strip().upper()
    field = "request_code" if wanted.startswith("YC-") else "code"
    row = Dossier.objects.filter(**{field: wanted}).values("state", "accepted_at").first() if wanted else None
    if row is None:
        raise NotFound
    state = row["state"]
    reached = {"submitted"}
    if row["accepted_at"] is not None:
        reached |= {"accepted", "processing"}
    if state in ("done", "returned"):
        reached.add("done")
    if state == "returned":
        reached.add("returned")
    is_accepted = row["accepted_at"] is not None
    ended = state_label(state, is_accepted=is_accepted) if state in ENDED_WITHOUT_RESULT else ""
    marks = tuple((label, key in reached) for key, label in PROGRESS)
    return Progress(wanted, marks, state == "supplement", ended, has_result=state == "done")
