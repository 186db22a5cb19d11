"""Who may ask the national registries, and who may see who asked."""

from typing import TYPE_CHECKING
from uuid import UUID

from dinh.foundation.actions.public import Actor, Permission
from dinh.foundation.directory.public import may_at
from dinh.kernel.errors import N_
from dinh.onestop.permissions.who import receives, receives_at, works

if TYPE_CHECKING:
    from dinh.onestop.models import Dossier

__all__ = ["CHECK_DOSSIER", "LOOK_UP_AT_DESK", "OVERSEE_CHECKS"]


def _looks_up(by: Actor, desk_id: UUID) -> bool:
    """At one's own desk, where the person concerned stands or has written to."""
    return by.kind == "official" and receives_at(by, desk_id) and may_at(by, "registry.look_up", desk_id)


def _checks(by: Actor, dossier: "Dossier") -> bool:
    """Who may look up, while the dossier is theirs to receive or to work on: an end of work ends it."""
    if by.kind != "official" or not may_at(by, "registry.look_up", by.unit_id):
        return False
    steps = list(dossier.steps.filter(state="open"))
    return bool(steps) and (receives(by, dossier) or any(works(by, step) for step in steps))


LOOK_UP_AT_DESK = Permission(
    code="registry.look_up",
    label=N_("Tra cứu cơ sở dữ liệu dân cư, doanh nghiệp"),
    may=_looks_up,
    held_by=N_("cán bộ được giao quyền tra cứu, tại quầy của mình"),
)
CHECK_DOSSIER = Permission(
    code="registry.check_dossier",
    label=N_("Đối chiếu người nộp với cơ sở dữ liệu quốc gia"),
    may=_checks,
    held_by=N_("cán bộ được giao quyền tra cứu, khi đang nhận hoặc xử lý hồ sơ đó"),
)
OVERSEE_CHECKS = Permission(
    code="registry.oversee",
    label=N_("Xem ai đã tra cứu cơ sở dữ liệu quốc gia"),
    may=lambda by, unit_id: may_at(by, "registry.oversee", unit_id),
    held_by=N_("người kiểm tra việc tra cứu, trong đơn vị được giao"),
)
