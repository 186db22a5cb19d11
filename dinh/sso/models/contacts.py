"""Codes sent to addresses that people want to be reached at."""

from django.db import models

from dinh.kernel.errors import N_
from dinh.kernel.ids import uuid7
from dinh.sso.models.accounts import Account


class ContactCode(models.Model):
    """A wish to be reached elsewhere, until its code is typed. Of the code only a keyed hash is stored."""

    class Ended(models.TextChoices):
        CONFIRMED = "confirmed", N_("Đã xác minh")
        DROPPED = "dropped", N_("Đã bỏ")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    kind = models.TextField()
    value = models.TextField()
    code_hash = models.CharField(max_length=64)
    tries = models.IntegerField(default=0)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.TextField(choices=Ended, blank=True)

    audit_hidden = frozenset({"value", "code_hash"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind"], name="one_open_contact_code", condition=models.Q(ended_at=None)
            )
        ]
        indexes = [models.Index(fields=["expires_at"], name="contact_code_expiry")]
