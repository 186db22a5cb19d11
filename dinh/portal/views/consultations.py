"""Drafts of texts open for comment, as everybody sees them."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.directory.public import own_person
from dinh.foundation.files.public import respond
from dinh.kernel.errors import Refused
from dinh.portal.adapters.markup import as_html
from dinh.portal.public import (
    CommentSeed,
    comments_of,
    consultation_file,
    public_consultation,
    public_consultations,
    send_comment,
)
from dinh.portal.rules.consultations import ANSWER_KINDS, HIDING_GROUNDS, articles_of
from dinh.portal.views.meta import PageMeta
from dinh.portal.views.screen import Errors, page_of_rows, sentence, show
from dinh.sso.public import TooManySent, count_sending

if TYPE_CHECKING:
    from dinh.portal.models import Comment, Consultation

__all__ = ["comment_values", "consultation", "consultation_list", "draft_file", "send", "standing"]

FIELDS = ("article", "text", "name", "phone", "email")
ANSWER_TONES = {"accepted": "good", "partly": "wait", "explained": "info"}


@route(who="everyone")
def consultation_list(request: Request) -> HttpResponse:
    """Every draft that was ever open, those that close last on top."""
    found = page_of_rows(public_consultations(), request)
    return show(
        request,
        "consultations.html",
        {
            "rows": [_listed(row) for row in found.rows],
            "older": found.older,
            "newer": found.newer,
            "meta": PageMeta(type="Collection"),
        },
    )


@route(who="everyone")
def consultation(request: Request, slug: str) -> HttpResponse:
    """One draft: its text, every comment under its number, every answer, and the form while it is open."""
    return _page(request, public_consultation(slug))


@require_POST
@route(who="everyone")
def send(request: Request, slug: str) -> HttpResponseBase:
    """Comment on a draft."""
    found, now = public_consultation(slug), timezone.now()
    values = {name: request.POST.get(name, "")[:12_000] for name in FIELDS}
    shows_name = bool(request.POST.get("shows_name"))
    try:
        if request.by.kind == "visitor":
            count_sending(request, "comment", now=now)
        comment = send_comment(found, CommentSeed(**values, shows_name=shows_name), by=request.by, now=now)
    except TooManySent as refused:
        return _page(request, found, values=values, errors=Errors({"": sentence(refused)}), status=429)
    except Refused as refused:
        if refused.field is None:
            raise
        errors = Errors({refused.field: sentence(refused)})
        return _page(request, found, values=values, errors=errors, status=422)
    messages.success(
        request,
        _("Đã nhận ý kiến số %(number)s. Ý kiến giữ số này, và có trả lời công khai.")
        % {"number": comment.number},
    )
    page = -(-comment.number // PAGE)
    return redirect(f"{_address(found)}?trang={page}#y-kien-{comment.number}")


@route(who="everyone")
def draft_file(request: Request, consultation_id: UUID) -> HttpResponseBase:
    """The draft as a PDF."""
    found: Any = consultation_file(request.by, consultation_id)
    return respond(found, inline=True, request=request)


PAGE = 30


def _page(
    request: Request,
    found: "Consultation",
    *,
    values: dict[str, str] | None = None,
    errors: Errors | None = None,
    status: int = 200,
) -> HttpResponse:
    comments = page_of_rows(comments_of(found), request, size=PAGE)
    is_english = translation.get_language() == "en" and bool(found.title_en)
    state, tone, is_open = standing(found)
    return show(
        request,
        "consultation.html",
        {
            "title": found.title_en if is_english else found.title,
            "lang": "en" if is_english else "vi",
            "lead": found.lead,
            "html": as_html(found.body),
            "file": reverse("portal:consultation-file", kwargs={"consultation_id": found.pk})
            if found.file_id
            else "",
            "agency": found.agency.name,
            "opens_on": found.opens_on,
            "closes_on": found.closes_on,
            "ground": found.ground,
            "state": state,
            "tone": tone,
            "is_open": is_open,
            "is_official": request.by.kind == "official",
            "count": found.comments_count,
            "summary": found.summary,
            "summarised_at": found.summarised_at,
            "comments": [comment_values(comment) for comment in comments.rows],
            "older": comments.older,
            "newer": comments.newer,
            "articles": [(one, one) for one in articles_of(found.body)],
            "values": values or _first_values(request),
            "errors": errors or Errors(),
            "send_address": reverse("portal:comment-send", kwargs={"slug": found.slug}),
            "meta": PageMeta(description=found.lead, published_at=found.opened_at, language="vi"),
        },
        status=status,
    )


def _first_values(request: Request) -> dict[str, str]:
    values = dict.fromkeys(FIELDS, "")
    if request.by.kind == "citizen" and (person := own_person(request.by)) is not None:
        values |= {"name": person.full_name, "phone": person.phone, "email": person.email}
    return values


def standing(found: "Consultation") -> tuple[str, str, bool]:
    """The word and tone of where a consultation stands today, and whether comments are taken."""
    today = timezone.localdate()
    if found.state == "draft":
        return _("Đang soạn"), "neutral", False
    if found.state == "summarised":
        return _("Đã công bố tổng hợp"), "done", False
    if found.opens_on and today < found.opens_on:
        return _("Sắp mở"), "wait", False
    if found.closes_on and today > found.closes_on:
        return _("Đã đóng, đang tổng hợp"), "neutral", False
    return _("Đang lấy ý kiến"), "good", True


def comment_values(comment: "Comment") -> dict[str, Any]:
    """A comment as everybody sees it: hidden or not, its number and moment are there."""
    return {
        "number": comment.number,
        "article": comment.article,
        "name": comment.name if comment.shows_name else _("Một người dân"),
        "sent_at": comment.sent_at,
        "state": comment.state,
        "text": comment.text if comment.state == "visible" else "",
        "ground": _(HIDING_GROUNDS[comment.ground]) if comment.ground else "",
        "ground_note": comment.ground_note,
        "answer_kind": _(ANSWER_KINDS[comment.answer_kind]) if comment.answer_kind else "",
        "answer_tone": ANSWER_TONES.get(comment.answer_kind, "neutral"),
        "answer": comment.answer,
        "answered_at": comment.answered_at,
    }


def _listed(row: "Consultation") -> dict[str, Any]:
    is_english = translation.get_language() == "en" and bool(row.title_en)
    state, tone, _is_open = standing(row)
    return {
        "title": row.title_en if is_english else row.title,
        "lang": "en" if is_english else "vi",
        "lead": row.lead,
        "agency": row.agency.name,
        "address": _address(row),
        "opens_on": row.opens_on,
        "closes_on": row.closes_on,
        "count": row.comments_count,
        "state": state,
        "tone": tone,
    }


def _address(found: "Consultation") -> str:
    return reverse("portal:consultation", kwargs={"slug": found.slug})
