"""Meetings with an applicant who had to attend: what was written down, and writing one down."""

import datetime as dt
import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Request, route
from dinh.kernel.dates import read_date
from dinh.kernel.errors import Refused
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.public import (
    READ_DOSSIER,
    MeetingNotes,
    access_dossier,
    may_record_meeting,
    meetings_of,
    record_meeting,
)
from dinh.workspace.views.dossiers import status_of, str_of

__all__ = ["meetings"]

MOST = 5000
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:hg]([0-5][0-9])")


@route(who="official", permission=READ_DOSSIER)
def meetings(request: Request, dossier_id: UUID) -> HttpResponse:
    """Time, place, people and content of each meeting; whoever handles the dossier adds one."""
    row = access_dossier(request.by, dossier_id)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            record_meeting(row, notes=_notes(request), by=request.by, now=timezone.now())
        except Refused as error:
            refused = error
        else:
            messages.success(request, _("Đã lưu buổi làm việc vào hồ sơ."))
            return redirect("workspace:meetings", dossier_id=dossier_id)
    typed: Any = request.POST if refused is not None else QueryDict()
    now = timezone.now().astimezone(VIETNAM)
    return render(
        request,
        "workspace/meetings.html",
        {
            "dossier": row,
            "meetings": meetings_of(row),
            "may_record": may_record_meeting(request.by, row),
            "typed": {
                "on": typed.get("met-on", now.date()),
                "time": typed.get("met-at", ""),
                "place": typed.get("met-place", row.reception_unit.name),
                "people": typed.get("met-people", ""),
                "content": typed.get("met-content", ""),
            },
            "error": str_of(refused),
            "place": (refused.field or "") if refused is not None else "",
        },
        status=status_of(refused) if refused is not None else 200,
    )


def _notes(request: Request) -> MeetingNotes:
    on, typed = read_date(request.POST.get("met-on", "")), request.POST.get("met-at", "").strip()
    hour = _CLOCK.fullmatch(typed)
    clock = dt.time(int(hour[1]), int(hour[2])) if hour else None
    return MeetingNotes(
        at=dt.datetime.combine(on, clock, VIETNAM) if on is not None and clock is not None else None,
        place=request.POST.get("met-place", "")[:MOST],
        people=request.POST.get("met-people", "")[:MOST],
        content=request.POST.get("met-content", "")[:MOST],
    )
