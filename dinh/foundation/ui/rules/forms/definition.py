"""Reading a form definition into fields."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jsonschema_rs

from dinh.foundation.ui.rules.forms.formats import FORMATS
from dinh.foundation.ui.rules.forms.shape import MOST_ROWS

__all__ = [
    "LIMITS",
    "WIDGETS",
    "AtLeastOne",
    "Choice",
    "Field",
    "Form",
    "Page",
    "choices_of",
    "natural_widget",
    "read_definition",
    "type_of",
]

# Each widget and the JSON types that it can hold.
WIDGETS: dict[str, tuple[str, ...]] = {
    "text": ("string",),
    "textarea": ("string",),
    "number": ("integer", "number"),
    "money": ("integer",),
    "date": ("string",),
    "year": ("integer",),
    "month": ("string",),
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
    "address": ("string",),
    "group": ("object",),
    "list": ("array",),
    "note": ("null",),
}
LONGEST_TEXT, LONGEST_TEXTAREA = 500, 5000
RADIOS_UP_TO = 5

LIMITS = (
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
class AtLeastOne:
    """Fields of one page of which at least one must be answered: names, heading, own sentence."""

    names: tuple[str, ...]
    label: str
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the form and the fields on it; ``some``: those of which one must be answered."""

    key: str
    label: str
    help: str
    show_if: Mapping[str, Any] | None
    fields: tuple[Field, ...]
    some: "AtLeastOne | None" = None


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
    widget = ui.get("widget") or natural_widget(schema)
    path = f"{prefix}{name}"
    inner = schema.get("items", {}) if widget == "list" else schema
    nested = widget in ("group", "list")
    return Field(
        name=name,
        path=path,
        widget=widget,
        type=type_of(schema, widget),
        label=ui.get("label") or schema.get("title") or name,
        required=required,
        schema=schema,
        ui=ui,
        choices=choices_of(schema, widget),
        children=_fields(inner, f"{path}.") if nested else (),
    )


def type_of(schema: Mapping[str, Any], widget: str) -> str:
    return str(schema.get("type") or WIDGETS[widget][0])


def natural_widget(schema: Mapping[str, Any]) -> str:
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


def choices_of(schema: Mapping[str, Any], widget: str) -> tuple[Choice, ...]:
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
    schema = {key: field.schema[key] for key in LIMITS if key in field.schema}
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
            some=_some(page.get("at_least_one")),
        )
        for page in pages
    )


def _some(said: Mapping[str, Any] | None) -> AtLeastOne | None:
    if not said:
        return None
    return AtLeastOne(names=tuple(said["fields"]), label=said["label"], message=said.get("message", ""))
