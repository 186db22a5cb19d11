"""Drafts of texts open for comment: how long, who answers what, and that nothing vanishes."""

import datetime as dt
import re

from dinh.kernel.errors import N_, Refused
from dinh.kernel.states import State, StateMachine, Transition, moves

__all__ = [
    "ANSWER_KINDS",
    "COMMENT",
    "CONSULTATION",
    "HIDING_GROUNDS",
    "LEAST_DAYS",
    "AnswerKindUnknown",
    "CommentsUnanswered",
    "ConsultationIncomplete",
    "GroundUnknown",
    "NotOpen",
    "PeriodTooShort",
    "PeriodWrong",
    "articles_of",
    "check_open",
    "check_period",
]

# How long a draft stands open at least. The law's shorter cases need their ground in writing, shown to all.
LEAST_DAYS = 60
MOST_DAYS = 400

CONSULTATION = StateMachine(
    subject=N_("đợt lấy ý kiến"),
    initial="draft",
    states=(
        State("draft", N_("Đang soạn")),
        State("opened", N_("Đã mở lấy ý kiến")),
        State("summarised", N_("Đã tổng hợp")),
    ),
    verbs={
        "change": N_("Sửa"),
        "open": N_("Mở lấy ý kiến"),
        "comment": N_("Gửi ý kiến"),
        "summarise": N_("Công bố tổng hợp"),
    },
    transitions=(
        Transition("draft", "change", "draft"),
        Transition("draft", "open", "opened"),
        Transition("opened", "comment", "opened"),
        Transition("opened", "summarise", "summarised"),
    ),
)

COMMENT = StateMachine(
    subject=N_("ý kiến"),
    initial="waiting",
    states=(
        State("waiting", N_("Chờ xem xét")),
        State("visible", N_("Đang hiện")),
        State("hidden", N_("Không hiện nội dung")),
    ),
    verbs={"show": N_("Cho hiện"), "hide": N_("Không hiện nội dung")},
    transitions=(
        *moves(("waiting", "hidden"), "show", "visible"),
        *moves(("waiting", "visible"), "hide", "hidden"),
    ),
)

# A comment is hidden for breaking the law and for nothing else.
HIDING_GROUNDS = {
    "insult": N_("Xúc phạm danh dự, nhân phẩm của người khác"),
    "incitement": N_("Kích động bạo lực, thù hằn"),
    "secret": N_("Lộ bí mật nhà nước hoặc đời tư của người khác"),
    "spam": N_("Quảng cáo, không liên quan đến dự thảo"),
}

ANSWER_KINDS = {
    "accepted": N_("Tiếp thu"),
    "partly": N_("Tiếp thu một phần"),
    "explained": N_("Giải trình"),
}


class ConsultationIncomplete(Refused):
    message = N_("Hãy nhập %(what)s.")


class PeriodWrong(Refused):
    message = N_("Ngày đóng phải sau ngày mở, và không quá %(days)s ngày.")


class PeriodTooShort(Refused):
    message = N_(
        "Dự thảo phải lấy ý kiến ít nhất %(days)s ngày. Nếu luật cho phép ngắn hơn, hãy ghi căn cứ;"
        " căn cứ hiện công khai."
    )


class NotOpen(Refused):
    message = N_("Dự thảo này không trong thời gian lấy ý kiến (%(since)s đến %(until)s).")


class GroundUnknown(Refused):
    message = N_("Hãy chọn căn cứ để không hiện nội dung. Không đồng tình với ý kiến không phải là căn cứ.")


class AnswerKindUnknown(Refused):
    message = N_("Hãy chọn: tiếp thu, tiếp thu một phần hay giải trình.")


class CommentsUnanswered(Refused):
    message = N_(
        "Còn %(count)s ý kiến chưa được xem xét hoặc chưa có trả lời."
        " Mỗi ý kiến phải có trả lời trước khi tổng hợp."
    )


def check_period(
    opens_on: dt.date | None, closes_on: dt.date | None, *, ground: str
) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a consultation, both included.

    Raises ``PeriodWrong``, or ``PeriodTooShort`` for less than 60 days without a written ground.
    """
    if opens_on is None or closes_on is None or not 0 < (closes_on - opens_on).days <= MOST_DAYS:
        raise PeriodWrong(days=MOST_DAYS, field="closes_on")
    if (closes_on - opens_on).days + 1 < LEAST_DAYS and not ground:
        raise PeriodTooShort(days=LEAST_DAYS, field="ground")
    return opens_on, closes_on


def check_open(opens_on: dt.date, closes_on: dt.date, *, today: dt.date) -> None:
    """Check that comments are taken today. Raises ``NotOpen``."""
    if not opens_on <= today <= closes_on:
        raise NotOpen(since=f"{opens_on:%d/%m/%Y}", until=f"{closes_on:%d/%m/%Y}")


_PARTS = "Điều|Chương|Phụ lục"  # data: how the headings of a draft begin
_ARTICLE = re.compile(rf"^#{{1,6}}\s+((?:{_PARTS})\s+[0-9IVXLC]+[^\n]{{0,120}})", re.MULTILINE)


def articles_of(body: str) -> list[str]:
    """Return the headings of articles, chapters and annexes of a draft, in order: what a comment is about."""
    return [found[1].strip(" .#") for found in _ARTICLE.finditer(body)]
