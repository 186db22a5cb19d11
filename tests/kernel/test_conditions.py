"""Conditions as data: what they mean, and that whatever is wrong with one is said."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinh.kernel.conditions import check_condition, fields_of, holds, value_at

NAMES = ["loai", "von", "chu_ho.tuoi", "uy_quyen"]
scalars = st.one_of(st.text(max_size=3), st.integers(-5, 5), st.booleans(), st.none())
answers = st.fixed_dictionaries(
    {},
    optional={
        "loai": scalars,
        "von": scalars,
        "uy_quyen": scalars,
        "chu_ho": st.fixed_dictionaries({}, optional={"tuoi": scalars}) | scalars,
    },
)
plain = st.one_of(
    st.builds(lambda name, value: {"field": name, "is": value}, st.sampled_from(NAMES), scalars),
    st.builds(
        lambda name, value: {"field": name, "in": value},
        st.sampled_from(NAMES),
        st.lists(scalars, max_size=3),
    ),
    st.builds(
        lambda name, value: {"field": name, "at_least": value}, st.sampled_from(NAMES), st.integers(-5, 5)
    ),
    st.builds(
        lambda name, value: {"field": name, "at_most": value}, st.sampled_from(NAMES), st.integers(-5, 5)
    ),
    st.builds(lambda name, value: {"field": name, "given": value}, st.sampled_from(NAMES), st.booleans()),
)
conditions = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=6,
)
json = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["field", "is", "in", "at_least", "at_most", "given", "all", "any", "not", "khac"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(conditions, answers)
def test_a_well_formed_condition_is_answered_with_yes_or_no(condition, data):
    assert list(check_condition(condition)) == []
    assert holds(condition, data) in (True, False)


@given(conditions, answers)
def test_not_turns_the_answer_round(condition, data):
    assert holds({"not": condition}, data) is not holds(condition, data)


@given(st.lists(conditions, min_size=1, max_size=4), answers)
def test_all_and_any_are_what_their_parts_are(parts, data):
    each = [holds(part, data) for part in parts]
    assert holds({"all": parts}, data) is all(each)
    assert holds({"any": parts}, data) is any(each)
    nots = [{"not": part} for part in parts]
    assert holds({"not": {"all": parts}}, data) is holds({"any": nots}, data)


@given(json, answers)
def test_whatever_the_check_lets_through_can_be_asked(condition, data):
    """Hostile data: the check finds every fault that would make the question fail."""
    if list(check_condition(condition)):
        return
    assert holds(condition, data) in (True, False)
    assert all(isinstance(name, str) for name in fields_of(condition))


@given(conditions, answers, scalars)
def test_only_the_fields_named_matter(condition, data, value):
    assert holds(condition, {**data, "khac": value}) is holds(condition, data)
    assert "khac" not in fields_of(condition)


@given(plain, st.sampled_from([None, "", [], {}]))
def test_a_field_without_an_answer_makes_every_comparison_false(condition, nothing):
    if "given" in condition:
        assert holds(condition, {}) is (condition["given"] is False)
        return
    assert holds(condition, {}) is False
    assert holds(condition, {"loai": nothing, "von": nothing, "uy_quyen": nothing}) is False


def test_no_condition_always_holds():
    assert holds(None, {}) is True
    assert fields_of(None) == frozenset()


@pytest.mark.parametrize(
    ("condition", "data", "expected"),
    [
        ({"field": "von", "at_least": 10}, {"von": 10}, True),
        ({"field": "von", "at_least": 10}, {"von": 9.5}, False),
        ({"field": "von", "at_most": 10}, {"von": 10}, True),
        ({"field": "von", "at_most": 10}, {"von": 11}, False),
        ({"field": "von", "at_least": 0}, {"von": True}, False),
        ({"field": "von", "at_least": 0}, {"von": "10"}, False),
        ({"field": "von", "given": True}, {"von": 0}, True),
        ({"field": "uy_quyen", "given": True}, {"uy_quyen": False}, True),
        ({"field": "uy_quyen", "is": False}, {"uy_quyen": False}, True),
        ({"field": "uy_quyen", "is": True}, {"uy_quyen": 1}, False),
        ({"field": "von", "is": 1}, {"von": True}, False),
        ({"field": "von", "is": 2}, {"von": 2.0}, True),
        ({"field": "von", "in": [1, 2]}, {"von": True}, False),
        ({"field": "chu_ho.tuoi", "is": 3}, {"chu_ho": {"tuoi": 3}}, True),
        ({"field": "chu_ho.tuoi", "is": 3}, {"chu_ho": "chuỗi"}, False),
        ({"field": "chu_ho.tuoi", "is": 3}, {"chu_ho": [{"tuoi": 3}]}, False),
    ],
)
def test_comparisons_at_their_edges(condition: Any, data: Any, expected: bool):
    assert holds(condition, data) is expected


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("loai", "bảng khóa"),
        ([], "bảng khóa"),
        ({}, "thiếu tên trường"),
        ({"is": 1}, "thiếu tên trường"),
        ({"field": 3, "is": 1}, "thiếu tên trường"),
        ({"field": "loai"}, "đúng một phép so sánh"),
        ({"field": "loai", "is": 1, "in": [1]}, "đúng một phép so sánh"),
        ({"field": "loai", "is": 1, "khac": 1}, "đúng một phép so sánh"),
        ({"field": "loai", "in": "abc"}, "cần một danh sách"),
        ({"field": "loai", "given": "có"}, "cần true hoặc false"),
        ({"field": "loai", "at_least": "3"}, "cần một số"),
        ({"field": "loai", "at_most": True}, "cần một số"),
        ({"all": []}, "cần một danh sách"),
        ({"any": "x"}, "cần một danh sách"),
        ({"all": [{"field": "loai", "is": 1}], "field": "x"}, "chỉ có một khóa"),
        ({"not": []}, "bảng khóa"),
        ({"any": [{"field": "loai", "is": 1}, {"field": "loai"}]}, "đúng một phép so sánh"),
    ],
)
def test_each_fault_is_said(condition: Any, words: str):
    assert any(words in str(fault) for fault in check_condition(condition))


def test_the_fields_of_nested_conditions_are_all_named():
    condition = {
        "any": [{"field": "a", "is": 1}, {"not": {"all": [{"field": "b.c", "given": True}]}}],
    }
    assert fields_of(condition) == {"a", "b.c"}


def test_a_dotted_name_leads_into_groups():
    assert value_at({"a": {"b": {"c": 3}}}, "a.b.c") == 3
    assert value_at({"a": {"b": None}}, "a.b.c") is None
    assert value_at({}, "a") is None
