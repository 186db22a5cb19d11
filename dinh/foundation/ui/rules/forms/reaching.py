"""Whether a condition can hold at all, whatever is answered: a field behind one that cannot, nobody fills.

The fields that a condition depends on are tried with every kind of answer that could make a difference:
each choice, each number at and beside a limit, no answer. What is hidden is not answered, what is required
is. Beyond a bound of tries the condition is taken for possible: a warning must be true.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dinh.foundation.ui.rules.forms.definition import Field, Form, read_definition
from dinh.foundation.ui.rules.forms.filling import is_shown
from dinh.kernel.conditions import fields_of

__all__ = ["can_hold", "unreachable"]

_MOST_TRIES = 20_000


def can_hold(definition: Mapping[str, Any], condition: Mapping[str, Any] | None, *, near: str = "") -> bool:
    """Whether some answers make a well-formed condition hold; ``near``: the group that it stands in."""
    if not condition:
        return True
    return _Search(read_definition(definition)).finds([(condition, near)])


def unreachable(definition: Mapping[str, Any]) -> list[str]:
    """Return the paths of fields that no answers make visible; of a hidden group only the group itself."""
    form = read_definition(definition)
    search = _Search(form)
    found: list[str] = []
    for page in form.pages:
        for one in page.fields:
            found += _hidden_for_ever(search, one, [(page.show_if, "")] if page.show_if else [])
    return found


def _hidden_for_ever(
    search: "_Search", one: Field, before: list[tuple[Mapping[str, Any], str]]
) -> Iterator[str]:
    asked = [*before, (one.show_if, one.path.rpartition(".")[0])] if one.show_if else before
    if (one.show_if or (before and "." not in one.path)) and not search.finds(asked):
        yield one.path
        return
    for child in one.children:
        yield from _hidden_for_ever(search, child, asked)


@dataclass(slots=True)
class _Search:
    """One form, looked at for one condition after the other."""

    form: Form
    by_path: dict[str, Field] = field(init=False)
    page_of: dict[str, Mapping[str, Any] | None] = field(init=False)
    tries: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.by_path = {one.path: one for one in self.form.every_field()}
        self.page_of = {one.name: page.show_if for page in self.form.pages for one in page.fields}

    def finds(self, asked: Sequence[tuple[Mapping[str, Any], str]]) -> bool:
        """Whether some answers make all of the conditions hold."""
        needed = self._needed(asked)
        if any(path not in self.by_path for path in needed):
            return True  # an unknown field is another fault
        order = [path for path in self.by_path if path in needed]
        constants = self._constants(asked, order)
        self.tries = 0
        return self._try(order, constants, {}, asked)

    def _path(self, name: str, near: str) -> str:
        beside = f"{near}.{name}" if near else name
        return beside if beside in self.by_path else name

    def _needed(self, asked: Sequence[tuple[Mapping[str, Any], str]]) -> set[str]:
        needed: set[str] = set()
        waiting = [self._path(name, near) for condition, near in asked for name in fields_of(condition)]
        while waiting:
            path = waiting.pop()
            if path in needed:
                continue
            needed.add(path)
            waiting += [
                self._path(name, near)
                for condition, near in self._conditions(path)
                for name in fields_of(condition)
            ]
        return needed

    def _conditions(self, path: str) -> Iterator[tuple[Mapping[str, Any], str]]:
        """What must hold for a field to be asked: of its page, of its groups, its own."""
        names = path.split(".")
        page = self.page_of.get(names[0])
        if page:
            yield page, ""
        for depth in range(1, len(names) + 1):
            one = self.by_path.get(".".join(names[:depth]))
            if one is not None and one.show_if:
                yield one.show_if, ".".join(names[: depth - 1])

    def _constants(
        self, asked: Sequence[tuple[Mapping[str, Any], str]], order: Sequence[str]
    ) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        conditions = [*asked, *(one for path in order for one in self._conditions(path))]
        for condition, near in conditions:
            for part in _comparisons(condition):
                values = part.get("in", [part[key] for key in ("is", "at_least", "at_most") if key in part])
                found.setdefault(self._path(part["field"], near), []).extend(values)
        return found

    def _try(
        self,
        order: Sequence[str],
        constants: Mapping[str, list[Any]],
        answers: dict[str, Any],
        asked: Sequence[tuple[Mapping[str, Any], str]],
    ) -> bool:
        self.tries += 1
        if self.tries > _MOST_TRIES:
            return True
        if not order:
            return self._holds(asked, answers)
        path, *rest = order
        shown = self._holds(list(self._conditions(path)), answers)
        values = _answers(self.by_path[path], constants.get(path, [])) if shown else [None]
        return any(self._try(rest, constants, {**answers, path: value}, asked) for value in values)

    def _holds(self, asked: Sequence[tuple[Mapping[str, Any], str]], answers: Mapping[str, Any]) -> bool:
        data: dict[str, Any] = {}
        for path, value in answers.items():
            *groups, name = path.split(".")
            place = data
            for group in groups:
                place = place.setdefault(group, {})
                if not isinstance(place, dict):
                    return True
            if value is not None:
                place[name] = value
        return all(is_shown(condition, data, _beside(data, near)) for condition, near in asked)


def _beside(data: Mapping[str, Any], near: str) -> Mapping[str, Any]:
    place: Any = data
    for name in near.split(".") if near else ():
        place = place.get(name, {}) if isinstance(place, Mapping) else {}
    return place if isinstance(place, Mapping) else {}


def _comparisons(condition: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "not" in condition:
        yield from _comparisons(condition["not"])
    elif "all" in condition or "any" in condition:
        for part in condition.get("all") or condition.get("any", ()):
            yield from _comparisons(part)
    else:
        yield condition


def _answers(one: Field, constants: Sequence[Any]) -> list[Any]:
    """Every kind of answer to a field that could make a difference; None: not answered."""
    empty = [] if one.required and "show_if" not in one.ui else [None]
    if one.widget == "checkbox":
        return [True, *([] if one.required else [None])]
    if one.widget == "yes_no":
        return [*empty, True, False]
    if one.widget == "checkboxes":
        return [*empty, *([choice.value] for choice in one.choices), [choice.value for choice in one.choices]]
    if one.choices:
        return [*empty, *(choice.value for choice in one.choices)]
    if one.type in ("integer", "number"):
        return [*empty, *_numbers(one, constants)]
    if one.widget in ("group", "list"):
        return [*empty, {"_": 1} if one.widget == "group" else [{"_": 1}]]
    if one.widget == "note":
        return [None]
    words = [value for value in constants if isinstance(value, str)]
    return [*empty, *dict.fromkeys([*words, "…"])]


def _numbers(one: Field, constants: Sequence[Any]) -> list[float]:
    least, most = one.schema.get("minimum"), one.schema.get("maximum")
    marks = [value for value in constants if isinstance(value, int | float) and not isinstance(value, bool)]
    marks += [value for value in (least, most) if value is not None]
    tried = {value + step for value in marks or [0] for step in (-1, 0, 1)}
    return sorted(
        value for value in tried if (least is None or value >= least) and (most is None or value <= most)
    )
