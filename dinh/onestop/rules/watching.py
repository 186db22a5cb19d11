"""What must never stand in silence: the kinds of trouble that the watchdog finds, and what each asks for."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from dinh.kernel.errors import N_

__all__ = ["ESCALATE_AFTER", "KINDS", "PAPER_MAY_TAKE", "REMIND_BEFORE", "Kind"]

# Working time that a finding may stand before the next leader above is told.
ESCALATE_AFTER = dt.timedelta(hours=8)
# A paper is drawn in seconds; so long means that no worker does it or that it fails.
PAPER_MAY_TAKE = dt.timedelta(minutes=15)
# Days before the last day to complete a dossier on which its applicant is reminded.
REMIND_BEFORE = dt.timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of trouble: what is wrong, and what who owns it has to do."""

    label: str
    to_do: str


KINDS: Mapping[str, Kind] = {
    "no_step": Kind(N_("Hồ sơ không có bước nào đang mở"), N_("Báo quản trị hệ thống kiểm tra quy trình.")),
    "unit_closed": Kind(N_("Đơn vị làm bước đã giải thể"), N_("Giao việc cho đơn vị kế thừa.")),
    "nobody_can": Kind(
        N_("Không còn ai có vai trò làm bước này"),
        N_("Bổ nhiệm người hoặc cấp vai trò, hoặc cử người làm thay."),
    ),
    "return_stands": Kind(
        N_("Đề nghị trả lại lần nữa mà không còn cấp trên nào cho ý kiến"),
        N_("Ghi cấp phó, người phụ trách hoặc lãnh đạo cấp trên vào danh bạ, hoặc giao bước cho người khác."),
    ),
    "unclaimed": Kind(N_("Quá hạn mà chưa ai nhận"), N_("Giao việc cho một cán bộ của đơn vị.")),
    "opinion_late": Kind(
        N_("Quá hạn mà chưa có ý kiến của cơ quan được hỏi"), N_("Đôn đốc cơ quan được hỏi.")
    ),
    "supplement_over": Kind(
        N_("Hết thời hạn bổ sung mà người nộp chưa bổ sung"), N_("Nhắc người nộp, hoặc dừng giải quyết.")
    ),
    "filing_late": Kind(
        N_("Hồ sơ từ Cổng quốc gia quá hạn trả lời"),
        N_("Mở Từ Cổng quốc gia: thử lại, tiếp nhận tay hoặc từ chối."),
    ),
    "paper_stuck": Kind(
        N_("Văn bản chưa lập và ký số được"),
        N_("Báo quản trị hệ thống kiểm tra việc chạy nền và chứng thư số."),
    ),
}
