"""Which sentences to show at which fields."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import Any, NamedTuple

from dinh.foundation.ui.rules.formats import format_date, format_money, format_number
from dinh.foundation.ui.rules.forms.definition import Field, Form, read_definition
from dinh.foundation.ui.rules.forms.filling import is_shown, keep_shown
from dinh.foundation.ui.rules.forms.limits import (
    COMPARED_WITH,
    Calendar,
    calendar_or_usual,
    first_in_time,
    first_working_day,
    is_of_age,
    is_older,
    other_answer,
    passes,
)
from dinh.foundation.ui.rules.forms.names import name_fault
from dinh.foundation.ui.rules.forms.numbers import NUMBER_RULES, SEXES, number_fault
from dinh.kernel.conditions import holds
from dinh.kernel.errors import N_

__all__ = ["Choices", "FieldError", "validate"]

Choices = Mapping[str, Sequence[tuple[Any, str]]]
Say = Callable[[str], str]


class FieldError(NamedTuple):
    """One sentence at one field; ``path`` is the name of the input, rows numbered: ``nganh.0.ten``."""

    path: str
    sentence: str


class _Asked(NamedTuple):
    """A field where it stands: its numbered path, its value (None: not answered), if it needs one, and the
    answers of its group or row, and the name of that.
    """

    field: Field
    path: str
    value: Any
    required: bool
    beside: Mapping[str, Any]
    within: str = ""


class _Day(NamedTuple):
    """The day on which a form is filed, and the working days around it."""

    today: dt.date
    calendar: Calendar | None


# Sentences by failure kind, then by widget where it has its own.
_SENTENCES: dict[str, dict[str, str]] = {
    "required": {
        "": N_("Hãy nhập “%(label)s”."),
        "select": N_("Hãy chọn “%(label)s”."),
        "radios": N_("Hãy chọn “%(label)s”."),
        "yes_no": N_("Hãy trả lời “%(label)s”."),
        "checkboxes": N_("Hãy chọn ít nhất một mục ở “%(label)s”."),
        "checkbox": N_("Hãy đánh dấu vào ô “%(label)s” để tiếp tục."),
        "list": N_("Hãy thêm ít nhất một mục vào “%(label)s”."),
    },
    "minLength": {"": N_("“%(label)s” quá ngắn: cần ít nhất %(limit)s ký tự.")},
    "maxLength": {"": N_("“%(label)s” quá dài: tối đa %(limit)s ký tự, Ông/Bà đã nhập %(length)s.")},
    "pattern": {"": N_("“%(label)s” chưa đúng dạng. Hãy xem lại.")},
    "type": {
        "": N_("“%(label)s” chưa đúng dạng. Hãy xem lại."),
        "number": N_("“%(label)s” phải là một số, ví dụ 12 hoặc 12,5."),
        "integer": N_("“%(label)s” chỉ ghi số, ví dụ 12."),
        "money": N_("“%(label)s” phải là số tiền, ví dụ 1.500.000 hoặc 1,5 triệu."),
        "year": N_("“%(label)s” phải là một năm, ví dụ 1990."),
        "yes_no": N_("Hãy trả lời “%(label)s”."),
    },
    "minimum": {"": N_("“%(label)s” phải từ %(limit)s trở lên.")},
    "exclusiveMinimum": {"": N_("“%(label)s” phải lớn hơn %(limit)s.")},
    "maximum": {"": N_("“%(label)s” không được quá %(limit)s.")},
    "exclusiveMaximum": {"": N_("“%(label)s” phải nhỏ hơn %(limit)s.")},
    "multipleOf": {"": N_("“%(label)s” phải là bội số của %(limit)s.")},
    "minItems": {"": N_("“%(label)s” cần ít nhất %(limit)s mục.")},
    "maxItems": {"": N_("“%(label)s” chỉ nhận tối đa %(limit)s mục. Hãy bỏ bớt.")},
    "uniqueItems": {"": N_("“%(label)s” có hai mục trùng nhau. Hãy bỏ một mục.")},
    "choice": {"": N_("Hãy chọn một mục có trong danh sách “%(label)s”.")},
    "format": {
        "": N_("“%(label)s” chưa đúng dạng. Hãy xem lại."),
        "date": N_("Ngày %(value)s không có thật. Hãy nhập ngày/tháng/năm, ví dụ 05/09/1990."),
        "time": N_("Giờ “%(value)s” không có thật. Hãy nhập giờ và phút, ví dụ 14:05."),
        "phone": N_("Số điện thoại “%(value)s” chưa đúng. Hãy nhập 10 số, bắt đầu bằng 0."),
        "email": N_("Địa chỉ thư điện tử “%(value)s” chưa đúng. Ví dụ: ten@vidu.vn."),
        "identity_number": N_("Số định danh cá nhân phải có đúng 12 chữ số, Ông/Bà đã nhập %(length)s."),
        "not_digits": N_(
            "Số định danh cá nhân chỉ gồm chữ số, nhưng có chữ “%(odd)s” ở vị trí %(place)s. Hãy xem lại: số"
            " 0 hay bị gõ thành chữ O, số 1 thành chữ l."
        ),
        "not_digits_sign": N_(
            "Số định danh cá nhân chỉ gồm chữ số, nhưng có dấu “%(odd)s” ở vị trí %(place)s. Hãy bỏ dấu đó."
        ),
        "month": N_("“%(value)s” không phải là tháng. Hãy nhập tháng/năm, ví dụ 12/2026; tháng từ 1 đến 12."),
        "tax_code": N_(
            "Mã số thuế “%(value)s” không đúng, có thể do gõ nhầm một chữ số. Mã có 10, 12 hoặc 13 chữ số;"
            " hãy so lại với giấy đăng ký thuế."
        ),
    },
    "not_a_date": {"": N_("“%(value)s” không phải là ngày. Hãy nhập ngày/tháng/năm, ví dụ 05/09/1990.")},
    "not_before": {"": N_("“%(label)s” không được trước ngày %(limit)s.")},
    "not_after": {"": N_("“%(label)s” không được sau ngày %(limit)s.")},
    "within_days": {"": N_("“%(label)s” không được trước ngày %(limit)s.")},
    "within_months": {"": N_("“%(label)s” không được trước ngày %(limit)s.")},
    "least_age": {
        "": N_(
            "“%(label)s”: đến ngày nộp phải đủ %(limit)s tuổi. Hãy xem lại ngày sinh; nếu đúng thì nộp"
            " khi đã đủ tuổi."
        )
    },
    "under_age": {"": N_("“%(label)s”: đến ngày nộp phải chưa đủ %(limit)s tuổi. Hãy xem lại ngày sinh.")},
    "working_days_ahead": {
        "": N_(
            "“%(label)s” phải sau ngày nộp ít nhất %(days)s ngày làm việc, tức là từ ngày %(limit)s. Hãy chọn"
            " ngày khác."
        )
    },
    "workday": {"": N_("“%(label)s”: %(limit)s không phải là ngày làm việc. Hãy chọn một ngày làm việc.")},
    "older_than": {
        "": N_(
            "“%(label)s” phải trước “%(other)s” (%(limit)s) ít nhất %(years)s năm. Hãy xem lại hai câu trả"
            " lời này."
        )
    },
    "written_as": {
        "": N_("“%(label)s” phải có chữ cái. Hãy ghi tên bằng chữ."),
        "odd": N_(
            "“%(label)s” chỉ gồm chữ cái, không có “%(limit)s”. Hãy ghi như trên giấy tờ tùy thân, ví dụ:"
            " Nguyễn Thị Mẫu."
        ),
        "one_word": N_(
            "“%(label)s” cần đủ cả họ và tên. Hãy ghi như trên giấy tờ tùy thân, ví dụ: Nguyễn Thị Mẫu."
        ),
        "business_odd": N_(
            "“%(label)s” có “%(limit)s”, không phải chữ cái tiếng Việt, chữ số hay ký hiệu thường dùng. Hãy"
            " viết tên bằng chữ cái tiếng Việt; các chữ F, J, W, Z cũng được."
        ),
        "business_letters": N_(
            "“%(label)s” không thể chỉ gồm số hoặc dấu. Hãy ghi tên có chữ cái, ví dụ: Tạp hóa Bình Minh."
        ),
    },
    "not_above": {
        "": N_("“%(label)s” không được lớn hơn “%(other)s” (%(limit)s). Hãy xem lại hai số này."),
        "date": N_("“%(label)s” không được sau “%(other)s” (%(limit)s). Hãy xem lại hai ngày này."),
        "year": N_("“%(label)s” không được sau “%(other)s” (%(limit)s). Hãy xem lại hai năm này."),
    },
    "not_below": {
        "": N_("“%(label)s” không được nhỏ hơn “%(other)s” (%(limit)s). Hãy xem lại hai số này."),
        "date": N_("“%(label)s” không được trước “%(other)s” (%(limit)s). Hãy xem lại hai ngày này."),
        "year": N_("“%(label)s” không được trước “%(other)s” (%(limit)s). Hãy xem lại hai năm này."),
    },
    "born_in": {
        "": N_(
            "“%(label)s”: số %(value)s là của người sinh năm %(limit)s (số thứ tư, năm và sáu), khác với"
            " “%(other)s”. Hãy xem lại hai câu trả lời này."
        )
    },
    "sex_in": {
        "": N_(
            "“%(label)s”: số %(value)s là của một người %(limit)s (số thứ tư), khác với “%(other)s”. Hãy xem"
            " lại hai câu trả lời này."
        )
    },
    "sex_is": {
        "": N_("“%(label)s”: số %(value)s là của một người %(limit)s (số thứ tư). Hãy xem lại số này.")
    },
    "unlike": {"": N_("“%(label)s”: số này đã ghi cho một người khác trong tờ khai. Mỗi người có số riêng.")},
    "refuse_if": {"": N_("“%(label)s” không hợp với câu trả lời khác. Hãy xem lại.")},
}
_AT_LEAST_ONE = N_("Hãy trả lời ít nhất một mục ở “%(label)s”.")
# A letter speaks to who holds a paper: it names what is missing, not what a screen wants to be done.
_LACKING = "Thiếu: %(label)s"  # data: papers are Vietnamese
_LACKING_MARK = "Chưa đánh dấu vào ô: %(label)s"  # data: papers are Vietnamese
_WRONG = "Cần sửa: %(label)s"  # data: papers are Vietnamese
_ADVICE = re.compile(r"(?:^|(?<=[.:;] ))Hãy .*", re.DOTALL)  # data: what a screen tells one to do
_LONGEST_ECHO = 60
_LIKE_A_DATE = re.compile(r"\d{1,2}[/.\- ]\d{1,2}[/.\- ]\d{4}|\d{4}-\d{2}-\d{2}")


def validate(
    definition: Mapping[str, Any],
    data: Mapping[str, Any],
    *,
    today: dt.date,
    page: str | None = None,
    choices: Choices | None = None,
    calendar: Calendar | None = None,
    say: Say = str,
    spared: Set[str] = frozenset(),
    for_paper: bool = False,
) -> list[FieldError]:
    """Return the errors in the order of the fields, at most one for each; empty when all is well.

    Fields whose condition does not hold are not asked. ``choices`` gives the lists that ``ui.source`` names;
    KeyError when one is missing. With ``page`` only that page's fields are asked. ``calendar`` gives the
    working calendar when a rule asks for working days (None: the usual week). Fields of the ``spared``
    widgets need no answer; one that is given is checked. ``for_paper``: the sentences are those of a letter,
    in Vietnamese: what is missing or wrong, without what to press or type.
    """
    form = read_definition(definition)
    shown = keep_shown(form, data)
    day = _Day(today, calendar)
    wrong: dict[str, FieldError] = {}
    failures = _failures(form, shown)
    none_of = _unanswered(form, shown, say, for_paper=for_paper)
    for asked in _ask(form, form.on_page(page), shown):
        if asked.field.widget in spared:
            asked = asked._replace(required=False)
        kind, limit = _first_failure(asked, failures.get(asked.path), choices or {}, day, shown)
        if kind in NUMBER_RULES and _sibling(asked, asked.field.ui[kind]) in wrong:
            # The birth itself is wrong and says so: one slip, one sentence.
            kind = ""
        if kind:
            words = str if for_paper else say
            names_other = kind in COMPARED_WITH or kind in NUMBER_RULES
            other = _label_of(form, asked, kind) if names_other else ""
            if kind in ("sex_in", "sex_is"):
                limit = words(dict(SEXES)[limit])
            elif kind == "born_in":
                limit = str(limit)
            said = _sentence(asked, kind, limit, words, other)
            wrong[asked.path] = FieldError(asked.path, _on_paper(asked, kind, said) if for_paper else said)
        elif asked.path in none_of:
            wrong[asked.path] = FieldError(asked.path, none_of[asked.path])
    return list(wrong.values())


def _on_paper(asked: _Asked, kind: str, sentence: str) -> str:
    """A fault as a letter names it; ``sentence`` is what the screen says."""
    label = f"{asked.within}, {asked.field.label}" if asked.within else asked.field.label
    if kind == "required":
        mark = asked.field.widget == "checkbox"
        return (_LACKING_MARK if mark else _LACKING) % {"label": label}
    return _ADVICE.sub("", sentence).rstrip(" :;") or _WRONG % {"label": label}


def _unanswered(form: Form, data: Mapping[str, Any], say: Say, *, for_paper: bool) -> dict[str, str]:
    """The sentence of each page of which one field at least must be answered and none is, by the name of the
    first that is asked.
    """
    found = {}
    for page in form.pages:
        if page.some is None or not holds(page.show_if, data):
            continue
        named = [one for one in page.fields if one.name in page.some.names]
        asked = [one for one in named if is_shown(one.show_if, data, data)]
        if asked and not any(_is_answered(one, data.get(one.name)) for one in asked):
            found[asked[0].name] = (
                _LACKING % {"label": page.some.label}
                if for_paper
                else page.some.message or say(_AT_LEAST_ONE) % {"label": page.some.label}
            )
    return found


def _is_answered(field: Field, value: Any) -> bool:
    return value is True if field.widget == "checkbox" else value not in (None, "", [])


def _ask(form: Form, fields: tuple[Field, ...], data: Mapping[str, Any]) -> Iterator[_Asked]:
    hidden = {field.name for page in form.pages if not holds(page.show_if, data) for field in page.fields}
    visible = tuple(field for field in fields if field.name not in hidden)
    yield from _ask_fields(visible, data, data, "")


def _ask_fields(
    fields: tuple[Field, ...],
    values: Mapping[str, Any],
    data: Mapping[str, Any],
    prefix: str,
    within: str = "",
) -> Iterator[_Asked]:
    for field in fields:
        if field.widget == "note" or not is_shown(field.show_if, data, values):
            continue
        value = values.get(field.name)
        path = f"{prefix}{field.name}"
        when = field.ui.get("required_if")
        required = field.required or (when is not None and is_shown(when, data, values))
        if field.widget == "group":
            if required or value:
                yield from _ask_fields(field.children, value or {}, data, f"{path}.", field.label)
            continue
        yield _Asked(field, path, value, required, values, within)
        if field.widget == "list" and value:
            for number, row in enumerate(value):
                item = f"{field.ui.get('item', field.label)} {number + 1}"
                yield from _ask_fields(field.children, row, data, f"{path}.{number}.", item)


def _failures(form: Form, data: Mapping[str, Any]) -> dict[str, Any]:
    """The first failure at each numbered path; one inside a list of choices counts for the field."""
    found: dict[str, Any] = {}
    many = {field.path for field in form.every_field() if field.widget == "checkboxes"}
    for error in form.validator.iter_errors(data):
        steps = [str(step) for step in error.instance_path]
        if ".".join(step for step in steps[:-1] if not step.isdigit()) in many:
            steps.pop()
        found.setdefault(".".join(steps), error.kind)
    return found


def _first_failure(
    asked: _Asked, failure: Any, choices: Choices, day: _Day, data: Mapping[str, Any]
) -> tuple[str, Any]:
    field, value = asked.field, asked.value
    if value is None or value == [] or (field.widget == "checkbox" and value is not True):
        return ("required" if asked.required else "", None)
    if failure is not None:
        return _named(field, value, failure)
    if "source" in field.ui:
        allowed = {str(choice[0]) for choice in choices[field.ui["source"]]}
        chosen = value if isinstance(value, list) else [value]
        if not all(str(one) in allowed for one in chosen):
            return "choice", None
    if "written_as" in field.ui and isinstance(value, str):
        fault, odd = name_fault(field.ui["written_as"], value)
        if fault:
            return "written_as", odd
    kind, limit = _date_failure(asked, day, data) if field.widget == "date" else ("", None)
    return (kind, limit) if kind else _failure_beside(asked, data)


def _failure_beside(asked: _Asked, data: Mapping[str, Any]) -> tuple[str, Any]:
    """What other answers say against this one."""
    ui = asked.field.ui
    for kind in COMPARED_WITH:
        other = other_answer(ui[kind], data, asked.beside) if kind in ui else None
        if other is None:
            continue
        fits = (
            is_older(asked.value, other, int(ui.get("older_by", 0)))
            if kind == "older_than"
            else passes(kind, asked.value, other)
        )
        if not fits:
            return kind, dt.date.fromisoformat(other) if isinstance(other, str) else other
    if asked.field.widget == "identity_number":
        kind, said = number_fault(ui, asked.value, lambda name: other_answer(name, data, asked.beside))
        if kind:
            return kind, said
    if "refuse_if" in ui and is_shown(ui["refuse_if"], data, asked.beside):
        return "refuse_if", None
    return "", None


def _sibling(asked: _Asked, name: str) -> str:
    """The numbered path of a field that stands beside in the same group or row."""
    holder = asked.path.rpartition(".")[0]
    return f"{holder}.{name}" if holder else name


def _label_of(form: Form, asked: _Asked, kind: str) -> str:
    """The label of the field with which this one is compared: the one beside it, or of the whole form."""
    name = asked.field.ui[kind]
    labels = {field.path: field.label for field in form.every_field()}
    return labels.get(f"{asked.field.path.rpartition('.')[0]}.{name}") or labels.get(name, name)


def _named(field: Field, value: Any, failure: Any) -> tuple[str, Any]:
    kind = failure.name
    if kind == "enum":
        return "choice", None
    if field.widget == "date" and not _LIKE_A_DATE.fullmatch(str(value)):
        return "not_a_date", None
    return kind, getattr(failure, "limit", None) or getattr(failure, "multiple_of", None) or 0


def _date_failure(asked: _Asked, filed: _Day, data: Mapping[str, Any]) -> tuple[str, Any]:
    field, day, today = asked.field, dt.date.fromisoformat(asked.value), filed.today
    for kind in ("not_before", "not_after"):
        if kind not in field.ui:
            continue
        limit = today if field.ui[kind] == "today" else dt.date.fromisoformat(field.ui[kind])
        if (day < limit) if kind == "not_before" else (day > limit):
            return kind, limit
    if "least_age" in field.ui and not is_of_age(day, today, int(field.ui["least_age"])):
        return "least_age", int(field.ui["least_age"])
    if "under_age" in field.ui and is_of_age(day, today, int(field.ui["under_age"])):
        return "under_age", int(field.ui["under_age"])
    if "working_days_ahead" in field.ui or "workday" in field.ui:
        kind, limit = _working_failure(field, day, filed)
        if kind:
            return kind, limit
    for kind, unit in (("within_days", "days"), ("within_months", "months")):
        if kind not in field.ui:
            continue
        limit = first_in_time(today, **{unit: int(field.ui[kind])})
        unless = field.ui.get("within_unless")
        if day < limit and not (unless and is_shown(unless, data, asked.beside)):
            return kind, limit
    return "", None


def _working_failure(field: Field, day: dt.date, filed: _Day) -> tuple[str, Any]:
    calendar = calendar_or_usual(filed.calendar)
    if "working_days_ahead" in field.ui:
        first = first_working_day(calendar, filed.today, int(field.ui["working_days_ahead"]))
        if day < first:
            return "working_days_ahead", first
    is_off = "workday" in field.ui and not calendar.day(day).periods
    return ("workday", day) if is_off else ("", None)


def _sentence(asked: _Asked, kind: str, limit: Any, say: Say, other: str = "") -> str:
    field, value = asked.field, asked.value
    own = field.ui.get("messages", {}).get(kind)
    if own:
        return str(own)
    by_widget = _SENTENCES.get(kind, _SENTENCES["pattern"])
    pattern = by_widget.get(_variant(field, kind, value), by_widget[""])
    typed = str(value)
    place, odd = next(((at, sign) for at, sign in enumerate(typed, 1) if not sign.isdecimal()), (0, ""))
    return say(pattern) % {
        "label": f"{asked.within}: {field.label}" if asked.within else field.label,
        "limit": _limit_text(field, limit),
        "other": other,
        "odd": odd,
        "place": place,
        "days": field.ui.get("working_days_ahead", ""),
        "years": field.ui.get("older_by", ""),
        "value": typed if len(typed) <= _LONGEST_ECHO else typed[:_LONGEST_ECHO] + "…",
        "length": len(value) if isinstance(value, str | list) else "",
    }


def _variant(field: Field, kind: str, value: Any) -> str:
    """The widget, or the closer fault, under which the sentence stands."""
    if kind == "written_as":
        style = field.ui["written_as"]
        fault, _odd = name_fault(style, str(value))
        return f"business_{fault}" if style == "business_name" else fault
    if (field.widget, field.type) == ("number", "integer"):
        return "integer"
    if field.widget == "identity_number" and isinstance(value, str) and not value.isdecimal():
        odd = next(sign for sign in value if not sign.isdecimal())
        return "not_digits" if odd.isalpha() else "not_digits_sign"
    return field.widget


def _limit_text(field: Field, limit: Any) -> str:
    if isinstance(limit, str):
        return limit
    if isinstance(limit, dt.date):
        return format_date(limit)
    if field.widget == "year":
        return str(limit)
    if isinstance(limit, float) and not limit.is_integer():
        return format_number(limit, 2).rstrip("0")
    if isinstance(limit, int | float):
        return format_money(int(limit)) if field.widget == "money" else format_number(limit)
    return ""
