"""A year of a calendar as it is shown: months, marked days, the draft and what it would change."""

import calendar as months_of
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from dinh.foundation.actions.public import Actor
from dinh.foundation.calendars.models import Calendar, CalendarVersion
from dinh.foundation.calendars.permissions import DECLARE, PUBLISH
from dinh.foundation.calendars.queries.working import calendar_for, calendar_under
from dinh.foundation.calendars.rules import (
    KINDS,
    YEARS_AHEAD,
    YEARS_BACK,
    changed_days,
    changed_hours_from,
    compare,
    periods_text,
)
from dinh.foundation.directory.public import get_unit, may_at, named_apart, units_to_choose
from dinh.kernel.clocks import ClockEvent, ClockPolicy, Limit, read_clock
from dinh.kernel.errors import N_, existing
from dinh.kernel.worktime import DayKind, WeeklyHours, WorkCalendar, WorkDay, weekday_name

__all__ = ["YearScreen", "get_calendar", "units_without_calendar", "visible_calendars", "year_screen"]

_MARKS: dict[DayKind, str] = {
    "working": "", "weekly_off": "", "off": "", "half_day": "½", "extra_working": "+", "other_hours": "~",
}  # fmt: skip
_TRIED = (Limit.of(3, "working_days"), Limit.of(10, "working_days"))


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of the grid. ``mark`` tells its kind without colour, ``title`` in words."""

    on: dt.date
    kind: DayKind
    mark: str
    title: str
    is_today: bool
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Month:
    number: int
    weeks: tuple[tuple[DayCell | None, ...], ...]
    working_days: int


@dataclass(frozen=True, slots=True)
class MarkedDay:
    """A row of the list of days that do not follow the week. ``own``: said by this very calendar."""

    on: dt.date
    weekday: str
    kind: str
    tone: str
    label: str
    basis: str
    own: bool


@dataclass(frozen=True, slots=True)
class WeekRow:
    """Weekly hours from a date on (None: always so far), a pair of weekday and hours each."""

    from_on: dt.date | None
    days: tuple[tuple[str, str], ...]
    basis: str


@dataclass(frozen=True, slots=True)
class DraftView:
    """What the draft would change: days in words, and how deadlines counted from now would move."""

    number: int
    changes: tuple[str, ...]
    hours_from: dt.date | None
    deadlines: tuple[tuple[str, dt.datetime, dt.datetime, dt.datetime], ...]
    new_years: tuple[int, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.changes or self.hours_from or self.new_years)


@dataclass(frozen=True, slots=True)
class YearScreen:
    """Everything that the page of a year shows. ``calendar_id`` None: the unit follows those above it."""

    unit_id: UUID | None
    unit_name: str
    calendar_id: UUID | None
    number: int
    year: int
    years: tuple[int, ...]
    months: tuple[Month, ...]
    working_days: int
    marked: tuple[MarkedDay, ...]
    weeks: tuple[WeekRow, ...]
    draft: DraftView | None
    versions: tuple[CalendarVersion, ...]
    calendars: tuple[tuple[str, str], ...]
    is_prepared: bool
    may_declare: bool
    may_publish: bool


def visible_calendars(by: Actor) -> "QuerySet[Calendar]":
    """Return the calendars that somebody may see: when the offices are open is no secret."""
    found = Calendar.objects.select_related("unit").order_by("unit__sort_key", "id")
    return found if by.kind in ("official", "system") else found.none()


def get_calendar(by: Actor, calendar_id: UUID) -> Calendar:
    """Return a calendar that somebody may see. Raises ``NotFound``."""
    return existing(visible_calendars(by).filter(pk=calendar_id).first())


def units_without_calendar(by: Actor, words: str) -> list[tuple[str, str]]:
    """Return agencies for which somebody may open a calendar, as a choice of ids and names."""
    units = units_to_choose(by, DECLARE.code, words=words, agencies_only=True, limit=30)
    taken = set(Calendar.objects.filter(unit__in=units).values_list("unit_id", flat=True))
    return named_apart(unit for unit in units if unit.pk not in taken)


def year_screen(by: Actor, *, unit_id: UUID | None, year: int, today: dt.date) -> YearScreen:
    """Return a year of the calendar that holds for a unit (None: the province).

    Who may declare sees the draft applied. Raises ``NotFound`` for an unknown unit.
    """
    unit_name = get_unit(unit_id).name if unit_id else ""
    calendar = Calendar.objects.filter(unit=unit_id).first()
    versions = _versions(calendar)
    draft = next((version for version in versions if version.published_at is None), None)
    in_force = next((version for version in versions if calendar and version.number == calendar.number), None)
    may_declare = may_at(by, DECLARE.code, unit_id)
    before = calendar_for(unit_id)
    after = calendar_under(draft) if draft and may_declare else before
    shown = draft if draft and may_declare else in_force
    months = tuple(_months(before, after, year, today))
    first, last = today.year - YEARS_BACK, today.year + YEARS_AHEAD
    return YearScreen(
        unit_id=unit_id,
        unit_name=unit_name,
        calendar_id=calendar.pk if calendar else None,
        number=calendar.number if calendar else 0,
        year=year,
        years=tuple(range(max(first, year - 3), min(last, year + 3) + 1)),
        months=months,
        working_days=sum(month.working_days for month in months),
        marked=tuple(_marked(after, year, shown)),
        weeks=tuple(_weeks(after, shown)),
        draft=_draft(in_force, draft, before, after) if draft and may_declare else None,
        versions=tuple(version for version in versions if version.published_at is not None),
        calendars=tuple(_choices(by, unit_id, unit_name)),
        is_prepared=shown is not None and (year in shown.years or unit_id is not None),
        may_declare=may_declare,
        may_publish=may_at(by, PUBLISH.code, unit_id),
    )


def _versions(calendar: Calendar | None) -> list[CalendarVersion]:
    if calendar is None:
        return []
    found = calendar.versions.order_by("-number").prefetch_related("days", "weeks")
    return list(found[:20])


def _choices(by: Actor, unit_id: UUID | None, unit_name: str) -> Iterator[tuple[str, str]]:
    yield "", gettext("Toàn tỉnh")
    shown: set[UUID | None] = {None}
    for own_id, name in visible_calendars(by).exclude(unit=None).values_list("unit_id", "unit__name"):
        shown.add(own_id)
        yield str(own_id), name
    if unit_id not in shown:
        yield str(unit_id), unit_name


def _months(before: WorkCalendar, after: WorkCalendar, year: int, today: dt.date) -> Iterator[Month]:
    for number in range(1, 13):
        weeks: list[tuple[DayCell | None, ...]] = []
        for week in months_of.Calendar().monthdatescalendar(year, number):
            weeks.append(
                tuple(
                    _cell(before.day(on), after.day(on), today) if on.month == number else None for on in week
                )
            )
        cells = [cell for week in weeks for cell in week if cell]
        yield Month(number, tuple(weeks), sum(after.day(cell.on).is_open for cell in cells))


def _cell(before: WorkDay, after: WorkDay, today: dt.date) -> DayCell:
    is_plain = after.kind in ("working", "weekly_off")
    return DayCell(
        on=after.on,
        kind=after.kind,
        mark=_MARKS[after.kind],
        title="" if is_plain else after.why.said(gettext),
        is_today=after.on == today,
        is_changed=before != after,
    )


_KIND_WORDS: dict[DayKind, str] = {
    "off": N_("Nghỉ"),
    "half_day": N_("Nửa ngày"),
    "extra_working": N_("Làm bù"),
    "other_hours": N_("Đổi giờ"),
}
_TONES: dict[DayKind, str] = {
    "off": "bad",
    "half_day": "warn",
    "extra_working": "info",
    "other_hours": "wait",
}


def _marked(calendar: WorkCalendar, year: int, shown: CalendarVersion | None) -> Iterator[MarkedDay]:
    own = {day.on: day for day in shown.days.all()} if shown else {}
    follows_week = [day for day in own.values() if day.kind == "as_week" and day.on.year == year]
    dates = {on for on in calendar.exceptions if on.year == year} | {day.on for day in follows_week}
    for on in sorted(dates):
        day, row = calendar.day(on), own.get(on)
        is_exception = on in calendar.exceptions
        kind = _KIND_WORDS[day.kind] if is_exception else KINDS["as_week"]
        yield MarkedDay(
            on=on,
            weekday=weekday_name(on).said(gettext),
            kind=gettext(kind),
            tone=_TONES[day.kind] if is_exception else "neutral",
            label=day.label if is_exception else (row.label if row else ""),
            basis=row.basis if row else "",
            own=row is not None,
        )


def _weeks(calendar: WorkCalendar, shown: CalendarVersion | None) -> Iterator[WeekRow]:
    bases = {week.from_on: week.basis for week in shown.weeks.all()} if shown else {}
    for week in calendar.patterns:
        is_first = week.from_on == dt.date.min
        yield WeekRow(
            None if is_first else week.from_on, tuple(_week_days(week)), bases.get(week.from_on, "")
        )


def _week_days(week: WeeklyHours) -> Iterator[tuple[str, str]]:
    monday = dt.date(2024, 1, 1)
    for number, periods in enumerate(week.days):
        name = weekday_name(monday + dt.timedelta(days=number)).said(gettext)
        yield name[0].upper() + name[1:], periods_text(periods)


def _draft(
    in_force: CalendarVersion | None, draft: CalendarVersion, before: WorkCalendar, after: WorkCalendar
) -> DraftView:
    old_days = [day.value for day in in_force.days.all()] if in_force else []
    old_weeks = [week.value for week in in_force.weeks.all()] if in_force else []
    old_years = in_force.years if in_force else []
    dates = changed_days(old_days, [day.value for day in draft.days.all()])
    changes = tuple(change.text.said(gettext) for change in compare(before, after, dates))
    return DraftView(
        number=draft.number,
        changes=changes,
        hours_from=changed_hours_from(old_weeks, [week.value for week in draft.weeks.all()]),
        deadlines=tuple(_deadlines(before, after, dates)),
        new_years=tuple(year for year in draft.years if year not in old_years),
    )


def _deadlines(
    before: WorkCalendar, after: WorkCalendar, dates: Sequence[dt.date]
) -> Iterator[tuple[str, dt.datetime, dt.datetime, dt.datetime]]:
    """How limits counted from the day before the first change to come would move."""
    now = timezone.now()
    ahead = [on for on in dates if on >= before.local_date(now)]
    if not ahead:
        return
    eve = dt.datetime.combine(ahead[0] - dt.timedelta(days=1), dt.time(8), before.zone)
    start = max(eve, now)
    events = [ClockEvent(kind="started", at=start)]
    for limit in _TRIED:
        old, new = (
            read_clock(events, limit=limit, calendar=each, policy=ClockPolicy(), now=start).due_at
            for each in (before, after)
        )
        if old and new and old != new:
            yield limit.words.said(gettext), start, old, new
