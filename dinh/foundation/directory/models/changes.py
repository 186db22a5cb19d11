"""Changes of the directory that are planned, and lists that are read in."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from dinh.foundation.directory.models.units import Unit
from dinh.kernel.errors import N_
from dinh.kernel.ids import uuid7

__all__ = ["ImportBatch", "ImportRow", "PlannedChange"]


class PlannedChange(models.Model):
    """A change of the tree that takes effect on a day to come; carried out on that day by a job."""

    class State(models.TextChoices):
        PLANNED = "planned", N_("Chờ đến ngày")
        DONE = "done", N_("Đã thực hiện")
        FAILED = "failed", N_("Không thực hiện được")
        CANCELLED = "cancelled", N_("Đã hủy")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    verb = models.TextField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="planned_changes")
    arguments = models.JSONField(default=dict)
    on = models.DateField()
    basis = models.TextField(blank=True)
    state = models.TextField(choices=State, default=State.PLANNED)
    failure = models.TextField(blank=True)
    planned_by = models.TextField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["on", "id"]
        indexes = [models.Index(fields=["on"], name="planned_due", condition=Q(state="planned"))]

    def __str__(self) -> str:
        return f"{self.verb} {self.unit_id} {self.on}"


class ImportBatch(models.Model):
    """An uploaded list, read and checked; nothing of it is in the directory before it is confirmed."""

    class Kind(models.TextChoices):
        UNITS = "units", N_("Đơn vị")
        POSITIONS = "positions", N_("Chức vụ")
        PEOPLE = "people", N_("Cán bộ")

    class State(models.TextChoices):
        READING = "reading", N_("Đang kiểm tra")
        PREVIEW = "preview", N_("Chờ xác nhận")
        RUNNING = "running", N_("Đang ghi")
        DONE = "done", N_("Đã ghi")
        DROPPED = "dropped", N_("Đã bỏ")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.TextField(choices=Kind)
    state = models.TextField(choices=State, default=State.READING)
    file_name = models.TextField()
    sha256 = models.TextField()
    made_by_account = models.TextField(blank=True)
    made_by_position = models.UUIDField(null=True)
    made_by_person = models.UUIDField(null=True)
    made_by = models.TextField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """One line of an uploaded list: what it says, what would happen, why not."""

    class Outcome(models.TextChoices):
        CREATE = "create", N_("Thêm mới")
        CHANGE = "change", N_("Thay đổi")
        SAME = "same", N_("Không đổi")
        REFUSED = "refused", N_("Từ chối")

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="lines")
    number = models.IntegerField()
    values = models.JSONField()
    outcome = models.TextField(choices=Outcome)
    reasons = ArrayField(models.TextField(), default=list)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="import_row_number")]
