"""``python -m bench [subject …]``: measure, and write docs/benchmarks.md.

Subjects: creating, whole, lists, search, figures, exports, slow, statements, signing, outbox, last_minute,
opening; without names, all. A subject that was not run keeps the figures of its last run, which lie in
docs/benchmarks.json. Those that read many dossiers share one filled province a size and a run; with
DINH_BENCH_FOLDER=folder it is kept there for the next run. A quick look: DINH_BENCH_LARGE=50000
DINH_BENCH_SECONDS=5.
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
from bench.exports import measure_export
from bench.figures import measure_pages, measure_recount
from bench.http import Measured
from bench.last_minute import file_at_once
from bench.lists import measure_lists
from bench.opening import measure_opening
from bench.pages import count_statements
from bench.province import ROOT, opened, processor, served, working
from bench.report import page
from bench.search import measure_search
from bench.shared import Provinces, shared
from bench.slow import measure_slow_line
from bench.whole import walk_whole_way

KEPT = ROOT / "docs" / "benchmarks.json"
PAGE = ROOT / "docs" / "benchmarks.md"
SMALL = int(os.environ.get("DINH_BENCH_SMALL", "10000"))
LARGE = int(os.environ.get("DINH_BENCH_LARGE", "1000000"))
SECONDS = float(os.environ.get("DINH_BENCH_SECONDS", "15"))
TEAMS = int(os.environ.get("DINH_BENCH_TEAMS", "12"))


def creating(_: Provinces) -> dict[str, Any]:
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


def whole(_: Provinces) -> dict[str, Any]:
    """The whole way of dossiers, with a worker beside."""
    with opened() as province, served(province) as port, working(province):
        return walk_whole_way(province, port, teams=TEAMS, seconds=SECONDS * 2)


def lists(provinces: Provinces) -> dict[str, Any]:
    """The work lists at both sizes."""
    found: dict[str, Any] = {}
    for size in (SMALL, LARGE):
        province = provinces.of(size)
        with served(province) as port:
            found[str(size)] = {
                who: {**_plain(most), "paced": _plain(paced)}
                for who, (most, paced) in measure_lists(province, port, seconds=SECONDS).items()
            }
        filling = provinces.filling(size)
        found[f"seconds to fill up to {size}"] = filling["seconds"]
        found["load at its filling"] = filling["load"]
    return found


def search(provinces: Provinces) -> dict[str, Any]:
    """Search at both sizes."""
    found: dict[str, Any] = {}
    for size in (SMALL, LARGE):
        province = provinces.of(size)
        with served(province) as port:
            took = measure_search(province, port, seconds=min(SECONDS, 4))
        found[str(size)] = {what: _plain(one) for what, one in took.items()}
    return found


def figures(provinces: Provinces) -> dict[str, Any]:
    """Reports and dashboards from kept figures, and the recount, at the large size."""
    province = provinces.of(LARGE)
    counted = json.loads(province.ask("bench.figures", "indicators").strip().splitlines()[-1])
    with served(province) as port:
        pages = measure_pages(province, port, seconds=min(SECONDS, 10))
    return {
        "pages": {name: _plain(took) for name, took in pages.items()},
        "recount": measure_recount(province),
        "indicators": counted,
    }


def exports(provinces: Provinces) -> dict[str, Any]:
    """A list of very many dossiers as XLSX, at the large size."""
    return measure_export(provinces.of(LARGE))


def slow(provinces: Provinces) -> dict[str, Any]:
    """The first pages on a slow line, at the small size."""
    province = provinces.of(SMALL)
    with served(province) as port:
        return measure_slow_line(province, port)


def statements(provinces: Provinces) -> dict[str, Any]:
    """Statements a page, at the small size."""
    return count_statements(provinces.of(SMALL))


def signing(_: Provinces) -> dict[str, Any]:
    """PDF signatures a second."""
    with opened() as province:
        said = province.ask("bench.signing")
    rates = re.findall(r"^(.*?)\s+([\d.]+)/s$", said, re.MULTILINE)
    return {name: float(rate) for name, rate in rates}


def outbox(_: Provinces) -> dict[str, Any]:
    """Outbox claims a second."""
    with opened() as province:
        found: dict[str, Any] = json.loads(province.ask("bench.outbox").strip().splitlines()[-1])
    return found


def last_minute(_: Provinces) -> dict[str, Any]:
    """A thousand people who file at once."""
    people = int(os.environ.get("DINH_BENCH_PEOPLE", "1000"))
    with opened(DINH_ARRIVAL_HEADER="X-Request-Start") as province:
        filings = json.loads(province.ask("bench.last_minute", "prepare", str(people)))
        with served(province) as port:
            found = file_at_once(port, filings)
        return {**found, **json.loads(province.ask("bench.last_minute", "look"))}


def opening(_: Provinces) -> dict[str, Any]:
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


SUBJECTS: dict[str, Callable[[Provinces], dict[str, Any]]] = {
    "creating": creating,
    "whole": whole,
    "lists": lists,
    "search": search,
    "figures": figures,
    "exports": exports,
    "slow": slow,
    "statements": statements,
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
    with shared() as provinces:
        for name in names or SUBJECTS:
            print(f"{name} …", flush=True)
            began = time.monotonic()
            kept[name] = {"found": SUBJECTS[name](provinces), **_facts()}
            print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)
            KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
    PAGE.write_text(page(kept))
    print(f"written: {PAGE.relative_to(ROOT)}")
    return 0


def _facts() -> dict[str, Any]:
    """When, where and on what it was measured."""
    return {
        "on": dt.datetime.now(dt.UTC).date().isoformat(),
        "machine": processor(),
        "load": os.getloadavg()[0],
        "commit": _commit(),
        "small": SMALL,
        "large": LARGE,
    }


def _commit() -> str:
    answer = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return answer.stdout.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
