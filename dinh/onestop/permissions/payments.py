"""Who may do what with fees, refunds and the books."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from dinh.foundation.actions.public import Actor, Permission
from dinh.foundation.directory.public import may_at
from dinh.kernel.errors import N_

if TYPE_CHECKING:
    from dinh.onestop.models import (
        Dossier,
        PaymentOrder,
        Refund,
        Unmatched,
    )
from dinh.onestop.permissions.who import owns_dossier, receives, receives_at, returns

__all__ = [
    "APPROVE_REFUND",
    "ASK_REFUND",
    "CLOSE_CASH_BOOK",
    "KEEP_ACCOUNTS",
    "PAY_AT_SAMPLE_BANK",
    "PAY_FEES",
    "READ_PAYMENTS",
    "RECONCILE",
]


def _pays(by: Actor, dossier: "Dossier") -> bool:
    """The owner, or a desk that shows the code to whoever stands before it."""
    return owns_dossier(by, dossier) or receives(by, dossier) or returns(by, dossier)


def _asks_refund(by: Actor, dossier: "Dossier") -> bool:
    return receives(by, dossier) or may_at(by, "refund.approve", dossier.agency_id)


def _approves_refund(by: Actor, refund: "Refund") -> bool:
    return may_at(by, "refund.approve", refund.agency_id)


def _reconciles(by: Actor, subject: "UUID | Unmatched") -> bool:
    """Asked about an agency, or about a difference of one."""
    agency_id = subject if isinstance(subject, UUID) else subject.agency_id
    return may_at(by, "payments.reconcile", agency_id)


def _pays_at_sample_bank(by: Actor, order: "PaymentOrder") -> bool:
    return settings.IS_SAMPLE and _pays(by, order.dossier)


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
    may=receives_at,
    held_by=N_("cán bộ Bộ phận Tiếp nhận và Trả kết quả, tại quầy của mình"),
)
