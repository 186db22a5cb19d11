"""What a definition may look like at all: JSON Schema's own schema, and that of the ``ui`` blocks."""

from typing import Any

import jsonschema_rs

from dinh.foundation.ui.rules.forms.field_rules import FIELD_RULES, PAGE_RULES

__all__ = ["META", "MOST_ROWS", "PAGE_KEYS", "SHAPE", "UI_KEYS"]

MOST_ROWS = 50

META = jsonschema_rs.Draft202012Validator({"$ref": "https://json-schema.org/draft/2020-12/schema"})
_TEXT = {"type": "string", "maxLength": 1000}
_CONDITION = {"type": "object"}
_DAY = {"type": "string", "pattern": r"^(today|\d{4}-\d{2}-\d{2})$"}
_FORM: dict[str, Any] = {
    "$ref": "#/$defs/fields",
    "properties": {
        "ui": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "order": {"type": "array", "items": {"type": "string"}},
                "pages": {"type": "array", "items": {"$ref": "#/$defs/page"}},
            },
        },
    },
    "$defs": {
        "fields": {
            "type": "object",
            "properties": {
                "properties": {"type": "object", "additionalProperties": {"$ref": "#/$defs/field"}},
                "oneOf": {"type": "array", "items": {"$ref": "#/$defs/choice"}},
                "enum": {"type": "array", "items": {"type": ["string", "integer"]}},
            },
        },
        "choice": {
            "type": "object",
            "required": ["const"],
            "properties": {
                "const": {"type": ["string", "integer"]},
                "title": _TEXT,
                "description": _TEXT,
            },
        },
        "field": {
            "$ref": "#/$defs/fields",
            "properties": {
                "type": {"enum": ["string", "integer", "number", "boolean", "array", "object", "null"]},
                "items": {"$ref": "#/$defs/fields"},
                "maxItems": {"maximum": MOST_ROWS},
                "ui": {"$ref": "#/$defs/ui"},
            },
        },
        "page": {
            "type": "object",
            "required": ["key", "fields"],
            "properties": {
                "key": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
                "label": _TEXT,
                "help": _TEXT,
                "show_if": _CONDITION,
                "fields": {"type": "array", "items": {"type": "string"}},
                **{rule.key: rule.shape for rule in PAGE_RULES},
            },
            "additionalProperties": False,
        },
        "ui": {
            "type": "object",
            "properties": {
                **dict.fromkeys(("label", "help", "placeholder", "widget", "source", "prefill"), _TEXT),
                **dict.fromkeys(("suffix", "item", "autocomplete"), _TEXT),
                **dict.fromkeys(("show_if", "required_if"), _CONDITION),
                "not_before": _DAY,
                "not_after": _DAY,
                **{rule.key: rule.shape for rule in FIELD_RULES},
                "messages": {"type": "object", "additionalProperties": _TEXT},
                "order": {"type": "array", "items": {"type": "string"}},
                "width": {"enum": ["10", "16", "20", "30"]},
            },
            "additionalProperties": False,
        },
    },
}
SHAPE = jsonschema_rs.Draft202012Validator(_FORM)
PAGE_KEYS = frozenset(_FORM["$defs"]["page"]["properties"])
UI_KEYS = frozenset(_FORM["$defs"]["ui"]["properties"])
