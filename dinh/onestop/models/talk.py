"""Words beside the dossier: notes among officials, messages between the applicant and who handles it."""

from django.db import models

from dinh.kernel.ids import uuid7


class Note(models.Model):
    """A note inside the administration. Applicants never see it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey("Dossier", on_delete=models.PROTECT, related_name="notes")
    text = models.TextField()
    at = models.DateTimeField()
    author = models.TextField()
    position = models.TextField(blank=True)

    audit_hidden = frozenset({"text"})

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["dossier", "id"], name="note_dossier")]

    def __str__(self) -> str:
        return str(self.id)


class Message(models.Model):
    """One message about a dossier. ``read_at``: when the other side first opened it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey("Dossier", on_delete=models.PROTECT, related_name="messages")
    from_applicant = models.BooleanField()
    text = models.TextField()
    at = models.DateTimeField()
    author = models.TextField()
    position = models.TextField(blank=True)
    read_at = models.DateTimeField(null=True)

    audit_hidden = frozenset({"text"})

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["dossier", "id"], name="message_dossier")]

    def __str__(self) -> str:
        return str(self.id)
