"""Paying: orders, payments and refunds of one dossier as pure reckoning; their states and refusals.

A dossier's fees are covered in the order in which they are due, by all that was paid less what was given
back. What is more than the fees is a surplus, which belongs to whoever paid it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dinh.kernel.errors import N_, Refused
from dinh.kernel.states import State, StateMachine, Transition

__all__ = [
    "UNMATCHED_KINDS",
    "METHODS",
    "ORDER",
    "PAID_AT_DESK",
    "REFUND",
    "AccountInvalid",
    "AlreadyClosed",
    "CountMissing",
    "DueFee",
    "ExemptionUndecided",
    "ExemptionUnknown",
    "FeeUnpaid",
    "FeesAreFixed",
    "NoProvider",
    "NothingToPay",
    "NothingToRefund",
    "ProofMissing",
    "ProviderAway",
    "RefundNeedsSecondPerson",
    "Standing",
    "StatementUnreadable",
    "check_account",
    "standing",
]

# How money comes in.
METHODS = {
    "cash": N_("Tiền mặt tại quầy"),
    "post": N_("Qua bưu chính"),
    "qr": N_("Chuyển khoản quét mã VietQR"),
    "online": N_("Thanh toán trực tuyến"),
}

# What a clerk writes down; it is also given back at the desk, in cash.
PAID_AT_DESK = ("cash", "post")

# What a comparison of the provider's statement with our payments can find.
UNMATCHED_KINDS = {
    "missing_here": N_("Bên thanh toán có, hệ thống không có"),
    "missing_there": N_("Hệ thống có, bên thanh toán không có"),
    "amount_differs": N_("Lệch số tiền"),
}

ORDER = StateMachine(
    subject=N_("lệnh thanh toán"),
    initial="open",
    states=(
        State("open", N_("Chờ thanh toán")),
        State("paid", N_("Đã thanh toán")),
        State("expired", N_("Hết hạn")),
    ),
    verbs={"pay": N_("Ghi nhận thanh toán"), "expire": N_("Hết hạn")},
    transitions=(
        Transition("open", "pay", "paid"),
        Transition("open", "expire", "expired"),
        # Money that arrives late has arrived.
        Transition("expired", "pay", "paid"),
        Transition("paid", "pay", "paid"),
    ),
)

REFUND = StateMachine(
    subject=N_("khoản hoàn trả"),
    initial="asked",
    states=(
        State("asked", N_("Chờ duyệt")),
        State("approved", N_("Đã duyệt, đang hoàn")),
        State("declined", N_("Không duyệt")),
        State("done", N_("Đã hoàn")),
    ),
    verbs={"approve": N_("Duyệt"), "decline": N_("Không duyệt"), "finish": N_("Đã hoàn tiền")},
    transitions=(
        Transition("asked", "approve", "approved"),
        Transition("asked", "decline", "declined"),
        Transition("approved", "finish", "done"),
    ),
)


@dataclass(frozen=True, slots=True)
class DueFee:
    """One fee of a dossier: what it is called by, what waits for it, how much."""

    key: str
    due: str
    amount: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a dossier stands with its fees, in đồng. ``covered``: keys of the fees that are paid."""

    owed: int
    paid: int
    refunded: int
    covered: frozenset[str]

    @property
    def missing(self) -> int:
        """What is still to be paid."""
        return max(self.owed - (self.paid - self.refunded), 0)

    @property
    def surplus(self) -> int:
        """What was paid beyond the fees and not given back."""
        return max(self.paid - self.refunded - self.owed, 0)


_ORDER_OF_DUE = {"filing": 0, "acceptance": 1, "result": 2, "any": 3}


def standing(fees: Sequence[DueFee], *, payments: Iterable[int], refunds: Iterable[int]) -> Standing:
    """Return how fees, payments and refunds (those approved or done) stand against each other."""
    paid, refunded = sum(payments), sum(refunds)
    left = paid - refunded
    covered = set()
    for fee in sorted(fees, key=lambda fee: _ORDER_OF_DUE[fee.due]):
        if left < fee.amount:
            break
        left -= fee.amount
        covered.add(fee.key)
    # What costs nothing needs no payment, even behind a fee that is not covered.
    covered |= {fee.key for fee in fees if fee.amount == 0}
    return Standing(sum(fee.amount for fee in fees), paid, refunded, frozenset(covered))


class FeeUnpaid(Refused):
    message = N_(
        "Còn %(amount)s phí, lệ phí chưa nộp: %(names)s. Khoản này phải nộp trước. Hãy thu tại quầy, hoặc"
        " hướng dẫn người nộp thanh toán trực tuyến ở trang hồ sơ của họ."
    )


class NothingToPay(Refused):
    message = N_("Hồ sơ này không còn khoản phí, lệ phí nào phải nộp.")


class NoProvider(Refused):
    message = N_(
        "Cơ quan này chưa mở thanh toán trực tuyến. Hãy nộp tại Bộ phận Tiếp nhận và Trả kết quả, hoặc báo"
        " quản trị khai báo tài khoản thu phí."
    )


class ProviderAway(Refused):
    message = N_("Bên thanh toán chưa trả lời. Hãy thử lại sau ít phút; tiền đã nộp không mất.")


class NothingToRefund(Refused):
    message = N_("Không có khoản nộp thừa để hoàn. Hãy tải lại trang để xem số tiền hiện tại.")


class RefundNeedsSecondPerson(Refused):
    message = N_("Người duyệt hoàn tiền phải khác người đề nghị. Hãy chuyển cho người khác có thẩm quyền.")


class ExemptionUnknown(Refused):
    message = N_("Thủ tục này không có diện miễn, giảm đã chọn. Hãy chọn lại.")


class ProofMissing(Refused):
    message = N_("Hãy tải lên giấy tờ chứng minh diện miễn, giảm: %(proof)s.")


class ExemptionUndecided(Refused):
    message = N_(
        "Người nộp xin miễn, giảm phí (%(name)s) mà chưa được trả lời. Hãy xem giấy tờ chứng minh rồi"
        " xác nhận hoặc không xác nhận, sau đó tiếp nhận."
    )


class FeesAreFixed(Refused):
    message = N_("Phí, lệ phí đã chốt khi tiếp nhận hồ sơ nên không tính lại được nữa.")


class AlreadyClosed(Refused):
    message = N_("Sổ quỹ ngày này đã khóa nên không thu thêm hoặc khóa lại được.")


class CountMissing(Refused):
    message = N_("Tiền đếm được lệch với sổ. Hãy ghi rõ lý do lệch trước khi khóa sổ.")


class StatementUnreadable(Refused):
    message = N_(
        "Không đọc được sao kê của bên thanh toán: %(problem)s. Hãy tải lại sao kê rồi đối soát lại."
    )


class AccountInvalid(Refused):
    message = N_(
        "Tài khoản thu chưa đúng: mã ngân hàng có 6 chữ số, số tài khoản có tối đa 19 chữ và số, tên chủ tài"
        " khoản không để trống."
    )


def check_account(*, bank_bin: str, number: str, holder: str) -> None:
    """Raise ``AccountInvalid`` for an account that cannot stand in a VietQR code."""
    if not re.fullmatch(r"[0-9]{6}", bank_bin):
        raise AccountInvalid(field="bank_bin")
    if not re.fullmatch(r"[0-9A-Za-z]{1,19}", number):
        raise AccountInvalid(field="number")
    if not holder.strip():
        raise AccountInvalid(field="holder")
