"""Dossiers that went to the heir of a unit that merged, split or closed."""

from django.db import models

from dinh.kernel.ids import uuid7


class UnitMove(models.Model):
    """All that was open at a unit goes to its heir: asked for with the change of the directory, done once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    from_unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    dossiers = models.IntegerField(default=0)
    drafts = models.IntegerField(default=0)
    steps = models.IntegerField(default=0)
    told_until = models.UUIDField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.from_unit_id} → {self.to_unit_id}"


class MovedDossier(models.Model):
    """One dossier that went with a move: why its page says where it was before."""

    move = models.ForeignKey(UnitMove, on_delete=models.PROTECT, related_name="moved")
    dossier = models.ForeignKey("Dossier", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["dossier"]
        constraints = [models.UniqueConstraint(fields=["move", "dossier"], name="moved_once")]
        indexes = [models.Index(fields=["dossier"], name="moved_dossier")]
