"""The rules that a form may have over days and over several answers, as who builds a form sees them.

A rule is a key of a field's ``ui`` block, or of a page. What is declared here appears by itself in the shape
of a form, in the editor of a question or a page, in the words of a comparison and among the uses of a field;
only what the rule means to an answer is written where answers are checked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from dinh.foundation.ui.rules.forms.names import NAME_STYLES
from dinh.foundation.ui.rules.forms.numbers import SEXES
from dinh.kernel.conditions import fields_of
from dinh.kernel.errors import N_

__all__ = [
    "FIELD_RULES",
    "PAGE_RULES",
    "FieldRule",
    "PageRule",
    "asked_by_rules",
    "rules_of",
    "said_rules",
]

RuleValue = Literal["whole", "field", "condition", "choice", "yes"]
# Kinds whose answers have more and less, and all that are answered.
_ORDERED = frozenset({"number", "whole", "money", "year", "date"})
_BORN = frozenset({"date", "year"})
_NUMBERED = frozenset({"identity_number"})
_ANSWERED = _ORDERED | {
    *("text", "textarea", "time", "month", "choice", "choices", "yes_no", "agree", "phone", "email"),
    *("identity_number", "tax_code", "address", "commune"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRule:
    """One rule: ``value`` is what it holds (a whole number up to ``most``, the name of another field, a
    condition, one of ``options``, or that it is so at all), ``on`` the kinds of fields that may have it.
    ``against`` are the kinds that the other field may be of; none are named: its own.

    ``message`` is the label of the field's own sentence for it (``ui.messages`` under the same key); empty:
    it has none. ``must_say``: the sentence is no choice, for only it can say which way to go. ``along`` names
    the rules without one of which this one says nothing, ``instead_of`` one that it cannot stand beside.
    """

    key: str
    label: str
    help: str
    value: RuleValue
    on: frozenset[str]
    most: int = 0
    options: tuple[tuple[str, str], ...] = ()
    against: frozenset[str] = frozenset()
    message: str = ""
    message_help: str = ""
    must_say: bool = False
    along: tuple[str, ...] = ()
    instead_of: str = ""

    @property
    def shape(self) -> dict[str, Any]:
        """What a form's ``ui`` block may hold under the key."""
        if self.value == "whole":
            return {"type": "integer", "minimum": 1, "maximum": self.most}
        if self.value == "yes":
            return {"const": True}
        if self.value == "choice":
            return {"enum": [code for code, _label in self.options]}
        return {"type": "object"} if self.value == "condition" else {"type": "string", "maxLength": 1000}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRule:
    """One rule over several fields of a page: at least ``least`` of them (``fields``), a heading above them
    (``label``), and its own sentence (``message``). ``without`` are kinds that it cannot take.
    """

    key: str
    label: str
    help: str
    heading: str
    heading_help: str
    message: str
    message_help: str
    told: str
    least: int = 2
    without: frozenset[str] = frozenset({"group", "list", "note"})

    @property
    def shape(self) -> dict[str, Any]:
        """What a page may hold under the key."""
        text = {"type": "string", "maxLength": 1000}
        fields = {"type": "array", "items": {"type": "string"}, "minItems": self.least, "uniqueItems": True}
        return {
            "type": "object",
            "required": ["fields", "label"],
            "properties": {"fields": fields, "label": {**text, "minLength": 1}, "message": text},
            "additionalProperties": False,
        }


PAGE_RULES: tuple[PageRule, ...] = (
    PageRule(
        key="at_least_one",
        label=N_("Phải trả lời ít nhất một trong các câu"),
        help=N_("Để trống: không yêu cầu. Các câu này đứng chung dưới một tiêu đề."),
        heading=N_("Tiêu đề của các câu đó"),
        heading_help=N_("Ví dụ: Nội dung thay đổi."),
        message=N_("Câu nhắc khi chưa trả lời câu nào"),
        message_help=N_("Để trống: hệ thống tự nhắc."),
        told=N_("Phải trả lời ít nhất một câu ở “%(label)s”"),
    ),
)

FIELD_RULES: tuple[FieldRule, ...] = (
    FieldRule(
        key="within_days",
        label=N_("Không quá bao nhiêu ngày trước ngày nộp"),
        help=N_("Ví dụ 60: nộp trong 60 ngày kể từ ngày này. Để trống: không giới hạn."),
        value="whole",
        on=frozenset({"date"}),
        most=36500,
        message=N_("Quá số ngày đó thì người nộp làm gì"),
        message_help=N_("Câu hiện ra tại chỗ: thủ tục nào thay thế, hoặc ô nào phải đánh dấu."),
        must_say=True,
    ),
    FieldRule(
        key="within_months",
        label=N_("hoặc không quá bao nhiêu tháng trước ngày nộp"),
        help=N_("Tính theo lịch. Chỉ ghi một trong hai: số ngày, hoặc số tháng."),
        value="whole",
        on=frozenset({"date"}),
        most=1200,
        message=N_("Quá số tháng đó thì người nộp làm gì"),
        message_help=N_("Câu hiện ra tại chỗ: thủ tục nào thay thế, hoặc ô nào phải đánh dấu."),
        must_say=True,
        instead_of="within_days",
    ),
    FieldRule(
        key="within_unless",
        label=N_("Số ngày, số tháng đó không tính khi"),
        help=N_("Để trống: luôn tính."),
        value="condition",
        on=frozenset({"date"}),
        along=("within_days", "within_months"),
    ),
    FieldRule(
        key="least_age",
        label=N_("Người sinh ngày này phải đủ bao nhiêu tuổi"),
        help=N_("Tính đến ngày nộp. Để trống: không yêu cầu."),
        value="whole",
        on=frozenset({"date"}),
        most=150,
        message=N_("Chưa đủ tuổi thì nhắc thế nào"),
        message_help=N_("Để trống: hệ thống tự nhắc."),
    ),
    FieldRule(
        key="under_age",
        label=N_("Người sinh ngày này phải chưa đủ bao nhiêu tuổi"),
        help=N_("Tính đến ngày nộp. Ví dụ 6: thủ tục chỉ dành cho trẻ dưới 6 tuổi. Để trống: không yêu cầu."),
        value="whole",
        on=frozenset({"date"}),
        most=150,
        message=N_("Đã đủ tuổi đó thì nói gì với người nộp"),
        message_help=N_("Câu hiện ra tại chỗ: thủ tục nào thay thế."),
        must_say=True,
    ),
    FieldRule(
        key="working_days_ahead",
        label=N_("Sau ngày nộp ít nhất bao nhiêu ngày làm việc"),
        help=N_("Đếm theo lịch làm việc của tỉnh, không tính ngày nộp. Để trống: không yêu cầu."),
        value="whole",
        on=frozenset({"date"}),
        most=250,
        message=N_("Sớm hơn ngày đó thì nhắc thế nào"),
        message_help=N_("Để trống: hệ thống tự nhắc, có ghi ngày sớm nhất."),
    ),
    FieldRule(
        key="workday",
        label=N_("Phải là ngày làm việc"),
        help=N_("Theo lịch làm việc của tỉnh."),
        value="yes",
        on=frozenset({"date"}),
        message=N_("Không phải ngày làm việc thì nhắc thế nào"),
        message_help=N_("Để trống: hệ thống tự nhắc."),
    ),
    FieldRule(
        key="older_than",
        label=N_("Sinh trước người mà câu này hỏi ngày sinh, năm sinh"),
        help=N_("Ví dụ năm sinh của mẹ so với ngày sinh của con. Để trống: không so."),
        value="field",
        on=_BORN,
        against=_BORN,
        message=N_("Không hơn đủ số tuổi thì nhắc thế nào"),
        message_help=N_("Để trống: hệ thống tự nhắc."),
    ),
    FieldRule(
        key="older_by",
        label=N_("Phải hơn người đó ít nhất bao nhiêu tuổi"),
        help=N_("Chỉ dùng cùng câu ở trên."),
        value="whole",
        on=_BORN,
        most=150,
        along=("older_than",),
    ),
    FieldRule(
        key="written_as",
        label=N_("Viết như tên gọi"),
        help=N_("Để trống: viết gì cũng được."),
        value="choice",
        on=frozenset({"text"}),
        options=NAME_STYLES,
        message=N_("Không viết như vậy thì nhắc thế nào"),
        message_help=N_("Để trống: hệ thống tự nhắc."),
    ),
    FieldRule(
        key="born_in",
        label=N_("Năm sinh ghi trong số phải khớp với câu hỏi ngày sinh, năm sinh"),
        help=N_("Số thứ tư, năm và sáu của số định danh chỉ thế kỷ và năm sinh. Để trống: không so."),
        value="field",
        on=_NUMBERED,
        against=_BORN,
        message=N_("Năm sinh không khớp thì nhắc thế nào"),
        message_help=N_("Để trống: hệ thống tự nhắc."),
    ),
    FieldRule(
        key="sex_in",
        label=N_("Giới tính ghi trong số phải khớp với câu hỏi giới tính"),
        help=N_("So với câu hỏi chọn một, có hai mục mã nam và nu. Để trống: không so."),
        value="field",
        on=_NUMBERED,
        against=frozenset({"choice"}),
        message=N_("Giới tính không khớp thì nhắc thế nào"),
        message_help=N_("Để trống: hệ thống tự nhắc."),
    ),
    FieldRule(
        key="sex_is",
        label=N_("Số phải là của"),
        help=N_("Ví dụ bên nữ, người mẹ. Để trống: nam hay nữ cũng được."),
        value="choice",
        on=_NUMBERED,
        options=SEXES,
        message=N_("Không phải người đó thì nhắc thế nào"),
        message_help=N_("Để trống: hệ thống tự nhắc."),
    ),
    FieldRule(
        key="unlike",
        label=N_("Là người khác với người có số ở"),
        help=N_("Ví dụ số của bên nam so với số của bên nữ. Để trống: không so."),
        value="field",
        on=_NUMBERED,
        message=N_("Trùng số thì nhắc thế nào"),
        message_help=N_("Để trống: hệ thống tự nhắc."),
    ),
    FieldRule(
        key="not_above",
        label=N_("Không lớn hơn, không sau câu trả lời ở"),
        help=N_("So với một câu khác cùng là số, cùng là tiền, cùng là năm hoặc cùng là ngày."),
        value="field",
        on=_ORDERED,
        message=N_("Lớn hơn, sau câu đó thì nhắc thế nào"),
        message_help=N_("Để trống: hệ thống tự nhắc."),
    ),
    FieldRule(
        key="not_below",
        label=N_("Không nhỏ hơn, không trước câu trả lời ở"),
        help=N_("So với một câu khác cùng là số, cùng là tiền, cùng là năm hoặc cùng là ngày."),
        value="field",
        on=_ORDERED,
        message=N_("Nhỏ hơn, trước câu đó thì nhắc thế nào"),
        message_help=N_("Để trống: hệ thống tự nhắc."),
    ),
    FieldRule(
        key="refuse_if",
        label=N_("Không nhận câu trả lời khi"),
        help=N_("Để trống: luôn nhận."),
        value="condition",
        on=_ANSWERED,
        message=N_("Không nhận thì nói gì với người nộp"),
        message_help=N_("Vì sao, và phải làm gì: câu hiện ra tại chỗ."),
        must_say=True,
    ),
)


def rules_of(kind: str) -> list[FieldRule]:
    """Return the rules that a field of the kind may have."""
    return [rule for rule in FIELD_RULES if kind in rule.on]


def said_rules(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rules of ``values`` that a field of the kind has, without those that say nothing alone."""
    said = {rule.key: values[rule.key] for rule in rules_of(kind) if values.get(rule.key)}
    alone = {rule.key for rule in FIELD_RULES if rule.along and not said.keys() & set(rule.along)}
    return {key: value for key, value in said.items() if key not in alone}


def asked_by_rules(values: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of the other fields that the rules of a field ask."""
    asked: set[str] = set()
    for rule in FIELD_RULES:
        value = values.get(rule.key)
        if value and rule.value == "condition":
            asked |= fields_of(value)
        elif value and rule.value == "field":
            asked.add(value)
    return frozenset(asked)
