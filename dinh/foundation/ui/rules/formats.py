"""How dates, times, money and lengths of time are written on Vietnamese screens."""

import datetime as dt
from collections.abc import Callable

from dinh.kernel.errors import N_
from dinh.kernel.worktime import VIETNAM

__all__ = [
    "file_size",
    "format_date",
    "format_long_date",
    "format_moment",
    "format_money",
    "format_number",
    "format_share",
    "format_time",
    "relative_day",
    "working_time",
]

NO_BREAK = "\N{NO-BREAK SPACE}"
Say = Callable[[str], str]
_SWAPPED = str.maketrans(",.", ".,")

WEEKDAYS = (
    N_("thứ Hai"),
    N_("thứ Ba"),
    N_("thứ Tư"),
    N_("thứ Năm"),
    N_("thứ Sáu"),
    N_("thứ Bảy"),
    N_("Chủ nhật"),
)


def as_is(text: str) -> str:
    """The default translator: the Vietnamese sentence itself."""
    return text


def _local(moment: dt.date | dt.datetime) -> dt.date | dt.datetime:
    if isinstance(moment, dt.datetime) and moment.tzinfo is not None:
        return moment.astimezone(VIETNAM)
    return moment


def format_date(day: dt.date | dt.datetime | str | None) -> str:
    """``21/11/2026``; an aware moment is shown in the province's zone; an ISO date as text is read first."""
    if not day:
        return ""
    if isinstance(day, str):
        try:
            day = dt.date.fromisoformat(day)
        except ValueError:
            return str(day)
    day = _local(day)
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def format_long_date(day: dt.date | dt.datetime | None, say: Say = as_is) -> str:
    """``thứ Bảy, 21/11/2026``."""
    if not day:
        return ""
    day = _local(day)
    return f"{say(WEEKDAYS[day.weekday()])}, {format_date(day)}"


def format_time(moment: dt.datetime | dt.time | None) -> str:
    """``14:05``."""
    if moment is None:
        return ""
    if isinstance(moment, dt.datetime) and moment.tzinfo is not None:
        moment = moment.astimezone(VIETNAM)
    return f"{moment.hour:02d}:{moment.minute:02d}"


def format_moment(moment: dt.datetime | None) -> str:
    """``14:05 21/11/2026``, the order in which Vietnamese papers write it."""
    if moment is None:
        return ""
    return f"{format_time(moment)}{NO_BREAK}{format_date(moment)}"


def format_number(number: float | None, digits: int = 0) -> str:
    """``1.234.567`` and ``12,5``: dots between thousands, a comma before decimals."""
    if number is None:
        return ""
    text = f"{number:,.{digits}f}"
    return text.translate(_SWAPPED)


def format_money(amount: int | None) -> str:
    """``100.000 đ`` from whole đồng."""
    return "" if amount is None else f"{format_number(amount)}{NO_BREAK}đ"


def format_share(share: float | None) -> str:
    """``97,5%`` from a share between 0 and 1."""
    if share is None:
        return ""
    percent = round(share * 100, 1)
    return f"{format_number(percent, 0 if percent == int(percent) else 1)}%"


def file_size(size: int | None) -> str:
    """``830 byte``, ``48 KB``, ``1,2 MB`` from bytes (1 KB is 1024 bytes, as people's computers say)."""
    if size is None:
        return ""
    if size < 1024:
        return f"{size}{NO_BREAK}byte"
    amount = float(size)
    for unit in ("KB", "MB", "GB"):
        amount /= 1024
        if amount < 1023.5 or unit == "GB":
            break
    digits = 0 if amount >= 10 else 1
    text = format_number(amount, digits)
    return f"{text.removesuffix(',0')}{NO_BREAK}{unit}"


def working_time(remaining: dt.timedelta | None, say: Say = as_is, *, hours_a_day: int = 8) -> str:
    """``còn 1 ngày 4 giờ làm việc`` or ``quá hạn 2 giờ làm việc`` from working time, negative when late.

    One working day is ``hours_a_day`` hours. Less than an hour is said in minutes.
    """
    if remaining is None:
        return ""
    minutes = round(abs(remaining.total_seconds()) / 60)
    if minutes == 0:
        return say(N_("đến hạn ngay bây giờ"))
    pattern = (
        N_("còn %(length)s làm việc") if remaining > dt.timedelta() else N_("quá hạn %(length)s làm việc")
    )
    return say(pattern) % {"length": _length(minutes, say, hours_a_day)}


def _length(minutes: int, say: Say, hours_a_day: int) -> str:
    days, rest = divmod(minutes, hours_a_day * 60)
    hours, left = divmod(rest, 60)
    parts = []
    if days:
        parts.append(say(N_("%(count)s ngày")) % {"count": days})
    if hours:
        parts.append(say(N_("%(count)s giờ")) % {"count": hours})
    if left and not days:
        parts.append(say(N_("%(count)s phút")) % {"count": left})
    return " ".join(parts)


def relative_day(moment: dt.datetime | dt.date | None, now: dt.datetime, say: Say = as_is) -> str:
    """``5 phút trước``, ``hôm nay 14:05``, ``hôm qua 08:30``, ``ngày mai``, else the date."""
    if moment is None:
        return ""
    if isinstance(moment, dt.datetime):
        ago = now - moment
        if dt.timedelta() <= ago < dt.timedelta(minutes=1):
            return say(N_("vừa xong"))
        if dt.timedelta() <= ago < dt.timedelta(hours=1):
            return say(N_("%(count)s phút trước")) % {"count": int(ago.total_seconds() // 60)}
    local = _local(moment)
    day = local.date() if isinstance(local, dt.datetime) else local
    today = now.astimezone(VIETNAM).date()
    words = {0: N_("hôm nay"), -1: N_("hôm qua"), 1: N_("ngày mai")}
    word = words.get((day - today).days)
    if word is None:
        return format_date(moment)
    clock = f" {format_time(local)}" if isinstance(local, dt.datetime) else ""
    return f"{say(word)}{clock}"
