"""The page of calendars, over HTTP: by who may change it, who may only read, and who may not come in."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dinh.foundation.actions.public import Actor
from dinh.foundation.calendars.public import calendar_for, declare_day, open_calendar
from dinh.kernel.worktime import VIETNAM

PAGE = "/quan-tri/lich-lam-viec/"
TODAY = dt.datetime.now(VIETNAM).date()
YEAR = TODAY.year


def plain_day(weekday: int = 1) -> dt.date:
    day = TODAY + dt.timedelta(weeks=2)
    day += dt.timedelta((weekday - day.weekday()) % 7)
    while calendar_for(None).day(day).kind not in ("working", "weekly_off"):
        day += dt.timedelta(weeks=1)
    return day


def typed(**values: str) -> dict[str, str]:
    return {"on": f"{plain_day():%d/%m/%Y}", "kind": "off", "label": "Nghỉ tránh bão", **values}


def test_a_year_shows_its_holidays_by_name(browse: Callable[..., Any], calendar: Any, keeper: Actor) -> None:
    page = browse(keeper, f"{PAGE}?nam=2026")
    text = page.content.decode()
    assert page.status_code == 200
    assert text.count('class="cal-month"') == 12
    assert "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)" in text
    assert "Làm bù cho ngày 31/08/2026" in text


def test_an_official_without_the_permission_reads_but_cannot_change(
    browse: Callable[..., Any], calendar: Any, official: Callable[..., Actor], province: Any
) -> None:
    reader = official(province)
    text = browse(reader, PAGE).content.decode()
    assert "Khai báo một ngày" not in text
    assert re.findall(rf'action="{PAGE}[^"]+"', text) == []
    for part in ("khai-bao", "gio-lam-viec", "bo-khai-bao", "them-nam", "bo-ban-nhap", "cong-bo"):
        assert browse(reader, f"{PAGE}{calendar.pk}/{part}/", {}).status_code == 403
    assert browse(reader, f"{PAGE}lap-lich/", {}).status_code == 403


def test_a_visitor_is_sent_to_sign_in_and_a_citizen_is_turned_away(
    browse: Callable[..., Any], calendar: Any
) -> None:
    assert browse(None, PAGE).redirect_chain[0][0].startswith("/dang-nhap/")
    assert browse(Actor(kind="citizen", name="Công dân"), PAGE).status_code == 403


def test_a_local_official_cannot_change_the_provinces_calendar(
    browse: Callable[..., Any], calendar: Any, official: Callable[..., Actor], district: Any
) -> None:
    local = official(district, "calendars.declare", "calendars.publish", scope="subtree")
    for part in ("khai-bao", "bo-khai-bao", "them-nam", "bo-ban-nhap", "cong-bo"):
        form = typed(nam=str(YEAR + 2)) | ({"on": TODAY.isoformat()} if part == "bo-khai-bao" else {})
        assert browse(local, f"{PAGE}{calendar.pk}/{part}/", form).status_code == 403
    assert "Khai báo một ngày" not in browse(local, PAGE).content.decode()


def test_a_day_is_declared_shown_as_draft_and_published(
    browse: Callable[..., Any], calendar: Any, keeper: Actor
) -> None:
    on = plain_day()
    page = browse(
        keeper, f"{PAGE}{calendar.pk}/khai-bao/", typed(basis="Công điện 12/CĐ-UBND")
    ).content.decode()
    assert "Bản nháp phiên bản 2, chưa áp dụng" in page
    assert f"{on:%d/%m/%Y} (thứ Ba): trước đây ngày làm việc, nay nghỉ: Nghỉ tránh bão" in page
    assert "có hạn 3 ngày làm việc: hạn chuyển từ" in page
    assert "cal-changed" in page
    assert calendar_for(None).day(on).is_open
    page = browse(keeper, f"{PAGE}{calendar.pk}/cong-bo/", {"note": "Bão số 12"}).content.decode()
    assert "Đã công bố" in page
    assert "Bão số 12" in page
    assert not calendar_for(None).day(on).is_open


def test_several_days_in_a_row_are_declared_at_once(
    browse: Callable[..., Any], calendar: Any, keeper: Actor
) -> None:
    on = plain_day(0)
    last = on + dt.timedelta(days=2)
    browse(keeper, f"{PAGE}{calendar.pk}/khai-bao/", typed(on=on.isoformat(), until_on=f"{last:%d/%m/%Y}"))
    draft = calendar.versions.get(published_at=None)
    assert draft.days.filter(label="Nghỉ tránh bão").count() == 3


def test_a_swap_is_declared_with_both_its_days(
    browse: Callable[..., Any], calendar: Any, keeper: Actor
) -> None:
    saturday = plain_day(5)
    browse(keeper, f"{PAGE}{calendar.pk}/khai-bao/", typed(kind="swap", worked_on=f"{saturday:%d/%m/%Y}"))
    draft = calendar.versions.get(published_at=None)
    assert draft.days.get(on=saturday).kind == "extra_working"


def test_weekly_hours_are_declared_from_a_date(
    browse: Callable[..., Any], calendar: Any, keeper: Actor
) -> None:
    start = plain_day(0)
    hours = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "6:30-11h, 13:00 - 16g30")
    form = {"from_on": f"{start:%d/%m/%Y}", **hours, "saturday": "", "sunday": ""}
    browse(keeper, f"{PAGE}{calendar.pk}/gio-lam-viec/", form)
    page = browse(keeper, f"{PAGE}{calendar.pk}/cong-bo/", {}).content.decode()
    assert f"Từ {start:%d/%m/%Y}" in page
    assert calendar_for(None).day(start).periods[0].start == dt.time(6, 30)


def test_a_day_is_withdrawn_and_the_draft_discarded(
    browse: Callable[..., Any], calendar: Any, keeper: Actor
) -> None:
    day = calendar.versions.get().days.first()
    page = browse(keeper, f"{PAGE}{calendar.pk}/bo-khai-bao/", {"on": day.on.isoformat()}).content.decode()
    assert "Đã bỏ khai báo" in page
    page = browse(keeper, f"{PAGE}{calendar.pk}/bo-khai-bao/", {"on": day.on.isoformat()}).content.decode()
    assert "không có khai báo nào" in page
    assert "Đã bỏ bản nháp" in browse(keeper, f"{PAGE}{calendar.pk}/bo-ban-nhap/", {}).content.decode()
    assert not calendar.versions.filter(published_at=None).exists()


def test_the_next_years_days_are_brought_into_the_draft(
    browse: Callable[..., Any], calendar: Any, keeper: Actor
) -> None:
    page = browse(keeper, f"{PAGE}?nam={YEAR + 2}").content.decode()
    assert "Đưa vào bản nháp" in page
    page = browse(keeper, f"{PAGE}{calendar.pk}/them-nam/", {"nam": YEAR + 2}).content.decode()
    assert f"Thêm ngày nghỉ theo luật của năm {YEAR + 2}." in page


def test_a_unit_gets_a_calendar_of_its_own_and_shows_what_it_inherits(
    browse: Callable[..., Any], calendar: Any, keeper: Actor, district: Any
) -> None:
    page = browse(keeper, f"{PAGE}?don_vi={district.pk}").content.decode()
    assert "đang theo lịch của cấp trên" in page
    page = browse(keeper, f"{PAGE}lap-lich/", {"don_vi": str(district.pk), "nam": YEAR}).content.decode()
    assert "Khai báo một ngày" in page
    assert "lịch cấp trên" in page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"on": "31/02/2026"}, "không phải là một ngày"),
        ({"on": ""}, "không phải là một ngày"),
        ({"on": "01/01/2206"}, "nằm ngoài khoảng"),
        ({"label": "  "}, "Chưa ghi lý do"),
        ({"kind": "holiday"}, "Chưa chọn cách làm việc"),
        ({"kind": "swap"}, "không phải là một ngày"),
        ({"kind": "other_hours"}, "Chưa ghi giờ làm việc"),
        ({"kind": "other_hours", "periods": "11:00-09:00"}, "chưa đúng"),
        ({"kind": "other_hours", "periods": "25:00-26:00"}, "chưa đúng"),
        ({"until_on": "01/01/2020"}, "Ngày cuối phải sau ngày đầu"),
    ],
)
def test_what_is_wrong_is_said_at_its_place_and_what_was_typed_is_kept(
    browse: Callable[..., Any], calendar: Any, keeper: Actor, wrong: dict[str, str], sentence: str
) -> None:
    page = browse(keeper, f"{PAGE}{calendar.pk}/khai-bao/", typed(basis="Công điện <12>", **wrong))
    text = page.content.decode()
    assert page.status_code == 422
    assert sentence in text
    assert "Công điện &lt;12&gt;" in text
    assert re.search(r'aria-describedby="e-', text)
    assert not calendar.versions.filter(published_at=None).exists()


@pytest.mark.parametrize(
    "address",
    ["?nam=abc", "?nam=99999999999", "?nam=-1", "?nam=²", "?don_vi=", "?ngay=%27%3Cscript%3E"],
)
def test_odd_addresses_show_a_year(
    browse: Callable[..., Any], calendar: Any, keeper: Actor, address: str
) -> None:
    page = browse(keeper, PAGE + address)
    assert page.status_code == 200
    assert "<script>'" not in page.content.decode()


@pytest.mark.parametrize("address", ["?don_vi=x", "?don_vi=0190a000-0000-7000-8000-000000000000"])
def test_an_unknown_unit_is_not_found(browse: Callable[..., Any], keeper: Actor, address: str) -> None:
    assert browse(keeper, PAGE + address).status_code == 404


def test_the_page_costs_few_queries_however_much_is_declared(
    browse: Callable[..., Any], calendar: Any, keeper: Actor, district: Any
) -> None:
    own = open_calendar(district.pk, by=keeper)
    address = f"{PAGE}?don_vi={district.pk}"
    browse(keeper, address)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            browse(keeper, address)
        return len(captured)

    declare_day(own, on=plain_day(), kind="off", label="Lễ hội", by=keeper)
    few = queries()
    for weekday in (0, 2, 3, 4):
        declare_day(own, on=plain_day(weekday), kind="off", label="Lễ hội", by=keeper)
    assert queries() == few
    assert few <= 22
