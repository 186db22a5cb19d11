"""The result of a procedure: its lines to complete, its words as blocks, a look at the printed paper."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.ui.public import PaperNotMade, name_for, outline, render_pdf
from dinh.kernel.condition_words import Asked
from dinh.kernel.errors import N_, NotFound, Refused
from dinh.onestop.public import (
    EDIT_PROCEDURE,
    FIELD_KINDS,
    TEMPLATES,
    add_draft_result,
    asked_of,
    put_draft_result,
    remove_draft_result,
    result_templates,
    sample_result,
    template_fields,
    words_of,
)
from dinh.workspace.views.dossiers import str_of
from dinh.workspace.views.workshop.conditions import ConditionRows, questions_of
from dinh.workspace.views.workshop.result_field import line_rules
from dinh.workspace.views.workshop.screen import Editor, edit, here_of, open_draft, press, with_own

if TYPE_CHECKING:
    from dinh.onestop.models import ProcedureVersion
    from dinh.onestop.rules.definition import ResultTemplate

__all__ = ["add_result", "remove_result", "result", "result_preview"]

BLOCKS = (
    ("fact", N_("Dòng “nhãn: nội dung”")),
    ("paragraph", N_("Đoạn văn")),
    ("heading", N_("Dòng giữa, in đậm")),
    ("basis", N_("Căn cứ (chữ nghiêng)")),
    ("article", N_("Điều (tự đánh số)")),
)
# What is asked of a result before its lines.
HEAD = ("ten", "ky_hieu", "loai_viec", "mau", "hieu_luc")
TEMPLATE_NAMES = {
    "composed": N_("Soạn bằng các đoạn chữ dưới đây"),
    "birth_certificate": N_("Giấy khai sinh"),
    "building_permit": N_("Giấy phép xây dựng"),
    "certified_copy": N_("Lời chứng thực bản sao"),
    "criminal_record": N_("Phiếu lý lịch tư pháp"),
    "driving_licence": N_("Giấy phép lái xe"),
    "food_safety": N_("Giấy chứng nhận an toàn thực phẩm"),
    "household_business": N_("Giấy chứng nhận đăng ký hộ kinh doanh"),
    "household_business_change": N_("Giấy chứng nhận hộ kinh doanh, thay đổi"),
    "land_use_decision": N_("Quyết định chuyển mục đích sử dụng đất"),
    "marital_status": N_("Giấy xác nhận tình trạng hôn nhân"),
    "marriage_certificate": N_("Giấy chứng nhận kết hôn"),
    "marriage_extract": N_("Trích lục kết hôn (bản sao)"),
    "performance_approval": N_("Văn bản chấp thuận biểu diễn"),
    "social_allowance": N_("Quyết định trợ cấp xã hội"),
}


@route(who="official", permission=EDIT_PROCEDURE)
def result(request: Request, version_id: UUID, key: str = "") -> HttpResponse:
    """Build a result (without a key: the first): what the specialist completes, what is printed around it."""
    version = open_draft(request, version_id)
    shown = version.parts.result_of(key)
    if shown.key != key:
        raise NotFound
    given_if = _given_if(version, shown)
    all_of_it = _fields(version, shown)
    fields = {
        **{name: all_of_it.pop(name) for name in HEAD},
        **_people(version, shown),
        **(_counted(version, shown) if key else {}),
        **all_of_it,
        **(given_if.fields() if key else {}),
    }
    here = here_of("workshop-one-result", version, key=key) if key else here_of("workshop-result", version)

    def write(data: dict[str, Any], seen: int) -> object:
        return put_draft_result(
            version,
            values={
                **_read(data),
                **(
                    {
                        "copies": data.get("so_ban", "") if "so_ban" in fields else shown.copies,
                        "when": given_if.read(data)[0],
                    }
                    if key
                    else {"when": None}
                ),
            },
            key=key,
            seen=seen,
            by=request.by,
            now=timezone.now(),
        )

    asked = asked_of(version.parts.form)
    needed = template_fields(shown.template) or frozenset()
    return edit(
        request,
        version,
        Editor(
            title=_("Kết quả giải quyết"),
            lead=_("Văn bản mà người dân nhận: cán bộ điền các mục, hệ thống in, lãnh đạo ký."),
            form={
                "type": "object",
                "properties": fields,
                "required": ["ten", "mau", "ky_hieu"],
                "ui": {"order": list(fields)},
            },
            values={**_values(shown), **(given_if.values() if key else {})},
            choices=given_if.choices,
            check=lambda data: given_if.read(data)[1] if key else [],
            write=write,
            back=here,
            part="result",
            template="workspace/workshop/result.html",
            more={
                "preview": here_of("workshop-result-preview", version),
                "key": key,
                "answers": json.dumps(given_if.answers, ensure_ascii=False),
                "ways": [(one.name, _given_to(one, asked)) for one in version.parts.results],
                "places": [(one.name, one.label) for one in shown.fields],
                "lines": line_rules(version, shown),
                "needed": sorted(needed - {one.name for one in shown.fields}),
                "results": [
                    {
                        "label": one.name,
                        "address": here_of("workshop-one-result", version, key=one.key)
                        if one.key
                        else here_of("workshop-result", version),
                        "active": one.key == key,
                    }
                    for one in version.parts.results
                ],
                "add_to": here_of("workshop-result-add", version),
                "remove_to": here_of("workshop-result-remove", version, key=key) if key else "",
            },
        ),
    )


def _people(version: "ProcedureVersion", shown: "ResultTemplate") -> dict[str, Any]:
    """Whose act a result is, and whom it is for."""
    fields: dict[str, Any] = {
        "dung_dau": {"type": "boolean",
                     "ui": {"label": _("Người đứng đầu ký với danh nghĩa của mình"), "widget": "checkbox",
                            "help": _("Khi luật giao cho người đứng đầu quyết định, ví dụ Chủ tịch Ủy ban"
                                      " nhân dân: ký CHỦ TỊCH, không ghi TM. ỦY BAN NHÂN DÂN.")}},
    }  # fmt: skip
    sources = with_own(_sources(version), *shown.recipients)
    if sources:
        fields["cap_cho"] = {
            "type": "array", "maxItems": 4,
            "ui": {"label": _("Cấp cho người ghi ở"), "item": _("Câu hỏi"),
                   "help": _("In ở nơi nhận. Để trống: người nộp hồ sơ.")},
            "items": {"type": "object", "required": ["cau"], "ui": {"order": ["cau"]},
                      "properties": {"cau": {"type": "string", "oneOf": sources,
                                             "ui": {"label": _("Câu hỏi"), "widget": "select"}}}},
        }  # fmt: skip
    return fields


def _counted(version: "ProcedureVersion", shown: "ResultTemplate") -> dict[str, Any]:
    """By which number of the form a further result is issued in copies."""
    numbers = [
        {"const": line.path, "title": line.spec.label}
        for page in outline(version.parts.form)
        for line in page.fields
        if line.spec.kind == "whole"
    ]
    offered = with_own(numbers, shown.copies)
    ui = {"label": _("Số bản theo"), "widget": "select",
          "help": _("Soạn một lần; mỗi bản được ký và cấp một số. Để trống: một bản.")}  # fmt: skip
    return {"so_ban": {"type": "string", "oneOf": offered, "ui": ui}} if offered else {}


def _sources(version: "ProcedureVersion") -> list[dict[str, str]]:
    return [
        {"const": line.path, "title": line.spec.label}
        for page in outline(version.parts.form)
        for line in page.fields
        if line.spec.kind != "note"
    ]


def _given(version: "ProcedureVersion", kind: str, *own: str) -> dict[str, Any]:
    """The papers of the dossier that files of a kind (pdf, image) are given for, to choose one of."""
    ui = {"label": _("Lấy từ giấy tờ của hồ sơ"), "widget": "select"}
    offered = with_own(
        [
            {"const": one.key, "title": one.name}
            for one in version.parts.documents
            if one.origin == "upload" and (one.accept == ("pdf",) if kind == "pdf" else kind in one.accept)
        ],
        *own,
    )
    if not offered:
        return {}
    return {"type": "string", "oneOf": offered, "ui": ui}


def _given_to(one: "ResultTemplate", asked: Mapping[str, Asked]) -> str:
    """Which dossiers get a result, and in how many papers."""
    given = words_of(one.when, asked) if one.when else _("mọi hồ sơ")
    if not one.copies:
        return given
    label = asked[one.copies].label if one.copies in asked else one.copies
    return _("%(given)s, số bản ghi ở “%(label)s”; 0 bản thì không cấp") % {"given": given, "label": label}


def _given_if(version: "ProcedureVersion", shown: "ResultTemplate") -> ConditionRows:
    """When a dossier gets a further result; the first one goes to every dossier."""
    form = version.parts.form
    return ConditionRows(
        "khi", _("Chỉ cấp kết quả này khi"), _("Để trống: mọi hồ sơ đều có kết quả này."), shown.when,
        questions_of(form), words_of(shown.when, asked_of(form)) if shown.when else "",
    )  # fmt: skip


def _fields(version: "ProcedureVersion", shown: "ResultTemplate") -> dict[str, Any]:
    sources = with_own(_sources(version), *(one.source for one in shown.fields))
    source: dict[str, Any] = {"type": "string", "maxLength": 200, "ui": {"label": _("Lấy sẵn từ câu hỏi")}}
    if sources:
        source |= {"oneOf": sources, "ui": {**source["ui"], "widget": "select"}}
    pictured = _given(version, "image", *(one.document for one in shown.fields))
    if pictured:
        when = {"field": "loai", "is": "picture"}
        pictured["ui"] |= {"show_if": when, "required_if": when}
    enclosed = _given(version, "pdf", *(one.document for one in shown.encloses))
    if enclosed:
        enclosed["ui"]["help"] = _(
            "Tệp PDF người nộp đã gửi đi kèm kết quả: khi cấp số, mỗi trang được đóng dấu “Kèm theo” và ký số"
            " của cơ quan. Để trống: cán bộ đính kèm tệp."
        )
    templates = [{"const": name, "title": _(TEMPLATE_NAMES.get(name, name))} for name in result_templates()]
    kinds = [{"const": code, "title": _(words)} for code, words in FIELD_KINDS.items()]
    return {
        "ten": {"type": "string", "minLength": 2, "maxLength": 300,
                "ui": {"label": _("Tên kết quả"), "help": _("In thành tên của văn bản.")}},
        "ky_hieu": {"type": "string", "maxLength": 20, "ui": {"label": _("Ký hiệu của số"), "width": "10",
                    "help": _("Sau số văn bản, ví dụ GP trong 12/GP.")}},
        "loai_viec": {"type": "string", "maxLength": 60,
                      "ui": {"label": _("Loại việc được ký"), "width": "20",
                      "help": _("Đối chiếu với thẩm quyền ký trong danh bạ, ví dụ civil_status."
                                " Để trống: hệ thống đặt theo tên kết quả.")}},
        "mau": {"type": "string", "oneOf": templates, "ui": {"label": _("Mẫu in"), "widget": "select"}},
        "hieu_luc": {"type": "integer", "minimum": 1, "maximum": 1200,
                     "ui": {"label": _("Có giá trị trong (tháng)"), "width": "10",
                            "help": _("Để trống: luật không định ngày hết hạn.")}},
        "muc": {
            "type": "array", "maxItems": 50,
            "ui": {"label": _("Các mục cán bộ điền"), "item": _("Mục")},
            "items": {
                "type": "object", "required": ["nhan"],
                "ui": {"order": ["nhan", "nguon", "loai", "lua_chon", "ngay_cua",
                                 *(["anh_tu"] if pictured else []), "trong", "giai_thich", "ten"]},
                "properties": {
                    "nhan": {"type": "string", "maxLength": 200, "ui": {"label": _("Nhãn")}},
                    "nguon": source,
                    "loai": {"type": "string",
                             "oneOf": kinds,
                             "ui": {"label": _("Kiểu"), "widget": "select",
                                    "help": _("Cán bộ điền đúng kiểu thì mới trình, ký được.")}},
                    "lua_chon": {"type": "string", "maxLength": 2000,
                                 "ui": {"label": _("Các lựa chọn"), "widget": "textarea",
                                        "help": _("Mỗi dòng một lựa chọn. Dòng kết thúc bằng dấu … thì cán bộ"
                                                  " ghi tiếp nội dung, ví dụ “Có án tích: …”."),
                                        "show_if": {"field": "loai", "is": "choice"},
                                        "required_if": {"field": "loai", "is": "choice"}}},
                    "ngay_cua": {"type": "string", "maxLength": 60,
                                 "ui": {"label": _("Tên trong mẫu của mục lấy theo"), "width": "20",
                                        "help": _("Mục ngày được ghi bằng chữ, hoặc mục của kết quả thứ nhất;"
                                                  " cùng tên thì để trống."),
                                        "show_if": {"field": "loai", "in": ["date_words", "first"]},
                                        "required_if": {"field": "loai", "is": "date_words"}}},
                    **({"anh_tu": pictured} if pictured else {}),
                    "trong": {"type": "boolean", "ui": {"label": _("Được để trống")}},
                    "giai_thich": {"type": "string", "maxLength": 300,
                                   "ui": {"label": _("Lời nhắc cho cán bộ điền")}},
                    "ten": {"type": "string", "maxLength": 60, "pattern": "^[a-z][a-z0-9_]*$",
                            "ui": {"label": _("Tên trong mẫu"), "width": "20",
                                   "help": _("Để trống: hệ thống tự đặt. Trong đoạn chữ viết {tên}."),
                                   "messages": {"pattern": _("Tên chỉ gồm chữ thường không dấu, số và gạch"
                                                             " dưới.")}}},
                },
            },
        },
        "kem": {
            "type": "array", "maxItems": 10,
            "ui": {"label": _("Các bản kèm theo"), "item": _("Bản kèm theo"),
                   "help": _("Tệp PDF gắn với kết quả: tên và mã SHA-256 in trên văn bản trước khi ký.")},
            "items": {
                "type": "object", "required": ["ten"],
                "ui": {"order": ["ten", *(["giay_to"] if enclosed else []), "co_the_khong"]},
                "properties": {
                    "ten": {"type": "string", "minLength": 2, "maxLength": 200,
                            "ui": {"label": _("Tên bản kèm theo"), "help": _("Ví dụ: Bản vẽ thiết kế.")}},
                    **({"giay_to": enclosed} if enclosed else {}),
                    "co_the_khong": {"type": "boolean", "ui": {"label": _("Không bắt buộc")}},
                },
            },
        },
        "doan": {
            "type": "array", "maxItems": 50,
            "ui": {"label": _("Các đoạn chữ được in"), "item": _("Đoạn"),
                   "help": _("Để trống: in các mục trên, mỗi mục một dòng."),
                   "show_if": {"field": "mau", "is": "composed"}},
            "items": {
                "type": "object", "required": ["loai", "chu"],
                "ui": {"order": ["loai", "nhan", "chu"]},
                "properties": {
                    "loai": {"type": "string",
                             "oneOf": [{"const": code, "title": _(words)} for code, words in BLOCKS],
                             "ui": {"label": _("Loại"), "widget": "select"}},
                    "nhan": {"type": "string", "maxLength": 200,
                             "ui": {"label": _("Nhãn hoặc tên điều"),
                                    "show_if": {"field": "loai", "in": ["fact", "article"]}}},
                    "chu": {"type": "string", "maxLength": 4000,
                            "ui": {"label": _("Chữ"), "widget": "textarea",
                                   "help": _("{tên} là chỗ của một mục, ví dụ {ho_ten}.")}},
                },
            },
        },
    }  # fmt: skip


def _values(shown: "ResultTemplate") -> dict[str, Any]:
    values = {
        "ten": shown.name,
        "ky_hieu": shown.notation,
        "loai_viec": shown.matter,
        "mau": shown.template,
        "hieu_luc": shown.valid_months,
        "dung_dau": shown.by_head or None,
        "cap_cho": [{"cau": path} for path in shown.recipients],
        "so_ban": shown.copies,
        "muc": [
            {
                "nhan": one.label,
                **({"nguon": one.source} if one.source else {}),
                "loai": one.kind or ("textarea" if one.long else "text"),
                **({"lua_chon": "\n".join(one.choices)} if one.choices else {}),
                **({"ngay_cua": one.of} if one.of else {}),
                **({"anh_tu": one.document} if one.document else {}),
                **({"trong": True} if one.optional else {}),
                **({"giai_thich": one.help} if one.help else {}),
                "ten": one.name,
            }
            for one in shown.fields
        ],
        "kem": [
            {
                "ten": one.name,
                **({"giay_to": one.document} if one.document else {}),
                **({"co_the_khong": True} if one.optional else {}),
            }
            for one in shown.encloses
        ],
        "doan": [
            {"loai": one.kind, "chu": one.text, **({"nhan": one.label} if one.label else {})}
            for one in shown.body
        ],
    }
    return {name: value for name, value in values.items() if value not in ("", None, [])}


def _read(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": data["ten"],
        "notation": data["ky_hieu"],
        "matter": data.get("loai_viec") or name_for(data["ten"], ()),
        "template": data["mau"],
        "valid_months": data.get("hieu_luc"),
        "by_head": bool(data.get("dung_dau")),
        "recipients": [row["cau"] for row in data.get("cap_cho", ())],
        "fields": [
            {
                "name": row.get("ten", ""),
                "label": row["nhan"],
                "source": row.get("nguon", ""),
                "kind": "" if row.get("loai", "text") in ("text", "textarea") else row["loai"],
                "long": row.get("loai") == "textarea",
                "choices": [line.strip() for line in row.get("lua_chon", "").splitlines() if line.strip()],
                "of": row.get("ngay_cua", ""),
                "document": row.get("anh_tu", ""),
                "optional": bool(row.get("trong")),
                "help": row.get("giai_thich", ""),
            }
            for row in data.get("muc", ())
        ],
        "encloses": [
            {
                "name": row["ten"],
                "document": row.get("giay_to", ""),
                "optional": bool(row.get("co_the_khong")),
            }
            for row in data.get("kem", ())
        ],
        "body": [
            {"kind": row["loai"], "text": row["chu"], "label": row.get("nhan", "")}
            for row in data.get("doan", ())
        ],
    }


@require_POST
@route(who="official", permission=EDIT_PROCEDURE)
def add_result(request: Request, version_id: UUID) -> HttpResponse:
    """Add a further result and open it."""
    version = open_draft(request, version_id)
    name = " ".join(request.POST.get("ten_ket_qua", "").split())[:300]

    def verb(seen: int) -> object:
        if not name:
            raise Refused(N_("Chưa ghi tên kết quả."))
        return add_draft_result(version, name=name, seen=seen, by=request.by, now=timezone.now())

    return press(request, version, verb, here_of("workshop-result", version))


@require_POST
@route(who="official", permission=EDIT_PROCEDURE)
def remove_result(request: Request, version_id: UUID, key: str) -> HttpResponse:
    """Remove a further result; it can be taken back."""
    version = open_draft(request, version_id)

    def verb(seen: int) -> object:
        return remove_draft_result(version, key=key, seen=seen, by=request.by, now=timezone.now())

    return press(request, version, verb, here_of("workshop-result", version))


@route(who="official", permission=EDIT_PROCEDURE)
def result_preview(request: Request, version_id: UUID) -> HttpResponse:
    """The result's paper with trial values (``m-<name>`` of the address), marked as a trial, as a PDF."""
    version = open_draft(request, version_id)
    definition = version.parts
    shown = definition.result_of(request.GET.get("ket-qua", "")[:60])
    typed = {field.name: request.GET.get(f"m-{field.name}", "")[:2000] for field in shown.fields}
    name = shown.template
    if template_fields(name) is None:
        return HttpResponse(_("Không có mẫu này."), content_type="text/plain; charset=utf-8", status=404)
    try:
        content = render_pdf(TEMPLATES / f"{name}.typ", sample_result(definition, {}, typed, shown.key))
    except PaperNotMade as refused:
        return HttpResponse(str_of(refused), content_type="text/plain; charset=utf-8", status=409)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="xem-thu.pdf"', "Cache-Control": "no-store"},
    )
