"""The rating of an agency's one-stop handling: nine indicators (TT 01/2018/TT-VPCP, Điều 13 to 15).

Each dossier scores 2, 1 or 0; an indicator is the mean, rounded to one decimal; indicators without enough
data are left out. The sum of nine, at most 18, gives the class; with some left out it is brought to 18.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from dinh.kernel.errors import N_
from dinh.kernel.sentences import Sentence, say

__all__ = [
    "CLASSES",
    "INDICATORS",
    "Indicator",
    "OnlineUse",
    "Rating",
    "answers_score",
    "mean_score",
    "one_stop_score",
    "online_score",
    "rated",
]

INDICATORS: Mapping[int, str] = {
    1: N_("Thời gian giải quyết hồ sơ so với quy định"),
    2: N_("Thời gian thực hiện của từng cơ quan tham gia giải quyết"),
    3: N_("Số lần phải liên hệ để hoàn thiện hồ sơ"),
    4: N_("Số lượng cơ quan phải liên hệ để hoàn thành thủ tục"),
    5: N_("Thực hiện tiếp nhận, giải quyết, trả kết quả tại Bộ phận Một cửa"),
    6: N_("Công khai thủ tục hành chính"),
    7: N_("Thái độ của cán bộ, công chức, viên chức"),
    8: N_("Tiếp thu, giải trình phản ánh, kiến nghị"),
    9: N_("Cung cấp dịch vụ công trực tuyến"),
}
MOST = 2
CLASSES: Sequence[tuple[Decimal, str, str]] = (
    (Decimal(15), N_("Xuất sắc"), "good"),
    (Decimal(12), N_("Tốt"), "good"),
    (Decimal(9), N_("Khá"), "info"),
    (Decimal(6), N_("Trung bình"), "warn"),
    (Decimal(0), N_("Yếu"), "bad"),
)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator: its score, None when there is not enough data, and from what it comes."""

    number: int
    score: Decimal | None
    explanation: Sentence
    scored: int = 0

    @property
    def label(self) -> str:
        return INDICATORS[self.number]


@dataclass(frozen=True, slots=True)
class Rating:
    """All nine, their sum, the sum brought to 18, the class in words and its tone; None without any data."""

    indicators: Sequence[Indicator]
    total: Decimal
    most: int
    of_eighteen: Decimal | None
    grade: str
    tone: str


@dataclass(frozen=True, slots=True)
class OnlineUse:
    """Online services of an agency: procedures in all, those at levels 3 and 4 (or partial and full),
    dossiers received, of these online, and online dossiers that are late and open.
    """

    procedures: int
    online_procedures: int
    received: int
    received_online: int
    overdue_online: int


def mean_score(points: int, scored: int) -> Decimal | None:
    """Return the mean to one decimal (Điều 14); None when nothing was scored."""
    if not scored:
        return None
    return (Decimal(points) / scored).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def online_score(use: OnlineUse) -> Decimal | None:
    """Return the score of indicator 9; None for an agency without procedures or dossiers.

    2: at least 20 % of procedures at levels 3 and 4, online dossiers at least 30 %, none of them overdue;
    1: online dossiers from 15 %, none overdue; else 0.
    """
    if not use.procedures or not use.received:
        return None
    share = Decimal(use.received_online) / use.received
    if not use.online_procedures or share < Decimal("0.15") or use.overdue_online:
        return Decimal(0)
    enough = Decimal(use.online_procedures) / use.procedures >= Decimal("0.2")
    return Decimal(2) if enough and share >= Decimal("0.3") else Decimal(1)


# The least share of procedures of which every step is done at the one-stop desk, by the agency's level.
AT_THE_DESK: Mapping[str, Decimal] = {
    "province": Decimal("0.2"),
    "district": Decimal("0.5"),
    "commune": Decimal(1),
}


def one_stop_score(level: str, *, procedures: int, received_and_returned: int, whole: int) -> Decimal | None:
    """Return the score of indicator 5; None for an agency without procedures.

    2: enough of its procedures (by level) are received, appraised, approved and returned at the one-stop
    desk (``whole``); 1: all are received and returned there; else 0.
    """
    if not procedures:
        return None
    if received_and_returned < procedures:
        return Decimal(0)
    return Decimal(2) if Decimal(whole) / procedures >= AT_THE_DESK.get(level, Decimal(1)) else Decimal(1)


def answers_score(answered: int, in_time: int) -> Decimal:
    """Return the score of indicator 8: 2 with nothing to answer or all in time, 1 from 90 %, else 0."""
    if in_time == answered:
        return Decimal(2)
    return Decimal(1) if Decimal(in_time) / answered >= Decimal("0.9") else Decimal(0)


def rated(indicators: Sequence[Indicator]) -> Rating:
    """Return the rating over the indicators that have a score (Điều 15)."""
    scores = [one.score for one in indicators if one.score is not None]
    total, most = sum(scores, Decimal(0)), MOST * len(scores)
    if not most:
        return Rating(indicators, total, 0, None, "", "neutral")
    whole = (total * (MOST * len(INDICATORS)) / most).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    grade, tone = next((grade, tone) for least, grade, tone in CLASSES if whole >= least)
    return Rating(indicators, total, most, whole, grade, tone)


def no_data(number: int, why: str) -> Indicator:
    """Return an indicator that is left out, with the reason."""
    return Indicator(number, None, say(why))
