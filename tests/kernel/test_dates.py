"""Dates as people type them and spreadsheets write them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinh.kernel.dates import read_date


@pytest.mark.parametrize(
    "typed",
    ["05/02/2026", "5/2/2026", "5.2.2026", "05-02-2026", "5 2 2026", " 2026-02-05 ", "2026-02-05 00:00:00"],
)
def test_a_date_is_read_however_it_is_written(typed: str) -> None:
    assert read_date(typed) == dt.date(2026, 2, 5)


@pytest.mark.parametrize(
    "typed", ["", "31/02/2026", "2026-13-01", "05/02/26", "2026-02-05 và sau", "0/0/0000", "٠٥/٠٢/٢٠٢٦"]
)
def test_anything_else_is_no_date(typed: str) -> None:
    assert read_date(typed) is None


@given(st.dates())
def test_every_date_written_either_way_comes_back(day: dt.date) -> None:
    assert read_date(day.isoformat()) == day
    assert read_date(f"{day.day}/{day.month}/{day.year:04d}") == day
