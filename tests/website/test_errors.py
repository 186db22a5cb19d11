"""Whatever goes wrong, the person gets a page: what happened, why, what to do, nothing of the inside."""

import json
import re
from collections.abc import Callable

import psycopg
import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from dinh.foundation.actions.public import Request, route
from dinh.kernel.errors import N_, NotAllowed, NotFound, Refused
from dinh.website.errors import is_database_away
from dinh.website.middleware import observe
from dinh.website.urls import handler400, handler403, handler404, handler500  # noqa: F401 - here too
from dinh.website.urls import urlpatterns as addresses_of_the_house

pytestmark = pytest.mark.django_db


class DeadlinePassed(Refused):
    message = N_("Đã quá hạn %(days)s ngày. Hãy nộp hồ sơ mới.")


def _raising(problem: Exception) -> Callable[[Request], HttpResponse]:
    @route(who="everyone")
    def view(request: Request) -> HttpResponse:
        raise problem

    return view


urlpatterns = [
    path("refused/", _raising(DeadlinePassed(days=3))),
    path("not-allowed/", _raising(NotAllowed(reason="Chỉ văn thư được cấp số."))),
    path("not-found/", _raising(NotFound())),
    path("broken/", _raising(ValueError("secret inside"))),
    path("away/", _raising(OperationalError("connection refused at 10.0.0.7"))),
    *addresses_of_the_house,
]


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/refused/", 409, "Đã quá hạn 3 ngày. Hãy nộp hồ sơ mới."),
        ("/not-allowed/", 403, "Chỉ văn thư được cấp số."),
        ("/not-found/", 404, "Không tìm thấy nội dung này"),
        ("/no-such-address/", 404, "Không tìm thấy nội dung này"),
        ("/broken/", 500, "Hệ thống gặp lỗi"),
        ("/away/", 503, "Hệ thống đang tạm nghỉ"),
    ],
)
@override_settings(ROOT_URLCONF=__name__)
def test_a_problem_becomes_a_page_in_words(client: Client, address: str, status: int, words: str) -> None:
    response = client.get(address)
    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    assert "<main" in page
    for inside in ("Traceback", "secret inside", "10.0.0.7", "ValueError", "OperationalError"):
        assert inside not in page


@override_settings(ROOT_URLCONF=__name__)
def test_a_thing_that_is_hidden_looks_like_one_that_is_not_there(client: Client) -> None:
    hidden, missing = (
        client.get(address).content.decode() for address in ("/not-found/", "/no-such-address/")
    )
    assert _without_address(hidden) == _without_address(missing)


def _without_address(page: str) -> str:
    return re.sub(r"/(not-found|no-such-address)/", "", page)


@override_settings(ROOT_URLCONF=__name__)
def test_our_fault_gives_the_requests_id_to_read_to_somebody(client: Client) -> None:
    response = client.get("/broken/")
    assert response.headers["X-Request-Id"] in response.content.decode()


@override_settings(ROOT_URLCONF=__name__)
def test_a_program_gets_the_same_sentence_as_json(client: Client) -> None:
    response = client.get("/refused/", headers={"accept": "application/json"})
    answer = json.loads(response.content)
    assert response.status_code == 409
    assert answer["error"]["message"] == "Đã quá hạn 3 ngày. Hãy nộp hồ sơ mới."
    assert answer["error"]["request_id"] == response.headers["X-Request-Id"]


@override_settings(ROOT_URLCONF=__name__)
def test_a_database_that_is_away_asks_to_come_again(client: Client) -> None:
    assert client.get("/away/").headers["Retry-After"] == "30"


@override_settings(ROOT_URLCONF=__name__)
def test_a_page_of_an_error_that_fails_itself_still_says_what_happened(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> HttpResponse:
        raise RuntimeError("the template is broken too")

    monkeypatch.setattr("dinh.website.errors.render", broken)
    response = client.get("/refused/")
    assert response.status_code == 409
    assert "Đã quá hạn 3 ngày" in response.content.decode()
    assert "template" not in response.content.decode()


def test_an_error_page_keeps_to_its_own_scripts_and_styles(client: Client) -> None:
    policy = client.get("/no-such-address/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy


def _observed(**headers: str) -> Request:
    def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    request = RequestFactory().get("/", headers=headers)
    observe(answer)(request)  # type: ignore[arg-type]
    return request  # type: ignore[return-value]


@override_settings(TRUSTED_PROXIES=0)
def test_a_request_id_from_outside_is_not_believed() -> None:
    assert _observed(**{"X-Request-Id": "chosen-by-a-stranger"}).request_id != "chosen-by-a-stranger"


@override_settings(TRUSTED_PROXIES=1)
def test_a_proxys_request_id_is_kept_when_it_is_one() -> None:
    assert _observed(**{"X-Request-Id": "0a1b2c3d-proxy"}).request_id == "0a1b2c3d-proxy"
    assert "\n" not in _observed(**{"X-Request-Id": "two lines\nforged"}).request_id


def test_a_refusal_by_the_database_itself_is_not_taken_for_its_absence() -> None:
    refused = OperationalError("deadlock")
    refused.__cause__ = psycopg.errors.DeadlockDetected()
    gone = OperationalError("terminating connection")
    gone.__cause__ = psycopg.errors.AdminShutdown()
    assert not is_database_away(refused)
    assert is_database_away(gone)
