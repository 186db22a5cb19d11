"""The index of serving citizens and businesses (QĐ 766/QĐ-TTg, 23/6/2022): 100 points in five groups.

The national portal computes the official score; this one explains it from the province's own data. A part
whose data are not here is left out and said so; the sum is brought to 100 over the parts that are there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from dinh.kernel.errors import N_
from dinh.kernel.sentences import Sentence, say

__all__ = ["GROUPS", "IndexPart", "IndexScore", "Ratio", "index_of", "online_parts", "part_of"]

GROUPS: Mapping[str, tuple[str, int]] = {
    "cong-khai": (N_("Công khai, minh bạch"), 18),
    "tien-do": (N_("Tiến độ giải quyết"), 20),
    "so-hoa": (N_("Số hóa hồ sơ"), 22),
    "truc-tuyen": (N_("Dịch vụ trực tuyến và thanh toán"), 22),
    "hai-long": (N_("Mức độ hài lòng"), 18),
}
_GRADES = (
    (Decimal(90), N_("Xuất sắc"), "good"),
    (Decimal(80), N_("Tốt"), "good"),
    (Decimal(70), N_("Khá"), "info"),
    (Decimal(50), N_("Trung bình"), "warn"),
    (Decimal(0), N_("Yếu"), "bad"),
)


@dataclass(frozen=True, slots=True)
class Ratio:
    """A figure of a figure."""

    amount: int
    of: int

    @property
    def value(self) -> Decimal | None:
        return Decimal(self.amount) / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class IndexPart:
    """One part: points (None: not computable here), the most it can have, the ratio, why it is so."""

    group: str
    label: str
    points: Decimal | None
    most: Decimal
    ratio: Ratio | None
    explanation: Sentence


@dataclass(frozen=True, slots=True)
class IndexScore:
    """The parts, their sum over the computable ones, that sum brought to 100, and the grade."""

    parts: Sequence[IndexPart]
    total: Decimal
    most: Decimal
    of_hundred: Decimal | None
    grade: str
    tone: str


def part_of(
    group: str, label: str, most: str, ratio: Ratio | None, *, full_at: str = "1", empty: str = "skip"
) -> IndexPart:
    """Return a part worth ``most`` × rate, all of it from the rate ``full_at`` on.

    ``empty`` says what no cases mean: ``zero``, ``full``, or ``skip`` (left out). ``ratio`` None: this system
    has no data for it.
    """
    top = Decimal(most)
    if ratio is None:
        return IndexPart(group, label, None, top, None, say(N_("Hệ thống này chưa có dữ liệu; không tính.")))
    if ratio.value is None:
        points = {"zero": Decimal(0), "full": top, "skip": None}[empty]
        return IndexPart(group, label, points, top, ratio, say(N_("Không có trường hợp nào trong kỳ.")))
    points = _rounded(min(top, top * ratio.value / Decimal(full_at)))
    words = say(N_("%(amount)s trên %(of)s"), amount=str(ratio.amount), of=str(ratio.of))
    return IndexPart(group, label, points, top, ratio, words)


def online_parts(offered: Ratio, used: Ratio, online: Ratio) -> list[IndexPart]:
    """Return the three parts of online services (12 points): min(2, 2A/0.80) + 4B + min(6, 6C/0.50)."""
    return [
        part_of("truc-tuyen", N_("Thủ tục cung cấp trực tuyến"), "2", offered, full_at="0.8", empty="zero"),
        part_of("truc-tuyen", N_("Dịch vụ trực tuyến có phát sinh hồ sơ"), "4", used, empty="zero"),
        part_of("truc-tuyen", N_("Hồ sơ nộp trực tuyến"), "6", online, full_at="0.5", empty="zero"),
    ]


def index_of(parts: Sequence[IndexPart]) -> IndexScore:
    """Return the score of the parts that can be computed, and the grade of that share of 100."""
    known = [part for part in parts if part.points is not None]
    total = sum((part.points for part in known if part.points is not None), Decimal(0))
    most = sum((part.most for part in known), Decimal(0))
    if not most:
        return IndexScore(parts, total, most, None, "", "neutral")
    whole = _rounded(total * 100 / most)
    grade, tone = next((grade, tone) for least, grade, tone in _GRADES if whole >= least)
    return IndexScore(parts, total, most, whole, grade, tone)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
