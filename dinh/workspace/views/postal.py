"""The post at the desk: what waits for it, how one result is to be received, each parcel's end."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.kernel.dates import read_date
from dinh.kernel.errors import N_, Refused
from dinh.onestop.public import (
    POSTAL_TABS,
    READ_DOSSIER,
    RECEIVE_DOSSIER,
    RETURN_WAYS,
    SHOWN,
    ParcelCard,
    PostalRow,
    ReturnChoice,
    ReturnView,
    access_dossier,
    access_parcel,
    choose_return,
    communes_to_choose,
    hand_to_post,
    mark_came_back,
    mark_delivered,
    postal_page,
    return_view,
)
from dinh.workspace.views.dossiers import status_of, str_of

__all__ = [
    "RETURN_FIELDS",
    "came_back",
    "chosen_return",
    "delivered",
    "postal",
    "return_choices",
    "return_way",
    "send",
]

TAB_LABELS = {
    "cho-gui": N_("Chờ gửi bưu chính"),
    "dang-chuyen": N_("Bưu chính đang chuyển"),
    "chuyen-hoan": N_("Bị chuyển hoàn"),
    "da-phat": N_("Đã phát"),
}
_EMPTY = {
    "cho-gui": (
        N_("Không có kết quả nào chờ gửi bưu chính"),
        N_("Hồ sơ có kết quả và đăng ký nhận qua bưu chính sẽ hiện ở đây."),
    ),
    "dang-chuyen": (
        N_("Không có bưu gửi nào đang chuyển"),
        N_("Kết quả đã giao cho bưu chính mà chưa phát sẽ hiện ở đây."),
    ),
    "chuyen-hoan": (
        N_("Không có bưu gửi nào bị chuyển hoàn"),
        N_("Kết quả bưu chính không phát được sẽ hiện ở đây, kèm lý do."),
    ),
    "da-phat": (
        N_("Chưa phát kết quả nào qua bưu chính"),
        N_("Kết quả đã đến tay người nhận sẽ hiện ở đây."),
    ),
}
RETURN_FIELDS = ("way", "recipient", "phone", "street", "commune")
LONGEST = 500


@route(who="official", permission=RECEIVE_DOSSIER)
def postal(request: Request) -> HttpResponse:
    """What the desk sends by post: to be handed over, under way, come back, delivered."""
    tab = request.GET.get("muc", POSTAL_TABS[0])
    tab = tab if tab in POSTAL_TABS else POSTAL_TABS[0]
    after = request.GET.get("sau", "")
    page = postal_page(request.by, tab, after=after)
    title, text = _EMPTY[tab]
    return render(
        request,
        "workspace/postal.html",
        {
            "tabs": [
                {"label": _(label), "address": f"?muc={key}", "active": key == tab, "count": None}
                for key, label in TAB_LABELS.items()
            ],
            "tab": tab,
            "rows": [_row(row) for row in page.rows],
            "older": f"?muc={tab}&sau={page.after}" if page.after else "",
            "newer": f"?muc={tab}" if after else "",
            "empty": (_(title), _(text)),
            "today": timezone.localdate(),
        },
    )


def _row(row: PostalRow) -> dict[str, Any]:
    to = {"dossier_id": row.dossier_id}
    return {
        "row": row,
        "way": reverse("workspace:return-way", kwargs=to),
        "send": reverse("workspace:hand-to-post", kwargs=to),
        "parcel": _parcel(row.parcel) if row.parcel else None,
    }


def _parcel(parcel: ParcelCard) -> dict[str, Any]:
    tones = {"sent": "wait", "delivered": "good", "came_back": "bad"}
    to = {"parcel_id": parcel.id}
    return {
        "card": parcel,
        "label": _(parcel.state_label),
        "tone": tones[parcel.state],
        "delivered": reverse("workspace:parcel-delivered", kwargs=to) if parcel.state == "sent" else "",
        "came_back": reverse("workspace:parcel-came-back", kwargs=to) if parcel.state == "sent" else "",
    }


@route(who="official", permission=READ_DOSSIER)
def return_way(request: Request, dossier_id: UUID) -> HttpResponse:
    """How the result of one dossier is to be received; chosen for the applicant who says it at the desk."""
    if request.method != "POST":
        return _show(request, dossier_id)
    row = access_dossier(request.by, dossier_id)
    try:
        choose_return(row, choice=chosen_return(request.POST), by=request.by, now=timezone.now())
    except Refused as refused:
        return _show(request, dossier_id, refused=refused, status=status_of(refused))
    messages.success(request, _("Đã ghi cách nhận kết quả."))
    return redirect("workspace:return-way", dossier_id=dossier_id)


def chosen_return(typed: Mapping[str, Any]) -> ReturnChoice:
    """The way back as it was typed."""
    values = {name: str(typed.get(f"return-{name}", ""))[:LONGEST] for name in RETURN_FIELDS}
    return ReturnChoice(**values)


def return_choices() -> list[tuple[str, str]]:
    """The ways to receive a result, in words."""
    return [(key, _(label)) for key, label in RETURN_WAYS.items()]


@require_POST
@route(who="official", permission=RECEIVE_DOSSIER)
def send(request: Request, dossier_id: UUID) -> HttpResponse:
    """Hand a result over to the post."""
    row = access_dossier(request.by, dossier_id)
    postage = re.sub(r"\D", "", request.POST.get("postage", ""))[:12]
    try:
        hand_to_post(
            row,
            number=request.POST.get("number", "")[:LONGEST],
            sent_on=read_date(request.POST.get("sent-on", "")),
            postage=int(postage) if postage else None,
            by=request.by,
            now=timezone.now(),
        )
    except Refused as refused:
        return _show(request, dossier_id, refused=refused, form="send", status=status_of(refused))
    messages.success(request, _("Đã ghi: kết quả giao cho bưu chính. Người nộp được báo."))
    return redirect("workspace:postal")


@require_POST
@route(who="official", permission=RECEIVE_DOSSIER)
def delivered(request: Request, parcel_id: UUID) -> HttpResponse:
    """Note that the post has delivered a parcel."""
    return _end(
        request,
        parcel_id,
        form="delivered",
        done=_("Đã ghi: bưu chính đã phát. Hồ sơ kết thúc."),
        do=lambda parcel, on: mark_delivered(parcel, on=on, by=request.by, now=timezone.now()),
    )


@require_POST
@route(who="official", permission=RECEIVE_DOSSIER)
def came_back(request: Request, parcel_id: UUID) -> HttpResponse:
    """Note that a parcel came back, and why."""
    reason = request.POST.get("reason", "")[:LONGEST]
    return _end(
        request,
        parcel_id,
        form="back",
        done=_("Đã ghi: bưu gửi bị chuyển hoàn. Kết quả lại chờ ở quầy; người nộp được báo."),
        do=lambda parcel, on: mark_came_back(parcel, on=on, reason=reason, by=request.by, now=timezone.now()),
    )


def _end(
    request: Request, parcel_id: UUID, *, form: str, done: str, do: Callable[[Any, Any], object]
) -> HttpResponse:
    parcel = access_parcel(request.by, parcel_id)
    typed = request.POST.get("ended-on")
    on = timezone.localdate() if typed is None else read_date(typed)
    try:
        do(parcel, on)
    except Refused as refused:
        return _show(request, parcel.dossier_id, refused=refused, form=form, status=status_of(refused))
    messages.success(request, done)
    return redirect("workspace:return-way", dossier_id=parcel.dossier_id)


def _show(
    request: Request,
    dossier_id: UUID,
    *,
    refused: Refused | None = None,
    form: str = "choice",
    status: int = 200,
) -> HttpResponse:
    row = access_dossier(request.by, dossier_id)
    view = return_view(row, by=request.by)
    typed: Any = request.POST if refused is not None else QueryDict()
    to = {"dossier_id": dossier_id}
    return render(
        request,
        "workspace/return_way.html",
        {
            "dossier": row,
            "view": view,
            "way_label": _(RETURN_WAYS[view.way]) if view.way else _("Chưa chọn"),
            "choices": return_choices(),
            "communes": communes_to_choose() if view.may_choose else [],
            "typed": _typed(view, typed) if form == "choice" else _typed(view, {}),
            "parcel_typed": typed,
            "parcels": [_parcel(parcel) for parcel in view.parcels],
            "may_end": view.dossier.state == "done" and request.by.holds(RECEIVE_DOSSIER.code),
            "shown_label": _shown_label(view),
            "send": reverse("workspace:hand-to-post", kwargs=to),
            "choose": reverse("workspace:return-way", kwargs=to),
            "today": timezone.localdate(),
            "error": str_of(refused),
            "error_place": (refused.field or "") if refused is not None else "",
            "form": form if refused is not None else "",
        },
        status=status,
    )


def _shown_label(view: ReturnView) -> str:
    """What who fetched the result has shown; nothing for what the post delivered."""
    label = SHOWN.get(view.handover.shown) if view.handover is not None else None
    return _(label) if label else ""


def _typed(view: Any, typed: Mapping[str, Any]) -> dict[str, str]:
    """What was typed, else what is kept, else the applicant's own."""
    kept = view.address
    known = {
        "way": view.way,
        "recipient": kept.recipient if kept else view.dossier.applicant_name,
        "phone": kept.phone if kept else view.dossier.applicant_phone,
        "street": kept.street if kept else "",
        "commune": kept.commune.code if kept else "",
    }
    return {name: str(typed.get(f"return-{name}", value)) for name, value in known.items()}
