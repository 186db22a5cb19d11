"""From what a browser sent to typed values, and the parts of them that are asked at all."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from dinh.foundation.ui.rules.forms.definition import Field, Form, read_definition
from dinh.kernel.conditions import holds, value_at
from dinh.kernel.contacts import national_number
from dinh.kernel.dates import read_date

__all__ = ["Answers", "is_shown", "keep_shown", "names_on", "parse", "prefill", "press_row_button"]

ADD, REMOVE = "_add", "_remove"
LONGEST_NUMBER = 30
# Control characters, and the marks that turn the direction of text: nobody types them on purpose.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


class Answers(Protocol):
    """What a browser sent: Django's QueryDict, or anything that lists its values like one."""

    def getlist(self, key: str) -> Sequence[Any]: ...
    def __iter__(self) -> Any: ...


def parse(
    definition: Mapping[str, Any],
    answers: Answers,
    *,
    page: str | None = None,
    before: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the typed values of a sent form.

    Text is trimmed and NFC, dates become ISO, money and whole numbers ints, phones and identity numbers lose
    their spaces. What could not be understood stays as it was typed, so that it can be shown again beside
    its error. Empty answers, keys that the definition does not know, and fields whose condition does not hold
    are left out. With ``page`` only that page is read, over the values of ``before``.
    """
    form = read_definition(definition)
    fields = form.on_page(page)
    names = [str(name) for name in answers]
    kept = dict(before or {}) if page is not None else {}
    for field in fields:
        kept.pop(field.name, None)
    kept.update(_read_fields(fields, answers, names, prefix=""))
    return keep_shown(form, kept)


def names_on(definition: Mapping[str, Any], page: str) -> list[str]:
    """Return the names of the answers that one page of a form asks for; KeyError when it is not there."""
    return [field.name for field in read_definition(definition).on_page(page)]


def _read_fields(
    fields: tuple[Field, ...], answers: Answers, names: list[str], prefix: str
) -> dict[str, Any]:
    values = {}
    for field in fields:
        value = _read_field(field, answers, names, f"{prefix}{field.name}")
        if value is not None:
            values[field.name] = value
    return values


def _read_field(field: Field, answers: Answers, names: list[str], name: str) -> Any:
    if field.widget == "group":
        return _read_fields(field.children, answers, names, f"{name}.") or None
    if field.widget == "list":
        return _read_rows(field, answers, names, name) or None
    if field.widget == "note":
        return None
    sent = [text for text in (_clean(value) for value in answers.getlist(name)) if text]
    if field.widget == "checkboxes":
        return list(dict.fromkeys(_chosen(field, text) for text in sent)) or None
    if not sent:
        return None
    return _typed(field, sent[-1])


def _read_rows(field: Field, answers: Answers, names: list[str], name: str) -> list[dict[str, Any]]:
    pattern = re.compile(re.escape(name) + r"\.(\d{1,4})\.")
    numbers = sorted({int(found[1]) for found in map(pattern.match, names) if found})
    rows = (_read_fields(field.children, answers, names, f"{name}.{number}.") for number in numbers)
    return [row for row in rows if row][: field.most_rows + 1]


def _clean(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    text = _UNSEEN.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", text).strip()


def _typed(field: Field, text: str) -> Any:
    if field.widget in ("checkbox", "yes_no"):
        return _boolean(field, text)
    if field.choices:
        return _chosen(field, text)
    if field.widget == "money":
        return read_dong(text)
    if field.type == "integer":
        return _whole(text)
    if field.type == "number":
        return _number(text)
    reader = _READERS.get(field.widget)
    return reader(text) if reader else text


def _boolean(field: Field, text: str) -> Any:
    if field.widget == "checkbox":
        return True
    return {"true": True, "false": False}.get(text, text)


def _chosen(field: Field, text: str) -> Any:
    return next((choice.value for choice in field.choices if str(choice.value) == text), text)


def _whole(text: str) -> Any:
    number = _number(text)
    if isinstance(number, float) and number.is_integer():
        return int(number)
    return number


def read_dong(text: str) -> Any:
    """Read an amount of đồng, also as people say it (``50 triệu``, ``1,5 tỷ``); else the text."""
    found = _SAID.fullmatch(text.casefold())
    if found is None:
        return _whole(text)
    number = _number(found[1])
    if isinstance(number, str):
        return text
    amount = Decimal(str(number)) * _TIMES[found[2]]
    return int(amount) if amount == int(amount) else text


def _number(text: str) -> Any:
    """Read ``1.234,5`` as Vietnamese write it; ``1.5`` is one and a half, ``1.500`` a thousand and more."""
    plain = re.sub(r"[\s\u00a0]|[\u0111\u20ab]$", "", text)
    if len(plain) > LONGEST_NUMBER:
        return text
    if "," in plain or re.fullmatch(r"-?\d{1,3}(\.\d{3})+", plain):
        plain = plain.replace(".", "").replace(",", ".")
    if not re.fullmatch(r"-?\d+(\.\d+)?", plain):
        return text
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return text
    return int(number) if "." not in plain else float(number)


def _date(text: str) -> str:
    day = read_date(text)
    return day.isoformat() if day else text


def _month(text: str) -> str:
    """A month as people write it (1/2026, tháng 1 năm 2026) as 01/2026; what is none stays as it is."""
    plain = re.sub(r"^tháng\s*|\s+(?=năm)", "", text.casefold()).replace("năm", "/")  # data: words of months
    found = re.fullmatch(r"(\d{1,2})\s*[/.\-]\s*(\d{4})", plain, re.ASCII)
    return f"{int(found[1]):02}/{found[2]}" if found else text


# How people say hours; what part of the day it is tells the half.
_PARTS = r"(?:(?P<day>sáng)|(?P<noon>trưa)|(?P<late>chiều|tối)|(?P<night>đêm))?"  # data: parts of a day
_HOUR = re.compile(
    r"(?P<hour>\d{1,2})\s*(?:[:hg]|giờ)?\s*"  # data: a word of hours
    r"(?:(?P<minute>\d{2})|(?P<half>rưỡi))?\s*(?:phút)?\s*" + _PARTS  # data: words of minutes
)


def _time(text: str) -> str:
    """Half past seven in the evening, in words, as 19:30; what says no hour stays as it is."""
    found = _HOUR.fullmatch(text.casefold())
    if found is None or found[0].isdecimal():
        return text
    hour = int(found["hour"])
    if found["night"]:
        hour = hour % 12 + (12 if 6 <= hour < 12 else 0)
    elif (found["late"] and hour < 12) or (found["noon"] and hour < 10):
        hour += 12
    return f"{hour:02}:{'30' if found['half'] else found['minute'] or '00'}"


def _phone(text: str) -> str:
    return national_number(text) or re.sub(r"[\s.\-()]", "", text)


def _digits(text: str) -> str:
    return re.sub(r"[\s.]", "", text)


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


_READERS = {
    "date": _date,
    "time": _time,
    "month": _month,
    "phone": _phone,
    "identity_number": _digits,
    "tax_code": _digits,
    "text": _line,
    "address": _line,
}


_THOUSAND, _MILLION, _BILLION = 10**3, 10**6, 10**9
_TIMES = {"nghìn": _THOUSAND, "ngàn": _THOUSAND}  # data: words of amounts
_TIMES |= {"triệu": _MILLION, "tr": _MILLION, "tỷ": _BILLION, "tỉ": _BILLION}  # data: words of amounts
_SAID = re.compile(rf"([\d.,]+)\s*({'|'.join(_TIMES)})(?:\s*(?:đồng|đ|vnđ|vnd))?")  # data: words of amounts


def is_shown(condition: Mapping[str, Any] | None, data: Mapping[str, Any], near: Mapping[str, Any]) -> bool:
    """Whether a condition holds; names are looked for beside the field (``near``) before the whole form."""
    return not condition or holds(condition, {**data, **near})


def keep_shown(form: Form, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of known fields whose conditions hold: hidden ones are neither required nor kept.

    A hidden field's value can hide others in turn, so this repeats until nothing more falls away.
    """
    kept = dict(data)
    while True:
        hidden = {field.name for page in form.pages if not holds(page.show_if, kept) for field in page.fields}
        fields = tuple(field for field in form.fields if field.name not in hidden)
        fewer = _keep(fields, kept, kept)
        if fewer == kept:
            return fewer
        kept = fewer


def _keep(fields: tuple[Field, ...], values: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    kept = {}
    for field in fields:
        value = values.get(field.name)
        if value is None or not is_shown(field.show_if, data, values):
            continue
        if field.widget == "group":
            value = _keep(field.children, value, data) if isinstance(value, Mapping) else {}
            if not value:
                continue
        if field.widget == "list":
            rows = value if isinstance(value, list) else []
            value = [_keep(field.children, row, data) for row in rows if isinstance(row, Mapping)]
        kept[field.name] = value
    return kept


def prefill(definition: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Return values for fields whose ``ui.prefill`` names something known: ``applicant.full_name``."""
    return _prefilled(read_definition(definition).fields, known)


def _prefilled(fields: tuple[Field, ...], known: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in fields:
        if field.widget == "group":
            value: Any = _prefilled(field.children, known)
        else:
            value = value_at(known, field.ui["prefill"]) if "prefill" in field.ui else None
        if value not in (None, "", {}):
            values[field.name] = value
    return values


def press_row_button(
    definition: Mapping[str, Any], answers: Answers, data: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return the values after a button that adds or removes a row was pressed; None when none was.

    The buttons are named ``_add`` (value: the list's name) and ``_remove`` (value: list, dot, row number).
    """
    added, removed = answers.getlist(ADD), answers.getlist(REMOVE)
    if not added and not removed:
        return None
    *path, last = str((added or removed)[-1]).split(".")
    if added:
        path.append(last)
    return _with_row(read_definition(definition).fields, path, last if removed and not added else "", data)


def _with_row(
    fields: tuple[Field, ...], path: Sequence[str], remove: str, data: Mapping[str, Any]
) -> dict[str, Any]:
    """The values with one row more in the list at ``path``, or without the row numbered ``remove``. Lists
    stand in groups and in rows of lists: ``giam.0.khi``.
    """
    field = next((one for one in fields if path and one.name == path[0]), None)
    if field is None or field.widget not in ("group", "list"):
        return dict(data)
    value = data.get(field.name)
    if field.widget == "group":
        inner = value if isinstance(value, Mapping) else {}
        return {**data, field.name: _with_row(field.children, path[1:], remove, inner)}
    rows = list(value) if isinstance(value, list) else []
    number = path[1] if len(path) > 1 else remove
    if len(path) > 1:
        if number.isdigit() and int(number) < field.most_rows:
            rows += [{}] * (int(number) + 1 - len(rows))
            rows[int(number)] = _with_row(field.children, path[2:], remove, rows[int(number)])
    elif not remove and len(rows) < field.most_rows:
        rows = [*(rows or [{}]), {}]
    elif number.isdigit() and int(number) < len(rows):
        rows.pop(int(number))
    return {**data, field.name: rows}
