"""Rating of single officials: indicators 1, 2, 3, 4 and 7 over the dossiers that they handled.

TT 01/2018/TT-VPCP, Điều 13 and 14: each dossier scores 2, 1 or 0; an indicator is the mean to one decimal;
the five add up to 10 at most. What an indicator has no data for is left out and the sum is brought to 10.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from dinh.kernel.errors import N_, Refused
from dinh.onestop.rules.indicators import INDICATORS, mean_score

__all__ = [
    "APPEAL_STATES",
    "CRITERIA",
    "AppealTwice",
    "NothingToAppeal",
    "AppealUnexplained",
    "OfficialRating",
    "attitude_points",
    "official_rating",
]

CRITERIA: Mapping[int, str] = {number: INDICATORS[number] for number in (1, 2, 3, 4, 7)}
MOST = 2
CLASSES: Sequence[tuple[Decimal, str, str]] = (
    (Decimal(5), N_("Hoàn thành 100% nhiệm vụ"), "good"),
    (Decimal("3.5"), N_("Hoàn thành từ 70% đến dưới 100% nhiệm vụ"), "warn"),
    (Decimal(0), N_("Hoàn thành dưới 70% nhiệm vụ"), "bad"),
)
APPEAL_STATES: Mapping[str, str] = {
    "sent": N_("Chờ trả lời"),
    "upheld": N_("Được chấp nhận, không tính điểm này"),
    "declined": N_("Không được chấp nhận"),
}


class NothingToAppeal(Refused):
    message = N_("Hồ sơ này không có điểm của chỉ số đã chọn trong phần của Ông/Bà. Hãy chọn lại.")


class AppealTwice(Refused):
    message = N_("Ông/Bà đã kiến nghị về điểm này rồi. Hãy xem trả lời ở cuối trang.")


class AppealUnexplained(Refused):
    message = N_("Hãy ghi lý do, ví dụ lỗi hệ thống hoặc lỗi không do mình, để người phụ trách xem xét.")


@dataclass(frozen=True, slots=True)
class OfficialRating:
    """Scores by indicator (None: no data), over how many cases; their sum brought to 10, and the class."""

    scores: Mapping[int, Decimal | None]
    cases: Mapping[int, int]
    total: Decimal
    most: int
    of_ten: Decimal | None
    grade: str
    tone: str
    labels: Mapping[int, str] = field(default_factory=lambda: CRITERIA)


def attitude_points(*, timing: int, attitude: int | None) -> int | None:
    """Return what a dossier scores for attitude (indicator 7); None: the text names no score.

    ``timing`` is what it scored for its time (2 early, 1 on time, 0 late). ``attitude``: what the applicant
    answered (3 very satisfied, 2 satisfied, 1 not), None: nothing. Not satisfied is taken for a complaint
    until an appeal is upheld. Late without one is left out: lateness counts in indicator 1.
    """
    return 0 if attitude == 1 else timing or None


def official_rating(points: Mapping[int, Sequence[int]]) -> OfficialRating:
    """Return the rating over the points of each indicator, one a case."""
    given = {number: points.get(number, ()) for number in CRITERIA}
    scores = {number: mean_score(sum(each), len(each)) for number, each in given.items()}
    found = [score for score in scores.values() if score is not None]
    total, most = sum(found, Decimal(0)), MOST * len(found)
    cases = {number: len(each) for number, each in given.items()}
    if not most:
        return OfficialRating(scores, cases, total, 0, None, "", "neutral")
    of_ten = (total * (MOST * len(CRITERIA)) / most).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    grade, tone = next((grade, tone) for least, grade, tone in CLASSES if of_ten >= least)
    return OfficialRating(scores, cases, total, most, of_ten, grade, tone)
