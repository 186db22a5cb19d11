"""What follows inside signing itself: jobs, deferred in the transaction of the verb."""

import datetime as dt

from django.utils import timezone

from dinh.foundation.actions.public import handles
from dinh.foundation.signing.events import PreservationDelayed, PreservationRequested
from dinh.foundation.signing.tasks import preserve

__all__ = ["preserve_later", "preserve_soon"]


@handles(PreservationRequested)
def preserve_soon(event: PreservationRequested) -> None:
    preserve.defer(preservation_id=str(event.preservation_id))


@handles(PreservationDelayed)
def preserve_later(event: PreservationDelayed) -> None:
    moment = timezone.now() + dt.timedelta(seconds=event.seconds)
    preserve.defer_at(moment, preservation_id=str(event.preservation_id))
