"""Questions to the national registries: who asked about whom, why, and what came of it."""

from django.db import models
from django.db.models import Q

from dinh.kernel.ids import uuid7
from dinh.onestop.rules.registries import CHECK_STATES, PURPOSES, REGISTRIES

__all__ = ["RegistryCheck"]


class RegistryCheck(models.Model):
    """One question to a registry, written down before it is asked, whatever comes of it.

    ``number``, ``name``, ``born_on``, ``address`` are what was said; ``record`` what the registry answered,
    forgotten after a day unless a dossier keeps it; ``differences`` where the two do not agree. ``asker`` is
    who asked, in words; an official asks in a ``position`` at a ``unit``, a citizen as ``person``.
    ``answered_at`` is None when it came to no exchange: cut off, or the registry was known to be away.
    ``dossier`` is the one that it was asked for, or that a check at the desk has become part of.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    registry = models.TextField(choices=list(REGISTRIES.items()))
    purpose = models.TextField(choices=list(PURPOSES.items()))
    state = models.TextField(choices=list(CHECK_STATES.items()), default="asked")
    number = models.TextField()
    name = models.TextField(blank=True)
    born_on = models.DateField(null=True)
    address = models.TextField(blank=True)
    asker = models.TextField()
    position = models.ForeignKey("directory.Position", on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, null=True, related_name="+")
    dossier = models.ForeignKey(
        "onestop.Dossier", on_delete=models.PROTECT, null=True, related_name="registry_checks"
    )
    record = models.JSONField(default=dict)
    differences = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    audit_hidden = frozenset({"number", "name", "born_on", "address", "record", "differences"})

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["number", "-id"], name="check_number"),
            models.Index(
                fields=["position", "-asked_at"], name="check_position", condition=~Q(position=None)
            ),
            models.Index(fields=["person", "-asked_at"], name="check_person", condition=~Q(person=None)),
            models.Index(fields=["unit", "-id"], name="check_unit", condition=~Q(unit=None)),
            models.Index(fields=["dossier", "-id"], name="check_dossier", condition=~Q(dossier=None)),
            models.Index(fields=["registry", "-asked_at"], name="check_registry"),
            models.Index(
                fields=["asked_at"], name="check_to_forget", condition=Q(dossier=None) & ~Q(record={})
            ),
        ]
        constraints = [
            models.CheckConstraint(name="check_asked_by_one", condition=Q(position=None) ^ Q(person=None)),
        ]

    def __str__(self) -> str:
        return self.asker
