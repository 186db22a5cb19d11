"""Money of a dossier: exemptions, orders, payments, refunds; a day closed, and compared with the bank."""

import pgtrigger
from django.db import models

from dinh.kernel.ids import uuid7
from dinh.onestop.rules.payments import METHODS, ORDER, REFUND, UNMATCHED_KINDS

_METHODS = list(METHODS.items())


class CollectionAccount(models.Model):
    """The bank account into which an agency's fees are paid. ``bank_bin``: its bank's digits at NAPAS."""

    agency = models.OneToOneField("directory.Unit", on_delete=models.PROTECT, related_name="+")
    bank_bin = models.TextField()
    bank_name = models.TextField()
    number = models.TextField()
    holder = models.TextField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.number} {self.bank_name}"


class ExemptionClaim(models.Model):
    """An applicant's claim that they need not pay, with its proof; the desk confirms or denies it once.

    It belongs to a draft until that is sent, then to the dossier as well.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    draft = models.OneToOneField("Draft", on_delete=models.CASCADE, null=True, related_name="exemption")
    dossier = models.OneToOneField("Dossier", on_delete=models.PROTECT, null=True, related_name="exemption")
    key = models.TextField()
    name = models.TextField()
    proof = models.TextField()
    file = models.ForeignKey("files.File", on_delete=models.PROTECT, null=True, related_name="+")
    claimed_at = models.DateTimeField()
    is_confirmed = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.TextField(blank=True)
    reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name


class PaymentOrder(models.Model):
    """One wish to pay a dossier's fees from afar, as the provider knows it by ``code``.

    ``lines`` are the fees it is for: ``{"name": …, "amount": …}``. ``checked_at`` is when the provider was
    last asked about it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey("Dossier", on_delete=models.PROTECT, related_name="orders")
    code = models.TextField(unique=True)
    method = models.TextField(choices=_METHODS)
    provider = models.TextField()
    amount = models.BigIntegerField()
    content = models.TextField()
    lines = models.JSONField()
    state = models.TextField(choices=[(state.code, state.label) for state in ORDER.states])
    asked_at = models.DateTimeField()
    asked_by = models.TextField()
    expires_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="order_of_something")]
        indexes = [
            models.Index(fields=["dossier", "id"], name="order_dossier"),
            models.Index(
                fields=["asked_at"], name="order_unpaid", condition=models.Q(state__in=("open", "expired"))
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Payment(models.Model):
    """Money that came in for a dossier. Append-only; ``provider_reference`` is the provider's own number.

    ``applied`` went to fees, ``surplus`` was beyond them when it came. ``receipt`` is missing only where
    nothing was applied. ``desk`` took cash.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey("Dossier", on_delete=models.PROTECT, related_name="payments", db_index=False)
    agency = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    desk = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, null=True, related_name="payments")
    method = models.TextField(choices=_METHODS)
    provider = models.TextField(blank=True)
    provider_reference = models.TextField(blank=True)
    amount = models.BigIntegerField()
    applied = models.BigIntegerField()
    surplus = models.BigIntegerField(default=0)
    paid_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    collected_by = models.TextField(blank=True)
    position = models.TextField(blank=True)
    receipt = models.OneToOneField("Paper", on_delete=models.PROTECT, null=True, related_name="payment")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_of_something"),
            models.CheckConstraint(
                condition=models.Q(amount=models.F("applied") + models.F("surplus")), name="payment_adds_up"
            ),
            models.UniqueConstraint(
                fields=["provider", "provider_reference"],
                name="one_payment_a_reference",
                condition=~models.Q(provider_reference=""),
            ),
        ]
        indexes = [
            models.Index(fields=["dossier", "id"], name="payment_dossier"),
            models.Index(fields=["desk", "-recorded_at"], name="payment_desk"),
            models.Index(fields=["agency", "-paid_at"], name="payment_agency"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.amount} {self.dossier_id}"


class Refund(models.Model):
    """Money to give back, out of one payment: asked for by one person, approved by another."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey("Dossier", on_delete=models.PROTECT, related_name="refunds")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    agency = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    reason = models.TextField()
    state = models.TextField(choices=[(state.code, state.label) for state in REFUND.states])
    asked_at = models.DateTimeField()
    asked_by = models.TextField()
    asked_by_account = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.TextField(blank=True)
    decision_note = models.TextField(blank=True)
    provider_reference = models.TextField(blank=True)
    failure = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="refund_of_something")]
        indexes = [
            models.Index(fields=["dossier", "id"], name="refund_dossier"),
            models.Index(fields=["agency", "state", "-id"], name="refund_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.dossier_id}"


class Surplus(models.Model):
    """What a dossier was paid too much and nobody has asked to give back yet: open work, gone when asked."""

    dossier = models.OneToOneField(
        "Dossier", on_delete=models.CASCADE, primary_key=True, related_name="surplus"
    )
    agency = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    since = models.DateTimeField()

    class Meta:
        ordering = ["since"]
        indexes = [models.Index(fields=["agency", "since"], name="surplus_agency")]

    def __str__(self) -> str:
        return str(self.amount)


class DayClosing(models.Model):
    """A desk's cash book of one day, closed: what the book says, what was counted. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    desk = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    expected = models.BigIntegerField()
    counted = models.BigIntegerField()
    note = models.TextField(blank=True)
    closed_at = models.DateTimeField()
    closed_by = models.TextField()

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["desk", "day"], name="one_closing_a_day")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return str(self.day)


class Reconciliation(models.Model):
    """The provider's statement of an agency's account on one day, compared with what is kept here."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    provider = models.TextField()
    day = models.DateField()
    matched = models.IntegerField()
    our_total = models.BigIntegerField()
    their_total = models.BigIntegerField()
    made_at = models.DateTimeField()
    made_by = models.TextField()

    class Meta:
        ordering = ["-day", "agency"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "provider", "day"], name="one_comparison_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.day}"


class Unmatched(models.Model):
    """One line of a comparison that does not match. It has an owner, and is settled with a reason."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reconciliation = models.ForeignKey(Reconciliation, on_delete=models.PROTECT, related_name="unmatched")
    agency = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    kind = models.TextField(choices=list(UNMATCHED_KINDS.items()))
    reference = models.TextField()
    order_code = models.TextField(blank=True)
    dossier = models.ForeignKey("Dossier", on_delete=models.PROTECT, null=True, related_name="+")
    our_amount = models.BigIntegerField(null=True)
    their_amount = models.BigIntegerField(null=True)
    owner = models.TextField(blank=True)
    owner_position = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.TextField(blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["reconciliation", "reference", "kind"], name="unmatched_once")
        ]
        indexes = [models.Index(fields=["agency", "settled_at"], name="unmatched_agency")]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class SampleBankEntry(models.Model):
    """The books of the sample provider, which stands for a bank outside and has no legal value.

    Nothing but the sample provider reads them. ``key`` makes a repeated order to give money back harmless.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.TextField()
    order_code = models.TextField()
    kind = models.TextField(choices=[("pay", "pay"), ("refund", "refund")])
    reference = models.TextField(unique=True)
    key = models.TextField(unique=True)
    amount = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["order_code"], name="sample_bank_order"),
            models.Index(fields=["account", "at"], name="sample_bank_account"),
        ]

    def __str__(self) -> str:
        return self.reference
