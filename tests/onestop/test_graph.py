"""The step graph: joins, ends, and that nothing can stand without an owner; without a database."""

import datetime as dt
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dinh.kernel.clocks import ClockEvent, Limit, read_clock
from dinh.kernel.profiles import get_profile
from dinh.kernel.worktime import VIETNAM, standard_calendar
from dinh.onestop.queries.definitions import procedures_shipped
from dinh.onestop.rules.definition import Definition, TimeLimit, read_definition
from dinh.onestop.rules.graph import (
    OutcomeUnknown,
    available_outcomes,
    check_graph,
    onward,
    outcome_of,
    reachable,
    steps_to_open,
    working_hours_of,
)
from dinh.onestop.rules.walks import check_walks
from tests.onestop.making import ENDING, RECEIVING, any_steps, back, of, plain, sound_steps, step

ENDS = ("return", "refuse")


class Walk:
    """One dossier's way through a definition, by the pure rules alone."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.open: list[str] = [definition.first_step.key]
        self.waiting: set[str] = set()
        self.opened: list[str] = list(self.open)
        self.ended = False

    def end(self, key: str, outcome: Any) -> None:
        """End an open step; check what must hold whenever steps open."""
        if self.definition.step(key).kind in ENDS:
            self.ended = True
            return
        self.open.remove(key)
        self.waiting |= {to for to in outcome.to if self.definition.step(to).joins}
        opening = steps_to_open(
            self.definition, outcome.to, open_steps=self.open, waiting=sorted(self.waiting)
        )
        self.open += opening
        self.opened += opening
        self.waiting -= set(opening)
        assert len(set(self.open)) == len(self.open), "a step is open twice"
        for join in self.waiting:
            others = {*self.open, *self.waiting} - {join}
            assert join in self.open or any(join in reachable(self.definition, other) for other in others)
        for key in opening:
            if self.definition.step(key).joins:
                others = {*self.open, *self.waiting} - {key}
                assert not any(key in reachable(self.definition, other) for other in others)


def walk_to_the_end(definition: Definition, data: Any, *, returns: int) -> Walk:
    """Take a random way; go back at most ``returns`` times. Fails when the way does not end."""
    walk = Walk(definition)
    most = (returns + 1) * (len(definition.steps) + 1) * 3
    for _ in range(most):
        key = data.draw(st.sampled_from(walk.open))
        outcomes = definition.step(key).outcomes
        forward = [outcome for outcome in outcomes if not outcome.back]
        outcome = data.draw(st.sampled_from(outcomes if returns else forward)) if outcomes else None
        returns -= bool(outcome and outcome.back)
        walk.end(key, outcome)
        if walk.ended:
            return walk
        assert walk.open, "nothing is open and the dossier has not ended"
    raise AssertionError("the way has no end")


@given(sound_steps())
@settings(max_examples=60, deadline=None)
def test_a_sound_procedure_is_found_sound(drawn):
    definition = of(drawn[0])
    assert list(check_graph(definition)) == []
    faults = [fault.message for fault in check_walks(definition)]
    # What is too branched to be walked is refused as such; that is no fault of the walk.
    assume(not any(message.startswith("Quy trình có quá nhiều nhánh") for message in faults))
    assert faults == []


@given(drawn=sound_steps(), data=st.data())
@settings(max_examples=100, deadline=None)
def test_a_join_opens_exactly_once_whatever_the_order(drawn, data):
    steps, joins = drawn
    walk = walk_to_the_end(of(steps), data, returns=0)
    assert walk.open == ["tra"]
    assert not walk.waiting
    for join in joins & set(walk.opened):
        assert walk.opened.count(join) == 1


@given(drawn=sound_steps(), data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_sound_procedure_ends_also_when_steps_are_returned(drawn, data):
    walk = walk_to_the_end(of(drawn[0]), data, returns=3)
    assert walk.open == ["tra"]
    assert not walk.waiting


@given(steps=any_steps(), data=st.data())
@settings(max_examples=200, deadline=None)
def test_what_may_be_published_never_stands_without_an_owner(steps, data):
    definition = of(steps)
    if list(check_graph(definition)) or list(check_walks(definition)):
        return
    walk = walk_to_the_end(definition, data, returns=3)
    assert walk.open == ["tra"] or definition.step(walk.opened[-1]).kind == "refuse" or walk.ended


@pytest.mark.parametrize("path", procedures_shipped(), ids=lambda path: path.stem)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_every_shipped_procedure_ends(path, data):
    definition = read_definition(yaml.safe_load(path.read_text()))
    walk = walk_to_the_end(definition, data, returns=3)
    assert walk.ended


def branches(*middle: dict[str, Any]) -> Definition:
    """Two branches, A and B, that meet in a join."""
    return of(
        [
            step("nhan", "receive", "a+b", **RECEIVING),
            *middle,
            step("gop", "handle", "ky", joins=True),
            *ENDING,
        ]
    )


def test_a_join_waits_for_the_other_branch():
    definition = branches(step("a", "handle", "gop"), step("b", "consult", "gop"))
    assert steps_to_open(definition, ["gop"], open_steps=["b"], waiting=[]) == ()
    assert steps_to_open(definition, ["gop"], open_steps=[], waiting=["gop"]) == ("gop",)


def test_a_join_opens_when_the_last_branch_ends_for_itself():
    definition = branches(step("a", "handle", "gop"), step("b", "consult", "gop", ""))
    assert steps_to_open(definition, [], open_steps=[], waiting=["gop"]) == ("gop",)
    assert list(check_walks(definition)) == []


def test_of_two_joins_the_earlier_opens_first():
    steps = [
        step("nhan", "receive", "a+b", **RECEIVING),
        step("a", "handle", "mot+hai"),
        step("b", "handle", "mot"),
        step("mot", "handle", "hai", joins=True),
        step("hai", "handle", "ky", joins=True),
        *ENDING,
    ]
    definition = of(steps)
    assert steps_to_open(definition, ["mot", "hai"], open_steps=["b"], waiting=[]) == ()
    assert steps_to_open(definition, ["mot"], open_steps=[], waiting=["mot", "hai"]) == ("mot",)
    assert steps_to_open(definition, ["hai"], open_steps=[], waiting=["hai"]) == ("hai",)


def test_a_join_named_beside_a_step_that_leads_to_it_waits():
    definition = branches(step("a", "handle", "gop+b"), step("b", "consult", "gop"))
    assert steps_to_open(definition, ["gop", "b"], open_steps=[], waiting=[]) == ("b",)


def test_a_step_that_is_open_does_not_open_again():
    definition = branches(step("a", "handle", "gop"), step("b", "consult", "gop"))
    assert steps_to_open(definition, ["a", "b", "b"], open_steps=["a"], waiting=[]) == ("b",)


def test_an_outcome_is_offered_only_when_its_condition_holds():
    quick = {"key": "nhanh", "label": "Nhanh", "to": ["ky"], "when": {"field": "loai", "is": "nhanh"}}
    definition = of(
        [step("nhan", "receive", "a", **RECEIVING), step("a", "handle", quick, "ky", back("a")), *ENDING]
    )
    a = definition.step("a")
    assert [one.key for one in available_outcomes(a, {})] == ["h1", "tra_lai"]
    assert onward(a, {}).key == "h1"
    assert onward(a, {"loai": "nhanh"}).key == "nhanh"
    assert outcome_of(a, "nhanh", {"loai": "nhanh"}).to == ("ky",)
    with pytest.raises(OutcomeUnknown):
        outcome_of(a, "nhanh", {"loai": "thuong"})
    with pytest.raises(OutcomeUnknown):
        outcome_of(a, "khong_co", {})


NHAN = step("nhan", "receive", "a", **RECEIVING)
A = step("a", "handle", "ky")
KY, PHAT_HANH, TRA = ENDING
FAULTS = [
    ([NHAN, A, A, *ENDING], "trùng"),
    ([A, *ENDING], "đúng một bước tiếp nhận"),
    ([NHAN, step("nhan2", "receive", "a"), A, *ENDING], "đúng một bước tiếp nhận"),
    ([NHAN, step("a", "handle", "khong_co"), *ENDING], "không tồn tại: khong_co"),
    ([NHAN, {**A, "hours": 0}, *ENDING], "số giờ lớn hơn 0"),
    ([NHAN, {**A, "same_person": "khong_co"}, *ENDING], "người của bước không tồn tại"),
    ([NHAN, {**A, "outcomes": [*A["outcomes"], *A["outcomes"]]}, *ENDING], "hai hướng xử lý trùng mã"),
    ([NHAN, step("a", "handle"), *ENDING], "ngõ cụt"),
    (
        [
            NHAN,
            {
                **A,
                "outcomes": [
                    {"key": "x", "label": "X", "to": ["ky"], "when": {"field": "loai", "is": "nhanh"}}
                ],
            },
            *ENDING,
        ],
        "có thể kẹt",
    ),
    (
        [
            NHAN,
            {
                **A,
                "outcomes": [
                    {"key": "x", "label": "X", "to": ["ky"], "when": {"field": "loai", "is": "nhanh"}},
                    back("a"),
                ],
            },
            *ENDING,
        ],
        "có thể kẹt",
    ),
    ([NHAN, A, step("lac", "handle", "ky"), *ENDING], "Không có đường nào tới"),
    ([NHAN, step("a", "handle", "b", "ky"), step("b", "handle", "a"), *ENDING], "vòng lặp"),
    ([NHAN, step("a", "handle", "ky", "b"), step("b", "handle", back("a")), *ENDING], "không tới được"),
    ([NHAN, step("a", "handle", "b"), step("b", "refuse")], "không có bước trả kết quả"),
    ([NHAN, {**A, "hours": 241}, *ENDING], "vượt thời hạn"),
]
WALK_FAULTS = [
    ([NHAN, step("a", "handle", "ky", ""), *ENDING], "không còn bước nào mở"),
    ([NHAN, step("a", "consult", "ky"), *ENDING], "chưa bước xử lý nào lập dự thảo"),
    ([NHAN, step("a", "handle", "ky", "phat_hanh"), *ENDING], "kết quả chưa ký"),
    ([NHAN, step("a", "handle", "ky", "tra"), *ENDING], "kết quả chưa phát hành"),
    ([NHAN, step("a", "handle", "ky"), step("ky", "sign", "ky2"), step("ky2", "sign", "phat_hanh"),
      PHAT_HANH, TRA], "chỉ ký một lần"),
    ([NHAN, step("a", "handle", "ky"), KY, step("phat_hanh", "issue", "p2"), step("p2", "issue", "tra"), TRA],
     "khi kết quả đã phát hành"),
    ([NHAN, step("a", "handle", "b+ky"), step("b", "consult", "", "c"), step("c", "refuse"),
      *ENDING], "nhánh khác chưa xong"),
    ([NHAN, step("a", "handle", "b+ky"), step("b", "consult", "", "c"), step("c", "refuse"),
      *ENDING], "còn mở khi kết quả đã"),
    ([NHAN, A, KY, step("phat_hanh", "issue", "tra", "huy"), step("huy", "refuse"), TRA],
     "Bước từ chối"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("steps", "words"), FAULTS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_fault_of_the_graph_is_named(steps, words):
    assert any(words in str(sentence) for sentence in check_graph(of(steps)))


@pytest.mark.parametrize(
    ("steps", "words"), WALK_FAULTS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_fault_met_on_some_way_is_named(steps, words):
    definition = of(steps)
    assert list(check_graph(definition)) == []
    assert any(words in str(sentence) for sentence in check_walks(definition))


def test_too_many_parallel_branches_are_refused_and_not_walked_for_ever():
    names = [f"n{number}" for number in range(16)]
    steps = [
        step("nhan", "receive", "+".join(names), **RECEIVING),
        *(step(name, "consult", "gop") for name in names),
        step("gop", "handle", "ky", joins=True),
        *ENDING,
    ]
    assert any("quá nhiều nhánh" in str(sentence) for sentence in check_walks(of(steps)))


@pytest.mark.parametrize(
    ("limit", "hours", "is_fault"),
    [
        ({"amount": 1, "unit": "same_day"}, 8, False),
        ({"amount": 1, "unit": "same_day"}, 9, True),
        ({"amount": 24, "unit": "hours"}, 24, False),
        ({"amount": 24, "unit": "hours"}, 25, True),
        ({"amount": 3, "unit": "working_days"}, 24, False),
        ({"amount": 3, "unit": "working_days"}, 25, True),
        ({"amount": 1, "unit": "calendar_days"}, 8, False),
        ({"amount": 1, "unit": "calendar_days"}, 9, True),
        ({"amount": 10, "unit": "calendar_days"}, 48, False),
        ({"amount": 10, "unit": "calendar_days"}, 49, True),
        ({"amount": 5, "unit": "working_days", "online": 3}, 24, False),
        ({"amount": 5, "unit": "working_days", "online": 3}, 25, True),
    ],
)
def test_the_steps_hours_stay_inside_the_limit_of_the_law(limit, hours, is_fault):
    """The hours of steps never extend the limit, nor the shorter one of dossiers that come online."""
    steps = [
        NHAN,
        {**A, "hours": hours / 2},
        {**KY, "hours": hours / 4},
        {**PHAT_HANH, "hours": hours / 4},
        TRA,
    ]
    definition = read_definition(plain(steps, time_limit=limit))
    assert any("vượt thời hạn" in str(sentence) for sentence in check_graph(definition)) is is_fault


@given(
    amount=st.integers(1, 90),
    start=st.dates(dt.date(2026, 11, 1), dt.date(2027, 1, 20)),
    hour=st.integers(0, 23),
)
def test_calendar_days_hold_at_least_the_hours_that_steps_may_have(amount, start, hour):
    """Whenever it is accepted, the steps' hours fit before the due moment of a limit in calendar days."""
    calendar = standard_calendar()
    at = dt.datetime.combine(start, dt.time(hour), VIETNAM)
    policy = get_profile("VN2022").one_stop.clock_policy("calendar_days")
    limit = Limit.of(amount, "calendar_days")
    reading = read_clock(
        [ClockEvent(kind="started", at=at)], limit=limit, calendar=calendar, policy=policy, now=at
    )
    hours = working_hours_of(TimeLimit(amount=amount, unit="calendar_days"))
    assert calendar.working_time_between(at, reading.due_at) >= dt.timedelta(hours=hours)
