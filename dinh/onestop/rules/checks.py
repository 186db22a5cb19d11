"""Why a verb is refused: each rule has its error, each error its sentence."""

from dataclasses import dataclass

from dinh.kernel.errors import N_, Refused

__all__ = [
    "AgencyMissing",
    "AlreadySent",
    "DossierIncomplete",
    "NeedsDraft",
    "NeedsOpinion",
    "NeedsReason",
    "NotThisKindOfStep",
    "NothingToAsk",
    "Problem",
    "ResultNotReady",
    "StepWaiting",
    "SupplementOnlyOnce",
    "SupplementTooLate",
    "TooManyPapers",
]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that stands in the way of sending: the place on the screen, and what to do."""

    place: str
    sentence: str


class DossierIncomplete(Refused):
    message = N_("Hồ sơ còn %(count)d chỗ cần sửa trước khi nộp. Hãy xem từng chỗ được đánh dấu bên dưới.")

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(count=len(problems))
        self.problems = problems


class AlreadySent(Refused):
    message = N_("Hồ sơ này đã được nộp rồi; không nộp lại lần nữa.")


class AnswersMoved(Refused):
    message = N_("Hồ sơ vừa được lưu ở một trang khác. Hãy tải lại trang để xem nội dung mới nhất.")


class AgencyMissing(Refused):
    message = N_("Hãy chọn cơ quan sẽ giải quyết hồ sơ.")


class SupplementOnlyOnce(Refused):
    message = N_(
        "Hồ sơ này đã được yêu cầu bổ sung một lần. Pháp luật chỉ cho phép yêu cầu một lần"
        " (Nghị định 61/2018/NĐ-CP), vì vậy hãy tiếp nhận hoặc từ chối có lý do."
    )


class SupplementTooLate(Refused):
    message = N_(
        "Đã quá thời hạn thông báo bổ sung (%(limit)s kể từ khi tiếp nhận, đến %(until)s; Nghị định"
        " 61/2018/NĐ-CP, Điều 19). Hãy giải quyết hồ sơ theo giấy tờ đã có, hoặc từ chối có lý do."
    )


class TooManyPapers(Refused):
    message = N_(
        "Giấy tờ này đã có %(count)d tệp, là số nhiều nhất. Hãy gộp các trang thành một tệp PDF, hoặc bỏ bớt"
        " tệp rồi tải lên."
    )


class NothingToAsk(Refused):
    message = N_("Hãy ghi ít nhất một nội dung cần bổ sung, để người nộp biết phải làm gì.")


class NeedsReason(Refused):
    message = N_("Hãy ghi lý do. Người nhận cần biết vì sao để làm tiếp.")


class ReasonAgreed(Refused):
    message = N_(
        "Lý do từ chối đã được %(by)s đồng ý, không sửa khi gửi. Hãy tải lại trang và gửi đúng lý do đó."
    )


class NeedsOpinion(Refused):
    message = N_(
        "Chưa có ý kiến. Hãy ghi nội dung trả lời hoặc đính kèm văn bản trả lời, để cơ quan hỏi có căn cứ làm"
        " tiếp."
    )


class NeedsDraft(Refused):
    message = N_("Chưa có dự thảo kết quả. Hãy lập dự thảo rồi trình.")


class NotThisKindOfStep(Refused):
    message = N_("Việc này không thuộc bước “%(step)s”. Hãy tải lại trang để xem bước hiện tại.")


class StepWaiting(Refused):
    message = N_("Hồ sơ đang chờ công dân bổ sung; các bước sẽ mở lại khi có bổ sung.")


class ResultNotReady(Refused):
    message = N_("Kết quả chưa được ký, cấp số và đóng dấu nên chưa trả được.")
