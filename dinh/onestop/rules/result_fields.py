"""The fields of a result as a form: the same kinds, inputs and sentences as the forms that citizens fill in.

What a draft holds is words, as the paper prints them: ``05/09/1990``, ``50.000.000``, ``Có án tích: …``. The
form reads them like something typed, so a draft is checked the same way on the screen and before a signature.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dinh.kernel.conditions import holds
from dinh.kernel.dates import date_in_words, read_date
from dinh.kernel.errors import N_, Refused
from dinh.kernel.sentences import Sentence, say
from dinh.onestop.rules.definition import ResultField, ResultTemplate

__all__ = [
    "FIELD_KINDS",
    "FURTHER",
    "NUMBERS",
    "PAPERS",
    "WRITTEN_BY_SYSTEM",
    "ResultIncomplete",
    "asks_words",
    "check_fields",
    "chosen_of",
    "field_schema",
    "follows_first",
    "form_of",
    "has_day_met",
    "has_paper",
    "is_required",
    "joined",
    "written",
]

# What may be written in a field, in the words of screens.
FIELD_KINDS: Mapping[str, str] = {
    "text": N_("Chữ ngắn"),
    "textarea": N_("Đoạn văn"),
    "date": N_("Ngày"),
    "date_words": N_("Ngày ghi bằng chữ (hệ thống tự ghi)"),
    "whole": N_("Số nguyên"),
    "number": N_("Số có phần lẻ"),
    "money": N_("Số tiền"),
    "month": N_("Tháng"),
    "identity_number": N_("Số định danh cá nhân"),
    "choice": N_("Chọn một"),
    "paper": N_("Tệp của hồ sơ, in cùng kết quả"),
    "picture": N_("Ảnh lấy từ giấy tờ của hồ sơ (hệ thống tự đặt)"),
    "book": N_("Quyển số (hệ thống tự ghi)"),
    "first": N_("Như kết quả thứ nhất (hệ thống tự ghi)"),
    "met": N_("Ngày gặp người nộp (hệ thống tự ghi)"),
}
# Kinds that have more and less, and what of a question's limits a line filled by it keeps.
NUMBERS = ("whole", "number", "money")
_KEPT = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
# Kinds that nobody fills in.
WRITTEN_BY_SYSTEM = ("date_words", "book", "first", "met", "picture")
# The name of the list of the dossier's files, as forms name lists of choices.
PAPERS = "papers"
# What follows the name of a choice's input in that of the words it asks for.
FURTHER = "__them"
LONGEST_LINE, LONGEST_WORDS = 500, 4000
_LAST = "…"


class ResultIncomplete(Refused):
    message = N_(
        "Dự thảo “%(result)s” còn mục thiếu hoặc chưa đúng: %(labels)s. Hãy sửa các mục được đánh dấu và lập"
        " lại dự thảo; lãnh đạo thì trả lại người soạn."
    )


def is_required(field: ResultField, data: Mapping[str, Any]) -> bool:
    """Whether a result cannot be signed without the field; ``data`` are the form's answers."""
    if field.required_if is not None:
        return holds(field.required_if, data)
    return not field.optional


def has_paper(template: ResultTemplate) -> bool:
    """Whether a result is printed with one of the dossier's files."""
    return any(field.kind == "paper" for field in template.fields)


def follows_first(template: ResultTemplate) -> bool:
    """Whether a further result repeats what the first one says, so that the two cannot differ."""
    return any(field.kind == "first" for field in template.fields)


def has_day_met(template: ResultTemplate) -> bool:
    """Whether a result prints the day on which the applicant was met."""
    return any(field.kind == "met" for field in template.fields)


def asks_words(choice: str) -> bool:
    """Whether a choice is completed with words: it ends with "…"."""
    return choice.endswith(_LAST)


def _stem(choice: str) -> str:
    return choice.removesuffix(_LAST).rstrip()


def joined(choice: str, words: str) -> str:
    """The words that the paper prints for a choice and what was written to it."""
    return f"{_stem(choice)} {words}".strip() if asks_words(choice) else choice


def chosen_of(field: ResultField, text: str) -> tuple[str, str]:
    """Return the choice that printed words begin with, and the words written to it."""
    if text in field.choices:
        return text, ""
    for choice in sorted(field.choices, key=len, reverse=True):
        if asks_words(choice) and text.startswith(_stem(choice)):
            return choice, text.removeprefix(_stem(choice)).strip()
    return text, ""


def form_of(
    template: ResultTemplate,
    data: Mapping[str, Any],
    *,
    before: str = "",
    asked: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the form (see ``foundation.ui.rules.forms``) that fills in a result's fields.

    ``before`` stands before every name: the forms of several results lie on one page. ``asked`` is the form
    that the applicant filled in: a line that a question fills first keeps the question's limits.
    """
    properties: dict[str, Any] = {}
    required = []
    for field in template.fields:
        if field.kind in WRITTEN_BY_SYSTEM:
            continue
        name = f"{before}{field.name}"
        properties[name] = _bounded(field, field_schema(field), before, _question(asked or {}, field.source))
        if is_required(field, data):
            required.append(name)
        asking = [choice for choice in field.choices if asks_words(choice)] if field.kind == "choice" else []
        if asking:
            properties[f"{name}{FURTHER}"] = _further(name, field.label, asking)
    return {
        "type": "object",
        "required": required,
        "properties": properties,
        "ui": {"order": list(properties)},
    }


def _question(form: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    """The part of a form at a dotted name, empty when there is none."""
    part: Mapping[str, Any] = form if path else {}
    for name in path.split("."):
        part = part.get("properties", {}).get(name, {})
    return part


def _bounded(
    field: ResultField, schema: dict[str, Any], before: str, question: Mapping[str, Any]
) -> dict[str, Any]:
    """A field's schema within its own limits, those of its question, and those that other fields set."""
    if field.kind in NUMBERS:
        asked = {key: question[key] for key in _KEPT if key in question}
        own = {"minimum": field.minimum, "maximum": field.maximum}
        others = {"not_above": field.not_above, "not_below": field.not_below}
        said = {key: limit for key, limit in own.items() if limit is not None}
        named = {key: f"{before}{name}" for key, name in others.items() if name}
        return {**schema, **asked, **said, "ui": {**schema["ui"], **named}}
    style = question.get("ui", {}).get("written_as")
    if style and not field.kind and not field.long:
        return {**schema, "ui": {**schema["ui"], "written_as": style}}
    return schema


def _further(name: str, label: str, asking: Sequence[str]) -> dict[str, Any]:
    when = {"field": name, "in": list(asking)}
    chosen = " / ".join(_stem(one).removesuffix(":") for one in asking)
    return {
        "type": "string",
        "maxLength": LONGEST_WORDS - LONGEST_LINE,
        "ui": {"label": f"{label}: {chosen}", "widget": "textarea", "show_if": when, "required_if": when},
    }


def field_schema(field: ResultField) -> dict[str, Any]:
    """Return what a form says about one field of a result."""
    ui: dict[str, Any] = {"label": field.label, **({"help": field.help} if field.help else {})}
    kind = field.kind or ("textarea" if field.long else "text")
    match kind:
        case "date":
            limits = {"not_before": field.not_before, "not_after": field.not_after}
            return {
                "type": "string",
                "ui": {**ui, "widget": "date", **{k: day for k, day in limits.items() if day}},
            }
        case "whole":
            return {"type": "integer", "minimum": 0, "ui": {**ui, "widget": "number"}}
        case "number":
            return {"type": "number", "minimum": 0, "ui": {**ui, "widget": "number"}}
        case "money":
            return {"type": "integer", "minimum": 0, "ui": {**ui, "widget": "money"}}
        case "month":
            return {"type": "string", "ui": {**ui, "widget": "month"}}
        case "identity_number":
            return {"type": "string", "ui": {**ui, "widget": "identity_number"}}
        case "choice":
            options = [{"const": one, "title": one} for one in field.choices]
            return {"type": "string", "oneOf": options, "ui": {**ui, "widget": "radios"}}
        case "paper":
            return {"type": "string", "ui": {**ui, "widget": "select", "source": PAPERS}}
        case "textarea":
            return {"type": "string", "maxLength": LONGEST_WORDS, "ui": {**ui, "widget": "textarea"}}
        case _:
            return {"type": "string", "maxLength": LONGEST_LINE, "ui": ui}


def written(
    template: ResultTemplate,
    content: Mapping[str, str],
    *,
    year: int,
    first: Mapping[str, str] | None = None,
    met: str = "",
) -> dict[str, str]:
    """Return what the system itself writes into a draft: dates in words, the year's number book, what
    ``first``, the draft of the first result, says, and ``met``, the day on which the applicant was met.

    The book is named as TT 01/2020/TT-BTP has it: its number, the year, the series. Each year has one.
    """
    found = {}
    for field in template.fields:
        if field.kind == "date_words":
            on = read_date(content.get(field.of, ""))
            words = date_in_words(on) if on else ""
            found[field.name] = words[:1].upper() + words[1:]
        elif field.kind == "book":
            found[field.name] = f"01/{year}-{template.notation}"
        elif field.kind == "first":
            found[field.name] = (first or {}).get(field.of or field.name, "")
        elif field.kind == "met":
            found[field.name] = met
    return found


def check_fields(result: ResultTemplate, form_fields: Sequence[str]) -> Iterator[Sentence]:
    """Yield what is wrong with the kinds of a result's fields; ``form_fields`` are the form's names."""
    dates = {field.name for field in result.fields if field.kind == "date"}
    if sum(field.kind == "paper" for field in result.fields) > 1:
        yield say(N_("Kết quả “%(name)s” chỉ in kèm được một giấy tờ của hồ sơ."), name=result.name)
    for field in result.fields:
        if field.kind == "choice" and (
            len(field.choices) < 2 or len(set(field.choices)) < len(field.choices)
        ):
            yield say(N_("Mục “%(label)s” cần ít nhất hai lựa chọn khác nhau."), label=field.label)
        if field.kind == "date_words" and field.of not in dates:
            yield say(
                N_("Mục “%(label)s” ghi một ngày bằng chữ, nhưng kết quả không có mục ngày “%(of)s”."),
                label=field.label,
                of=field.of,
            )
        yield from _check_limits(field, {one.name: one for one in result.fields})
        for name in {field.area, field.validity.by if field.validity else ""} - {""}:
            if name not in form_fields:
                yield say(
                    N_("Kết quả lấy “%(label)s” từ trường không có trong biểu mẫu: %(field)s."),
                    label=field.label,
                    field=name,
                )


def _check_limits(field: ResultField, fields: Mapping[str, ResultField]) -> Iterator[Sentence]:
    """Limits that no number keeps, or that a field which holds no number cannot have."""
    others = [name for name in (field.not_above, field.not_below) if name]
    limits = [limit for limit in (field.minimum, field.maximum) if limit is not None]
    if (others or limits) and field.kind not in NUMBERS:
        yield say(N_("Mục “%(label)s” không phải là số nên không đặt giới hạn được."), label=field.label)
    elif len(limits) == 2 and limits[0] > limits[1]:
        yield say(N_("Mục “%(label)s”: số nhỏ nhất lớn hơn số lớn nhất."), label=field.label)
    for name in others:
        other = fields.get(name)
        if other is None or other is field or not _same_numbers(field, other):
            yield say(
                N_(
                    "Mục “%(label)s” không so được với “%(name)s”: chỉ so hai mục khác nhau cùng là số hoặc"
                    " cùng là tiền của kết quả này."
                ),
                label=field.label,
                name=other.label if other else name,
            )


def _same_numbers(one: ResultField, other: ResultField) -> bool:
    return other.kind in NUMBERS and (one.kind == "money") is (other.kind == "money")
