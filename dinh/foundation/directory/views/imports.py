"""Screens of lists: upload, preview, confirm, drop; and the empty lists to fill in."""

import csv
import io
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.directory.actions import imports
from dinh.foundation.directory.forms import Typed
from dinh.foundation.directory.permissions import MANAGE_DIRECTORY
from dinh.foundation.directory.queries import screens
from dinh.foundation.directory.rules.importing import COLUMNS
from dinh.foundation.directory.views.pages import done, form_page, page
from dinh.kernel.errors import NotFound

__all__ = ["confirm_import", "drop_import", "import_page", "import_template", "imports_page"]


@require_http_methods(["GET", "POST"])
@route(who="official", permission=MANAGE_DIRECTORY)
def imports_page(request: Request) -> HttpResponse:
    """Upload a list; the lists uploaded before."""
    typed = Typed(request.POST, kind="units")
    if request.method == "POST":
        upload = request.FILES.get("file")
        if upload is None:
            typed.errors["file"] = _("Hãy chọn tệp danh sách.")
        else:
            made = typed.attempt(
                lambda: imports.preview_import(
                    typed.text("kind"), stream=upload, name=upload.name or "", by=request.by
                )
            )
            if made is not None:
                return done(
                    request, _("Đã đọc danh sách. Chưa ghi gì vào danh bạ."), "import", batch_id=made.pk
                )
    return form_page(
        request, "imports.html", typed, kinds=_kinds(), batches=screens.import_batches(request.by)
    )


def _kinds() -> list[tuple[str, str, str]]:
    return [
        ("units", _("Đơn vị"), _("Mã, tên, loại, cấp, đơn vị cấp trên")),
        ("positions", _("Chức vụ"), _("Mã, đơn vị, tên chức vụ")),
        ("people", _("Cán bộ"), _("Mã, họ tên, và chức vụ được bổ nhiệm")),
    ]


@require_GET
@route(who="official", permission=MANAGE_DIRECTORY)
def import_page(request: Request, batch_id: UUID) -> HttpResponse:
    """The preview of a list: what each line would do, and why some would do nothing."""
    batch = screens.get_batch(request.by, batch_id)
    outcome = request.GET.get("ket-qua", "")
    after = request.GET.get("sau", "")
    lines = screens.import_lines(
        batch, outcome=outcome, after=int(after) if after.isascii() and after.isdigit() else 0
    )
    counts = screens.import_counts(batch)
    words = {
        "create": _("Thêm mới"),
        "change": _("Thay đổi"),
        "same": _("Không đổi"),
        "refused": _("Từ chối"),
    }
    tabs = [{"label": _("Tất cả"), "address": "?", "active": not outcome, "count": sum(counts.values())}]
    tabs += [
        {
            "label": word,
            "address": f"?ket-qua={code}",
            "active": outcome == code,
            "count": counts.get(code, 0),
        }
        for code, word in words.items()
    ]
    older = f"?ket-qua={outcome}&sau={lines[-1].number}" if len(lines) == 100 else ""
    columns = [column for column in COLUMNS[batch.kind] if any(line.values.get(column.key) for line in lines)]
    choices = {"kind": dict(screens.kind_choices()), "level": dict(screens.level_choices())}
    return page(
        request,
        "import.html",
        batch=batch,
        tabs=tabs,
        lines=lines,
        words=words,
        columns=[
            {"key": column.key, "label": _(column.heading), "words": choices.get(column.key, {})}
            for column in columns
        ],
        older=older,
        to_write=counts.get("create", 0) + counts.get("change", 0),
    )


@require_POST
@route(who="official", permission=MANAGE_DIRECTORY)
def confirm_import(request: Request, batch_id: UUID) -> HttpResponse:
    """Write the lines that were not refused."""
    imports.confirm_import(screens.get_batch(request.by, batch_id), by=request.by)
    return done(request, _("Đã xác nhận danh sách."), "import", batch_id=batch_id)


@require_POST
@route(who="official", permission=MANAGE_DIRECTORY)
def drop_import(request: Request, batch_id: UUID) -> HttpResponse:
    """Drop a preview."""
    imports.drop_import(screens.get_batch(request.by, batch_id), by=request.by)
    return done(request, _("Đã bỏ danh sách. Danh bạ không thay đổi."), "imports")


@require_GET
@route(who="official", permission=MANAGE_DIRECTORY)
def import_template(request: Request, kind: str) -> HttpResponse:
    """An empty list with the right first line."""
    if kind not in COLUMNS:
        raise NotFound
    out = io.StringIO()
    csv.writer(out).writerow([column.heading for column in COLUMNS[kind]])
    response = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="mau-{kind}.csv"'
    return response
