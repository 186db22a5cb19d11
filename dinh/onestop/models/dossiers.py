"""Drafts and dossiers, with what belongs to them."""

from uuid import UUID

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models

from dinh.kernel.ids import uuid7
from dinh.onestop.models.figures import DOSSIER_TRIGGERS, RATING_TRIGGERS
from dinh.onestop.rules.postal import RETURN_WAYS
from dinh.onestop.rules.states import CHANNELS, DOSSIER


class Draft(models.Model):
    """What a citizen has typed and uploaded so far, kept as they go. It ends when it is sent."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("ProcedureVersion", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    representation = models.ForeignKey(
        "Representation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    data = models.JSONField(default=dict)
    # What was typed under an earlier version and has no place in this one: label and value.
    aside = models.JSONField(default=list)
    # What was filled in for the citizen: {name of the field: [source, value]}; and what it was asked by.
    filled_in = models.JSONField(default=dict)
    registry_check = models.ForeignKey("RegistryCheck", on_delete=models.PROTECT, null=True, related_name="+")
    # The dossier that ended, from which this one was filled in.
    begun_from = models.ForeignKey("Dossier", on_delete=models.PROTECT, null=True, related_name="begun_again")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    sent_as = models.OneToOneField("Dossier", on_delete=models.PROTECT, null=True, related_name="draft")

    audit_hidden = frozenset({"data", "aside", "filled_in"})

    class Meta:
        ordering = ["-changed_at"]
        indexes = [models.Index(fields=["owner", "-changed_at"], name="draft_owner")]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "begun_from"],
                name="draft_begun_again_once",
                condition=models.Q(begun_from__isnull=False, sent_as__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class DraftFile(models.Model):
    """One uploaded paper of a draft."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    document_key = models.TextField()
    file = models.ForeignKey("files.File", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class Dossier(models.Model):
    """A dossier (hồ sơ), from the moment it is sent.

    Three organisations may differ: where it was received (``reception_unit``), which agency is
    competent (``agency``), and who works on it now (its open steps). The applicant's data are those
    of the day; ``owner`` is the citizen's own account, when there is one. Filed for somebody else, the
    applicant is who is stood for, ``filed_by`` the words for who filed ("Trần Văn Mẫu, người giám hộ").
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request_code = models.TextField(unique=True)
    code = models.TextField(unique=True, null=True)
    # The number under which the national portal knows a dossier that was filed there.
    external_code = models.TextField(blank=True, default="", db_default="")
    procedure = models.ForeignKey("Procedure", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("ProcedureVersion", on_delete=models.PROTECT, related_name="+")
    profile = models.TextField()
    agency = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    reception_unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    # The desk of another agency that took it in for the competent one, follows it and returns the result.
    intake_desk = models.ForeignKey(
        "directory.Unit", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    channel = models.TextField(choices=CHANNELS)
    return_way = models.TextField(choices=list(RETURN_WAYS.items()), blank=True, default="", db_default="")
    state = models.TextField(choices=[(state.code, state.label) for state in DOSSIER.states])
    owner = models.ForeignKey("directory.Person", on_delete=models.PROTECT, null=True, related_name="+")
    applicant_name = models.TextField()
    applicant_identity = models.TextField(blank=True)
    applicant_phone = models.TextField(blank=True)
    applicant_email = models.TextField(blank=True)
    applicant_address = models.TextField(blank=True)
    representation = models.ForeignKey(
        "Representation", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    filed_by = models.TextField(blank=True, default="", db_default="")
    subject = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    submitted_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    search_text = models.TextField(blank=True)

    audit_hidden = frozenset({"data", "applicant_identity"})

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["owner", "-id"], name="dossier_owner", condition=models.Q(owner__isnull=False)
            ),
            models.Index(
                fields=["representation", "-id"],
                name="dossier_representation",
                condition=models.Q(representation__isnull=False),
            ),
            models.Index(
                fields=["applicant_identity"],
                name="dossier_applicant",
                condition=~models.Q(applicant_identity=""),
            ),
            models.Index(fields=["agency", "-id"], name="dossier_agency"),
            models.Index(fields=["state", "-id"], name="dossier_state"),
            # Figures count finished dossiers along these, without touching the rows.
            models.Index(
                fields=["agency", "finished_at"],
                include=["due_at"],
                name="dossier_ended_agency",
                condition=models.Q(state__in=("done", "returned", "refused"), accepted_at__isnull=False),
            ),
            models.Index(
                fields=["finished_at"],
                include=["due_at", "agency"],
                name="dossier_ended",
                condition=models.Q(state__in=("done", "returned", "refused"), accepted_at__isnull=False),
            ),
            # Open dossiers by when they are due: what is late and owes an apology.
            models.Index(fields=["due_at"], name="dossier_open_due", condition=models.Q(state="processing")),
            # The register: accepted dossiers in the order of their acceptance.
            models.Index(
                fields=["accepted_at", "id"],
                name="dossier_register",
                condition=models.Q(accepted_at__isnull=False),
            ),
            models.Index(fields=["agency", "accepted_at"], name="dossier_accepted"),
            GinIndex(SearchVector("search_text", config="simple"), name="dossier_search"),
            # Results that wait to be handed over to the post, and what a desk took in for others.
            models.Index(
                fields=["-id"], name="dossier_to_post", condition=models.Q(return_way="post", state="done")
            ),
            models.Index(
                fields=["intake_desk", "-id"],
                name="dossier_intake",
                condition=models.Q(intake_desk__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["external_code"],
                name="dossier_filed_nationally_once",
                condition=~models.Q(external_code=""),
            )
        ]
        triggers = DOSSIER_TRIGGERS

    def __str__(self) -> str:
        return self.code or self.request_code

    @property
    def return_desk_id(self) -> UUID:
        """The desk at which the result is returned: the one that took the dossier in."""
        return self.intake_desk_id or self.reception_unit_id


class DossierCounter(models.Model):
    """The last ordinal of one agency on one day; its row is the lock that keeps codes without a gap."""

    agency = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    last = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "day"], name="one_counter_a_day")]


class DossierPart(models.Model):
    """One paper of a dossier. A paper that was replaced stays, with the moment it was replaced."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="parts", db_index=False)
    document_key = models.TextField()
    document_name = models.TextField()
    file = models.ForeignKey("files.File", on_delete=models.PROTECT, null=True, related_name="+")
    is_original = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["dossier", "id"], name="part_dossier")]


class Involvement(models.Model):
    """A unit takes part in a dossier: it received it, is competent for it, or had a step of it.

    This is the one table that decides which officials may see a dossier.
    """

    dossier = models.ForeignKey(
        Dossier, on_delete=models.CASCADE, related_name="involvements", db_index=False
    )
    unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "unit"], name="involved_once")]
        indexes = [models.Index(fields=["unit", "-dossier"], name="involved_unit")]


class Supplement(models.Model):
    """A request to complete a dossier (form 02), and the citizen's answer.

    ``items`` is a list of ``{"document": key or "", "field": name or "", "text": sentence}``.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="supplements")
    items = models.JSONField()
    reason = models.TextField()
    contact = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.TextField()
    answer_by = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], name="one_open_supplement", condition=models.Q(answered_at__isnull=True)
            ),
        ]


class FeeItem(models.Model):
    """One fee owed on a dossier, in đồng, as its answers and a confirmed exemption make it.

    ``full_amount`` is the fee without relief; ``lines`` explain the reckoning: ``[sentence, values]`` each.
    ``due`` says what waits for its payment. ``paid_at`` is since when payments cover it; a fee of a dossier
    that ended before its acceptance is ``voided_at``.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="fees", db_index=False)
    key = models.TextField()
    name = models.TextField()
    kind = models.TextField()
    amount = models.BigIntegerField()
    full_amount = models.BigIntegerField(default=0)
    due = models.TextField(default="any")
    lines = models.JSONField(default=list)
    paid_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["dossier", "key"], name="fee_once")]


class TimelineEntry(models.Model):
    """What happened to a dossier, in words. ``sentence`` is a catalogue key, ``values`` fill it.

    Entries that are not public are for officials only.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="timeline", db_index=False)
    at = models.DateTimeField()
    sentence = models.TextField()
    values = models.JSONField(default=dict)
    actor = models.TextField()
    position = models.TextField(blank=True)
    is_public = models.BooleanField(default=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["dossier", "id"], name="timeline_dossier")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]


class Rating(models.Model):
    """A citizen's rating, once a dossier (TT 32/2017 Art. 12: three answers, overall and three questions)."""

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="rating")
    overall = models.SmallIntegerField()
    ease = models.SmallIntegerField(null=True)
    timeliness = models.SmallIntegerField(null=True)
    attitude = models.SmallIntegerField(null=True)
    comment = models.TextField(blank=True)
    # How it came: online, by a device at the counter, on paper, by survey (NĐ 61/2018 Art. 29).
    source = models.TextField(default="online", db_default="online")
    rated_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(overall__range=(1, 3)), name="rating_scale")]
        triggers = RATING_TRIGGERS
