"""When an applicant had to attend: what is written down (NĐ 61/2018/NĐ-CP Art. 19.3)."""

import datetime as dt
from dataclasses import dataclass

from dinh.kernel.dates import written_moment
from dinh.kernel.errors import N_, Refused

__all__ = ["MeetingIncomplete", "MeetingNotes", "MeetingTime", "check_notes"]

LONGEST = 4000


class MeetingTime(Refused):
    message = N_(
        "Ngày, giờ làm việc thiếu, chưa tới, hoặc trước lúc nộp hồ sơ (%(since)s). Hãy ghi lúc bắt đầu."
    )


class MeetingIncomplete(Refused):
    message = N_("Hãy ghi %(what)s: buổi làm việc phải lưu đủ thời gian, địa điểm, thành phần, nội dung.")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingNotes:
    """What is kept of a meeting: when, where, who took part (each a line), what was said and found."""

    at: dt.datetime | None
    place: str
    people: str
    content: str


def check_notes(notes: MeetingNotes, *, since: dt.datetime, now: dt.datetime) -> MeetingNotes:
    """Return the notes, tidied. ``since``: the dossier was sent then. Raises ``MeetingTime``,
    ``MeetingIncomplete``, each at its field.
    """
    if notes.at is None or not since.replace(second=0, microsecond=0) <= notes.at <= now:
        raise MeetingTime(field="met-at", since=written_moment(since))
    place, people = notes.place.strip()[:300], notes.people.strip()[:LONGEST]
    content = notes.content.strip()[:LONGEST]
    for field, words, what in (
        ("met-place", place, N_("địa điểm")),
        ("met-people", people, N_("thành phần tham gia")),
        ("met-content", content, N_("nội dung làm việc")),
    ):
        if not words:
            raise MeetingIncomplete(field=field, what=what)
    return MeetingNotes(at=notes.at, place=place, people=people, content=content)
