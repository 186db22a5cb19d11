"""Forms as data: what is sent is read, checked and shown."""

import copy
import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dinh.foundation.ui.public import (
    FieldError,
    check_definition,
    layout,
    parse,
    prefill,
    press_row_button,
    summary,
    validate,
)
from tests.ui.conftest import draw, send_drawn, sent
from tests.ui.definitions import COMMUNES, COMPLETE, HOUSEHOLD

TODAY = dt.date(2026, 11, 21)


def errors_of(data: dict[str, Any], **options: Any) -> dict[str, str]:
    return dict(validate(HOUSEHOLD, data, choices=COMMUNES, today=TODAY, **options))


def changed(**values: Any) -> dict[str, Any]:
    return {**copy.deepcopy(COMPLETE), **values}


def test_a_complete_form_has_no_errors() -> None:
    assert errors_of(COMPLETE) == {}


def test_an_empty_form_names_every_required_field_at_its_place() -> None:
    assert errors_of({}) == {
        "ten": "Hãy nhập “Tên hộ kinh doanh”.",
        "loai": "Hãy chọn “Loại đăng ký”.",
        "von": "Hãy nhập “Vốn kinh doanh”.",
        "chu_ho.ho_ten": "Hãy nhập “Chủ hộ: Họ và tên”.",
        "chu_ho.so_dinh_danh": "Hãy nhập “Chủ hộ: Số định danh”.",
        "nganh": "Hãy thêm ít nhất một mục vào “Ngành nghề”.",
        "cam_doan": "Hãy đánh dấu vào ô “Tôi cam đoan khai đúng” để tiếp tục.",
    }


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("ten", "A", "“Tên hộ kinh doanh” quá ngắn: cần ít nhất 2 ký tự."),
        ("ten", "A" * 61, "“Tên hộ kinh doanh” quá dài: tối đa 60 ký tự, Ông/Bà đã nhập 61."),
        ("loai", "xoa", "Hãy chọn một mục có trong danh sách “Loại đăng ký”."),
        ("von", "một triệu", "“Vốn kinh doanh” phải là số tiền, ví dụ 1.500.000 hoặc 1,5 triệu."),
        ("von", "0", "“Vốn kinh doanh” phải từ 1\u00a0đ trở lên."),
        ("lao_dong", "11", "“Số lao động” không được quá 10."),
        ("lao_dong", "2,5", "“Số lao động” chỉ ghi số, ví dụ 12."),
        ("dien_tich", "0", "“Diện tích” phải lớn hơn 0."),
        (
            "bat_dau",
            "31/02/2026",
            "Ngày 31/02/2026 không có thật. Hãy nhập ngày/tháng/năm, ví dụ 05/09/1990.",
        ),
        ("bat_dau", "mai", "“mai” không phải là ngày. Hãy nhập ngày/tháng/năm, ví dụ 05/09/1990."),
        ("bat_dau", "31/12/2019", "“Ngày bắt đầu” không được trước ngày 01/01/2020."),
        ("nam", "1899", "“Năm sinh” phải từ 1900 trở lên."),
        ("mo_cua", "25:00", "Giờ “25:00” không có thật. Hãy nhập giờ và phút, ví dụ 14:05."),
        ("xa", "9", "Hãy chọn một mục có trong danh sách “Xã, phường”."),
        ("hinh_thuc", "ve_so", "Hãy chọn một mục có trong danh sách “Hình thức”."),
        ("ky_hieu", "ab-1", "Ký hiệu gồm hai chữ, gạch ngang, ba số: AB-123."),
        ("chu_ho.ngay_sinh", "22/11/2026", "“Chủ hộ: Ngày sinh” không được sau ngày 21/11/2026."),
        ("chu_ho.so_dinh_danh", "12345", "Số định danh cá nhân phải có đúng 12 chữ số, Ông/Bà đã nhập 5."),
        (
            "chu_ho.dien_thoai",
            "12",
            "Số điện thoại “12” chưa đúng. Hãy nhập 10 số, bắt đầu bằng 0.",
        ),
        ("chu_ho.thu", "anh@", "Địa chỉ thư điện tử “anh@” chưa đúng. Ví dụ: ten@vidu.vn."),
    ],
)
def test_a_wrong_answer_gets_its_sentence_at_its_field(name: str, typed: str, sentence: str) -> None:
    answers = send_drawn(layout(HOUSEHOLD, COMPLETE, choices=COMMUNES))
    answers.setlist(name, [typed])
    data = parse(HOUSEHOLD, answers)
    assert validate(HOUSEHOLD, data, choices=COMMUNES, today=TODAY) == [FieldError(name, sentence)]


def test_a_wrong_tax_code_is_refused_by_its_check_digit() -> None:
    assert errors_of(changed(co_thue=True, ma_so_thue="0100233488")) == {}
    assert "ma_so_thue" in errors_of(changed(co_thue=True, ma_so_thue="0100233489"))


def test_an_error_in_a_row_names_the_row() -> None:
    data = changed(nganh=[{"ten": "Gạo"}, {"chinh": True}])
    assert errors_of(data) == {"nganh.1.ten": "Hãy nhập “Ngành 2: Tên ngành”."}


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("50 triệu", 50_000_000),
        ("1,5 Tỷ", 1_500_000_000),
        ("500 nghìn đồng", 500_000),
        ("2tr", 2_000_000),
        ("1.500.000 đ", 1_500_000),
    ],
)
def test_money_is_read_as_people_say_it(typed: str, amount: int) -> None:
    assert parse(HOUSEHOLD, sent({"von": typed}))["von"] == amount


@pytest.mark.parametrize("typed", ["triệu", "vài triệu", "1,0000005 triệu", "50 triệu rưỡi"])
def test_money_that_is_not_clear_is_given_back_as_typed(typed: str) -> None:
    assert parse(HOUSEHOLD, sent({"von": typed}))["von"] == typed


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("8 giờ", "08:00"),
        ("8h", "08:00"),
        ("14 giờ 05", "14:05"),
        ("7h30 tối", "19:30"),
        ("7 giờ rưỡi tối", "19:30"),
        ("8 giờ sáng", "08:00"),
        ("1 giờ trưa", "13:00"),
        ("12 giờ trưa", "12:00"),
        ("12 giờ đêm", "00:00"),
        ("10 giờ đêm", "22:00"),
        ("19:30 tối", "19:30"),
        ("8", "8"),
        ("8 giờ thứ Hai", "8 giờ thứ Hai"),
    ],
)
def test_hours_are_read_as_people_say_them(typed: str, time: str) -> None:
    assert parse(HOUSEHOLD, sent({"mo_cua": typed}))["mo_cua"] == time


def test_more_rows_than_allowed_are_refused() -> None:
    rows = [{"ten": f"Ngành {number}"} for number in range(4)]
    assert errors_of(changed(nganh=rows)) == {"nganh": "“Ngành nghề” chỉ nhận tối đa 3 mục. Hãy bỏ bớt."}


def test_a_hidden_field_is_neither_required_nor_kept() -> None:
    answers = send_drawn(layout(HOUSEHOLD, COMPLETE, choices=COMMUNES))
    answers["ly_do"] = "Đổi tên"
    assert "ly_do" not in parse(HOUSEHOLD, answers)
    answers["loai"] = "doi"
    assert parse(HOUSEHOLD, answers)["ly_do"] == "Đổi tên"
    assert errors_of(changed(loai="doi")) == {"ly_do": "Hãy nhập “Lý do thay đổi”."}


def test_a_condition_in_a_row_asks_the_row_itself() -> None:
    answers = sent(
        {"nganh.0.ten": "Gạo", "nganh.0.ghi_chu": "bỏ", "nganh.1.ten": "Ăn", "nganh.1.chinh": "true"}
    )
    answers["nganh.1.ghi_chu"] = "giữ"
    rows = parse(HOUSEHOLD, answers)["nganh"]
    assert rows == [{"ten": "Gạo"}, {"ten": "Ăn", "chinh": True, "ghi_chu": "giữ"}]


def test_a_hidden_field_hides_those_that_ask_for_it() -> None:
    definition = {
        "type": "object",
        "properties": {
            "a": {"type": "boolean", "ui": {"label": "A", "widget": "yes_no"}},
            "b": {"type": "string", "ui": {"label": "B", "show_if": {"field": "a", "is": True}}},
            "c": {"type": "string", "ui": {"label": "C", "show_if": {"field": "b", "is": "x"}}},
        },
    }
    assert parse(definition, sent({"a": "true", "b": "x", "c": "y"})) == {"a": True, "b": "x", "c": "y"}
    assert parse(definition, sent({"a": "false", "b": "x", "c": "y"})) == {"a": False}


def test_unknown_keys_are_dropped() -> None:
    assert parse(HOUSEHOLD, sent({"ten": "Sen", "is_admin": "1", "chu_ho.khac": "x"})) == {"ten": "Sen"}


def test_what_people_type_is_read_as_they_mean_it() -> None:
    typed = {
        "ten": "  Hộ   kinh doanh  Se\u0302n ",
        "von": "150.000.000 đ",
        "dien_tich": "1.234,5",
        "bat_dau": "1/12/2026",
        "mo_cua": "7h30",
        "chu_ho.so_dinh_danh": "099 090 000 123",
        "chu_ho.dien_thoai": "+84 900.000.123",
    }
    assert parse(HOUSEHOLD, sent(typed)) == {
        "ten": "Hộ kinh doanh Sên",
        "von": 150_000_000,
        "dien_tich": 1234.5,
        "bat_dau": "2026-12-01",
        "mo_cua": "07:30",
        "chu_ho": {"so_dinh_danh": "099090000123", "dien_thoai": "0900000123"},
    }


def test_what_could_not_be_read_is_shown_again_as_it_was_typed() -> None:
    data = parse(HOUSEHOLD, sent({"bat_dau": "31/02/2026", "von": "vài triệu"}))
    errors = validate(HOUSEHOLD, data, choices=COMMUNES, today=TODAY)
    html = draw("{{ ui.form_fields(view) }}", view=layout(HOUSEHOLD, data, errors, choices=COMMUNES))
    assert 'value="vài triệu"' in html
    assert 'value="31/02/2026"' in html
    assert "Ngày 31/02/2026 không có thật." in html


def test_one_page_is_read_over_the_others() -> None:
    before = changed()
    data = parse(HOUSEHOLD, sent({"chu_ho.ho_ten": "Trần Đỗ"}), page="chu_ho", before=before)
    assert data["chu_ho"] == {"ho_ten": "Trần Đỗ"}
    assert data["ten"] == COMPLETE["ten"]
    assert list(errors_of(data, page="chu_ho")) == ["chu_ho.so_dinh_danh"]


def test_rows_are_added_and_removed_by_buttons() -> None:
    data = {"nganh": [{"ten": "Gạo"}, {"ten": "Ăn"}]}
    more = press_row_button(HOUSEHOLD, sent({"_add": "nganh"}), data)
    assert more == {"nganh": [{"ten": "Gạo"}, {"ten": "Ăn"}, {}]}
    assert press_row_button(HOUSEHOLD, sent({"_add": "nganh"}), more or {}) == more
    fewer = press_row_button(HOUSEHOLD, sent({"_remove": "nganh.0"}), data)
    assert fewer == {"nganh": [{"ten": "Ăn"}]}
    assert press_row_button(HOUSEHOLD, sent({"_remove": "nganh.99"}), data) == data
    assert press_row_button(HOUSEHOLD, sent({}), data) is None


def test_known_things_are_prefilled() -> None:
    assert prefill(HOUSEHOLD, {"applicant": {"full_name": "Lê Ỷ"}}) == {"chu_ho": {"ho_ten": "Lê Ỷ"}}
    assert prefill(HOUSEHOLD, {}) == {}


def test_answers_are_read_back_as_people_read_them() -> None:
    pages = summary(HOUSEHOLD, COMPLETE, choices=COMMUNES)
    rows = {row.label: row.value for page in pages for row in page.rows}
    assert [page.label for page in pages] == ["Hộ kinh doanh", "Chủ hộ", "Ngành nghề"]
    assert rows["Loại đăng ký"] == "Đăng ký mới"
    assert rows["Vốn kinh doanh"] == "150.000.000\u00a0đ"
    assert rows["Xã, phường"] == "Thị trấn Đình Cả"
    assert rows["Thuê địa điểm"] == "Không"
    assert rows["Chủ hộ: Ngày sinh"] == "05/09/1990"
    assert rows["Ngành 2: Tên ngành"] == "Ăn uống"
    assert "Lý do thay đổi" not in rows


def test_scripts_in_answers_are_shown_as_text() -> None:
    data = {"ten": '"><script>alert(1)</script>'}
    html = draw("{{ ui.form_fields(view) }}", view=layout(HOUSEHOLD, data, choices=COMMUNES))
    assert "<script>" not in html


def test_the_sample_definition_is_sound() -> None:
    assert check_definition(HOUSEHOLD) == []


def broken(path: str, value: Any) -> dict[str, Any]:
    definition = copy.deepcopy(HOUSEHOLD)
    *steps, last = path.split("/")
    place: Any = definition
    for step in steps:
        place = place[int(step) if isinstance(place, list) else step]
    place[last] = value
    return definition


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("required", ["khong_co"], "khong_co: có trong required"),
        ("properties/Ten", {"type": "string", "ui": {"label": "X"}}, "Ten: tên trường"),
        ("properties/ten/ui", {}, "ten: thiếu nhãn"),
        ("properties/ten/ui", {"label": "Tên", "widget": "spinner"}, "không có kiểu nhập “spinner”"),
        ("properties/von/type", "string", "von: kiểu nhập money không giữ được"),
        ("properties/ten/$ref", "http://vidu.example/x", "ten: từ khóa chưa dùng được: $ref"),
        ("properties/ten/minLength", 99, "ten: minLength lớn hơn maxLength"),
        ("properties/ten/maxLength", "dài", "ten.maxLength: sai cấu trúc"),
        ("properties/ky_hieu/pattern", "[", "ky_hieu: giới hạn không đúng"),
        ("properties/ky_hieu/ui", {"label": "K"}, "ky_hieu: có pattern thì cần câu"),
        ("properties/loai/oneOf", [], "loai.oneOf: sai cấu trúc"),
        ("properties/loai/oneOf", 3, "loai.oneOf: sai cấu trúc"),
        ("properties/loai/ui/sourcee", "x", "loai.ui: sai cấu trúc"),
        ("properties/xa/ui", {"label": "Xã", "widget": "select"}, "xa: chưa có gì để chọn"),
        ("properties/loai/oneOf", [{"const": "a"}, {"const": "a"}], "hai lựa chọn trùng"),
        (
            "properties/ly_do/ui",
            {"label": "L", "show_if": {"field": "mat", "is": 1}},
            "không có trong biểu mẫu",
        ),
        ("properties/ly_do/ui", {"label": "L", "show_if": {"field": "von", "is": 1}}, "đứng sau nó"),
        ("properties/ly_do/ui", {"label": "L", "show_if": {"code": "1==1"}}, "điều kiện thiếu tên trường"),
        ("ui/pages", [{"key": "a", "fields": ["ten"]}], "phải nằm trên đúng một trang"),
    ],
)
def test_a_definition_that_cannot_work_is_refused_in_words(path: str, value: Any, said: str) -> None:
    assert any(said in problem for problem in check_definition(broken(path, value)))


@pytest.mark.parametrize(
    "junk", [None, [], "x", {"type": "object"}, {"type": "object", "properties": {"a": 1}}]
)
def test_junk_is_not_a_definition(junk: Any) -> None:
    assert check_definition(junk)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
PLACES = st.sampled_from(
    [
        *(f"properties/{name}" for name in HOUSEHOLD["properties"]),
        *("properties/loai/oneOf", "properties/nganh/items", "properties/chu_ho/required", "ui", "ui/pages"),
        *("properties/ten/ui", "properties/ly_do/ui/show_if", "required", "ui/pages/0/fields", "properties"),
    ]
)


@settings(max_examples=200, deadline=None)
@given(PLACES, JSON)
def test_a_definition_damaged_anywhere_is_refused_or_works(path: str, value: Any) -> None:
    definition = broken(path, value)
    if check_definition(definition):
        return
    view = layout(definition, {}, choices=COMMUNES)
    parse(definition, send_drawn(view))
    validate(definition, {}, choices=COMMUNES, today=TODAY)


# ── whatever is parsed from what was drawn is what was drawn ──

LETTERS = st.characters(codec="utf-8", categories=("L", "N", "P", "Zs"), exclude_characters="\u0340\u0341")
TEXT = st.text(LETTERS, min_size=1, max_size=40)
DATES = st.dates(dt.date(1900, 1, 1), dt.date(2999, 12, 31)).map(str)
PERSON = st.fixed_dictionaries(
    {},
    optional={"ho_ten": TEXT, "ngay_sinh": DATES, "dien_thoai": st.from_regex(r"0[0-9]{9}", fullmatch=True)},
)
ROWS = st.lists(
    st.fixed_dictionaries({"ten": TEXT}, optional={"chinh": st.just(True)}), min_size=1, max_size=3
)
DATA = st.fixed_dictionaries(
    {},
    optional={
        "ten": TEXT,
        "loai": st.sampled_from(["moi", "doi"]),
        "ly_do": st.text(LETTERS | st.just("\n"), max_size=80),
        "von": st.integers(-(10**12), 10**15),
        "lao_dong": st.integers(-1000, 10**9),
        "dien_tich": st.floats(-1e9, 1e9, allow_nan=False).map(lambda number: round(number, 6)),
        "bat_dau": DATES,
        "mo_cua": st.times().map(lambda time: f"{time:%H:%M}"),
        "xa": st.sampled_from(["1", "2"]),
        "hinh_thuc": st.lists(st.sampled_from(["ban_le", "an_uong", "dich_vu"]), unique=True, min_size=1),
        "co_thue": st.booleans(),
        "chu_ho": PERSON,
        "nganh": ROWS,
        "cam_doan": st.just(True),
    },
)


@settings(max_examples=150, deadline=None)
@given(DATA)
def test_a_drawn_form_sent_back_untouched_gives_the_same_values(data: dict[str, Any]) -> None:
    once = parse(HOUSEHOLD, send_drawn(layout(HOUSEHOLD, data, choices=COMMUNES)))
    again = parse(HOUSEHOLD, send_drawn(layout(HOUSEHOLD, once, choices=COMMUNES)))
    assert again == once
    for name in ("von", "lao_dong", "bat_dau", "mo_cua", "xa", "co_thue", "cam_doan", "loai"):
        assert once.get(name) == data.get(name)
    if "dien_tich" in data:
        assert once["dien_tich"] == pytest.approx(data["dien_tich"])
    assert sorted(once.get("hinh_thuc", [])) == sorted(data.get("hinh_thuc", []))


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*HOUSEHOLD["properties"], "nganh.0.ten", "nganh.7.chinh", "chu_ho.ho_ten"]),
        st.text(max_size=30),
    )
)
def test_anything_sent_is_read_and_checked_without_falling_over(pairs: dict[str, str]) -> None:
    data = parse(HOUSEHOLD, sent(pairs))
    json.dumps(data)
    assert "\x00" not in json.dumps(data, ensure_ascii=False)
    errors = validate(HOUSEHOLD, data, choices=COMMUNES, today=TODAY)
    assert len({error.path for error in errors}) == len(errors)
    draw("{{ ui.form_fields(view) }}", view=layout(HOUSEHOLD, data, errors, choices=COMMUNES))
    summary(HOUSEHOLD, data, choices=COMMUNES)


def test_answers_of_a_group_are_read_under_one_heading() -> None:
    pages = summary(HOUSEHOLD, COMPLETE, choices=COMMUNES)
    html = draw("{{ ui.form_summary(pages) }}", pages=pages)
    assert [row.name for row in pages[1].rows if row.group == "Chủ hộ"][:1] == ["Họ và tên"]
    assert html.count("Chủ hộ") == 1, "the page's own name is not repeated"
    assert '<h3 class="summary-group">Ngành 2</h3>' in html
    assert html.count("<dl") == html.count("</dl>")


def test_a_box_that_is_not_ticked_is_read_back_as_that() -> None:
    rows = {row.path: row.none for page in summary(HOUSEHOLD, {}, choices=COMMUNES) for row in page.rows}
    assert set(rows.values()) <= {"", "Không đánh dấu"}
