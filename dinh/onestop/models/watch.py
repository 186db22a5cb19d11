"""What the watchdog found, and the times that ended dossiers took at each step."""

from django.db import models

from dinh.kernel.ids import uuid7


class Finding(models.Model):
    """One thing that stands without somebody to move it. ``key`` names it: one open row a trouble.

    ``owner_unit``: whose head has to act now; ``level`` counts how often it went up since it was found.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.TextField()
    kind = models.TextField()
    dossier = models.ForeignKey("Dossier", on_delete=models.CASCADE, null=True, related_name="findings")
    # What was filed at the national portal and is no dossier yet.
    filing = models.ForeignKey(
        "FilingMessage", on_delete=models.CASCADE, null=True, db_index=False, related_name="+"
    )
    step = models.ForeignKey("StepRun", on_delete=models.CASCADE, null=True, related_name="+")
    unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    owner_unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    level = models.SmallIntegerField(default=0)
    found_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["found_at", "id"]
        indexes = [
            models.Index(
                fields=["unit", "found_at"], name="finding_unit", condition=models.Q(settled_at=None)
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], name="one_open_finding", condition=models.Q(settled_at=None)
            )
        ]

    def __str__(self) -> str:
        return self.key


class StepTime(models.Model):
    """What a step of an ended dossier had, took, and answers for, in seconds of working time.

    A row without a step holds the part of the lateness that no step's overrun explains.
    """

    dossier = models.ForeignKey("Dossier", on_delete=models.CASCADE, related_name="times")
    step = models.ForeignKey("StepRun", on_delete=models.CASCADE, null=True, related_name="+")
    agency = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    position = models.ForeignKey("directory.Position", on_delete=models.PROTECT, null=True, related_name="+")
    name = models.TextField(blank=True)
    limit_seconds = models.BigIntegerField()
    spent_seconds = models.BigIntegerField()
    late_seconds = models.BigIntegerField()
    ended_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["agency", "ended_at"], name="step_time_agency")]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "step"], name="step_time_once", nulls_distinct=False)
        ]
