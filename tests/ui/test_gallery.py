"""Every component in a real browser: readable, operable, light, and without a fault that axe can find."""

import gzip
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page

from dinh.foundation.ui.public import icon, identity_css, province
from tests.ui.browser import ORIGIN, answer_from, axe_problems, chromium

QUERIES = ("", "?trang=cong-dan", "?bang=1")
ADDRESS = "/quan-tri/giao-dien/"
ROOMS = Path(__file__).resolve().parents[2] / "dinh"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def pages(gallery_page: Callable[[str], str]) -> dict[str, str]:
    return {f"{ADDRESS}{query}": gallery_page(query) for query in QUERIES}


def opened(browser: Browser, pages: dict[str, str], query: str, width: int, **options: object) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900}, **options)
    page.complaints = answer_from(page, pages)
    page.goto(f"{ORIGIN}{ADDRESS}{query}")
    return page


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("query", QUERIES)
def test_no_component_has_an_accessibility_fault(
    browser: Browser, pages: dict[str, str], query: str, width: int
) -> None:
    page = opened(browser, pages, query, width)
    assert axe_problems(page) == []
    assert page.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.browser
def test_the_narrowest_phone_scrolls_only_downwards(browser: Browser, pages: dict[str, str]) -> None:
    page = opened(browser, pages, "?trang=cong-dan", 320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.close()


@pytest.mark.browser
def test_a_list_is_walked_by_keys(browser: Browser, pages: dict[str, str]) -> None:
    page = opened(browser, pages, "", 1280)
    page.locator("body").press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.locator("tr.is-here").get_attribute("data-row") == "#ho-so-2"
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    assert page.url.endswith("#ho-so-1")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "top-search"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert page.locator("dialog.keys").is_visible()
    assert "Chờ ký" in page.locator("[data-keys-go]").inner_text()
    page.close()


@pytest.mark.browser
def test_what_is_to_be_done_is_one_key_away(browser: Browser, pages: dict[str, str]) -> None:
    page = opened(browser, pages, "", 1280)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("a")
    assert page.evaluate("document.activeElement.closest('.next-up') !== null")
    page.close()


@pytest.mark.browser
def test_a_conditional_field_appears_when_it_is_asked_for(browser: Browser, pages: dict[str, str]) -> None:
    page = opened(browser, pages, "", 1280)
    field = page.locator("[name=so_cu]")
    assert not field.is_visible()
    assert field.is_disabled()
    page.locator("[name=loai][value=doi]").check()
    assert field.is_visible()
    page.locator("[name=loai][value=moi]").check()
    assert not field.is_visible()
    page.close()


@pytest.mark.browser
def test_without_script_every_field_and_the_phones_menu_can_be_reached(
    browser: Browser, pages: dict[str, str]
) -> None:
    page = opened(browser, pages, "", 390, java_script_enabled=False)
    assert page.locator("[name=so_cu]").is_visible()
    assert page.get_by_text("Chỉ điền khi “").first.is_visible()
    assert not page.locator("#rail").is_visible()
    page.locator(".top-menu").click()
    assert page.locator("#rail").is_visible()
    page.close()


@pytest.mark.browser
def test_money_is_grouped_and_dates_get_their_slashes_while_typing(
    browser: Browser, pages: dict[str, str]
) -> None:
    page = opened(browser, pages, "", 1280)
    page.locator("#f-g-money").fill("")
    page.locator("#f-g-money").press_sequentially("1500000")
    assert page.locator("#f-g-money").input_value() == "1.500.000"
    page.locator("#f-g-born").fill("")
    page.locator("#f-g-born").press_sequentially("05091990")
    assert page.locator("#f-g-born").input_value() == "05/09/1990"
    page.close()


@pytest.mark.browser
def test_a_drawn_page_on_paper_has_no_controls(browser: Browser, pages: dict[str, str]) -> None:
    page = opened(browser, pages, "", 1280)
    page.emulate_media(media="print")
    assert not page.locator(".rail").is_visible()
    assert not page.locator(".top").is_visible()
    assert page.locator(".table").first.is_visible()
    page.close()


def test_a_first_page_weighs_less_than_100_kilobytes(pages: dict[str, str]) -> None:
    html = pages[f"{ADDRESS}?trang=cong-dan"]
    files = re.findall(r'(?:href|src)="/static/([^"]+)"', html)
    fonts = ["ui/fonts/be-vietnam-pro-400.woff2", "ui/fonts/be-vietnam-pro-600.woff2"]
    names = {*(name for name in files if not name.endswith("woff2")), *fonts}
    weight = sum(_sent_size(Path(str(finders.find(name)))) for name in names)
    assert weight + len(gzip.compress(html.encode())) < 100_000


def _sent_size(path: Path) -> int:
    content = path.read_bytes()
    return len(content) if path.suffix == ".woff2" else len(gzip.compress(content))


def test_pages_hold_no_inline_style_or_script(pages: dict[str, str]) -> None:
    for html in pages.values():
        assert not re.search(r"\sstyle=", html)
        assert not re.search(r"<script(?![^>]*\ssrc=)", html)
        assert not re.search(r"\son[a-z]+=\"", html)


def test_every_icon_that_a_template_names_exists() -> None:
    named = re.compile(r"""(?:icon\(|icon=)"([a-z0-9-]+)\"""")
    for template in ROOMS.glob("**/templates/**/*.html"):
        for name in named.findall(template.read_text()):
            assert "<svg" in icon(name), f"{template.name}: {name}"


def test_the_identity_stylesheet_sets_the_provinces_colours() -> None:
    assert f"--brand:{province().colour}" in identity_css(province())
