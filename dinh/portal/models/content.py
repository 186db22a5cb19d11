"""What editors publish: posts of several kinds, each with its versions."""

import datetime as dt
from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from dinh.kernel.ids import uuid7
from dinh.kernel.text import search_text
from dinh.portal.rules.content import KINDS, TOPICS, VERSION

__all__ = ["Post", "PostVersion"]


class Post(models.Model):
    """One piece of content under a lasting address: a news item, page, legal text, notice or menu."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.TextField(choices=list(KINDS.items()))
    slug = models.TextField()
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_note = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="post_address")]
        triggers = [pgtrigger.Protect(name="post_stays", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind}/{self.slug}"


class PostVersionQuerySet(models.QuerySet["PostVersion"]):
    """Filters over versions."""

    def live(self, now: dt.datetime) -> "PostVersionQuerySet":
        """The one version of each post that the public sees: the newest approved whose moment has come."""
        newer = PostVersion.objects.filter(
            post_id=OuterRef("post_id"), state="approved", publish_at__lte=now, number__gt=OuterRef("number")
        )
        return self.filter(
            ~Exists(newer), state="approved", publish_at__lte=now, post__withdrawn_at=None
        ).select_related("post")


class PostVersion(models.Model):
    """One version of a post. An approved one never changes; at most one is being written.

    ``publish_at`` is the moment from which an approved version is seen; nothing has to happen then.
    Several values of ``subjects`` and ``contributors`` are joined by ``;`` (TT 24/2011/TT-BTTTT). Documents
    have number, type, dates of effect; notices the moments between which they show.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    state = models.TextField(choices=VERSION.choices)
    title = models.TextField()
    lead = models.TextField(blank=True)
    body = models.TextField(blank=True)
    title_en = models.TextField(blank=True)
    lead_en = models.TextField(blank=True)
    body_en = models.TextField(blank=True)
    topic = models.TextField(blank=True, choices=list(TOPICS.items()))
    picture = models.ForeignKey("files.File", on_delete=models.PROTECT, null=True, related_name="+")
    picture_alt = models.TextField(blank=True)
    picture_alt_en = models.TextField(blank=True)
    attachment = models.ForeignKey("files.File", on_delete=models.PROTECT, null=True, related_name="+")
    creator = models.TextField(blank=True)
    contributors = models.TextField(blank=True)
    subjects = models.TextField(blank=True)
    source = models.TextField(blank=True)
    document_number = models.TextField(blank=True)
    document_type = models.TextField(blank=True)
    issued_by = models.TextField(blank=True)
    issued_on = models.DateField(null=True)
    effective_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    shows_from = models.DateTimeField(null=True)
    shows_until = models.DateTimeField(null=True)
    is_urgent = models.BooleanField(default=False)
    author_id = models.UUIDField(null=True)
    author = models.TextField(blank=True)
    reviewer = models.TextField(blank=True)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    publish_at = models.DateTimeField(null=True)
    search_text = models.TextField(blank=True)

    objects: ClassVar[Any] = PostVersionQuerySet.as_manager()

    audit_hidden = frozenset({"body", "body_en", "search_text"})

    class Meta:
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["-publish_at"], name="version_live", condition=Q(state="approved")),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="version_search"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["post", "number"], name="version_number"),
            models.UniqueConstraint(fields=["post"], name="version_one_open", condition=~Q(state="approved")),
            models.CheckConstraint(
                name="version_approved",
                condition=~Q(state="approved") | Q(approved_at__isnull=False, publish_at__isnull=False),
            ),
            models.CheckConstraint(
                name="version_picture_alt", condition=Q(picture=None) | ~Q(picture_alt="")
            ),
            models.CheckConstraint(
                name="version_notice_period",
                condition=Q(shows_until=None) | Q(shows_until__gt=F("shows_from")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="version_published",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="approved"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    def index(self) -> None:
        """Bring the searchable words in line."""
        words = (
            self.title, self.lead, self.body, self.title_en, self.lead_en, self.subjects,
            self.document_number, self.issued_by,
        )  # fmt: skip
        self.search_text = search_text(" ".join(words))
