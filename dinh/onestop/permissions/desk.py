"""Who may do what at a one-stop desk."""

from typing import TYPE_CHECKING

from dinh.foundation.actions.public import Actor, Permission
from dinh.foundation.directory.public import may_at
from dinh.kernel.errors import N_

if TYPE_CHECKING:
    from dinh.onestop.models import (
        Dossier,
        Parcel,
    )
from dinh.onestop.permissions.who import owns_dossier, reads, receives, receives_at, returns, works

__all__ = [
    "ASK_SUPPLEMENT",
    "ATTEND_VISIT",
    "CHOOSE_RETURN",
    "CORRECT_CONTACT",
    "FOLLOW_PARCEL",
    "MAKE_SLIP",
    "PLAN_VISITS",
    "RECEIVE_AT_COUNTER",
    "RECEIVE_DOSSIER",
    "RETURN_RESULT",
    "SERVE_NUMBER",
]


def _chooses_return(by: Actor, dossier: "Dossier") -> bool:
    """The owner, or a desk to which the applicant says it: where it was received, where it is returned."""
    return owns_dossier(by, dossier) or _at_its_desks(by, dossier)


def _at_its_desks(by: Actor, dossier: "Dossier") -> bool:
    return receives(by, dossier) or returns(by, dossier)


def _returns_parcel(by: Actor, parcel: "Parcel") -> bool:
    return returns(by, parcel.dossier)


def _asks_supplement(by: Actor, dossier: "Dossier") -> bool:
    """The desk that received it, or whoever may work on one of its open handling steps."""
    if receives(by, dossier):
        return True
    handling = dossier.steps.filter(state="open", kind="handle")
    return any(works(by, step) for step in handling)


RECEIVE_DOSSIER = Permission(
    code="dossier.receive",
    label=N_("Tiếp nhận và trả kết quả"),
    may=receives,
    held_by=N_("cán bộ Bộ phận Tiếp nhận và Trả kết quả nơi nhận hồ sơ"),
)
RECEIVE_AT_COUNTER = Permission(
    code="dossier.receive_at_counter",
    label=N_("Tiếp nhận hồ sơ nộp tại quầy"),
    may=receives_at,
    held_by=N_("cán bộ Bộ phận Tiếp nhận và Trả kết quả, tại quầy của mình"),
)
SERVE_NUMBER = Permission(
    code="queue.serve",
    label=N_("Gọi lại, kết thúc lượt gọi số"),
    may=lambda by, number: may_at(by, "dossier.receive", number.desk_id),
    held_by=N_("cán bộ Bộ phận Tiếp nhận và Trả kết quả, tại quầy của mình"),
)
ASK_SUPPLEMENT = Permission(
    code="dossier.ask_supplement",
    label=N_("Yêu cầu bổ sung hồ sơ"),
    may=_asks_supplement,
    held_by=N_("cán bộ nơi nhận hồ sơ và người đang thẩm định"),
)
ATTEND_VISIT = Permission(
    code="visit.attend",
    label=N_("Ghi nhận người hẹn đã đến hoặc vắng"),
    may=lambda by, visit: by.kind == "system" or may_at(by, "dossier.receive", visit.desk_id),
    held_by=N_("cán bộ Bộ phận Tiếp nhận và Trả kết quả, tại quầy của mình"),
)
PLAN_VISITS = Permission(
    code="desk.manage",
    label=N_("Đặt kế hoạch nhận hẹn của bộ phận"),
    may=lambda by, desk_id: may_at(by, "desk.manage", desk_id),
    held_by=N_("phụ trách Bộ phận Tiếp nhận và Trả kết quả, tại bộ phận của mình"),
)
MAKE_SLIP = Permission(
    code="slip.make",
    label=N_("Lập phiếu kiểm soát quá trình giải quyết hồ sơ"),
    may=reads,
    held_by=N_("cán bộ của các đơn vị tham gia hồ sơ"),
)
CHOOSE_RETURN = Permission(
    code="return.choose",
    label=N_("Chọn cách nhận kết quả"),
    may=_chooses_return,
    held_by=N_("công dân là chủ hồ sơ; cán bộ một cửa nơi nhận hồ sơ, nơi trả kết quả"),
)
CORRECT_CONTACT = Permission(
    code="dossier.correct_contact",
    label=N_("Sửa thông tin liên lạc của hồ sơ"),
    may=_at_its_desks,
    held_by=N_("cán bộ Bộ phận Tiếp nhận và Trả kết quả nơi nhận, nơi trả hồ sơ"),
)
RETURN_RESULT = Permission(
    code="return.post",
    label=N_("Giao kết quả cho bưu chính"),
    may=returns,
    held_by=N_("cán bộ Bộ phận Tiếp nhận và Trả kết quả nơi trả kết quả"),
)
FOLLOW_PARCEL = Permission(
    code="return.follow_parcel",
    label=N_("Ghi nhận bưu gửi đã phát hoặc bị chuyển hoàn"),
    may=_returns_parcel,
    held_by=N_("cán bộ Bộ phận Tiếp nhận và Trả kết quả nơi trả kết quả"),
)
