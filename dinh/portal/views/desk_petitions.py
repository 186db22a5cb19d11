"""Petitions on the officials' side: the desk passes on, the agency answers, editors publish."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, all_verbs, history_of, route
from dinh.foundation.directory.public import agencies, named_apart
from dinh.kernel.clocks import ClockReading
from dinh.kernel.errors import NotAllowed, NotFound, Refused
from dinh.kernel.ids import read_uuid
from dinh.portal.public import (
    ANSWER_PETITIONS,
    APPROVE_PETITIONS,
    PASS_ON_PETITIONS,
    PUBLISH_PETITIONS,
    access_petition,
    approve_answer,
    assign_petition,
    decline_petition,
    desk_counts,
    desk_petitions,
    draft_answer,
    petition_reading,
    petition_readings,
    publish_petition,
    sees_petitions,
    send_back_answer,
)
from dinh.portal.rules.petitions import KINDS, PETITION, SCORES, without_personal_data
from dinh.portal.views.petitions import TONES
from dinh.portal.views.screen import Errors, clock_values, page_of_rows, plain_text, sentence

if TYPE_CHECKING:
    from dinh.portal.models import Petition

__all__ = ["answer", "approve", "assign", "decline", "desk", "petition", "publish", "send_back"]

TYPED = ("agency", "reason", "answer", "public_title", "public_text", "public_answer", "is_checked")


def tabs() -> dict[str, str]:
    """The tabs of the desk, in the order in which a petition passes through them."""
    return {
        "to_pass_on": _("Chờ chuyển"),
        "to_answer": _("Chờ trả lời"),
        "to_approve": _("Chờ duyệt"),
        "to_publish": _("Chờ công khai"),
        "ended": _("Đã xong"),
    }


@route(who="official")
def desk(request: Request) -> HttpResponse:
    """Petitions that the acting position sees, by what is next; those due first on top."""
    if not sees_petitions(request.by):
        raise NotFound
    now = timezone.now()
    counts = desk_counts(request.by, now=now)
    tab = request.GET.get("muc", "") or _first_tab(request, counts)
    words = plain_text(request.GET.get("q"), most=100)
    kind = request.GET.get("loai", "")
    overdue = request.GET.get("qua-han") == "1"
    found = page_of_rows(
        desk_petitions(
            request.by,
            "" if overdue else tab,
            words=words,
            kind=kind if kind in KINDS else "",
            overdue_at=now if overdue else None,
        ),
        request,
        size=50,
    )
    return render(
        request,
        "portal/desk/petitions.html",
        {
            "tabs": [
                {
                    "label": label,
                    "address": f"?{urlencode({'muc': code})}",
                    "active": code == tab and not overdue,
                    "count": counts[code] if code != "ended" else None,
                }
                for code, label in tabs().items()
            ],
            "tab": "" if overdue else tab,
            "overdue": overdue,
            "overdue_count": counts["overdue"],
            "q": words,
            "kind": kind,
            "kinds": [(code, _(label)) for code, label in KINDS.items()],
            "rows": [
                _row(row, reading)
                for row, reading in zip(found.rows, petition_readings(found.rows, now=now), strict=True)
            ],
            "older": found.older,
            "newer": found.newer,
        },
    )


def _first_tab(request: Request, counts: dict[str, int]) -> str:
    """The tab where the acting position's own work lies."""
    own = {
        "to_pass_on": "petition.pass_on",
        "to_approve": "petition.approve",
        "to_answer": "petition.answer",
        "to_publish": "petition.publish",
    }
    held = [tab for tab, code in own.items() if request.by.holds(code)]
    return next((tab for tab in held if counts[tab]), held[0] if held else "to_answer")


def _row(row: "Petition", reading: ClockReading) -> dict[str, Any]:
    return {
        "address": _address(row),
        "code": row.code,
        "title": row.title,
        "kind": _(KINDS[row.kind]),
        "name": row.name,
        "agency": row.agency.name if row.agency else "",
        "state": _(PETITION.label(row.state)),
        "tone": TONES[row.state],
        "clock": clock_values(reading),
    }


@route(who="official")
def petition(request: Request, petition_id: UUID) -> HttpResponse:
    """One petition: what was sent, the clock explained, what is next and whose."""
    return _page(request, access_petition(request.by, petition_id))


@require_POST
@route(who="official", permission=PASS_ON_PETITIONS)
def assign(request: Request, petition_id: UUID) -> HttpResponseBase:
    """Pass it on to the agency that answers."""
    chosen = read_uuid(request.POST.get("agency", ""))
    return _do(
        request,
        petition_id,
        lambda row: assign_petition(row, agency_id=chosen, by=request.by, now=timezone.now()),
        _("Đã chuyển cơ quan trả lời."),
    )


@require_POST
@route(who="official", permission=PASS_ON_PETITIONS)
def decline(request: Request, petition_id: UUID) -> HttpResponseBase:
    """Say that it may not be taken here, and why."""
    reason = request.POST.get("reason", "")
    return _do(
        request,
        petition_id,
        lambda row: decline_petition(row, reason=reason, by=request.by, now=timezone.now()),
        _("Đã trả lời người gửi rằng nội dung không thuộc phạm vi tiếp nhận."),
    )


@require_POST
@route(who="official", permission=ANSWER_PETITIONS)
def answer(request: Request, petition_id: UUID) -> HttpResponseBase:
    """Write the answer and hand it to who approves."""
    text = request.POST.get("answer", "")
    return _do(
        request,
        petition_id,
        lambda row: draft_answer(row, answer=text, by=request.by, now=timezone.now()),
        _("Đã trình trả lời để duyệt."),
    )


@require_POST
@route(who="official", permission=APPROVE_PETITIONS)
def send_back(request: Request, petition_id: UUID) -> HttpResponseBase:
    """Give the answer back to its writer."""
    reason = request.POST.get("reason", "")
    return _do(
        request,
        petition_id,
        lambda row: send_back_answer(row, reason=reason, by=request.by, now=timezone.now()),
        _("Đã trả lại để soạn lại."),
    )


@require_POST
@route(who="official", permission=APPROVE_PETITIONS)
def approve(request: Request, petition_id: UUID) -> HttpResponseBase:
    """Approve the answer: it goes to the sender."""
    return _do(
        request,
        petition_id,
        lambda row: approve_answer(row, by=request.by, now=timezone.now()),
        _("Đã duyệt và gửi trả lời cho người gửi."),
    )


@require_POST
@route(who="official", permission=PUBLISH_PETITIONS)
def publish(request: Request, petition_id: UUID) -> HttpResponseBase:
    """Publish question and answer without personal data."""
    typed = {name: request.POST.get(name, "") for name in TYPED}
    return _do(
        request,
        petition_id,
        lambda row: publish_petition(
            row,
            title=typed["public_title"],
            text=typed["public_text"],
            answer=typed["public_answer"],
            is_checked=bool(typed["is_checked"]),
            by=request.by,
            now=timezone.now(),
        ),
        _("Đã công khai trên cổng."),
    )


def _do(
    request: Request, petition_id: UUID, verb: "Callable[[Petition], Any]", done: str
) -> HttpResponseBase:
    """Do one verb; a refusal shows at its field with what was typed."""
    row = access_petition(request.by, petition_id)
    try:
        verb(row)
    except NotAllowed:
        raise
    except Refused as refused:
        typed = {name: request.POST[name][:20_000] for name in TYPED if name in request.POST}
        errors = Errors({refused.field or "": sentence(refused)})
        return _page(
            request, access_petition(request.by, petition_id), typed=typed, errors=errors,
            status=422 if refused.field else 409,
        )  # fmt: skip
    messages.success(request, done)
    return redirect("portal:desk-petition", petition_id=petition_id)


def _page(
    request: Request,
    row: "Petition",
    *,
    typed: dict[str, str] | None = None,
    errors: Errors | None = None,
    status: int = 200,
) -> HttpResponse:
    by, now = request.by, timezone.now()
    may = {
        "assign": PASS_ON_PETITIONS.may(by, row) and PETITION.can(row.state, "assign"),
        "draft": row.agency_id is not None
        and ANSWER_PETITIONS.may(by, row)
        and PETITION.can(row.state, "draft"),
        "approve": APPROVE_PETITIONS.may(by, row) and PETITION.can(row.state, "approve"),
        "publish": PUBLISH_PETITIONS.may(by, row) and PETITION.can(row.state, "publish"),
    }
    own = (row.name, row.phone, row.email, row.address)
    first = {
        "agency": str(row.agency_id or ""),
        "reason": "",
        "answer": row.answer,
        "public_title": without_personal_data(row.title, own=own),
        "public_text": without_personal_data(row.text, own=own),
        "public_answer": without_personal_data(row.answer, own=own),
        "is_checked": "",
    }
    return render(
        request,
        "portal/desk/petition.html",
        {
            "petition": _shown(row),
            "clock": clock_values(petition_reading(row, now=now)),
            "next": _next_words(row),
            "may": may,
            "agencies": named_apart(agencies()) if may["assign"] else [],
            "values": {**first, **(typed or {})},
            "errors": errors or Errors(),
            "history": _history(row),
            "posts": {
                name: reverse(f"portal:desk-petition-{name}", kwargs={"petition_id": row.pk})
                for name in ("assign", "decline", "answer", "back", "approve", "publish")
            },
        },
        status=status,
    )


def _shown(row: "Petition") -> dict[str, Any]:
    return {
        "code": row.code,
        "kind": _(KINDS[row.kind]),
        "title": row.title,
        "text": row.text,
        "name": row.name,
        "phone": row.phone,
        "email": row.email,
        "address": row.address,
        "wants_public": row.wants_public,
        "state": row.state,
        "state_label": _(PETITION.label(row.state)),
        "tone": TONES[row.state],
        "agency": row.agency.name if row.agency else "",
        "note": row.note,
        "answer": row.answer,
        "answerer": row.answerer,
        "approver": row.approver,
        "received_at": row.received_at,
        "answered_at": row.answered_at,
        "score": _(SCORES[row.score]) if row.score else "",
        "score_note": row.score_note,
        "public_address": reverse("portal:petition", kwargs={"code": row.code})
        if row.state == "published"
        else "",
    }


def _next_words(row: "Petition") -> tuple[str, str]:
    """What is next, and whose it is."""
    agency = row.agency.name if row.agency else ""
    return {
        "received": (_("Chuyển cơ quan có thẩm quyền trả lời"), _("Bộ phận tiếp nhận phản ánh, kiến nghị")),
        "assigned": (_("Soạn trả lời"), agency),
        "drafted": (_("Duyệt trả lời"), _("Lãnh đạo %(agency)s") % {"agency": agency}),
        "answered": (_("Công khai, sau khi bỏ thông tin cá nhân"), _("Biên tập cổng")),
    }.get(row.state, ("", ""))


def _history(row: "Petition") -> list[dict[str, Any]]:
    verbs = all_verbs()
    return [
        {
            "at": entry.at,
            "title": _(verbs[entry.verb].label) if entry.verb in verbs else entry.verb,
            "by": ", ".join(filter(None, (_(entry.by), entry.position))),
        }
        for entry in history_of(row)
    ]


def _address(row: "Petition") -> str:
    return reverse("portal:desk-petition", kwargs={"petition_id": row.pk})
