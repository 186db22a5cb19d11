"""The working calendar that holds for a unit, kept in the process and checked by a mark."""

import threading
import time
from collections.abc import Iterator, Mapping
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from dinh.foundation.calendars.adapters.statutory import statutory_days
from dinh.foundation.calendars.models import CalendarStamp, CalendarVersion
from dinh.foundation.calendars.rules import YEARS_AHEAD, YEARS_BACK, Layer, join
from dinh.foundation.directory.public import ancestors
from dinh.kernel.worktime import WorkCalendar

__all__ = ["calendar_for", "calendar_under", "distrust_mark"]

# How long a thread believes the mark that it has read: within a request it is read once.
_BELIEVED_SECONDS = 1.0
# How long a thread that has changed the mark reads it each time: its transaction may yet fail.
_WARY_SECONDS = 30.0


def calendar_for(unit_id: UUID | None) -> WorkCalendar:
    """Return the working calendar of a unit (None: of the province).

    The province's calendar holds everywhere; calendars of the units above and of the unit itself say more,
    the nearest last. Before any was published: office hours and the statutory days off. A publication by
    this thread is seen at once, one by another process within a second. Costs one tiny query a second and
    thread, and one more for the first question about a unit when single units have calendars.
    """
    return _known_by(_mark.read(), timezone.localdate().year).calendar(unit_id)


def calendar_under(version: CalendarVersion) -> WorkCalendar:
    """Return the calendar that a version's unit has, or would have, under it: how a draft is tried."""
    unit_id = version.calendar.unit_id
    layers = {**_layers_in_force(), unit_id: _layer(version)}
    years = {**_years_in_force(), unit_id: version.years}
    return _Known(layers, years.get(None, []), timezone.localdate().year).calendar(unit_id)


def distrust_mark() -> None:
    """Make this thread read the mark each time for a while: it has changed it."""
    _mark.distrust()


class _Mark:
    """The mark that says whether anything about calendars has changed, as a thread believes it."""

    def __init__(self) -> None:
        self._thread = threading.local()

    def read(self) -> UUID | None:
        now, mine = time.monotonic(), self._thread
        if getattr(mine, "wary_until", 0.0) <= now < getattr(mine, "believed_until", 0.0):
            return mine.mark  # type: ignore[no-any-return]
        mine.mark = CalendarStamp.objects.values_list("mark", flat=True).first()
        mine.believed_until = now + _BELIEVED_SECONDS
        return mine.mark  # type: ignore[no-any-return]

    def distrust(self) -> None:
        self._thread.wary_until = time.monotonic() + _WARY_SECONDS


_mark = _Mark()


class _Known:
    """Every calendar's own words at one mark, and the calendars joined from them so far.

    Units under the same calendars share one joined calendar with its tables.
    """

    def __init__(self, layers: Mapping[UUID | None, Layer], written_years: list[int], this_year: int) -> None:
        self._layers = layers
        years = range(this_year - YEARS_BACK, this_year + YEARS_AHEAD + 1)
        unwritten = [year for year in years if year not in written_years]
        self._statutory = Layer("", (), tuple(day for year in unwritten for day in statutory_days(year)))
        self._paths: dict[UUID | None, tuple[UUID | None, ...]] = {}
        self._joined: dict[tuple[UUID | None, ...], WorkCalendar] = {}

    def calendar(self, unit_id: UUID | None) -> WorkCalendar:
        path = self._paths.get(unit_id)
        if path is None:
            path = self._paths[unit_id] = tuple(self._path(unit_id))
        if path not in self._joined:
            self._joined[path] = join([self._statutory, *(self._layers[pk] for pk in path)])
        return self._joined[path]

    def _path(self, unit_id: UUID | None) -> Iterator[UUID | None]:
        if None in self._layers:
            yield None
        if unit_id is None or not self._layers.keys() - {None}:
            return
        for unit in ancestors(unit_id):
            if unit.pk in self._layers:
                yield unit.pk


_kept: tuple[tuple[UUID | None, int], _Known] | None = None


def _known_by(mark: UUID | None, this_year: int) -> _Known:
    """Return what is known at a mark; the process keeps the last one."""
    global _kept
    key = (mark, this_year)
    kept = _kept
    if kept is None or kept[0] != key:
        kept = (key, _Known(_layers_in_force(), _years_in_force().get(None, []), this_year))
        _kept = kept
    return kept[1]


def _layers_in_force() -> dict[UUID | None, Layer]:
    in_force = CalendarVersion.objects.filter(number=F("calendar__number"))
    versions = in_force.select_related("calendar__unit").prefetch_related("days", "weeks")
    return {version.calendar.unit_id: _layer(version) for version in versions}


def _years_in_force() -> dict[UUID | None, list[int]]:
    in_force = CalendarVersion.objects.filter(number=F("calendar__number"))
    return dict(in_force.values_list("calendar__unit_id", "years"))


def _layer(version: CalendarVersion) -> Layer:
    return Layer(
        label=f"{version.calendar}, {version}",
        weeks=tuple(week.value for week in version.weeks.all()),
        days=tuple(day.value for day in version.days.all()),
    )
