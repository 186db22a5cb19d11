"""What the papers of a dossier say: snapshots taken in the verb that asks for them.

The fields are those of forms 01 to 03 of TT 01/2018/TT-VPCP; their numbers and titles come from the
dossier's legal profile, because later acts renumbered them.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings

from dinh.foundation.actions.public import Actor
from dinh.kernel.agencies import parse_dossier_code
from dinh.kernel.errors import existing
from dinh.kernel.money import amount_words, format_dong
from dinh.kernel.profiles import FormCode, get_profile
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import Dossier, DossierPart, FeeItem, Paper, PostalFiling, ReturnAddress
from dinh.onestop.queries.clocks import dossier_limit
from dinh.onestop.queries.postal import written_address

if TYPE_CHECKING:
    from dinh.onestop.models import Supplement

__all__ = [
    "apology_content",
    "control_slip_content",
    "fee_receipt_content",
    "follow_address",
    "get_paper",
    "moment_words",
    "proof_content",
    "receipt_content",
    "refusal_content",
    "rejection_content",
    "register_line",
    "supplement_content",
]


def moment_words(at: dt.datetime) -> str:
    """Return a moment as the forms write it: 14 giờ 05 phút, ngày 02 tháng 03 năm 2026."""
    local = at.astimezone(VIETNAM)
    month = f"{local.month:02d}" if local.month < 3 else str(local.month)
    time = f"{local.hour:02d} giờ {local.minute:02d} phút"  # data: papers are Vietnamese
    day = f"ngày {local.day:02d} tháng {month} năm {local.year}"  # data: papers are Vietnamese
    return f"{time}, {day}"


def follow_address(dossier: Dossier) -> str:
    """The public address at which anyone with the code sees how far the dossier is."""
    return f"{settings.PUBLIC_ADDRESS}/tra-cuu/?ma={dossier.code or dossier.request_code}"


def _head(dossier: Dossier, form: str, *, by: Actor | None, now: dt.datetime) -> dict[str, Any]:
    agency = dossier.agency
    return {
        "form": form,
        "above": agency.parent.name if agency.parent_id and agency.parent else "",
        "agency": agency.name,
        "desk": dossier.reception_unit.name,
        "code": dossier.code or dossier.request_code,
        "name": dossier.applicant_name,
        "filed_by": dossier.filed_by,
        "address": dossier.applicant_address,
        "phone": dossier.applicant_phone,
        "email": dossier.applicant_email,
        "subject": dossier.subject,
        "made_at": moment_words(now),
        "made_on": now.astimezone(VIETNAM).date().isoformat(),
        "official": by.name if by is not None and by.kind == "official" else "",
        "follow": follow_address(dossier),
    }


def _form_title(dossier: Dossier, key: FormCode, now: dt.datetime) -> dict[str, str]:
    form = get_profile(dossier.profile).form(key, on=now.astimezone(VIETNAM).date())
    return {"form_number": form.number, "form_title": form.title}


def _parts(dossier: Dossier) -> list[dict[str, Any]]:
    parts = DossierPart.objects.filter(dossier=dossier, replaced_at=None).select_related("file")
    rows = []
    for part in parts:
        file = part.file
        rows.append(
            {
                "document": part.document_name,
                "original": part.is_original,
                "file": file.name if file else "",
                "size": file.size if file else 0,
                "sha256": file.sha256 if file else "",
                "media_type": file.media_type if file else "",
            }
        )
    return rows


def proof_content(dossier: Dossier, *, now: dt.datetime) -> dict[str, Any]:
    """The proof of submission: what was sent, with name, size and SHA-256 of every file."""
    return {
        **_head(dossier, "proof", by=None, now=now),
        "submitted_at": moment_words(dossier.submitted_at),
        "intake": dossier.intake_desk.name if dossier.intake_desk is not None else "",
        "parts": _parts(dossier),
    }


def receipt_content(
    dossier: Dossier,
    *,
    parts: Iterable[DossierPart],
    fees: Iterable[FeeItem],
    came: PostalFiling | None = None,
    back: ReturnAddress | None = None,
    is_paid: bool = False,
    by: Actor,
    now: dt.datetime,
) -> dict[str, Any]:
    """Form 01, receipt with the due moment (Giấy tiếp nhận hồ sơ và hẹn trả kết quả).

    ``came``: how it came by post; ``back``: the address to which the post brings the result; ``is_paid``: the
    fees are paid in the same act.
    """
    return {
        **_head(dossier, "receipt", by=by, now=now),
        **_form_title(dossier, "receipt", now),
        "documents": [
            {"name": name, "kind": kind} for name, kind in dict.fromkeys(_document_rows(dossier, parts))
        ],
        "sets": dossier.version.parts.copies,
        "limit": str(dossier_limit(dossier).words),
        "accepted_at": moment_words(now),
        "due_at": moment_words(dossier.due_at) if dossier.due_at else "",
        "return_at": _return_place(dossier, back),
        "postal": _came_by_post(came),
        "postage": f"{format_dong(back.postage)}, trả cho bưu chính khi nhận"  # data: papers are Vietnamese
        if back is not None and back.postage
        else "",
        "register_book": str(now.astimezone(VIETNAM).year),
        "fees": [
            {"name": fee.name, "amount": fee.amount, "paid": is_paid or fee.paid_at is not None}
            for fee in fees
        ],
    }


def _return_place(dossier: Dossier, back: ReturnAddress | None) -> str:
    """Where the result is received: at the desk, or by post at an address."""
    if back is not None:
        return (
            f"bưu chính, phát tới: {back.recipient}, {written_address(back)}"  # data: papers are Vietnamese
        )
    return (dossier.intake_desk or dossier.reception_unit).name


def _came_by_post(came: PostalFiling | None) -> str:
    if came is None:
        return ""
    words = f"số hiệu bưu gửi {came.number}"  # data: papers are Vietnamese
    if came.postmarked_on is not None:
        words += f", dấu bưu điện ngày {came.postmarked_on:%d/%m/%Y}"  # data: papers are Vietnamese
    return f"{words}, đến ngày {came.arrived_on:%d/%m/%Y}"  # data: papers are Vietnamese


def register_line(dossier: Dossier) -> str:
    """The dossier's line in the register (form 06): ordinal of the day, and the day."""
    code = parse_dossier_code(dossier.code or "")
    return f"{code.ordinal:04d} ngày {code.on:%d/%m/%Y}"  # data: papers are Vietnamese


def _document_rows(dossier: Dossier, parts: Iterable[DossierPart]) -> list[tuple[str, str]]:
    rows = []
    for document in dossier.version.parts.documents:
        if document.origin == "form":
            rows.append((document.name, "bản điện tử"))  # data: papers are Vietnamese
    for part in parts:
        kind = "bản chính" if part.is_original else "bản sao"  # data: papers are Vietnamese
        rows.append((part.document_name, kind))
    return rows


def supplement_content(
    dossier: Dossier, supplement: "Supplement", *, by: Actor, now: dt.datetime
) -> dict[str, Any]:
    """Form 02, request to complete the dossier (Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ), with the moment
    until which the dossier waits.
    """
    names = {document.key: document.name for document in dossier.version.parts.documents}
    return {
        **_head(dossier, "supplement", by=by, now=now),
        **_form_title(dossier, "supplement", now),
        "items": [
            f"{names[item['document']]}: {item['text']}" if item.get("document") in names else item["text"]
            for item in supplement.items
        ],
        "reason": supplement.reason,
        "contact": supplement.contact,
        "answer_by": moment_words(supplement.answer_by) if supplement.answer_by else "",
    }


def refusal_content(dossier: Dossier, *, reason: str, by: Actor, now: dt.datetime) -> dict[str, Any]:
    """Form 03, of a dossier that the desk does not take (Phiếu từ chối tiếp nhận giải quyết hồ sơ)."""
    return {
        **_head(dossier, "refusal", by=by, now=now),
        **_form_title(dossier, "refusal", now),
        "reason": reason.strip(),
    }


def rejection_content(dossier: Dossier, *, reason: str, by: Actor, now: dt.datetime) -> dict[str, Any]:
    """The notice that an accepted dossier was appraised and is not resolved (NĐ 61/2018 Art. 19.8).

    The law asks for writing with the reasons and gives it no form: form 03 is about reception alone, in
    TT 01/2018 and in TT 03/2025.
    """
    return {
        **_head(dossier, "rejection", by=by, now=now),
        "form_title": "Thông báo từ chối giải quyết hồ sơ",  # data: papers are Vietnamese
        "accepted_at": moment_words(dossier.accepted_at) if dossier.accepted_at else "",
        "appraised_by": dossier.agency.name,
        "reason": reason.strip(),
    }


def apology_content(
    dossier: Dossier,
    *,
    reason: str,
    old_due_at: dt.datetime,
    new_due_at: dt.datetime,
    lines: Iterable[str],
    signer: str,
    by: Actor,
    now: dt.datetime,
) -> dict[str, Any]:
    """Form 04, apology with a new date (Phiếu xin lỗi và hẹn lại ngày trả kết quả).

    ``lines`` and ``signer`` stand above and below the signature of the agency's head.
    """
    accepted = moment_words(dossier.accepted_at) if dossier.accepted_at else ""
    return {
        **_head(dossier, "apology", by=by, now=now),
        **_form_title(dossier, "apology", now),
        "accepted_at": accepted,
        "old_due_at": moment_words(old_due_at),
        "new_due_at": moment_words(new_due_at),
        "is_late": new_due_at > old_due_at and now > old_due_at,
        "reason": reason,
        "lines": list(lines),
        "signer": signer,
    }


def stop_content(dossier: Dossier, *, reason: str, by: Actor, now: dt.datetime) -> dict[str, Any]:
    """Form 05 since 2025, notice of stopping (Thông báo dừng giải quyết hồ sơ)."""
    return {
        **_head(dossier, "stop", by=by, now=now),
        **_form_title(dossier, "stop", now),
        "reason": reason.strip(),
    }


def control_slip_content(
    dossier: Dossier,
    *,
    agency: str,
    supporting: Iterable[str],
    rows: Iterable[Mapping[str, str]],
    by: Actor,
    now: dt.datetime,
) -> dict[str, Any]:
    """The control slip (form 05 of 2018, 06 of 2025): one row a step, as it stands now."""
    return {
        **_head(dossier, "control_slip", by=by, now=now),
        **_form_title(dossier, "control_slip", now),
        "slip_agency": agency,
        "supporting": list(supporting),
        "rows": [dict(row) for row in rows],
    }


def fee_receipt_content(
    dossier: Dossier,
    *,
    lines: Iterable[FeeItem],
    amount: int,
    rest: int,
    method: str,
    paid_at: dt.datetime,
    reference: str,
    by: Actor,
    now: dt.datetime,
) -> dict[str, Any]:
    """The receipt for fees (Biên lai thu phí, lệ phí; NĐ 123/2020/NĐ-CP Art. 32): who, for what, how much.

    ``amount`` is what was received for fees, ``rest`` what is still to be paid, in đồng.
    """
    return {
        **_head(dossier, "fee_receipt", by=by, now=now),
        "form_title": "Biên lai thu phí, lệ phí",  # data: papers are Vietnamese
        "fees": [{"name": fee.name, "amount": fee.amount} for fee in lines],
        "amount": format_dong(amount),
        "amount_words": amount_words(amount),
        "rest": format_dong(rest) if rest else "",
        "method": method,
        "paid_at": moment_words(paid_at),
        "reference": reference,
        "identity": dossier.applicant_identity,
    }


def get_paper(paper_id: UUID) -> Paper:
    """Return a paper for the job that draws it. Raises ``NotFound``."""
    return existing(Paper.objects.filter(pk=paper_id).first())
