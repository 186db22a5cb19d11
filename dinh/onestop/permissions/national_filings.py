"""Who looks after what people filed at the national portal."""

from typing import TYPE_CHECKING

from dinh.foundation.actions.public import Actor, Permission
from dinh.foundation.directory.public import may_at
from dinh.kernel.errors import N_

if TYPE_CHECKING:
    from dinh.onestop.models import FilingMessage

__all__ = ["HANDLE_FILING", "reads_filings"]


def _handles(by: Actor, message: "FilingMessage") -> bool:
    """The desk to which it was filed, and whoever keeps the connection with the portal."""
    if by.kind != "official":
        return False
    return by.holds("national.manage") or may_at(by, "dossier.receive", message.owner_id)


HANDLE_FILING = Permission(
    code="filing.handle",
    label=N_("Xử lý hồ sơ từ Cổng quốc gia"),
    may=_handles,
    held_by=N_("cán bộ Bộ phận Tiếp nhận và Trả kết quả nơi hồ sơ được nộp; người quản lý kết nối"),
)


def reads_filings(by: Actor) -> bool:
    """Whether the acting position works at a desk, or keeps the connection with the portal."""
    return by.kind == "official" and (by.holds("dossier.receive") or by.holds("national.manage"))
