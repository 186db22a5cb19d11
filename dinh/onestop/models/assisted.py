"""Forms that an official filled in for somebody, and what that person said to them on their own phone."""

from django.db import models

from dinh.kernel.errors import N_
from dinh.kernel.ids import uuid7
from dinh.onestop.models.catalogue import ProcedureVersion

__all__ = ["AssistedForm"]


class AssistedForm(models.Model):
    """Answers typed at a counter for the person in front of it, who reads and confirms them on a phone.

    Whoever has the address can read it for half an hour: only the SHA-256 of the address's key is kept.
    """

    class State(models.TextChoices):
        OPEN = "open", N_("Chờ người nộp xem")
        CONFIRMED = "confirmed", N_("Người nộp đã xác nhận")
        DECLINED = "declined", N_("Người nộp báo sai")
        USED = "used", N_("Đã tiếp nhận")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    desk = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    position = models.ForeignKey("directory.Position", on_delete=models.PROTECT, related_name="+")
    official = models.TextField()
    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="+")
    applicant = models.JSONField()
    data = models.JSONField()
    key_hash = models.TextField(unique=True)
    state = models.TextField(choices=State, default=State.OPEN)
    comment = models.TextField(blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    audit_hidden = frozenset({"applicant", "data", "key_hash", "comment"})

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.version.procedure.short_name
