"""Who may do what with procedures, the national portal and other systems."""

from typing import TYPE_CHECKING

from dinh.foundation.actions.public import Permission
from dinh.foundation.directory.public import may_at
from dinh.kernel.errors import N_

if TYPE_CHECKING:
    pass

__all__ = [
    "EDIT_PROCEDURE",
    "NATIONAL",
    "POST_UP",
    "PUBLISH_PROCEDURE",
    "RECEIVE_MIRRORS",
    "SETTLE_DIFFERENCE",
]


EDIT_PROCEDURE = Permission(
    code="procedure.edit",
    label=N_("Soạn thủ tục hành chính"),
    may=lambda by, subject: by.kind == "system" or by.holds("procedure.edit"),
    held_by=N_("cán bộ kiểm soát thủ tục hành chính"),
)
PUBLISH_PROCEDURE = Permission(
    code="procedure.publish",
    label=N_("Công bố thủ tục hành chính"),
    may=lambda by, subject: by.kind == "system" or by.holds("procedure.publish"),
    held_by=N_("lãnh đạo phụ trách kiểm soát thủ tục hành chính"),
)
NATIONAL = Permission(
    code="national.manage",
    label=N_("Quản lý kết nối với Cổng Dịch vụ công quốc gia và hệ thống khác"),
    may=lambda by, subject: by.kind == "system" or by.holds("national.manage"),
    held_by=N_("quản trị hệ thống, cán bộ kiểm soát thủ tục hành chính"),
)
RECEIVE_MIRRORS = Permission(
    code="mirror.receive",
    label=N_("Nhận hồ sơ và danh sách của hệ thống khác"),
    may=lambda by, subject: by.kind == "system" or by.holds("national.manage"),
    held_by=N_("hệ thống khác bằng khóa kết nối của nó; người quản lý kết nối"),
)
SETTLE_DIFFERENCE = Permission(
    code="mirror.settle",
    label=N_("Xử lý chênh lệch với hệ thống khác"),
    may=lambda by, difference: (
        by.holds("national.manage") or may_at(by, "mirror.settle", difference.owner_id)
    ),
    held_by=N_("người quản lý kết nối; cán bộ của đơn vị có hồ sơ chênh lệch"),
)
POST_UP = Permission(
    code="procedure.post_up",
    label=N_("Ghi nhận niêm yết thủ tục"),
    may=lambda by, desk_id: may_at(by, "dossier.receive", desk_id),
    held_by=N_("cán bộ Bộ phận Tiếp nhận và Trả kết quả, tại bộ phận của mình"),
)
