"""Reports that an agency issues: what they are, how they go from figures to a sealed paper.

A report is prepared from kept figures, checked by another person, signed under an authority, numbered and
sealed, and goes to the agency above. From the signature on its figures stay what they were.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from dinh.kernel.errors import N_, Refused
from dinh.kernel.states import State, StateMachine, Transition, moves

__all__ = [
    "AGENCY_REPORT",
    "ISSUED_STATES",
    "MATTER",
    "PETITION_COUNTS",
    "REPORT_KINDS",
    "AlreadyPrepared",
    "CheckedByWriter",
    "PeriodAhead",
    "PetitionFacts",
    "ReportReasonMissing",
    "UnknownReport",
    "report_notation",
]

# Stable keys, and the names as papers print them.
REPORT_KINDS: Mapping[str, str] = {
    "06a": N_("Tình hình, kết quả giải quyết thủ tục hành chính (Biểu số II.06a/VPCP/KSTT)"),
    "07": N_("Nguyên nhân quá hạn và xử lý phản ánh, kiến nghị (Biểu số II.07/VPCP/KSTT)"),
    "danh-gia": N_("Đánh giá nội bộ việc giải quyết thủ tục hành chính (NĐ 61/2018, Điều 30)"),
}

# What signing authorities name.
MATTER = "onestop.report"

ISSUED_STATES = ("issued", "received")

AGENCY_REPORT = StateMachine(
    subject=N_("báo cáo của cơ quan"),
    initial="prepared",
    states=(
        State("prepared", N_("Đã lập, chờ kiểm tra")),
        State("checked", N_("Đã kiểm tra, chờ ký")),
        State("signed", N_("Đã ký, chờ cấp số và đóng dấu")),
        State("issued", N_("Đã phát hành")),
        State("received", N_("Cấp trên đã nhận")),
        State("discarded", N_("Đã bỏ")),
    ),
    verbs={
        "retake": N_("Lấy lại số liệu"),
        "check": N_("Kiểm tra"),
        "send_back": N_("Trả lại để lập lại"),
        "discard": N_("Bỏ"),
        "sign": N_("Ký số"),
        "issue": N_("Cấp số, đóng dấu và gửi"),
        "receive": N_("Nhận"),
    },
    transitions=(
        Transition("prepared", "retake", "prepared"),
        Transition("prepared", "check", "checked"),
        *moves(("prepared", "checked"), "send_back", "prepared"),
        *moves(("prepared", "checked"), "discard", "discarded"),
        Transition("checked", "sign", "signed"),
        Transition("signed", "issue", "issued"),
        Transition("issued", "receive", "received"),
    ),
)

# Petitions of a period (the part of report 07): stable keys of addresses.
PETITION_COUNTS: Mapping[str, str] = {
    "pa-tong": N_("Tổng số phải trả lời"),
    "pa-moi": N_("Nhận trong kỳ"),
    "pa-ky-truoc": N_("Từ kỳ trước"),
    "pa-xong-dung-han": N_("Đã trả lời đúng hạn"),
    "pa-xong-qua-han": N_("Đã trả lời quá hạn"),
    "pa-dang-trong-han": N_("Đang trả lời, trong hạn"),
    "pa-dang-qua-han": N_("Đang trả lời, quá hạn"),
    "pa-khong-nhan": N_("Không thuộc phạm vi tiếp nhận"),
}


@dataclass(frozen=True, slots=True)
class PetitionFacts:
    """A petition as it stands: no words of it and no names."""

    petition_id: UUID
    code: str
    kind: str
    agency_id: UUID | None
    received_at: dt.datetime
    due_at: dt.datetime
    answered_at: dt.datetime | None = None
    declined_at: dt.datetime | None = None
    score: int | None = None


class UnknownReport(Refused):
    message = N_("Không có loại báo cáo này. Hãy chọn một loại trong danh sách.")


class PeriodAhead(Refused):
    message = N_("Kỳ này chưa bắt đầu nên chưa có số liệu. Hãy chọn kỳ đã hoặc đang diễn ra.")


class AlreadyPrepared(Refused):
    message = N_(
        "Báo cáo này của kỳ này đang được lập. Hãy mở báo cáo đó để lấy lại số liệu, hoặc bỏ nó rồi lập mới."
    )


class CheckedByWriter(Refused):
    message = N_("Người lập báo cáo không tự kiểm tra, không tự ký. Hãy chuyển cho người khác.")


class ReportReasonMissing(Refused):
    message = N_("Hãy ghi điều cần sửa để người lập báo cáo biết.")


def report_notation(abbreviation: str) -> str:
    """Return what follows a report's number: ``BC-UBND`` (NĐ 30/2020, appendix III)."""
    return f"BC-{abbreviation}" if abbreviation else "BC"
