"""Meetings with an applicant who had to attend: append-only, kept with the dossier."""

import pgtrigger
from django.db import models

from dinh.kernel.ids import uuid7


class Meeting(models.Model):
    """When, where, with whom, about what; and who wrote it down."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey("Dossier", on_delete=models.PROTECT, related_name="meetings")
    at = models.DateTimeField()
    place = models.TextField()
    people = models.TextField()
    content = models.TextField()
    written_at = models.DateTimeField()
    author = models.TextField()
    position = models.TextField(blank=True)

    audit_hidden = frozenset({"people", "content"})

    class Meta:
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.place
