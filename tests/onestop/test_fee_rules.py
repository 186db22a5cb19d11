"""Fees by rule: counted, multiplied, lower by channel or answers, exempted; explained, and checked."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dinh.kernel.money import format_dong
from dinh.onestop.public import (
    FeeOwed,
    fee_notes,
    fees_owed,
    problems_of_definition,
    procedures_shipped,
    total,
)
from dinh.onestop.rules.definition import Definition, read_definition
from tests.onestop.making import FORM, simple

PAGES = {"type": "integer", "minimum": 1, "maximum": 500, "ui": {"label": "Số trang"}}
FORM_WITH_NUMBERS: dict[str, Any] = {
    **FORM,
    "ui": {
        "pages": [
            {"key": "mot", "label": "Nội dung", "fields": ["ten", "loai", "xa", "so_trang", "so_ban"]},
        ]
    },
    "properties": {**FORM["properties"], "so_trang": PAGES, "so_ban": {**PAGES, "ui": {"label": "Số bản"}}},
}
FEE: dict[str, Any] = {"key": "phi", "name": "Phí", "kind": "phi", "amount": 2_000, "basis": "Nghị quyết"}
PER = {"field": "so_trang", "word": "trang"}


def definition(*fees: dict[str, Any], **more: Any) -> Definition:
    return read_definition(simple(fees=list(fees), form=FORM_WITH_NUMBERS, **more))


def owed(fee: dict[str, Any], data: dict[str, Any], **options: Any) -> FeeOwed:
    exemptions = options.pop("exemptions", [])
    (one,) = fees_owed(definition({**FEE, **fee}, exemptions=exemptions), data, **options)
    return one


@given(pages=st.integers(1, 500), copies=st.integers(1, 20))
def test_a_certified_copy_costs_each_page_less_from_the_third_and_never_more_than_the_most(pages, copies):
    """Law: TT 226/2016/TT-BTC Điều 4
    Screen: /nop-ho-so/<hồ sơ>/kiem-tra/
    """
    per = {**PER, "then_from": 3, "then": 1_000, "most": 200_000}
    fee = owed({"per": per, "copies": "so_ban"}, {"so_trang": pages, "so_ban": copies})
    by_hand = sum(2_000 if page <= 2 else 1_000 for page in range(1, pages + 1))
    assert fee.amount == fee.full == min(by_hand, 200_000) * copies


@given(count=st.integers(0, 50), free=st.integers(0, 5), price=st.integers(0, 10_000))
def test_the_first_units_may_be_free(count, free, price):
    fee = owed({"amount": price, "per": {**PER, "free": free}}, {"so_trang": count})
    assert fee.amount == max(count - free, 0) * price


@pytest.mark.parametrize("typed", [None, "", "ba", True, -2, float("nan"), float("inf"), {}])
def test_a_number_that_nobody_can_use_counts_as_one(typed):
    assert owed({"per": PER}, {"so_trang": typed}).amount == 2_000


@given(
    percent=st.integers(0, 100),
    less=st.integers(1, 5_000),
    channel=st.sampled_from(["online", "counter", "post"]),
    exempted=st.sampled_from(["", "ngheo", "nua"]),
)
def test_of_all_reliefs_the_largest_counts_alone_and_no_fee_is_negative(percent, less, channel, exempted):
    reductions = [{"name": "Trực tuyến", "less": less, "channel": "online"}]
    if percent:
        reductions.append({"name": "Mọi người", "percent": percent})
    exemptions = [
        {"key": "ngheo", "name": "Hộ nghèo", "proof": "Giấy"},
        {"key": "nua", "name": "Cận nghèo", "percent": 50, "proof": "Giấy"},
    ]
    fee = owed({"reductions": reductions}, {}, channel=channel, exemption=exempted, exemptions=exemptions)
    reliefs = [2_000 * percent // 100, {"": 0, "ngheo": 2_000, "nua": 1_000}[exempted]]
    if channel == "online":
        reliefs.append(min(less, 2_000))
    assert fee.amount == 2_000 - max(reliefs) >= 0
    assert fee.full == 2_000


def test_an_exemption_covers_the_fees_it_names():
    two = definition(
        FEE,
        {**FEE, "key": "khac", "amount": 500},
        exemptions=[{"key": "ngheo", "name": "Hộ nghèo", "proof": "Giấy", "fees": ["khac"]}],
    )
    assert [fee.amount for fee in fees_owed(two, {}, exemption="ngheo")] == [2_000, 0]
    assert [fee.amount for fee in fees_owed(two, {}, exemption="khong_co")] == [2_000, 500]


def test_the_reckoning_is_told_line_by_line():
    per = {**PER, "then_from": 3, "then": 1_000, "most": 200_000}
    reductions = [{"name": "Nộp trực tuyến", "percent": 10, "channel": "online"}]
    fee = owed(
        {"per": per, "copies": "so_ban", "reductions": reductions},
        {"so_trang": 5, "so_ban": 2},
        channel="online",
    )
    assert [str(line) for line in fee.lines] == [
        "2 trang × 2.000 đ.",
        "Từ trang thứ 3: 3 trang × 1.000 đ.",
        "Nhân với 2 bản: 14.000 đ.",
        "Giảm 1.400 đ: Nộp trực tuyến.",
    ]
    assert format_dong(fee.amount) == "12.600 đ"


def test_a_page_says_the_rule_before_any_answer():
    fee = definition(
        {**FEE, "per": {**PER, "then_from": 3, "then": 1_000, "most": 200_000}, "due": "filing"}
    ).fees[0]
    assert [str(note) for note in fee_notes(fee)] == [
        "tính cho một trang",
        "từ trang thứ 3: 1.000 đ",
        "không quá 200.000 đ",
        "nộp trước khi tiếp nhận hồ sơ",
    ]


FAULTY: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"amount": -1}, {}, "số tiền âm"),
    ({"per": {**PER, "field": "ten"}}, {}, "không phải là số"),
    ({"copies": "khong_co"}, {}, "không phải là số"),
    ({"per": {**PER, "then_from": 1}}, {}, "mức theo số lượng"),
    ({"per": {**PER, "free": 2, "then_from": 2}}, {}, "mức theo số lượng"),
    ({"per": {**PER, "most": -1}}, {}, "mức theo số lượng"),
    ({"reductions": [{"name": "Không gì cả"}]}, {}, "hoặc phần trăm"),
    ({"reductions": [{"name": "Cả hai", "percent": 5, "less": 5}]}, {}, "hoặc phần trăm"),
    ({"reductions": [{"name": "Quá nhiều", "percent": 101}]}, {}, "hoặc phần trăm"),
    (
        {"reductions": [{"name": "Bưu chính", "percent": 5, "channel": "post"}]},
        {"channels": ["online"]},
        "cách này",
    ),
    ({"reductions": [{"name": "Lạ", "percent": 5, "when": {"field": "la", "is": 1}}]}, {}, "không có trường"),
    ({}, {"exemptions": [{"key": "a", "name": "A", "proof": "G", "percent": 0}]}, "1 đến 100"),
    ({}, {"exemptions": [{"key": "a", "name": "A", "proof": " "}]}, "giấy tờ chứng minh"),
    ({}, {"exemptions": [{"key": "a", "name": "A", "proof": "G", "fees": ["la"]}]}, "khoản thu không có"),
    ({}, {"exemptions": [{"key": "a", "name": "A", "proof": "G"}] * 2}, "bị trùng"),
]


@pytest.mark.parametrize(("fee", "more", "fault"), FAULTY)
def test_a_faulty_rule_is_found_before_publication(fee, more, fault):
    problems = problems_of_definition(definition({**FEE, **fee}, **more))
    assert any(fault in problem for problem in problems), problems


def test_the_shipped_rules_cost_what_the_circulars_say():
    shipped = {
        path.stem: read_definition(yaml.safe_load(path.read_text(encoding="utf-8")))
        for path in procedures_shipped()
    }
    assert total(fees_owed(shipped["2.000488"], {"so_ban": 4})) == 210_000
    assert total(fees_owed(shipped["2.000488"], {"so_ban": 4}, exemption="ho_ngheo")) == 0
    assert total(fees_owed(shipped["1.002809"], {}, channel="online")) == 115_000
    assert total(fees_owed(shipped["1.002809"], {}, channel="counter")) == 135_000
    assert total(fees_owed(shipped["1.000894"], {"so_ban_sao": 3})) == 24_000
    assert total(fees_owed(shipped["2.000815"], {"so_trang": 500})) == 200_000
