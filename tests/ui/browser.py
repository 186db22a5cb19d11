"""A real browser on pages drawn without a server: every address is answered from what was drawn.

To look at many pages cheaply: ``open_as`` an account, let it draw its pages (``drawn``), then ask a browser
about all of them (``problems_of``). Which pages there are is read from the table of addresses
(``addresses_for``).
"""

import mimetypes
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.db import connections
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from dinh.foundation.directory.public import held_positions
from dinh.foundation.ui.middleware import CONTENT_SECURITY_POLICY
from dinh.foundation.ui.public import identity_css, province
from dinh.sso.models import Account
from dinh.sso.public import open_session
from dinh.website.management.generated.routes import audiences

PHONE = 390
ORIGIN = "http://dinh.test"
ARGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
# How long a page may take, in milliseconds; what comes sooner is not waited for.
PATIENCE = 120_000
expect.set_options(timeout=PATIENCE)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a browser. While it runs, Django takes the thread for an asynchronous one: what a test then asks
    of the database goes over a connection of its own, which is given back here.
    """
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        browser.close()
        connections.close_all()


def answer_from(page: Page, pages: Mapping[str, str]) -> list[str]:
    """Answer the page's requests from ``pages`` (address: HTML); returns the growing list of complaints."""
    complaints: list[str] = []
    page.set_default_timeout(PATIENCE)
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def answer(route: Route) -> None:
        address = route.request.url.removeprefix(ORIGIN)
        path = address.split("?")[0].split("#")[0]
        if path.startswith("/static/"):
            found = finders.find(path.removeprefix("/static/"))
            kind = mimetypes.guess_type(path)[0] or "font/woff2"
            route.fulfill(body=Path(str(found)).read_bytes(), content_type=kind)
        elif path == "/identity.css":
            route.fulfill(body=identity_css(province()), content_type="text/css")
        else:
            headers = {
                "Content-Type": "text/html; charset=utf-8",
                "Content-Security-Policy": CONTENT_SECURITY_POLICY,
            }
            route.fulfill(body=pages.get(address, "<title>–</title>"), headers=headers)

    page.route(f"{ORIGIN}/**", answer)
    return complaints


def open_as(account: str) -> Client:
    """A client in which the account's owner is signed in, an official in the first position; "" a visitor."""
    client = Client()
    if account:
        owner = Account.objects.select_related("person").get(username=account)
        held = held_positions(owner.person_id, timezone.localdate())
        position_id = held[0].position_id if owner.kind == "official" and held else None
        key, _ = open_session(owner, position_id=position_id, method="test", now=timezone.now())
        client.cookies["sessionid"] = key
    return client


def addresses_for(*audience: str) -> list[str]:
    """The addresses, with their parameters, for any of these: everyone, signed_in, citizen, official."""
    return [address for address, who in audiences().items() if who in audience]


def filled(address: str, values: Mapping[str, object]) -> str:
    """The address with ``values["thing_id"]`` in the place of ``<uuid:thing_id>``; KeyError names a lack."""
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), address)


def drawn(client: Client, addresses: Iterable[str], *, status: int = 200) -> dict[str, str]:
    """The HTML pages of this status among the addresses, by address. Left out is what only takes forms, sends
    files, leads on or is a part of a page; an answer of any other status is an error.
    """
    pages = {}
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code in (status, 302, 304, 405), (address, answer.status_code)
        is_html = answer.get("Content-Type", "").startswith("text/html")
        text = answer.content.decode() if answer.status_code == status and is_html else ""
        if text.startswith("<!doctype"):
            pages[address] = text
    return pages


def problems_of(
    pages: Mapping[str, str], *, width: int = PHONE, also: Sequence[int] = (360, 1280)
) -> dict[str, list[str]]:
    """What is wrong with each page in a browser of this width: axe, errors of scripts, scrolling sideways,
    the last at the widths ``also`` too.

    Start no browser around it. Pages without a problem are left out.
    """
    found = {}
    with chromium() as browser:
        page = browser.new_page(locale="vi-VN")
        complaints = answer_from(page, pages)
        for address in pages:
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(f"{ORIGIN}{address}")
            problems = axe_problems(page)
            for other in also:
                page.set_viewport_size({"width": other, "height": 800})
                problems += scrolls_sideways(page)
            if problems + complaints:
                found[address] = problems + complaints
            complaints.clear()
    return found


def axe_problems(page: Page) -> list[str]:
    """What axe finds on the page that is open, a line a fault; and whether it scrolls sideways."""
    results = (
        Axe().run(page, options={"resultTypes": ["violations"], "preload": False}).response["violations"]
    )
    lines = [f"{fault['id']}: {node['html'][:140]}" for fault in results for node in fault["nodes"]]
    return lines + scrolls_sideways(page)


def scrolls_sideways(page: Page) -> list[str]:
    """A line when the page is broader than the window."""
    page.wait_for_load_state("load")
    broad, window = page.evaluate("[document.documentElement?.scrollWidth ?? 0, innerWidth]")
    return [f"scrolls sideways: {broad} in {window}"] if broad > window else []
