"""Writing the steps as BPMN 2.0 with diagram interchange, so that any BPMN tool draws them."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dinh.onestop.rules.bpmn.names import BPMN, BPMNDI, DC, DI, OWN

__all__ = ["write_bpmn"]

COLUMN, ROW, MARGIN = 190, 120, 60
SIZES = {"userTask": (140, 80), "startEvent": (36, 36), "endEvent": (36, 36)}
GATEWAY = (50, 50)


@dataclass(slots=True)
class _Node:
    id: str
    tag: str
    name: str = ""
    step: Mapping[str, Any] | None = None
    layer: int = 0
    row: int = 0

    @property
    def size(self) -> tuple[int, int]:
        return SIZES.get(self.tag, GATEWAY)

    @property
    def place(self) -> tuple[int, int]:
        width, height = self.size
        return MARGIN + self.layer * COLUMN + (140 - width) // 2, MARGIN + self.row * ROW + (80 - height) // 2


@dataclass(slots=True)
class _Flow:
    id: str
    source: str
    target: str
    name: str = ""
    outcome: Mapping[str, Any] | None = None
    back: bool = False


@dataclass(slots=True)
class _Graph:
    nodes: dict[str, _Node] = field(default_factory=dict)
    flows: list[_Flow] = field(default_factory=list)

    def node(self, id: str, tag: str, name: str = "", step: Mapping[str, Any] | None = None) -> str:
        self.nodes[id] = _Node(id, tag, name, step)
        return id

    def flow(
        self, source: str, target: str, outcome: Mapping[str, Any] | None = None, *, back: bool = False
    ) -> None:
        name = str(outcome["label"]) if outcome else ""
        self.flows.append(_Flow(f"Flow_{len(self.flows) + 1}", source, target, name, outcome, back))


def write_bpmn(name: str, steps: Sequence[Mapping[str, Any]]) -> str:
    """Return the diagram of steps (plain data of a definition) as an XML document.

    Ways that lead to no step of the list are left out: faulty drafts are drawn as far as they go.
    """
    graph = _graph(steps)
    _place(graph)
    ET.register_namespace("bpmn", BPMN)
    ET.register_namespace("bpmndi", BPMNDI)
    ET.register_namespace("dc", DC)
    ET.register_namespace("di", DI)
    ET.register_namespace("dinh", OWN)
    root = ET.Element(f"{{{BPMN}}}definitions", {"id": "Definitions_1", "targetNamespace": OWN})
    process = ET.SubElement(
        root, f"{{{BPMN}}}process", {"id": "Process_1", "name": _writable(name), "isExecutable": "false"}
    )
    for node in graph.nodes.values():
        _write_node(process, node, graph)
    for flow in graph.flows:
        _write_flow(process, flow)
    _write_diagram(root, graph)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _graph(steps: Sequence[Mapping[str, Any]]) -> _Graph:
    graph = _Graph()
    tasks: dict[str, str] = {}
    entries: dict[str, str] = {}
    for number, step in enumerate(steps, start=1):
        plain = re.sub(r"[^A-Za-z0-9_]", "_", str(step["key"]))
        task = f"Task_{number}_{plain}"
        tasks.setdefault(step["key"], task)
        if step.get("joins"):
            entries.setdefault(step["key"], graph.node(f"Join_{number}", "inclusiveGateway"))
        graph.node(task, "userTask", str(step["name"]), step)
        if step.get("joins"):
            graph.flow(f"Join_{number}", task)
        entries.setdefault(step["key"], task)
    first = next((step["key"] for step in steps if step["kind"] == "receive"), None)
    if first is not None:
        graph.flow(graph.node("Start_1", "startEvent"), entries[first])
    for number, step in enumerate(steps, start=1):
        _write_ways(graph, number, f"{tasks[step['key']]}", step, entries)
    return graph


def _write_ways(
    graph: _Graph, number: int, task: str, step: Mapping[str, Any], entries: Mapping[str, str]
) -> None:
    outcomes = step.get("outcomes", ())
    if not outcomes:
        graph.flow(task, graph.node(f"End_{number}", "endEvent"))
        return
    source = task
    if len(outcomes) > 1:
        source = graph.node(f"Choice_{number}", "exclusiveGateway")
        graph.flow(task, source)
    for place, outcome in enumerate(outcomes, start=1):
        to = [entries[key] for key in outcome["to"] if key in entries]
        back = bool(outcome.get("back"))
        if not to:
            graph.flow(source, graph.node(f"End_{number}_{place}", "endEvent"), outcome)
        elif len(to) == 1:
            graph.flow(source, to[0], outcome, back=back)
        else:
            fork = graph.node(f"Fork_{number}_{place}", "parallelGateway")
            graph.flow(source, fork, outcome)
            for target in to:
                graph.flow(fork, target, back=back)


def _place(graph: _Graph) -> None:
    """Columns by the longest way forward, rows in the order of the steps."""
    for _round in graph.nodes:
        moved = False
        for flow in graph.flows:
            here, there = graph.nodes[flow.source], graph.nodes[flow.target]
            if not flow.back and here.layer < len(graph.nodes) and there.layer <= here.layer:
                there.layer = here.layer + 1
                moved = True
        if not moved:
            break
    filled: dict[int, int] = {}
    for node in graph.nodes.values():
        node.row = filled.get(node.layer, 0)
        filled[node.layer] = node.row + 1


def _write_node(process: ET.Element, node: _Node, graph: _Graph) -> None:
    attributes = {"id": node.id, **({"name": _writable(node.name)} if node.name else {})}
    element = ET.SubElement(process, f"{{{BPMN}}}{node.tag}", attributes)
    if node.step is not None:
        kept = {key: value for key, value in node.step.items() if key not in ("outcomes", "joins")}
        _write_own(element, "step", kept)
    for flow in graph.flows:
        if flow.target == node.id:
            ET.SubElement(element, f"{{{BPMN}}}incoming").text = flow.id
    for flow in graph.flows:
        if flow.source == node.id:
            ET.SubElement(element, f"{{{BPMN}}}outgoing").text = flow.id


def _write_flow(process: ET.Element, flow: _Flow) -> None:
    attributes = {"id": flow.id, "sourceRef": flow.source, "targetRef": flow.target}
    if flow.name:
        attributes["name"] = _writable(flow.name)
    element = ET.SubElement(process, f"{{{BPMN}}}sequenceFlow", attributes)
    if flow.outcome is not None:
        _write_own(element, "outcome", {key: value for key, value in flow.outcome.items() if key != "to"})


def _writable(words: str) -> str:
    """Words without the characters that XML cannot hold."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", words)


def _write_own(element: ET.Element, tag: str, data: Mapping[str, Any]) -> None:
    extension = ET.SubElement(element, f"{{{BPMN}}}extensionElements")
    ET.SubElement(extension, f"{{{OWN}}}{tag}").text = json.dumps(data, sort_keys=True)


def _write_diagram(root: ET.Element, graph: _Graph) -> None:
    diagram = ET.SubElement(root, f"{{{BPMNDI}}}BPMNDiagram", {"id": "Diagram_1"})
    plane = ET.SubElement(diagram, f"{{{BPMNDI}}}BPMNPlane", {"id": "Plane_1", "bpmnElement": "Process_1"})
    for node in graph.nodes.values():
        shape = ET.SubElement(
            plane, f"{{{BPMNDI}}}BPMNShape", {"id": f"Shape_{node.id}", "bpmnElement": node.id}
        )
        (x, y), (width, height) = node.place, node.size
        bounds = {"x": x, "y": y, "width": width, "height": height}
        ET.SubElement(shape, f"{{{DC}}}Bounds", {key: str(value) for key, value in bounds.items()})
    lowest = MARGIN + (max((node.row for node in graph.nodes.values()), default=0) + 1) * ROW
    for number, flow in enumerate(graph.flows):
        edge = ET.SubElement(
            plane, f"{{{BPMNDI}}}BPMNEdge", {"id": f"Edge_{flow.id}", "bpmnElement": flow.id}
        )
        for x, y in _points(graph.nodes[flow.source], graph.nodes[flow.target], lowest + 12 * (number % 8)):
            ET.SubElement(edge, f"{{{DI}}}waypoint", {"x": str(x), "y": str(y)})


def _points(here: _Node, there: _Node, lane: int) -> list[tuple[int, int]]:
    """From right to left, straight or with one bend; what goes back passes below everything."""
    (x1, y1), (w1, h1) = here.place, here.size
    (x2, y2), (w2, h2) = there.place, there.size
    if there.layer > here.layer:
        start, end = (x1 + w1, y1 + h1 // 2), (x2, y2 + h2 // 2)
        middle = end[0] - (COLUMN - 140) // 2
        return [start, end] if start[1] == end[1] else [start, (middle, start[1]), (middle, end[1]), end]
    return [
        (x1 + w1 // 2, y1 + h1),
        (x1 + w1 // 2, lane),
        (x2 + w2 // 2, lane),
        (x2 + w2 // 2, y2 + h2),
    ]
