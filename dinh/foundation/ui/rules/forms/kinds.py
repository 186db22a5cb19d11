"""Kinds of fields as somebody who builds a form chooses them, and a field's settings as plain values.

A kind is a widget with the type that it holds. ``spec_of`` reads a field's settings out of its schema,
``schema_of`` writes them back; keywords that the screen does not offer stay as they were.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dinh.foundation.ui.rules.forms.definition import choices_of, natural_widget, type_of
from dinh.foundation.ui.rules.forms.field_rules import rules_of, said_rules
from dinh.kernel.errors import N_

__all__ = [
    "AUTOCOMPLETES",
    "KINDS",
    "MESSAGES",
    "WIDTHS",
    "FieldSpec",
    "Kind",
    "kind_of",
    "messages_of",
    "schema_of",
    "spec_of",
]

# When a field says a sentence of its own in place of the usual one, by the setting or kind that it goes with.
MESSAGES: dict[str, tuple[str, str]] = {
    "required": (N_("Khi chưa trả lời"), "required"),
    "minLength": (N_("Khi ngắn hơn mức ít nhất"), "length"),
    "maxLength": (N_("Khi dài hơn mức nhiều nhất"), "length"),
    "pattern": (N_("Khi không theo đúng dạng"), "pattern"),
    "minimum": (N_("Khi nhỏ hơn giá trị nhỏ nhất"), "range"),
    "maximum": (N_("Khi lớn hơn giá trị lớn nhất"), "range"),
    "exclusiveMinimum": (N_("Khi không lớn hơn mức phải lớn hơn"), "range"),
    "exclusiveMaximum": (N_("Khi không nhỏ hơn mức phải nhỏ hơn"), "range"),
    "multipleOf": (N_("Khi không phải là bội số"), "range"),
    "type": (N_("Khi không phải là số"), "range"),
    "minItems": (N_("Khi ít mục hơn mức ít nhất"), "items"),
    "maxItems": (N_("Khi nhiều mục hơn mức nhiều nhất"), "items"),
    "choice": (N_("Khi mục không có trong danh sách"), "choices"),
    "not_a_date": (N_("Khi không phải là ngày"), "days"),
    "not_before": (N_("Khi trước ngày sớm nhất"), "days"),
    "not_after": (N_("Khi sau ngày muộn nhất"), "days"),
    "format": (N_("Khi sai dạng của kiểu này"), "format"),
}
WIDTHS = ("10", "16", "20", "30")
# What a browser may offer to fill in (WCAG 2.2, 1.3.5), in the words of screens.
AUTOCOMPLETES = {
    "name": N_("Họ và tên"),
    "bday": N_("Ngày sinh"),
    "tel": N_("Số điện thoại"),
    "email": N_("Thư điện tử"),
    "street-address": N_("Địa chỉ"),
    "organization": N_("Tên tổ chức"),
    "organization-title": N_("Chức vụ"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: ``asks`` names the settings that it has beside label, help, and conditions.

    Settings: ``length``, ``range``, ``days``, ``choices``, ``rows``, ``picks`` (how many choices),
    ``pattern``, ``suffix``, ``prefill``, ``required``, ``typed`` (words in the empty box, what a browser may
    fill in), ``width``, ``shown_as``, ``format`` (the kind checks the form of what is typed).
    """

    code: str
    label: str
    help: str
    widget: str
    type: str
    asks: frozenset[str] = frozenset()


def _kind(code: str, label: str, help: str, widget: str, type: str, *asks: str) -> Kind:
    return Kind(code, label, help, widget, type, frozenset(asks))


_TYPED = ("required", "prefill", "typed")

KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        _kind("text", N_("Chữ ngắn"), N_("Một dòng: tên, nơi cấp."), "text", "string", "length",
              "pattern", "width", *_TYPED),
        _kind("textarea", N_("Đoạn văn"), N_("Nhiều dòng: lý do."), "textarea", "string", "length",
              "required", "typed"),
        _kind("number", N_("Số có phần lẻ"), N_("Diện tích, hệ số."), "number", "number", "range", "suffix",
              "required"),
        _kind("whole", N_("Số nguyên"), N_("Số người, số bản."), "number", "integer", "range", "suffix",
              "required"),
        _kind("money", N_("Số tiền"), N_("Tính bằng đồng."), "money", "integer", "range", "required"),
        _kind("date", N_("Ngày"), N_("Ngày/tháng/năm."), "date", "string", "days", "format",
              *_TYPED),
        _kind("year", N_("Năm"), N_("Bốn chữ số."), "year", "integer", "range", "required"),
        _kind("month", N_("Tháng"), N_("Tháng/năm."), "month", "string", "required", "format"),
        _kind("time", N_("Giờ"), N_("Giờ và phút."), "time", "string", "required", "format"),
        _kind("choice", N_("Chọn một"), N_("Danh sách có sẵn, chọn một mục."), "", "string", "choices",
              "shown_as", "required"),
        _kind("choices", N_("Chọn nhiều"), N_("Danh sách có sẵn, chọn nhiều mục."), "checkboxes", "array",
              "choices", "picks", "required"),
        _kind("yes_no", N_("Có hoặc không"), N_("Câu hỏi có hai câu trả lời."), "yes_no", "boolean",
              "required"),
        _kind("agree", N_("Ô đánh dấu"), N_("Cam đoan, đồng ý."), "checkbox", "boolean", "required"),
        _kind("phone", N_("Số điện thoại"), N_("Mười số."), "phone", "string", "format", *_TYPED),
        _kind("email", N_("Thư điện tử"), N_("Địa chỉ thư điện tử."), "email", "string", "format",
              *_TYPED),
        _kind("identity_number", N_("Số định danh cá nhân"), N_("Mười hai số."), "identity_number", "string",
              "format", "required", "prefill"),
        _kind("tax_code", N_("Mã số thuế"), N_("Có kiểm tra chữ số cuối."), "tax_code", "string",
              "format", "required"),
        _kind("address", N_("Địa chỉ"), N_("Số nhà, thôn, xã, huyện, tỉnh."), "address", "string", "length",
              *_TYPED),
        _kind("commune", N_("Xã, phường, thị trấn"), N_("Chọn trong các xã của huyện nhận hồ sơ."), "select",
              "string", "required"),
        _kind("note", N_("Lời giải thích"), N_("Không hỏi gì, chỉ để đọc."), "note", "null"),
        _kind("group", N_("Nhóm câu hỏi"), N_("Các câu hỏi về một người, một vật."), "group", "object",
              "required"),
        _kind("list", N_("Bảng lặp lại"), N_("Nhóm câu hỏi điền nhiều lần."), "list", "array", "rows",
              "required"),
    )
}  # fmt: skip
_BY_WIDGET = {kind.widget: kind.code for kind in KINDS.values() if kind.widget}
_RANGE = {
    "range": ("minimum", "maximum"),
    "length": ("minLength", "maxLength"),
    "rows": ("minItems", "maxItems"),
    "picks": ("minItems", "maxItems"),
}
_BEYOND = ("exclusiveMinimum", "exclusiveMaximum", "multipleOf")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """A field's settings. ``least`` and ``most`` are limits of length, value or rows, as the kind asks.

    ``choices`` are pairs of stored value and words; an empty value is made from the words; ``choice_help``
    says more of some, by their value as text. A number is greater than ``above``, less than ``below`` and a
    multiple of ``multiple``. ``rules`` are its rules over the day and other answers by their key (see
    ``FIELD_RULES``), ``messages`` its own sentences by what is wrong (see ``MESSAGES``, and the rules).
    ``shown_as``: ``radios`` or ``select``; empty: as their number asks.
    """

    kind: str
    label: str
    help: str = ""
    required: bool = False
    choices: tuple[tuple[Any, str], ...] = ()
    choice_help: Mapping[str, str] = field(default_factory=dict)
    shown_as: str = ""
    least: int | float | None = None
    most: int | float | None = None
    above: int | float | None = None
    below: int | float | None = None
    multiple: int | float | None = None
    pattern: str = ""
    not_before: str = ""
    not_after: str = ""
    rules: Mapping[str, Any] = field(default_factory=dict)
    messages: Mapping[str, str] = field(default_factory=dict)
    prefill: str = ""
    placeholder: str = ""
    autocomplete: str = ""
    width: str = ""
    suffix: str = ""
    item: str = ""
    show_if: Mapping[str, Any] | None = None
    required_if: Mapping[str, Any] | None = None


def kind_of(schema: Mapping[str, Any]) -> str:
    """Return the code of the kind that a field's schema is."""
    ui = schema.get("ui", {})
    widget = ui.get("widget") or natural_widget(schema)
    if widget in ("select", "radios"):
        return "commune" if ui.get("source") else "choice"
    if widget == "number":
        return "whole" if type_of(schema, widget) == "integer" else "number"
    return _BY_WIDGET.get(widget, "text")


def spec_of(schema: Mapping[str, Any], *, required: bool) -> FieldSpec:
    """Return the settings of a field as its schema holds them."""
    kind = KINDS[kind_of(schema)]
    ui = schema.get("ui", {})
    least, most = next((pair for name, pair in _RANGE.items() if name in kind.asks), ("", ""))
    above, below, multiple = _BEYOND if "range" in kind.asks else ("", "", "")
    widget = "checkboxes" if kind.code == "choices" else "radios"
    choices = choices_of(schema, widget) if "choices" in kind.asks else ()
    offered = messages_of(kind)
    return FieldSpec(
        kind=kind.code,
        label=ui.get("label") or schema.get("title", ""),
        help=ui.get("help", ""),
        required=required,
        choices=tuple((choice.value, choice.label) for choice in choices),
        choice_help={str(choice.value): choice.help for choice in choices if choice.help},
        shown_as=ui.get("widget", "") if "shown_as" in kind.asks else "",
        least=schema.get(least),
        most=schema.get(most),
        above=schema.get(above),
        below=schema.get(below),
        multiple=schema.get(multiple),
        pattern=schema.get("pattern", "") if "pattern" in kind.asks else "",
        not_before=ui.get("not_before", ""),
        not_after=ui.get("not_after", ""),
        rules=said_rules(kind.code, ui),
        messages={name: said for name, said in ui.get("messages", {}).items() if name in offered},
        prefill=ui.get("prefill", ""),
        placeholder=ui.get("placeholder", ""),
        autocomplete=ui.get("autocomplete", ""),
        width=ui.get("width", ""),
        suffix=ui.get("suffix", ""),
        item=ui.get("item", ""),
        show_if=ui.get("show_if"),
        required_if=ui.get("required_if"),
    )


def messages_of(kind: Kind) -> dict[str, str]:
    """What a field of the kind may have its own sentence for, in the words of screens."""
    items = {"items"} if kind.asks & {"rows", "picks"} else set()
    usual = {name: words for name, (words, setting) in MESSAGES.items() if setting in kind.asks | items}
    return usual | {rule.key: rule.message for rule in rules_of(kind.code) if rule.message}


def schema_of(spec: FieldSpec, before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a field's schema with these settings; of ``before`` stays what the settings do not say.

    A field that becomes another kind keeps its label, help and conditions, and a group that becomes a
    list (or the other way) its fields.
    """
    kind = KINDS[spec.kind]
    before = before or {}
    was = kind_of(before) if before else ""
    asked = _asked_keywords(kind)
    kept = {key: value for key, value in before.items() if key not in asked} if was == spec.kind else {}
    schema = {**kept, "type": kind.type}
    if spec.kind in ("group", "list"):
        inner = before.get("items", {}) if was == "list" else before if was == "group" else {}
        fields = {"properties": inner.get("properties", {}), "required": list(inner.get("required", ()))}
        order = inner.get("ui", {}).get("order")
        if spec.kind == "list":
            schema["items"] = {
                **fields,
                "type": "object",
                "ui": {"order": order or list(fields["properties"])},
            }
        else:
            schema |= fields
    schema |= _limits(kind, spec)
    if "choices" in kind.asks:
        schema |= _choices(kind, spec)
        schema.pop("enum", None)
    schema["ui"] = _ui(kind, spec, kept.get("ui", {}), before if spec.kind == was == "group" else {})
    return schema


def _asked_keywords(kind: Kind) -> frozenset[str]:
    """The keywords of a schema that the settings of a kind say whole."""
    pair = next((pair for name, pair in _RANGE.items() if name in kind.asks), ())
    beyond = _BEYOND if "range" in kind.asks else ()
    return frozenset((*pair, *beyond, *(["pattern"] if "pattern" in kind.asks else [])))


def _limits(kind: Kind, spec: FieldSpec) -> dict[str, Any]:
    pair = next((pair for name, pair in _RANGE.items() if name in kind.asks), ())
    said: dict[str, Any] = dict(zip(pair, (spec.least, spec.most), strict=False))
    if "range" in kind.asks:
        said |= dict(zip(_BEYOND, (spec.above, spec.below, spec.multiple), strict=True))
    if "pattern" in kind.asks:
        said["pattern"] = spec.pattern or None
    return {key: value for key, value in said.items() if value is not None}


def _choices(kind: Kind, spec: FieldSpec) -> dict[str, Any]:
    options = [
        {"const": value, "title": words}
        | ({"description": spec.choice_help[str(value)]} if spec.choice_help.get(str(value)) else {})
        for value, words in spec.choices
    ]
    type_ = "integer" if options and all(isinstance(one["const"], int) for one in options) else "string"
    if kind.code == "choices":
        return {"items": {"type": type_, "oneOf": options}}
    return {"type": type_, "oneOf": options}


def _ui(kind: Kind, spec: FieldSpec, kept: Mapping[str, Any], group: Mapping[str, Any]) -> dict[str, Any]:
    by_setting = {
        "prefill": {"prefill": spec.prefill},
        "suffix": {"suffix": spec.suffix},
        "rows": {"item": spec.item},
        "typed": {"placeholder": spec.placeholder, "autocomplete": spec.autocomplete},
        "width": {"width": spec.width},
        "days": {"not_before": spec.not_before, "not_after": spec.not_after},
    }
    said = {
        "label": spec.label,
        "help": spec.help,
        **{
            key: value
            for setting in by_setting
            if setting in kind.asks
            for key, value in by_setting[setting].items()
        },
        **dict.fromkeys((rule.key for rule in rules_of(kind.code)), None),
        **said_rules(kind.code, spec.rules),
        "messages": _messages(kind, spec, kept),
        "show_if": spec.show_if,
        "required_if": spec.required_if,
        "widget": kind.widget or spec.shown_as,
        "source": "communes" if kind.code == "commune" else "",
        "order": group.get("ui", {}).get("order", ()),
    }
    return {**{key: value for key, value in kept.items() if key not in said},
            **{key: value for key, value in said.items() if value}}  # fmt: skip


def _messages(kind: Kind, spec: FieldSpec, kept: Mapping[str, Any]) -> dict[str, str]:
    """The field's own sentences; that of a rule goes with the rule."""
    offered = messages_of(kind)
    gone = {rule.key for rule in rules_of(kind.code)} - set(said_rules(kind.code, spec.rules))
    said = {
        key: words for key, words in spec.messages.items() if words and key in offered and key not in gone
    }
    return {**{key: words for key, words in kept.get("messages", {}).items() if key not in offered}, **said}
