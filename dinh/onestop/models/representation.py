"""People who file for a business or a relative."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q

from dinh.kernel.ids import uuid7
from dinh.onestop.rules.representation import RELATIONS, REPRESENTED_KINDS

__all__ = ["Representation"]


class RepresentationQuerySet(models.QuerySet["Representation"]):
    def standing(self, day: dt.date) -> Self:
        """Those that hold on a day: neither ended nor past their period."""
        return self.filter(Q(until_on=None) | Q(until_on__gte=day), ended_at=None)


class Representation(models.Model):
    """A person (``person``) stands for a party: a business, or a relative.

    The party's data are those written on receipts and results. ``principal`` is the represented person's own
    row in the directory, where number and name are known there. ``proof`` is the paper that shows it; the
    desk that receives a dossier compares it. A legal representative needs none where the enterprise registry
    says the same (``registry_check``). A row is ended, never deleted: its dossiers stay the party's.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    kind = models.TextField(choices=list(REPRESENTED_KINDS.items()))
    relation = models.TextField(choices=[(code, label) for code, (_kind, label) in RELATIONS.items()])
    principal = models.ForeignKey("directory.Person", on_delete=models.PROTECT, null=True, related_name="+")
    name = models.TextField()
    identity = models.TextField()
    phone = models.TextField(blank=True)
    email = models.TextField(blank=True)
    address = models.TextField(blank=True)
    proof = models.ForeignKey("files.File", on_delete=models.PROTECT, null=True, related_name="+")
    registry_check = models.ForeignKey("RegistryCheck", on_delete=models.PROTECT, null=True, related_name="+")
    until_on = models.DateField(null=True)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(blank=True)

    audit_hidden = frozenset({"identity", "phone", "email", "address"})

    objects = RepresentationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["person", "-id"], name="representation_of"),
            models.Index(
                fields=["principal", "-id"], name="representation_for", condition=Q(principal__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="nobody_represents_themselves", condition=Q(principal=None) | ~Q(principal=F("person"))
            ),
            models.CheckConstraint(
                name="representation_is_shown", condition=~Q(proof=None) | ~Q(registry_check=None)
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "identity"],
                name="represented_once",
                condition=Q(ended_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def stands_on(self, day: dt.date) -> bool:
        """Whether it holds on a day."""
        return self.ended_at is None and (self.until_on is None or self.until_on >= day)
