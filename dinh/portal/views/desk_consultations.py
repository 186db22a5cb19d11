"""Consultations on the officials' side: drafted, opened by another, each comment looked at and answered."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.directory.public import named_apart, units_to_choose
from dinh.kernel.errors import NotAllowed, NotFound, Refused
from dinh.portal.forms.consultations import ConsultationForm
from dinh.portal.public import (
    EDIT_CONSULTATIONS,
    OPEN_CONSULTATIONS,
    access_comment,
    access_consultation,
    answer_comment,
    change_consultation,
    comments_of,
    consultations_to_edit,
    draft_consultation,
    hide_comment,
    open_consultation,
    sees_consultations,
    show_comment,
    summarise_consultation,
)
from dinh.portal.rules.consultations import ANSWER_KINDS, COMMENT, CONSULTATION, HIDING_GROUNDS, LEAST_DAYS
from dinh.portal.views.consultations import comment_values, standing
from dinh.portal.views.screen import Errors, page_of_rows, said_of, sentence

if TYPE_CHECKING:
    from dinh.portal.models import Comment, Consultation

__all__ = ["add", "answer", "change", "consultation", "consultation_list", "moderate", "open_up", "summarise"]

COMMENT_TONES = {"waiting": "wait", "visible": "good", "hidden": "bad"}


@route(who="official")
def consultation_list(request: Request) -> HttpResponse:
    """Consultations that the acting position works on."""
    if not sees_consultations(request.by):
        raise NotFound
    found = page_of_rows(consultations_to_edit(request.by), request, size=50)
    return render(
        request,
        "portal/desk/consultations.html",
        {
            "rows": [_row(row) for row in found.rows],
            "older": found.older,
            "newer": found.newer,
            "may_add": request.by.holds(EDIT_CONSULTATIONS.code),
        },
    )


def _row(row: Any) -> dict[str, Any]:
    state, tone, _is_open = standing(row)
    return {
        "address": _address(row.pk),
        "title": row.title,
        "agency": row.agency.name,
        "opens_on": row.opens_on,
        "closes_on": row.closes_on,
        "count": row.comments_count,
        "waiting": row.waiting,
        "unanswered": row.unanswered,
        "state": state,
        "tone": tone,
    }


@route(who="official", permission=EDIT_CONSULTATIONS)
def add(request: Request) -> HttpResponseBase:
    """Draft a consultation."""
    if request.method != "POST":
        return _form(request, None, values={})
    form = ConsultationForm.read(request.POST, request.FILES, before=None, by=request.by)
    errors = said_of(form.errors)
    if not errors:
        try:
            made = draft_consultation(form.seed, by=request.by, now=timezone.now())
        except NotAllowed:
            raise
        except Refused as refused:
            errors = Errors({refused.field or "": sentence(refused)})
    if errors:
        return _form(request, None, values=form.values, errors=errors, status=422)
    messages.success(request, _("Đã lưu. Người khác mở lấy ý kiến."))
    return redirect(_address(made.pk))


@require_POST
@route(who="official", permission=EDIT_CONSULTATIONS)
def change(request: Request, consultation_id: UUID) -> HttpResponseBase:
    """Change a consultation that is not open yet."""
    found = access_consultation(request.by, consultation_id)
    form = ConsultationForm.read(request.POST, request.FILES, before=found, by=request.by)
    errors = said_of(form.errors)
    if not errors:
        try:
            change_consultation(found, seed=form.seed, by=request.by, now=timezone.now())
        except NotAllowed:
            raise
        except Refused as refused:
            errors = Errors({refused.field or "": sentence(refused)})
    if errors:
        return _page(request, consultation_id, values=form.values, errors=errors, status=422)
    messages.success(request, _("Đã lưu. Người khác mở lấy ý kiến."))
    return redirect(_address(consultation_id))


@route(who="official")
def consultation(request: Request, consultation_id: UUID) -> HttpResponse:
    """One consultation with its comments."""
    return _page(request, consultation_id)


@require_POST
@route(who="official", permission=OPEN_CONSULTATIONS)
def open_up(request: Request, consultation_id: UUID) -> HttpResponseBase:
    """Put the draft before the public."""
    return _do(
        request,
        consultation_id,
        lambda found: open_consultation(found, by=request.by, now=timezone.now()),
        _("Đã mở lấy ý kiến."),
    )


@require_POST
@route(who="official", permission=OPEN_CONSULTATIONS)
def summarise(request: Request, consultation_id: UUID) -> HttpResponseBase:
    """Publish what came of it."""
    text = request.POST.get("summary", "")
    return _do(
        request,
        consultation_id,
        lambda found: summarise_consultation(found, summary=text, by=request.by, now=timezone.now()),
        _("Đã công bố tổng hợp."),
        typed={"summary": text},
    )


@require_POST
@route(who="official", permission=EDIT_CONSULTATIONS)
def moderate(request: Request, consultation_id: UUID, number: int) -> HttpResponseBase:
    """Let the public read a comment, or hide what it says for breaking the law."""
    comment = access_comment(request.by, consultation_id, number)
    given = {name: request.POST.get(name, "") for name in ("ground", "note")}

    def verb(found: "Consultation") -> None:
        if request.POST.get("do") == "hide":
            hide_comment(comment, **given, by=request.by, now=timezone.now())
        else:
            show_comment(comment, by=request.by, now=timezone.now())

    return _do(request, consultation_id, verb, _("Đã ghi."), number=number)


@require_POST
@route(who="official", permission=EDIT_CONSULTATIONS)
def answer(request: Request, consultation_id: UUID, number: int) -> HttpResponseBase:
    """Publish the answer to a comment."""
    comment = access_comment(request.by, consultation_id, number)
    given = {name: request.POST.get(name, "") for name in ("kind", "answer")}
    return _do(
        request,
        consultation_id,
        lambda found: answer_comment(comment, **given, by=request.by, now=timezone.now()),
        _("Đã công khai trả lời ý kiến số %(number)s.") % {"number": number},
        number=number,
        typed=given,
    )


def _do(
    request: Request,
    consultation_id: UUID,
    verb: "Callable[[Consultation], Any]",
    done: str,
    *,
    number: int | None = None,
    typed: dict[str, str] | None = None,
) -> HttpResponseBase:
    """Do one verb; a refusal shows at its field, of the comment ``number`` when it is about one."""
    found = access_consultation(request.by, consultation_id)
    try:
        verb(found)
    except NotAllowed:
        raise
    except Refused as refused:
        errors = Errors({refused.field or "": sentence(refused)})
        return _page(request, consultation_id, errors=errors, number=number, typed=typed, status=422)
    messages.success(request, done)
    mark = f"?trang={-(-number // PAGE)}#y-kien-{number}" if number else ""
    return redirect(f"{_address(consultation_id)}{mark}")


PAGE = 30


def _page(
    request: Request,
    consultation_id: UUID,
    *,
    values: dict[str, Any] | None = None,
    errors: Errors | None = None,
    number: int | None = None,
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    by, found = request.by, access_consultation(request.by, consultation_id)
    may_edit = EDIT_CONSULTATIONS.may(by, found)
    if found.state == "draft" and may_edit:
        return _form(request, found, values=values or _first_values(found), errors=errors, status=status)
    comments = page_of_rows(comments_of(found), request, size=PAGE)
    state, tone, _is_open = standing(found)
    is_over = found.closes_on is not None and timezone.localdate() > found.closes_on
    return render(
        request,
        "portal/desk/consultation.html",
        {
            "found": found,
            "state": state,
            "tone": tone,
            "is_own": found.author_id == by.person_id,
            "may_open": OPEN_CONSULTATIONS.may(by, found) and CONSULTATION.can(found.state, "open"),
            "may_summarise": OPEN_CONSULTATIONS.may(by, found)
            and CONSULTATION.can(found.state, "summarise")
            and is_over,
            "may_answer": may_edit,
            "public_address": reverse("portal:consultation", kwargs={"slug": found.slug})
            if found.state != "draft"
            else "",
            "comments": [_comment(comment) for comment in comments.rows],
            "older": comments.older,
            "newer": comments.newer,
            "grounds": [(code, _(label)) for code, label in HIDING_GROUNDS.items()],
            "kinds": [(code, _(label)) for code, label in ANSWER_KINDS.items()],
            "errors": errors or Errors(),
            "number": number,
            "typed": {"summary": "", "kind": "", "answer": "", **(typed or {})},
        },
        status=status,
    )


def _comment(comment: "Comment") -> dict[str, Any]:
    parts = {"consultation_id": comment.consultation_id, "number": comment.number}
    return {
        **comment_values(comment),
        "text": comment.text,
        "full_name": comment.name,
        "shows_name": comment.shows_name,
        "contact": comment.phone or comment.email,
        "state_label": _(COMMENT.label(comment.state)),
        "tone": COMMENT_TONES[comment.state],
        "kind": comment.answer_kind,
        "moderator": comment.moderator,
        "answerer": comment.answerer,
        "may_show": COMMENT.can(comment.state, "show"),
        "may_hide": COMMENT.can(comment.state, "hide"),
        "moderate": reverse("portal:desk-comment-moderate", kwargs=parts),
        "respond": reverse("portal:desk-comment-answer", kwargs=parts),
    }


def _form(
    request: Request,
    found: "Consultation | None",
    *,
    values: dict[str, Any],
    errors: Errors | None = None,
    status: int = 200,
) -> HttpResponse:
    names = ("agency", "title", "title_en", "lead", "body", "opens_on", "closes_on", "ground", "file")
    units = units_to_choose(request.by, EDIT_CONSULTATIONS.code, agencies_only=True, limit=300)
    return render(
        request,
        "portal/desk/consultation_form.html",
        {
            "found": found,
            "agencies": named_apart(units),
            "values": {**dict.fromkeys(names, ""), **values},
            "errors": errors or Errors(),
            "least_days": LEAST_DAYS,
            "may_open": found is not None and OPEN_CONSULTATIONS.may(request.by, found),
        },
        status=status,
    )


def _first_values(found: "Consultation") -> dict[str, Any]:
    values: dict[str, Any] = {
        name: getattr(found, name) for name in ("title", "title_en", "lead", "body", "ground")
    }
    return {
        **values,
        "agency": str(found.agency_id),
        "opens_on": found.opens_on or "",
        "closes_on": found.closes_on or "",
        "file": found.file.name if found.file else "",
    }


def _address(consultation_id: UUID) -> str:
    return reverse("portal:desk-consultation", kwargs={"consultation_id": consultation_id})
