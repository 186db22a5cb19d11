"""How long a paper of the person's own store holds, and why it is not used again."""

import datetime as dt
from typing import Literal

from dinh.kernel.dates import add_months
from dinh.kernel.errors import N_, Refused

__all__ = ["KeptKind", "PaperExpired", "PresenceNeeded", "is_valid_on", "valid_until"]

KeptKind = Literal["part", "result"]


class PaperExpired(Refused):
    message = N_("“%(name)s” đã hết thời hạn sử dụng từ ngày %(on)s. Hãy tải lên bản mới của giấy tờ này.")


class PresenceNeeded(Refused):
    message = N_(
        "Chỉ được tìm giấy tờ đã có khi người nộp có mặt và đồng ý."
        " Hãy hỏi người nộp rồi đánh dấu vào ô xác nhận."
    )


def valid_until(on: dt.date, months: int | None) -> dt.date | None:
    """Return the last day on which a paper of ``on`` holds; None: no end is set."""
    return None if months is None else add_months(on, months)


def is_valid_on(day: dt.date, until: dt.date | None) -> bool:
    """Whether a paper that holds until and with ``until`` may be used on ``day``."""
    return until is None or day <= until
