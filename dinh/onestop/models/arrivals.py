"""Parcels that brought more of a dossier: beside the first one, or later with what was missing."""

from django.db import models


class Arrival(models.Model):
    """One further parcel of a dossier. A parcel may bring papers of several dossiers."""

    dossier = models.ForeignKey("Dossier", on_delete=models.PROTECT, related_name="arrivals", db_index=False)
    number = models.TextField(db_index=True)
    postmarked_on = models.DateField(null=True)
    arrived_on = models.DateField()
    noted_at = models.DateTimeField()
    noted_by = models.TextField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["dossier", "number"], name="arrival_noted_once")]

    def __str__(self) -> str:
        return self.number
