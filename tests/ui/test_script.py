"""What the browser adds: forms kept as they are typed, uploads with progress, one sending for two clicks."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.ui.browser import ORIGIN, answer_from, chromium
from tests.ui.conftest import draw

PAGE = """<!doctype html><html lang="vi"><title>–</title><body>
<form method="post" action="/nop/" data-autosave="/nhap/">
<input type="hidden" name="csrfmiddlewaretoken" value="token">{{ ui.text("ten", "Tên") }}
{{ ui.upload("giay", "Giấy tờ", address="/tep/") }}{{ ui.button("Nộp") }}</form>
<script src="/static/ui/ui.js" defer></script></body></html>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    answer_from(opened, {"/mau/": draw(PAGE)})
    opened.goto(f"{ORIGIN}/mau/")
    yield opened
    opened.close()


@pytest.mark.browser
def test_what_is_typed_is_kept_and_says_when(page: Page) -> None:
    with page.expect_request(f"{ORIGIN}/nhap/") as saved:
        page.locator("#f-ten").fill("Sen Hồng")
    assert saved.value.headers["x-autosave"] == "1"
    assert saved.value.headers["x-csrftoken"] == "token"
    assert "Sen Hồng" in (saved.value.post_data_buffer or b"").decode()
    page.get_by_text("Đã lưu lúc").wait_for()


@pytest.mark.browser
def test_a_page_that_nobody_typed_on_keeps_nothing_when_it_is_left(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    # As a browser fills a page again that it goes back to.
    page.evaluate("document.querySelector('#f-ten').value = 'Sen'")
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true})")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(200)
    assert asked == []


@pytest.mark.browser
def test_a_draft_that_could_not_be_kept_says_so(page: Page) -> None:
    page.route(f"{ORIGIN}/nhap/", lambda route: route.fulfill(status=500))
    page.locator("#f-ten").fill("Sen Hồng")
    page.get_by_text("Chưa lưu được").wait_for()
    assert page.locator("#f-ten").input_value() == "Sen Hồng"


@pytest.mark.browser
def test_an_uploaded_file_stands_in_the_list_and_a_refused_one_says_why(page: Page) -> None:
    def answer(route: Route) -> None:
        body = (route.request.post_data_buffer or b"").decode()
        assert route.request.headers["x-upload"] == "1"
        if "EICAR" in body:
            route.fulfill(
                status=422, content_type="text/plain; charset=utf-8", body="Tệp có mã độc. Hãy chọn tệp khác."
            )
        else:
            route.fulfill(status=201, body='<li class="file">Giấy.pdf đã nhận</li>')

    page.route(f"{ORIGIN}/tep/", answer)
    box = page.locator("#f-giay")
    box.set_input_files({"name": "Giấy.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"})
    page.get_by_text("Giấy.pdf đã nhận").wait_for()
    box.set_input_files({"name": "<b>xấu</b>.pdf", "mimeType": "application/pdf", "buffer": b"EICAR"})
    page.locator(".file .error").get_by_text("Tệp có mã độc").wait_for()
    assert page.locator(".file b").count() == 0


@pytest.mark.browser
def test_a_double_click_sends_once(page: Page) -> None:
    sent: list[str] = []

    def take(route: Route) -> None:
        sent.append(route.request.url)
        route.fulfill(status=204)

    page.route(f"{ORIGIN}/nop/", take)
    for _click in range(2):
        page.get_by_role("button", name="Nộp").dispatch_event("click")
        page.wait_for_timeout(200)
    assert len(sent) == 1
