"""What follows a payment: the applicant is told, a provider gives money back or sends its notice."""

from dinh.foundation.actions.public import handles
from dinh.kernel.errors import N_
from dinh.kernel.money import format_dong
from dinh.onestop.events import PaymentReceived, RefundApproved, RefundPaid, SampleBankPaid
from dinh.onestop.handlers.telling import applicant_template, tell_applicant
from dinh.onestop.tasks import give_money_back, send_sample_notice

__all__ = ["notify_of_sample_payment", "send_back", "tell_paid", "tell_refund_paid"]

PAID = applicant_template(
    "dossier.fee_paid",
    label=N_("Đã nhận phí, lệ phí"),
    subject="Đã nhận phí, lệ phí của hồ sơ {dossier}",
    body="Kính gửi Ông/Bà {name}. Cơ quan đã nhận {amount} cho hồ sơ {dossier}. Biên lai xem tại: {link}",
    sms="Da nhan {amount} cho ho so {dossier}. Theo doi: {follow}",
    fields={"amount"},
)
REFUNDED = applicant_template(
    "dossier.refund_paid",
    label=N_("Đã hoàn tiền nộp thừa"),
    subject="Đã hoàn tiền nộp thừa của hồ sơ {dossier}",
    body="Kính gửi Ông/Bà {name}. Cơ quan đã hoàn {amount} nộp thừa của hồ sơ {dossier}. Xem tại: {link}",
    sms="Da hoan {amount} nop thua cua ho so {dossier}. Theo doi: {follow}",
    fields={"amount"},
)


@handles(PaymentReceived)
def tell_paid(event: PaymentReceived) -> None:
    tell_applicant(event.dossier_id, PAID.code, amount=format_dong(event.amount))


@handles(RefundApproved)
def send_back(event: RefundApproved) -> None:
    """Leave it to a worker to tell the provider: nobody waits for it under a lock."""
    give_money_back.defer(refund_id=str(event.refund_id))


@handles(SampleBankPaid)
def notify_of_sample_payment(event: SampleBankPaid) -> None:
    """The sample provider tells our own address, as a provider outside would."""
    if event.notices:
        send_sample_notice.defer(reference=event.reference, times=event.notices)


@handles(RefundPaid)
def tell_refund_paid(event: RefundPaid) -> None:
    tell_applicant(event.dossier_id, REFUNDED.code, amount=format_dong(event.amount))
