"""What the one-stop shop does after the commit."""

from uuid import UUID

from django.utils import timezone

from dinh.foundation.actions.public import Actor, job
from dinh.onestop.public import draw_paper, get_paper, get_print, make_register, refresh_open_clocks

__all__ = ["draw_asked_paper", "make_asked_register", "refresh_clocks"]


@job(queue="papers")
def draw_asked_paper(paper_id: str, *, by: Actor) -> None:
    """Draw and sign one paper."""
    draw_paper(get_paper(UUID(paper_id)), by=by, now=timezone.now())


@job(queue="default")
def refresh_clocks(unit_id: str, *, by: Actor) -> None:
    """Compute the due moments of open dossiers anew after a calendar has changed."""
    refresh_open_clocks(UUID(unit_id) if unit_id else None, by=by, now=timezone.now())


@job(queue="papers")
def make_asked_register(print_id: str, *, by: Actor) -> None:
    """Make one print of the register."""
    make_register(get_print(UUID(print_id)), by=by, now=timezone.now())
