"""Money, numbers and dates in figures and words."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinh.kernel.dates import date_in_words, document_date, place_and_date
from dinh.kernel.money import amount_words, format_dong, format_number, number_words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (4, "bốn"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (55, "năm mươi lăm"),
        (100, "một trăm"),
        (101, "một trăm lẻ một"),
        (105, "một trăm lẻ năm"),
        (115, "một trăm mười lăm"),
        (1_000, "một nghìn"),
        (1_005, "một nghìn không trăm lẻ năm"),
        (1_010, "một nghìn không trăm mười"),
        (10_015, "mười nghìn không trăm mười lăm"),
        (1_000_001, "một triệu không trăm lẻ một"),
        (21_000_024, "hai mươi mốt triệu không trăm hai mươi tư"),
        (1_000_000_000, "một tỷ"),
        (2_000_050_000, "hai tỷ không trăm năm mươi nghìn"),
        (1_000_000_000_000, "một nghìn tỷ"),
        (1_005_000_000_000, "một nghìn không trăm lẻ năm tỷ"),
        (10**18, "một tỷ tỷ"),
        (-15, "âm mười lăm"),
        (Decimal("3.5"), "ba phẩy năm"),
        (Decimal("3.05"), "ba phẩy không năm"),
        (Decimal("12.25"), "mười hai phẩy hai mươi lăm"),
        (Decimal("7.00"), "bảy"),
    ],
)
def test_numbers_are_read_as_vietnamese_reads_them(number: int | Decimal, words: str) -> None:
    assert number_words(number) == words


def test_the_north_says_linh() -> None:
    assert number_words(1_105, zero="linh") == "một nghìn một trăm linh năm"


def test_amounts_are_written_for_receipts() -> None:
    assert amount_words(100_000) == "Một trăm nghìn đồng"
    assert format_dong(100_000) == "100.000 đ"
    assert format_dong(-1_234_567) == "-1.234.567 đ"
    assert format_number(Decimal("1234.50")) == "1.234,50"


_VALUES = {"không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5,
           "sáu": 6, "bảy": 7, "tám": 8, "chín": 9}  # fmt: skip


def _heard(words: str) -> int:
    """Read words back by the grammar of their places: an independent witness."""
    total = group = unit = 0
    for word in words.split():
        if word in _VALUES:
            unit = _VALUES[word]
        elif word == "mười":
            group, unit = group + 10, 0
        elif word == "mươi":
            group, unit = group + unit * 10, 0
        elif word == "trăm":
            group, unit = group + unit * 100, 0
        elif word in ("nghìn", "triệu"):
            scale = 1_000 if word == "nghìn" else 1_000_000
            total, group, unit = total + (group + unit) * scale, 0, 0
        elif word == "tỷ":
            total, group, unit = (total + group + unit) * 10**9, 0, 0
    return total + group + unit


@given(st.integers(0, 10**12 - 1))
def test_words_read_back_give_the_number(number: int) -> None:
    assert _heard(number_words(number)) == number


@pytest.mark.parametrize(
    ("on", "written"),
    [
        (dt.date(2020, 2, 5), "ngày 05 tháng 02 năm 2020"),
        (dt.date(2020, 1, 10), "ngày 10 tháng 01 năm 2020"),
        (dt.date(2020, 3, 9), "ngày 09 tháng 3 năm 2020"),
        (dt.date(2020, 12, 31), "ngày 31 tháng 12 năm 2020"),
    ],
)
def test_document_dates_are_padded_as_decree_30_says(on: dt.date, written: str) -> None:
    """NĐ 30/2020/NĐ-CP, appendix I: days below 10 and months 1 and 2."""
    assert document_date(on) == written
    assert place_and_date("Hà Nội", on) == f"Hà Nội, {written}"


def test_dates_in_words_say_thang_tu() -> None:
    assert date_in_words(dt.date(2020, 4, 21)) == (
        "ngày hai mươi mốt tháng tư năm hai nghìn không trăm hai mươi"
    )
