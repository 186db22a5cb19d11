"""What a procedure's version may be: each fault is found before publication; fees and papers by rule."""

import copy
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dinh.onestop.public import (
    fees_owed,
    problems_of_definition,
    procedures_shipped,
    required_documents,
    total,
)
from dinh.onestop.rules.definition import DefinitionUnreadable, keep_order, read_definition
from tests.onestop.making import FORM, simple, step

DOCUMENT = {"key": "don", "name": "Đơn"}
FEE = {"key": "phi", "name": "Phí thử", "amount": 1000}
FIELD = {"name": "ten", "label": "Tên", "source": "ten"}
RESULT = simple()["result"]


def problems(**changes: Any) -> list[str]:
    return problems_of_definition(read_definition(simple(**changes)))


def with_step(**changes: Any) -> dict[str, Any]:
    """The simple procedure with its handling step changed."""
    steps = [{**one, **changes} if one["key"] == "xu_ly" else one for one in copy.deepcopy(simple()["steps"])]
    return {"steps": steps}


def test_the_simple_procedure_has_no_fault():
    assert problems(documents=[DOCUMENT], fees=[FEE]) == []


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"documents": [DOCUMENT, DOCUMENT]}, "Mã giấy tờ “don” bị trùng"),
    ({"fees": [FEE, FEE]}, "Mã khoản phí “phi” bị trùng"),
    ({"fees": [{**FEE, "amount": -1}]}, "số tiền âm"),
    ({"time_limit": {"amount": 0, "unit": "working_days"}}, "lớn hơn 0"),
    ({"time_limit": {"amount": 30, "unit": "working_days", "online": 31}}, "không được dài hơn"),
    (with_step(unit={"where": "inside"}), "viết tắt của đơn vị"),
    (with_step(unit={"where": "province"}), "viết tắt của đơn vị"),
    (with_step(unit={"where": "field", "field": "khong_co"}), "trường không có trong biểu mẫu: khong_co"),
    (with_step(role=""), "chưa nêu vai trò"),
    (with_step(outcomes=[]), "ngõ cụt"),
    ({"result": {**RESULT, "fields": [{**FIELD, "source": "khong_co"}]}}, "trường không có trong biểu mẫu"),
    ({"result": {**RESULT, "template": "khong_co"}}, "Không có mẫu kết quả"),
    ({"result": {**RESULT, "template": "../procedures/x"}}, "Không có mẫu kết quả"),
    (
        {
            "result": {
                **RESULT,
                "template": "composed",
                "fields": [FIELD],
                "body": [{"kind": "paragraph", "text": "Xác nhận ông/bà có nuôi chó tại xã."}],
            }
        },
        "ghi mục “Tên”: văn bản sẽ không nêu cấp cho ai",
    ),
    ({"documents": [{**DOCUMENT, "required_if": {"field": "la", "is": 1}}]}, "không có trường “la”"),
    ({"documents": [{**DOCUMENT, "required_if": {"field": "ten"}}]}, "đúng một phép so sánh"),
    ({"fees": [{**FEE, "when": {"field": "la", "is": 1}}]}, "không có trường “la”"),
    ({"form": {**FORM, "properties": {**FORM["properties"], "lạ": {"type": "máy"}}}}, "lạ"),
    (
        with_step(
            outcomes=[
                {"key": "a", "label": "A", "to": ["ky"]},
                {"key": "b", "label": "B", "to": ["ky"], "when": {"field": "la", "is": 1}},
            ]
        ),
        "không có trường “la”",
    ),
]


@pytest.mark.parametrize(("changes", "words"), FAULTS, ids=[words for _, words in FAULTS])
def test_each_fault_is_found_before_publication(changes, words):
    assert any(words in sentence for sentence in problems(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"steps": "không phải danh sách"},
        {"level": "tổng"},
        {"khoa_la": 1},
        {"steps": [step("a", "nhảy", "b")]},
        {"time_limit": {"amount": "ba", "unit": "working_days"}},
        {"fees": [{"key": "x", "name": "X", "amount": 1.5}]},
    ],
)
def test_data_of_another_shape_are_unreadable_and_the_place_is_named(changes):
    with pytest.raises(DefinitionUnreadable) as refused:
        read_definition(simple(**changes))
    assert "$" in str(refused.value) or "unknown" in str(refused.value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["code", "steps", "form", "key", "to"]), inner, max_size=3)
        ),
        max_leaves=6,
    ),
    st.sampled_from(sorted(simple())),
)
def test_hostile_data_are_refused_and_never_crash(value, key):
    """Any part of a definition replaced by anything: unreadable, faulty, or fine; never another error."""
    try:
        definition = read_definition({**simple(), key: value})
    except DefinitionUnreadable:
        return
    assert all(isinstance(sentence, str) for sentence in problems_of_definition(definition))


@pytest.mark.parametrize("path", procedures_shipped(), ids=lambda path: path.stem)
def test_every_shipped_procedure_can_be_published(path):
    definition = read_definition(yaml.safe_load(path.read_text()))
    assert problems_of_definition(definition) == []
    assert definition.code == path.stem
    # NĐ 63/2010 Art. 8.2: the parts that a published procedure has.
    assert definition.sequence
    assert definition.channels
    assert definition.documents
    assert definition.audience
    assert definition.basis


def test_the_order_of_the_form_survives_a_database_that_keeps_none():
    kept = keep_order(FORM)
    assert kept["ui"]["order"] == ["ten", "loai", "xa"]
    nested = keep_order(
        {
            "type": "object",
            "properties": {"b": {"type": "array", "items": {"properties": {"z": {}, "a": {}}}}},
        }
    )
    assert nested["properties"]["b"]["items"]["ui"]["order"] == ["z", "a"]


FEES = [
    {**FEE, "key": "thuong", "amount": 200_000, "when": {"not": {"field": "loai", "is": "nhanh"}}},
    {**FEE, "key": "nhanh", "amount": 500_000, "when": {"field": "loai", "is": "nhanh"}},
    {**FEE, "key": "bieu_mau", "amount": 1},
]


@given(st.dictionaries(st.sampled_from(["loai", "ten"]), st.sampled_from(["nhanh", "thuong", "", None])))
def test_fees_are_owed_by_their_rule_and_in_order(data):
    owed = fees_owed(read_definition(simple(fees=FEES)), data)
    keys = [fee.key for fee in owed]
    assert keys == (["nhanh", "bieu_mau"] if data.get("loai") == "nhanh" else ["thuong", "bieu_mau"])
    assert total(owed) == sum(fee.amount for fee in owed) > 0


@pytest.mark.parametrize(
    ("answers", "amount"),
    [
        ({"doi_tuong": "thuong"}, 200_000),
        ({"doi_tuong": "sinh_vien"}, 100_000),
        ({"doi_tuong": "nguoi_co_cong"}, 100_000),
        ({}, 200_000),
    ],
)
def test_the_criminal_record_costs_what_the_circular_says(answers, amount):
    """TT 244/2016/TT-BTC: 200,000 đồng; 100,000 for students and relatives of martyrs."""
    path = next(path for path in procedures_shipped() if path.stem == "2.000488")
    assert total(fees_owed(read_definition(yaml.safe_load(path.read_text())), answers)) == amount


def test_papers_are_required_by_their_condition():
    path = next(path for path in procedures_shipped() if path.stem == "1.004873")
    definition = read_definition(yaml.safe_load(path.read_text()))
    assert [one.key for one in required_documents(definition, {})] == ["giay_to_tuy_than"]
    divorced = required_documents(definition, {"tinh_trang": "da_ly_hon"})
    assert [one.key for one in divorced] == ["giay_to_tuy_than", "ban_an_ly_hon"]
