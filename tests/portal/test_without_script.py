"""What a citizen does beside filing, in a browser whose JavaScript is switched off, 360 pixels wide."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dinh.onestop.models import Payment, PaymentOrder, Representation, Visit
from dinh.onestop.public import plan_visits
from dinh.portal.models import Comment, Petition
from tests.portal.conftest import signed_in
from tests.portal.test_browser import SMALL_PHONE, browser, open_page, photo_file  # noqa: F401 - a fixture
from tests.portal.test_consultations import editor, now, opened, reviewer, seed  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(browser: Any, live_server: Any, province: Any) -> Page:  # noqa: F811
    """A page of the citizen, without script; addresses are given without the host."""
    plain = open_page(browser, SMALL_PHONE, java_script_enabled=False, base_url=live_server.url)
    key = signed_in("congdan").cookies["sessionid"].value
    plain.context.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])
    return plain


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).first.click()


def test_a_question_is_asked_and_what_is_wrong_is_said_at_its_place(page: Page) -> None:
    page.goto("/phan-anh/gui/")
    page.check("[name=kind][value=question]")
    page.fill("[name=title]", "Bao giờ sửa đèn đường thôn 3?")
    page.fill("[name=text]", "Đèn đường thôn 3 hỏng từ đầu tháng.")
    page.fill("[name=phone]", "không có")
    press(page, "Gửi")
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator("[name=title]")).to_have_value("Bao giờ sửa đèn đường thôn 3?")
    page.fill("[name=phone]", "0900 000 123")
    press(page, "Gửi")
    expect(page.locator(".error-summary")).to_have_count(0)
    assert Petition.objects.get().title == "Bao giờ sửa đèn đường thôn 3?"


def test_a_draft_is_commented_on(page: Page, opened: Any) -> None:  # noqa: F811
    page.goto("/gop-y/")
    page.get_by_role("link", name=opened.title).click()
    page.fill("main [name=text]", "Nên bỏ giấy tờ đã có trong kho dữ liệu.")
    page.fill("main [name=name]", "Nguyễn Thị Mẫu")
    page.fill("main [name=phone]", "0900 000 123")
    page.locator("main form:has([name=text]) button").last.click()
    assert Comment.objects.get().text.startswith("Nên bỏ giấy tờ")


def test_a_visit_is_booked_and_given_up(page: Page, province: Any) -> None:
    plan_visits(
        province.clerk.unit_id, is_open=True, minutes=60, places=1, weekdays=[1, 2, 3, 4, 5], days_ahead=7,
        note="", by=province.clerk,
    )  # fmt: skip
    page.goto("/lich-hen/dat/")
    page.locator("main a[href^='/lich-hen/dat/H99']").first.click()
    press(page, "Hẹn giờ đến làm việc")
    expect(page.locator(".error-summary")).to_be_visible()
    page.locator("[name=at]").first.check()
    page.locator("[name=wish]").first.check()
    press(page, "Hẹn giờ đến làm việc")
    visit = Visit.objects.get()
    page.locator(f"form[action='/lich-hen/{visit.pk}/huy/'] button").click()
    visit.refresh_from_db()
    assert visit.state == "cancelled"


def test_somebody_is_represented_with_a_paper(page: Page) -> None:
    page.goto("/dai-dien/them/")
    page.check("[name=kind][value=business]")
    page.check("[name=relation][value=staff]")
    page.fill("[name=name]", "Hợp tác xã Mẫu Vàng")
    page.fill("[name=identity]", "9900000003")
    page.fill("[name=address]", "Thôn 1")
    page.set_input_files("[name=proof]", [photo_file("Giấy ủy quyền.jpg")])
    press(page, "Ghi nhận")
    expect(page.locator("main")).to_contain_text("Hợp tác xã Mẫu Vàng")
    assert Representation.objects.get().name == "Hợp tác xã Mẫu Vàng"


def test_a_fee_is_paid(page: Page, province: Any) -> None:
    dossier = province.accepted()
    page.goto(f"/ho-so-cua-toi/{dossier.id}/phi/")
    page.locator("[name=method][value=online]").first.click()
    order = PaymentOrder.objects.get()
    page.goto(f"/ho-so-cua-toi/{dossier.id}/phi/{order.id}/")
    expect(page.locator("main")).to_contain_text("100.000 đ")
    page.goto(f"/ben-thanh-toan-mau/{order.code}/")
    press(page, "Trả tiền (mẫu)")
    page.goto(f"/ho-so-cua-toi/{dossier.id}/phi/{order.id}/")
    if page.get_by_role("button", name="Kiểm tra ngay").count():
        press(page, "Kiểm tra ngay")
    expect(page.locator("main")).to_contain_text("Đã nhận tiền")
    assert Payment.objects.get().order_id == order.pk
