"""When an applicant is asked to be there at a step, and whether they were."""

from django.db import models
from django.db.models import Q

from dinh.kernel.ids import uuid7
from dinh.onestop.rules.invitations import INVITATION

__all__ = ["Invitation"]


class Invitation(models.Model):
    """One day for which the applicant was asked at a step of a dossier; one waits at a time.

    ``step_key`` and not a run of the step: what took place still counts when the step comes back.
    ``meeting`` is what was kept of it. ``reason``: why it did not take place.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey("Dossier", on_delete=models.PROTECT, related_name="invitations")
    step_key = models.TextField()
    kind = models.TextField()
    at = models.DateTimeField()
    place = models.TextField()
    note = models.TextField(blank=True)
    state = models.TextField(choices=[(state.code, state.label) for state in INVITATION.states])
    invited_at = models.DateTimeField()
    invited_by = models.TextField()
    meeting = models.OneToOneField("Meeting", on_delete=models.PROTECT, null=True, related_name="invitation")
    reason = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)

    audit_hidden = frozenset({"place", "note", "reason"})

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "step_key"], name="one_invitation_waits", condition=Q(state="invited")
            ),
            models.CheckConstraint(
                name="invitation_came_with_meeting",
                condition=~Q(state="came") | Q(meeting__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
