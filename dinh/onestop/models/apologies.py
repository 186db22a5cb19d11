"""Apologies for lateness (form 04): why, and the new moment of return."""

from django.db import models

from dinh.kernel.errors import N_
from dinh.kernel.ids import uuid7
from dinh.onestop.rules.states import APOLOGY


class Apology(models.Model):
    """A letter of apology with a new date, from its proposal to its signature.

    ``kind``: an ``extension`` puts the due moment off, once; a letter that comes ``late`` only promises,
    the dossier stays overdue. ``old_due_at`` is what the applicant was told before.
    """

    class Kind(models.TextChoices):
        EXTENSION = "extension", N_("Hẹn lại trước hạn")
        LATE = "late", N_("Xin lỗi vì đã quá hạn")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey("Dossier", on_delete=models.PROTECT, related_name="apologies")
    kind = models.TextField(choices=Kind)
    state = models.TextField(choices=[(state.code, state.label) for state in APOLOGY.states])
    reason = models.TextField()
    old_due_at = models.DateTimeField()
    new_due_at = models.DateTimeField()
    proposed_at = models.DateTimeField(null=True)
    proposed_by = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    paper = models.OneToOneField("Paper", on_delete=models.PROTECT, null=True, related_name="apology")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], name="one_proposed_apology", condition=models.Q(state="proposed")
            ),
            models.UniqueConstraint(
                fields=["dossier"],
                name="one_extension",
                condition=models.Q(state="sent", kind="extension"),
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="apology_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.new_due_at:%d/%m/%Y}"
