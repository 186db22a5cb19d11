"""Jobs of the portal."""

from django.utils import timezone

from dinh.foundation.actions.public import Actor, job
from dinh.portal.public import recount_petition, waiting_petitions

__all__ = ["recount_petitions"]


@job()
def recount_petitions(*, by: Actor) -> None:
    """Compute anew when petitions are due, after a change of a working calendar."""
    for petition in waiting_petitions():
        recount_petition(petition, by=by, now=timezone.now())
