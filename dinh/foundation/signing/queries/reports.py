"""Reads about signed files: what a report says in words, how far a preservation is."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from dinh.foundation.signing.adapters.reading import report_from
from dinh.foundation.signing.models import Key, Preservation, ValidationReport
from dinh.foundation.signing.rules.signatures import Report, SignatureReport, Verdict
from dinh.kernel.errors import N_

__all__ = [
    "ReportInWords",
    "SignatureInWords",
    "due_preservations",
    "latest_reports",
    "preserved_file_id",
    "report_in_words",
    "upload_words",
]


def preserved_file_id(file_id: UUID) -> UUID:
    """Return the file to show for a signed one: the extended one when it is there, else itself."""
    row = Preservation.objects.filter(file_id=file_id).first()
    return row.preserved_file_id if row is not None and row.preserved_file_id else file_id


def due_preservations(now: dt.datetime, *, limit: int = 500) -> list[UUID]:
    """Return what waits longer than it should: its job was lost."""
    late = now - dt.timedelta(minutes=10)
    rows = Preservation.objects.filter(state=Preservation.State.WAITING, next_attempt_at__lte=late)
    return list(rows.order_by("next_attempt_at").values_list("pk", flat=True)[:limit])


# ---- reports -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureInWords:
    """One signature for a screen: who, for whom, when, and the findings as sentences."""

    signer: str
    title: str
    agency: str
    serial: str
    issuer: str
    at: dt.datetime | None
    is_stamped: bool
    is_sample: bool
    reason: str
    verdict: str
    verdict_words: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportInWords:
    """A report for a screen or a paper, in the reader's language."""

    verdict: str
    summary: str
    notice: str
    signatures: tuple[SignatureInWords, ...]
    checked_at: dt.datetime
    sha256: str


def latest_reports(hashes: Collection[str]) -> dict[str, Report]:
    """Return the last kept report of each of the contents that were checked, by SHA-256. One query."""
    if not hashes:
        return {}
    newest_last = reversed(ValidationReport.objects.filter(sha256__in=set(hashes)))
    return {row.sha256: _kept(row) for row in newest_last}


def _kept(row: ValidationReport) -> Report:
    return report_from(
        {
            "sha256": row.sha256,
            "size": row.size,
            "checked_at": row.checked_at.isoformat(),
            "signatures": row.signatures,
            "verdict": row.verdict,
            "problem": row.problem,
        }
    )


def report_in_words(report: Report) -> ReportInWords:
    """Return the report as sentences."""
    names = _whole_names(report)
    return ReportInWords(
        verdict=report.verdict.value,
        summary=_summary(report),
        notice=_("Chữ ký mẫu – không có giá trị pháp lý.") if report.is_sample else "",
        signatures=tuple(_in_words(one, names) for one in report.signatures if not one.is_time_stamp),
        checked_at=report.checked_at,
        sha256=report.sha256,
    )


_SUMMARIES = {
    Verdict.VALID: N_("Mọi chữ ký số đều hợp lệ, nội dung còn nguyên vẹn."),
    Verdict.INVALID: N_(
        "Có chữ ký số không hợp lệ. Không nên dùng văn bản này; hãy xin bản khác từ nơi phát hành."
    ),
    Verdict.UNKNOWN: N_("Chưa đủ thông tin để kết luận về chữ ký số."),
}


def _summary(report: Report) -> str:
    if report.problem:
        return _(report.problem)
    if not report.is_signed:
        return _("Tệp không có chữ ký số.")
    return _(_SUMMARIES[report.verdict])


# A certificate has room for 64 bytes of a name: one this long may have been cut.
_PERHAPS_CUT = 60


def _whole_names(report: Report) -> dict[str, str]:
    """The whole names of holders whose certificates may have cut them, by serial number: those of this
    house's own keys. Only where the signature is valid: any other certificate can claim any number.
    """
    cut = {
        one.certificate.serial: one.certificate.issuer
        for one in report.signatures
        if one.verdict is Verdict.VALID and len(one.certificate.name.encode()) >= _PERHAPS_CUT
    }
    keys = Key.objects.filter(serial__in=cut) if cut else ()
    return {key.serial: key.label for key in keys if key.issuer == cut[key.serial]}


def _in_words(one: SignatureReport, names: Mapping[str, str]) -> SignatureInWords:
    return SignatureInWords(
        signer=names.get(one.certificate.serial, one.certificate.name),
        title=one.certificate.title,
        agency=one.certificate.agency,
        serial=one.certificate.serial,
        issuer=one.certificate.issuer,
        at=min((at for at in (one.claimed_at, one.stamped_at) if at), default=None),
        is_stamped=one.stamped_at is not None,
        is_sample=one.is_sample,
        reason=one.reason,
        verdict=one.verdict.value,
        verdict_words=_(one.verdict.words),
        sentences=tuple(_(text) % values for text, values in one.sentences),
    )


def upload_words(report: Report) -> str:
    """Return one or two sentences about the signatures of an upload that a citizen understands."""
    if report.problem:
        return _("Chưa kiểm tra được chữ ký số trong tệp này. Ông/Bà vẫn có thể nộp; cán bộ sẽ kiểm tra lại.")
    if not report.is_signed:
        return _("Tệp không có chữ ký số.")
    signers = ", ".join(
        dict.fromkeys(one.certificate.name for one in report.signatures if not one.is_time_stamp)
    )
    if report.verdict is Verdict.VALID:
        return _("Tệp được ký số bởi %(signers)s; chữ ký hợp lệ, nội dung còn nguyên vẹn.") % {
            "signers": signers
        }
    if report.verdict is Verdict.INVALID:
        return _(
            "Chữ ký số của %(signers)s trong tệp không còn hợp lệ: tệp đã bị sửa sau khi ký hoặc chứng thư "
            "không dùng được. Hãy tải lên bản gốc chưa chỉnh sửa."
        ) % {"signers": signers}
    return _(
        "Tệp có chữ ký số của %(signers)s nhưng chưa xác minh được chứng thư. Ông/Bà vẫn có thể nộp; "
        "cán bộ sẽ kiểm tra lại."
    ) % {"signers": signers}
