"""Tables of notify: notices, what people prefer, a province's own templates, the sample mailbox."""

import pgtrigger
from django.db import models
from django.db.models import Q

from dinh.foundation.notify.rules.texts import Texts
from dinh.kernel.ids import uuid7


class Notice(models.Model):
    """One thing told to one person inside the house. ``link`` is a path of ours, or empty.

    ``once_key`` makes telling idempotent; ``subject_…`` is the row it is about, without a foreign key,
    so that notices outlive what they speak of.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    template = models.TextField()
    version = models.IntegerField()
    topic = models.TextField()
    subject = models.TextField()
    body = models.TextField()
    link = models.TextField(blank=True)
    subject_type = models.TextField(blank=True)
    subject_id = models.TextField(blank=True)
    once_key = models.TextField(null=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["person", "-id"], name="notice_of_person"),
            models.Index(fields=["person", "-id"], name="notice_unread", condition=Q(read_at=None)),
            models.Index(fields=["subject_id"], name="notice_subject", condition=~Q(subject_id="")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "once_key"], name="notice_once"),
            models.CheckConstraint(
                name="notice_link_is_ours", condition=Q(link="") | Q(link__regex=r"^/([^/\\]|$)")
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class Preference(models.Model):
    """What a person wants outside the house for one topic. Without a row: e-mail yes, SMS yes.

    Inside the house everything is told.
    """

    person = models.ForeignKey("directory.Person", on_delete=models.CASCADE, related_name="+")
    topic = models.TextField()
    email = models.BooleanField()
    sms = models.BooleanField()

    class Meta:
        ordering = ["person", "topic"]
        constraints = [models.UniqueConstraint(fields=["person", "topic"], name="preference_once")]

    def __str__(self) -> str:
        return self.topic


class TemplateVersion(models.Model):
    """A province's own texts for a template. A published version never changes; the newest one is used."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.TextField()
    version = models.IntegerField()
    subject = models.TextField()
    body = models.TextField()
    sms = models.TextField(blank=True)
    more = models.TextField(blank=True)
    created_at = models.DateTimeField()
    created_by = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="template_version"),
            models.UniqueConstraint(fields=["code"], name="one_draft", condition=Q(published_at=None)),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    @property
    def texts(self) -> Texts:
        return Texts(subject=self.subject, body=self.body, sms=self.sms, more=self.more)


class SampleMessage(models.Model):
    """A message that would have left the house; only a sample province without real ways out has any."""

    id = models.UUIDField(primary_key=True, editable=False)
    channel = models.TextField()
    recipient = models.TextField()
    subject = models.TextField(blank=True)
    body = models.TextField()
    link = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.channel} → {self.recipient}"
