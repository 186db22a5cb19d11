"""Who sends an agency's figures to the national control system again."""

from typing import TYPE_CHECKING

from dinh.foundation.actions.public import Actor, Permission
from dinh.foundation.directory.public import may_at
from dinh.kernel.errors import N_

if TYPE_CHECKING:
    from dinh.onestop.models import SentFigures

__all__ = ["SEND_FIGURES"]


def _sends(by: Actor, sent: "SentFigures") -> bool:
    if by.kind != "official":
        return False
    return by.holds("national.manage") or may_at(by, "report.prepare", sent.agency_id)


SEND_FIGURES = Permission(
    code="figures.send",
    label=N_("Gửi lại số liệu cho hệ thống kiểm soát thủ tục quốc gia"),
    may=_sends,
    held_by=N_("văn thư, văn phòng của cơ quan; người quản lý kết nối"),
)
