"""A desk's board for today: every figure and every mark of a chart opens the list that it counts."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Request, route
from dinh.foundation.directory.public import named_apart
from dinh.foundation.ui.public import format_money
from dinh.kernel.errors import N_
from dinh.onestop.public import (
    DESK_COUNTS,
    DESK_DUE,
    METHODS,
    QUEUE,
    READ_DOSSIER,
    WISHES,
    DeskBoard,
    Period,
    desk_board,
    desk_fees,
    desk_numbers,
    desks_in_reach,
)
from dinh.workspace.views.counts import counted_address, given_id

__all__ = ["board", "fees", "numbers"]

# The key figures in the order of a dossier's way through the desk, with the tone that a number above 0 has.
SHOWN = {
    "quay-nop": "",
    "quay-cho-nhan": "warn",
    "quay-nhan": "",
    "quay-bo-sung": "",
    "quay-den-han": "warn",
    "quay-qua-han": "bad",
    "quay-cho-tra": "",
    "quay-tra": "",
}
# What is counted of today; the others are counted as they stand.
OF_TODAY = {"quay-nop", "quay-nhan", "quay-tra"}
# States of the queue's numbers: a word that fits below a column, and its tone.
NUMBERS = {
    "waiting": (N_("chờ gọi"), "warn"),
    "called": (N_("đang gọi"), ""),
    "done": (N_("xong"), ""),
    "missed": (N_("vắng"), ""),
    "left": (N_("bỏ số"), ""),
}


@route(who="official", permission=READ_DOSSIER)
def board(request: Request) -> HttpResponse:
    """What came in, waits, is due, late, to be returned; the queue; fees taken."""
    shown = desk_board(request.by, given_id(request, "ban"), now=timezone.now())
    desk = str(shown.desk_id)
    return render(
        request,
        "workspace/desk_board.html",
        {
            "shown": shown,
            "desk": desk,
            "desks": named_apart(desks_in_reach(request.by)),
            "figures": [*_figures(shown), *_beside(shown, desk)],
            "due": [
                {
                    "label": _(label),
                    "value": shown.counts[key],
                    "tone": tone,
                    "address": _list(key, shown.today, desk),
                }
                for key, (label, tone) in DESK_DUE.items()
            ],
            "days": [
                {
                    "label": f"{period.from_on:%d/%m}",
                    "value": count,
                    "tone": "",
                    "address": _list("quay-nhan", period, desk),
                }
                for period, count in shown.days
            ],
            "numbers": [
                {
                    "label": _(label),
                    "value": shown.numbers[state],
                    "tone": tone if shown.numbers[state] else "",
                    "address": _beside_address("desk-numbers", desk, **{"trang-thai": state}),
                }
                for state, (label, tone) in NUMBERS.items()
            ],
            "has_numbers": any(shown.numbers.values()),
            "procedures": [
                {
                    "label": one.name,
                    "value": one.open,
                    "address": _list("quay-dang", shown.today, desk, **{"thu-tuc": one.code}),
                    "parts": [("bad", one.late), ("done", one.open - one.late)],
                }
                for one in shown.procedures
            ],
        },
    )


def _figures(shown: DeskBoard) -> list[dict[str, Any]]:
    return [
        {
            "label": _(DESK_COUNTS[key]),
            "value": shown.counts[key],
            "address": _list(key, shown.today, str(shown.desk_id)),
            "tone": tone if shown.counts[key] else "",
            "note": _("hôm nay") if key in OF_TODAY else "",
        }
        for key, tone in SHOWN.items()
    ]


def _beside(shown: DeskBoard, desk: str) -> list[dict[str, Any]]:
    return [
        {
            "label": _("Người đang chờ gọi số"),
            "value": shown.numbers["waiting"],
            "address": _beside_address("desk-numbers", desk, **{"trang-thai": "waiting"}),
            "tone": "",
        },
        {
            "label": _("Khoản phí, lệ phí đã thu"),
            "value": shown.payments,
            "address": _beside_address("desk-fees", desk),
            "tone": "",
            "note": format_money(shown.fees),
        },
    ]


def _list(key: str, period: Period, desk: str, **narrowing: str) -> str:
    return counted_address(key, period, {"don-vi": desk, **narrowing})


def _beside_address(name: str, desk: str, **narrowing: str) -> str:
    return f"{reverse(f'workspace:{name}')}?{urlencode({'ban': desk, **narrowing})}"


@route(who="official", permission=READ_DOSSIER)
def numbers(request: Request) -> HttpResponse:
    """The numbers drawn at a desk today, in their order."""
    state = request.GET.get("trang-thai", "")
    state = state if any(state == one.code for one in QUEUE.states) else ""
    desk_id = given_id(request, "ban")
    name, rows = desk_numbers(request.by, desk_id, state=state, now=timezone.now())
    return render(
        request,
        "workspace/desk_numbers.html",
        {
            "desk": name,
            "back": _back(desk_id),
            "state": state,
            "states": [(one.code, _(one.label)) for one in QUEUE.states],
            "desk_id": desk_id or "",
            "rows": [
                {
                    "row": row,
                    "number": str(row),
                    "wish": _(WISHES[row.wish]),
                    "state": _(QUEUE.label(row.state)),
                }
                for row in rows
            ],
        },
    )


@route(who="official", permission=READ_DOSSIER)
def fees(request: Request) -> HttpResponse:
    """The payments that a desk took in today."""
    desk_id = given_id(request, "ban")
    found = desk_fees(request.by, desk_id, now=timezone.now())
    return render(
        request,
        "workspace/desk_fees.html",
        {
            "desk": found.desk_name,
            "back": _back(desk_id),
            "total": found.total,
            "rows": [
                {
                    "row": row,
                    "code": str(row.dossier),
                    "method": _(METHODS[row.method]),
                    "receipt": row.receipt.number if row.receipt else "",
                    "address": reverse("workspace:fees", kwargs={"dossier_id": row.dossier_id}),
                }
                for row in found.rows
            ],
        },
    )


def _back(desk_id: UUID | None) -> str:
    address = reverse("workspace:desk-board")
    return f"{address}?{urlencode({'ban': desk_id})}" if desk_id else address
