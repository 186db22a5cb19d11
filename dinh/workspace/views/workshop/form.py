"""The form builder: pages and questions in a list, beside it the real form, and a try of its checks."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.ui.public import (
    KINDS,
    PAGE_RULES,
    FieldError,
    FieldSpec,
    check_definition,
    field_spec,
    layout,
    name_for,
    outline,
    parse,
    press_row_button,
    uses_of,
    validate,
)
from dinh.kernel.dates import read_date
from dinh.kernel.errors import N_, NotFound
from dinh.onestop.public import (
    EDIT_PROCEDURE,
    asked_of,
    fees_owed,
    move_draft_field,
    move_draft_page,
    put_draft_field,
    put_draft_page,
    remove_draft_field,
    remove_draft_page,
    required_documents,
    results_for,
    words_of,
)
from dinh.workspace.views.workshop.conditions import ConditionRows, questions_of
from dinh.workspace.views.workshop.question_details import (
    detail_fields,
    detail_messages,
    detail_values,
    details_from,
    wrong_details,
)
from dinh.workspace.views.workshop.rule_inputs import (
    RuleInputs,
    page_rule_fields,
    page_rule_values,
    page_rules_from,
    rule_words,
    wrong_page_rules,
)
from dinh.workspace.views.workshop.screen import Editor, edit, here_of, open_draft, press, show_part

if TYPE_CHECKING:
    from dinh.onestop.models import ProcedureVersion

__all__ = [
    "PREFILLS",
    "SHOWN_AS",
    "add_question",
    "add_section",
    "builder",
    "change_question",
    "change_section",
    "move_question",
    "move_section",
    "preview",
    "remove_question",
    "remove_section",
]

PREFILLS = (
    ("applicant.full_name", N_("Họ và tên người nộp")),
    ("applicant.birth_date", N_("Ngày sinh người nộp")),
    ("applicant.identity_number", N_("Số định danh của người nộp")),
    ("applicant.phone", N_("Số điện thoại người nộp")),
    ("applicant.email", N_("Thư điện tử người nộp")),
    ("applicant.address", N_("Địa chỉ người nộp")),
    ("party.name", N_("Tên doanh nghiệp, tổ chức được nộp thay")),
    ("party.tax_code", N_("Mã số thuế của doanh nghiệp, tổ chức được nộp thay")),
    ("party.address", N_("Địa chỉ của doanh nghiệp, tổ chức được nộp thay")),
    ("party.representative", N_("Người đại diện theo pháp luật, khi chính người đó nộp")),
    ("party.owner", N_("Tên doanh nghiệp, tổ chức được nộp thay; không thì người nộp")),
)
LIMITS = {
    "length": (N_("Ít nhất bao nhiêu ký tự"), N_("Nhiều nhất bao nhiêu ký tự")),
    "range": (N_("Giá trị nhỏ nhất"), N_("Giá trị lớn nhất")),
    "rows": (N_("Ít nhất bao nhiêu lần"), N_("Nhiều nhất bao nhiêu lần")),
    "picks": (N_("Ít nhất bao nhiêu mục"), N_("Nhiều nhất bao nhiêu mục")),
}
SHOWN_AS = (("radios", N_("Bày ra hết")), ("select", N_("Danh sách thả xuống")))
MOST_CHOICES = 50


@route(who="official", permission=EDIT_PROCEDURE)
def builder(request: Request, version_id: UUID) -> HttpResponse:
    """The whole form as a list, with the preview beside it."""
    version = open_draft(request, version_id)
    form = version.parts.form
    asked = asked_of(form)
    pages = [
        {
            "key": page.key,
            "label": page.label or _("Phần không tên"),
            "help": page.help,
            "condition": words_of(page.show_if, asked) if page.show_if else "",
            "rules": [
                _(rule.told) % {"label": page.rules[rule.key]["label"]}
                for rule in PAGE_RULES
                if rule.key in page.rules
            ],
            "address": here_of("workshop-section", version, key=page.key),
            "move": here_of("workshop-section-move", version, key=page.key),
            "remove": "" if page.fields else here_of("workshop-section-remove", version, key=page.key),
            "add": f"{here_of('workshop-question-add', version)}?phan={page.key}",
            "lines": [_line(version, line, asked) for line in page.fields],
        }
        for page in outline(form)
    ]
    is_phone = request.GET.get("khung") == "dien-thoai"
    values = {
        "pages": pages,
        "is_phone": is_phone,
        "preview": here_of("workshop-preview", version),
        "count": sum(len(page["lines"]) for page in pages),
    }
    return show_part(request, version, "form.html", "form", values)


def _line(version: "ProcedureVersion", line: Any, asked: Mapping[str, Any]) -> dict[str, Any]:
    spec = line.spec
    return {
        "path": line.path,
        "depth": line.depth,
        "label": spec.label,
        "kind": _(KINDS[spec.kind].label),
        "required": spec.required,
        "condition": words_of(spec.show_if, asked) if spec.show_if else "",
        "needed": words_of(spec.required_if, asked) if spec.required_if else "",
        "prefill": dict(PREFILLS).get(spec.prefill, ""),
        "rules": rule_words(spec, asked, line.path),
        "address": here_of("workshop-question", version, path=line.path),
        "move": here_of("workshop-question-move", version, path=line.path),
        "remove": here_of("workshop-question-remove", version, path=line.path),
        "add": f"{here_of('workshop-question-add', version)}?nhom={line.path}"
        if spec.kind in ("group", "list") and line.depth < 2
        else "",
    }


@route(who="official", permission=EDIT_PROCEDURE)
def add_question(request: Request, version_id: UUID) -> HttpResponse:
    """Choose a kind, then describe the new question."""
    version = open_draft(request, version_id)
    group, page, kind = (request.GET.get(name, "") for name in ("nhom", "phan", "kieu"))
    pages = outline(version.parts.form)
    if not pages:
        return redirect("workspace:workshop-form", version_id=version.pk)
    if not group and page not in [one.key for one in pages]:
        page = pages[0].key
    if kind not in KINDS:
        where = f"nhom={group}" if group else f"phan={page}"
        depth = group.count(".") + 1 if group else 0
        kinds = [
            {"label": _(one.label), "help": _(one.help), "address": f"?{where}&kieu={one.code}"}
            for one in KINDS.values()
            if depth < 2 or one.code not in ("group", "list")
        ]
        values = {
            "kinds": kinds,
            "back": here_of("workshop-form", version),
            "papers": here_of("workshop-part-add", version, part="giay-to"),
        }
        return show_part(request, version, "kinds.html", "form", values)
    spec = FieldSpec(kind=kind, label="")
    return _edit_question(request, version, spec, path="", page=page, group=group)


@route(who="official", permission=EDIT_PROCEDURE)
def change_question(request: Request, version_id: UUID, path: str) -> HttpResponse:
    """Change one question: words, kind, whether it must be answered, limits, choices, conditions, prefill."""
    version = open_draft(request, version_id)
    spec = field_spec(version.parts.form, path)
    page = next(line.page for one in outline(version.parts.form) for line in one.fields if line.path == path)
    return _edit_question(request, version, spec, path=path, page=page, group=path.rpartition(".")[0])


def _edit_question(
    request: Request, version: "ProcedureVersion", spec: FieldSpec, *, path: str, page: str, group: str
) -> HttpResponse:
    form = version.parts.form
    before = path or _after_all(form, page, group)
    questions = questions_of(form, before=before)
    asked = asked_of(form)
    show = ConditionRows(
        "hien", _("Chỉ hỏi khi"), _("Để trống: luôn hỏi."), spec.show_if, questions,
        words_of(spec.show_if, asked) if spec.show_if else "",
    )  # fmt: skip
    kind = KINDS[spec.kind]
    needed = ConditionRows(
        "bat_buoc_khi", _("Chỉ bắt buộc khi"),
        _("Để trống: theo ô “Bắt buộc trả lời” ở trên. Điều kiện đúng thì phải trả lời."), spec.required_if,
        questions if "required" in kind.asks else (),
        words_of(spec.required_if, asked) if spec.required_if else "",
    )  # fmt: skip
    # A rule may ask what stands on the same page too: it is asked when the page is left.
    after = _after_all(form, page or _page_of(form, group), "")
    beside = questions_of(form, before=after, row=path or (f"{group}." if group else ""))
    rules = RuleInputs(spec, beside, asked, path)
    definition = _question_form(
        spec, show, needed, rules, is_new=not path, pages=[] if group else outline(form)
    )

    def read(data: dict[str, Any]) -> tuple[FieldSpec, list[FieldError]]:
        condition, errors = show.read(data)
        required_if, more = needed.read(data)
        said, wrong = rules.read(data)
        errors = [*errors, *more, *wrong, *_wrong_limits(data, spec)]
        if required_if and data.get("bat_buoc"):
            sentence = _("Đang đánh dấu luôn bắt buộc. Hãy bỏ đánh dấu ở trên, hoặc bỏ điều kiện này.")
            errors.append(FieldError("bat_buoc_khi", sentence))
        settings = {"show_if": condition, "required_if": required_if, "rules": said}
        messages = {**detail_messages(data), **rules.messages(data)}
        return _spec_from(data, spec, messages, settings), errors

    def write(data: dict[str, Any], seen: int) -> object:
        return put_draft_field(
            version, spec=read(data)[0], path=path, page="" if group else data.get("phan", page),
            group="" if path else group, seen=seen, by=request.by, now=timezone.now(),
        )  # fmt: skip

    used = uses_of(form, path) if path else []
    return edit(
        request,
        version,
        Editor(
            title=spec.label or _("Câu hỏi mới: %(kind)s") % {"kind": _(kind.label).lower()},
            lead=_(kind.help),
            form=definition,
            values={**_question_values(spec, page), **show.values(), **needed.values(), **rules.values()},
            choices={**rules.choices, **needed.choices, **show.choices},
            check=lambda data: read(data)[1],
            write=write,
            back=here_of("workshop-form", version),
            part="form",
            folded=frozenset({**rules.fields(), **detail_fields(spec)}),
            more={
                "answers": json.dumps({**rules.answers, **show.answers}, ensure_ascii=False),
                "own_faults": path,
                "note": _("Câu hỏi này được nhắc tới ở điều kiện của: %(names)s.")
                % {"names": "; ".join(used)}
                if used
                else "",
            },
        ),
    )


def _page_of(form: Mapping[str, Any], path: str) -> str:
    """The page on which a field stands, or the group that it stands in."""
    first = path.partition(".")[0]
    return next(line.page for one in outline(form) for line in one.fields if line.path == first)


def _after_all(form: Mapping[str, Any], page: str, group: str) -> str:
    """The path before which a new question's conditions may ask: what follows its page or group."""
    lines = [line for one in outline(form) for line in one.fields]
    if group:
        return f"{group}.…"
    keys = [one.key for one in outline(form)]
    later = keys[keys.index(page) + 1 :]
    return next((line.path for line in lines if line.page in later), "")


def _question_form(
    spec: FieldSpec,
    show: ConditionRows,
    needed: ConditionRows,
    rules: RuleInputs,
    *,
    is_new: bool,
    pages: Any,
) -> dict[str, Any]:
    kind = KINDS[spec.kind]
    fields: dict[str, Any] = {
        "nhan": {
            "type": "string", "minLength": 1, "maxLength": 300,
            "ui": {"label": _("Tiêu đề") if spec.kind == "note" else _("Câu hỏi")},
        },
        "giai_thich": {
            "type": "string", "maxLength": 1000,
            "ui": {"label": _("Lời giải thích"), "widget": "textarea",
                   "help": _("Hiện ngay dưới câu hỏi, ví dụ tìm số này ở đâu.")},
        },
    }  # fmt: skip
    if not is_new:
        fields["kieu"] = {
            "type": "string",
            "oneOf": [{"const": one.code, "title": _(one.label)} for one in KINDS.values()],
            "ui": {"label": _("Kiểu"), "widget": "select",
                   "help": _("Đổi kiểu thì các giới hạn của kiểu cũ không còn.")},
        }  # fmt: skip
    if "required" in kind.asks:
        words = _("Phải đánh dấu mới nộp được") if spec.kind == "agree" else _("Bắt buộc trả lời")
        fields["bat_buoc"] = {"type": "boolean", "ui": {"label": words}}
        fields |= needed.fields()
    if "choices" in kind.asks:
        fields["lua_chon"] = {
            "type": "array", "minItems": 1, "maxItems": MOST_CHOICES,
            "ui": {"label": _("Các lựa chọn"), "item": _("Lựa chọn")},
            "items": {
                "type": "object",
                "ui": {"order": ["chu", "ma", "giai_thich"]},
                "required": ["chu"],
                "properties": {
                    "chu": {"type": "string", "maxLength": 200, "ui": {"label": _("Chữ hiện ra")}},
                    "ma": {"type": "string", "maxLength": 60, "pattern": "^[a-zA-Z0-9_]+$",
                           "ui": {"label": _("Mã lưu"), "width": "20",
                                  "help": _("Để trống: hệ thống tự đặt. Điều kiện và mẫu dùng mã này."),
                                  "messages": {"pattern": _("Mã chỉ gồm chữ không dấu, số và gạch dưới.")}}},
                    "giai_thich": {"type": "string", "maxLength": 500,
                                   "ui": {"label": _("Lời giải thích của lựa chọn"),
                                          "help": _("Hiện nhỏ bên cạnh, khi các lựa chọn bày ra hết.")}},
                },
            },
        }  # fmt: skip
    if "shown_as" in kind.asks:
        fields["bay_ra"] = {
            "type": "string", "oneOf": [{"const": code, "title": _(words)} for code, words in SHOWN_AS],
            "ui": {"label": _("Bày các lựa chọn"), "widget": "select",
                   "help": _("Để trống: tới năm lựa chọn thì bày ra hết, hơn thì là danh sách thả xuống.")},
        }  # fmt: skip
    for setting, (least, most) in LIMITS.items():
        if setting in kind.asks:
            whole = "number" if spec.kind == "number" else "integer"
            limit = (
                {} if setting == "range" else {"minimum": 0, "maximum": 5000 if setting == "length" else 50}
            )
            fields["it_nhat"] = {"type": whole, **limit, "ui": {"label": _(least)}}
            fields["nhieu_nhat"] = {"type": whole, **limit, "ui": {"label": _(most)}}
    if "rows" in kind.asks:
        fields["ten_dong"] = {
            "type": "string", "maxLength": 60,
            "ui": {"label": _("Mỗi lần điền gọi là gì"), "help": _("Ví dụ: Thành viên, Ngành nghề.")},
        }  # fmt: skip
    if "days" in kind.asks:
        day = {"type": "string", "maxLength": 10}
        today = _("Ghi ngày, hoặc chữ “hôm nay”.")
        fields["tu_ngay"] = {**day, "ui": {"label": _("Không trước ngày"), "width": "10", "help": today}}
        fields["den_ngay"] = {**day, "ui": {"label": _("Không sau ngày"), "width": "10", "help": today}}
    if "suffix" in kind.asks:
        fields["don_vi"] = {
            "type": "string",
            "maxLength": 20,
            "ui": {"label": _("Đơn vị tính"), "width": "10"},
        }
    if "prefill" in kind.asks:
        fields["dien_san"] = {
            "type": "string",
            "oneOf": [{"const": code, "title": _(words)} for code, words in PREFILLS],
            "ui": {"label": _("Điền sẵn từ dữ liệu của người nộp"), "widget": "select"},
        }
    if len(pages) > 1:
        fields["phan"] = {
            "type": "string",
            "oneOf": [{"const": page.key, "title": page.label or page.key} for page in pages],
            "ui": {"label": _("Nằm ở phần"), "widget": "select"},
        }
    fields |= show.fields() | rules.fields() | detail_fields(spec)
    required = ["nhan", *(["kieu"] if not is_new else []), *(["lua_chon"] if "choices" in kind.asks else [])]
    return {"type": "object", "properties": fields, "required": required, "ui": {"order": list(fields)}}


def _question_values(spec: FieldSpec, page: str) -> dict[str, Any]:
    values = {
        "nhan": spec.label,
        "giai_thich": spec.help,
        "kieu": spec.kind,
        "bat_buoc": spec.required,
        "lua_chon": [
            {"chu": words, "ma": str(value)}
            | ({"giai_thich": spec.choice_help[str(value)]} if str(value) in spec.choice_help else {})
            for value, words in spec.choices
        ],
        "bay_ra": spec.shown_as,
        "it_nhat": spec.least,
        "nhieu_nhat": spec.most,
        "tu_ngay": _day_words(spec.not_before),
        "den_ngay": _day_words(spec.not_after),
        "don_vi": spec.suffix,
        "dien_san": spec.prefill,
        "ten_dong": spec.item,
        "phan": page,
        **detail_values(spec),
    }
    return {name: value for name, value in values.items() if value not in ("", None, [])}


def _day_words(day: str) -> str:
    return _("hôm nay") if day == "today" else "/".join(reversed(day.split("-")))


def _day_from(typed: str) -> str:
    if not typed or typed.casefold() in (_("hôm nay"), "today"):
        return "today" if typed else ""
    day = read_date(typed)
    return day.isoformat() if day else ""


def _wrong_limits(data: Mapping[str, Any], spec: FieldSpec) -> list[FieldError]:
    errors = [
        FieldError(name, _("Hãy ghi ngày/tháng/năm, ví dụ 05/09/1990, hoặc chữ “hôm nay”."))
        for name in ("tu_ngay", "den_ngay")
        if data.get(name) and not _day_from(data[name])
    ]
    if "it_nhat" in data and "nhieu_nhat" in data and data["it_nhat"] > data["nhieu_nhat"]:
        errors.append(FieldError("nhieu_nhat", _("Mức lớn nhất đang nhỏ hơn mức nhỏ nhất.")))
    return [*errors, *wrong_details(data, spec)]


def _spec_from(
    data: Mapping[str, Any],
    before: FieldSpec,
    messages: Mapping[str, str],
    settings: Mapping[str, Any],
) -> FieldSpec:
    stored = {str(value): value for value, _words in before.choices}
    taken: set[str] = {row["ma"] for row in data.get("lua_chon", ()) if row.get("ma")}
    choices: list[tuple[Any, str]] = []
    choice_help = {}
    for row in data.get("lua_chon", ()):
        code = row.get("ma") or name_for(row["chu"], taken, fallback="lua_chon")
        taken.add(code)
        choices.append((stored.get(code, code), row["chu"]))
        choice_help[code] = row.get("giai_thich", "")
    return FieldSpec(
        kind=data.get("kieu", before.kind),
        label=data["nhan"],
        help=data.get("giai_thich", ""),
        required=bool(data.get("bat_buoc")),
        choices=tuple(choices),
        choice_help={code: words for code, words in choice_help.items() if words},
        shown_as=data.get("bay_ra", ""),
        least=data.get("it_nhat"),
        most=data.get("nhieu_nhat"),
        not_before=_day_from(data.get("tu_ngay", "")),
        not_after=_day_from(data.get("den_ngay", "")),
        messages=messages,
        prefill=data.get("dien_san", ""),
        suffix=data.get("don_vi", ""),
        item=data.get("ten_dong", ""),
        **details_from(data),
        **settings,
    )


@require_POST
@route(who="official", permission=EDIT_PROCEDURE)
def move_question(request: Request, version_id: UUID, path: str) -> HttpResponse:
    """Move a question up or down."""
    version = open_draft(request, version_id)
    to = -1 if request.POST.get("viec") == "len" else 1
    return press(
        request,
        version,
        lambda seen: move_draft_field(
            version, path=path, to=to, seen=seen, by=request.by, now=timezone.now()
        ),
        here_of("workshop-form", version),
    )


@require_POST
@route(who="official", permission=EDIT_PROCEDURE)
def remove_question(request: Request, version_id: UUID, path: str) -> HttpResponse:
    """Remove a question; it can be taken back."""
    version = open_draft(request, version_id)
    return press(
        request,
        version,
        lambda seen: remove_draft_field(version, path=path, seen=seen, by=request.by, now=timezone.now()),
        here_of("workshop-form", version),
    )


@route(who="official", permission=EDIT_PROCEDURE)
def add_section(request: Request, version_id: UUID) -> HttpResponse:
    """One more page of the form."""
    return _edit_section(request, open_draft(request, version_id), "")


@route(who="official", permission=EDIT_PROCEDURE)
def change_section(request: Request, version_id: UUID, key: str) -> HttpResponse:
    """The words of a page, and when it is asked at all."""
    return _edit_section(request, open_draft(request, version_id), key)


def _edit_section(request: Request, version: "ProcedureVersion", key: str) -> HttpResponse:
    form = version.parts.form
    page = next((one for one in outline(form) if one.key == key), None)
    if key and page is None:
        raise NotFound
    asked = asked_of(form)
    condition = page.show_if if page else None
    show = ConditionRows(
        "hien", _("Chỉ hỏi phần này khi"), _("Để trống: luôn hỏi."), condition,
        questions_of(form, page=key), words_of(condition, asked) if condition else "",
    )  # fmt: skip
    fields: dict[str, Any] = {
        "nhan": {"type": "string", "maxLength": 200, "ui": {"label": _("Tên phần")}},
        "giai_thich": {"type": "string", "maxLength": 1000,
                       "ui": {"label": _("Lời dẫn"), "widget": "textarea"}},
        **page_rule_fields(page),
        **show.fields(),
    }  # fmt: skip
    words = {"nhan": page.label, "giai_thich": page.help} if page else {}

    def write(data: dict[str, Any], seen: int) -> object:
        return put_draft_page(
            version, key=key, label=data["nhan"], help=data.get("giai_thich", ""), show_if=show.read(data)[0],
            rules=page_rules_from(data), seen=seen, by=request.by, now=timezone.now(),
        )  # fmt: skip

    return edit(
        request,
        version,
        Editor(
            title=page.label if page else _("Phần mới của tờ khai"),
            lead=_("Tờ khai chia thành các phần; người nộp điền từng phần một."),
            form={
                "type": "object",
                "properties": fields,
                "required": ["nhan"],
                "ui": {"order": list(fields)},
            },
            values={
                **{name: value for name, value in words.items() if value},
                **page_rule_values(page),
                **show.values(),
            },
            choices=show.choices,
            check=lambda data: [*wrong_page_rules(data), *show.read(data)[1]],
            write=write,
            back=here_of("workshop-form", version),
            part="form",
            more={"answers": json.dumps(show.answers, ensure_ascii=False)},
        ),
    )


@require_POST
@route(who="official", permission=EDIT_PROCEDURE)
def move_section(request: Request, version_id: UUID, key: str) -> HttpResponse:
    """Move a page of the form up or down."""
    version = open_draft(request, version_id)
    to = -1 if request.POST.get("viec") == "len" else 1
    return press(
        request,
        version,
        lambda seen: move_draft_page(version, key=key, to=to, seen=seen, by=request.by, now=timezone.now()),
        here_of("workshop-form", version),
    )


@require_POST
@route(who="official", permission=EDIT_PROCEDURE)
def remove_section(request: Request, version_id: UUID, key: str) -> HttpResponse:
    """Remove an empty page of the form."""
    version = open_draft(request, version_id)
    return press(
        request,
        version,
        lambda seen: remove_draft_page(version, key=key, seen=seen, by=request.by, now=timezone.now()),
        here_of("workshop-form", version),
    )


@xframe_options_sameorigin
@route(who="official", permission=EDIT_PROCEDURE)
def preview(request: Request, version_id: UUID) -> HttpResponse:
    """The form as the applicant sees it, alone for a frame; what is sent is checked and kept nowhere."""
    version = open_draft(request, version_id)
    definition = version.parts
    form = definition.form
    values: dict[str, Any] = {
        "pages": [],
        "errors": [],
        "faulty": check_definition(form),
        "is_tried": False,
    }
    status = 200
    if not values["faulty"]:
        sample = {"communes": [("xa-1", _("Xã ví dụ 1")), ("xa-2", _("Xã ví dụ 2"))]}
        data: dict[str, Any] = {}
        errors: list[FieldError] = []
        if request.method == "POST":
            data = parse(form, request.POST)
            more = press_row_button(form, request.POST, data)
            if more is not None:
                data = more
            else:
                errors = validate(form, data, choices=sample)
                status = 422 if errors else 200
                values["is_tried"] = True
                values["papers"] = required_documents(definition, data)
                values["fees"] = fees_owed(definition, data)
                values["results"] = results_for(definition, data)
        values["errors"] = errors
        values["pages"] = [
            {
                "label": page.label,
                "view": layout(form, data, errors, page=page.key if form.get("ui", {}).get("pages") else None,
                               choices=sample),
            }
            for page in outline(form)
        ]  # fmt: skip
    return render(request, "workspace/workshop/preview.html", values, status=status)
