"""What a draft looked like after each change: nothing that somebody wrote is lost, any state comes back."""

from django.db import models

from dinh.kernel.ids import uuid7
from dinh.onestop.models.catalogue import ProcedureVersion


class ProcedureRevision(models.Model):
    """One state of a draft. ``source`` is the number of the revision whose content it is: itself, or the
    earlier one that it brought back.

    ``said`` and ``said_with`` are the change as a sentence, translated for whoever reads it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="revisions")
    number = models.IntegerField()
    source = models.IntegerField()
    definition = models.JSONField()
    said = models.TextField()
    said_with = models.JSONField(default=dict)
    at = models.DateTimeField()
    by_id = models.UUIDField(null=True)
    by_name = models.TextField()

    class Meta:
        ordering = ["version", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="one_revision_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} r{self.number}"
