"""What was filed at the national portal: how a message would become a dossier, and the screens about it."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from dinh.foundation.actions.public import Actor, SentMessage, messages_of_rows, page_after
from dinh.foundation.calendars.public import calendar_for
from dinh.foundation.directory.public import (
    children,
    coverage,
    find_person,
    heads_of,
    people_with_permission,
    standing_unit,
    unit_by_code,
    units_of_kind,
)
from dinh.foundation.ui.public import parse, summary
from dinh.kernel.errors import N_, NotAllowed, NotFound, existing
from dinh.kernel.sentences import Sentence, say
from dinh.kernel.text import fold
from dinh.onestop.models import FilingMessage, NationalInbox, Procedure, ProcedureVersion
from dinh.onestop.permissions import HANDLE_FILING, reads_filings
from dinh.onestop.queries.catalogue import get_procedure, get_version, offered
from dinh.onestop.queries.readiness import form_choices, missing_papers, problems_of_answers
from dinh.onestop.queries.units import NoDesk, desk_of, takes_in
from dinh.onestop.rules.definition import Definition, Document
from dinh.onestop.rules.national import as_moment
from dinh.onestop.rules.national_filings import (
    FILING_MESSAGE,
    MESSAGE_KINDS,
    PROBLEM_KINDS,
    REPLIES,
    FiledPaper,
    Filing,
    Problem,
    ReadFiling,
    answers_of,
    check_file_address,
    read_filing,
)

if TYPE_CHECKING:
    from dinh.foundation.directory.models import Unit

__all__ = [
    "FILING_TABS",
    "Destination",
    "FilingCard",
    "FilingFile",
    "FilingLine",
    "FilingNews",
    "FilingPage",
    "access_filing",
    "destination_of",
    "document_of",
    "filing_card",
    "filing_counts",
    "filing_page",
    "filing_news",
    "filing_read",
    "filing_reply",
    "due_of",
    "paper_problems",
    "hand_choices",
    "last_inbox",
    "open_before",
    "owner_of",
    "paper_path",
    "person_problem",
    "reply_to_send",
    "typed_answers",
    "visible_filings",
    "waiting_filings",
]

PAGE = 50
# Stable keys of addresses.
FILING_TABS: Mapping[str, tuple[str, ...]] = {
    "can-xu-ly": ("held",),
    "dang-cho": ("waiting",),
    "da-dua-vao": ("taken",),
    "da-tu-choi": ("refused", "withdrawn"),
    "tat-ca": ("held", "waiting", "taken", "refused", "withdrawn", "repeated"),
}


# ---- how a message would become a dossier ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a filed dossier goes: the version in force and the agency that decides, as far as known."""

    version: ProcedureVersion | None
    agency: "Unit | None"
    problems: tuple[Problem, ...] = ()


def filing_read(message: FilingMessage) -> ReadFiling:
    """Read a kept message again; what cannot be read is among its problems."""
    try:
        content = json.loads(message.content)
    except (ValueError, RecursionError):
        content = None
    return read_filing(content, fallback=message.code)


def owner_of(unit_code: str) -> "Unit":
    """Return the unit that answers for a message: the agency's desk, the agency, else the province's own."""
    unit = _standing(unit_code)
    agency = unit.agency if unit is not None else None
    if agency is not None:
        return children(agency.pk).filter(kind="one_stop_desk").first() or agency
    top = _standing(settings.NATIONAL_UNIT) or children(None).first()
    return existing(top)


def _standing(code: str) -> "Unit | None":
    unit = unit_by_code(code)
    return standing_unit(unit.pk) if unit is not None else None


def destination_of(filing: Filing, hand: Mapping[str, str]) -> Destination:
    """Return where the dossier goes; ``hand`` is what a person has chosen instead of what it says."""
    problems: list[Problem] = []
    code = hand.get("procedure") or filing.procedure
    try:
        version = get_version(get_procedure(code))
    except NotFound:
        version = None
        said = say(N_("mã thủ tục %(code)s"), code=code or "–")
        problems.append(Problem("procedure", "MaTTHC", said))
    agency = _agency(filing, hand)
    if agency is None or (version is not None and not takes_in(version.procedure, agency)):
        said = say(N_("mã đơn vị %(code)s"), code=filing.unit or "–")
        problems.append(Problem("unit", "MaDonVi", said))
        agency = None
    if agency is not None:
        try:
            desk_of(agency.pk)
        except NoDesk as none:
            problems.append(Problem("unit", "MaDonVi", say(none.message)))
            agency = None
    return Destination(version, agency, tuple(problems))


def _agency(filing: Filing, hand: Mapping[str, str]) -> "Unit | None":
    if hand.get("agency"):
        return standing_unit(UUID(hand["agency"]))
    unit = _standing(filing.unit)
    return unit.agency if unit is not None else None


def typed_answers(
    definition: Definition, filing: Filing, *, agency_id: UUID | None, at: dt.datetime
) -> tuple[dict[str, Any], tuple[Problem, ...], tuple[str, ...]]:
    """Return the answers as a citizen's filing of that moment would keep them, what is wrong with them, and
    names without a place in the form."""
    answers, strange = answers_of(definition.form, filing.answers)
    data = parse(definition.form, answers)
    found = problems_of_answers(definition, data, agency_id=agency_id, now=at)
    problems = tuple(Problem("answer", one.place, Sentence(one.sentence, {})) for one in found)
    return data, problems, strange


def document_of(definition: Definition, paper: FiledPaper) -> Document | None:
    """Return the paper of the procedure to which a file belongs: by its key, else by its name."""
    for document in definition.documents:
        if document.key == paper.document:
            return document
    named = fold(paper.title)
    return next((one for one in definition.documents if named and fold(one.name) == named), None)


def paper_problems(definition: Definition, data: Mapping[str, Any], given: set[str]) -> tuple[Problem, ...]:
    """Return what is required and was not given."""
    missing = missing_papers(definition, data, given)
    return tuple(Problem("paper", one.place, Sentence(one.sentence, {})) for one in missing)


def paper_path(paper: FiledPaper) -> str:
    """Return the path at the portal of a file, empty when its address is not the portal's own."""
    return check_file_address(paper.address, settings.NATIONAL_ADDRESS)


def person_problem(filing: Filing) -> Problem | None:
    """Return what speaks against the applicant being the person of that number, or None."""
    person = None if filing.filer.is_business else find_person(filing.filer.identity)
    if person is None or fold(person.full_name) == fold(filing.filer.name):
        return None
    said = say(N_("số định danh này đã gắn với một người có họ tên khác"))
    return Problem("person", "SoGiayToChuHoSo", said)


# ---- the worker -------------------------------------------------------------------------------------


def waiting_filings(limit: int) -> list[FilingMessage]:
    """Return messages that can be worked off now: those not tried yet first, then the oldest.

    A supplement behind an open message of the same dossier waits for it.
    """
    before = _before(OuterRef("filing"), OuterRef("sequence"), OuterRef("pk"))
    rows = FilingMessage.objects.filter(state="waiting").exclude(Exists(before), kind="supplement")
    order = F("tried_at").asc(nulls_first=True), "sequence", "id"
    return list(rows.select_related("filing").order_by(*order)[:limit])


def open_before(message: FilingMessage) -> QuerySet[FilingMessage]:
    """Return open messages of the dossier that come before one; what files it waits for nothing."""
    if message.kind in ("filed", "unreadable"):
        return FilingMessage.objects.none()
    return _before(message.filing_id, message.sequence, message.pk)


def _before(filing: Any, sequence: Any, pk: Any) -> QuerySet[FilingMessage]:
    rows = FilingMessage.objects.filter(filing=filing, state__in=("waiting", "held"))
    rows = rows.exclude(kind="unreadable")
    return rows.filter(Q(sequence__lt=sequence) | Q(sequence=sequence, pk__lt=pk))


def reply_to_send(message_id: UUID) -> FilingMessage:
    """Return an ended message of which the portal is to be told. Raises ``NotFound``."""
    rows = FilingMessage.objects.select_related("filing__dossier")
    return existing(rows.filter(pk=message_id).exclude(ended_at=None).first())


def filing_reply(message: FilingMessage) -> dict[str, str]:
    """Return what the portal is told of an ended message, in its field names."""
    dossier = message.filing.dossier
    return {
        "SoHoSo": message.filing.number,
        "MaThongDiep": message.code,
        "KetQua": REPLIES[message.state],
        "MaHoSo": str(dossier) if dossier is not None else "",
        "LyDo": message.reason,
        "ThoiDiem": as_moment(message.ended_at),
    }


@dataclass(frozen=True, slots=True)
class FilingNews:
    """A message that waits for a person, and who is told: the desk's people, else who leads the unit."""

    message: FilingMessage
    number: str
    people: Sequence[UUID]


def filing_news(message_id: UUID) -> FilingNews:
    """Return whom to tell of a message that waits."""
    message = FilingMessage.objects.select_related("filing").get(pk=message_id)
    at_desk = [
        one.person_id for one in people_with_permission("dossier.receive") if one.unit_id == message.owner_id
    ]
    people = at_desk or [one.person_id for one in heads_of(message.owner_id)]
    return FilingNews(message, message.filing.number, list(dict.fromkeys(people)))


# ---- screens ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FilingLine:
    """One message as the list shows it. ``why``: the kinds of its problems in words."""

    id: UUID
    number: str
    kind: str
    applicant: str
    procedure: str
    owner: str
    state: str
    state_label: str
    why: Sequence[str]
    sent_at: dt.datetime
    due_at: dt.datetime
    left: dt.timedelta
    dossier_id: UUID | None


@dataclass(frozen=True, slots=True)
class FilingPage:
    """A page of the list. ``after`` continues it; empty: the last."""

    rows: Sequence[FilingLine]
    after: str


@dataclass(frozen=True, slots=True)
class FilingFile:
    """One file as the message names it: for which paper, and whether it may be fetched at all."""

    name: str
    paper: str
    is_ours: bool


@dataclass(frozen=True, slots=True)
class FilingCard:
    """One message with all that its page shows. ``answers``: pages of the form as the dossier would hold
    them; ``strange``: names without a place there."""

    message: FilingMessage
    line: FilingLine
    filing: Filing
    problems: Sequence[Mapping[str, str]]
    procedure_name: str
    agency_name: str
    agency_id: str
    answers: Sequence[Any]
    strange: Sequence[str]
    files: Sequence[FilingFile]
    may_handle: bool
    may_take_by_hand: bool
    reply: SentMessage | None
    content: str


def visible_filings(by: Actor) -> QuerySet[FilingMessage]:
    """Messages of the desks at which the reader receives; all for who keeps the connection.

    Raises ``NotAllowed`` for who does neither.
    """
    if not reads_filings(by):
        raise NotAllowed(reason=HANDLE_FILING.label)
    rows = FilingMessage.objects.select_related("filing", "owner")
    if by.holds("national.manage"):
        return rows
    return rows.filter(coverage(by, "dossier.receive").q("owner_id"))


def access_filing(by: Actor, message_id: UUID) -> FilingMessage:
    """Return a message that the reader sees. Raises ``NotAllowed``, ``NotFound``."""
    return existing(visible_filings(by).filter(pk=message_id).first())


def filing_counts(by: Actor) -> Mapping[str, int]:
    """Return how many messages each tab holds."""
    groups = {
        tab.replace("-", "_"): Count("pk", filter=Q(state__in=states)) for tab, states in FILING_TABS.items()
    }
    found = visible_filings(by).order_by().aggregate(**groups)
    return {tab: found[tab.replace("-", "_")] for tab in FILING_TABS}


def filing_page(
    by: Actor, tab: str, *, words: str = "", after: str = "", now: dt.datetime, size: int = PAGE
) -> FilingPage:
    """Return a page of messages, the newest first, narrowed by the portal's number or the name."""
    rows = visible_filings(by).filter(state__in=FILING_TABS[tab]).defer("content")
    if words:
        rows = rows.filter(Q(filing__number__iexact=words) | Q(applicant_name__icontains=words))
    shown, mark = page_after(rows, after, size)
    return FilingPage(_lines(shown, now), mark)


def _lines(rows: Sequence[FilingMessage], now: dt.datetime) -> list[FilingLine]:
    codes = {row.procedure_code for row in rows}
    names = dict(Procedure.objects.filter(code__in=codes).values_list("code", "short_name"))
    return [
        FilingLine(
            row.pk,
            row.filing.number,
            MESSAGE_KINDS[row.kind],
            row.applicant_name,
            names.get(row.procedure_code, row.procedure_code),
            row.owner.name,
            row.state,
            FILING_MESSAGE.label(row.state),
            list(dict.fromkeys(PROBLEM_KINDS[one["kind"]].label for one in row.problems)),
            row.sent_at,
            row.due_at,
            calendar_for(row.owner_id).working_time_between(now, row.due_at)
            if row.due_at >= now
            else -calendar_for(row.owner_id).working_time_between(row.due_at, now),
            row.filing.dossier_id,
        )
        for row in rows
    ]


def filing_card(by: Actor, message: FilingMessage, *, now: dt.datetime) -> FilingCard:
    """Return one message as its page shows it."""
    read = filing_read(message)
    filing = read.filing
    to = destination_of(filing, message.hand)
    pages: Sequence[Any] = ()
    strange: tuple[str, ...] = ()
    if to.version is not None and message.kind == "filed":
        agency_id = to.agency.pk if to.agency is not None else None
        data, _problems, strange = typed_answers(
            to.version.parts, filing, agency_id=agency_id, at=message.sent_at
        )
        pages = summary(to.version.parts.form, data, choices=form_choices(agency_id))
    fates = messages_of_rows([message])
    is_open = message.state == "held" and HANDLE_FILING.may(by, message)
    kinds = {one["kind"] for one in message.problems}
    return FilingCard(
        message=message,
        line=_lines([message], now)[0],
        filing=filing,
        problems=[
            {
                "label": PROBLEM_KINDS[one["kind"]].label,
                "to_do": PROBLEM_KINDS[one["kind"]].to_do,
                "said": one["said"],
            }
            for one in message.problems
        ],
        procedure_name=to.version.procedure.name if to.version is not None else filing.procedure,
        agency_name=to.agency.name if to.agency is not None else filing.unit,
        agency_id=str(to.agency.pk) if to.agency is not None else "",
        answers=pages,
        strange=strange,
        files=[
            FilingFile(paper.name, _paper_name(to.version, paper), bool(paper_path(paper)))
            for paper in filing.papers
        ],
        may_handle=is_open,
        may_take_by_hand=is_open
        and message.kind == "filed"
        and all(PROBLEM_KINDS[kind].by_hand for kind in kinds),
        reply=fates.get(str(message.pk)),
        content=_pretty(message.content),
    )


def _paper_name(version: ProcedureVersion | None, paper: FiledPaper) -> str:
    document = document_of(version.parts, paper) if version is not None else None
    return document.name if document is not None else paper.title or paper.document


def _pretty(content: str) -> str:
    try:
        return json.dumps(json.loads(content), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return content


def hand_choices(by: Actor) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the procedures and the agencies from which a person chooses who takes a dossier in by hand."""
    reach = coverage(by, "dossier.receive")
    desks = _desks() if by.holds("national.manage") else _desks().filter(reach.q("pk"))
    agencies = sorted({(str(desk.agency_id), desk.agency.name) for desk in desks if desk.agency is not None},
                      key=lambda pair: fold(pair[1]))  # fmt: skip
    return [(one.code, f"{one.code} – {one.short_name}") for one in offered()], agencies


def _desks() -> "QuerySet[Unit]":
    return units_of_kind("one_stop_desk").select_related("agency")


def last_inbox() -> NationalInbox | None:
    """When the portal was last asked, and what it said; None: never."""
    return NationalInbox.objects.first()


def due_of(owner_id: UUID, kept_at: dt.datetime, within: dt.timedelta) -> dt.datetime:
    """Return by when the unit answers, by its own calendar."""
    return calendar_for(owner_id).add_working_time(kept_at, within)
