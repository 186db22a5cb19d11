"""Officials at their screens: a signed-in browser an account, over the small province at its own hour."""

import datetime as dt
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dinh.foundation.directory.public import held_positions
from dinh.onestop.public import accept
from dinh.sso.models import Account
from dinh.sso.public import open_session
from tests.onestop.conftest import NOW, Province, province, run_jobs, signing_province

__all__ = ["province", "run_jobs", "signing_province"]

Seat = Callable[[str], Client]


@dataclass
class Hour:
    """What the clock says; a test moves it."""

    now: dt.datetime = NOW

    def pass_days(self, days: int) -> None:
        self.now += dt.timedelta(days=days)


@pytest.fixture(autouse=True)
def hour(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hour]:
    """Screens read the clock themselves: here it stands at the province's hour."""
    clock = Hour()
    monkeypatch.setattr(timezone, "now", lambda: clock.now.astimezone(dt.UTC))
    yield clock


def key_of(username: str) -> str:
    """Begin a session of the account in its only position; returns the cookie's value."""
    account = Account.objects.select_related("person").get(username=username)
    now = timezone.now()
    is_official = account.kind == "official"
    held = held_positions(account.person_id, timezone.localdate()) if is_official else []
    position_id = held[0].position_id if held else None
    return open_session(account, position_id=position_id, method="password", now=now)[0]


@pytest.fixture
def seat() -> Seat:
    """Sign an account in; the client carries its session."""

    def sit(username: str) -> Client:
        client = Client()
        client.cookies["sessionid"] = key_of(username)
        return client

    return sit


def statements(client: Client, address: str) -> list[str]:
    """What one GET asks of the database, once what is cached for a second is warm."""
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in seen if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]


def source(response: Any) -> str:
    """The page's HTML, with what was escaped as it was written."""
    return html.unescape(response.content.decode())


def words(response: Any) -> str:
    """The page as a reader sees it: without tags and doubled blanks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", source(response)))


def rows_of(client: Client, address: str) -> list[str]:
    """The addresses of all rows of a list, page after page."""
    found: list[str] = []
    while address:
        page = source(client.get(address))
        found += re.findall(r'<tr data-row="([^"]+)"', page)
        onward = re.search(r'rel="next" href="([^"]+)"', page)
        address = urlsplit(address).path + onward[1] if onward else ""
    return found


def parameters(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


def accepted(province: Province, **options: Any) -> Any:
    """A dossier that the desk has accepted."""
    return accept(province.submitted(**options), by=province.clerk, now=province.now)
