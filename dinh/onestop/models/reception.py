"""Papers of dossiers taken in for another agency, on their way from desk to desk with a slip."""

from django.db import models

from dinh.kernel.ids import uuid7


class PaperBundle(models.Model):
    """A slip (phiếu bàn giao): originals that one desk hands over to another, which confirms them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    from_desk = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    to_desk = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.TextField()
    position = models.TextField(blank=True)
    received_at = models.DateTimeField(null=True)
    received_by = models.TextField(blank=True)
    # What the receiving desk found missing or wrong.
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.from_desk_id} → {self.to_desk_id}"


class BundleLine(models.Model):
    """One dossier on a slip; its papers leave once."""

    bundle = models.ForeignKey(PaperBundle, on_delete=models.PROTECT, related_name="lines")
    dossier = models.OneToOneField("Dossier", on_delete=models.PROTECT, related_name="bundle_line")

    class Meta:
        ordering = ["id"]
