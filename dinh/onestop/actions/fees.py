"""What a dossier owes: assessed on its answers, covered by what was paid, and what waits for it.

Shared by the verbs; writes no audit.
"""

import datetime as dt
from collections.abc import Collection, Sequence

from django.db.models import Sum

from dinh.kernel.money import format_dong
from dinh.onestop.models import Dossier, ExemptionClaim, FeeItem, Payment, Refund, Surplus
from dinh.onestop.rules.definition import Outcome
from dinh.onestop.rules.fees import fees_owed
from dinh.onestop.rules.payments import DueFee, ExemptionUndecided, FeeUnpaid, Standing, standing

__all__ = [
    "assessed_fees",
    "check_exemption_decided",
    "check_paid",
    "check_paid_before",
    "fee_standing",
    "reassess",
    "settle",
    "void_fees",
]

# What has to be paid at the latest when something happens.
_DUE_BY = {
    "filing": ("filing",),
    "acceptance": ("filing", "acceptance"),
    "result": ("filing", "acceptance", "result"),
}


def assessed_fees(dossier: Dossier, *, exemption: str = "", now: dt.datetime) -> list[FeeItem]:
    """Return the fees of the dossier's answers, not written yet. What costs nothing is paid at once."""
    owed = fees_owed(dossier.version.parts, dossier.data, channel=dossier.channel, exemption=exemption)
    return [
        FeeItem(
            dossier=dossier,
            key=fee.key,
            name=fee.name,
            kind=fee.kind,
            amount=fee.amount,
            full_amount=fee.full,
            due=fee.due,
            lines=[[line.message, dict(line.params)] for line in fee.lines],
            paid_at=None if fee.amount else now,
        )
        for fee in owed
    ]


def reassess(dossier: Dossier, *, exemption: str, now: dt.datetime) -> None:
    """Assess the fees of a dossier that was not accepted anew, now that an exemption is confirmed."""
    FeeItem.objects.filter(dossier=dossier).delete()
    FeeItem.objects.bulk_create(assessed_fees(dossier, exemption=exemption, now=now))
    settle(dossier, now=now)


def fee_standing(dossier: Dossier, fees: Sequence[FeeItem]) -> Standing:
    """Return how the dossier stands: payments less refunds that were approved, against its fees."""
    refunds = Refund.objects.filter(dossier=dossier, state__in=("approved", "done"))
    return standing(
        [DueFee(fee.key, fee.due, fee.amount) for fee in fees if fee.voided_at is None],
        payments=Payment.objects.filter(dossier=dossier).values_list("amount", flat=True),
        refunds=refunds.values_list("amount", flat=True),
    )


def settle(dossier: Dossier, *, now: dt.datetime) -> Standing:
    """Mark the fees that payments cover by now, and return how the dossier stands."""
    fees = list(FeeItem.objects.filter(dossier=dossier))
    stands = fee_standing(dossier, fees)
    for fee in fees:
        is_covered = fee.key in stands.covered
        if is_covered is (fee.paid_at is None) and fee.voided_at is None:
            fee.paid_at = now if is_covered else None
            fee.save(update_fields=["paid_at"])
    _keep_surplus(dossier, stands, now=now)
    return stands


def _keep_surplus(dossier: Dossier, stands: Standing, *, now: dt.datetime) -> None:
    """Keep what was paid too much and is not asked back yet, so that somebody asks."""
    asked = Refund.objects.filter(dossier=dossier, state="asked").aggregate(sum=Sum("amount"))["sum"] or 0
    amount = stands.surplus - asked
    if amount > 0:
        Surplus.objects.update_or_create(
            dossier=dossier,
            defaults={"amount": amount},
            create_defaults={"amount": amount, "agency_id": dossier.agency_id, "since": now},
        )
    else:
        Surplus.objects.filter(dossier=dossier).delete()


def void_fees(dossier: Dossier, *, now: dt.datetime) -> None:
    """Nothing is owed on a dossier that ended before it was accepted; what was paid becomes a surplus."""
    if dossier.accepted_at is None:
        FeeItem.objects.filter(dossier=dossier, voided_at=None).update(voided_at=now)
        settle(dossier, now=now)


def check_exemption_decided(dossier: Dossier) -> None:
    """Raise ``ExemptionUndecided`` while a claim waits for the desk's answer."""
    if not dossier.version.parts.exemptions:
        return
    claim = ExemptionClaim.objects.filter(dossier=dossier, is_confirmed=None).first()
    if claim is not None:
        raise ExemptionUndecided(name=claim.name)


def check_paid(fees: Collection[FeeItem], moment: str) -> None:
    """Raise ``FeeUnpaid`` when a fee that is due by ``moment`` (filing, acceptance, result) is not paid."""
    unpaid = [
        fee for fee in fees if fee.due in _DUE_BY[moment] and fee.paid_at is None and fee.voided_at is None
    ]
    if unpaid:
        amount = format_dong(sum(fee.amount for fee in unpaid))
        raise FeeUnpaid(amount=amount, names=", ".join(fee.name for fee in unpaid))


def check_paid_before(dossier: Dossier, outcome: Outcome | None, moment: str) -> None:
    """As ``check_paid``, where a step ends; going back and refusing never wait for money.

    Asks nothing where the procedure's version lets nothing wait.
    """
    definition = dossier.version.parts
    if not any(fee.due in _DUE_BY[moment] for fee in definition.fees):
        return
    if outcome is not None:
        kinds = {definition.step(key).kind for key in outcome.to}
        if outcome.back or kinds == {"refuse"}:
            return
    check_paid(list(FeeItem.objects.filter(dossier=dossier)), moment)
