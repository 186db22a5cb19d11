"""What a clock is made of: limits, policies, events, and the states it can be in."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from dinh.kernel.errors import N_, Refused
from dinh.kernel.sentences import Sentence, say
from dinh.kernel.worktime import WORKING_DAY, WorkCalendar

__all__ = [
    "AlreadyExtended",
    "CALENDAR_DAY",
    "Channel",
    "ClockEvent",
    "ClockEventsWrong",
    "ClockKind",
    "ClockPolicy",
    "ClockState",
    "Limit",
    "Limits",
    "MICROSECOND",
    "NOTHING",
    "SAME_DAY",
    "Timeliness",
    "TooLateToExtend",
    "Unit",
]

ClockKind = Literal["started", "paused", "resumed", "restarted", "extended", "stopped"]
Unit = Literal["hours", "working_days", "calendar_days", "same_day"]
Channel = Literal["counter", "post", "online"]

CALENDAR_DAY = dt.timedelta(days=1)
MICROSECOND = dt.timedelta(microseconds=1)
NOTHING = dt.timedelta(0)


class ClockState(StrEnum):
    """What a clock does at a moment. ``WAITING``: it has not started."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class Timeliness(StrEnum):
    """How a clock stands: the first three while work is open, the last three when it is done."""

    IN_TIME = "in_time"
    NEAR_DUE = "near_due"
    OVERDUE = "overdue"
    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"

    @property
    def label(self) -> str:
        """The word of reports and control slips, marked for translation."""
        return _TIMELINESS[self]


_TIMELINESS: Mapping[Timeliness, str] = {
    Timeliness.IN_TIME: N_("Trong hạn"),
    Timeliness.NEAR_DUE: N_("Sắp đến hạn"),
    Timeliness.OVERDUE: N_("Quá hạn"),
    Timeliness.EARLY: N_("Trước hạn"),
    Timeliness.ON_TIME: N_("Đúng hạn"),
    Timeliness.LATE: N_("Trễ hạn"),
}


class ClockEventsWrong(Refused):
    message = N_(
        "Lịch sử đồng hồ không hợp lệ: không thể ghi “%(kind)s” khi đồng hồ đang “%(state)s”. "
        "Hãy tải lại trang để xem trạng thái mới nhất."
    )


class AlreadyExtended(Refused):
    message = N_(
        "Hồ sơ đã được hẹn lại một lần. Pháp luật chỉ cho phép hẹn lại một lần, "
        "vì vậy hãy trả kết quả theo ngày đã hẹn."
    )


class TooLateToExtend(Refused):
    message = N_(
        "Đã quá thời điểm được hẹn lại: thư xin lỗi phải gửi trước ngày hẹn trả (%(due)s) "
        "ít nhất %(days)d ngày. Hãy trả kết quả trong hạn."
    )


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit as the procedure states it: 24 hours, 3 working days, 15 calendar days, the same day.

    ``amount`` is meaningless for ``same_day``; see ``SAME_DAY``.
    """

    amount: Decimal
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError("a limit is not negative")
        if self.unit == "calendar_days" and self.amount != int(self.amount):
            raise ValueError("calendar days are whole")

    @classmethod
    def of(cls, amount: int | str | Decimal, unit: Unit) -> "Limit":
        return cls(Decimal(amount), unit)

    def duration(self, calendar: WorkCalendar, *, begins: dt.datetime | None = None) -> dt.timedelta:
        """Return the limit as working time, or as whole days when it counts calendar days.

        A same-day limit is what is left of the day on which counting ``begins``.
        """
        if self.unit == "same_day":
            return _rest_of_day(calendar, begins) if begins is not None else calendar.working_day
        if self.unit == "calendar_days":
            return int(self.amount) * CALENDAR_DAY
        if self.unit == "working_days":
            return calendar.working_days(self.amount)
        return dt.timedelta(microseconds=round(self.amount * 3_600_000_000))

    @property
    def words(self) -> Sentence:
        amount = f"{self.amount.normalize():f}".replace(".", ",")
        return say(_LIMITS[self.unit], amount=amount)


SAME_DAY = Limit(Decimal(1), "same_day")
"""The result is handed over on the working day of receipt (the next one when received after the cut-off)."""


def _rest_of_day(calendar: WorkCalendar, begins: dt.datetime) -> dt.timedelta:
    return calendar.working_time_between(begins, calendar.closing_of(calendar.local_date(begins)))


_LIMITS: Mapping[Unit, str] = {
    "same_day": N_("trong ngày làm việc"),
    "hours": N_("%(amount)s giờ làm việc"),
    "working_days": N_("%(amount)s ngày làm việc"),
    "calendar_days": N_("%(amount)s ngày"),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """The limit of a procedure, and its shorter one for dossiers filed online, where it has one."""

    standard: Limit
    online: Limit | None = None

    def of(self, channel: Channel) -> Limit:
        return self.online if channel == "online" and self.online is not None else self.standard


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPolicy:
    """How the law of the day counts.

    ``first_day``: whether the day of receipt counts (Civil Code 2015 Art. 147.2 says no for limits in
    days; receipts state the exact hour, so the practice counts from it). ``cut_off``: received later in
    the day means counted from the next working morning; None: no such rule. ``on_supplement``: a
    completed supplement restarts the limit from zero (NĐ 61/2018 Art. 19.4) or lets it go on.
    ``supplements`` and ``extensions``: how often each may happen (Art. 8.2.b, 19.9); ``extension_notice``:
    how many days before the due date the new date is announced at the latest. ``near_due``: working time
    left at which work is called near due, but never more than one part in ``near_part`` of the limit itself:
    of four hours, the last one.
    """

    first_day: Literal["counted", "not_counted"] = "counted"
    cut_off: dt.time | None = None
    on_supplement: Literal["restart", "pause"] = "restart"
    supplements: int = 1
    extensions: int = 1
    extension_notice_days: int = 1
    near_due: dt.timedelta = WORKING_DAY
    near_part: int = 4

    @property
    def kind_after_supplement(self) -> ClockKind:
        """The event to record when the citizen has supplied what was asked."""
        return "restarted" if self.on_supplement == "restart" else "resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockEvent:
    """One thing that happened to a clock. ``reason`` is read by people.

    ``amount`` belongs to extensions, in calendar days when the limit counts them and only then.
    """

    kind: ClockKind
    at: dt.datetime
    reason: str = ""
    amount: Limit | None = None
