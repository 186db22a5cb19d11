"""The forms of the shipped procedures can be filled in, and ask for what they need."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from dinh.foundation.ui.public import validate
from dinh.onestop.public import fees_owed, required_documents, total
from tests.procedures.filling import fill
from tests.samples import shipped

PROCEDURES = shipped()
CHOICES = {"communes": [("H99.31.011", "xã Bình Mẫu")]}

each = pytest.mark.parametrize("code", PROCEDURES)


def schemas(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every field of a form, those in groups and rows too."""
    for part in schema.get("properties", {}).values():
        yield part
        yield from schemas(part)
        yield from schemas(part.get("items", {}))


@each
@pytest.mark.parametrize("all_of_it", [True, False], ids=["much", "little"])
def test_a_form_filled_in_by_its_own_rules_has_no_error(code, all_of_it):
    form = PROCEDURES[code].form
    answers = fill(form, CHOICES, all_of_it=all_of_it, rows=2)
    assert validate(form, answers, choices=CHOICES) == []


@each
def test_each_answer_that_is_required_is_asked_for_when_it_is_missing(code):
    form = PROCEDURES[code].form
    answers = fill(form, CHOICES, all_of_it=False)
    for name in form["required"]:
        left = {key: value for key, value in answers.items() if key != name}
        errors = validate(form, left, choices=CHOICES)
        assert any(error.path.partition(".")[0] == name for error in errors), name


@each
def test_choices_have_words_and_no_key_by_mistake(code):
    """A comma that was not quoted in the file would leave a key without a value."""
    for part in schemas(PROCEDURES[code].form):
        for choice in part.get("oneOf", ()):
            assert set(choice) <= {"const", "title", "description"}
            assert choice["title"]


@each
def test_texts_have_a_limit_and_so_have_numbers(code):
    for part in schemas(PROCEDURES[code].form):
        kind, ui = part.get("type"), part.get("ui", {})
        if kind in ("integer", "number"):
            assert "maximum" in part, ui
            assert {"minimum", "exclusiveMinimum"} & set(part), ui
        if kind == "string" and not {"oneOf", "pattern"} & set(part) and not {"widget", "source"} & set(ui):
            assert "maxLength" in part, ui


@pytest.mark.parametrize(
    ("code", "answers", "amount"),
    [
        # TT 226/2016/TT-BTC: 2,000 đồng for each of two pages, 1,000 from the third.
        ("2.000815", {"so_trang": 1}, 2_000),
        ("2.000815", {"so_trang": 2}, 4_000),
        ("2.000815", {"so_trang": 3}, 5_000),
        ("2.000815", {"so_trang": 10}, 12_000),
        # TT 288/2016/TT-BTC: by the length of the programme; none when nothing is sold.
        ("1.009397", {"thoi_luong": 50, "co_ban_ve": True}, 1_500_000),
        ("1.009397", {"thoi_luong": 51, "co_ban_ve": True}, 2_000_000),
        ("1.009397", {"thoi_luong": 100, "co_ban_ve": True}, 2_000_000),
        ("1.009397", {"thoi_luong": 150, "co_ban_ve": True}, 3_000_000),
        ("1.009397", {"thoi_luong": 200, "co_ban_ve": True}, 3_500_000),
        ("1.009397", {"thoi_luong": 201, "co_ban_ve": True}, 5_000_000),
        ("1.009397", {"thoi_luong": 90, "co_ban_ve": False}, 0),
        # TT 67/2021/TT-BTC: by the kind of place, and by 200 meals.
        ("1.002425", {"loai_hinh": "an_uong", "so_suat": 199}, 700_000),
        ("1.002425", {"loai_hinh": "an_uong", "so_suat": 200}, 1_000_000),
        ("1.002425", {"loai_hinh": "san_xuat_nho"}, 500_000),
        ("1.002425", {"loai_hinh": "san_xuat"}, 2_500_000),
        # TT 37/2023/TT-BTC.
        ("1.002809", {}, 135_000),
        # Luật Hộ tịch 2014, Art. 11: births in time and marriages are free.
        ("2.002621", {}, 0),
        ("2.002621", {"qua_han": True}, 8_000),
        ("2.002621", {"qua_han": True, "mien_le_phi": True}, 0),
        ("1.000894", {}, 0),
        ("1.001776", {}, 0),
        ("1.000798", {"dien_tich_chuyen": 500}, 500_000),
        ("1.000798", {"dien_tich_chuyen": 500.5}, 1_000_000),
        ("1.009994", {}, 75_000),
        ("2.000720", {}, 50_000),
    ],
)
def test_fees_are_those_of_the_circular(code, answers, amount):
    assert total(fees_owed(PROCEDURES[code], answers)) == amount


@pytest.mark.parametrize(
    ("code", "answers", "paper"),
    [
        ("1.009994", {"lien_ke": True}, "cam_ket_lien_ke"),
        ("1.009994", {"so_tang": 7, "tang_ham": 0}, "tham_tra_ket_cau"),
        ("1.009994", {"so_tang": 2, "tang_ham": 2}, "tham_tra_ket_cau"),
        ("1.009994", {"nguoi_thiet_ke": {"tu_thiet_ke": False}}, "chung_chi_thiet_ke"),
        ("2.002621", {"noi_sinh_loai": "co_so_y_te"}, "giay_chung_sinh"),
        ("2.002621", {"noi_sinh_loai": "bo_roi"}, "bien_ban_bo_roi"),
        ("2.002621", {"ho_ve": "nguoi_khac"}, "dong_y_thuong_tru"),
        ("1.000894", {"ben_nam": {"noi_khac": True}}, "xac_nhan_ben_nam"),
        ("1.000894", {"ben_nu": {"tinh_trang": "da_ly_hon"}}, "ban_an_ly_hon"),
        ("1.000798", {"pham_vi": "mot_phan"}, "trich_do"),
        ("1.000798", {"loai_hien_tai": "lua"}, "phuong_an_dat_lua"),
        ("1.001776", {"doi_tuong": "khuyet_tat"}, "giay_khuyet_tat"),
        ("1.001776", {"doi_tuong": "don_than"}, "khai_sinh"),
        ("1.009397", {"so_khan_gia": 500}, "phuong_an_an_toan"),
        ("1.009397", {"dia_diem": {"cua_minh": False}}, "dong_y_dia_diem"),
        ("1.002425", {"nguon_nuoc": "tu_khai_thac"}, "nuoc"),
        ("1.002809", {"hang": "B2"}, "giay_kham_suc_khoe"),
        ("2.000720", {"doi_chu_ho": True}, "hop_dong_chuyen_chu"),
    ],
)
def test_a_paper_is_asked_for_by_the_answer_that_needs_it_and_not_otherwise(code, answers, paper):
    definition = PROCEDURES[code]
    others = fill(definition.form, CHOICES, all_of_it=False)
    asked = {one.key for one in required_documents(definition, answers)}
    assert paper in asked
    least = {
        "1.009994": {"lien_ke": False, "so_tang": 2, "tang_ham": 0, "nguoi_thiet_ke": {"tu_thiet_ke": True}},
        "2.002621": {"noi_sinh_loai": "ngoai_co_so", "ho_ve": "cha_me"},
        "1.000798": {"loai_hien_tai": "cay_lau_nam", "pham_vi": "ca_thua"},
        "1.009397": {"so_khan_gia": 499, "dia_diem": {"cua_minh": True}},
        "1.002809": {"hang": "A1"},
    }
    without = {one.key for one in required_documents(definition, {**others, **least.get(code, {})})}
    assert paper not in without


SOON = {"gio": "19:30", "ngay": "2026-11-30"}
LIVED = [{"tu_nam": 2010, "den_nam": 2009, "noi_o": "Xã Bình Mẫu"}]
MARRIED = {"tinh_trang": "dang_co_vo_chong", "ten_vo_chong": "Trần Văn Mẫu"}


@pytest.mark.parametrize(
    ("code", "answers", "path", "said"),
    [
        ("1.000894", {"ben_nu": {"ngay_sinh": "2008-11-23"}}, "ben_nu.ngay_sinh", "chưa đủ 18 tuổi"),
        ("1.000894", {"ben_nu": {"ngay_sinh": "2008-11-22"}}, "", ""),
        ("1.000894", {"ben_nam": {"ngay_sinh": "2006-11-23"}}, "ben_nam.ngay_sinh", "chưa đủ 20 tuổi"),
        ("1.000894", {"ben_nam": {"ngay_sinh": "2006-11-22"}}, "", ""),
        ("1.001612", {"chu_ho": {"ngay_sinh": "2008-11-23"}}, "chu_ho.ngay_sinh", "đủ 18 tuổi"),
        ("1.004873", {**MARRIED, "muc_dich": "ket_hon"}, "muc_dich", "đang có vợ"),
        ("1.004873", {**MARRIED, "muc_dich": "vay_von"}, "", ""),
        ("2.002621", {"tre": {"ngay_sinh": "2026-09-22"}, "qua_han": None}, "tre.ngay_sinh", "quá 60 ngày"),
        ("2.002621", {"tre": {"ngay_sinh": "2026-09-22"}, "qua_han": True}, "", ""),
        ("2.002621", {"tre": {"ngay_sinh": "2026-09-23"}, "qua_han": None}, "", ""),
        ("1.009994", {"dien_tich_tang_1": 101, "tong_dien_tich": 200}, "dien_tich_tang_1", "” (100)"),
        ("1.009994", {"tong_dien_tich": 250}, "nguoi_thiet_ke.tu_thiet_ke", "chứng chỉ"),
        ("1.000798", {"dien_tich_chuyen": 101}, "dien_tich_chuyen", "Diện tích cả thửa"),
        ("1.002809", {"het_han": "2026-08-21"}, "het_han", "sát hạch lại lý thuyết"),
        ("1.002809", {"het_han": "2026-08-22"}, "", ""),
        ("1.000894", {"nguoi_nop": "khac"}, "nguoi_nop", "không nộp thay được"),
        ("1.001612", {"ten_ho": "!!!"}, "ten_ho", "không thể chỉ gồm số hoặc dấu"),
        ("1.001612", {"chu_ho": {"ho_ten": "12345"}}, "chu_ho.ho_ten", "không có “1”"),
        ("1.001612", {"ngay_bat_dau": "1990-01-01"}, "ngay_bat_dau", "chỉ được hoạt động từ"),
        ("2.000720", {"ten_moi": "Công ty Mẫu"}, "ten_moi", "Điều 88"),
        ("2.002621", {"tre": {"ngay_sinh": "2020-11-22"}}, "tre.ngay_sinh", "dưới 6 tuổi"),
        ("2.002621", {"tre": {"ngay_sinh": "2020-11-23"}}, "", ""),
        ("2.002621", {"me": {"nam_sinh": 2017}}, "me.nam_sinh", "người mẹ chưa hơn con 10 tuổi"),
        ("1.009397", {"buoi_dien": [SOON]}, "buoi_dien.0.ngay", "01/12"),
        ("1.009397", {"buoi_dien": [{**SOON, "ngay": "2026-12-01"}]}, "", ""),
        ("1.002809", {"hang": "B2", "ngay_kham": "2025-11-21"}, "ngay_kham", "khám lại"),
        ("1.002809", {"hang": "B2", "ngay_kham": "2025-11-22"}, "", ""),
        ("2.000815", {"ngay_hen": "2026-11-29"}, "ngay_hen", "không phải là ngày làm việc"),
        ("2.000488", {"cu_tru": LIVED}, "cu_tru.0.den_nam", "2010"),
    ],
)  # fmt: skip
def test_what_a_law_does_not_let_be_is_said_where_it_is_typed(code, answers, path, said):
    """Marriage: Luật HN&GĐ 2014 Điều 5, 8; births: Luật Hộ tịch 2014 Điều 15; houses: Luật Xây dựng Điều 79;
    licences: TT 12/2017/TT-BGTVT Điều 36; households: NĐ 01/2021/NĐ-CP Điều 88; shows: NĐ 144/2020/NĐ-CP
    Điều 10; health: TT 14/2013/TT-BYT Điều 8.
    """
    day = dt.date(2026, 11, 22)
    form = PROCEDURES[code].form
    filled = fill(form, CHOICES, all_of_it=True, today=day)
    for name, value in answers.items():
        filled[name] = {**filled[name], **value} if isinstance(value, dict) else value
    filled = {name: value for name, value in filled.items() if value is not None}
    errors = validate(form, filled, today=day, choices=CHOICES)
    assert [error.path for error in errors] == ([path] if path else [])
    assert said in "".join(error.sentence for error in errors)
