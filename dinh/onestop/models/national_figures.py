"""What the national control system was told of an agency's period: each version, and its answer."""

from django.db import models

from dinh.kernel.ids import uuid7
from dinh.onestop.rules.national_figures import FIGURE_REASONS

__all__ = ["SentFigures"]


class SentFigures(models.Model):
    """One version of an agency's figures of a period. A correction is the next version; none changes.

    ``content`` is what goes out, ``digest`` of it tells whether anything is new. ``report`` is the signed
    report whose paper it names.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, db_index=False, related_name="+")
    period = models.TextField()
    version = models.IntegerField()
    why = models.TextField(choices=list(FIGURE_REASONS.items()))
    reason = models.TextField(blank=True)
    content = models.JSONField()
    digest = models.TextField()
    report = models.ForeignKey("AgencyReport", on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.TextField()

    audit_hidden = frozenset({"content"})

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "period", "version"], name="figures_version_once")
        ]
        indexes = [models.Index(fields=["period", "agency", "-version"], name="figures_period")]

    def __str__(self) -> str:
        return f"{self.period} {self.version}"
