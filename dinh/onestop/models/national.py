"""What goes to the national portal: what has changed, the messages of each dossier in their order."""

from django.db import models

from dinh.kernel.errors import N_
from dinh.kernel.ids import uuid7
from dinh.onestop.rules.national import SERVICES


class NationalChange(models.Model):
    """A mark that a dossier has changed, written with the change; the worker turns it into messages."""

    dossier = models.ForeignKey("Dossier", on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["dossier"], name="national_change")]


class NationalDossier(models.Model):
    """What the national portal was last told of a dossier.

    ``digest`` is that of the last HoSo, ``steps`` are the identifiers of the steps whose progress was
    told, ``sequence`` is the number of the last message. Its row is the lock under which messages are made.
    """

    dossier = models.OneToOneField(
        "Dossier", on_delete=models.PROTECT, primary_key=True, related_name="national"
    )
    status = models.SmallIntegerField(null=True)
    digest = models.TextField(blank=True)
    steps = models.JSONField(default=list)
    sequence = models.IntegerField(default=0)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-dossier"]


class NationalMessage(models.Model):
    """One message about a dossier. The next leaves only when the one before it has arrived.

    ``state`` mirrors the outbox, for lists and counts: the outbox row is about this row.
    """

    class State(models.TextChoices):
        QUEUED = "queued", N_("Chờ tin trước")
        SENDING = "sending", N_("Đang gửi")
        DELIVERED = "delivered", N_("Đã nhận")
        DEAD = "dead", N_("Không gửi được")
        DROPPED = "dropped", N_("Đã thay bằng tin mới")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey(NationalDossier, on_delete=models.PROTECT, related_name="messages")
    sequence = models.IntegerField()
    service = models.TextField(choices=list(SERVICES.items()))
    status = models.SmallIntegerField()
    content = models.JSONField()
    state = models.TextField(choices=State, default=State.QUEUED)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    audit_hidden = frozenset({"content"})

    class Meta:
        ordering = ["dossier", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "sequence"], name="national_order"),
            models.UniqueConstraint(
                fields=["dossier"],
                name="national_one_at_a_time",
                condition=models.Q(state__in=("sending", "dead")),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="national_state"),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.sequence}"
