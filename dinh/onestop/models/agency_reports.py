"""Reports that agencies issue, and what is known here of the petitions that they count."""

import pgtrigger
from django.db import models

from dinh.kernel.ids import uuid7
from dinh.onestop.rules.agency_reports import AGENCY_REPORT, REPORT_KINDS

__all__ = ["AgencyReport", "PetitionNote"]


class AgencyReport(models.Model):
    """One report of an agency over a period, with the figures as they stood when it was made.

    ``figures`` is what its paper prints: ``{"lines": [{"label", "cells"}], "total": […], …}``; it does not
    change any more once somebody has signed. ``recipient`` is the agency above, None: outside of the system.
    ``code`` is by which anybody checks the paper.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.TextField(unique=True)
    kind = models.TextField(choices=list(REPORT_KINDS.items()))
    agency = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, db_index=False, related_name="+")
    recipient = models.ForeignKey(
        "directory.Unit", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    period = models.TextField()
    depth = models.TextField(default="below")
    group = models.TextField(blank=True, default="")
    state = models.TextField(choices=AGENCY_REPORT.choices)
    figures = models.JSONField()
    counted_at = models.DateTimeField()
    note = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    writer_id = models.UUIDField()
    writer = models.TextField()
    prepared_at = models.DateTimeField()
    checker_id = models.UUIDField(null=True)
    checker = models.TextField(blank=True)
    checked_at = models.DateTimeField(null=True)
    signer_name = models.TextField(blank=True)
    signer_title = models.TextField(blank=True)
    authority_basis = models.TextField(blank=True)
    signed_at = models.DateTimeField(null=True)
    number = models.TextField(blank=True)
    issued_on = models.DateField(null=True)
    sealed_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    received_by = models.TextField(blank=True)
    file = models.ForeignKey("files.File", on_delete=models.PROTECT, null=True, related_name="+")

    audit_hidden = frozenset({"figures"})

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["agency", "-id"], name="agency_report_agency"),
            models.Index(fields=["recipient", "-id"], name="agency_report_recipient"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind", "period", "depth", "group"],
                name="one_report_prepared",
                condition=models.Q(state__in=("prepared", "checked", "signed")),
            ),
            models.CheckConstraint(
                name="issued_report_is_whole",
                condition=~models.Q(state__in=("issued", "received"))
                | (~models.Q(number="") & models.Q(sealed_at__isnull=False, file__isnull=False)),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="report_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="signed_figures_stay",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=("signed", "issued", "received"))
                & pgtrigger.Q(old__figures__df=pgtrigger.F("new__figures")),
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.code


class PetitionNote(models.Model):
    """What the portal has told of one petition: whose it is, by when it was to be answered, and when it was.

    No words of it and nobody's name: reports and indicators count these rows.
    """

    petition_id = models.UUIDField(primary_key=True)
    code = models.TextField()
    kind = models.TextField()
    agency = models.ForeignKey(
        "directory.Unit", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    score = models.SmallIntegerField(null=True)

    class Meta:
        ordering = ["-received_at", "petition_id"]
        indexes = [models.Index(fields=["agency", "received_at"], name="petition_note_agency")]

    def __str__(self) -> str:
        return self.code
