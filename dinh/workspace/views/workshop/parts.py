"""Papers and fees of a draft: lists, and one editor each."""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.ui.public import FieldError
from dinh.kernel.errors import N_
from dinh.onestop.public import (
    EDIT_PROCEDURE,
    Part,
    asked_of,
    move_draft_part,
    part_of,
    put_draft_part,
    remove_draft_part,
    words_of,
)
from dinh.workspace.views.workshop.conditions import ConditionRows, questions_of
from dinh.workspace.views.workshop.screen import Editor, edit, here_of, open_draft, press, show_part
from dinh.workspace.views.workshop.steps import edit_step

if TYPE_CHECKING:
    from dinh.onestop.models import ProcedureVersion

__all__ = ["add_part", "change_part", "documents", "fees", "move_part", "remove_part"]

# The parts by the word in their address.
PARTS: dict[str, tuple[Part, str]] = {
    "giay-to": ("documents", "workshop-documents"),
    "le-phi": ("fees", "workshop-fees"),
    "buoc": ("steps", "workshop-steps"),
}
ACCEPTED = (("pdf", N_("PDF")), ("image", N_("Ảnh chụp")), ("docx", N_("Văn bản Word")))


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
        }
        for fee in version.parts.fees
    ]
    add = here_of("workshop-part-add", version, part="le-phi")
    return show_part(request, version, "fees.html", "fees", {"rows": rows, "add": add})


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
        }
        return put_draft_part(
            version, part="documents", key=key, values=kept, seen=seen, by=request.by, now=timezone.now()
        )

    return _editor(
        request, version, _("Giấy tờ mới") if not key else str(row.get("name")), "documents", fields, values,
        needed, write, required=["ten", "nguon", "loai_tep"],
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
    fields: dict[str, Any] = {
        "ten": {"type": "string", "minLength": 2, "maxLength": 300, "ui": {"label": _("Tên khoản thu")}},
        "loai": {
            "type": "string",
            "oneOf": [{"const": "le_phi", "title": _("Lệ phí")}, {"const": "phi", "title": _("Phí")}],
            "ui": {"label": _("Loại"), "widget": "radios"},
        },
        "muc": {"type": "integer", "minimum": 0, "maximum": 10_000_000_000,
                "ui": {"label": _("Mức thu"), "widget": "money"}},
        "can_cu": {"type": "string", "maxLength": 300, "ui": {"label": _("Căn cứ"),
                   "help": _("Văn bản quy định mức thu, ví dụ nghị quyết của Hội đồng nhân dân tỉnh.")}},
        **owed.fields(),
    }  # fmt: skip
    values = {
        "ten": row.get("name"),
        "loai": row.get("kind", "le_phi"),
        "muc": row.get("amount"),
        "can_cu": row.get("basis"),
        **owed.values(),
    }

    def write(data: dict[str, Any], seen: int) -> object:
        kept = {
            "name": data["ten"],
            "kind": data["loai"],
            "amount": data["muc"],
            "basis": data.get("can_cu"),
            "when": owed.read(data)[0],
        }
        return put_draft_part(
            version, part="fees", key=key, values=kept, seen=seen, by=request.by, now=timezone.now()
        )

    return _editor(
        request, version, _("Khoản thu mới") if not key else str(row.get("name")), "fees", fields, values,
        owed, write, required=["ten", "loai", "muc"],
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
) -> HttpResponse:
    def check(data: dict[str, Any]) -> list[FieldError]:
        return condition.read(data)[1]

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
            choices=cast("Mapping[str, Any]", condition.choices),
            check=check,
            write=write,
            back=here_of(f"workshop-{part}", version),
            part=part,
            more={"answers": json.dumps(condition.answers, ensure_ascii=False)},
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
