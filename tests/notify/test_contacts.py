"""Addresses outside the house."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.notify.rules.contacts import is_email, mask, mobile_number


@pytest.mark.parametrize("address", ["mau@thu-mau.vn", "a.b+c@x.gov.vn", "M_1%x@a-b.co.vn"])
def test_a_plain_mailbox_is_an_address(address):
    assert is_email(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "mau",
        "mau@",
        "@thu.vn",
        "mau@localhost",
        "a b@thu.vn",
        "mau@thu.vn\n",
        "mau@thu.vn\nBcc: khac@thu.vn",
        "mau@thu.vn, khac@thu.vn",
        '"a"@thu.vn',
        "Mẫu <mau@thu.vn>",
        "mau@thu..vn",
        "mẫu@thu.vn",
        "a" * 65 + "@thu.vn",
        "mau@[127.0.0.1]",
    ],
)
def test_anything_else_is_none(address):
    assert not is_email(address)


@given(st.text(max_size=80) | st.from_regex(r"[a-z]+@[a-z.]+[\s,;<>]*[a-z]*"))
def test_no_address_can_begin_another_header(text):
    if is_email(text):
        assert text.isascii()
        assert not set(text) & set("\r\n\0 ,;<>\"'")


@pytest.mark.parametrize("given_number", ["0900000123", "0900 000 123", "+84 900.000.123", "84900000123"])
def test_a_number_is_one_however_it_is_grouped(given_number):
    assert mobile_number(given_number) == "84900000123"


@pytest.mark.parametrize("given_number", ["", "113", "09000001234", "0900a00123", "+1 900 000 123"])
def test_anything_else_is_no_number(given_number):
    assert mobile_number(given_number) == ""


def test_a_masked_address_is_known_to_its_owner_only():
    assert mask("nguyen.mau@thu-mau.vn") == "n•••@thu-mau.vn"
    assert mask("0900000123") == "•••••• 123"
    assert mask("x") == "••••••"
