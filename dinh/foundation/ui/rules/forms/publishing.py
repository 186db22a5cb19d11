"""What is wrong with a form definition, said before it is published."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import jsonschema_rs

from dinh.foundation.ui.rules.forms.definition import (
    LIMITS,
    WIDGETS,
    Field,
    Form,
    choices_of,
    natural_widget,
    read_definition,
    type_of,
)
from dinh.foundation.ui.rules.forms.field_rules import FIELD_RULES
from dinh.foundation.ui.rules.forms.limits import BORN, COMPARED_WITH, can_compare
from dinh.foundation.ui.rules.forms.numbers import NUMBER_RULES, SEXES
from dinh.foundation.ui.rules.forms.shape import META, SHAPE
from dinh.kernel.conditions import check_condition, fields_of
from dinh.kernel.errors import N_

__all__ = ["FIELD_KEYS", "check_definition"]

DEEPEST = 2
FIELD_KEYS = {
    *LIMITS,
    *("type", "format", "enum", "oneOf", "const", "items", "properties", "required", "ui"),
    *("title", "description", "default", "additionalProperties", "$schema", "$id", "$comment"),
}
_WITHIN = ("within_days", "within_months")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


class _Problem(NamedTuple):
    """One thing that is wrong, at a dotted place (empty: the whole form)."""

    place: str
    message: str
    params: Mapping[str, Any] = {}


def check_definition(definition: Any, *, say: Callable[[str], str] = str) -> list[str]:
    """Say what is wrong with a definition, a sentence a fault; empty when it can be published."""
    problems = _problems(definition)
    whole = say(N_("Biểu mẫu"))
    return [f"{problem.place or whole}: {say(problem.message) % problem.params}" for problem in problems]


def _problems(definition: Any) -> list[_Problem]:
    if not isinstance(definition, Mapping) or definition.get("type") != "object":
        return [_Problem("", N_("phải là một đối tượng (type: object)."))]
    problems = [*_check_shape(definition)] or [*_check_fields(definition, "", depth=0)]
    problems = problems or [*_check_pages(definition)]
    return problems or [*_check_conditions(read_definition(definition))]


def _check_shape(definition: Mapping[str, Any]) -> Iterator[_Problem]:
    for check in (META, SHAPE):
        for error in check.iter_errors(definition):
            place = ".".join(str(step) for step in error.instance_path if step not in ("properties", "items"))
            yield _Problem(place, N_("sai cấu trúc: %(reason)s"), {"reason": error.message})


def _check_fields(schema: Mapping[str, Any], prefix: str, depth: int) -> Iterator[_Problem]:
    properties = schema.get("properties")
    if not properties:
        yield _Problem(prefix.rstrip("."), N_("chưa có câu hỏi nào."))
        return
    for name in schema.get("required", ()):
        if name not in properties:
            yield _Problem(f"{prefix}{name}", N_("có trong required nhưng không có trong properties."))
    for name, inner in properties.items():
        path = f"{prefix}{name}"
        if not _NAME.fullmatch(name):
            yield _Problem(path, N_("tên trường chỉ gồm chữ thường không dấu, số và gạch dưới."))
        if not isinstance(inner, Mapping):
            yield _Problem(path, N_("phải là một bảng khóa – giá trị."))
            continue
        yield from _check_field(path, inner, depth)


def _check_field(path: str, schema: Mapping[str, Any], depth: int) -> Iterator[_Problem]:
    unknown = sorted(set(schema) - FIELD_KEYS)
    if unknown:
        yield _Problem(path, N_("từ khóa chưa dùng được: %(names)s."), {"names": ", ".join(unknown)})
        return
    if not (schema.get("ui", {}).get("label") or schema.get("title")):
        yield _Problem(path, N_("thiếu nhãn (ui.label)."))
    widget = schema.get("ui", {}).get("widget") or natural_widget(schema)
    if widget not in WIDGETS:
        known = ", ".join(WIDGETS)
        message = N_("không có kiểu nhập “%(widget)s”. Các kiểu có: %(known)s.")
        yield _Problem(path, message, {"widget": widget, "known": known})
        return
    kind = type_of(schema, widget)
    if kind not in WIDGETS[widget]:
        message = N_("kiểu nhập %(widget)s không giữ được giá trị %(kind)s.")
        yield _Problem(path, message, {"widget": widget, "kind": kind})
    yield from _check_limits(path, schema)
    yield from _check_choices(path, schema, widget)
    yield from _check_days(path, schema.get("ui", {}))
    yield from _check_rules(path, schema.get("ui", {}), widget)
    if widget not in ("group", "list"):
        return
    if depth >= DEEPEST:
        yield _Problem(path, N_("nhóm lồng quá sâu (tối đa hai tầng)."))
        return
    inner = schema.get("items", {}) if widget == "list" else schema
    yield from _check_fields(inner, f"{path}.", depth + 1)


def _check_limits(path: str, schema: Mapping[str, Any]) -> Iterator[_Problem]:
    limits = {key: schema[key] for key in LIMITS if key in schema}
    try:
        jsonschema_rs.Draft202012Validator(limits)
    except (ValueError, jsonschema_rs.ValidationError) as error:
        reason = str(error).splitlines()[0]
        yield _Problem(path, N_("giới hạn không đúng: %(reason)s"), {"reason": reason})
    for low, high in (("minLength", "maxLength"), ("minimum", "maximum"), ("minItems", "maxItems")):
        if low in limits and high in limits and limits[low] > limits[high]:
            message = N_("%(low)s lớn hơn %(high)s, không ai điền được.")
            yield _Problem(path, message, {"low": low, "high": high})
    messages = schema.get("ui", {}).get("messages", {})
    if "pattern" in limits and "pattern" not in messages:
        yield _Problem(path, N_("có pattern thì cần câu giải thích (ui.messages.pattern)."))


def _check_days(path: str, ui: Mapping[str, Any]) -> Iterator[_Problem]:
    """Days that no date can have: sooner or later nobody could fill the field."""
    first, last = ui.get("not_before", ""), ui.get("not_after", "")
    kind = next((key for key in _WITHIN if key in ui), "")
    fixed = [day for day in (first, last) if day and day != "today"]
    if len(fixed) == 2 and first > last:
        yield _Problem(path, N_("ngày sớm nhất đứng sau ngày muộn nhất, không ai điền được."))
    if first == "today" and "least_age" in ui:
        yield _Problem(path, N_("không trước ngày nộp thì không ai đủ tuổi, không ai điền được."))
    yield from _check_ages_and_plans(path, ui)
    if not kind:
        return
    if all(key in ui for key in _WITHIN):
        yield _Problem(path, N_("chỉ dùng một trong hai giới hạn trước ngày nộp: số ngày, hoặc số tháng."))
    if last and last != "today" and "within_unless" not in ui:
        message = N_(
            "không sau ngày %(last)s mà không quá %(days)s ngày trước ngày nộp: sẽ không ai điền được."
        )
        if kind == "within_months":
            message = N_(
                "không sau ngày %(last)s mà không quá %(days)s tháng trước ngày nộp: sẽ không ai điền được."
            )
        yield _Problem(path, message, {"last": last, "days": ui[kind]})
    if first == "today":
        yield _Problem(path, N_("không trước ngày nộp thì không cần giới hạn số ngày trước ngày nộp."))
    if not ui.get("messages", {}).get(kind):
        yield _Problem(
            path, N_("có giới hạn số ngày trước ngày nộp thì cần câu chỉ cách làm khi đã quá hạn.")
        )


def _check_ages_and_plans(path: str, ui: Mapping[str, Any]) -> Iterator[_Problem]:
    """Ages that nobody has, and plans that come too late for their own limits."""
    last = ui.get("not_after", "")
    if "under_age" in ui and ui.get("least_age", 0) >= ui["under_age"]:
        yield _Problem(path, N_("số tuổi phải đủ không nhỏ hơn số tuổi chưa được đủ, không ai điền được."))
    if "under_age" in ui and not ui.get("messages", {}).get("under_age"):
        yield _Problem(path, N_("có giới hạn chưa đủ tuổi thì cần câu chỉ cách làm khi đã quá tuổi."))
    if "under_age" in ui and last and last != "today":
        yield _Problem(path, N_("ngày muộn nhất cố định mà phải chưa đủ tuổi: sẽ không ai điền được."))
    if "working_days_ahead" in ui and (last or "least_age" in ui):
        yield _Problem(path, N_("phải sau ngày nộp mà có ngày muộn nhất hoặc số tuổi: không ai điền được."))
    if ("older_than" in ui) is not ("older_by" in ui):
        yield _Problem(path, N_("so tuổi với người khác thì cần cả câu để so và số tuổi phải hơn."))


def _check_rules(path: str, ui: Mapping[str, Any], widget: str) -> Iterator[_Problem]:
    """Rules on a kind that cannot have them, and a refusal that does not say what to do."""
    if widget != "date" and any(rule.key in ui for rule in FIELD_RULES if rule.on == {"date"}):
        yield _Problem(path, N_("giới hạn tuổi, giới hạn trước ngày nộp chỉ dùng cho câu hỏi về ngày."))
    if widget not in BORN and ("older_than" in ui or "older_by" in ui):
        yield _Problem(path, N_("chỉ so tuổi ở câu hỏi về ngày sinh hoặc năm sinh."))
    if widget != "text" and "written_as" in ui:
        yield _Problem(path, N_("cách viết tên chỉ dùng cho câu hỏi chữ ngắn."))
    if "refuse_if" not in ui:
        return
    if widget in ("group", "list", "note"):
        yield _Problem(path, N_("điều kiện không nhận chỉ đặt ở câu hỏi, không đặt ở nhóm hay bảng."))
    if not ui.get("messages", {}).get("refuse_if"):
        yield _Problem(path, N_("có điều kiện không nhận thì cần câu nói vì sao và phải làm gì."))


def _check_choices(path: str, schema: Mapping[str, Any], widget: str) -> Iterator[_Problem]:
    if widget not in ("select", "radios", "checkboxes"):
        return
    choices = choices_of(schema, widget)
    source = schema.get("ui", {}).get("source")
    if not choices and not source:
        yield _Problem(path, N_("chưa có gì để chọn (oneOf, enum hoặc ui.source)."))
    if choices and source:
        yield _Problem(path, N_("chỉ dùng một trong hai: danh sách sẵn, hoặc nguồn (ui.source)."))
    wanted = int if type_of(schema, widget) == "integer" else str
    if any(not isinstance(choice.value, wanted) for choice in choices):
        yield _Problem(path, N_("giá trị của lựa chọn không cùng kiểu với trường."))
    values = [str(choice.value) for choice in choices]
    if len(set(values)) != len(values):
        yield _Problem(path, N_("hai lựa chọn trùng giá trị."))


def _check_pages(definition: Mapping[str, Any]) -> Iterator[_Problem]:
    pages = definition.get("ui", {}).get("pages", ())
    if not pages:
        return
    if len({page["key"] for page in pages}) != len(pages):
        yield _Problem("", N_("hai trang trùng khóa (key)."))
    placed = [name for page in pages for name in page["fields"]]
    for name in dict.fromkeys([*definition["properties"], *placed]):
        if name not in definition["properties"]:
            yield _Problem(name, N_("trang có trường này nhưng biểu mẫu thì không."))
        elif placed.count(name) != 1:
            message = N_("phải nằm trên đúng một trang, đang ở %(count)s trang.")
            yield _Problem(name, message, {"count": placed.count(name)})
    for page in pages:
        yield from _check_some(page, definition["properties"])


def _check_some(page: Mapping[str, Any], properties: Mapping[str, Any]) -> Iterator[_Problem]:
    """What one page says of fields of which one must be answered."""
    said = page.get("at_least_one")
    for name in said["fields"] if said else ():
        schema = properties.get(name, {})
        if name not in page["fields"]:
            yield _Problem(name, N_("thuộc nhóm phải trả lời ít nhất một câu nhưng không nằm trên phần đó."))
        elif (schema.get("ui", {}).get("widget") or natural_widget(schema)) in ("group", "list", "note"):
            yield _Problem(
                name, N_("nhóm phải trả lời ít nhất một câu chỉ gồm câu hỏi, không gồm nhóm hay bảng.")
            )


def _check_conditions(form: Form) -> Iterator[_Problem]:
    keys = ("show_if", "required_if")
    asked = [(field.path, field.ui[key]) for field in form.every_field() for key in keys if key in field.ui]
    asked += [(page.key, page.show_if) for page in form.pages if page.show_if is not None]
    order = {field.path: place for place, field in enumerate(form.every_field())}
    for owner, condition in asked:
        faults = [_Problem(owner, "%(fault)s.", {"fault": fault}) for fault in check_condition(condition)]
        yield from faults or _check_names(owner, condition, order)
    yield from _check_beside(form)


def _check_beside(form: Form) -> Iterator[_Problem]:
    """What a limit or a refusal asks of other answers: known fields, of a kind that can be compared."""
    known = {field.path: field for field in form.every_field()}
    page_of = {field.name: number for number, page in enumerate(form.pages) for field in page.fields}
    yield from _check_numbers(form, known, page_of)
    for field in form.every_field():
        for key in ("within_unless", "refuse_if"):
            condition = field.ui.get(key)
            wrong = [] if condition is None else [*check_condition(condition)]
            yield from (_Problem(field.path, "%(fault)s.", {"fault": fault}) for fault in wrong)
            for name in () if wrong else sorted(fields_of(condition)):
                yield from _check_asked(field, name, known, page_of)
        for key in COMPARED_WITH:
            if key not in field.ui:
                continue
            faults = [*_check_asked(field, field.ui[key], known, page_of)]
            yield from faults
            other = known.get(_path_beside(field, field.ui[key], known))
            fits = other is None or (
                _can_be_older(field, other) if key == "older_than" else can_compare(field, other)
            )
            if not faults and other is not None and not fits:
                message = N_(
                    "không so được với “%(name)s”: chỉ so hai câu hỏi khác nhau cùng là số, là tiền, là năm"
                    " hoặc là ngày."
                )
                yield _Problem(field.path, message, {"name": other.label})


def _check_numbers(form: Form, known: Mapping[str, Field], page_of: Mapping[str, int]) -> Iterator[_Problem]:
    """What an identity number is set against: a day or year of birth, a choice of the sex, another number."""
    for field in form.every_field():
        for key in NUMBER_RULES:
            if key not in field.ui:
                continue
            name = field.ui[key]
            faults = [*_check_asked(field, name, known, page_of)]
            yield from faults
            other = known.get(_path_beside(field, name, known))
            if field.widget != "identity_number":
                yield _Problem(field.path, N_("chỉ so năm sinh, giới tính ở câu hỏi về số định danh."))
            elif not faults and other is not None and not _says_of_number(key, field, other):
                message = N_("không so được số định danh với “%(name)s”.")
                yield _Problem(field.path, message, {"name": other.label})


def _says_of_number(key: str, field: Field, other: Field) -> bool:
    """Whether a field says what an identity number is set against."""
    if key == "born_in":
        return other.widget in BORN
    if key == "sex_in":
        return {sex for sex, _label in SEXES} <= {choice.value for choice in other.choices}
    return other.widget == "identity_number" and other.path != field.path


def _can_be_older(field: Field, other: Field) -> bool:
    return field.path != other.path and other.widget in BORN


def _path_beside(field: Field, name: str, known: Mapping[str, Field]) -> str:
    sibling = f"{field.path.rpartition('.')[0]}.{name}"
    return sibling if sibling in known else name


def _check_asked(
    field: Field, name: str, known: Mapping[str, Field], page_of: Mapping[str, int]
) -> Iterator[_Problem]:
    """A rule may ask what stands on the same page, or before: later pages are not filled yet. Of a row only
    the row itself can ask.
    """
    path = _path_beside(field, name, known)
    holders = [path.rsplit(".", number)[0] for number in range(1, path.count(".") + 1)]
    if path not in known:
        message = N_("điều kiện hỏi trường “%(name)s” không có trong biểu mẫu.")
        yield _Problem(field.path, message, {"name": name})
    elif page_of.get(path.partition(".")[0], 0) > page_of.get(field.path.partition(".")[0], 0):
        message = N_("điều kiện hỏi trường “%(name)s” ở phần sau; hãy đổi thứ tự.")
        yield _Problem(field.path, message, {"name": name})
    elif path == name and any(known[one].widget == "list" for one in holders if one in known):
        message = N_("điều kiện hỏi trường “%(name)s” của bảng lặp lại, ở đó có nhiều câu trả lời.")
        yield _Problem(field.path, message, {"name": name})


def _check_names(owner: str, condition: Mapping[str, Any], order: Mapping[str, int]) -> Iterator[_Problem]:
    for name in sorted(fields_of(condition)):
        sibling = f"{owner.rpartition('.')[0]}.{name}"
        place = order.get(sibling, order.get(name))
        if place is None:
            message = N_("điều kiện hỏi trường “%(name)s” không có trong biểu mẫu.")
            yield _Problem(owner, message, {"name": name})
        elif owner in order and place >= order[owner]:
            message = N_("điều kiện hỏi trường “%(name)s” đứng sau nó; hãy đổi thứ tự.")
            yield _Problem(owner, message, {"name": name})
