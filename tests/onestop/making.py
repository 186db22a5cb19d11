"""Procedures of the tests: small ones written by hand, and any number drawn by Hypothesis."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from dinh.onestop.rules.definition import Definition, read_definition

FORM: dict[str, Any] = {
    "type": "object",
    "required": ["ten"],
    "ui": {"pages": [{"key": "mot", "label": "Nội dung", "fields": ["ten", "loai", "xa"]}]},
    "properties": {
        "ten": {"type": "string", "maxLength": 100, "ui": {"label": "Tên"}},
        "loai": {
            "type": "string",
            "oneOf": [{"const": "nhanh", "title": "Nhanh"}, {"const": "thuong", "title": "Thường"}],
            "ui": {"label": "Loại"},
        },
        "xa": {"type": "string", "ui": {"label": "Xã", "source": "communes", "widget": "select"}},
    },
}


def step(key: str, kind: str, *to: str | dict[str, Any], **more: Any) -> dict[str, Any]:
    """A step; each of ``to`` is an outcome: the steps it opens joined by ``+``, or a whole outcome."""
    outcomes = [
        one
        if isinstance(one, dict)
        else {"key": f"h{number}", "label": f"Hướng {number}", "to": one.split("+") if one else []}
        for number, one in enumerate(to)
    ]
    made = {
        "key": key,
        "name": f"Bước {key}",
        "kind": kind,
        "role": "commune_officer",
        "unit": {"where": "agency"},
        "hours": 1,
        "outcomes": outcomes,
    }
    return {**made, **more}


def back(*to: str) -> dict[str, Any]:
    return {"key": "tra_lai", "label": "Trả lại", "to": list(to), "back": True}


ENDING = (
    step("ky", "sign", "phat_hanh", role="committee_leader"),
    step("phat_hanh", "issue", "tra", role="records_clerk"),
    step("tra", "return", role="onestop_clerk", unit={"where": "reception"}),
)
RECEIVING = {"role": "onestop_clerk", "unit": {"where": "reception"}}


def plain(steps: Sequence[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """A commune's procedure with these steps, as plain data."""
    data: dict[str, Any] = {
        "code": "9.000001",
        "name": "Thủ tục thử",
        "short_name": "Thủ tục thử",
        "summary": "Để thử.",
        "field": {"code": "H99-TT", "name": "Thử"},
        "level": "commune",
        "agency": {"kind": "commune_committee"},
        "audience": ["Công dân Việt Nam"],
        "sequence": ["Nộp", "Nhận"],
        "time_limit": {"amount": 30, "unit": "working_days"},
        "documents": [],
        "fees": [],
        "basis": [{"number": "1/2020/QH14", "name": "Luật thử"}],
        "result": {
            "name": "Giấy thử",
            "template": "composed",
            "notation": "GT",
            "matter": "civil_status",
            "fields": [{"name": "ten", "label": "Tên", "source": "ten"}],
        },
        "form": FORM,
        "steps": list(steps),
    }
    return {**data, **changes}


def simple(**changes: Any) -> dict[str, Any]:
    """Received, handled, signed, issued, returned."""
    steps = [step("nhan", "receive", "xu_ly", **RECEIVING), step("xu_ly", "handle", "ky"), *ENDING]
    return {**plain(steps), **changes}


def of(steps: Sequence[dict[str, Any]], **changes: Any) -> Definition:
    return read_definition(plain(steps, **changes))


class Drawing:
    """Draws a sound graph from blocks: steps in a row, choices, parallel branches that meet in a join."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.steps: dict[str, dict[str, Any]] = {}
        self.joins: set[str] = set()

    def new(self, kind: str, **more: Any) -> str:
        key = f"b{len(self.steps)}"
        self.steps[key] = step(key, kind, **more)
        return key

    def go(self, source: str, *to: str) -> None:
        outcomes = self.steps[source]["outcomes"]
        number = len(outcomes)
        outcomes.append({"key": f"h{number}", "label": f"Hướng {number}", "to": list(to)})

    def block(self, depth: int) -> tuple[str, str]:
        """Draw a block; return its first and its last step."""
        shape = self.draw(st.sampled_from(["one", "row", "choice", "parallel"])) if depth else "one"
        if shape == "one":
            key = self.new(self.draw(st.sampled_from(["handle", "consult"])))
            return key, key
        if shape == "row":
            first, middle = self.block(depth - 1)
            begin, last = self.block(depth - 1)
            self.go(middle, begin)
            if self.draw(st.booleans()):
                outcomes = self.steps[last]["outcomes"]
                outcomes.append({**back(first), "key": f"tra_lai_{len(outcomes)}"})
            return first, last
        parts = [self.block(depth - 1) for _ in range(self.draw(st.integers(2, 3)))]
        first, last = self.new("handle"), self.new("handle", joins=shape == "parallel")
        if shape == "choice":
            for begin, end in parts:
                self.go(first, begin)
                self.go(end, last)
            return first, last
        self.joins.add(last)
        self.go(first, *(begin for begin, _ in parts))
        for _, end in parts:
            self.go(end, last)
        if self.draw(st.booleans()):
            # One branch may also end for itself: the others alone bring the join about.
            self.go(parts[0][1], *())
        return first, last


@st.composite
def sound_steps(draw: Any) -> tuple[list[dict[str, Any]], frozenset[str]]:
    """Steps of a procedure without a fault, and the keys of its joins."""
    drawing = Drawing(draw)
    first, last = drawing.block(draw(st.integers(1, 3)))
    handling = drawing.new("handle")
    drawing.go(last, handling)
    drawing.go(handling, "ky")
    steps = [step("nhan", "receive", first, **RECEIVING), *drawing.steps.values(), *ENDING]
    return steps, frozenset(drawing.joins)


@st.composite
def any_steps(draw: Any) -> list[dict[str, Any]]:
    """Steps of a procedure that may be anything that has no forward circle."""
    count = draw(st.integers(1, 6))
    keys = ["nhan", *(f"b{number}" for number in range(count)), "ky", "phat_hanh", "tra"]
    kinds = ["receive", *draw(st.lists(st.sampled_from(["handle", "consult", "refuse"]), min_size=count,
                                       max_size=count)), "sign", "issue", "return"]  # fmt: skip
    steps = []
    for place, (key, kind) in enumerate(zip(keys, kinds, strict=True)):
        later = keys[place + 1 :]
        if kind in ("return", "refuse"):
            steps.append(step(key, kind))
            continue
        targets = st.lists(st.sampled_from(later[:3]), min_size=0, max_size=2, unique=True)
        ways = draw(st.lists(targets, min_size=1, max_size=2))
        made = step(key, kind, *("+".join(way) for way in ways), joins=draw(st.booleans()) and place > 1)
        if place > 1 and draw(st.booleans()):
            made["outcomes"].append(back(draw(st.sampled_from(keys[1:place]))))
        steps.append(made)
    return steps
