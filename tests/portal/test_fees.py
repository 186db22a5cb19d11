"""A citizen pays: what is owed and why, online, by VietQR; notices at the door; exemptions claimed."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dinh.onestop.models import ExemptionClaim, FeeItem, Payment, PaymentOrder, SampleBankEntry
from dinh.onestop.public import sample_notice
from tests.portal.conftest import begin, fill, photo, signed_in, words

NOTICE = "/thanh-toan/bao-co/sample/"


def at(name: str, **values: Any) -> str:
    return reverse(f"portal:{name}", kwargs=values)


def text(answer: Any) -> str:
    return words(answer).replace("\u00a0", " ")


def send_notice(body: bytes, signature: str) -> Any:
    """As a provider outside sends it: no session, no token of a form."""
    client = Client(enforce_csrf_checks=True)
    return client.post(NOTICE, body, content_type="application/json", headers={"X-Signature": signature})


def test_a_fee_is_paid_online_and_noticed_three_times(province, citizen):
    """Law: NĐ 61/2018 Điều 25 ý 2
    Screen: /ho-so-cua-toi/<uuid:dossier_id>/phi/
    """
    dossier = province.accepted()
    page = at("fees", dossier_id=dossier.id)
    shown = text(citizen.get(page))
    assert "Còn phải nộp 100.000 đ" in shown
    assert "không có tiền thật" in shown
    sent = citizen.post(page, {"method": "online"})
    order = PaymentOrder.objects.get()
    assert sent.headers["Location"] == at("sample-bank", order_code=order.code)
    bank = text(citizen.get(sent.headers["Location"]))
    assert "không có giá trị pháp lý" in bank
    citizen.post(sent.headers["Location"], {"amount": "100000", "notices": "never"})
    body, signature = sample_notice(SampleBankEntry.objects.get().reference)
    answers = [send_notice(body, signature) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert [answer.json()["status"] for answer in answers] == ["recorded", "repeated", "repeated"]
    assert Payment.objects.count() == 1
    assert "Đã nhận tiền" in text(citizen.get(at("order", dossier_id=dossier.id, order_id=order.id)))
    after = text(citizen.get(page))
    assert "Không còn khoản nào phải nộp" in after
    assert "Biên lai số 01/BLPLP" in after
    again = citizen.post(page, {"method": "online"}, follow=True)
    assert "đã nộp đủ" in text(again)


def test_a_notice_is_believed_only_signed_and_of_a_known_provider(province, citizen):
    dossier = province.accepted()
    citizen.post(at("fees", dossier_id=dossier.id), {"method": "online"})
    order = PaymentOrder.objects.get()
    citizen.post(at("sample-bank", order_code=order.code), {"amount": "100000", "notices": "never"})
    body, signature = sample_notice(SampleBankEntry.objects.get().reference)
    for told, signed in ((body, ""), (body + b" ", signature), (body, "é" * 64), (b"", signature)):
        assert send_notice(told, signed.encode("ascii", "ignore").decode()).status_code == 403
    assert Client().get(NOTICE).status_code == 405
    other = Client().post("/thanh-toan/bao-co/khac/", body, content_type="application/json")
    assert other.status_code == 404
    assert not Payment.objects.exists()


def test_the_code_says_whom_and_how_much_and_asking_finds_what_no_notice_told(province, citizen):
    dossier = province.accepted()
    sent = citizen.post(at("fees", dossier_id=dossier.id), {"method": "qr"})
    order = PaymentOrder.objects.get()
    page = citizen.get(sent.headers["Location"])
    assert '<svg role="img"' in page.content.decode()
    shown = text(page)
    assert all(part in shown for part in ("100.000 đ", "Ngân hàng Mẫu", dossier.code))
    citizen.post(at("sample-bank", order_code=order.code), {"amount": "100000", "notices": "never"})
    assert "Đã nhận tiền" in text(citizen.post(sent.headers["Location"]))
    assert Payment.objects.get().method == "qr"


def test_money_that_is_not_enough_is_said_and_a_page_that_waits_is_drawn_anew(province, citizen):
    dossier = province.accepted()
    sent = citizen.post(at("fees", dossier_id=dossier.id), {"method": "qr"})
    address = sent.headers["Location"]
    order = PaymentOrder.objects.get()
    assert "HX-Refresh" not in citizen.get(address, headers={"HX-Request": "true"}).headers
    citizen.post(at("sample-bank", order_code=order.code), {"amount": "90000", "notices": "never"})
    shown = text(citizen.post(address))
    assert "Đã nhận tiền" in shown
    assert "90.000 đ" in shown
    assert "Còn thiếu 10.000 đ" in shown
    assert citizen.get(address, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_nobody_else_finds_a_dossiers_fees_or_orders(province, citizen):
    dossier = province.accepted()
    citizen.post(at("fees", dossier_id=dossier.id), {"method": "qr"})
    order = PaymentOrder.objects.get()
    stranger = signed_in("congdan2")
    for address in (
        at("fees", dossier_id=dossier.id),
        at("order", dossier_id=dossier.id, order_id=order.id),
        at("sample-bank", order_code=order.code),
    ):
        assert stranger.get(address).status_code == 404
        assert stranger.post(address, {"amount": "5", "method": "qr"}).status_code == 404
    assert not SampleBankEntry.objects.exists()


@pytest.mark.parametrize("typed", ["", "0", "-5", "1e9", "１００", "9" * 40, "một trăm"])
def test_a_wrong_amount_at_the_sample_bank_is_told_and_kept(province, citizen, typed):
    dossier = province.accepted()
    citizen.post(at("fees", dossier_id=dossier.id), {"method": "online"})
    order = PaymentOrder.objects.get()
    answer = citizen.post(at("sample-bank", order_code=order.code), {"amount": typed})
    assert answer.status_code == 422
    assert "lớn hơn 0" in text(answer)
    assert not SampleBankEntry.objects.exists()


def test_an_exemption_is_claimed_with_a_proof_before_sending(province, citizen):
    address = begin(citizen, province)
    fill(citizen, address)
    check = f"{address}kiem-tra/"
    assert "được miễn, giảm phí" in text(citizen.get(check))
    claim = f"{address}mien-giam/"
    missing = citizen.post(claim, {"exemption": "ho_ngheo"})
    assert missing.status_code == 422
    assert "Giấy chứng nhận hộ nghèo" in text(missing)
    assert citizen.post(claim, {"exemption": "khong_co", "proof": photo()}).status_code == 422
    assert citizen.post(claim, {"exemption": "ho_ngheo", "proof": photo()}).status_code == 302
    assert "Xin miễn, giảm: Chủ hộ thuộc hộ nghèo" in text(citizen.get(check))
    assert citizen.post(claim, {"exemption": ""}).status_code == 302
    assert not ExemptionClaim.objects.exists()


def test_a_fee_due_at_filing_is_asked_for_on_the_dossiers_page(province, citizen):
    dossier = province.submitted()
    page = at("dossier", dossier_id=dossier.id)
    assert "được tiếp nhận sau khi nộp phí" not in text(citizen.get(page))
    FeeItem.objects.filter(dossier=dossier).update(due="filing")
    assert "được tiếp nhận sau khi nộp phí, lệ phí: 100.000 đ" in text(citizen.get(page))
    assert "Nộp phí, lệ phí" in text(citizen.get(at("sent", dossier_id=dossier.id)))


def test_the_timeline_names_no_job_to_people(province, citizen):
    dossier = province.accepted()
    citizen.post(at("fees", dossier_id=dossier.id), {"method": "qr"})
    order = PaymentOrder.objects.get()
    citizen.post(at("sample-bank", order_code=order.code), {"amount": "100000", "notices": "never"})
    citizen.post(at("order", dossier_id=dossier.id, order_id=order.id))
    shown = text(citizen.get(at("dossier", dossier_id=dossier.id)))
    assert "Đã nộp 100.000 đ Hệ thống" in shown
    assert "portal.order" not in shown
