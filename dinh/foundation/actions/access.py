"""Every route declares who may open it; a guard test proves that none forgot."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Literal, TypeVar, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from dinh.foundation.actions.permissions import Actor, Permission
from dinh.kernel.errors import N_, NotAllowed

__all__ = ["Request", "RouteRule", "all_routes", "route"]

Who = Literal["everyone", "signed_in", "citizen", "official"]
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class Request(HttpRequest):
    """A request whose person is known: ``by`` is set by the sign-in middleware, never None.

    ``request_id`` marks everything that the request does: log lines, audit entries, the page of an error.
    ``arrived_at`` is the moment at which it reached us, before it waited for anything: what counts where a
    deadline does.
    """

    by: Actor
    request_id: str
    arrived_at: dt.datetime
    htmx: Any


@dataclass(frozen=True, slots=True)
class RouteRule:
    """Who may open a route: the audience, and the permission that the acting position must hold."""

    who: Who
    permission: Permission | None


_routes: dict[str, RouteRule] = {}


def route(*, who: Who, permission: Permission | None = None) -> Callable[[View], View]:
    """Declare who may open a view.

    Somebody not signed in is sent to sign in and comes back to the same page. Somebody signed in
    with the wrong audience or without the permission gets ``NotAllowed``. The permission is only the
    coarse check; which rows a person sees is decided by the room's ``visible_…`` queryset.
    """

    def declare(view: View) -> View:
        rule = RouteRule(who, permission)

        @wraps(view)
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            by = request.by
            if who != "everyone" and by.kind == "visitor":
                return _ask_to_sign_in(request)
            if who in ("citizen", "official") and by.kind != who:
                raise NotAllowed(reason=N_("Trang này dành cho đối tượng khác."))
            if permission is not None and not by.holds(permission.code):
                raise NotAllowed(reason=permission.label)
            return view(request, *args, **kwargs)

        guarded.route_rule = rule  # type: ignore[attr-defined]
        _routes[f"{view.__module__}.{view.__qualname__}"] = rule
        return cast("View", guarded)

    return declare


def _ask_to_sign_in(request: Request) -> HttpResponseBase:
    here = request.get_full_path() if request.method == "GET" else request.headers.get("Referer", "/")
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": f"{settings.LOGIN_URL}"})
    return redirect_to_login(here, str(settings.LOGIN_URL))


def all_routes() -> dict[str, RouteRule]:
    """Every declared view by its dotted name."""
    return dict(sorted(_routes.items()))
