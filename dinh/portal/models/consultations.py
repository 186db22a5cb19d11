"""Drafts of texts open for comment, and every comment with its answer."""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from dinh.kernel.ids import uuid7
from dinh.portal.rules.consultations import ANSWER_KINDS, COMMENT, CONSULTATION, HIDING_GROUNDS

__all__ = ["Comment", "Consultation"]


class Consultation(models.Model):
    """One draft open for comment (lấy ý kiến dự thảo), from ``opens_on`` to ``closes_on``, both included.

    ``comments_count`` is the number that the last comment got. ``ground`` says by which provision the period
    is shorter than the usual one.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.TextField(unique=True)
    state = models.TextField(choices=CONSULTATION.choices)
    agency = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    title = models.TextField()
    title_en = models.TextField(blank=True)
    lead = models.TextField(blank=True)
    body = models.TextField(blank=True)
    file = models.ForeignKey("files.File", on_delete=models.PROTECT, null=True, related_name="+")
    opens_on = models.DateField(null=True)
    closes_on = models.DateField(null=True)
    ground = models.TextField(blank=True)
    author_id = models.UUIDField(null=True)
    author = models.TextField(blank=True)
    opener = models.TextField(blank=True)
    comments_count = models.IntegerField(default=0)
    summary = models.TextField(blank=True)
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    summarised_at = models.DateTimeField(null=True)

    audit_hidden = frozenset({"body"})

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "-closes_on"], name="consultation_open")]
        constraints = [
            models.CheckConstraint(
                name="consultation_period",
                condition=Q(state="draft")
                | Q(opens_on__isnull=False, closes_on__isnull=False, closes_on__gt=F("opens_on")),
            )
        ]
        triggers = [
            pgtrigger.Protect(name="consultation_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="consultation_as_opened",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["opened", "summarised"])
                & (
                    pgtrigger.Q(old__body__df=pgtrigger.F("new__body"))
                    | pgtrigger.Q(old__title__df=pgtrigger.F("new__title"))
                    | pgtrigger.Q(old__opens_on__df=pgtrigger.F("new__opens_on"))
                    | pgtrigger.Q(old__closes_on__df=pgtrigger.F("new__closes_on"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Comment(models.Model):
    """One comment under its number. What was said never changes or goes; hidden, its ground is shown."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="comments")
    number = models.IntegerField()
    state = models.TextField(choices=COMMENT.choices)
    article = models.TextField(blank=True)
    text = models.TextField()
    name = models.TextField()
    shows_name = models.BooleanField(default=False)
    phone = models.TextField(blank=True)
    email = models.TextField(blank=True)
    owner = models.ForeignKey("directory.Person", on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField()
    ground = models.TextField(blank=True, choices=list(HIDING_GROUNDS.items()))
    ground_note = models.TextField(blank=True)
    moderator = models.TextField(blank=True)
    moderated_at = models.DateTimeField(null=True)
    answer_kind = models.TextField(blank=True, choices=list(ANSWER_KINDS.items()))
    answer = models.TextField(blank=True)
    answerer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = models.Manager()

    audit_hidden = frozenset({"text", "name", "phone", "email"})

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="comment_number"),
            models.CheckConstraint(name="comment_ground", condition=~Q(state="hidden") | ~Q(ground="")),
        ]
        triggers = [
            pgtrigger.Protect(name="comment_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="comment_as_sent",
                fields=["consultation", "number", "article", "text", "name", "owner", "sent_at"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id}#{self.number}"
