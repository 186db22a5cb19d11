"""How people evaluate: by slip, by a device at the desk, online, by survey (NĐ 61/2018/NĐ-CP, Điều 29)."""

from collections.abc import Mapping
from dataclasses import dataclass

from dinh.kernel.errors import N_, Refused

__all__ = [
    "ANSWERS",
    "FEEDBACK_SOURCES",
    "DeviceLinkOver",
    "FeedbackForm",
    "RatedAlready",
    "ScoreMissing",
    "SurveyOver",
    "checked_feedback",
]

FEEDBACK_SOURCES: Mapping[str, str] = {
    "online": N_("Trực tuyến"),
    "device": N_("Thiết bị tại quầy"),
    "paper": N_("Phiếu giấy"),
    "survey": N_("Khảo sát"),
}
# TT 32/2017/TT-BTTTT, Điều 12: the three answers of every rating.
ANSWERS: Mapping[int, str] = {3: N_("Rất hài lòng"), 2: N_("Hài lòng"), 1: N_("Chưa hài lòng")}
MOST_WORDS = 2000


class ScoreMissing(Refused):
    message = N_("Hãy chọn mức hài lòng chung.")


class DeviceLinkOver(Refused):
    message = N_("Trang đánh giá của thiết bị này đã hết hạn. Mời cán bộ tại quầy mở lại.")


class SurveyOver(Refused):
    message = N_("Đường dẫn khảo sát không đúng hoặc đã hết hạn sau 30 ngày.")


class RatedAlready(Refused):
    message = N_("Hồ sơ này đã được đánh giá. Xin cảm ơn Ông/Bà.")


@dataclass(frozen=True, slots=True)
class FeedbackForm:
    """Answers of one evaluation: 3, 2 or 1; None: not answered. ``overall`` 0: not chosen."""

    overall: int
    ease: int | None = None
    timeliness: int | None = None
    attitude: int | None = None
    comment: str = ""


def checked_feedback(form: FeedbackForm) -> FeedbackForm:
    """Return the answers with what is none dropped. Raises ``ScoreMissing`` without an overall answer."""
    if form.overall not in ANSWERS:
        raise ScoreMissing(field="overall")
    parts = {name: getattr(form, name) for name in ("ease", "timeliness", "attitude")}
    kept = {name: value if value in ANSWERS else None for name, value in parts.items()}
    return FeedbackForm(form.overall, comment=form.comment.strip()[:MOST_WORDS], **kept)
