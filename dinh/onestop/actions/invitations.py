"""The applicant is asked to be there at a step; that they were, or why not, is kept."""

import datetime as dt

from dinh.foundation.actions.public import Actor, action, publish
from dinh.foundation.calendars.public import calendar_for
from dinh.kernel.dates import written_moment
from dinh.kernel.errors import N_
from dinh.onestop.actions.meetings import keep_meeting
from dinh.onestop.actions.record import tell
from dinh.onestop.actions.results import write_day_met
from dinh.onestop.events import ApplicantInvited
from dinh.onestop.models import Invitation, StepRun
from dinh.onestop.permissions import WORK_ON_STEP
from dinh.onestop.rules.checks import NeedsReason, NotThisKindOfStep, StepWaiting
from dinh.onestop.rules.definition import Meets
from dinh.onestop.rules.invitations import (
    INVITATION,
    InvitationIncomplete,
    NotAllThere,
    NotInvited,
    check_moment,
)
from dinh.onestop.rules.meetings import MeetingNotes
from dinh.onestop.rules.states import STEP

__all__ = ["invite", "record_came", "record_missed"]

LONGEST = 1000
_SAID = {
    "signing": N_("Mời người nộp đến ký lúc %(at)s tại %(place)s. %(note)s"),
    "inspection": N_("Báo người nộp: kiểm tra tại nơi lúc %(at)s, %(place)s. %(note)s"),
}


def _meets(step: StepRun) -> Meets:
    STEP.after(step.state, "complete")
    meets = step.dossier.version.parts.step(step.key).meets
    if meets is None:
        raise NotThisKindOfStep(step=step.name)
    return meets


def _waiting(step: StepRun) -> Invitation | None:
    return Invitation.objects.filter(dossier=step.dossier, step_key=step.key, state="invited").first()


@action(
    "invitation.sent", permission=WORK_ON_STEP, on=StepRun, under="dossier", label=N_("Mời người nộp có mặt")
)
def invite(
    step: StepRun, *, at: dt.datetime | None, place: str, note: str = "", by: Actor, now: dt.datetime
) -> Invitation:
    """Ask the applicant for a moment, or for another one in place of what they were asked for; they are told.

    The dossier's clock goes on. Raises ``MomentPast``, ``DayNotWorking``, ``HourNotWorking``,
    ``InvitationIncomplete``, ``StepWaiting``, ``NotThisKindOfStep``.
    """
    meets = _meets(step)
    if step.dossier.state == "supplement":
        raise StepWaiting
    at = check_moment(at, calendar_for(step.unit_id), now=now)
    place, note = place.strip()[:300], note.strip()[:LONGEST]
    if not place:
        raise InvitationIncomplete(field="invite-place")
    row = _waiting(step) or Invitation(
        dossier=step.dossier, step_key=step.key, kind=meets.kind, state=INVITATION.initial
    )
    if not row._state.adding:
        row.state = INVITATION.after(row.state, "move")
    row.at, row.place, row.note = at, place, note
    row.invited_at, row.invited_by = now, by.name
    row.save()
    tell(step.dossier, _SAID[meets.kind], by=by, now=now, at=written_moment(at), place=place, note=note)
    publish(ApplicantInvited(dossier_id=step.dossier_id, invitation_id=row.id))
    return row


@action(
    "invitation.came",
    permission=WORK_ON_STEP,
    on=StepRun,
    under="dossier",
    label=N_("Ghi người nộp đã có mặt"),
)
def record_came(
    step: StepRun, *, notes: MeetingNotes, all_there: bool, by: Actor, now: dt.datetime
) -> Invitation:
    """Keep who was there, when, where and what was done; a draft that prints the day is drawn anew with it.

    Also for who came without being asked. ``all_there``: everybody came whom the step names. Raises
    ``NotAllThere``, ``MeetingTime``, ``MeetingIncomplete``, ``NotThisKindOfStep``.
    """
    meets = _meets(step)
    if meets.people and not all_there:
        raise NotAllThere(field="met-all", people=meets.people)
    dossier = step.dossier
    meeting = keep_meeting(dossier, notes, by=by, now=now)
    row = _waiting(step) or Invitation(
        dossier=dossier, step_key=step.key, kind=meets.kind, state=INVITATION.initial, at=meeting.at,
        place=meeting.place, invited_at=now, invited_by=by.name,
    )  # fmt: skip
    row.state = INVITATION.after(row.state, "come")
    row.meeting, row.ended_at = meeting, now
    row.save()
    write_day_met(dossier, by=by, now=now)
    return row


@action(
    "invitation.missed",
    permission=WORK_ON_STEP,
    on=StepRun,
    under="dossier",
    label=N_("Ghi người nộp không có mặt"),
)
def record_missed(step: StepRun, *, reason: str, by: Actor, now: dt.datetime) -> Invitation:
    """Keep that whoever was asked was not there, and why; they may be asked again.

    Raises ``NotInvited`` before the hour, ``NeedsReason``, ``NotThisKindOfStep``.
    """
    _meets(step)
    row = _waiting(step)
    if row is None or row.at > now:
        raise NotInvited(field="missed-reason")
    reason = reason.strip()[:LONGEST]
    if not reason:
        raise NeedsReason(field="missed-reason")
    row.state = INVITATION.after(row.state, "miss")
    row.reason, row.ended_at = reason, now
    row.save()
    said = N_("Người nộp không có mặt lúc %(at)s: %(reason)s")
    tell(step.dossier, said, by=by, now=now, at=written_moment(row.at), reason=reason)
    return row
