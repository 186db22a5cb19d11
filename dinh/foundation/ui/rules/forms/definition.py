"""Reading a form definition into fields, and saying what is wrong with one."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jsonschema_rs

from dinh.foundation.ui.rules.forms.formats import FORMATS
from dinh.foundation.ui.rules.forms.shape import META, MOST_ROWS, SHAPE
from dinh.kernel.conditions import check_condition, fields_of

__all__ = ["WIDGETS", "Choice", "Field", "Form", "Page", "check_definition", "read_definition"]

# Each widget and the JSON types that it can hold.
WIDGETS: dict[str, tuple[str, ...]] = {
    "text": ("string",),
    "textarea": ("string",),
    "number": ("integer", "number"),
    "money": ("integer",),
    "date": ("string",),
    "year": ("integer",),
    "time": ("string",),
    "select": ("string", "integer"),
    "radios": ("string", "integer"),
    "checkboxes": ("array",),
    "checkbox": ("boolean",),
    "yes_no": ("boolean",),
    "phone": ("string",),
    "email": ("string",),
    "identity_number": ("string",),
    "tax_code": ("string",),
    "group": ("object",),
    "list": ("array",),
    "note": ("null",),
}
LONGEST_TEXT, LONGEST_TEXTAREA = 500, 5000
RADIOS_UP_TO = 5

_LIMITS = (
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
)
_KNOWN = {
    *_LIMITS,
    *("type", "format", "enum", "oneOf", "const", "items", "properties", "required", "ui"),
    *("title", "description", "default", "additionalProperties", "$schema", "$id", "$comment"),
}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose."""

    value: Any
    label: str
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: its dotted name without row numbers, its widget, and what is asked of its value."""

    name: str
    path: str
    widget: str
    type: str
    label: str
    required: bool
    schema: Mapping[str, Any]
    ui: Mapping[str, Any]
    choices: tuple[Choice, ...] = ()
    children: tuple["Field", ...] = ()

    @property
    def show_if(self) -> Mapping[str, Any] | None:
        return self.ui.get("show_if")

    @property
    def most_rows(self) -> int:
        return int(self.schema.get("maxItems", MOST_ROWS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the form and the fields on it."""

    key: str
    label: str
    help: str
    show_if: Mapping[str, Any] | None
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A definition that was read: its fields in order, its pages, and the compiled check of values."""

    fields: tuple[Field, ...]
    pages: tuple[Page, ...]
    validator: Any

    def on_page(self, page: str | None) -> tuple[Field, ...]:
        """The fields of one page, or all; KeyError for a page that is not there."""
        if page is None:
            return self.fields
        for candidate in self.pages:
            if candidate.key == page:
                return candidate.fields
        raise KeyError(page)

    def every_field(self) -> Iterator[Field]:
        """All fields, those in groups and rows too."""
        return _walk(self.fields)


def _walk(fields: tuple[Field, ...]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from _walk(field.children)


def read_definition(definition: Mapping[str, Any]) -> Form:
    """Read a definition that ``check_definition`` accepts. Equal definitions are read once."""
    return _read(json.dumps(definition, ensure_ascii=False, sort_keys=False))


@lru_cache(maxsize=256)
def _read(text: str) -> Form:
    definition = json.loads(text)
    fields = _fields(definition, prefix="")
    schema = _schema_of(fields)
    validator = jsonschema_rs.Draft202012Validator(schema, formats=FORMATS, validate_formats=True)
    return Form(fields, _pages(definition, fields), validator)


def _fields(schema: Mapping[str, Any], prefix: str) -> tuple[Field, ...]:
    required = set(schema.get("required", ()))
    properties: Mapping[str, Any] = schema.get("properties", {})
    order = [name for name in schema.get("ui", {}).get("order", ()) if name in properties]
    names = [*order, *(name for name in properties if name not in order)]
    return tuple(_field(name, properties[name], prefix, required=name in required) for name in names)


def _field(name: str, schema: Mapping[str, Any], prefix: str, *, required: bool) -> Field:
    ui = schema.get("ui", {})
    widget = ui.get("widget") or _natural_widget(schema)
    path = f"{prefix}{name}"
    inner = schema.get("items", {}) if widget == "list" else schema
    nested = widget in ("group", "list")
    return Field(
        name=name,
        path=path,
        widget=widget,
        type=_type(schema, widget),
        label=ui.get("label") or schema.get("title") or name,
        required=required,
        schema=schema,
        ui=ui,
        choices=_choices(schema, widget),
        children=_fields(inner, f"{path}.") if nested else (),
    )


def _type(schema: Mapping[str, Any], widget: str) -> str:
    return str(schema.get("type") or WIDGETS[widget][0])


def _natural_widget(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type", "string")
    if kind == "object":
        return "group"
    if kind == "array":
        return "list" if schema.get("items", {}).get("type") == "object" else "checkboxes"
    if kind == "boolean":
        return "checkbox"
    if "oneOf" in schema or "enum" in schema:
        return "radios" if len(schema.get("oneOf") or schema.get("enum", ())) <= RADIOS_UP_TO else "select"
    if schema.get("ui", {}).get("source"):
        return "select"
    if kind in ("integer", "number"):
        return "number"
    by_format = {"date": "date", "time": "time", "email": "email"}
    if schema.get("format") in by_format:
        return by_format[schema["format"]]
    return "textarea" if schema.get("maxLength", 0) > LONGEST_TEXT else "text"


def _choices(schema: Mapping[str, Any], widget: str) -> tuple[Choice, ...]:
    holder = schema.get("items", {}) if widget == "checkboxes" else schema
    if "oneOf" in holder:
        return tuple(
            Choice(
                option.get("const"),
                option.get("title", str(option.get("const"))),
                option.get("description", ""),
            )
            for option in holder["oneOf"]
        )
    return tuple(Choice(value, str(value)) for value in holder.get("enum", ()))


def _schema_of(fields: tuple[Field, ...]) -> dict[str, Any]:
    """What the values must be. What is required is asked by hand: it depends on conditions."""
    return {"type": "object", "properties": {field.name: _value_schema(field) for field in fields}}


def _value_schema(field: Field) -> dict[str, Any]:
    schema = {key: field.schema[key] for key in _LIMITS if key in field.schema}
    schema["type"] = field.type
    if field.widget == "group":
        return _schema_of(field.children)
    if field.widget == "list":
        return {"maxItems": MOST_ROWS, **schema, "items": _schema_of(field.children)}
    if field.widget == "checkboxes":
        items = {"enum": [choice.value for choice in field.choices]} if field.choices else {"type": "string"}
        return {**schema, "uniqueItems": True, "items": items}
    if field.choices:
        schema["enum"] = [choice.value for choice in field.choices]
    if field.widget in FORMATS:
        schema["format"] = field.widget
    if field.type == "string":
        schema.setdefault("maxLength", LONGEST_TEXTAREA if field.widget == "textarea" else LONGEST_TEXT)
    return schema


def _pages(definition: Mapping[str, Any], fields: tuple[Field, ...]) -> tuple[Page, ...]:
    by_name = {field.name: field for field in fields}
    pages = definition.get("ui", {}).get("pages", ())
    if not pages:
        label = definition.get("title", "")
        return (Page(key="form", label=label, help="", show_if=None, fields=fields),)
    return tuple(
        Page(
            key=page["key"],
            label=page.get("label", ""),
            help=page.get("help", ""),
            show_if=page.get("show_if"),
            fields=tuple(by_name[name] for name in page["fields"]),
        )
        for page in pages
    )


def check_definition(definition: Any) -> list[str]:
    """Say in Vietnamese what is wrong with a definition; an empty list when it can be published."""
    if not isinstance(definition, Mapping) or definition.get("type") != "object":
        return ["Biểu mẫu phải là một đối tượng (type: object)."]
    problems = [*_check_shape(definition)] or [*_check_fields(definition, "", depth=0)]
    if problems:
        return problems
    problems = [*_check_pages(definition)]
    return problems or [*_check_conditions(read_definition(definition))]


def _check_shape(definition: Mapping[str, Any]) -> Iterator[str]:
    for check in (META, SHAPE):
        for error in check.iter_errors(definition):
            place = ".".join(str(step) for step in error.instance_path if step not in ("properties", "items"))
            yield f"{place or 'Biểu mẫu'}: sai cấu trúc: {error.message}"


def _check_fields(schema: Mapping[str, Any], prefix: str, depth: int) -> Iterator[str]:
    properties = schema.get("properties")
    if not isinstance(properties, Mapping) or not properties:
        yield f"{prefix or 'Biểu mẫu'}: chưa có trường nào (properties)."
        return
    for name in schema.get("required", ()):
        if name not in properties:
            yield f"{prefix}{name}: có trong required nhưng không có trong properties."
    for name, inner in properties.items():
        path = f"{prefix}{name}"
        if not _NAME.fullmatch(name):
            yield f"{path}: tên trường chỉ gồm chữ thường không dấu, số và gạch dưới."
        if not isinstance(inner, Mapping) or not isinstance(inner.get("ui", {}), Mapping):
            yield f"{path}: phải là một bảng khóa – giá trị."
            continue
        yield from _check_field(path, inner, depth)


def _check_field(path: str, schema: Mapping[str, Any], depth: int) -> Iterator[str]:
    unknown = sorted(set(schema) - _KNOWN)
    if unknown:
        yield f"{path}: từ khóa chưa dùng được: {', '.join(unknown)}."
        return
    if "ui" not in schema or not (schema["ui"].get("label") or schema.get("title")):
        yield f"{path}: thiếu nhãn (ui.label)."
    widget = schema.get("ui", {}).get("widget") or _natural_widget(schema)
    if widget not in WIDGETS:
        yield f"{path}: không có kiểu nhập “{widget}”. Các kiểu có: {', '.join(WIDGETS)}."
        return
    if _type(schema, widget) not in WIDGETS[widget]:
        yield f"{path}: kiểu nhập {widget} không giữ được giá trị {schema.get('type')}."
    yield from _check_limits(path, schema)
    yield from _check_choices(path, schema, widget)
    if widget in ("group", "list"):
        if depth >= 2:
            yield f"{path}: nhóm lồng quá sâu (tối đa hai tầng)."
            return
        inner = schema.get("items", {}) if widget == "list" else schema
        yield from _check_fields(inner, f"{path}.", depth + 1)


def _check_limits(path: str, schema: Mapping[str, Any]) -> Iterator[str]:
    limits = {key: schema[key] for key in _LIMITS if key in schema}
    try:
        jsonschema_rs.Draft202012Validator(limits)
    except (ValueError, jsonschema_rs.ValidationError) as error:
        yield f"{path}: giới hạn không đúng: {str(error).splitlines()[0]}"
    for low, high in (("minLength", "maxLength"), ("minimum", "maximum"), ("minItems", "maxItems")):
        if low in limits and high in limits and limits[low] > limits[high]:
            yield f"{path}: {low} lớn hơn {high}, không ai điền được."
    messages = schema.get("ui", {}).get("messages", {})
    if "pattern" in limits and "pattern" not in messages:
        yield f"{path}: có pattern thì cần câu giải thích (ui.messages.pattern)."


def _check_choices(path: str, schema: Mapping[str, Any], widget: str) -> Iterator[str]:
    if widget not in ("select", "radios", "checkboxes"):
        return
    choices = _choices(schema, widget)
    source = schema.get("ui", {}).get("source")
    if not choices and not source:
        yield f"{path}: chưa có gì để chọn (oneOf, enum hoặc ui.source)."
    if choices and source:
        yield f"{path}: chỉ dùng một trong hai: danh sách sẵn, hoặc nguồn (ui.source)."
    wanted = int if _type(schema, widget) == "integer" else str
    if any(not isinstance(choice.value, wanted) for choice in choices):
        yield f"{path}: giá trị của lựa chọn không cùng kiểu với trường."
    values = [str(choice.value) for choice in choices]
    if len(set(values)) != len(values):
        yield f"{path}: hai lựa chọn trùng giá trị."


def _check_pages(definition: Mapping[str, Any]) -> Iterator[str]:
    pages = definition.get("ui", {}).get("pages", ())
    if not pages:
        return
    if len({page["key"] for page in pages}) != len(pages):
        yield "Hai trang trùng khóa (key)."
    placed = [name for page in pages for name in page["fields"]]
    for name in dict.fromkeys([*definition["properties"], *placed]):
        if name not in definition["properties"]:
            yield f"{name}: trang có trường này nhưng biểu mẫu thì không."
        elif placed.count(name) != 1:
            yield f"{name}: phải nằm trên đúng một trang, đang ở {placed.count(name)} trang."


def _check_conditions(form: Form) -> Iterator[str]:
    paths = {field.path for field in form.every_field()}
    order = {field.path: place for place, field in enumerate(form.every_field())}
    asked = [
        (field.path, field.ui.get(key)) for field in form.every_field() for key in ("show_if", "required_if")
    ]
    asked += [(page.key, page.show_if) for page in form.pages]
    for owner, condition in asked:
        if condition is None:
            continue
        problems = list(check_condition(condition))
        yield from (f"{owner}: {problem}." for problem in problems)
        if problems:
            continue
        for name in sorted(fields_of(condition)):
            sibling = f"{owner.rpartition('.')[0]}.{name}"
            target = sibling if sibling in paths else name
            if target not in paths:
                yield f"{owner}: điều kiện hỏi trường “{name}” không có trong biểu mẫu."
            elif owner in order and order[target] >= order[owner]:
                yield f"{owner}: điều kiện hỏi trường “{name}” đứng sau nó; hãy đổi thứ tự."
