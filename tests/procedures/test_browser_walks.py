"""Each shipped procedure as a citizen meets it, in a real browser: searched, filled in, paid, held, proved.

What officials do in between goes in at the verbs; their own screens are walked elsewhere.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from dinh.kernel.text import fold
from dinh.onestop.models import Dossier, FeeItem, Rating
from dinh.onestop.queries.readiness import form_choices
from dinh.onestop.rules.definition import Definition
from tests.onestop.conftest import Province, run_jobs
from tests.portal.test_browser import browser, in_a_thread, signed_page
from tests.procedures.conftest import Walk, paper_for
from tests.procedures.filling import fill
from tests.samples import agency_code, shipped
from tests.ui.browser import scrolls_sideways

__all__ = ["browser", "run_jobs"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PROCEDURES = shipped()
PHONE, DESK = 390, 1280


@pytest.fixture
def province(walking_sample: None) -> Province:
    return Province(keys=True)


class Citizen:
    """A person at a browser, who reads what the page says and presses what it offers."""

    def __init__(self, page: Page, address: str, definition: Definition, answers: Mapping[str, Any]) -> None:
        self.page = page
        self.address = address
        self.definition = definition
        self.answers = dict(flat(answers))
        self.stumbles: list[str] = []
        page.on("pageerror", lambda error: self.stumbles.append(str(error)))

    def press(self, name: str) -> None:
        self.page.locator("main").get_by_role("button", name=name, exact=True).first.click()

    def follow(self, name: str) -> None:
        self.page.locator("main").get_by_role("link", name=name).first.click()

    def title(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()

    def look(self) -> None:
        self.stumbles += [f"{self.title()}: {line}" for line in scrolls_sideways(self.page)]

    def find(self) -> None:
        """From the front page, by the words of its name without diacritics."""
        self.page.goto(self.address)
        self.page.fill("#home-search", fold(self.definition.short_name))
        self.page.press("#home-search", "Enter")
        self.look()
        self.page.get_by_role("link", name=self.definition.short_name, exact=True).click()
        self.look()
        self.follow("Nộp hồ sơ")

    def begin(self, agency: str) -> None:
        for choice in self.page.get_by_label(agency, exact=True).all():
            choice.check()
        self.look()
        self.press("Bắt đầu điền")
        self.follow("Điền tiếp")

    def fill_in(self) -> None:
        """Page after page, until the form asks for nothing more."""
        for _ in range(12):
            self.look()
            if self.title() in ("Giấy tờ", "Kiểm tra lại trước khi nộp"):
                return
            before = self.title()
            for name, value in self.answers.items():
                self.type(name, value)
            self.press("Lưu và tiếp tục")
            assert self.title() != before, (before, self.page.locator(".error-summary").inner_text())
        raise AssertionError("the form has no end")

    def type(self, name: str, value: Any) -> None:
        control = self.page.locator(f'main [name="{name}"]')
        if not control.count():
            return
        kind = control.first.evaluate("one => one.tagName == 'INPUT' ? one.type : one.tagName")
        if kind in ("checkbox", "radio"):
            wanted = {True: "true", False: "false"}.get(value, value)
            if kind == "radio" or value:
                self.page.locator(f'main [name="{name}"][value="{wanted}"]').check()
        elif kind == "SELECT":
            control.select_option(str(value))
        else:
            control.fill(re.sub(r"^(\d{4})-(\d\d)-(\d\d)$", r"\3/\2/\1", str(value)))

    def attach(self) -> None:
        """Give every paper that is asked for."""
        if self.title() != "Giấy tờ":
            return
        for document in self.definition.documents:
            place = self.page.locator(f"#f-{document.key}")
            if place.count():
                content, name = paper_for(document)
                kind = "image/jpeg" if name.endswith("jpg") else "application/pdf"
                named = f"{document.key} {name}"
                place.set_input_files([{"name": named, "mimeType": kind, "buffer": content.read()}])
                expect(self.page.get_by_role("link", name=named)).to_be_visible()
        self.look()
        self.press("Lưu và tiếp tục")

    def send(self) -> Dossier:
        assert self.title() == "Kiểm tra lại trước khi nộp", self.title()
        self.look()
        self.press("Nộp hồ sơ")
        expect(self.page.locator(".confirmation h1")).to_have_text("Đã nộp hồ sơ")
        self.look()
        return Dossier.objects.latest("submitted_at")

    def pay(self, dossier: Dossier) -> None:
        """Pay what is owed by now, from the dossier's own page."""
        owed = FeeItem.objects.filter(dossier=dossier, paid_at=None, amount__gt=0)
        if not (owed.filter(due="filing") if dossier.code is None else owed).exists():
            return
        self.page.goto(f"{self.address}/ho-so-cua-toi/{dossier.id}/")
        self.follow("Nộp phí, lệ phí")
        self.look()
        self.press("Thanh toán trực tuyến")
        self.press("Trả tiền (mẫu)")
        self.press("Kiểm tra ngay")
        expect(self.page.locator("main")).to_contain_text("Đã nhận tiền")
        self.look()

    def download(self, link: str) -> bytes:
        with self.page.expect_download() as waiting:
            self.follow(link)
        return Path(waiting.value.path()).read_bytes()

    def take(self, dossier: Dossier) -> None:
        """The signed result: downloaded, proved by its file and by the address in its code, rated."""
        self.page.goto(f"{self.address}/ho-so-cua-toi/{dossier.id}/")
        self.look()
        result = self.download("Tải kết quả")
        self.page.goto(f"{self.address}/kiem-tra-ket-qua/?ma={dossier.code}")
        expect(self.page.locator("main")).to_contain_text("Có kết quả được cấp theo mã này")
        file = {"name": "ket-qua.pdf", "mimeType": "application/pdf", "buffer": result}
        self.page.set_input_files("[name=tep]", [file])
        self.press("Kiểm tra")
        expect(self.page.locator("main")).to_contain_text("Đúng tệp gốc")
        self.look()
        self.page.goto(f"{self.address}/ho-so-cua-toi/{dossier.id}/")
        self.follow("Đánh giá trong một phút")
        self.page.check("[name=overall][value='3']")
        self.press("Gửi đánh giá")
        expect(self.page.locator("main")).to_contain_text("Ông/Bà đã đánh giá")


def flat(answers: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Names of the controls with what is typed into each: rows are numbered, groups joined by dots."""
    rows = answers.items() if isinstance(answers, Mapping) else enumerate(answers)
    for key, value in rows:
        name = f"{before}{key}"
        if isinstance(value, Mapping | list):
            yield from flat(value, f"{name}.")
        else:
            yield name, value


def walk_all(citizen: Citizen, walk: Walk, run_jobs: Any) -> None:
    agency = walk.province.unit(agency_code(walk.definition))
    citizen.find()
    citizen.begin(agency.name)
    citizen.fill_in()
    citizen.attach()
    dossier = citizen.send()
    citizen.pay(dossier)

    walk.now = timezone.now()
    in_a_thread(lambda: walk.accept(dossier))
    dossier.refresh_from_db()
    citizen.pay(dossier)
    in_a_thread(lambda: walk.to_the_end(dossier))
    in_a_thread(run_jobs)
    dossier.refresh_from_db()
    assert dossier.state == "returned"
    citizen.take(dossier)


@pytest.mark.parametrize("code", PROCEDURES)
def test_a_procedure_is_walked_from_the_search_to_a_proved_result(
    live_server, province, run_jobs, browser: Browser, code: str
):
    definition, number = PROCEDURES[code], list(PROCEDURES).index(code)
    walk = Walk(definition, province)
    choices = form_choices(province.unit(agency_code(definition)).id)
    answers = fill(definition.form, choices, all_of_it=bool(number % 2))
    page = signed_page(browser, live_server.url, (PHONE, DESK)[number % 2])
    citizen = Citizen(page, live_server.url, definition, answers)
    walk_all(citizen, walk, run_jobs)
    page.context.close()
    assert citizen.stumbles == []
    assert Rating.objects.count() == 1
