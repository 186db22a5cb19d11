"""Jobs of the directory: carry out planned changes on their day, check and write long lists."""

from django.utils import timezone

from dinh.foundation.actions.public import Actor, job, periodic
from dinh.foundation.directory.public import carry_out_due, check_import, write_import

__all__ = ["carry_out_plans", "check_uploaded_import", "write_confirmed_import"]


@periodic("5 0 * * *")
@job()
def carry_out_plans(by: Actor) -> None:
    """Carry out the changes of the tree whose day has come."""
    carry_out_due(timezone.localdate(), by=by)


@job()
def check_uploaded_import(batch_id: str, by: Actor) -> None:
    """Try every line of a long list, so that its preview can be shown."""
    check_import(batch_id, by=by)


@job()
def write_confirmed_import(batch_id: str, by: Actor) -> None:
    """Write the rest of a confirmed list."""
    write_import(batch_id, by=by)
