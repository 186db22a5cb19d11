"""Procedures and their versions."""

from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from dinh.kernel.errors import N_
from dinh.kernel.ids import uuid7
from dinh.onestop.rules.definition import Definition, read_definition

if TYPE_CHECKING:
    from typing import Self


class ProcedureQuerySet(models.QuerySet["Procedure"]):
    def offered(self) -> "Self":
        return self.filter(current_version__isnull=False)

    def shown(self) -> "Self":
        """Procedures in force, and those of the catalogue that have no process here yet."""
        return self.filter(models.Q(current_version__isnull=False) | models.Q(is_listed=True))


class Procedure(models.Model):
    """An administrative procedure (thủ tục hành chính) under its national code.

    The columns beside ``code`` mirror the current version, for search and lists; without one they mirror
    the catalogue's record, and ``is_listed`` says that it is published there.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.TextField(unique=True)
    name = models.TextField()
    short_name = models.TextField()
    summary = models.TextField(blank=True)
    level = models.TextField()
    agency_kind = models.TextField()
    agency_abbreviation = models.TextField(blank=True)
    # Whose desks receive for the agency that decides; empty: only its own.
    reception_kind = models.TextField(blank=True, default="", db_default="")
    reception_abbreviation = models.TextField(blank=True, default="", db_default="")
    field_code = models.TextField()
    field_name = models.TextField()
    audience = ArrayField(models.TextField(), default=list)
    life_events = ArrayField(models.TextField(), default=list)
    service_class = models.TextField()
    search_text = models.TextField(blank=True)
    sort_key = models.TextField(blank=True)
    is_listed = models.BooleanField(default=False, db_default=False)
    current_version = models.ForeignKey(
        "ProcedureVersion", on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = ProcedureQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "code"]
        indexes = [
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="procedure_search"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ProcedureVersion(models.Model):
    """One version of a procedure. Drafts may change; what is published never does (a trigger holds it).

    ``revision`` counts the changes of a draft: whoever changes it says which one they have seen.
    """

    # A definition is long; the revisions keep each of its states.
    audit_hidden = frozenset({"definition"})

    class State(models.TextChoices):
        DRAFT = "draft", N_("Bản thảo")
        PUBLISHED = "published", N_("Đã công bố")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    state = models.TextField(choices=State, default=State.DRAFT)
    definition = models.JSONField()
    revision = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.UUIDField(null=True)

    class Meta:
        ordering = ["procedure", "number"]
        constraints = [models.UniqueConstraint(fields=["procedure", "number"], name="one_version_a_number")]
        triggers = [
            pgtrigger.Protect(
                name="published_is_frozen",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="published"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id} v{self.number}"

    @cached_property
    def parts(self) -> Definition:
        """The definition as typed parts. A published one never changes and is read once a process."""
        if self.state != self.State.PUBLISHED:
            return read_definition(self.definition)
        known = _published.get(self.pk)
        if known is None:
            known = _published[self.pk] = read_definition(self.definition)
        return known


_published: dict[UUID, Definition] = {}
