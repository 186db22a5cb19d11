"""Numbers at a desk: drawing one, waiting with it, and the board in the hall."""

from os.path import commonprefix
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from dinh.foundation.actions.public import Request, route
from dinh.kernel.errors import Refused
from dinh.kernel.text import fold
from dinh.onestop.public import (
    WISHES,
    board_of,
    desk_by_code,
    desks,
    draw_number,
    get_queue_number,
    leave_queue,
    own_number,
)
from dinh.portal.views.screen import plain_text, sentence, show
from dinh.sso.public import TooManyLookups, count_lookup

__all__ = ["board", "choose_desk", "draw", "leave", "number"]

SHORT_LIST = 3


@route(who="everyone")
def choose_desk(request: Request) -> HttpResponse:
    """Choose the desk at which to draw a number."""
    words = plain_text(request.GET.get("q"), most=100)
    wanted = fold(words).split()
    found = [desk for desk in desks() if all(word in fold(desk.name) for word in wanted)]
    # All begin with the same words: a long list is read by what differs.
    names = [desk.name for desk in found]
    same = commonprefix(names).rpartition(" ")[0] if len(names) > SHORT_LIST else ""  # noqa: RUF071 - names
    rows = [
        {"name": desk.name.removeprefix(same).strip(), "code": desk.code, "where": desk.address}
        for desk in found
    ]
    return show(request, "queue_desks.html", {"q": words, "same": same, "rows": rows})


@never_cache
@route(who="everyone")
def draw(request: Request, code: str) -> HttpResponse:
    """Draw a number: one press, at the kiosk in the hall or on the way there."""
    desk = desk_by_code(code)
    error, status = "", 200
    if request.method == "POST":
        now = timezone.now()
        try:
            count_lookup(request, "queue", now=now)
            drawn = draw_number(desk.pk, wish=request.POST.get("wish", ""), by=request.by, now=now)
            return redirect("portal:queue-number", number_id=drawn.pk)
        except TooManyLookups as refused:
            error, status = sentence(refused), 429
        except Refused as refused:
            error, status = sentence(refused), 409
    wishes = [(key, _(label)) for key, label in WISHES.items()]
    return show(
        request,
        "queue_draw.html",
        {
            "desk": desk.name,
            "code": desk.code,
            "wishes": wishes,
            "error": error,
            "board": board_of(desk, now=timezone.now()),
        },
        status=status,
    )


@never_cache
@route(who="everyone")
def number(request: Request, number_id: UUID) -> HttpResponse:
    """One's own number: how many are ahead, to which counter. Whoever has its address holds it."""
    return show(
        request, "queue_number.html", {"mine": own_number(number_id, now=timezone.now()), "error": ""}
    )


@route(who="everyone")
def leave(request: Request, number_id: UUID) -> HttpResponse:
    """Give the number up."""
    if request.method == "POST":
        try:
            leave_queue(get_queue_number(number_id), by=request.by, now=timezone.now())
        except Refused as refused:
            mine = own_number(number_id, now=timezone.now())
            return show(request, "queue_number.html", {"mine": mine, "error": sentence(refused)}, status=409)
    return redirect("portal:queue-number", number_id=number_id)


@never_cache
@route(who="everyone")
def board(request: Request, code: str) -> HttpResponse:
    """The board in the hall: large, alone on its screen, read from afar."""
    desk = desk_by_code(code)
    return show(request, "queue_board.html", {"board": board_of(desk, now=timezone.now())})
