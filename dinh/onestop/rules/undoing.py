"""Taking back one's own act: within a short window, while nothing has followed that others rely on."""

import datetime as dt

from dinh.kernel.errors import N_, Refused

__all__ = ["UNDOABLE", "NothingToUndo", "TooLateToUndo", "check_window"]

# Verbs whose effect stays inside the administration and can be put back. Signatures, numbers, papers that
# reached the applicant and the clock's beginning are not among them.
UNDOABLE = ("step.claimed", "step.released", "step.assigned", "step.completed")


class NothingToUndo(Refused):
    message = N_(
        "Không hoàn tác được: sau việc đó đã có người khác xử lý hồ sơ, hoặc việc đó không thể lấy lại. Hãy"
        " liên hệ người đang giữ hồ sơ."
    )


class TooLateToUndo(Refused):
    message = N_(
        "Đã quá %(minutes)d phút nên không hoàn tác được nữa. Hãy liên hệ người đang giữ hồ sơ để được trả"
        " lại."
    )


def check_window(done_at: dt.datetime, *, minutes: int, now: dt.datetime) -> None:
    """Check that the window since the act is still open. Raises ``TooLateToUndo``."""
    if now - done_at > dt.timedelta(minutes=minutes):
        raise TooLateToUndo(minutes=minutes)
