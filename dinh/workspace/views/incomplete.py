"""What completes a dossier, taken in at the desk: brought by somebody, or sent by post."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Request, route
from dinh.foundation.ui.public import layout, parse, press_row_button
from dinh.kernel.dates import read_date
from dinh.kernel.errors import NotFound, Refused
from dinh.onestop.public import (
    NEEDLESS_AT_DESK,
    RECEIVE_DOSSIER,
    CameByPost,
    DossierIncomplete,
    NewPart,
    accept,
    access_dossier,
    complete_at_desk,
    dossier_card,
    form_choices,
    scanned_documents,
)
from dinh.workspace.views.dossiers import str_of
from dinh.workspace.views.scans import scan_values, scans_of, take_scans

__all__ = ["complete"]

LONGEST_NOTE = 2000


@route(who="official", permission=RECEIVE_DOSSIER)
def complete(request: Request, dossier_id: UUID) -> HttpResponse:
    """What was asked, the papers that came, and for a form on paper its answers; then it is accepted."""
    row = access_dossier(request.by, dossier_id)
    if not RECEIVE_DOSSIER.may(request.by, row):
        raise NotFound
    is_new = row.accepted_at is None
    if row.state != "supplement" and not (is_new and row.state == "submitted" and row.channel != "online"):
        messages.info(request, _("Hồ sơ này không chờ bổ sung."))
        return redirect("workspace:dossier", dossier_id=row.pk)
    form = row.version.parts.form if is_new and row.channel != "online" else None
    if request.method != "POST":
        return _show(request, row, form, data=row.data)
    refusals = take_scans(request, str(row.pk), row.version.parts.documents)
    data = parse(form, request.POST) if form else None
    if refusals or "remove" in request.POST:
        status = 422 if refusals else 200
        return _show(request, row, form, data=data or {}, errors=refusals, status=status)
    pressed = press_row_button(form, request.POST, data or {}) if form else None
    if pressed is not None:
        return _show(request, row, form, data=pressed)
    try:
        complete_at_desk(
            row,
            data=data,
            parts=_parts(request, row),
            note=request.POST.get("note", "")[:LONGEST_NOTE],
            came=_came(request),
            by=request.by,
            now=timezone.now(),
        )
    except DossierIncomplete as refused:
        errors = [(one.place.replace("paper:", "paper-", 1), one.sentence) for one in refused.problems]
        return _show(request, row, form, data=data or {}, errors=errors, status=422)
    except Refused as refused:
        errors = [(refused.field or "", str_of(refused))]
        return _show(request, row, form, data=data or {}, errors=errors, status=422)
    return _accepted(request, row.pk) if is_new and form else _back(request, row.pk)


def _accepted(request: Request, dossier_id: UUID) -> HttpResponse:
    """A dossier that is complete now is accepted at once; a fee may still stand in the way."""
    row = access_dossier(request.by, dossier_id)
    try:
        accept(row, by=request.by, now=timezone.now())
    except Refused as refused:
        messages.info(request, _("Đã nhận bổ sung. Chưa tiếp nhận được: %(why)s") % {"why": str_of(refused)})
        return redirect("workspace:dossier", dossier_id=dossier_id)
    return redirect("workspace:received", dossier_id=dossier_id)


def _back(request: Request, dossier_id: UUID) -> HttpResponse:
    messages.success(request, _("Đã nhận bổ sung. Hồ sơ được giải quyết tiếp."))
    return redirect("workspace:dossier", dossier_id=dossier_id)


def _came(request: Request) -> CameByPost | None:
    if request.POST.get("way") != "post":
        return None
    return CameByPost(
        number=request.POST.get("postal-number", "")[:100],
        postmarked_on=None,
        arrived_on=read_date(request.POST.get("postal-arrived", "")),
    )


def _parts(request: Request, row: Any) -> list[NewPart]:
    parts, scans = [], scans_of(request, str(row.pk))
    for document in row.version.parts.documents:
        if document.origin != "upload":
            continue
        held = scans.get(document.key, ())
        parts += [NewPart(document_key=document.key, file_id=scan.file_id) for scan in held]
        if not held and request.POST.get(f"given-{document.key}"):
            parts.append(NewPart(document_key=document.key, file_id=None, is_original=True))
    return parts


def _show(
    request: Request,
    row: Any,
    form: Any,
    *,
    data: Any,
    errors: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    card = dossier_card(row, by=request.by, now=timezone.now())
    asked = card.supplements[-1] if card.supplements else None
    wanted = {document.key for document in asked.documents} if asked else set()
    by_place = dict(errors or [])
    scans = scans_of(request, str(row.pk))
    to_scan = {document.key for document in scanned_documents(row.version.parts)}
    typed = request.POST
    return render(
        request,
        "workspace/complete.html",
        {
            "dossier": row,
            "code": str(row),
            "asked": asked,
            "errors": errors or [],
            "by_place": by_place,
            "is_new": row.accepted_at is None and form is not None,
            "form": layout(
                form,
                data,
                errors or [],
                choices=form_choices(row.agency_id),
                spared=NEEDLESS_AT_DESK,
            )
            if form
            else None,
            "documents": [
                {
                    "key": document.key,
                    "name": document.name,
                    "help": document.help,
                    "wanted": document.key in wanted,
                    "kept": [
                        part
                        for part in card.parts
                        if part.document_key == document.key and part.replaced_at is None
                    ],
                    "place": f"paper-{document.key}",
                    "error": by_place.get(f"paper-{document.key}", ""),
                    "files": scan_values(scans.get(document.key, ())),
                    "to_scan": document.key in to_scan,
                    "given": bool(typed.get(f"given-{document.key}", "")),
                }
                for document in row.version.parts.documents
                if document.origin == "upload"
            ],
            "way": typed.get("way", "desk"),
            "number": typed.get("postal-number", ""),
            "arrived": typed.get("postal-arrived", timezone.localdate()),
            "note": typed.get("note", ""),
        },
        status=status,
    )
