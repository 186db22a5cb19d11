"""Building a form by small changes: pages, and fields in them or in groups. Each returns a new definition.

A field's place is its dotted path (``chu_ho.ho_ten``; rows of a list have no number). The order of fields is
kept in ``ui.order`` and on the pages, because a database keeps no order of keys.
"""

import copy
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dinh.foundation.ui.rules.forms.field_rules import PAGE_RULES, asked_by_rules
from dinh.foundation.ui.rules.forms.kinds import FieldSpec, kind_of, schema_of, spec_of
from dinh.foundation.ui.rules.forms.shape import META, SHAPE
from dinh.kernel.conditions import fields_of
from dinh.kernel.errors import N_, NotFound, Refused
from dinh.kernel.text import fold

__all__ = [
    "MOST_FIELDS",
    "FieldLine",
    "FormMalformed",
    "FormTooLarge",
    "PageLine",
    "PageNotEmpty",
    "add_field",
    "add_page",
    "change_field",
    "change_page",
    "field_spec",
    "move_field",
    "move_page",
    "name_for",
    "outline",
    "remove_field",
    "remove_page",
    "uses_of",
]

MOST_FIELDS = 200
_LONGEST_NAME = 50


class PageNotEmpty(Refused):
    message = N_("Phần “%(page)s” còn câu hỏi. Hãy chuyển hoặc bỏ hết câu hỏi rồi bỏ phần này.")


class FormTooLarge(Refused):
    message = N_("Tờ khai đã có %(count)s câu hỏi, không thêm được nữa. Hãy bỏ bớt câu hỏi không cần.")


class FormMalformed(Refused):
    message = N_(
        "Tờ khai trong bản thảo sai cấu trúc nên chưa sửa được ở đây. Hãy thay bản thảo bằng tệp đã sửa."
    )


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field in a list: ``depth`` 0 on a page, 1 or 2 in groups; ``page`` is its page's key."""

    path: str
    depth: int
    page: str
    spec: FieldSpec


@dataclass(frozen=True, slots=True)
class PageLine:
    """One page with all its fields, those in groups after their group, and its rules over several of them by
    key (``fields``, ``label``, ``message``; see ``PAGE_RULES``).
    """

    key: str
    label: str
    help: str
    show_if: Mapping[str, Any] | None
    fields: tuple[FieldLine, ...]
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def name_for(label: str, taken: Collection[str], *, fallback: str = "truong") -> str:
    """Return a stored name made of the label's letters, unlike every taken one."""
    plain = re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_").lstrip("0123456789_")
    words = plain[:_LONGEST_NAME].rstrip("_") or fallback
    name, number = words, 1
    while name in taken:
        number += 1
        name = f"{words}_{number}"
    return name


def outline(form: Mapping[str, Any]) -> tuple[PageLine, ...]:
    """Return pages and fields in the order of the screen; a form without pages has one.

    A form that does not even have a form's shape (somebody uploaded it) has none.
    """
    if not _has_shape(form):
        return ()
    return tuple(
        PageLine(
            page["key"],
            page.get("label", ""),
            page.get("help", ""),
            page.get("show_if"),
            tuple(_lines(form, page["fields"], "", 0, page["key"])),
            {rule.key: page[rule.key] for rule in PAGE_RULES if page.get(rule.key)},
        )
        for page in _pages(form)
    )


def _lines(
    holder: Mapping[str, Any], names: Collection[str], prefix: str, depth: int, page: str
) -> Iterator[FieldLine]:
    required = set(holder.get("required", ()))
    for name in names:
        schema = holder.get("properties", {}).get(name)
        if not isinstance(schema, Mapping):
            continue
        path = f"{prefix}{name}"
        yield FieldLine(path, depth, page, spec_of(schema, required=name in required))
        inner = _inside(schema)
        if inner is not None:
            yield from _lines(inner, _order(inner), f"{path}.", depth + 1, page)


def field_spec(form: Mapping[str, Any], path: str) -> FieldSpec:
    """Return a field's settings. Raises ``NotFound``."""
    holder, name = _holder(form, path)
    return spec_of(holder["properties"][name], required=name in holder.get("required", ()))


def add_page(form: Mapping[str, Any], *, label: str, help: str = "") -> tuple[dict[str, Any], str]:
    """Return the form with one more page at its end, and the page's key."""
    changed = _copy(form)
    pages = changed["ui"]["pages"]
    key = name_for(label, {page["key"] for page in pages}, fallback="phan")
    pages.append({"key": key, "label": label, **({"help": help} if help else {}), "fields": []})
    return changed, key


def change_page(
    form: Mapping[str, Any],
    key: str,
    *,
    label: str,
    help: str = "",
    show_if: Mapping[str, Any] | None = None,
    rules: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """Return the form with a page's words, its condition, and its rules. Raises ``NotFound``."""
    changed = _copy(form)
    page = _page(changed, key)
    of_page = {rule.key: (rules or {}).get(rule.key) for rule in PAGE_RULES}
    said = {"label": label, "help": help, "show_if": show_if, **of_page}
    for name, value in said.items():
        page.pop(name, None)
        if value:
            page[name] = value
    return changed


def move_page(form: Mapping[str, Any], key: str, by: int) -> dict[str, Any]:
    """Return the form with a page moved up (-1) or down (1); at the end it stays."""
    changed = _copy(form)
    pages = changed["ui"]["pages"]
    _shift(pages, pages.index(_page(changed, key)), by)
    return _ordered(changed)


def remove_page(form: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return the form without an empty page. Raises ``NotFound``, ``PageNotEmpty``."""
    changed = _copy(form)
    page = _page(changed, key)
    if page["fields"]:
        raise PageNotEmpty(page=page.get("label", key))
    changed["ui"]["pages"].remove(page)
    return changed


def add_field(
    form: Mapping[str, Any], spec: FieldSpec, *, page: str = "", group: str = ""
) -> tuple[dict[str, Any], str]:
    """Return the form with one more field at the end of a page or a group, and the field's path.

    Raises ``NotFound``, ``FormTooLarge``.
    """
    changed = _copy(form)
    count = sum(len(one.fields) for one in outline(changed))
    if count >= MOST_FIELDS:
        raise FormTooLarge(count=count)
    holder = _group(changed, group) if group else changed
    name = name_for(spec.label, holder["properties"])
    holder["properties"][name] = schema_of(spec)
    _set_required(holder, name, required=spec.required)
    if group:
        holder.setdefault("ui", {})["order"] = [*_order(holder, without=name), name]
        return changed, f"{group}.{name}"
    _page(changed, page)["fields"].append(name)
    return _ordered(changed), name


def change_field(form: Mapping[str, Any], path: str, spec: FieldSpec, *, page: str = "") -> dict[str, Any]:
    """Return the form with a field's settings changed; its name, and so its answers' place, stay.

    ``page`` moves a field of the first level to the end of that page. Raises ``NotFound``.
    """
    changed = _copy(form)
    holder, name = _holder(changed, path)
    holder["properties"][name] = schema_of(spec, holder["properties"][name])
    _set_required(holder, name, required=spec.required)
    if page and holder is changed and name not in _page(changed, page)["fields"]:
        for other in changed["ui"]["pages"]:
            other["fields"] = [one for one in other["fields"] if one != name]
        _page(changed, page)["fields"].append(name)
    return _ordered(changed)


def move_field(form: Mapping[str, Any], path: str, by: int) -> dict[str, Any]:
    """Return the form with a field moved up (-1) or down (1) among its neighbours.

    At the end of a page it goes on to the next page. Raises ``NotFound``.
    """
    changed = _copy(form)
    holder, name = _holder(changed, path)
    if holder is not changed:
        order = _order(holder)
        _shift(order, order.index(name), by)
        holder.setdefault("ui", {})["order"] = order
        return changed
    pages = changed["ui"]["pages"]
    place = next(number for number, page in enumerate(pages) if name in page["fields"])
    fields = pages[place]["fields"]
    at = fields.index(name)
    if 0 <= at + by < len(fields):
        _shift(fields, at, by)
    elif 0 <= place + by < len(pages):
        fields.remove(name)
        target = pages[place + by]["fields"]
        target.insert(0 if by > 0 else len(target), name)
    return _ordered(changed)


def remove_field(form: Mapping[str, Any], path: str) -> dict[str, Any]:
    """Return the form without a field and all that is in it. Raises ``NotFound``."""
    changed = _copy(form)
    holder, name = _holder(changed, path)
    del holder["properties"][name]
    _set_required(holder, name, required=False)
    if "order" in holder.get("ui", {}):
        holder["ui"]["order"] = [one for one in holder["ui"]["order"] if one != name]
    if holder is changed:
        for page in changed["ui"]["pages"]:
            page["fields"] = [one for one in page["fields"] if one != name]
    return _with_rules(changed)


def uses_of(form: Mapping[str, Any], path: str) -> list[str]:
    """Return the labels of fields and pages whose condition or rule asks a field."""
    name = path.rpartition(".")[2]
    asked = {path, name}
    found = []
    for page in outline(form):
        if asked & fields_of(page.show_if):
            found.append(page.label)
        found += [
            line.spec.label for line in page.fields if line.path != path and asked & _asked_by(line.spec)
        ]
    return found


def _asked_by(spec: FieldSpec) -> frozenset[str]:
    return fields_of(spec.show_if) | fields_of(spec.required_if) | asked_by_rules(spec.rules)


def _has_shape(form: Mapping[str, Any]) -> bool:
    return META.is_valid(form) and SHAPE.is_valid(form)


def _copy(form: Mapping[str, Any]) -> dict[str, Any]:
    if not _has_shape(form):
        raise FormMalformed
    changed = copy.deepcopy(dict(form))
    changed.setdefault("type", "object")
    changed.setdefault("properties", {})
    pages = [{**page, "fields": list(page["fields"])} for page in _pages(changed)]
    changed["ui"] = {**changed.get("ui", {}), "pages": pages}
    return changed


def _pages(form: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    pages = form.get("ui", {}).get("pages")
    if pages:
        return list(pages)
    return [{"key": "noi_dung", "label": form.get("title", ""), "fields": _order(form)}]


def _page(form: Mapping[str, Any], key: str) -> dict[str, Any]:
    for page in form["ui"]["pages"]:
        if page["key"] == key:
            return page  # type: ignore[no-any-return]
    raise NotFound


def _order(holder: Mapping[str, Any], *, without: str = "") -> list[str]:
    properties, ui = holder.get("properties", {}), holder.get("ui", {})
    said = ui.get("order", ()) if isinstance(ui, Mapping) else ()
    first = [name for name in said if name in properties]
    return [name for name in dict.fromkeys([*first, *properties]) if name != without]


def _ordered(form: dict[str, Any]) -> dict[str, Any]:
    """Keep the order of fields as the pages show them: conditions may ask only what stands before."""
    form["ui"]["order"] = [name for page in form["ui"]["pages"] for name in page["fields"]]
    return _with_rules(form)


def _with_rules(form: dict[str, Any]) -> dict[str, Any]:
    """What a rule says of fields that left its page falls away; with too few of them the rule does."""
    for page in form["ui"]["pages"]:
        for rule in PAGE_RULES:
            if rule.key not in page:
                continue
            names = [name for name in page[rule.key]["fields"] if name in page["fields"]]
            page[rule.key] = {**page[rule.key], "fields": names}
            if len(names) < rule.least:
                del page[rule.key]
    return form


def _inside(schema: Mapping[str, Any]) -> dict[str, Any] | None:
    kind = kind_of(schema)
    if kind == "group":
        return schema  # type: ignore[return-value]
    return schema.get("items") if kind == "list" else None


def _group(form: Mapping[str, Any], path: str) -> dict[str, Any]:
    holder, name = _holder(form, path)
    inside = _inside(holder["properties"][name])
    if inside is None:
        raise NotFound
    inside.setdefault("properties", {})
    return inside


def _holder(form: Mapping[str, Any], path: str) -> tuple[dict[str, Any], str]:
    """Return what holds a field, and the field's own name. Raises ``NotFound``."""
    *groups, name = path.split(".")
    holder: Any = form
    for group in groups:
        schema = holder.get("properties", {}).get(group)
        holder = _inside(schema) if schema else None
        if holder is None:
            raise NotFound
    if name not in holder.get("properties", {}):
        raise NotFound
    return holder, name


def _set_required(holder: dict[str, Any], name: str, *, required: bool) -> None:
    others = [one for one in holder.get("required", ()) if one != name]
    holder["required"] = [*others, name] if required else others


def _shift(items: list[Any], at: int, by: int) -> None:
    to = max(0, min(len(items) - 1, at + by))
    items.insert(to, items.pop(at))
