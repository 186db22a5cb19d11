"""Prints of the register: asked for by an official, made by a job, theirs alone."""

from django.db import models

from dinh.kernel.errors import N_
from dinh.kernel.ids import uuid7


class RegisterPrint(models.Model):
    """One print of the register (form 06 of 2018, 07 of 2025) as PDF or XLSX.

    ``chosen`` is the filter as plain values. It is made with the rights that the asking position has when
    the job runs, and only that person reads it.
    """

    class State(models.TextChoices):
        ASKED = "asked", N_("Đang lập")
        READY = "ready", N_("Đã xong")
        FAILED = "failed", N_("Không lập được")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    position = models.ForeignKey("directory.Position", on_delete=models.PROTECT, related_name="+")
    kind = models.TextField()
    chosen = models.JSONField()
    state = models.TextField(choices=State, default=State.ASKED)
    lines = models.IntegerField(default=0)
    fault = models.TextField(blank=True)
    is_sealed = models.BooleanField(default=False)
    file = models.ForeignKey("files.File", on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["person", "-id"], name="register_print_person")]

    def __str__(self) -> str:
        return f"{self.kind} {self.asked_at:%d/%m/%Y %H:%M}"
