"""Who may read dossiers, and work on their steps."""

from typing import TYPE_CHECKING

from django.utils import timezone

from dinh.foundation.actions.public import Actor, Permission
from dinh.foundation.directory.public import NoSigningAuthority, may_at, signing_authority
from dinh.kernel.errors import N_
from dinh.kernel.worktime import VIETNAM

if TYPE_CHECKING:
    from dinh.onestop.models import (
        Dossier,
        StepReturn,
        StepRun,
    )
from dinh.onestop.permissions.who import owns_dossier, reads, receives, works

__all__ = [
    "APPROVE_RETURN",
    "ASSIGN_STEP",
    "ENTER_SLIP",
    "GIVE_FEEDBACK",
    "PROPOSE_APOLOGY",
    "READ_DOSSIER",
    "READ_WORK",
    "RECEIVE_BUNDLE",
    "RECORD_MEETING",
    "SIGN_APOLOGY",
    "TALK",
    "UNDO",
    "WORK_ON_STEP",
    "WRITE_NOTE",
]


def _takes_part(by: Actor, dossier: "Dossier") -> bool:
    """The desk that received it, or whoever may work on one of its open steps."""
    return receives(by, dossier) or any(works(by, step) for step in dossier.steps.filter(state="open"))


def _talks(by: Actor, dossier: "Dossier") -> bool:
    return owns_dossier(by, dossier) or (by.kind == "official" and _takes_part(by, dossier))


def _signs(by: Actor, dossier: "Dossier") -> bool:
    """Whoever may sign the dossier's result today: the head of the agency and who signs for the head."""
    if by.kind != "official":
        return False
    today, matter = timezone.now().astimezone(VIETNAM).date(), dossier.version.parts.result.matter
    try:
        signing_authority(by, dossier.agency_id, today, matter)
    except NoSigningAuthority:
        return False
    return True


def _assigns(by: Actor, step: "StepRun") -> bool:
    return by.kind == "official" and may_at(by, "step.assign", step.unit_id)


def _approves(by: Actor, row: "StepReturn") -> bool:
    """Somebody who leads the step's unit, and is not who asks."""
    leads = by.kind == "official" and may_at(by, "step.assign", row.step.unit_id)
    return leads and by.position_id != row.asked_position_id


def _acted(by: Actor, step: "StepRun") -> bool:
    """Coarse: an official who works on steps at its unit or leads it. That the last act is theirs is read
    from the log, on the locked step.
    """
    return by.kind == "official" and (
        may_at(by, "step.work", step.unit_id) or may_at(by, "step.assign", step.unit_id)
    )


READ_DOSSIER = Permission(
    code="dossier.read",
    label=N_("Xem hồ sơ"),
    may=lambda by, dossier: by.holds("dossier.read"),
    held_by=N_("cán bộ của các đơn vị tham gia hồ sơ, theo phạm vi của chức vụ"),
)
READ_WORK = Permission(
    code="work.read",
    label=N_("Xem việc của đơn vị"),
    may=lambda by, subject: by.holds("work.read"),
    held_by=N_("cán bộ và lãnh đạo, theo phạm vi của chức vụ"),
)
WORK_ON_STEP = Permission(
    code="step.work",
    label=N_("Xử lý bước được giao"),
    may=works,
    held_by=N_("cán bộ có vai trò của bước, tại đơn vị của bước"),
)
ASSIGN_STEP = Permission(
    code="step.assign",
    label=N_("Giao việc, giao lại việc trong đơn vị"),
    may=_assigns,
    held_by=N_("trưởng đơn vị làm bước, lãnh đạo cơ quan"),
)
APPROVE_RETURN = Permission(
    code="step.approve_return",
    label=N_("Đồng ý cho trả lại hồ sơ lần nữa"),
    may=_approves,
    held_by=N_("người giao việc được trong đơn vị làm bước, khác người đề nghị"),
)
TALK = Permission(
    code="dossier.talk",
    label=N_("Nhắn tin về hồ sơ"),
    may=_talks,
    held_by=N_("chủ hồ sơ; cán bộ nơi nhận hồ sơ và người đang xử lý một bước của hồ sơ"),
)
WRITE_NOTE = Permission(
    code="dossier.note",
    label=N_("Ghi chú nội bộ về hồ sơ"),
    may=reads,
    held_by=N_("cán bộ xem được hồ sơ"),
)
UNDO = Permission(
    code="step.undo",
    label=N_("Hoàn tác việc mình vừa làm"),
    may=_acted,
    held_by=N_("người vừa làm việc đó, khi chưa ai xử lý tiếp"),
)
PROPOSE_APOLOGY = Permission(
    code="apology.propose",
    label=N_("Đề nghị xin lỗi, hẹn lại ngày trả kết quả"),
    may=_takes_part,
    held_by=N_("cán bộ nơi nhận hồ sơ và người đang xử lý một bước của hồ sơ"),
)
SIGN_APOLOGY = Permission(
    code="apology.sign",
    label=N_("Ký thư xin lỗi, hẹn lại ngày trả kết quả"),
    may=_signs,
    held_by=N_("người có thẩm quyền ký kết quả của hồ sơ"),
)
GIVE_FEEDBACK = Permission(
    code="feedback.give",
    label=N_("Đánh giá tại quầy, trả lời khảo sát"),
    may=lambda by, subject: by.kind != "system",
    held_by=N_("người đứng trước thiết bị tại quầy; người có đường dẫn khảo sát"),
)
ENTER_SLIP = Permission(
    code="feedback.enter",
    label=N_("Nhập phiếu đánh giá, mở thiết bị đánh giá"),
    may=lambda by, desk_id: may_at(by, "dossier.receive", desk_id),
    held_by=N_("cán bộ Bộ phận Tiếp nhận và Trả kết quả, tại quầy của mình"),
)
RECEIVE_BUNDLE = Permission(
    code="papers.receive_bundle",
    label=N_("Nhận hồ sơ giấy theo phiếu bàn giao"),
    may=lambda by, bundle: may_at(by, "dossier.receive", bundle.to_desk_id),
    held_by=N_("cán bộ Bộ phận Tiếp nhận và Trả kết quả được bàn giao"),
)
RECORD_MEETING = Permission(
    code="meeting.record",
    label=N_("Ghi buổi làm việc với người dân"),
    may=lambda by, dossier: by.kind == "official" and _takes_part(by, dossier),
    held_by=N_("cán bộ nơi nhận hồ sơ và người đang xử lý một bước của hồ sơ"),
)
