"""Appointments at a desk: which moments it offers, how a visit moves, what is refused."""

import datetime as dt
from collections.abc import Sequence

from dinh.kernel.errors import N_, Refused
from dinh.kernel.states import State, StateMachine, Transition
from dinh.kernel.worktime import VIETNAM, WorkCalendar

__all__ = [
    "LENGTHS",
    "MOST_OPEN",
    "VISIT",
    "AlreadyBooked",
    "NotOffered",
    "SlotTaken",
    "TooManyVisits",
    "VisitNotToday",
    "is_open_for",
    "slots_on",
]

LENGTHS = (10, 15, 20, 30, 60)  # minutes
# Visits that one person may have ahead at once.
MOST_OPEN = 3
# Who books is on the way for at least so long.
NOTICE = dt.timedelta(minutes=30)

VISIT = StateMachine(
    subject=N_("lịch hẹn"),
    initial="booked",
    states=(
        State("booked", N_("Đã hẹn")),
        State("came", N_("Đã đến")),
        State("missed", N_("Không đến")),
        State("cancelled", N_("Đã hủy")),
    ),
    verbs={
        "move": N_("Đổi giờ"),
        "cancel": N_("Hủy hẹn"),
        "come": N_("Đã đến"),
        "miss": N_("Không đến"),
    },
    transitions=(
        Transition("booked", "move", "booked"),
        Transition("booked", "cancel", "cancelled"),
        Transition("booked", "come", "came"),
        Transition("booked", "miss", "missed"),
    ),
)


class NotOffered(Refused):
    message = N_("Giờ này bộ phận không nhận hẹn. Hãy chọn giờ khác trong danh sách.")


class SlotTaken(Refused):
    message = N_("Giờ này vừa có người khác hẹn hết. Hãy chọn giờ khác.")


class AlreadyBooked(Refused):
    message = N_("Ông/Bà đã có lịch hẹn vào giờ này. Hãy chọn giờ khác, hoặc đổi lịch hẹn đã có.")


class TooManyVisits(Refused):
    message = N_("Ông/Bà đang có %(count)d lịch hẹn, là số nhiều nhất. Hãy hủy bớt trước khi hẹn thêm.")


class VisitNotToday(Refused):
    message = N_("Chỉ ghi nhận người đến hoặc vắng từ ngày hẹn trở đi.")


def slots_on(
    day: dt.date, calendar: WorkCalendar, *, minutes: int, weekdays: Sequence[int]
) -> list[dt.datetime]:
    """Return the beginnings of the visits of ``minutes`` that fit into the openings of a day, in order.

    ``weekdays``: on which days the desk takes visits, 1 (Monday) to 7.
    """
    if day.isoweekday() not in weekdays:
        return []
    length = dt.timedelta(minutes=minutes)
    found = []
    for start, end in calendar.openings(day):
        at = start
        while at + length <= end:
            found.append(at)
            at += length
    return found


def is_open_for(
    starts_at: dt.datetime, calendar: WorkCalendar, *, minutes: int, weekdays: Sequence[int]
) -> bool:
    """Whether a visit may begin at this moment under the plan and the calendar of today."""
    day = starts_at.astimezone(VIETNAM).date()
    return starts_at in slots_on(day, calendar, minutes=minutes, weekdays=weekdays)
