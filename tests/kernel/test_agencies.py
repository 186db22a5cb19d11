"""Agency identifiers in both legal forms, and dossier codes."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinh.kernel.agencies import (
    AgencyCodeWrong,
    DossierCode,
    DossierCodeWrong,
    check_agency_code,
    format_dossier_code,
    governing_code,
    is_agency_code,
    is_old_code,
    is_organisation_code,
    level_of,
    level_one_code,
    parse_dossier_code,
    to_current_form,
    to_old_form,
)


@pytest.mark.parametrize(
    ("old", "current"),
    [
        ("000.00.00.H53", "H53"),
        ("000.00.13.H53", "H53.13"),
        ("000.12.31.H53", "H53.31.12"),
        ("002.05.31.H53", "H53.31.05.002"),
        ("002.00.31.H53", "H53.31.002"),
    ],
)
def test_the_old_form_is_read_from_right_to_left(old: str, current: str) -> None:
    """QCVN 102:2016/BTTTT against QĐ 20/2020/QĐ-TTg Art. 4."""
    assert (to_current_form(old), to_old_form(current)) == (current, old)


@pytest.mark.parametrize("code", ["H99.31.12.05.001", "H37.DOANH", "H99.00", "H99.1"])
def test_what_does_not_fit_the_old_form_has_none(code: str) -> None:
    assert to_old_form(code) is None


def test_an_old_code_that_skips_a_level_has_no_current_form() -> None:
    assert to_current_form("000.05.00.H53") is None


@pytest.mark.parametrize("code", ["h99.31", " H99.31.12 ", "000.12.31.H99", "G22", "H37.DN.001"])
def test_codes_of_both_forms_are_taken(code: str) -> None:
    assert check_agency_code(code) == code.strip().upper()


@pytest.mark.parametrize(
    "code", ["", "H9", "Z01.12", "H99..1", "H99.", "H99.đ", "H99" + ".123" * 9, "000.00.H99"]
)
def test_other_codes_are_refused_with_an_example(code: str) -> None:
    with pytest.raises(AgencyCodeWrong, match=r"ví dụ H99\.31\.12"):
        check_agency_code(code)


def test_codes_say_where_an_agency_stands() -> None:
    assert (level_of("H99"), level_of("H99.31.12")) == (1, 3)
    assert (governing_code("H99.31.12"), governing_code("H99")) == ("H99.31", None)
    assert (level_one_code("H99.31.12"), level_one_code("000.12.31.H99")) == ("H99", "H99")
    assert is_organisation_code("Z01ABC123")
    assert not is_organisation_code("H99")


@pytest.mark.parametrize(
    ("agency", "code"),
    [("000.17.22.H99", "000.17.22.H99-210531-0001"), ("H99.14", "H99.14-210531-0001")],
)
def test_dossier_codes_stand_on_either_form(agency: str, code: str) -> None:
    """TT 01/2018/TT-VPCP Art. 19.

    Law: TT 01/2018 Điều 19 ý 1
    Screen: Mẫu 01: mã hồ sơ
    """
    assert format_dossier_code(agency, dt.date(2021, 5, 31), 1) == code
    assert parse_dossier_code(f" {code.lower()} ") == DossierCode(agency, dt.date(2021, 5, 31), 1)


@pytest.mark.parametrize(
    "text",
    ["", "H99.14", "H99.14-213131-0001", "H99.14-210531-0000", "H99.14-210531-1", "x-210531-0001", "'; --"],
)
def test_what_is_no_dossier_code_is_refused(text: str) -> None:
    with pytest.raises(DossierCodeWrong, match="giấy tiếp nhận"):
        parse_dossier_code(text)


def test_the_day_with_ten_thousand_dossiers_turns_nobody_away() -> None:
    assert format_dossier_code("H99.31", dt.date(2026, 11, 21), 10_000) == "H99.31-261121-10000"


_groups = st.text("0123456789ABCXYZ", min_size=2, max_size=2).filter(lambda group: group.strip("0"))
_last = st.text("0123456789ABCXYZ", min_size=3, max_size=3).filter(lambda group: group.strip("0"))


@given(
    first=st.from_regex(r"[A-Y][0-9]{2}", fullmatch=True),
    pairs=st.lists(_groups, max_size=2),
    last=st.none() | _last,
)
def test_conversion_there_and_back_changes_nothing(first: str, pairs: list[str], last: str | None) -> None:
    code = ".".join([first, *pairs, *([last] if last else [])])
    old = to_old_form(code)
    assert is_agency_code(code)
    assert old is not None
    assert is_old_code(old)
    assert to_current_form(old) == code


@given(
    on=st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)),
    ordinal=st.integers(1, 99_999),
    agency=st.sampled_from(["H99", "H99.31.12", "000.12.31.H99", "H37.DN.001"]),
)
def test_a_dossier_code_is_read_as_it_was_written(on: dt.date, ordinal: int, agency: str) -> None:
    assert parse_dossier_code(format_dossier_code(agency, on, ordinal)) == DossierCode(agency, on, ordinal)
