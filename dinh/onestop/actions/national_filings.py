"""What people file at the national portal becomes dossiers: kept first, then taken in, else held.

The worker only ever does what the rules allow to anybody's filing; what they do not allow waits on a screen,
with an owner and its clock. Whatever ends a message is told to the portal through the outbox.
"""

import datetime as dt
import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from dinh.foundation.actions.public import SYSTEM_ONLY, Actor, action, enqueue, publish
from dinh.foundation.directory.public import find_person, register_person
from dinh.kernel.errors import N_, Refused
from dinh.kernel.sentences import say
from dinh.onestop.actions.desk import Applicant, NewPart, create_dossier, give_supplement, withdraw
from dinh.onestop.actions.flow import open_steps
from dinh.onestop.actions.record import ask_paper, tell
from dinh.onestop.events import DossierSubmitted, FilingReleased, FilingWaits
from dinh.onestop.models import Dossier, FilingMessage, NationalFiling
from dinh.onestop.permissions import HANDLE_FILING
from dinh.onestop.queries.national_filings import (
    destination_of,
    document_of,
    due_of,
    filing_read,
    open_before,
    owner_of,
    paper_problems,
    person_problem,
    typed_answers,
)
from dinh.onestop.queries.papers import proof_content
from dinh.onestop.rules.checks import NeedsReason
from dinh.onestop.rules.definition import Definition
from dinh.onestop.rules.national_filings import (
    ANSWER_WITHIN,
    FILING_MESSAGE,
    PROBLEM_KINDS,
    Filing,
    HandChoiceMissing,
    NotTakenByHand,
    Problem,
    ReadFiling,
    read_filing,
)

__all__ = [
    "FILING_CHANNEL",
    "Fetched",
    "hold_filing",
    "keep_message",
    "refuse_filing",
    "retry_filing",
    "take_by_hand",
    "take_filing",
]

log = logging.getLogger(__name__)

FILING_CHANNEL = "national-filing"


@dataclass(frozen=True, slots=True)
class Fetched:
    """The files of a message as they were got: by their address, and what was wrong with the others."""

    files: Mapping[str, UUID] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


class _Held(Exception):
    """The message can't be taken in as it is; the verb is undone and these problems are kept."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)


# ---- keeping ---------------------------------------------------------------------------------------


def keep_message(message: Any, *, by: Actor, now: dt.datetime) -> FilingMessage:
    """Keep one message word for word; one that is known already is only counted.

    Nothing of it is judged yet: whatever can be written down is kept.
    """
    content = json.dumps(message, sort_keys=True)
    digest = hashlib.sha256(content.encode()).hexdigest()
    read = read_filing(message, fallback=f"?{digest[:32]}")
    known = FilingMessage.objects.filter(code=read.filing.code).first()
    if known is None:
        try:
            with transaction.atomic():
                return new_message(read, content=content, digest=digest, by=by, now=now)
        except IntegrityError:
            # Another worker has kept it in the same moment.
            known = FilingMessage.objects.get(code=read.filing.code)
    return note_again(known, digest=digest, by=by, now=now)


@action("filing.kept", permission=SYSTEM_ONLY, label=N_("Lưu tin từ Cổng quốc gia"))
def new_message(read: ReadFiling, *, content: str, digest: str, by: Actor, now: dt.datetime) -> FilingMessage:
    """Write a new message down, with the unit that answers for it and by when."""
    filing = read.filing
    lane, _ = NationalFiling.objects.get_or_create(number=filing.number)
    owner = lane.dossier.reception_unit if lane.dossier is not None else owner_of(filing.unit)
    sent_at = filing.sent_at if filing.sent_at is not None and filing.sent_at <= now else now
    return FilingMessage.objects.create(
        filing=lane,
        code=filing.code,
        sequence=filing.sequence,
        kind=filing.kind,
        content=content,
        digest=digest,
        owner=owner,
        procedure_code=filing.procedure,
        applicant_name=filing.filer.name,
        sent_at=sent_at,
        kept_at=now,
        due_at=due_of(owner.pk, now, ANSWER_WITHIN),
    )


@action("filing.came_again", permission=SYSTEM_ONLY, on=FilingMessage, label=N_("Tin đến lần nữa"))
def note_again(message: FilingMessage, *, digest: str, by: Actor, now: dt.datetime) -> FilingMessage:
    """Count a message that came again. One that differs under the same identifier is only noted in the log:
    the first is what was kept."""
    message.times += 1
    message.save(update_fields=["times"])
    if message.digest != digest:
        log.warning("message %s came again with other content", message.code)
    return message


# ---- taking in -------------------------------------------------------------------------------------


def take_filing(message: FilingMessage, *, fetched: Fetched, by: Actor, now: dt.datetime) -> FilingMessage:
    """Do what a waiting message says, or hold it with everything that stands in the way."""
    try:
        return turn(message, fetched=fetched, by=by, now=now)
    except _Held as held:
        return hold_filing(message, problems=held.problems, by=by, now=now)


@action(
    "filing.taken",
    permission=SYSTEM_ONLY,
    on=FilingMessage,
    under="filing",
    label=N_("Đưa hồ sơ từ Cổng quốc gia vào"),
)
def turn(message: FilingMessage, *, fetched: Fetched, by: Actor, now: dt.datetime) -> FilingMessage:
    """Turn one message into what it asks for, unless it is done already or one before it is still open."""
    if message.state != "waiting":
        return message
    earlier = list(open_before(message))
    read = filing_read(message)
    if message.kind == "withdrawal" and message.filing.dossier_id is None and earlier:
        return _withdrawn_before(message, earlier, read.filing, by=by, now=now)
    if earlier:
        return message
    if message.kind == "withdrawal" and message.filing.dossier_id is None and _was_refused(message):
        return _end(message, "withdraw", now=now, by=read.filing.filer.name)
    match message.kind:
        case "filed":
            return _take_dossier(message, read, fetched, by=by, now=now)
        case "supplement":
            return _take_supplement(message, read, fetched, by=by, now=now)
        case "withdrawal":
            return _take_withdrawal(message, read.filing, by=by, now=now)
    raise _Held(read.problems)


def _take_dossier(
    message: FilingMessage, read: ReadFiling, fetched: Fetched, *, by: Actor, now: dt.datetime
) -> FilingMessage:
    filing = read.filing
    if message.filing.dossier_id is not None:
        return _repeated(message, now=now)
    to = destination_of(filing, message.hand)
    problems = [*read.problems, *to.problems]
    if to.version is None or to.agency is None:
        raise _Held([*problems, *fetched.problems])
    definition = to.version.parts
    data, wrong, strange = typed_answers(definition, filing, agency_id=to.agency.pk, at=message.sent_at)
    parts, of_files = _parts(definition, filing, fetched)
    # A file that was refused is one fault, not a missing paper besides.
    given = {part.document_key for part in parts} | {one.place for one in of_files}
    problems += [*wrong, *of_files, *paper_problems(definition, data, given)]
    if (contradiction := person_problem(filing)) is not None:
        problems.append(contradiction)
    if problems and not message.hand:
        raise _Held(problems)
    is_person = not filing.filer.is_business and not any(one.kind == "person" for one in problems)
    dossier = create_dossier(
        version=to.version,
        agency=to.agency,
        channel="online",
        owner_id=_person(filing, by=by) if is_person else None,
        representation=None,
        applicant=Applicant(
            name=filing.filer.name or "–",
            identity=filing.filer.identity,
            phone=filing.filer.phone,
            email=filing.filer.email,
            address=filing.filer.address,
        ),
        data=_sound(data, wrong),
        parts=parts,
        external_code=filing.number,
        now=now,
    )
    dossier.submitted_at = message.sent_at
    dossier.save(update_fields=["submitted_at"])
    _tell_taken(dossier, message, problems, strange, by=by, now=now)
    open_steps(dossier, [definition.first_step.key], now=now)
    ask_paper(dossier, "proof", content=proof_content(dossier, now=now), now=now)
    publish(DossierSubmitted(dossier_id=dossier.id))
    message.filing.dossier = dossier
    message.filing.save(update_fields=["dossier"])
    message.owner_id = dossier.reception_unit_id
    # What came before its dossier has something to speak of now.
    early = message.filing.messages.filter(state="held", problems__contains=[{"kind": "first"}])
    early.update(state="waiting")
    return _end(message, "take", now=now, by=message.ended_by or N_("Hệ thống"))


def _person(filing: Filing, *, by: Actor) -> UUID:
    """The person of the number, found or entered: the portal has identified them."""
    known = find_person(filing.filer.identity)
    if known is not None:
        return known.pk
    return register_person(
        filing.filer.name,
        identity_number=filing.filer.identity,
        phone=filing.filer.phone,
        email=filing.filer.email,
        address=filing.filer.address,
        by=by,
    ).pk


def _sound(data: Mapping[str, Any], wrong: Sequence[Problem]) -> dict[str, Any]:
    """The answers without those that the form does not take: what reads them relies on their types. They
    stay in the message."""
    spoiled = {one.place.partition(".")[0] for one in wrong}
    return {name: value for name, value in data.items() if name not in spoiled}


def _tell_taken(
    dossier: Dossier,
    message: FilingMessage,
    problems: Sequence[Problem],
    strange: Sequence[str],
    *,
    by: Actor,
    now: dt.datetime,
) -> None:
    said = N_("Đã nộp hồ sơ tại Cổng Dịch vụ công quốc gia, số %(number)s; mã yêu cầu %(code)s")
    tell(dossier, said, by=by, now=now, number=dossier.external_code, code=dossier.request_code)
    if message.hand:
        missing = "; ".join(str(one.said) for one in problems)[:2000]
        said = N_("%(name)s tiếp nhận tay khi hồ sơ chưa đầy đủ: %(problems)s")
        tell(
            dossier, said, by=by, now=now, to="officials",
            name=message.ended_by, problems=missing or "–",
        )  # fmt: skip
    if strange:
        said = N_("Nội dung không có chỗ trong tờ khai đang áp dụng, xem tại tin gốc: %(names)s")
        tell(dossier, said, by=by, now=now, to="officials", names=", ".join(strange)[:500])


def _parts(
    definition: Definition, filing: Filing, fetched: Fetched
) -> tuple[list[NewPart], tuple[Problem, ...]]:
    parts, problems = [], list(fetched.problems)
    for paper in filing.papers:
        document = document_of(definition, paper)
        if document is None:
            said = say(N_("tệp “%(name)s” không thuộc giấy tờ nào của thủ tục"), name=paper.name)
            problems.append(Problem("file", "TaiLieuNop", said))
        elif paper.address in fetched.files:
            parts.append(NewPart(document_key=document.key, file_id=fetched.files[paper.address]))
    return parts, tuple(problems)


def _repeated(message: FilingMessage, *, now: dt.datetime) -> FilingMessage:
    """The same dossier under another message: harmless when it says the same, else a person compares."""
    first = message.filing.messages.filter(kind="filed", state="taken").first()
    if first is None or _said(first) != _said(message):
        raise _Held([Problem("differs", "", say(N_("số hồ sơ %(number)s"), number=message.filing.number))])
    return _end(message, "note_repeat", now=now, by=N_("Hệ thống"))


def _said(message: FilingMessage) -> Any:
    content = json.loads(message.content)
    return content.get("HoSo") if isinstance(content, dict) else None


def _take_supplement(
    message: FilingMessage, read: ReadFiling, fetched: Fetched, *, by: Actor, now: dt.datetime
) -> FilingMessage:
    dossier = _dossier_of(message)
    parts, of_files = _parts(dossier.version.parts, read.filing, fetched)
    problems = [*read.problems, *of_files]
    if problems:
        raise _Held(problems)
    try:
        give_supplement(dossier, parts=parts, note=read.filing.note, by=by, now=now)
    except Refused as refused:
        raise _Held([Problem("state", "", say(refused.message, **refused.params))]) from refused
    return _end(message, "take", now=now, by=N_("Hệ thống"))


def _take_withdrawal(message: FilingMessage, filing: Filing, *, by: Actor, now: dt.datetime) -> FilingMessage:
    dossier = _dossier_of(message)
    try:
        withdraw(dossier, reason=filing.note, by=by, now=now)
    except Refused as refused:
        raise _Held([Problem("state", "", say(refused.message, **refused.params))]) from refused
    return _end(message, "take", now=now, by=N_("Hệ thống"))


def _withdrawn_before(
    message: FilingMessage, earlier: Sequence[FilingMessage], filing: Filing, *, by: Actor, now: dt.datetime
) -> FilingMessage:
    """Taken back while it still waited: no dossier comes of it, and the portal is told once."""
    for one in earlier:
        one.reason = filing.note
        _end(one, "withdraw", now=now, by=filing.filer.name, tells=False)
    return _end(message, "withdraw", now=now, by=filing.filer.name)


def _was_refused(message: FilingMessage) -> bool:
    return message.filing.messages.filter(kind="filed", state__in=("refused", "withdrawn")).exists()


def _dossier_of(message: FilingMessage) -> Dossier:
    dossier = message.filing.dossier
    if dossier is None:
        raise _Held([Problem("first", "", say(N_("số hồ sơ %(number)s"), number=message.filing.number))])
    return dossier


def _end(
    message: FilingMessage, verb: str, *, now: dt.datetime, by: str, tells: bool = True
) -> FilingMessage:
    """Note how a message ended, and have the portal told."""
    message.state = FILING_MESSAGE.after(message.state, verb)
    message.ended_at, message.ended_by = now, by
    if message.state in ("taken", "repeated") and not message.hand:
        message.problems = []
    message.save()
    if tells and message.state != "repeated":
        enqueue(
            FILING_CHANNEL,
            recipient=settings.NATIONAL_TARGET,
            payload={"message": str(message.pk), "subject": f"PhanHoiHoSoNop {message.filing.number}"},
            about=message,
            once_key=f"{FILING_CHANNEL}:{message.pk}",
        )
    return message


@action(
    "filing.held",
    permission=SYSTEM_ONLY,
    on=FilingMessage,
    under="filing",
    label=N_("Giữ tin từ Cổng quốc gia để xử lý"),
)
def hold_filing(
    message: FilingMessage, *, problems: Sequence[Problem], by: Actor, now: dt.datetime
) -> FilingMessage:
    """Put a message that cannot be taken in by itself before its owner, with all its problems."""
    if message.state != "waiting":
        return message
    message.state = FILING_MESSAGE.after(message.state, "hold")
    message.problems = [
        {"kind": one.kind, "place": one.place, "said": str(one.said)[:1000]} for one in problems[:100]
    ]
    message.hand, message.ended_by = {}, ""
    message.save(update_fields=["state", "problems", "hand", "ended_by"])
    publish(FilingWaits(message_id=message.pk, owner_id=message.owner_id))
    return message


# ---- people ----------------------------------------------------------------------------------------


@action(
    "filing.retried",
    permission=HANDLE_FILING,
    on=FilingMessage,
    under="filing",
    label=N_("Thử đưa hồ sơ từ Cổng quốc gia vào lại"),
)
def retry_filing(message: FilingMessage, *, by: Actor) -> FilingMessage:
    """Have the worker try again what was held: something has been put right. Raises ``NotInThisState``."""
    message.state = FILING_MESSAGE.after(message.state, "retry")
    message.save(update_fields=["state"])
    publish(FilingReleased(message_id=message.pk))
    return message


@action(
    "filing.taken_by_hand",
    permission=HANDLE_FILING,
    on=FilingMessage,
    under="filing",
    label=N_("Tiếp nhận tay hồ sơ từ Cổng quốc gia"),
)
def take_by_hand(
    message: FilingMessage, *, procedure: str, agency_id: UUID | None, by: Actor
) -> FilingMessage:
    """Have the dossier taken in although it is not whole, at a chosen agency; its desk asks for the rest.

    The law lets a desk take such a dossier and ask for a supplement (NĐ 61/2018 Art. 17.2). Raises
    ``NotTakenByHand`` where no dossier could come of it, ``HandChoiceMissing``.
    """
    state = FILING_MESSAGE.after(message.state, "take_by_hand")
    blocking = [
        PROBLEM_KINDS[one["kind"]].label for one in message.problems if not PROBLEM_KINDS[one["kind"]].by_hand
    ]
    if message.kind != "filed" or blocking:
        raise NotTakenByHand(why=say(blocking[0]) if blocking else say(N_("không phải tin nộp hồ sơ")))
    hand = {"procedure": procedure, "agency": str(agency_id) if agency_id else ""}
    to = destination_of(filing_read(message).filing, hand)
    if not procedure or agency_id is None or to.version is None or to.agency is None:
        raise HandChoiceMissing(field="agency")
    message.state, message.hand, message.ended_by = state, hand, by.signed
    message.save(update_fields=["state", "hand", "ended_by"])
    publish(FilingReleased(message_id=message.pk))
    return message


@action(
    "filing.refused",
    permission=HANDLE_FILING,
    on=FilingMessage,
    under="filing",
    label=N_("Từ chối hồ sơ từ Cổng quốc gia"),
)
def refuse_filing(message: FilingMessage, *, reason: str, by: Actor, now: dt.datetime) -> FilingMessage:
    """Refuse what cannot be taken in; the portal tells the applicant the reason. Raises ``NeedsReason``."""
    if not reason.strip():
        raise NeedsReason(field="reason")
    if message.state != "held":
        FILING_MESSAGE.after("taken", "refuse")
    message.reason = reason.strip()[:1000]
    return _end(message, "refuse", now=now, by=by.signed)
