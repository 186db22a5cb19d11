"""What an official does with a step: take it, give it back, end it, draft, sign, issue, return."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Actor, Request, route
from dinh.foundation.files.public import PAPERS, store
from dinh.kernel.errors import N_, Refused
from dinh.onestop.public import (
    ANYBODY,
    ASSIGN_STEP,
    READ_DOSSIER,
    WORK_ON_STEP,
    AlreadyScanned,
    ScanNotChosen,
    access_step,
    add_scan,
    announce_refusal,
    assign,
    claim,
    complete,
    draft_errors,
    draft_result,
    enclose,
    issue_result,
    read_draft,
    release,
    return_result,
    sign_result,
    undo,
    who_acts,
)
from dinh.sso.public import requires_recent_password
from dinh.workspace.views.dossiers import back, draft_prefix, show, status_of

__all__ = [
    "announce_step",
    "assign_step",
    "carry_out",
    "claim_step",
    "complete_step",
    "draft_step",
    "enclose_step",
    "issue_step",
    "release_step",
    "return_step",
    "scan_step",
    "sign_step",
    "undo_step",
]

# Signing with one's own key asks for the password again when it was given longer ago than this.
MINUTES_TO_SIGN = 15


def carry_out(
    request: Request,
    step_id: UUID,
    *,
    form: str,
    done: str | Callable[[object], str],
    do: Callable[[Any, Actor], object],
) -> HttpResponse:
    """Carry out one verb on a step the reader may see; a refusal comes back at its form.

    ``do`` gets the step and as whom the reader works on it: as themselves, or in place of somebody away.
    ``done`` is what is said after it, or makes it of what ``do`` returned.
    """
    step = access_step(request.by, step_id)
    by = who_acts(request.by, step, now=timezone.now())
    try:
        made = do(step, by)
    except Refused as refused:
        return show(
            request, step.dossier_id, refused=refused, form=f"{form}:{step_id}", status=status_of(refused)
        )
    messages.success(request, done if isinstance(done, str) else done(made))
    return back(request, step.dossier_id)


@require_POST
@route(who="official", permission=WORK_ON_STEP)
def claim_step(request: Request, step_id: UUID) -> HttpResponse:
    """Take a step."""
    return carry_out(
        request,
        step_id,
        form="claim",
        done=_("Ông/Bà đã nhận xử lý bước này."),
        do=lambda step, by: claim(step, by=by, now=timezone.now()),
    )


@require_POST
@route(who="official", permission=WORK_ON_STEP)
def release_step(request: Request, step_id: UUID) -> HttpResponse:
    """Give a step back to the unit."""
    return carry_out(
        request,
        step_id,
        form="release",
        done=_("Đã trả bước này về đơn vị."),
        do=lambda step, by: release(step, by=by, now=timezone.now()),
    )


@require_POST
@route(who="official", permission=ASSIGN_STEP)
def assign_step(request: Request, step_id: UUID) -> HttpResponse:
    """Give a step to the official chosen; nobody chosen: to who has least to do."""
    chosen = request.POST.get(f"position-{step_id}", "")
    try:
        position_id = UUID(chosen) if chosen else None
    except ValueError:
        position_id = step_id  # nobody's position: refused at the choice
    seen: UUID | str | None = ANYBODY
    if f"seen-{step_id}" in request.POST:
        seen = _given_id(request.POST[f"seen-{step_id}"])
    return carry_out(
        request,
        step_id,
        form="assign",
        done=_("Đã giao việc."),
        do=lambda step, by: assign(
            step,
            position_id=position_id,
            seen=seen,
            note=request.POST.get(f"assign-note-{step_id}", ""),
            by=by,
            now=timezone.now(),
        ),
    )


def _given_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_POST
@route(who="official", permission=WORK_ON_STEP)
def complete_step(request: Request, step_id: UUID) -> HttpResponse:
    """End a step with an outcome, a note and perhaps a file."""

    def do(step: Any, by: Actor) -> object:
        upload = request.FILES.get("opinion")
        file = store(upload, name=upload.name or "", by=by, limits=PAPERS) if upload else None
        return complete(
            step,
            outcome_key=request.POST.get("outcome", ""),
            note=request.POST.get(f"note-{step_id}", ""),
            opinion_file_id=file.id if file else None,
            by=by,
            now=timezone.now(),
        )

    return carry_out(request, step_id, form="complete", done=_("Đã chuyển bước tiếp theo."), do=do)


@require_POST
@route(who="official", permission=WORK_ON_STEP)
def draft_step(request: Request, step_id: UUID) -> HttpResponse:
    """Keep the draft of the result and typeset it."""
    key = request.POST.get("ket_qua", "")[:60]

    def do(step: Any, by: Actor) -> object:
        template = step.dossier.version.parts.result_of(key)
        content = read_draft(template, request.POST, before=draft_prefix(key))
        kept = draft_result(step, content=content, key=key, by=by, now=timezone.now())
        return draft_errors(template, kept.content, step.dossier, today=timezone.localdate())

    return carry_out(request, step_id, form="draft", done=_drafted, do=do)


def _drafted(errors: Any) -> str:
    if not errors:
        return _("Đã lập dự thảo kết quả. Hãy xem lại trước khi trình.")
    return _("Đã lưu dự thảo. Còn %(count)s mục phải điền hoặc sửa trước khi trình.") % {"count": len(errors)}


@require_POST
@route(who="official", permission=WORK_ON_STEP)
def enclose_step(request: Request, step_id: UUID) -> HttpResponse:
    """Bind a paper to a drafted result, or take it away."""
    enclosure = request.POST.get("ban", "")[:60]
    is_taken_away = "bo" in request.POST

    def do(step: Any, by: Actor) -> object:
        upload = request.FILES.get(f"enclosure-{enclosure}")
        if upload is None and not is_taken_away:
            raise Refused(N_("Chưa chọn tệp kèm theo. Hãy chọn tệp PDF."), field=f"enclosure-{enclosure}")
        file = store(upload, name=upload.name or "", by=by, limits=PAPERS) if upload else None
        return enclose(
            step,
            enclosure=enclosure,
            file_id=file.id if file and not is_taken_away else None,
            key=request.POST.get("ket_qua", "")[:60],
            by=by,
            now=timezone.now(),
        )

    done = _("Đã bỏ bản kèm theo.") if is_taken_away else _("Đã đính kèm. Dự thảo được in lại với bản này.")
    return carry_out(request, step_id, form="enclose", done=done, do=do)


@require_POST
@route(who="official", permission=WORK_ON_STEP)
def scan_step(request: Request, step_id: UUID) -> HttpResponse:
    """Add the scan of a paper that the desk took in on paper only."""
    paper = request.POST.get("giay-to", "")

    def do(step: Any, by: Actor) -> object:
        part_id, upload = _given_id(paper), request.FILES.get(f"scan-{paper}")
        if part_id is None:
            raise AlreadyScanned
        if upload is None:
            raise ScanNotChosen(field=f"scan-{paper}")
        file = store(upload, name=upload.name or "", by=by, limits=PAPERS)
        return add_scan(step, part_id=part_id, file_id=file.id, by=by, now=timezone.now())

    done = _("Đã thêm bản quét. Hãy chọn bản này trong dự thảo.")
    return carry_out(request, step_id, form="scan", done=done, do=do)


@require_POST
@route(who="official", permission=WORK_ON_STEP)
@requires_recent_password(MINUTES_TO_SIGN)
def sign_step(request: Request, step_id: UUID) -> HttpResponse:
    """Sign the result with one's own key."""
    return carry_out(
        request,
        step_id,
        form="sign",
        done=_("Đã ký số."),
        do=lambda step, by: sign_result(step, by=by, now=timezone.now()),
    )


@require_POST
@route(who="official", permission=WORK_ON_STEP)
def issue_step(request: Request, step_id: UUID) -> HttpResponse:
    """Number the result and seal it with the agency's key."""
    return carry_out(
        request,
        step_id,
        form="issue",
        done=_("Đã cấp số và đóng dấu số."),
        do=lambda step, by: issue_result(step, by=by, now=timezone.now()),
    )


@require_POST
@route(who="official", permission=WORK_ON_STEP)
def return_step(request: Request, step_id: UUID) -> HttpResponse:
    """Hand the result over."""
    return carry_out(
        request,
        step_id,
        form="return",
        done=_("Đã trả kết quả. Hồ sơ kết thúc."),
        do=lambda step, by: return_result(
            step,
            shown=request.POST.get("shown", ""),
            fetched_by=request.POST.get("fetched-by", ""),
            authorisation=request.POST.get("authorisation", ""),
            by=by,
            now=timezone.now(),
        ),
    )


@require_POST
@route(who="official", permission=WORK_ON_STEP)
def announce_step(request: Request, step_id: UUID) -> HttpResponse:
    """Announce a refusal after appraisal."""
    return carry_out(
        request,
        step_id,
        form="announce",
        done=_("Đã gửi thông báo từ chối cho người nộp."),
        do=lambda step, by: announce_refusal(
            step, reason=request.POST.get("refusal", ""), by=by, now=timezone.now()
        ),
    )


@require_POST
@route(who="official", permission=READ_DOSSIER)
def undo_step(request: Request, step_id: UUID) -> HttpResponse:
    """Take back what the reader did to the step a moment ago."""
    return carry_out(
        request,
        step_id,
        form="undo",
        done=_("Đã hoàn tác. Nhật ký giữ cả việc đã làm và việc hoàn tác."),
        do=lambda step, by: undo(step, by=by, now=timezone.now()),
    )
