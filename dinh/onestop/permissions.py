"""Who may do what in the one-stop shop. Stable codes; the directory says at which units they are held."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from dinh.foundation.actions.public import SYSTEM_ONLY, Actor, Permission
from dinh.foundation.directory.public import may_at
from dinh.kernel.errors import N_

if TYPE_CHECKING:
    from dinh.onestop.models import Difference, Dossier, Draft, PaymentOrder, Refund, StepRun

__all__ = [
    "APPROVE_REFUND",
    "ASK_REFUND",
    "ASK_SUPPLEMENT",
    "CLOSE_CASH_BOOK",
    "KEEP_ACCOUNTS",
    "PAY_FEES",
    "PAY_AT_SAMPLE_BANK",
    "READ_PAYMENTS",
    "RECONCILE",
    "RECEIVE_AT_COUNTER",
    "EDIT_DRAFT",
    "EDIT_PROCEDURE",
    "FOLLOW_DOSSIER",
    "PUBLISH_PROCEDURE",
    "READ_DOSSIER",
    "READ_WORK",
    "RECEIVE_DOSSIER",
    "START_DRAFT",
    "SYSTEM_ONLY",
    "WORK_ON_STEP",
]


def _is_citizen(by: Actor, subject: object) -> bool:
    return by.kind == "citizen" and by.person_id is not None


def _owns_draft(by: Actor, draft: "Draft") -> bool:
    return by.kind == "citizen" and draft.owner_id == by.person_id


def _owns_dossier(by: Actor, dossier: "Dossier") -> bool:
    return by.kind == "citizen" and dossier.owner_id is not None and dossier.owner_id == by.person_id


def _receives(by: Actor, dossier: "Dossier") -> bool:
    return may_at(by, "dossier.receive", dossier.reception_unit_id)


def _receives_at(by: Actor, desk_id: UUID) -> bool:
    return may_at(by, "dossier.receive", desk_id)


def _asks_supplement(by: Actor, dossier: "Dossier") -> bool:
    """The desk that received it, or whoever may work on one of its open handling steps."""
    if _receives(by, dossier):
        return True
    handling = dossier.steps.filter(state="open", kind="handle")
    return any(_works(by, step) for step in handling)


def _works(by: Actor, step: "StepRun") -> bool:
    """The step's role, held by the acting position at the step's unit, and nobody else has claimed it."""
    if step.role not in by.roles or not may_at(by, "step.work", step.unit_id):
        return False
    return step.holder_id is None or step.holder_id == by.position_id


def _pays(by: Actor, dossier: "Dossier") -> bool:
    """The owner, or the desk that shows the code to whoever stands before it."""
    return _owns_dossier(by, dossier) or _receives(by, dossier)


def _asks_refund(by: Actor, dossier: "Dossier") -> bool:
    return _receives(by, dossier) or may_at(by, "refund.approve", dossier.agency_id)


def _approves_refund(by: Actor, refund: "Refund") -> bool:
    return may_at(by, "refund.approve", refund.agency_id)


def _reconciles(by: Actor, subject: "UUID | Difference") -> bool:
    """Asked about an agency, or about a difference of one."""
    agency_id = subject if isinstance(subject, UUID) else subject.agency_id
    return may_at(by, "payments.reconcile", agency_id)


def _pays_at_sample_bank(by: Actor, order: "PaymentOrder") -> bool:
    return settings.IS_SAMPLE and _pays(by, order.dossier)


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
START_DRAFT = Permission(
    code="draft.start",
    label=N_("Bắt đầu điền hồ sơ"),
    may=_is_citizen,
    held_by=N_("công dân đã đăng nhập"),
)
EDIT_DRAFT = Permission(
    code="draft.edit",
    label=N_("Điền và nộp hồ sơ của mình"),
    may=_owns_draft,
    held_by=N_("công dân là người lập hồ sơ"),
)
FOLLOW_DOSSIER = Permission(
    code="dossier.follow",
    label=N_("Theo dõi, bổ sung, đánh giá hồ sơ của mình"),
    may=_owns_dossier,
    held_by=N_("công dân là chủ hồ sơ"),
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
RECEIVE_DOSSIER = Permission(
    code="dossier.receive",
    label=N_("Tiếp nhận và trả kết quả"),
    may=_receives,
    held_by=N_("cán bộ Bộ phận Tiếp nhận và Trả kết quả nơi nhận hồ sơ"),
)
RECEIVE_AT_COUNTER = Permission(
    code="dossier.receive_at_counter",
    label=N_("Tiếp nhận hồ sơ nộp tại quầy"),
    may=_receives_at,
    held_by=N_("cán bộ Bộ phận Tiếp nhận và Trả kết quả, tại quầy của mình"),
)
ASK_SUPPLEMENT = Permission(
    code="dossier.ask_supplement",
    label=N_("Yêu cầu bổ sung hồ sơ"),
    may=_asks_supplement,
    held_by=N_("cán bộ nơi nhận hồ sơ và người đang thẩm định"),
)
WORK_ON_STEP = Permission(
    code="step.work",
    label=N_("Xử lý bước được giao"),
    may=_works,
    held_by=N_("cán bộ có vai trò của bước, tại đơn vị của bước"),
)
PAY_FEES = Permission(
    code="fee.pay",
    label=N_("Nộp phí, lệ phí của hồ sơ"),
    may=_pays,
    held_by=N_("công dân là chủ hồ sơ; cán bộ một cửa nơi nhận hồ sơ, khi đưa mã cho người nộp"),
)
PAY_AT_SAMPLE_BANK = Permission(
    code="sample_bank.pay",
    label=N_("Trả tiền ở bên thanh toán mẫu"),
    may=_pays_at_sample_bank,
    held_by=N_("người nộp hoặc cán bộ một cửa, chỉ ở tỉnh mẫu"),
)
ASK_REFUND = Permission(
    code="refund.ask",
    label=N_("Đề nghị hoàn tiền nộp thừa"),
    may=_asks_refund,
    held_by=N_("cán bộ một cửa nơi nhận hồ sơ và kế toán của cơ quan"),
)
APPROVE_REFUND = Permission(
    code="refund.approve",
    label=N_("Duyệt hoàn tiền nộp thừa"),
    may=_approves_refund,
    held_by=N_("kế toán của cơ quan, không phải người đề nghị"),
)
READ_PAYMENTS = Permission(
    code="payments.read",
    label=N_("Xem các khoản thu, hoàn phí, lệ phí"),
    may=lambda by, subject: by.holds("payments.read"),
    held_by=N_("kế toán, theo phạm vi của chức vụ"),
)
RECONCILE = Permission(
    code="payments.reconcile",
    label=N_("Đối soát với bên thanh toán"),
    may=_reconciles,
    held_by=N_("kế toán của cơ quan"),
)
KEEP_ACCOUNTS = Permission(
    code="payments.accounts",
    label=N_("Khai tài khoản thu phí của cơ quan"),
    may=lambda by, agency_id: by.kind == "system" or may_at(by, "payments.accounts", agency_id),
    held_by=N_("kế toán của cơ quan"),
)
CLOSE_CASH_BOOK = Permission(
    code="cashbook.close",
    label=N_("Khóa sổ quỹ trong ngày"),
    may=_receives_at,
    held_by=N_("cán bộ Bộ phận Tiếp nhận và Trả kết quả, tại quầy của mình"),
)
