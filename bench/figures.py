"""Figures over many dossiers: dashboards and report 06a from kept figures, and the full recount."""

import datetime as dt
import json
import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from bench.http import Measured, fire
from bench.province import Province
from dinh.kernel.worktime import VIETNAM

__all__ = ["PAGES", "measure_pages", "measure_recount"]

CONNECTIONS = 4
_TODAY = dt.datetime.now(VIETNAM).date()
PAGES = {
    "report 06a, province, year": ("chutich.tinh", "/lam-viec/bao-cao/?" + urlencode({"ky": f"{_TODAY:%Y}"})),
    "report 06a, district, month": (
        "chutich.songcai",
        "/lam-viec/bao-cao/?" + urlencode({"ky": f"{_TODAY:%Y-%m}"}),
    ),
    "overview, province": ("chutich.tinh", "/lam-viec/tong-quan/"),
    "rating of agencies, year": (
        "chutich.tinh",
        "/lam-viec/bao-cao/danh-gia/?" + urlencode({"ky": f"{_TODAY:%Y}"}),
    ),
    "public statistics, year": ("", "/thong-ke/?" + urlencode({"ky": f"{_TODAY:%Y}"})),
}


def measure_pages(province: Province, port: int, *, seconds: float) -> dict[str, Measured]:
    """Return what each page took, over four connections."""
    names = sorted({account for account, _ in PAGES.values() if account})
    sessions = json.loads(province.ask("bench.people", "names", *names))
    found = {}
    for page, (account, path) in PAGES.items():
        cookie = f"Cookie: sessionid={sessions[account]}\r\n" if account else ""
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{cookie}\r\n"
        fire(port, [_always(head)], seconds=1, expected=200)
        found[page] = fire(port, [_always(head)] * CONNECTIONS, seconds=seconds, expected=200)
    return found


def _always(head: str) -> Callable[[], bytes]:
    request = head.encode()
    return lambda: request


def measure_recount(province: Province) -> dict[str, Any]:
    """Return the seconds of a full recount, its differences, and the rows that are kept."""
    return _last_line(province.ask("bench.figures", "recount"))


def _last_line(said: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
    return found


def _recount() -> dict[str, Any]:
    from dinh.foundation.actions.public import system
    from dinh.onestop.models import Figure
    from dinh.onestop.public import recount_figures

    check = recount_figures(by=system("bench"), now=dt.datetime.now(dt.UTC))
    return {
        "seconds": check.seconds,
        "dossiers": check.dossiers,
        "differences": check.differences,
        "kept": Figure.objects.count(),
    }


def _indicators() -> dict[str, Any]:
    from dinh.foundation.actions.public import system
    from dinh.onestop.public import count_indicators

    began = time.monotonic()
    months = count_indicators(by=system("bench"), now=dt.datetime.now(dt.UTC))
    return {"months": months, "seconds": time.monotonic() - began}


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps({"recount": _recount, "indicators": _indicators}[sys.argv[1]]()))
