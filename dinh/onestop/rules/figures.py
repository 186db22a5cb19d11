"""What reports count, and how the counts hang together (form II.06a/VPCP/KSTT).

A dossier is *received* when it is accepted, *finished* when it has its result or is refused, *gone* when its
applicant took it back or it was stopped. Finished dossiers are early, on time or late by dates: what is
finished on its due date is on time. An unfinished one is late from the day after its due date.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from operator import add, attrgetter, sub

from dinh.kernel.errors import N_
from dinh.onestop.rules.periods import Period

__all__ = ["CAUSES", "COUNTS", "Sums", "Tally", "standing_on", "tally"]

# What a figure counts: stable keys of addresses, and the words of lists.
COUNTS: Mapping[str, str] = {
    "tong": N_("Tổng số phải giải quyết"),
    "moi": N_("Tiếp nhận trong kỳ"),
    "moi-truc-tuyen": N_("Tiếp nhận trực tuyến trong kỳ"),
    "moi-truc-tiep": N_("Tiếp nhận trực tiếp, bưu chính trong kỳ"),
    "ky-truoc": N_("Từ kỳ trước chuyển sang"),
    "xong": N_("Đã giải quyết"),
    "xong-truoc-han": N_("Giải quyết trước hạn"),
    "xong-dung-han": N_("Giải quyết đúng hạn"),
    "xong-kip-han": N_("Giải quyết trước và đúng hạn"),
    "xong-qua-han": N_("Giải quyết quá hạn"),
    "dang": N_("Đang giải quyết"),
    "dang-trong-han": N_("Đang giải quyết, trong hạn"),
    "dang-qua-han": N_("Đang giải quyết, quá hạn"),
    "qua-han": N_("Quá hạn, đã và đang giải quyết"),
    "rut": N_("Công dân rút hoặc dừng giải quyết"),
    "da-tra": N_("Đã trả kết quả"),
    "tu-choi": N_("Từ chối"),
    "danh-gia": N_("Có đánh giá"),
    "hai-long": N_("Đánh giá hài lòng trở lên"),
}
# Where the time of a late dossier was spent (form II.07a): stable keys of addresses.
CAUSES: Mapping[str, str] = {
    "cham-tai-co-quan": N_("Quá hạn do cơ quan chủ trì giải quyết chậm"),
    "cham-phoi-hop": N_("Quá hạn do cơ quan phối hợp chậm"),
    "cham-khac": N_("Quá hạn, không bước nào vượt thời hạn của mình"),
}


@dataclass(frozen=True, slots=True)
class Sums:
    """Everything that happened before a day, added up: the columns that are kept of a day."""

    received: int = 0
    received_online: int = 0
    early: int = 0
    on_time: int = 0
    late: int = 0
    gone: int = 0
    gone_late: int = 0
    fell_due: int = 0
    returned: int = 0
    refused: int = 0
    rated: int = 0
    satisfied: int = 0

    @property
    def ended(self) -> int:
        return self.early + self.on_time + self.late + self.gone

    def __sub__(self, other: "Sums") -> "Sums":
        return Sums(*map(sub, _of_sums(self), _of_sums(other)))

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*map(add, _of_sums(self), _of_sums(other)))


# A page adds up thousands of lines: the columns are not looked up for each.
_of_sums: Callable[[Sums], tuple[int, ...]] = attrgetter(*(column.name for column in fields(Sums)))


@dataclass(frozen=True, slots=True)
class Tally:
    """The figures of one line of the report: of a period, and how it stood at its end."""

    received: int = 0
    online: int = 0
    carried: int = 0
    early: int = 0
    on_time: int = 0
    late: int = 0
    pending_late: int = 0
    gone: int = 0
    returned: int = 0
    refused: int = 0
    rated: int = 0
    satisfied: int = 0

    @property
    def direct(self) -> int:
        """Received at the counter and by post."""
        return self.received - self.online

    @property
    def total(self) -> int:
        return self.received + self.carried

    @property
    def finished(self) -> int:
        return self.early + self.on_time + self.late

    @property
    def timely(self) -> int:
        return self.early + self.on_time

    @property
    def pending(self) -> int:
        return self.total - self.finished - self.gone

    @property
    def pending_in_time(self) -> int:
        return self.pending - self.pending_late

    @property
    def overdue(self) -> int:
        return self.late + self.pending_late

    @property
    def timely_share(self) -> float | None:
        """Finished in time, of all finished; None when nothing was finished."""
        return self.timely / self.finished if self.finished else None

    @property
    def satisfied_share(self) -> float | None:
        """Satisfied or very satisfied, of all ratings; None without ratings."""
        return self.satisfied / self.rated if self.rated else None

    @property
    def is_empty(self) -> bool:
        return not (self.total or self.finished or self.gone or self.refused or self.rated or self.returned)

    def counted(self, key: str) -> int:
        """Return the figure of a key of ``COUNTS``."""
        return int(getattr(self, _ATTRIBUTES[key]))

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*map(add, _of_tally(self), _of_tally(other)))


_of_tally: Callable[[Tally], tuple[int, ...]] = attrgetter(*(column.name for column in fields(Tally)))


_ATTRIBUTES = {
    "tong": "total",
    "moi": "received",
    "moi-truc-tuyen": "online",
    "moi-truc-tiep": "direct",
    "ky-truoc": "carried",
    "xong": "finished",
    "xong-truoc-han": "early",
    "xong-dung-han": "on_time",
    "xong-kip-han": "timely",
    "xong-qua-han": "late",
    "dang": "pending",
    "dang-trong-han": "pending_in_time",
    "dang-qua-han": "pending_late",
    "qua-han": "overdue",
    "rut": "gone",
    "da-tra": "returned",
    "tu-choi": "refused",
    "danh-gia": "rated",
    "hai-long": "satisfied",
}


def standing_on(period: Period, today: dt.date) -> dt.date:
    """Return the day on which open dossiers are judged: the day after the period, or today within it."""
    return min(period.until_on, today)


def tally(before: Sums, until: Sums, standing: Sums) -> Tally:
    """Return a line of the report from sums before its first day, until its end, and of the days on which
    dossiers had fallen due by the day of ``standing_on`` (that day included).
    """
    within = until - before
    return Tally(
        received=within.received,
        online=within.received_online,
        carried=before.received - before.ended,
        early=within.early,
        on_time=within.on_time,
        late=within.late,
        pending_late=standing.fell_due - until.late - until.gone_late,
        gone=within.gone,
        returned=within.returned,
        refused=within.refused,
        rated=within.rated,
        satisfied=within.satisfied,
    )
