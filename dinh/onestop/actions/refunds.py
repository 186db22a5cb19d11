"""Giving back what was paid too much: asked for by one person, approved by another, then paid.

Cash is handed out at the desk. What came through a provider goes back the same way: a job tells the
provider, with the refund's id as the key, so that telling it twice gives the money back once.
"""

import datetime as dt
from uuid import UUID

from dinh.foundation.actions.public import SYSTEM_ONLY, Actor, action, publish
from dinh.kernel.errors import N_
from dinh.kernel.money import format_dong
from dinh.onestop.actions.fees import fee_standing, settle
from dinh.onestop.actions.record import tell
from dinh.onestop.events import RefundApproved, RefundPaid
from dinh.onestop.models import Dossier, FeeItem, Payment, Refund
from dinh.onestop.permissions import APPROVE_REFUND, ASK_REFUND, RECEIVE_DOSSIER
from dinh.onestop.rules.checks import NeedsReason
from dinh.onestop.rules.payments import PAID_AT_DESK, REFUND, NothingToRefund, RefundNeedsSecondPerson

__all__ = [
    "approve_refund",
    "ask_refund",
    "decline_refund",
    "hand_out_refund",
    "note_refund_failed",
    "note_refund_sent",
]


@action("refund.asked", permission=ASK_REFUND, on=Dossier)
def ask_refund(dossier: Dossier, *, reason: str, by: Actor, now: dt.datetime) -> list[Refund]:
    """Ask to give back all that was paid too much, out of the newest payments; one refund each.

    Raises ``NeedsReason``, ``NothingToRefund``.
    """
    if not reason.strip():
        raise NeedsReason(field="refund-reason")
    stands = fee_standing(dossier, list(FeeItem.objects.filter(dossier=dossier)))
    given: dict[object, int] = {}
    waiting = 0
    for refund in Refund.objects.filter(dossier=dossier).exclude(state="declined"):
        given[refund.payment_id] = given.get(refund.payment_id, 0) + refund.amount
        waiting += refund.amount if refund.state == "asked" else 0
    left = stands.surplus - waiting
    if left <= 0:
        raise NothingToRefund
    asked = []
    for payment in Payment.objects.filter(dossier=dossier).order_by("-id"):
        amount = min(left, payment.amount - given.get(payment.id, 0))
        if amount > 0:
            asked.append(_ask(payment, amount, reason.strip(), by=by, now=now))
            left -= amount
    settle(dossier, now=now)
    total = format_dong(sum(refund.amount for refund in asked))
    tell(dossier, N_("Đề nghị hoàn %(amount)s nộp thừa"), by=by, now=now, amount=total)
    return asked


def _ask(payment: Payment, amount: int, reason: str, *, by: Actor, now: dt.datetime) -> Refund:
    return Refund.objects.create(
        dossier_id=payment.dossier_id,
        payment=payment,
        agency_id=payment.agency_id,
        amount=amount,
        reason=reason,
        state=REFUND.initial,
        asked_at=now,
        asked_by=by.name,
        asked_by_account=by.account_id,
    )


@action("refund.approved", permission=APPROVE_REFUND, on=Refund, under="dossier")
def approve_refund(refund: Refund, *, by: Actor, now: dt.datetime) -> Refund:
    """Approve a refund that somebody else has asked for. Raises ``RefundNeedsSecondPerson``."""
    _decide(refund, "approve", by=by, now=now)
    refund.save()
    settle(refund.dossier, now=now)
    amount = format_dong(refund.amount)
    tell(refund.dossier, N_("Duyệt hoàn %(amount)s"), by=by, now=now, amount=amount)
    publish(RefundApproved(dossier_id=refund.dossier_id, refund_id=refund.id))
    return refund


@action("refund.declined", permission=APPROVE_REFUND, on=Refund, under="dossier")
def decline_refund(refund: Refund, *, reason: str, by: Actor, now: dt.datetime) -> Refund:
    """Decline a refund, with the reason. Raises ``NeedsReason``, ``RefundNeedsSecondPerson``."""
    if not reason.strip():
        raise NeedsReason(field="decline-reason")
    _decide(refund, "decline", by=by, now=now)
    refund.decision_note = reason.strip()
    refund.save()
    settle(refund.dossier, now=now)
    tell(
        refund.dossier,
        N_("Không duyệt hoàn %(amount)s: %(reason)s"),
        by=by,
        now=now,
        to="officials",
        amount=format_dong(refund.amount),
        reason=refund.decision_note,
    )
    return refund


def _decide(refund: Refund, verb: str, *, by: Actor, now: dt.datetime) -> None:
    state = REFUND.after(refund.state, verb)
    if refund.asked_by_account is not None and refund.asked_by_account == by.account_id:
        raise RefundNeedsSecondPerson
    refund.state, refund.decided_at, refund.decided_by = state, now, by.name


@action("refund.handed_out", permission=RECEIVE_DOSSIER, on=Dossier)
def hand_out_refund(dossier: Dossier, *, refund_id: UUID, by: Actor, now: dt.datetime) -> Refund:
    """Hand out an approved refund of cash at the desk. Raises ``NothingToRefund``."""
    refund = Refund.objects.filter(dossier=dossier, pk=refund_id, payment__method__in=PAID_AT_DESK).first()
    if refund is None or refund.state != "approved":
        raise NothingToRefund
    _finish(refund, by=by, now=now)
    return refund


@action("refund.sent", permission=SYSTEM_ONLY, on=Refund, under="dossier")
def note_refund_sent(refund: Refund, *, reference: str, by: Actor, now: dt.datetime) -> Refund:
    """Note that the provider has given the money back; noted once."""
    if refund.state == "done":
        return refund
    refund.provider_reference = reference
    _finish(refund, by=by, now=now)
    return refund


@action("refund.failed", permission=SYSTEM_ONLY, on=Refund, under="dossier")
def note_refund_failed(refund: Refund, *, failure: str, by: Actor, now: dt.datetime) -> Refund:
    """Note why the provider did not give the money back; it is told again later."""
    if refund.state == "approved":
        refund.failure = failure
        refund.save(update_fields=["failure"])
    return refund


def _finish(refund: Refund, *, by: Actor, now: dt.datetime) -> None:
    refund.state = REFUND.after(refund.state, "finish")
    refund.done_at, refund.done_by, refund.failure = now, by.name, ""
    refund.save()
    amount = format_dong(refund.amount)
    tell(refund.dossier, N_("Đã hoàn %(amount)s"), by=by, now=now, amount=amount)
    publish(RefundPaid(dossier_id=refund.dossier_id, refund_id=refund.id, amount=refund.amount))
