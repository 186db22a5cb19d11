"""Steps that went back to an earlier one, or that somebody asks to send back."""

from django.db import models

from dinh.kernel.errors import N_
from dinh.kernel.ids import uuid7


class StepReturn(models.Model):
    """One return of a step: why, to which places it points, and who allowed it where that was needed.

    ``about`` is a list of ``{"key", "label"}``. What was asked and not decided lapses with its step.
    """

    class State(models.TextChoices):
        ASKED = "asked", N_("Chờ cấp trên")
        DONE = "done", N_("Đã trả lại")
        DECLINED = "declined", N_("Không đồng ý")
        UNDONE = "undone", N_("Đã hoàn tác")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey("Dossier", on_delete=models.PROTECT, related_name="returns")
    step = models.ForeignKey("StepRun", on_delete=models.PROTECT, related_name="returns")
    outcome = models.TextField()
    reason = models.TextField()
    about = models.JSONField(default=list)
    state = models.TextField(choices=State)
    asked_by = models.TextField()
    asked_position = models.ForeignKey(
        "directory.Position", on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    decided_by = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["dossier", "id"], name="return_dossier")]
        constraints = [
            models.UniqueConstraint(
                fields=["step"], name="one_return_asked", condition=models.Q(state="asked")
            ),
        ]

    def __str__(self) -> str:
        return self.reason[:80]
