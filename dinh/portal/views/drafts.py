"""A dossier being filled in: begun, answered page by page, checked, sent once."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import wraps
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Actor, Request, route
from dinh.foundation.signing.public import latest_reports
from dinh.foundation.ui.public import Choices, FieldError, layout, names_on, parse, press_row_button, summary
from dinh.kernel.conditions import holds
from dinh.kernel.errors import NotFound, Refused
from dinh.onestop.public import (
    DUE_WORDS,
    AlreadySent,
    AnswersMoved,
    DossierIncomplete,
    Problem,
    access_draft,
    access_representation,
    agencies_to_choose,
    agency_at_home,
    answer_errors,
    claim_of_draft,
    draft_papers,
    fees_owed,
    files_aside,
    form_choices,
    get_procedure,
    get_version,
    known_of,
    own_drafts,
    problems_of,
    reading_if_accepted,
    remove_draft,
    republished,
    required_documents,
    save_answers,
    start_draft,
    submit,
    total,
)
from dinh.portal.views.filling import fill_in, from_registry, may_fill_in, notes_of
from dinh.portal.views.home import limit_words
from dinh.portal.views.own_details import unproven_contact
from dinh.portal.views.representation import standing_parties
from dinh.portal.views.screen import clock_values, notes_on, plain_text, sentence, show
from dinh.sso.public import claimed_identity_number, kept_values

if TYPE_CHECKING:
    from dinh.onestop.models import Draft

__all__ = ["agency", "answers", "check", "discard", "draft", "of_open_draft", "send", "start"]

# ?ve=kiem-tra: the reader came from the check page and goes back to it. ?loi=1: show what is wrong at once.
CHECK = "kiem-tra"


def of_open_draft(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give the view the citizen's own draft; one that was sent leads to its dossier instead."""

    @wraps(view)
    def found(request: Request, draft_id: UUID, **kwargs: Any) -> HttpResponseBase:
        row = access_draft(request.by, draft_id)
        if row.sent_as_id is None:
            return view(request, row, **kwargs)
        if request.headers.get("X-Autosave") or request.headers.get("X-Upload"):
            return HttpResponse(_(AlreadySent.message), status=409, content_type="text/plain; charset=utf-8")
        messages.info(request, _("Hồ sơ này đã được nộp. Dưới đây là hồ sơ đã nộp."))
        return redirect("portal:dossier", dossier_id=row.sent_as_id)

    return found


# ---- begin --------------------------------------------------------------------------------------


@route(who="citizen")
def start(request: Request, code: str) -> HttpResponse:
    """Before filling in: what to have ready, which agency, and drafts that can be continued."""
    procedure = get_procedure(plain_text(code, most=50))
    agencies = agencies_to_choose(procedure)
    chosen, error = "", ""
    parties = standing_parties(request)
    party = request.POST.get("party", "") if request.method == "POST" else request.GET.get("thay", "")
    party = party if party in dict(parties) else ""
    if request.method == "POST":
        chosen = request.POST.get("agency", "")
        agency_id = _agency_among(agencies, chosen)
        if agency_id is not None:
            return _begin(request, procedure, agency_id, party=UUID(party) if party else None)
        error = _("Hãy chọn cơ quan sẽ giải quyết hồ sơ.")
    definition = get_version(procedure).parts
    home, lives_at = (None, "") if party or len(agencies) == 1 else agency_at_home(request.by, procedure)
    if home is not None:
        agencies = sorted(agencies, key=lambda one: one[0] != home)
    return show(
        request,
        "start.html",
        {
            "code": code,
            "name": definition.short_name,
            "drafts": [_draft_row(row) for row in own_drafts(request.by, procedure=procedure)],
            "documents": [document for document in definition.documents if document.origin == "upload"],
            "limit": limit_words(str(definition.time_limit.amount), definition.time_limit.unit),
            "agencies": agencies,
            "chosen": chosen or (home if request.method != "POST" else "") or "",
            "lives_at": lives_at if home is not None else "",
            "parties": [("", _("Chính tôi")), *parties] if parties else [],
            "party": party,
            "error": error,
            "may_ask_registry": may_fill_in(request.by),
            "from_registry": request.method != "POST" or bool(request.POST.get("from-registry")),
            "is_online": "online" in definition.channels and definition.service_class != "information",
        },
        status=422 if error else 200,
    )


def _agency_among(agencies: Sequence[tuple[UUID, str, str]], chosen: str) -> UUID | None:
    if len(agencies) == 1:
        return agencies[0][0]
    return next((agency_id for agency_id, *_names in agencies if str(agency_id) == chosen), None)


def _begin(request: Request, procedure: Any, agency_id: UUID, *, party: UUID | None) -> HttpResponse:
    definition = get_version(procedure).parts
    stands_for = access_representation(request.by, party) if party else None
    known = known_of(request.by, stands_for=stands_for)
    account_id = request.by.account_id
    if not known["applicant"]["identity_number"] and account_id is not None:
        known["applicant"]["identity_number"] = claimed_identity_number(account_id)
    registered: dict[str, str] = {}
    check = None
    if request.POST.get("from-registry") and (stands_for is None or stands_for.kind == "business"):
        registered, check = from_registry(request)
    answers, filled_in = fill_in(definition.form, known, registered)
    begun = start_draft(
        procedure,
        answers=answers,
        agency_id=agency_id,
        representation_id=party,
        filled_in=filled_in,
        check_id=check,
        by=request.by,
        now=timezone.now(),
    )
    return redirect("portal:draft", draft_id=begun.id)


def _draft_row(row: Any) -> dict[str, Any]:
    return {
        "name": row.procedure_name,
        "agency": row.agency_name,
        "changed_at": row.changed_at,
        "address": reverse("portal:draft", kwargs={"draft_id": row.id}),
        "discard": reverse("portal:discard", kwargs={"draft_id": row.id}),
    }


@route(who="citizen")
@of_open_draft
def agency(request: Request, row: "Draft") -> HttpResponse:
    """Choose another agency for a draft."""
    agencies = agencies_to_choose(row.version.procedure)
    error = ""
    if request.method == "POST":
        agency_id = _agency_among(agencies, request.POST.get("agency", ""))
        if agency_id is not None:
            _save(request, row, lambda before: before, agency_id=agency_id)
            return redirect("portal:draft", draft_id=row.id)
        error = _("Hãy chọn cơ quan sẽ giải quyết hồ sơ.")
    return show(
        request,
        "agency.html",
        {
            "back": _at("draft", row),
            "agencies": agencies,
            "chosen": request.POST.get("agency", row.agency_id or ""),
            "error": error,
        },
        status=422 if error else 200,
    )


@require_POST
@route(who="citizen")
@of_open_draft
def discard(request: Request, row: "Draft") -> HttpResponse:
    """Throw a draft away."""
    remove_draft(row, by=request.by)
    messages.success(request, _("Đã bỏ hồ sơ đang điền."))
    return redirect("portal:dossiers")


# ---- the task list ------------------------------------------------------------------------------


@route(who="citizen")
@of_open_draft
def draft(request: Request, row: "Draft") -> HttpResponse:
    """All that is to be done before sending, and how far each part is."""
    pages = _page_tasks(row)
    paper_tasks = _paper_tasks(row, is_filled=all(task["state"] == "done" for task in pages))
    problems = [task for task in [*pages, *paper_tasks] if task["state"] != "done"]
    check_task = {
        "label": _("Kiểm tra và nộp hồ sơ"),
        "address": _at("check", row),
        "state": "later" if problems else "now",
        "state_label": _("Sau khi xong các phần trên") if problems else _("Sẵn sàng nộp"),
    }
    return show(
        request,
        "draft.html",
        {
            "name": row.version.parts.short_name,
            "code": row.version.procedure.code,
            "agency": row.agency.name if row.agency else "",
            "party": row.representation.name if row.representation else "",
            "agency_address": _at("agency", row),
            "changed_at": row.changed_at,
            "pages": pages,
            "papers": paper_tasks,
            "send": [check_task],
            "next": (problems or [check_task])[0],
            "left": len(problems),
            "discard": _at("discard", row),
            "newer": _at("newer-version", row) if republished(row) else "",
            "earlier": _earlier(row),
            "aside": row.aside,
            "files_aside": [
                {"name": file.name, "address": reverse("portal:draft-file", args=[file.id])}
                for file in files_aside(row)
            ],
        },
    )


def _earlier(row: "Draft") -> dict[str, str] | None:
    """The ended dossier that this one was filled in from."""
    if row.begun_from is None:
        return None
    return {"code": str(row.begun_from), "address": reverse("portal:dossier", args=[row.begun_from_id])}


def _page_tasks(row: "Draft") -> list[dict[str, Any]]:
    form = row.version.parts.form
    choices = form_choices(row.agency_id)
    tasks = []
    for page in summary(form, row.data, choices=choices):
        errors = _errors(row, row.data, page.key, choices)
        is_begun = any(field.value for field in page.rows)
        state = "now" if errors else ("done" if is_begun else "later")
        tasks.append(
            {
                "label": page.label,
                "address": reverse("portal:answers", kwargs={"draft_id": row.id, "page": page.key}),
                "state": state,
                "state_label": _page_words(is_wrong=bool(errors), is_begun=is_begun),
            }
        )
    return tasks


def _page_words(*, is_wrong: bool, is_begun: bool) -> str:
    """The state of a page beside its sign; an untouched one that nothing requires is optional."""
    if is_wrong:
        return _("Đang điền dở") if is_begun else ""
    return "" if is_begun else _("Không bắt buộc")


def _paper_tasks(row: "Draft", *, is_filled: bool) -> list[dict[str, Any]]:
    """The papers as a part; which ones are needed is known only when the form is filled in."""
    definition = row.version.parts
    if all(document.origin == "form" for document in definition.documents):
        return []
    needed = required_documents(definition, row.data)
    given = {paper.document_key for paper in draft_papers(row)}
    missing = [document for document in needed if document.key not in given]
    state, said = "done", ""
    if missing:
        state, said = "now", _("Còn thiếu %(count)d giấy tờ") % {"count": len(missing)}
    elif not is_filled:
        state, said = "later", _("Sau khi khai xong")
    return [{"label": _("Giấy tờ"), "address": _at("papers", row), "state": state, "state_label": said}]


# ---- a page of the form -------------------------------------------------------------------------


@route(who="citizen")
@of_open_draft
def answers(request: Request, row: "Draft", *, page: str) -> HttpResponse:
    """One page of the form: kept as it is typed, valid or not; errors stand at their fields."""
    form, choices = row.version.parts.form, form_choices(row.agency_id)
    pages = [one.key for one in summary(form, row.data, choices=choices)]
    if page not in pages:
        raise NotFound
    if request.method != "POST":
        kept = kept_values(request)
        data = row.data if kept is None else parse(form, kept, page=page, before=row.data)
        errors = _errors(row, data, page, choices) if "loi" in request.GET else []
        return _answer_page(request, row, page, data, errors)
    is_auto = "X-Autosave" in request.headers
    if is_auto and request.POST.get("_drawn", "") not in ("", _drawn(row, page)):
        return HttpResponse(_(AnswersMoved.message), status=409, content_type="text/plain; charset=utf-8")
    pressed = None

    def typed(before: dict[str, Any]) -> dict[str, Any]:
        nonlocal pressed
        read = parse(form, request.POST, page=page, before=before)
        pressed = press_row_button(form, request.POST, read)
        return read if pressed is None else pressed

    row = _save(request, row, typed)
    data = row.data
    if is_auto:
        return HttpResponse(status=204, headers={"X-Drawn": _drawn(row, page)})
    if pressed is not None:
        return redirect(f"{request.get_full_path()}#f-{_list_pressed(request.POST)}")
    if "sau" in request.POST:
        return redirect("portal:draft", draft_id=row.id)
    errors = _errors(row, data, page, choices)
    if errors:
        return _answer_page(request, row, page, data, errors, status=422)
    return redirect(_after(request, row, page))


def _errors(row: "Draft", data: Mapping[str, Any], page: str, choices: Choices) -> list[FieldError]:
    return answer_errors(
        row.version.parts,
        data,
        agency_id=row.agency_id,
        page=page,
        choices=choices,
        stands_for=row.representation,
    )


def _save(
    request: Request,
    row: "Draft",
    typed: Callable[[dict[str, Any]], dict[str, Any]],
    *,
    agency_id: UUID | None = None,
) -> "Draft":
    """Keep the answers that come of those that stand there, also when another page was kept meanwhile."""
    while True:
        try:
            return save_answers(
                row,
                answers=typed(row.data),
                seen=row.data,
                agency_id=agency_id,
                by=request.by,
                now=timezone.now(),
            )
        except AnswersMoved:
            row = access_draft(request.by, row.id)


def _drawn(row: "Draft", page: str) -> str:
    """A mark of a page's answers as they stand: a page that was drawn with others is out of date."""
    answers = {name: row.data.get(name) for name in names_on(row.version.parts.form, page)}
    return sha256(json.dumps(answers, sort_keys=True).encode()).hexdigest()[:16]


def _list_pressed(typed: QueryDict) -> str:
    return (typed.get("_add") or typed.get("_remove") or "").split(".")[0]


def _answer_page(
    request: Request, row: "Draft", page: str, data: dict[str, Any], errors: Sequence[Any], status: int = 200
) -> HttpResponse:
    form, choices = row.version.parts.form, form_choices(row.agency_id)
    pages = summary(form, data, choices=choices)
    place = [one.key for one in pages].index(page) if page in [one.key for one in pages] else 0
    return show(
        request,
        "answers.html",
        {
            "title": pages[place].label,
            "name": row.version.parts.short_name,
            "number": place + 1,
            "count": len(pages),
            "form": layout(form, data, errors, page=page, choices=choices, notes=notes_of(row, data)),
            "errors": [(error.path, error.sentence) for error in errors],
            "back": _before(request, row, pages, place),
            "to_check": request.GET.get("ve") == CHECK,
            "drawn": _drawn(row, page),
        },
        status=status,
    )


def _before(request: Request, row: "Draft", pages: Sequence[Any], place: int) -> str:
    if request.GET.get("ve") == CHECK:
        return _at("check", row)
    if place == 0:
        return _at("draft", row)
    return reverse("portal:answers", kwargs={"draft_id": row.id, "page": pages[place - 1].key})


def _after(request: Request, row: "Draft", page: str) -> str:
    """The next page of those that the answers now ask for, then papers, then the check."""
    if request.GET.get("ve") == CHECK:
        return _at("check", row)
    fresh = access_draft(request.by, row.id)
    keys = [
        one.key
        for one in summary(fresh.version.parts.form, fresh.data, choices=form_choices(fresh.agency_id))
    ]
    following = keys[keys.index(page) + 1 :] if page in keys else []
    if following:
        return reverse("portal:answers", kwargs={"draft_id": row.id, "page": following[0]})
    has_papers = any(document.origin == "upload" for document in row.version.parts.documents)
    return _at("papers" if has_papers else "check", row)


def _at(name: str, row: "Draft") -> str:
    return reverse(f"portal:{name}", kwargs={"draft_id": row.id})


# ---- check and send -----------------------------------------------------------------------------


@route(who="citizen")
@of_open_draft
def check(request: Request, row: "Draft") -> HttpResponse:
    """Read all answers back before sending, with what it costs and when it would be due."""
    return _check_page(request, row, problems_of(row, now=timezone.now()))


def _check_page(
    request: Request, row: "Draft", problems: Sequence[Problem], *, error: str = "", status: int = 200
) -> HttpResponse:
    definition = row.version.parts
    fees = fees_owed(definition, row.data, channel="online")
    now = timezone.now()
    reading = reading_if_accepted(row.version, row.agency_id, now=now) if row.agency_id else None
    limit = definition.time_limit
    papers = _papers_read_back(row)
    return show(
        request,
        "check.html",
        {
            "name": definition.short_name,
            "agency": row.agency.name if row.agency else "",
            "party": row.representation.name if row.representation else "",
            "agency_address": _at("agency", row),
            "pages": summary(definition.form, row.data, choices=form_choices(row.agency_id)),
            "change": reverse("portal:answers", kwargs={"draft_id": row.id, "page": "PAGE"}).replace(
                "PAGE", "{page}"
            )
            + f"?ve={CHECK}",
            "papers": papers,
            "to_look_at": sum(
                tone != "good" for paper in papers for file in paper["files"] for tone, _text in file["notes"]
            ),
            "papers_address": f"{_at('papers', row)}?ve={CHECK}",
            "fees": [
                {
                    "name": fee.name,
                    "amount": fee.amount,
                    "due": _(DUE_WORDS[fee.due]),
                    "lines": [line.said(_) for line in fee.lines],
                }
                for fee in fees
            ],
            "total": total(fees),
            "exemption": reverse("portal:exemption", kwargs={"draft_id": row.id})
            if definition.exemptions and fees
            else "",
            "claim": claim_of_draft(request.by, row.id) if definition.exemptions else None,
            "limit": limit_words(str(limit.online or limit.amount), limit.unit),
            "answered_in": limit_words(str(definition.first_step.hours), "hours"),
            "due": clock_values(reading) if reading else None,
            "problems": [
                {"sentence": problem.sentence, "address": _place_address(row, problem)}
                for problem in problems
            ],
            "error": error,
            "back": _at("draft", row),
            "send": _at("send", row),
            "unproven": unproven_contact(request.by),
        },
        status=status,
    )


def _papers_read_back(row: "Draft") -> list[dict[str, Any]]:
    definition = row.version.parts
    names = {document.key: document.name for document in definition.documents}
    needless = (
        "warn",
        _("Theo nội dung đã khai thì không cần giấy này. Nếu không muốn gửi, hãy bỏ tệp ở phần Giấy tờ."),
    )
    not_asked = {one.key: [needless] for one in definition.documents if not holds(one.required_if, row.data)}
    rows: dict[str, list[dict[str, Any]]] = {}
    given = draft_papers(row)
    reports = latest_reports([one.file.sha256 for one in given if one.file.media_type == "application/pdf"])
    for paper in given:
        report, key = reports.get(paper.file.sha256), paper.document_key
        notes = notes_on(paper.file, report=report, reused_from=paper.reused_from)
        rows.setdefault(key, []).append(
            {
                "name": paper.file.name,
                "size": paper.file.size_in_words,
                "address": reverse("portal:draft-file", kwargs={"draft_file_id": paper.id}),
                "notes": notes + not_asked.get(key, []),
            }
        )
    return [{"name": names.get(key, key), "files": files} for key, files in rows.items()]


def _place_address(row: "Draft", problem: Problem) -> str:
    """Where a fault is mended: the page of its field, or the papers."""
    if problem.place.startswith("paper:"):
        return f"{_at('papers', row)}?ve={CHECK}&loi=1#f-{problem.place.removeprefix('paper:')}"
    name = problem.place.split(".")[0]
    pages = row.version.parts.form.get("ui", {}).get("pages", [])
    page = next((one["key"] for one in pages if name in one.get("fields", ())), None)
    if page is None:
        page = summary(row.version.parts.form, row.data, choices=form_choices(row.agency_id))[0].key
    address = reverse("portal:answers", kwargs={"draft_id": row.id, "page": page})
    return f"{address}?ve={CHECK}&loi=1#f-{problem.place}"


def _sender(request: Request, row: "Draft") -> Actor:
    """Who sends; the audit entry says on whose behalf."""
    if row.representation is None:
        return request.by
    return replace(request.by, on_behalf_of=row.representation.name)


@require_POST
@route(who="citizen")
@of_open_draft
def send(request: Request, row: "Draft") -> HttpResponse:
    """Send the draft. The second of two clicks, or of two tabs, finds the dossier of the first.

    It counts as filed at the moment at which the request arrived, however long it then waited.
    """
    try:
        dossier = submit(row, by=_sender(request, row), now=request.arrived_at)
    except AlreadySent:
        sent = access_draft(request.by, row.id)
        return redirect("portal:sent", dossier_id=sent.sent_as_id)
    except DossierIncomplete as refused:
        return _check_page(request, row, refused.problems, status=422)
    except Refused as refused:
        return _check_page(request, row, (), error=sentence(refused), status=409)
    return redirect("portal:sent", dossier_id=dossier.id)
