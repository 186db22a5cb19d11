"""The sample payment provider: stands for a bank or payment service outside, which a province has not yet.

It keeps books of its own, is paid at a page of the site itself, signs its notices and hands out statements,
and is held to the port as a real one would be. It moves no money; every page of it says so. Only a sample
province has it.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone

from dinh.foundation.actions.public import SYSTEM_ONLY, Actor, action, publish, system
from dinh.kernel.errors import N_
from dinh.kernel.ids import uuid7
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.adapters.payments import (
    NewOrder,
    StatementLine,
    Transfer,
    read_notice,
    write_notice,
    write_statement,
)
from dinh.onestop.events import SampleBankPaid
from dinh.onestop.models import PaymentOrder, SampleBankEntry
from dinh.onestop.permissions import PAY_AT_SAMPLE_BANK

__all__ = ["SampleBank", "give_back_at_sample_bank", "pay_at_sample_bank", "sample_notice"]


def _key() -> bytes:
    """The secret that the sample provider shares with us."""
    return hashlib.sha256(b"sample payment provider\0" + settings.SECRET_KEY.encode()).digest()


def _transfer(entry: SampleBankEntry) -> Transfer:
    return Transfer(
        order_code=entry.order_code, reference=entry.reference, amount=entry.amount, paid_at=entry.at
    )


class SampleBank:
    """The sample provider behind the port."""

    code = "sample"
    label = N_("Bên thanh toán mẫu")
    is_sample = True

    def address_to_pay(self, order: NewOrder) -> str:
        return f"/ben-thanh-toan-mau/{order.code}/"

    def query(self, order_code: str) -> Sequence[Transfer]:
        entries = SampleBankEntry.objects.filter(order_code=order_code, kind="pay")
        return [_transfer(entry) for entry in entries]

    def refund(self, *, key: str, order_code: str, amount: int) -> str:
        by = system("sample_bank")
        return give_back_at_sample_bank(key, order_code=order_code, amount=amount, by=by, now=timezone.now())

    def read_notice(self, body: bytes, signature: str) -> Transfer:
        return read_notice(body, signature, key=_key())

    def statement(self, account: str, day: dt.date) -> bytes:
        start = dt.datetime.combine(day, dt.time(), VIETNAM)
        entries = SampleBankEntry.objects.filter(
            account=account, at__gte=start, at__lt=start + dt.timedelta(days=1)
        )
        return write_statement(
            StatementLine(
                reference=entry.reference,
                order_code=entry.order_code,
                kind="pay" if entry.kind == "pay" else "refund",
                amount=entry.amount,
                at=entry.at,
            )
            for entry in entries.order_by("at", "id")
        )


@action("sample_bank.paid", permission=PAY_AT_SAMPLE_BANK, on=PaymentOrder, under="dossier")
def pay_at_sample_bank(
    order: PaymentOrder, *, amount: int, notices: int = 1, by: Actor, now: dt.datetime
) -> SampleBankEntry:
    """Pay an order at the sample provider: an entry in its own books, and as many notices. No money moves."""
    entry = SampleBankEntry.objects.create(
        account=order.dossier.agency.code,
        order_code=order.code,
        kind="pay",
        reference=_reference(),
        key=f"pay:{uuid7()}",
        amount=amount,
        at=now,
    )
    publish(SampleBankPaid(reference=entry.reference, notices=notices))
    return entry


@action("sample_bank.given_back", permission=SYSTEM_ONLY)
def give_back_at_sample_bank(key: str, *, order_code: str, amount: int, by: Actor, now: dt.datetime) -> str:
    """Give money back at the sample provider, once for each key; return the reference."""
    account = SampleBankEntry.objects.filter(order_code=order_code).values_list("account", flat=True).first()
    entry = SampleBankEntry(
        account=account or "",
        order_code=order_code,
        kind="refund",
        reference=_reference(),
        key=f"refund:{key}",
        amount=amount,
        at=now,
    )
    # Two who ask at once find the same entry.
    SampleBankEntry.objects.bulk_create([entry], ignore_conflicts=True)
    return SampleBankEntry.objects.get(key=f"refund:{key}").reference


def sample_notice(reference: str) -> tuple[bytes, str]:
    """Return body and signature of the notice that the sample provider sends about one of its entries."""
    return write_notice(_transfer(SampleBankEntry.objects.get(reference=reference)), key=_key())


def _reference() -> str:
    return f"MAU{uuid7().hex[:20].upper()}"
