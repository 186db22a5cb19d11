"""Jobs of signing: time stamps and proofs, warnings before certificates end."""

from uuid import UUID

from django.utils import timezone

from dinh.foundation.actions.public import Actor, job, periodic
from dinh.foundation.signing.actions.keeping import warn_of_end
from dinh.foundation.signing.actions.preservation import preserve_now
from dinh.foundation.signing.queries.keys import ending_keys
from dinh.foundation.signing.queries.reports import due_preservations

__all__ = ["preserve", "preserve_forgotten", "warn_of_ends"]


@job(queue="default")
def preserve(*, preservation_id: str, by: Actor) -> None:
    """Get time stamp and revocation data of a signed file."""
    preserve_now(UUID(preservation_id), by=by)


@periodic("*/10 * * * *")
@job(queue="default")
def preserve_forgotten(*, by: Actor) -> None:
    """Take up signed files whose job was lost."""
    for preservation_id in due_preservations(timezone.now()):
        preserve_now(preservation_id, by=by)


@periodic("10 7 * * *")
@job(queue="default")
def warn_of_ends(*, by: Actor) -> None:
    """Tell owners, and who manages keys, of certificates that end soon: a new one takes weeks to be had."""
    for key, days in ending_keys(timezone.now()):
        warn_of_end(key, days=days, by=by)
