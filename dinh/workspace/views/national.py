"""What the national portal knows of our dossiers: how far it is, what waits, what has to be sent again."""

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
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from dinh.foundation.actions.public import Request, route
from dinh.kernel.errors import N_, Refused
from dinh.onestop.public import (
    NATIONAL,
    NATIONAL_STATUSES,
    access_national_message,
    is_connected,
    national_fates,
    national_lines,
    national_summary,
    replace_national_message,
    resend_national_message,
    synchronise_open,
)
from dinh.workspace.views.dossiers import status_of, str_of

__all__ = ["fates", "replace", "resend", "summary", "synchronise"]

KINDS = {"behind": N_("Còn tin chờ gửi"), "stuck": N_("Không gửi được")}
TONES = {"queued": "neutral", "sending": "wait", "delivered": "good", "dead": "bad", "dropped": "neutral"}


@require_GET
@route(who="official", permission=NATIONAL)
def summary(request: Request) -> HttpResponse:
    """Figures, and the dossiers that the portal was told of, newest first."""
    asked = {name: request.GET.get(name, "").strip()[:50] for name in ("q", "loai", "trang-thai", "sau")}
    status = int(asked["trang-thai"]) if asked["trang-thai"] in map(str, NATIONAL_STATUSES) else None
    kind = asked["loai"] if asked["loai"] in KINDS else ""
    lines, after = national_lines(request.by, words=asked["q"], kind=kind, status=status, after=asked["sau"])
    figures = national_summary(request.by)
    return render(
        request,
        "workspace/national.html",
        {
            "is_connected": is_connected(),
            "sample": _sample_address(),
            "summary": figures,
            "figures": _figures(figures),
            "statuses": [
                {"label": f"{code}. {_(label)}", "value": count, "address": f"?trang-thai={code}"}
                for code, label, count in figures.by_status
                if count
            ],
            "rows": [
                {"line": line, "address": reverse("workspace:national-dossier", args=[line.dossier_id])}
                for line in lines
            ],
            "q": asked["q"],
            "kind": kind,
            "kinds": [(code, _(label)) for code, label in KINDS.items()],
            "status": asked["trang-thai"] if status else "",
            "status_choices": [(str(code), _named(code)) for code in NATIONAL_STATUSES],
            "chips": _chips(asked, kind, status),
            "older": _with(asked, sau=after) if after else "",
            "newer": _with(asked, sau="") if asked["sau"] else "",
        },
    )


def _named(status: int) -> str:
    return f"{status}. {_(NATIONAL_STATUSES[status])}"


def _sample_address() -> str:
    """The address of the sample portal, for a link; a real adapter has no page to show."""
    return settings.NATIONAL_ADDRESS if settings.IS_SAMPLE and is_connected() else ""


def _figures(figures: Any) -> list[dict[str, Any]]:
    behind, stuck = (_(label) for label in KINDS.values())
    return [
        {"label": _("Hồ sơ đã đồng bộ"), "value": figures.synchronised, "address": "?", "tone": ""},
        {
            "label": behind,
            "value": figures.behind,
            "address": "?loai=behind",
            "tone": "warn" if figures.behind else "",
        },
        {
            "label": stuck,
            "value": figures.stuck,
            "address": "?loai=stuck",
            "tone": "bad" if figures.stuck else "",
        },
    ]


def _chips(asked: dict[str, str], kind: str, status: int | None) -> list[tuple[str, str]]:
    chips = []
    if kind:
        chips.append((_(KINDS[kind]), _with(asked, loai="", sau="")))
    if status:
        chips.append((_named(status), _with(asked, **{"trang-thai": "", "sau": ""})))
    return chips


def _with(asked: dict[str, str], **changes: str) -> str:
    kept = {name: value for name, value in {**asked, **changes}.items() if value}
    return f"?{urlencode(kept)}"


@require_GET
@route(who="official", permission=NATIONAL)
def fates(request: Request, dossier_id: UUID) -> HttpResponse:
    """One dossier: every message about it, its fate, and what can be done."""
    return _fates(request, dossier_id)


def _fates(
    request: Request, dossier_id: UUID, *, refused: Refused | None = None, typed: str = "", status: int = 200
) -> HttpResponse:
    known, rows = national_fates(request.by, dossier_id)
    return render(
        request,
        "workspace/national_dossier.html",
        {
            "code": str(known.dossier),
            "request_code": known.dossier.request_code,
            "procedure": known.dossier.procedure.name,
            "agency": known.dossier.agency.name,
            "status": _named(known.status) if known.status else "",
            "rows": [
                {
                    "fate": fate,
                    "tone": TONES[fate.state],
                    "may_resend": fate.state == "dead"
                    or (fate.state == "sending" and fate.attempt_count > 0),
                    "may_replace": fate.state == "dead",
                }
                for fate in rows
            ],
            "error": str_of(refused),
            "typed": typed,
        },
        status=status,
    )


@require_POST
@route(who="official", permission=NATIONAL)
def resend(request: Request, message_id: UUID) -> HttpResponse:
    """Send one message again, at once."""
    message = access_national_message(request.by, message_id)
    try:
        resend_national_message(message, by=request.by)
    except Refused as refused:
        return _fates(request, message.dossier_id, refused=refused, status=status_of(refused))
    messages.success(request, _("Tin sẽ được gửi lại ngay."))
    return redirect("workspace:national-dossier", dossier_id=message.dossier_id)


@require_POST
@route(who="official", permission=NATIONAL)
def replace(request: Request, message_id: UUID) -> HttpResponse:
    """Put a message with today's data in the place of one that the portal does not take."""
    message = access_national_message(request.by, message_id)
    typed = request.POST.get("reason", "")
    try:
        replace_national_message(message, reason=typed, by=request.by, now=timezone.now())
    except Refused as refused:
        return _fates(request, message.dossier_id, refused=refused, typed=typed, status=status_of(refused))
    messages.success(request, _("Đã thay tin. Tin mới lấy dữ liệu hiện nay và gửi trong ít phút."))
    return redirect("workspace:national-dossier", dossier_id=message.dossier_id)


@require_POST
@route(who="official", permission=NATIONAL)
def synchronise(request: Request) -> HttpResponse:
    """Tell the portal anew of every open dossier."""
    try:
        count = synchronise_open(None, by=request.by)
    except Refused as refused:
        messages.error(request, refused.said(_))
        return redirect("workspace:national")
    said = ngettext("Sẽ đồng bộ lại %(count)s hồ sơ.", "Sẽ đồng bộ lại %(count)s hồ sơ.", count)
    messages.success(request, said % {"count": count})
    return redirect("workspace:national")
