"""A procedure was published anew while somebody fills in its form: what has changed, and what can be kept.

Nothing that was typed is lost: a value whose field stands in the new form as the same kind goes along, all
others are set aside in words.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dinh.kernel.errors import N_
from dinh.kernel.sentences import Sentence, say
from dinh.onestop.rules.definition import Definition, TimeLimit

__all__ = ["Carried", "SetAside", "carry", "what_changed"]

_UNITS = {
    "working_days": N_("%(amount)s ngày làm việc"),
    "calendar_days": N_("%(amount)s ngày"),
    "hours": N_("%(amount)s giờ làm việc"),
    "same_day": N_("trong ngày"),
}


@dataclass(frozen=True, slots=True)
class SetAside:
    """A value that has no place in the new form: where it stood, and what was typed."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Carried:
    """Answers under the new form, and what was set aside."""

    answers: dict[str, Any]
    aside: tuple[SetAside, ...]


def carry(answers: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any]) -> Carried:
    """Take answers from one form (a definition's schema) to another."""
    kept, aside = _carry(answers, old, new)
    return Carried(kept, tuple(aside))


def _carry(
    answers: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any]
) -> tuple[dict[str, Any], list[SetAside]]:
    kept: dict[str, Any] = {}
    aside: list[SetAside] = []
    old_fields, new_fields = old.get("properties", {}), new.get("properties", {})
    for name, value in answers.items():
        before, after = old_fields.get(name, {}), new_fields.get(name)
        if after is None or not _fits(before, after, value):
            aside += _in_words(_label(name, before), value, before)
        elif before.get("type") == "object" and isinstance(value, Mapping):
            kept[name], more = _carry(value, before, after)
            aside += more
        elif before.get("type") == "array" and isinstance(value, list):
            kept[name], more = _carry_rows(value, before, after)
            aside += more
        else:
            kept[name] = value
    return kept, aside


def _carry_rows(
    rows: Sequence[Any], before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[list[Any], list[SetAside]]:
    kept, aside = [], []
    old_items, new_items = before.get("items", {}), after.get("items", {})
    for row in rows:
        if isinstance(row, Mapping):
            one, more = _carry(row, old_items, new_items)
            aside += more
            kept.append(one)
        else:
            kept.append(row)
    return kept, aside


def _fits(before: Mapping[str, Any], after: Mapping[str, Any], value: Any) -> bool:
    """Whether a value may stand in the new field: of the same kind, and a choice that is still offered."""
    if before.get("type") != after.get("type"):
        return False
    choices = [one.get("const") for one in after.get("oneOf", ())]
    return not choices or value in ("", None) or value in choices


def _label(name: str, field: Mapping[str, Any]) -> str:
    return str(field.get("ui", {}).get("label") or name)


def _in_words(label: str, value: Any, field: Mapping[str, Any]) -> Iterator[SetAside]:
    """What was typed, a line a value; nothing for what was left empty."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            part = field.get("properties", {}).get(name, {})
            yield from _in_words(f"{label}: {_label(name, part)}", inner, part)
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield from _in_words(f"{label} {number}", inner, field.get("items", {}))
    elif value not in ("", None, False):
        titles = {one.get("const"): one.get("title") for one in field.get("oneOf", ())}
        yield SetAside(label, "✓" if value is True else str(titles.get(value) or value))


def what_changed(old: Definition, new: Definition) -> list[Sentence]:
    """Say what an applicant meets anew: questions, papers, time, fees."""
    return [
        *_questions(old.form, new.form),
        *_papers(old, new),
        *_limits(old.time_limit, new.time_limit),
        *_fees(old, new),
    ]


def _questions(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Sentence]:
    before, after = dict(_fields(old)), dict(_fields(new))
    for path, (label, kind, is_required) in after.items():
        if path not in before:
            yield say(N_("Thêm mục khai “%(label)s”."), label=label)
        elif before[path][1] != kind:
            yield say(N_("Mục “%(label)s” khai theo cách khác; cần điền lại."), label=label)
        elif is_required and not before[path][2]:
            yield say(N_("Mục “%(label)s” nay bắt buộc."), label=label)
        elif before[path][0] != label:
            yield say(N_("Mục “%(old)s” nay ghi là “%(label)s”."), old=before[path][0], label=label)
    for path, (label, _kind, _required) in before.items():
        if path not in after:
            yield say(N_("Bỏ mục khai “%(label)s”."), label=label)


def _fields(form: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, tuple[str, str, bool]]]:
    required = form.get("required", ())
    for name, field in form.get("properties", {}).items():
        path = prefix + name
        yield path, (_label(name, field), str(field.get("type")), name in required)
        inner = field.get("items", {}) if field.get("type") == "array" else field
        yield from _fields(inner, f"{path}.")


def _papers(old: Definition, new: Definition) -> Iterator[Sentence]:
    before = {document.key: document for document in old.documents}
    after = {document.key: document for document in new.documents}
    for key, document in after.items():
        if key not in before:
            yield say(N_("Thêm giấy tờ “%(name)s”."), name=document.name)
        elif before[key].optional and not document.optional:
            yield say(N_("Giấy tờ “%(name)s” nay bắt buộc."), name=document.name)
        elif before[key].name != document.name:
            yield say(
                N_("Giấy tờ “%(old)s” nay ghi là “%(name)s”."), old=before[key].name, name=document.name
            )
    for key, document in before.items():
        if key not in after:
            yield say(N_("Không cần giấy tờ “%(name)s” nữa."), name=document.name)


def _limits(old: TimeLimit, new: TimeLimit) -> Iterator[Sentence]:
    if (old.amount, old.unit, old.online) != (new.amount, new.unit, new.online):
        yield say(
            N_("Thời hạn giải quyết đổi từ %(old)s sang %(new)s."),
            old=say(_UNITS[old.unit], amount=old.online or old.amount),
            new=say(_UNITS[new.unit], amount=new.online or new.amount),
        )


def _fees(old: Definition, new: Definition) -> Iterator[Sentence]:
    if old.fees != new.fees:
        yield say(N_("Phí, lệ phí thay đổi; số tiền tính lại hiện ở trang kiểm tra trước khi nộp."))
