"""What the one-stop shop does when something has happened."""

from dinh.foundation.actions.public import handles
from dinh.foundation.calendars.events import CalendarChanged
from dinh.onestop.events import PaperAsked
from dinh.onestop.tasks import draw_asked_paper, refresh_clocks

__all__ = ["draw", "refresh"]


@handles(PaperAsked)
def draw(event: PaperAsked) -> None:
    """Leave the drawing to a worker: typesetting and signing must not hold the dossier's lock."""
    draw_asked_paper.defer(paper_id=str(event.paper_id))


@handles(CalendarChanged)
def refresh(event: CalendarChanged) -> None:
    """A day off announced tomorrow moves what is due: every open clock is read anew."""
    refresh_clocks.defer(unit_id=str(event.unit_id or ""))
