"""Reads about steps at which the applicant is met."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from dinh.foundation.actions.public import Actor
from dinh.foundation.calendars.public import calendar_for
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import Dossier, Invitation, StepRun
from dinh.onestop.permissions import WORK_ON_STEP
from dinh.onestop.queries.standing import who_acts
from dinh.onestop.rules.invitations import likely_moment, place_asked, wished_day

__all__ = [
    "InvitationCard",
    "MeetingStep",
    "has_come",
    "invitation_of",
    "invitations_for",
    "meeting_steps",
    "met_on",
]


@dataclass(frozen=True, slots=True)
class InvitationCard:
    """A day for which the applicant was asked: what for, when, where, who has to be there."""

    step_id: UUID
    kind: str
    people: str
    at: dt.datetime
    place: str
    note: str


@dataclass(frozen=True, slots=True)
class MeetingStep:
    """An open step at which the applicant is met.

    ``invited`` waits, ``missed`` is the last that did not take place, ``came_at`` when they were met.
    ``likely`` begins the form: the day wished for where it can be, else the next working day.
    """

    step: StepRun
    kind: str
    people: str
    wished: dt.date | None
    likely: dt.datetime | None
    place: str
    invited: Invitation | None
    missed: Invitation | None
    came_at: dt.datetime | None
    may_work: bool


def meeting_steps(dossier: Dossier, *, by: Actor, now: dt.datetime) -> list[MeetingStep]:
    """Return the open steps of a visible dossier at which the applicant is met; none in most procedures."""
    definition = dossier.version.parts
    meeting = {step.key: step.meets for step in definition.steps if step.meets is not None}
    if not meeting:
        return []
    found = []
    rows = list(Invitation.objects.filter(dossier=dossier).select_related("meeting"))
    runs = StepRun.objects.filter(dossier=dossier, state="open", key__in=list(meeting)).select_related("unit")
    for run in runs.order_by("id"):
        run.dossier = dossier
        meets = meeting[run.key]
        own = [row for row in rows if row.step_key == run.key]
        met = [row.meeting.at for row in own if row.meeting is not None]
        wished = wished_day(meets, dossier.data)
        found.append(
            MeetingStep(
                step=run,
                kind=meets.kind,
                people=meets.people,
                wished=wished,
                likely=likely_moment(wished, calendar_for(run.unit_id), now=now),
                place=place_asked(meets, dossier.data)
                or (dossier.agency.name if meets.kind == "signing" else dossier.applicant_address),
                invited=next((row for row in own if row.state == "invited"), None),
                missed=next((row for row in reversed(own) if row.state == "missed"), None),
                came_at=max(met, default=None),
                may_work=by.kind == "official" and WORK_ON_STEP.may(who_acts(by, run, now=now), run),
            )
        )
    return found


def invitations_for(dossier: Dossier) -> list[InvitationCard]:
    """Return the days that the applicant of a visible dossier is asked for, while the step waits for them."""
    definition = dossier.version.parts
    if dossier.state != "processing" or not any(step.meets for step in definition.steps):
        return []
    runs = dict(StepRun.objects.filter(dossier=dossier, state="open").values_list("key", "id"))
    rows = Invitation.objects.filter(dossier=dossier, state="invited", step_key__in=list(runs)).order_by("at")
    return [_card(row, dossier, runs[row.step_key]) for row in rows]


def _card(row: Invitation, dossier: Dossier, step_id: UUID) -> InvitationCard:
    meets = dossier.version.parts.step(row.step_key).meets
    people = meets.people if meets is not None else ""
    return InvitationCard(step_id, row.kind, people, row.at, row.place, row.note)


def invitation_of(invitation_id: UUID) -> Invitation:
    """Return an invitation for whoever tells its applicant."""
    return Invitation.objects.select_related("dossier__agency", "dossier__version").get(pk=invitation_id)


def has_come(dossier: Dossier, step_key: str) -> bool:
    """Whether it is kept that the applicant was met at this step."""
    return Invitation.objects.filter(dossier=dossier, step_key=step_key, state="came").exists()


def met_on(dossier: Dossier) -> str:
    """Return the day on which the applicant was last met at a step, as a paper prints it; empty: not yet."""
    rows = Invitation.objects.filter(dossier=dossier, state="came").order_by("-meeting__at")
    at = rows.values_list("meeting__at", flat=True).first()
    return f"{at.astimezone(VIETNAM):%d/%m/%Y}" if at is not None else ""
