"""Conditions as data: what a configured form, document, fee or step asks about the answers given.

A condition is a mapping, never code:

    {"field": "loai", "is": "moi"}                equals; of several chosen: it is among them
    {"field": "loai", "in": ["moi", "doi"]}       is one of; of several chosen: one of them is
    {"field": "von", "at_least": 1000}            a number not smaller
    {"field": "von", "at_most": 1000}             a number not greater
    {"field": "dai_dien", "given": true}          was answered at all (false: was not)
    {"all": [...]}  {"any": [...]}  {"not": {...}}

``field`` is a name, or names joined by dots for groups: ``chu_ho.dia_chi``. A field that was not
answered makes every comparison false.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from dinh.kernel.errors import N_
from dinh.kernel.sentences import Sentence, say

__all__ = ["check_condition", "fields_of", "holds", "value_at"]

_COMPARISONS = ("is", "in", "at_least", "at_most", "given")
_GROUPS = ("all", "any", "not")


def value_at(data: Mapping[str, Any], field: str) -> Any:
    """Return the answer at a dotted name, or None."""
    value: Any = data
    for name in field.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


def holds(condition: Mapping[str, Any] | None, data: Mapping[str, Any]) -> bool:
    """Whether the condition holds for the answers; no condition always holds."""
    if not condition:
        return True
    if "all" in condition:
        return all(holds(part, data) for part in condition["all"])
    if "any" in condition:
        return any(holds(part, data) for part in condition["any"])
    if "not" in condition:
        return not holds(condition["not"], data)
    return _compare(condition, value_at(data, condition["field"]))


def _compare(condition: Mapping[str, Any], value: Any) -> bool:
    given = value not in (None, "", [], {})
    if "given" in condition:
        return given is condition["given"]
    if not given:
        return False
    if "is" in condition or "in" in condition:
        wanted = condition["in"] if "in" in condition else [condition["is"]]
        chosen = value if isinstance(value, list) else [value]
        return any(_is_same(one, other) for one in chosen for other in wanted)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if "at_least" in condition:
        return bool(value >= condition["at_least"])
    return bool(value <= condition["at_most"])


def _is_same(value: Any, wanted: Any) -> bool:
    """Whether two answers are equal; yes is not the number 1, though Python says so."""
    return isinstance(value, bool) is isinstance(wanted, bool) and bool(value == wanted)


def check_condition(condition: Any) -> Iterator[Sentence]:
    """Yield what is wrong with a condition; nothing when it is well-formed."""
    if not isinstance(condition, Mapping):
        yield say(N_("điều kiện phải là một bảng khóa – giá trị"))
        return
    groups = [name for name in _GROUPS if name in condition]
    if groups:
        yield from _check_group(condition, groups)
        return
    if not isinstance(condition.get("field"), str):
        yield say(N_("điều kiện thiếu tên trường (field)"))
    comparisons = [name for name in _COMPARISONS if name in condition]
    if len(comparisons) != 1 or len(condition) != 2:
        known = ", ".join(_COMPARISONS)
        yield say(N_("điều kiện phải có đúng một phép so sánh: %(known)s"), known=known)
        return
    kind, wanted = comparisons[0], condition[comparisons[0]]
    if kind == "in" and not isinstance(wanted, list):
        yield say(N_("phép so sánh in cần một danh sách"))
    if kind == "given" and not isinstance(wanted, bool):
        yield say(N_("phép so sánh given cần true hoặc false"))
    if kind in ("at_least", "at_most") and (isinstance(wanted, bool) or not isinstance(wanted, int | float)):
        yield say(N_("phép so sánh %(kind)s cần một số"), kind=kind)


def _check_group(condition: Mapping[str, Any], groups: list[str]) -> Iterator[Sentence]:
    if len(condition) != 1:
        yield say(N_("một nhóm điều kiện chỉ có một khóa: all, any hoặc not"))
        return
    inner = condition[groups[0]]
    parts = [inner] if groups[0] == "not" else inner
    if not isinstance(parts, list) or not parts:
        yield say(N_("nhóm %(group)s cần một danh sách điều kiện"), group=groups[0])
        return
    for part in parts:
        yield from check_condition(part)


def fields_of(condition: Mapping[str, Any] | None) -> frozenset[str]:
    """The dotted names that a well-formed condition asks about."""
    if not condition:
        return frozenset()
    if "not" in condition:
        return fields_of(condition["not"])
    for name in ("all", "any"):
        if name in condition:
            return frozenset().union(*(fields_of(part) for part in condition[name]))
    return frozenset({condition["field"]})
