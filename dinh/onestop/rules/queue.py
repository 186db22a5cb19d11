"""The queue at a desk: how a number moves, what people come for, how long they may have to wait."""

import datetime as dt
import re
from collections.abc import Mapping

from dinh.kernel.errors import N_, Refused
from dinh.kernel.states import State, StateMachine, Transition, moves
from dinh.kernel.worktime import VIETNAM, WorkCalendar

__all__ = [
    "QUEUE",
    "WISHES",
    "DeskClosed",
    "NobodyWaits",
    "NotYourCall",
    "QueueFull",
    "WindowMissing",
    "check_open",
    "check_window",
    "waiting_minutes",
]

# Numbers that may wait at a desk at once: more is somebody playing with the button.
MOST_WAITING = 300
_WINDOW = re.compile(r"[0-9A-Za-zĐđ]{1,4}")  # data: letters of counters
# Until a desk has served some people today.
_USUAL_MINUTES = 8.0

WISHES: Mapping[str, str] = {
    "file": N_("Nộp hồ sơ"),
    "collect": N_("Nhận kết quả"),
    "ask": N_("Hỏi, hướng dẫn"),
}

QUEUE = StateMachine(
    subject=N_("số thứ tự"),
    initial="waiting",
    states=(
        State("waiting", N_("Đang chờ")),
        State("called", N_("Đang được phục vụ")),
        State("done", N_("Đã phục vụ xong")),
        State("missed", N_("Gọi không có mặt")),
        State("left", N_("Đã bỏ số")),
    ),
    verbs={
        "call": N_("Gọi số"),
        "finish": N_("Xong"),
        "miss": N_("Vắng mặt"),
        "leave": N_("Bỏ số"),
    },
    transitions=(
        *moves(("waiting", "missed", "called"), "call", "called"),
        Transition("called", "finish", "done"),
        Transition("called", "miss", "missed"),
        *moves(("waiting", "missed"), "leave", "left"),
    ),
)


class DeskClosed(Refused):
    message = N_(
        "Hôm nay Bộ phận một cửa không còn giờ làm việc. Mời Ông/Bà quay lại vào ngày làm việc tiếp theo."
    )


class QueueFull(Refused):
    message = N_("Hôm nay đã có rất đông người chờ nên tạm dừng lấy số. Mời Ông/Bà hỏi cán bộ tại quầy.")


class NobodyWaits(Refused):
    message = N_("Không còn ai chờ.")


class WindowMissing(Refused):
    message = N_("Hãy ghi số quầy của Ông/Bà, ví dụ 2, để người dân biết đến đâu.")


class NotYourCall(Refused):
    message = N_("Số này do người khác đang phục vụ. Hãy tải lại trang.")


def check_window(window: str) -> str:
    """Return the counter's number as it is shown. Raises ``WindowMissing``."""
    window = window.strip()
    if _WINDOW.fullmatch(window) is None:
        raise WindowMissing(field="window")
    return window


def check_open(calendar: WorkCalendar, now: dt.datetime) -> None:
    """Raise ``DeskClosed`` when no working time is left today."""
    local = now.astimezone(VIETNAM)
    midnight = dt.datetime.combine(local.date() + dt.timedelta(days=1), dt.time(), VIETNAM)
    if not calendar.working_time_between(now, midnight):
        raise DeskClosed


def waiting_minutes(ahead: int, served_minutes: float | None, windows: int) -> int:
    """Return about how long a person waits with so many ahead, in whole minutes.

    ``served_minutes``: what one person took on average today, None before anybody was served;
    ``windows``: how many counters call.
    """
    each = _USUAL_MINUTES if served_minutes is None else min(max(served_minutes, 1.0), 60.0)
    return round(ahead * each / max(windows, 1))
