"""Health and figures: true, quick, and without secrets for strangers."""

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client, override_settings
from django.utils import timezone

from dinh.foundation.actions.public import read_pulse
from dinh.website import health

pytestmark = pytest.mark.django_db


def _ready(client: Client) -> tuple[int, dict[str, Any]]:
    response = client.get("/health/ready")
    return response.status_code, json.loads(response.content)


def _worker_seen(monkeypatch: pytest.MonkeyPatch, *, seconds_ago: float | None) -> None:
    seen = None if seconds_ago is None else timezone.now() - dt.timedelta(seconds=seconds_ago)
    pulse = replace(read_pulse(), seen_at=seen)
    monkeypatch.setattr(health, "read_pulse", lambda: pulse)


def test_live_asks_nothing_of_anybody(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert json.loads(client.get("/health/live").content) == {"status": "live"}


def test_ready_when_every_part_is_well(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    _worker_seen(monkeypatch, seconds_ago=3)
    status, answer = _ready(client)
    assert status == 200
    assert answer["status"] == "ready"
    assert set(answer["checks"].values()) == {"ok"}


@pytest.mark.parametrize("seconds_ago", [None, 3600])
def test_a_silent_worker_is_said_but_pages_are_still_served(
    client: Client, monkeypatch: pytest.MonkeyPatch, seconds_ago: float | None
) -> None:
    _worker_seen(monkeypatch, seconds_ago=seconds_ago)
    status, answer = _ready(client)
    assert (status, answer["status"], answer["checks"]["worker"]) == (200, "degraded", "failed")


def test_a_missing_database_turns_traffic_away_without_saying_why(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: object) -> None:
        raise OperationalError("no route to 10.0.0.7")

    monkeypatch.setattr(health.connection, "cursor", away)
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert json.loads(response.content)["checks"]["database"] == "failed"
    assert "10.0.0.7" not in response.content.decode()


def test_a_file_store_that_does_not_answer_turns_traffic_away(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "store_fault", lambda: "no such bucket")
    status, answer = _ready(client)
    assert (status, answer["checks"]["files"]) == (503, "failed")


@override_settings(DISK_RESERVE_MB=10**9)
def test_a_disk_that_fills_up_is_said(client: Client) -> None:
    assert _ready(client)[1]["checks"]["disk"] == "failed"


def test_an_older_structure_of_the_data_turns_traffic_away(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_missing_migrations", lambda: 2)
    status, answer = _ready(client)
    assert (status, answer["checks"]["migrations"]) == (503, "failed")


@pytest.mark.parametrize(
    ("address", "hosts", "said"),
    [
        ("https://dichvucong.dinhson.gov.vn", ["dichvucong.dinhson.gov.vn", "e-services.dinhson.gov.vn"], ""),
        ("https://dichvucong.dinhson.gov.vn", ["dichvucong.dinhson.gov.vn"], "e-services.dinhson.gov.vn"),
        ("https://dinhson.gov.vn", ["dinhson.gov.vn"], "chưa theo dạng dichvucong."),
        ("https://dichvucong.dinhson.gov.vn.example.com", [], "chưa theo dạng dichvucong."),
        ("", [], "chưa theo dạng dichvucong."),
    ],
)
def test_the_portals_names_are_those_of_the_law(address: str, hosts: list[str], said: str) -> None:
    """Law: TT 01/2018 Điều 16
    Screen: /quan-tri/suc-khoe/
    """
    look = next(check.look for check in health.CHECKS if check.code == "domain")
    with override_settings(IS_SAMPLE=False, PUBLIC_ADDRESS=address, ALLOWED_HOSTS=hosts):
        finding = look()
    assert finding.is_well is not bool(said)
    assert said in finding.advice % dict(finding.params)
    with override_settings(IS_SAMPLE=True, PUBLIC_ADDRESS=address, ALLOWED_HOSTS=hosts):
        assert look().is_well


@pytest.mark.django_db
@override_settings(IS_SAMPLE=False, PUBLIC_ADDRESS="https://dinhson.gov.vn")
def test_a_name_against_the_law_does_not_turn_traffic_away(client: Client) -> None:
    answer = client.get("/health/ready").json()
    assert "domain" not in answer["checks"]
    page = [finding for check, finding in health.examine() if check.code == "domain"]
    assert not page[0].is_well


def test_the_health_page_is_not_for_strangers(client: Client) -> None:
    response = client.get("/quan-tri/suc-khoe/")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/dang-nhap/")


def test_figures_are_for_this_machine_only(client: Client) -> None:
    assert b"dinh_disk_free_megabytes" in client.get("/metrics").content
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404
    assert client.get("/metrics", headers={"x-forwarded-for": "203.0.113.9"}).status_code == 404


@override_settings(METRICS_TOKEN="một mã")
def test_figures_are_for_who_shows_the_token(client: Client) -> None:
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"authorization": "Bearer other"}).status_code == 404


@override_settings(METRICS_TOKEN="a-token")
def test_figures_from_elsewhere_with_the_token(client: Client) -> None:
    response = client.get("/metrics", headers={"authorization": "Bearer a-token"}, REMOTE_ADDR="203.0.113.9")
    assert response.status_code == 200
    assert b"dinh_http_requests_total" in response.content


def test_requests_are_counted_by_route_and_not_by_address(client: Client) -> None:
    client.get("/health/live?x=1")
    client.get("/one/of/many/addresses/")
    figures = client.get("/metrics").content.decode()
    assert 'route="health/live"' in figures
    assert "many" not in figures
