"""Papers that are used again instead of being asked for once more, and who looked for them at a counter."""

from django.db import models
from django.db.models import Q

from dinh.kernel.ids import uuid7
from dinh.onestop.models.dossiers import DossierPart, DraftFile
from dinh.onestop.models.papers import Result

__all__ = ["PaperSearch", "Reuse"]


class Reuse(models.Model):
    """A paper of a draft or of a dossier that was taken from the person's own store: the same file, no copy.

    It comes from a paper of an earlier dossier (``from_part``) or from a result (``from_result``).
    """

    draft_file = models.OneToOneField(DraftFile, on_delete=models.CASCADE, null=True, related_name="reuse")
    part = models.OneToOneField(DossierPart, on_delete=models.PROTECT, null=True, related_name="reuse")
    from_part = models.ForeignKey(DossierPart, on_delete=models.PROTECT, null=True, related_name="used_again")
    from_result = models.ForeignKey(Result, on_delete=models.PROTECT, null=True, related_name="used_again")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="reuse_has_one_source", condition=Q(from_part=None) ^ Q(from_result=None)
            ),
            models.CheckConstraint(name="reuse_has_one_place", condition=Q(draft_file=None) ^ Q(part=None)),
        ]


class PaperSearch(models.Model):
    """An official at a counter looked for a person's earlier papers, in their presence and with their word.

    It is the right to see them for a short while (``until``), and the person reads in their account who
    looked.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    desk = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    position = models.ForeignKey("directory.Position", on_delete=models.PROTECT, related_name="+")
    official = models.TextField()
    person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, null=True, related_name="+")
    identity = models.TextField()
    name = models.TextField()
    found = models.IntegerField()
    at = models.DateTimeField()
    until = models.DateTimeField()

    audit_hidden = frozenset({"identity", "name"})

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["person", "-id"], name="search_person")]

    def __str__(self) -> str:
        return self.official
