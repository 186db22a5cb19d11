"""A real browser on pages drawn without a server: every address is answered from what was drawn."""

import mimetypes
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.db import connections
from playwright.sync_api import Browser, Page, Route, sync_playwright

from dinh.foundation.ui.middleware import CONTENT_SECURITY_POLICY
from dinh.foundation.ui.public import identity_css, province

ORIGIN = "http://dinh.test"
ARGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


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


def accessibility_faults(page: Page) -> list[str]:
    """What axe finds, a line a fault."""
    results = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {node['html'][:140]}" for fault in results for node in fault["nodes"]]
