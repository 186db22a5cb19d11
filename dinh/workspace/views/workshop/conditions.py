"""Conditions as rows of question, comparison and answer, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from dinh.foundation.ui.public import FieldError, outline
from dinh.kernel.errors import N_
from dinh.kernel.text import fold

__all__ = ["JOINED", "ConditionRows", "Question", "questions_of", "read_answer"]

COMPARISONS = {
    "is": N_("là"),
    "is_not": N_("không phải là"),
    "in": N_("là một trong (cách nhau bằng dấu ;)"),
    "at_least": N_("từ … trở lên"),
    "at_most": N_("không quá"),
    "given": N_("có trả lời"),
    "not_given": N_("không trả lời"),
}
NEEDS_NO_ANSWER = ("given", "not_given")
NUMBERS = ("number", "whole", "money", "year")
MOST_ROWS = 6
# After the name of a condition in that of the choice how its rows go together, which always has an answer.
JOINED = "_ket_hop"


@dataclass(frozen=True, slots=True)
class Question:
    """A field that a condition may ask: its name there, its label, its kind, and its answers."""

    name: str
    label: str
    kind: str
    answers: tuple[tuple[Any, str], ...]


def questions_of(
    form: Mapping[str, Any], *, before: str = "", page: str = "", row: str = ""
) -> list[Question]:
    """Return what may be asked: everything, or what stands before a field or a page.

    Inside a repeated group its own fields are asked by their short name; from outside they cannot be.
    ``row`` is such a group, or a field of it, where that is another than where ``before`` stands.
    """
    lines = [line for one in outline(form) for line in one.fields]
    if page:
        pages = [one.key for one in outline(form)]
        earlier = pages[: pages.index(page)] if page in pages else pages
        lines = [line for line in lines if line.page in earlier]
    if before and before in [line.path for line in lines]:
        lines = lines[: [line.path for line in lines].index(before)]
    lists = {line.path for one in outline(form) for line in one.fields if line.spec.kind == "list"}
    found = []
    for line in lines:
        if line.spec.kind in ("note", "group"):
            continue
        holder, _dot, name = line.path.rpartition(".")
        inside = any(line.path.startswith(f"{path}.") for path in lists)
        if inside and holder not in ({row, row.rpartition(".")[0]} if row else {before.rpartition(".")[0]}):
            continue
        found.append(
            Question(name if inside else line.path, line.spec.label, line.spec.kind, _answers(line.spec))
        )
    return found


def _answers(spec: Any) -> tuple[tuple[Any, str], ...]:
    if spec.kind == "yes_no":
        return ((True, _("Có")), (False, _("Không")))
    if spec.kind == "agree":
        return ((True, _("Có")),)
    return tuple(spec.choices)


@dataclass(frozen=True, slots=True)
class ConditionRows:
    """One condition of an editor: its fields, what stands in them, and what they say when they are sent.

    A condition that rows cannot show (groups within groups, questions that may not be asked here) is told in
    words and stays unless rows take its place or the box is ticked.
    """

    name: str
    label: str
    help: str
    condition: Mapping[str, Any] | None
    questions: Sequence[Question]
    words: str = ""

    @property
    def choices(self) -> dict[str, list[tuple[str, str]]]:
        """The lists that the editor's fields name as their source."""
        return {
            f"{self.name}_questions": [(one.name, one.label) for one in self.questions],
            "comparisons": [(code, _(words)) for code, words in COMPARISONS.items()],
        }

    @property
    def answers(self) -> dict[str, list[str]]:
        """What the script offers instead of a box to type in: the words of the answers, by question."""
        return {one.name: [words for _value, words in one.answers] for one in self.questions if one.answers}

    @property
    def is_plain(self) -> bool:
        """Whether the rows can show the condition: read back, they say the same."""
        if not self.condition:
            return True
        shown = condition_values(self.name, self.condition, self.questions)
        return condition_from(self.name, shown, self.questions) == (dict(self.condition), [])

    def fields(self) -> dict[str, Any]:
        drop = {f"{self.name}_bo": {"type": "boolean", "ui": {"label": _("Bỏ điều kiện hiện có"),
                "help": self.kept}}}  # fmt: skip
        built = condition_part(self.name, self.label, self.help) if self.questions else {}
        return {**({} if self.is_plain else drop), **built}

    @property
    def kept(self) -> str:
        """The condition that stays, in words."""
        return _("Điều kiện hiện có: %(words)s.") % {"words": self.words} if self.words else ""

    def values(self) -> dict[str, Any]:
        if not self.questions:
            return {}
        shown = self.condition if self.is_plain else None
        return condition_values(self.name, shown, self.questions)

    def read(
        self, data: Mapping[str, Any], *, place: str = ""
    ) -> tuple[dict[str, Any] | None, list[FieldError]]:
        """Return the condition (None: none) and what is wrong with its rows; ``place`` stands before their
        names: ``giam.0.``.
        """
        read, errors = condition_from(self.name, data, self.questions)
        if read is None and not errors and self._stays(data):
            return dict(self.condition) if self.condition else None, errors
        return read, [FieldError(f"{place}{one.path}", one.sentence) for one in errors]

    def _stays(self, data: Mapping[str, Any]) -> bool:
        return not (self.is_plain or data.get(f"{self.name}_bo"))


def condition_part(name: str, label: str, help: str) -> dict[str, Any]:
    """Return the fields of an editor in which a condition is built; ``<name>_questions`` is their source."""
    return {
        name: {
            "type": "array",
            "maxItems": MOST_ROWS,
            "ui": {"label": label, "help": help, "widget": "list", "item": _("Điều kiện")},
            "items": {
                "type": "object",
                "ui": {"order": ["cau_hoi", "phep", "tra_loi"]},
                "properties": {
                    "cau_hoi": {
                        "type": "string",
                        "ui": {"label": _("Câu hỏi"), "widget": "select", "source": f"{name}_questions"},
                    },
                    "phep": {
                        "type": "string",
                        "ui": {"label": _("So sánh"), "widget": "select", "source": "comparisons"},
                    },
                    "tra_loi": {
                        "type": "string",
                        "maxLength": 500,
                        "ui": {
                            "label": _("Câu trả lời"),
                            "help": _("Ghi đúng như trong danh sách lựa chọn; câu có – không thì ghi Có hoặc"
                                      " Không; “có trả lời” thì để trống."),
                        },
                    },
                },
            },
        },
        f"{name}{JOINED}": {
            "type": "string",
            "oneOf": [
                {"const": "all", "title": _("Mọi điều kiện trên đều đúng")},
                {"const": "any", "title": _("Chỉ cần một điều kiện đúng")},
            ],
            "ui": {"label": _("Nếu có nhiều điều kiện"), "widget": "radios"},
        },
    }  # fmt: skip


def condition_values(
    name: str, condition: Mapping[str, Any] | None, questions: Sequence[Question]
) -> dict[str, Any]:
    """Return what stands in these fields for a condition; nothing when it is not made of plain rows."""
    rows, joined = _rows(condition)
    labels = {one.name: dict(one.answers) for one in questions}
    values: dict[str, Any] = {f"{name}{JOINED}": joined}
    if rows:
        values[name] = [
            {"cau_hoi": asked, "phep": how, "tra_loi": _typed(wanted, labels.get(asked, {}))}
            for asked, how, wanted in rows
        ]
    return values


def _rows(condition: Mapping[str, Any] | None) -> tuple[list[tuple[str, str, Any]], str]:
    if not condition:
        return [], "all"
    for joined in ("all", "any"):
        if joined in condition:
            rows = [_row(part) for part in condition[joined]]
            return ([row for row in rows if row] if all(rows) else []), joined
    row = _row(condition)
    return ([row] if row else []), "all"


def _row(condition: Mapping[str, Any]) -> tuple[str, str, Any] | None:
    if "not" in condition:
        inner = condition["not"]
        return (inner["field"], "is_not", inner["is"]) if "is" in inner and "field" in inner else None
    if "field" not in condition:
        return None
    if "given" in condition:
        return condition["field"], "given" if condition["given"] else "not_given", ""
    how = next((key for key in ("is", "in", "at_least", "at_most") if key in condition), None)
    return (condition["field"], how, condition[how]) if how else None


def _typed(wanted: Any, words: Mapping[Any, str]) -> str:
    if isinstance(wanted, list):
        return "; ".join(_typed(one, words) for one in wanted)
    if isinstance(wanted, bool):
        return _("Có") if wanted else _("Không")
    return words.get(wanted, str(wanted))


def condition_from(
    name: str, data: Mapping[str, Any], questions: Sequence[Question]
) -> tuple[dict[str, Any] | None, list[FieldError]]:
    """Return the condition that the rows say (None: none), and what is wrong with them."""
    known = {one.name: one for one in questions}
    parts: list[dict[str, Any]] = []
    errors: list[FieldError] = []
    for number, row in enumerate(data.get(name, ())):
        asked, how, typed = row.get("cau_hoi"), row.get("phep", "is"), str(row.get("tra_loi", ""))
        place = f"{name}.{number}"
        if asked not in known:
            if asked or typed:
                errors.append(FieldError(f"{place}.cau_hoi", _("Hãy chọn câu hỏi của điều kiện này.")))
            continue
        if how in NEEDS_NO_ANSWER:
            parts.append({"field": asked, "given": how == "given"})
            continue
        values = [
            read_answer(known[asked], one.strip()) for one in (typed.split(";") if how == "in" else [typed])
        ]
        if any(value is None for value in values):
            errors.append(FieldError(f"{place}.tra_loi", _wrong(known[asked])))
            continue
        if how in ("at_least", "at_most") and known[asked].kind not in NUMBERS:
            errors.append(FieldError(f"{place}.phep", _("Chỉ so sánh lớn nhỏ được với câu hỏi về số.")))
            continue
        part = {"field": asked, "is" if how == "is_not" else how: values if how == "in" else values[0]}
        parts.append({"not": part} if how == "is_not" else part)
    if not parts:
        return None, errors
    return (parts[0] if len(parts) == 1 else {data.get(f"{name}{JOINED}", "all"): parts}), errors


def read_answer(question: Question, typed: str) -> Any:
    """Return the stored value of what was typed; None when it is no answer to the question."""
    if question.answers:
        for value, words in question.answers:
            if fold(typed) == fold(words) or typed == str(value):
                return value
        return None
    if question.kind in NUMBERS:
        plain = (
            typed.replace(".", "").replace(",", ".") if question.kind == "money" else typed.replace(",", ".")
        )
        try:
            number = float(plain)
        except ValueError:
            return None
        return int(number) if number.is_integer() else number
    return typed or None


def _wrong(question: Question) -> str:
    if question.answers:
        return _("“%(label)s” chỉ có các câu trả lời: %(answers)s.") % {
            "label": question.label,
            "answers": "; ".join(words for _value, words in question.answers),
        }
    if question.kind in NUMBERS:
        return _("Hãy ghi một số để so sánh với “%(label)s”.") % {"label": question.label}
    return _("Hãy ghi câu trả lời để so sánh.")
