"""The register on screen, and its prints."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.directory.public import names_of
from dinh.foundation.files.public import respond
from dinh.foundation.ui.public import format_date
from dinh.kernel.dates import read_date
from dinh.kernel.errors import N_, Refused
from dinh.kernel.ids import read_uuid
from dinh.onestop.public import (
    READ_DOSSIER,
    RegisterFilter,
    access_print,
    ask_register,
    month_of,
    own_prints,
    register_fields,
    register_form,
    register_page,
)
from dinh.workspace.views.dossiers import str_of
from dinh.workspace.views.lists import STATE_LABELS

__all__ = ["print_file", "print_register", "prints", "register"]

# A dossier is in the register from its acceptance on.
_STATES = {key: label for key, label in STATE_LABELS.items() if key and key not in ("submitted",)}
_FIELDS = ("tu", "den", "linh-vuc", "trang-thai", "don-vi")
LONGEST_DAYS = 366 * 5

BAD_PERIOD = N_(
    "Ngày không đúng. Hãy ghi theo dạng ngày/tháng/năm, ngày đầu không sau ngày cuối, cách nhau không quá"
    " năm năm."
)


@route(who="official", permission=READ_DOSSIER)
def register(request: Request) -> HttpResponse:
    """The accepted dossiers of a period, with the columns that the law's form draws."""
    return _show(request)


def _show(request: Request, *, error: str = "", status: int = 200) -> HttpResponse:
    now = timezone.now()
    given = request.POST if request.method == "POST" else request.GET
    chosen, is_right = _chosen(given, now)
    page = register_page(request.by, chosen, now=now, after=given.get("sau", ""))
    fields = register_fields()
    form = register_form(settings.LEGAL_PROFILE, chosen.until_on)
    kept = {key: given.get(key, "") for key in _FIELDS if given.get(key)}
    return render(
        request,
        "workspace/register.html",
        {
            "title": _(form.title),
            "number": form.number,
            "from_on": given.get("tu") or format_date(chosen.from_on),
            "until_on": given.get("den") or format_date(chosen.until_on),
            "period": {"first": format_date(chosen.from_on), "last": format_date(chosen.until_on)},
            "error": error or ("" if is_right else _(BAD_PERIOD)),
            "fields": fields,
            "field": chosen.field_code,
            "states": [(key, _(label)) for key, label in _STATES.items()],
            "state": chosen.state,
            "unit": chosen.unit_id or "",
            "chips": _chips(chosen, kept, fields),
            "kept": kept,
            "rows": [
                {
                    "address": reverse("workspace:dossier", kwargs={"dossier_id": row.id}),
                    "row": row,
                    "state": _(row.state_label),
                }
                for row in page.rows
            ],
            "older": _address(kept, sau=page.after) if page.after else "",
            "newer": _address(kept) if given.get("sau") else "",
        },
        status=status if is_right else 422,
    )


def _chosen(given: Any, now: dt.datetime) -> tuple[RegisterFilter, bool]:
    """The filter of the address; a period that cannot be read is this month, and False."""
    first, last = month_of(timezone.localdate(now))
    begins, ends = _day(given.get("tu", ""), first), _day(given.get("den", ""), last)
    is_right = begins is not None and ends is not None and dt.timedelta() <= ends - begins <= _longest()
    if begins is None or ends is None or not is_right:
        begins, ends = first, last
    state, field = given.get("trang-thai", ""), given.get("linh-vuc", "")
    return (
        RegisterFilter(
            from_on=begins,
            until_on=ends,
            state=state if state in _STATES else "",
            field_code=field if field in dict(register_fields()) else "",
            unit_id=_unit(given),
        ),
        is_right,
    )


def _longest() -> dt.timedelta:
    return dt.timedelta(days=LONGEST_DAYS)


def _day(text: str, otherwise: dt.date) -> dt.date | None:
    return read_date(text) if text.strip() else otherwise


def _unit(given: Any) -> UUID | None:
    return read_uuid(given.get("don-vi"))


def _chips(
    chosen: RegisterFilter, kept: dict[str, str], fields: list[tuple[str, str]]
) -> list[tuple[str, str]]:
    chips = []
    if chosen.field_code:
        chips.append((dict(fields)[chosen.field_code], _address({**kept, "linh-vuc": ""})))
    if chosen.state:
        chips.append((_(_STATES[chosen.state]), _address({**kept, "trang-thai": ""})))
    if chosen.unit_id:
        name = names_of({chosen.unit_id}).get(chosen.unit_id, _("Đơn vị không có"))
        chips.append((name, _address({**kept, "don-vi": ""})))
    return chips


def _address(kept: dict[str, str], **more: str) -> str:
    query = urlencode({key: value for key, value in {**kept, **more}.items() if value})
    return f"{reverse('workspace:register')}?{query}" if query else reverse("workspace:register")


@require_POST
@route(who="official", permission=READ_DOSSIER)
def print_register(request: Request) -> HttpResponse:
    """Ask for a print of what the filter leaves; it is made off the request."""
    chosen, is_right = _chosen(request.POST, timezone.now())
    if not is_right:
        return _show(request)
    try:
        ask_register(chosen, kind=request.POST.get("dang", ""), by=request.by, now=timezone.now())
    except Refused as refused:
        return _show(request, error=str_of(refused), status=409)
    messages.success(request, _("Bản in đang được lập; xong sẽ mở được ở đây."))
    return redirect("workspace:register-prints")


@route(who="official", permission=READ_DOSSIER)
def prints(request: Request) -> HttpResponse:
    """What one has asked to print: being made, ready, or why not."""
    rows = own_prints(request.by)
    return render(
        request,
        "workspace/register_prints.html",
        {
            "rows": [
                {
                    "asked_at": row.asked_at,
                    "kind": row.kind.upper(),
                    "period": _("%(first)s đến %(last)s") % _period(row.chosen),
                    "lines": row.lines,
                    "state": row.state,
                    "fault": row.fault,
                    "sealed": row.is_sealed,
                    "address": (
                        reverse("workspace:register-file", kwargs={"print_id": row.id})
                        if row.state == "ready"
                        else ""
                    ),
                }
                for row in rows
            ],
            "waiting": any(row.state == "asked" for row in rows),
        },
    )


def _period(plain: dict[str, str]) -> dict[str, str]:
    chosen = RegisterFilter.of(plain)
    return {"first": format_date(chosen.from_on), "last": format_date(chosen.until_on)}


@route(who="official", permission=READ_DOSSIER)
def print_file(request: Request, print_id: UUID) -> HttpResponseBase:
    """One's own finished print."""
    row = access_print(request.by, print_id)
    assert row.file is not None
    return respond(row.file, inline=row.kind == "pdf", request=request)
