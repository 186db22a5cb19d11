"""Exports made off the request, in parts that survive the death of a worker."""

from django.db import models

from dinh.kernel.errors import N_
from dinh.kernel.ids import uuid7

__all__ = ["Export", "ExportPart"]


class Export(models.Model):
    """A file that an official asked for: what it holds, how far it is, until when it is kept.

    ``parameters`` say what was chosen; rights are those that the position has while the parts are made.
    ``mark`` is the last row of the last part, from which the next goes on.
    """

    class State(models.TextChoices):
        WAITING = "waiting", N_("Đang chờ")
        RUNNING = "running", N_("Đang lập")
        READY = "ready", N_("Đã xong")
        REFUSED = "refused", N_("Không lập được")
        GONE = "gone", N_("Đã hết hạn lưu")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    position_id = models.UUIDField()
    account_id = models.UUIDField(null=True)
    kind = models.TextField()
    form = models.TextField()
    title = models.TextField()
    parameters = models.JSONField(default=dict)
    state = models.TextField(choices=State, default=State.WAITING)
    rows_done = models.IntegerField(default=0)
    rows_total = models.IntegerField(null=True)
    mark = models.TextField(blank=True)
    problem = models.TextField(blank=True)
    file = models.ForeignKey("files.File", on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    kept_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["person", "-id"], name="export_person"),
            models.Index(fields=["kept_until"], name="export_kept", condition=models.Q(state="ready")),
        ]

    def __str__(self) -> str:
        return self.title


class ExportPart(models.Model):
    """Some thousand rows of an export, compressed; gone when the file is whole."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="parts")
    number = models.IntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["export", "number"], name="one_part_a_number")]
