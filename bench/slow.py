"""Bytes and time to the first page on a slow line, in Chromium: the first visit, and one with its cache."""

from typing import Any

from bench.pages import prepared_pages
from bench.province import Province

__all__ = ["KILOBITS", "LATENCY", "measure_slow_line"]

# A weak mobile network: what Chromium's own throttle lets through, both ways, and how long a turn takes.
KILOBITS, LATENCY = 400, 400
PHONE = {"width": 390, "height": 844}
PAGES = ("portal: home", "portal: a procedure", "citizen: a page of the form", "citizen: my dossiers")
CHROMIUM = "/usr/bin/chromium"

_TIMES = """() => {
    const paint = performance.getEntriesByName('first-contentful-paint')[0];
    const page = performance.getEntriesByType('navigation')[0];
    return {painted: paint ? paint.startTime : 0, loaded: page.loadEventEnd};
}"""


def measure_slow_line(province: Province, port: int) -> dict[str, dict[str, Any]]:
    """Return for each page, cold and warm: bytes over the line, requests, ms to first text and to the end."""
    from playwright.sync_api import sync_playwright

    pages = prepared_pages(province)
    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name in PAGES:
            context = browser.new_context(viewport=PHONE, locale="vi-VN")
            if session := pages[name]["session"]:
                cookie = {"name": "sessionid", "value": session, "url": f"http://127.0.0.1:{port}"}
                context.add_cookies([cookie])  # type: ignore[list-item]
            address = f"http://127.0.0.1:{port}{pages[name]['path']}"
            found[name] = {"cold": _visit(context, address), "warm": _visit(context, address)}
            context.close()
        browser.close()
    return found


def _visit(context: Any, address: str) -> dict[str, float]:
    """Open the address in a new tab of the context, on the slow line."""
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    rate = KILOBITS * 1000 / 8
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": LATENCY, "downloadThroughput": rate, "uploadThroughput": rate},
    )
    over_the_line: list[float] = []
    line.on("Network.loadingFinished", lambda event: over_the_line.append(event["encodedDataLength"]))
    answer = page.goto(address, wait_until="load", timeout=120_000)
    assert answer is not None
    assert answer.status == 200, (address, answer.status)
    page.wait_for_load_state("networkidle")
    times = page.evaluate(_TIMES)
    page.close()
    asked = [size for size in over_the_line if size]
    return {"bytes": sum(asked), "requests": len(asked), **times}
