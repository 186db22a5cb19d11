"""Papers that the desk issues (the legal forms) and results."""

from django.db import models

from dinh.kernel.errors import N_
from dinh.kernel.ids import uuid7
from dinh.onestop.rules.states import RESULT


class Paper(models.Model):
    """A legal form or the proof of submission: asked for in a verb, drawn and signed by a job, once.

    ``form`` is the stable key (receipt, supplement, refusal, proof…); its legal number and title come
    from the dossier's legal profile. ``content`` is the snapshot that is printed.
    """

    class State(models.TextChoices):
        PREPARING = "preparing", N_("Đang lập")
        READY = "ready", N_("Đã ký số")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey("Dossier", on_delete=models.PROTECT, related_name="papers", db_index=False)
    form = models.TextField()
    sequence = models.IntegerField(default=1)
    number = models.TextField(blank=True)
    content = models.JSONField()
    state = models.TextField(choices=State, default=State.PREPARING)
    file = models.ForeignKey("files.File", on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)

    audit_hidden = frozenset({"content"})

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "form", "sequence"], name="one_paper_a_form"),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.number}"


class Result(models.Model):
    """A result of a dossier: drafted, reviewed, signed by a person, numbered, sealed, returned.

    ``key`` is that of the result in the definition; the first one's is empty. ``copy`` counts the papers of
    a result that several are asked for, from 1: they say the same, each under its own number.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey("Dossier", on_delete=models.PROTECT, db_index=False, related_name="results")
    key = models.TextField(blank=True, default="", db_default="")
    copy = models.PositiveSmallIntegerField(default=1, db_default=1)
    state = models.TextField(choices=[(state.code, state.label) for state in RESULT.states])
    content = models.JSONField()
    file = models.ForeignKey("files.File", on_delete=models.PROTECT, null=True, related_name="+")
    drafted_by = models.TextField(blank=True)
    drafted_at = models.DateTimeField()
    signer_name = models.TextField(blank=True)
    signer_title = models.TextField(blank=True)
    authority_basis = models.TextField(blank=True)
    signed_at = models.DateTimeField(null=True)
    number = models.TextField(blank=True)
    issued_on = models.DateField(null=True)
    sealed_at = models.DateTimeField(null=True)

    audit_hidden = frozenset({"content"})

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["dossier", "key", "copy"], name="one_result_a_copy")]

    def __str__(self) -> str:
        return self.number or str(self.id)


class ResultEnclosure(models.Model):
    """A paper bound to a result: its hash stands on the result's paper, and the signature covers that.

    ``document`` is the dossier's document it was taken from, empty when an official attached it. Such a one
    gets an ``approved`` copy at the issue: stamped with the number on every page, signed by the agency;
    ``file`` stays what the applicant gave.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    result = models.ForeignKey(Result, on_delete=models.CASCADE, db_index=False, related_name="enclosures")
    key = models.TextField()
    name = models.TextField()
    sha256 = models.TextField()
    file = models.ForeignKey("files.File", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.TextField()
    document = models.TextField(blank=True, default="", db_default="")
    approved = models.ForeignKey("files.File", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["result", "key"], name="one_enclosure_a_key")]

    def __str__(self) -> str:
        return f"{self.name} {self.sha256[:12]}"
