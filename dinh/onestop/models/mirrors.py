"""Mirrors: dossiers that other systems handle, the lists they are compared with, what differed."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models

from dinh.kernel.ids import uuid7
from dinh.onestop.rules.mirrors import DIFFERENCES


class MirrorSource(models.Model):
    """Another system that handles dossiers of the province. ``keeper`` answers for differences.

    It may speak of dossiers of ``keeper`` and of all below it. Of its key only the SHA-256 is kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.TextField(unique=True)
    name = models.TextField()
    keeper = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    key_hash = models.TextField(unique=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)

    audit_hidden = frozenset({"key_hash"})

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class MirroredDossier(models.Model):
    """A dossier that another system handles, as it was last told. Nobody works on it here."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.ForeignKey(MirrorSource, on_delete=models.PROTECT, related_name="dossiers")
    code = models.TextField()
    procedure_code = models.TextField()
    procedure_name = models.TextField()
    applicant_name = models.TextField()
    agency = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    status = models.SmallIntegerField()
    submitted_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)
    changed_at = models.DateTimeField()
    search_text = models.TextField(blank=True)

    class Meta:
        ordering = ["-submitted_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["source", "code"], name="mirror_once")]
        indexes = [
            models.Index(fields=["agency", "-id"], name="mirror_agency"),
            GinIndex(SearchVector("search_text", config="simple"), name="mirror_search"),
        ]

    def __str__(self) -> str:
        return self.code


class MirrorList(models.Model):
    """What a source says it holds on a day: ``rows`` is ``{code: status}``. The last of a day counts."""

    source = models.ForeignKey(MirrorSource, on_delete=models.PROTECT, related_name="lists")
    day = models.DateField()
    rows = models.JSONField()
    received_at = models.DateTimeField()

    audit_hidden = frozenset({"rows"})

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["source", "day"], name="mirror_list_once")]


class MirrorDifference(models.Model):
    """Something that differed on a day. It ends when it differs no more, or is settled with a reason."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.ForeignKey(MirrorSource, on_delete=models.PROTECT, related_name="differences")
    code = models.TextField(blank=True)
    kind = models.TextField(choices=list(DIFFERENCES.items()))
    ours = models.SmallIntegerField(null=True)
    theirs = models.SmallIntegerField(null=True)
    owner = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    found_on = models.DateField()
    seen_on = models.DateField()
    gone_on = models.DateField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.TextField(blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["found_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "code", "kind"],
                name="one_open_difference",
                condition=models.Q(gone_on__isnull=True, settled_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.kind}"
