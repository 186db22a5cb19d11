"""Invented payments: dossiers paid from afar, paid twice, given back, and a day compared with a difference.

The money goes through the sample provider and the verbs that a province uses, so every screen has something
true to show.
"""

import datetime as dt
from dataclasses import replace
from uuid import UUID

from dinh.foundation.actions.public import Actor, system
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.public import (
    SampleBank,
    Transfer,
    access_dossier,
    approve_refund,
    ask_order,
    ask_refund,
    fee_account,
    own_dossiers,
    pay_at_sample_bank,
    reconcile,
    sample_notice,
    send_refund,
    take_notice,
    take_transfer,
)

__all__ = ["load_payments"]

_REASON = "Người nộp chuyển khoản hai lần cho cùng một hồ sơ."
# How the unpaid dossiers of the sample citizens are paid, in this order, at each agency.
_WAYS = ("asked_back", "lost", "twice", "given_back", "once", "unpaid")


def load_payments(persons: list[UUID], *, by: Actor, now: dt.datetime) -> int:
    """Pay the unpaid dossiers of some citizens, each in another way; return how many payments there are."""
    made = 0
    agencies: dict[UUID, int] = {}
    clerk = replace(system("website.sample"), name="Cán bộ Bộ phận một cửa")
    for person_id in persons:
        citizen = Actor(kind="citizen", name="", person_id=person_id)
        for row in own_dossiers(citizen).rows:
            dossier = access_dossier(citizen, row.id)
            account = fee_account(dossier, by=citizen)
            if not account.missing or not account.may_pay_from_afar or dossier.accepted_at is None:
                continue
            payer = replace(by, name=dossier.applicant_name)
            number = agencies[dossier.agency_id] = agencies.get(dossier.agency_id, 0) + 1
            way = _WAYS[(number - 1) % len(_WAYS)]
            if way == "unpaid":
                continue
            order = ask_order(dossier, method="qr" if number % 2 else "online", by=payer, now=now)
            if way == "lost":
                # What our books have and the provider's statement does not.
                lost = Transfer(
                    order_code=order.code, reference=f"MAT{order.code}", amount=order.amount, paid_at=now
                )
                take_transfer(SampleBank.code, lost, by=by, now=now)
                made += 1
                continue
            for _time in range(1 if way == "once" else 2):
                entry = pay_at_sample_bank(order, amount=order.amount, notices=0, by=payer, now=now)
                body, signature = sample_notice(entry.reference)
                take_notice(SampleBank.code, body, signature, by=by, now=now)
                made += 1
            if way in ("given_back", "asked_back"):
                for refund in ask_refund(dossier, reason=_REASON, by=clerk, now=now):
                    if way == "given_back":
                        approve_refund(refund, by=replace(by, name="Kế toán"), now=now)
                        send_refund(refund, by=by, now=now)
    for agency_id in sorted(agencies):
        day = now.astimezone(VIETNAM).date()
        reconcile(agency_id, provider_code=SampleBank.code, day=day, by=by, now=now)
    return made
