"""Rules of identities over whatever a provider may say."""

import datetime as dt
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinh.kernel.contacts import is_email, is_identity_number
from dinh.kernel.errors import Refused
from dinh.sso.rules.contacts import clean_code, draw_code
from dinh.sso.rules.identities import (
    CLAIMS,
    GivenIdentity,
    WrongAnswer,
    challenge_of,
    check_id_token,
    is_secure_address,
    level_of,
    read_identity,
    same_person,
)

NOW = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)
AT = int(NOW.timestamp())
RIGHT = {"iss": "https://a.vn", "aud": "c", "nonce": "n", "sub": "s", "exp": AT + 300, "iat": AT}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=300),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def check(claims):
    return check_id_token(claims, issuer="https://a.vn", client_id="c", nonce="n", now=NOW)


@given(st.sampled_from([*RIGHT, "azp", "nbf"]), JSON)
def test_no_claim_of_another_value_passes(name, value):
    claims = {**RIGHT, name: value}
    try:
        subject = check(claims)
    except WrongAnswer:
        return
    assert subject == claims["sub"]
    if name not in ("sub", "exp", "iat", "nbf"):
        allowed = {"iss": ["https://a.vn"], "aud": ["c", ["c"]], "nonce": ["n"], "azp": ["c"]}
        assert value in allowed[name]


@given(st.dictionaries(st.sampled_from([*CLAIMS.values(), "x"]), JSON), st.text(max_size=20))
def test_whatever_userinfo_says_an_identity_is_well_formed_or_refused(said, level):
    try:
        read = read_identity(said, level=level, names=CLAIMS, wanted="LoA1")
    except Refused:
        return
    assert 0 < len(read.key) <= 255 and read.key.isprintable()
    assert not read.identity_number or is_identity_number(read.identity_number)
    assert not read.email or is_email(read.email)
    assert len(read.full_name) <= 120 and "<" not in read.full_name
    assert level_of(read.level) == level_of(level)


@pytest.mark.parametrize(
    ("text", "height"),
    [("LoA2", 2), ("loa1", 1), ("urn:x:LoA3", 3), ("LoA5", 0), ("", 0), ("2", 0), ("LoA2 ", 0), ("xLoA2", 0)],
)
def test_levels_are_read_as_providers_write_them(text, height):
    assert level_of(text) == height


@pytest.mark.parametrize(
    ("address", "is_secure", "with_loopback"),
    [
        ("https://a.gov.vn/oauth2/token", True, True),
        ("https://a.gov.vn:9443", True, True),
        ("http://a.gov.vn", False, False),
        ("http://127.0.0.1:8030/x", False, True),
        ("http://localhost", False, True),
        ("http://127.0.0.1.xau.example", False, False),
        ("http://127.0.0.1@xau.example", False, False),
        ("https://a@b.vn/", False, False),
        ("https://a.vn/\r\nX: 1", False, False),
        ("file:///etc/passwd", False, False),
        ("//a.vn", False, False),
        ("", False, False),
    ],
)
def test_addresses_of_a_provider_are_https_but_for_a_sample_here(address, is_secure, with_loopback):
    assert is_secure_address(address, loopback=False) is is_secure
    assert is_secure_address(address, loopback=True) is with_loopback


def test_the_challenge_is_that_of_the_standard():
    # RFC 7636, appendix B.
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@pytest.mark.parametrize(
    ("said", "known", "fits"),
    [
        ("Nguyễn Thị Mẫu", "NGUYEN THI MAU", True),
        ("Nguyễn Thị Mẫu", "Nguyễn Thị Màu Sắc", False),
        ("", "Nguyễn Thị Mẫu", True),
    ],
)
def test_a_name_fits_however_it_is_accented(said, known, fits):
    assert same_person(GivenIdentity(key="k", full_name=said), full_name=known, birth_date=None) is fits


@given(st.integers(0, 999_999))
def test_a_code_is_read_however_it_is_grouped(number):
    code = draw_code(number)
    assert (
        clean_code(code)
        == clean_code(f" {code[:3]} {code[3:]} ")
        == clean_code(f"{code[:3]}-{code[3:]}")
        == code
    )


@given(st.text(alphabet=string.printable + "٠١٢", max_size=12))
def test_anything_else_is_no_code(text):
    read = clean_code(text)
    assert read == "" or (len(read) == 6 and read.isascii() and read.isdigit())
