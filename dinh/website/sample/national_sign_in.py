"""A sample of the sign-in by the national portal: a small OpenID provider that says that it is a sample.

A process of its own beside the province: ``python -m dinh.website.sample.national_sign_in --issuer
http://127.0.0.1:8030 --province http://127.0.0.1:8000``; the client and its secret stand in the environment
(``DINH_SIGN_IN_CLIENT``, ``DINH_SIGN_IN_SECRET``). It speaks the code flow of OpenID Connect Core 1.0 with
PKCE (S256 alone), one-time codes, ES256, discovery, userinfo with the national portal's claims, and
RP-initiated logout. Nobody proves anything here: whoever opens it chooses which invented citizen they are. It
is not the province's own identity provider and shares no code with one. What it knows is in memory and gone
with it.
"""

import argparse
import base64
import datetime as dt
import hashlib
import hmac
import html
import json
import os
import secrets
import threading
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from http.server import ThreadingHTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from dinh.website.sample.citizens import sample_citizens
from dinh.website.sample.names import identity_number
from dinh.website.sample.outside import SampleHandler, switch_button

__all__ = ["Denied", "Handler", "OFFERED", "Offered", "SampleSignIn", "main", "serve"]

LARGEST = 64 * 1024
CODE_SECONDS = 60
TOKEN_SECONDS = 300
BACK = "/dang-nhap/cong-quoc-gia/tro-ve/"
AFTERWARDS = "/dang-nhap/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One invented person whom a visitor may choose to be. ``level`` is the assurance of the account."""

    tech_id: str
    level: str
    note: str
    said: Mapping[str, str]

    @property
    def subject(self) -> str:
        return hashlib.sha256(self.tech_id.encode()).hexdigest()[:32]


def _offered() -> dict[str, Offered]:
    """Three citizens whom the province knows, two whom it does not, and an organisation."""
    known = [
        (f"Có tài khoản ở tỉnh mẫu: congdan{number if number > 1 else ''}", citizen)
        for number, citizen in enumerate(sample_citizens(3), start=1)
    ]
    rows = [
        *((note, "LoA2", "1", c.full_name, c.identity_number, c.birth_date, c.phone, c.email)
          for note, c in known),
        ("Chưa có tài khoản ở tỉnh mẫu", "LoA2", "1", "Phạm Thị Mới", identity_number(700_001),
         dt.date(1996, 5, 17), "0900700001", "moi@example.vn"),
        ("Chưa có tài khoản; định danh mức 1", "LoA1", "1", "Vũ Văn Mức Một", identity_number(700_002),
         dt.date(1988, 11, 2), "0900700002", ""),
        ("Tài khoản tổ chức", "LoA2", "2", "Công ty Mẫu", "", None, "0900700003", ""),
    ]  # fmt: skip
    people = [
        Offered(
            tech_id=f"MAU{number:07d}",
            level=level,
            note=note,
            said={
                "full_name": name,
                "identifier": identifier,
                "birth_date": born.isoformat() if born else "",
                "phone": phone,
                "email": email,
                "account_type": kind,
            },
        )
        for number, (note, level, kind, name, identifier, born, phone, email) in enumerate(rows, start=1)
    ]
    return {person.tech_id: person for person in people}


OFFERED = _offered()


class Denied(Exception):
    """Why a request is not served: ``error`` as the standards name it."""

    def __init__(self, error: str) -> None:
        self.error = error
        super().__init__(error)


@dataclass(slots=True)
class _Code:
    person: Offered
    asked: Mapping[str, str]
    at: dt.datetime
    access: str = ""


class SampleSignIn:
    """The provider behind its pages. Tests override what is to go wrong."""

    def __init__(self, *, issuer: str, province: str, client: str, secret: str) -> None:
        self.issuer, self.client, self.secret = issuer, client, secret
        self.return_to = province.rstrip("/") + BACK
        self.afterwards = province.rstrip("/") + AFTERWARDS
        self.key = ECKey.generate_key("P-256", {"kid": secrets.token_hex(8), "use": "sig", "alg": "ES256"})
        self.is_away = False
        self._lock = threading.Lock()
        self._codes: dict[str, _Code] = {}
        self._tokens: dict[str, tuple[Offered, dt.datetime]] = {}
        self._browsers: dict[str, Offered] = {}

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)

    # what the province asks

    def discovery(self) -> dict[str, Any]:
        at = self.issuer
        return {
            "issuer": at,
            "authorization_endpoint": f"{at}/oauth2/authorize",
            "token_endpoint": f"{at}/oauth2/token",
            "userinfo_endpoint": f"{at}/oauth2/userinfo",
            "jwks_uri": f"{at}/oauth2/jwks",
            "end_session_endpoint": f"{at}/oidc/logout",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": ["openid"],
            "acr_values_supported": ["LoA1", "LoA2"],
            "authorization_response_iss_parameter_supported": True,
        }

    def keys(self) -> dict[str, Any]:
        return {"keys": [self.key.as_dict(private=False)]}

    def check_authorization(self, asked: Mapping[str, str]) -> None:
        """Raise ``Denied`` for what the provider does not take from a known client."""
        if asked.get("response_type") != "code":
            raise Denied("unsupported_response_type")
        if "openid" not in asked.get("scope", "").split():
            raise Denied("invalid_scope")
        if asked.get("code_challenge_method") != "S256" or len(asked.get("code_challenge", "")) != 43:
            raise Denied("invalid_request")

    def is_known_client(self, asked: Mapping[str, str]) -> bool:
        return asked.get("client_id") == self.client and asked.get("redirect_uri") == self.return_to

    def authorise(self, person: Offered, asked: Mapping[str, str]) -> str:
        """Return the address with the code to which the browser goes back."""
        code = secrets.token_urlsafe(32)
        with self._lock:
            self._codes[code] = _Code(person, dict(asked), self.now())
        return self._answer(asked, {"code": code})

    def refuse(self, asked: Mapping[str, str], error: str) -> str:
        return self._answer(asked, {"error": error})

    def _answer(self, asked: Mapping[str, str], said: Mapping[str, str]) -> str:
        values = {**said, "state": asked.get("state", ""), "iss": self.issuer}
        return f"{self.return_to}?{urllib.parse.urlencode(values)}"

    def redeem(self, asked: Mapping[str, str]) -> dict[str, Any]:
        """Give tokens for a code, once; a code that comes again takes its tokens away. Raises ``Denied``."""
        with self._lock:
            code = self._codes.get(asked.get("code", ""))
            if asked.get("grant_type") != "authorization_code":
                raise Denied("unsupported_grant_type")
            if code is None or code.access:
                self._tokens.pop(code.access if code else "", None)
                raise Denied("invalid_grant")
            code.access = secrets.token_urlsafe(32)
            digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
            is_same = hmac.compare_digest(_base64(digest), code.asked["code_challenge"])
            is_late = self.now() - code.at > dt.timedelta(seconds=CODE_SECONDS)
            if is_late or not is_same or asked.get("redirect_uri") != self.return_to:
                raise Denied("invalid_grant")
            self._tokens[code.access] = (code.person, self.now())
        return {
            "access_token": code.access,
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "scope": "openid",
            "id_token": self.sign(self.claims(code.person, code.asked, code.access, code.at)),
        }

    def claims(
        self, person: Offered, asked: Mapping[str, str], access: str, authenticated_at: dt.datetime
    ) -> dict[str, Any]:
        """What the identity token says."""
        now = int(self.now().timestamp())
        return {
            "iss": self.issuer,
            "sub": person.subject,
            "aud": self.client,
            "azp": self.client,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "auth_time": int(authenticated_at.timestamp()),
            "nonce": asked.get("nonce", ""),
            "acr": person.level,
            "at_hash": _base64(hashlib.sha256(access.encode()).digest()[:16]),
        }

    def sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, self.key)

    def userinfo(self, access: str) -> dict[str, Any]:
        """Who a token stands for. Raises ``Denied``."""
        with self._lock:
            person, at = self._tokens.get(access, (None, self.now()))
        if person is None or self.now() - at > dt.timedelta(seconds=TOKEN_SECONDS):
            raise Denied("invalid_token")
        said = {name: value for name, value in person.said.items() if value}
        return {"sub": person.subject, "TechID": person.tech_id, "acr": person.level, **said}

    # whom a browser has chosen to be

    def remember(self, person: Offered) -> str:
        browser = secrets.token_urlsafe(32)
        with self._lock:
            self._browsers[browser] = person
        return browser

    def chosen_in(self, browser: str) -> Offered | None:
        with self._lock:
            return self._browsers.get(browser)

    def forget(self, browser: str) -> None:
        with self._lock:
            self._browsers.pop(browser, None)


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title} – cổng mẫu</title>
<style>body{{font:18px/1.6 sans-serif;margin:0 auto;max-width:40rem;padding:1rem;color:#222;background:#fff}}
.mau{{background:#7a1f2b;color:#fff;padding:.75rem 1rem;font-weight:600;margin:0}}
button{{font:inherit;padding:.75rem 1rem;width:100%;text-align:left;background:#fff;border:1px solid #555;
border-radius:6px;cursor:pointer;margin:0 0 .75rem;color:#222}}button:hover{{background:#f3efe9}}
button:focus-visible{{outline:3px solid #14508c;outline-offset:2px}}button strong{{display:block}}
small{{color:#4a4a4a}}h1{{font-size:1.5rem}}</style>
<p class="mau">Cổng mẫu, không phải Cổng Dịch vụ công quốc gia thật. Mọi người ở đây đều là người bịa.</p>
<main><h1>{title}</h1>{body}</main></html>"""


class Handler(SampleHandler):
    """HTTP in front of the provider. Its pages are its own: people pass through them."""

    # Nobody keeps what passes here.
    always = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}

    provider: SampleSignIn
    note = "không phải Cổng Dịch vụ công quốc gia"
    server_version = "SampleSignIn"

    def do_GET(self) -> None:
        """Discovery, keys, userinfo, and the pages."""
        path, _, query = self.path.partition("?")
        asked = _fields(query)
        if path == "/":
            self._page("Đăng nhập của Cổng Dịch vụ công quốc gia (mẫu)", _home(self.provider))
        elif self.provider.is_away:
            self._page("Cổng mẫu đang tạm nghỉ", '<p><a href="/">Mở lại</a></p>', status=503)
        elif path == "/.well-known/openid-configuration":
            self._json(self.provider.discovery())
        elif path == "/oauth2/jwks":
            self._json(self.provider.keys())
        elif path == "/oauth2/userinfo":
            self._userinfo()
        elif path == "/oauth2/authorize":
            self._authorise(asked)
        elif path == "/oidc/logout":
            self._page("Đăng xuất khỏi Cổng mẫu?", _logout(asked))
        else:
            self._page("Không có trang này", "", status=404)

    def do_POST(self) -> None:
        """Tokens, and what is pressed on the pages."""
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST:
            self._json({"error": "invalid_request"}, status=413)
            return
        asked = _fields(self.rfile.read(length).decode("utf-8", "replace"))
        if self.path == "/cong-tac":
            self.provider.is_away = asked.get("nghi") == "1"
            self._redirect("/")
        elif self.provider.is_away:
            self._json({"error": "temporarily_unavailable"}, status=503)
        elif self.path == "/oauth2/token":
            self._token(asked)
        elif self.path == "/chon":
            self._chosen(asked)
        elif self.path == "/oidc/logout":
            self.provider.forget(self._browser())
            to = asked.get("post_logout_redirect_uri", "")
            self._redirect(to if to == self.provider.afterwards else "/", browser="")
        else:
            self._json({"error": "invalid_request"}, status=404)

    def _authorise(self, asked: dict[str, str]) -> None:
        if not self.provider.is_known_client(asked):
            self._page("Không rõ nơi gọi đến", "<p>Nơi gọi đến chưa đăng ký với Cổng mẫu.</p>", status=400)
            return
        try:
            self.provider.check_authorization(asked)
        except Denied as denied:
            self._redirect(self.provider.refuse(asked, denied.error))
            return
        signed_in = None if asked.get("prompt") == "login" else self.provider.chosen_in(self._browser())
        self._page("Ông/Bà là ai?", _choices(asked, signed_in))

    def _chosen(self, fields: dict[str, str]) -> None:
        asked = _fields(fields.pop("hoi", ""))
        person = OFFERED.get(fields.get("nguoi", ""))
        if not self.provider.is_known_client(asked):
            self._page("Không rõ nơi gọi đến", "", status=400)
        elif person is None:
            self._redirect(self.provider.refuse(asked, "access_denied"))
        else:
            self._redirect(self.provider.authorise(person, asked), browser=self.provider.remember(person))

    def _token(self, asked: dict[str, str]) -> None:
        if not self._is_client(asked):
            self._json({"error": "invalid_client"}, status=401)
            return
        try:
            self._json(self.provider.redeem(asked))
        except Denied as denied:
            self._json({"error": denied.error}, status=400)

    def _is_client(self, asked: Mapping[str, str]) -> bool:
        client, secret = asked.get("client_id", ""), asked.get("client_secret", "")
        kind, _, given = self.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "basic":
            try:
                pair = base64.b64decode(given, validate=True).decode()
            except ValueError:
                return False
            client, _, secret = (urllib.parse.unquote(part) for part in pair.partition(":"))
        same_secret = hmac.compare_digest(secret.encode(), self.provider.secret.encode())
        return same_secret and client == self.provider.client

    def _userinfo(self) -> None:
        kind, _, access = self.headers.get("Authorization", "").partition(" ")
        try:
            self._json(self.provider.userinfo(access if kind.lower() == "bearer" else ""))
        except Denied as denied:
            self._json({"error": denied.error}, status=401)

    def _browser(self) -> str:
        try:
            cookies = SimpleCookie(self.headers.get("Cookie", ""))
        except CookieError:
            return ""
        return cookies["cong_mau"].value if "cong_mau" in cookies else ""

    def _redirect(self, address: str, *, browser: str | None = None) -> None:
        cookie = f"cong_mau={browser}; Path=/; HttpOnly; SameSite=Lax"
        self.send_to(address, **({} if browser is None else {"Set_Cookie": cookie}))

    def _json(self, body: Mapping[str, Any], *, status: int = 200) -> None:
        self.send_text(status, "application/json", json.dumps(body, ensure_ascii=False))

    def _page(self, title: str, body: str, *, status: int = 200) -> None:
        self.send_text(status, "text/html; charset=utf-8", PAGE.format(title=html.escape(title), body=body))


def _fields(query: str) -> dict[str, str]:
    return dict(urllib.parse.parse_qsl(query, keep_blank_values=True))


def _choices(asked: Mapping[str, str], signed_in: Offered | None) -> str:
    hidden = f'<input type="hidden" name="hoi" value="{html.escape(urllib.parse.urlencode(asked))}">'
    people = list(OFFERED.values())
    if signed_in is not None:
        people = [signed_in, *(person for person in people if person is not signed_in)]
    buttons = "".join(_choice(person, is_signed_in=person is signed_in) for person in people)
    stop = '<button name="nguoi" value="">Thôi, không đăng nhập</button>'
    words = "<p>Cổng thật hỏi số định danh và mật khẩu; cổng mẫu chỉ hỏi Ông/Bà muốn là ai.</p>"
    return f'{words}<form method="post" action="/chon">{hidden}{buttons}{stop}</form>'


def _choice(person: Offered, *, is_signed_in: bool) -> str:
    number = person.said["identifier"]
    note = f"Đang đăng nhập. {person.note}" if is_signed_in else person.note
    about = ". ".join(
        part for part in (note, f"Số định danh {number}" if number else "", person.level) if part
    )
    name = html.escape(person.said["full_name"])
    return (
        f'<button name="nguoi" value="{person.tech_id}"><strong>{name}</strong>'
        f"<small>{html.escape(about)}</small></button>"
    )


def _logout(asked: Mapping[str, str]) -> str:
    to = html.escape(asked.get("post_logout_redirect_uri", ""))
    return (
        '<form method="post" action="/oidc/logout">'
        f'<input type="hidden" name="post_logout_redirect_uri" value="{to}">'
        "<button><strong>Đăng xuất</strong></button></form>"
    )


def _home(provider: SampleSignIn) -> str:
    away = provider.is_away
    return (
        f"<p>{'Đang tạm nghỉ: tỉnh mẫu không đăng nhập qua đây được.' if away else 'Đang mở.'}</p>"
        + switch_button("nghi", "0" if away else "1", "Mở lại" if away else "Tạm nghỉ")
    )


def serve(provider: SampleSignIn, *, host: str, port: int) -> ThreadingHTTPServer:
    """Return a server in front of the provider; the caller lets it run."""
    server = ThreadingHTTPServer((host, port), type("Bound", (Handler,), {"provider": provider}))
    server.daemon_threads = True
    return server


def main() -> None:
    """Serve until ended."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--issuer", required=True)
    asked.add_argument("--province", required=True)
    given = asked.parse_args()
    provider = SampleSignIn(
        issuer=given.issuer,
        province=given.province,
        client=os.environ["DINH_SIGN_IN_CLIENT"],
        secret=os.environ["DINH_SIGN_IN_SECRET"],
    )
    address = urllib.parse.urlsplit(given.issuer)
    serve(provider, host=address.hostname or "127.0.0.1", port=address.port or 80).serve_forever()


if __name__ == "__main__":
    main()
