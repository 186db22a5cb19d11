"""Blank forms (mẫu đơn) that applicants download, fill in on paper, and hand over or upload."""

from django.db import models

from dinh.kernel.ids import uuid7
from dinh.onestop.models.catalogue import Procedure


class BlankForm(models.Model):
    """One blank form of a procedure's paper. Definitions name it by its identifier; it never changes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="blank_forms")
    file = models.ForeignKey("files.File", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    given_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.procedure_id} {self.file_id}"
