"""Where the marks of a chart stand. Pure: templates draw them as SVG, with the figures in a table behind."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any

__all__ = ["Columns", "Line", "columns_of", "line_of", "stacked"]

WIDTH, HEIGHT = 480, 220
LEFT, RIGHT, TOP, BOTTOM = 46, 470, 16, 186
MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Mark:
    """A dot or the head of a column: its place, its caption, its value, where it leads."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: Any
    address: str
    tone: str
    shows_label: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line over time: ``paths`` are its unbroken stretches, ``grid`` pairs of height and share."""

    paths: tuple[str, ...]
    marks: tuple[Mark, ...]
    grid: tuple[tuple[float, float], ...]
    target_y: float | None


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns side by side, from a base at ``BOTTOM``."""

    marks: tuple[Mark, ...]
    base: float


def line_of(points: Sequence[Mapping[str, Any]], target: float | None = None) -> Line:
    """Place shares between 0 and 1 over time; a value of None leaves a gap.

    A point is ``{label, value, address?}``. The axis ends at 100 % and starts at the ten percent below the
    lowest value, so that a change of two percent can be seen.
    """
    values = [point["value"] for point in points if point["value"] is not None]
    lowest: float = min([*values, 0.9 if target is None else target, 0.9])
    low = max(0.0, floor(lowest * 10 - 1e-9) / 10)
    step = (RIGHT - LEFT) / max(len(points) - 1, 1)

    def height_of(share: float) -> float:
        return round(BOTTOM - (share - low) / (1 - low) * (BOTTOM - TOP), 1)

    labelled = _labelled(len(points))
    marks = tuple(
        Mark(
            x=round(LEFT + number * step, 1),
            y=BOTTOM if point["value"] is None else height_of(point["value"]),
            width=0,
            height=0,
            label=point["label"],
            value=point["value"],
            address=point.get("address", ""),
            tone=point.get("tone", ""),
            shows_label=number in labelled,
        )
        for number, point in enumerate(points)
    )
    shares = [low + (1 - low) * part / 4 for part in range(5)]
    grid = tuple((height_of(share), share) for share in shares)
    return Line(_stretches(marks), marks, grid, None if target is None else height_of(target))


def _stretches(marks: Iterable[Mark]) -> tuple[str, ...]:
    paths: list[list[str]] = [[]]
    for mark in marks:
        if mark.value is None:
            paths.append([])
            continue
        paths[-1].append(f"{'L' if paths[-1] else 'M'}{mark.x} {mark.y}")
    return tuple(" ".join(path) for path in paths if path)


def _labelled(count: int) -> set[int]:
    if count <= MOST_TICKS:
        return set(range(count))
    # As far apart as each other, counted from the last, which is the one looked for.
    apart = -(-(count - 1) // (MOST_TICKS - 1))
    return set(range(count - 1, -1, -apart))


def columns_of(rows: Sequence[Mapping[str, Any]]) -> Columns:
    """Place counts as columns; a row is ``{label, value, tone?, address?}``. The tallest fills the height."""
    tallest = max([row["value"] for row in rows], default=0) or 1
    slot = (RIGHT - LEFT + 36) / max(len(rows), 1)
    width = round(min(slot * 0.62, 72), 1)
    top = TOP + 12
    marks = []
    for number, row in enumerate(rows):
        height = round(row["value"] / tallest * (BOTTOM - top), 1)
        marks.append(
            Mark(
                x=round(10 + slot * number + (slot - width) / 2, 1),
                y=round(BOTTOM - height, 1),
                width=width,
                height=height,
                label=row["label"],
                value=row["value"],
                address=row.get("address", ""),
                tone=row.get("tone", ""),
                shows_label=True,
            )
        )
    return Columns(tuple(marks), BOTTOM)


def stacked(
    rows: Sequence[Mapping[str, Any]], most: float | None = None
) -> list[tuple[Mapping[str, Any], tuple[tuple[str, float, float], ...]]]:
    """Place parts end to end on a bar of length 100; a row is ``{label, value, parts?: [(tone, amount)]}``.

    Returns each row with its parts as ``(tone, start, length)``. The longest row, or ``most``, fills the bar.
    """
    longest = most or max([row["value"] for row in rows], default=0) or 1
    placed = []
    for row in rows:
        at = 0.0
        parts = []
        for tone, amount in row.get("parts") or [("", row["value"])]:
            length = round(amount / longest * 100, 2)
            parts.append((tone, round(at, 2), length))
            at += length
        placed.append((row, tuple(parts)))
    return placed
