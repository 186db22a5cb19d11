"""Dossiers in the field names of the national portal, and what became of what it was told."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from dinh.foundation.actions.public import Actor, Attempt, attempts_at, messages_of_rows, page_after
from dinh.kernel.errors import NotAllowed, existing
from dinh.onestop.models import (
    Dossier,
    DossierPart,
    FeeItem,
    NationalDossier,
    NationalMessage,
    PaymentOrder,
    Result,
    StepRun,
    Supplement,
)
from dinh.onestop.permissions import NATIONAL
from dinh.onestop.queries.papers import follow_address
from dinh.onestop.rules.national import (
    CHANNEL_CODES,
    SERVICES,
    STATUSES,
    StatusFacts,
    applicant_kind,
    as_flag,
    as_moment,
    identity_kind,
    status_of,
    status_of_step,
    supplement_state,
)

__all__ = [
    "check_manages",
    "NationalFate",
    "NationalLine",
    "NationalSummary",
    "Record",
    "access_national_message",
    "message_to_send",
    "national_fates",
    "national_lines",
    "national_summary",
    "read_record",
]

PAGE = 50
# Kinds of steps behind the decision: only these may be open while a signed result waits for its fee.
_BEHIND_THE_DECISION = frozenset({"issue", "return"})


@dataclass(frozen=True, slots=True)
class Record:
    """One dossier with what its national record is made of, read at one moment."""

    dossier: Dossier
    steps: Sequence[StepRun]
    supplements: Sequence[Supplement]
    fees: Sequence[FeeItem]
    status: int


def read_record(dossier_id: UUID) -> Record:
    """Read a dossier and derive its status. Five queries."""
    related = ("procedure", "agency", "version", "representation")
    dossier = Dossier.objects.select_related(*related).get(pk=dossier_id)
    steps = list(StepRun.objects.filter(dossier=dossier).select_related("unit"))
    supplements = list(Supplement.objects.filter(dossier=dossier))
    fees = list(FeeItem.objects.filter(dossier=dossier))
    orders = list(PaymentOrder.objects.filter(dossier=dossier))
    facts = StatusFacts(
        state=dossier.state,
        is_accepted=dossier.accepted_at is not None,
        was_supplemented=any(one.answered_at is not None for one in supplements),
        is_taken=any(_is_taken(step) for step in steps) or _was_asked(dossier, orders, fees),
        awaits_payment=_awaits_payment(steps, fees, orders),
    )
    return Record(dossier, steps, supplements, fees, status_of(facts))


def _is_taken(step: StepRun) -> bool:
    return step.kind != "receive" and (step.state == "done" or step.holder_id is not None)


def _awaits_payment(
    steps: Sequence[StepRun], fees: Sequence[FeeItem], orders: Sequence[PaymentOrder]
) -> bool:
    """Whether the applicant has been asked for a fee that is owed: by an order that is open, by a fee that
    holds the steps up, or because nothing but handing over is left."""
    owed = [fee for fee in fees if fee.paid_at is None and fee.voided_at is None and fee.amount]
    kinds = {step.kind for step in steps if step.state == "open"}
    is_asked = any(order.state == "open" for order in orders) or any(fee.due == "acceptance" for fee in owed)
    return bool(owed) and (is_asked or (bool(kinds) and kinds <= _BEHIND_THE_DECISION))


def _was_asked(dossier: Dossier, orders: Sequence[PaymentOrder], fees: Sequence[FeeItem]) -> bool:
    """Whether a payment was asked for since the acceptance: the portal then knows the dossier as handled."""
    since = dossier.accepted_at
    return since is not None and (
        any(order.asked_at >= since for order in orders)
        or any(fee.due == "acceptance" and fee.amount for fee in fees)
    )


# The national portal's own field names (vn-standards 3.7): data, not sentences.


def ho_so(record: Record) -> dict[str, Any]:
    """Return the HoSo of a dossier. Files stay here: their names and identifiers go, no address leads in."""
    dossier = record.dossier
    is_refused = dossier.state == "refused"
    number = dossier.applicant_identity
    return {
        "MaHoSo": str(dossier),
        "SoBienNhan": dossier.request_code,
        "MaTTHC": dossier.procedure.code,
        "TenTTHC": dossier.version.parts.name,
        "MaLinhVuc": dossier.procedure.field_code,
        "TenLinhVuc": dossier.procedure.field_name,
        "KenhThucHien": CHANNEL_CODES[dossier.channel],
        "ChuHoSo": dossier.applicant_name,
        "LoaiDoiTuong": applicant_kind(dossier.representation.kind if dossier.representation else "", number),
        "SoGiayToChuHoSo": number,
        "DinhDanhCHS": [{"LoaiDinhDanh": identity_kind(number), "SoDinhDanh": number}] if number else [],
        "Email": dossier.applicant_email,
        "SoDienThoai": dossier.applicant_phone,
        "TrichYeuHoSo": dossier.subject[:1000],
        "NgayNopHoSo": as_moment(dossier.submitted_at),
        "NgayTiepNhan": as_moment(dossier.accepted_at),
        "NgayHenTra": as_moment(dossier.due_at),
        "TrangThaiHoSo": str(record.status),
        "NgayTuChoi": as_moment(dossier.finished_at) if is_refused else "",
        "NgayKetThucXuLy": as_moment(dossier.finished_at),
        "NgayTra": as_moment(dossier.returned_at),
        "HinhThuc": "1" if dossier.return_way == "post" else "0",
        "NoiNopHoSo": "1" if dossier.external_code else "2",
        **({"SoHoSoDVCQG": dossier.external_code} if dossier.external_code else {}),
        "DonViXuLy": dossier.agency.name,
        "GhiChu": "",
        "TaiLieuNop": [_document(part) for part in DossierPart.objects.filter(dossier=dossier)],
        "DanhSachLePhi": [_fee(fee) for fee in record.fees],
        "DanhSachHoSoBoSung": [
            _supplement(one, is_accepted=dossier.accepted_at is not None) for one in record.supplements
        ],
        "DanhSachGiayToKetQua": [
            _result(row, dossier) for row in Result.objects.filter(dossier=dossier, state="issued")
        ],
    }


def _document(part: DossierPart) -> dict[str, str]:
    return {
        "TepDinhKemId": str(part.pk),
        "TenTepDinhKem": part.document_name,
        "IsDeleted": as_flag(part.replaced_at is not None),
        "MaThanhPhanHoSo": part.document_key,
        "DuongDanTaiTepTin": "",
        "DuocSoHoa": "1" if part.file_id else "0",
    }


def _fee(fee: FeeItem) -> dict[str, str]:
    return {
        "TenPhiLePhi": fee.name,
        "MaPhiLePhi": fee.key,
        "LoaiPhiLePhi": "1" if fee.kind == "phi" else "2",
        "Gia": str(fee.amount),
        "HinhThucThu": "1" if fee.paid_at else "0",
    }


def _supplement(one: Supplement, *, is_accepted: bool) -> dict[str, str]:
    return {
        "HoSoBoSungId": str(one.pk),
        "NguoiYeuCauBoSung": one.asked_by,
        "NoiDungBoSung": "; ".join([one.reason, *(str(item.get("text", "")) for item in one.items)])[:1000],
        "NgayBoSung": as_moment(one.asked_at),
        "NgayTiepNhanBoSung": as_moment(one.answered_at),
        "TrangThaiBoSung": supplement_state(is_answered=one.answered_at is not None, is_accepted=is_accepted),
    }


def _result(result: Result, dossier: Dossier) -> dict[str, str]:
    return {
        "TenGiayTo": dossier.version.parts.result_of(result.key).name,
        "MaThanhPhanHoSo": result.number,
        "GiayToId": str(result.pk),
        "DuongDanTepTinKetQua": follow_address(dossier),
    }


def tien_do(record: Record, known: Sequence[str]) -> list[tuple[str, dict[str, str]]]:
    """Return the progress rows of ended steps that are not known yet, with the steps' identifiers."""
    ended = [step for step in record.steps if step.state == "done" and str(step.pk) not in known]
    ended.sort(key=lambda step: (step.done_at or step.opened_at, step.pk))
    return [(str(step.pk), _progress(step, record.dossier)) for step in ended]


def _progress(step: StepRun, dossier: Dossier) -> dict[str, str]:
    # The officials' notes are not the applicant's; the portal gets the step and its outcome.
    words = f"{step.name}: {step.outcome_label}" if step.outcome_label else step.name
    return {
        "MaHoSo": str(dossier),
        "NguoiXuLy": step.done_by,
        "ChucDanh": step.done_position,
        "ThoiDiemXuLy": as_moment(step.done_at),
        "PhongBanXuLy": step.unit.name,
        "NoiDungXuLy": words[:1000],
        "TrangThai": str(status_of_step(step.kind)),
        "NgayBatDau": as_moment(step.opened_at),
        "NgayKetThucTheoQuyDinh": as_moment(step.due_at),
    }


# Sending


def message_to_send(message_id: UUID) -> NationalMessage | None:
    """Return a message that is still to be sent; None when it has arrived or was replaced meanwhile."""
    return NationalMessage.objects.filter(pk=message_id, state__in=("sending", "dead")).first()


# Screens


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalLine:
    """One dossier as the list of synchronisation shows it. ``waiting`` counts messages not yet there."""

    dossier_id: UUID
    code: str
    procedure: str
    agency: str
    status: int
    status_label: str
    changed_at: dt.datetime | None
    waiting: int
    is_stuck: bool
    error: str
    next_attempt_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalFate:
    """One message as a dossier's page of synchronisation shows it."""

    id: UUID
    sequence: int
    service: str
    status_label: str
    state: str
    state_label: str
    made_at: dt.datetime
    ended_at: dt.datetime | None
    attempts: Sequence[Attempt]
    attempt_count: int
    error: str
    next_attempt_at: dt.datetime | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalSummary:
    """How far the portal knows us: counts of dossiers and messages, the last that arrived."""

    dossiers: int
    synchronised: int
    behind: int
    stuck: int
    waiting_messages: int
    last_delivered_at: dt.datetime | None
    by_status: Sequence[tuple[int, str, int]]


def check_manages(by: Actor) -> None:
    """Raise ``NotAllowed`` for who does not look after the connections with other systems."""
    if not NATIONAL.may(by, None):
        raise NotAllowed(reason=NATIONAL.label)


def national_summary(by: Actor) -> NationalSummary:
    """Count dossiers by how far the portal knows them. Raises ``NotAllowed``."""
    check_manages(by)
    known = NationalDossier.objects.filter(sequence__gt=0)
    counts = dict(
        known.order_by().values_list("status").annotate(count=Count("pk")).values_list("status", "count")
    )
    open_messages = NationalMessage.objects.filter(state__in=("queued", "sending", "dead"))
    behind = open_messages.order_by().aggregate(
        dossiers=Count("dossier", distinct=True),
        stuck=Count("dossier", distinct=True, filter=Q(state="dead")),
        messages=Count("pk"),
    )
    last = NationalMessage.objects.filter(state="delivered").order_by("-ended_at").first()
    total = sum(counts.values())
    return NationalSummary(
        dossiers=total,
        synchronised=total - behind["dossiers"],
        behind=behind["dossiers"],
        stuck=behind["stuck"],
        waiting_messages=behind["messages"],
        last_delivered_at=last.ended_at if last else None,
        by_status=[(code, label, counts.get(code, 0)) for code, label in STATUSES.items()],
    )


def national_lines(
    by: Actor, *, words: str = "", kind: str = "", status: int | None = None, after: str = ""
) -> tuple[Sequence[NationalLine], str]:
    """Return a page of dossiers that the portal was told of, newest first, and the mark that continues it.

    ``kind``: ``behind`` (messages wait), ``stuck`` (one could not be delivered), or all.
    Raises ``NotAllowed``.
    """
    check_manages(by)
    rows = NationalDossier.objects.filter(sequence__gt=0).select_related(
        "dossier", "dossier__procedure", "dossier__agency"
    )
    rows = rows.defer("dossier__data", "dossier__search_text")
    rows = _of_kind(rows, kind)
    if status is not None:
        rows = rows.filter(status=status)
    if words:
        code = words.strip().upper()
        rows = rows.filter(Q(dossier__code=code) | Q(dossier__request_code=code))
    shown, mark = page_after(rows, after, PAGE)
    return _lines(shown), mark


def _of_kind(rows: QuerySet[NationalDossier], kind: str) -> QuerySet[NationalDossier]:
    states = {"behind": ("queued", "sending", "dead"), "stuck": ("dead",)}.get(kind)
    if states is None:
        return rows
    return rows.filter(pk__in=NationalMessage.objects.filter(state__in=states).values("dossier_id"))


def _lines(rows: Sequence[NationalDossier]) -> list[NationalLine]:
    waiting: dict[UUID, list[NationalMessage]] = {}
    open_messages = NationalMessage.objects.filter(
        dossier__in=[row.pk for row in rows], state__in=("queued", "sending", "dead")
    )
    for message in open_messages.defer("content"):
        waiting.setdefault(message.dossier_id, []).append(message)
    heads = [messages[0] for messages in waiting.values()]
    sent = messages_of_rows(heads)
    lines = []
    for row in rows:
        messages = waiting.get(row.pk, [])
        fate = sent.get(str(messages[0].pk)) if messages else None
        lines.append(
            NationalLine(
                dossier_id=row.pk,
                code=str(row.dossier),
                procedure=row.dossier.procedure.short_name,
                agency=row.dossier.agency.name,
                status=row.status or 0,
                status_label=STATUSES.get(row.status or 0, ""),
                changed_at=row.changed_at,
                waiting=len(messages),
                is_stuck=any(message.state == "dead" for message in messages),
                error=fate.last_error if fate else "",
                next_attempt_at=fate.next_attempt_at if fate and fate.state == "waiting" else None,
            )
        )
    return lines


def national_fates(by: Actor, dossier_id: UUID) -> tuple[NationalDossier, Sequence[NationalFate]]:
    """Return a dossier's record and all its messages, newest first. Raises ``NotAllowed``, ``NotFound``."""
    check_manages(by)
    row = NationalDossier.objects.select_related("dossier__procedure", "dossier__agency")
    found = existing(row.filter(pk=dossier_id).first())
    messages = list(NationalMessage.objects.filter(dossier=dossier_id).order_by("-sequence").defer("content"))
    sent = messages_of_rows(messages)
    return found, [_fate(message, sent.get(str(message.pk))) for message in messages]


def _fate(message: NationalMessage, sent: Any) -> NationalFate:
    return NationalFate(
        id=message.pk,
        sequence=message.sequence,
        service=SERVICES[message.service],
        status_label=STATUSES[message.status],
        state=message.state,
        state_label=NationalMessage.State(message.state).label,
        made_at=message.made_at,
        ended_at=message.ended_at,
        attempts=attempts_at(sent.id) if sent and message.state in ("sending", "dead") else (),
        attempt_count=sent.attempts if sent else 0,
        error=sent.last_error if sent else "",
        next_attempt_at=sent.next_attempt_at if sent and sent.state == "waiting" else None,
        reason=message.reason,
    )


def access_national_message(by: Actor, message_id: UUID) -> NationalMessage:
    """Return a message. Raises ``NotAllowed``, ``NotFound``."""
    check_manages(by)
    return existing(NationalMessage.objects.filter(pk=message_id).first())
