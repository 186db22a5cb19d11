"""Work lists of a clerk, a head of division and a provincial leader; a citizen's own dossiers."""

import json
from collections.abc import Callable

from bench.http import Measured, fire
from bench.province import Province

__all__ = ["PEOPLE", "measure_lists"]

CONNECTIONS = 16
PEOPLE = {
    "clerk": ("motcua.songcai", "/lam-viec/"),
    "head": ("truongphong.tckh.songcai", "/lam-viec/"),
    "leader": ("chutich.tinh", "/lam-viec/?viec=all"),
    "citizen": ("congdan", "/ho-so-cua-toi/"),
}

# The times are taken at this part of the most that the site gave: below saturation, as a site in use is.
PACE = 0.75


def measure_lists(province: Province, port: int, *, seconds: float) -> dict[str, tuple[Measured, Measured]]:
    """Return what each reader's list took over 16 connections each: as fast as it goes, and at a pace."""
    names = [account for account, _ in PEOPLE.values()]
    sessions = json.loads(province.ask("bench.people", "names", *names))
    found = {}
    for who, (account, path) in PEOPLE.items():
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={sessions[account]}\r\n\r\n"
        makers = [_always(head)] * CONNECTIONS
        fire(port, makers, seconds=min(seconds, 2), expected=200)
        most = fire(port, makers, seconds=seconds, expected=200)
        found[who] = (most, fire(port, makers, seconds=seconds, expected=200, rate=PACE * most.rate))
    return found


def _always(head: str) -> Callable[[], bytes]:
    request = head.encode()
    return lambda: request
