"""The page docs/benchmarks.md, from the figures that were kept."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

__all__ = ["page"]

# A load that our own client, site and database do not make on four cores.
BUSY = 8

_HEAD = """# Measurements

`make bench` makes this page; it opens a throw-away province of its own and leaves yours alone.
`.venv/bin/python -m bench lists` measures one subject again and keeps the others; with DINH_BENCH_FOLDER the
province of a million is kept in that folder for the next run. Rates are single runs:
read the ratios, which are taken within one run. Client, server and database share the machine, so its
cores are divided among the three. The database is the embedded PostgreSQL with the settings of `make up`:
fsync on, every commit on the disk. The site is granian with a process a core and four threads each.
"""


def page(kept: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the whole page."""
    parts = [_HEAD]
    for name, write in _SECTIONS.items():
        if name in kept:
            parts.append(write(kept[name]["found"], kept[name]) + _made(kept[name]))
    return "\n".join(parts)


def _made(facts: Mapping[str, Any]) -> str:
    load = facts["load"]
    busy = f" **The machine was busy (load {load:.0f}): the absolute figures say little.**"
    return (
        f"\nMeasured {facts['on']} at {facts['commit']} on {facts['machine']}."
        + (busy if load > BUSY else "")
        + "\n"
    )


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(head)]
    lines.append(["---"] + ["---:"] * (len(lines[0]) - 1))
    lines += [list(row) for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _creating(found: Mapping[str, Any], _: Mapping[str, Any]) -> str:
    rows = [
        (
            users,
            f"{one['rate']:.0f}",
            f"{one['bare']:.0f}",
            f"{one['rate'] / one['bare']:.2f}",
            f"{one['p50']:.0f}",
            f"{one['p95']:.0f}",
            f"{one['p99']:.0f}",
            f"{one['bad']}",
        )
        for users, one in sorted(found.items(), key=lambda pair: int(pair[0]))
    ]
    head = ("users", "dossiers/s", "bare psycopg/s", "ratio", "p50 ms", "p95 ms", "p99 ms", "failed")
    return (
        "## Dossiers created over HTTP\n\n"
        "A clerk at each of so many desks (communes and districts) takes in dossiers at the counter, one"
        " after the other: session, CSRF, form checked, code without a gap, clock, first step, receipt asked"
        " for (a job), audit, in one transaction. The bare loop writes the same rows, a statement a row in"
        " one transaction, over as many connections and as many processes as the site has, without checking"
        " anything. Goals: half of the bare loop, at least 240 a second on four cores.\n\n"
        + _table(head, rows)
    )


def _lists(found: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    small, large = str(facts["small"]), str(facts["large"])
    rows = []
    for who in found[small]:
        for size in (small, large):
            one = found[size][who]
            ratio = found[small][who]["rate"] / one["rate"]
            rows.append(
                (
                    f"{who}, {int(size):,} dossiers",
                    f"{one['rate']:.0f}",
                    f"{ratio:.2f}",
                    f"{one['p50']:.0f}",
                    f"{one['paced']['rate']:.0f}",
                    f"{one['paced']['p50']:.0f}",
                    f"{one['paced']['p95']:.0f}",
                    f"{one['paced']['p99']:.0f}",
                    f"{one['bad'] + one['paced']['bad']}",
                )
            )
    seconds = found[f"seconds to fill up to {large}"]
    load = found.get("load at its filling", 0)
    busy = f", on a machine that was busy with other things (load {load:.0f})" if load > BUSY else ""
    head = (
        "list",
        "requests/s",
        "cost against the small one",
        "p50 ms",
        "at a pace of",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "failed",
    )
    return (
        "## Work lists\n\n"
        "The whole page as HTML, with its counts and its rail, over 16 connections: a clerk of a district's"
        " desk, the head of one of its divisions, the chairman of the province with all open work, and a"
        " citizen's own dossiers. Goals: 300 requests a second; 20, 80 and 150 ms; at most 1.3 times the cost"
        " at 10 thousand. First as fast as 16 connections go, whose requests then wait for one another; then"
        " at three quarters of that, with times from the moment at which each request was due. The tables are"
        " vacuumed and written out before. About four in a hundred dossiers are open.\n\n"
        + _table(head, rows)
        + f"\nFilling a province with {int(large):,} dossiers took {seconds:.0f} seconds{busy}"
        " (goal: five minutes for a million).\n"
    )


def _figures(found: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    rows = [
        (name, f"{one['rate']:.0f}", f"{one['p50']:.0f}", f"{one['p95']:.0f}", f"{one['bad']}")
        for name, one in found["pages"].items()
    ]
    recount, counted = found["recount"], found["indicators"]
    return (
        "## Figures and reports\n\n"
        f"Whole pages as HTML over {int(facts['large']):,} dossiers and 4 connections, from figures that"
        " are kept by triggers and reconciled every night. Goal: p95 under 300 ms.\n\n"
        + _table(("page", "requests/s", "p50 ms", "p95 ms", "failed"), rows)
        + f"\nThe full recount of {recount['dossiers']:,} dossiers against {recount['kept']:,} kept sums took"
        f" {recount['seconds']:.1f} seconds and found {recount['differences']} differences. Counting the"
        f" nine indicators of {counted['months']} months took {counted['seconds']:.1f} seconds.\n"
    )


def _whole(found: Mapping[str, Any], _: Mapping[str, Any]) -> str:
    rows = [
        ("communes that work side by side", f"{found['teams']}"),
        ("dossiers from the first page to the hand-over", f"{found['dossiers']:,}"),
        ("that did not get there", f"{found['failed']}"),
        ("dossiers a minute", f"{found['a minute']:.0f}"),
        (
            "dossiers a minute, until the last paper was drawn and sealed",
            f"{found['a minute with papers']:.0f}",
        ),
        ("requests a second", f"{found['requests a second']:.0f}"),
        ("one dossier, all its pages, median ms", f"{found['p50']:,.0f}"),
        ("one dossier, all its pages, p95 ms", f"{found['p95']:,.0f}"),
        ("results signed, numbered and sealed", f"{found['sealed results']:,}"),
        ("papers drawn beside (proofs, receipts)", f"{found['papers']:,}"),
    ]
    return (
        "## The whole way of a dossier\n\nA citizen fills in the form page by page, adds a photo, reads it"
        " over and files; the clerk accepts; the officer takes the step, drafts and forwards; the leader"
        " signs; the records clerk numbers and seals; the clerk takes the fee and hands over. Everybody opens"
        " the page and presses the button there. A worker runs beside.\n\n"
        + _table(("what", "measured"), rows)
    )


def _search(found: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    small, large = str(facts["small"]), str(facts["large"])
    rows = [
        (
            what,
            *(f"{found[size][what][part]:.0f}" for size in (small, large) for part in ("p50", "p95", "p99")),
        )
        for what in found[large]
    ]
    head = [f"{part} ms, {int(size):,}" for size in (small, large) for part in ("p50", "p95", "p99")]
    bad = sum(one["bad"] for size in (small, large) for one in found[size].values())
    return (
        "## Search\n\nThe first page of what is found among the dossiers that the reader may see, over four"
        f" connections, each with words of its own. Answers that were not a page: {bad}.\n\n"
        + _table(("who and what", *head), rows)
    )


def _exports(found: Mapping[str, Any], _: Mapping[str, Any]) -> str:
    return (
        "## A large export\n\nThe list of the agency with the most dossiers, made by the job part by part in"
        f" a process of its own: {found['rows']:,} rows became an XLSX of {found['bytes'] / 2**20:.1f} MB in"
        f" {found['seconds']:.1f} seconds. At its peak the process held {found['memory']:.0f} MB, of which"
        f" {found['before']:.0f} MB stood before it began (goal: under 256 MB in all).\n"
    )


def _slow(found: Mapping[str, Any], _: Mapping[str, Any]) -> str:
    rows = [
        (
            f"{name}, {visit}",
            f"{one['bytes'] / 1024:.0f}",
            f"{one['requests']}",
            f"{one['painted'] / 1000:.1f}",
            f"{one['loaded'] / 1000:.1f}",
        )
        for name, visits in found.items()
        for visit, one in visits.items()
    ]
    return (
        "## On a slow line\n\nChromium on a phone's screen, its network throttled to 400 kbit/s both ways and"
        " 400 ms a turn. Cold: nothing is cached; warm: the page is opened a second time. Goal: a first page"
        " under 100 KB.\n\n"
        + _table(("page", "KB over the line", "requests", "first text, s", "all loaded, s"), rows)
    )


def _statements(found: Mapping[str, Any], _: Mapping[str, Any]) -> str:
    rows = [(name, f"{one['statements']}", f"{one['bytes'] / 1024:.0f}") for name, one in found.items()]
    return (
        "## Statements a page\n\nWhat the database is asked for one page, session and rights included, when"
        " the process has answered it before.\n\n"
        + _table(("page", "statements", "KB of HTML before compression"), rows)
    )


def _rates(title: str, about: str) -> Callable[[Mapping[str, Any], Mapping[str, Any]], str]:
    def write(found: Mapping[str, Any], _: Mapping[str, Any]) -> str:
        rows = [(name, f"{rate:,.0f}" if rate >= 100 else f"{rate:.1f}") for name, rate in found.items()]
        return f"## {title}\n\n{about}\n\n" + _table(("what", "a second"), rows)

    return write


def _last_minute(found: Mapping[str, Any], _: Mapping[str, Any]) -> str:
    rows = [
        ("people who file at once", f"{found['people']:,}"),
        ("answered with their dossier", f"{found['answered']:,}"),
        ("dossiers, each with its own code", f"{found['codes']:,}"),
        ("proofs asked for, in the same transaction", f"{found['proofs']:,}"),
        ("seconds until everybody had an answer", f"{found['seconds']:.1f}"),
        ("median of the answers, ms", f"{found['median']:,.0f}"),
        ("longest time between filing and writing, s", f"{found['longest wait']:.1f}"),
    ]
    return (
        "## The last minute before a deadline\n\nEverybody sends at the same moment, each over a connection"
        " of their own. A dossier counts as filed when its request arrived (the proxy's stamp), not when it"
        " was written: the last line says how long the last of them waited for nothing of theirs.\n\n"
        + _table(("what", "measured"), rows)
    )


def _opening(found: Mapping[str, Any], _: Mapping[str, Any]) -> str:
    rows = [
        ("install (download and unpack; depends on the network)", f"{found['install']:.0f}"),
        ("`make up`, first (database, sample province, keys)", f"{found['first']:.0f}"),
        ("`make up`, again", f"{found['second']:.1f}"),
    ]
    memory = [
        (kind, f"{count}", f"{pss:.0f}", f"{rss:.0f}")
        for kind, (count, pss, rss) in sorted(found["memory"].items(), key=lambda pair: -pair[1][1])
    ]
    total = sum(values[1] for values in found["memory"].values())
    return (
        "## `make up`\n\nA fresh clone. Goals: under 3 minutes from bare, under 10 seconds after.\n\n"
        + _table(("what", "seconds"), rows)
        + "\nMemory five seconds after opening. PSS shares out what processes hold together; RSS counts it"
        " in each.\n\n"
        + _table(("process", "count", "PSS MB", "RSS MB"), memory)
        + f"\nIn all {total:.0f} MB (PSS).\n"
    )


_SECTIONS: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], str]] = {
    "creating": _creating,
    "whole": _whole,
    "lists": _lists,
    "search": _search,
    "figures": _figures,
    "exports": _exports,
    "slow": _slow,
    "statements": _statements,
    "signing": _rates(
        "PDF signatures", "One process, one core; a page of A4 with a visible seal and declared fields."
    ),
    "outbox": _rates("Outbox", "One relay, batches of 500, one process."),
    "last_minute": _last_minute,
    "opening": _opening,
}
