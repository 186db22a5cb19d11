"""Run as a program beside a server of its own: fills it before a restart in mid payment, looks after it.

python -m tests.onestop.restart_fees fill 24    prints the provider's notices: body, signature, reference
python -m tests.onestop.restart_fees look       prints the payments and receipts of each reference; fails
                                                when the money of a dossier does not add up
"""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dinh.website.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from dinh.onestop.models import Dossier, Paper, Payment, PaymentOrder, SampleBankEntry  # noqa: E402
from dinh.onestop.public import ask_order, pay_at_sample_bank, sample_notice  # noqa: E402
from dinh.website.sample.load import load_sample  # noqa: E402
from tests.onestop.conftest import Province, check_whole  # noqa: E402
from tests.onestop.test_payments import check_books  # noqa: E402
from tests.samples import SMALL  # noqa: E402


def fill(count: int) -> list[dict[str, str]]:
    """Dossiers whose fee is paid at the provider, which has told nobody yet."""
    now = timezone.now()
    load_sample(size=SMALL, citizens=2, keys_for=(), now=now)
    p = Province(now=now)
    notices = []
    for _ in range(count):
        order = ask_order(p.accepted(), method="online", by=p.citizen, now=now)
        entry = pay_at_sample_bank(order, amount=order.amount, notices=0, by=p.citizen, now=now)
        body, signature = sample_notice(entry.reference)
        notices.append({"body": body.decode(), "signature": signature, "reference": entry.reference})
    return notices


def look() -> dict[str, list[str]]:
    """The receipts' numbers of every reference, by the payments that stand for it."""
    for dossier in Dossier.objects.all():
        check_books(dossier)
        check_whole(dossier.id)
    found: dict[str, list[str]] = {entry.reference: [] for entry in SampleBankEntry.objects.all()}
    for payment in Payment.objects.select_related("receipt"):
        found[payment.provider_reference].append(payment.receipt.number)
    paid = {reference for reference, numbers in found.items() if numbers}
    orders = PaymentOrder.objects.filter(state="paid").values_list("payments__provider_reference", flat=True)
    assert set(orders) == paid
    assert Paper.objects.filter(form="fee_receipt").count() == len(paid)
    return found


if __name__ == "__main__":
    print(json.dumps(fill(int(sys.argv[2])) if sys.argv[1] == "fill" else look()))
