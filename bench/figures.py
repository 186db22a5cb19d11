"""Figures over many dossiers: dashboards and report 06a from kept figures, the full recount, a large XLSX."""

import datetime as dt
import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from bench.http import Measured, fire
from bench.province import Province

__all__ = ["PAGES", "measure_export", "measure_pages", "measure_recount"]

CONNECTIONS = 4
PAGES = {
    "report 06a, province, year": ("chutich.tinh", "/lam-viec/bao-cao/?" + urlencode({"ky": "2026"})),
    "report 06a, district, month": ("chutich.songcai", "/lam-viec/bao-cao/?" + urlencode({"ky": "2026-11"})),
    "overview, province": ("chutich.tinh", "/lam-viec/tong-quan/"),
    "rating of agencies, year": ("chutich.tinh", "/lam-viec/bao-cao/danh-gia/?" + urlencode({"ky": "2026"})),
    "public statistics, year": ("", "/thong-ke/?" + urlencode({"ky": "2026"})),
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


def measure_export(province: Province, rows: int) -> dict[str, Any]:
    """Return seconds, bytes and the most memory (MB) of making an XLSX of so many dossiers."""
    return _last_line(province.ask("bench.figures", "export", str(rows)))


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


def _export(rows: int) -> dict[str, Any]:
    from dinh.onestop.adapters.workbooks import pack_rows, write_workbook
    from dinh.onestop.queries.exports import export_kinds

    began, kind, by, kept = time.monotonic(), export_kinds()["dossiers"], _chairman(), _all()
    parts, mark, done = [], "", 0
    while done < rows:
        portion = list(kind.rows(by, kept, mark, min(5_000, rows - done)))
        if not portion:
            break
        mark, done = portion[-1][0], done + len(portion)
        parts.append(pack_rows(row for _, row in portion)[0])
    sink = _Sink()
    columns = list(kind.columns)
    write_workbook(sink, sheet=kind.sheet, title="bench", columns=columns, parts=iter(parts))  # type: ignore[arg-type]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"rows": done, "seconds": time.monotonic() - began, "bytes": sink.size, "memory": peak}


class _Sink:
    """Takes bytes and keeps none: what is measured is the writer."""

    def __init__(self) -> None:
        self.size = 0

    def write(self, data: bytes) -> int:
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""


def _chairman() -> Any:
    from dinh.foundation.directory.public import acting, held_positions
    from dinh.sso.models import Account

    account = Account.objects.get(username="chutich.tinh")
    now = dt.datetime.now(dt.UTC)
    held = held_positions(account.person_id, now.date())
    return acting(account.person_id, held[0].position_id, account_id=account.pk, at=now)


def _all() -> dict[str, Any]:
    from dinh.onestop.public import DossierFilter, kept_filter

    return kept_filter(DossierFilter(today=dt.datetime.now(dt.UTC).date()))


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] == "export":
        print(json.dumps(_export(int(sys.argv[2]))))
    else:
        print(json.dumps({"recount": _recount, "indicators": _indicators}[sys.argv[1]]()))
