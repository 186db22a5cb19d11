"""Dates, money, lengths of time and colours as the screens write them."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.ui.public import (
    Identity,
    check_identity,
    file_size,
    format_date,
    format_long_date,
    format_moment,
    format_money,
    format_number,
    format_share,
    identity_css,
    relative_day,
    working_time,
)
from dinh.foundation.ui.rules.identity import BadIdentity, contrast
from dinh.kernel.worktime import VIETNAM

SPACE = "\u00a0"
NOON_UTC = dt.datetime(2026, 11, 21, 17, 30, tzinfo=dt.UTC)


def test_a_moment_is_written_in_the_provinces_zone() -> None:
    assert format_moment(NOON_UTC) == f"00:30{SPACE}22/11/2026"
    assert format_date(NOON_UTC) == "22/11/2026"
    assert format_long_date(NOON_UTC) == "Chủ nhật, 22/11/2026"
    assert format_date("1990-09-05") == "05/09/1990"
    assert format_date("31/02/1990") == "31/02/1990"
    assert format_date(None) == format_moment(None) == ""


def test_numbers_have_dots_between_thousands_and_a_comma() -> None:
    assert format_money(100_000) == f"100.000{SPACE}đ"
    assert format_number(1234567.5, 1) == "1.234.567,5"
    assert format_share(0.975) == "97,5%"
    assert format_share(1) == "100%"
    assert format_money(None) == format_number(None) == format_share(None) == ""


@pytest.mark.parametrize(
    ("size", "written"),
    [
        (0, "0 byte"),
        (1023, "1023 byte"),
        (1024, "1 KB"),
        (1_258_291, "1,2 MB"),
        (20 * 2**20, "20 MB"),
        (3 * 2**40, "3.072 GB"),
    ],
)
def test_file_sizes(size: int, written: str) -> None:
    assert file_size(size) == written.replace(" ", SPACE)


@pytest.mark.parametrize(
    ("hours", "written"),
    [
        (12, "còn 1 ngày 4 giờ làm việc"),
        (8, "còn 1 ngày làm việc"),
        (0.75, "còn 45 phút làm việc"),
        (0, "đến hạn ngay bây giờ"),
        (-2, "quá hạn 2 giờ làm việc"),
        (-17.5, "quá hạn 2 ngày 1 giờ làm việc"),
    ],
)
def test_working_time_is_said_in_days_of_eight_hours(hours: float, written: str) -> None:
    assert working_time(dt.timedelta(hours=hours)) == written


def test_recent_days_are_said_in_words() -> None:
    now = dt.datetime(2026, 11, 21, 14, 5, tzinfo=VIETNAM)
    assert relative_day(now - dt.timedelta(seconds=30), now) == "vừa xong"
    assert relative_day(now - dt.timedelta(minutes=5), now) == "5 phút trước"
    assert relative_day(now - dt.timedelta(hours=4), now) == "hôm nay 10:05"
    assert relative_day(now - dt.timedelta(days=1), now) == "hôm qua 14:05"
    assert relative_day(dt.date(2026, 11, 22), now) == "ngày mai"
    assert relative_day(dt.date(2026, 11, 1), now) == "01/11/2026"


@given(st.timedeltas(-dt.timedelta(days=400), dt.timedelta(days=400)))
def test_a_later_due_moment_never_reads_as_overdue(remaining: dt.timedelta) -> None:
    said = working_time(remaining)
    if abs(remaining) >= dt.timedelta(minutes=1):
        assert said.startswith("còn" if remaining > dt.timedelta() else "quá hạn")


@given(st.integers(0, 10**15))
def test_money_can_be_read_back(amount: int) -> None:
    assert int(re.sub(r"\D", "", format_money(amount))) == amount


def test_a_pale_brand_colour_is_refused() -> None:
    with pytest.raises(BadIdentity):
        check_identity(Identity(colour="#f4c430"))
    with pytest.raises(BadIdentity):
        check_identity(Identity(colour="red;}body{display:none"))
    with pytest.raises(BadIdentity):
        identity_css(Identity(accent="url(//x)"))
    check_identity(Identity())


def tokens() -> dict[str, str]:
    css = Path(str(finders.find("ui/ui.css"))).read_text()
    found = dict(re.findall(r"--([a-z0-9-]+):(#[0-9a-f]{3,6})\b", css))
    return {
        name: f"#{''.join(c * 2 for c in code[1:])}" if len(code) == 4 else code
        for name, code in found.items()
    }


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *((text, ground) for text in ("ink", "ink-2", "link") for ground in ("ground", "sunk", "paper")),
        *((tone, f"{tone}-tint") for tone in ("good", "warn", "bad", "wait", "done")),
        *((tone, ground) for tone in ("good", "warn", "bad", "brand") for ground in ("ground", "paper")),
        *(("paper", strong) for strong in ("brand", "brand-dark", "bad", "good")),
        *(("ink", tint) for tint in ("brand-tint", "good-tint", "warn-tint", "bad-tint")),
        ("brand-dark", "brand-tint"),
    ],
)
def test_text_can_be_read_on_its_ground(text: str, ground: str) -> None:
    assert contrast(tokens()[text], tokens()[ground]) >= 4.5


def test_lines_around_controls_can_be_seen() -> None:
    assert contrast(tokens()["line-strong"], tokens()["paper"]) >= 3
    assert contrast(tokens()["focus"], tokens()["ground"]) >= 3
