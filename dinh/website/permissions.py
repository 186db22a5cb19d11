"""What only those who run the province may see."""

from typing import Any

from dinh.foundation.actions.public import Actor, Permission
from dinh.kernel.errors import N_

__all__ = ["SEE_HEALTH"]


def _holds_it(by: Actor, subject: Any) -> bool:
    return by.holds("website.see_health")


SEE_HEALTH = Permission(
    code="website.see_health",
    label=N_("Xem sức khỏe của hệ thống"),
    may=_holds_it,
    held_by=N_("quản trị hệ thống"),
)
