"""The catalogue of procedures in the national shape: one entry a procedure, and lists that were taken in."""

from django.db import models

from dinh.kernel.errors import N_
from dinh.kernel.ids import uuid7
from dinh.onestop.models.catalogue import Procedure


class CatalogueEntry(models.Model):
    """What the national catalogue says of a procedure, beside what its version here says.

    ``content`` is the published record, ``draft`` one that waits for a second person (None: none waits);
    ``withdraws``: what waits is to take the procedure out of the catalogue.
    """

    audit_hidden = frozenset({"content", "draft"})

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    procedure = models.OneToOneField(Procedure, on_delete=models.CASCADE, related_name="entry")
    content = models.JSONField(null=True)
    draft = models.JSONField(null=True)
    withdraws = models.BooleanField(default=False)
    revision = models.IntegerField(default=0)
    drafted_at = models.DateTimeField(null=True)
    drafted_by = models.UUIDField(null=True)
    drafted_by_name = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"],
                name="entry_waiting",
                condition=models.Q(draft__isnull=False) | models.Q(withdraws=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.procedure_id)


class CatalogueImport(models.Model):
    """A file of the catalogue, read and compared by a job. Nothing of it stands before somebody presses.

    ``is_whole``: the file is said to be the whole catalogue, so that what it lacks is shown as gone.
    ``unused`` are names in the file that the record does not have. ``opened`` of ``to_open`` rows of the
    file are read, ``compared`` of ``to_compare`` procedures kept as lines, ``written`` of ``to_write``
    written; ``writer`` names who pressed (person, position, account), ``left_out`` what was crossed out.
    """

    class State(models.TextChoices):
        WAITING = "waiting", N_("Đang chờ đọc")
        READING = "reading", N_("Đang đọc")
        UNREADABLE = "unreadable", N_("Không đọc được")
        PREVIEW = "preview", N_("Xem trước")
        WRITING = "writing", N_("Đang ghi")
        DONE = "done", N_("Đã ghi")
        DROPPED = "dropped", N_("Đã bỏ")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file_name = models.TextField()
    sha256 = models.TextField()
    is_whole = models.BooleanField(default=False)
    state = models.TextField(choices=State, default=State.PREVIEW)
    unused = models.JSONField(default=list)
    opened = models.IntegerField(default=0)
    to_open = models.IntegerField(default=0)
    compared = models.IntegerField(default=0)
    to_compare = models.IntegerField(default=0)
    written = models.IntegerField(default=0)
    to_write = models.IntegerField(default=0)
    problem = models.TextField(blank=True)
    left_out = models.JSONField(default=list)
    writer = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    made_by_name = models.TextField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["made_by"],
                name="catalogue_unread",
                condition=models.Q(state__in=["waiting", "reading"]),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class CatalogueUpload(models.Model):
    """The bytes of such a file while they wait for the job that reads them; gone when it has ended."""

    audit_hidden = frozenset({"content"})

    batch = models.OneToOneField(
        CatalogueImport, on_delete=models.CASCADE, related_name="upload", primary_key=True
    )
    content = models.BinaryField()

    def __str__(self) -> str:
        return str(self.batch_id)


class CatalogueLine(models.Model):
    """One procedure of such a file: its record, what it would change, what is wrong, what became of it.

    ``seen`` names the states that it was compared with; a line whose procedure has changed since then is
    not written. ``reasons`` are lists of sheet, row, column, sentence and its values.
    """

    class Outcome(models.TextChoices):
        NEW = "new", N_("Mới")
        CHANGED = "changed", N_("Thay đổi")
        SAME = "same", N_("Không đổi")
        GONE = "gone", N_("Không còn trong tệp")
        REFUSED = "refused", N_("Có lỗi")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey(CatalogueImport, on_delete=models.CASCADE, related_name="lines")
    number = models.IntegerField()
    code = models.TextField()
    name = models.TextField()
    outcome = models.TextField(choices=Outcome)
    record = models.JSONField(null=True)
    changes = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    seen = models.JSONField(default=dict)
    has_process = models.BooleanField(default=False)
    said = models.TextField(blank=True)
    is_written = models.BooleanField(default=False)

    class Meta:
        ordering = ["number", "id"]
        indexes = [models.Index(fields=["batch", "outcome", "number"], name="catalogue_line")]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="one_line_a_number")]

    def __str__(self) -> str:
        return f"{self.code} {self.outcome}"
