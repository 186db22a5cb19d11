"""An official's morning in a real browser, without JavaScript."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from dinh.sso.models import Session
from tests.sso.conftest import PASSWORD, House
from tests.ui.browser import chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page() -> Iterator[Page]:
    with chromium() as browser:
        yield browser.new_context(java_script_enabled=False).new_page()


def _sign_in(page: Page, password: str = PASSWORD) -> None:
    page.get_by_label("Tên đăng nhập").fill("binh.tv")
    page.get_by_label("Mật khẩu", exact=True).fill(password)
    page.get_by_role("main").get_by_role("button", name="Đăng nhập").click()


def test_sign_in_choose_change_password_and_come_back_after_the_session_ended(
    page: Page, live_server: Any, house: House
) -> None:
    house.official(
        "binh.tv",
        "Trần Văn Bình",
        house.position(house.units["north"], "Phó Chủ tịch"),
        house.position(house.units["south"], "Trưởng ban"),
    )
    page.goto(f"{live_server.url}/doi-mat-khau/")
    _sign_in(page, "sai mật khẩu")
    assert page.get_by_role("alert").inner_text().startswith("Chưa đăng nhập được")
    _sign_in(page)
    page.get_by_label("Trưởng ban").check()
    page.get_by_role("button", name="Làm việc với chức vụ này").click()
    expect(page).to_have_url(f"{live_server.url}/doi-mat-khau/")
    Session.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    page.get_by_label("Mật khẩu hiện tại").fill(PASSWORD)
    page.get_by_role("button", name="Đổi mật khẩu").click()
    assert "lâu không dùng" in page.get_by_role("main").inner_text()
    _sign_in(page)
    expect(page).to_have_url(f"{live_server.url}/doi-mat-khau/")
    page.get_by_label("Mật khẩu hiện tại").fill(PASSWORD)
    for label in ("Mật khẩu mới", "Nhập lại mật khẩu mới"):
        page.get_by_label(label, exact=True).fill("con đò sang sông")
    page.get_by_role("button", name="Đổi mật khẩu").click()
    text = page.get_by_role("main").inner_text()
    assert "Đã đổi mật khẩu" in text and "Trưởng ban" in text
