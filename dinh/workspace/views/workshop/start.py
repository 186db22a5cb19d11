"""Where a draft begins: from nothing or from a version; its head, its history, its end."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.directory.public import agency_kinds, province_agencies
from dinh.foundation.ui.public import layout, parse, validate
from dinh.kernel.errors import N_, Refused
from dinh.onestop.public import (
    EDIT_PROCEDURE,
    PROCEDURE_LEVELS,
    access_draft_version,
    begin_definition,
    begin_draft,
    copy_version,
    describe_draft,
    discard_draft,
    restore_draft,
    revisions_of,
)
from dinh.workspace.views.dossiers import status_of, str_of
from dinh.workspace.views.workshop.screen import (
    Editor,
    edit,
    here_of,
    open_draft,
    press,
    seen_of,
    show_part,
)

if TYPE_CHECKING:
    from dinh.onestop.models import ProcedureVersion

__all__ = ["begin", "copy_draft", "discard", "general", "history", "overview", "restore", "undo"]

LIMITS = (
    ("working_days", N_("Ngày làm việc")),
    ("calendar_days", N_("Ngày liên tục")),
    ("hours", N_("Giờ làm việc")),
    ("same_day", N_("Trong ngày")),
)
CLASSES = (
    ("full", N_("Toàn trình")),
    ("partial", N_("Một phần")),
    ("information", N_("Chỉ cung cấp thông tin")),
)
CHANNELS = (("counter", N_("Tại quầy")), ("online", N_("Trực tuyến")), ("post", N_("Qua bưu chính")))
CODE = r"^[0-9]{1,2}\.[0-9]{6}$"
# Words of the steps that a new procedure begins with; they become the procedure's own.
USUAL = {
    "page": N_("Nội dung kê khai"),
    "tiep_nhan": N_("Tiếp nhận hồ sơ"),
    "nhan": N_("Tiếp nhận"),
    "thu_ly": N_("Thẩm định hồ sơ"),
    "trinh_ky": N_("Trình ký"),
    "de_nghi_tu_choi": N_("Đề nghị từ chối"),
    "ky": N_("Ký kết quả"),
    "da_ky": N_("Ký số"),
    "tra_lai": N_("Trả lại để sửa"),
    "phat_hanh": N_("Cấp số và đóng dấu"),
    "da_phat_hanh": N_("Cấp số và đóng dấu"),
    "tra_ket_qua": N_("Trả kết quả"),
    "tu_choi": N_("Thông báo từ chối"),
    "da_tu_choi": N_("Gửi thông báo từ chối"),
}


def _options(pairs: Any) -> list[dict[str, str]]:
    return [{"const": code, "title": _(words)} for code, words in pairs]


def _head_fields() -> dict[str, Any]:
    """The fields that a new procedure and the general page have in common."""
    kinds = [(one.code, one.label) for one in agency_kinds()]
    return {
        "ten": {"type": "string", "minLength": 5, "maxLength": 500, "ui": {"label": _("Tên thủ tục")}},
        "cap": {
            "type": "string",
            "oneOf": _options(PROCEDURE_LEVELS.items()),
            "ui": {"label": _("Cấp thực hiện")},
        },
        "loai_co_quan": {
            "type": "string", "oneOf": _options(kinds),
            "ui": {"label": _("Cơ quan giải quyết"), "widget": "select"},
        },
        "co_quan": {
            "type": "string",
            "oneOf": [{"const": one.code, "title": one.label} for one in province_agencies()],
            "ui": {"label": _("Chỉ một cơ quan của tỉnh"), "widget": "select",
                   "help": _("Để trống: mọi cơ quan thuộc loại trên, mỗi cơ quan cho địa bàn của mình.")},
        },
        "ma_linh_vuc": {"type": "string", "maxLength": 40,
                        "ui": {"label": _("Mã lĩnh vực"), "width": "20", "help": _("Ví dụ: H99-HT.")}},
        "linh_vuc": {"type": "string", "maxLength": 200, "ui": {"label": _("Lĩnh vực")}},
    }  # fmt: skip


def _code_field() -> dict[str, Any]:
    return {
        "type": "string", "pattern": CODE,
        "ui": {"label": _("Mã thủ tục"), "width": "10",
               "help": _("Mã trên Cơ sở dữ liệu quốc gia về thủ tục hành chính, ví dụ 1.001612."),
               "messages": {"pattern": _("Mã gồm một hoặc hai chữ số, dấu chấm và sáu chữ số.")}},
    }  # fmt: skip


@route(who="official", permission=EDIT_PROCEDURE)
def begin(request: Request) -> HttpResponse:
    """Begin a procedure from nothing: its head, and the usual way of a dossier."""
    fields = {"ma": _code_field(), **_head_fields()}
    required = [name for name in fields if name != "co_quan"]
    form = {"type": "object", "properties": fields, "required": required, "ui": {"order": list(fields)}}

    def make(data: dict[str, Any]) -> "ProcedureVersion":
        definition = begin_definition(
            code=data["ma"],
            name=data["ten"],
            level=data["cap"],
            agency_kind=data["loai_co_quan"],
            agency_abbreviation=data.get("co_quan", ""),
            field_code=data["ma_linh_vuc"],
            field_name=data["linh_vuc"],
            steps=USUAL,
        )
        return begin_draft(definition, by=request.by, now=timezone.now())

    return _start(request, form, make, _("Thủ tục mới"),
                  _("Hệ thống lập sẵn các bước thường gặp: tiếp nhận, thẩm định, ký, phát hành, trả kết"
                    " quả."),
                  field_of={"code": "ma"})  # fmt: skip


@route(who="official", permission=EDIT_PROCEDURE)
def copy_draft(request: Request, version_id: UUID) -> HttpResponse:
    """Begin a draft from a version: the same procedure's next version, or another procedure like it."""
    source = access_draft_version(request.by, version_id)
    if request.POST.get("viec") == "phien-ban-moi":
        try:
            version = copy_version(source, by=request.by, now=timezone.now())
        except Refused as refused:
            messages.error(request, str_of(refused))
            return redirect("workspace:procedure", version_id=source.pk)
        return redirect("workspace:workshop", version_id=version.pk)
    fields = {"ma": _code_field(), "ten": _head_fields()["ten"]}
    form = {
        "type": "object",
        "properties": fields,
        "required": ["ma", "ten"],
        "ui": {"order": list(fields)},
    }

    def make(data: dict[str, Any]) -> "ProcedureVersion":
        return copy_version(source, code=data["ma"], name=data["ten"], by=request.by, now=timezone.now())

    lead = _("Lấy tờ khai, giấy tờ, lệ phí, quy trình và kết quả của “%(name)s” làm điểm bắt đầu.")
    return _start(request, form, make, _("Thủ tục khác từ bản này"), lead % {"name": source.parts.name},
                  field_of={"code": "ma"})  # fmt: skip


def _start(
    request: Request, form: dict[str, Any], make: Any, title: str, lead: str, *, field_of: dict[str, str]
) -> HttpResponse:
    data: dict[str, Any] = {}
    errors: list[Any] = []
    status = 200
    if request.method == "POST":
        data = parse(form, request.POST)
        errors = list(validate(form, data))
        status = 422
        if not errors:
            try:
                return redirect("workspace:workshop", version_id=make(data).pk)
            except Refused as refused:
                errors = [(field_of.get(refused.field or "", ""), str_of(refused))]
                status = status_of(refused)
    values = {"title": title, "lead": lead, "view": layout(form, data, errors), "errors": errors}
    return render(request, "workspace/workshop/begin.html", values, status=status)


@route(who="official", permission=EDIT_PROCEDURE)
def overview(request: Request, version_id: UUID) -> HttpResponse:
    """How far the draft is, part by part, with everything that is still wrong."""
    version = open_draft(request, version_id)
    revisions = revisions_of(version)
    values = {
        "revisions": revisions[:5],
        "can_undo": bool(revisions) and revisions[0].source > 1,
        "discard": here_of("workshop-discard", version),
        "look": here_of("procedure", version),
    }
    return show_part(request, version, "overview.html", "", values)


@route(who="official", permission=EDIT_PROCEDURE)
def general(request: Request, version_id: UUID) -> HttpResponse:
    """What the law asks a published procedure to say of itself."""
    version = open_draft(request, version_id)
    fields = _general_fields()
    required = [
        "ten",
        "ten_ngan",
        "cap",
        "loai_co_quan",
        "ma_linh_vuc",
        "linh_vuc",
        "don_vi_thoi_han",
        "so_bo",
    ]

    def write(data: dict[str, Any], seen: int) -> object:
        return describe_draft(
            version, values=_general_read(version, data), seen=seen, by=request.by, now=timezone.now()
        )

    return edit(
        request,
        version,
        Editor(
            title=_("Thông tin thủ tục"),
            lead=_("Các nội dung phải công bố theo Nghị định 63/2010/NĐ-CP."),
            form={
                "type": "object",
                "properties": fields,
                "required": required,
                "ui": {"order": list(fields)},
            },
            values=_general_values(version),
            write=write,
            back=here_of("workshop-general", version),
            part="general",
        ),
    )


def _lines(label: str, item: str, help: str = "", *, long: bool = False) -> dict[str, Any]:
    return {
        "type": "array", "maxItems": 40,
        "ui": {"label": label, "item": item, **({"help": help} if help else {})},
        "items": {"type": "object", "properties": {
            "chu": {"type": "string", "maxLength": 2000,
                    "ui": {"label": item, "widget": "textarea" if long else "text"}}}},
    }  # fmt: skip


def _general_fields() -> dict[str, Any]:
    whole = {"type": "integer", "minimum": 1}
    head = _head_fields()
    return {
        "ten": head.pop("ten"),
        "ten_ngan": {"type": "string", "maxLength": 120, "ui": {"label": _("Tên ngắn"),
                     "help": _("Người dân đọc trong danh sách, ví dụ: Thành lập hộ kinh doanh.")}},
        "tom_tat": {"type": "string", "maxLength": 1000,
                    "ui": {"label": _("Tóm tắt"), "widget": "textarea"}},
        **head,
        "noi_nhan": {
            "type": "string", "oneOf": _options((one.code, one.label) for one in agency_kinds()),
            "ui": {"label": _("Nơi tiếp nhận khác cơ quan giải quyết"), "widget": "select",
                   "help": _("Để trống: chỉ cơ quan giải quyết tiếp nhận. Chọn một loại: quầy của mọi cơ quan"
                             " loại đó cũng tiếp nhận, ví dụ thủ tục của sở nhận tại xã.")},
        },
        "noi_nhan_co_quan": {
            "type": "string",
            "oneOf": [{"const": one.code, "title": one.label} for one in province_agencies()],
            "ui": {"label": _("Chỉ một cơ quan tiếp nhận"), "widget": "select",
                   "help": _("Để trống: quầy của mọi cơ quan thuộc loại trên."),
                   "show_if": {"field": "noi_nhan", "given": True}},
        },
        "muc_do": {"type": "string", "oneOf": _options(CLASSES),
                   "ui": {"label": _("Mức độ dịch vụ công trực tuyến")}},
        "kenh": {"type": "array", "items": {"type": "string", "oneOf": _options(CHANNELS)},
                 "ui": {"label": _("Cách thức thực hiện"), "widget": "checkboxes"}},
        "don_vi_thoi_han": {"type": "string", "oneOf": _options(LIMITS),
                            "ui": {"label": _("Thời hạn giải quyết tính theo")}},
        "thoi_han": {**whole, "maximum": 2000, "ui": {"label": _("Thời hạn"), "width": "10",
                     "show_if": {"not": {"field": "don_vi_thoi_han", "is": "same_day"}}}},
        "thoi_han_truc_tuyen": {**whole, "maximum": 2000, "ui": {
            "label": _("Thời hạn khi nộp trực tuyến"), "width": "10",
            "help": _("Chỉ ghi khi ngắn hơn."),
            "show_if": {"not": {"field": "don_vi_thoi_han", "is": "same_day"}}}},
        "so_bo": {**whole, "maximum": 10, "ui": {"label": _("Số bộ hồ sơ"), "width": "10"}},
        "doi_tuong": _lines(_("Đối tượng thực hiện"), _("Đối tượng")),
        "trinh_tu": _lines(_("Trình tự thực hiện"), _("Việc"), long=True),
        "yeu_cau": _lines(_("Yêu cầu, điều kiện"), _("Điều kiện"), long=True),
        "can_cu": {
            "type": "array", "maxItems": 40, "ui": {"label": _("Căn cứ pháp lý"), "item": _("Văn bản")},
            "items": {"type": "object", "ui": {"order": ["so", "ten"]}, "required": ["so", "ten"],
                      "properties": {
                "so": {"type": "string", "maxLength": 60,
                       "ui": {"label": _("Số, ký hiệu"), "width": "20"}},
                "ten": {"type": "string", "maxLength": 500, "ui": {"label": _("Tên văn bản")}}}},
        },
        "su_kien": _lines(_("Sự kiện trong đời"), _("Sự kiện"), _("Ví dụ: Có con nhỏ, Khởi sự kinh doanh.")),
        "tu_khoa": {"type": "string", "maxLength": 1000, "ui": {"label": _("Từ khóa tìm kiếm"),
                    "widget": "textarea", "help": _("Cách nhau bằng dấu phẩy.")}},
    }  # fmt: skip


def _general_values(version: "ProcedureVersion") -> dict[str, Any]:
    d = version.parts
    limit = d.time_limit
    values = {
        "ten": d.name,
        "ten_ngan": d.short_name,
        "tom_tat": d.summary,
        "cap": d.level,
        "loai_co_quan": d.agency.kind,
        "co_quan": d.agency.abbreviation,
        "noi_nhan": d.reception.kind if d.reception else "",
        "noi_nhan_co_quan": d.reception.abbreviation if d.reception else "",
        "ma_linh_vuc": d.field.code,
        "linh_vuc": d.field.name,
        "muc_do": d.service_class,
        "kenh": list(d.channels),
        "don_vi_thoi_han": limit.unit,
        "thoi_han": limit.amount,
        "thoi_han_truc_tuyen": limit.online,
        "so_bo": d.copies,
        "doi_tuong": [{"chu": one} for one in d.audience],
        "trinh_tu": [{"chu": one} for one in d.sequence],
        "yeu_cau": [{"chu": one} for one in d.requirements],
        "can_cu": [{"so": one.number, "ten": one.name} for one in d.basis],
        "su_kien": [{"chu": one} for one in d.life_events],
        "tu_khoa": ", ".join(d.keywords),
    }
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _reception(data: dict[str, Any]) -> dict[str, Any] | None:
    """Whose desks receive beside the one that decides: those of a kind, or the one named."""
    kind, one = data.get("noi_nhan", ""), data.get("noi_nhan_co_quan", "")
    return {"kind": kind, **({"abbreviation": one} if one else {})} if kind else None


def _general_read(version: "ProcedureVersion", data: dict[str, Any]) -> dict[str, Any]:
    def lines(name: str) -> list[str]:
        return [row["chu"] for row in data.get(name, ()) if row.get("chu")]

    before = version.definition
    limit = {"unit": data["don_vi_thoi_han"], "amount": data.get("thoi_han", 1)}
    if "thoi_han_truc_tuyen" in data:
        limit["online"] = data["thoi_han_truc_tuyen"]
    kept_limit = {
        key: value
        for key, value in before["time_limit"].items()
        if key not in ("unit", "amount", "online")
    }  # fmt: skip
    return {
        "name": data["ten"],
        "short_name": data["ten_ngan"],
        "summary": data.get("tom_tat", ""),
        "level": data["cap"],
        "agency": {
            **before["agency"],
            "kind": data["loai_co_quan"],
            "abbreviation": data.get("co_quan", ""),
        },
        "reception": _reception(data),
        "field": {**before["field"], "code": data["ma_linh_vuc"], "name": data["linh_vuc"]},
        "service_class": data.get("muc_do", "full"),
        "channels": data.get("kenh", []),
        "time_limit": {**kept_limit, **limit},
        "copies": data["so_bo"],
        "audience": lines("doi_tuong"),
        "sequence": lines("trinh_tu"),
        "requirements": lines("yeu_cau"),
        "basis": [{"number": row["so"], "name": row["ten"]} for row in data.get("can_cu", ())],
        "life_events": lines("su_kien"),
        "keywords": [word.strip() for word in data.get("tu_khoa", "").split(",") if word.strip()],
    }


@route(who="official", permission=EDIT_PROCEDURE)
def history(request: Request, version_id: UUID) -> HttpResponse:
    """Every state of the draft, who made it, and a way back to it."""
    version = open_draft(request, version_id)
    rows = [
        {"line": line, "restore": here_of("workshop-restore", version, number=line.number)}
        for line in revisions_of(version)
    ]
    return show_part(request, version, "history.html", "history", {"rows": rows})


@require_POST
@route(who="official", permission=EDIT_PROCEDURE)
def undo(request: Request, version_id: UUID) -> HttpResponse:
    """Take back the last change that stands."""
    version = open_draft(request, version_id)
    return press(
        request,
        version,
        lambda seen: restore_draft(version, seen=seen, by=request.by, now=timezone.now()),
        here_of("workshop-history", version),
    )


@require_POST
@route(who="official", permission=EDIT_PROCEDURE)
def restore(request: Request, version_id: UUID, number: int) -> HttpResponse:
    """Bring back an earlier state."""
    version = open_draft(request, version_id)
    return press(
        request,
        version,
        lambda seen: restore_draft(version, number=number, seen=seen, by=request.by, now=timezone.now()),
        here_of("workshop-history", version),
    )


@require_POST
@route(who="official", permission=EDIT_PROCEDURE)
def discard(request: Request, version_id: UUID) -> HttpResponse:
    """Remove the draft for good."""
    version = open_draft(request, version_id)
    try:
        discard_draft(version, seen=seen_of(request), by=request.by, now=timezone.now())
    except Refused as refused:
        messages.error(request, str_of(refused))
        return redirect("workspace:workshop", version_id=version_id)
    messages.success(request, _("Đã bỏ bản thảo."))
    return redirect("workspace:procedures")
