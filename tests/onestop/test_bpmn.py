"""BPMN 2.0 out and in: what went out comes back the same, what harms is refused."""

import copy
import re
import time
import xml.etree.ElementTree as ET
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.ui.public import name_for
from dinh.onestop.queries.definitions import procedures_shipped
from dinh.onestop.rules.bpmn.names import BPMN, BPMNDI
from dinh.onestop.rules.bpmn.reading import DiagramUnreadable, DiagramUnsupported, read_bpmn
from dinh.onestop.rules.bpmn.writing import write_bpmn
from dinh.onestop.rules.graph import reachable
from tests.onestop.making import any_steps, of, simple, sound_steps


def back_again(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return read_bpmn(write_bpmn("Thủ tục", steps).encode(), name=name_for)


def normal(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Steps without what says nothing: a join that is none, no ways out."""
    found = []
    for step in copy.deepcopy(steps):
        if not step.get("joins"):
            step.pop("joins", None)
        found.append({"outcomes": [], **step})
    return found


@given(sound_steps())
def test_sound_steps_come_back_as_they_went_out(drawn: tuple[list[dict[str, Any]], frozenset[str]]) -> None:
    steps, _joins = drawn
    assert back_again(steps) == normal(steps)


@given(any_steps(), st.data())
def test_any_steps_come_back_with_their_conditions(steps: list[dict[str, Any]], data: Any) -> None:
    for step in steps:
        for outcome in step["outcomes"]:
            if data.draw(st.booleans()):
                outcome["when"] = {"field": "loai", "is": data.draw(st.text(max_size=5))}
    assert back_again(steps) == normal(steps)


@pytest.mark.parametrize("path", procedures_shipped(), ids=lambda path: path.stem)
def test_every_shipped_procedure_comes_back(path: Any) -> None:
    steps = yaml.safe_load(path.read_text())["steps"]
    assert back_again(steps) == normal(steps)


@pytest.mark.parametrize("path", procedures_shipped(), ids=lambda path: path.stem)
def test_without_our_own_elements_the_graph_is_still_the_same(path: Any) -> None:
    steps = yaml.safe_load(path.read_text())["steps"]
    plain = re.sub(r"<dinh:(step|outcome)>.*?</dinh:\1>", "", write_bpmn("x", steps), flags=re.DOTALL)
    read = read_bpmn(plain.encode(), name=name_for)
    number = {step["key"]: place for place, step in enumerate(steps)}
    keys = {step["key"]: place for place, step in enumerate(read)}
    for was, now in zip(normal(steps), read, strict=True):
        ways = [outcome for outcome in was["outcomes"] if outcome["to"]]
        assert [[number[to] for to in one["to"]] for one in ways] == [
            [keys[to] for to in one["to"]] for one in now["outcomes"] if one["to"]
        ]
        assert bool(was.get("joins")) == bool(now.get("joins"))
        assert now["role"] == ""
    definition = of([{**step, "role": "x"} for step in read])
    assert not any(step.key in reachable(definition, step.key) for step in definition.steps)


def test_every_node_and_flow_has_its_place_in_the_drawing() -> None:
    root = ET.fromstring(write_bpmn("x", simple()["steps"]))
    process = root.find(f"{{{BPMN}}}process")
    drawn = {one.get("bpmnElement") for one in root.iter() if one.tag.startswith(f"{{{BPMNDI}}}")}
    assert {one.get("id") for one in process} <= drawn
    places = [tuple(one.attrib.values()) for one in root.iter() if one.tag.endswith("Bounds")]
    assert len(set(places)) == len(places)


HEAD = f'<definitions xmlns="{BPMN}"><process id="p">'
TAIL = "</process></definitions>"
PLAIN = (
    '<startEvent id="s"/><task id="a" name="Nhận"/><task id="b" name="Làm"/><endEvent id="e"/>'
    '<sequenceFlow id="1" sourceRef="s" targetRef="a"/><sequenceFlow id="2" sourceRef="a" targetRef="b"/>'
    '<sequenceFlow id="3" sourceRef="b" targetRef="e"/>'
)


def test_a_diagram_of_another_tool_gives_steps_to_complete() -> None:
    steps = read_bpmn(f"{HEAD}{PLAIN}{TAIL}".encode(), name=name_for)
    assert [(step["key"], step["name"], step["kind"]) for step in steps] == [
        ("nhan", "Nhận", "receive"),
        ("lam", "Làm", "return"),
    ]
    assert steps[0]["outcomes"] == [{"label": "Chuyển tiếp", "to": ["lam"], "key": "chuyen_tiep"}]


@pytest.mark.parametrize(
    ("element", "said"),
    [
        ('<boundaryEvent id="x" name="Quá hạn"/>', "sự kiện gắn ở cạnh việc “Quá hạn”"),
        ('<subProcess id="x" name="Con"/>', "quy trình con “Con”"),
        ('<scriptTask id="x"><script>rm -rf /</script></scriptTask>', "việc chạy mã lệnh"),
        ('<task id="x" name="Lặp"><multiInstanceLoopCharacteristics/></task>', "việc lặp nhiều lần “Lặp”"),
        ('<eventBasedGateway id="x"/>', "cổng theo sự kiện"),
        ('<moonPhase id="x" name="Rằm"/>', "moonPhase “Rằm”"),
    ],
)
def test_what_the_steps_cannot_say_is_named_in_words(element: str, said: str) -> None:
    with pytest.raises(DiagramUnsupported) as refused:
        read_bpmn(f"{HEAD}{PLAIN}{element}{TAIL}".encode(), name=name_for)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe<",
        b"<definitions/>",
        f'<definitions xmlns="{BPMN}"/>'.encode(),
        f"{HEAD}{TAIL}".encode(),
        f"{HEAD}<a>".encode(),
        f'<!DOCTYPE d [<!ENTITY x "y">]>{HEAD}{PLAIN}{TAIL}'.encode(),
        f'<!DOCTYPE d SYSTEM "http://vidu.vn/d.dtd">{HEAD}{PLAIN}{TAIL}'.encode(),
        f'{HEAD}{PLAIN}<sequenceFlow id="9" sourceRef="a" targetRef="khong"/>{TAIL}'.encode(),
        f"{HEAD}{'<g>' * 40}{'</g>' * 40}{TAIL}".encode(),
        f"{HEAD}{'<g/>' * 6000}{TAIL}".encode(),
        b" " * (1024 * 1024 + 1),
        f'<?xml version="1.0" encoding="utf-16"?>{HEAD}{TAIL}'.encode(),
    ],
    ids=range(13),
)
def test_a_file_that_is_no_diagram_or_means_harm_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(DiagramUnreadable, match="Không đọc được sơ đồ"):
        read_bpmn(content, name=name_for)


def test_gateways_in_a_circle_end_at_once() -> None:
    loop = "".join(f'<parallelGateway id="g{n}"/>' for n in range(20))
    flows = "".join(
        f'<sequenceFlow id="f{n}{m}" sourceRef="g{n}" targetRef="g{m}"/>'
        for n in range(20)
        for m in range(20)
    )
    enter = '<sequenceFlow id="in" sourceRef="a" targetRef="g0"/>'
    began = time.thread_time()
    with pytest.raises(DiagramUnreadable, match="nối vòng"):
        read_bpmn(f"{HEAD}{PLAIN}{loop}{flows}{enter}{TAIL}".encode(), name=name_for)
    # What it took of the processor: of a million million ways in a circle none would end today.
    assert time.thread_time() - began < 5
