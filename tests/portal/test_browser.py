"""The citizen's story in a real browser on a phone, with a script and without; and what axe finds."""

import io
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from dinh.foundation.files.public import open_content
from dinh.onestop.models import Dossier, DraftFile, Visit
from dinh.onestop.public import accept, plan_visits
from tests.onestop.conftest import picture
from tests.portal.conftest import begin, signed_in
from tests.portal.test_pieces import large
from tests.ui.browser import ARGS, PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE, SMALL_PHONE = 390, 360
PASSWORD = "dinh-mau-2026"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium in a thread's loop of its own would make Django think that it runs asynchronously."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        running = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        yield running
        running.close()


def open_page(browser: Browser, width: int = PHONE, **options: Any) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 800}, locale="en-US", **options).new_page()
    page.set_default_timeout(PATIENCE)
    return page


def signed_page(browser: Browser, address: str, width: int, username: str = "congdan") -> Page:
    page = open_page(browser, width)
    key = signed_in(username).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": key, "url": address}])
    return page


def photo_file(name: str) -> dict[str, Any]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": picture().read()}


def in_a_thread(work: Callable[[], None]) -> None:
    """Do work that runs a loop of its own beside the browser's, and raise what it raises."""
    raised: list[Exception] = []

    def run() -> None:
        try:
            work()
        except Exception as error:
            raised.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if raised:
        raise raised[0]


def story(page: Page, address: str, *, has_script: bool) -> None:
    """From the front page to the confirmation."""
    page.goto(address)
    page.fill("#home-search", "ho kinh doanh")
    page.press("#home-search", "Enter")
    page.get_by_role("link", name="Thành lập hộ kinh doanh").click()
    page.get_by_role("link", name="Nộp hồ sơ").first.click()
    page.fill("[name=username]", "congdan")
    page.fill("[name=password]", PASSWORD)
    page.locator("main").get_by_role("button", name="Đăng nhập").click()
    page.get_by_role("button", name="Bắt đầu điền").click()
    page.get_by_role("link", name="Điền tiếp").click()

    page.get_by_role("button", name="Lưu và tiếp tục").click()
    expect(page.locator(".error-summary")).to_be_visible()
    page.fill("[name=ten_ho]", "Tạp hóa Bình Minh")
    page.select_option("[name=xa]", "H99.31.011")
    page.fill("[name=dia_chi]", "Thôn 3")
    page.get_by_role("button", name="Lưu và tiếp tục").click()

    page.fill("[name='nganh_nghe.0.ten']", "Bán lẻ tạp hóa")
    page.get_by_role("button", name="Thêm Ngành").click()
    page.fill("[name='nganh_nghe.1.ten']", "Bán nước giải khát")
    page.fill("[name=von]", "50000000")
    page.fill("[name=so_lao_dong]", "2")
    page.get_by_role("button", name="Lưu và tiếp tục").click()

    page.check("[name=chu_the][value=ca_nhan]")
    page.check("[name='chu_ho.gioi_tinh'][value=nu]")
    page.get_by_role("button", name="Lưu và tiếp tục").click()
    page.check("[name=cam_ket]")
    page.get_by_role("button", name="Lưu và tiếp tục").click()

    upload = page.locator("#f-giay_to_phap_ly")
    if has_script:
        upload.set_input_files([photo_file("CCCD mặt trước.jpg"), {**photo_file("Trống.pdf"), "buffer": b""}])
        expect(page.locator(".file .error")).to_contain_text("0 byte")
        expect(page.get_by_role("link", name="CCCD mặt trước.jpg")).to_be_visible()
    else:
        upload.set_input_files([photo_file("CCCD mặt trước.jpg")])
    page.get_by_role("button", name="Lưu và tiếp tục").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Kiểm tra lại trước khi nộp")
    page.get_by_role("button", name="Nộp hồ sơ").click()
    expect(page.locator(".confirmation h1")).to_have_text("Đã nộp hồ sơ")


def test_a_citizen_files_on_a_phone_and_follows(live_server, signing_province, run_jobs, browser):
    page = open_page(browser)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    story(page, live_server.url, has_script=True)
    dossier = Dossier.objects.get()
    expect(page.locator("#proof")).to_contain_text("đang lập")
    in_a_thread(run_jobs)
    expect(page.locator("#proof")).to_contain_text("Tải xác nhận đã nộp")
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải xác nhận").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE

    page.get_by_role("link", name="Xem hồ sơ").click()
    expect(page.locator(".step-now")).to_contain_text("Đã nộp")
    accept(dossier, by=signing_province.clerk, now=signing_province.now)
    page.reload()
    expect(page.locator(".step-now")).to_contain_text("Đang xử lý")
    page.get_by_text("Vì sao là ngày này?").click()
    expect(page.locator(".why li").first).to_be_visible()

    visitor = open_page(browser)
    visitor.goto(live_server.url)
    visitor.fill("[name=ma]", dossier.request_code)
    visitor.get_by_role("button", name="Tra cứu").click()
    expect(visitor.locator(".step-now")).to_contain_text("Đang xử lý")
    assert dossier.applicant_name not in visitor.content()
    assert complaints == []


def test_the_same_story_runs_without_javascript(live_server, signing_province, browser):
    page = open_page(browser, 360, java_script_enabled=False)
    story(page, live_server.url, has_script=False)
    assert Dossier.objects.get().parts.count() == 1
    assert page.get_by_role("link", name="Tải lại trang").is_visible()


def test_typing_is_saved_and_an_upload_after_sign_out_says_so(live_server, province, browser):
    client = signed_in("congdan")
    address = begin(client, province)
    page = signed_page(browser, live_server.url, PHONE)
    page.goto(f"{live_server.url}{address}khai/ho_kinh_doanh/")
    page.fill("[name=ten_ho]", "Quán Gió")
    expect(page.locator(".saved")).to_contain_text("Đã lưu lúc")
    page.goto(f"{live_server.url}{address}khai/ho_kinh_doanh/")
    expect(page.locator("[name=ten_ho]")).to_have_value("Quán Gió")
    page.goto(f"{live_server.url}{address}giay-to/")
    page.context.clear_cookies(name="sessionid")
    page.locator("#f-giay_to_phap_ly").set_input_files([photo_file("Ảnh.jpg")])
    expect(page.locator(".file .error")).to_contain_text("Phiên đăng nhập đã kết thúc")


def test_a_large_photo_goes_on_after_the_line_was_cut(live_server, province, browser):
    """The third request for a piece never arrives; the rest is sent by itself, nothing twice."""
    client = signed_in("congdan")
    address = begin(client, province)
    page = signed_page(browser, live_server.url, PHONE)
    page.goto(f"{live_server.url}{address}giay-to/")
    sent: list[int] = []

    def cut(route: Any) -> None:
        if route.request.method == "PATCH":
            sent.append(int(route.request.headers["upload-offset"]))
            if len(sent) == 2:
                route.abort("connectionreset")
                return
        route.continue_()

    page.route("**/tai-len/**", cut)
    data = large()
    file = {"name": "Sổ đỏ.jpg", "mimeType": "image/jpeg", "buffer": data}
    page.locator("#f-giay_to_phap_ly").set_input_files([file])
    # Whoever goes on at once does not leave the file behind: the page waits for it.
    page.get_by_role("button", name="Lưu và tiếp tục").click()
    page.wait_for_url("**/kiem-tra/")
    expect(page.get_by_role("link", name="Sổ đỏ.jpg")).to_be_visible()
    assert sent[:3] == [0, 512 * 1024, 512 * 1024]
    assert len(sent) == -(-len(data) // (512 * 1024)) + 1
    kept = DraftFile.objects.select_related("file").get()
    assert kept.file.size == len(data)


def test_an_appointment_is_booked_with_the_keyboard_alone(live_server, province, browser):
    plan_visits(
        province.clerk.unit_id, is_open=True, minutes=60, places=1, weekdays=[1, 2, 3, 4, 5], days_ahead=7,
        note="", by=province.clerk,
    )  # fmt: skip
    page = signed_page(browser, live_server.url, SMALL_PHONE)
    page.goto(f"{live_server.url}/lich-hen/dat/H99.31.00/")

    def tab_to(name: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if (
                page.evaluate("document.activeElement.name || document.activeElement.innerText.trim()")
                == name
            ):
                return
        raise AssertionError(f"no way to {name} with the keyboard")

    tab_to("at")
    page.keyboard.press("Space")
    tab_to("wish")
    page.keyboard.press("ArrowDown")
    tab_to("note")
    page.keyboard.type("Xin ghế ngồi")
    tab_to("Hẹn giờ đến làm việc")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lịch hẹn của tôi")
    assert Visit.objects.get().note == "Xin ghế ngồi"


def camera_photo() -> bytes:
    """What a telephone makes: twelve megapixels, several megabytes, lying on its side with a note which."""
    content = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    coarse = Image.effect_noise((400, 300), 60).resize((4000, 3000))
    fine = Image.effect_noise((4000, 3000), 30)
    Image.blend(coarse, fine, 0.5).convert("RGB").save(content, "JPEG", quality=95, exif=exif.tobytes())
    return content.getvalue()


def test_a_photo_of_a_telephone_is_made_lighter_before_it_goes_over_a_slow_line(
    live_server, province, browser
):
    client = signed_in("congdan")
    address = begin(client, province)
    page = signed_page(browser, live_server.url, PHONE)
    page.goto(f"{live_server.url}{address}giay-to/")
    data = camera_photo()
    file = {"name": "Căn cước.jpg", "mimeType": "image/jpeg", "buffer": data}
    page.locator("#f-giay_to_phap_ly").set_input_files([file])
    expect(page.get_by_role("link", name="Căn cước.jpg")).to_be_visible()
    expect(page.locator(".file-name .file-note")).to_contain_text("Ảnh đã được thu gọn từ")
    kept = DraftFile.objects.select_related("file").get().file
    assert kept.size < len(data) / 2
    with open_content(kept.pk) as content, Image.open(content) as picture:
        assert picture.size == (1950, 2600)
