"""Several rows of the work list, one act: looked at before, and told row by row afterwards."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Actor, Request, route
from dinh.kernel.errors import Refused
from dinh.kernel.ids import read_uuid
from dinh.onestop.public import (
    ASSIGN_STEP,
    BATCH_ACTS,
    MOST_AT_ONCE,
    READ_WORK,
    WORK_ON_STEP,
    BatchLine,
    candidates_for_all,
    do_batch,
    ticked,
)
from dinh.sso.public import requires_recent_password
from dinh.workspace.views.dossiers import str_of
from dinh.workspace.views.steps import MINUTES_TO_SIGN

__all__ = ["acts_for", "batch", "sign_batch"]

_ICONS = {"claim": "hand", "assign": "user-check", "forward": "send", "sign": "signature", "issue": "stamp"}
LEAST_LOADED = "it-viec"


def acts_for(by: Actor, kinds: set[str]) -> list[dict[str, str]]:
    """The buttons under the list: acts that the acting position may do to some row shown."""
    wanted = {
        "claim": WORK_ON_STEP.code if kinds & {"handle", "consult", "review"} else "",
        "assign": ASSIGN_STEP.code,
        "forward": WORK_ON_STEP.code if kinds & {"handle", "consult", "review"} else "",
        "sign": WORK_ON_STEP.code if "sign" in kinds else "",
        "issue": WORK_ON_STEP.code if "issue" in kinds else "",
    }
    return [
        {"key": key, "label": _(label), "icon": _ICONS[key]}
        for key, label in BATCH_ACTS.items()
        if wanted[key] and by.holds(wanted[key])
    ]


@route(who="official", permission=READ_WORK)
def batch(request: Request) -> HttpResponse:
    """The ticked rows with what would be done to each; POST does it and says what became of each."""
    if request.method != "POST":
        return _ask(request)
    act = request.POST.get("viec", "")
    if act == "sign":
        return _ask(request)
    return _do(request, act)


@route(who="official", permission=WORK_ON_STEP)
@requires_recent_password(MINUTES_TO_SIGN)
def sign_batch(request: Request) -> HttpResponse:
    """Sign the results of all ticked rows with one's own key, one signature each."""
    return _do(request, "sign") if request.method == "POST" else _ask(request)


def _ask(request: Request, *, refused: Refused | None = None) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    act = given.get("viec", "")
    act = act if act in BATCH_ACTS else "claim"
    ids = _ids(given.getlist("buoc"))
    now = timezone.now()
    rows = ticked(request.by, act, ids, now=now)
    can = [one for one in rows if one.why_not is None]
    people = candidates_for_all(rows, now=now) if act == "assign" and can else []
    return render(
        request,
        "workspace/batch.html",
        {
            "act": act,
            "title": _(BATCH_ACTS[act]),
            "rows": [
                {
                    "step_id": one.row.step_id,
                    "address": reverse("workspace:dossier", kwargs={"dossier_id": one.row.dossier_id}),
                    "code": one.row.code,
                    "procedure": one.row.procedure_name,
                    "applicant": one.row.applicant_name,
                    "step": one.row.step_name,
                    "holder": one.row.holder_name,
                    "will": _(one.will) if one.will else "",
                    "why_not": str_of(one.why_not),
                }
                for one in rows
            ],
            "count": len(can),
            "too_many": len(ids) > MOST_AT_ONCE,
            "most": MOST_AT_ONCE,
            "people": [
                (
                    str(one.position_id),
                    one.name,
                    _("%(title)s · đang giữ %(open)s việc, quá hạn %(overdue)s")
                    % {"title": one.title, "open": one.open, "overdue": one.overdue},
                )
                for one in people
            ],
            "least": LEAST_LOADED,
            "chosen": given.get("position", LEAST_LOADED),
            "note": given.get("note", ""),
            "send_to": reverse("workspace:sign-batch" if act == "sign" else "workspace:batch"),
            "back": _back(given.get("tro-lai", "")),
            "error": str_of(refused),
        },
        status=409 if refused else 200,
    )


def _do(request: Request, act: str) -> HttpResponse:
    chosen = request.POST.get("position", "")
    position = _ids([chosen]) if act == "assign" and chosen != LEAST_LOADED else []
    try:
        lines = do_batch(
            act,
            _ids(request.POST.getlist("buoc")),
            position_id=position[0] if position else None,
            note=request.POST.get("note", "")[:500],
            by=request.by,
            now=timezone.now(),
        )
    except Refused as refused:
        return _ask(request, refused=refused)
    return render(
        request,
        "workspace/batch_done.html",
        {
            "title": _(BATCH_ACTS[act]),
            "done": [_shown(line) for line in lines if line.refused is None],
            "left": [_shown(line) for line in lines if line.refused is not None],
            "back": _back(request.POST.get("tro-lai", "")),
        },
    )


def _shown(line: BatchLine) -> dict[str, Any]:
    return {
        "address": reverse("workspace:dossier", kwargs={"dossier_id": line.dossier_id}),
        "code": line.code,
        "step": line.step_name,
        "why": str_of(line.refused),
    }


def _ids(texts: list[str]) -> list[UUID]:
    """The identifiers among what the form sent; what can't be read is not there."""
    read = dict.fromkeys(read_uuid(text) for text in texts[: 4 * MOST_AT_ONCE])
    return [found for found in read if found is not None]


def _back(to: str) -> str:
    """The list that the reader came from, as its tab; anything else is the list."""
    here = reverse("workspace:work")
    return to if to == here or to.startswith(f"{here}?") else here
