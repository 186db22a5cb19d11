"""Reading steps out of a BPMN 2.0 file that somebody else may have drawn, or written to harm.

No document type, no entities; bounds on size, depth and number of elements. What the steps cannot say is
named in words and refuses the file as a whole: half a way would be a wrong way.
"""

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from dinh.kernel.errors import N_, Refused
from dinh.kernel.sentences import Sentence, say
from dinh.onestop.rules.bpmn.names import BPMN, IGNORED, OWN, TASKS, WORDS

__all__ = ["DiagramUnreadable", "DiagramUnsupported", "read_bpmn"]

MOST_BYTES = 1024 * 1024
MOST_ELEMENTS = 5_000
DEEPEST = 30
MOST_STEPS = 60
MOST_TARGETS = 60
ONWARD = N_("Chuyển tiếp")
_GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway"})
_EVENTS = frozenset({"startEvent", "endEvent"})
Namer = Callable[[str, Collection[str]], str]


class DiagramUnreadable(Refused):
    message = N_("Không đọc được sơ đồ: %(problem)s Hãy sửa tệp rồi tải lên lại.")

    def __init__(self, problem: Sentence) -> None:
        super().__init__(problem=problem, field="diagram")


class DiagramUnsupported(Refused):
    message = N_("Sơ đồ có thành phần mà quy trình một cửa không diễn tả được: %(names)s. Hãy vẽ lại chỗ đó.")


@dataclass(slots=True)
class _Flow:
    source: str
    target: str
    name: str
    outcome: dict[str, Any] | None


@dataclass(slots=True)
class _Diagram:
    """The flow nodes of the one process: tag and element by identifier, flows by their source, in order."""

    nodes: dict[str, tuple[str, ET.Element]] = field(default_factory=dict)
    leaving: dict[str, list[_Flow]] = field(default_factory=dict)
    unsupported: dict[Sentence, None] = field(default_factory=dict)

    def cannot(self, what: str, name: str = "") -> None:
        words = WORDS.get(what, what)
        found = say(N_("%(what)s “%(name)s”"), what=say(words), name=name) if name else say(words)
        self.unsupported[found] = None


def read_bpmn(content: bytes, *, name: Namer) -> list[dict[str, Any]]:
    """Return the steps that a diagram describes, as a definition's plain data.

    ``name`` makes keys out of words. A diagram of another tool says nothing about roles, units and hours:
    its steps come without a role, at the competent agency, with 8 hours, for the editor to complete.
    Raises ``DiagramUnreadable``, ``DiagramUnsupported``.
    """
    diagram = _diagram(_parse(content))
    starts = [key for key, (tag, _element) in diagram.nodes.items() if tag == "startEvent"]
    if len(starts) != 1:
        raise DiagramUnreadable(say(N_("cần đúng một sự kiện bắt đầu.")))
    steps = _Steps(diagram, name).read(starts[0])
    if diagram.unsupported:
        raise DiagramUnsupported(names=_joined(list(diagram.unsupported)), field="diagram")
    return steps


def _joined(names: list[Sentence]) -> Sentence:
    first, *rest = names[:12]
    for other in rest:
        first = say("%(one)s; %(other)s", one=first, other=other)
    return first


def _parse(content: bytes) -> ET.Element:
    if len(content) > MOST_BYTES:
        raise DiagramUnreadable(say(N_("tệp lớn hơn 1 MB.")))
    builder = ET.TreeBuilder()  # only builds the tree: expat reads, and refuses what a document type declares
    parser = expat.ParserCreate("utf-8", "}")
    parser.buffer_text = True
    count = depth = 0

    def refuse(*_arguments: object) -> None:
        raise DiagramUnreadable(say(N_("tệp khai báo kiểu tài liệu hoặc thực thể, không nhận vì an toàn.")))

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal count, depth
        count, depth = count + 1, depth + 1
        if count > MOST_ELEMENTS or depth > DEEPEST:
            raise DiagramUnreadable(say(N_("tệp có quá nhiều phần tử hoặc lồng quá sâu.")))
        builder.start(f"{{{tag}" if "}" in tag else tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(f"{{{tag}" if "}" in tag else tag)

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(content.decode("utf-8-sig").encode(), True)
        return builder.close()
    except (expat.ExpatError, UnicodeDecodeError, AssertionError) as error:
        line = getattr(error, "lineno", 0)
        raise DiagramUnreadable(say(N_("tệp không phải XML hợp lệ (dòng %(line)s)."), line=line)) from error


def _local(tag: str) -> str:
    return tag.removeprefix(f"{{{BPMN}}}")


def _diagram(root: ET.Element) -> _Diagram:
    if root.tag != f"{{{BPMN}}}definitions":
        raise DiagramUnreadable(say(N_("tệp không phải sơ đồ BPMN 2.0.")))
    processes = [one for one in root.findall(f"{{{BPMN}}}process") if len(one)]
    if not processes:
        raise DiagramUnreadable(say(N_("tệp không có quy trình nào.")))
    diagram = _Diagram()
    for other in processes[1:]:
        diagram.cannot("secondProcess", other.get("name", ""))
    flows = []
    for element in processes[0]:
        tag = _local(element.tag)
        if tag == "sequenceFlow":
            flows.append(element)
        elif tag in TASKS | _GATEWAYS | _EVENTS:
            diagram.nodes[element.get("id", "")] = (tag, element)
            for inner in element:
                if _local(inner.tag) in WORDS:
                    diagram.cannot(_local(inner.tag), element.get("name", ""))
        elif tag not in IGNORED and "}" not in tag:
            diagram.cannot(tag, element.get("name", ""))
    for element in flows:
        _add_flow(diagram, element)
    return diagram


def _add_flow(diagram: _Diagram, element: ET.Element) -> None:
    source, target = element.get("sourceRef", ""), element.get("targetRef", "")
    if source not in diagram.nodes or target not in diagram.nodes:
        if diagram.unsupported:
            return  # it hangs on something that is named already
        raise DiagramUnreadable(say(N_("có đường nối không gắn với việc nào.")))
    outcome = _own(element, "outcome")
    if outcome is None and element.find(f"{{{BPMN}}}conditionExpression") is not None:
        diagram.cannot("conditionExpression", element.get("name", ""))
    flow = _Flow(source, target, element.get("name", ""), outcome)
    diagram.leaving.setdefault(source, []).append(flow)


def _own(element: ET.Element, tag: str) -> dict[str, Any] | None:
    """What we wrote into an element ourselves; anything else is as if it were not there."""
    found = element.find(f"{{{BPMN}}}extensionElements/{{{OWN}}}{tag}")
    if found is None or not found.text:
        return None
    try:
        data = json.loads(found.text)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


@dataclass(slots=True)
class _Steps:
    """The steps of a diagram while they are read."""

    diagram: _Diagram
    name: Namer
    keys: dict[str, str] = field(default_factory=dict)
    joins: set[str] = field(default_factory=set)

    def read(self, start: str) -> list[dict[str, Any]]:
        tasks = [key for key, (tag, _element) in self.diagram.nodes.items() if tag in TASKS]
        if not tasks or len(tasks) > MOST_STEPS:
            raise DiagramUnreadable(say(N_("cần từ một đến %(most)s việc."), most=MOST_STEPS))
        kept = {task: _own(self.diagram.nodes[task][1], "step") for task in tasks}
        for task in tasks:
            own = (kept[task] or {}).get("key")
            taken = set(self.keys.values())
            usable = isinstance(own, str) and own and own not in taken
            self.keys[task] = str(own) if usable else self.name(self._words(task), taken)
        for node, (tag, _element) in self.diagram.nodes.items():
            if (
                tag in ("parallelGateway", "inclusiveGateway")
                and len(self.diagram.leaving.get(node, ())) == 1
            ):
                self.joins.update(self._targets(node))
        first = [key for flow in self.diagram.leaving.get(start, ()) for key in self._targets(flow.target)]
        steps = [self._step(task, kept[task], is_first=self.keys[task] in first) for task in tasks]
        for step in steps:
            if step["key"] in self.joins:
                step["joins"] = True
        if any(own is None for own in kept.values()):
            _mark_returns(steps, first)
        return steps

    def _words(self, task: str) -> str:
        return _line(self.diagram.nodes[task][1].get("name", "")) or task[:60]

    def _step(self, task: str, own: dict[str, Any] | None, *, is_first: bool) -> dict[str, Any]:
        outcomes = [outcome for flow in self._ways(task) if (outcome := self._outcome(flow, own is not None))]
        step: dict[str, Any] = own or {
            "kind": "receive" if is_first else "handle" if outcomes else "return",
            "role": "",
            "unit": {"where": "agency"},
            "hours": 8,
        }
        step |= {"key": self.keys[task], "outcomes": _named(outcomes, self.name)}
        if _line(str(step.get("name", ""))) != self._words(task):
            step["name"] = self._words(task)
        return step

    def _ways(self, task: str) -> Iterator[list[_Flow]]:
        """The ways out of a task, each as the flows that it takes at once."""
        leaving = self.diagram.leaving.get(task, [])
        if len(leaving) > 1:
            yield leaving
            return
        for flow in leaving:
            yield from self._split(flow, depth=0)

    def _split(self, flow: _Flow, *, depth: int) -> Iterator[list[_Flow]]:
        tag, _element = self.diagram.nodes[flow.target]
        onward = self.diagram.leaving.get(flow.target, [])
        if tag != "exclusiveGateway" or len(onward) < 2 or depth > DEEPEST:
            yield [flow]
            return
        for one in onward:
            yield from self._split(one, depth=depth + 1)

    def _outcome(self, flows: list[_Flow], is_own: bool) -> dict[str, Any] | None:
        first = flows[0]
        to = [key for flow in flows for key in self._targets(flow.target)]
        tag = self.diagram.nodes[first.target][0]
        if not to and len(flows) == 1 and first.outcome is None and tag == "endEvent":
            return None  # the step ends the dossier
        outcome = dict(first.outcome or {})
        if _line(str(outcome.get("label", ""))) != _line(first.name):
            outcome["label"] = _line(first.name)
        outcome["label"] = outcome.get("label") or ONWARD
        outcome["to"] = to[:MOST_TARGETS]
        return outcome

    def _targets(self, node: str, depth: int = 0) -> list[str]:
        """The steps that open behind a node: through merges and forks, up to the next tasks."""
        tag, element = self.diagram.nodes[node]
        if tag in TASKS:
            return [self.keys[node]]
        if tag == "endEvent":
            return []
        if depth > DEEPEST or tag == "startEvent":
            raise DiagramUnreadable(say(N_("các cổng nối vòng vào nhau.")))
        onward = self.diagram.leaving.get(node, [])
        if tag == "exclusiveGateway" and len(onward) > 1:
            self.diagram.cannot("splitInFork", element.get("name", ""))
            return []
        if tag == "inclusiveGateway" and len(onward) > 1:
            self.diagram.cannot("inclusiveSplit", element.get("name", ""))
            return []
        found: list[str] = []
        for flow in onward:
            found += self._targets(flow.target, depth + 1)
            if len(found) > MOST_TARGETS:
                raise DiagramUnreadable(say(N_("các cổng nối vòng vào nhau.")))
        return found


def _line(words: str) -> str:
    """Words as a tool writes them, on one line."""
    return " ".join(words.split())[:200]


def _named(outcomes: list[dict[str, Any]], name: Namer) -> list[dict[str, Any]]:
    taken: set[str] = set()
    for outcome in outcomes:
        own = outcome.get("key")
        usable = isinstance(own, str) and own and own not in taken
        outcome["key"] = own if usable else name(outcome["label"], taken)
        taken.add(str(outcome["key"]))
    return outcomes


def _mark_returns(steps: list[dict[str, Any]], first: list[str]) -> None:
    """Mark ways that lead back to where they came from: a foreign diagram only draws them."""
    by_key: Mapping[str, dict[str, Any]] = {step["key"]: step for step in steps}
    done: set[str] = set()

    def walk(key: str, above: tuple[str, ...]) -> None:
        if key in done:
            return
        for outcome in by_key[key]["outcomes"]:
            for to in outcome["to"]:
                if to in (*above, key):
                    outcome["back"] = True
                elif to not in done:
                    walk(to, (*above, key))
        done.add(key)

    for key in first:
        walk(key, ())
