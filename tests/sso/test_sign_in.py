"""Signing in by name and password, over HTTP."""

import threading
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.db import close_old_connections, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dinh.foundation.actions.models import AuditEntry
from dinh.sso.adapters.passwords import Argon2
from dinh.sso.adapters.sessions import hash_key
from dinh.sso.models import Account, Session, SignInRecord, Throttle
from tests.sso.conftest import PASSWORD, House, SignIn


def test_a_citizen_signs_in_and_is_known_on_the_next_page(
    client: Client, house: House, type_in: SignIn
) -> None:
    house.citizen()
    assert type_in(client, "0900000001").headers["Location"] == "/"
    assert client.get("/").content.decode() == "citizen|Trần Thị Bình|"


def test_an_official_with_one_position_acts_in_it_at_once(
    client: Client, clerk: Any, type_in: SignIn
) -> None:
    assert type_in(client, "an.nv").headers["Location"] == "/lam-viec/"
    assert "Chuyên viên, Ủy ban nhân dân huyện Bắc Sông" in client.get("/lam-viec/").content.decode()


def test_the_name_is_known_in_any_case_and_with_spaces_around(
    client: Client, clerk: Any, type_in: SignIn
) -> None:
    assert type_in(client, "  AN.NV ").status_code == 302


def test_a_password_typed_in_another_normal_form_is_the_same(
    client: Client, clerk: Any, type_in: SignIn
) -> None:
    import unicodedata

    assert type_in(client, "an.nv", unicodedata.normalize("NFD", PASSWORD)).status_code == 302


@pytest.mark.parametrize(
    ("username", "password"), [("an.nv", "sai mật khẩu"), ("khong.co", PASSWORD), ("", "")]
)
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(
    client: Client, clerk: Any, type_in: SignIn, username: str, password: str
) -> None:
    response = type_in(client, username, password)
    assert response.status_code == 422
    assert "Tên đăng nhập hoặc mật khẩu không đúng" in response.content.decode()
    assert client.get("/").content.decode().startswith("visitor|")


def test_known_and_unknown_names_cost_the_same_hash_computations_and_queries(
    client: Client,
    clerk: Any,
    type_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    type_in(client, "ai.do")  # the decoy is made once a process
    calls: list[str] = []
    verify, encode = Argon2.verify, Argon2.encode
    monkeypatch.setattr(Argon2, "verify", lambda *a: (calls.append("verify"), verify(*a))[1])
    monkeypatch.setattr(Argon2, "encode", lambda *a: (calls.append("encode"), encode(*a))[1])
    counted = []
    for username in ("an.nv", "khong.co"):
        calls.clear()
        with CaptureQueriesContext(connection) as queries:
            type_in(Client(REMOTE_ADDR="192.0.2.9"), username, "sai mật khẩu")
        counted.append((list(calls), len(queries)))
    assert counted[0] == counted[1]
    assert counted[0][0] == ["verify"]


def test_an_account_without_password_costs_one_computation_and_never_opens(
    client: Client, clerk: Any, type_in: SignIn
) -> None:
    Account.objects.update(password=make_password(None))
    assert type_in(client, "an.nv", "").status_code == 422


def test_a_locked_account_is_told_only_to_who_knows_the_password(
    client: Client, clerk: Any, type_in: SignIn
) -> None:
    Account.objects.update(is_active=False)
    assert "đã bị khóa" in type_in(client, "an.nv").content.decode()
    assert "đã bị khóa" not in type_in(client, "an.nv", "sai mật khẩu").content.decode()


def test_a_hash_of_older_parameters_is_renewed_at_sign_in(
    client: Client, clerk: Any, type_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = Account.objects.get().password
    monkeypatch.setattr(Argon2, "memory_cost", 128)
    assert type_in(client, "an.nv", "sai mật khẩu").status_code == 422
    assert Account.objects.get().password == old
    assert type_in(client, "an.nv").status_code == 302
    assert "m=128" in Account.objects.get().password
    assert type_in(Client(), "an.nv").status_code == 302


def test_the_parameters_are_those_of_the_decision() -> None:
    import inspect

    source = inspect.getsource(Argon2)
    assert "time_cost = 2" in source and "memory_cost = 47_104" in source and "parallelism = 1" in source


def test_every_attempt_is_on_record_and_in_the_audit_log(client: Client, clerk: Any, type_in: SignIn) -> None:
    type_in(client, "an.nv", "sai mật khẩu", REMOTE_ADDR="192.0.2.1")
    type_in(client, "mật khẩu gõ nhầm ô", "sai mật khẩu")
    type_in(client, "an.nv", REMOTE_ADDR="192.0.2.1")
    records = SignInRecord.objects.order_by("id").values_list("outcome", "account_id", "address")
    assert list(records) == [
        ("wrong", clerk.pk, "192.0.2.1"),
        ("wrong", None, "127.0.0.1"),
        ("succeeded", clerk.pk, "192.0.2.1"),
    ]
    verbs = AuditEntry.objects.filter(verb__startswith="sign_in").order_by("id")
    assert [entry.verb for entry in verbs] == ["sign_in.refused", "sign_in.refused", "sign_in.succeeded"]
    assert "gõ nhầm" not in str(list(AuditEntry.objects.values()))
    assert verbs.last().actor_name == "Nguyễn Văn An" and verbs.last().request_id  # type: ignore[union-attr]


def test_neither_password_nor_key_lies_in_database_or_audit(
    client: Client, clerk: Any, type_in: SignIn
) -> None:
    type_in(client, "an.nv")
    key = client.cookies["sessionid"].value
    everything = f"{list(Session.objects.values())}{list(AuditEntry.objects.values())}"
    assert key not in everything and PASSWORD not in everything
    assert hash_key(key) not in str(list(AuditEntry.objects.values()))
    assert Session.objects.get().key_hash == hash_key(key)


# --- Fixation, addresses to go on to ---------------------------------------------------------------


def test_a_key_planted_before_sign_in_is_worth_nothing(client: Client, clerk: Any, type_in: SignIn) -> None:
    client.post("/dang-xuat/")  # leaves a message in a visitor's session, or none
    client.cookies["sessionid"] = "planted-key-of-somebody-else-000000000000"
    type_in(client, "an.nv")
    assert client.cookies["sessionid"].value != "planted-key-of-somebody-else-000000000000"
    thief = Client()
    thief.cookies["sessionid"] = "planted-key-of-somebody-else-000000000000"
    assert thief.get("/").content.decode().startswith("visitor|")


def test_a_visitors_real_session_key_does_not_become_a_signed_in_one(
    client: Client, clerk: Any, type_in: SignIn
) -> None:
    session = client.session
    session["note"] = "of the visitor"
    session.save()
    planted = session.session_key
    assert planted
    client.cookies["sessionid"] = planted
    type_in(client, "an.nv")
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert thief.get("/").content.decode().startswith("visitor|")
    assert "note" not in client.session


def test_the_form_token_changes_at_sign_in(clerk: Any, type_in: SignIn) -> None:
    client = Client()
    client.get("/dang-nhap/")
    before = client.cookies["csrftoken"].value
    type_in(client, "an.nv")
    assert client.cookies["csrftoken"].value != before


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "/%0d%0aSet-Cookie:a=b\r\nX: y",
        " //evil.example",
        "///evil.example",
        "/" + "a" * 3000,
    ],
)
def test_nobody_is_led_to_another_site(client: Client, clerk: Any, type_in: SignIn, address: str) -> None:
    assert type_in(client, "an.nv", next=address).headers["Location"] == "/lam-viec/"


def test_after_sign_in_one_comes_to_the_page_one_wanted(client: Client, clerk: Any, type_in: SignIn) -> None:
    asked = client.get("/lam-viec/?q=%C4%91%E1%BA%A5t&trang=2")
    assert asked.headers["Location"].startswith("/dang-nhap/?next=%2Flam-viec%2F%3Fq%3D%25C4")
    page = client.get(asked.headers["Location"]).content.decode()
    assert 'value="/lam-viec/?q=%C4%91%E1%BA%A5t&amp;trang=2"' in page
    target = "/lam-viec/?q=%C4%91%E1%BA%A5t&trang=2"
    assert type_in(client, "an.nv", next=target).headers["Location"] == target


def test_the_screen_needs_the_form_token(clerk: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/dang-nhap/", {"username": "an.nv", "password": PASSWORD})
    assert response.status_code == 403
    assert "Trang này đã cũ" in response.content.decode()


# --- Throttling -------------------------------------------------------------------------------------


def test_guessing_is_slowed_down_and_the_page_says_how_long_to_wait(
    client: Client, clerk: Any, type_in: SignIn
) -> None:
    answers = [type_in(client, "an.nv", f"sai mật khẩu {n}").status_code for n in range(7)]
    assert answers == [422] * 5 + [429] * 2
    refused = type_in(client, "an.nv")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 5
    assert "Hãy chờ" in refused.content.decode() and "giây" in refused.content.decode()


def test_an_unknown_name_is_slowed_down_just_the_same(client: Client, clerk: Any, type_in: SignIn) -> None:
    answers = [type_in(client, "khong.co", f"sai mật khẩu {n}").status_code for n in range(7)]
    assert answers == [422] * 5 + [429] * 2


def test_guesses_of_strangers_do_not_keep_the_person_out(client: Client, clerk: Any, type_in: SignIn) -> None:
    assert type_in(client, "an.nv").status_code == 302  # the browser is known from here on
    client.post("/dang-xuat/")
    for n in range(30):
        type_in(Client(), "an.nv", "sai mật khẩu", REMOTE_ADDR=f"192.0.2.{n}")
    assert type_in(Client(), "an.nv", REMOTE_ADDR="198.51.100.7").status_code == 429
    assert type_in(client, "an.nv").status_code == 302


def test_a_stranger_at_one_address_does_not_block_another_address(clerk: Any, type_in: SignIn) -> None:
    for n in range(12):
        type_in(Client(), "an.nv", f"sai {n}", REMOTE_ADDR="192.0.2.1")
    assert type_in(Client(), "an.nv", REMOTE_ADDR="192.0.2.2").status_code == 302


def test_a_known_browser_is_slowed_down_too_when_it_guesses(
    client: Client, clerk: Any, type_in: SignIn
) -> None:
    type_in(client, "an.nv")
    client.post("/dang-xuat/")
    answers = [type_in(client, "an.nv", f"sai mật khẩu {n}").status_code for n in range(7)]
    assert answers == [422] * 5 + [429] * 2


def test_one_address_trying_many_names_is_slowed_down(house: House, type_in: SignIn) -> None:
    answers = {type_in(Client(), f"ten{n}", "sai mật khẩu").status_code for n in range(61)}
    assert answers == {422, 429}


def test_a_right_password_clears_ones_own_count(client: Client, clerk: Any, type_in: SignIn) -> None:
    for n in range(4):
        type_in(client, "an.nv", f"sai {n}")
    assert type_in(client, "an.nv").status_code == 302
    client.cookies.clear()
    answers = [type_in(client, "an.nv", f"sai {n}").status_code for n in range(5)]
    assert answers == [422] * 5


def test_waiting_is_not_prolonged_by_hammering(client: Client, clerk: Any, type_in: SignIn) -> None:
    for n in range(6):
        type_in(client, "an.nv", f"sai {n}")
    before = set(Throttle.objects.values_list("key", "blocked_until"))
    for n in range(5):
        type_in(client, "an.nv", f"sai {n}")
    assert set(Throttle.objects.values_list("key", "blocked_until")) == before


def test_a_forged_forwarded_header_does_not_make_another_address(clerk: Any, type_in: SignIn) -> None:
    for n in range(5):
        type_in(Client(), "an.nv", f"sai {n}", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}")
    assert type_in(Client(), "an.nv", HTTP_X_FORWARDED_FOR="203.0.113.99").status_code == 429


def test_behind_our_proxy_the_address_it_saw_counts(clerk: Any, type_in: SignIn, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    for n in range(5):
        type_in(Client(), "an.nv", f"sai {n}", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}, 192.0.2.1")
    assert type_in(Client(), "an.nv", HTTP_X_FORWARDED_FOR="1.2.3.4, 192.0.2.1").status_code == 429
    assert type_in(Client(), "an.nv", HTTP_X_FORWARDED_FOR="1.2.3.4, 192.0.2.2").status_code == 302


def _at_once(work: Any, count: int) -> list[Any]:
    answers: list[Any] = []
    gate = threading.Barrier(count)

    def run(number: int) -> None:
        try:
            gate.wait()
            answers.append(work(number))
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_twenty_guesses_at_once_are_counted_before_any_is_answered(house: House, type_in: SignIn) -> None:
    house.citizen()
    answers = _at_once(lambda n: type_in(Client(), "0900000001", f"sai {n}").status_code, 20)
    assert answers.count(422) == 5 and answers.count(429) == 15


@pytest.mark.django_db(transaction=True)
def test_two_browsers_signing_in_at_once_get_a_session_each(house: House, type_in: SignIn) -> None:
    account = house.citizen()
    answers = _at_once(lambda n: type_in(Client(), "0900000001").status_code, 4)
    assert answers == [302] * 4
    assert Session.objects.filter(account=account, ended_at=None).count() == 4


def test_a_browser_known_to_one_person_is_not_known_to_another(
    client: Client, clerk: Any, house: House, type_in: SignIn
) -> None:
    house.citizen()
    type_in(client, "0900000001")
    client.post("/dang-xuat/")
    for n in range(30):
        type_in(Client(), "an.nv", "sai mật khẩu", REMOTE_ADDR=f"192.0.2.{n}")
    assert type_in(client, "an.nv").status_code == 429


def test_a_forged_device_cookie_opens_no_way_around(client: Client, clerk: Any, type_in: SignIn) -> None:
    for n in range(5):
        type_in(client, "an.nv", f"sai {n}")
    client.cookies["dinh_thiet_bi"] = '{"account": "x"}:forged:signature'
    assert type_in(client, "an.nv").status_code == 429
