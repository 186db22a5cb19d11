"""Work lists of a clerk and of a provincial leader, at 10 thousand and at 1 million dossiers."""

import json
from collections.abc import Callable

from bench.http import Measured, fire
from bench.province import Province

__all__ = ["PEOPLE", "measure_lists"]

CONNECTIONS = 16
PEOPLE = {
    "clerk": ("motcua.songcai", "/lam-viec/"),
    "leader": ("chutich.tinh", "/lam-viec/?viec=all"),
}


# So many pages a second are asked for when their times are taken, or nine tenths of what the site can give.
WANTED = 300


def measure_lists(province: Province, port: int, *, seconds: float) -> dict[str, tuple[Measured, Measured]]:
    """Return what each reader's list took over 16 connections each: as fast as it goes, and at a pace."""
    names = [account for account, _ in PEOPLE.values()]
    sessions = json.loads(province.ask("bench.people", "names", *names))
    found = {}
    for who, (account, path) in PEOPLE.items():
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={sessions[account]}\r\n\r\n"
        makers = [_always(head)] * CONNECTIONS
        most = fire(port, makers, seconds=seconds, expected=200)
        pace = min(WANTED, 0.9 * most.rate)
        found[who] = (most, fire(port, makers, seconds=seconds, expected=200, rate=pace))
    return found


def _always(head: str) -> Callable[[], bytes]:
    request = head.encode()
    return lambda: request
