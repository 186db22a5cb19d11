"""Jobs of the portal."""

from django.utils import timezone

from dinh.foundation.actions.public import Actor, job, periodic
from dinh.onestop.public import note_petition
from dinh.portal.public import petition_facts, petitions_to_tell, recount_petition, waiting_petitions

__all__ = ["recount_petitions", "tell_of_petitions"]


@job()
def recount_petitions(*, by: Actor) -> None:
    """Compute anew when petitions are due, after a change of a working calendar."""
    for petition in waiting_petitions():
        recount_petition(petition, by=by, now=timezone.now())


@periodic("50 0 * * *")
@job()
def tell_of_petitions(*, by: Actor) -> None:
    """Tell the one-stop shop of petitions of which it counts something else: after a calendar has changed,
    and of those that were there before it counted any.
    """
    for petition in petitions_to_tell():
        note_petition(petition_facts(petition), by=by)
