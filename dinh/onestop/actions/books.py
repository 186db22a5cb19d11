"""The books: a desk's day is closed, a day of the provider is compared, differences are owned and settled."""

import datetime as dt
from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db.models import Q, Sum

from dinh.foundation.actions.public import Actor, action, system
from dinh.foundation.directory.public import get_unit
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.actions.providers import provider_of
from dinh.onestop.actions.transfers import take_transfer
from dinh.onestop.adapters.payments import StatementLine, Transfer, read_statement
from dinh.onestop.models import (
    DayClosing,
    Payment,
    PaymentOrder,
    Reconciliation,
    Refund,
    Unmatched,
)
from dinh.onestop.permissions import CLOSE_CASH_BOOK, RECONCILE
from dinh.onestop.rules.checks import NeedsReason
from dinh.onestop.rules.payments import PAID_AT_DESK, AlreadyClosed, CountMissing, StatementUnreadable

__all__ = ["claim_unmatched", "close_day", "compare_day", "reconcile", "settle_unmatched"]


def day_bounds(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Return the first moment of a day of Vietnam and of the next."""
    start = dt.datetime.combine(day, dt.time(), VIETNAM)
    return start, start + dt.timedelta(days=1)


@action("day.closed", permission=CLOSE_CASH_BOOK)
def close_day(
    desk_id: UUID, *, day: dt.date, counted: int, note: str, by: Actor, now: dt.datetime
) -> DayClosing:
    """Close a desk's cash book of a day; what was counted stands beside what the book says.

    Raises ``AlreadyClosed``, ``CountMissing`` when they differ and no reason is given.
    """
    if DayClosing.objects.filter(desk_id=desk_id, day=day).exists():
        raise AlreadyClosed
    start, end = day_bounds(day)
    came_in = _sum(
        Payment.objects.filter(desk_id=desk_id, method="cash", recorded_at__gte=start, recorded_at__lt=end)
    )
    went_out = _sum(
        Refund.objects.filter(
            payment__desk_id=desk_id, payment__method__in=PAID_AT_DESK, done_at__gte=start, done_at__lt=end
        )
    )
    expected = came_in - went_out
    if counted != expected and not note.strip():
        raise CountMissing(field="note")
    return DayClosing.objects.create(
        desk_id=desk_id,
        day=day,
        expected=expected,
        counted=counted,
        note=note.strip(),
        closed_at=now,
        closed_by=by.name,
    )


def _sum(rows: object) -> int:
    return int(rows.aggregate(sum=Sum("amount"))["sum"] or 0)  # type: ignore[attr-defined]


def reconcile(
    agency_id: UUID, *, provider_code: str, day: dt.date, by: Actor, now: dt.datetime
) -> Reconciliation:
    """Fetch the provider's statement of an agency's day, record what was missed, compare the rest.

    Raises ``NoProvider``, ``ProviderAway``, ``StatementUnreadable``.
    """
    content = provider_of(provider_code).statement(get_unit(agency_id).code, day)
    try:
        lines = read_statement(content)
    except ValueError as error:
        raise StatementUnreadable(problem=str(error)) from error
    for line in lines:
        if line.kind == "pay":
            transfer = Transfer(
                order_code=line.order_code, reference=line.reference, amount=line.amount, paid_at=line.at
            )
            take_transfer(provider_code, transfer, by=system("onestop.reconcile"), now=now)
    return compare_day(agency_id, provider_code=provider_code, day=day, lines=lines, by=by, now=now)


@action("day.compared", permission=RECONCILE)
def compare_day(
    agency_id: UUID,
    *,
    provider_code: str,
    day: dt.date,
    lines: Sequence[StatementLine],
    by: Actor,
    now: dt.datetime,
) -> Reconciliation:
    """Compare a statement with our payments and refunds of the day; done again, what was settled stays."""
    ours = _ours(agency_id, provider_code, day, [line.reference for line in lines])
    found = list(_differences(ours, lines, day))
    made, _ = Reconciliation.objects.update_or_create(
        agency_id=agency_id,
        provider=provider_code,
        day=day,
        defaults={
            "matched": sum(_matches(ours.get(line.reference), line) for line in lines),
            "our_total": sum(entry.signed for entry in ours.values() if entry.on == day),
            "their_total": sum(line.amount if line.kind == "pay" else -line.amount for line in lines),
            "made_at": now,
            "made_by": by.name,
        },
    )
    open_now = {(difference.reference, difference.kind): difference for difference in found}
    for known in Unmatched.objects.filter(reconciliation=made):
        wanted = open_now.pop((known.reference, known.kind), None)
        if wanted is None and known.settled_at is None:
            known.delete()
    for difference in open_now.values():
        difference.reconciliation = made
        difference.agency_id = agency_id
    Unmatched.objects.bulk_create(open_now.values())
    return made


class _Entry:
    """One payment or refund of ours, as the statement would show it."""

    def __init__(self, row: Payment | Refund) -> None:
        self.is_payment = isinstance(row, Payment)
        self.amount = row.amount
        self.dossier_id = row.dossier_id
        order = row.order if isinstance(row, Payment) else row.payment.order
        self.order_code = order.code if order else ""
        at = row.paid_at if isinstance(row, Payment) else row.done_at
        self.on = at.astimezone(VIETNAM).date() if at else None

    @property
    def signed(self) -> int:
        return self.amount if self.is_payment else -self.amount


def _ours(agency_id: UUID, provider: str, day: dt.date, references: Sequence[str]) -> dict[str, _Entry]:
    """Our entries of the day, and those that the statement names, by the provider's reference."""
    start, end = day_bounds(day)
    named = Q(provider_reference__in=references)
    payments = Payment.objects.filter(agency_id=agency_id, provider=provider).filter(
        named | Q(paid_at__gte=start, paid_at__lt=end)
    )
    refunds = Refund.objects.filter(agency_id=agency_id, payment__provider=provider, state="done").filter(
        named | Q(done_at__gte=start, done_at__lt=end)
    )
    rows: list[Payment | Refund] = [
        *payments.select_related("order"),
        *refunds.select_related("payment__order"),
    ]
    return {row.provider_reference: _Entry(row) for row in rows}


def _matches(entry: _Entry | None, line: StatementLine) -> bool:
    return entry is not None and entry.is_payment is (line.kind == "pay") and entry.amount == line.amount


def _differences(
    ours: dict[str, _Entry], lines: Sequence[StatementLine], day: dt.date
) -> Iterator[Unmatched]:
    theirs = {line.reference for line in lines}
    for line in lines:
        entry = ours.get(line.reference)
        if _matches(entry, line):
            continue
        order = PaymentOrder.objects.filter(code=line.order_code).first()
        yield Unmatched(
            kind="missing_here" if entry is None else "amount_differs",
            reference=line.reference,
            order_code=line.order_code,
            dossier_id=entry.dossier_id if entry else order.dossier_id if order else None,
            our_amount=entry.signed if entry else None,
            their_amount=line.amount if line.kind == "pay" else -line.amount,
        )
    for reference, entry in ours.items():
        if reference not in theirs and entry.on == day:
            yield Unmatched(
                kind="missing_there",
                reference=reference,
                order_code=entry.order_code,
                dossier_id=entry.dossier_id,
                our_amount=entry.signed,
                their_amount=None,
            )


@action("unmatched.claimed", permission=RECONCILE, on=Unmatched)
def claim_unmatched(difference: Unmatched, *, by: Actor, now: dt.datetime) -> Unmatched:
    """Take a difference to clear up; it has an owner from now on."""
    if difference.settled_at is None:
        difference.owner, difference.owner_position = by.name, by.position_id
        difference.save(update_fields=["owner", "owner_position"])
    return difference


@action("unmatched.settled", permission=RECONCILE, on=Unmatched)
def settle_unmatched(difference: Unmatched, *, reason: str, by: Actor, now: dt.datetime) -> Unmatched:
    """Settle a difference, with what was found out. Settled once. Raises ``NeedsReason``."""
    if not reason.strip():
        raise NeedsReason(field=f"reason-{difference.pk}")
    if difference.settled_at is None:
        difference.owner = difference.owner or by.name
        difference.owner_position = difference.owner_position or by.position_id
        difference.settled_at, difference.settled_by, difference.reason = now, by.name, reason.strip()
        difference.save()
    return difference
