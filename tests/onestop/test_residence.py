"""The agency where somebody lives: chosen when the address names it and no other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinh.onestop.rules.residence import only_one_at

PLACES = [
    ("an_mau", ["xã An Mẫu", "huyện Sông Cái"]),
    ("an_mau_khac", ["xã An Mẫu", "huyện Sông Con"]),
    ("dinh_son", ["thành phố Đình Sơn"]),
    ("khong", []),
]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("Thôn 3, xã An Mẫu, huyện Sông Cái", "an_mau"),
        ("thon 3,  Xa An Mau , HUYEN SONG CON, tỉnh Đình Sơn", "an_mau_khac"),
        ("Thôn 3, xã An Mẫu", None),
        ("huyện Sông Cái", None),
        ("Số 1 đường Bến Đình, thành phố Đình Sơn", "dinh_son"),
        ("Số 1 đường thành phố Đình Sơn", None),
        ("xã An Mẫu, huyện Sông Cái, huyện Sông Con", None),
        ("", None),
        (",,", None),
    ],
)
def test_an_address_leads_to_one_place_or_to_none(address: str, expected: str | None) -> None:
    assert only_one_at(address, PLACES) == expected


@given(st.text(max_size=60))
def test_no_address_leads_to_two_or_to_one_that_it_does_not_name(address: str) -> None:
    found = only_one_at(address, PLACES)
    assert found in (None, "an_mau", "an_mau_khac", "dinh_son")
    assert only_one_at(address, [*PLACES, *PLACES]) is None
