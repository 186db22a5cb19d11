"""People, the positions they hold, and who stands in for whom."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from dinh.foundation.directory.models.periods import PERIOD, PeriodQuerySet, ends_after_start, matching
from dinh.foundation.directory.models.units import Unit
from dinh.kernel.errors import N_
from dinh.kernel.ids import uuid7
from dinh.kernel.text import clean, name_sort_key, search_text

__all__ = [
    "Absence",
    "Appointment",
    "AppointmentQuerySet",
    "Person",
    "PersonQuerySet",
    "Position",
    "PositionPlacement",
]


class PersonQuerySet(models.QuerySet["Person"]):
    """Filters over people."""

    def matching(self, words: str) -> Self:
        return self.filter(matching(words))


class Person(models.Model):
    """A person: an official, a citizen, or both. ``staff_code`` is an official's number."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    staff_code = models.TextField(null=True, unique=True)
    full_name = models.TextField()
    sort_key = models.TextField(editable=False, db_collation="C")
    search_text = models.TextField(editable=False)
    birth_date = models.DateField(null=True)
    identity_number = models.TextField(blank=True)
    phone = models.TextField(blank=True)
    email = models.TextField(blank=True)
    address = models.TextField(blank=True)
    # How each contact is known: typed by the person and not verified (empty), by a code sent there ("code"),
    # written down by an official ("official"), told by the identity provider ("provider").
    phone_known = models.TextField(blank=True, db_default="")
    email_known = models.TextField(blank=True, db_default="")
    created_at = models.DateTimeField(db_default=Now())

    audit_hidden = frozenset({"birth_date", "identity_number", "phone", "email", "address", "search_text"})

    objects: ClassVar[Any] = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "id"]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="person_order"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="person_search"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["identity_number"], name="person_identity_number", condition=~Q(identity_number="")
            )
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.compute()
        super().save(*args, **kwargs)

    def compute(self) -> None:
        """Fill the columns computed from the name; bulk writes call it themselves."""
        self.full_name = clean(self.full_name)
        self.sort_key = name_sort_key(self.full_name)
        self.search_text = search_text(f"{self.full_name} {self.staff_code or ''} {self.email}")


class Position(models.Model):
    """A post in a unit. It holds the rights; people hold it for a time.

    ``rank`` orders posts within a unit (1: the head). ``is_single``: one holder at a time.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.TextField(unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="positions")
    title = models.TextField()
    rank = models.IntegerField(default=50)
    is_head = models.BooleanField(default=False)
    is_single = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        ordering = ["unit", "rank", "code"]
        indexes = [models.Index(fields=["unit", "rank", "code"], name="position_unit_rank")]
        constraints = [
            models.CheckConstraint(
                name="position_valid_period",
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.code})"

    def is_open_on(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or self.valid_until > day)


class PositionPlacement(models.Model):
    """In which unit a position stood from a day until another; it moves when units merge or split."""

    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="placements")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    objects: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["position", "from_on"]
        constraints = [
            ends_after_start("position_placement_period"),
            ExclusionConstraint(
                name="position_placement_one_at_a_time",
                expressions=[("position", RangeOperators.EQUAL), (PERIOD, RangeOperators.OVERLAPS)],
            ),
        ]


class AppointmentQuerySet(PeriodQuerySet):
    """Filters over appointments."""

    def in_force(self, day: dt.date) -> Self:
        """Appointments in force that day at a position and a unit that still stand."""
        return self.on(day).filter(
            Q(position__valid_until=None) | Q(position__valid_until__gt=day), position__valid_from__lte=day
        )


class Appointment(models.Model):
    """A person holds a position from a day until another. ``is_single`` is the position's, copied."""

    class Kind(models.TextChoices):
        MAIN = "main", N_("Chính thức")
        CONCURRENT = "concurrent", N_("Kiêm nhiệm")
        ACTING = "acting", N_("Giao quyền")
        IN_CHARGE = "in_charge", N_("Giao phụ trách")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="appointments")
    kind = models.TextField(choices=Kind, default=Kind.MAIN)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    basis = models.TextField(blank=True)
    is_single = models.BooleanField(default=False)

    objects: ClassVar[Any] = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["from_on", "id"]
        constraints = [
            ends_after_start("appointment_period"),
            ExclusionConstraint(
                name="appointment_one_holder",
                expressions=[("position", RangeOperators.EQUAL), (PERIOD, RangeOperators.OVERLAPS)],
                condition=Q(is_single=True),
            ),
            ExclusionConstraint(
                name="appointment_once_a_person",
                expressions=[
                    ("position", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    (PERIOD, RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} – {self.position_id}"


class Absence(models.Model):
    """The holder of a position is away for some days; another position does their work meanwhile.

    ``person`` is who was away, as the paper trail: the position may have other holders later. An absence
    that ended early, or was marked by mistake, has ``ended_at``.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="absences")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    substitute = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="standing_in")
    from_on = models.DateField()
    until_on = models.DateField()
    reason = models.TextField(blank=True)
    marked_by = models.TextField()
    marked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["from_on", "id"]
        indexes = [
            models.Index(
                fields=["substitute", "until_on"], name="absence_substitute", condition=Q(ended_at=None)
            )
        ]
        constraints = [
            models.CheckConstraint(name="absence_period", condition=Q(until_on__gt=F("from_on"))),
            models.CheckConstraint(name="absence_of_another", condition=~Q(position=F("substitute"))),
            ExclusionConstraint(
                name="absence_one_at_a_time",
                expressions=[("position", RangeOperators.EQUAL), (PERIOD, RangeOperators.OVERLAPS)],
                condition=Q(ended_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position_id} {self.from_on}"
