"""What came by post and what goes by it: how a dossier arrived, where its result goes, each parcel."""

from django.db import models

from dinh.kernel.ids import uuid7
from dinh.onestop.rules.postal import PARCEL


class PostalFiling(models.Model):
    """How a dossier came by post: the parcel's number, the day of its postmark if legible, its arrival."""

    dossier = models.OneToOneField(
        "Dossier", on_delete=models.PROTECT, primary_key=True, related_name="came_by_post"
    )
    # One parcel may bring several dossiers.
    number = models.TextField(db_index=True)
    postmarked_on = models.DateField(null=True)
    arrived_on = models.DateField()

    def __str__(self) -> str:
        return self.number


class ReturnAddress(models.Model):
    """Where the post brings the result, as the applicant or the desk wrote it last.

    ``postage``: what the recipient pays the post, in đồng, as the province has set it; None: not set.
    """

    dossier = models.OneToOneField(
        "Dossier", on_delete=models.PROTECT, primary_key=True, related_name="return_address"
    )
    recipient = models.TextField()
    phone = models.TextField()
    street = models.TextField()
    commune = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    postage = models.BigIntegerField(null=True)
    chosen_at = models.DateTimeField()
    chosen_by = models.TextField()

    audit_hidden = frozenset({"phone", "street"})

    def __str__(self) -> str:
        return self.recipient


class Parcel(models.Model):
    """A result handed over to the post, with the address of that moment. One that came back stays."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey("Dossier", on_delete=models.PROTECT, related_name="parcels")
    number = models.TextField(unique=True)
    state = models.TextField(choices=[(state.code, state.label) for state in PARCEL.states])
    recipient = models.TextField()
    phone = models.TextField()
    address = models.TextField()
    postage = models.BigIntegerField(null=True)
    sent_on = models.DateField()
    handed_at = models.DateTimeField()
    handed_by = models.TextField()
    position = models.TextField(blank=True)
    ended_on = models.DateField(null=True)
    ended_by = models.TextField(blank=True)
    reason = models.TextField(blank=True)

    audit_hidden = frozenset({"phone", "address"})

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], name="one_parcel_at_a_time", condition=~models.Q(state="came_back")
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="parcel_state")]

    def __str__(self) -> str:
        return self.number


class Handover(models.Model):
    """How a result came into hands: what who fetched it has shown (``SHOWN``), or the parcel.

    ``name`` and ``paper``: who fetched it for the applicant, and the authorisation that was seen.
    """

    dossier = models.OneToOneField(
        "Dossier", on_delete=models.PROTECT, primary_key=True, related_name="handover"
    )
    shown = models.TextField()
    name = models.TextField(blank=True)
    paper = models.TextField(blank=True)
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by = models.TextField()
    position = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.shown
