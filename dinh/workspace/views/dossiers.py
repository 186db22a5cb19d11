"""One dossier on one screen: what it is, what is next and whose, the clock explained, papers, timeline."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.kernel.clocks import ClockReading, ClockState, Timeliness
from dinh.kernel.errors import Refused
from dinh.onestop.public import (
    READ_DOSSIER,
    RECEIVE_DOSSIER,
    DossierCard,
    StepCard,
    accept,
    access_dossier,
    ask_supplement,
    collect_fee,
    dossier_card,
    first_content,
    refuse,
)
from dinh.sso.public import kept_values

__all__ = ["accept_dossier", "collect", "dossier", "refuse_dossier", "show", "supplement"]

_TONES = {
    Timeliness.IN_TIME: "on_time",
    Timeliness.NEAR_DUE: "near",
    Timeliness.OVERDUE: "overdue",
    Timeliness.EARLY: "done",
    Timeliness.ON_TIME: "done",
    Timeliness.LATE: "overdue",
}


@route(who="official", permission=READ_DOSSIER)
def dossier(request: Request, dossier_id: UUID) -> HttpResponse:
    """The dossier's screen."""
    return show(request, dossier_id, kept=kept_values(request))


def show(
    request: Request,
    dossier_id: UUID,
    *,
    refused: Refused | None = None,
    form: str = "",
    kept: QueryDict | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the dossier's screen; ``refused`` is shown at the form that was sent, with what was typed."""
    row = access_dossier(request.by, dossier_id)
    card = dossier_card(row, by=request.by, now=timezone.now())
    typed = request.POST if refused is not None else kept or QueryDict()
    return render(
        request,
        "workspace/dossier.html",
        {
            "card": card,
            "here_address": reverse("workspace:dossier", kwargs={"dossier_id": dossier_id}),
            "clock": clock_values(card.reading),
            "work": [_step_values(request, card, step) for step in card.open_steps],
            "past": _past(card),
            "timeline": _timeline(card),
            "parts": _parts(card),
            "papers": _papers(card),
            "result_address": (
                reverse("workspace:result-file", kwargs={"dossier_id": dossier_id})
                if card.result and card.result.file
                else ""
            ),
            "error": str_of(refused),
            "error_field": refused.field if refused else None,
            "form": form,
            "typed": typed,
            "documents": [(document.key, document.name) for document in card.definition.documents],
        },
        status=status,
    )


def str_of(refused: Refused | None) -> str:
    """The sentence of a refusal in the reader's language."""
    if refused is None:
        return ""
    return _(refused.message) % refused.params if refused.params else _(refused.message)


def clock_values(reading: ClockReading) -> dict[str, Any]:
    """What ``ui.due`` shows of a clock."""
    kind = "waiting" if reading.state == ClockState.PAUSED else _TONES[reading.timeliness]
    remaining = reading.remaining if reading.overrun.total_seconds() == 0 else -reading.overrun
    return {
        "due_at": reading.due_at,
        "remaining": None if reading.state == ClockState.STOPPED else remaining,
        "is_days": reading.unit == "calendar_days",
        "kind": kind,
        "word": _(reading.timeliness.label) if reading.state != ClockState.PAUSED else _("Tạm dừng"),
        "lines": [line.text.said(_) for line in reading.explanation],
        "started": reading.started_at is not None,
    }


def _step_values(request: Request, card: DossierCard, step: StepCard) -> dict[str, Any]:
    draft = card.result.content if card.result else None
    if draft is None and step.kind == "handle" and step.may_work:
        draft = first_content(card.dossier)
    return {
        "card": step,
        "clock": clock_values(step.reading) if step.reading else None,
        "addresses": {
            name: reverse(f"workspace:{name}", kwargs={"step_id": step.id})
            for name in ("claim", "release", "complete", "draft", "sign", "issue", "return", "announce")
        },
        "draft": [
            {
                "name": field.name,
                "label": field.label,
                "long": field.long,
                "value": (draft or {}).get(field.name, ""),
            }
            for field in card.definition.result.fields
        ],
        "needs_draft": any("draft" in outcome.needs for outcome in step.outcomes),
        "forward": [outcome for outcome in step.outcomes if not outcome.back],
        "back": [outcome for outcome in step.outcomes if outcome.back],
    }


def _past(card: DossierCard) -> list[dict[str, Any]]:
    rows = []
    for step in card.steps:
        if step.state == "open":
            continue
        late = step.due_at is not None and step.done_at is not None and step.done_at > step.due_at
        rows.append(
            {
                "name": step.name,
                "unit": step.unit,
                "by": step.done_by or step.holder,
                "opened_at": step.opened_at,
                "done_at": step.done_at,
                "due_at": step.due_at,
                "outcome": step.outcome or (_("Đã hủy") if step.state == "cancelled" else ""),
                "note": step.note,
                "late": late,
                "opinion": (
                    reverse("workspace:opinion-file", kwargs={"step_id": step.id}) if step.opinion else ""
                ),
            }
        )
    return rows


def _timeline(card: DossierCard) -> list[dict[str, Any]]:
    return [
        {
            "at": line.at,
            "title": _(line.sentence) % line.values if line.values else _(line.sentence),
            "by": f"{line.actor}, {line.position}" if line.position else line.actor,
            "text": "",
            "tone": "",
            "files": [],
        }
        for line in card.timeline
    ]


def _parts(card: DossierCard) -> list[dict[str, Any]]:
    return [
        {
            "name": part.name,
            "original": part.is_original,
            "replaced": part.replaced_at is not None,
            "file": part.file,
            "address": reverse("workspace:part-file", kwargs={"part_id": part.id}) if part.file else "",
        }
        for part in card.parts
    ]


def _papers(card: DossierCard) -> list[dict[str, Any]]:
    return [
        {
            "label": paper_label(paper.form),
            "ready": paper.ready,
            "asked_at": paper.asked_at,
            "file": paper.file,
            "address": reverse("workspace:paper-file", kwargs={"paper_id": paper.id}) if paper.ready else "",
        }
        for paper in card.papers
    ]


def paper_label(form: str) -> str:
    """The everyday name of a paper that the desk issues."""
    labels = {
        "proof": _("Xác nhận đã nộp hồ sơ"),
        "receipt": _("Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
        "supplement": _("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"),
        "refusal": _("Phiếu từ chối tiếp nhận giải quyết hồ sơ"),
    }
    return labels[form]


@require_POST
@route(who="official", permission=RECEIVE_DOSSIER)
def accept_dossier(request: Request, dossier_id: UUID) -> HttpResponse:
    """Accept a dossier."""
    row = access_dossier(request.by, dossier_id)
    try:
        row = accept(row, by=request.by, now=timezone.now())
    except Refused as refused:
        return show(request, dossier_id, refused=refused, form="accept", status=409)
    messages.success(request, _("Đã tiếp nhận. Mã hồ sơ: %(code)s.") % {"code": row.code})
    return _back(dossier_id)


@require_POST
@route(who="official", permission=READ_DOSSIER)
def supplement(request: Request, dossier_id: UUID) -> HttpResponse:
    """Ask the applicant to complete the dossier."""
    row = access_dossier(request.by, dossier_id)
    texts, documents = request.POST.getlist("text"), request.POST.getlist("document")
    items = [
        {"document": document, "text": text.strip()}
        for document, text in zip(documents, texts, strict=False)
        if text.strip()
    ]
    try:
        ask_supplement(
            row,
            items=items,
            reason=request.POST.get("reason", ""),
            contact=request.POST.get("contact", ""),
            by=request.by,
            now=timezone.now(),
        )
    except Refused as refused:
        return show(request, dossier_id, refused=refused, form="supplement", status=409)
    messages.success(request, _("Đã yêu cầu bổ sung; đồng hồ hồ sơ tạm dừng."))
    return _back(dossier_id)


@require_POST
@route(who="official", permission=RECEIVE_DOSSIER)
def refuse_dossier(request: Request, dossier_id: UUID) -> HttpResponse:
    """Refuse a dossier that was not accepted."""
    row = access_dossier(request.by, dossier_id)
    try:
        refuse(row, reason=request.POST.get("reason", ""), by=request.by, now=timezone.now())
    except Refused as refused:
        return show(request, dossier_id, refused=refused, form="refuse", status=409)
    messages.success(request, _("Đã từ chối hồ sơ và gửi phiếu từ chối cho người nộp."))
    return _back(dossier_id)


@require_POST
@route(who="official", permission=RECEIVE_DOSSIER)
def collect(request: Request, dossier_id: UUID) -> HttpResponse:
    """Note a fee as paid at the desk."""
    row = access_dossier(request.by, dossier_id)
    collect_fee(row, key=request.POST.get("key", ""), by=request.by, now=timezone.now())
    messages.success(request, _("Đã ghi nhận khoản thu."))
    return _back(dossier_id)


def _back(dossier_id: UUID) -> HttpResponseRedirect:
    return redirect("workspace:dossier", dossier_id=dossier_id)
