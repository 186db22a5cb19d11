"""``python -m bench [subject …]``: measure, and write docs/benchmarks.md.

Subjects: creating, lists, figures, signing, outbox, last_minute, opening; without names, all. A subject
that was not run keeps the figures of its last run, which lie in docs/benchmarks.json. For a quick look:
DINH_BENCH_LARGE=50000 DINH_BENCH_SECONDS=5.
"""

import datetime as dt
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from bench.creating import clerks, create_over_http
from bench.figures import measure_export, measure_pages, measure_recount
from bench.http import Measured
from bench.last_minute import file_at_once
from bench.lists import measure_lists
from bench.opening import measure_opening
from bench.province import ROOT, opened, processor, served
from bench.report import page

KEPT = ROOT / "docs" / "benchmarks.json"
PAGE = ROOT / "docs" / "benchmarks.md"
SMALL = int(os.environ.get("DINH_BENCH_SMALL", "10000"))
LARGE = int(os.environ.get("DINH_BENCH_LARGE", "1000000"))
SECONDS = float(os.environ.get("DINH_BENCH_SECONDS", "15"))


def creating() -> dict[str, Any]:
    """Dossiers a second over HTTP and bare, at 10 and 40 users."""
    found: dict[str, Any] = {}
    with opened() as province, served(province) as port:
        users = clerks(province)
        create_over_http(port, users[:10], seconds=min(SECONDS, 5))
        for count in (10, 40):
            over_http = _plain(create_over_http(port, users[:count], seconds=SECONDS))
            bare = float(province.ask("bench.creating", str(count), str(SECONDS)))
            found[str(count)] = {**over_http, "bare": bare}
    return found


def lists() -> dict[str, Any]:
    """The work lists at both sizes, in one province that grows."""
    found: dict[str, Any] = {}
    with opened() as province:
        held = 0
        for size in (SMALL, LARGE):
            began = time.monotonic()
            province.manage("sample", "--dossiers", str(size - held))
            found[f"seconds to fill up to {size}"] = time.monotonic() - began
            held = size
            with served(province) as port:
                measure_lists(province, port, seconds=2)
                found[str(size)] = {
                    who: {**_plain(most), "paced": _plain(paced)}
                    for who, (most, paced) in measure_lists(province, port, seconds=SECONDS).items()
                }
    return found


def figures() -> dict[str, Any]:
    """Reports and dashboards from kept figures, the recount, a large XLSX, at the large size."""
    with opened() as province:
        province.manage("sample", "--dossiers", str(LARGE))
        province.ask("bench.figures", "indicators")
        with served(province) as port:
            pages = measure_pages(province, port, seconds=min(SECONDS, 10))
        return {
            "pages": {name: _plain(took) for name, took in pages.items()},
            "recount": measure_recount(province),
            "export": measure_export(province, min(LARGE, 100_000)),
        }


def signing() -> dict[str, Any]:
    """PDF signatures a second."""
    with opened() as province:
        said = province.ask("bench.signing")
    rates = re.findall(r"^(.*?)\s+([\d.]+)/s$", said, re.MULTILINE)
    return {name: float(rate) for name, rate in rates}


def outbox() -> dict[str, Any]:
    """Outbox claims a second."""
    with opened() as province:
        found: dict[str, Any] = json.loads(province.ask("bench.outbox").strip().splitlines()[-1])
    return found


def last_minute() -> dict[str, Any]:
    """A thousand people who file at once."""
    people = int(os.environ.get("DINH_BENCH_PEOPLE", "1000"))
    with opened(DINH_ARRIVAL_HEADER="X-Request-Start") as province:
        filings = json.loads(province.ask("bench.last_minute", "prepare", str(people)))
        with served(province) as port:
            found = file_at_once(port, filings)
        return {**found, **json.loads(province.ask("bench.last_minute", "look"))}


def opening() -> dict[str, Any]:
    """Seconds of `make up`, and its memory."""
    took = measure_opening()
    return {
        "install": took.install,
        "first": took.first,
        "second": took.second,
        "memory": {kind: list(values) for kind, values in took.memory.items()},
    }


def _plain(measured: Measured) -> dict[str, Any]:
    return {
        "rate": measured.rate,
        "bad": measured.bad,
        "p50": measured.percentile(0.5),
        "p95": measured.percentile(0.95),
        "p99": measured.percentile(0.99),
    }


SUBJECTS: dict[str, Callable[[], dict[str, Any]]] = {
    "creating": creating,
    "lists": lists,
    "figures": figures,
    "signing": signing,
    "outbox": outbox,
    "last_minute": last_minute,
    "opening": opening,
}


def main(names: list[str]) -> int:
    """Run the subjects named, or all, and write the page."""
    unknown = [name for name in names if name not in SUBJECTS]
    if unknown:
        print(__doc__)
        return 2
    kept: dict[str, Any] = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    for name in names or SUBJECTS:
        print(f"{name} …", flush=True)
        began = time.monotonic()
        kept[name] = {
            "found": SUBJECTS[name](),
            "on": dt.datetime.now(dt.UTC).date().isoformat(),
            "machine": processor(),
            "load": os.getloadavg()[0],
            "commit": _commit(),
            "small": SMALL,
            "large": LARGE,
        }
        print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)
        KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
    PAGE.write_text(page(kept))
    print(f"written: {PAGE.relative_to(ROOT)}")
    return 0


def _commit() -> str:
    answer = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return answer.stdout.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
