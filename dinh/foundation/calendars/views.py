"""The page of working calendars: a year as a grid, the draft, and the forms that change it."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.calendars import actions
from dinh.foundation.calendars.forms import DAY_FIELDS, FORM_KINDS, WEEK_FIELDS, DayForm, WeekForm
from dinh.foundation.calendars.permissions import DECLARE, PUBLISH
from dinh.foundation.calendars.queries.screens import get_calendar, units_without_calendar, year_screen
from dinh.foundation.calendars.rules import YEARS_AHEAD, YEARS_BACK
from dinh.kernel.errors import NotAllowed, NotFound, Refused

if TYPE_CHECKING:
    from dinh.foundation.calendars.models import Calendar

_WEEKDAY_FIELDS = WEEK_FIELDS[1:8]


@require_GET
@route(who="official")
def year(request: Request) -> HttpResponse:
    """A year of the province's calendar, or of a unit's."""
    return _page(request, unit_id=_unit_asked(request), year=_year_asked(request))


@require_POST
@route(who="official", permission=DECLARE)
def declare(request: Request, calendar_id: UUID) -> HttpResponseBase:
    """Declare a day, several days in a row, or a swap, in the draft."""
    calendar = get_calendar(request.by, calendar_id)
    form = DayForm.read(request.POST, today=timezone.localdate())
    if form.errors:
        return _again(request, calendar, day=form)
    try:
        _declare(calendar, form, request)
    except Refused as error:
        if error.field is None:
            raise
        form.errors[error.field] = error
        return _again(request, calendar, day=form)
    messages.success(request, _("Đã ghi vào bản nháp. Lịch chỉ thay đổi khi bản nháp được công bố."))
    return _back(calendar, form.dates[0].year, "ban-nhap")


def _declare(calendar: "Calendar", form: DayForm, request: Request) -> None:
    values, by = form.values, request.by
    if form.is_swap and form.worked_on is not None:
        actions.swap_days(
            calendar,
            off_on=form.dates[0],
            worked_on=form.worked_on,
            label=values["label"],
            basis=values["basis"],
            by=by,
        )
        return
    for on in form.dates:
        actions.declare_day(
            calendar,
            on=on,
            kind=form.kind,
            label=values["label"],
            basis=values["basis"],
            periods=form.periods,
            by=by,
        )


@require_POST
@route(who="official", permission=DECLARE)
def declare_week(request: Request, calendar_id: UUID) -> HttpResponseBase:
    """Declare weekly hours from a date on, in the draft."""
    calendar = get_calendar(request.by, calendar_id)
    form = WeekForm.read(request.POST, today=timezone.localdate())
    if form.week is None:
        return _again(request, calendar, week=form)
    try:
        actions.declare_hours(calendar, week=form.week, basis=form.values["week_basis"], by=request.by)
    except Refused as error:
        if error.field is None:
            raise
        form.errors[error.field] = error
        return _again(request, calendar, week=form)
    messages.success(request, _("Đã ghi vào bản nháp. Lịch chỉ thay đổi khi bản nháp được công bố."))
    return _back(calendar, form.week.from_on.year, "ban-nhap")


@require_POST
@route(who="official", permission=DECLARE)
def withdraw(request: Request, calendar_id: UUID) -> HttpResponseBase:
    """Take back what the draft says of a day."""
    try:
        on = dt.date.fromisoformat(request.POST.get("on", ""))
    except ValueError:
        raise NotFound from None
    done = _("Đã bỏ khai báo ngày %(on)s trong bản nháp.") % {"on": f"{on:%d/%m/%Y}"}
    return _change(
        request,
        calendar_id,
        lambda calendar: actions.withdraw_day(calendar, on=on, by=request.by),
        done,
        on.year,
    )


@require_POST
@route(who="official", permission=DECLARE)
def prepare(request: Request, calendar_id: UUID) -> HttpResponseBase:
    """Write the statutory days off of a year into the draft."""
    asked = _year_asked(request)
    done = _("Đã đưa ngày nghỉ theo luật của năm %(year)d vào bản nháp.") % {"year": asked}
    return _change(
        request,
        calendar_id,
        lambda calendar: actions.prepare_year(calendar, year=asked, by=request.by),
        done,
        asked,
    )


@require_POST
@route(who="official", permission=DECLARE)
def discard(request: Request, calendar_id: UUID) -> HttpResponseBase:
    """Throw the draft away."""
    return _change(
        request,
        calendar_id,
        lambda calendar: actions.discard_draft(calendar, by=request.by),
        _("Đã bỏ bản nháp. Lịch đang áp dụng không thay đổi."),
        _year_asked(request),
    )


@require_POST
@route(who="official", permission=PUBLISH)
def publish(request: Request, calendar_id: UUID) -> HttpResponseBase:
    """Put the draft in force."""
    note = request.POST.get("note", "")[:300]
    return _change(
        request,
        calendar_id,
        lambda calendar: actions.publish_calendar(calendar, note=note, by=request.by),
        _("Đã công bố. Lịch mới áp dụng ngay; các thời hạn đang chạy được tính lại."),
        _year_asked(request),
    )


@require_POST
@route(who="official", permission=DECLARE)
def open_own(request: Request) -> HttpResponseBase:
    """Open a calendar of a unit's own."""
    try:
        unit_id = UUID(request.POST.get("don_vi", ""))
    except ValueError:
        raise NotFound from None
    try:
        actions.open_calendar(unit_id, by=request.by)
    except actions.CalendarThere as error:
        messages.warning(request, error.said(_))
    return HttpResponseRedirect(_address(unit_id, _year_asked(request)))


def _change(
    request: Request, calendar_id: UUID, verb: "Callable[[Calendar], Any]", done: str, shown_year: int
) -> HttpResponseBase:
    """Do one verb that has no form of its own, and say on the next page whether it was done."""
    calendar = get_calendar(request.by, calendar_id)
    try:
        verb(calendar)
    except NotAllowed:
        raise
    except Refused as error:
        messages.error(request, error.said(_))
    else:
        messages.success(request, done)
    return _back(calendar, shown_year)


def _again(
    request: Request, calendar: "Calendar", *, day: DayForm | None = None, week: WeekForm | None = None
) -> HttpResponse:
    """Show the page with what was typed and what is wrong with it."""
    return _page(request, unit_id=calendar.unit_id, year=_year_asked(request), day=day, week=week, status=422)


def _page(
    request: Request,
    *,
    unit_id: UUID | None,
    year: int,
    day: DayForm | None = None,
    week: WeekForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    screen = year_screen(request.by, unit_id=unit_id, year=year, today=today)
    words = request.GET.get("tim", "")[:100]
    values = {
        "screen": screen,
        "today": today,
        "base": reverse("calendars:year"),
        "kinds": [(code, _(label)) for code, label in FORM_KINDS],
        "day": day.values if day else _empty_day(request),
        "day_errors": _sentences(day.errors) if day else {},
        "week": week.values if week else _present_week(screen.weeks[-1].days),
        "week_errors": _sentences(week.errors) if week else {},
        "weekdays": list(zip(_WEEKDAY_FIELDS, (name for name, _hours in screen.weeks[-1].days), strict=True)),
        "may_open": request.by.holds(DECLARE.code),
        "units": units_without_calendar(request.by, words) if request.by.holds(DECLARE.code) else [],
        "words": words,
    }
    return render(request, "calendars/year.html", values, status=status)


def _empty_day(request: Request) -> dict[str, str]:
    return dict.fromkeys(DAY_FIELDS, "") | {"on": request.GET.get("ngay", "")[:10], "kind": "off"}


def _present_week(days: tuple[tuple[str, str], ...]) -> dict[str, str]:
    hours = dict(zip(_WEEKDAY_FIELDS, (hours for _name, hours in days), strict=True))
    return {"from_on": "", "week_basis": "", **hours}


def _sentences(errors: Mapping[str, Refused]) -> dict[str, str]:
    return {name: error.said(_) for name, error in errors.items()}


def _unit_asked(request: Request) -> UUID | None:
    asked = request.GET.get("don_vi", "")
    if not asked:
        return None
    try:
        return UUID(asked)
    except ValueError:
        raise NotFound from None


def _year_asked(request: Request) -> int:
    asked = request.POST.get("nam") or request.GET.get("nam") or ""
    now = timezone.localdate().year
    if not asked.isdecimal() or not asked.isascii():
        return now
    return min(max(int(asked[:6]), now - YEARS_BACK), now + YEARS_AHEAD)


def _address(unit_id: UUID | None, shown_year: int) -> str:
    query: dict[str, str | int] = {"nam": shown_year} | ({"don_vi": str(unit_id)} if unit_id else {})
    return f"{reverse('calendars:year')}?{urlencode(query)}"


def _back(calendar: "Calendar", shown_year: int, part: str = "") -> HttpResponseRedirect:
    address = _address(calendar.unit_id, shown_year)
    return HttpResponseRedirect(f"{address}#{part}" if part else address)
