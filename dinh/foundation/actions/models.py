"""Tables of the write path: the audit log, its seals, the outbox and the workers' signs of life."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Cast, Now

from dinh.kernel.errors import N_
from dinh.kernel.ids import uuid7


def own_transaction() -> models.Func:
    """The number of the running transaction, as the database counts them (64 bits, never wrapping)."""
    number = models.Func(function="pg_current_xact_id", output_field=models.TextField())
    return Cast(Cast(number, models.TextField()), models.BigIntegerField())


class AuditEntry(models.Model):
    """One performed verb. Append-only, without foreign keys, so that it outlives what it speaks of."""

    # Before ``id`` on purpose: the transaction then has its number before the row takes one, and from a
    # sealed row's id the sealer knows which smaller ids can still come (docs/decisions/0080).
    txid = models.BigIntegerField(db_default=own_transaction())
    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
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
    changes = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["subject_id", "id"], name="audit_subject"),
            models.Index(fields=["actor_id", "id"], name="audit_actor"),
            BrinIndex(fields=["at"], name="audit_at", autosummarize=True),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_label}"


class AuditSeal(models.Model):
    """A signed link of the hash chain: which entries it covers, and the SHA-256 of each.

    ``ranges`` are the entries' ids as half-open ranges (1 2 3 7 is 1,4,7,8); ``digests`` are their
    hashes, 32 bytes each, in the order of the ids. No entry can come any more at or below
    ``settled_id``: one that turns up there in no seal was slipped in. ``until_id`` is the greatest id
    that this seal or one before it covers.
    """

    number = models.BigIntegerField(unique=True)
    form = models.TextField()
    cluster = models.TextField()
    txid = models.BigIntegerField()
    sealed_at = models.DateTimeField()
    entries = models.BigIntegerField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    until_id = models.BigIntegerField()
    settled_id = models.BigIntegerField()
    ranges = ArrayField(models.BigIntegerField())
    digests = models.BinaryField()
    entries_hash = models.TextField()
    previous_hash = models.TextField(blank=True)
    hash = models.TextField()
    signature = models.TextField()
    key_id = models.TextField()

    class Meta:
        ordering = ["number"]
        indexes = [
            models.Index(fields=["last_id"], name="seal_last_id"),
            models.Index(fields=["sealed_at"], name="seal_sealed_at"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.hash[:16]}"


class OutboxMessage(models.Model):
    """One effect outside the database for one recipient, delivered at least once.

    ``once_key`` makes enqueuing idempotent; the receiver gets ``id`` as its own idempotency key.
    ``claimed_by`` and ``claimed_until`` are the lease of the relay that is sending it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", N_("Chờ gửi")
        DELIVERED = "delivered", N_("Đã gửi")
        DEAD = "dead", N_("Không gửi được")

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
    claimed_by = models.TextField(blank=True, default="")
    claimed_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    delivered_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True, default="")

    audit_hidden = frozenset({"payload"})

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["channel", "next_attempt_at"], name="outbox_due", condition=models.Q(state="waiting")
            ),
            models.Index(fields=["id"], name="outbox_dead", condition=models.Q(state="dead")),
            models.Index(fields=["subject_id"], name="outbox_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} → {self.recipient}"


class DeliveryAttempt(models.Model):
    """One attempt to deliver an outbox message: what happened, when, after how many milliseconds."""

    message = models.ForeignKey(OutboxMessage, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField(db_default=Now())
    succeeded = models.BooleanField()
    error = models.TextField(blank=True, default="")
    milliseconds = models.IntegerField(default=0)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.message_id} {self.at}"


class WorkerHeartbeat(models.Model):
    """A running worker process; health checks read ``seen_at``. The row goes when it stops cleanly."""

    name = models.TextField(unique=True)
    started_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class AuditVerification(models.Model):
    """One proof of the audit log: asked for by whom, how far it is, what it found. Kept for good.

    ``asked_by`` is empty when the house asked itself. ``faults`` are lists of sentence (a key), entry and
    seal, the first places first. ``anchors``: lines of seals noted elsewhere that it was compared with.
    """

    class State(models.TextChoices):
        WAITING = "waiting", N_("Đang chờ")
        RUNNING = "running", N_("Đang kiểm tra")
        INTACT = "intact", N_("Nguyên vẹn")
        BROKEN = "broken", N_("Đã bị thay đổi")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = models.TextField(choices=State, default=State.WAITING)
    is_open = models.BooleanField(default=True)
    asked_at = models.DateTimeField()
    asked_by = models.TextField(blank=True)
    asked_by_account = models.UUIDField(null=True)
    anchors = models.JSONField(default=list)
    entries_total = models.BigIntegerField(default=0)
    entries = models.BigIntegerField(default=0)
    seals = models.BigIntegerField(default=0)
    unsealed = models.BigIntegerField(default=0)
    faults = models.JSONField(default=list)
    last_anchor = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_open"], condition=models.Q(is_open=True), name="one_verification_at_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_at} {self.state}"
