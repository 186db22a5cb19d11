"""Money on the officials' screens: taken at the desk, given back, a day closed, days compared, accounts."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dinh.foundation.actions.public import system
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
    SampleBankEntry,
    Surplus,
    Unmatched,
)
from dinh.onestop.public import (
    SampleBank,
    Transfer,
    ask_order,
    claim_exemption,
    pay_at_sample_bank,
    reconcile,
    sample_notice,
    submit,
    take_notice,
    take_transfer,
)
from tests.onestop.conftest import ANSWERS, Province, three_level_province
from tests.workspace.conftest import Seat, words
from tests.workspace.test_counter import PAGE, TYPED, scan

__all__ = ["three_level_province"]

BANK = system("test.bank")


@pytest.fixture
def clerk(province: Province, seat: Seat) -> Client:
    return seat("motcua.dinhson")


@pytest.fixture
def accountant(province: Province, seat: Seat) -> Client:
    return seat("ketoan.dinhson")


def at(name: str, **values: Any) -> str:
    return reverse(f"workspace:{name}", kwargs=values)


def text(answer: Any) -> str:
    return words(answer).replace("\u00a0", " ")


def paid_from_afar(
    p: Province, dossier: Dossier, times: int = 1, now: dt.datetime | None = None
) -> PaymentOrder:
    now = now or timezone.now()
    order = ask_order(dossier, method="online", by=p.citizen, now=now)
    for _ in range(times):
        entry = pay_at_sample_bank(order, amount=order.amount, notices=0, by=p.citizen, now=now)
        take_notice("sample", *sample_notice(entry.reference), by=BANK, now=now)
    return order


def test_cash_is_taken_once_however_often_the_button_is_pressed(province, clerk):
    dossier = province.accepted()
    page = text(clerk.get(at("fees", dossier_id=dossier.id)))
    assert "Thu tiền mặt 100.000 đ" in page
    assert "Mức thu 100.000 đ." in page
    assert clerk.post(at("collect", dossier_id=dossier.id)).status_code == 302
    again = clerk.post(at("collect", dossier_id=dossier.id))
    assert again.status_code == 409
    assert "không còn khoản phí, lệ phí nào phải nộp" in text(again)
    assert Payment.objects.get().amount == 100_000
    assert "01/BLPLP" in text(clerk.get(at("fees", dossier_id=dossier.id)))


def test_the_code_is_shown_and_paid_at_the_sample_bank(province, clerk):
    dossier = province.accepted()
    answer = clerk.post(at("show-code", dossier_id=dossier.id), follow=True)
    page = text(answer)
    assert '<svg role="img"' in answer.content.decode()
    assert "không có tiền thật" in page
    order = PaymentOrder.objects.get()
    bank = reverse("portal:sample-bank", kwargs={"order_code": order.code})
    assert "không có giá trị pháp lý" in text(clerk.get(bank))
    assert clerk.post(bank, {"amount": "-5"}).status_code == 422
    back = clerk.post(bank, {"amount": "100.000", "notices": "never"})
    assert back.headers["Location"] == at("order", order_id=order.id)
    assert not Payment.objects.exists()
    assert "Đã nhận tiền" in text(clerk.post(at("order", order_id=order.id)))
    assert Payment.objects.get().method == "qr"


def test_a_counter_takes_cash_and_an_exemption_with_the_dossier(province, clerk):
    def sent(**more: str) -> Any:
        return clerk.post(PAGE, {**TYPED, "paper-giay_to_phap_ly": scan(), **more})

    refused = sent(exemption="ho_ngheo")
    assert refused.status_code == 422
    assert not Dossier.objects.exists()
    sent(exemption="ho_ngheo", **{"exemption-reason": "Đã xem Giấy chứng nhận hộ nghèo số 12"})
    assert FeeItem.objects.get().amount == 0
    assert ExemptionClaim.objects.get().is_confirmed is True
    sent(**{"takes-cash": "1"})
    payment = Payment.objects.get()
    assert (payment.amount, payment.method, payment.receipt is None) == (100_000, "cash", False)


def test_an_exemption_is_answered_on_the_page_with_what_was_typed_kept(three_level_province, seat):
    p = three_level_province
    answers, agency = ANSWERS["2.000488"]
    draft = p.draft(answers, code="2.000488", agency=agency)
    claim_exemption(draft, key="ho_ngheo", file_id=p.file(), by=p.citizen, now=p.now)
    dossier = submit(draft, by=p.citizen, now=p.now)
    clerk = seat("motcua.stp")
    page = text(clerk.get(at("fees", dossier_id=dossier.id)))
    assert "Người thuộc hộ nghèo" in page
    assert clerk.get(at("exemption-proof", dossier_id=dossier.id)).status_code == 200
    stopped = clerk.post(at("accept", dossier_id=dossier.id))
    assert stopped.status_code == 409
    assert "xin miễn, giảm phí" in text(stopped)
    empty = clerk.post(at("exemption", dossier_id=dossier.id), {"decision": "confirm"})
    assert empty.status_code == 409
    done = clerk.post(
        at("exemption", dossier_id=dossier.id), {"decision": "confirm", "exemption-reason": "Có giấy"}
    )
    assert done.status_code == 302
    assert clerk.post(at("accept", dossier_id=dossier.id)).status_code == 302


def test_a_surplus_is_seen_asked_back_approved_by_another_and_seen_again(province, clerk, accountant):
    dossier = province.accepted()
    paid_from_afar(province, dossier, times=2)
    assert str(dossier) in text(accountant.get(at("refunds")))
    address = at("fees", dossier_id=dossier.id)
    assert "Đề nghị hoàn" in text(clerk.get(address))
    assert clerk.post(at("ask-refund", dossier_id=dossier.id), {"refund-reason": ""}).status_code == 409
    clerk.post(at("ask-refund", dossier_id=dossier.id), {"refund-reason": "Nộp hai lần"})
    refund = Refund.objects.get()
    assert not Surplus.objects.exists()
    assert clerk.post(at("approve-refund", refund_id=refund.id)).status_code == 403
    assert accountant.post(at("decline-refund", refund_id=refund.id), {}).status_code == 409
    assert accountant.post(at("approve-refund", refund_id=refund.id)).status_code == 302
    assert "Đã duyệt, đang hoàn" in text(clerk.get(address))
    assert accountant.post(at("approve-refund", refund_id=refund.id)).status_code == 409


def test_a_day_is_closed_once_with_a_reason_where_it_differs(province, clerk):
    dossier = province.accepted()
    clerk.post(at("collect", dossier_id=dossier.id))
    book = at("cash-book")
    assert "Tiền mặt phải có trong ngày: 100.000 đ" in text(clerk.get(book))
    assert clerk.post(book, {"counted": "một trăm"}).status_code == 422
    assert clerk.post(book, {"counted": "90.000"}).status_code == 422
    assert not DayClosing.objects.exists()
    assert clerk.post(book, {"counted": "90.000", "note": "Trả nhầm tiền thừa"}).status_code == 302
    closing = DayClosing.objects.get()
    assert (closing.expected, closing.counted) == (100_000, 90_000)
    assert clerk.post(book, {"counted": "100000"}).status_code == 422
    other = province.accepted()
    stopped = clerk.post(at("collect", dossier_id=other.id))
    assert stopped.status_code == 409
    assert "đã khóa" in text(stopped)


@pytest.mark.parametrize("day", ["2026-02-30", "hôm qua", "9999-12-31", "0001-01-01", "2025-01-01"])
def test_any_day_can_be_asked_for(province, clerk, day):
    assert clerk.get(at("cash-book"), {"ngay": day}).status_code == 200


def test_the_day_of_the_provider_is_compared_and_every_difference_settled(province, accountant):
    p = province
    now = timezone.now()
    today = now.astimezone(VIETNAM).date()
    agency = p.unit("H99.31")
    matched, lost, never = p.accepted(), p.accepted(), p.accepted()
    paid_from_afar(p, matched)
    order = ask_order(lost, method="qr", by=p.citizen, now=now)
    ours = Transfer(order_code=order.code, reference="MAT", amount=100_000, paid_at=now)
    take_transfer("sample", ours, by=BANK, now=now)
    unheard = ask_order(never, method="qr", by=p.citizen, now=now)
    pay_at_sample_bank(unheard, amount=100_000, notices=0, by=p.citizen, now=now)
    for reference, amount in (("LA", 7_000),):
        SampleBankEntry.objects.create(
            account="H99.31", order_code="TTLA", kind="pay", reference=reference, key=reference,
            amount=amount, at=now,
        )  # fmt: skip
    entry = SampleBankEntry.objects.get(order_code=PaymentOrder.objects.get(dossier=matched).code)
    SampleBankEntry.objects.filter(pk=entry.pk).update(amount=99_000)
    answer = accountant.post(at("comparisons"), {"agency": str(agency.id), "day": today.isoformat()})
    assert answer.status_code == 302
    # The notice that never came was made up for before the comparison.
    assert Payment.objects.filter(dossier=never).count() == 1
    found = {one.reference: one.kind for one in Unmatched.objects.all()}
    assert found == {"LA": "missing_here", "MAT": "missing_there", entry.reference: "amount_differs"}
    made = Reconciliation.objects.get()
    assert made.matched == 1
    page = text(accountant.get(answer.headers["Location"]))
    assert "Lệch số tiền" in page
    first = Unmatched.objects.get(reference="LA")
    assert accountant.post(at("claim-unmatched", unmatched_id=first.pk)).status_code == 302
    empty = accountant.post(at("settle-unmatched", unmatched_id=first.pk), {f"reason-{first.pk}": " "})
    assert empty.status_code == 409
    accountant.post(
        at("settle-unmatched", unmatched_id=first.pk), {f"reason-{first.pk}": "Chuyển nhầm, đã trả"}
    )
    first.refresh_from_db()
    assert first.settled_at is not None
    assert first.owner == p.actor("ketoan.dinhson").name
    csv = b"".join(accountant.get(at("comparison-export", reconciliation_id=made.pk)).streaming_content)
    assert "Chuyển nhầm, đã trả" in csv.decode()
    # Compared again: what was settled stays, what is put right goes.
    SampleBankEntry.objects.filter(pk=entry.pk).update(amount=100_000)
    reconcile(agency.id, provider_code="sample", day=today, by=BANK, now=now)
    kept = {one.reference: one.settled_at is not None for one in Unmatched.objects.all()}
    assert kept == {"LA": True, "MAT": False}


def test_a_statement_that_cannot_be_read_is_told_and_changes_nothing(province, accountant, monkeypatch):
    monkeypatch.setattr(SampleBank, "statement", lambda *arguments: b"<html>")
    agency = province.unit("H99.31")
    answer = accountant.post(at("comparisons"), {"agency": str(agency.id), "day": "2026-11-16"})
    assert answer.status_code == 409
    assert "Không đọc được sao kê" in text(answer)
    assert not Reconciliation.objects.exists()


def test_an_account_is_kept_only_as_a_code_can_show_it(province, accountant):
    agency = province.unit("H99.31")
    given = {
        "agency": str(agency.id), "bank_bin": "97041", "bank_name": "Ngân hàng", "number": "1", "holder": "A",
    }  # fmt: skip
    wrong = accountant.post(at("accounts"), given)
    assert wrong.status_code == 422
    assert "97041" in wrong.content.decode()
    assert accountant.post(at("accounts"), {**given, "bank_bin": "970415"}).status_code == 302
    assert CollectionAccount.objects.get(agency=agency).bank_bin == "970415"
    other = province.unit("H99.02")
    assert accountant.post(at("accounts"), {**given, "agency": str(other.id)}).status_code == 404


@pytest.mark.parametrize("name", ["refunds", "comparisons", "accounts", "payments-export"])
def test_the_accountants_pages_are_the_accountants(province, clerk, accountant, name):
    assert accountant.get(at(name)).status_code == 200
    assert clerk.get(at(name)).status_code == 403


def test_an_accountant_of_another_agency_finds_none_of_it(province, seat):
    dossier = province.accepted()
    paid_from_afar(province, dossier, times=2)
    day = timezone.now().astimezone(VIETNAM).date()
    made = reconcile(province.unit("H99.31").id, provider_code="sample", day=day, by=BANK, now=timezone.now())
    stranger = seat("ketoan.stp")
    assert stranger.get(at("fees", dossier_id=dossier.id)).status_code == 404
    assert stranger.get(at("comparison", reconciliation_id=made.pk)).status_code == 404
    assert str(dossier) not in text(stranger.get(at("refunds")))
    export = b"".join(stranger.get(at("payments-export")).streaming_content).decode()
    assert str(dossier) not in export
    own = b"".join(seat("ketoan.dinhson").get(at("payments-export")).streaming_content).decode()
    assert own.count(str(dossier)) == 2


def test_the_page_of_fees_asks_the_database_a_few_times_whatever_was_paid(
    province, clerk, django_assert_max_num_queries
):
    dossier = province.accepted()
    paid_from_afar(province, dossier, times=6)
    with django_assert_max_num_queries(26):
        assert clerk.get(at("fees", dossier_id=dossier.id)).status_code == 200
