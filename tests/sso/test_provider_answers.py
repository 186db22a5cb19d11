"""What an identity provider may not answer: each wrong answer is refused, and nothing of it is kept."""

import base64
import datetime as dt
import hmac
import json
import threading
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from dinh.sso.actions import throttle
from dinh.sso.adapters import identity_provider
from dinh.sso.models import Account, LinkedIdentity, ProviderTrip, Session
from dinh.sso.rules.sign_in import WaitPolicy
from dinh.website.sample.national_sign_in import Denied, Handler, SampleSignIn
from tests.sso.conftest import House
from tests.sso.provider import (
    KNOWN,
    NEW,
    START,
    at_provider,
    come_back,
    depart,
    go,
    provider,
    with_query,
)

pytestmark = pytest.mark.django_db(transaction=True)

REFUSED = "không dùng được nên chưa đăng nhập"
ENDED = "Lượt đăng nhập này đã dùng"


class Changed(SampleSignIn):
    """Says other claims than it should; a value None takes the claim out."""

    def __init__(self, *, change: dict[str, Any], **values: Any) -> None:
        super().__init__(**values)
        self.change = change

    def claims(self, *arguments: Any) -> dict[str, Any]:
        claims = super().claims(*arguments)
        now = int(time.time())
        for name, value in self.change.items():
            claims[name] = value(now) if callable(value) else value
        return {name: value for name, value in claims.items() if value is not None}


@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": ["a"]},
        {"aud": "another-client"},
        {"aud": ["tinh-mau", "another-client"]},
        {"aud": None},
        {"azp": "another-client"},
        {"iss": "http://127.0.0.1:9/"},
        {"iss": None},
        {"exp": lambda now: now - 61},
        {"exp": None},
        {"exp": "soon"},
        {"exp": 1e300},
        {"iat": lambda now: now + 120},
        {"iat": lambda now: now - 3600},
        {"iat": None},
        {"nbf": lambda now: now + 120},
        {"sub": None},
        {"sub": "x" * 300},
        {"sub": "somebody-else"},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_identity_token_with_a_wrong_claim_is_refused(settings: Any, change: dict[str, Any]) -> None:
    with provider(settings, Changed, change=change):
        _is_refused(go(Client(), NEW))


def test_a_clock_that_is_a_little_off_is_no_reason(settings: Any) -> None:
    change = {"iat": lambda now: now + 30, "exp": lambda now: now - 30}
    with provider(settings, Changed, change=change):
        assert go(Client(), NEW).status_code == 302


@pytest.mark.parametrize("level", ["LoA1", "LoA2"])
def test_a_level_below_the_one_asked_for_is_no_answer(settings: Any, level: str) -> None:
    settings.SIGN_IN_LEVEL = level
    with provider(settings, Changed, change={"acr": "LoA1"}):
        answer = go(Client(), NEW)
        assert answer.status_code == (302 if level == "LoA1" else 422)


class Signing(SampleSignIn):
    """Signs in another way than it should."""

    way = ""

    def sign(self, claims: dict[str, Any]) -> str:
        right = super().sign(claims)
        head, body, seal = right.split(".")
        if self.way == "none":
            return f"{_part({'alg': 'none'})}.{body}."
        if self.way == "other_key":
            other = ECKey.generate_key("P-256", {"kid": self.key.kid})
            return jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, other)
        if self.way == "unknown_key":
            other = ECKey.generate_key("P-256", {"kid": "khac"})
            return jwt.encode({"alg": "ES256", "kid": "khac"}, claims, other)
        if self.way == "secret":
            # The public key, which everybody has, as the secret of an HMAC.
            signed = f"{_part({'alg': 'HS256', 'kid': self.key.kid})}.{_part(claims)}"
            mac = hmac.new(self.key.as_pem(private=False), signed.encode(), "sha256").digest()
            return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
        if self.way == "changed":
            return f"{head}.{_part({**claims, 'sub': 'somebody-else'})}.{seal}"
        if self.way == "crit":
            return f"{_part({'alg': 'ES256', 'kid': self.key.kid, 'crit': ['x'], 'x': 1})}.{body}.{seal}"
        if self.way == "huge":
            return super().sign({**claims, "more": "x" * 20_000})
        if self.way == "no_object":
            return f"{head}.{_part(['a'])}.{seal}"
        return "not.a.token" if self.way == "rubbish" else right


def _part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "way",
    ["none", "other_key", "unknown_key", "secret", "changed", "crit", "huge", "no_object", "rubbish"],
)
def test_an_identity_token_that_is_not_rightly_signed_is_refused(settings: Any, way: str) -> None:
    with provider(settings, Signing) as opened:
        opened.way = way
        _is_refused(go(Client(), NEW))


@pytest.mark.filterwarnings("ignore:Key size")
def test_a_new_key_of_the_provider_is_fetched_and_a_weak_one_is_not_taken(
    settings: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(identity_provider, "KEYS_AGAIN_SECONDS", 0.0)
    with provider(settings) as opened:
        assert go(Client(), NEW).status_code == 302
        opened.key = ECKey.generate_key("P-256", {"kid": "moi", "use": "sig", "alg": "ES256"})
        assert go(Client(), NEW).status_code == 302
        weak = RSAKey.generate_key(1024, {"kid": "yeu", "use": "sig", "alg": "RS256"})
        opened.key = weak
        opened.sign = lambda claims: jwt.encode(
            {"alg": "RS256", "kid": "yeu"}, claims, weak, algorithms=["RS256"]
        )
        _is_refused_for_nobody(go(Client(), NEW))
        strong = RSAKey.generate_key(2048, {"kid": "manh", "use": "sig", "alg": "RS256"})
        opened.key = strong
        opened.sign = lambda claims: jwt.encode(
            {"alg": "RS256", "kid": "manh"}, claims, strong, algorithms=["RS256"]
        )
        assert go(Client(), NEW).status_code == 302


def _is_refused(answer: Any) -> None:
    assert answer.status_code == 422, answer.headers
    assert REFUSED in answer.content.decode()
    assert not Account.objects.exists() and not LinkedIdentity.objects.exists()
    assert not Session.objects.exclude(account=None).exists()
    assert not ProviderTrip.objects.filter(stage="asked").exists()


# --- The way back -----------------------------------------------------------------------------------


def test_a_state_comes_back_once(settings: Any) -> None:
    with provider(settings):
        browser = Client()
        back = at_provider(depart(browser), NEW)
        assert come_back(browser, back).status_code == 302
        assert ENDED in come_back(browser, back).content.decode()


def test_a_code_is_redeemed_once_even_under_another_state(settings: Any) -> None:
    with provider(settings):
        browser = Client()
        first = at_provider(depart(browser), NEW)
        assert come_back(browser, first).status_code == 302
        code = urllib.parse.parse_qs(urllib.parse.urlsplit(first).query)["code"][0]
        second = at_provider(depart(browser), NEW)
        _is_refused_for_nobody(come_back(browser, with_query(second, code=code)))


def test_a_code_of_another_trip_does_not_fit_its_verifier(settings: Any) -> None:
    """Somebody gives a victim the code of their own sign-in."""
    with provider(settings):
        attacker, victim = Client(), Client()
        planted = urllib.parse.parse_qs(urllib.parse.urlsplit(at_provider(depart(attacker), NEW)).query)
        address = with_query(at_provider(depart(victim), KNOWN), code=planted["code"][0])
        _is_refused(come_back(victim, address))


def test_the_answer_to_one_browser_is_none_to_another(settings: Any) -> None:
    with provider(settings):
        attacker = Client()
        address = at_provider(depart(attacker), NEW)
        victim = Client()
        depart(victim)
        assert ENDED in come_back(victim, address).content.decode()
        assert ENDED in come_back(Client(), address).content.decode()
        waiting = come_back(attacker, address).headers["Location"]
        assert ENDED in victim.get(waiting).content.decode()
        assert ENDED in victim.post(waiting).content.decode()
        assert not Account.objects.exists()


@pytest.mark.parametrize("iss", ["", "http://127.0.0.1:9", "https://khac.example"])
def test_an_answer_of_another_issuer_or_of_none_is_refused(settings: Any, iss: str) -> None:
    with provider(settings):
        browser = Client()
        _is_refused(come_back(browser, with_query(at_provider(depart(browser), NEW), iss=iss)))


@pytest.mark.parametrize("values", [{"state": ""}, {"state": "x" * 5000}, {"code": ""}, {"code": "x" * 5000}])
def test_an_answer_that_lacks_something_is_refused(settings: Any, values: dict[str, str]) -> None:
    with provider(settings):
        browser = Client()
        answer = come_back(browser, with_query(at_provider(depart(browser), NEW), **values))
        assert answer.status_code == 422 and not Account.objects.exists()


def test_a_trip_lasts_ten_minutes(settings: Any, monkeypatch: Any) -> None:
    with provider(settings):
        browser = Client()
        address = at_provider(depart(browser), NEW)
        later = timezone.now() + dt.timedelta(minutes=10, seconds=1)
        with monkeypatch.context() as context:
            context.setattr("dinh.sso.views.identities.timezone.now", lambda: later)
            assert ENDED in come_back(browser, address).content.decode()


def _is_refused_for_nobody(answer: Any) -> None:
    assert answer.status_code == 422 and REFUSED in answer.content.decode()


# --- The provider itself ----------------------------------------------------------------------------


class Speaking(SampleSignIn):
    """Describes itself, or speaks of people, in another way than it should."""

    def __init__(self, *, said: dict[str, Any] | None = None, person: Any = None, **values: Any) -> None:
        super().__init__(**values)
        self.said, self.person = said or {}, person

    def discovery(self) -> dict[str, Any]:
        return {**super().discovery(), **self.said}

    def userinfo(self, access: str) -> dict[str, Any]:
        said = super().userinfo(access)
        return self.person(said) if self.person else said


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "http://127.0.0.1:9"},
        {"authorization_endpoint": "http://khac.example/authorize"},
        {"token_endpoint": "http://khac.example/token"},
        {"userinfo_endpoint": "file:///etc/passwd"},
        {"jwks_uri": "//khac.example"},
        {"jwks_uri": None},
        {"end_session_endpoint": "javascript:alert(1)"},
        {"code_challenge_methods_supported": ["plain"]},
        {"more": "x" * 300_000},
    ],
    ids=lambda said: next(iter(said)),
)
def test_a_provider_that_describes_itself_wrongly_is_not_gone_to(settings: Any, said: dict[str, Any]) -> None:
    with provider(settings, Speaking, said=said):
        _is_refused(Client().get(START))


def test_plain_http_is_for_a_sample_on_this_machine_alone(settings: Any) -> None:
    with provider(settings):
        settings.IS_SAMPLE = False
        _is_refused(Client().get(START))


@pytest.mark.parametrize(
    "person",
    [
        lambda said: {**said, "sub": "somebody-else"},
        lambda said: {**said, "TechID": ""},
        lambda said: {**said, "TechID": "x" * 300},
        lambda said: {**said, "TechID": {"a": 1}},
        lambda said: {**said, "TechID": "a\u202eb"},
        lambda said: {**said, "full_name": "<script>"},
        lambda said: {"sub": said["sub"]},
    ],
)
def test_userinfo_that_is_not_of_the_person_is_refused(settings: Any, person: Any) -> None:
    with provider(settings, Speaking, person=person):
        _is_refused(go(Client(), NEW))


def test_what_is_malformed_and_not_needed_is_left_out(settings: Any) -> None:
    wrong = {"identifier": "12", "phone": "abc", "email": "a@b\nBcc: c@d.vn", "birth_date": "hôm qua"}
    with provider(settings, Speaking, person=lambda said: {**said, **wrong}):
        browser = Client()
        where = go(browser, NEW).headers["Location"]
        browser.post(where)
        person = Account.objects.select_related("person").get().person
        assert (person.identity_number, person.phone, person.email, person.birth_date) == ("", "", "", None)


def test_the_names_of_claims_can_be_others(settings: Any) -> None:
    settings.SIGN_IN_CLAIMS = {"full_name": "HoTen", "identity_number": "SoDinhDanh"}

    def person(said: dict[str, Any]) -> dict[str, Any]:
        return {"sub": said["sub"], "TechID": "T1", "HoTen": "PHẠM THỊ MỚI", "SoDinhDanh": "099000000123"}

    with provider(settings, Speaking, person=person):
        browser = Client()
        browser.post(go(browser, NEW).headers["Location"])
        known = Account.objects.select_related("person").get().person
        assert (known.full_name, known.identity_number) == ("Phạm Thị Mới", "099000000123")


def test_fixed_addresses_stand_for_a_discovery(settings: Any) -> None:
    with provider(settings) as opened:
        settings.SIGN_IN_ENDPOINTS = opened.discovery()
        opened.discovery = lambda: pytest.fail("asked for")
        assert go(Client(), NEW).status_code == 302


class Bad(SampleSignIn):
    """Does not answer as a provider should."""

    def redeem(self, asked: Any) -> Any:
        raise Denied("invalid_grant")


def test_a_provider_that_does_not_redeem_the_code_is_refused(settings: Any) -> None:
    with provider(settings, Bad):
        _is_refused(go(Client(), NEW))


def test_a_redirection_is_not_followed(settings: Any, monkeypatch: Any) -> None:
    with provider(settings):
        browser = Client()
        address = at_provider(depart(browser), NEW)
        monkeypatch.setattr(Handler, "_token", lambda self, asked: self._redirect("/oauth2/userinfo"))
        _is_refused(come_back(browser, address))


def test_a_provider_that_sends_a_byte_now_and_then_is_cut_off(settings: Any, monkeypatch: Any) -> None:
    def trickle(self: Any, body: Any, **_: Any) -> None:
        """Everything that was asked for, if somebody waits for it."""
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        for one in content:
            try:
                self.wfile.write(bytes([one]))
                self.wfile.flush()
            except OSError:
                return
            time.sleep(0.01)

    with provider(settings):
        monkeypatch.setattr(identity_provider, "SECONDS", 0.3)
        monkeypatch.setattr(identity_provider, "AWAY_SECONDS", 3600.0)
        monkeypatch.setattr(Handler, "_json", trickle)
        assert Client().get(START).status_code == 503
        # For a moment nobody else waits for it.
        monkeypatch.setattr(identity_provider, "exchange", lambda *given, **bounds: pytest.fail("again"))
        assert Client().get(START).status_code == 503


def test_two_yeses_at_once_open_one_account(settings: Any) -> None:
    with provider(settings):
        browser = Client()
        where = go(browser, NEW).headers["Location"]
        cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
        barrier = threading.Barrier(2)

        def press() -> int:
            try:
                twin = Client()
                for name, value in cookies.items():
                    twin.cookies[name] = value
                barrier.wait(10)
                return int(twin.post(where).status_code)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            statuses = sorted(pool.map(lambda _number: press(), range(2)))
        assert statuses == [302, 422]
        assert Account.objects.count() == LinkedIdentity.objects.count() == 1


def test_two_browsers_open_one_account_for_one_person(settings: Any, house: House) -> None:
    with provider(settings):
        browsers = [Client(), Client()]
        places = [go(browser, NEW).headers["Location"] for browser in browsers]
        first, second = (browser.post(place) for browser, place in zip(browsers, places, strict=True))
        assert first.status_code == 302 and second.status_code == 422
        assert "đã liên kết với một tài khoản khác ở đây" in second.content.decode()
        assert Account.objects.count() == 1


def test_trips_from_one_address_are_slowed_down(settings: Any, monkeypatch: Any) -> None:
    policy = WaitPolicy(2, dt.timedelta(minutes=1), dt.timedelta(minutes=5), dt.timedelta(minutes=5))
    monkeypatch.setattr(throttle, "ADDRESS_POLICY", policy)
    with provider(settings):
        browser = Client()
        browser.post(go(browser, KNOWN).headers["Location"])
        for _ in range(4):
            assert go(Client(), KNOWN).headers["Location"] == "/"
        assert [Client().get(START).status_code for _ in range(3)] == [302, 302, 429]
        assert ProviderTrip.objects.filter(stage="sent").count() == 2
