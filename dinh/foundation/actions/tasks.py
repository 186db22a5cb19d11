"""The write path's own periodic work."""

import datetime as dt
from uuid import UUID

from dinh.foundation.actions.public import (
    Actor,
    AlreadyVerifying,
    ask_verification,
    delete_finished_jobs,
    job,
    periodic,
    run_verification,
    seal_entries,
)

__all__ = ["delete_old_jobs", "prove_audit_nightly", "seal_audit", "verify_audit_log"]


@periodic("* * * * *")
@job()
def seal_audit(*, by: Actor) -> None:
    """Bind the new entries of the audit log into the signed chain."""
    seal_entries(now=dt.datetime.now(dt.UTC))


@periodic("15 2 * * *")
@job()
def delete_old_jobs(*, by: Actor) -> None:
    """Delete jobs that ended well a week ago, or failed a month ago."""
    delete_finished_jobs(keep_done=dt.timedelta(days=7), keep_failed=dt.timedelta(days=30))


@job(queue="exports")
def verify_audit_log(verification_id: str, *, by: Actor) -> None:
    """Prove the audit log once, as somebody asked."""
    run_verification(UUID(verification_id), by=by)


@periodic("20 3 * * *")
@job()
def prove_audit_nightly(*, by: Actor) -> None:
    """Ask for a proof of the audit log every night, so that a change is known by the morning."""
    try:
        ask_verification(by=by, now=dt.datetime.now(dt.UTC))
    except AlreadyVerifying:
        return
