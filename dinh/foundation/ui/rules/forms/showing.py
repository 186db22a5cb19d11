"""The form as a screen draws it, and the answers as they are read back before sending."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from dinh.foundation.ui.rules.formats import format_date, format_money, format_number
from dinh.foundation.ui.rules.forms.checking import Choices
from dinh.foundation.ui.rules.forms.definition import AtLeastOne, Field, Form, read_definition
from dinh.foundation.ui.rules.forms.filling import is_shown, keep_shown
from dinh.kernel.condition_words import Asked, condition_words
from dinh.kernel.conditions import fields_of, holds, value_at
from dinh.kernel.errors import N_

__all__ = ["FormView", "Node", "Row", "SummaryPage", "layout", "summary"]

Say = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One field to draw: ``name`` is the input's, ``value`` what stands in it, ``rows`` those of a list."""

    name: str
    widget: str
    label: str
    value: Any
    error: str
    help: str
    optional: bool
    choices: tuple[tuple[str, str, str], ...]
    children: tuple["Node", ...]
    rows: tuple[tuple["Node", ...], ...]
    condition: str
    prefix: str
    asks: str
    attributes: Mapping[str, Any]
    suffix: str
    width: str
    item: str
    can_add: bool


@dataclass(frozen=True, slots=True)
class FormView:
    """A form or one page of it, ready to draw; ``known`` are answers of other pages, for conditions."""

    title: str
    help: str
    nodes: tuple[Node, ...]
    known: str


@dataclass(frozen=True, slots=True)
class Row:
    """One answer read back. ``label`` says all by itself; under the heading ``group``, ``name`` is enough.
    ``none`` says that there is no answer, where that has a word of its own.
    """

    label: str
    value: str
    path: str
    group: str = ""
    name: str = ""
    none: str = ""


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """The answers of one page."""

    key: str
    label: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class _Drawing:
    """What is the same for every field of one drawing."""

    data: Mapping[str, Any]
    errors: Mapping[str, str]
    choices: Choices
    asked: Mapping[str, Asked]
    say: Say
    notes: Mapping[str, str]
    spared: Set[str]


def layout(
    definition: Mapping[str, Any],
    data: Mapping[str, Any],
    errors: Sequence[tuple[str, str]] = (),
    *,
    page: str | None = None,
    choices: Choices | None = None,
    say: Say = str,
    notes: Mapping[str, str] | None = None,
    spared: Set[str] = frozenset(),
) -> FormView:
    """Return what ``ui.form_fields`` draws: values as they are typed, each error at its field.

    ``notes`` are sentences to stand with the help of a field, by its name. Fields of the ``spared`` widgets
    need no answer.
    """
    form = read_definition(definition)
    drawing = _Drawing(data, dict(errors), choices or {}, _asked(form), say, notes or {}, spared)
    fields = form.on_page(page)
    nodes = tuple(_gathered(drawing, form, fields, data))
    head = next((candidate for candidate in form.pages if candidate.key == page), form.pages[0])
    return FormView(head.label, head.help, nodes, _known(form, fields, data))


def _gathered(
    drawing: _Drawing, form: Form, fields: tuple[Field, ...], data: Mapping[str, Any]
) -> Iterator[Node]:
    """The nodes of fields; those of which one must be answered stand under one heading, with what depends on
    them, and with the sentence that none is.
    """
    spans = [_span(fields, page.some) for page in form.pages if page.some is not None]
    starts = {span[0]: span for span in spans if span is not None}
    at = 0
    while at < len(fields):
        if at not in starts:
            yield _node(drawing, fields[at], data, "")
            at += 1
            continue
        _first, after, some = starts[at]
        first = next(field for field in fields[at:after] if field.name in some.names)
        shown = [field for field in fields[at:after] if is_shown(field.show_if, data, data)]
        told = next((field.name for field in shown if field.name in some.names), first.name)
        told_elsewhere = {
            name: said for name, said in drawing.errors.items() if name != told or _has_own_error(data, told)
        }
        inside = replace(drawing, errors=told_elsewhere)
        children = tuple(_node(inside, field, data, "") for field in fields[at:after])
        error = "" if told in inside.errors else drawing.errors.get(told, "")
        yield replace(
            _node(drawing, first, data, ""),
            name=f"{told}-nhom",
            widget="at_least_one",
            label=some.label,
            error=error,
            help="",
            children=children,
            condition="",
        )
        at = after


def _has_own_error(data: Mapping[str, Any], name: str) -> bool:
    """Whether the sentence at a field is about its own answer: without one it is about the whole group."""
    return data.get(name) not in (None, "", [], False)


def _span(fields: tuple[Field, ...], some: AtLeastOne) -> tuple[int, int, AtLeastOne] | None:
    """From the first of these fields to behind the last one and what only shows because of them."""
    places = [number for number, field in enumerate(fields) if field.name in some.names]
    if not places:
        return None
    after = places[-1] + 1
    while after < len(fields) and fields_of(fields[after].show_if) & set(some.names):
        after += 1
    return places[0], after, some


def _asked(form: Form) -> dict[str, Asked]:
    """What conditions may ask, by dotted name; beside a field in a list by its own name alone."""
    asked: dict[str, Asked] = {}
    for field in form.every_field():
        about = Asked(field.label, {choice.value: choice.label for choice in field.choices})
        asked.setdefault(field.name, about)
        asked[field.path] = about
    return asked


def _help(help: str, note: str) -> str:
    """The help of a field and what stands beside it, as sentences."""
    if help and note and help[-1].isalnum():
        help += "."
    return " ".join(said for said in (help, note) if said)


def _known(form: Form, fields: tuple[Field, ...], data: Mapping[str, Any]) -> str:
    elsewhere = {field.name for field in form.fields} - {field.name for field in fields}
    asked = {name for field in form.every_field() for name in fields_of(field.show_if)}
    known = {name: value_at(data, name) for name in sorted(asked) if name.partition(".")[0] in elsewhere}
    return json.dumps(known, ensure_ascii=False) if known else ""


def _node(drawing: _Drawing, field: Field, values: Mapping[str, Any], prefix: str) -> Node:
    name = f"{prefix}{field.name}"
    value = values.get(field.name)
    return Node(
        name=name,
        widget=field.widget,
        label=field.label,
        value=_typed_text(field, value),
        error=drawing.errors.get(name, ""),
        help=_help(field.ui.get("help", ""), drawing.notes.get(name, "")),
        optional=field.widget in drawing.spared or (not field.required and "required_if" not in field.ui),
        choices=_choices(drawing, field),
        children=_children(drawing, field, value, name) if field.widget == "group" else (),
        rows=_rows(drawing, field, value, name) if field.widget == "list" else (),
        condition=json.dumps(field.show_if, ensure_ascii=False) if field.show_if else "",
        prefix=prefix,
        asks=_asks(drawing, field),
        attributes=_attributes(field),
        suffix=field.ui.get("suffix", ""),
        width=str(field.ui.get("width", "")),
        item=field.ui.get("item", field.label),
        can_add=len(value or ()) < field.most_rows if field.widget == "list" else False,
    )


def _children(drawing: _Drawing, field: Field, value: Any, name: str) -> tuple[Node, ...]:
    values = value if isinstance(value, Mapping) else {}
    return tuple(_node(drawing, child, values, f"{name}.") for child in field.children)


def _rows(drawing: _Drawing, field: Field, value: Any, name: str) -> tuple[tuple[Node, ...], ...]:
    rows = value if isinstance(value, list) and value else [{}]
    return tuple(_children(drawing, field, row, f"{name}.{number}") for number, row in enumerate(rows))


def _choices(drawing: _Drawing, field: Field) -> tuple[tuple[str, str, str], ...]:
    if field.widget == "yes_no":
        return (("true", drawing.say(N_("Có")), ""), ("false", drawing.say(N_("Không")), ""))
    if "source" in field.ui:
        return tuple((str(choice[0]), choice[1], "") for choice in drawing.choices[field.ui["source"]])
    return tuple((str(choice.value), choice.label, choice.help) for choice in field.choices)


def _attributes(field: Field) -> dict[str, Any]:
    kept = {key: field.ui[key] for key in ("placeholder", "autocomplete") if key in field.ui}
    if field.widget in ("text", "textarea", "address") and "maxLength" in field.schema:
        kept["maxlength"] = field.schema["maxLength"]
    return kept


def _asks(drawing: _Drawing, field: Field) -> str:
    """When the field is to be filled, in words, for those whose browser runs no script."""
    if not field.show_if:
        return ""
    when = condition_words(field.show_if, drawing.asked).said(drawing.say)
    return drawing.say(N_("Chỉ điền khi %(when)s.")) % {"when": when}


def _typed_text(field: Field, value: Any) -> Any:
    """The value as the person would type it; lists of choices stay lists."""
    if field.widget in ("group", "list", "note"):
        return ""
    if field.widget == "checkboxes":
        return tuple(str(one) for one in value) if isinstance(value, list) else ()
    if field.widget == "checkbox":
        return value is True
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if field.widget == "date":
        return format_date(value) if _is_iso(value) else value
    if field.widget == "money" and isinstance(value, int):
        return format_number(value)
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f").replace(".", ",")
    return str(value)


def _is_iso(value: Any) -> bool:
    parts = str(value).split("-")
    return [len(part) for part in parts] == [4, 2, 2] and all(part.isdigit() for part in parts)


def summary(
    definition: Mapping[str, Any],
    data: Mapping[str, Any],
    *,
    choices: Choices | None = None,
    say: Say = str,
) -> list[SummaryPage]:
    """Return the answers page by page as people read them; fields that are not asked do not appear."""
    form = read_definition(definition)
    shown = keep_shown(form, data)
    drawing = _Drawing(shown, {}, choices or {}, {}, say, {}, frozenset())
    pages = [page for page in form.pages if holds(page.show_if, shown)]
    return [
        SummaryPage(page.key, page.label, tuple(_summary_rows(drawing, page.fields, shown, "", "")))
        for page in pages
    ]


def _summary_rows(
    drawing: _Drawing, fields: tuple[Field, ...], values: Mapping[str, Any], prefix: str, before: str
) -> Iterator[Row]:
    for field in fields:
        if field.widget == "note" or not is_shown(field.show_if, drawing.data, values):
            continue
        value = values.get(field.name)
        path = f"{prefix}{field.name}"
        label = f"{before}{field.label}"
        if field.widget == "group":
            yield from _summary_rows(drawing, field.children, value or {}, f"{path}.", f"{label}: ")
        elif field.widget == "list":
            item = field.ui.get("item", field.label)
            for number, row in enumerate(value or (), start=1):
                start = f"{before}{item} {number}: "
                yield from _summary_rows(drawing, field.children, row, f"{path}.{number - 1}.", start)
        else:
            group = before.removesuffix(": ")
            none = drawing.say(N_("Không đánh dấu")) if field.widget == "checkbox" else ""
            yield Row(label, _read_back(drawing, field, value), path, group, field.label, none)


def _read_back(drawing: _Drawing, field: Field, value: Any) -> str:
    if value is None:
        return ""
    if field.widget == "checkbox":
        return drawing.say(N_("Đã đánh dấu"))
    labels = {code: label for code, label, _help in _choices(drawing, field)}
    if labels:
        chosen = value if isinstance(value, list) else [_code(value)]
        return ", ".join(labels.get(str(one), str(one)) for one in chosen)
    if field.widget == "money" and isinstance(value, int):
        return format_money(value)
    suffix = field.ui.get("suffix", "")
    text = str(_typed_text(field, value))
    return f"{text} {suffix}" if suffix and text else text


def _code(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
