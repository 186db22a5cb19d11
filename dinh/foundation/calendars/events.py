"""What this room announces."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from dinh.foundation.actions.events import Event

__all__ = ["CalendarChanged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarChanged(Event):
    """A new version is in force: due moments that lie over these days are to be computed again.

    ``unit_id`` is the unit whose calendar it is, with everything below that unit; None: the whole
    province. ``dates`` are the days said differently; ``hours_from`` the first day on which weekly hours
    differ, None when they do not. In a handler ``calendar_for`` already gives the new calendar.
    """

    unit_id: UUID | None
    number: int
    dates: tuple[dt.date, ...]
    hours_from: dt.date | None
