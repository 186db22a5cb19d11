"""Dossiers as the national portal knows them: statuses 1 to 10, and the values of its fields.

The status is never kept by hand: it follows from the dossier's state and from its steps.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dinh.kernel.errors import N_
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.rules.representation import is_tax_code

__all__ = [
    "CHANNEL_CODES",
    "SERVICES",
    "STATUSES",
    "STATUS_MOVES",
    "StatusFacts",
    "applicant_kind",
    "as_flag",
    "as_moment",
    "digest_of",
    "identity_kind",
    "may_follow",
    "read_moment",
    "status_of",
    "status_of_step",
    "supplement_state",
]

STATUSES: Mapping[int, str] = {
    1: N_("Mới đăng ký"),
    2: N_("Được tiếp nhận"),
    3: N_("Không được tiếp nhận"),
    4: N_("Đang xử lý"),
    5: N_("Yêu cầu bổ sung giấy tờ"),
    6: N_("Yêu cầu thực hiện nghĩa vụ tài chính"),
    7: N_("Công dân yêu cầu rút hồ sơ"),
    8: N_("Dừng xử lý"),
    9: N_("Đã xử lý xong"),
    10: N_("Đã trả kết quả"),
}

# Which status may follow which. 5 → 3: refused by the desk after a supplement, never received.
STATUS_MOVES: Mapping[int, frozenset[int]] = {
    1: frozenset({2, 3, 5, 7}),
    2: frozenset({4, 5, 6, 7, 8, 9}),
    3: frozenset(),
    4: frozenset({5, 6, 7, 8, 9}),
    5: frozenset({2, 3, 4, 6, 7, 8}),
    6: frozenset({4, 5, 7, 8, 9}),
    7: frozenset(),
    8: frozenset(),
    9: frozenset({10}),
    10: frozenset(),
}

SERVICES: Mapping[str, str] = {
    "DongBoHoSoMC": N_("Đồng bộ hồ sơ"),
    "CapNhatTienDoHoSoMC": N_("Cập nhật tiến độ"),
}

# KenhThucHien of the national portal.
CHANNEL_CODES: Mapping[str, str] = {"counter": "1", "online": "2", "post": "3"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusFacts:
    """All that the status depends on.

    ``state``: of the dossier. ``is_accepted``: it has its code. ``was_supplemented``: the applicant was
    asked before acceptance and has answered. ``is_taken``: somebody has taken or ended a step behind the
    desk, or was asked to pay since. ``awaits_payment``: a fee is owed now: the applicant was asked for it
    and nothing came, a step waits for it, or the result is signed and only handing it over is open.
    """

    state: str
    is_accepted: bool
    was_supplemented: bool = False
    is_taken: bool = False
    awaits_payment: bool = False


def status_of(facts: StatusFacts) -> int:
    """Return the national portal's status of a dossier. KeyError for a state that has none."""
    if facts.state == "submitted":
        # It was not received yet: to the portal it stays the dossier that was asked to be completed.
        return 5 if facts.was_supplemented else 1
    if facts.state == "refused":
        return 8 if facts.is_accepted else 3
    if facts.state == "processing":
        if facts.awaits_payment:
            return 6
        return 4 if facts.is_taken else 2
    return {"supplement": 5, "withdrawn": 7, "stopped": 8, "done": 9, "returned": 10}[facts.state]


def may_follow(before: int, after: int) -> bool:
    """Whether a status may follow another, at once or over others between them."""
    seen, ahead = {before}, [before]
    while ahead:
        for status in STATUS_MOVES[ahead.pop()] - seen:
            seen.add(status)
            ahead.append(status)
    return after in seen


def status_of_step(kind: str) -> int:
    """Return the status that a row of progress bears for a step that has ended."""
    return {"receive": 2, "issue": 9, "return": 10, "refuse": 8}.get(kind, 4)


def supplement_state(*, is_answered: bool, is_accepted: bool) -> str:
    """Return TrangThaiBoSung in the portal's words: asked, answered, or received and complete."""
    if not is_answered:
        return "Yêu cầu công dân bổ sung"  # data: a word of the national portal
    return "Hoàn thành bổ sung" if is_accepted else "Công dân đã gửi bổ sung"  # data: as above


def as_moment(at: dt.datetime | None) -> str:
    """Return a moment as the portal writes it, yyyyMMddHHmmss in Vietnam's time; empty for none."""
    return at.astimezone(VIETNAM).strftime("%Y%m%d%H%M%S") if at else ""


def read_moment(text: str) -> dt.datetime | None:
    """Return the moment that yyyyMMddHHmmss or yyyyMMdd means, None for nothing. Raises ``ValueError``."""
    if not text:
        return None
    form = {8: "%Y%m%d", 14: "%Y%m%d%H%M%S"}.get(len(text))
    if form is None or not text.isdecimal():
        raise ValueError(text)
    return dt.datetime.strptime(text, form).replace(tzinfo=VIETNAM)


def as_flag(value: bool) -> str:
    """Return a truth value as the portal writes it."""
    return "True" if value else "False"


def identity_kind(number: str) -> str:
    """Return LoaiDinhDanh: 1 for a number of 12 digits, 2 for an old one of 9, empty for others."""
    return {12: "1", 9: "2"}.get(len(number), "") if number.isdecimal() else ""


def applicant_kind(represented: str, number: str) -> str:
    """Return LoaiDoiTuong: 2 for a business, 1 for a person.

    ``represented`` is whom the filer stands for ("business", "relative" or nobody), ``number`` the
    applicant's: who comes to a desk for a business gives its tax code (10 or 13 digits). State agencies (3)
    and other organisations (4) have tax codes too and go as 2: nothing here tells them apart.
    """
    is_business = represented == "business" or (not represented and is_tax_code(number))
    return "2" if is_business else "1"


def digest_of(content: Any) -> str:
    """Return the SHA-256 of plain data, the same for the same data."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
