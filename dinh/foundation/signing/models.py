"""Tables of signing: keys with their certificates, the register of uses, preservation, reports."""

import pgtrigger
from django.db import models
from django.db.models.functions import Now

from dinh.kernel.errors import N_
from dinh.kernel.ids import uuid7


class KeyQuerySet(models.QuerySet["Key"]):
    def of(self, owner_kind: str, owner_id: object) -> "KeyQuerySet":
        return self.filter(owner_kind=owner_kind, owner_id=owner_id)

    def usable(self, at: object) -> "KeyQuerySet":
        """Keys in use at ``at``: in force, neither revoked nor retired."""
        return self.filter(revoked_at=None, retired_at=None, valid_from__lte=at, valid_until__gt=at)


class Key(models.Model):
    """A private key in one of the stores, with the certificate of its owner.

    ``owner_id`` is a person or a unit of the directory. It is not a foreign key: keys and their
    certificates must outlive what they were issued to, for papers signed with them are kept for ever.
    A revoked certificate is no longer to be believed; a retired key is only no longer used; a suspended one
    signs nothing until it is resumed.
    """

    class Owner(models.TextChoices):
        PERSON = "person", N_("Cá nhân")
        AGENCY = "agency", N_("Cơ quan")
        DESK = "desk", N_("Bộ phận một cửa, hệ thống")

    class Store(models.TextChoices):
        SEALED = "sealed", N_("Kho khóa mã hóa")
        PKCS11 = "pkcs11", N_("Thiết bị PKCS#11")

    audit_hidden = frozenset({"certificate", "chain"})

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_kind = models.TextField(choices=Owner)
    owner_id = models.UUIDField()
    label = models.TextField()
    store = models.TextField(choices=Store)
    reference = models.TextField()
    certificate = models.TextField()
    chain = models.TextField(blank=True)
    serial = models.TextField()
    fingerprint = models.TextField(unique=True)
    issuer = models.TextField()
    is_sample = models.BooleanField(default=False)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revocation_reason = models.TextField(blank=True)
    retired_at = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(null=True)
    suspension_reason = models.TextField(blank=True)
    search_text = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = KeyQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from", "id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "reference"], name="key_reference_once"),
            models.UniqueConstraint(fields=["issuer", "serial"], name="key_serial_once"),
            models.UniqueConstraint(
                fields=["owner_kind", "owner_id"],
                condition=models.Q(revoked_at=None, retired_at=None),
                name="key_one_in_use",
                violation_error_message=N_("Mỗi chủ thể chỉ có một chứng thư đang dùng."),
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__gt=models.F("valid_from")), name="key_period"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Picture(models.Model):
    """The picture of a person's signature or of an agency's seal: it outlives certificates.

    One a owner is in use; those before it are kept, for they stand on papers.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_kind = models.TextField(choices=Key.Owner)
    owner_id = models.UUIDField()
    file = models.ForeignKey("files.File", on_delete=models.PROTECT, related_name="+")
    put_by = models.TextField()
    put_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner_kind", "owner_id"],
                condition=models.Q(removed_at=None),
                name="picture_one_in_use",
                violation_error_message=N_("Mỗi chủ thể chỉ có một ảnh đang dùng."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.owner_kind} {self.owner_id}"


class SealedSecret(models.Model):
    """A private key, encrypted with a key that lies outside the database (AES-256-GCM, scrypt)."""

    audit_hidden = frozenset({"nonce", "content"})

    reference = models.TextField(primary_key=True)
    nonce = models.BinaryField()
    content = models.BinaryField()

    class Meta:
        ordering = ["reference"]

    def __str__(self) -> str:
        return self.reference


class KeyUse(models.Model):
    """One signature made with a key: the register of uses. Append-only.

    ``content`` is the signed paper; the register does not keep it, only the row just made carries it.
    """

    content: bytes = b""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.ForeignKey(Key, on_delete=models.PROTECT, related_name="uses")
    signed_at = models.DateTimeField()
    reason = models.TextField()
    appearance = models.TextField()
    sha256 = models.TextField()
    used_by = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["sha256"], name="key_use_file")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.key} {self.signed_at:%d/%m/%Y %H:%M:%S}"


class Preservation(models.Model):
    """A signed file that waits for its time stamp and revocation data (PAdES B-LTA), or has them.

    ``file`` is the content as it was signed and ``preserved_file`` the extended one. The signed file is
    good from the start; only its proof for later years waits.
    """

    class State(models.TextChoices):
        WAITING = "waiting", N_("Chờ đóng dấu thời gian")
        PRESERVED = "preserved", N_("Đã đóng dấu thời gian")
        FAILED = "failed", N_("Không đóng được dấu thời gian")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.OneToOneField("files.File", on_delete=models.PROTECT, related_name="+")
    preserved_file = models.ForeignKey("files.File", on_delete=models.PROTECT, related_name="+", null=True)
    state = models.TextField(choices=State, default=State.WAITING)
    attempts = models.IntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())
    preserved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], name="preservation_due", condition=models.Q(state="waiting")
            )
        ]

    def __str__(self) -> str:
        return str(self.file_id)


class ValidationReport(models.Model):
    """What a check of one content said, kept with it (TT 41/2017/TT-BTTTT). A later check is a new row."""

    sha256 = models.TextField()
    size = models.BigIntegerField()
    verdict = models.TextField()
    is_signed = models.BooleanField()
    is_sample = models.BooleanField()
    problem = models.TextField(blank=True)
    signatures = models.JSONField(default=list)
    checked_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["sha256", "-id"], name="report_file")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.sha256
