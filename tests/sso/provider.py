"""A provider over real HTTP for the tests: the sample one, and ones that do something wrong."""

import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any
from unittest.mock import patch

from django.test import Client

from dinh.sso.adapters import identity_provider
from dinh.sso.adapters.identity_provider import forget_provider
from dinh.website.sample.national_sign_in import OFFERED, SampleSignIn, serve
from tests.waiting import free_port

# A bound of our own, in seconds, for a machine that is slower than those of a province.
PATIENCE = 120.0
START = "/dang-nhap/cong-quoc-gia/"
PROVINCE = "http://testserver"
KNOWN, NEW, LOW, ORGANISATION = "MAU0000001", "MAU0000004", "MAU0000005", "MAU0000006"


@contextmanager
def provider(settings: Any, kind: type[SampleSignIn] = SampleSignIn, **more: Any) -> Iterator[Any]:
    """Open a provider and configure the province for it."""
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    opened = kind(issuer=issuer, province=PROVINCE, client="tinh-mau", secret="bí mật & dài", **more)
    server = serve(opened, host="127.0.0.1", port=port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    settings.PUBLIC_ADDRESS = PROVINCE
    settings.SIGN_IN_ISSUER, settings.SIGN_IN_CLIENT = issuer, "tinh-mau"
    settings.SIGN_IN_SECRET = "bí mật & dài"
    forget_provider()
    try:
        with patch.object(identity_provider, "SECONDS", PATIENCE):
            yield opened
    finally:
        server.shutdown()
        server.server_close()
        forget_provider()


def at_provider(address: str, who: str) -> str:
    """Choose at the provider who one is, as a browser does; returns where it sends the browser."""
    parts = urllib.parse.urlsplit(address)
    with urllib.request.urlopen(address, timeout=60) as page:
        assert "không phải Cổng Dịch vụ công quốc gia thật" in page.read().decode()
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    body = urllib.parse.urlencode({"hoi": parts.query, "nguoi": who})
    connection.request("POST", "/chon", body, {"Content-Type": "application/x-www-form-urlencoded"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 303, answer.status
    return str(answer.headers["Location"])


def depart(client: Client, start: str = START) -> str:
    """Press the button; returns where the browser goes."""
    answer = client.get(start)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return str(answer.headers["Location"])


def come_back(client: Client, address: str) -> Any:
    assert address.startswith(PROVINCE + "/")
    return client.get(address.removeprefix(PROVINCE))


def go(client: Client, who: str, start: str = START) -> Any:
    """The whole trip; returns the province's answer to the browser that is back."""
    return come_back(client, at_provider(depart(client, start), who))


def offered(who: str) -> Any:
    return OFFERED[who].said


def with_query(address: str, **values: str) -> str:
    """The address with other values in its query; an empty one takes it out."""
    parts = urllib.parse.urlsplit(address)
    query = {**dict(urllib.parse.parse_qsl(parts.query)), **values}
    kept = {name: value for name, value in query.items() if value}
    return parts._replace(query=urllib.parse.urlencode(kept)).geturl()
