"""Where a signature stands on the page, how it is told in words, and when it is valid. Pure."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from dinh.kernel.errors import N_, Refused
from dinh.kernel.worktime import VIETNAM

__all__ = [
    "MM",
    "SEAL_MM",
    "AgencySeal",
    "Appearance",
    "BadImage",
    "BadKeyFile",
    "BadPdf",
    "BadRequest",
    "Box",
    "Certificate",
    "CertificateStatus",
    "CornerText",
    "Coverage",
    "HandSignature",
    "KeyNotUsable",
    "KeySuspendedNow",
    "NoKey",
    "NoSuchField",
    "NotInSample",
    "NumberFields",
    "OwnerHasKey",
    "PaperFields",
    "PdfTooLarge",
    "Rectangle",
    "Report",
    "ServiceUnavailable",
    "SignatureReport",
    "TokenUnavailable",
    "UNREAD_SIGNATURE",
    "Unseen",
    "Verdict",
    "certificate_serial",
    "corner_lines",
    "delay_of",
    "iso_local",
    "overall_verdict",
    "seal_box",
    "signature_box",
    "signature_verdict",
    "signer_field",
    "unread",
]

MM = 72 / 25.4
"""One millimetre in points."""

SEAL_MM = 36
"""Diameter of the round seal of a people's committee; NĐ 30/2020 app. I shows it in real size."""

SIGNATURE_WIDTH_MM, SIGNATURE_HEIGHT_MM = 46, 21


# ---- what is refused ---------------------------------------------------------------------------


class BadPdf(Refused):
    message = N_("Tệp này không phải PDF đọc được hoặc đã hỏng. Hãy mở thử, xuất lại thành PDF rồi gửi lại.")


class PdfTooLarge(Refused):
    message = N_(
        "Tệp PDF quá lớn hoặc quá phức tạp để kiểm tra chữ ký (tối đa %(limit)s MB). Hãy chia nhỏ tệp."
    )


UNREAD_SIGNATURE = N_(
    "Tệp có chữ ký số không đọc được: tệp đã bị sửa, bị hỏng, hoặc dùng kiểu chữ ký cũ không được hỗ trợ."
)


class BadImage(Refused):
    message = N_("Ảnh chữ ký hoặc con dấu không dùng được. Hãy dùng ảnh PNG nền trong suốt, tối đa 2 MB.")


class KeyNotUsable(Refused):
    message = N_(
        "Không ký được: chứng thư số “%(label)s” %(reason)s. Hãy liên hệ quản trị hệ thống để cấp lại."
    )


class KeySuspendedNow(KeyNotUsable):
    message = N_(
        "Không ký được: chứng thư số “%(label)s” đang tạm dừng (%(why)s). Văn bản chưa bị thay đổi; hãy liên"
        " hệ quản trị chữ ký số."
    )


class NoSuchField(Refused):
    message = N_("Văn bản không còn chỗ “%(name)s” để điền hoặc ký. Hãy lập lại văn bản rồi trình ký lại.")


class TokenUnavailable(Refused):
    message = N_("Thiết bị ký số không sẵn sàng. Hãy kiểm tra thiết bị rồi ký lại; văn bản chưa bị thay đổi.")


class BadRequest(Refused):
    message = N_("Yêu cầu gửi tới dịch vụ chứng thực không đọc được.")


class ServiceUnavailable(Exception):
    """A time stamp or revocation service did not answer well; the job tries again later."""


class OwnerHasKey(Refused):
    message = N_(
        "“%(owner)s” đang có chứng thư số dùng được. Hãy ngừng dùng hoặc thu hồi chứng thư cũ trước."
    )


class NoKey(Refused):
    message = N_("“%(owner)s” chưa có chứng thư số đang dùng. Hãy đề nghị quản trị hệ thống cấp chứng thư.")


class BadKeyFile(Refused):
    message = N_(
        "Không đọc được tệp chứng thư hoặc mật khẩu không đúng. Hãy chọn đúng tệp .p12 và nhập lại mật khẩu."
    )


class NotInSample(Refused):
    message = N_("Chứng thư mẫu chỉ cấp được khi hệ thống chạy ở chế độ mẫu.")


# ---- places on the page ------------------------------------------------------------------------


class Rectangle(Protocol):
    """Anything that names a rectangle on a page (``ui.Place`` does)."""

    @property
    def page(self) -> int: ...
    @property
    def x(self) -> float: ...
    @property
    def y(self) -> float: ...
    @property
    def width(self) -> float: ...
    @property
    def height(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in points from the page's top left corner; pages count from 1."""

    page: int
    x: float
    y: float
    width: float
    height: float


def signature_box(place: Rectangle) -> Box:
    """Centre the hand signature in the place between position and name (box 7c of NĐ 30/2020)."""
    scale = min(1.0, place.width / (SIGNATURE_WIDTH_MM * MM), place.height / (SIGNATURE_HEIGHT_MM * MM))
    width, height = SIGNATURE_WIDTH_MM * MM * scale, SIGNATURE_HEIGHT_MM * MM * scale
    return Box(
        place.page,
        place.x + (place.width - width) / 2,
        place.y + (place.height - height) / 2,
        width,
        height,
    )


def seal_box(place: Rectangle, *, seal_mm: float = SEAL_MM) -> Box:
    """Lay the seal, in real size, over the left third of the hand signature (box 8 of NĐ 30/2020)."""
    signature = signature_box(place)
    side = seal_mm * MM
    right = signature.x + signature.width / 3
    return Box(
        place.page,
        max(0.0, right - side),
        max(0.0, signature.y + signature.height / 2 - side / 2),
        side,
        side,
    )


def signer_field(number: int) -> str:
    """Return the name of the field of the ``number``-th person who signs, from 1."""
    return f"signer-{number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFields:
    """Where number and date will stand, and how large. Both are filled after the person has signed.

    ``refers``: the place of number and date of another paper issued at the same moment, which this one names
    (an extract names the entry that it is taken from); None: the paper names none.
    """

    number: Rectangle
    date: Rectangle
    refers: Rectangle | None = None
    size: float = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFields:
    """All that will be added to a paper after typesetting, declared before the first signature.

    ``signers`` are the places between position and name, in the order of signing; ``agency`` is the
    place over whose signature the seal is laid (usually that of the first signer).
    """

    signers: tuple[Rectangle, ...] = ()
    agency: Rectangle | None = None
    numbers: NumberFields | None = None
    seal_mm: float = SEAL_MM


# ---- how a signature shows ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class HandSignature:
    """The blue image of a person's signature (PNG, transparent ground).

    In the prepared field ``field``, or in a new one at ``place`` of a paper that was not prepared.
    """

    image: bytes
    field: str = "signer-1"
    place: Rectangle | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencySeal:
    """The red image of the seal in real size (PNG, transparent ground); after it nothing may change."""

    image: bytes
    field: str = "agency"
    place: Rectangle | None = None
    seal_mm: float = SEAL_MM


@dataclass(frozen=True, slots=True, kw_only=True)
class CornerText:
    """Text of 10 pt at the top right of the first page: attachments, copies; no image."""

    lines: tuple[str, ...]
    field: str = "agency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """No visible sign; the paper itself says that it is signed."""

    field: str = "agency"


Appearance = HandSignature | AgencySeal | CornerText | Unseen


def iso_local(at: dt.datetime) -> str:
    """Return a moment as NĐ 30/2020 shows it: ISO 8601 in the time zone of Vietnam."""
    return at.astimezone(VIETNAM).replace(microsecond=0).isoformat()


def _in_words(at: dt.datetime) -> str:
    return f"{at.astimezone(VIETNAM):%H:%M:%S %d/%m/%Y}"


def corner_lines(*, notation: str = "", copy: str = "", agency: str = "", at: dt.datetime) -> tuple[str, ...]:
    """Return the lines of the corner: number and notation, or kind of copy and agency; then the time."""
    first = copy.upper() if copy else notation
    return tuple(line for line in (first, agency, iso_local(at)) if line)


def delay_of(attempts: int) -> dt.timedelta:
    """Return the wait after failure number ``attempts``, from 0: 30 seconds, doubling, up to 2 hours."""
    return dt.timedelta(seconds=min(30 * 2 ** min(attempts, 16), 7200))


# ---- validation --------------------------------------------------------------------------------


class Verdict(StrEnum):
    VALID = "valid"
    INVALID = "invalid"
    UNKNOWN = "unknown"

    @property
    def words(self) -> str:
        return _VERDICTS[self]


_VERDICTS = {
    Verdict.VALID: N_("Hợp lệ"),
    Verdict.INVALID: N_("Không hợp lệ"),
    Verdict.UNKNOWN: N_("Không đủ thông tin"),
}


class CertificateStatus(StrEnum):
    GOOD = "good"
    REVOKED = "revoked"
    EXPIRED = "expired"
    UNTRUSTED = "untrusted"
    UNCHECKED = "unchecked"
    UNSUITABLE = "unsuitable"

    @property
    def words(self) -> str:
        return _STATUSES[self]


_STATUSES = {
    CertificateStatus.GOOD: N_("Có hiệu lực tại thời điểm ký"),
    CertificateStatus.REVOKED: N_("Đã bị thu hồi tại thời điểm ký"),
    CertificateStatus.EXPIRED: N_("Chưa có hoặc đã hết hiệu lực tại thời điểm ký"),
    CertificateStatus.UNTRUSTED: N_("Không do tổ chức chứng thực được tin cậy cấp"),
    CertificateStatus.UNCHECKED: N_("Chưa kiểm tra được tình trạng thu hồi"),
    CertificateStatus.UNSUITABLE: N_("Không được cấp để ký văn bản"),
}


class Coverage(StrEnum):
    """How much of the file a signature vouches for, and what came after it."""

    WHOLE = "whole"
    ALLOWED = "allowed"
    CHANGED = "changed"
    UNCLEAR = "unclear"

    @property
    def words(self) -> str:
        return _COVERAGES[self]


_COVERAGES = {
    Coverage.WHOLE: N_("Bao trùm toàn bộ tệp"),
    Coverage.ALLOWED: N_(
        "Sau khi ký chỉ có thay đổi được phép (điền số, ngày; ký tiếp; dấu thời gian; dữ liệu kiểm tra)"
    ),
    Coverage.CHANGED: N_("Nội dung đã bị thay đổi sau khi ký"),
    Coverage.UNCLEAR: N_("Không xác định được phần nội dung mà chữ ký bảo vệ"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What a certificate says of its owner (profile: CN, title, unit, agency, locality)."""

    name: str
    title: str = ""
    unit: str = ""
    agency: str = ""
    locality: str = ""
    serial: str = ""
    issuer: str = ""
    valid_from: dt.datetime | None = None
    valid_until: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureReport:
    """One signature of a file, told in plain values."""

    field: str
    certificate: Certificate
    is_sample: bool
    is_time_stamp: bool
    claimed_at: dt.datetime | None
    stamped_at: dt.datetime | None
    reason: str
    digest: str
    is_intact: bool
    status: CertificateStatus
    coverage: Coverage
    verdict: Verdict

    @property
    def sentences(self) -> tuple[tuple[str, dict[str, str]], ...]:
        """The report in words: templates that are keys of the catalogue, with what fills them."""
        said: list[tuple[str, dict[str, str]]] = []
        if not self.is_intact:
            said.append((N_("Nội dung được ký không còn nguyên vẹn hoặc chữ ký bị hỏng."), {}))
        said.append((self.coverage.words, {}))
        said.append((self.status.words, {}))
        if self.stamped_at:
            said.append(
                (N_("Dấu thời gian xác nhận chữ ký đã có lúc %(at)s."), {"at": _in_words(self.stamped_at)})
            )
        elif self.claimed_at:
            said.append(
                (
                    N_("Thời điểm do người ký khai, chưa có dấu thời gian: %(at)s."),
                    {"at": _in_words(self.claimed_at)},
                )
            )
        if self.is_sample:
            said.append((N_("Chứng thư mẫu – không có giá trị pháp lý."), {}))
        return tuple(said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The result of checking one file. ``problem`` is a sentence when the file could not be read."""

    sha256: str
    size: int
    checked_at: dt.datetime
    signatures: tuple[SignatureReport, ...]
    verdict: Verdict
    problem: str = ""

    @property
    def is_signed(self) -> bool:
        """Whether anybody signed; a time stamp alone is no signature."""
        return any(not signature.is_time_stamp for signature in self.signatures)

    @property
    def is_sample(self) -> bool:
        """Whether any signature comes from the sample authority, which has no legal value."""
        return any(signature.is_sample for signature in self.signatures)


def signature_verdict(*, is_intact: bool, status: CertificateStatus, coverage: Coverage) -> Verdict:
    """Decide on one signature (TT 41/2017/TT-BTTTT: right certificate at the time, integrity).

    Broken content, a change after signing, or a certificate revoked, expired or of the wrong kind is
    invalid. An unknown issuer or an unchecked revocation is not enough to say either way.
    """
    if not is_intact or coverage is Coverage.CHANGED:
        return Verdict.INVALID
    if status in {CertificateStatus.REVOKED, CertificateStatus.EXPIRED, CertificateStatus.UNSUITABLE}:
        return Verdict.INVALID
    if coverage is Coverage.UNCLEAR or status is not CertificateStatus.GOOD:
        return Verdict.UNKNOWN
    return Verdict.VALID


def overall_verdict(signatures: Iterable[SignatureReport]) -> Verdict:
    """Decide on a file: as bad as its worst signature; without any signature there is nothing to say."""
    verdicts = [signature.verdict for signature in signatures if not signature.is_time_stamp]
    if Verdict.INVALID in verdicts:
        return Verdict.INVALID
    if not verdicts or Verdict.UNKNOWN in verdicts:
        return Verdict.UNKNOWN
    return Verdict.VALID


def certificate_serial(number: int) -> str:
    """Return a serial number as it is printed: hexadecimal, upper case."""
    return f"{number:X}"


def unread(content: bytes, *, problem: str, now: dt.datetime) -> Report:
    """Return the report of a file that could not be read."""
    return Report(
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        checked_at=now,
        signatures=(),
        verdict=Verdict.UNKNOWN,
        problem=problem,
    )
