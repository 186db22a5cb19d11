"""What a one-stop desk's board for a day counts: stable keys of addresses, and the words of lists.

Days are days of the province. A dossier is due or late by dates, as reports count it; while the applicant
has to complete it, its clock stands, and it is neither.
"""

from collections.abc import Mapping

from dinh.kernel.errors import N_

__all__ = ["DAYS_SHOWN", "DESK_COUNTS", "DESK_DUE", "OPEN_AT_DESK"]

DESK_COUNTS: Mapping[str, str] = {
    "quay-nop": N_("Hồ sơ nộp tại bộ phận"),
    "quay-cho-nhan": N_("Chờ tiếp nhận"),
    "quay-nhan": N_("Đã tiếp nhận"),
    "quay-bo-sung": N_("Chờ người nộp bổ sung"),
    "quay-dang": N_("Đang giải quyết"),
    "quay-den-han": N_("Đến hạn hôm nay"),
    "quay-qua-han": N_("Quá hạn"),
    "quay-tre-nhieu": N_("Quá hạn hơn 7 ngày"),
    "quay-tre": N_("Quá hạn đến 7 ngày"),
    "quay-con-3": N_("Còn 1 đến 3 ngày"),
    "quay-con-7": N_("Còn 4 đến 7 ngày"),
    "quay-con-nua": N_("Còn hơn 7 ngày"),
    "quay-cho-tra": N_("Kết quả chờ trả"),
    "quay-tra": N_("Đã trả kết quả"),
}

# Open dossiers by the days that are left, the latest first: together they are all that is being handled.
DESK_DUE: Mapping[str, tuple[str, str]] = {
    "quay-tre-nhieu": (N_("trễ >7 ngày"), "bad"),
    "quay-tre": (N_("trễ 1–7"), "bad"),
    "quay-den-han": (N_("hôm nay"), "warn"),
    "quay-con-3": (N_("còn 1–3"), ""),
    "quay-con-7": (N_("còn 4–7"), ""),
    "quay-con-nua": (N_("còn >7"), ""),
}

# States in which a dossier still concerns the desk.
OPEN_AT_DESK = ("submitted", "processing", "supplement", "done")

# Days of acceptances shown, today the last.
DAYS_SHOWN = 7
