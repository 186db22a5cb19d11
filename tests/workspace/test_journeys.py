"""All officials through one dossier in a real browser, and the ways on which it does not go through."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from playwright.sync_api import Browser, Page, sync_playwright

from dinh.onestop.models import Dossier, Result
from dinh.onestop.public import NewPart, give_supplement
from tests.onestop.conftest import Province
from tests.ui.browser import PATIENCE
from tests.workspace.conftest import Hour, accepted, key_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ARGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
Desk = Callable[..., Page]


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        found = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=found, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def desk(browser: Browser, live_server: Any) -> Desk:
    """Open the browser of an account at a width."""

    def sit(username: str, width: int = 1280) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, base_url=live_server.url, locale="vi-VN"
        )
        context.add_cookies([{"name": "sessionid", "value": key_of(username), "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        return page

    return sit


def beside(do: Callable[[], object]) -> None:
    """Run what a worker does away from the browser's event loop."""

    def run() -> None:
        try:
            do()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as worker:
        worker.submit(run).result()


def press(page: Page, name: str) -> str:
    """Press a button of the page; returns what the page then says on top."""
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()
    return page.get_by_role("main").inner_text()


def test_a_dossier_goes_through_every_desk(
    signing_province: Province, desk: Desk, run_jobs: Callable[[], None], hour: Hour
) -> None:
    p = signing_province
    dossier = p.submitted()
    here = f"/lam-viec/ho-so/{dossier.id}/"

    clerk = desk("motcua.dinhson")
    clerk.goto("/lam-viec/")
    clerk.keyboard.press("j")
    clerk.keyboard.press("Enter")
    panel = clerk.locator("#panel")
    panel.get_by_role("heading", name=dossier.request_code).wait_for()
    panel.get_by_role("button", name="Tiếp nhận hồ sơ").click()
    clerk.get_by_text("Đã tiếp nhận. Mã hồ sơ:").wait_for()
    assert clerk.url.endswith("/lam-viec/")

    clerk.goto(here)
    assert clerk.locator("#van-ban").get_by_text("Đang lập và ký số").count() == 2
    beside(run_jobs)
    clerk.locator("#van-ban").get_by_role("link", name="Giấy tiếp nhận").click()
    clerk.locator("#xem object[type='application/pdf']").wait_for()

    specialist = desk("chuyenvien.tckh.dinhson")
    specialist.goto(here)
    press(specialist, "Nhận xử lý")
    specialist.get_by_text("Yêu cầu công dân bổ sung").click()
    specialist.get_by_label("Giấy tờ pháp lý của chủ hộ kinh doanh").fill("Chụp lại mặt sau")
    assert "Hãy ghi lý do" in press(specialist, "Gửi yêu cầu bổ sung")
    assert (
        specialist.get_by_label("Giấy tờ pháp lý của chủ hộ kinh doanh").input_value() == "Chụp lại mặt sau"
    )
    specialist.get_by_label("Lý do", exact=True).fill("Ảnh mờ")
    assert "Đang chờ công dân bổ sung" in press(specialist, "Gửi yêu cầu bổ sung")
    again = NewPart(document_key="giay_to_phap_ly", file_id=p.file(name="CCCD mặt sau.jpg"))
    give_supplement(Dossier.objects.get(), parts=[again], note="", by=p.citizen, now=p.now)

    specialist.goto(here)
    assert specialist.get_by_text("Đã thay bằng bản khác").count() == 1
    press(specialist, "Xin xác nhận của Ủy ban nhân dân xã")
    commune = desk("congchuc.binhmau.dinhson", width=390)
    commune.goto(here)
    assert "Chưa có ý kiến" in press(commune, "Xác nhận")
    commune.get_by_label("Ý kiến").fill("Đúng địa chỉ, không tranh chấp")
    assert "Đã chuyển bước tiếp theo." in press(commune, "Xác nhận")

    specialist.goto(here)
    press(specialist, "Lập dự thảo")
    specialist.locator("#xem object[type='application/pdf']").wait_for()
    specialist.get_by_label("Tên hộ kinh doanh").fill("Tạp hóa Bình Minh 2")
    press(specialist, "Lập lại dự thảo")
    press(specialist, "Trình lãnh đạo phòng")
    head = desk("truongphong.tckh.dinhson")
    head.goto(here)
    head.locator("summary", has_text="Trả lại bước trước").click()
    assert "Hãy ghi lý do" in press(head, "Trả lại để sửa")
    head.get_by_label("Lý do trả lại").fill("Ghi rõ vốn")
    assert "Hãy chọn ít nhất một giấy tờ" in press(head, "Trả lại để sửa")
    assert head.get_by_label("Lý do trả lại").input_value() == "Ghi rõ vốn"
    head.get_by_label("Dự thảo kết quả").check()
    press(head, "Trả lại để sửa")
    specialist.goto(here)
    press(specialist, "Trình lãnh đạo phòng")
    head.goto(here)
    press(head, "Trình Ủy ban nhân dân huyện ký")

    deputy = desk("phochutich.dinhson")
    deputy.goto(here)
    deputy.on("dialog", lambda dialog: dialog.accept())
    assert "Đã ký số." in press(deputy, "Ký số")
    records = desk("vanthu.dinhson")
    records.goto(here)
    assert "Đã cấp số và đóng dấu số." in press(records, "Cấp số và đóng dấu số")
    clerk.goto(here)
    clerk.get_by_label("Giấy tiếp nhận hồ sơ và hẹn trả kết quả").check()
    assert "phí, lệ phí chưa nộp" in press(clerk, "Đã trả kết quả cho người nộp")
    p.pay(dossier, "result")
    clerk.goto(here)
    assert "Hãy chọn giấy" in press(clerk, "Đã trả kết quả cho người nộp")
    clerk.get_by_label("Giấy tiếp nhận hồ sơ và hẹn trả kết quả").check()
    assert "Hồ sơ kết thúc." in press(clerk, "Đã trả kết quả cho người nộp")

    dossier.refresh_from_db()
    assert dossier.state == "returned"
    assert Result.objects.get().content["ten_ho"] == "Tạp hóa Bình Minh 2"


def test_a_dossier_is_refused_at_the_desk_and_another_after_appraisal(
    province: Province, desk: Desk, hour: Hour
) -> None:
    first, second = province.submitted(), accepted(province)
    clerk = desk("motcua.dinhson")
    clerk.goto(f"/lam-viec/ho-so/{first.id}/")
    clerk.locator("summary", has_text="Từ chối hồ sơ").click()
    clerk.get_by_label("Lý do từ chối").fill("Không thuộc thẩm quyền")
    assert "Đã từ chối hồ sơ" in press(clerk, "Từ chối hồ sơ")

    here = f"/lam-viec/ho-so/{second.id}/"
    specialist = desk("chuyenvien.tckh.dinhson")
    specialist.goto(here)
    specialist.get_by_label("Ý kiến").fill("Địa điểm không đúng quy hoạch")
    press(specialist, "Đề nghị từ chối")
    head = desk("truongphong.tckh.dinhson")
    head.goto(here)
    head.get_by_label("Ý kiến").fill("Đồng ý")
    press(head, "Đồng ý từ chối")
    clerk.goto(here)
    # What the head agreed with is read and sent; there is nothing to write.
    assert "Địa điểm không đúng quy hoạch" in clerk.get_by_role("main").inner_text()
    assert clerk.get_by_label("Lý do từ chối").count() == 0
    assert "Đã gửi thông báo từ chối" in press(clerk, "Gửi thông báo từ chối")
    assert set(Dossier.objects.values_list("state", flat=True)) == {"refused"}


def test_main_pages_are_for_everybody(province: Province, desk: Desk, hour: Hour) -> None:
    dossier = accepted(province)
    pages = {
        "motcua.dinhson": ["/lam-viec/?viec=all", "/lam-viec/ho-so/", "/lam-viec/tiep-nhan/1.001612/"],
        "chuyenvien.tckh.dinhson": [
            "/lam-viec/",
            f"/lam-viec/ho-so/{dossier.id}/",
            f"/lam-viec/ho-so/{dossier.id}/?phan=dien-bien",
        ],
        "chutich.dinhson": ["/lam-viec/tong-quan/"],
        "soan.thutuc": ["/quan-tri/thu-tuc/"],
    }
    faults = []
    for width in (1280, 390):
        for username, addresses in pages.items():
            page = desk(username, width)
            for address in addresses:
                page.goto(address)
                wide = page.evaluate("document.documentElement.scrollWidth")
                faults += [f"{address} at {width}: {wide} px wide"] if wide > width else []
                for fault in Axe().run(page).response["violations"]:
                    faults += [
                        f"{address} at {width}: {fault['id']} {node['html'][:120]}" for node in fault["nodes"]
                    ]
            page.goto(addresses[0])
    assert faults == [], "\n".join(faults)
