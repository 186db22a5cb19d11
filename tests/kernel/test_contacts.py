"""How people are reached: what is a mailbox, what is a number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinh.kernel.contacts import is_email, is_identity_number, national_number


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


@pytest.mark.parametrize(
    "typed", ["0900000123", "0900 000 123", "+84 900.000.123", "84900000123", "0084 900-000-123"]
)
def test_a_mobile_is_one_number_however_it_is_grouped(typed):
    assert national_number(typed) == "0900000123"


def test_a_landline_has_its_area_code():
    assert national_number("(024) 3900 0123") == "02439000123"


@pytest.mark.parametrize("typed", ["", "113", "0900a00123", "+1 900 000 123", "0000000123", "090000012345"])
def test_anything_else_is_no_number(typed):
    assert national_number(typed) == ""


@given(st.text(alphabet="0123456789+84 .-()", max_size=20))
def test_a_number_found_is_in_the_form_in_which_it_is_found_again(typed):
    number = national_number(typed)
    assert number == "" or (number[0] == "0" and national_number(number) == number)


def test_an_identity_number_has_twelve_digits():
    assert is_identity_number("099190000123")
    assert not any(map(is_identity_number, ["", "09919000012", "0991900001234", "09919000012x", "٠" * 12]))
