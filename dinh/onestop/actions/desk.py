"""The desk's verbs, and the citizen's: sent, received, accepted, completed, refused, returned."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Model

from dinh.foundation.actions.public import Actor, action, insert_rows, publish
from dinh.foundation.directory.public import find_person, get_unit
from dinh.kernel.agencies import format_dossier_code
from dinh.kernel.dates import written_moment
from dinh.kernel.errors import N_
from dinh.kernel.ids import uuid7
from dinh.kernel.profiles import LegalProfile, get_profile
from dinh.kernel.text import clean, fold
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.actions.assisted import take_confirmed
from dinh.onestop.actions.exemptions import SeenProof, hand_over_claim, keep_seen_exemption
from dinh.onestop.actions.fees import (
    assessed_fees,
    check_exemption_decided,
    check_paid,
    check_paid_before,
    void_fees,
)
from dinh.onestop.actions.flow import (
    Opening,
    announce_steps,
    cancel_open_steps,
    close_step,
    open_steps,
    prepare_steps,
    step_rows,
)
from dinh.onestop.actions.payments import take_at_desk
from dinh.onestop.actions.postal import check_not_at_post, filing_row, finish_return, return_rows
from dinh.onestop.actions.record import (
    ask_paper,
    clock_event,
    involve,
    involvements,
    line,
    mark_clock,
    new_paper,
    refresh_due,
    tell,
)
from dinh.onestop.actions.registries import bind_check, bind_own_check
from dinh.onestop.actions.reuse import reuses_of, source_of, take_found
from dinh.onestop.events import (
    DossierAccepted,
    DossierRefused,
    DossierSubmitted,
    DossierWithdrawn,
    PaperAsked,
    SupplementAsked,
    SupplementGiven,
)
from dinh.onestop.models import (
    ClockRecord,
    Dossier,
    DossierPart,
    Draft,
    FeeItem,
    Handover,
    PaperSearch,
    ProcedureVersion,
    Representation,
    Result,
    StepRun,
    Supplement,
)
from dinh.onestop.permissions import (
    ASK_SUPPLEMENT,
    EDIT_DRAFT,
    FOLLOW_DOSSIER,
    RECEIVE_AT_COUNTER,
    RECEIVE_DOSSIER,
    WORK_ON_STEP,
)
from dinh.onestop.queries.clocks import dossier_reading, policy_of, supplement_askable_until
from dinh.onestop.queries.dossiers import new_request_code
from dinh.onestop.queries.form_address import address_in
from dinh.onestop.queries.papers import (
    follow_address,
    proof_content,
    receipt_content,
    refusal_content,
    register_line,
    rejection_content,
    supplement_content,
)
from dinh.onestop.queries.postal import address_of
from dinh.onestop.queries.readiness import problems_at_counter, problems_of
from dinh.onestop.queries.reception import reception_at
from dinh.onestop.queries.refusing import agreed_reason
from dinh.onestop.queries.stopping import answer_by_from
from dinh.onestop.queries.units import desk_of, takes_in
from dinh.onestop.rules.checks import (
    AgencyMissing,
    AlreadySent,
    DossierIncomplete,
    NeedsReason,
    NothingToAsk,
    NotThisKindOfStep,
    ReasonAgreed,
    ResultNotReady,
    SupplementOnlyOnce,
    SupplementTooLate,
)
from dinh.onestop.rules.graph import onward
from dinh.onestop.rules.postal import CameByPost, ReturnChoice, check_came_by_post, check_shown
from dinh.onestop.rules.representation import RepresentationEnded, relation_label
from dinh.onestop.rules.states import DOSSIER

if TYPE_CHECKING:
    from dinh.foundation.directory.models import Unit

__all__ = [
    "Applicant",
    "NewPart",
    "accept",
    "announce_refusal",
    "check_complete",
    "ask_supplement",
    "create_dossier",
    "give_supplement",
    "keep_supplement",
    "dossier_handed_in",
    "part_rows",
    "receive_at_counter",
    "refuse",
    "replace_parts",
    "request_supplement",
    "return_result",
    "set_search_text",
    "submit",
    "withdraw",
]

PROOF_OF_REPRESENTATION = "giay-dai-dien"


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Whose dossier it is, as written on the receipt. ``filed_by``: who stands for them, in words."""

    name: str
    identity: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    filed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPart:
    """A paper to put into a dossier: which one, its file, or an original handed in on paper (no file).

    ``source`` names the paper of the person's own store that is used again: ``part:<id>``, ``result:<id>``.
    """

    document_key: str
    file_id: UUID | None
    is_original: bool = False
    source: str = ""


@action("dossier.submitted", permission=EDIT_DRAFT, on=Draft)
def submit(draft: Draft, *, by: Actor, now: dt.datetime) -> Dossier:
    """Send a draft to the agency's one-stop desk and ask for the signed proof of submission.

    Raises ``AlreadySent``, ``AgencyMissing``, and ``DossierIncomplete`` with every place to mend.
    """
    if draft.sent_as_id is not None:
        raise AlreadySent
    if draft.agency is None or not takes_in(draft.version.procedure, draft.agency):
        raise AgencyMissing(field="agency")
    problems = problems_of(draft, now=now)
    if problems:
        raise DossierIncomplete(problems)
    known_keys = {document.key for document in draft.version.parts.documents}
    owner_id, applicant = _applicant_of(draft, now=now)
    dossier = create_dossier(
        version=draft.version,
        agency=get_unit(draft.agency.id),
        channel="online",
        owner_id=owner_id,
        representation=draft.representation,
        applicant=applicant,
        data=draft.data,
        parts=[
            NewPart(document_key=part.document_key, file_id=part.file_id, source=source_of(part))
            for part in draft.files.select_related("reuse")
            # A file that an earlier version asked for stays with the draft and is not sent.
            if part.document_key in known_keys
        ],
        now=now,
    )
    hand_over_claim(draft, dossier)
    bind_own_check(dossier, draft.registry_check_id, by=by, now=now)
    draft.sent_as = dossier
    draft.save(update_fields=["sent_as"])
    tell(
        dossier, N_("Đã nộp hồ sơ trực tuyến, mã yêu cầu %(code)s"), by=by, now=now, code=dossier.request_code
    )
    if draft.begun_from is not None:
        tell(dossier, N_("Nộp lại từ hồ sơ %(code)s"), by=by, now=now, code=str(draft.begun_from))
    open_steps(dossier, [dossier.version.parts.first_step.key], now=now)
    ask_paper(dossier, "proof", content=proof_content(dossier, now=now), now=now)
    publish(DossierSubmitted(dossier_id=dossier.id))
    return dossier


@action("dossier.received", permission=RECEIVE_AT_COUNTER)
def receive_at_counter(
    desk_id: UUID,
    *,
    version: ProcedureVersion,
    applicant: Applicant,
    data: Mapping[str, Any],
    parts: Sequence[NewPart],
    search: PaperSearch | None = None,
    exemption: SeenProof | None = None,
    takes_cash: bool = False,
    confirmed_id: UUID | None = None,
    agency_id: UUID | None = None,
    came: CameByPost | None = None,
    choice: ReturnChoice | None = None,
    check_id: UUID | None = None,
    by: Actor,
    now: dt.datetime,
) -> Dossier:
    """Take in a dossier handed over at the desk ``desk_id`` and accept it at once, code and clock and all.

    ``search`` is the counter's own search in which the papers with a ``source`` were found. ``confirmed_id``
    is the form with these answers that the person has confirmed on their phone. A person of the directory
    with this number and this name follows the dossier in their account. ``exemption`` is one whose proof the
    clerk has seen. With ``takes_cash`` all fees are paid in the same act: in cash, or by what the post
    handed over. ``agency_id`` decides, where the procedure names this desk as one that receives for
    others; without one, the only agency that can. ``came`` says how it came, when it came by post;
    ``choice`` how the result is to be received; ``check_id`` is a look-up of the applicant in a registry.

    Raises ``DossierIncomplete`` with every place to mend, ``AgencyMissing`` when the desk's agency is not
    competent for the procedure, ``NotConfirmed``, ``AnswersChanged``, ``FeeUnpaid`` when a fee is due at
    filing and no cash is taken, and what the checks of the post and of the way back raise.
    """
    desk = get_unit(desk_id)
    reception = reception_at(version, desk, agency_id)
    if reception is None or reception.way == "elsewhere":
        raise AgencyMissing(field="agency")
    agency = reception.agency
    problems = problems_at_counter(version.parts, applicant.name, data, parts, agency_id=agency.pk, now=now)
    if problems:
        raise DossierIncomplete(problems)
    if came is not None:
        came = check_came_by_post(came, today=now.astimezone(VIETNAM).date())
    parts = take_found(parts, search, now=now)
    dossier = dossier_handed_in(
        version, agency=agency, desk=desk, applicant=applicant, data=data, came=came, now=now
    )
    papers = part_rows(dossier, parts, now=now)
    fees = assessed_fees(dossier, exemption=exemption.key if exemption else "", now=now)
    if not takes_cash:
        check_paid(fees, "filing")
    sent: list[Model] = [_filed(dossier, came, by=by, now=now)]
    filing = filing_row(dossier, came) if came is not None else None
    back = return_rows(dossier, choice, by=by, now=now) if choice is not None else ()
    if confirmed_id is not None:
        take_confirmed(confirmed_id, desk_id=desk_id, data=data)
        sent.append(line(dossier, N_("Người nộp đã xem và xác nhận tờ khai trên điện thoại"), by=by, now=now))
    begun = _begin(dossier, runs=(), now=now)
    content = receipt_content(
        dossier,
        parts=papers,
        fees=fees,
        came=filing,
        back=next(iter(back), None),
        is_paid=takes_cash,
        by=by,
        now=now,
    )
    # From here to the commit other desks of the agency wait for their codes: only writes follow.
    _name(dossier, now=now)
    units = [dossier.agency_id, desk_id, *(step.run.unit_id for step in begun.steps)]
    reused = reuses_of(papers, [part.source for part in parts], now=now)
    postal = [row for row in (filing, *back) if row is not None]
    rows = [dossier, *papers, *fees, *reused, *involvements(dossier, units), *postal, *sent]
    _keep_acceptance(dossier, begun, content, rows=rows, by=by, now=now)
    bind_check(dossier, check_id, by=by, now=now)
    if exemption is not None:
        keep_seen_exemption(dossier, exemption, by=by, now=now)
    if takes_cash and any(fee.amount for fee in fees):
        take_at_desk(dossier, method="cash" if came is None else "post", by=by, now=now)
    return dossier


def _filed(dossier: Dossier, came: CameByPost | None, *, by: Actor, now: dt.datetime) -> Model:
    if came is None or came.arrived_on is None:
        return line(dossier, N_("Đã nộp hồ sơ tại quầy"), by=by, now=now)
    said = N_("Hồ sơ đến qua bưu chính ngày %(on)s, số hiệu bưu gửi %(number)s")
    return line(dossier, said, by=by, now=now, number=came.number, on=f"{came.arrived_on:%d/%m/%Y}")


def _applicant_of(draft: Draft, *, now: dt.datetime) -> tuple[UUID | None, Applicant]:
    """Whose dossier it becomes, and what papers say of them: the citizen, or whom they stand for."""
    owner, stands_for = draft.owner, draft.representation
    if stands_for is None:
        return owner.pk, Applicant(
            name=owner.full_name,
            identity=owner.identity_number,
            phone=owner.phone,
            email=owner.email,
            address=owner.address,
        )
    if stands_for.person_id != owner.pk or not stands_for.stands_on(now.astimezone(VIETNAM).date()):
        raise RepresentationEnded(name=stands_for.name)
    return stands_for.principal_id, Applicant(
        name=stands_for.name,
        identity=stands_for.identity,
        phone=stands_for.phone or owner.phone,
        email=stands_for.email or owner.email,
        address=stands_for.address,
        filed_by=f"{owner.full_name}, {relation_label(stands_for.relation)}",
    )


def _known_person(applicant: Applicant) -> UUID | None:
    """The person of this number, when the name is theirs too: a slip in a digit must tell nobody anything."""
    person = find_person(applicant.identity)
    return person.pk if person is not None and fold(person.full_name) == fold(applicant.name) else None


def create_dossier(
    *,
    version: ProcedureVersion,
    agency: "Unit",
    channel: str,
    owner_id: UUID | None,
    applicant: Applicant,
    representation: Representation | None,
    data: Mapping[str, Any],
    parts: Sequence[NewPart],
    external_code: str = "",
    now: dt.datetime,
) -> Dossier:
    """Write a dossier that was sent, with its papers and fees; part of the verb that takes it.

    ``external_code``: its number at the portal where it was filed. Raises ``NoDesk``.
    """
    dossier = _new_dossier(
        version=version,
        agency=agency,
        desk=desk_of(agency.id),
        channel=channel,
        owner_id=owner_id,
        applicant=applicant,
        data=data,
        external_code=external_code,
        now=now,
    )
    dossier.representation = representation
    units = [dossier.agency_id, dossier.reception_unit_id]
    papers = part_rows(dossier, parts, now=now)
    fees = assessed_fees(dossier, now=now)
    reused = reuses_of(papers, [part.source for part in parts], now=now)
    if representation is not None and representation.proof_id is not None:
        papers.append(_proof_part(dossier, representation, now=now))
    insert_rows(dossier, *papers, *fees, *reused, *involvements(dossier, units))
    return dossier


def dossier_handed_in(
    version: ProcedureVersion,
    *,
    agency: "Unit",
    desk: "Unit",
    applicant: Applicant,
    data: Mapping[str, Any],
    came: CameByPost | None,
    now: dt.datetime,
) -> Dossier:
    """As ``_new_dossier``, for what a person hands in at a desk, or the post brings there."""
    return _new_dossier(
        version=version,
        agency=agency,
        desk=desk,
        channel="counter" if came is None else "post",
        owner_id=_known_person(applicant),
        applicant=applicant,
        data=data,
        now=now,
    )


def _new_dossier(
    *,
    version: ProcedureVersion,
    agency: "Unit",
    desk: "Unit",
    channel: str,
    owner_id: UUID | None,
    applicant: Applicant,
    data: Mapping[str, Any],
    external_code: str = "",
    now: dt.datetime,
) -> Dossier:
    """A dossier that is not written yet."""
    dossier = Dossier(
        id=uuid7(),
        request_code=new_request_code(),
        external_code=external_code,
        procedure=version.procedure,
        version=version,
        profile=_profile().code,
        agency=agency,
        reception_unit=desk,
        channel=channel,
        state=DOSSIER.initial,
        owner_id=owner_id,
        applicant_name=applicant.name,
        applicant_identity=applicant.identity,
        applicant_phone=applicant.phone,
        applicant_email=applicant.email,
        applicant_address=applicant.address or address_in(version.parts, data),
        filed_by=applicant.filed_by,
        subject=version.parts.name,
        data=dict(data),
        submitted_at=now,
    )
    set_search_text(dossier)
    return dossier


def _proof_part(dossier: Dossier, representation: Representation, *, now: dt.datetime) -> DossierPart:
    """The paper that proves the representation goes with each dossier: the desk compares it."""
    return DossierPart(
        dossier=dossier,
        document_key=PROOF_OF_REPRESENTATION,
        document_name="Giấy tờ chứng minh việc đại diện",  # data: the name of a paper
        file_id=representation.proof_id,
        added_at=now,
    )


def part_rows(dossier: Dossier, parts: Sequence[NewPart], *, now: dt.datetime) -> list[DossierPart]:
    names = {document.key: document.name for document in dossier.version.parts.documents}
    return [
        DossierPart(
            dossier=dossier,
            document_key=part.document_key,
            document_name=names[part.document_key],
            file_id=part.file_id,
            is_original=part.is_original,
            added_at=now,
        )
        for part in parts
    ]


def _profile() -> LegalProfile:
    return get_profile(settings.LEGAL_PROFILE)


def set_search_text(dossier: Dossier) -> None:
    """Set the words by which a dossier is found; not written yet (no verb)."""
    words = [
        dossier.code or "",
        dossier.request_code,
        dossier.applicant_name,
        dossier.applicant_phone,
        dossier.applicant_identity,
        dossier.procedure.short_name,
    ]
    if dossier.external_code:
        words.append(dossier.external_code)
    dossier.search_text = fold(" ".join(words))


@action("dossier.accepted", permission=RECEIVE_DOSSIER, on=Dossier)
def accept(dossier: Dossier, *, by: Actor, now: dt.datetime) -> Dossier:
    """Accept a dossier: its legal code, its clock, its receipt (form 01), its next steps.

    Raises ``Refused`` when it was accepted, refused or withdrawn meanwhile, ``FeeUnpaid`` while a fee due
    at filing is not paid, ``ExemptionUndecided`` while an exemption is claimed and not answered,
    ``DossierIncomplete`` when it came to the desk or by post and still lacks something.
    """
    DOSSIER.after(dossier.state, "accept")
    if dossier.channel != "online":
        check_complete(dossier, now=now)
    fees = list(FeeItem.objects.filter(dossier=dossier))
    check_exemption_decided(dossier)
    check_paid(fees, "filing")
    first = dossier.version.parts.first_step
    runs = list(StepRun.objects.filter(dossier=dossier).order_by("-id"))
    for run in runs:
        run.dossier = dossier
        if run.key == first.key and run.state == "open":
            close_step(run, onward(first, dossier.data), note="", by=by, now=now)
    begun = _begin(dossier, runs=runs, now=now)
    parts = list(DossierPart.objects.filter(dossier=dossier, replaced_at=None))
    back = address_of(dossier) if dossier.return_way == "post" else None
    content = receipt_content(dossier, parts=parts, fees=fees, back=back, by=by, now=now)
    _name(dossier, now=now)
    dossier.save(update_fields=["state", "accepted_at", "due_at", "code", "search_text"])
    involve(dossier, [step.run.unit_id for step in begun.steps])
    _keep_acceptance(dossier, begun, content, rows=(), by=by, now=now)
    return dossier


def check_complete(
    dossier: Dossier,
    *,
    data: Mapping[str, Any] | None = None,
    parts: Sequence[NewPart] = (),
    now: dt.datetime,
) -> None:
    """Raise ``DossierIncomplete`` with all that a dossier lacks, counting these answers and these papers."""
    kept = DossierPart.objects.filter(dossier=dossier, replaced_at=None)
    problems = problems_at_counter(
        dossier.version.parts,
        dossier.applicant_name,
        dossier.data if data is None else data,
        [*kept, *parts],
        agency_id=dossier.agency_id,
        now=now,
    )
    if problems:
        raise DossierIncomplete(problems)


@dataclass(frozen=True, slots=True)
class _Beginning:
    """What an acceptance begins: the dossier's clock and its next steps."""

    started: ClockRecord
    steps: Sequence[Opening]


def _begin(dossier: Dossier, *, runs: Sequence[StepRun], now: dt.datetime) -> _Beginning:
    """Work out state, clock, due moment and next steps of a dossier that is accepted, without writing."""
    dossier.state = DOSSIER.after(dossier.state, "accept")
    dossier.accepted_at = now
    started = clock_event(dossier, "started", at=now, reason=N_("Tiếp nhận hồ sơ"))
    dossier.due_at = dossier_reading(dossier, now=now, records=[started]).due_at
    following = onward(dossier.version.parts.first_step, dossier.data).to
    return _Beginning(started, prepare_steps(dossier, following, runs=runs, now=now))


def _name(dossier: Dossier, *, now: dt.datetime) -> None:
    dossier.code = _next_code(dossier, now=now)
    set_search_text(dossier)


def _keep_acceptance(
    dossier: Dossier,
    begun: _Beginning,
    content: Mapping[str, Any],
    *,
    rows: Sequence[Model],
    by: Actor,
    now: dt.datetime,
) -> None:
    """Write ``rows``, the clock's start, the timeline, the next steps; ask for the receipt, which names
    the code.
    """
    said = line(dossier, N_("Đã tiếp nhận hồ sơ, mã hồ sơ %(code)s"), by=by, now=now, code=dossier.code)
    named = {
        **content,
        "code": dossier.code,
        "follow": follow_address(dossier),
        "register_line": register_line(dossier),
    }
    receipt = new_paper(dossier, "receipt", 1, content=named, now=now)
    insert_rows(*rows, begun.started, said, *step_rows(dossier, begun.steps), receipt)
    announce_steps(dossier, begun.steps)
    publish(PaperAsked(paper_id=receipt.id))
    publish(DossierAccepted(dossier_id=dossier.id))


def _next_code(dossier: Dossier, *, now: dt.datetime) -> str:
    """Take the next ordinal of the agency and day (TT 01/2018 Art. 19).

    The counter's row is locked until the commit, and a rollback gives the ordinal back: no gap, no
    duplicate.
    """
    day = now.astimezone(VIETNAM).date()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO onestop_dossiercounter AS counter (agency_id, day, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (agency_id, day) DO UPDATE SET last = counter.last + 1 RETURNING last",
            [dossier.agency_id, day],
        )
        ordinal = int(cursor.fetchone()[0])
    return format_dossier_code(dossier.agency.code, day, ordinal)


@action("dossier.supplement_asked", permission=ASK_SUPPLEMENT, on=Dossier)
def ask_supplement(
    dossier: Dossier,
    *,
    items: Sequence[Mapping[str, str]],
    reason: str,
    contact: str,
    by: Actor,
    now: dt.datetime,
) -> Supplement:
    """Ask the applicant, once and completely, to complete the dossier (form 02); clocks pause.

    ``items``: ``{"document": key, "text": what to do}`` each. Raises ``NothingToAsk``, ``NeedsReason``,
    ``SupplementOnlyOnce`` (NĐ 61/2018 Art. 8.2.b), ``SupplementTooLate`` (Art. 19.4).
    """
    return request_supplement(dossier, items=items, reason=reason, contact=contact, by=by, now=now)


def request_supplement(
    dossier: Dossier,
    *,
    items: Sequence[Mapping[str, str]],
    reason: str,
    contact: str,
    by: Actor,
    now: dt.datetime,
) -> Supplement:
    """As ``ask_supplement``, inside a verb."""
    items = [dict(item) for item in items if item.get("text", "").strip()]
    if not items:
        raise NothingToAsk(field="items")
    if not reason.strip():
        raise NeedsReason(field="reason")
    if Supplement.objects.filter(dossier=dossier).count() >= policy_of(dossier).supplements:
        raise SupplementOnlyOnce
    until = supplement_askable_until(dossier)
    if until is not None and now > until:
        limit = get_profile(dossier.profile).one_stop.supplement_notice.words
        raise SupplementTooLate(limit=limit, until=written_moment(until))
    dossier.state = DOSSIER.after(dossier.state, "ask_supplement")
    dossier.save(update_fields=["state"])
    supplement = Supplement.objects.create(
        dossier=dossier,
        items=items,
        reason=reason.strip(),
        contact=contact.strip(),
        asked_at=now,
        asked_by=by.name,
        answer_by=answer_by_from(dossier, asked_at=now),
    )
    _mark_running_clocks(dossier, "paused", at=now, reason=N_("Chờ bổ sung hồ sơ"))
    refresh_due(dossier, now=now)
    tell(dossier, N_("Yêu cầu bổ sung: %(reason)s"), by=by, now=now, reason=supplement.reason)
    content = supplement_content(dossier, supplement, by=by, now=now)
    ask_paper(dossier, "supplement", content=content, now=now, notation="HDHS")
    publish(SupplementAsked(dossier_id=dossier.id, supplement_id=supplement.id))
    return supplement


@action("dossier.supplement_given", permission=FOLLOW_DOSSIER, on=Dossier)
def give_supplement(
    dossier: Dossier, *, parts: Sequence[NewPart], note: str, by: Actor, now: dt.datetime
) -> Dossier:
    """Complete the dossier as asked: new papers stand beside or in place of the old, clocks go on.

    After acceptance the time limit starts again from zero where the profile says so (NĐ 61/2018 Art. 19.4).
    """
    return keep_supplement(dossier, parts=parts, note=note, by=by, now=now)


def keep_supplement(
    dossier: Dossier, *, parts: Sequence[NewPart], note: str, by: Actor, now: dt.datetime
) -> Dossier:
    """As ``give_supplement``, inside a verb."""
    was_accepted = dossier.accepted_at is not None
    dossier.state = DOSSIER.after(dossier.state, "give_supplement" if was_accepted else "resubmit")
    dossier.save(update_fields=["state"])
    Supplement.objects.filter(dossier=dossier, answered_at=None).update(answered_at=now)
    replace_parts(dossier, parts, now=now)
    reason = N_("Đã bổ sung hồ sơ")
    if was_accepted:
        mark_clock(dossier, policy_of(dossier).kind_after_supplement, at=now, reason=reason)
    for run in StepRun.objects.filter(dossier=dossier, state="open"):
        mark_clock(dossier, "resumed", at=now, reason=reason, step=run)
    refresh_due(dossier, now=now)
    tell(dossier, N_("Đã bổ sung hồ sơ. %(note)s"), by=by, now=now, note=note.strip())
    publish(SupplementGiven(dossier_id=dossier.id))
    return dossier


def _mark_running_clocks(dossier: Dossier, kind: str, *, at: dt.datetime, reason: str) -> None:
    if dossier.accepted_at is not None:
        mark_clock(dossier, kind, at=at, reason=reason)
    for run in StepRun.objects.filter(dossier=dossier, state="open"):
        mark_clock(dossier, kind, at=at, reason=reason, step=run)


def replace_parts(dossier: Dossier, parts: Sequence[NewPart], *, now: dt.datetime) -> None:
    """Put papers in place of those of the same kinds (no verb)."""
    keys = {part.document_key for part in parts}
    DossierPart.objects.filter(dossier=dossier, document_key__in=keys, replaced_at=None).update(
        replaced_at=now
    )
    names = {document.key: document.name for document in dossier.version.parts.documents}
    DossierPart.objects.bulk_create(
        DossierPart(
            dossier=dossier,
            document_key=part.document_key,
            document_name=names[part.document_key],
            file_id=part.file_id,
            is_original=part.is_original,
            added_at=now,
        )
        for part in parts
        if part.document_key in names
    )


@action("dossier.refused", permission=RECEIVE_DOSSIER, on=Dossier)
def refuse(dossier: Dossier, *, reason: str, by: Actor, now: dt.datetime) -> Dossier:
    """Refuse a dossier that was not accepted yet, with the reason in writing (form 03).

    Raises ``NeedsReason``; ``Refused`` when the dossier was accepted meanwhile.
    """
    if dossier.accepted_at is not None:
        DOSSIER.after("returned", "refuse")
    _refuse(dossier, reason=reason, by=by, now=now)
    return dossier


@action("dossier.refusal_announced", permission=WORK_ON_STEP, on=StepRun, under="dossier")
def announce_refusal(step: StepRun, *, reason: str, by: Actor, now: dt.datetime) -> StepRun:
    """Refuse an accepted dossier after appraisal, with the reason in writing (NĐ 61/2018 Art. 19.8).

    A reason that a superior agreed with is announced as it is: ``reason`` is that one or empty. Raises
    ``NeedsReason``, ``ReasonAgreed``.
    """
    if step.kind != "refuse" or step.state != "open":
        raise NotThisKindOfStep(step=step.name)
    agreed = agreed_reason(step.id)
    if agreed is not None:
        if clean(reason) not in ("", clean(agreed.words)):
            raise ReasonAgreed(field="reason", by=agreed.by)
        reason = agreed.words
    if not reason.strip():
        raise NeedsReason(field="reason")
    close_step(step, None, note=reason, by=by, now=now)
    _refuse(step.dossier, reason=reason, by=by, now=now)
    return step


def _refuse(dossier: Dossier, *, reason: str, by: Actor, now: dt.datetime) -> None:
    if not reason.strip():
        raise NeedsReason(field="reason")
    was_running = dossier.accepted_at is not None
    dossier.state = DOSSIER.after(dossier.state, "refuse")
    dossier.finished_at = now
    dossier.save(update_fields=["state", "finished_at"])
    if was_running:
        mark_clock(dossier, "stopped", at=now, reason=N_("Từ chối"))
    cancel_open_steps(dossier, now=now)
    void_fees(dossier, now=now)
    tell(dossier, N_("Từ chối hồ sơ: %(reason)s"), by=by, now=now, reason=reason.strip())
    form, content_of = ("rejection", rejection_content) if was_running else ("refusal", refusal_content)
    content = content_of(dossier, reason=reason, by=by, now=now)
    ask_paper(dossier, form, content=content, now=now, notation="TBTC")
    publish(DossierRefused(dossier_id=dossier.id))


@action("dossier.withdrawn", permission=FOLLOW_DOSSIER, on=Dossier)
def withdraw(dossier: Dossier, *, reason: str, by: Actor, now: dt.datetime) -> Dossier:
    """Take a dossier back at its owner's wish, while its result is not ready."""
    was_running = dossier.accepted_at is not None
    dossier.state = DOSSIER.after(dossier.state, "withdraw")
    dossier.finished_at = now
    dossier.save(update_fields=["state", "finished_at"])
    if was_running:
        mark_clock(dossier, "stopped", at=now, reason=N_("Công dân rút hồ sơ"))
    cancel_open_steps(dossier, now=now)
    void_fees(dossier, now=now)
    tell(dossier, N_("Công dân rút hồ sơ. %(reason)s"), by=by, now=now, reason=reason.strip())
    publish(DossierWithdrawn(dossier_id=dossier.id))
    return dossier


@action("dossier.result_returned", permission=WORK_ON_STEP, on=StepRun, under="dossier")
def return_result(
    step: StepRun, *, shown: str, fetched_by: str = "", authorisation: str = "", by: Actor, now: dt.datetime
) -> StepRun:
    """Hand the result over at the desk; the dossier is at its end.

    ``shown`` is what who fetches it has shown (NĐ 61/2018 Art. 6): a key of ``SHOWN``; an authorised person
    is named in ``fetched_by``, with the paper in ``authorisation``. Raises ``ResultNotReady``, ``FeeUnpaid``,
    ``AlreadyAtThePost``, ``ShownMissing``, ``FetcherMissing``.
    """
    if step.kind != "return" or step.state != "open":
        raise NotThisKindOfStep(step=step.name)
    dossier = step.dossier
    if not Result.objects.filter(dossier=dossier, state="issued").exists():
        raise ResultNotReady
    check_not_at_post(dossier)
    check_paid_before(dossier, None, "result")
    shown, name, paper = check_shown(shown, fetched_by, authorisation)
    sentence = N_("Đã trả kết quả cho %(name)s, theo %(paper)s") if name else _RETURNED[shown]
    tell(dossier, sentence, by=by, now=now, **({"name": name, "paper": paper} if name else {}))
    finish_return(step, Handover(shown=shown, name=name, paper=paper), by=by, now=now)
    return step


_RETURNED = {
    "receipt": N_("Đã trả kết quả, người nhận xuất trình Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
    "identity": N_("Đã trả kết quả, người nộp xuất trình thẻ căn cước vì mất giấy hẹn"),
    "online": N_("Đã trả kết quả điện tử, người nộp không đến quầy"),
}
