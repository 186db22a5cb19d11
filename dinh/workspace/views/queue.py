"""The clerk's side of the queue: call the next, call again, finished, nobody came."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Request, route
from dinh.kernel.errors import NotFound, Refused
from dinh.onestop.public import (
    RECEIVE_DOSSIER,
    WISHES,
    access_queue_number,
    call_again,
    call_next,
    clerk_queue,
    end_call,
)
from dinh.workspace.views.dossiers import str_of

__all__ = ["queue", "queue_again", "queue_end", "queue_next"]


@route(who="official", permission=RECEIVE_DOSSIER)
def queue(request: Request) -> HttpResponse:
    """Who is served at one's counter, and who waits."""
    return _show(request)


@route(who="official", permission=RECEIVE_DOSSIER)
def queue_next(request: Request) -> HttpResponse:
    """Call the first who waits."""
    if request.method != "POST" or request.by.unit_id is None:
        return redirect("workspace:queue")
    try:
        call_next(request.by.unit_id, window=_window(request), by=request.by, now=timezone.now())
    except Refused as refused:
        return _refused(request, refused)
    return redirect("workspace:queue")


@route(who="official", permission=RECEIVE_DOSSIER)
def queue_again(request: Request, number_id: UUID) -> HttpResponse:
    """Call a number once more."""
    number = access_queue_number(request.by, number_id)
    if request.method == "POST":
        try:
            call_again(number, window=_window(request), by=request.by, now=timezone.now())
        except Refused as refused:
            return _refused(request, refused)
    return redirect("workspace:queue")


@route(who="official", permission=RECEIVE_DOSSIER)
def queue_end(request: Request, number_id: UUID, verb: str) -> HttpResponse:
    """End the call: the person was served, or nobody came."""
    number = access_queue_number(request.by, number_id)
    verbs = {"xong": "finish", "vang": "miss"}
    if verb not in verbs:
        raise NotFound
    if request.method == "POST":
        try:
            end_call(number, verb=verbs[verb], by=request.by, now=timezone.now())
        except Refused as refused:
            return _refused(request, refused)
    return redirect("workspace:queue")


def _window(request: Request) -> str:
    return request.POST.get("window", "")[:20]


def _refused(request: Request, refused: Refused) -> HttpResponse:
    """A wrong counter stands at its field; what others have done meanwhile stands above."""
    if refused.field:
        return _show(request, window=_window(request), error=str_of(refused), status=422)
    messages.info(request, str_of(refused))
    return redirect("workspace:queue")


def _show(request: Request, *, window: str = "", error: str = "", status: int = 200) -> HttpResponse:
    shown = clerk_queue(request.by, now=timezone.now())
    return render(
        request,
        "workspace/queue.html",
        {
            "shown": shown,
            "window": window or shown.window,
            "error": error,
            "waiting": [(_(WISHES[wish]), count) for wish, count in shown.waiting],
            "board": reverse("portal:queue-board", kwargs={"code": shown.desk_code}),
            "kiosk": reverse("portal:queue-draw", kwargs={"code": shown.desk_code}),
        },
        status=status,
    )
