"""Figures of closed periods for the national control system: what was sent, answered, what differs since."""

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
from django.views.decorators.http import require_GET, require_POST

from dinh.foundation.actions.public import Request, route
from dinh.kernel.errors import N_, Refused
from dinh.onestop.public import (
    COUNTS,
    FIGURE_FIELDS,
    FIGURE_REASONS,
    READ_DOSSIER,
    access_figures,
    figures_card,
    figures_lines,
    is_connected,
    period_of,
    periods_to_choose,
    send_figures_again,
)
from dinh.workspace.views.counts import counted_address, today
from dinh.workspace.views.dossiers import status_of, str_of
from dinh.workspace.views.report_tabs import report_tabs

__all__ = ["one_version", "send_again", "sent_figures"]

FATES = {
    "delivered": (N_("Đã nhận"), "good"),
    "dead": (N_("Không gửi được"), "bad"),
    "waiting": (N_("Đang gửi"), "wait"),
}


@require_GET
@route(who="official", permission=READ_DOSSIER)
def sent_figures(request: Request) -> HttpResponse:
    """One closed period: the newest version of each agency in reach."""
    choices = periods_to_choose(today())
    asked = period_of(request.GET.get("ky", ""))
    period = next((one for one in choices if asked is not None and one.code == asked.code), choices[0])
    lines = figures_lines(request.by, period, today=today())
    return render(
        request,
        "workspace/sent_figures.html",
        {
            "tabs": report_tabs("workspace:sent-figures"),
            "is_connected": is_connected(),
            "sample": settings.NATIONAL_ADDRESS if settings.IS_SAMPLE and is_connected() else "",
            "period": period.words.said(_),
            "code": period.code,
            "periods": [(one.code, one.words.said(_)) for one in choices],
            "rows": [
                {
                    "line": line,
                    "why": _(FIGURE_REASONS[line.sent.why]),
                    "fate": _fate(line.message),
                    "address": reverse("workspace:sent-figures-version", args=[line.sent.pk]),
                }
                for line in lines
            ],
        },
    )


def _fate(message: Any) -> dict[str, Any]:
    """What became of a version, in a word, and what was answered."""
    label, tone = FATES.get(message.state if message else "", (N_("Chờ gửi"), "wait"))
    return {
        "label": _(label),
        "tone": tone,
        "at": message.delivered_at if message else None,
        "error": _(message.last_error) if message and message.last_error and tone != "good" else "",
        "next_at": message.next_attempt_at if message and message.state == "waiting" else None,
    }


@require_GET
@route(who="official", permission=READ_DOSSIER)
def one_version(request: Request, figures_id: UUID) -> HttpResponse:
    """One version: its figures, its answer, what differs from the figures of this moment."""
    return _version(request, figures_id)


def _version(
    request: Request, figures_id: UUID, *, refused: Refused | None = None, typed: str = "", status: int = 200
) -> HttpResponse:
    card = figures_card(request.by, access_figures(request.by, figures_id), today=today())
    agency = {"don-vi": str(card.sent.agency_id), "rieng": "1"}
    content = card.sent.content
    return render(
        request,
        "workspace/sent_figures_version.html",
        {
            "card": card,
            "period": card.period.words.said(_),
            "back": f"{reverse('workspace:sent-figures')}?{urlencode({'ky': card.period.code})}",
            "why": _(FIGURE_REASONS[card.sent.why]),
            "fate": _fate(card.message),
            "columns": [_(COUNTS[key]) for key in FIGURE_FIELDS],
            "lines": [_line(row, row["TenLinhVuc"]) for row in content["DanhSachLinhVuc"]],
            "total": _line(content["TongCong"], _("Tổng số")),
            "scores": content["ChiTieu"],
            "paper": content["BaoCaoKySo"],
            "differences": [_difference(one, card.period, agency) for one in card.differences],
            "versions": [
                {
                    "sent": one,
                    "why": _(FIGURE_REASONS[one.why]),
                    "fate": _fate(message),
                    "address": reverse("workspace:sent-figures-version", args=[one.pk]),
                }
                for one, message in card.versions
            ],
            "error": str_of(refused),
            "typed": typed,
        },
        status=status,
    )


def _line(row: Any, label: str) -> dict[str, Any]:
    return {"label": label, "cells": [row.get(name, "0") for name in FIGURE_FIELDS.values()]}


def _difference(one: Any, period: Any, agency: dict[str, str]) -> dict[str, str]:
    """A figure that differs, with the list that today's counts; a score opens the agency's indicators."""
    if one.key.startswith("chi-tieu-"):
        query = urlencode({"ky": period.code})
        address = reverse("workspace:agency-indicators", args=[agency["don-vi"]])
        return {
            "what": _("Chỉ tiêu %(number)s") % {"number": one.key.removeprefix("chi-tieu-")},
            "sent": one.sent,
            "present": one.present,
            "address": f"{address}?{query}",
        }
    narrowing = {**agency, **({"linh-vuc": one.field} if one.field else {})}
    return {
        "what": f"{one.label or _('Tổng số')}: {_(COUNTS[one.key])}",
        "sent": one.sent,
        "present": one.present,
        "address": counted_address(one.key, period, narrowing),
    }


@require_POST
@route(who="official", permission=READ_DOSSIER)
def send_again(request: Request, figures_id: UUID) -> HttpResponse:
    """Send today's figures of the same agency and period as a new version."""
    typed = request.POST.get("reason", "")
    try:
        row = send_figures_again(
            access_figures(request.by, figures_id), reason=typed, by=request.by, now=timezone.now()
        )
    except Refused as refused:
        return _version(request, figures_id, refused=refused, typed=typed, status=status_of(refused))
    messages.success(request, _("Đã lập phiên bản mới; số liệu sẽ được gửi ngay."))
    return redirect("workspace:sent-figures-version", figures_id=row.pk)
