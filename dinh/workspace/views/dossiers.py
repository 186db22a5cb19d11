"""One dossier on one screen: what it is, what is next and whose, the clock explained, papers, timeline."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.directory.public import GRANT_ROLES
from dinh.foundation.ui.public import DUE_KINDS, FormView
from dinh.kernel.clocks import ClockReading, ClockState
from dinh.kernel.errors import N_, NotAllowed, Refused
from dinh.onestop.public import (
    READ_DOSSIER,
    RECEIVE_DOSSIER,
    RETURN_WAYS,
    SHOWN,
    DossierCard,
    DraftDifference,
    PaperCard,
    ReturnCard,
    StepCard,
    Talk,
    accept,
    access_dossier,
    agreed_reason,
    answer_by_of,
    ask_supplement,
    copies_of,
    dossier_card,
    dossier_check,
    draft_differences,
    draft_errors,
    draft_view,
    first_content,
    follows_first,
    former_units,
    may_correct_contact,
    meeting_steps,
    note_messages_read,
    page_differences,
    paper_label,
    papers_of,
    places_of,
    read_draft,
    refuse,
    results_for,
    stop,
    supplement_askable_until,
    talk_of,
    timeline_words,
    times_of,
    unread_messages,
    unscanned_parts,
)
from dinh.sso.public import kept_values
from dinh.workspace.views.registries import check_values
from dinh.workspace.views.signing import papers_to_sign

if TYPE_CHECKING:
    from dinh.onestop.models import Dossier

__all__ = [
    "accept_dossier",
    "agency_papers",
    "back",
    "clock_values",
    "dossier",
    "hours_words",
    "refuse_dossier",
    "show",
    "status_of",
    "stop_dossier",
    "step_values",
    "str_of",
    "supplement",
]

WORK_LIST = "/lam-viec/"

# The parts of the left column under the task, with the letter that opens each after g.
PARTS = {
    "noi-dung": (N_("Nội dung khai"), "n"),
    "cac-buoc": (N_("Các bước"), "b"),
    "dien-bien": (N_("Diễn biến"), "d"),
    "trao-doi": (N_("Trao đổi"), "o"),
}

# What the reader did a moment ago, by the verb that can be taken back.
UNDO_OFFERS = {
    "step.claimed": N_("Ông/Bà vừa nhận xử lý"),
    "step.released": N_("Ông/Bà vừa trả về đơn vị"),
    "step.assigned": N_("Ông/Bà vừa giao việc ở"),
    "step.completed": N_("Ông/Bà vừa xử lý xong"),
}

# Verbs of a step that a form on the screen sends, by the names of their addresses.
STEP_VERBS = (
    "claim", "release", "assign", "complete", "draft", "enclose", "scan", "sign", "issue", "return",
    "announce", "send-back", "ask-back", "undo",
)  # fmt: skip


@route(who="official", permission=READ_DOSSIER)
def dossier(request: Request, dossier_id: UUID) -> HttpResponse:
    """The dossier's screen."""
    return show(request, dossier_id, kept=kept_values(request))


@route(who="official", permission=READ_DOSSIER)
def agency_papers(request: Request, dossier_id: UUID) -> HttpResponse:
    """The papers that the desk issued, alone: the screen asks again while one is being signed."""
    here = reverse("workspace:dossier", kwargs={"dossier_id": dossier_id})
    return render(
        request,
        "workspace/agency_papers.html",
        {
            "papers": _papers(papers_of(request.by, dossier_id), here),
            "chosen": request.GET.get("xem", ""),
            "poll": reverse("workspace:agency-papers", kwargs={"dossier_id": dossier_id}),
            "here_address": here,
        },
    )


def show(
    request: Request,
    dossier_id: UUID,
    *,
    refused: Refused | None = None,
    form: str = "",
    kept: QueryDict | None = None,
    part: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render the dossier's screen; ``refused`` is shown at the form that was sent, with what was typed."""
    row = access_dossier(request.by, dossier_id)
    now = timezone.now()
    card = dossier_card(row, by=request.by, now=now)
    here = reverse("workspace:dossier", kwargs={"dossier_id": dossier_id})
    chosen_part = part or request.GET.get("phan", "")
    chosen_part = chosen_part if chosen_part in PARTS else "noi-dung"
    parts, papers, results = _parts(card, here), _papers(card.papers, here), _results(card, here)
    shown = _shown_paper(request.GET.get("xem", ""), parts, papers, results)
    return render(
        request,
        "workspace/dossier.html",
        {
            "card": card,
            "formerly": former_units(row),
            "now": now,
            "here_address": here,
            "clock": clock_values(card.reading),
            "work": [
                {
                    **step_values(card, step, request.POST if form == f"draft:{step.id}" else None),
                    "differences": _differences(card, step),
                    "to_sign": papers_to_sign(card, step, by=request.by, now=now),
                }
                for step in card.open_steps
            ],
            "meets": meeting_steps(row, by=request.by, now=now),
            "may_act": any(step.may_work for step in card.open_steps) and card.state != "supplement",
            "past": _past(card),
            "times": _times(row, now=now) if chosen_part == "cac-buoc" else (),
            "timeline": timeline_words(card.timeline),
            "parts": parts,
            "papers": papers,
            "results": results,
            "unpaid": sum(fee.amount for fee in card.fees if not fee.paid_at and not fee.voided_at),
            "shown": shown,
            "chosen": shown["key"] if shown else "",
            "poll": reverse("workspace:agency-papers", kwargs={"dossier_id": dossier_id}),
            "tabs": [
                {
                    "key": key,
                    "label": _(label),
                    "go": go,
                    "address": f"{here}?phan={key}",
                    "active": key == chosen_part,
                }
                for key, (label, go) in PARTS.items()
            ],
            "part": chosen_part,
            "channel": _channel(card.dossier),
            "check": _check(request, row) if chosen_part == "noi-dung" else None,
            "intake_desk": row.intake_desk.name if row.intake_desk is not None else "",
            "contact_address": (
                reverse("workspace:contact", kwargs={"dossier_id": dossier_id})
                if may_correct_contact(request.by, row)
                else ""
            ),
            "return_label": _(RETURN_WAYS[row.return_way]) if row.return_way else _("Tại quầy"),
            "shown_papers": [(key, _(label)) for key, label in SHOWN.items()],
            "units": _units(request, card),
            "error": str_of(refused),
            "error_place": _place_of(refused, form),
            "form": form,
            "typed": request.POST if refused is not None else kept or QueryDict(),
            "documents": _asked_documents(card),
            "places": [(place.key, _(place.label)) for place in places_of(card.definition)],
            "returned": sum(one.state == "done" for one in card.returns),
            # After a refusal nothing was done that one would take back.
            "undo": _undo(card) if refused is None else None,
            "talk": _talk(request, row, now=now) if chosen_part == "trao-doi" else None,
            "talk_to": {
                "send": reverse("workspace:message", kwargs={"dossier_id": dossier_id}),
                "note": reverse("workspace:note", kwargs={"dossier_id": dossier_id}),
            },
            "unread_messages": unread_messages(row, by=request.by),
            "answer_by": answer_by_of(row) if card.may_ask_supplement else None,
            "stop_at": reverse("workspace:stop", kwargs={"dossier_id": dossier_id}),
        },
        status=status,
    )


def _check(request: Request, row: "Dossier") -> dict[str, Any] | None:
    """How the applicant stands in a national registry, and where to ask; None: nothing to say."""
    known = dossier_check(row, by=request.by)
    if known is None or not (known.last or known.may_ask or known.represented_at or known.claimed):
        return None
    return {
        "registry": _(known.registry_label),
        "last": check_values(known.last, known.declared) if known.last is not None else None,
        "represented_at": known.represented_at,
        "claimed": _claimed(known),
        "others": ", ".join(known.others),
        "ask": reverse("workspace:check-applicant", kwargs={"dossier_id": row.pk}) if known.may_ask else "",
    }


def _claimed(known: Any) -> str:
    """The number that the applicant claims, said to be no more than that; empty: it is known."""
    if not known.claimed:
        return ""
    asked = known.last is not None and known.last.record is not None
    words = _("%(number)s (tự khai)") if asked else _("%(number)s (tự khai, chưa đối chiếu)")
    return words % {"number": known.claimed}


def _talk(request: Request, row: "Dossier", *, now: dt.datetime) -> Talk:
    """What was said beside the dossier; the reader has seen it now."""
    said = talk_of(row, by=request.by)
    note_messages_read(row, by=request.by, now=now)
    return said


def _times(row: "Dossier", *, now: dt.datetime) -> list[dict[str, Any]]:
    """What each step had, took and answers for, when the dossier's clock has begun."""
    if row.accepted_at is None:
        return []
    return [
        {
            "name": one.name or _("Ngoài thời gian của các bước"),
            "unit": one.unit_name,
            "holder": one.holder,
            "limit": hours_words(one.limit),
            "spent": hours_words(one.spent),
            "over": one.spent > one.limit,
            "late": hours_words(one.late) if one.late else "",
        }
        for one in times_of(row, now=now)
    ]


def hours_words(time: dt.timedelta) -> str:
    """Working time as hours and minutes: 12:30."""
    minutes = int(time.total_seconds()) // 60
    return f"{minutes // 60}:{minutes % 60:02d}"


def _undo(card: DossierCard) -> dict[str, Any] | None:
    """What the reader can still take back, and until when."""
    if card.undoable is None:
        return None
    return {
        "what": _(UNDO_OFFERS[card.undoable.verb]),
        "step": card.undoable.step_name,
        "until": card.undoable.until,
        "address": reverse("workspace:undo", kwargs={"step_id": card.undoable.step_id}),
    }


def _channel(dossier: Any) -> str:
    """How it was filed; what was filed at the national portal bears its number there."""
    if dossier.external_code:
        return _("Trực tuyến, tại Cổng quốc gia, số %(number)s") % {"number": dossier.external_code}
    return _(dossier.get_channel_display())


def status_of(refused: Refused) -> int:
    """403 for what somebody may not do, 409 for a rule's no."""
    return 403 if isinstance(refused, NotAllowed) else 409


def _place_of(refused: Refused | None, form: str) -> str:
    """The id of the input at which a refusal stands; forms of one page may not share names."""
    if refused is None or not refused.field:
        return ""
    kind, _colon, step_id = form.partition(":")
    if kind == "back" and refused.field == "note":
        return f"back-{step_id}"
    if refused.field in ("note", "position"):
        return f"{refused.field}-{step_id}"
    if refused.field == "items":
        return "text-"
    return "refusal" if refused.field == "reason" and kind in ("refuse", "announce") else refused.field


def _asked_documents(card: DossierCard) -> list[tuple[str, str]]:
    """What a supplement may name: each paper of the procedure, then anything else."""
    named = [(document.key, document.name) for document in card.definition.documents]
    return [*named, ("", _("Nội dung khác"))]


def _units(request: Request, card: DossierCard) -> list[dict[str, str]]:
    """Units that take part; for whoever grants rights each with the way to the explanation."""
    may_ask_why = request.by.holds(GRANT_ROLES.code)
    return [
        {
            "name": name,
            "why": f"{reverse('directory:why')}?permission={READ_DOSSIER.code}&unit={unit_id}"
            if may_ask_why
            else "",
        }
        for unit_id, name in card.units
    ]


def _shown_paper(
    wanted: str, parts: list[dict[str, Any]], papers: list[dict[str, Any]], results: list[dict[str, Any]]
) -> dict[str, Any] | None:
    """The one paper that is open beside the form: as asked, else the result, else the first given."""
    openable = [paper for paper in [*results, *parts, *papers] if paper["address"]]
    for paper in openable:
        if paper["key"] == wanted:
            return paper
    current = [paper for paper in openable if not paper.get("replaced")]
    return next(iter(current or openable), None)


def str_of(refused: Refused | None) -> str:
    """The sentence of a refusal in the reader's language."""
    if refused is None:
        return ""
    return refused.said(_)


def clock_values(reading: ClockReading) -> dict[str, Any]:
    """What ``ui.due`` shows of a clock."""
    kind = "waiting" if reading.state == ClockState.PAUSED else DUE_KINDS[reading.timeliness]
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


def step_values(card: DossierCard, step: StepCard, sent: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """One open step as the templates show it, with the addresses of its verbs.

    ``sent`` is a draft that was refused: what was typed stands in its inputs again.
    """
    needs_draft = any("draft" in outcome.needs for outcome in step.outcomes)
    drafts = _drafts(card, sent) if needs_draft and step.kind == "handle" and step.may_work else []
    return {
        "card": step,
        "clock": clock_values(step.reading) if step.reading else None,
        "addresses": {name: reverse(f"workspace:{name}", kwargs={"step_id": step.id}) for name in STEP_VERBS},
        "candidates": [
            (
                str(one.position_id),
                _("%(name)s (%(title)s) · đang giữ %(open)s việc, quá hạn %(overdue)s")
                % {"name": one.name, "title": one.title, "open": one.open, "overdue": one.overdue}
                + (f" · {_('đang vắng')}" if one.is_away else ""),
            )
            for one in step.candidates
        ],
        "drafts": drafts,
        "unscanned": unscanned_parts(card.dossier) if step.may_work and step.kind == "handle" else [],
        "other_pages": page_differences(card.dossier)
        if step.may_work and step.kind in ("receive", "handle")
        else [],
        "supplement_until": supplement_askable_until(card.dossier, calendar=card.reading.calendar)
        if card.may_ask_supplement
        else None,
        "needs_draft": needs_draft,
        "reasoned": [
            outcome.label for outcome in step.outcomes if "reason" in outcome.needs and not outcome.back
        ],
        "draft_first": needs_draft
        and (
            len(card.results) < len(results_for(card.definition, card.dossier.data))
            or any(one["errors"] for one in drafts)
        ),
        "asked_back": next(
            (_return(one) for one in card.returns if one.step_id == step.id and one.state == "asked"), None
        ),
        "came_back": next(
            (
                _return(one)
                for one in card.returns
                if one.state == "done" and one.decided_at == step.opened_at
            ),
            None,
        ),
        "agreed": agreed_reason(step.id) if step.kind == "refuse" else None,
        "forward": [outcome for outcome in step.outcomes if not outcome.back],
        "back": [outcome for outcome in step.outcomes if outcome.back],
    }


def _differences(card: DossierCard, step: StepCard) -> list[dict[str, Any]]:
    """Where the drafted results depart from what was declared, for who reviews or signs them; one that
    repeats the first result repeats its differences, which are told once.
    """
    if step.kind not in ("review", "sign"):
        return []
    return [
        _difference(found, result=one.name)
        for one in card.results
        if one.copy == 1
        for found in draft_differences(card.dossier, one.key, one.content)
    ]


def _difference(found: DraftDifference, *, result: str = "") -> dict[str, Any]:
    return {"result": result, "label": found.label, "drafted": found.drafted, "declared": found.declared}


def _return(one: ReturnCard) -> dict[str, Any]:
    return {
        "reason": one.reason,
        "about": [_(label) for label in one.about],
        "by": one.asked_by,
        "at": one.asked_at,
        "may_approve": one.may_approve,
        "approve": reverse("workspace:return-approve", kwargs={"return_id": one.id}),
        "decline": reverse("workspace:return-decline", kwargs={"return_id": one.id}),
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


def _parts(card: DossierCard, here: str) -> list[dict[str, Any]]:
    return [
        {
            "key": f"gt-{part.id}",
            "link": f"{here}?xem=gt-{part.id}",
            "label": part.name,
            "original": part.is_original,
            "reused_from": part.reused_from,
            "replaced": part.replaced_at is not None,
            "file": part.file,
            "address": reverse("workspace:part-file", kwargs={"part_id": part.id}) if part.file else "",
        }
        for part in card.parts
    ]


def _papers(papers: Sequence[PaperCard], here: str) -> list[dict[str, Any]]:
    return [
        {
            "key": f"vb-{paper.id}",
            "link": f"{here}?xem=vb-{paper.id}",
            "label": paper_label(paper.form),
            "ready": paper.ready,
            "asked_at": paper.asked_at,
            "file": paper.file,
            "address": reverse("workspace:paper-file", kwargs={"paper_id": paper.id}) if paper.ready else "",
        }
        for paper in papers
    ]


def draft_prefix(key: str) -> str:
    """What stands before the names of a draft's inputs: several results may be drafted on one page."""
    return f"field-{key}--" if key else "field-"


def _drafts(card: DossierCard, sent: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Each result as the specialist completes it: its form, what it lacks, the papers bound to it."""
    cards = {one.key: one for one in card.results if one.copy == 1}
    today = timezone.localdate()
    drafts = []
    for template in results_for(card.definition, card.dossier.data):
        known = cards.get(template.key)
        content = known.content if known else first_content(card.dossier, template.key)
        before = draft_prefix(template.key)
        if sent is not None and sent.get("ket_qua", "") == template.key:
            content = read_draft(template, sent, before=before)
        errors = draft_errors(template, content, card.dossier, today=today, before=before) if known else []
        bound = {one.key: one for one in known.enclosures} if known else {}
        view = draft_view(template, content, card.dossier, before=before, errors=errors)
        differing = draft_differences(card.dossier, template.key, content) if known else []
        drafts.append(
            {
                "differences": [_difference(one) for one in differing],
                "key": template.key,
                "name": template.name,
                "follows": bool(template.key) and follows_first(template),
                "copies": copies_of(template, card.dossier.data),
                "is_drafted": known is not None,
                "view": _marked(view, {f"{before}{one.name}": one.declared for one in differing}),
                "errors": errors,
                "enclosures": [
                    {
                        "key": one.key,
                        "name": one.name,
                        "optional": one.optional,
                        "bound": bound.get(one.key),
                        "taken": [
                            paper
                            for paper in (known.enclosures if known and one.document else ())
                            if paper.taken_from == one.document
                        ],
                    }
                    for one in template.encloses
                ],
            }
        )
    return drafts


def _marked(view: FormView, declared: Mapping[str, str]) -> FormView:
    """The form with the declared value beside each input that now says something else."""
    nodes = []
    for node in view.nodes:
        if node.name in declared:
            said = _("Khác nội dung khai. Người nộp khai: %(value)s.") % {"value": declared[node.name]}
            node = replace(node, help=f"{said} {node.help}".strip())
        nodes.append(node)
    return replace(view, nodes=tuple(nodes))


def _results(card: DossierCard, here: str) -> list[dict[str, Any]]:
    """The results and the papers bound to them, as the column of papers lists them."""
    found = []
    for one in card.results:
        if one.file is None:
            continue
        key = f"kq-{one.key}" if one.key else "kq"
        key += f"-{one.copy}" if one.copy > 1 else ""
        found.append(
            {
                "key": key,
                "link": f"{here}?xem={key}",
                "label": one.name,
                "number": one.number,
                "for": "" if one.recipients == (card.dossier.applicant_name,) else "; ".join(one.recipients),
                "draft": one.state == "draft",
                "bound": False,
                "file": one.file,
                "address": reverse(
                    "workspace:one-result-file", kwargs={"dossier_id": card.dossier.id, "result_id": one.id}
                )
                if one.key
                else reverse("workspace:result-file", kwargs={"dossier_id": card.dossier.id}),
            }
        )
        found += [
            {
                "key": f"kt-{paper.id}",
                "link": f"{here}?xem=kt-{paper.id}",
                "label": paper.name,
                "number": "",
                "for": "",
                "draft": False,
                "bound": True,
                "file": paper.file,
                "address": reverse("workspace:enclosure-file", kwargs={"enclosure_id": paper.id}),
            }
            for paper in one.enclosures
        ]
    return found


@require_POST
@route(who="official", permission=RECEIVE_DOSSIER)
def accept_dossier(request: Request, dossier_id: UUID) -> HttpResponse:
    """Accept a dossier."""
    row = access_dossier(request.by, dossier_id)
    try:
        row = accept(row, by=request.by, now=timezone.now())
    except Refused as refused:
        return show(request, dossier_id, refused=refused, form="accept", status=status_of(refused))
    messages.success(request, _("Đã tiếp nhận. Mã hồ sơ: %(code)s.") % {"code": row.code})
    return back(request, dossier_id)


@require_POST
@route(who="official", permission=READ_DOSSIER)
def supplement(request: Request, dossier_id: UUID) -> HttpResponse:
    """Ask the applicant to complete the dossier: one line a paper, empty where nothing is missing."""
    row = access_dossier(request.by, dossier_id)
    asked = ((key, request.POST.get(f"text-{key}", "").strip()[:1000]) for key in _document_keys(row))
    try:
        ask_supplement(
            row,
            items=[{"document": key, "text": text} for key, text in asked if text],
            reason=request.POST.get("reason", ""),
            contact=request.POST.get("contact", ""),
            by=request.by,
            now=timezone.now(),
        )
    except Refused as refused:
        return show(request, dossier_id, refused=refused, form="supplement", status=status_of(refused))
    messages.success(request, _("Đã yêu cầu bổ sung; đồng hồ hồ sơ tạm dừng."))
    return back(request, dossier_id)


@require_POST
@route(who="official", permission=READ_DOSSIER)
def stop_dossier(request: Request, dossier_id: UUID) -> HttpResponse:
    """Stop a dossier whose applicant did not complete it in time."""
    row = access_dossier(request.by, dossier_id)
    try:
        stop(row, reason=request.POST.get("stop-reason", "")[:2000], by=request.by, now=timezone.now())
    except Refused as refused:
        return show(request, dossier_id, refused=refused, form="stop", status=status_of(refused))
    messages.success(request, _("Đã dừng giải quyết hồ sơ và báo cho người nộp."))
    return back(request, dossier_id)


def _document_keys(row: "Dossier") -> list[str]:
    return [*(document.key for document in row.version.parts.documents), ""]


@require_POST
@route(who="official", permission=RECEIVE_DOSSIER)
def refuse_dossier(request: Request, dossier_id: UUID) -> HttpResponse:
    """Refuse a dossier that was not accepted."""
    row = access_dossier(request.by, dossier_id)
    try:
        refuse(row, reason=request.POST.get("refusal", ""), by=request.by, now=timezone.now())
    except Refused as refused:
        return show(request, dossier_id, refused=refused, form="refuse", status=status_of(refused))
    messages.success(request, _("Đã từ chối hồ sơ và gửi phiếu từ chối cho người nộp."))
    return back(request, dossier_id)


def back(request: Request, dossier_id: UUID) -> HttpResponseRedirect:
    """Go back to where the verb was pressed: the list, when it stood in its side panel."""
    to = request.POST.get("tro-lai", "")
    if to.split("?")[0] == WORK_LIST and url_has_allowed_host_and_scheme(to, allowed_hosts=None):
        return HttpResponseRedirect(to)
    return redirect("workspace:dossier", dossier_id=dossier_id)
