"""Tables of the write path: the audit log, its seals and the outbox."""

import pgtrigger
from django.db import models
from django.db.models.functions import Cast, Now

from dinh.kernel.ids import uuid7


class AuditEntry(models.Model):
    """One performed verb. Append-only, without foreign keys, so that it outlives what it speaks of.

    ``txid`` is the transaction that wrote it: the sealer takes whole transactions that are certainly
    over, so writers never wait for the chain.
    """

    at = models.DateTimeField(db_default=Now())
    txid = models.BigIntegerField(
        db_default=Cast(
            Cast(models.Func(function="pg_current_xact_id"), models.TextField()), models.BigIntegerField()
        ),
    )
    verb = models.TextField()
    subject_type = models.TextField(blank=True)
    subject_id = models.TextField(blank=True)
    subject_label = models.TextField(blank=True)
    actor_kind = models.TextField()
    actor_id = models.TextField(blank=True)
    actor_name = models.TextField(blank=True)
    position_id = models.TextField(blank=True)
    position_name = models.TextField(blank=True)
    on_behalf_of = models.TextField(blank=True)
    request_id = models.TextField(blank=True)
    changes = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["subject_id", "id"], name="audit_subject"),
            models.Index(fields=["txid"], name="audit_txid"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class AuditSeal(models.Model):
    """A signed link of the hash chain over all audit entries of one range of transactions."""

    number = models.BigIntegerField(unique=True)
    epoch = models.IntegerField()
    cluster = models.TextField()
    entries_after_id = models.BigIntegerField()
    from_txid = models.BigIntegerField()
    until_txid = models.BigIntegerField()
    entries = models.BigIntegerField()
    previous_hash = models.TextField()
    entries_hash = models.TextField()
    hash = models.TextField()
    signature = models.TextField()
    key_id = models.TextField()
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class OutboxMessage(models.Model):
    """One effect outside the database for one recipient, delivered at least once.

    ``once_key`` makes enqueuing idempotent; the receiver gets ``id`` as its own idempotency key.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Chờ gửi"
        DELIVERED = "delivered", "Đã gửi"
        DEAD = "dead", "Không gửi được"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    channel = models.TextField()
    recipient = models.TextField()
    payload = models.JSONField(default=dict)
    once_key = models.TextField(unique=True, null=True)
    subject_type = models.TextField(blank=True)
    subject_id = models.TextField(blank=True)
    state = models.TextField(choices=State, default=State.WAITING)
    attempts = models.IntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now())
    delivered_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="outbox_due", condition=models.Q(state="waiting")),
            models.Index(fields=["subject_id"], name="outbox_subject"),
        ]


class DeliveryAttempt(models.Model):
    """One attempt to deliver an outbox message: what happened, when."""

    message = models.ForeignKey(OutboxMessage, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField(db_default=Now())
    succeeded = models.BooleanField()
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
