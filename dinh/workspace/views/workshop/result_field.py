"""The rules of one line of a result: what stands in it first, when it is required, which days it takes."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Request, route
from dinh.foundation.ui.public import FieldError
from dinh.kernel.errors import N_, NotFound
from dinh.onestop.public import (
    EDIT_PROCEDURE,
    NUMBERS,
    WRITTEN_BY_SYSTEM,
    asked_of,
    put_draft_result,
    result_field_words,
    words_of,
)
from dinh.workspace.views.workshop.conditions import ConditionRows, Question, questions_of, read_answer
from dinh.workspace.views.workshop.screen import Editor, edit, here_of, open_draft, with_own

if TYPE_CHECKING:
    from dinh.onestop.models import ProcedureVersion
    from dinh.onestop.rules.definition import ResultField, ResultTemplate

__all__ = ["line_rules", "result_field"]

TODAY = "today"
BY = (
    ("nam", N_("Một số năm như nhau")),
    ("theo", N_("Theo câu trả lời ở một câu hỏi")),
)
MOST_ANSWERS, MOST_YEARS = 50, 100


def line_rules(version: "ProcedureVersion", shown: "ResultTemplate") -> list[dict[str, Any]]:
    """Return the lines of a saved result, each with its rules in words and the address of their screen."""
    asked = asked_of(version.parts.form)
    return [
        {
            "label": field.label,
            "rules": [
                f"{_(label)}: {words}" if words else _(label)
                for label, words in (
                    (label, said if isinstance(said, str) else said.said(_))
                    for label, said in result_field_words(field, asked)
                )
            ],
            "address": _address(version, shown.key, field.name),
        }
        for field in shown.fields
        if field.kind not in WRITTEN_BY_SYSTEM
    ]


def _address(version: "ProcedureVersion", key: str, name: str) -> str:
    if key:
        return here_of("workshop-one-result-field", version, key=key, line=name)
    return here_of("workshop-result-field", version, line=name)


@route(who="official", permission=EDIT_PROCEDURE)
def result_field(request: Request, version_id: UUID, line: str, key: str = "") -> HttpResponse:
    """Change the rules of one line of a result; its label, source and kind are in the list of lines."""
    version = open_draft(request, version_id)
    shown = version.parts.result_of(key)
    field = next((one for one in shown.fields if one.name == line), None)
    if shown.key != key or field is None or field.kind in WRITTEN_BY_SYSTEM:
        raise NotFound
    form = version.parts.form
    questions = questions_of(form)
    needed = ConditionRows(
        "can", _("Chỉ bắt buộc khi"),
        _("Để trống: bắt buộc, trừ khi mục được để trống. Có điều kiện: chỉ bắt buộc khi điều kiện đúng."),
        field.required_if, questions,
        words_of(field.required_if, asked_of(form)) if field.required_if else "",
    )  # fmt: skip
    inputs = {**_inputs(field, questions), **_limit_inputs(field, shown)}
    fields = {**inputs, **needed.fields()}

    def check(data: dict[str, Any]) -> list[FieldError]:
        return [*_table(data, questions)[1], *needed.read(data)[1]]

    def write(data: dict[str, Any], seen: int) -> object:
        said = _read(data, inputs, questions) | {"required_if": needed.read(data)[0]}
        row = version.parts.result_of(key)
        rows = [
            {"name": one.name, "label": one.label, **(said if one is field else {})} for one in row.fields
        ]
        return put_draft_result(
            version, values={"fields": rows}, key=key, seen=seen, by=request.by,
            now=timezone.now(),
        )  # fmt: skip

    back = here_of("workshop-one-result", version, key=key) if key else here_of("workshop-result", version)
    return edit(
        request,
        version,
        Editor(
            title=_("Quy tắc của mục “%(label)s”") % {"label": field.label},
            lead=_("Hệ thống điền và kiểm tra mục này trước khi trình, ký."),
            form={"type": "object", "properties": fields, "ui": {"order": list(fields)}},
            values={**_values(field, questions), **_limit_values(field), **needed.values()},
            choices=needed.choices,
            check=check,
            write=write,
            back=back,
            part="result",
            more={"answers": json.dumps(needed.answers, ensure_ascii=False)},
        ),
    )


def _select(label: str, help: str, options: Sequence[Mapping[str, Any]], **more: Any) -> dict[str, Any]:
    ui = {"label": label, "help": help, "widget": "select", **more}
    return {"type": "string", "oneOf": options, "ui": ui}


def _options(questions: Sequence[Question], kinds: Sequence[str], *, own: str) -> list[Mapping[str, Any]]:
    """The questions of these kinds, and what is set."""
    return with_own([{"const": one.name, "title": one.label} for one in questions if one.kind in kinds], own)


def _inputs(field: "ResultField", questions: Sequence[Question]) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "mac_dinh": {"type": "string", "maxLength": 500,
                     "ui": {"label": _("Nội dung có sẵn"),
                            "help": _("Ghi vào mục khi câu hỏi không cho nội dung nào, ví dụ: Không.")}},
    }  # fmt: skip
    communes = _options(questions, ("commune",), own=field.area)
    if communes:
        fields["xa"] = _select(
            _("Ghi thêm tên xã sau địa chỉ"),
            _("Lấy ở câu hỏi về xã. Để trống: chỉ ghi như người nộp khai."), communes
        )  # fmt: skip
    if field.source:
        fields["ma_luu"] = {
            "type": "boolean",
            "ui": {"label": _("In mã lưu của lựa chọn, không in chữ"),
                   "help": _("Ví dụ hạng giấy phép lái xe: in A1 thay cho cả câu.")},
        }  # fmt: skip
    if field.kind != "date":
        return fields
    by = field.validity.by if field.validity else ""
    listed = _options(questions, ("choice", "yes_no"), own=by)
    fields |= {
        "tu_nay": {"type": "boolean", "ui": {"label": _("Không được trước ngày điền")}},
        "den_nay": {"type": "boolean", "ui": {"label": _("Không được sau ngày điền")}},
        "hieu_luc": {
            "type": "string",
            "oneOf": [{"const": code, "title": _(words)} for code, words in BY if code == "nam" or listed],
            "ui": {"label": _("Đây là ngày hết hiệu lực, tính theo"), "widget": "select",
                   "help": _("Để trống: hệ thống không tính, cán bộ tự ghi ngày.")},
        },
        "so_nam": {
            "type": "integer", "minimum": 1, "maximum": MOST_YEARS,
            "ui": {"label": _("Có hiệu lực bao nhiêu năm"), "width": "10",
                   "help": _("Tính từ ngày lập dự thảo."),
                   "show_if": {"field": "hieu_luc", "is": "nam"},
                   "required_if": {"field": "hieu_luc", "is": "nam"}},
        },
    }  # fmt: skip
    if listed:
        when = {"field": "hieu_luc", "is": "theo"}
        fields |= {
            "theo_cau": _select(
                _("Câu hỏi"), _("Câu hỏi có danh sách lựa chọn, ví dụ hạng giấy phép."), listed,
                show_if=when, required_if=when,
            ),
            "bang_nam": {
                "type": "array", "maxItems": MOST_ANSWERS,
                "ui": {"label": _("Mỗi câu trả lời bao nhiêu năm"), "item": _("Câu trả lời"),
                       "help": _("Câu trả lời không có trong bảng: cán bộ tự ghi ngày."),
                       "show_if": when, "required_if": when},
                "items": {
                    "type": "object", "required": ["tra_loi", "nam"], "ui": {"order": ["tra_loi", "nam"]},
                    "properties": {
                        "tra_loi": {"type": "string", "maxLength": 300,
                                    "ui": {"label": _("Câu trả lời"),
                                           "help": _("Ghi đúng như trong danh sách lựa chọn.")}},
                        "nam": {"type": "integer", "minimum": 1, "maximum": MOST_YEARS,
                                "ui": {"label": _("Số năm"), "width": "10"}},
                    },
                },
            },
        }  # fmt: skip
    return fields


LIMITS = {
    "it_nhat": "minimum",
    "nhieu_nhat": "maximum",
    "khong_qua": "not_above",
    "khong_duoi": "not_below",
}


def _limit_inputs(field: "ResultField", shown: "ResultTemplate") -> dict[str, Any]:
    """The limits of a line that holds a number: fixed ones, and the numbers of other lines."""
    if field.kind not in NUMBERS:
        return {}
    number = {"type": "number" if field.kind == "number" else "integer"}
    others = [
        {"const": one.name, "title": one.label}
        for one in shown.fields
        if one is not field and one.kind in NUMBERS and (one.kind == "money") is (field.kind == "money")
    ]
    fields: dict[str, Any] = {
        "it_nhat": {**number, "ui": {"label": _("Số nhỏ nhất"), "width": "10",
                                     "help": _("Để trống: từ 0, hoặc như câu hỏi điền vào mục này.")}},
        "nhieu_nhat": {**number, "ui": {"label": _("Số lớn nhất"), "width": "10",
                                        "help": _("Ví dụ mật độ xây dựng: 100.")}},
    }  # fmt: skip
    if others:
        fields["khong_qua"] = _select(
            _("Không lớn hơn mục"), _("Một mục khác của kết quả này."), with_own(others, field.not_above)
        )
        fields["khong_duoi"] = _select(
            _("Không nhỏ hơn mục"), _("Một mục khác của kết quả này."), with_own(others, field.not_below)
        )
    return fields


def _limit_values(field: "ResultField") -> dict[str, Any]:
    values = {name: getattr(field, key) for name, key in LIMITS.items()}
    return {name: value for name, value in values.items() if value not in (None, "")}


def _values(field: "ResultField", questions: Sequence[Question]) -> dict[str, Any]:
    rule = field.validity
    words = {
        str(value): said for one in questions if rule and one.name == rule.by for value, said in one.answers
    }
    values: dict[str, Any] = {
        "mac_dinh": field.default,
        "xa": field.area,
        "ma_luu": field.stored,
        "tu_nay": field.not_before == TODAY,
        "den_nay": field.not_after == TODAY,
        "hieu_luc": ("theo" if rule.by else "nam") if rule else "",
        "so_nam": rule.years if rule and not rule.by else None,
        "theo_cau": rule.by if rule else "",
        "bang_nam": [
            {"tra_loi": words.get(answer, answer), "nam": years} for answer, years in rule.table.items()
        ]
        if rule
        else [],
    }
    return {name: value for name, value in values.items() if value}


def _table(data: Mapping[str, Any], questions: Sequence[Question]) -> tuple[dict[str, int], list[FieldError]]:
    """The years by stored answer, and what is wrong with the rows."""
    about = next((one for one in questions if one.name == data.get("theo_cau")), None)
    table: dict[str, int] = {}
    errors = []
    for number, row in enumerate(data.get("bang_nam", ())):
        value = read_answer(about, row["tra_loi"]) if about else row["tra_loi"]
        if value is None and about:
            sentence = _("“%(label)s” chỉ có các câu trả lời: %(answers)s.") % {
                "label": about.label, "answers": "; ".join(words for _value, words in about.answers)
            }  # fmt: skip
            errors.append(FieldError(f"bang_nam.{number}.tra_loi", sentence))
        elif str(value) in table:
            errors.append(FieldError(f"bang_nam.{number}.tra_loi", _("Câu trả lời này đã có ở trên.")))
        else:
            table[str(value)] = row["nam"]
    return table, errors


def _read(
    data: Mapping[str, Any], offered: Mapping[str, Any], questions: Sequence[Question]
) -> dict[str, Any]:
    """What was sent of the inputs that the screen had; an empty value is taken away."""
    years = {"years": data["so_nam"]} if data.get("hieu_luc") == "nam" else None
    table = {"by": data.get("theo_cau"), "table": _table(data, questions)[0]}
    said = {
        "mac_dinh": ("default", data.get("mac_dinh")),
        "xa": ("area", data.get("xa")),
        "ma_luu": ("stored", data.get("ma_luu")),
        "tu_nay": ("not_before", TODAY if data.get("tu_nay") else None),
        "den_nay": ("not_after", TODAY if data.get("den_nay") else None),
        **{name: (key, data.get(name)) for name, key in LIMITS.items()},
        "hieu_luc": ("validity", table if data.get("hieu_luc") == "theo" else years),
    }
    return {key: value for name, (key, value) in said.items() if name in offered}
