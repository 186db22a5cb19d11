"""Reading the log has one verb: taking a copy of it out of the house is itself noted."""

from dinh.foundation.actions.actions.write import action
from dinh.foundation.actions.permissions import READ_AUDIT, Actor
from dinh.kernel.errors import N_

__all__ = ["note_export"]


@action("audit.exported", permission=READ_AUDIT, label=N_("Tải nhật ký về"))
def note_export(*, by: Actor) -> None:
    """Take a copy of the audit log out as a file."""
