"""Paying: at the desk in cash, from afar by an order; each payment recorded once, with its receipt."""

import datetime as dt
import secrets
from collections.abc import Sequence
from uuid import UUID

from dinh.foundation.actions.public import SYSTEM_ONLY, Actor, action, publish
from dinh.kernel.errors import N_
from dinh.kernel.money import format_dong
from dinh.kernel.vietqr import transfer_content
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.actions.fees import fee_standing, settle
from dinh.onestop.actions.national import mark_changed
from dinh.onestop.actions.providers import provider_in_use
from dinh.onestop.actions.record import ask_paper, tell
from dinh.onestop.adapters.payments import Transfer
from dinh.onestop.events import PaymentReceived
from dinh.onestop.models import CollectionAccount, DayClosing, Dossier, FeeItem, Paper, Payment, PaymentOrder
from dinh.onestop.permissions import KEEP_ACCOUNTS, PAY_FEES, RECEIVE_DOSSIER
from dinh.onestop.queries.dossiers import REQUEST_LETTERS
from dinh.onestop.queries.papers import fee_receipt_content
from dinh.onestop.rules.payments import (
    METHODS,
    ORDER,
    PAID_AT_DESK,
    AlreadyClosed,
    NoProvider,
    NothingToPay,
    check_account,
)
from dinh.onestop.rules.states import ENDED_WITHOUT_RESULT

__all__ = [
    "ask_order",
    "collect_fees",
    "expire_order",
    "note_checked",
    "record_transfer",
    "set_account",
    "take_at_desk",
]

ORDER_LIVES = dt.timedelta(hours=24)
RECEIPT_NOTATION = "BLPLP"


@action("payment.collected", permission=RECEIVE_DOSSIER, on=Dossier)
def collect_fees(dossier: Dossier, *, method: str = "cash", by: Actor, now: dt.datetime) -> Payment:
    """Take all that is still owed at the desk, with a numbered receipt.

    ``method``: ``cash``, or ``post`` for what the postal service collected and handed over (NĐ 61/2018
    Art. 22). Raises ``NothingToPay`` (a second click finds it paid), ``AlreadyClosed`` when the day's book
    is closed.
    """
    return take_at_desk(dossier, method=method if method in PAID_AT_DESK else "cash", by=by, now=now)


def take_at_desk(dossier: Dossier, *, method: str, by: Actor, now: dt.datetime) -> Payment:
    """Write down what the desk takes in for all that is still owed, inside the verb that takes it."""
    day = now.astimezone(VIETNAM).date()
    if DayClosing.objects.filter(desk_id=dossier.reception_unit_id, day=day).exists():
        raise AlreadyClosed
    fees = list(FeeItem.objects.filter(dossier=dossier))
    missing = fee_standing(dossier, fees).missing
    if missing == 0:
        raise NothingToPay
    return _keep(
        Payment(
            dossier=dossier,
            method=method,
            amount=missing,
            paid_at=now,
            collected_by=by.name,
            position=by.position,
        ),
        fees,
        by=by,
        now=now,
    )


@action("order.asked", permission=PAY_FEES, on=Dossier)
def ask_order(dossier: Dossier, *, method: str, by: Actor, now: dt.datetime) -> PaymentOrder:
    """Ask for an order over all that is still owed; the one that is open already is given again.

    ``method``: ``online`` or ``qr``. Raises ``NothingToPay``, ``NoProvider``.
    """
    provider = provider_in_use()
    if provider is None or method not in ("online", "qr"):
        raise NoProvider
    if not CollectionAccount.objects.filter(agency_id=dossier.agency_id).exists():
        raise NoProvider
    fees = list(FeeItem.objects.filter(dossier=dossier))
    missing = fee_standing(dossier, fees).missing
    if missing == 0 or dossier.state in ENDED_WITHOUT_RESULT:
        raise NothingToPay
    known = PaymentOrder.objects.filter(
        dossier=dossier, method=method, state="open", amount=missing, expires_at__gt=now
    ).first()
    if known is not None:
        return known
    mark_changed(dossier.pk)
    return PaymentOrder.objects.create(
        dossier=dossier,
        code="TT" + "".join(secrets.choice(REQUEST_LETTERS) for _ in range(12)),
        method=method,
        provider=provider.code,
        amount=missing,
        content=transfer_content(str(dossier)),
        lines=[{"name": fee.name, "amount": fee.amount} for fee in fees if fee.paid_at is None],
        state=ORDER.initial,
        asked_at=now,
        asked_by=by.name,
        expires_at=now + ORDER_LIVES,
    )


@action("payment.recorded", permission=SYSTEM_ONLY, on=PaymentOrder, under="dossier")
def record_transfer(order: PaymentOrder, *, transfer: Transfer, by: Actor, now: dt.datetime) -> Payment:
    """Record what the provider says has arrived for an order; the same transfer is recorded once.

    The amount that arrived counts, whatever was ordered: too little leaves a rest to pay, too much a
    surplus, and so does money for a dossier whose fees are paid already.
    """
    known = Payment.objects.filter(provider=order.provider, provider_reference=transfer.reference).first()
    if known is not None:
        return known
    payment = Payment(
        dossier=order.dossier,
        order=order,
        method=order.method,
        provider=order.provider,
        provider_reference=transfer.reference,
        amount=transfer.amount,
        paid_at=transfer.paid_at,
    )
    fees = list(FeeItem.objects.filter(dossier=order.dossier))
    payment = _keep(payment, fees, by=by, now=now)
    order.state = ORDER.after(order.state, "pay")
    order.save(update_fields=["state"])
    return payment


def _keep(payment: Payment, fees: Sequence[FeeItem], *, by: Actor, now: dt.datetime) -> Payment:
    """Write a payment with its receipt, cover the fees, tell: all of it or nothing."""
    dossier = payment.dossier
    missing = fee_standing(dossier, fees).missing
    payment.agency_id = dossier.agency_id
    payment.desk_id = dossier.reception_unit_id
    payment.recorded_at = now
    payment.applied = min(payment.amount, missing)
    payment.surplus = payment.amount - payment.applied
    if payment.applied:
        payment.receipt = _ask_receipt(payment, fees, missing - payment.applied, by=by, now=now)
    payment.save(force_insert=True)
    settle(dossier, now=now)
    amount = format_dong(payment.amount)
    tell(dossier, N_("Đã nộp %(amount)s"), by=by, now=now, amount=amount)
    if payment.surplus:
        surplus = format_dong(payment.surplus)
        tell(dossier, N_("Nộp thừa %(amount)s, sẽ hoàn trả"), by=by, now=now, amount=surplus)
    publish(PaymentReceived(dossier_id=dossier.id, payment_id=payment.id, amount=payment.amount))
    return payment


def _ask_receipt(
    payment: Payment, fees: Sequence[FeeItem], rest: int, *, by: Actor, now: dt.datetime
) -> Paper:
    """Ask for the receipt, which takes the next number of the agency and year without a gap."""
    content = fee_receipt_content(
        payment.dossier,
        lines=[fee for fee in fees if fee.paid_at is None and fee.voided_at is None],
        amount=payment.applied,
        rest=rest,
        method=METHODS[payment.method],
        paid_at=payment.paid_at,
        reference=payment.provider_reference,
        by=by,
        now=now,
    )
    return ask_paper(payment.dossier, "fee_receipt", content=content, now=now, notation=RECEIPT_NOTATION)


@action("order.checked", permission=SYSTEM_ONLY, on=PaymentOrder, under="dossier")
def note_checked(order: PaymentOrder, *, by: Actor, now: dt.datetime) -> PaymentOrder:
    """Note that the provider was asked about an order."""
    order.checked_at = now
    order.save(update_fields=["checked_at"])
    return order


@action("order.expired", permission=SYSTEM_ONLY, on=PaymentOrder, under="dossier")
def expire_order(order: PaymentOrder, *, by: Actor, now: dt.datetime) -> PaymentOrder:
    """End an order that nobody paid in time; money that arrives later is still recorded."""
    if order.state == "open" and order.expires_at <= now:
        order.state = ORDER.after(order.state, "expire")
        order.save(update_fields=["state"])
        mark_changed(order.dossier_id)
    return order


@action("account.set", permission=KEEP_ACCOUNTS)
def set_account(
    agency_id: UUID,
    *,
    bank_bin: str,
    bank_name: str,
    number: str,
    holder: str,
    by: Actor,
    now: dt.datetime,
) -> CollectionAccount:
    """Say into which bank account an agency's fees are paid. Raises ``AccountInvalid``."""
    check_account(bank_bin=bank_bin, number=number, holder=holder)
    account, _ = CollectionAccount.objects.update_or_create(
        agency_id=agency_id,
        defaults={
            "bank_bin": bank_bin,
            "bank_name": bank_name,
            "number": number,
            "holder": holder,
            "changed_at": now,
        },
    )
    return account
