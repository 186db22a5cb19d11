"""The QR code of an identity card, as scanners type it."""

import datetime as dt
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinh.kernel.errors import Refused
from dinh.onestop.public import CitizenCard, read_card

LINE = "099190000001|099000001|Nguyễn Thị Mẫu|02031990|Nữ|Thôn 3, An Mẫu, Đình Sơn|05062021"


def test_a_card_says_whose_it_is():
    assert read_card(LINE) == CitizenCard(
        identity_number="099190000001",
        full_name="Nguyễn Thị Mẫu",
        born_on=dt.date(1990, 3, 2),
        sex="nu",
        address="Thôn 3, An Mẫu, Đình Sơn",
    )


def test_newer_cards_have_more_fields_and_letters_may_come_apart():
    taken_apart = unicodedata.normalize("NFD", LINE)
    assert read_card(f"  {taken_apart}||Nguyễn Văn Cha|Trần Thị Mẹ\r\n") == read_card(LINE)


@pytest.mark.parametrize(
    ("scanned", "said"),
    [
        ("", "không phải mã QR"),
        ("https://example.vn/ho-so", "không phải mã QR"),
        ("H99.31-261116-0001", "không phải mã QR"),
        ("99190000001|099000001|Nguyễn Thị Mẫu|02031990|Nữ|Thôn 3|05062021", "không phải mã QR"),
        (LINE + "|x" * 1000, "không phải mã QR"),
        (LINE.replace("Nữ", "Nuwx"), "bộ gõ"),
        (LINE.replace("02031990", "31021990"), "bộ gõ"),
        (LINE.replace("Nguyễn Thị Mẫu", "Nguye64n Thi5 Ma64u"), "bộ gõ"),
        (LINE.replace("02031990", "02031991"), "bộ gõ"),
        (LINE.replace("|Nữ|", "|Nam|"), "bộ gõ"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(scanned, said):
    with pytest.raises(Refused, match=said) as refused:
        read_card(scanned)
    assert refused.value.field == "card"


@given(
    st.text("0123456789|ạêNữnam \x00", max_size=120)
    | st.builds("|".join, st.lists(st.text(max_size=12), max_size=9))
)
def test_nothing_that_is_scanned_is_more_than_refused(scanned):
    try:
        card = read_card(scanned)
    except Refused:
        return
    assert card.full_name


@given(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)), st.booleans(), st.integers(0, 999_999))
def test_numbers_made_as_the_decree_says_are_read(born, is_female, rest):
    digit = 2 * ((born.year - 1900) // 100) + is_female
    number = f"099{digit}{born.year % 100:02d}{rest:06d}"
    sex = "Nữ" if is_female else "Nam"
    card = read_card(f"{number}||Lê Mẫu|{born:%d%m}{born.year:04d}|{sex}||01012022")
    assert (card.identity_number, card.born_on) == (number, born)
