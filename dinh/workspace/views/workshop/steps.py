"""The way of a dossier: steps as a table and as a diagram of the same data; the ways out of each step."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.directory.public import divisions_named, province_agencies, role_names
from dinh.foundation.ui.public import FieldError
from dinh.kernel.errors import N_, NotFound
from dinh.onestop.public import (
    EDIT_PROCEDURE,
    MEETING_KINDS,
    STEP_KINDS,
    asked_of,
    move_draft_outcome,
    part_of,
    put_draft_outcome,
    put_draft_part,
    remove_draft_outcome,
    words_of,
)
from dinh.workspace.rules import draw_flow
from dinh.workspace.views.procedures import UNIT_RULES, flow_steps
from dinh.workspace.views.workshop.conditions import ConditionRows, questions_of
from dinh.workspace.views.workshop.screen import Editor, edit, here_of, open_draft, press, show_part

if TYPE_CHECKING:
    from dinh.onestop.models import ProcedureVersion

__all__ = ["add_way", "change_way", "edit_step", "move_way", "remove_way", "steps"]

WHERES = (
    ("reception", N_("Nơi tiếp nhận hồ sơ (Bộ phận Một cửa)")),
    ("agency", N_("Cơ quan giải quyết")),
    ("inside", N_("Một phòng, ban của cơ quan giải quyết")),
    ("field", N_("Xã ghi trong tờ khai")),
    ("province", N_("Một cơ quan của tỉnh")),
)
KIND_HELP = {
    "receive": N_("Tiếp nhận: kiểm tra và nhận hồ sơ"),
    "handle": N_("Thụ lý: thẩm định, soạn dự thảo kết quả"),
    "consult": N_("Cho ý kiến: cơ quan khác trả lời"),
    "review": N_("Soát xét: lãnh đạo phòng xem dự thảo"),
    "sign": N_("Ký số: người có thẩm quyền ký kết quả"),
    "issue": N_("Phát hành: cấp số, đóng dấu của cơ quan"),
    "refuse": N_("Từ chối: thông báo và kết thúc hồ sơ"),
    "return": N_("Trả kết quả: kết thúc hồ sơ"),
}
ASSIGNS = (("least_open", N_("Tự giao cho người đang giữ ít việc nhất")),)
NEEDS = (
    ("draft", N_("Đã có dự thảo kết quả")),
    ("reason", N_("Phải ghi lý do")),
    ("met", N_("Đã ghi việc gặp người nộp")),
)


@route(who="official", permission=EDIT_PROCEDURE)
def steps(request: Request, version_id: UUID) -> HttpResponse:
    """The table of steps with the diagram of the same data."""
    version = open_draft(request, version_id)
    definition = version.parts
    asked = asked_of(definition.form)
    names = {step.key: step.name for step in definition.steps}
    roles = role_names()
    rows = []
    for step in definition.steps:
        here = {"part": "buoc", "key": step.key}
        rows.append(
            {
                "key": step.key,
                "name": step.name,
                "kind": _(STEP_KINDS[step.kind]),
                "role": roles.get(step.role, step.role),
                "where": _(UNIT_RULES[step.unit.where]) % {"abbreviation": step.unit.abbreviation},
                "hours": f"{step.hours:g}",
                "joins": step.joins,
                "pauses": step.pauses,
                "answers": step.answers,
                "meets": _(MEETING_KINDS[step.meets.kind]) if step.meets else "",
                "assign": dict(ASSIGNS).get(step.assign, ""),
                "same": names.get(step.same_person, ""),
                "address": here_of("workshop-part", version, **here),
                "move": here_of("workshop-part-move", version, **here),
                "remove": here_of("workshop-part-remove", version, **here),
                "add": here_of("workshop-way-add", version, step=step.key),
                "ways": [
                    {
                        "label": outcome.label,
                        "to": [names.get(key, key) for key in outcome.to],
                        "back": outcome.back,
                        "condition": words_of(outcome.when, asked) if outcome.when else "",
                        "address": here_of("workshop-way", version, step=step.key, key=outcome.key),
                        "move": here_of("workshop-way-move", version, step=step.key, key=outcome.key),
                        "remove": here_of("workshop-way-remove", version, step=step.key, key=outcome.key),
                    }
                    for outcome in step.outcomes
                ],
            }
        )
    values = {
        "rows": rows,
        "add": here_of("workshop-part-add", version, part="buoc"),
        "flow": draw_flow(flow_steps(version)),
        "limit": definition.time_limit,
    }
    return show_part(request, version, "steps.html", "steps", values)


def edit_step(
    request: Request, version: "ProcedureVersion", key: str, row: Mapping[str, Any]
) -> HttpResponse:
    """Change one step, or add one: who does what, where, in how many hours."""
    fields, choices = _step_form(version, key)
    unit, meets = row.get("unit", {}), row.get("meets") or {}
    values = {
        "ten": row.get("name"),
        "loai": row.get("kind", "handle"),
        "vai_tro": row.get("role"),
        "noi": unit.get("where", "agency"),
        "phong": unit.get("abbreviation") if unit.get("where") == "inside" else None,
        "co_quan": unit.get("abbreviation") if unit.get("where") == "province" else None,
        "truong": unit.get("field"),
        "gio": row.get("hours", 8),
        "huong_dan": row.get("instruction"),
        "cho": row.get("joins"),
        "nguoi_cu": row.get("same_person"),
        "giao": row.get("assign") or None,
        "tam_dung": row.get("pauses") or None,
        "tra_loi": row.get("answers") or None,
        "gap": meets.get("kind"),
        "gap_ai": meets.get("people"),
        "gap_ngay": meets.get("wished"),
        "gap_noi": meets.get("place"),
    }

    def write(data: dict[str, Any], seen: int) -> object:
        kept = {
            "name": data["ten"],
            "kind": data["loai"],
            "role": data["vai_tro"],
            "unit": _unit_rule(data, unit),
            "hours": data["gio"],
            "instruction": data.get("huong_dan"),
            "joins": data.get("cho") or None,
            "same_person": data.get("nguoi_cu"),
            "assign": data.get("giao"),
            "pauses": data.get("tam_dung") or None,
            "answers": data.get("tra_loi") or None,
            "meets": _meets_rule(data),
        }
        return put_draft_part(
            version, part="steps", key=key, values=kept, seen=seen, by=request.by, now=timezone.now()
        )

    return edit(
        request,
        version,
        Editor(
            title=_("Bước mới") if not key else str(row.get("name")),
            lead=_("Ai làm, ở đâu, trong bao nhiêu giờ làm việc."),
            form={
                "type": "object",
                "properties": fields,
                "required": ["ten", "loai", "vai_tro", "noi", "gio"],
                "ui": {"order": list(fields)},
            },
            values={name: value for name, value in values.items() if value not in (None, "")},
            choices=choices,
            check=_check_step,
            write=write,
            back=here_of("workshop-steps", version),
            part="steps",
        ),
    )


def _step_form(
    version: "ProcedureVersion", key: str
) -> tuple[dict[str, Any], Mapping[str, list[tuple[str, str]]]]:
    definition = version.parts
    others = [(step.key, step.name) for step in definition.steps if step.key != key]
    questions = questions_of(definition.form)
    communes = [(one.name, one.label) for one in questions if one.kind in ("commune", "text")]
    _count, divisions = divisions_named(definition.agency.kind, definition.agency.abbreviation)
    choices = {
        "days": [(one.name, one.label) for one in questions if one.kind == "date"],
        "places": [(one.name, one.label) for one in questions if one.kind == "text"],
        "roles": list(role_names().items()),
        "divisions": [(one.code, f"{one.label} ({one.code})") for one in divisions],
        "province": [(one.code, one.label) for one in province_agencies()],
        "communes": communes,
        "steps": others,
    }

    def select(label: str, source: str, help: str = "", when: str = "") -> dict[str, Any]:
        show = {"show_if": {"field": "noi", "is": when}} if when else {}
        return {
            "type": "string",
            "ui": {
                "label": label,
                "widget": "select",
                "source": source,
                **({"help": help} if help else {}),
                **show,
            },
        }

    fields = {
        "ten": {"type": "string", "minLength": 2, "maxLength": 200, "ui": {"label": _("Tên bước")}},
        "loai": {
            "type": "string",
            "oneOf": [{"const": code, "title": _(words)} for code, words in KIND_HELP.items()],
            "ui": {"label": _("Làm gì"), "widget": "select"},
        },
        "vai_tro": select(_("Vai trò thực hiện"), "roles"),
        "noi": {
            "type": "string",
            "oneOf": [{"const": code, "title": _(words)} for code, words in WHERES],
            "ui": {"label": _("Ở đâu"), "widget": "radios"},
        },
        "phong": select(_("Phòng, ban"), "divisions", when="inside"),
        "co_quan": select(_("Cơ quan của tỉnh"), "province", when="province"),
        "truong": select(_("Câu hỏi về xã"), "communes", when="field"),
        "gio": {"type": "number", "exclusiveMinimum": 0, "maximum": 2000,
                "ui": {"label": _("Số giờ làm việc"), "suffix": _("giờ"),
                       "help": _("Một ngày làm việc là 8 giờ.")}},
        "huong_dan": {"type": "string", "maxLength": 1000,
                      "ui": {"label": _("Hướng dẫn người làm"), "widget": "textarea"}},
        "cho": {"type": "boolean", "ui": {"label": _("Chờ mọi nhánh song song xong mới mở"),
                "help": _("Dùng cho bước sau khi nhiều cơ quan cùng làm.")}},
        "giao": {"type": "string", "oneOf": [{"const": code, "title": _(words)} for code, words in ASSIGNS],
                 "ui": {"label": _("Giao việc khi bước mở"), "widget": "select",
                        "help": _("Để trống: chờ cán bộ có vai trò tự nhận, hoặc lãnh đạo giao.")}},
        "tam_dung": {"type": "boolean", "ui": {"label": _("Chờ người nộp khắc phục, thời hạn tạm dừng"),
                     "help": _("Trong lúc bước này mở, đồng hồ của hồ sơ đứng yên; số giờ trên là thời gian"
                               " người nộp được dùng.")}},
        "tra_loi": {"type": "boolean", "ui": {"label": _("Người nộp đọc được câu trả lời"),
                    "help": _("Lời ghi và tệp đính kèm khi kết thúc bước cũng tới tay người nộp, như"
                              " khi nhiều cơ quan cùng giải quyết một lần nộp.")}},
        "gap": {"type": "string",
                "oneOf": [{"const": code, "title": _(words)} for code, words in MEETING_KINDS.items()],
                "ui": {"label": _("Gặp người nộp"), "widget": "select",
                       "help": _("Để trống: bước này không gặp. Có gặp thì đánh dấu ở hướng xử lý phải chờ:"
                                 " đã ghi việc gặp người nộp.")}},
        "gap_ai": {"type": "string", "maxLength": 200,
                   "ui": {"label": _("Ai phải có mặt"), "show_if": {"field": "gap", "given": True}}},
    }  # fmt: skip
    met = {"field": "gap", "given": True}
    for name, label, source in (
        ("gap_ngay", _("Câu hỏi về ngày người nộp mong muốn"), "days"),
        ("gap_noi", _("Câu hỏi về nơi kiểm tra"), "places"),
    ):
        if choices[source]:
            chosen = select(label, source)
            fields[name] = {**chosen, "ui": {**chosen["ui"], "show_if": met}}
    if others:
        fields["nguoi_cu"] = select(
            _("Giao cho người đã làm bước"), "steps", _("Để trống: ai có vai trò ở đơn vị cũng nhận được.")
        )
    return fields, cast("Mapping[str, list[tuple[str, str]]]", choices)


def _meets_rule(data: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the step says of meeting the applicant; None: they are not met."""
    if not data.get("gap"):
        return None
    said = {"people": data.get("gap_ai"), "wished": data.get("gap_ngay"), "place": data.get("gap_noi")}
    return {"kind": data["gap"], **{key: value for key, value in said.items() if value}}


def _check_step(data: dict[str, Any]) -> list[FieldError]:
    wanted = {"inside": "phong", "province": "co_quan", "field": "truong"}
    name = wanted.get(data["noi"])
    return [FieldError(name, _("Hãy chọn đơn vị làm bước này."))] if name and not data.get(name) else []


def _unit_rule(data: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    rule = {name: value for name, value in before.items() if name not in ("where", "abbreviation", "field")}
    rule["where"] = data["noi"]
    if data["noi"] == "inside":
        rule["abbreviation"] = data["phong"]
    if data["noi"] == "province":
        rule["abbreviation"] = data["co_quan"]
    if data["noi"] == "field":
        rule["field"] = data["truong"]
    return rule


@route(who="official", permission=EDIT_PROCEDURE)
def add_way(request: Request, version_id: UUID, step: str) -> HttpResponse:
    """One more way out of a step."""
    return _edit_way(request, open_draft(request, version_id), step, "")


@route(who="official", permission=EDIT_PROCEDURE)
def change_way(request: Request, version_id: UUID, step: str, key: str) -> HttpResponse:
    """One way out of a step: its words, the steps that it opens, its condition."""
    return _edit_way(request, open_draft(request, version_id), step, key)


def _edit_way(request: Request, version: "ProcedureVersion", step_key: str, key: str) -> HttpResponse:
    step = part_of(version.definition, "steps", step_key)
    row = next((one for one in step.get("outcomes", ()) if one["key"] == key), None)
    if key and row is None:
        raise NotFound
    row = row or {}
    form = version.parts.form
    condition = row.get("when")
    open_if = ConditionRows(
        "khi", _("Chỉ có hướng này khi"), _("Để trống: luôn có."), condition, questions_of(form),
        words_of(condition, asked_of(form)) if condition else "",
    )  # fmt: skip
    fields: dict[str, Any] = {
        "nhan": {"type": "string", "minLength": 2, "maxLength": 200,
                 "ui": {"label": _("Chữ trên nút"), "help": _("Ví dụ: Trình lãnh đạo ký.")}},
        "toi": {
            "type": "array",
            "items": {"type": "string",
                      "oneOf": [{"const": one.key, "title": one.name} for one in version.parts.steps
                                if one.key != step_key]},
            "ui": {"label": _("Mở các bước"), "widget": "checkboxes",
                   "help": _("Chọn nhiều bước: các bước làm song song. Không chọn: nhánh này kết thúc.")},
        },
        "can": {
            "type": "array",
            "items": {"type": "string",
                      "oneOf": [{"const": code, "title": _(words)} for code, words in NEEDS]},
            "ui": {"label": _("Chỉ bấm được khi"), "widget": "checkboxes"},
        },
        "tra_lai": {"type": "boolean", "ui": {"label": _("Đây là trả lại bước trước để làm lại")}},
        **open_if.fields(),
    }  # fmt: skip
    if len(version.parts.steps) < 2:
        del fields["toi"]
    values = {
        "nhan": row.get("label"),
        "toi": list(row.get("to", ())),
        "can": list(row.get("needs", ())),
        "tra_lai": row.get("back"),
        **open_if.values(),
    }

    def write(data: dict[str, Any], seen: int) -> object:
        kept = {
            "label": data["nhan"],
            "to": data.get("toi", []),
            "needs": data.get("can"),
            "back": data.get("tra_lai") or None,
            "when": open_if.read(data)[0],
        }
        return put_draft_outcome(
            version, step=step_key, key=key, values=kept, seen=seen, by=request.by, now=timezone.now()
        )

    return edit(
        request,
        version,
        Editor(
            title=str(row.get("label") or _("Hướng xử lý mới")),
            lead=_("Bước “%(step)s” kết thúc bằng một trong các hướng của nó.") % {"step": step["name"]},
            form={
                "type": "object",
                "properties": fields,
                "required": ["nhan"],
                "ui": {"order": list(fields)},
            },
            values={name: value for name, value in values.items() if value is not None},
            choices=open_if.choices,
            check=lambda data: open_if.read(data)[1],
            write=write,
            back=here_of("workshop-steps", version),
            part="steps",
            more={"answers": json.dumps(open_if.answers, ensure_ascii=False)},
        ),
    )


@require_POST
@route(who="official", permission=EDIT_PROCEDURE)
def move_way(request: Request, version_id: UUID, step: str, key: str) -> HttpResponse:
    """Move a way out up or down; the first that holds is taken where nobody chooses."""
    version = open_draft(request, version_id)
    to = -1 if request.POST.get("viec") == "len" else 1
    return press(
        request,
        version,
        lambda seen: move_draft_outcome(
            version, step=step, key=key, to=to, seen=seen, by=request.by, now=timezone.now()
        ),
        here_of("workshop-steps", version),
    )


@require_POST
@route(who="official", permission=EDIT_PROCEDURE)
def remove_way(request: Request, version_id: UUID, step: str, key: str) -> HttpResponse:
    """Remove a way out of a step; it can be taken back."""
    version = open_draft(request, version_id)
    return press(
        request,
        version,
        lambda seen: remove_draft_outcome(
            version, step=step, key=key, seen=seen, by=request.by, now=timezone.now()
        ),
        here_of("workshop-steps", version),
    )
