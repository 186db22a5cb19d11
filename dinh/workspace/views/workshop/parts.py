"""Papers and fees of a draft: lists, and one editor each."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.files.public import DOCUMENTS, respond, store
from dinh.foundation.ui.public import FieldError, outline
from dinh.kernel.errors import N_, NotFound, Refused
from dinh.onestop.public import (
    EDIT_PROCEDURE,
    Part,
    access_blank_form,
    access_version,
    asked_of,
    fee_notes,
    move_draft_part,
    part_of,
    put_blank_form,
    put_draft_part,
    remove_draft_part,
    words_of,
)
from dinh.workspace.views.workshop.conditions import ConditionRows, questions_of
from dinh.workspace.views.workshop.reductions import ReductionRows
from dinh.workspace.views.workshop.screen import Editor, edit, here_of, open_draft, press, show_part, with_own
from dinh.workspace.views.workshop.steps import edit_step

if TYPE_CHECKING:
    from dinh.onestop.models import ProcedureVersion

__all__ = [
    "add_part",
    "blank_file",
    "change_part",
    "documents",
    "fees",
    "move_part",
    "put_blank",
    "remove_part",
]

# The parts by the word in their address.
PARTS: dict[str, tuple[Part, str]] = {
    "giay-to": ("documents", "workshop-documents"),
    "le-phi": ("fees", "workshop-fees"),
    "mien-giam": ("exemptions", "workshop-fees"),
    "buoc": ("steps", "workshop-steps"),
}
DUES = (
    ("any", N_("Lúc nào cũng được")),
    ("filing", N_("Trước khi tiếp nhận hồ sơ")),
    ("acceptance", N_("Ngay khi hồ sơ được tiếp nhận")),
    ("result", N_("Trước khi nhận kết quả")),
)
ACCEPTED = (("pdf", N_("PDF")), ("image", N_("Ảnh chụp")), ("docx", N_("Văn bản Word")))


def _paged(form: Mapping[str, Any], own: str) -> dict[str, Any]:
    """The question with the number of pages that a paper's files have to have."""
    numbers = [
        {"const": line.path, "title": line.spec.label}
        for page in outline(form)
        for line in page.fields
        if line.spec.kind == "whole"
    ]
    offered = with_own(numbers, own)
    ui = {
        "label": _("Số trang khai ở"),
        "widget": "select",
        "help": _("Hệ thống đếm trang của tệp và báo khi khác số đã khai. Để trống: không đếm."),
    }
    return {"so_trang": {"type": "string", "oneOf": offered, "ui": ui}} if offered else {}


@route(who="official", permission=EDIT_PROCEDURE)
def documents(request: Request, version_id: UUID) -> HttpResponse:
    """The papers of a dossier, in their order."""
    version = open_draft(request, version_id)
    asked = asked_of(version.parts.form)
    rows = [
        {
            **_addresses(version, "giay-to", document.key),
            "document": document,
            "condition": words_of(document.required_if, asked) if document.required_if else "",
        }
        for document in version.parts.documents
    ]
    add = here_of("workshop-part-add", version, part="giay-to")
    return show_part(request, version, "documents.html", "documents", {"rows": rows, "add": add})


@route(who="official", permission=EDIT_PROCEDURE)
def fees(request: Request, version_id: UUID) -> HttpResponse:
    """What is to be paid, in the order of the receipt."""
    version = open_draft(request, version_id)
    asked = asked_of(version.parts.form)
    rows = [
        {
            **_addresses(version, "le-phi", fee.key),
            "fee": fee,
            "condition": words_of(fee.when, asked) if fee.when else "",
            "notes": [note.said(_) for note in fee_notes(fee)],
        }
        for fee in version.parts.fees
    ]
    names = {fee.key: fee.name for fee in version.parts.fees}
    exemptions = [
        {
            **_addresses(version, "mien-giam", one.key),
            "exemption": one,
            "fees": "; ".join(names.get(key, key) for key in one.fees),
        }
        for one in version.parts.exemptions
    ]
    values = {
        "rows": rows,
        "add": here_of("workshop-part-add", version, part="le-phi"),
        "exemptions": exemptions,
        "add_exemption": here_of("workshop-part-add", version, part="mien-giam"),
    }
    return show_part(request, version, "fees.html", "fees", values)


def _addresses(version: "ProcedureVersion", part: str, key: str) -> dict[str, str]:
    return {
        "key": key,
        "address": here_of("workshop-part", version, part=part, key=key),
        "move": here_of("workshop-part-move", version, part=part, key=key),
        "remove": here_of("workshop-part-remove", version, part=part, key=key),
    }


@route(who="official", permission=EDIT_PROCEDURE)
def add_part(request: Request, version_id: UUID, part: str) -> HttpResponse:
    """One more paper, fee or step."""
    return _edit_part(request, open_draft(request, version_id), part, "")


@route(who="official", permission=EDIT_PROCEDURE)
def change_part(request: Request, version_id: UUID, part: str, key: str) -> HttpResponse:
    """Change one paper, fee or step."""
    return _edit_part(request, open_draft(request, version_id), part, key)


def _edit_part(request: Request, version: "ProcedureVersion", part: str, key: str) -> HttpResponse:
    editors: dict[str, Callable[..., HttpResponse]] = {
        "giay-to": _edit_document,
        "le-phi": _edit_fee,
        "mien-giam": _edit_exemption,
        "buoc": edit_step,
    }
    if part not in editors:
        raise Http404
    row = part_of(version.definition, PARTS[part][0], key) if key else {}
    return editors[part](request, version, key, row)


def _edit_document(
    request: Request, version: "ProcedureVersion", key: str, row: Mapping[str, Any]
) -> HttpResponse:
    form = version.parts.form
    condition = row.get("required_if")
    needed = ConditionRows(
        "can", _("Chỉ bắt buộc khi"),
        _("Để trống: luôn bắt buộc. Có điều kiện thì khi điều kiện sai không phải nộp."), condition,
        questions_of(form), words_of(condition, asked_of(form)) if condition else "",
    )  # fmt: skip
    copies = {"type": "integer", "minimum": 0, "maximum": 20}
    fields: dict[str, Any] = {
        "ten": {"type": "string", "minLength": 2, "maxLength": 300, "ui": {"label": _("Tên giấy tờ")}},
        "giai_thich": {"type": "string", "maxLength": 1000, "ui": {"label": _("Lời giải thích"),
                       "widget": "textarea", "help": _("Ví dụ: ai cấp, chụp mặt nào, còn hạn bao lâu.")}},
        "nguon": {
            "type": "string",
            "oneOf": [{"const": "upload", "title": _("Người nộp tải lên hoặc nộp bản giấy")},
                      {"const": "form", "title": _("Tờ khai điện tử thay thế giấy tờ này")}],
            "ui": {"label": _("Có bằng cách nào"), "widget": "radios"},
        },
        "ban_chinh": {**copies, "ui": {"label": _("Số bản chính"), "width": "10"}},
        "ban_sao": {**copies, "ui": {"label": _("Số bản sao"), "width": "10"}},
        "tuy_y": {"type": "boolean", "ui": {"label": _("Không bắt buộc: có thì nộp")}},
        "loai_tep": {
            "type": "array",
            "items": {"type": "string",
                      "oneOf": [{"const": code, "title": _(words)} for code, words in ACCEPTED]},
            "minItems": 1,
            "ui": {"label": _("Nhận các loại tệp"), "widget": "checkboxes"},
        },
        "nhieu_tep": {"type": "boolean", "ui": {"label": _("Cho tải lên nhiều tệp")}},
        "dung_lai": {"type": "integer", "minimum": 1, "maximum": 600,
                     "ui": {"label": _("Dùng lại được trong (tháng)"), "width": "10",
                            "help": _("Để trống: bản đã nộp trước dùng lại được mãi.")}},
        **_paged(version.parts.form, str(row.get("pages", ""))),
        **needed.fields(),
    }  # fmt: skip
    values = {
        "ten": row.get("name"),
        "giai_thich": row.get("help"),
        "nguon": row.get("origin", "upload"),
        "ban_chinh": row.get("originals", 0),
        "ban_sao": row.get("copies", 1),
        "tuy_y": row.get("optional"),
        "loai_tep": list(row.get("accept", ("pdf", "image"))),
        "nhieu_tep": row.get("several", True),
        "dung_lai": row.get("valid_months"),
        "so_trang": row.get("pages"),
        **needed.values(),
    }

    def write(data: dict[str, Any], seen: int) -> object:
        kept = {
            "name": data["ten"],
            "help": data.get("giai_thich"),
            "origin": data["nguon"],
            "originals": data.get("ban_chinh", 0),
            "copies": data.get("ban_sao", 0),
            "optional": data.get("tuy_y") or None,
            "required_if": needed.read(data)[0],
            "accept": data.get("loai_tep"),
            "several": bool(data.get("nhieu_tep")),
            "valid_months": data.get("dung_lai"),
            "pages": data.get("so_trang"),
        }
        return put_draft_part(
            version, part="documents", key=key, values=kept, seen=seen, by=request.by, now=timezone.now()
        )

    blank = {}
    if key:
        blank = {
            "blank_upload": here_of("workshop-blank", version, key=key),
            "blank_file": here_of("procedure-blank", version, key=key) if row.get("blank") else "",
        }
    return _editor(
        request, version, _("Giấy tờ mới") if not key else str(row.get("name")), "documents", fields, values,
        needed, write, required=["ten", "nguon", "loai_tep"], more=blank,
    )  # fmt: skip


def _edit_fee(
    request: Request, version: "ProcedureVersion", key: str, row: Mapping[str, Any]
) -> HttpResponse:
    form = version.parts.form
    condition = row.get("when")
    owed = ConditionRows(
        "thu", _("Chỉ thu khi"), _("Để trống: luôn thu. Miễn, giảm: ghi điều kiện để khoản này được thu."),
        condition, questions_of(form), words_of(condition, asked_of(form)) if condition else "",
    )  # fmt: skip
    numbers = [
        {"const": line.path, "title": line.spec.label}
        for page in outline(form)
        for line in page.fields
        if line.spec.kind in ("whole", "number", "money", "year", "list") and "." not in line.path
    ]
    reductions = ReductionRows(form, row.get("reductions", ()))
    set_already = [(row.get("per") or {}).get("field", ""), row.get("copies", "")]
    fields = {**_fee_fields(with_own(numbers, *set_already)), "giam": reductions.field(), **owed.fields()}

    def check(data: dict[str, Any]) -> list[FieldError]:
        return [*owed.read(data)[1], *reductions.read(data)[1]]

    def write(data: dict[str, Any], seen: int) -> object:
        lower = reductions.read(data)[0]
        kept = {**_fee_values(data), "reductions": lower or None, "when": owed.read(data)[0]}
        return put_draft_part(
            version, part="fees", key=key, values=kept, seen=seen, by=request.by, now=timezone.now()
        )

    return _editor(
        request, version, _("Khoản thu mới") if not key else str(row.get("name")), "fees", fields,
        {**_fee_shown(row), "giam": reductions.values() or None, **owed.values()}, owed, write,
        required=["ten", "loai", "muc", "han"], choices=reductions.choices, check=check,
        notes=reductions.notes,
    )  # fmt: skip


def _fee_fields(numbers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    money = {"type": "integer", "minimum": 0, "maximum": 10_000_000_000}
    count = {"type": "integer", "minimum": 0, "maximum": 1_000_000}
    counted = {"field": "dem", "given": True}
    fields: dict[str, Any] = {
        "ten": {"type": "string", "minLength": 2, "maxLength": 300, "ui": {"label": _("Tên khoản thu")}},
        "loai": {
            "type": "string",
            "oneOf": [{"const": "le_phi", "title": _("Lệ phí")}, {"const": "phi", "title": _("Phí")}],
            "ui": {"label": _("Loại"), "widget": "radios"},
        },
        "muc": {**money, "ui": {"label": _("Mức thu"), "widget": "money",
                "help": _("Cả khoản; nếu tính theo số lượng thì là mức của một đơn vị.")}},
        "can_cu": {"type": "string", "maxLength": 300, "ui": {"label": _("Căn cứ"),
                   "help": _("Văn bản quy định mức thu, ví dụ nghị quyết của Hội đồng nhân dân tỉnh.")}},
        "han": {"type": "string", "oneOf": [{"const": code, "title": _(words)} for code, words in DUES],
                "ui": {"label": _("Nộp khi nào"), "widget": "radios"}},
    }  # fmt: skip
    if numbers:
        fields |= {
            "dem": {"type": "string", "oneOf": numbers,
                    "ui": {"label": _("Tính theo số lượng ở câu hỏi"), "widget": "select",
                           "help": _("Để trống: một mức cho cả hồ sơ.")}},
            "don_vi": {"type": "string", "maxLength": 30,
                       "ui": {"label": _("Gọi một đơn vị là"), "width": "10",
                              "help": _("Ví dụ: trang, bản."), "show_if": counted,
                              "required_if": counted}},
            "mien_dau": {**count, "ui": {"label": _("Số đơn vị đầu không thu"), "width": "10",
                         "show_if": counted}},
            "muc_sau_tu": {**count, "ui": {"label": _("Mức khác từ đơn vị thứ"), "width": "10",
                           "show_if": counted}},
            "muc_sau": {**money, "ui": {"label": _("Mức từ đơn vị đó"), "widget": "money",
                        "show_if": {"field": "muc_sau_tu", "given": True}}},
            "toi_da": {**money, "ui": {"label": _("Không quá"), "widget": "money", "show_if": counted}},
            "so_ban": {"type": "string", "oneOf": numbers,
                       "ui": {"label": _("Nhân với số bản ở câu hỏi"), "widget": "select"}},
        }  # fmt: skip
    return fields


def _fee_shown(row: Mapping[str, Any]) -> dict[str, Any]:
    per = row.get("per") or {}
    return {
        "ten": row.get("name"),
        "loai": row.get("kind", "le_phi"),
        "muc": row.get("amount"),
        "can_cu": row.get("basis") or None,
        "han": row.get("due", "any"),
        "dem": per.get("field"),
        "don_vi": per.get("word"),
        "mien_dau": per.get("free"),
        "muc_sau_tu": per.get("then_from"),
        "muc_sau": per.get("then"),
        "toi_da": per.get("most"),
        "so_ban": row.get("copies") or None,
    }


def _fee_values(data: Mapping[str, Any]) -> dict[str, Any]:
    """The fee as data, but for its reductions."""
    per = {
        "field": data.get("dem"),
        "word": data.get("don_vi"),
        "free": data.get("mien_dau"),
        "then_from": data.get("muc_sau_tu"),
        "then": data.get("muc_sau") if "muc_sau_tu" in data else None,
        "most": data.get("toi_da"),
    }
    return {
        "name": data["ten"],
        "kind": data["loai"],
        "amount": data["muc"],
        "basis": data.get("can_cu"),
        "due": data["han"],
        "per": {name: value for name, value in per.items() if value is not None} if "dem" in data else None,
        "copies": data.get("so_ban"),
    }


def _edit_exemption(
    request: Request, version: "ProcedureVersion", key: str, row: Mapping[str, Any]
) -> HttpResponse:
    fees = [{"const": fee.key, "title": fee.name} for fee in version.parts.fees]
    fields: dict[str, Any] = {
        "ten": {"type": "string", "minLength": 2, "maxLength": 300,
                "ui": {"label": _("Ai được miễn, giảm"), "help": _("Ví dụ: Người thuộc hộ nghèo.")}},
        "chung_minh": {"type": "string", "minLength": 2, "maxLength": 300,
                       "ui": {"label": _("Giấy tờ chứng minh")}},
        "phan_tram": {"type": "integer", "minimum": 1, "maximum": 100,
                      "ui": {"label": _("Giảm phần trăm"), "suffix": "%", "help": _("100 là miễn hẳn.")}},
        "can_cu": {"type": "string", "maxLength": 300, "ui": {"label": _("Căn cứ")}},
    }  # fmt: skip
    if fees:
        fields["khoan"] = {"type": "array", "items": {"type": "string", "oneOf": fees},
                           "ui": {"label": _("Cho các khoản"), "widget": "checkboxes",
                                  "help": _("Không chọn: mọi khoản.")}}  # fmt: skip
    values = {
        "ten": row.get("name"),
        "chung_minh": row.get("proof"),
        "phan_tram": row.get("percent", 100),
        "can_cu": row.get("basis") or None,
        "khoan": list(row.get("fees", ())),
    }
    nothing = ConditionRows("khi", "", "", None, ())

    def write(data: dict[str, Any], seen: int) -> object:
        kept = {
            "name": data["ten"],
            "proof": data["chung_minh"],
            "percent": data["phan_tram"],
            "basis": data.get("can_cu"),
            "fees": data.get("khoan"),
        }
        return put_draft_part(
            version, part="exemptions", key=key, values=kept, seen=seen, by=request.by, now=timezone.now()
        )

    return _editor(
        request, version, _("Diện miễn, giảm mới") if not key else str(row.get("name")), "fees", fields,
        values, nothing, write, required=["ten", "chung_minh", "phan_tram"],
    )  # fmt: skip


def _editor(
    request: Request,
    version: "ProcedureVersion",
    title: str,
    part: str,
    fields: dict[str, Any],
    values: Mapping[str, Any],
    condition: ConditionRows,
    write: Callable[[dict[str, Any], int], object],
    *,
    required: list[str],
    choices: Mapping[str, Any] | None = None,
    check: Callable[[dict[str, Any]], list[FieldError]] | None = None,
    notes: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    return edit(
        request,
        version,
        Editor(
            title=title,
            form={
                "type": "object",
                "properties": fields,
                "required": required,
                "ui": {"order": list(fields)},
            },
            values={name: value for name, value in values.items() if value is not None},
            choices=cast("Mapping[str, Any]", {**condition.choices, **(choices or {})}),
            check=check or (lambda data: condition.read(data)[1]),
            notes=notes or {},
            write=write,
            back=here_of(f"workshop-{part}", version),
            part=part,
            more={"answers": json.dumps(condition.answers, ensure_ascii=False), **(more or {})},
        ),
    )


@require_POST
@route(who="official", permission=EDIT_PROCEDURE)
def move_part(request: Request, version_id: UUID, part: str, key: str) -> HttpResponse:
    """Move a paper, a fee or a step up or down."""
    version = open_draft(request, version_id)
    kind, back = _kind(part)
    to = -1 if request.POST.get("viec") == "len" else 1
    return press(
        request,
        version,
        lambda seen: move_draft_part(
            version, part=kind, key=key, to=to, seen=seen, by=request.by, now=timezone.now()
        ),
        here_of(back, version),
    )


@require_POST
@route(who="official", permission=EDIT_PROCEDURE)
def remove_part(request: Request, version_id: UUID, part: str, key: str) -> HttpResponse:
    """Remove a paper, a fee or a step; it can be taken back."""
    version = open_draft(request, version_id)
    kind, back = _kind(part)
    return press(
        request,
        version,
        lambda seen: remove_draft_part(
            version, part=kind, key=key, seen=seen, by=request.by, now=timezone.now()
        ),
        here_of(back, version),
    )


def _kind(part: str) -> tuple[Part, str]:
    if part not in PARTS:
        raise Http404
    return PARTS[part]


@require_POST
@route(who="official", permission=EDIT_PROCEDURE)
def put_blank(request: Request, version_id: UUID, key: str) -> HttpResponse:
    """Give a paper a blank form that applicants download, or take it away."""
    version = open_draft(request, version_id)
    upload = request.FILES.get("blank")

    def verb(seen: int) -> object:
        file = store(upload, name=upload.name or "", by=request.by, limits=DOCUMENTS) if upload else None
        if file is None and request.POST.get("viec") != "bo":
            raise Refused(N_("Chưa chọn tệp mẫu đơn. Hãy chọn tệp rồi tải lên."))
        return put_blank_form(
            version, key=key, file_id=file.pk if file else None, seen=seen, by=request.by, now=timezone.now()
        )

    return press(request, version, verb, here_of("workshop-part", version, part="giay-to", key=key))


@route(who="official")
def blank_file(request: Request, version_id: UUID, key: str) -> HttpResponseBase:
    """A paper's blank form, of a draft too."""
    version = access_version(request.by, version_id)
    document = next((one for one in version.parts.documents if one.key == key), None)
    if document is None:
        raise NotFound
    return respond(access_blank_form(document), inline=False, request=request)
