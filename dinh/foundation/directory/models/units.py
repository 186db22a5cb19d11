"""Units as a dated tree, with the names and places that they had."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from dinh.foundation.directory.models.periods import PERIOD, PeriodQuerySet, ends_after_start, matching
from dinh.foundation.directory.rules.organisation import KINDS, LEVELS
from dinh.kernel.errors import N_
from dinh.kernel.ids import uuid7
from dinh.kernel.text import clean, search_text, sort_key

__all__ = [
    "LevelScheme",
    "Unit",
    "UnitClosure",
    "UnitName",
    "UnitPlacement",
    "UnitQuerySet",
    "UnitSuccession",
]


class UnitQuerySet(models.QuerySet["Unit"]):
    """Filters over units."""

    def open_on(self, day: dt.date) -> Self:
        return self.filter(Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gt=day)))

    def agencies(self) -> Self:
        return self.filter(is_agency=True)

    def under(self, ancestor_id: Any) -> Self:
        """The unit and everything below it."""
        below = UnitClosure.objects.filter(ancestor_id=ancestor_id).values("descendant_id")
        return self.filter(pk__in=below)

    def matching(self, words: str) -> Self:
        return self.filter(matching(words))


class Unit(models.Model):
    """A unit of the administration as it stands today; its past is in names, placements, successions.

    ``parent`` is the unit above today. A closed unit stands under its ``heir``, who keeps its records;
    ``agency`` is the nearest unit at or above it that is an agency. Both are kept by the actions.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.TextField(unique=True)
    old_code = models.TextField(blank=True)
    name = models.TextField()
    short_name = models.TextField(blank=True)
    abbreviation = models.TextField(blank=True)
    kind = models.TextField(choices=[(kind.code, kind.label) for kind in KINDS.values()])
    level = models.TextField(choices=list(LEVELS.items()))
    is_agency = models.BooleanField()
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    agency = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="divisions")
    heir = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="predecessors")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    display_order = models.IntegerField(default=100)
    sort_key = models.TextField(editable=False, db_collation="C")
    search_text = models.TextField(editable=False)
    address = models.TextField(blank=True)
    phone = models.TextField(blank=True)
    email = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[Any] = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["display_order", "sort_key", "id"]
        indexes = [
            models.Index(fields=["parent", "display_order", "sort_key"], name="unit_siblings"),
            models.Index(fields=["old_code"], name="unit_old_code", condition=~Q(old_code="")),
            models.Index(fields=["level", "is_agency"], name="unit_level"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="unit_search"),
        ]
        constraints = [
            models.CheckConstraint(
                name="unit_valid_period",
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
            ),
            models.CheckConstraint(name="unit_not_its_own_parent", condition=~Q(parent=F("id"))),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.compute()
        super().save(*args, **kwargs)

    def compute(self) -> None:
        """Fill the columns computed from the name and the codes; bulk writes call it themselves."""
        self.name = clean(self.name)
        self.sort_key = sort_key(self.name)
        words = (self.name, self.short_name, self.abbreviation, self.code, self.old_code)
        self.search_text = search_text(" ".join(words))

    def is_open_on(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or self.valid_until > day)


class UnitClosure(models.Model):
    """Every pair of a unit and one above it (depth 0: itself) in the tree of ``Unit.parent``."""

    ancestor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="below", db_index=False)
    descendant = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="above")
    depth = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ancestor", "descendant"], include=["depth"], name="closure_pair")
        ]


class UnitPlacement(models.Model):
    """Under which unit a unit stood from a day until another."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="placements")
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    basis = models.TextField(blank=True)

    objects: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["unit", "from_on"]
        constraints = [
            ends_after_start("placement_period"),
            ExclusionConstraint(
                name="placement_one_at_a_time",
                expressions=[("unit", RangeOperators.EQUAL), (PERIOD, RangeOperators.OVERLAPS)],
            ),
        ]


class UnitName(models.Model):
    """What a unit was called from a day until another; old papers keep the name of their day."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="names")
    name = models.TextField()
    short_name = models.TextField(blank=True)
    abbreviation = models.TextField(blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    basis = models.TextField(blank=True)

    objects: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["unit", "from_on"]
        constraints = [
            ends_after_start("unit_name_period"),
            ExclusionConstraint(
                name="unit_name_one_at_a_time",
                expressions=[("unit", RangeOperators.EQUAL), (PERIOD, RangeOperators.OVERLAPS)],
            ),
        ]


class UnitSuccession(models.Model):
    """A link from a unit to one that took over from it: merged, split off, divided, closed."""

    class Kind(models.TextChoices):
        MERGED = "merged", N_("Sáp nhập")
        SPLIT = "split", "Chia"
        SEPARATED = "separated", N_("Tách")
        CLOSED = "closed", N_("Giải thể")

    predecessor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="inheritances")
    kind = models.TextField(choices=Kind)
    on = models.DateField()
    basis = models.TextField(blank=True)

    class Meta:
        ordering = ["on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor", "on"], name="succession_once")
        ]


class LevelScheme(models.Model):
    """Which levels of government stand from a day on. No row: those of the legal profile."""

    levels = ArrayField(models.TextField())
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    basis = models.TextField(blank=True)

    objects: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["from_on"]
        constraints = [
            ends_after_start("levels_period"),
            ExclusionConstraint(name="levels_one_at_a_time", expressions=[(PERIOD, RangeOperators.OVERLAPS)]),
        ]
