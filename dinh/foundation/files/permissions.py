"""Who may put files into the store. Who may read one is decided by the thing it belongs to."""

from typing import Any

from dinh.foundation.actions.public import Actor, Permission
from dinh.kernel.errors import N_

__all__ = ["STORE_FILE"]


def _has_signed_in(by: Actor, subject: Any) -> bool:
    return by.kind != "visitor"


STORE_FILE = Permission(
    code="file.store",
    label=N_("Tải tệp lên"),
    may=_has_signed_in,
    held_by=N_("mọi người đã đăng nhập, và hệ thống"),
)
