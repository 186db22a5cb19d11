"""Work of the background: jobs, when they repeat, and the channels of the outbox."""

from dinh.foundation.actions.public import all_channels, all_jobs
from dinh.website.management.generated.markdown import document, is_ours, place, table

__all__ = ["page"]


def page() -> str:
    """Return the jobs and the channels."""
    jobs = [job for job in all_jobs().values() if is_ours(job.function.__module__)]
    rows = [
        (
            f"`{job.name}`",
            job.summary,
            f"`{job.cron}`" if job.cron else "when asked",
            job.retries,
            job.queue,
            place(f"{job.function.__module__}.{job.function.__qualname__}"),
        )
        for job in jobs
    ]
    senders = {name: sender for name, sender in all_channels().items() if is_ours(sender.__module__)}
    channels = [
        (f"`{name}`", _summary(sender.__doc__), place(f"{sender.__module__}.{sender.__qualname__}"))
        for name, sender in sorted(senders.items())
    ]
    return document(
        "Jobs and channels",
        "Jobs are deferred in the transaction that wants them and run by workers (`manage.py work`). "
        "Times are the province's.",
        table(["Job", "What it does", "When", "Retries", "Queue", "Function"], rows),
        "## Channels of the outbox",
        table(["Channel", "What it does", "Function"], channels),
    )


def _summary(text: str | None) -> str:
    return (text or "").strip().partition("\n")[0]
