"""Dossiers that other systems handle: their list for officials, connections and differences for keepers."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from dinh.foundation.actions.public import Actor, Request, route
from dinh.foundation.directory.public import agencies, get_unit, named_apart
from dinh.kernel.errors import NotFound, Refused, existing
from dinh.kernel.ids import read_uuid
from dinh.onestop.public import (
    NATIONAL,
    READ_DOSSIER,
    SETTLE_DIFFERENCE,
    RowsFaulty,
    access_difference,
    access_mirror,
    access_source,
    close_source,
    compare_source,
    difference_lines,
    keep_mirror_list,
    mirror_line,
    mirror_lines,
    open_source,
    read_list,
    read_rows,
    receive_mirrors,
    renew_source_key,
    rows_of_file,
    settle_difference,
    source_lines,
)
from dinh.workspace.views.dossiers import status_of, str_of

__all__ = [
    "close",
    "compare_now",
    "differences",
    "mirror",
    "mirrors",
    "open_connection",
    "renew_key",
    "settle",
    "system",
    "systems",
    "upload",
]


@require_GET
@route(who="official", permission=READ_DOSSIER)
def mirrors(request: Request) -> HttpResponse:
    """Dossiers of the units within reach that other systems handle."""
    words = request.GET.get("q", "").strip()[:100]
    only_open = request.GET.get("loai") == "dang-mo"
    lines, after = mirror_lines(
        request.by, words=words, only_open=only_open, after=request.GET.get("sau", "")[:50]
    )
    kept = {"q": words, "loai": "dang-mo" if only_open else ""}
    return render(
        request,
        "workspace/mirrors.html",
        {
            "rows": [
                {"line": line, "address": reverse("workspace:mirror", kwargs={"mirror_id": line.id})}
                for line in lines
            ],
            "q": words,
            "kind": kept["loai"],
            "chips": [(_("Đang giải quyết"), f"?{urlencode({'q': words})}")] if only_open else [],
            "older": f"?{urlencode({**kept, 'sau': after})}" if after else "",
            "newer": f"?{urlencode(kept)}" if request.GET.get("sau") else "",
        },
    )


@require_GET
@route(who="official", permission=READ_DOSSIER)
def mirror(request: Request, mirror_id: UUID) -> HttpResponse:
    """One dossier of another system, as it was last told."""
    line = mirror_line(access_mirror(request.by, mirror_id))
    return render(request, "workspace/mirror.html", {"line": line})


# Connections


@require_GET
@route(who="official", permission=NATIONAL)
def systems(request: Request) -> HttpResponse:
    """Every other system with what it has told, and the form to let another in."""
    return _systems(request)


def _systems(
    request: Request,
    *,
    refused: Refused | None = None,
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    lines = source_lines(request.by)
    return render(
        request,
        "workspace/systems.html",
        {
            "rows": [
                {"line": line, "address": reverse("workspace:system", kwargs={"source_id": line.id})}
                for line in lines
            ],
            "differences": sum(line.differences for line in lines),
            "units": named_apart(agencies()),
            "typed": typed or {},
            "errors": {(refused.field or ""): refused.said(_)} if refused else {},
        },
        status=status,
    )


@require_POST
@route(who="official", permission=NATIONAL)
def open_connection(request: Request) -> HttpResponse:
    """Let another system in, and show its key this once."""
    typed = {name: request.POST.get(name, "").strip() for name in ("code", "name", "keeper")}
    shown: list[str] = []
    try:
        keeper = get_unit(existing(read_uuid(typed["keeper"])))
        source = open_source(
            typed["code"],
            name=typed["name"],
            keeper_id=keeper.pk,
            shown=shown,
            by=request.by,
            now=timezone.now(),
        )
    except NotFound:
        refused = Refused(_("Hãy chọn đơn vị chịu trách nhiệm."), field="keeper")
        return _systems(request, refused=refused, typed=typed, status=422)
    except Refused as refused:
        return _systems(request, refused=refused, typed=typed, status=status_of(refused))
    return _system(request, source.pk, key=shown[0])


@require_GET
@route(who="official", permission=NATIONAL)
def system(request: Request, source_id: UUID) -> HttpResponse:
    """One connection: how it is called, what it told, files by hand, its key."""
    return _system(request, source_id)


@never_cache
def _system(
    request: Request,
    source_id: UUID,
    *,
    key: str = "",
    refused: Refused | None = None,
    place: str = "",
    status: int = 200,
) -> HttpResponse:
    source = access_source(request.by, source_id)
    line = next(line for line in source_lines(request.by) if line.id == source_id)
    faults = refused.faults if isinstance(refused, RowsFaulty) else ()
    return render(
        request,
        "workspace/system.html",
        {
            "line": line,
            "keeper": source.keeper.name,
            "key": key,
            "endpoints": [
                (_("Hồ sơ"), settings.PUBLIC_ADDRESS + reverse("onestop:take-mirrors")),
                (_("Danh sách trong ngày"), settings.PUBLIC_ADDRESS + reverse("onestop:take-list")),
            ],
            "differences": difference_lines(request.by, source_id=source_id),
            "error": str_of(refused),
            "place": place,
            "faults": [(fault.number, fault.sentence.said(_)) for fault in faults],
        },
        status=status,
    )


@require_POST
@route(who="official", permission=NATIONAL)
def upload(request: Request, source_id: UUID) -> HttpResponse:
    """Take a file by hand: dossiers, or the day's list."""
    source = access_source(request.by, source_id)
    place = "list" if request.POST.get("kind") == "list" else "dossiers"
    given = request.FILES.get(place)
    now = timezone.now()
    try:
        if given is None:
            raise Refused(_("Hãy chọn một tệp JSON hoặc CSV."), field=place)
        rows = rows_of_file(given.read())
        if place == "list":
            listed = read_list(rows)
            keep_mirror_list(source, rows=listed, by=request.by, now=now)
            messages.success(request, _("Đã nhận danh sách %(count)s hồ sơ.") % {"count": len(listed)})
        else:
            counts = receive_mirrors(source, rows=read_rows(rows), by=request.by, now=now)
            said = _("Đã ghi: %(new)s hồ sơ mới, %(changed)s thay đổi, %(same)s giữ nguyên.")
            messages.success(request, said % counts)
    except Refused as refused:
        return _system(request, source_id, refused=refused, place=place, status=422)
    return redirect("workspace:system", source_id=source_id)


@require_POST
@route(who="official", permission=NATIONAL)
def renew_key(request: Request, source_id: UUID) -> HttpResponse:
    """Give a connection a new key, and show it this once."""
    shown: list[str] = []
    try:
        renew_source_key(access_source(request.by, source_id), shown=shown, by=request.by)
    except Refused as refused:
        return _system(request, source_id, refused=refused, status=status_of(refused))
    return _system(request, source_id, key=shown[0])


@require_POST
@route(who="official", permission=NATIONAL)
def close(request: Request, source_id: UUID) -> HttpResponse:
    """Hear a system no longer."""
    try:
        close_source(access_source(request.by, source_id), by=request.by, now=timezone.now())
    except Refused as refused:
        return _system(request, source_id, refused=refused, status=status_of(refused))
    messages.success(request, _("Đã đóng kết nối. Hồ sơ đã nhận vẫn còn."))
    return redirect("workspace:system", source_id=source_id)


@require_POST
@route(who="official", permission=NATIONAL)
def compare_now(request: Request, source_id: UUID) -> HttpResponse:
    """Compare now instead of tomorrow morning."""
    count = compare_source(access_source(request.by, source_id), by=request.by, now=timezone.now())
    messages.success(request, _("Đã đối chiếu: %(count)s chênh lệch chưa xử lý.") % {"count": count})
    return redirect("workspace:system", source_id=source_id)


# Differences


@require_GET
@route(who="official")
def differences(request: Request) -> HttpResponse:
    """What differs between our mirrors and other systems, for whoever answers for it."""
    return _differences(request)


def _differences(
    request: Request,
    *,
    refused: Refused | None = None,
    at: UUID | None = None,
    typed: str = "",
    status: int = 200,
) -> HttpResponse:
    if not _settles(request.by):
        raise NotFound
    only_open = request.GET.get("loai") != "da-xong"
    return render(
        request,
        "workspace/differences.html",
        {
            "rows": difference_lines(request.by, only_open=only_open),
            "only_open": only_open,
            "tabs": [
                {"label": _("Chưa xử lý"), "address": "?", "active": only_open},
                {"label": _("Đã xử lý hoặc đã hết"), "address": "?loai=da-xong", "active": not only_open},
            ],
            "error": str_of(refused),
            "at": at,
            "typed": typed,
        },
        status=status,
    )


def _settles(by: Actor) -> bool:
    return by.holds(NATIONAL.code) or by.holds(SETTLE_DIFFERENCE.code)


@require_POST
@route(who="official")
def settle(request: Request, difference_id: UUID) -> HttpResponse:
    """Settle one difference with a reason."""
    difference = access_difference(request.by, difference_id)
    typed: Any = request.POST.get(f"reason-{difference_id}", "")
    try:
        settle_difference(difference, reason=typed, by=request.by, now=timezone.now())
    except Refused as refused:
        return _differences(
            request, refused=refused, at=difference_id, typed=typed, status=status_of(refused)
        )
    messages.success(request, _("Đã ghi lý do xử lý chênh lệch."))
    return redirect("workspace:differences")
