"""Rules over several answers and the day of filing: one of a group, not too long ago, of age, not more."""

import copy
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.ui.public import (
    FieldSpec,
    change_field,
    change_page,
    check_definition,
    field_spec,
    layout,
    outline,
    remove_field,
    uses_of,
    validate,
)
from dinh.foundation.ui.rules.forms.limits import first_in_time, first_working_day
from dinh.foundation.ui.rules.forms.names import name_fault
from dinh.kernel.dates import add_months
from dinh.kernel.worktime import day_off, extra_working_day, standard_calendar

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


LATE = {"within_months": "Thi."}
NOT_BEFORE = {"label": "Đến năm", "widget": "year", "not_below": "tu"}
MARRIED = {"field": "vo", "is": True}
RULES = {
    "type": "object",
    "properties": {
        "tuoi": {"type": "string", "ui": {"label": "Ngày sinh", "widget": "date", "least_age": 20}},
        "het_han": {
            "type": "string",
            "ui": {
                "label": "Hết hạn",
                "widget": "date",
                "within_months": 3,
                "messages": LATE,
            },
        },
        "dat": {
            "type": "object",
            "ui": {"label": "Đất"},
            "properties": {"dien_tich": {"type": "number", "ui": {"label": "Diện tích đất"}}},
        },
        "nha": {"type": "number", "ui": {"label": "Diện tích nhà", "not_above": "dat.dien_tich"}},
        "o": {
            "type": "array",
            "ui": {"label": "Nơi ở"},
            "items": {
                "type": "object",
                "properties": {
                    "tu": {"type": "integer", "ui": {"label": "Từ năm", "widget": "year"}},
                    "den": {
                        "type": "integer",
                        "ui": NOT_BEFORE,
                    },
                },
            },
        },
        "vo": {"type": "boolean", "ui": {"label": "Có vợ", "widget": "yes_no"}},
        "de": {
            "oneOf": [{"const": "cuoi", "title": "Cưới"}, {"const": "vay", "title": "Vay"}],
            "ui": {
                "label": "Để làm gì",
                "refuse_if": {"all": [MARRIED, {"field": "de", "is": "cuoi"}]},
                "messages": {"refuse_if": "Hãy chọn mục đích khác."},
            },
        },
    },
}


@given(st.dates(dt.date(1900, 1, 1), dt.date(2026, 12, 31)), st.integers(-800, 800))
def test_an_age_is_reached_on_a_birthday_and_stays(born, days):
    birthday = add_months(born, 240)
    assert (birthday.month, birthday.day) == (born.month, born.day) or (born.month, born.day) == (2, 29)
    today = birthday + dt.timedelta(days=days)
    errors = validate(RULES, {"tuoi": born.isoformat()}, today=today)
    assert [error.path for error in errors] == (["tuoi"] if days < 0 else [])


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), st.integers(1, 40), st.integers(0, 2000))
def test_months_go_by_as_the_calendar_counts_them(today, months, days):
    """The first day that is near enough, and no day before it; never more months than 31 days make."""
    first = first_in_time(today, months=months)
    assert add_months(first, months) >= today > add_months(first - dt.timedelta(days=1), months)
    day = today - dt.timedelta(days=days)
    assert (day >= first) is (add_months(day, months) >= today)
    assert 28 * months <= (today - first).days <= 31 * months


@given(st.integers(0, 500), st.integers(0, 500), st.integers(1990, 2020), st.integers(1990, 2020))
def test_an_answer_is_set_against_another_in_the_form_or_in_its_row(plot, house, start, end):
    data = {"dat": {"dien_tich": plot}, "nha": house, "o": [{"tu": 2000}, {"tu": start, "den": end}]}
    area = f"“Diện tích nhà” không được lớn hơn “Diện tích đất” ({plot}). Hãy xem lại hai số này."
    year = f"“Nơi ở 2: Đến năm” không được trước “Từ năm” ({start}). Hãy xem lại hai năm này."
    expected = [("nha", area)] if house > plot else []
    assert said(RULES, data) == expected + ([("o.1.den", year)] if end < start else [])


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"tuoi": "2006-11-23"}, ("tuoi", "“Ngày sinh”: đến ngày nộp phải đủ 20 tuổi.")),
        ({"tuoi": "2006-11-22"}, None),
        ({"het_han": "2026-08-21"}, ("het_han", "Thi.")),
        ({"het_han": "2026-08-22"}, None),
        ({"nha": 5}, None),
        ({"vo": True, "de": "cuoi"}, ("de", "Hãy chọn mục đích khác.")),
        ({"vo": True, "de": "vay"}, None),
        ({"vo": False, "de": "cuoi"}, None),
        ({"vo": True}, None),
    ],
)
def test_what_the_day_and_other_answers_do_not_let_be_is_said_at_the_field(data, expected):
    found = said(RULES, data)
    assert [(path, words.startswith(expected[1])) for path, words in found] == (
        [(expected[0], True)] if expected else []
    )


def ruled(name, *, drop=(), **changes):
    form = copy.deepcopy(RULES)
    ui = form["properties"][name]["ui"]
    ui.update(changes)
    for key in drop:
        del ui[key]
    return form


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (RULES, ""),
        (ruled("nha", least_age=3), "chỉ dùng cho câu hỏi về ngày"),
        (ruled("nha", within_months=3, messages={"within_months": "x"}), "chỉ dùng cho câu hỏi về ngày"),
        (ruled("tuoi", not_before="today"), "không ai đủ tuổi"),
        (ruled("het_han", within_days=3), "chỉ dùng một trong hai"),
        (ruled("het_han", drop=["messages"]), "cần câu chỉ cách làm"),
        (ruled("nha", not_above="khong_co"), "không có trong biểu mẫu"),
        (ruled("nha", not_above="nha"), "không so được"),
        (ruled("nha", not_above="tuoi"), "không so được"),
        (ruled("nha", not_above="o.tu"), "nhiều câu trả lời"),
        (ruled("de", drop=["messages"]), "vì sao và phải làm gì"),
        (
            ruled("dat", refuse_if=MARRIED, messages={"refuse_if": "x"}),
            "chỉ đặt ở câu hỏi",
        ),
        (ruled("de", refuse_if={"field": "khong_co", "is": True}), "không có trong biểu mẫu"),
        (ruled("de", refuse_if={"field": "vo"}), "đúng một phép so sánh"),
    ],
)
def test_a_rule_that_cannot_be_is_said_before_publication(form, expected):
    found = check_definition(form)
    assert [one for one in found if expected in one] if expected else not found, found


def test_a_rule_may_not_ask_a_later_page():
    form = copy.deepcopy(RULES)
    first = ["nha", "tuoi", "het_han", "o", "vo", "de"]
    form["ui"] = {"pages": [{"key": "a", "fields": first}, {"key": "b", "fields": ["dat"]}]}
    assert any("ở phần sau" in one for one in check_definition(form))


@pytest.mark.parametrize("path", ["con", "me", "dien", "hen", "ten", "thang"])
def test_rules_over_people_and_days_are_read_and_written_back(path):
    form = change_field(PEOPLE, path, field_spec(PEOPLE, path))
    assert form["properties"][path] == PEOPLE["properties"][path]
    assert uses_of(PEOPLE, "con") == ["Năm sinh của mẹ", "Ngày sinh của cha"]


@pytest.mark.parametrize("path", ["tuoi", "het_han", "nha", "o.den", "de"])
def test_rules_are_read_and_written_back_and_name_what_they_use(path):
    form = change_field(RULES, path, field_spec(RULES, path))
    assert field_spec(form, path) == field_spec(RULES, path)
    assert check_definition(form) == []
    assert uses_of(RULES, "dat.dien_tich") == ["Diện tích nhà"]
    assert uses_of(RULES, "de") == []
    plain = FieldSpec(kind=field_spec(form, path).kind, label="x", choices=(("a", "A"),))
    cleared = field_spec(change_field(form, path, plain), path)
    assert (cleared.rules, cleared.messages) == ({}, {})


def date_field(label, **rules):
    return {"type": "string", "ui": {"label": label, "widget": "date", **rules}}


def year_field(label, **rules):
    return {"type": "integer", "ui": {"label": label, "widget": "year", **rules}}


def number_field(label, **rules):
    return {"type": "string", "ui": {"label": label, "widget": "identity_number", **rules}}


PEOPLE = {
    "type": "object",
    "properties": {
        "con": date_field("Ngày sinh của con", under_age=6, messages={"under_age": "Chỉ cho trẻ nhỏ."}),
        "me": year_field("Năm sinh của mẹ", older_than="con", older_by=10),
        "cha": date_field("Ngày sinh của cha", older_than="con", older_by=10),
        "dien": date_field("Ngày diễn", working_days_ahead=7),
        "hen": date_field("Ngày hẹn", workday=True),
        "ten": {"type": "string", "ui": {"label": "Họ tên", "written_as": "person_name", "widget": "text"}},
        "khach": {"type": "string", "ui": {"label": "Khách", "written_as": "foreign_name"}},
        "ho": {"type": "string", "ui": {"label": "Tên hộ", "written_as": "business_name"}},
        "so": {"type": "string", "ui": {"label": "Số định danh", "widget": "identity_number"}},
        "thang": {"type": "string", "ui": {"label": "Từ tháng", "widget": "month"}},
        "nu": {
            "type": "object",
            "ui": {"label": "Bên nữ"},
            "properties": {
                "sinh": date_field("Ngày sinh"),
                "so": number_field("Số của bên nữ", born_in="sinh", sex_is="nu"),
            },
        },
        "gioi": {
            "type": "string",
            "oneOf": [{"const": "nam", "title": "Nam"}, {"const": "nu", "title": "Nữ"}],
            "ui": {"label": "Giới tính"},
        },
        "nam": number_field("Số của bên nam", born_in="me", sex_in="gioi", unlike="nu.so"),
    },
}


@given(st.dates(dt.date(2000, 1, 1), dt.date(2026, 11, 22)))
def test_a_child_is_under_an_age_until_the_birthday_that_reaches_it(born):
    is_small = add_months(born, 72) > TODAY
    assert said(PEOPLE, {"con": born.isoformat()}) == ([] if is_small else [("con", "Chỉ cho trẻ nhỏ.")])


@given(
    st.dates(dt.date(2021, 1, 1), dt.date(2026, 11, 22)), st.integers(-4000, 40000), st.integers(1900, 2026)
)
def test_a_parent_is_so_many_years_older_by_day_or_by_year(child, days, year):
    """By years alone nobody is refused who is old enough by the day."""
    father = child - dt.timedelta(days=days)
    data = {"con": child.isoformat(), "cha": father.isoformat(), "me": year}
    found = {path for path, _words in said(PEOPLE, data)}
    assert ("cha" in found) is (add_months(father, 120) > child)
    assert ("me" in found) is (year + 10 > child.year)
    by_year = said(PEOPLE, {**data, "me": father.year})
    assert "me" not in {path for path, _words in by_year} or add_months(father, 120) > child
    assert not said(PEOPLE, {"cha": father.isoformat(), "me": year})


@given(st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 1)), st.integers(1, 40))
def test_so_many_working_days_lie_behind_the_day_of_filing_and_the_first_day(today, days):
    free = [day_off(today + dt.timedelta(days=3), "Nghỉ"), extra_working_day(dt.date(2026, 8, 22), "Bù")]
    calendar = standard_calendar(free)
    first = first_working_day(calendar, today, days)
    between = [day for day in calendar.days(today + dt.timedelta(days=1), first) if day.periods]
    assert len(between) == days
    assert between[-1].on == first


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"dien": "2026-11-30"}, "ít nhất 7 ngày làm việc, tức là từ ngày 01/12/2026"),
        ({"dien": "2026-12-01"}, ""),
        ({"hen": "2026-11-22"}, "22/11/2026 không phải là ngày làm việc"),
        ({"hen": "2026-11-23"}, ""),
        ({"me": 2017, "con": "2026-01-01"}, "phải trước “Ngày sinh của con” (01/01/2026) ít nhất 10 năm"),
        ({"so": "09900050001O"}, "có chữ “O” ở vị trí 12"),
        ({"so": "099-00050001"}, "có dấu “-” ở vị trí 4"),
        ({"so": "09900050001"}, "Ông/Bà đã nhập 11"),
        ({"ten": "12345"}, "không có “1”"),
        ({"ten": "!!!"}, "không có “!”"),
        ({"ten": "Mẫu"}, "cần đủ cả họ và tên"),
        ({"ho": "!!!"}, "không thể chỉ gồm số hoặc dấu"),
        ({"ho": "12345"}, "không thể chỉ gồm số hoặc dấu"),
        ({"ho": "Магазин"}, "có “М”"),
        ({"khach": "-"}, "phải có chữ cái"),
        ({"thang": "13/2026"}, "tháng từ 1 đến 12"),
        ({"thang": "12/2026"}, ""),
        # NĐ 137/2015/NĐ-CP, Art. 13: province, century and sex, year of birth, six at random.
        ({"nu": {"so": "001300000777", "sinh": "2000-02-01"}}, ""),
        ({"nu": {"so": "099095000777"}}, "Bên nữ: Số của bên nữ”: số 099095000777 là của một người nam"),
        ({"nu": {"so": "001195000777", "sinh": "2000-02-01"}}, "năm 1995 (số thứ tư, năm và sáu), khác với"),
        ({"nu": {"so": "099000500001", "sinh": "2000-02-01"}}, ""),
        ({"nam": "001090000777", "me": 1990, "gioi": "nam"}, ""),
        ({"nam": "001090000777", "me": 1991}, "khác với “Năm sinh của mẹ”"),
        ({"nam": "001090000777", "gioi": "nu"}, "là của một người nam (số thứ tư), khác với “Giới tính”"),
        ({"nam": "001190000777", "nu": {"so": "001190000777"}}, "đã ghi cho một người khác"),
    ],
)
def test_what_no_clerk_would_take_is_said_at_its_field(data, expected):
    found = [words for path, words in said(PEOPLE, data)]
    assert (len(found), expected in "".join(found)) == (1 if expected else 0, True), found


def test_a_calendar_that_was_given_counts():
    tet = standard_calendar([day_off(dt.date(2026, 11, 23), "Nghỉ")])
    assert said(PEOPLE, {"dien": "2026-12-01"}, calendar=lambda: tet)
    assert said(PEOPLE, {"hen": "2026-11-23"}, calendar=lambda: tet)


@pytest.mark.parametrize(
    "name", ["Nguyễn Thị Mẫu", "Y Bham Niê", "H'Hen Niê", "K'Brêu", "Tôn-Nữ Thị Mẫu", "Đỗ Ý", "NGUYỄN VĂN A"]
)
def test_names_of_the_peoples_of_the_country_are_names(name):
    assert name_fault("person_name", name) == name_fault("foreign_name", name) == ("", "")


@pytest.mark.parametrize(
    "name", ["Tạp hóa 36 Phố", "Cà phê Z&W", "Sửa xe (Tư Đen)", "F5 – Internet", "May A-B"]
)
def test_names_of_shops_have_digits_and_signs(name):
    assert name_fault("business_name", name) == ("", "")


@given(st.sampled_from(["person_name", "foreign_name", "business_name"]), st.text(max_size=20))
def test_a_name_without_a_letter_is_none_and_what_is_odd_stands_in_it(style, text):
    fault, odd = name_fault(style, text)
    assert odd in text
    assert fault or any(sign.isalpha() for sign in text)


@pytest.mark.parametrize(
    ("name", "rules", "expected"),
    [
        ("con", {"least_age": 6}, "không ai điền được"),
        ("con", {"not_after": "2026-01-01"}, "sẽ không ai điền được"),
        ("con", {"messages": {}}, "cần câu chỉ cách làm"),
        ("dien", {"not_after": "today"}, "không ai điền được"),
        ("me", {"older_by": None}, "cần cả câu để so"),
        ("me", {"older_than": "ten"}, "không so được"),
        ("ten", {"under_age": 6}, "chỉ dùng cho câu hỏi về ngày"),
        ("ten", {"older_than": "con", "older_by": 1}, "chỉ so tuổi"),
        ("ten", {"born_in": "con"}, "chỉ so năm sinh"),
        ("so", {"born_in": "ten"}, "không so được số định danh"),
        ("so", {"sex_in": "con"}, "không so được số định danh"),
        ("so", {"unlike": "khong_co"}, "không có trong biểu mẫu"),
        ("so", {"written_as": "person_name"}, "chỉ dùng cho câu hỏi chữ ngắn"),
        ("ten", {"written_as": "latin"}, "sai cấu trúc"),
        ("hen", {}, ""),
    ],
)
def test_a_rule_over_people_and_days_that_cannot_be_is_said_before_publication(name, rules, expected):
    form = copy.deepcopy(PEOPLE)
    ui = form["properties"][name]["ui"] | rules
    form["properties"][name]["ui"] = {key: value for key, value in ui.items() if value is not None}
    found = check_definition(form)
    assert [one for one in found if expected in one] if expected else not found, found
