"""Numbers that people draw at a desk, and whose turn it is."""

from django.db import models

from dinh.kernel.ids import uuid7
from dinh.onestop.rules.queue import QUEUE, WISHES

__all__ = ["QueueCounter", "QueueNumber"]


class QueueCounter(models.Model):
    """The last number of one desk on one day; its row makes those who draw at once take turns."""

    desk = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    last = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["desk", "day"], name="one_queue_a_day")]


class QueueNumber(models.Model):
    """One number of a desk's day. It names nobody: who holds the slip is served."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    desk = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    number = models.IntegerField()
    wish = models.TextField(choices=list(WISHES.items()))
    state = models.TextField(choices=[(state.code, state.label) for state in QUEUE.states])
    taken_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    calls = models.SmallIntegerField(default=0)
    window = models.TextField(blank=True)
    position = models.ForeignKey("directory.Position", on_delete=models.PROTECT, null=True, related_name="+")
    official = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["desk", "day", "number"], name="one_queue_number")]
        indexes = [models.Index(fields=["desk", "day", "state", "number"], name="queue_of_day")]

    def __str__(self) -> str:
        return f"{self.number:03d}"
