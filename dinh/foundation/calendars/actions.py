"""Writes: calendars are opened, drafted day by day, and published as a version that never changes."""

import datetime as dt
from uuid import UUID

from django.utils import timezone

from dinh.foundation.actions.public import SYSTEM_ONLY, Actor, action, publish
from dinh.foundation.calendars.adapters.statutory import statutory_days
from dinh.foundation.calendars.events import CalendarChanged
from dinh.foundation.calendars.models import (
    Calendar,
    CalendarDay,
    CalendarStamp,
    CalendarVersion,
    CalendarWeek,
    periods_stored,
)
from dinh.foundation.calendars.permissions import DECLARE, PUBLISH
from dinh.foundation.calendars.queries.working import distrust_mark
from dinh.foundation.calendars.rules import (
    DeclaredDay,
    Kind,
    Periods,
    changed_days,
    changed_hours_from,
    check_day,
    check_label,
)
from dinh.foundation.directory.public import get_unit
from dinh.kernel.errors import N_, Refused
from dinh.kernel.ids import uuid7
from dinh.kernel.text import clean
from dinh.kernel.worktime import MONDAY_TO_FRIDAY, WeeklyHours

__all__ = [
    "CalendarThere",
    "NothingDeclared",
    "NothingToPublish",
    "SameDayTwice",
    "WeekWithoutHours",
    "YearThere",
    "declare_day",
    "declare_hours",
    "discard_draft",
    "open_calendar",
    "prepare_year",
    "publish_calendar",
    "renew_mark",
    "set_up_province",
    "swap_days",
    "withdraw_day",
]

_YEARS_AT_SET_UP = 3
# Reasons are the province's own words, kept with the day.
_WORKED_FOR = "%(reason)s (làm bù cho ngày %(on)s)"  # data: kept
_SWAPPED_FOR = "%(reason)s (hoán đổi sang ngày %(on)s)"  # data: kept
_FIRST_NOTE = "Lịch ban đầu"  # data: kept
_LABOUR_CODE = "Bộ luật Lao động, Điều 112"  # data: kept


class CalendarThere(Refused):
    message = N_("Đơn vị này đã có lịch làm việc riêng. Hãy mở lịch đó để sửa.")


class NothingDeclared(Refused):
    message = N_(
        "Ngày %(on)s không có khai báo nào trong lịch này. Có thể người khác vừa bỏ; hãy tải lại trang."
    )


class NothingToPublish(Refused):
    message = N_("Không có thay đổi nào để công bố. Có thể người khác vừa công bố; hãy tải lại trang.")


class SameDayTwice(Refused):
    message = N_("Ngày nghỉ và ngày làm bù phải là hai ngày khác nhau.")


class WeekWithoutHours(Refused):
    message = N_("Tuần làm việc phải có ít nhất một buổi. Hãy ghi giờ cho ít nhất một ngày.")


class YearThere(Refused):
    message = N_("Ngày nghỉ theo luật của năm %(year)d đã có trong lịch.")


@action("calendar.set_up", permission=SYSTEM_ONLY)
def set_up_province(*, by: Actor) -> Calendar:
    """Open the province's calendar with office hours and the statutory days off, and publish it.

    Does nothing when it is there.
    """
    calendar, is_new = Calendar.objects.get_or_create(unit=None)
    if is_new:
        version = _new_draft(calendar)
        _write_week(version, MONDAY_TO_FRIDAY, "")
        first = timezone.localdate().year - 1
        for year in range(first, first + _YEARS_AT_SET_UP):
            _write_year(version, year)
        _publish_draft(calendar, version, note=_FIRST_NOTE, by=by)
    return calendar


@action("calendar.opened", permission=DECLARE)
def open_calendar(unit_id: UUID, *, by: Actor) -> Calendar:
    """Open a calendar of a unit's own, as yet saying nothing. Raises ``CalendarThere``."""
    calendar, is_new = Calendar.objects.get_or_create(unit=get_unit(unit_id))
    if not is_new:
        raise CalendarThere
    return calendar


@action("calendar.day_declared", permission=DECLARE)
def declare_day(
    calendar: Calendar,
    *,
    on: dt.date,
    kind: Kind,
    label: str,
    basis: str = "",
    periods: Periods = (),
    by: Actor,
) -> CalendarDay:
    """Say in the draft what a date is, in place of what was said before.

    Raises ``DayTooFar`` or ``ReasonMissing``.
    """
    day = DeclaredDay(check_day(on, today=timezone.localdate()), kind, check_label(clean(label)), periods)
    return _write_day(_draft_of(calendar), day, clean(basis))


@action("calendar.days_swapped", permission=DECLARE)
def swap_days(
    calendar: Calendar, *, off_on: dt.date, worked_on: dt.date, label: str, basis: str = "", by: Actor
) -> CalendarDay:
    """Give a day off in the draft against another day that is worked for it.

    Raises ``SameDayTwice``, ``DayTooFar`` or ``ReasonMissing``.
    """
    if off_on == worked_on:
        raise SameDayTwice(field="worked_on")
    today = timezone.localdate()
    reason, act = check_label(clean(label)), clean(basis)
    draft = _draft_of(calendar)
    worked_label = _WORKED_FOR % {"reason": reason, "on": f"{off_on:%d/%m/%Y}"}
    off_label = _SWAPPED_FOR % {"reason": reason, "on": f"{worked_on:%d/%m/%Y}"}
    worked = DeclaredDay(check_day(worked_on, today=today), "extra_working", worked_label)
    off = DeclaredDay(check_day(off_on, today=today), "off", off_label)
    _write_day(draft, worked, act)
    return _write_day(draft, off, act)


@action("calendar.day_withdrawn", permission=DECLARE)
def withdraw_day(calendar: Calendar, *, on: dt.date, by: Actor) -> CalendarDay:
    """Take back in the draft what was said of a date. Raises ``NothingDeclared``."""
    draft = _draft_of(calendar)
    day = draft.days.filter(on=on).first()
    if day is None:
        raise NothingDeclared(on=f"{on:%d/%m/%Y}")
    draft.days.filter(pk=day.pk).delete()
    return day


@action("calendar.hours_declared", permission=DECLARE)
def declare_hours(calendar: Calendar, *, week: WeeklyHours, basis: str = "", by: Actor) -> CalendarWeek:
    """Say in the draft which hours are worked from a date on.

    Raises ``WeekWithoutHours`` or ``DayTooFar``.
    """
    if not any(week.days):
        raise WeekWithoutHours(field="monday")
    check_day(week.from_on, today=timezone.localdate())
    return _write_week(_draft_of(calendar), week, clean(basis))


@action("calendar.year_prepared", permission=DECLARE)
def prepare_year(calendar: Calendar, *, year: int, by: Actor) -> CalendarVersion:
    """Write the statutory days off of a year into the draft, where they can be edited.

    Days that the draft already says are kept. Raises ``YearThere`` or ``DayTooFar``.
    """
    check_day(dt.date(year, 1, 1), today=timezone.localdate())
    draft = _draft_of(calendar)
    if year in draft.years:
        raise YearThere(year=year)
    _write_year(draft, year)
    return draft


@action("calendar.draft_discarded", permission=DECLARE, on=Calendar)
def discard_draft(calendar: Calendar, *, by: Actor) -> None:
    """Throw the draft away; the version in force stays. Raises ``NothingToPublish``."""
    deleted, _ = calendar.versions.filter(published_at=None).delete()
    if not deleted:
        raise NothingToPublish


@action("calendar.published", permission=PUBLISH, on=Calendar)
def publish_calendar(calendar: Calendar, *, note: str = "", by: Actor) -> None:
    """Put the draft in force as the next version. Raises ``NothingToPublish``."""
    draft = calendar.versions.filter(published_at=None).first()
    if draft is None:
        raise NothingToPublish
    _publish_draft(calendar, draft, note=clean(note), by=by)


def renew_mark() -> None:
    """Make every process read calendars anew: a version was published, or units stand elsewhere."""
    CalendarStamp.objects.update_or_create(id=1, defaults={"mark": uuid7()})
    distrust_mark()


def _publish_draft(calendar: Calendar, draft: CalendarVersion, *, note: str, by: Actor) -> None:
    before = calendar.versions.filter(number=calendar.number).prefetch_related("days", "weeks").first()
    dates = changed_days(_days(before), _days(draft))
    hours_from = changed_hours_from(_weeks(before), _weeks(draft))
    if before is not None and not dates and hours_from is None and before.years == draft.years:
        raise NothingToPublish
    draft.note, draft.published_by, draft.published_at = note, by.name, timezone.now()
    draft.save(update_fields=["note", "published_by", "published_at"])
    calendar.number = draft.number
    calendar.save(update_fields=["number"])
    renew_mark()
    publish(
        CalendarChanged(unit_id=calendar.unit_id, number=draft.number, dates=dates, hours_from=hours_from)
    )


def _days(version: CalendarVersion | None) -> tuple[DeclaredDay, ...]:
    return tuple(day.value for day in version.days.all()) if version else ()


def _weeks(version: CalendarVersion | None) -> tuple[WeeklyHours, ...]:
    return tuple(week.value for week in version.weeks.all()) if version else ()


def _draft_of(calendar: Calendar) -> CalendarVersion:
    """Return the draft, made from the version in force when there is none; locks the calendar."""
    locked = Calendar.objects.select_for_update(of=("self",)).get(pk=calendar.pk)
    draft = locked.versions.filter(published_at=None).first()
    return draft or _new_draft(locked)


def _new_draft(calendar: Calendar) -> CalendarVersion:
    before = calendar.versions.filter(number=calendar.number).first()
    draft = CalendarVersion.objects.create(
        calendar=calendar, number=calendar.number + 1, years=before.years if before else []
    )
    if before is not None:
        days, weeks = list(before.days.all()), list(before.weeks.all())
        for day in days:
            day.pk, day.version = None, draft
        for week in weeks:
            week.pk, week.version = None, draft
        CalendarDay.objects.bulk_create(days)
        CalendarWeek.objects.bulk_create(weeks)
    return draft


def _write_day(draft: CalendarVersion, day: DeclaredDay, basis: str) -> CalendarDay:
    row, _ = CalendarDay.objects.update_or_create(
        version=draft,
        on=day.on,
        defaults={
            "kind": day.kind,
            "label": day.label,
            "basis": basis,
            "periods": periods_stored(day.periods),
        },
    )
    return row


def _write_week(draft: CalendarVersion, week: WeeklyHours, basis: str) -> CalendarWeek:
    row, _ = CalendarWeek.objects.update_or_create(
        version=draft,
        from_on=week.from_on,
        defaults={"days": [periods_stored(periods) for periods in week.days], "basis": basis},
    )
    return row


def _write_year(draft: CalendarVersion, year: int) -> None:
    days = [
        CalendarDay(version=draft, on=day.on, kind=day.kind, label=day.label, basis=_LABOUR_CODE)
        for day in statutory_days(year)
    ]
    CalendarDay.objects.bulk_create(days, ignore_conflicts=True)
    draft.years = sorted({*draft.years, year})
    draft.save(update_fields=["years"])
