"""Where the boxes and ways of a procedure's diagram stand. Pure: a template draws them as SVG."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Box", "Flow", "FlowStep", "Way", "draw_flow"]

WIDTH, HEIGHT = 232, 64
GAP_X, GAP_Y = 36, 44
MARGIN, LANE = 24, 16
LETTERS, LINES = 30, 2


@dataclass(frozen=True, slots=True)
class FlowStep:
    """A step to draw: ``ways`` are ``(key of the next step, label, whether it goes back)``."""

    key: str
    name: str
    note: str
    ways: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A step's box; ``lines`` are its name, wrapped."""

    x: int
    y: int
    lines: tuple[str, ...]
    note: str
    is_end: bool


@dataclass(frozen=True, slots=True)
class Way:
    """A way from box to box as the path of an SVG, ending in a tip at ``(tip_x, tip_y)``."""

    path: str
    label: str
    back: bool
    tip: str


@dataclass(frozen=True, slots=True)
class Flow:
    width: int
    height: int
    boxes: tuple[Box, ...]
    ways: tuple[Way, ...]


def draw_flow(steps: Sequence[FlowStep]) -> Flow:
    """Place steps in layers from top to bottom, each below all that lead to it.

    Ways to the next layer go straight, ways over several layers pass on the right, ways back on the
    left. A faulty graph (loops, missing steps) is drawn as far as it goes: drafts are looked at, too.
    """
    layers = _layers(steps)
    by_layer: dict[int, list[FlowStep]] = {}
    for step in steps:
        by_layer.setdefault(layers[step.key], []).append(step)
    lanes_left = sum(1 for step in steps for _to, _label, back in step.ways if back)
    lanes_right = sum(1 for step in steps for to, _label, back in step.ways if not back and to in layers)
    widest = max((len(row) for row in by_layer.values()), default=1)
    left = MARGIN + lanes_left * LANE
    inner = widest * WIDTH + (widest - 1) * GAP_X
    places = {}
    for layer, row in by_layer.items():
        start = left + (inner - len(row) * WIDTH - (len(row) - 1) * GAP_X) // 2
        for number, step in enumerate(row):
            places[step.key] = (start + number * (WIDTH + GAP_X), MARGIN + layer * (HEIGHT + GAP_Y))
    ways, used_right = _ways(steps, layers, places, left=left, right=left + inner)
    height = 2 * MARGIN + (max(by_layer, default=0) + 1) * (HEIGHT + GAP_Y) - GAP_Y
    width = left + inner + MARGIN + min(used_right, lanes_right) * LANE
    return Flow(width, height, tuple(_box(step, places[step.key]) for step in steps), ways)


def _layers(steps: Sequence[FlowStep]) -> dict[str, int]:
    """The longest way to each step, counted forward; a loop stops at the number of steps."""
    layers = {step.key: 0 for step in steps}
    for _round in steps:
        moved = False
        for step in steps:
            for to, _label, back in step.ways:
                if back or to not in layers or layers[to] > layers[step.key]:
                    continue
                if layers[step.key] + 1 < len(steps):
                    layers[to] = layers[step.key] + 1
                    moved = True
        if not moved:
            break
    return layers


def _box(step: FlowStep, place: tuple[int, int]) -> Box:
    lines = textwrap.wrap(step.name, LETTERS, max_lines=LINES, placeholder=" …")
    return Box(place[0], place[1], tuple(lines), step.note, is_end=not step.ways)


def _ways(
    steps: Sequence[FlowStep],
    layers: dict[str, int],
    places: dict[str, tuple[int, int]],
    *,
    left: int,
    right: int,
) -> tuple[tuple[Way, ...], int]:
    ways = []
    used = {"left": 0, "right": 0}
    for step in steps:
        for to, label, back in step.ways:
            if to not in places:
                continue
            here, there = places[step.key], places[to]
            if not back and layers[to] == layers[step.key] + 1:
                ways.append(_straight(here, there, label))
                continue
            side = "left" if back else "right"
            used[side] += 1
            lane = left - used[side] * LANE if back else right + used[side] * LANE
            ways.append(_around(here, there, label, lane=lane, back=back))
    return tuple(ways), used["right"]


def _straight(here: tuple[int, int], there: tuple[int, int], label: str) -> Way:
    x1, y1 = here[0] + WIDTH // 2, here[1] + HEIGHT
    x2, y2 = there[0] + WIDTH // 2, there[1] - 6
    middle = (y1 + y2) // 2
    path = f"M{x1} {y1}C{x1} {middle} {x2} {middle} {x2} {y2}"
    return Way(path, label, back=False, tip=f"M{x2 - 5} {y2 - 2}h10l-5 8z")


def _around(here: tuple[int, int], there: tuple[int, int], label: str, *, lane: int, back: bool) -> Way:
    y1, y2 = here[1] + HEIGHT // 2 + 8, there[1] + HEIGHT // 2 - 8
    x1 = here[0] if back else here[0] + WIDTH
    x2 = there[0] - 6 if back else there[0] + WIDTH + 6
    tip = f"M{x2 - 2} {y2 - 5}v10l8 -5z" if back else f"M{x2 + 2} {y2 - 5}v10l-8 -5z"
    return Way(f"M{x1} {y1}H{lane}V{y2}H{x2}", label, back, tip)
