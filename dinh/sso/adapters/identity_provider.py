"""The national portal as an OpenID Connect provider: addresses, codes for tokens, tokens for a person.

After OpenID Connect Core 1.0 (code flow), RFC 7636 (PKCE, S256) and RFC 9207 (the answer names its issuer).
Every call is bounded in time and size and follows no redirection; addresses are https, but for a sample on
this machine. The national one cannot be reached from here: the sample
(``dinh.website.sample.national_sign_in``) and an independent provider have been spoken to
(docs/decisions/0220).
"""

import contextlib
import datetime as dt
import hmac
import json
import logging
import threading
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet, RSAKey

from dinh.foundation.actions.public import ReplyTooLarge, Unreachable, exchange
from dinh.sso.rules.identities import (
    CLAIMS,
    GivenIdentity,
    ProviderAway,
    WrongAnswer,
    challenge_of,
    check_id_token,
    is_secure_address,
    read_identity,
)

__all__ = [
    "authorization_address",
    "check_answering_issuer",
    "forget_provider",
    "is_configured",
    "redeem",
    "sign_out_address",
]

log = logging.getLogger(__name__)

ALGORITHMS = frozenset({"ES256", "RS256", "PS256"})
SECONDS = 6.0
LARGEST = 256 * 1024
LONGEST_TOKEN = 16 * 1024
SMALLEST_RSA = 2048
# How long addresses and keys are believed; how soon keys are asked for again for a token of an unknown key;
# how long nobody else waits for a provider that has just not answered.
KEPT_SECONDS = 600.0
KEYS_AGAIN_SECONDS = 30.0
AWAY_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Endpoints:
    authorization: str
    token: str
    userinfo: str
    keys: str
    end_session: str
    posts_secret: bool
    names_issuer: bool


@dataclass(slots=True)
class _Known:
    """What one process knows of the provider, each with the moment (monotonic) at which it learned it."""

    endpoints: tuple[float, _Endpoints] | None = None
    keys: tuple[float, KeySet] | None = None
    away_until: float = 0.0


_known = _Known()
_lock = threading.Lock()


def is_configured() -> bool:
    """Whether people can sign in by the provider at all."""
    return bool(settings.SIGN_IN_ISSUER and settings.SIGN_IN_CLIENT)


def forget_provider() -> None:
    """Forget addresses and keys of the provider: they are asked for again."""
    global _known
    with _lock:
        _known = _Known()


# --- Going there ------------------------------------------------------------------------------------


def authorization_address(
    *, state: str, nonce: str, verifier: str, return_to: str, is_anew: bool = False
) -> str:
    """Return where the browser goes; ``is_anew``: the person is to prove themselves there once more.

    Raises ``ProviderAway`` and ``WrongAnswer``.
    """
    asked = {
        "response_type": "code",
        "client_id": settings.SIGN_IN_CLIENT,
        "redirect_uri": return_to,
        "scope": "openid",
        "acr_values": settings.SIGN_IN_LEVEL,
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
    }
    if is_anew:
        asked |= {"prompt": "login", "max_age": "0"}
    return _with(_endpoints().authorization, asked)


def check_answering_issuer(named: str | None) -> None:
    """Raise ``WrongAnswer`` unless the answer came from our provider (RFC 9207): a mix-up is refused."""
    if named is not None and named != settings.SIGN_IN_ISSUER:
        raise WrongAnswer("answer of another issuer")
    if named is None and _endpoints().names_issuer:
        raise WrongAnswer("answer does not name its issuer")


def sign_out_address(return_to: str) -> str:
    """Return where the person also signs out of the provider; empty when it offers no such place."""
    try:
        address = _endpoints().end_session if is_configured() else ""
    except (ProviderAway, WrongAnswer):
        return ""
    if not address:
        return ""
    return _with(address, {"client_id": settings.SIGN_IN_CLIENT, "post_logout_redirect_uri": return_to})


def _with(address: str, values: Mapping[str, str]) -> str:
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(values)}"


# --- Coming back ------------------------------------------------------------------------------------


def redeem(
    code: str,
    *,
    verifier: str,
    nonce: str,
    return_to: str,
    now: dt.datetime,
    authenticated_since: dt.datetime | None = None,
) -> GivenIdentity:
    """Give the provider the code and return who is there.

    Raises ``ProviderAway``, ``WrongAnswer``, ``OrganisationAccount``.
    """
    endpoints = _endpoints()
    body = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": return_to,
        "code_verifier": verifier,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if endpoints.posts_secret:
        body |= {"client_id": settings.SIGN_IN_CLIENT, "client_secret": settings.SIGN_IN_SECRET}
    else:
        account = f"{quote(settings.SIGN_IN_CLIENT, safe='')}:{quote(settings.SIGN_IN_SECRET, safe='')}"
        headers["Authorization"] = f"Basic {b64encode(account.encode()).decode()}"
    tokens = _ask("POST", endpoints.token, urlencode(body).encode(), headers)
    access = tokens.get("access_token")
    if str(tokens.get("token_type", "")).lower() != "bearer" or not _is_token(access):
        raise WrongAnswer("no access token")
    claims = _verified(tokens.get("id_token"), str(access))
    subject = check_id_token(
        claims,
        issuer=settings.SIGN_IN_ISSUER,
        client_id=settings.SIGN_IN_CLIENT,
        nonce=nonce,
        now=now,
        authenticated_since=authenticated_since,
    )
    said = _ask("GET", endpoints.userinfo, None, {"Authorization": f"Bearer {access}"})
    if said.get("sub") != subject:
        raise WrongAnswer("userinfo of somebody else")
    level = claims.get("acr", said.get("acr"))
    return read_identity(
        said,
        level=level if isinstance(level, str) else "",
        names={**CLAIMS, **settings.SIGN_IN_CLAIMS},
        wanted=settings.SIGN_IN_LEVEL,
    )


def _is_token(value: Any) -> bool:
    return (
        isinstance(value, str)
        and 0 < len(value) <= LONGEST_TOKEN
        and value.isascii()
        and value.isprintable()
        and " " not in value
    )


def _verified(token: Any, access: str) -> Mapping[str, Any]:
    """Return the claims of an identity token that the provider has signed."""
    if not _is_token(token):
        raise WrongAnswer("no identity token")
    try:
        headers = jws.extract_compact(token.encode()).headers()
        algorithm, kid = headers.get("alg"), headers.get("kid")
        if algorithm not in ALGORITHMS or "crit" in headers:
            raise WrongAnswer("signature of a kind that is not taken")
        key = _key(kid, str(algorithm))
        payload = jws.deserialize_compact(token, key, algorithms=[str(algorithm)]).payload
        claims = json.loads(payload)
    except (JoseError, ValueError, RecursionError) as error:
        raise WrongAnswer(f"identity token: {type(error).__name__}") from error
    if not isinstance(claims, dict):
        raise WrongAnswer("identity token holds no claims")
    if "at_hash" in claims:
        half = urlsafe_b64encode(sha256(access.encode()).digest()[:16]).rstrip(b"=")
        if not hmac.compare_digest(str(claims["at_hash"]).encode(), half):
            raise WrongAnswer("another access token")
    return claims


def _key(kid: Any, algorithm: str) -> Key:
    """The provider's key of that name; asked for anew, seldom, when the name is unknown."""
    for is_last in (False, True):
        keys = _keys(again=is_last)
        fitting = [key for key in keys.keys if _fits(key, kid, algorithm)]
        if len(fitting) == 1:
            return fitting[0]
    raise WrongAnswer("token of an unknown key")


def _fits(key: Key, kid: Any, algorithm: str) -> bool:
    said = key.as_dict(private=False)
    kind = "EC" if algorithm == "ES256" else "RSA"
    if said.get("use", "sig") != "sig" or said.get("alg", algorithm) != algorithm or key.key_type != kind:
        return False
    if isinstance(key, RSAKey) and key.public_key.key_size < SMALLEST_RSA:
        return False
    return kid is None or said.get("kid") == kid


def _keys(*, again: bool) -> KeySet:
    address = _endpoints().keys
    kept = KEYS_AGAIN_SECONDS if again else KEPT_SECONDS
    with _lock:
        if _known.keys is not None and time.monotonic() - _known.keys[0] < kept:
            return _known.keys[1]
    said = _ask("GET", address, None, {})
    rows = said.get("keys")
    if not isinstance(rows, list) or len(rows) > 100:
        raise WrongAnswer("no keys")
    known = KeySet([])
    for row in rows:
        # A key of a kind that we don't know is not ours to judge.
        with contextlib.suppress(JoseError, ValueError, TypeError, KeyError, AttributeError):
            known.keys.extend(KeySet.import_key_set({"keys": [row]}).keys)
    with _lock:
        _known.keys = (time.monotonic(), known)
    return known


# --- Addresses --------------------------------------------------------------------------------------


def _endpoints() -> _Endpoints:
    with _lock:
        if _known.endpoints is not None and time.monotonic() - _known.endpoints[0] < KEPT_SECONDS:
            return _known.endpoints[1]
    said = settings.SIGN_IN_ENDPOINTS or _discovered()
    methods = said.get("token_endpoint_auth_methods_supported")
    endpoints = _Endpoints(
        authorization=_address(said, "authorization_endpoint"),
        token=_address(said, "token_endpoint"),
        userinfo=_address(said, "userinfo_endpoint"),
        keys=_address(said, "jwks_uri"),
        end_session=_address(said, "end_session_endpoint") if said.get("end_session_endpoint") else "",
        posts_secret=isinstance(methods, list)
        and "client_secret_post" in methods
        and "client_secret_basic" not in methods,
        names_issuer=said.get("authorization_response_iss_parameter_supported") is True,
    )
    with _lock:
        _known.endpoints = (time.monotonic(), endpoints)
    return endpoints


def _discovered() -> Mapping[str, Any]:
    issuer = settings.SIGN_IN_ISSUER
    said = _ask("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration", None, {})
    if said.get("issuer") != issuer:
        raise WrongAnswer("discovery of another issuer")
    methods = said.get("code_challenge_methods_supported", ["S256"])
    if not isinstance(methods, list) or "S256" not in methods:
        raise WrongAnswer("provider without S256")
    return said


def _address(said: Mapping[str, Any], name: str) -> str:
    address = said.get(name)
    if not isinstance(address, str) or len(address) > 2000 or not _is_secure(address):
        raise WrongAnswer(f"no secure {name}")
    return address


def _is_secure(address: str) -> bool:
    """Plain http is taken only when the issuer itself is a sample on this machine."""
    loopback = settings.IS_SAMPLE and urlsplit(settings.SIGN_IN_ISSUER).scheme == "http"
    return is_secure_address(address, loopback=loopback)


# --- Calls ------------------------------------------------------------------------------------------


def _ask(method: str, address: str, body: bytes | None, headers: Mapping[str, str]) -> Mapping[str, Any]:
    """Send one request and return the JSON object of its answer."""
    if not _is_secure(address):
        raise WrongAnswer("address is not secure")
    with _lock:
        if time.monotonic() < _known.away_until:
            raise ProviderAway
    asked = {**headers, "Accept": "application/json"}
    try:
        reply = exchange(method, address, body, asked, seconds=SECONDS, limit=LARGEST)
    except ReplyTooLarge as error:
        raise WrongAnswer("answer too large") from error
    except Unreachable as error:
        with _lock:
            _known.away_until = time.monotonic() + AWAY_SECONDS
        log.warning("identity provider does not answer: %s", error)
        raise ProviderAway from error
    if reply.status >= 500 or reply.status in (408, 425, 429):
        log.warning("identity provider answers %s", reply.status)
        raise ProviderAway
    if reply.status != HTTPStatus.OK:
        # Redirections are answers too, and none that we follow.
        raise WrongAnswer(f"status {reply.status}")
    try:
        said = json.loads(reply.content)
    except (ValueError, RecursionError) as error:
        raise WrongAnswer("answer is not JSON") from error
    if not isinstance(said, dict):
        raise WrongAnswer("answer is no object")
    return said
