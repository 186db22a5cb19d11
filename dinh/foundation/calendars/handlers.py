"""What this room hears: units that stand elsewhere may work by another calendar."""

from dinh.foundation.actions.events import Event
from dinh.foundation.actions.public import handles
from dinh.foundation.calendars.actions import renew_mark
from dinh.foundation.directory.events import UnitClosed, UnitMoved, UnitsMerged, UnitSplit

__all__: list[str] = []


def _read_anew(event: Event) -> None:
    renew_mark()


for _event in (UnitMoved, UnitsMerged, UnitSplit, UnitClosed):
    handles(_event)(_read_anew)
