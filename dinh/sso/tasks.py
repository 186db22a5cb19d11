"""Jobs of sign-in."""

from django.utils import timezone

from dinh.foundation.actions.public import Actor, job, periodic
from dinh.sso.actions.sessions import purge

__all__ = ["remove_old_rows"]


@periodic("17 3 * * *")
@job(queue="default")
def remove_old_rows(*, by: Actor) -> None:
    """Remove ended sessions, throttle counters and kept forms that are of no more use."""
    purge(now=timezone.now())
