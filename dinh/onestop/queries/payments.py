"""What pages show of money: a dossier's account, a desk's day, refunds, comparisons with the provider."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import agencies, coverage
from dinh.kernel.errors import NotFound, existing
from dinh.kernel.vietqr import VietQRInvalid, vietqr_text
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import (
    CollectionAccount,
    DayClosing,
    Dossier,
    ExemptionClaim,
    FeeItem,
    Payment,
    PaymentOrder,
    Reconciliation,
    Refund,
    Surplus,
    Unmatched,
)
from dinh.onestop.permissions import APPROVE_REFUND, ASK_REFUND, PAY_FEES, RECEIVE_DOSSIER
from dinh.onestop.queries.dossiers import access_draft, visible_dossiers
from dinh.onestop.rules.payments import PAID_AT_DESK, DueFee, standing
from dinh.onestop.rules.states import ENDED_WITHOUT_RESULT

__all__ = [
    "CashBook",
    "FeeAccount",
    "access_unmatched",
    "access_order",
    "access_reconciliation",
    "access_refund",
    "account_of",
    "accounts_to_keep",
    "cash_book",
    "claim_file",
    "claim_of_draft",
    "compared_days",
    "held_back",
    "no_longer_owed",
    "owes_for_result",
    "received_for",
    "unpaid_fees",
    "days_to_compare",
    "unmatched_of",
    "fee_account",
    "open_unmatched",
    "orders_to_ask",
    "order_by_code",
    "payments_for_export",
    "qr_text",
    "refund_by_id",
    "refund_lines",
    "surplus_lines",
    "visible_payments",
    "visible_refunds",
]

# Orders that nobody paid are asked about from this age on, and given up after that one.
ASK_AFTER, ASK_UNTIL = dt.timedelta(minutes=2), dt.timedelta(days=4)
MOST_LINES = 200


def visible_payments(by: Actor) -> QuerySet[Payment]:
    """Payments that the actor may see: those of agencies that ``payments.read`` covers."""
    if by.kind != "official":
        return Payment.objects.none()
    return Payment.objects.filter(coverage(by, "payments.read").q("agency_id"))


def visible_refunds(by: Actor) -> QuerySet[Refund]:
    """Refunds that the actor may see: those of agencies that ``payments.read`` covers."""
    if by.kind != "official":
        return Refund.objects.none()
    return Refund.objects.filter(coverage(by, "payments.read").q("agency_id"))


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One fee with its reckoning: ``lines`` are catalogue keys with the values that fill them."""

    name: str
    kind: str
    amount: int
    full: int
    due: str
    lines: Sequence[tuple[str, dict[str, Any]]]
    paid_at: dt.datetime | None
    voided_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One payment. ``receipt_id`` leads to the receipt's file once it is drawn (``receipt_ready``)."""

    amount: int
    surplus: int
    method: str
    paid_at: dt.datetime
    collected_by: str
    reference: str
    receipt_id: UUID | None
    receipt_number: str
    receipt_ready: bool


@dataclass(frozen=True, slots=True)
class RefundLine:
    """One refund; ``may_approve`` and ``may_hand_out`` are the reader's."""

    id: UUID
    dossier_id: UUID
    code: str
    name: str
    agency: str
    amount: int
    method: str
    reason: str
    state: str
    asked_at: dt.datetime
    asked_by: str
    decided_at: dt.datetime | None
    decided_by: str
    decision_note: str
    failure: str
    done_at: dt.datetime | None
    may_approve: bool
    may_hand_out: bool


@dataclass(frozen=True, slots=True)
class ClaimCard:
    """An exemption claimed; ``is_confirmed`` None: not answered yet."""

    key: str
    name: str
    proof: str
    has_file: bool
    is_confirmed: bool | None
    decided_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class FeeAccount:
    """All that a dossier's fee page shows. Amounts in đồng; ``surplus`` is what nobody asked back yet.

    ``may_show_code``: who stands before the reader may be shown a code to pay by; cash takes ``may_collect``.
    """

    fees: Sequence[FeeLine]
    payments: Sequence[PaymentLine]
    refunds: Sequence[RefundLine]
    claim: ClaimCard | None
    owed: int
    paid: int
    refunded: int
    missing: int
    surplus: int
    may_collect: bool
    may_show_code: bool
    may_ask_refund: bool
    may_pay_from_afar: bool

    @property
    def has_money(self) -> bool:
        return bool(self.fees or self.payments)


def fee_account(dossier: Dossier, *, by: Actor) -> FeeAccount:
    """Return a visible dossier's account: what is owed and why, what was paid, what goes back."""
    fees = list(FeeItem.objects.filter(dossier=dossier))
    payments = list(Payment.objects.filter(dossier=dossier).select_related("receipt"))
    refunds = list(_with_names(Refund.objects.filter(dossier=dossier)))
    stands = standing(
        [DueFee(fee.key, fee.due, fee.amount) for fee in fees if fee.voided_at is None],
        payments=[payment.amount for payment in payments],
        refunds=[refund.amount for refund in refunds if refund.state in ("approved", "done")],
    )
    asked = sum(refund.amount for refund in refunds if refund.state == "asked")
    surplus = max(stands.surplus - asked, 0)
    has_ended = dossier.state in ENDED_WITHOUT_RESULT
    return FeeAccount(
        fees=[_fee(fee, dossier) for fee in fees],
        payments=[_payment(payment) for payment in payments],
        refunds=[_refund(refund, by) for refund in refunds],
        claim=_claim(ExemptionClaim.objects.filter(dossier=dossier).first()),
        owed=sum(fee.amount for fee in fees if no_longer_owed(fee, dossier) is None),
        paid=stands.paid,
        refunded=stands.refunded,
        missing=0 if has_ended else stands.missing,
        surplus=surplus,
        may_show_code=PAY_FEES.may(by, dossier),
        may_collect=by.kind == "official" and RECEIVE_DOSSIER.may(by, dossier),
        may_ask_refund=surplus > 0 and by.kind == "official" and ASK_REFUND.may(by, dossier),
        may_pay_from_afar=CollectionAccount.objects.filter(agency_id=dossier.agency_id).exists(),
    )


def no_longer_owed(fee: FeeItem, dossier: Dossier) -> dt.datetime | None:
    """Return since when nobody asks for a fee: it was voided, or the dossier ended without a result before
    it was paid.
    """
    if fee.voided_at is not None or fee.paid_at is not None or dossier.state not in ENDED_WITHOUT_RESULT:
        return fee.voided_at
    return dossier.finished_at


def _fee(fee: FeeItem, dossier: Dossier) -> FeeLine:
    return FeeLine(
        fee.name,
        fee.kind,
        fee.amount,
        fee.full_amount,
        fee.due,
        [(sentence, values) for sentence, values in fee.lines],
        fee.paid_at,
        no_longer_owed(fee, dossier),
    )


def _payment(payment: Payment) -> PaymentLine:
    receipt = payment.receipt
    return PaymentLine(
        payment.amount,
        payment.surplus,
        payment.method,
        payment.paid_at,
        payment.collected_by,
        payment.provider_reference,
        receipt.id if receipt else None,
        receipt.number if receipt else "",
        receipt is not None and receipt.file_id is not None,
    )


def _with_names(rows: QuerySet[Refund]) -> QuerySet[Refund]:
    return rows.select_related("payment", "dossier", "agency")


def _refund(refund: Refund, by: Actor) -> RefundLine:
    may_decide = (
        refund.state == "asked"
        and refund.asked_by_account != by.account_id
        and APPROVE_REFUND.may(by, refund)
    )
    is_cash = refund.payment.method in PAID_AT_DESK
    return RefundLine(
        id=refund.id,
        dossier_id=refund.dossier_id,
        code=str(refund.dossier),
        name=refund.dossier.applicant_name,
        agency=refund.agency.name,
        amount=refund.amount,
        method=refund.payment.method,
        reason=refund.reason,
        state=refund.state,
        asked_at=refund.asked_at,
        asked_by=refund.asked_by,
        decided_at=refund.decided_at,
        decided_by=refund.decided_by,
        decision_note=refund.decision_note,
        failure=refund.failure,
        done_at=refund.done_at,
        may_approve=may_decide,
        may_hand_out=is_cash and refund.state == "approved" and RECEIVE_DOSSIER.may(by, refund.dossier),
    )


def _claim(claim: ExemptionClaim | None) -> ClaimCard | None:
    if claim is None:
        return None
    return ClaimCard(
        claim.key,
        claim.name,
        claim.proof,
        claim.file_id is not None,
        claim.is_confirmed,
        claim.decided_by,
        claim.reason,
    )


def claim_of_draft(by: Actor, draft_id: UUID) -> ClaimCard | None:
    """Return what one's own draft claims. Raises ``NotFound``."""
    return _claim(ExemptionClaim.objects.filter(draft=access_draft(by, draft_id)).first())


def claim_file(by: Actor, dossier_id: UUID) -> Any:
    """Return the proof of a visible dossier's claim. Raises ``NotFound``."""
    claim = (
        ExemptionClaim.objects.select_related("file")
        .filter(dossier_id=dossier_id, dossier__in=visible_dossiers(by).values("pk"))
        .first()
    )
    if claim is None or claim.file is None:
        raise NotFound
    return claim.file


# ---- orders ----------------------------------------------------------------------------------


def access_order(by: Actor, order_id: UUID) -> PaymentOrder:
    """Return an order of a visible dossier. Raises ``NotFound``."""
    return _order(by, pk=order_id)


def order_by_code(by: Actor, code: str) -> PaymentOrder:
    """Return an order of a visible dossier by its code. Raises ``NotFound``."""
    return _order(by, code=code)


def _order(by: Actor, **wanted: object) -> PaymentOrder:
    rows = PaymentOrder.objects.select_related("dossier__agency", "dossier__procedure")
    return existing(rows.filter(**wanted, dossier__in=visible_dossiers(by).values("pk")).first())


def orders_to_ask(*, now: dt.datetime) -> Sequence[PaymentOrder]:
    """Return the unpaid orders about which the provider is asked again, the oldest first."""
    rows = PaymentOrder.objects.filter(
        state__in=("open", "expired"), asked_at__lt=now - ASK_AFTER, asked_at__gt=now - ASK_UNTIL
    )
    return list(rows.select_related("dossier").order_by("asked_at"))


def qr_text(order: PaymentOrder) -> str:
    """Return the text of the VietQR code with which an order is paid; empty without an account."""
    account = account_of(order.dossier.agency_id)
    if account is None:
        return ""
    try:
        return vietqr_text(
            bank_bin=account.bank_bin, account=account.number, amount=order.amount, content=order.content
        )
    except VietQRInvalid:
        return ""


def received_for(order: PaymentOrder) -> int:
    """Return what came for an order so far, in đồng."""
    return int(order.payments.aggregate(sum=Sum("amount"))["sum"] or 0)


def account_of(agency_id: UUID) -> CollectionAccount | None:
    """Return the account into which an agency's fees are paid."""
    return CollectionAccount.objects.filter(agency_id=agency_id).first()


def accounts_to_keep(by: Actor) -> Sequence[tuple[UUID, str, CollectionAccount | None]]:
    """Return the agencies whose account the actor keeps: id, name, account."""
    covered = coverage(by, "payments.accounts")
    rows = list(agencies().filter(covered.q("pk"), children__kind="one_stop_desk").distinct()[:MOST_LINES])
    known = {one.agency_id: one for one in CollectionAccount.objects.filter(agency__in=rows)}
    return [(row.pk, row.name, known.get(row.pk)) for row in rows]


# ---- a desk's day -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BookLine:
    """One line of a desk's day: money in, or cash handed back (``amount`` below zero)."""

    at: dt.datetime
    dossier_id: UUID
    code: str
    name: str
    method: str
    amount: int
    receipt_number: str
    by: str
    is_surplus: bool = False


@dataclass(frozen=True, slots=True)
class CashBook:
    """A desk's day. ``totals`` by method; ``cash`` is what the drawer should hold of this day."""

    day: dt.date
    lines: Sequence[BookLine]
    totals: dict[str, int]
    counts: dict[str, int]
    cash: int
    closing: DayClosing | None


def cash_book(desk_id: UUID, day: dt.date) -> CashBook:
    """Return what a desk took in and gave back on a day of Vietnam, in the order of the day."""
    start = dt.datetime.combine(day, dt.time(), VIETNAM)
    end = start + dt.timedelta(days=1)
    payments = Payment.objects.filter(desk_id=desk_id, recorded_at__gte=start, recorded_at__lt=end)
    refunds = Refund.objects.filter(
        payment__desk_id=desk_id, payment__method__in=PAID_AT_DESK, done_at__gte=start, done_at__lt=end
    )
    sums = {
        row["method"]: (row["sum"], row["count"])
        for row in payments.order_by().values("method").annotate(sum=Sum("amount"), count=Count("id"))
    }
    given_back = refunds.aggregate(sum=Sum("amount"))["sum"] or 0
    lines = [
        *(
            _paid_line(row)
            for row in payments.select_related("dossier", "receipt").order_by("-id")[:MOST_LINES]
        ),
        *(_given_line(row) for row in refunds.select_related("dossier")[:MOST_LINES]),
    ]
    return CashBook(
        day=day,
        lines=sorted(lines, key=lambda line: line.at, reverse=True),
        totals={method: int(amount) for method, (amount, _count) in sums.items()},
        counts={method: count for method, (_amount, count) in sums.items()},
        cash=int(sums.get("cash", (0, 0))[0]) - int(given_back),
        closing=DayClosing.objects.filter(desk_id=desk_id, day=day).first(),
    )


def _paid_line(row: Payment) -> BookLine:
    return BookLine(
        row.recorded_at,
        row.dossier_id,
        str(row.dossier),
        row.dossier.applicant_name,
        row.method,
        row.amount,
        row.receipt.number if row.receipt else "",
        row.collected_by,
        is_surplus=row.surplus == row.amount,
    )


def _given_line(row: Refund) -> BookLine:
    assert row.done_at is not None
    return BookLine(
        row.done_at,
        row.dossier_id,
        str(row.dossier),
        row.dossier.applicant_name,
        "cash",
        -row.amount,
        "",
        row.done_by,
    )


# ---- the accountant ----------------------------------------------------------------------------


def refund_lines(by: Actor, *, state: str = "") -> Sequence[RefundLine]:
    """Return refunds within reach, those that wait first, at most two hundred."""
    rows = _with_names(visible_refunds(by))
    if state:
        rows = rows.filter(state=state)
    return [_refund(row, by) for row in rows.order_by("-id")[:MOST_LINES]]


def surplus_lines(by: Actor) -> Sequence[Surplus]:
    """Return what was paid too much and nobody has asked to give back, the oldest first."""
    if by.kind != "official":
        return []
    rows = Surplus.objects.filter(coverage(by, "payments.read").q("agency_id"))
    return list(rows.select_related("dossier", "agency").order_by("since")[:MOST_LINES])


def access_refund(by: Actor, refund_id: UUID) -> Refund:
    """Return a refund within reach. Raises ``NotFound``."""
    return existing(visible_refunds(by).filter(pk=refund_id).first())


def refund_by_id(refund_id: UUID) -> Refund:
    """Return a refund for the job that sends it. Raises ``NotFound``."""
    return existing(Refund.objects.select_related("payment__order", "dossier").filter(pk=refund_id).first())


def visible_comparisons(by: Actor) -> QuerySet[Reconciliation]:
    """Comparisons of agencies that ``payments.reconcile`` covers."""
    if by.kind != "official":
        return Reconciliation.objects.none()
    return Reconciliation.objects.filter(coverage(by, "payments.reconcile").q("agency_id"))


def compared_days(by: Actor) -> Sequence[Reconciliation]:
    """Return comparisons within reach, the newest first, each with ``open_count`` and ``found_count``."""
    rows = visible_comparisons(by).select_related("agency")
    return list(
        rows.annotate(
            found_count=Count("unmatched"),
            open_count=Count("unmatched", filter=Q(unmatched__settled_at=None)),
        ).order_by("-day", "agency__code")[:MOST_LINES]
    )


def access_reconciliation(by: Actor, reconciliation_id: UUID) -> Reconciliation:
    """Return a comparison within reach. Raises ``NotFound``."""
    return existing(visible_comparisons(by).select_related("agency").filter(pk=reconciliation_id).first())


def unmatched_of(by: Actor, reconciliation: Reconciliation) -> Sequence[Unmatched]:
    """Return the differences of a comparison within reach, open ones first."""
    rows = visible_unmatched(by).filter(reconciliation=reconciliation).select_related("dossier")
    return list(rows.order_by("settled_at", "id"))


def visible_unmatched(by: Actor) -> QuerySet[Unmatched]:
    """Differences of agencies that ``payments.reconcile`` covers."""
    if by.kind != "official":
        return Unmatched.objects.none()
    return Unmatched.objects.filter(coverage(by, "payments.reconcile").q("agency_id"))


def open_unmatched(by: Actor) -> int:
    """Return how many differences within reach are not settled."""
    return visible_unmatched(by).filter(settled_at=None).count()


def access_unmatched(by: Actor, difference_id: UUID) -> Unmatched:
    """Return a difference within reach. Raises ``NotFound``."""
    return existing(visible_unmatched(by).filter(pk=difference_id).first())


def days_to_compare(*, day: dt.date, provider: str) -> Sequence[UUID]:
    """Return the agencies with an account, whose statement of a day is fetched."""
    compared = Reconciliation.objects.filter(day=day, provider=provider).values("agency_id")
    rows = CollectionAccount.objects.exclude(agency_id__in=compared).order_by("agency_id")
    return list(rows.values_list("agency_id", flat=True))


def payments_for_export(by: Actor, *, since: dt.date, until: dt.date) -> Iterator[Payment]:
    """Yield the payments within reach of some days, the first first, a page at a time."""
    start = dt.datetime.combine(since, dt.time(), VIETNAM)
    end = dt.datetime.combine(until, dt.time(), VIETNAM) + dt.timedelta(days=1)
    rows = visible_payments(by).filter(paid_at__gte=start, paid_at__lt=end)
    return (
        rows.select_related("dossier", "agency", "receipt", "order").order_by("paid_at", "id").iterator(500)
    )


def held_back(dossier: str) -> Exists:
    """Whether a result waits for fees that are due before it; ``dossier`` is the path to its dossier."""
    return Exists(unpaid_fees(dossier).exclude(due="any"))


def owes_for_result(dossier_id: UUID) -> bool:
    """Whether fees that are due before the result is handed over are still to be paid."""
    return _unpaid().filter(dossier_id=dossier_id).exclude(due="any").exists()


def unpaid_fees(dossier: str) -> "QuerySet[FeeItem]":
    """The fees still to be paid, for a subquery; ``dossier`` is the path to the dossier of the outer rows."""
    return _unpaid().filter(dossier=OuterRef(dossier))


def _unpaid() -> "QuerySet[FeeItem]":
    return FeeItem.objects.filter(paid_at=None, voided_at=None, amount__gt=0)
