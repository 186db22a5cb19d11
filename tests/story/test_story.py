"""The first dossier, end to end, in a real browser: the citizen on a phone, officials at their desks."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dinh.onestop.models import Dossier, Paper, Rating
from tests.onestop.conftest import check_whole, picture
from tests.story.conftest import House
from tests.waiting import wait_until

pytestmark = pytest.mark.browser

PHONE = 390


def photo(name: str) -> dict[str, object]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": picture().read()}


def press(page: Page, button: str) -> None:
    page.locator("main").get_by_role("button", name=button, exact=True).click()


def file_it(house: House, page: Page) -> None:
    """Find the procedure without diacritics, fill the form, upload a photo, send."""
    page.goto(house.address)
    page.fill("#home-search", "ho kinh doanh")
    page.press("#home-search", "Enter")
    page.get_by_role("link", name="Thành lập hộ kinh doanh").click()
    page.get_by_role("link", name="Nộp hồ sơ").first.click()
    page.fill("[name=username]", "congdan")
    page.fill("[name=password]", "dinh-mau-2026")
    page.locator("main").get_by_role("button", name="Đăng nhập").click()
    press(page, "Bắt đầu điền")
    page.get_by_role("link", name="Điền tiếp").click()
    page.fill("[name=ten_ho]", "Tạp hóa Bình Minh")
    page.select_option("[name=xa]", "H99.31.011")
    page.fill("[name=dia_chi]", "Thôn 3")
    press(page, "Lưu và tiếp tục")
    page.fill("[name='nganh_nghe.0.ten']", "Bán lẻ tạp hóa")
    page.fill("[name=von]", "50000000")
    page.fill("[name=so_lao_dong]", "2")
    press(page, "Lưu và tiếp tục")
    page.check("[name=chu_the][value=ca_nhan]")
    page.check("[name='chu_ho.gioi_tinh'][value=nu]")
    press(page, "Lưu và tiếp tục")
    page.check("[name=cam_ket]")
    press(page, "Lưu và tiếp tục")
    page.locator("#f-giay_to_phap_ly").set_input_files([photo("CCCD mặt trước.jpg")])
    expect(page.get_by_role("link", name="CCCD mặt trước.jpg")).to_be_visible()
    press(page, "Lưu và tiếp tục")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kiểm tra lại trước khi nộp")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    press(page, "Nộp hồ sơ")
    expect(page.locator(".confirmation h1")).to_have_text("Đã nộp hồ sơ")


def download(page: Page, link: str) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=link).click()
    return Path(waiting.value.path()).read_bytes()


def handle(house: House, page: Page, dossier: Dossier, *buttons: str) -> None:
    """Open the dossier at one's desk and press one button after another; each leads on."""
    for button in buttons:
        page.goto(f"{house.address}/lam-viec/ho-so/{dossier.id}/")
        press(page, button)
        page.wait_for_load_state()
        expect(page.locator("main .error-summary")).to_have_count(0)


def test_the_first_dossier_from_the_citizens_phone_to_a_verified_result(house):
    citizen = house.page(width=PHONE)
    file_it(house, citizen)
    dossier = Dossier.objects.get()
    expect(citizen.locator("#proof")).to_contain_text("Tải xác nhận đã nộp")
    assert download(citizen, "Tải xác nhận").startswith(b"%PDF")

    clerk = house.official("motcua.dinhson")
    expect(clerk.locator("main")).to_contain_text(dossier.request_code)
    handle(house, clerk, dossier, "Tiếp nhận hồ sơ")
    expect(clerk.get_by_role("heading", level=1)).to_contain_text(re.compile(r"H99\.31-\d{6}-0001"))
    wait_until(lambda: Paper.objects.get(form="receipt").state == "ready")

    specialist = house.official("chuyenvien.tckh.dinhson")
    handle(house, specialist, dossier, "Nhận xử lý", "Xin xác nhận của Ủy ban nhân dân xã")
    commune = house.official("congchuc.binhmau.dinhson")
    commune.goto(f"{house.address}/lam-viec/ho-so/{dossier.id}/")
    commune.get_by_label("Ý kiến").fill("Đúng địa chỉ, không tranh chấp.")
    press(commune, "Xác nhận")
    commune.wait_for_load_state()
    expect(commune.locator("main .error-summary")).to_have_count(0)
    handle(house, specialist, dossier, "Lập dự thảo", "Trình lãnh đạo phòng")
    head = house.official("truongphong.tckh.dinhson")
    handle(house, head, dossier, "Trình Ủy ban nhân dân huyện ký")
    deputy = house.official("phochutich.dinhson")
    handle(house, deputy, dossier, "Ký số")
    records = house.official("vanthu.dinhson")
    handle(house, records, dossier, "Cấp số và đóng dấu số")
    clerk.on("dialog", lambda dialog: dialog.accept())
    clerk.goto(f"{house.address}/lam-viec/ho-so/{dossier.id}/phi/")
    clerk.get_by_role("button", name=re.compile("Thu tiền mặt")).click()
    clerk.wait_for_load_state()
    clerk.goto(f"{house.address}/lam-viec/ho-so/{dossier.id}/")
    clerk.get_by_label("Giấy tiếp nhận hồ sơ và hẹn trả kết quả").check()
    press(clerk, "Đã trả kết quả cho người nộp")
    clerk.wait_for_load_state()
    dossier.refresh_from_db()
    assert dossier.state == "returned"
    check_whole(dossier.id)

    citizen.goto(f"{house.address}/ho-so-cua-toi/{dossier.id}/")
    expect(citizen.locator("main")).to_contain_text("01/GCN-HKD")
    result = download(citizen, "Tải kết quả")
    citizen.get_by_role("link", name="Đánh giá trong một phút").click()
    citizen.check("[name=overall][value='3']")
    press(citizen, "Gửi đánh giá")
    wait_until(Rating.objects.exists)

    visitor = house.page(width=PHONE)
    visitor.goto(f"{house.address}/kiem-tra-ket-qua/")
    visitor.fill("[name=ma]", dossier.code)
    visitor.set_input_files(
        "[name=tep]", [{"name": "ket-qua.pdf", "mimeType": "application/pdf", "buffer": result}]
    )
    press(visitor, "Kiểm tra")
    expect(visitor.locator("main")).to_contain_text("Có kết quả được cấp theo mã này")
    expect(visitor.locator("main")).not_to_contain_text("Không phải tệp gốc")
    visitor.goto(f"{house.address}/tra-cuu/?ma={dossier.code}")
    expect(visitor.locator("main")).to_contain_text("Đã trả kết quả")
    assert dossier.applicant_name not in visitor.content()
