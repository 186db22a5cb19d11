"""Rules over several answers: at least one of a group, and a day not too long before the day of filing."""

import copy
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.ui.public import (
    FieldSpec,
    change_page,
    check_definition,
    field_spec,
    layout,
    outline,
    remove_field,
    validate,
)

TODAY = dt.date(2026, 11, 22)
TICK = {"type": "boolean"}
SOME = {"fields": ["ten", "von", "chu"], "label": "Thay đổi những gì", "message": "Hãy chọn một mục."}
FORM = {
    "type": "object",
    "properties": {
        "so": {"type": "string", "ui": {"label": "Số"}},
        "ten": {**TICK, "ui": {"label": "Đổi tên"}},
        "ten_moi": {"type": "string", "ui": {"label": "Tên mới", "show_if": {"field": "ten", "is": True}}},
        "von": {**TICK, "ui": {"label": "Đổi vốn"}},
        "chu": {**TICK, "ui": {"label": "Đổi chủ", "show_if": {"field": "so", "is": "1"}}},
        "chu_moi": {"type": "string", "ui": {"label": "Chủ mới", "show_if": {"field": "chu", "is": True}}},
        "sau": {"type": "string", "ui": {"label": "Câu sau"}},
    },
    "ui": {
        "pages": [
            {
                "key": "mot",
                "label": "Một",
                "fields": ["so", "ten", "ten_moi", "von", "chu", "chu_moi"],
                "at_least_one": SOME,
            },
            {"key": "hai", "label": "Hai", "fields": ["sau"]},
        ]
    },
}
DAY = {
    "type": "object",
    "properties": {
        "sinh": {
            "type": "object",
            "ui": {"label": "Trẻ"},
            "properties": {
                "ngay": {
                    "type": "string",
                    "ui": {
                        "label": "Ngày sinh",
                        "widget": "date",
                        "not_after": "today",
                        "within_days": 60,
                        "within_unless": {"field": "muon", "is": True},
                        "messages": {"within_days": "Hãy đánh dấu ô quá hạn."},
                    },
                }
            },
        },
        "muon": {**TICK, "ui": {"label": "Quá hạn"}},
    },
}


def said(form, data, **options):
    return [tuple(one) for one in validate(form, data, today=TODAY, **options)]


@given(
    st.fixed_dictionaries({}, optional={name: st.booleans() for name in ("ten", "von", "chu")}), st.booleans()
)
def test_one_tick_of_the_group_is_enough_and_none_is_not(ticks, asks_owner):
    data = {"so": "1" if asks_owner else "2", **ticks}
    ticked = ticks.get("ten") or ticks.get("von") or (asks_owner and ticks.get("chu"))
    expected = [] if ticked else [("ten", "Hãy chọn một mục.")]
    assert said(FORM, data) == expected
    assert said(FORM, data, page="mot") == expected
    assert said(FORM, data, page="hai") == []


def test_a_group_whose_page_or_whose_questions_are_hidden_is_not_asked():
    form = copy.deepcopy(FORM)
    form["ui"]["pages"][0]["at_least_one"] = {"fields": ["ten_moi", "chu"], "label": "Nhóm"}
    assert said(form, {"so": "2"}) == []
    assert said(form, {"so": "1"}) == [("chu", "Hãy trả lời ít nhất một mục ở “Nhóm”.")]
    form["ui"]["pages"].reverse()
    form["ui"]["pages"][1]["show_if"] = {"field": "sau", "is": "có"}
    assert said(form, {"sau": "không"}) == []


def test_the_sentence_stands_at_the_group_and_not_twice():
    view = layout(FORM, {}, said(FORM, {}), page="mot")
    group = next(node for node in view.nodes if node.widget == "at_least_one")
    assert (group.label, group.error) == ("Thay đổi những gì", "Hãy chọn một mục.")
    assert [node.name for node in group.children] == ["ten", "ten_moi", "von", "chu", "chu_moi"]
    assert [node.error for node in group.children] == [""] * 5
    assert [node.name for node in view.nodes if node.widget != "at_least_one"] == ["so"]
    assert [node.name for node in layout(FORM, {}).nodes if node.widget != "at_least_one"] == ["so", "sau"]


@given(st.integers(-400, 1), st.booleans())
def test_a_day_is_at_most_so_long_before_the_day_of_filing(days, late):
    day = TODAY + dt.timedelta(days=days)
    found = said(DAY, {"sinh": {"ngay": day.isoformat()}, "muon": late})
    if days > 0:
        assert found == [("sinh.ngay", "“Trẻ: Ngày sinh” không được sau ngày 22/11/2026.")]
    else:
        assert found == ([] if days >= -60 or late else [("sinh.ngay", "Hãy đánh dấu ô quá hạn.")])


def damaged(form, **changes):
    form = copy.deepcopy(form)
    form["properties"]["sinh"]["properties"]["ngay"]["ui"].update(changes)
    return form


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (FORM, ""),
        (DAY, ""),
        (damaged(DAY, messages={}), "cần câu chỉ cách làm"),
        (damaged(DAY, within_unless={"field": "khong_co", "is": True}), "không có trong biểu mẫu"),
        (damaged(DAY, not_before="2027-01-01", not_after="2026-01-01"), "không ai điền được"),
        (damaged(DAY, not_before="today"), "thì không cần giới hạn"),
        (damaged(DAY, within_days=0), "sai cấu trúc"),
    ],
)
def test_what_nobody_could_fill_is_said_before_publication(form, expected):
    found = check_definition(form)
    assert [one for one in found if expected in one] if expected else not found, found


def test_a_fixed_last_day_and_a_limit_of_days_can_be_met_only_for_a_while():
    form = damaged(DAY, not_after="2026-01-01")
    del form["properties"]["sinh"]["properties"]["ngay"]["ui"]["within_unless"]
    assert any("sẽ không ai điền được" in one for one in check_definition(form))


@pytest.mark.parametrize(
    ("names", "expected"), [(["ten", "sau"], "không nằm trên phần đó"), (["ten"], "sai cấu trúc")]
)
def test_a_group_that_is_none_is_refused(names, expected):
    form = copy.deepcopy(FORM)
    form["ui"]["pages"][0]["at_least_one"] = {"fields": names, "label": "Nhóm"}
    assert any(expected in one for one in check_definition(form))


def test_building_keeps_the_group_true():
    form = change_page(FORM, "mot", label="Một", rules={"at_least_one": SOME})
    assert outline(form)[0].rules == {"at_least_one": SOME}
    assert outline(remove_field(form, "von"))[0].rules["at_least_one"]["fields"] == ["ten", "chu"]
    assert outline(remove_field(remove_field(form, "von"), "chu"))[0].rules == {}
    assert outline(change_page(form, "mot", label="Một"))[0].rules == {}


def test_a_dates_limit_is_read_and_written_back():
    spec = field_spec(DAY, "sinh.ngay")
    assert (spec.rules["within_days"], spec.messages["within_days"]) == (60, "Hãy đánh dấu ô quá hạn.")
    assert isinstance(spec, FieldSpec)
