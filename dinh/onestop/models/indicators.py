"""What the indicators add up of each month: kept, because it is read from steps and papers."""

from django.db import models

__all__ = ["IndicatorDifference", "IndicatorSum"]


class IndicatorSum(models.Model):
    """Points and cases of one measure at one agency in one month; ``month`` is its first day.

    Measures: ``steps`` (2, 1, 0 a step ended early, on time, late), ``supplements`` (2, 1, 0 a dossier with
    none, one, more), ``publicity`` (2, 1, 0 a dossier whose procedure was public here and at the desk, at one
    of both, at neither), ``attitude`` (2 early, 1 on time, 0 with a complaint about attitude), ``papers``
    (papers of accepted dossiers kept as files), ``results`` (finished dossiers with an electronic result),
    ``reused`` (digitised papers used again, of all digitised).
    """

    agency_id = models.UUIDField()
    month = models.DateField()
    measure = models.TextField()
    points = models.BigIntegerField()
    cases = models.BigIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        ordering = ["month", "measure"]
        constraints = [
            models.UniqueConstraint(fields=["month", "agency_id", "measure"], name="one_sum_a_month"),
        ]


class IndicatorDifference(models.Model):
    """What a recount found of a closed month: the true sum less the kept one. It is put right."""

    agency_id = models.UUIDField()
    month = models.DateField()
    measure = models.TextField()
    points = models.BigIntegerField()
    cases = models.BigIntegerField()
    found_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
