"""Paying a dossier's fees: in cash, by an order, once, thrice, late, never, too much, forged, at once."""

import datetime as dt
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.db.models import Exists
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.actions.models import AuditEntry
from dinh.foundation.actions.public import system
from dinh.kernel.errors import NotAllowed, NotFound, Refused
from dinh.onestop.actions import payments as payment_verbs
from dinh.onestop.adapters.payments import (
    NewOrder,
    NoticeForged,
    NoticeUnreadable,
    StatementLine,
    Transfer,
    read_notice,
    read_statement,
    sign,
    write_notice,
    write_statement,
)
from dinh.onestop.models import (
    Dossier,
    FeeItem,
    Paper,
    Payment,
    PaymentOrder,
    Refund,
    SampleBankEntry,
    StepRun,
    Surplus,
    TimelineEntry,
    catalogue,
)
from dinh.onestop.public import (
    SampleBank,
    accept,
    access_order,
    approve_refund,
    ask_about_order,
    ask_order,
    ask_refund,
    claim_exemption,
    collect_fees,
    complete,
    decide_exemption,
    decline_refund,
    fee_account,
    hand_out_refund,
    orders_to_ask,
    pay_at_sample_bank,
    refuse,
    return_result,
    sample_notice,
    send_refund,
    submit,
    take_notice,
    take_transfer,
    withdraw,
)
from dinh.onestop.queries.payments import held_back, owes_for_result, unpaid_fees
from dinh.onestop.rules.payments import (
    DueFee,
    ExemptionUndecided,
    FeesAreFixed,
    FeeUnpaid,
    NoProvider,
    NothingToPay,
    NothingToRefund,
    ProofMissing,
    ProviderAway,
    RefundNeedsSecondPerson,
    standing,
)
from tests.onestop.conftest import ANSWERS, NOW, Province

BANK = system("test.bank")
LATER = NOW + dt.timedelta(minutes=3)


def paid_at_bank(order: PaymentOrder, p: Province, amount: int | None = None) -> SampleBankEntry:
    return pay_at_sample_bank(order, amount=amount or order.amount, notices=0, by=p.citizen, now=NOW)


def noticed(entry: SampleBankEntry, now: dt.datetime = LATER) -> str:
    body, signature = sample_notice(entry.reference)
    return take_notice("sample", body, signature, by=BANK, now=now)


def order_of(p: Province, dossier: Any, method: str = "online") -> PaymentOrder:
    return ask_order(dossier, method=method, by=p.citizen, now=NOW)


def check_books(dossier: Any) -> None:
    """What always holds of a dossier's money."""
    payments = list(Payment.objects.filter(dossier=dossier))
    receipts = Paper.objects.filter(dossier=dossier, form="fee_receipt")
    assert receipts.count() == sum(payment.applied > 0 for payment in payments)
    owed = sum(fee.amount for fee in FeeItem.objects.filter(dossier=dossier, voided_at=None))
    assert sum(payment.applied for payment in payments) <= max(
        owed, sum(fee.amount for fee in FeeItem.objects.filter(dossier=dossier))
    )
    given_back = sum(
        refund.amount for refund in Refund.objects.filter(dossier=dossier).exclude(state="declined")
    )
    assert given_back <= sum(payment.amount for payment in payments)
    told = TimelineEntry.objects.filter(dossier=dossier, sentence="Đã nộp %(amount)s")
    assert told.count() == len(payments)


# ---- the reckoning ------------------------------------------------------------------------------

DUE = st.sampled_from(["filing", "acceptance", "result", "any"])
FEES = st.lists(st.tuples(DUE, st.integers(0, 1_000)), max_size=5)


@given(FEES, st.lists(st.integers(1, 2_000), max_size=4), st.data())
def test_what_is_missing_and_what_is_too_much_never_stand_together(fees, payments, data):
    refunds = [data.draw(st.integers(0, sum(payments)))] if payments else []
    due = [DueFee(str(number), moment, amount) for number, (moment, amount) in enumerate(fees)]
    stands = standing(due, payments=payments, refunds=refunds)
    kept = sum(payments) - sum(refunds)
    assert stands.missing - stands.surplus == stands.owed - kept
    assert min(stands.missing, stands.surplus) == 0
    covered = sum(fee.amount for fee in due if fee.key in stands.covered)
    assert covered <= max(kept, 0)
    assert (len(stands.covered) == len(due)) is (stands.missing == 0)


def test_what_is_due_first_is_covered_first():
    fees = [DueFee("sau", "result", 50), DueFee("truoc", "filing", 50)]
    assert standing(fees, payments=[50], refunds=[]).covered == {"truoc"}


# ---- notices and statements ----------------------------------------------------------------------

KEY = b"khoa"
TRANSFERS = st.builds(
    Transfer,
    order_code=st.text("ABC123", min_size=1, max_size=20),
    reference=st.text("ABC123", min_size=1, max_size=20),
    amount=st.integers(1, 10**12),
    paid_at=st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2100, 1, 1), timezones=st.just(dt.UTC)),
)


@given(TRANSFERS)
def test_a_signed_notice_says_what_was_written(transfer):
    body, signature = write_notice(transfer, key=KEY)
    assert read_notice(body, signature, key=KEY) == transfer
    assert read_notice(body, signature.upper(), key=KEY) == transfer


@given(TRANSFERS, st.binary(max_size=50), st.text(max_size=80))
def test_a_notice_that_is_not_signed_by_the_provider_is_forged(transfer, tail, signature):
    body, good = write_notice(transfer, key=KEY)
    for told, signed in ((body + b"x" + tail, good), (body, signature), (body, sign(b"khac", body))):
        with pytest.raises(NoticeForged):
            read_notice(told, signed, key=KEY)


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b"[" * 9_000,
        b"\xff\xfe",
        b"x" * 20_000,
        {"order": "A", "reference": "R", "amount": -5, "paid_at": "2026-11-16T08:00:00+07:00"},
        {"order": "A", "reference": "R", "amount": True, "paid_at": "2026-11-16T08:00:00+07:00"},
        {"order": "A", "reference": "R", "amount": 5.5, "paid_at": "2026-11-16T08:00:00+07:00"},
        {"order": "A", "reference": "R", "amount": 5, "paid_at": "2026-11-16T08:00:00"},
        {"order": "A", "reference": "R", "amount": 5, "paid_at": "hôm qua"},
        {"order": "A" * 200, "reference": "R", "amount": 5, "paid_at": "2026-11-16T08:00:00+07:00"},
        {"order": "A", "reference": "R\n", "amount": 5, "paid_at": "2026-11-16T08:00:00+07:00"},
        {"order": ["A"], "reference": "R", "amount": 5, "paid_at": "2026-11-16T08:00:00+07:00"},
    ],
)
def test_a_signed_notice_that_makes_no_sense_is_refused_without_harm(told):
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    with pytest.raises(NoticeUnreadable):
        read_notice(body, sign(KEY, body), key=KEY)


LINES = st.lists(
    st.builds(
        StatementLine,
        reference=st.text("ABC123", min_size=1, max_size=20),
        order_code=st.text("ABC,;\"'123", max_size=20),
        kind=st.sampled_from(["pay", "refund"]),
        amount=st.integers(1, 10**12),
        at=st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2100, 1, 1), timezones=st.just(dt.UTC)),
    ),
    max_size=10,
)


@given(LINES)
def test_a_statement_is_read_as_it_was_written(lines):
    assert read_statement(write_statement(lines)) == lines


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"a,b\n",
        b"reference,order,kind,amount,at\nR,A,pay,5\n",
        b"reference,order,kind,amount,at\nR,A,gift,5,2026-11-16T08:00:00+07:00\n",
        b"reference,order,kind,amount,at\nR,A,pay,nhieu,2026-11-16T08:00:00+07:00\n",
        b"reference,order,kind,amount,at\nR,A,pay,0,2026-11-16T08:00:00+07:00\n",
        b'reference,order,kind,amount,at\n"R,A,pay,5\n',
    ],
)
def test_a_statement_that_cannot_be_read_says_where(content):
    with pytest.raises(ValueError, match=r"dòng \d|CSV"):
        read_statement(content)


# ---- at the desk --------------------------------------------------------------------------------


def test_cash_is_taken_once_with_one_numbered_receipt(province):
    p = province
    dossier = p.accepted()
    payment = collect_fees(dossier, by=p.clerk, now=p.now)
    with pytest.raises(NothingToPay):
        collect_fees(dossier, by=p.clerk, now=p.now)
    assert (payment.amount, payment.method, payment.collected_by) == (100_000, "cash", p.clerk.name)
    assert payment.receipt is not None
    assert payment.receipt.number == "01/BLPLP"
    assert payment.receipt.content["amount_words"] == "Một trăm nghìn đồng"
    assert FeeItem.objects.get(dossier=dossier).paid_at == p.now
    check_books(dossier)


def test_receipts_of_an_agency_are_numbered_without_a_gap(province):
    p = province
    numbers = []
    for _ in range(3):
        dossier = p.accepted()
        receipt = collect_fees(dossier, by=p.clerk, now=p.now).receipt
        numbers.append(receipt.number if receipt else "")
    assert numbers == ["01/BLPLP", "02/BLPLP", "03/BLPLP"]


def test_the_receipt_is_drawn_and_sealed(signing_province, run_jobs):
    p = signing_province
    dossier = p.accepted()
    collect_fees(dossier, by=p.clerk, now=p.now)
    run_jobs()
    receipt = Paper.objects.get(form="fee_receipt")
    assert receipt.state == "ready"
    assert receipt.file is not None
    assert receipt.file.name.startswith("Biên lai thu phí")


def test_who_does_not_receive_takes_no_cash_and_sees_no_order(province):
    p = province
    dossier = p.accepted()
    order = order_of(p, dossier)
    for by in (p.citizen, p.specialist, p.actor("motcua.anmau.dinhson")):
        with pytest.raises(NotAllowed):
            collect_fees(dossier, by=by, now=p.now)
    for by in (p.actor("congdan2"), p.actor("motcua.anmau.dinhson")):
        with pytest.raises(NotFound):
            access_order(by, order.id)
        with pytest.raises(NotAllowed):
            ask_order(dossier, method="online", by=by, now=p.now)
        with pytest.raises(NotAllowed):
            pay_at_sample_bank(order, amount=1, by=by, now=p.now)
    assert not Payment.objects.exists()


# ---- from afar ----------------------------------------------------------------------------------


def test_one_notice_or_three_make_one_payment_one_receipt_one_event(province):
    p = province
    dossier = p.accepted()
    order = order_of(p, dossier)
    entry = paid_at_bank(order, p)
    assert [noticed(entry) for _ in range(3)] == ["recorded", "repeated", "repeated"]
    payment = Payment.objects.get(dossier=dossier)
    assert (payment.provider_reference, payment.amount, payment.surplus) == (entry.reference, 100_000, 0)
    assert payment.paid_at == entry.at
    order.refresh_from_db()
    assert order.state == "paid"
    assert FeeItem.objects.get(dossier=dossier).paid_at == LATER
    assert AuditEntry.objects.filter(verb="payment.recorded").count() == 1
    check_books(dossier)


def test_a_notice_that_never_comes_is_found_by_asking(province):
    p = province
    dossier = p.accepted()
    order = order_of(p, dossier)
    assert orders_to_ask(now=NOW) == []
    paid_at_bank(order, p)
    (found,) = orders_to_ask(now=LATER)
    assert ask_about_order(found, by=BANK, now=LATER) == 1
    assert ask_about_order(found, by=BANK, now=LATER + dt.timedelta(minutes=1)) == 0
    assert Payment.objects.filter(dossier=dossier).count() == 1
    assert orders_to_ask(now=LATER) == []
    check_books(dossier)


def test_an_order_that_nobody_paid_expires_and_money_that_is_late_still_counts(province):
    p = province
    dossier = p.accepted()
    order = order_of(p, dossier)
    late = NOW + dt.timedelta(hours=25)
    (found,) = orders_to_ask(now=late)
    assert ask_about_order(found, by=BANK, now=late) == 0
    order.refresh_from_db()
    assert order.state == "expired"
    entry = paid_at_bank(order, p)
    assert noticed(entry, late + dt.timedelta(days=2)) == "recorded"
    order.refresh_from_db()
    assert order.state == "paid"
    check_books(dossier)


def test_the_open_order_is_given_again_and_another_amount_makes_another(province):
    p = province
    dossier = p.accepted()
    first = order_of(p, dossier)
    assert order_of(p, dossier) == first
    assert order_of(p, dossier, "qr") != first
    assert first.content == dossier.code
    take_transfer(
        "sample",
        Transfer(order_code=first.code, reference="R1", amount=40_000, paid_at=NOW),
        by=BANK,
        now=NOW,
    )
    rest = order_of(p, dossier)
    assert (rest.amount, rest != first) == (60_000, True)


def test_too_little_leaves_a_rest_and_the_fee_unpaid(province):
    p = province
    dossier = p.accepted()
    entry = paid_at_bank(order_of(p, dossier), p, amount=99_999)
    noticed(entry)
    account = fee_account(dossier, by=p.citizen)
    assert (account.paid, account.missing, account.surplus) == (99_999, 1, 0)
    assert FeeItem.objects.get(dossier=dossier).paid_at is None
    assert Paper.objects.get(form="fee_receipt").content["rest"] == "1 đ"
    check_books(dossier)


def test_too_much_is_a_surplus_from_the_first_moment(province):
    p = province
    dossier = p.accepted()
    noticed(paid_at_bank(order_of(p, dossier), p, amount=150_000))
    assert fee_account(dossier, by=p.citizen).surplus == 50_000
    assert Surplus.objects.get(dossier=dossier).amount == 50_000
    check_books(dossier)


def test_a_forged_notice_changes_nothing(province):
    p = province
    dossier = p.accepted()
    order = order_of(p, dossier)
    body, _ = write_notice(
        Transfer(order_code=order.code, reference="GIA", amount=order.amount, paid_at=NOW), key=b"doan"
    )
    for signature in ("", "0" * 64, sign(b"doan", body)):
        with pytest.raises(NoticeForged):
            take_notice("sample", body, signature, by=BANK, now=NOW)
    with pytest.raises(NoProvider):
        take_notice("khac", body, "", by=BANK, now=NOW)
    assert not Payment.objects.exists()


def test_notices_out_of_order_and_of_unknown_orders_are_taken_as_they_are(province):
    p = province
    first, second = p.accepted(), p.accepted()
    orders = [order_of(p, first), order_of(p, second)]
    entries = [paid_at_bank(order, p) for order in orders]
    assert [noticed(entry) for entry in reversed(entries)] == ["recorded", "recorded"]
    unknown = Transfer(order_code="TTKHONGCO", reference="X", amount=5, paid_at=NOW)
    assert take_transfer("sample", unknown, by=BANK, now=NOW) == "unknown"
    assert Payment.objects.count() == 2
    for dossier in (first, second):
        check_books(dossier)


def test_paid_at_the_desk_and_from_afar_the_second_is_a_surplus_without_a_receipt(province):
    p = province
    dossier = p.accepted()
    order = order_of(p, dossier)
    collect_fees(dossier, by=p.clerk, now=p.now)
    noticed(paid_at_bank(order, p))
    payments = list(Payment.objects.filter(dossier=dossier))
    assert [(one.applied, one.surplus, one.receipt is None) for one in payments] == [
        (100_000, 0, False),
        (0, 100_000, True),
    ]
    check_books(dossier)


def test_without_a_provider_or_an_account_nobody_is_sent_to_one(province, settings):
    p = province
    dossier = p.accepted()
    settings.PAYMENT_PROVIDER = ""
    with pytest.raises(NoProvider):
        order_of(p, dossier)
    settings.PAYMENT_PROVIDER, settings.IS_SAMPLE = "sample", False
    with pytest.raises(NoProvider):
        order_of(p, dossier)


# ---- giving back ---------------------------------------------------------------------------------


def paid_twice(p: Province) -> Any:
    dossier = p.accepted()
    order = order_of(p, dossier)
    for _ in range(2):
        noticed(paid_at_bank(order, p))
    return dossier


def test_a_fee_paid_twice_goes_back_once_by_two_persons(province):
    p = province
    dossier = paid_twice(p)
    (refund,) = ask_refund(dossier, reason="Nộp hai lần", by=p.clerk, now=p.now)
    assert refund.amount == 100_000
    assert not Surplus.objects.exists()
    with pytest.raises(NothingToRefund):
        ask_refund(dossier, reason="Nữa", by=p.clerk, now=p.now)
    accountant = p.actor("ketoan.dinhson")
    approve_refund(refund, by=accountant, now=p.now)
    for _ in range(3):
        send_refund(Refund.objects.select_related("payment__order").get(), by=BANK, now=p.now)
    refund.refresh_from_db()
    assert (refund.state, refund.failure) == ("done", "")
    back = SampleBankEntry.objects.get(kind="refund")
    assert (back.reference, back.amount) == (refund.provider_reference, 100_000)
    account = fee_account(dossier, by=p.citizen)
    assert (account.paid, account.refunded, account.missing, account.surplus) == (200_000, 100_000, 0, 0)
    check_books(dossier)


def test_who_asked_for_a_refund_does_not_approve_it(province):
    p = province
    dossier = paid_twice(p)
    accountant = p.actor("ketoan.dinhson")
    (refund,) = ask_refund(dossier, reason="Nộp hai lần", by=accountant, now=p.now)
    with pytest.raises(RefundNeedsSecondPerson):
        approve_refund(refund, by=accountant, now=p.now)
    for by in (p.clerk, p.citizen, p.head, p.actor("motcua.anmau.dinhson")):
        with pytest.raises(NotAllowed):
            approve_refund(refund, by=by, now=p.now)
    refund.refresh_from_db()
    assert refund.state == "asked"


def test_a_declined_refund_leaves_the_surplus_to_ask_for_again(province):
    p = province
    dossier = paid_twice(p)
    (refund,) = ask_refund(dossier, reason="Nộp hai lần", by=p.clerk, now=p.now)
    with pytest.raises(Refused):
        decline_refund(refund, reason=" ", by=p.actor("ketoan.dinhson"), now=p.now)
    decline_refund(refund, reason="Chưa rõ", by=p.actor("ketoan.dinhson"), now=p.now)
    assert Surplus.objects.get().amount == 100_000
    assert len(ask_refund(dossier, reason="Đã rõ", by=p.clerk, now=p.now)) == 1


def test_cash_goes_back_at_the_desk(province):
    p = province
    dossier = p.submitted()
    collect_fees(dossier, by=p.clerk, now=p.now)
    withdraw(dossier, reason="", by=p.citizen, now=p.now)
    assert Surplus.objects.get().amount == 100_000
    (refund,) = ask_refund(dossier, reason="Rút trước khi tiếp nhận", by=p.clerk, now=p.now)
    with pytest.raises(NothingToRefund):
        hand_out_refund(dossier, refund_id=refund.id, by=p.clerk, now=p.now)
    approve_refund(refund, by=p.actor("ketoan.dinhson"), now=p.now)
    hand_out_refund(dossier, refund_id=refund.id, by=p.clerk, now=p.now)
    with pytest.raises(NothingToRefund):
        hand_out_refund(dossier, refund_id=refund.id, by=p.clerk, now=p.now)
    account = fee_account(dossier, by=p.citizen)
    assert (account.owed, account.paid, account.refunded, account.surplus) == (0, 100_000, 100_000, 0)


def test_a_provider_that_is_away_is_told_again(province, monkeypatch):
    p = province
    dossier = paid_twice(p)
    (refund,) = ask_refund(dossier, reason="Nộp hai lần", by=p.clerk, now=p.now)
    approve_refund(refund, by=p.actor("ketoan.dinhson"), now=p.now)
    refund = Refund.objects.select_related("payment__order").get()

    def away(*arguments: Any, **options: Any) -> str:
        raise ProviderAway

    with monkeypatch.context() as patch:
        patch.setattr(SampleBank, "refund", away)
        with pytest.raises(ProviderAway):
            send_refund(refund, by=BANK, now=p.now)
    refund.refresh_from_db()
    assert (refund.state, refund.failure) == ("approved", ProviderAway.message)
    send_refund(refund, by=BANK, now=p.now)
    refund.refresh_from_db()
    assert (refund.state, refund.failure) == ("done", "")


def test_a_dossier_refused_before_acceptance_owes_nothing_and_gets_its_money_back(province):
    p = province
    dossier = p.submitted()
    noticed(paid_at_bank(order_of(p, dossier), p))
    refuse(dossier, reason="Không đúng nơi", by=p.clerk, now=p.now)
    account = fee_account(dossier, by=p.citizen)
    assert (account.owed, account.surplus, account.missing) == (0, 100_000, 0)
    with pytest.raises(NothingToPay):
        order_of(p, dossier)


# ---- what waits for money -------------------------------------------------------------------------


def set_due(dossier: Any, due: str) -> None:
    """Make the fee of a dossier and of its version due at another moment, as another version would."""
    version = dossier.version
    version.definition["fees"][0]["due"] = due
    model = type(version)
    frozen = model._meta.triggers[0].get_pgid(model)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL pgtrigger.ignore = '{{{frozen}}}'")
        model.objects.filter(pk=version.pk).update(definition=version.definition)
        cursor.execute("SET LOCAL pgtrigger.ignore = '{}'")
    catalogue._published.clear()
    FeeItem.objects.filter(dossier=dossier).update(due=due)


@pytest.fixture
def fresh_definitions(monkeypatch: Any) -> None:
    monkeypatch.setattr(catalogue, "_published", {})


@pytest.mark.parametrize(
    ("changed", "is_unpaid", "waits"),
    [
        ({}, True, True),
        ({"due": "filing"}, True, True),
        ({"due": "any"}, True, False),
        ({"paid_at": NOW}, False, False),
        ({"voided_at": NOW}, False, False),
        ({"amount": 0}, False, False),
    ],
)
def test_a_result_waits_for_what_is_unpaid_and_due_before_it(province, changed, is_unpaid, waits):
    dossier = province.accepted()
    FeeItem.objects.filter(dossier=dossier).update(**{"due": "result", "paid_at": None, **changed})
    rows = Dossier.objects.filter(pk=dossier.pk)
    assert rows.filter(Exists(unpaid_fees("pk"))).exists() is is_unpaid
    assert rows.filter(held_back("pk")).exists() is owes_for_result(dossier.pk) is waits


def test_no_dossier_is_accepted_while_a_fee_due_at_filing_is_unpaid(province, fresh_definitions):
    p = province
    dossier = p.submitted()
    set_due(dossier, "filing")
    with pytest.raises(FeeUnpaid, match=r"100\.000 đ"):
        accept(dossier, by=p.clerk, now=p.now)
    noticed(paid_at_bank(order_of(p, dossier), p))
    assert accept(dossier, by=p.clerk, now=p.now).code


def test_steps_wait_for_a_fee_due_at_acceptance_but_going_back_does_not(province, fresh_definitions):
    p = province
    dossier = p.submitted()
    set_due(dossier, "acceptance")
    dossier = accept(dossier, by=p.clerk, now=p.now)
    step = p.open_step(dossier, "tham_dinh")
    with pytest.raises(FeeUnpaid):
        complete(step, outcome_key="xin_xac_nhan", note="", by=p.specialist, now=p.now)
    collect_fees(dossier, by=p.clerk, now=p.now)
    complete(step, outcome_key="xin_xac_nhan", note="", by=p.specialist, now=p.now)


def test_a_result_waits_for_a_fee_due_before_it(signing_province, fresh_definitions):
    p = signing_province
    dossier = p.submitted()
    set_due(dossier, "result")
    dossier = accept(dossier, by=p.clerk, now=p.now)
    p.walk(dossier, "tham_dinh:trinh_duyet", "duyet:trinh_ky", "ky", "phat_hanh")
    step = StepRun.objects.get(dossier=dossier, state="open")
    with pytest.raises(FeeUnpaid):
        return_result(step, shown="receipt", by=p.clerk, now=p.now)
    collect_fees(dossier, by=p.clerk, now=p.now)
    return_result(step, shown="receipt", by=p.clerk, now=p.now)


# ---- exemptions -----------------------------------------------------------------------------------


def claimed(p: Province) -> Any:
    answers, agency = ANSWERS["2.000488"]
    draft = p.draft(answers, code="2.000488", agency=agency)
    with pytest.raises(ProofMissing):
        claim_exemption(draft, key="ho_ngheo", file_id=None, by=p.citizen, now=p.now)
    claim_exemption(draft, key="ho_ngheo", file_id=p.file(), by=p.citizen, now=p.now)
    return submit(draft, by=p.citizen, now=p.now)


def test_a_claim_waits_for_the_desk_and_confirmed_it_ends_the_fee(province):
    p = province
    dossier = claimed(p)
    clerk = p.who(StepRun.objects.get(dossier=dossier))
    with pytest.raises(ExemptionUndecided):
        accept(dossier, by=clerk, now=p.now)
    with pytest.raises(Refused):
        decide_exemption(dossier, is_confirmed=True, reason=" ", by=clerk, now=p.now)
    for by in (p.citizen, p.clerk):
        with pytest.raises(NotAllowed):
            decide_exemption(dossier, is_confirmed=True, reason="Đúng", by=by, now=p.now)
    decide_exemption(dossier, is_confirmed=True, reason="Có giấy", by=clerk, now=p.now)
    fee = FeeItem.objects.get(dossier=dossier)
    assert (fee.amount, fee.full_amount, fee.paid_at) == (0, 200_000, p.now)
    assert accept(dossier, by=clerk, now=p.now).code
    with pytest.raises(FeesAreFixed):
        decide_exemption(dossier, is_confirmed=False, reason="Đổi ý", by=clerk, now=p.now)


def test_a_denied_claim_leaves_the_fee_and_its_reason(province):
    p = province
    dossier = claimed(p)
    clerk = p.who(StepRun.objects.get(dossier=dossier))
    decide_exemption(dossier, is_confirmed=False, reason="Giấy đã hết hạn", by=clerk, now=p.now)
    account = fee_account(dossier, by=p.citizen)
    assert account.missing == 200_000
    assert account.claim is not None
    assert (account.claim.is_confirmed, account.claim.reason) == (False, "Giấy đã hết hạn")
    assert accept(dossier, by=clerk, now=p.now).code


def test_an_exemption_confirmed_after_paying_gives_the_money_back(province):
    p = province
    dossier = claimed(p)
    clerk = p.who(StepRun.objects.get(dossier=dossier))
    noticed(paid_at_bank(order_of(p, dossier), p))
    decide_exemption(dossier, is_confirmed=True, reason="Có giấy", by=clerk, now=p.now)
    assert Surplus.objects.get().amount == 200_000


# ---- at once, and struck down -------------------------------------------------------------------


def at_once(calls: list[Any]) -> Counter[str]:
    """Run all calls at the same time; count what they said."""

    def run(call: Any) -> str:
        try:
            return str(call())
        except Refused as refused:
            return type(refused).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return Counter(pool.map(run, calls))


def test_notices_answers_and_cash_at_once_make_one_payment_each(open_province):
    p = open_province
    dossier = p.accepted()
    order = order_of(p, dossier)
    entry = paid_at_bank(order, p)
    clerk = p.clerk
    at_once(
        [
            *[lambda: noticed(entry)] * 3,
            *[lambda: ask_about_order(PaymentOrder.objects.get(pk=order.pk), by=BANK, now=LATER)] * 2,
            *[lambda: collect_fees(dossier, by=clerk, now=LATER)] * 2,
        ]
    )
    payments = Payment.objects.filter(dossier=dossier)
    assert payments.exclude(provider="").count() == 1
    assert sum(payment.applied for payment in payments) == 100_000
    assert Paper.objects.filter(form="fee_receipt").count() == 1
    check_books(dossier)


def test_ten_receipts_at_once_have_no_gap(open_province):
    p = open_province
    dossiers = [p.accepted() for _ in range(10)]
    clerk = p.clerk
    at_once([lambda one=one: collect_fees(one, by=clerk, now=LATER) for one in dossiers])
    numbers = sorted(Paper.objects.filter(form="fee_receipt").values_list("number", flat=True))
    assert numbers == [f"{number:02d}/BLPLP" for number in range(1, 11)]


def test_two_workers_give_money_back_once(open_province):
    p = open_province
    dossier = paid_twice(p)
    (refund,) = ask_refund(dossier, reason="Nộp hai lần", by=p.clerk, now=p.now)
    approve_refund(refund, by=p.actor("ketoan.dinhson"), now=p.now)

    def send() -> None:
        send_refund(Refund.objects.select_related("payment__order").get(), by=BANK, now=p.now)

    for _ in range(2):
        at_once([send] * 3)
    assert SampleBankEntry.objects.filter(kind="refund").count() == 1
    assert Refund.objects.get().state == "done"


def test_struck_down_between_the_provider_and_the_commit_nothing_is_half_done(open_province, monkeypatch):
    p = open_province
    dossier = p.accepted()
    order = order_of(p, dossier)
    entry = paid_at_bank(order, p)

    def struck(*arguments: Any, **options: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(payment_verbs, "settle", struck)
        with pytest.raises(KeyboardInterrupt):
            ask_about_order(order, by=BANK, now=LATER)
    assert not Payment.objects.exists()
    assert not Paper.objects.filter(form="fee_receipt").exists()
    order.refresh_from_db()
    assert order.state == "open"
    assert ask_about_order(order, by=BANK, now=LATER) == 1
    assert noticed(entry) == "repeated"
    assert Paper.objects.get(form="fee_receipt").number == "01/BLPLP"
    check_books(dossier)


def test_the_sample_provider_keeps_the_port(province):
    p = province
    dossier = p.accepted()
    order = order_of(p, dossier)
    bank = SampleBank()
    asked = NewOrder(code=order.code, account="H99.31", amount=1, content="A", back_to="/")
    assert bank.address_to_pay(asked) == bank.address_to_pay(asked)
    assert list(bank.query(order.code)) == []
    entry = paid_at_bank(order, p)
    (transfer,) = bank.query(order.code)
    assert bank.read_notice(*sample_notice(entry.reference)) == transfer
    first = bank.refund(key="k", order_code=order.code, amount=5)
    assert bank.refund(key="k", order_code=order.code, amount=5) == first
    lines = read_statement(bank.statement("H99.31", NOW.date()))
    assert [(line.kind, line.reference) for line in lines if line.kind == "pay"] == [("pay", entry.reference)]
    assert read_statement(bank.statement("H99.32", NOW.date())) == []
