"""Steps being worked on, their clocks, and the narrow read model of open work."""

import pgtrigger
from django.db import models

from dinh.kernel.ids import uuid7
from dinh.onestop.rules.states import STEP


class StepRun(models.Model):
    """One step of one dossier, with who did it and how it ended."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey("Dossier", on_delete=models.PROTECT, related_name="steps", db_index=False)
    key = models.TextField()
    name = models.TextField()
    kind = models.TextField()
    role = models.TextField()
    unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    state = models.TextField(choices=[(state.code, state.label) for state in STEP.states])
    holder = models.ForeignKey("directory.Position", on_delete=models.PROTECT, null=True, related_name="+")
    holder_name = models.TextField(blank=True)
    hours = models.FloatField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True)
    outcome_label = models.TextField(blank=True)
    note = models.TextField(blank=True)
    done_by = models.TextField(blank=True)
    done_position = models.TextField(blank=True)
    opinion_file = models.ForeignKey("files.File", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["dossier", "id"], name="step_dossier")]

    def __str__(self) -> str:
        return self.name


class ClockRecord(models.Model):
    """One event of a clock: the dossier's own (``step`` is null) or one step's. Append-only."""

    dossier = models.ForeignKey("Dossier", on_delete=models.PROTECT, related_name="clock", db_index=False)
    step = models.ForeignKey(StepRun, on_delete=models.PROTECT, null=True, related_name="clock")
    kind = models.TextField()
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    # Hours to the microsecond: an extension ends at the very moment at which the office closes.
    amount = models.DecimalField(max_digits=18, decimal_places=12, null=True)
    unit = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["dossier", "id"], name="clock_dossier")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class WorkItem(models.Model):
    """One open step as a work list shows it: a row is born when a step opens and dies when it ends."""

    step = models.OneToOneField(StepRun, on_delete=models.CASCADE, primary_key=True, related_name="item")
    dossier = models.ForeignKey("Dossier", on_delete=models.CASCADE, related_name="items", db_index=False)
    code = models.TextField()
    procedure_name = models.TextField()
    applicant_name = models.TextField()
    step_name = models.TextField()
    kind = models.TextField()
    role = models.TextField()
    unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    agency = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    holder = models.ForeignKey(
        "directory.Position", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    holder_name = models.TextField(blank=True)
    is_waiting = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    # From when it is near due, as its clock says: lists, counts and warnings all read this.
    near_at = models.DateTimeField()
    # Written by an upgrade, which knows no working time; a job reads the clock once.
    near_is_guess = models.BooleanField(default=False, db_default=False)
    dossier_due_at = models.DateTimeField(null=True)
    # What a signature at this step needs authority for, joined by commas; empty at steps of other kinds.
    matters = models.TextField(blank=True)
    # The due moment of which owner and superior have been told; another one is told anew.
    near_told_for = models.DateTimeField(null=True)
    late_told_for = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_at", "step"]
        indexes = [
            models.Index(fields=["unit", "due_at", "step"], name="work_unit"),
            models.Index(fields=["holder", "due_at", "step"], name="work_holder"),
            models.Index(fields=["due_at", "step"], name="work_due"),
            models.Index(fields=["role", "due_at", "step"], name="work_role"),
            models.Index(fields=["due_at", "step"], name="work_waiting", condition=models.Q(is_waiting=True)),
            models.Index(fields=["near_at"], name="work_near", condition=models.Q(is_waiting=False)),
            models.Index(fields=["step"], name="work_near_guessed", condition=models.Q(near_is_guess=True)),
            models.Index(fields=["dossier"], name="work_dossier"),
        ]

    def __str__(self) -> str:
        return self.code
