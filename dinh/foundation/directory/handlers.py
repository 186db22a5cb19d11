"""What the directory does about its own news: long lists are checked and written by jobs."""

from dinh.foundation.actions.public import handles
from dinh.foundation.directory.events import ImportConfirmed, ImportUploaded
from dinh.foundation.directory.tasks import check_uploaded_import, write_confirmed_import

__all__ = ["check_by_job", "write_by_job"]


@handles(ImportUploaded)
def check_by_job(event: ImportUploaded) -> None:
    """Leave the checking of a long list to a worker."""
    check_uploaded_import.defer(batch_id=str(event.batch_id))


@handles(ImportConfirmed)
def write_by_job(event: ImportConfirmed) -> None:
    """Leave the writing of a long list to a worker."""
    write_confirmed_import.defer(batch_id=str(event.batch_id))
