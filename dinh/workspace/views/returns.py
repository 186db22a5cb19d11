"""Sending a step back: by the official, or by a superior's word when the dossier has gone back before."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.kernel.errors import Refused
from dinh.onestop.public import (
    ASSIGN_STEP,
    WORK_ON_STEP,
    access_return,
    approve_return,
    ask_return,
    complete,
    decline_return,
)
from dinh.workspace.views.dossiers import back, show, status_of
from dinh.workspace.views.steps import carry_out

__all__ = ["approve", "ask_to_send_back", "decline", "send_back"]

MOST_WORDS = 4000


@require_POST
@route(who="official", permission=WORK_ON_STEP)
def send_back(request: Request, step_id: UUID) -> HttpResponse:
    """Send the step back to an earlier one, with reason and places."""
    return carry_out(
        request,
        step_id,
        form="back",
        done=_("Đã trả lại bước trước."),
        do=lambda step, by: complete(
            step,
            outcome_key=request.POST.get("outcome", ""),
            note=_reason(request, step_id),
            about=request.POST.getlist("about"),
            by=by,
            now=timezone.now(),
        ),
    )


@require_POST
@route(who="official", permission=WORK_ON_STEP)
def ask_to_send_back(request: Request, step_id: UUID) -> HttpResponse:
    """Ask a superior to let the dossier go back once more."""
    return carry_out(
        request,
        step_id,
        form="back",
        done=_("Đã gửi đề nghị trả lại lên cấp trên."),
        do=lambda step, by: ask_return(
            step,
            outcome_key=request.POST.get("outcome", ""),
            note=_reason(request, step_id),
            about=request.POST.getlist("about"),
            by=by,
            now=timezone.now(),
        ),
    )


def _reason(request: Request, step_id: UUID) -> str:
    return request.POST.get(f"back-{step_id}", "")[:MOST_WORDS]


@require_POST
@route(who="official", permission=ASSIGN_STEP)
def approve(request: Request, return_id: UUID) -> HttpResponse:
    """Let the step go back."""
    return _decide(
        request,
        return_id,
        done=_("Đã đồng ý; hồ sơ đã trở lại bước trước."),
        do=lambda row: approve_return(row, by=request.by, now=timezone.now()),
    )


@require_POST
@route(who="official", permission=ASSIGN_STEP)
def decline(request: Request, return_id: UUID) -> HttpResponse:
    """Do not let the step go back."""
    answer = request.POST.get("answer", "")[:MOST_WORDS]
    return _decide(
        request,
        return_id,
        done=_("Đã trả lời; hồ sơ ở lại bước hiện tại."),
        do=lambda row: decline_return(row, answer=answer, by=request.by, now=timezone.now()),
    )


def _decide(request: Request, return_id: UUID, *, done: str, do: Callable[[Any], object]) -> HttpResponse:
    row = access_return(request.by, return_id)
    try:
        do(row)
    except Refused as refused:
        return show(
            request,
            row.dossier_id,
            refused=refused,
            form=f"decide:{row.step_id}",
            status=status_of(refused),
        )
    messages.success(request, done)
    return back(request, row.dossier_id)
