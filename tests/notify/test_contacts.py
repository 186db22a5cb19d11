"""Addresses outside the house: which a message can reach, and how they are shown."""

import pytest

from dinh.foundation.notify.rules.contacts import mask, mobile_number


@pytest.mark.parametrize("given_number", ["0900000123", "0900 000 123", "+84 900.000.123", "84900000123"])
def test_a_number_is_one_however_it_is_grouped(given_number):
    assert mobile_number(given_number) == "84900000123"


@pytest.mark.parametrize("given_number", ["", "113", "02439000123", "0900a00123", "+1 900 000 123"])
def test_anything_else_is_no_number(given_number):
    assert mobile_number(given_number) == ""


def test_a_masked_address_is_known_to_its_owner_only():
    assert mask("nguyen.mau@thu-mau.vn") == "n•••@thu-mau.vn"
    assert mask("0900000123") == "•••••• 123"
    assert mask("x") == "••••••"
