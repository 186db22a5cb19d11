"""What people type on the page of calendars, checked field by field, all at once."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from dinh.foundation.calendars.rules import (
    KINDS,
    DayTooFar,
    Kind,
    Periods,
    check_day,
    check_label,
    parse_periods,
)
from dinh.kernel.dates import read_date
from dinh.kernel.errors import N_, Refused
from dinh.kernel.text import clean
from dinh.kernel.worktime import WeeklyHours

__all__ = ["DAY_FIELDS", "FORM_KINDS", "WEEK_FIELDS", "DayForm", "WeekForm"]

SWAP = "swap"
FORM_KINDS: tuple[tuple[str, str], ...] = (
    ("off", KINDS["off"]),
    (SWAP, N_("Hoán đổi: nghỉ ngày này, làm bù ngày khác")),
    ("morning_only", KINDS["morning_only"]),
    ("afternoon_only", KINDS["afternoon_only"]),
    ("extra_working", KINDS["extra_working"]),
    ("other_hours", KINDS["other_hours"]),
    ("as_week", KINDS["as_week"]),
)
DAY_FIELDS = ("on", "until_on", "kind", "worked_on", "periods", "label", "basis")
WEEK_FIELDS = (
    "from_on",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "week_basis",
)
_LONGEST = 31


class DateWrong(Refused):
    message = N_("“%(text)s” không phải là một ngày. Hãy ghi ngày/tháng/năm, ví dụ 02/09/2026.")


class KindMissing(Refused):
    message = N_("Chưa chọn cách làm việc trong ngày này.")


class RangeWrong(Refused):
    message = N_("Ngày cuối phải sau ngày đầu và cách không quá %(days)d ngày.")


class PeriodsMissing(Refused):
    message = N_("Chưa ghi giờ làm việc của ngày này, ví dụ: 07:00-11:30, 13:30-16:00.")


def _date(text: str, name: str) -> dt.date:
    on = read_date(text)
    if on is None:
        raise DateWrong(field=name, text=text[:30])
    return on


@dataclass(slots=True)
class _Form:
    values: dict[str, str]
    errors: dict[str, Refused] = field(default_factory=dict)

    def _try(self, name: str, check: Callable[[], Any]) -> Any:
        try:
            return check()
        except Refused as error:
            self.errors[name] = error
            return None

    def _day(self, name: str, today: dt.date) -> dt.date | None:
        def check() -> dt.date:
            on = _date(self.values[name], name)
            try:
                return check_day(on, today=today)
            except DayTooFar as error:
                error.field = name
                raise

        return cast("dt.date | None", self._try(name, check))


@dataclass(slots=True)
class DayForm(_Form):
    """A day, or several in a row, declared; or a swap of two."""

    dates: tuple[dt.date, ...] = ()
    kind: Kind = "off"
    worked_on: dt.date | None = None
    periods: Periods = ()

    @property
    def is_swap(self) -> bool:
        return self.values["kind"] == SWAP

    @classmethod
    def read(cls, typed: Mapping[str, str], *, today: dt.date) -> "DayForm":
        form = cls(values={name: clean(typed.get(name, "")[:300]) for name in DAY_FIELDS})
        form._read_dates(today)
        form._read_kind(today)
        form._try("label", lambda: check_label(form.values["label"]))
        return form

    def _read_dates(self, today: dt.date) -> None:
        first = self._day("on", today)
        last = self._day("until_on", today) if self.values["until_on"] else first
        if first is None or last is None:
            return
        length = (last - first).days
        if not 0 <= length < _LONGEST or (self.is_swap and length):
            self.errors["until_on"] = RangeWrong(field="until_on", days=1 if self.is_swap else _LONGEST)
            return
        self.dates = tuple(first + dt.timedelta(days=number) for number in range(length + 1))

    def _read_kind(self, today: dt.date) -> None:
        kind = self.values["kind"]
        if kind == SWAP:
            self.worked_on = self._day("worked_on", today)
        elif kind not in KINDS:
            self.errors["kind"] = KindMissing(field="kind")
        else:
            self.kind = cast("Kind", kind)
        if kind == "other_hours":
            self.periods = self._try("periods", self._periods) or ()

    def _periods(self) -> Periods:
        if not self.values["periods"]:
            raise PeriodsMissing(field="periods")
        return parse_periods(self.values["periods"])


@dataclass(slots=True)
class WeekForm(_Form):
    """The hours of a week from a date on; an empty day is a day off."""

    week: WeeklyHours | None = None

    @classmethod
    def read(cls, typed: Mapping[str, str], *, today: dt.date) -> "WeekForm":
        form = cls(values={name: clean(typed.get(name, "")[:300]) for name in WEEK_FIELDS})
        from_on = form._day("from_on", today)
        days = tuple(form._hours(name) for name in WEEK_FIELDS[1:8])
        if from_on is not None and not form.errors:
            form.week = WeeklyHours(days, from_on)
        return form

    def _hours(self, name: str) -> Periods:
        return self._try(name, lambda: parse_periods(self.values[name], field=name)) or ()
