"""What a citizen has sent: where it is, what is next, what can be done; its proof, withdrawal and rating."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Request, route
from dinh.foundation.ui.public import format_moment
from dinh.kernel.errors import N_, Refused
from dinh.onestop.public import (
    MEETING_WORDS,
    OWN_GROUPS,
    DossierCard,
    InvitationCard,
    Progress,
    StepCard,
    access_dossier,
    answer_due_at,
    beginning_again,
    dossier_card,
    former_units,
    invitations_for,
    own_dossiers,
    own_drafts,
    paper_label,
    rate,
    return_view,
    timeline_words,
    track,
    unread_messages,
    withdraw,
)
from dinh.portal.access import own_tabs
from dinh.portal.views.returning import parcels_of, return_words
from dinh.portal.views.screen import clock_values, plain_text, sentence, show, with_values
from dinh.sso.public import kept_values

if TYPE_CHECKING:
    from dinh.onestop.models import Dossier

__all__ = ["dossier", "dossiers", "marks_of", "proof", "rate_dossier", "sent", "withdraw_dossier"]

# Tone of each state's tag in a list.
_TONES = {
    "submitted": "info",
    "processing": "info",
    "supplement": "warn",
    "refused": "bad",
    "withdrawn": "neutral",
    "stopped": "neutral",
    "done": "good",
    "returned": "good",
}
_OPEN = ("submitted", "processing", "supplement")
_RATEABLE = ("done", "returned", "refused")


@route(who="citizen")
def dossiers(request: Request) -> HttpResponse:
    """One's own drafts and dossiers, and what each waits for."""
    words = plain_text(request.GET.get("q"), most=100)
    group = request.GET.get("loai", "") if request.GET.get("loai") in OWN_GROUPS else ""
    page = own_dossiers(request.by, words=words, group=group, after=request.GET.get("sau", "")[:40])
    kept = {name: value for name, value in (("q", words), ("loai", group)) if value}
    here = reverse("portal:dossiers")
    return show(
        request,
        "dossiers.html",
        {
            "tabs": own_tabs(request.path),
            "drafts": [
                {
                    "name": row.procedure_name,
                    "agency": row.agency_name,
                    "changed_at": row.changed_at,
                    "address": reverse("portal:draft", kwargs={"draft_id": row.id}),
                    "discard": reverse("portal:discard", kwargs={"draft_id": row.id}),
                }
                for row in own_drafts(request.by)
            ]
            if not request.GET.get("sau") and not kept
            else [],
            "rows": [_listed(row) for row in page.rows],
            "q": words,
            "group": group,
            "groups": [(code, _(label)) for code, (label, _states) in OWN_GROUPS.items()],
            "chips": [(_(OWN_GROUPS[group][0]), with_values(here, {"q": words}))] if group else [],
            "clear": here,
            "is_narrowed": bool(kept),
            "older": with_values(here, {**kept, "sau": page.after}) if page.after else "",
            "newer": with_values(here, kept) if request.GET.get("sau") else "",
        },
    )


def _listed(row: Any) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.procedure_name,
        "agency": row.agency_name,
        "state": _state_words(row.state, row.state_label),
        "tone": _TONES[row.state],
        "submitted_at": row.submitted_at,
        "national": row.external_code,
        "waits": _waits(row),
        "address": reverse("portal:dossier", kwargs={"dossier_id": row.id}),
    }


def _state_words(state: str, label: str) -> str:
    """The state's word as said to the owner; the national word speaks of the citizen as of a stranger."""
    own = {"withdrawn": _("Đã rút hồ sơ"), "submitted": _("Đã nộp, chờ tiếp nhận")}
    return own.get(state) or _(label)


def _waits(row: Any) -> str:
    """One line: what happens next and by when."""
    if row.state == "submitted" and row.answer_due_at:
        return _("Cơ quan trả lời trước %(at)s") % {"at": format_moment(row.answer_due_at)}
    if row.state == "processing" and row.due_at:
        due = _("Hẹn trả kết quả %(at)s") % {"at": format_moment(row.due_at)}
        owes = _("còn phí, lệ phí phải nộp")
        return f"{due} · {owes}" if row.owes else due
    if row.state == "done" and row.owes:
        return _("Đã có kết quả, còn phí, lệ phí phải nộp")
    return {
        "supplement": _("Ông/Bà cần bổ sung hồ sơ"),
        "done": _("Đã có kết quả, mời Ông/Bà nhận"),
    }.get(row.state, "")


def _result(one: Any, dossier_id: UUID) -> dict[str, Any]:
    """One issued result with the papers bound to it."""
    names = {"dossier_id": dossier_id, "result_id": one.id}
    return {
        "name": one.name,
        "number": one.number,
        "issued_on": one.issued_on,
        "file": reverse("portal:one-result-file", kwargs=names)
        if one.key
        else reverse("portal:result-file", kwargs={"dossier_id": dossier_id}),
        "signatures": reverse("portal:one-signatures", kwargs=names)
        if one.key
        else reverse("portal:signatures", kwargs={"dossier_id": dossier_id}),
        "enclosures": [
            {
                "name": paper.name,
                "size": paper.file.size if paper.file else 0,
                "is_approved": paper.is_approved,
                "address": reverse("portal:enclosure-file", kwargs={"enclosure_id": paper.id}),
            }
            for paper in one.enclosures
        ],
    }


@route(who="citizen")
def dossier(request: Request, dossier_id: UUID) -> HttpResponse:
    """Where a dossier is, what is next and by when, its papers, and all that has happened."""
    row = access_dossier(request.by, dossier_id)
    card = dossier_card(row, by=request.by, now=timezone.now())
    clock = clock_values(card.reading) if row.accepted_at else None
    back = return_view(row, by=request.by)
    again = beginning_again(row, by=request.by)
    is_held_back = any(fee.holds_back for fee in card.fees)
    return show(
        request,
        "dossier.html",
        {
            "code": str(row),
            "has_code": row.code is not None,
            "name": row.procedure.short_name,
            "agency": row.agency.name,
            "applicant": row.applicant_name if row.filed_by else "",
            "filed_by": row.filed_by,
            "formerly": former_units(row),
            "desk": row.reception_unit.name,
            "state": row.state,
            "state_label": _state_words(row.state, card.state_label),
            "tone": _TONES[row.state],
            "submitted_at": row.submitted_at,
            "national": row.external_code,
            "accepted_at": row.accepted_at,
            "marks": marks_of(track(str(row))),
            "clock": clock,
            "next": _next(card),
            "at_work": _at_work(card),
            "answer_due": answer_due_at(row),
            "supplement": card.open_supplement,
            "invited": [_invited(one) for one in invitations_for(row)],
            "results": [_result(one, row.id) for one in card.results],
            "reason": _reason(card),
            "pages": card.answers,
            "parts": _parts(card),
            "papers": _papers(card),
            "answers": [_answered(step) for step in card.steps if step.answers],
            "fees": card.fees,
            "unpaid": _unpaid(card),
            "is_held_back": is_held_back,
            "return_rows": return_words(back),
            "parcels": parcels_of(back),
            "may_choose_return": back.may_choose,
            "timeline": timeline_words(card.timeline),
            "unread_messages": unread_messages(row, by=request.by),
            "can_withdraw": row.state in _OPEN,
            "again": {
                "way": again.way,
                "draft": reverse("portal:draft", kwargs={"draft_id": again.draft_id})
                if again.draft_id
                else "",
                "sent": [_linked(one) for one in again.sent],
                "earlier": _linked(again.earlier) if again.earlier else None,
            },
            "can_rate": row.state in _RATEABLE and card.rating is None and not is_held_back,
            "rating": ratings().get(card.rating or 0, ""),
            "addresses": {
                name: reverse(f"portal:{name}", kwargs={"dossier_id": row.id})
                for name in (
                    "fees",
                    "supplement",
                    "talk",
                    "withdraw",
                    "rate",
                    "result-file",
                    "signatures",
                    "archive",
                    "returning",
                    "file-again",
                )
            },
        },
    )


def _invited(one: InvitationCard) -> dict[str, Any]:
    """A day for which the applicant is asked, as their page says it."""
    title = _("Mời Ông/Bà %(what)s") % {"what": _(MEETING_WORDS[one.kind])}
    return {"title": title, "at": one.at, "place": one.place, "people": one.people, "note": one.note}


def _linked(other: Any) -> dict[str, str]:
    return {"code": other.code, "address": reverse("portal:dossier", kwargs={"dossier_id": other.id})}


def marks_of(progress: Progress) -> list[dict[str, str]]:
    """The five marks of a dossier's way as ``ui.steps`` draws them: the last one reached is where it is.

    A dossier that ended otherwise shows that end in place of what will not come.
    """
    reached = [_(label) for label, is_reached in progress.marks if is_reached]
    coming = [_(label) for label, is_reached in progress.marks if not is_reached]
    if progress.ended:
        return [_mark(label, "done") for label in reached] + [_mark(_(progress.ended), "bad")]
    if not coming:
        return [_mark(label, "done") for label in reached]
    here = _mark(reached[-1], "now", _("Chờ bổ sung") if progress.waiting_for_applicant else "")
    return [
        *(_mark(label, "done") for label in reached[:-1]),
        here,
        *(_mark(label, "next") for label in coming),
    ]


def _mark(label: str, state: str, note: str = "") -> dict[str, str]:
    return {"label": label, "state": state, "note": note, "address": ""}


def _at_work(card: DossierCard) -> list[str]:
    """The divisions that work on an accepted dossier now (TT 01/2018 Điều 16 khoản 2), each once."""
    if card.state not in ("processing", "supplement", "done"):
        return []
    return list(dict.fromkeys(step.unit for step in card.open_steps))


def _next(card: DossierCard) -> str:
    """One sentence: what happens next."""
    if card.state == "refused" and card.dossier.accepted_at is not None:
        return _("Cơ quan đã thẩm định và không giải quyết hồ sơ. Lý do ở ngay bên dưới.")
    if card.state in _NEXT_WHEN_OWING and _unpaid(card):
        return _(_NEXT_WHEN_OWING[card.state])
    return _(_NEXT[card.state])


_NEXT = {
    "submitted": N_("Cán bộ một cửa kiểm tra hồ sơ, rồi tiếp nhận hoặc cho biết cần bổ sung gì."),
    "supplement": N_("Ông/Bà cần bổ sung hồ sơ để cơ quan giải quyết tiếp."),
    "processing": N_("Cơ quan đang giải quyết. Ông/Bà không phải làm gì thêm."),
    "done": N_("Đã có kết quả. Ông/Bà tải bản điện tử ở đây; bản giấy nhận theo cách đã chọn bên dưới."),
    "returned": N_("Kết quả đã được trả. Hồ sơ đã hoàn thành."),
    "refused": N_("Hồ sơ không được tiếp nhận. Lý do ở ngay bên dưới; sửa xong Ông/Bà có thể nộp lại."),
    "withdrawn": N_("Ông/Bà đã rút hồ sơ này. Muốn làm tiếp thì nộp lại."),
    "stopped": N_("Cơ quan đã dừng giải quyết hồ sơ này."),
}
_NEXT_WHEN_OWING = {
    "processing": N_("Cơ quan đang giải quyết. Ông/Bà cần nộp phí, lệ phí: chưa nộp thì có bước phải chờ."),
    "done": N_("Đã có kết quả. Nộp phí, lệ phí rồi thì Ông/Bà tải được bản điện tử, nhận được bản giấy."),
}


def _answered(step: StepCard) -> dict[str, Any]:
    """What an agency on the way answered the applicant."""
    return {
        "unit": step.unit,
        "outcome": step.outcome,
        "note": step.note,
        "at": step.done_at,
        "file": step.opinion,
        "address": reverse("portal:answer-file", kwargs={"step_id": step.id}) if step.opinion else "",
    }


def _unpaid(card: DossierCard) -> int:
    """What is to be paid by now: before acceptance only what is due at filing, nothing after another end."""
    if card.state not in ("submitted", "processing", "supplement", "done", "returned"):
        return 0
    is_accepted = card.dossier.accepted_at is not None
    return sum(
        fee.amount for fee in card.fees if fee.paid_at is None and (is_accepted or fee.due == "filing")
    )


def _reason(card: DossierCard) -> str:
    """The reason of a refusal as it was told to the applicant."""
    if card.state != "refused":
        return ""
    return next((str(line.values["reason"]) for line in card.timeline if "reason" in line.values), "")


def _parts(card: DossierCard) -> list[dict[str, Any]]:
    return [
        {
            "paper": part.name,
            "name": part.file.name if part.file else _("Bản giấy, nộp tại quầy"),
            "size": part.file.size if part.file else None,
            "address": reverse("portal:part-file", kwargs={"part_id": part.id}) if part.file else "",
            "state": "neutral",
            "state_label": _part_words(part),
        }
        for part in card.parts
    ]


def _part_words(part: Any) -> str:
    if part.replaced_at:
        return _("đã thay bằng bản mới")
    return _("dùng lại từ %(code)s") % {"code": part.reused_from} if part.reused_from else ""


def _papers(card: DossierCard) -> list[dict[str, Any]]:
    return [
        {
            "name": paper_label(paper.form),
            "ready": paper.ready,
            "asked_at": paper.asked_at,
            "size": paper.file.size if paper.file else None,
            "address": reverse("portal:paper-file", kwargs={"paper_id": paper.id}) if paper.ready else "",
        }
        for paper in card.papers
    ]


# ---- sent ---------------------------------------------------------------------------------------


@route(who="citizen")
def sent(request: Request, dossier_id: UUID) -> HttpResponse:
    """The dossier is in: its code, what happens next and by when, and the proof of submission."""
    row = access_dossier(request.by, dossier_id)
    return show(
        request,
        "sent.html",
        {
            "code": row.request_code,
            "name": row.procedure.short_name,
            "agency": row.agency.name,
            "desk": row.reception_unit.name,
            "submitted_at": row.submitted_at,
            "answer_due": answer_due_at(row),
            "email": row.applicant_email,
            "unpaid": _unpaid(dossier_card(row, by=request.by, now=timezone.now())),
            "fees_address": reverse("portal:fees", kwargs={"dossier_id": row.id}),
            "proof": _proof(request, row),
            "proof_address": reverse("portal:proof", kwargs={"dossier_id": row.id}),
            "address": reverse("portal:dossier", kwargs={"dossier_id": row.id}),
            "here_address": request.path,
        },
    )


@route(who="citizen")
def proof(request: Request, dossier_id: UUID) -> HttpResponse:
    """The proof of submission as far as it is: a fragment that the page asks for again."""
    row = access_dossier(request.by, dossier_id)
    return render(
        request,
        "portal/_proof.html",
        {
            "proof": _proof(request, row),
            "proof_address": request.path,
            "here_address": reverse("portal:sent", kwargs={"dossier_id": row.id}),
        },
    )


def _proof(request: Request, row: "Dossier") -> dict[str, Any] | None:
    card = dossier_card(row, by=request.by, now=timezone.now())
    return next((paper for paper in reversed(_papers(card)) if paper["name"] == paper_label("proof")), None)


# ---- withdraw and rate --------------------------------------------------------------------------


@route(who="citizen")
def withdraw_dossier(request: Request, dossier_id: UUID) -> HttpResponse:
    """Take a dossier back, after reading what that means."""
    row = access_dossier(request.by, dossier_id)
    error = ""
    if request.method == "POST":
        reason = plain_text(request.POST.get("reason"), most=500)
        try:
            withdraw(row, reason=reason, by=request.by, now=timezone.now())
        except Refused as refused:
            error = sentence(refused)
        else:
            messages.success(request, _("Đã rút hồ sơ."))
            return redirect("portal:dossier", dossier_id=row.id)
    typed: Any = request.POST if error else kept_values(request) or {}
    return show(
        request,
        "withdraw.html",
        {
            "code": str(row),
            "name": row.procedure.short_name,
            "back": reverse("portal:dossier", kwargs={"dossier_id": row.id}),
            "reason": typed.get("reason", ""),
            "can_withdraw": row.state in _OPEN,
            "error": error,
        },
        status=409 if error else 200,
    )


def ratings() -> dict[int, str]:
    """The three answers of TT 32/2017/TT-BTTTT, Art. 12."""
    return {3: _("Rất hài lòng"), 2: _("Hài lòng"), 1: _("Chưa hài lòng")}


@route(who="citizen")
def rate_dossier(request: Request, dossier_id: UUID) -> HttpResponse:
    """Rate the service: overall, three questions, and words."""
    row = access_dossier(request.by, dossier_id)
    errors: dict[str, str] = {}
    typed: Any = kept_values(request) or {}
    if request.method == "POST":
        typed = request.POST
        errors = _rate(request, row)
        if not errors:
            messages.success(request, _("Cảm ơn Ông/Bà đã đánh giá."))
            return redirect("portal:dossier", dossier_id=row.id)
    return show(
        request,
        "rate.html",
        {
            "code": str(row),
            "name": row.procedure.short_name,
            "back": reverse("portal:dossier", kwargs={"dossier_id": row.id}),
            "choices": list(ratings().items()),
            "is_open": row.state in _RATEABLE or bool(errors),
            "typed": {name: typed.get(name, "") for name in (*_QUESTIONS, "comment")},
            "errors": errors,
        },
        status=422 if errors else 200,
    )


_QUESTIONS = ("overall", "ease", "timeliness", "attitude")


def _rate(request: Request, row: "Dossier") -> dict[str, str]:
    """Rate, or return what is wrong at which place."""
    given = {name: _answer(request.POST.get(name, "")) for name in _QUESTIONS}
    overall = given.pop("overall")
    if overall is None:
        return {"overall": _("Hãy chọn một câu trả lời về mức độ hài lòng chung.")}
    comment = plain_text(request.POST.get("comment"), most=2001)
    if len(comment) > 2000:
        return {"comment": _("Ý kiến dài quá 2.000 ký tự. Hãy viết ngắn lại.")}
    try:
        rate(row, overall=overall, comment=comment, by=request.by, now=timezone.now(), **given)
    except Refused as refused:
        return {"": sentence(refused)}
    return {}


def _answer(text: str) -> int | None:
    return int(text) if text in ("1", "2", "3") else None
