"""Reads about meetings with applicants."""

from dinh.foundation.actions.public import Actor
from dinh.onestop.models import Dossier, Meeting
from dinh.onestop.permissions import RECORD_MEETING

__all__ = ["may_record_meeting", "meetings_of"]


def meetings_of(dossier: Dossier) -> list[Meeting]:
    """Return the meetings of a visible dossier, the newest first."""
    return list(Meeting.objects.filter(dossier=dossier).order_by("-at", "-id"))


def may_record_meeting(by: Actor, dossier: Dossier) -> bool:
    """Whether the actor may write one down."""
    return RECORD_MEETING.may(by, dossier)
