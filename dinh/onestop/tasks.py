"""What the one-stop shop does after the commit."""

from uuid import UUID

from django.utils import timezone

from dinh.foundation.actions.public import Actor, job, periodic
from dinh.onestop.public import (
    draw_paper,
    fold_figures,
    get_paper,
    hand_back_vacant,
    keep_lanes,
    note_changes,
    recount_figures,
    refresh_open_clocks,
    watch_over,
)

__all__ = [
    "draw_asked_paper",
    "fold_kept_figures",
    "hand_back_of_position",
    "recount_kept_figures",
    "refresh_clocks",
    "watch_over_open_work",
    "synchronise_nationally",
]


@job(queue="papers")
def draw_asked_paper(paper_id: str, *, by: Actor) -> None:
    """Draw and sign one paper."""
    draw_paper(get_paper(UUID(paper_id)), by=by, now=timezone.now())


@job(queue="default")
def refresh_clocks(unit_id: str, *, by: Actor) -> None:
    """Compute the due moments of open dossiers anew after a calendar has changed."""
    refresh_open_clocks(UUID(unit_id) if unit_id else None, by=by, now=timezone.now())


@periodic("* * * * *")
@job()
def fold_kept_figures(*, by: Actor) -> None:
    """Fold what changes of dossiers added to the figures into the sums of days, months and years."""
    fold_figures(by=by)


@periodic("40 1 * * *")
@job()
def recount_kept_figures(*, by: Actor) -> None:
    """Count all dossiers anew, list where the kept figures differ, put them right."""
    recount_figures(by=by, now=timezone.now())


@periodic("* * * * * */20")
@job()
def synchronise_nationally(*, by: Actor) -> None:
    """Write the messages that the national portal has not had yet, and keep those on their way going."""
    now = timezone.now()
    note_changes(now=now)
    keep_lanes(by=by, now=now)


@job(queue="default")
def hand_back_of_position(position_id: str, *, by: Actor) -> None:
    """Give the open steps of a position that nobody holds any more back to their units."""
    hand_back_vacant(UUID(position_id), by=by, now=timezone.now())


@periodic("*/15 * * * *")
@job(queue="default")
def watch_over_open_work(*, by: Actor) -> None:
    """Find what stands without somebody to move it, warn of what is near due or late."""
    now = timezone.now()
    hand_back_vacant(by=by, now=now)
    watch_over(by=by, now=now)
