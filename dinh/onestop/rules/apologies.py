"""The law of apologies: when a due date may be put off, to when, and what late dossiers are owed.

NĐ 61/2018/NĐ-CP Art. 19.9: an agency that cannot keep the date says so at least a day before it, with an
apology, the reason and a new date, once. A dossier that is late already is owed the letter too; nothing
then moves its due date, so it stays late in every figure.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Literal

from dinh.kernel.clocks import ClockReading, check_extension
from dinh.kernel.errors import N_, Refused

__all__ = [
    "AlreadyApologised",
    "ApologyNotProposed",
    "NewDateMissing",
    "NewDateWrong",
    "NotBeingHandled",
    "apology_kind",
    "new_due_moment",
]

MOST_DAYS = 365

ApologyKind = Literal["extension", "late"]


class NotBeingHandled(Refused):
    message = N_(
        "Hồ sơ không ở trạng thái đang xử lý nên không có ngày hẹn trả để hẹn lại. Nếu hồ sơ đang chờ bổ"
        " sung, ngày hẹn được tính lại khi có bổ sung."
    )


class AlreadyApologised(Refused):
    message = N_(
        "Đã gửi thư xin lỗi hẹn trả kết quả ngày %(due)s và ngày đó chưa qua."
        " Hãy trả kết quả theo ngày đã hẹn."
    )


class NewDateMissing(Refused):
    message = N_("Hãy ghi ngày hẹn trả mới theo dạng ngày/tháng/năm, ví dụ 25/11/2026.")


class NewDateWrong(Refused):
    """The new date cannot be kept; ``message`` says which way."""


class ApologyNotProposed(Refused):
    message = N_("Hồ sơ không có đề nghị hẹn lại nào đang chờ ký. Hãy tải lại trang.")


def apology_kind(reading: ClockReading, promised: Sequence[dt.datetime]) -> ApologyKind:
    """Return which letter may be sent now: one that puts the due date off, or one for being late.

    ``promised``: the new moments of letters sent before. Raises ``AlreadyExtended``, ``TooLateToExtend``,
    ``AlreadyApologised``, ``NotBeingHandled`` for a clock without a due moment.
    """
    if reading.due_at is None:
        raise NotBeingHandled
    local = reading.calendar.local_date
    if local(reading.now) <= local(reading.due_at):
        check_extension(reading)
        return "extension"
    kept = [at for at in promised if local(at) >= local(reading.now)]
    if kept:
        raise AlreadyApologised(due=f"{local(max(kept)):%d/%m/%Y}")
    return "late"


def new_due_moment(reading: ClockReading, on: dt.date | None) -> dt.datetime:
    """Return the moment at which the office closes on the new date.

    Raises ``NewDateMissing`` and ``NewDateWrong`` at the field ``new_due_on``: not after the old date and
    today, a day off, more than a year away.
    """
    if on is None:
        raise NewDateMissing(field="new_due_on")
    calendar = reading.calendar
    today = calendar.local_date(reading.now)
    old = calendar.local_date(reading.due_at) if reading.due_at else today
    if on <= max(old, today):
        raise NewDateWrong(
            N_("Ngày hẹn mới phải sau ngày hẹn cũ và sau hôm nay (%(after)s)."),
            field="new_due_on",
            after=f"{max(old, today):%d/%m/%Y}",
        )
    if on > today + dt.timedelta(days=MOST_DAYS):
        raise NewDateWrong(N_("Ngày hẹn mới không được quá một năm kể từ hôm nay."), field="new_due_on")
    day = calendar.day(on)
    if not day.is_open:
        raise NewDateWrong(
            N_("Ngày %(on)s là ngày nghỉ (%(why)s). Hãy chọn ngày làm việc."),
            field="new_due_on",
            on=f"{on:%d/%m/%Y}",
            why=day.why,
        )
    return calendar.closing_of(on)
