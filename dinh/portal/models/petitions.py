"""Petitions and questions of citizens, with their answers."""

from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from dinh.kernel.ids import uuid7
from dinh.kernel.text import search_text
from dinh.portal.rules.petitions import KINDS, PETITION

__all__ = ["Petition"]


class PetitionQuerySet(models.QuerySet["Petition"]):
    """Filters over petitions."""

    def waiting(self) -> "PetitionQuerySet":
        """Those for which the legal time still runs."""
        return self.filter(state__in=["received", "assigned", "drafted"])


class Petition(models.Model):
    """One petition or question (phản ánh, kiến nghị, hỏi đáp), from its sending to its publication.

    What was sent never changes; ``public_…`` is what the portal shows of it. ``answerer_id`` is the person
    who wrote the answer: somebody else approves it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.TextField(unique=True)
    kind = models.TextField(choices=list(KINDS.items()))
    state = models.TextField(choices=PETITION.choices)
    title = models.TextField()
    text = models.TextField()
    name = models.TextField()
    phone = models.TextField(blank=True)
    email = models.TextField(blank=True)
    address = models.TextField(blank=True)
    owner = models.ForeignKey("directory.Person", on_delete=models.PROTECT, null=True, related_name="+")
    wants_public = models.BooleanField(default=True)
    agency = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    answerer_id = models.UUIDField(null=True)
    answerer = models.TextField(blank=True)
    approver = models.TextField(blank=True)
    public_title = models.TextField(blank=True)
    public_text = models.TextField(blank=True)
    public_answer = models.TextField(blank=True)
    score = models.SmallIntegerField(null=True)
    score_note = models.TextField(blank=True)
    received_at = models.DateTimeField()
    assigned_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    rated_at = models.DateTimeField(null=True)
    search_text = models.TextField(blank=True)

    objects: ClassVar[Any] = PetitionQuerySet.as_manager()

    audit_hidden = frozenset({"text", "name", "phone", "email", "address", "search_text"})

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["agency", "state", "due_at"], name="petition_agency"),
            models.Index(fields=["state", "due_at"], name="petition_state"),
            models.Index(fields=["owner", "-id"], name="petition_owner"),
            models.Index(
                fields=["-published_at"], name="petition_public", condition=models.Q(state="published")
            ),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="petition_search"),
        ]
        constraints = [
            models.CheckConstraint(
                name="petition_score", condition=models.Q(score=None) | models.Q(score__range=(1, 3))
            ),
            models.CheckConstraint(
                name="petition_answered",
                condition=~models.Q(state__in=["answered", "published"])
                | models.Q(answered_at__isnull=False, agency__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="petition_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="petition_as_sent", fields=["code", "kind", "title", "text", "received_at", "owner"]
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def index(self) -> None:
        """Bring the searchable words in line: what is public when it is, else what was sent."""
        words = (self.public_title, self.public_text, self.public_answer)
        shown = words if self.state == "published" else (self.title, self.text, self.name)
        self.search_text = search_text(" ".join((self.code, *shown)))
