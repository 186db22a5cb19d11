"""Appointments at a desk: its plan, its places, the visits."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from dinh.kernel.ids import uuid7
from dinh.onestop.rules.queue import WISHES
from dinh.onestop.rules.visits import LENGTHS, VISIT

__all__ = ["Visit", "VisitPlan", "VisitSlot"]


class VisitPlan(models.Model):
    """How a desk takes appointments, as its head has decided; a desk without a plan takes none."""

    desk = models.OneToOneField("directory.Unit", on_delete=models.PROTECT, related_name="+")
    is_open = models.BooleanField()
    minutes = models.SmallIntegerField(choices=[(length, str(length)) for length in LENGTHS])
    places = models.SmallIntegerField()
    weekdays = ArrayField(models.SmallIntegerField())
    days_ahead = models.SmallIntegerField()
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="visit_plan_bounds",
                condition=Q(places__range=(1, 50)) & Q(days_ahead__range=(1, 60)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.desk_id)


class VisitSlot(models.Model):
    """How many places of a desk's moment are taken; its row makes those who book at once take turns."""

    desk = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    taken = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["desk", "starts_at"], name="one_slot_a_moment"),
            models.CheckConstraint(name="slot_not_below_zero", condition=Q(taken__gte=0)),
        ]


class Visit(models.Model):
    """A person comes to a desk at a moment."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    desk = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    wish = models.TextField(choices=list(WISHES.items()))
    note = models.TextField(blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.TextField(choices=[(state.code, state.label) for state in VISIT.states])
    booked_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(blank=True)

    audit_hidden = frozenset({"note"})

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [
            models.Index(fields=["desk", "starts_at"], name="visit_of_desk"),
            models.Index(fields=["person", "-starts_at"], name="visit_of_person"),
            models.Index(fields=["starts_at"], name="visit_ahead", condition=Q(state="booked")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "starts_at"], name="one_visit_at_a_time", condition=Q(state="booked")
            ),
            models.CheckConstraint(name="visit_ends_after", condition=Q(ends_at__gt=F("starts_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"
