"""Petitions and questions as everybody sees them: the published ones, sending one, following one's own."""

import datetime as dt
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.directory.public import own_person
from dinh.kernel.errors import NotFound, Refused
from dinh.portal.public import (
    PetitionSeed,
    find_published,
    own_petition,
    own_petitions,
    petition_by_code,
    petition_by_contact,
    petition_reading,
    published_petition,
    rate_answer,
    send_petition,
)
from dinh.portal.rules.petitions import KINDS, PETITION, SCORES
from dinh.portal.views.screen import Errors, clock_values, code_in, page_of_rows, plain_text, sentence, show
from dinh.sso.public import TooManyLookups, TooManySent, count_lookup, count_sending

if TYPE_CHECKING:
    from dinh.portal.models import Petition

__all__ = ["follow", "own", "own_list", "petition_list", "petition_page", "rate", "send"]

TONES = {
    "received": "new",
    "assigned": "info",
    "drafted": "info",
    "answered": "done",
    "published": "done",
    "declined": "neutral",
}
FIELDS = ("kind", "title", "text", "name", "phone", "email", "address")


@route(who="everyone")
def petition_list(request: Request) -> HttpResponse:
    """Published questions and petitions with their answers; search and filters stay in the address."""
    words = plain_text(request.GET.get("q"), most=100)
    kind = request.GET.get("loai", "")
    found = page_of_rows(find_published(words, kind=kind if kind in KINDS else ""), request)
    return show(
        request,
        "petitions.html",
        {
            "q": words,
            "kind": kind,
            "kinds": [(code, _(label)) for code, label in KINDS.items()],
            "rows": [_listed(row) for row in found.rows],
            "older": found.older,
            "newer": found.newer,
        },
    )


@route(who="everyone")
def petition_page(request: Request, code: str) -> HttpResponse:
    """One published petition with its answer."""
    petition = published_petition(code_in(code))
    return show(
        request,
        "petition.html",
        {
            **_values(petition),
            "title": petition.public_title,
            "text": petition.public_text,
            "answer": petition.public_answer,
            "late": _is_late(petition),
        },
    )


@never_cache
@route(who="everyone")
def send(request: Request) -> HttpResponseBase:
    """Send a petition or a question: with an account, or with a name and a way to be reached."""
    values, errors = _first_values(request), Errors()
    status = 200
    if request.method == "POST":
        values = {name: request.POST.get(name, "")[:12_000] for name in FIELDS}
        values["wants_public"] = request.POST.get("wants_public", "")
        try:
            return _sent(request, values)
        except TooManySent as refused:
            errors, status = Errors({"": sentence(refused)}), 429
        except Refused as refused:
            if refused.field is None:
                raise
            errors, status = Errors({refused.field: sentence(refused)}), 422
    kinds = [
        ("question", _("Hỏi đáp"), _("Hỏi về chính sách, thủ tục, cách làm.")),
        ("feedback", _("Phản ánh"), _("Báo việc làm chậm, gây phiền hà, không đúng quy định.")),
        ("proposal", _("Kiến nghị"), _("Đề xuất sửa quy định, cách phục vụ.")),
    ]
    return show(
        request,
        "petition_send.html",
        {"values": values, "errors": errors, "kinds": kinds, "is_official": request.by.kind == "official"},
        status=status,
    )


def _first_values(request: Request) -> dict[str, str]:
    values = dict.fromkeys(FIELDS, "")
    values["wants_public"] = ""
    kind = request.GET.get("loai", "")
    values["kind"] = kind if kind in KINDS else ""
    if request.by.kind == "citizen" and (person := own_person(request.by)) is not None:
        values |= {"name": person.full_name, "phone": person.phone, "email": person.email}
    return values


def _sent(request: Request, values: dict[str, str]) -> HttpResponseBase:
    now = timezone.now()
    if request.by.kind == "visitor":
        count_sending(request, "petition", now=now)
    texts = {name: values[name] for name in FIELDS}
    seed = PetitionSeed(**texts, wants_public=bool(values["wants_public"]))
    petition = send_petition(seed, by=request.by, now=now)
    said = _("Đã nhận. Mã theo dõi là %(code)s; hãy giữ lại mã này.") % {"code": petition.code}
    messages.success(request, said)
    if petition.owner_id is not None:
        return redirect("portal:petition-own", code=petition.code)
    return redirect(_follow_address(petition.code))


@route(who="citizen")
def own_list(request: Request) -> HttpResponse:
    """What the citizen has sent with their account."""
    found = page_of_rows(own_petitions(request.by), request)
    rows = [
        {
            "title": row.title,
            "address": reverse("portal:petition-own", kwargs={"code": row.code}),
            "code": row.code,
            "received_at": row.received_at,
            **_state(row),
        }
        for row in found.rows
    ]
    return show(request, "petitions_own.html", {"rows": rows, "older": found.older, "newer": found.newer})


@route(who="citizen")
def own(request: Request, code: str) -> HttpResponse:
    """One's own petition in full: how far it is, until when it is answered, the answer."""
    return _own_page(request, own_petition(request.by, code_in(code)))


@never_cache
@route(who="everyone")
def follow(request: Request) -> HttpResponse:
    """How far a petition is, for anyone with its code; in full for who also knows the contact given."""
    typed = request.POST if request.method == "POST" else request.GET
    code, contact = code_in(typed.get("ma")), plain_text(typed.get("lien_he"), most=120)
    values: dict[str, Any] = {"code": code, "contact": contact, "error": "", "petition": None}
    if not code:
        return show(request, "petition_follow.html", values)
    try:
        count_lookup(request, "petition", now=timezone.now())
        petition = petition_by_code(code)
        if contact:
            return _own_page(request, petition_by_contact(code, contact), contact=contact)
    except TooManyLookups as refused:
        response = show(request, "petition_follow.html", {**values, "error": sentence(refused)}, status=429)
        response.headers["Retry-After"] = str(refused.seconds)
        return response
    except NotFound:
        said = (
            _("Mã và số điện thoại hoặc thư điện tử không khớp. Hãy nhập đúng thông tin đã ghi khi gửi.")
            if contact
            else _("Không tìm thấy nội dung có mã này. Hãy xem lại mã đã nhận khi gửi, ví dụ PA-AB2CD-3EF4G.")
        )
        return show(request, "petition_follow.html", {**values, "error": said}, status=404)
    return show(request, "petition_follow.html", {**values, "petition": _progress(petition)})


@require_POST
@route(who="everyone")
def rate(request: Request, code: str) -> HttpResponseBase:
    """Rate the answer, as its sender."""
    code, contact = code_in(code), plain_text(request.POST.get("lien_he"), most=120)
    try:
        if request.by.kind == "citizen" and not contact:
            petition = own_petition(request.by, code)
        else:
            count_lookup(request, "petition", now=timezone.now())
            petition = petition_by_contact(code, contact)
        score = request.POST.get("score", "")
        rate_answer(
            petition,
            score=int(score) if score in ("1", "2", "3") else 0,
            note=request.POST.get("note", "")[:2000],
            by=request.by,
            now=timezone.now(),
        )
    except Refused as refused:
        if refused.field is None:
            raise
        return _own_page(request, petition, contact=contact, error=sentence(refused), status=422)
    messages.success(request, _("Đã ghi đánh giá. Cảm ơn Ông/Bà."))
    if contact:
        return redirect(_follow_address(code))
    return redirect("portal:petition-own", code=code)


def _own_page(
    request: Request, petition: "Petition", *, contact: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    is_answered = petition.state in ("answered", "published")
    return show(
        request,
        "petition_own.html",
        {
            **_values(petition),
            **_progress(petition),
            "title": petition.title,
            "text": petition.text,
            "answer": petition.answer if is_answered else "",
            "note": petition.note if petition.state == "declined" else "",
            "public_address": _public_address(petition) if petition.state == "published" else "",
            "may_rate": is_answered,
            "score": petition.score or "",
            "score_note": petition.score_note,
            "scores": [(score, _(label)) for score, label in SCORES.items()],
            "contact": contact,
            "error": error,
        },
        status=status,
    )


def _values(petition: "Petition") -> dict[str, Any]:
    return {
        "code": petition.code,
        "kind": _(KINDS[petition.kind]),
        "agency": petition.agency.name if petition.agency else "",
        "received_at": petition.received_at,
        "answered_at": petition.answered_at,
        "published_at": petition.published_at,
        "score_label": _(SCORES[petition.score]) if petition.score else "",
    }


def _progress(petition: "Petition") -> dict[str, Any]:
    """How far it is, and its clock: nothing of what it says."""
    reading = petition_reading(petition, now=timezone.now())
    return {
        "code": petition.code,
        "kind": _(KINDS[petition.kind]),
        "agency": petition.agency.name if petition.agency else "",
        "marks": _marks(petition),
        "clock": clock_values(reading),
        "is_declined": petition.state == "declined",
        **_state(petition),
    }


def _marks(petition: "Petition") -> list[dict[str, Any]]:
    done: dict[str, dt.datetime | None] = {
        _("Đã tiếp nhận"): petition.received_at,
        _("Đã chuyển cơ quan"): petition.assigned_at,
        _("Đã trả lời"): petition.answered_at,
        _("Đã công khai"): petition.published_at,
    }
    marks, is_next = [], True
    for label, at in done.items():
        state = "done" if at else "now" if is_next and petition.state != "declined" else "next"
        is_next = is_next and at is not None
        marks.append({"label": label, "state": state})
    return marks


def _state(petition: "Petition") -> dict[str, str]:
    return {"state": _(PETITION.label(petition.state)), "tone": TONES[petition.state]}


def _listed(row: "Petition") -> dict[str, Any]:
    return {
        "title": row.public_title,
        "address": _public_address(row),
        "kind": _(KINDS[row.kind]),
        "agency": row.agency.name if row.agency else "",
        "answered_at": row.answered_at,
        "late": _is_late(row),
    }


def _is_late(row: "Petition") -> bool:
    answered_at = row.answered_at
    return answered_at is not None and timezone.localdate(answered_at) > timezone.localdate(row.due_at)


def _public_address(row: "Petition") -> str:
    return reverse("portal:petition", kwargs={"code": row.code})


def _follow_address(code: str) -> str:
    return f"{reverse('portal:petition-follow')}?{urlencode({'ma': code})}"
