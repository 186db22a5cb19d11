"""Kinds of fields as somebody who builds a form chooses them, and a field's settings as plain values.

A kind is a widget with the type that it holds. ``spec_of`` reads a field's settings out of its schema,
``schema_of`` writes them back; keywords that the screen does not offer stay as they were.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dinh.foundation.ui.rules.forms.definition import choices_of, natural_widget, type_of
from dinh.foundation.ui.rules.forms.limits import COMPARABLE
from dinh.kernel.errors import N_

__all__ = ["KINDS", "FieldSpec", "Kind", "kind_of", "schema_of", "spec_of"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: ``asks`` names the settings that it has beside label, help, and conditions.

    Settings: ``length``, ``range``, ``days``, ``choices``, ``rows``, ``suffix``, ``prefill``, ``required``.
    """

    code: str
    label: str
    help: str
    widget: str
    type: str
    asks: frozenset[str] = frozenset()


def _kind(code: str, label: str, help: str, widget: str, type: str, *asks: str) -> Kind:
    return Kind(code, label, help, widget, type, frozenset(asks))


_TYPED = ("required", "prefill")

KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        _kind("text", N_("Chữ ngắn"), N_("Một dòng: tên, nơi cấp."), "text", "string", "length", *_TYPED),
        _kind("textarea", N_("Đoạn văn"), N_("Nhiều dòng: lý do."), "textarea", "string", "length",
              "required"),
        _kind("number", N_("Số có phần lẻ"), N_("Diện tích, hệ số."), "number", "number", "range", "suffix",
              "required"),
        _kind("whole", N_("Số nguyên"), N_("Số người, số bản."), "number", "integer", "range", "suffix",
              "required"),
        _kind("money", N_("Số tiền"), N_("Tính bằng đồng."), "money", "integer", "range", "required"),
        _kind("date", N_("Ngày"), N_("Ngày/tháng/năm."), "date", "string", "days", *_TYPED),
        _kind("year", N_("Năm"), N_("Bốn chữ số."), "year", "integer", "range", "required"),
        _kind("time", N_("Giờ"), N_("Giờ và phút."), "time", "string", "required"),
        _kind("choice", N_("Chọn một"), N_("Danh sách có sẵn, chọn một mục."), "", "string", "choices",
              "required"),
        _kind("choices", N_("Chọn nhiều"), N_("Danh sách có sẵn, chọn nhiều mục."), "checkboxes", "array",
              "choices", "required"),
        _kind("yes_no", N_("Có hoặc không"), N_("Câu hỏi có hai câu trả lời."), "yes_no", "boolean",
              "required"),
        _kind("agree", N_("Ô đánh dấu"), N_("Cam đoan, đồng ý."), "checkbox", "boolean", "required"),
        _kind("phone", N_("Số điện thoại"), N_("Mười số."), "phone", "string", *_TYPED),
        _kind("email", N_("Thư điện tử"), N_("Địa chỉ thư điện tử."), "email", "string", *_TYPED),
        _kind("identity_number", N_("Số định danh cá nhân"), N_("Mười hai số."), "identity_number", "string",
              *_TYPED),
        _kind("tax_code", N_("Mã số thuế"), N_("Có kiểm tra chữ số cuối."), "tax_code", "string", "required"),
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
}
_SETTINGS = frozenset(name for pair in _RANGE.values() for name in pair)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """A field's settings. ``least`` and ``most`` are limits of length, value or rows, as the kind asks.

    ``choices`` are pairs of stored value and words; an empty value is made from the words. A date is at most
    ``within_days`` or ``within_months`` before the day of filing unless ``within_unless`` holds;
    ``within_message`` says what to do then. ``least_age`` are full years; ``not_above`` and ``not_below``
    name another field; ``refuse_message`` is what ``refuse_if`` says.
    """

    kind: str
    label: str
    help: str = ""
    required: bool = False
    choices: tuple[tuple[Any, str], ...] = ()
    least: int | float | None = None
    most: int | float | None = None
    not_before: str = ""
    not_after: str = ""
    within_days: int | None = None
    within_months: int | None = None
    within_unless: Mapping[str, Any] | None = None
    within_message: str = ""
    least_age: int | None = None
    age_message: str = ""
    not_above: str = ""
    not_below: str = ""
    refuse_if: Mapping[str, Any] | None = None
    refuse_message: str = ""
    prefill: str = ""
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
    messages = ui.get("messages", {})
    least, most = next((pair for name, pair in _RANGE.items() if name in kind.asks), ("", ""))
    widget = "checkboxes" if kind.code == "choices" else "radios"
    return FieldSpec(
        kind=kind.code,
        label=ui.get("label") or schema.get("title", ""),
        help=ui.get("help", ""),
        required=required,
        choices=tuple((choice.value, choice.label) for choice in choices_of(schema, widget))
        if "choices" in kind.asks
        else (),
        least=schema.get(least),
        most=schema.get(most),
        not_before=ui.get("not_before", ""),
        not_after=ui.get("not_after", ""),
        within_days=ui.get("within_days"),
        within_months=ui.get("within_months"),
        within_unless=ui.get("within_unless"),
        within_message=messages.get("within_days") or messages.get("within_months", ""),
        least_age=ui.get("least_age"),
        age_message=messages.get("least_age", ""),
        not_above=ui.get("not_above", ""),
        not_below=ui.get("not_below", ""),
        refuse_if=ui.get("refuse_if"),
        refuse_message=messages.get("refuse_if", ""),
        prefill=ui.get("prefill", ""),
        suffix=ui.get("suffix", ""),
        item=ui.get("item", ""),
        show_if=ui.get("show_if"),
        required_if=ui.get("required_if"),
    )


def schema_of(spec: FieldSpec, before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a field's schema with these settings; of ``before`` stays what the settings do not say.

    A field that becomes another kind keeps its label, help and conditions, and a group that becomes a
    list (or the other way) its fields.
    """
    kind = KINDS[spec.kind]
    before = before or {}
    was = kind_of(before) if before else ""
    kept = {key: value for key, value in before.items() if key not in _SETTINGS} if was == spec.kind else {}
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


def _limits(kind: Kind, spec: FieldSpec) -> dict[str, Any]:
    pair = next((pair for name, pair in _RANGE.items() if name in kind.asks), ())
    return {
        key: value for key, value in zip(pair, (spec.least, spec.most), strict=False) if value is not None
    }


def _choices(kind: Kind, spec: FieldSpec) -> dict[str, Any]:
    options = [{"const": value, "title": words} for value, words in spec.choices]
    type_ = "integer" if options and all(isinstance(one["const"], int) for one in options) else "string"
    if kind.code == "choices":
        return {"items": {"type": type_, "oneOf": options}}
    return {"type": type_, "oneOf": options}


def _ui(kind: Kind, spec: FieldSpec, kept: Mapping[str, Any], group: Mapping[str, Any]) -> dict[str, Any]:
    said = {
        "label": spec.label,
        "help": spec.help,
        "prefill": spec.prefill if "prefill" in kind.asks else "",
        "suffix": spec.suffix if "suffix" in kind.asks else "",
        "item": spec.item if kind.code == "list" else "",
        "not_before": spec.not_before if "days" in kind.asks else "",
        "not_after": spec.not_after if "days" in kind.asks else "",
        **_rules(kind, spec, kept),
        "show_if": spec.show_if,
        "required_if": spec.required_if,
        "widget": kind.widget or kept.get("widget", ""),
        "source": "communes" if kind.code == "commune" else "",
        "order": group.get("ui", {}).get("order", ()),
    }
    return {**{key: value for key, value in kept.items() if key not in said},
            **{key: value for key, value in said.items() if value}}  # fmt: skip


def _rules(kind: Kind, spec: FieldSpec, kept: Mapping[str, Any]) -> dict[str, Any]:
    """What the day of filing and other answers let the answer be, with the sentences for when it is not."""
    has_days, has_more = "days" in kind.asks, kind.widget in COMPARABLE
    is_limited = has_days and bool(spec.within_days or spec.within_months)
    may_refuse = kind.code not in ("group", "list", "note")
    said = {
        "within_days": spec.within_message if is_limited and spec.within_days else "",
        "within_months": spec.within_message if is_limited and spec.within_months else "",
        "least_age": spec.age_message if has_days and spec.least_age else "",
        "refuse_if": spec.refuse_message if may_refuse and spec.refuse_if else "",
    }
    others = {key: words for key, words in kept.get("messages", {}).items() if key not in said}
    return {
        "within_days": spec.within_days if has_days else None,
        "within_months": spec.within_months if has_days else None,
        "within_unless": spec.within_unless if is_limited else None,
        "least_age": spec.least_age if has_days else None,
        "not_above": spec.not_above if has_more else "",
        "not_below": spec.not_below if has_more else "",
        "refuse_if": spec.refuse_if if may_refuse else None,
        "messages": others | {key: words for key, words in said.items() if words},
    }
