"""What is exchanged with the provider outside of any lock: notices, questions about orders, money sent back.

Each of these ends in verbs that do their work once, so a worker may die between the provider's answer and
the commit: whoever comes next gets the same answer, and records it once.
"""

import datetime as dt
from typing import Literal

from dinh.foundation.actions.public import Actor
from dinh.onestop.actions.payments import expire_order, note_checked, record_transfer
from dinh.onestop.actions.providers import provider_of
from dinh.onestop.actions.refunds import note_refund_failed, note_refund_sent
from dinh.onestop.adapters.payments import NewOrder, Transfer
from dinh.onestop.models import Payment, PaymentOrder, Refund
from dinh.onestop.rules.payments import NoProvider, ProviderAway

__all__ = ["address_to_pay", "ask_about_order", "send_refund", "take_notice", "take_transfer"]

Taken = Literal["recorded", "repeated", "unknown"]

# A provider is asked about one order by a person no more often than this.
ASK_AGAIN_AFTER = dt.timedelta(seconds=5)


def address_to_pay(order: PaymentOrder, *, back_to: str) -> str:
    """Return where whoever pays the order goes on. Raises ``NoProvider``, ``ProviderAway``."""
    return provider_of(order.provider).address_to_pay(
        NewOrder(
            code=order.code,
            account=order.dossier.agency.code,
            amount=order.amount,
            content=order.content,
            back_to=back_to,
        )
    )


def take_notice(provider_code: str, body: bytes, signature: str, *, by: Actor, now: dt.datetime) -> Taken:
    """Take a provider's notice: once, again, late, in any order. Nothing in it is believed unsigned.

    ``unknown``: no order bears its code; the day's comparison will list it. Raises ``NoticeForged``,
    ``NoticeUnreadable``, ``NoProvider``.
    """
    transfer = provider_of(provider_code).read_notice(body, signature)
    return take_transfer(provider_code, transfer, by=by, now=now)


def take_transfer(provider_code: str, transfer: Transfer, *, by: Actor, now: dt.datetime) -> Taken:
    """Record a transfer for the order whose code it bears, unless it is recorded already."""
    order = PaymentOrder.objects.filter(provider=provider_code, code=transfer.order_code).first()
    if order is None:
        return "unknown"
    if Payment.objects.filter(provider=provider_code, provider_reference=transfer.reference).exists():
        return "repeated"
    record_transfer(order, transfer=transfer, by=by, now=now)
    return "recorded"


def ask_about_order(order: PaymentOrder, *, by: Actor, now: dt.datetime) -> int:
    """Ask the provider what it has received for an order, and record it; return how many were new.

    So a notice that never comes is found. Raises ``NoProvider``, ``ProviderAway``.
    """
    if order.checked_at is not None and now - order.checked_at < ASK_AGAIN_AFTER:
        return 0
    found = provider_of(order.provider).query(order.code)
    taken = [take_transfer(order.provider, transfer, by=by, now=now) for transfer in found]
    note_checked(order, by=by, now=now)
    if not found and order.state == "open" and order.expires_at <= now:
        expire_order(order, by=by, now=now)
    return taken.count("recorded")


def send_refund(refund: Refund, *, by: Actor, now: dt.datetime) -> None:
    """Have the provider give an approved refund back. Raises ``ProviderAway``, after noting it."""
    payment = refund.payment
    if refund.state != "approved" or payment.order is None:
        return
    try:
        reference = provider_of(payment.provider).refund(
            key=str(refund.id), order_code=payment.order.code, amount=refund.amount
        )
    except (ProviderAway, NoProvider) as away:
        note_refund_failed(refund, failure=away.message, by=by, now=now)
        raise
    note_refund_sent(refund, reference=reference, by=by, now=now)
