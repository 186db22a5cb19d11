"""A meeting with an applicant who had to attend is written down."""

import datetime as dt

from dinh.foundation.actions.public import Actor, action
from dinh.kernel.dates import written_moment
from dinh.kernel.errors import N_
from dinh.onestop.actions.record import tell
from dinh.onestop.models import Dossier, Meeting
from dinh.onestop.permissions import RECORD_MEETING
from dinh.onestop.rules.meetings import MeetingNotes, check_notes

__all__ = ["keep_meeting", "record_meeting"]


@action(
    "meeting.recorded", permission=RECORD_MEETING, on=Dossier, label=N_("Ghi buổi làm việc với người dân")
)
def record_meeting(dossier: Dossier, *, notes: MeetingNotes, by: Actor, now: dt.datetime) -> Meeting:
    """Write down when, where, with whom and about what the applicant attended (NĐ 61/2018 Art. 19.3).

    The applicant sees in the timeline that it is kept. Raises ``MeetingTime``, ``MeetingIncomplete``.
    """
    return keep_meeting(dossier, notes, by=by, now=now)


def keep_meeting(dossier: Dossier, notes: MeetingNotes, *, by: Actor, now: dt.datetime) -> Meeting:
    """Keep a meeting and say in the timeline that it took place. Raises as ``record_meeting``."""
    notes = check_notes(notes, since=dossier.submitted_at, now=now)
    assert notes.at is not None
    meeting = Meeting.objects.create(
        dossier=dossier,
        at=notes.at,
        place=notes.place,
        people=notes.people,
        content=notes.content,
        written_at=now,
        author=by.name,
        position=by.position,
    )
    said = N_("Đã làm việc với người nộp lúc %(at)s tại %(place)s")
    tell(dossier, said, by=by, now=now, at=written_moment(notes.at), place=notes.place)
    return meeting
