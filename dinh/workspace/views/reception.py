"""Taken in for other agencies: what the desk follows, papers that go and come with a slip."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.ui.public import render_pdf
from dinh.kernel.errors import N_, NotFound, Refused
from dinh.onestop.public import (
    INTAKE_TABS,
    RECEIVE_DOSSIER,
    TEMPLATES,
    BundleCard,
    access_bundle,
    bundle_content,
    bundles_of,
    hand_papers_over,
    intake_page,
    moment_words,
    receive_bundle,
)
from dinh.workspace.views.dossiers import status_of, str_of

__all__ = ["hand_over", "intake", "receive_papers", "slip_file"]

TAB_LABELS = {
    "theo-doi": N_("Đã nhận hộ"),
    "cho-ban-giao": N_("Bản giấy chờ bàn giao"),
    "da-ban-giao": N_("Phiếu đã giao"),
    "nhan-ban-giao": N_("Phiếu giao tới đây"),
}
_EMPTY = {
    "theo-doi": (
        N_("Quầy chưa nhận hộ hồ sơ nào"),
        N_("Hồ sơ nhận hộ cơ quan khác sẽ hiện ở đây để theo dõi và trả kết quả."),
    ),
    "cho-ban-giao": (
        N_("Không có bản giấy nào chờ bàn giao"),
        N_("Bản giấy chưa chuyển sẽ hiện ở đây."),
    ),
    "da-ban-giao": (N_("Chưa lập phiếu bàn giao nào"), N_("Phiếu quầy này đã lập sẽ hiện ở đây.")),
    "nhan-ban-giao": (
        N_("Chưa có phiếu bàn giao nào tới đây"),
        N_("Phiếu của quầy khác giao tới sẽ hiện ở đây."),
    ),
}
MOST_AT_ONCE = 100


@route(who="official", permission=RECEIVE_DOSSIER)
def intake(request: Request) -> HttpResponse:
    """What the desk took in for others and follows, and the slips of papers in both directions."""
    return _show(request, request.GET.get("muc", INTAKE_TABS[0]))


def _show(
    request: Request, tab: str, *, refused: Refused | None = None, place: str = "", status: int = 200
) -> HttpResponse:
    tab = tab if tab in INTAKE_TABS else INTAKE_TABS[0]
    after = request.GET.get("sau", "")
    of_slips = tab in ("da-ban-giao", "nhan-ban-giao")
    page = None if of_slips else intake_page(request.by, tab, after=after)
    title, text = _EMPTY[tab]
    return render(
        request,
        "workspace/intake.html",
        {
            "tabs": [
                {
                    "label": _(label),
                    "address": f"{reverse('workspace:intake')}?muc={key}",
                    "active": key == tab,
                    "count": None,
                }
                for key, label in TAB_LABELS.items()
            ],
            "tab": tab,
            "rows": [
                {"row": row, "address": reverse("workspace:dossier", kwargs={"dossier_id": row.dossier_id})}
                for row in (page.rows if page else ())
            ],
            "slips": [_slip(card) for card in bundles_of(request.by, incoming=tab == "nhan-ban-giao")]
            if of_slips
            else [],
            "older": f"?muc={tab}&sau={page.after}" if page and page.after else "",
            "newer": f"?muc={tab}" if after else "",
            "hand_over": reverse("workspace:papers-hand-over"),
            "error": str_of(refused),
            "place": place,
            "typed": request.POST,
            "ticked": set(request.POST.getlist("dossier")),
            "empty": (_(title), _(text)),
        },
        status=status,
    )


def _slip(card: BundleCard) -> dict[str, Any]:
    to = {"bundle_id": card.id}
    return {
        "card": card,
        "file": reverse("workspace:bundle-slip", kwargs=to),
        "receive": reverse("workspace:bundle-receive", kwargs=to)
        if card.is_incoming and card.received_at is None
        else "",
    }


@require_POST
@route(who="official", permission=RECEIVE_DOSSIER)
def hand_over(request: Request) -> HttpResponse:
    """Make the slip with which the ticked dossiers' originals go."""
    if request.by.unit_id is None:
        raise NotFound
    try:
        ticked = [UUID(one) for one in request.POST.getlist("dossier")[:MOST_AT_ONCE]]
    except ValueError:
        ticked = []
    try:
        hand_papers_over(request.by.unit_id, dossier_ids=ticked, by=request.by, now=timezone.now())
    except Refused as refused:
        return _show(request, "cho-ban-giao", refused=refused, status=status_of(refused))
    messages.success(request, _("Đã lập phiếu bàn giao. In phiếu, kèm theo bản giấy."))
    return HttpResponseRedirect(f"{reverse('workspace:intake')}?muc=da-ban-giao")


@require_POST
@route(who="official", permission=RECEIVE_DOSSIER)
def receive_papers(request: Request, bundle_id: UUID) -> HttpResponse:
    """Confirm that a slip's originals have come."""
    bundle = access_bundle(request.by, bundle_id)
    note = request.POST.get("note", "")[:1000]
    try:
        receive_bundle(bundle, note=note, by=request.by, now=timezone.now())
    except Refused as refused:
        return _show(request, "nhan-ban-giao", refused=refused, status=status_of(refused))
    messages.success(request, _("Đã ghi: bản giấy đã nhận."))
    return HttpResponseRedirect(f"{reverse('workspace:intake')}?muc=nhan-ban-giao")


@route(who="official", permission=RECEIVE_DOSSIER)
def slip_file(request: Request, bundle_id: UUID) -> HttpResponse:
    """The slip as a paper for both hands to sign."""
    content = bundle_content(access_bundle(request.by, bundle_id))
    moments = {
        name: moment_words(content[name]) if content[name] else "" for name in ("made_at", "received_at")
    }
    return HttpResponse(
        render_pdf(TEMPLATES / "bundle.typ", {**content, **moments}),
        content_type="application/pdf",
        headers={
            "Content-Disposition": 'inline; filename="phieu-ban-giao.pdf"',
            "Cache-Control": "no-store",
        },
    )
