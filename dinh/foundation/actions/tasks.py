"""The write path's own periodic work."""

import datetime as dt

from dinh.foundation.actions.public import Actor, delete_finished_jobs, job, periodic, seal_entries

__all__ = ["delete_old_jobs", "seal_audit"]


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
