"""The whole house for the story: granian, a worker, Chromium, and the small province behind them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.onestop.conftest import Province, open_signing_province  # noqa: F401
from tests.onestop.site import address_of_database, process, web
from tests.ui.browser import ARGS, PATIENCE

PASSWORD = "dinh-mau-2026"


@dataclass
class House:
    """The open site, and who walks in."""

    address: str
    province: Province
    browser: Browser
    complaints: list[str]

    def page(self, *, width: int) -> Page:
        context = self.browser.new_context(viewport={"width": width, "height": 850}, locale="vi-VN")
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: dialog.accept())
        return page

    def sign_in(self, page: Page, username: str, *, then: str) -> None:
        page.goto(f"{self.address}/dang-nhap/?next={then}")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.locator("main").get_by_role("button", name="Đăng nhập").click()
        page.wait_for_url(f"{self.address}{then}")

    def official(self, username: str) -> Page:
        page = self.page(width=1280)
        self.sign_in(page, username, then="/lam-viec/")
        return page


@pytest.fixture
def browser() -> Iterator[Browser]:
    # Chromium's loop in this thread makes Django think that it runs asynchronously.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        running = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        yield running
        running.close()


@pytest.fixture
def house(open_signing_province: Any, browser: Browser, tmp_path: Path) -> Iterator[House]:  # noqa: F811
    environment = {
        "DJANGO_SETTINGS_MODULE": "dinh.website.settings",
        "DATABASE_URL": address_of_database(),
        "DINH_DATA_DIR": str(tmp_path),
        "DINH_LOG_LEVEL": "WARNING",
    }
    log = tmp_path / "log"
    with process("manage.py", "collectstatic", "--noinput", environment=environment, log=log) as collecting:
        assert collecting.wait(120) == 0, log.read_text()[-2000:]
    with (
        process("manage.py", "work", environment=environment, log=log),
        web(environment, log=log, workers=1, threads=4) as address,
    ):
        made = House(address, open_signing_province, browser, [])
        yield made
    assert made.complaints == []
