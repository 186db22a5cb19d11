"""The catalogue of procedures in the national shape: written out, read in with a preview, published."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dinh.foundation.actions.public import Request, route
from dinh.kernel.errors import N_, NotFound, Refused
from dinh.onestop.public import (
    EDIT_PROCEDURE,
    PROCEDURE_LEVELS,
    PUBLISH_PROCEDURE,
    access_entry,
    access_import,
    apply_catalogue,
    catalogue_book,
    catalogue_imports,
    catalogue_json,
    discard_entry,
    drop_catalogue,
    entries_waiting,
    entry_changes,
    fields_of_catalogue,
    import_counts,
    import_lines,
    publish_entries,
    records_published,
    upload_catalogue,
)
from dinh.workspace.views.dossiers import status_of, str_of

if TYPE_CHECKING:
    from dinh.onestop.models import CatalogueImport

__all__ = ["catalogue", "discard", "drop", "entry", "export", "import_page", "publish", "upload", "write"]

MOST_BYTES = 20 * 1024 * 1024
FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json; charset=utf-8",
}
AT_WORK = ("waiting", "reading", "writing")
STATE_TONES = {
    "waiting": "wait",
    "reading": "info",
    "unreadable": "bad",
    "preview": "warn",
    "writing": "info",
    "done": "done",
    "dropped": "neutral",
}
OUTCOMES = {
    "refused": (N_("Có lỗi"), "bad", "x"),
    "changed": (N_("Thay đổi"), "info", "pencil"),
    "new": (N_("Mới"), "good", "plus"),
    "gone": (N_("Không còn trong tệp"), "warn", "minus"),
    "same": (N_("Không đổi"), "neutral", "equal"),
}


@require_GET
@route(who="official")
def catalogue(request: Request) -> HttpResponse:
    """What waits for publication, what was read in, and the forms to write out and read in."""
    return _show(request)


def _show(
    request: Request, *, refused: Refused | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    waiting = entries_waiting(request.by, after=request.GET.get("sau", "")[:50])
    may_publish = PUBLISH_PROCEDURE.may(request.by, None)
    rows = [
        {
            "id": row.id,
            "address": reverse("workspace:catalogue-entry", kwargs={"entry_id": row.id}),
            "code": row.code,
            "name": row.name,
            "what": _what(row),
            "at": row.drafted_at,
            "by": row.drafted_by,
            "may_publish": may_publish and not row.is_own,
        }
        for row in waiting[:50]
    ]
    return render(
        request,
        "workspace/catalogue.html",
        {
            "rows": rows,
            "older": f"?sau={rows[-1]['code']}" if len(waiting) > len(rows) else "",
            "imports": [
                {
                    "address": reverse("workspace:catalogue-import", kwargs={"batch_id": row.pk}),
                    "name": row.file_name,
                    "state": _(str(row.get_state_display())),
                    "tone": STATE_TONES[row.state],
                    "count": row.count,  # type: ignore[attr-defined]
                    "at": row.made_at,
                    "by": row.made_by_name,
                }
                for row in catalogue_imports(request.by)
            ],
            "fields": fields_of_catalogue(),
            "levels": [(code, _(words)) for code, words in PROCEDURE_LEVELS.items()],
            "may_edit": EDIT_PROCEDURE.may(request.by, None),
            "may_publish": may_publish,
            "error": str_of(refused),
            **more,
        },
        status=status,
    )


def _what(row: Any) -> str:
    if row.withdraws:
        return _("Đưa ra khỏi danh mục")
    return _("Thủ tục mới") if row.is_new else _("Thay đổi")


@require_GET
@route(who="official")
def export(request: Request) -> HttpResponse:
    """The published catalogue, or the part chosen, as a file in the national shape."""
    kind = request.GET.get("dang", "xlsx")
    if kind not in FORMATS:
        raise NotFound
    records = records_published(
        request.by,
        words=request.GET.get("q", "")[:100],
        field=request.GET.get("linh_vuc", "")[:100],
        level=request.GET.get("cap", "")[:20],
        lacks_process=bool(request.GET.get("chua_truc_tuyen")),
    )
    content = catalogue_book(records) if kind == "xlsx" else catalogue_json(records)
    name = f"danh-muc-thu-tuc-{timezone.localdate():%Y%m%d}.{kind}"
    return HttpResponse(
        content,
        content_type=FORMATS[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_POST
@route(who="official", permission=EDIT_PROCEDURE)
def upload(request: Request) -> HttpResponse:
    """Take a file in and have it read. Nothing is written into the catalogue."""
    given = request.FILES.get("danh_muc")
    try:
        if given is None:
            raise Refused(N_("Chưa chọn tệp danh mục. Hãy chọn tệp .xlsx hoặc .json."), field="danh_muc")
        batch = upload_catalogue(
            given.read(MOST_BYTES + 1),
            name=given.name or "",
            is_whole="toan_bo" in request.POST,
            by=request.by,
            now=timezone.now(),
        )
    except Refused as refused:
        return _show(request, refused=refused, status=422, is_whole="toan_bo" in request.POST)
    messages.success(request, _("Đã nhận tệp. Hệ thống đang đọc; Ông/Bà có thể làm việc khác rồi quay lại."))
    return redirect("workspace:catalogue-import", batch_id=batch.pk)


@require_GET
@route(who="official")
def import_page(request: Request, batch_id: UUID) -> HttpResponse:
    """What a file would change, procedure by procedure and field by field, and what is wrong with it."""
    return _show_import(request, batch_id)


def _show_import(
    request: Request, batch_id: UUID, *, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    batch = access_import(request.by, batch_id)
    if request.headers.get("HX-Target") == "dang-lam" and not refused:
        # Only the part that moves; the whole page comes once the work has ended.
        if batch.state not in AT_WORK:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return render(request, "workspace/_catalogue_progress.html", _progress(request, batch))
    counts = import_counts(batch)
    outcome = request.GET.get("ket-qua", "")
    if outcome not in OUTCOMES:
        outcome = next((code for code in OUTCOMES if counts.get(code)), "same")
    after = request.GET.get("sau", "")
    lines = import_lines(
        batch,
        outcome=outcome,
        after=int(after) if after.isascii() and after.isdigit() and len(after) < 6 else 0,
    )
    return render(
        request,
        "workspace/catalogue_import.html",
        {
            "batch": batch,
            "state": _(str(batch.get_state_display())),
            "tabs": [
                {
                    "label": _(label),
                    "address": f"?ket-qua={code}",
                    "active": code == outcome,
                    "count": counts.get(code, 0),
                }
                for code, (label, _tone, _icon) in OUTCOMES.items()
            ],
            "outcome": outcome,
            "tag": (_(OUTCOMES[outcome][0]), OUTCOMES[outcome][1], OUTCOMES[outcome][2]),
            "lines": lines[:50],
            "older": f"?ket-qua={outcome}&sau={lines[49].number}" if len(lines) > 50 else "",
            "to_write": sum(counts.get(code, 0) for code in ("new", "changed", "gone")),
            "counts": counts,
            "may_write": batch.state == "preview" and EDIT_PROCEDURE.may(request.by, None),
            "error": str_of(refused),
            **_progress(request, batch),
        },
        status=status,
    )


def _progress(request: Request, batch: "CatalogueImport") -> dict[str, Any]:
    """How far the job is that reads or writes the file."""
    done, total, what = batch.opened, batch.to_open, "opened"
    if batch.state == "writing":
        done, total, what = batch.written, batch.to_write, "written"
    elif batch.to_compare:
        done, total, what = batch.compared, batch.to_compare, "compared"
    return {
        "batch": batch,
        "at_work": batch.state in AT_WORK,
        "here": reverse("workspace:catalogue-import", kwargs={"batch_id": batch.pk}),
        "done": done,
        "total": total,
        "what": what,
        "may_drop": batch.state in ("waiting", "reading") and EDIT_PROCEDURE.may(request.by, None),
    }


@require_POST
@route(who="official", permission=EDIT_PROCEDURE)
def write(request: Request, batch_id: UUID) -> HttpResponse:
    """Make the drafts of a preview, without the procedures that were crossed out."""
    batch = access_import(request.by, batch_id)
    left_out = [code[:50] for code in request.POST.getlist("bo_qua")][:3000]
    try:
        apply_catalogue(batch, left_out=left_out, by=request.by, now=timezone.now())
    except Refused as refused:
        return _show_import(request, batch_id, refused=refused, status=status_of(refused))
    messages.success(request, _("Đã nhận lệnh ghi. Các thay đổi chờ người thứ hai công bố."))
    return redirect("workspace:catalogue-import", batch_id=batch_id)


@require_POST
@route(who="official", permission=EDIT_PROCEDURE)
def drop(request: Request, batch_id: UUID) -> HttpResponse:
    """Drop a preview."""
    batch = access_import(request.by, batch_id)
    try:
        drop_catalogue(batch, by=request.by, now=timezone.now())
    except Refused as refused:
        return _show_import(request, batch_id, refused=refused, status=status_of(refused))
    messages.success(request, _("Đã bỏ tệp. Danh mục không thay đổi."))
    return redirect("workspace:catalogue")


@require_GET
@route(who="official")
def entry(request: Request, entry_id: UUID) -> HttpResponse:
    """What waits in one entry, field by field."""
    row = access_entry(request.by, entry_id)
    is_own = row.drafted_by is not None and row.drafted_by == request.by.account_id
    waits = row.draft is not None or row.withdraws
    return render(
        request,
        "workspace/catalogue_entry.html",
        {
            "entry": row,
            "procedure": row.procedure,
            "changes": entry_changes(row),
            "waits": waits,
            "is_own": is_own,
            "may_publish": waits and not is_own and PUBLISH_PROCEDURE.may(request.by, row),
            "may_edit": waits and EDIT_PROCEDURE.may(request.by, row),
        },
    )


@require_POST
@route(who="official", permission=PUBLISH_PROCEDURE)
def publish(request: Request) -> HttpResponse:
    """Publish the ticked entries; each that is not published says why."""
    found = publish_entries(_ids(request.POST.getlist("muc")), by=request.by, now=timezone.now())
    done = [one for one in found if one.refused is None]
    if done:
        messages.success(request, _("Đã công bố %(count)s mục.") % {"count": len(done)})
    for one in found:
        if one.refused is not None:
            messages.error(request, f"{one.code}: {str_of(one.refused)}")
    if not found:
        messages.error(request, _("Chưa đánh dấu mục nào."))
    return redirect("workspace:catalogue")


@require_POST
@route(who="official", permission=EDIT_PROCEDURE)
def discard(request: Request, entry_id: UUID) -> HttpResponse:
    """Take back what waits in an entry."""
    try:
        discard_entry(access_entry(request.by, entry_id), by=request.by, now=timezone.now())
        messages.success(request, _("Đã bỏ thay đổi đang chờ. Nội dung đã công bố giữ nguyên."))
    except Refused as refused:
        messages.error(request, str_of(refused))
    return redirect("workspace:catalogue")


def _ids(texts: list[str]) -> list[UUID]:
    """The identifiers among what the form sent; what can't be read is not there."""
    found = []
    for text in texts[:200]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))
