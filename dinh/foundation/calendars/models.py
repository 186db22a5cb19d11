"""Tables of working calendars: versions are drafted, published once, and then never change."""

import datetime as dt
from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from dinh.foundation.calendars.rules import KINDS, DeclaredDay
from dinh.kernel.errors import N_
from dinh.kernel.ids import uuid7
from dinh.kernel.worktime import Period, WeeklyHours

__all__ = ["Calendar", "CalendarDay", "CalendarStamp", "CalendarVersion", "CalendarWeek"]

# Rows of a version follow its fate: they may come, change and go only while it is a draft.
_ONLY_IN_DRAFTS = pgtrigger.Trigger(
    name="only_in_drafts",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    func="""
        PERFORM 1 FROM calendars_calendarversion
        WHERE id IN (NEW.version_id, OLD.version_id) AND published_at IS NOT NULL;
        IF FOUND THEN
            RAISE EXCEPTION 'a published calendar version never changes';
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    """,
)


class Calendar(models.Model):
    """The calendar of the province (``unit`` None) or of a unit over it.

    ``number`` is the version in force, 0 before the first was published.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.OneToOneField("directory.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    number = models.IntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["unit"], name="calendar_one_a_unit", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        if self.unit is None:
            return N_("Lịch làm việc toàn tỉnh")
        return N_("Lịch làm việc của %(unit)s") % {"unit": self.unit.name}


class CalendarVersion(models.Model):
    """One state of a calendar, whole: all its days and weekly hours. A draft until ``published_at``.

    ``years`` are those whose statutory days were written into it; other years follow the law as known.
    """

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    years = ArrayField(models.IntegerField(), default=list)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(null=True)
    published_by = models.TextField(blank=True)

    class Meta:
        ordering = ["calendar", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "number"], name="calendar_version_number"),
            models.UniqueConstraint(
                fields=["calendar"], condition=Q(published_at=None), name="calendar_one_draft"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return N_("Phiên bản %(number)d") % {"number": self.number}


class CalendarDay(models.Model):
    """A date that a version says something of, with the reason and the act it rests on."""

    version = models.ForeignKey(CalendarVersion, on_delete=models.CASCADE, related_name="days")
    on = models.DateField()
    kind = models.TextField(choices=list(KINDS.items()))
    label = models.TextField(blank=True)
    basis = models.TextField(blank=True)
    periods = models.JSONField(default=list)

    class Meta:
        ordering = ["on"]
        constraints = [models.UniqueConstraint(fields=["version", "on"], name="calendar_day_once")]
        triggers = [_ONLY_IN_DRAFTS]

    def __str__(self) -> str:
        return f"{self.on:%d/%m/%Y}: {self.label}"

    @property
    def value(self) -> DeclaredDay:
        return DeclaredDay(self.on, self.kind, self.label, periods_value(self.periods))  # type: ignore[arg-type]


class CalendarWeek(models.Model):
    """The openings of a version's weeks from a date on: seven lists, Monday first."""

    version = models.ForeignKey(CalendarVersion, on_delete=models.CASCADE, related_name="weeks")
    from_on = models.DateField()
    days = models.JSONField()
    basis = models.TextField(blank=True)

    class Meta:
        ordering = ["from_on"]
        constraints = [models.UniqueConstraint(fields=["version", "from_on"], name="calendar_week_once")]
        triggers = [_ONLY_IN_DRAFTS]

    def __str__(self) -> str:
        return N_("Giờ làm việc từ %(on)s") % {"on": f"{self.from_on:%d/%m/%Y}"}

    @property
    def value(self) -> WeeklyHours:
        return WeeklyHours(tuple(periods_value(periods) for periods in self.days), self.from_on)


class CalendarStamp(models.Model):
    """The one row that says whether anything about calendars has changed: caches compare its mark.

    The mark is random, so that one from a transaction that was rolled back never comes again.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    mark = models.UUIDField(default=uuid7)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        constraints = [models.CheckConstraint(name="calendar_one_stamp", condition=Q(id=1))]


def periods_value(stored: list[list[str]]) -> tuple[Period, ...]:
    """Return openings from what is stored: ``[["07:00:00", "11:30:00"], …]``."""
    return tuple(Period(dt.time.fromisoformat(start), dt.time.fromisoformat(end)) for start, end in stored)


def periods_stored(periods: tuple[Period, ...]) -> list[list[str]]:
    """Return openings as they are stored."""
    return [[start.isoformat(), end.isoformat()] for start, end in periods]
