"""Meetings with applicants: who is asked for when, what was written down, and writing one down."""

import datetime as dt
import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Request, route
from dinh.kernel.dates import read_date
from dinh.kernel.errors import NotFound, Refused
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.public import (
    MEETING_KINDS,
    READ_DOSSIER,
    MeetingNotes,
    MeetingStep,
    access_dossier,
    invite,
    may_record_meeting,
    meeting_steps,
    meetings_of,
    record_came,
    record_meeting,
    record_missed,
    who_acts,
)
from dinh.workspace.views.dossiers import status_of, str_of

if TYPE_CHECKING:
    from dinh.onestop.models import Dossier

__all__ = ["meetings"]

MOST = 5000
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:hg]([0-5][0-9])")


@route(who="official", permission=READ_DOSSIER)
def meetings(request: Request, dossier_id: UUID) -> HttpResponse:
    """The steps that meet the applicant, and each meeting that was kept; whoever handles it adds one."""
    row = access_dossier(request.by, dossier_id)
    now = timezone.now()
    waiting = meeting_steps(row, by=request.by, now=now)
    refused: Refused | None = None
    if request.method == "POST":
        chosen = next((one for one in waiting if str(one.step.pk) == request.POST.get("met-for", "")), None)
        try:
            done = _carry_out(request, row, chosen, now=now)
        except Refused as error:
            refused = error
        else:
            messages.success(request, done)
            return redirect("workspace:meetings", dossier_id=dossier_id)
    typed: Any = request.POST if refused is not None else QueryDict()
    today = now.astimezone(VIETNAM).date()
    own = [one for one in waiting if one.may_work and one.came_at is None]
    first = own[0] if own else None
    asked = first.invited if first is not None else None
    return render(
        request,
        "workspace/meetings.html",
        {
            "dossier": row,
            "waiting": [_waiting(one, typed, now=now) for one in waiting],
            "meetings": meetings_of(row),
            "may_record": may_record_meeting(request.by, row),
            "wanted": "; ".join(dict.fromkeys(one.people for one in own if one.people)),
            "about": [(str(one.step.pk), one.step.name) for one in waiting if one.may_work]
            + [("", _("Buổi làm việc khác"))],
            "typed": {
                "for": typed.get("met-for", str(first.step.pk) if first is not None else ""),
                "on": typed.get("met-on", today),
                "time": typed.get("met-at", ""),
                "place": typed.get(
                    "met-place",
                    asked.place if asked else first.place if first else row.reception_unit.name,
                ),
                "people": typed.get("met-people", ""),
                "content": typed.get("met-content", ""),
                "all": "met-all" in typed,
            },
            "error": str_of(refused),
            "place": _place_of(refused, typed),
        },
        status=status_of(refused) if refused is not None else 200,
    )


def _place_of(refused: Refused | None, typed: Any) -> str:
    """The input at which a refusal stands: those of a step bear its identifier."""
    field = (refused.field or "") if refused is not None else ""
    is_of_step = field.startswith(("invite-", "missed-"))
    return f"{field}-{typed.get('met-for', '')}" if is_of_step else field


def _carry_out(request: Request, row: "Dossier", chosen: MeetingStep | None, *, now: dt.datetime) -> str:
    """Do what the pressed button says, and return what is said after it."""
    do = request.POST.get("viec", "")
    if chosen is None:
        if do or request.POST.get("met-for"):
            raise NotFound
        record_meeting(row, notes=_notes(request), by=request.by, now=now)
        return _("Đã lưu buổi làm việc vào hồ sơ.")
    step, by = chosen.step, who_acts(request.by, chosen.step, now=now)
    at = f"-{step.pk}"
    if do == "moi":
        invite(
            step,
            at=_moment(request, f"invite-on{at}", f"invite-at{at}"),
            place=request.POST.get(f"invite-place{at}", "")[:MOST],
            note=request.POST.get(f"invite-note{at}", "")[:MOST],
            by=by,
            now=now,
        )
        return _("Đã mời người nộp; người nộp được báo ngay.")
    if do == "vang":
        record_missed(step, reason=request.POST.get(f"missed-reason{at}", "")[:MOST], by=by, now=now)
        return _("Đã ghi người nộp không có mặt. Có thể mời lại ngày khác.")
    record_came(step, notes=_notes(request), all_there="met-all" in request.POST, by=by, now=now)
    return _("Đã ghi người nộp có mặt; bước “%(step)s” đi tiếp được.") % {"step": step.name}


def _waiting(one: MeetingStep, typed: Any, *, now: dt.datetime) -> dict[str, Any]:
    """One step that meets the applicant, with what its forms begin with."""
    at = f"-{one.step.pk}"
    likely = one.invited.at if one.invited is not None else one.likely
    local = likely.astimezone(VIETNAM) if likely is not None else None
    return {
        "id": str(one.step.pk),
        "name": one.step.name,
        "kind": _(MEETING_KINDS[one.kind]),
        "people": one.people,
        "wished": one.wished,
        "invited": one.invited,
        "missed": one.missed,
        "came_at": one.came_at,
        "may_work": one.may_work,
        "is_over": one.invited is not None and one.invited.at <= now,
        "on": typed.get(f"invite-on{at}", local.date() if local else ""),
        "at": typed.get(f"invite-at{at}", f"{local:%H:%M}" if local else ""),
        "place": typed.get(f"invite-place{at}", one.invited.place if one.invited else one.place),
        "note": typed.get(f"invite-note{at}", one.invited.note if one.invited else ""),
        "reason": typed.get(f"missed-reason{at}", ""),
    }


def _notes(request: Request) -> MeetingNotes:
    return MeetingNotes(
        at=_moment(request, "met-on", "met-at"),
        place=request.POST.get("met-place", "")[:MOST],
        people=request.POST.get("met-people", "")[:MOST],
        content=request.POST.get("met-content", "")[:MOST],
    )


def _moment(request: Request, day: str, clock: str) -> dt.datetime | None:
    """The moment that two inputs name; None: one of them cannot be read."""
    on, hour = read_date(request.POST.get(day, "")), _CLOCK.fullmatch(request.POST.get(clock, "").strip())
    if on is None or hour is None:
        return None
    return dt.datetime.combine(on, dt.time(int(hour[1]), int(hour[2])), VIETNAM)
