"""What people file at the national portal: each message kept word for word, and what became of it."""

from django.db import models

from dinh.kernel.ids import uuid7
from dinh.onestop.rules.national_filings import FILING_MESSAGE, MESSAGE_KINDS

__all__ = ["FilingMessage", "NationalFiling", "NationalInbox"]


class NationalFiling(models.Model):
    """One dossier as the national portal numbers it, and ours that it became.

    Its row is the lock under which its messages are worked off, one after the other.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.TextField(unique=True)
    dossier = models.OneToOneField("Dossier", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.number


class FilingMessage(models.Model):
    """One message of the portal. ``content`` is its JSON as it came; what is known of it stands beside.

    ``owner`` is the unit that answers for it: the desk of the agency to which it was filed, or the province.
    ``problems`` is a list of ``{"kind", "place", "said"}``. ``hand`` is what a person chose who takes it in
    although it is not whole: ``{"procedure": code, "agency": id}``. ``times`` counts how often it came;
    ``tried_at`` is when its files could not be fetched last.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    filing = models.ForeignKey(NationalFiling, on_delete=models.PROTECT, related_name="messages")
    code = models.TextField(unique=True)
    sequence = models.BigIntegerField()
    kind = models.TextField(choices=list(MESSAGE_KINDS.items()))
    state = models.TextField(choices=FILING_MESSAGE.choices, default=FILING_MESSAGE.initial)
    content = models.TextField()
    digest = models.TextField()
    owner = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    procedure_code = models.TextField(blank=True)
    applicant_name = models.TextField(blank=True)
    sent_at = models.DateTimeField()
    kept_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    times = models.IntegerField(default=1)
    problems = models.JSONField(default=list)
    hand = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(blank=True)

    audit_hidden = frozenset({"content", "applicant_name"})

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["filing", "sequence", "id"], name="filing_order"),
            models.Index(fields=["state", "-id"], name="filing_state"),
            models.Index(
                fields=["owner", "-id"],
                name="filing_open",
                condition=models.Q(state__in=("waiting", "held")),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class NationalInbox(models.Model):
    """When the portal was last asked for what people filed there, and when it last answered; one row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    asked_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
