"""The inputs of rules in the editors of questions and pages, made from what is declared of each rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from dinh.foundation.ui.public import (
    KINDS,
    PAGE_RULES,
    FieldError,
    FieldRule,
    FieldSpec,
    PageLine,
    PageRule,
    rules_of,
)
from dinh.kernel.condition_words import Asked
from dinh.onestop.public import words_of
from dinh.workspace.views.workshop.conditions import ConditionRows, Question

__all__ = [
    "RuleInputs",
    "page_rule_fields",
    "page_rule_values",
    "page_rules_from",
    "rule_words",
    "said_of_rules",
    "wrong_page_rules",
]

# Before the key of a rule in the names of its inputs, and after it in that of its own sentence and heading.
RULE, SENTENCE, HEADING = "luat_", "_cau", "_ten"
LONGEST_SENTENCE, LONGEST_HEADING = 500, 200


@dataclass(frozen=True, slots=True)
class RuleInputs:
    """The rules of one question: their inputs, what stands in them, and what they say when they are sent.

    ``questions`` are what they may ask: what stands on the same page, or before.
    """

    spec: FieldSpec
    questions: Sequence[Question]
    asked: Mapping[str, Asked]
    path: str

    def _rows(self, rule: FieldRule) -> ConditionRows:
        condition = self.spec.rules.get(rule.key)
        said = words_of(condition, self.asked) if condition else ""
        return ConditionRows(
            f"{RULE}{rule.key}", _(rule.label), _(rule.help), condition, self.questions, said
        )

    @property
    def _conditions(self) -> list[ConditionRows]:
        return [self._rows(rule) for rule in rules_of(self.spec.kind) if rule.value == "condition"]

    @property
    def choices(self) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for rows in self._conditions:
            found |= rows.choices
        return found

    @property
    def answers(self) -> dict[str, list[str]]:
        return next((rows.answers for rows in self._conditions), {})

    def fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for rule in rules_of(self.spec.kind):
            fields |= self._input(rule)
            if rule.message:
                ui = {"label": _(rule.message), "help": _(rule.message_help), "widget": "textarea"}
                fields[f"{RULE}{rule.key}{SENTENCE}"] = {
                    "type": "string", "maxLength": LONGEST_SENTENCE,
                    "ui": {name: value for name, value in ui.items() if value},
                }  # fmt: skip
        return fields

    def _input(self, rule: FieldRule) -> dict[str, Any]:
        ui: dict[str, Any] = {"label": _(rule.label), "help": _(rule.help)}
        if rule.value == "condition":
            return self._rows(rule).fields()
        if rule.value == "whole":
            return {f"{RULE}{rule.key}": {**rule.shape, "ui": ui}}
        if rule.value == "yes":
            return {f"{RULE}{rule.key}": {"type": "boolean", "ui": ui}}
        if rule.value == "choice":
            styles = [{"const": code, "title": _(words)} for code, words in rule.options]
            ui["widget"] = "select"
            return {f"{RULE}{rule.key}": {"type": "string", "oneOf": styles, "ui": ui}}
        others = self._comparable(rule)
        if not others:
            return {}
        options = [{"const": one.name, "title": one.label} for one in others]
        return {f"{RULE}{rule.key}": {"type": "string", "oneOf": options, "ui": {**ui, "widget": "select"}}}

    def _comparable(self, rule: FieldRule) -> list[Question]:
        own = {self.path, self.path.rpartition(".")[2]}
        widget = KINDS[self.spec.kind].widget
        widgets = {KINDS[kind].widget for kind in rule.against} or {widget}
        return [one for one in self.questions if one.name not in own and KINDS[one.kind].widget in widgets]

    def values(self) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for rule in rules_of(self.spec.kind):
            if rule.value == "condition":
                values |= self._rows(rule).values()
            elif rule.key in self.spec.rules:
                values[f"{RULE}{rule.key}"] = self.spec.rules[rule.key]
            if rule.message and rule.key in self.spec.messages:
                values[f"{RULE}{rule.key}{SENTENCE}"] = self.spec.messages[rule.key]
        return values

    def read(self, data: Mapping[str, Any]) -> tuple[dict[str, Any], list[FieldError]]:
        """Return the rules by their key, and what is wrong with their inputs."""
        said: dict[str, Any] = {}
        errors: list[FieldError] = []
        for rule in rules_of(self.spec.kind):
            name = f"{RULE}{rule.key}"
            if rule.value == "condition":
                value, wrong = self._rows(rule).read(data)
                errors += wrong
            elif rule.value == "field" and not self._comparable(rule):
                value = self.spec.rules.get(rule.key)
            else:
                value = data.get(name)
            if not value:
                continue
            said[rule.key] = value
            if rule.must_say and not data.get(f"{name}{SENTENCE}"):
                sentence = _("Hãy ghi câu nói vì sao và người nộp phải làm gì.")
                errors.append(FieldError(f"{name}{SENTENCE}", sentence))
            if rule.instead_of in said:
                errors.append(FieldError(name, _("Chỉ dùng một trong hai giới hạn này. Hãy bỏ trống một ô.")))
        return said, errors

    def messages(self, data: Mapping[str, Any]) -> dict[str, str]:
        """Return the question's own sentences of its rules, by their key."""
        keys = [rule.key for rule in rules_of(self.spec.kind) if rule.message]
        found = {key: data.get(f"{RULE}{key}{SENTENCE}", "") for key in keys}
        return {key: words for key, words in found.items() if words}


def said_of_rules(spec: FieldSpec, asked: Mapping[str, Asked], path: str) -> dict[str, str]:
    """Return the rules of a question in words, by the label that they have in its editor (not translated)."""
    holder = path.rpartition(".")[0]

    def said(rule: FieldRule, value: Any) -> str:
        if rule.value == "condition":
            return words_of(value, asked)
        if rule.value == "yes":
            return _("Có")
        if rule.value == "choice":
            return _(dict(rule.options)[value])
        about = asked.get(f"{holder}.{value}") or asked.get(str(value))
        return about.label if rule.value == "field" and about else str(value)

    return {
        rule.label: said(rule, spec.rules[rule.key]) for rule in rules_of(spec.kind) if rule.key in spec.rules
    }


def rule_words(spec: FieldSpec, asked: Mapping[str, Asked], path: str) -> list[str]:
    """Return the rules of a question as lines."""
    return [f"{_(label)}: {said}" for label, said in said_of_rules(spec, asked, path).items()]


def _choosable(rule: PageRule, page: PageLine | None) -> list[dict[str, str]]:
    """The questions of a page that a rule may name; none where there are too few."""
    lines = [line for line in page.fields if line.depth == 0] if page else []
    found = [
        {"const": line.path, "title": line.spec.label} for line in lines if line.spec.kind not in rule.without
    ]
    return found if len(found) >= rule.least else []


def page_rule_fields(page: PageLine | None) -> dict[str, Any]:
    """Return the inputs of the rules over several questions of a page."""
    fields: dict[str, Any] = {}
    for rule in PAGE_RULES:
        options = _choosable(rule, page)
        if not options:
            continue
        name = f"{RULE}{rule.key}"
        fields |= {
            name: {"type": "array", "items": {"type": "string", "oneOf": options},
                   "ui": {"label": _(rule.label), "widget": "checkboxes", "help": _(rule.help)}},
            f"{name}{HEADING}": {"type": "string", "maxLength": LONGEST_HEADING,
                                 "ui": {"label": _(rule.heading), "help": _(rule.heading_help)}},
            f"{name}{SENTENCE}": {"type": "string", "maxLength": LONGEST_SENTENCE,
                                  "ui": {"label": _(rule.message), "help": _(rule.message_help)}},
        }  # fmt: skip
    return fields


def page_rule_values(page: PageLine | None) -> dict[str, Any]:
    """Return what stands in these inputs."""
    values: dict[str, Any] = {}
    for key, said in (page.rules if page else {}).items():
        name = f"{RULE}{key}"
        values |= {name: said["fields"], f"{name}{HEADING}": said["label"]}
        if said.get("message"):
            values[f"{name}{SENTENCE}"] = said["message"]
    return values


def page_rules_from(data: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the rules that were sent, by their key."""
    found = {}
    for rule in PAGE_RULES:
        name = f"{RULE}{rule.key}"
        if data.get(name):
            said = {"fields": data[name], "label": data.get(f"{name}{HEADING}", "")}
            message = data.get(f"{name}{SENTENCE}", "")
            found[rule.key] = {**said, "message": message} if message else said
    return found


def wrong_page_rules(data: Mapping[str, Any]) -> list[FieldError]:
    """Return what is wrong with these inputs."""
    errors = []
    for rule in PAGE_RULES:
        name = f"{RULE}{rule.key}"
        chosen = data.get(name, ())
        if chosen and len(chosen) < rule.least:
            sentence = _("Hãy chọn từ %(count)s câu trở lên, hoặc bỏ trống.") % {"count": rule.least}
            errors.append(FieldError(name, sentence))
        elif chosen and not data.get(f"{name}{HEADING}"):
            errors.append(FieldError(f"{name}{HEADING}", _("Hãy ghi tiêu đề chung của các câu đã chọn.")))
    return errors
