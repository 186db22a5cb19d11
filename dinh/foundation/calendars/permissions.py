"""Who may change when the offices are open."""

from typing import Any

from dinh.foundation.actions.public import Actor, Permission
from dinh.foundation.calendars.models import Calendar
from dinh.foundation.directory.public import may_at
from dinh.kernel.errors import N_

__all__ = ["DECLARE", "PUBLISH"]


def _may(code: str, by: Actor, subject: Any) -> bool:
    """Asked of a calendar, at its unit (None: the province), or of the id of a unit that is to get one."""
    if by.kind == "system":
        return True
    return may_at(by, code, subject.unit_id if isinstance(subject, Calendar) else subject)


DECLARE = Permission(
    code="calendars.declare",
    label=N_("Soạn thay đổi lịch làm việc"),
    may=lambda by, subject: _may("calendars.declare", by, subject),
    held_by=N_(
        "văn phòng, tổ chức cán bộ, trong phạm vi đơn vị được giao; lịch toàn tỉnh: phạm vi toàn tỉnh"
    ),
)
PUBLISH = Permission(
    code="calendars.publish",
    label=N_("Công bố lịch làm việc"),
    may=lambda by, subject: _may("calendars.publish", by, subject),
    held_by=N_("lãnh đạo văn phòng, trong phạm vi đơn vị được giao; lịch toàn tỉnh: phạm vi toàn tỉnh"),
)
