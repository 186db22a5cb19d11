"""Ending a dossier that its applicant does not complete: not before the day that the request named."""

import datetime as dt

from dinh.kernel.dates import written_moment
from dinh.kernel.errors import N_, Refused

__all__ = ["NotWaiting", "TooEarlyToStop", "check_stop"]


class NotWaiting(Refused):
    message = N_(
        "Chỉ dừng giải quyết được hồ sơ đang chờ bổ sung. Hồ sơ này không chờ; hãy tải lại trang để xem việc"
        " nào làm được."
    )


class TooEarlyToStop(Refused):
    message = N_(
        "Người nộp còn được bổ sung đến %(until)s, nên chưa dừng giải quyết được. Hãy chờ, hoặc nhắn tin nhắc"
        " người nộp."
    )


def check_stop(answer_by: dt.datetime | None, *, now: dt.datetime) -> None:
    """Check that the time to answer has run out. Raises ``NotWaiting``, ``TooEarlyToStop``."""
    if answer_by is None:
        raise NotWaiting
    if now <= answer_by:
        raise TooEarlyToStop(until=written_moment(answer_by))
