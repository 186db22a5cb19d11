"""A draft as data that is changed bit by bit: what it begins with, and its lists of papers, fees and steps.

Drafts are the plain data of a definition. A key is made once from the first words and never changes, so
that what refers to a part goes on to find it. Keys of the data that no screen offers stay as they are.
"""

import copy
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Literal

from dinh.kernel.errors import N_, NotFound, Refused

__all__ = [
    "Part",
    "TooMany",
    "begin_definition",
    "matched",
    "move_outcome",
    "move_part",
    "part_of",
    "put_outcome",
    "put_part",
    "remove_outcome",
    "remove_part",
]

Part = Literal["documents", "fees", "exemptions", "steps"]
MOST_PARTS = 60
MOST_OUTCOMES = 12
Namer = Callable[[str, Collection[str]], str]


class TooMany(Refused):
    message = N_("Danh sách đã có %(count)s mục, không thêm được nữa. Hãy bỏ bớt mục không cần.")


# Who decides by level: role that handles, role that signs (codes of roles).
_ROLES = {
    "commune": ("commune_officer", "committee_leader"),
    "district": ("specialist", "committee_leader"),
    "province": ("specialist", "department_leader"),
}


def begin_definition(
    *,
    code: str,
    name: str,
    level: Literal["province", "district", "commune"],
    agency_kind: str,
    agency_abbreviation: str,
    field_code: str,
    field_name: str,
    steps: Mapping[str, str],
) -> dict[str, Any]:
    """Return the data of a procedure that has only its head and the usual way: received, handled, signed,
    numbered, returned, or refused.

    ``steps`` are the words of these steps and of their outcomes in the papers' language.
    """
    return {
        "code": code,
        "name": name,
        "short_name": name,
        "summary": "",
        "field": {"code": field_code, "name": field_name},
        "level": level,
        "agency": {"kind": agency_kind, "abbreviation": agency_abbreviation},
        "audience": [],
        "sequence": [],
        "time_limit": {"amount": 5, "unit": "working_days"},
        "documents": [],
        "fees": [],
        "basis": [],
        "result": {"name": name, "template": "composed", "notation": "KQ", "matter": "", "fields": []},
        "form": {
            "type": "object",
            "properties": {},
            "required": [],
            "ui": {"order": [], "pages": [{"key": "noi_dung", "label": steps["page"], "fields": []}]},
        },
        "steps": _usual_steps(level, steps),
    }


def _usual_steps(level: str, words: Mapping[str, str]) -> list[dict[str, Any]]:
    handler, signer = _ROLES[level]

    def step(
        key: str, kind: str, role: str, where: str, hours: float, *outcomes: dict[str, Any]
    ) -> dict[str, Any]:
        return {
            "key": key,
            "name": words[key],
            "kind": kind,
            "role": role,
            "unit": {"where": where},
            "hours": hours,
            "outcomes": list(outcomes),
        }

    def way(key: str, to: str, **more: Any) -> dict[str, Any]:
        return {"key": key, "label": words[key], "to": [to] if to else [], **more}

    return [
        step("tiep_nhan", "receive", "onestop_clerk", "reception", 4, way("nhan", "thu_ly")),
        step(
            "thu_ly", "handle", handler, "agency", 16,
            way("trinh_ky", "ky", needs=["draft"]),
            way("de_nghi_tu_choi", "tu_choi", needs=["reason"]),
        ),
        step(
            "ky", "sign", signer, "agency", 8,
            way("da_ky", "phat_hanh"),
            way("tra_lai", "thu_ly", needs=["reason"], back=True),
        ),
        step("phat_hanh", "issue", "records_clerk", "agency", 4, way("da_phat_hanh", "tra_ket_qua")),
        step("tra_ket_qua", "return", "onestop_clerk", "reception", 4),
        step("tu_choi", "refuse", "onestop_clerk", "reception", 4, way("da_tu_choi", "")),
    ]  # fmt: skip


def matched(
    rows: Sequence[Mapping[str, Any]], old: Sequence[Mapping[str, Any]], name: str
) -> list[Mapping[str, Any]]:
    """Return for each row what it was before, so that what its screen does not offer stays: the old row of
    the same ``name``, or the one at its place whose name no row has any more. Empty: the row is new.
    """
    by_name = {row.get(name): row for row in old}
    named = {row.get(name) for row in rows}
    found = []
    for at, row in enumerate(rows):
        beside = old[at] if at < len(old) and old[at].get(name) not in named else {}
        found.append(by_name.get(row.get(name)) or beside)
    return found


def part_of(definition: Mapping[str, Any], part: Part, key: str) -> dict[str, Any]:
    """Return one paper, fee or step of the draft. Raises ``NotFound``."""
    return _find(definition.get(part, ()), key)


def put_part(
    definition: Mapping[str, Any], part: Part, key: str, values: Mapping[str, Any], *, name: Namer
) -> tuple[dict[str, Any], str]:
    """Return the draft with a part changed, or added when ``key`` is empty, and the part's key.

    Values that are None are taken away, so that the definition's own default holds. Raises ``NotFound``,
    ``TooMany``.
    """
    changed = _copy(definition, part)
    rows = changed[part]
    key = _put(rows, key, values, name=name, words="name", most=MOST_PARTS)
    if part == "steps":
        _find(rows, key).setdefault("outcomes", [])
    return changed, key


def move_part(definition: Mapping[str, Any], part: Part, key: str, by: int) -> dict[str, Any]:
    """Return the draft with a part moved up (-1) or down (1). Raises ``NotFound``."""
    changed = _copy(definition, part)
    _move(changed[part], key, by)
    return changed


def remove_part(definition: Mapping[str, Any], part: Part, key: str) -> dict[str, Any]:
    """Return the draft without a part; ways that led to a removed step lead there no more."""
    changed = _copy(definition, part)
    changed[part].remove(_find(changed[part], key))
    if part == "steps":
        for step in changed["steps"]:
            if step.get("same_person") == key:
                del step["same_person"]
            for outcome in step.get("outcomes", ()):
                outcome["to"] = [to for to in outcome["to"] if to != key]
    return changed


def put_outcome(
    definition: Mapping[str, Any], step_key: str, key: str, values: Mapping[str, Any], *, name: Namer
) -> tuple[dict[str, Any], str]:
    """Return the draft with one way out of a step changed, or added when ``key`` is empty, and its key."""
    changed = _copy(definition, "steps")
    outcomes = _outcomes(changed, step_key)
    return changed, _put(outcomes, key, values, name=name, words="label", most=MOST_OUTCOMES)


def move_outcome(definition: Mapping[str, Any], step_key: str, key: str, by: int) -> dict[str, Any]:
    """Return the draft with a way out moved up (-1) or down (1) in its step."""
    changed = _copy(definition, "steps")
    _move(_outcomes(changed, step_key), key, by)
    return changed


def remove_outcome(definition: Mapping[str, Any], step_key: str, key: str) -> dict[str, Any]:
    """Return the draft without one way out of a step."""
    changed = _copy(definition, "steps")
    outcomes = _outcomes(changed, step_key)
    outcomes.remove(_find(outcomes, key))
    return changed


def _copy(definition: Mapping[str, Any], part: Part) -> dict[str, Any]:
    return {**definition, part: copy.deepcopy(list(definition.get(part, ())))}


def _outcomes(definition: dict[str, Any], step_key: str) -> list[dict[str, Any]]:
    step = _find(definition["steps"], step_key)
    step["outcomes"] = list(step.get("outcomes", ()))
    return step["outcomes"]  # type: ignore[no-any-return]


def _find(rows: Sequence[dict[str, Any]], key: str) -> dict[str, Any]:
    for row in rows:
        if row.get("key") == key:
            return row
    raise NotFound


def _put(
    rows: list[dict[str, Any]],
    key: str,
    values: Mapping[str, Any],
    *,
    name: Namer,
    words: str,
    most: int,
) -> str:
    if not key:
        if len(rows) >= most:
            raise TooMany(count=len(rows))
        key = name(str(values[words]), {row["key"] for row in rows})
        rows.append({"key": key})
    row = _find(rows, key)
    for label, value in values.items():
        row.pop(label, None)
        if value is not None:
            row[label] = value
    return key


def _move(rows: list[dict[str, Any]], key: str, by: int) -> None:
    at = rows.index(_find(rows, key))
    rows.insert(max(0, min(len(rows) - 1, at + by)), rows.pop(at))
