"""Procedures posted up at a desk (niêm yết), by the version that hangs there."""

from django.db import models

from dinh.kernel.ids import uuid7


class Posting(models.Model):
    """A version of a procedure hangs at a desk since a day, as somebody of the desk has said."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("ProcedureVersion", on_delete=models.PROTECT, related_name="+")
    posted_on = models.DateField()
    noted_at = models.DateTimeField()
    noted_by = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "version"], name="posted_once")]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.version_id}"
