"""Tables of the files: one row a given file, and what was found damaged in the store."""

from django.db import models
from django.db.models.functions import Now

from dinh.kernel.errors import N_
from dinh.kernel.ids import uuid7


class File(models.Model):
    """One file that somebody gave or the house made. Two people may give the same content: two rows, one
    content in the store, and neither learns of the other.

    A row never changes but for what the scanner and the integrity check say of its content.
    """

    class Scan(models.TextChoices):
        CLEAN = "clean", N_("Không có mã độc")
        UNSCANNED = "unscanned", N_("Chưa quét mã độc")
        INFECTED = "infected", N_("Có mã độc")
        FAILED = "failed", N_("Đang chờ quét mã độc")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    size = models.BigIntegerField(editable=False)
    media_type = models.TextField(editable=False)
    name = models.TextField(editable=False)
    facts = models.JSONField(default=dict, editable=False)
    scan_state = models.TextField(choices=Scan)
    scan_found = models.TextField(blank=True)
    scanned_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = models.UUIDField(null=True, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="file_hash", condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="file_has_content", condition=models.Q(size__gt=0)),
        ]
        indexes = [
            models.Index(fields=["sha256"], name="file_content"),
            models.Index(fields=["created_at"], name="file_created"),
            models.Index(
                fields=["id"], name="file_to_scan", condition=models.Q(scan_state__in=["unscanned", "failed"])
            ),
            models.Index(models.F("checked_at").asc(nulls_first=True), name="file_to_check"),
        ]

    def __str__(self) -> str:
        return self.name


class StoreFault(models.Model):
    """A kept content that was found missing or changed, until it is put right."""

    class Kind(models.TextChoices):
        MISSING = "missing", N_("Mất nội dung")
        CHANGED = "changed", N_("Nội dung bị thay đổi")

    sha256 = models.CharField(max_length=64)
    kind = models.TextField(choices=Kind)
    found_at = models.DateTimeField()
    mended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["sha256"], name="one_open_fault", condition=models.Q(mended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sha256[:12]}…"


class PartialUpload(models.Model):
    """A file that arrives in pieces, so that a cut line costs one piece and not the whole.

    Its pieces lie in the database until the whole is taken in like any upload: any web process can go on
    with it, and nothing of it counts as a file before. ``account`` is whose it is.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.UUIDField(editable=False)
    name = models.TextField(editable=False)
    size = models.BigIntegerField(editable=False)
    received = models.BigIntegerField(default=0)
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["account", "id"], name="partial_of_account"),
            models.Index(fields=["changed_at"], name="partial_age"),
        ]
        constraints = [
            models.CheckConstraint(
                name="partial_within_size",
                condition=models.Q(received__gte=0) & models.Q(received__lte=models.F("size")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UploadPiece(models.Model):
    """One piece of a partial upload, from the byte ``start`` on."""

    upload = models.ForeignKey(PartialUpload, on_delete=models.CASCADE, related_name="pieces")
    start = models.BigIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["upload", "start"]
        constraints = [models.UniqueConstraint(fields=["upload", "start"], name="piece_once")]
