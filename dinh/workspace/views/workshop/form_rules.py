"""Rules of one question in the form builder: an age, more or less than another, when it does not do."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from dinh.foundation.ui.public import COMPARABLE, KINDS, FieldError, FieldSpec
from dinh.workspace.views.workshop.conditions import ConditionRows, Question

__all__ = ["rule_values", "rules_from", "with_rules", "wrong_rules"]


def with_rules(
    editor: dict[str, Any], spec: FieldSpec, refuse: ConditionRows, near: Sequence[Question], path: str
) -> dict[str, Any]:
    """Return an editor's form with the settings of rules that the question's kind can have.

    ``near`` are the questions of the same page, or before; ``path`` is the question itself.
    """
    kind = KINDS[spec.kind]
    fields: dict[str, Any] = {}
    if "days" in kind.asks:
        fields["du_tuoi"] = {
            "type": "integer", "minimum": 1, "maximum": 150,
            "ui": {"label": _("Người sinh ngày này phải đủ bao nhiêu tuổi"), "width": "10",
                   "help": _("Tính đến ngày nộp. Để trống: không yêu cầu.")},
        }  # fmt: skip
        fields["chua_du_tuoi"] = _sentence(
            _("Chưa đủ tuổi thì nhắc thế nào"), _("Để trống: hệ thống tự nhắc.")
        )
    # In a row questions have their short names.
    own = path if path in [one.name for one in near] else path.rpartition(".")[2]
    others = [one for one in near if one.name != own and KINDS[one.kind].widget == kind.widget]
    if kind.widget in COMPARABLE and others:
        choices = [{"const": one.name, "title": one.label} for one in others]
        for name, label in (("khong_hon", _("Không lớn hơn, không sau câu trả lời ở")),
                            ("khong_kem", _("Không nhỏ hơn, không trước câu trả lời ở"))):  # fmt: skip
            fields[name] = {"type": "string", "oneOf": choices, "ui": {"label": label, "widget": "select"}}
    if spec.kind not in ("group", "list", "note"):
        fields |= refuse.fields()
        if refuse.questions:
            fields["vi_sao"] = _sentence(
                _("Không nhận thì nói gì với người nộp"), _("Vì sao, và phải làm gì: câu hiện ra tại chỗ.")
            )
    properties = {**editor["properties"], **fields}
    return {**editor, "properties": properties, "ui": {**editor["ui"], "order": list(properties)}}


def _sentence(label: str, help: str) -> dict[str, Any]:
    return {
        "type": "string",
        "maxLength": 500,
        "ui": {"label": label, "widget": "textarea", "help": help},
    }


def rule_values(spec: FieldSpec) -> dict[str, Any]:
    """Return what stands in these settings."""
    values = {
        "du_tuoi": spec.least_age,
        "chua_du_tuoi": spec.age_message,
        "khong_hon": spec.not_above,
        "khong_kem": spec.not_below,
        "vi_sao": spec.refuse_message,
    }
    return {name: value for name, value in values.items() if value}


def rules_from(data: Mapping[str, Any], refusal: dict[str, Any] | None) -> dict[str, Any]:
    """Return the settings of a ``FieldSpec`` that were sent."""
    return {
        "least_age": data.get("du_tuoi"),
        "age_message": data.get("chua_du_tuoi", ""),
        "not_above": data.get("khong_hon", ""),
        "not_below": data.get("khong_kem", ""),
        "refuse_if": refusal,
        "refuse_message": data.get("vi_sao", ""),
    }


def wrong_rules(data: Mapping[str, Any], refusal: dict[str, Any] | None) -> list[FieldError]:
    """Say what is missing from the rules that were sent."""
    if refusal and not data.get("vi_sao"):
        return [FieldError("vi_sao", _("Hãy ghi vì sao không nhận, và người nộp phải làm gì."))]
    return []
