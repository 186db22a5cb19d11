"""Evaluation beside a dossier's own rating: feedback at the counter, appeals of officials, publications."""

import pgtrigger
from django.db import models

from dinh.kernel.ids import uuid7
from dinh.onestop.rules.feedback import FEEDBACK_SOURCES
from dinh.onestop.rules.official_ratings import APPEAL_STATES

__all__ = ["Feedback", "RatingAppeal", "RatingPublication"]


class Feedback(models.Model):
    """An evaluation of a desk that names no dossier, or one that is rated already (NĐ 61/2018 Điều 29).

    Given on a device at the counter, or on a slip that an official entered. Answers are 3 (very satisfied),
    2 and 1 (not satisfied). ``recorded_by`` entered the slip.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    desk = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, db_index=False, related_name="+")
    source = models.TextField(choices=list(FEEDBACK_SOURCES.items()))
    overall = models.SmallIntegerField()
    ease = models.SmallIntegerField(null=True)
    timeliness = models.SmallIntegerField(null=True)
    attitude = models.SmallIntegerField(null=True)
    comment = models.TextField(blank=True)
    given_at = models.DateTimeField()
    recorded_by = models.TextField(blank=True)

    audit_hidden = frozenset({"comment"})

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["desk", "given_at"], name="feedback_desk")]
        constraints = [
            models.CheckConstraint(condition=models.Q(overall__range=(1, 3)), name="feedback_scale"),
        ]
        triggers = [pgtrigger.Protect(name="feedback_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.source} {self.given_at:%d/%m/%Y %H:%M}"


class RatingAppeal(models.Model):
    """An official's word against a score of theirs: one dossier, one indicator. Upheld, it is not counted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    position = models.ForeignKey(
        "directory.Position", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, db_index=False, related_name="+")
    person_id = models.UUIDField()
    official = models.TextField()
    dossier = models.ForeignKey("Dossier", on_delete=models.PROTECT, related_name="+")
    criterion = models.SmallIntegerField()
    reason = models.TextField()
    state = models.TextField(choices=list(APPEAL_STATES.items()), default="sent")
    answer = models.TextField(blank=True)
    sent_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["position", "dossier", "criterion"], name="one_rating_appeal"),
        ]
        indexes = [models.Index(fields=["unit", "state"], name="rating_appeal_unit")]

    def __str__(self) -> str:
        return f"{self.official}, {self.criterion}"


class RatingPublication(models.Model):
    """The rating of all agencies over a quarter or a year, as the portal shows it: made once, never changed.

    ``lines``: ``[{"agency", "scores": {number: score or None}, "total", "of_eighteen", "grade", "tone"}]``.
    """

    period = models.TextField(primary_key=True)
    lines = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at"]
        triggers = [
            pgtrigger.Protect(name="publication_stays", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.period
