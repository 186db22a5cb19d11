"""Sign-in through the national portal: the way there, the way back, the yes in between; links to it."""

import datetime as dt
import logging
import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dinh.foundation.actions.public import Request, route
from dinh.foundation.ui.public import format_date
from dinh.kernel.errors import NotFound, Refused
from dinh.sso import access
from dinh.sso.actions import identities, sessions, trips
from dinh.sso.actions.sign_in import AccountInactive, lend_connection_back, record_refusal
from dinh.sso.adapters import identity_provider
from dinh.sso.queries.accounts import account_of
from dinh.sso.queries.identities import believed_number, own_identity
from dinh.sso.rules.identities import TRIP_LASTS, ProviderAway, TripEnded, TripStopped, WrongAnswer
from dinh.sso.rules.sign_in import TooManyAttempts, safe_next
from dinh.sso.views.sign_in import go_on, page, refused, sentence, sign_in_page

if TYPE_CHECKING:
    from uuid import UUID

    from dinh.sso.actions.trips import Trip, Waiting
    from dinh.sso.rules.identities import GivenIdentity

__all__ = ["back", "confirm", "confirm_password", "link", "signed_out", "start", "unlink"]

log = logging.getLogger(__name__)

HERE = "/dang-nhap/cong-quoc-gia/"
BACK = f"{HERE}tro-ve/"
OWN = "/phien-dang-nhap/"
COOKIE = "dinh_xac_thuc"
MINUTES = 15
METHOD = "national"


# --- Going there ------------------------------------------------------------------------------------


@never_cache
@require_safe
@route(who="everyone")
def start(request: Request) -> HttpResponseBase:
    """Go to the national portal to sign in."""
    going_on = safe_next(request.GET.get("next", ""), fallback="")
    if request.by.kind != "visitor":
        return HttpResponseRedirect(going_on or "/")
    return _depart(request, "sign_in", going_on)


@never_cache
@require_safe
@route(who="citizen")
@access.requires_recent_password(MINUTES)
def link(request: Request) -> HttpResponseBase:
    """Go to the national portal to link one's account there with this one."""
    return _depart(request, "link", OWN)


@never_cache
@require_safe
@route(who="citizen")
def confirm_password(request: Request) -> HttpResponseBase:
    """Go to the national portal to prove oneself once more before a grave act."""
    going_on = safe_next(request.GET.get("next", ""), fallback=OWN)
    if own_identity(request.by) is None:
        return HttpResponseRedirect(access.with_next("/xac-nhan-mat-khau/", going_on))
    return _depart(request, "confirm", going_on)


def _depart(request: Request, purpose: str, going_on: str) -> HttpResponseBase:
    if not identity_provider.is_configured():
        raise NotFound
    if urlsplit(settings.PUBLIC_ADDRESS).netloc != request.get_host():
        # The provider sends the browser back to one address only; the cookie has to be there.
        return HttpResponseRedirect(settings.PUBLIC_ADDRESS.rstrip("/") + request.get_full_path())
    now = timezone.now()
    browser_key = request.COOKIES.get(COOKIE) or secrets.token_urlsafe(32)
    try:
        access.count_trip(request, now=now)
        begun = trips.begin_trip(
            purpose=purpose,
            browser_key=browser_key,
            going_on=going_on,
            account_id=request.by.account_id,
            now=now,
        )
        lend_connection_back()
        address = identity_provider.authorization_address(
            state=begun.state,
            nonce=begun.nonce,
            verifier=begun.verifier,
            return_to=_return_address(),
            is_anew=purpose == "confirm",
        )
    except Refused as error:
        return _failed(request, purpose, going_on, error)
    answer = HttpResponseRedirect(address)
    answer.set_cookie(
        COOKIE,
        browser_key,
        max_age=TRIP_LASTS * 2,
        path=HERE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


def _return_address() -> str:
    return settings.PUBLIC_ADDRESS.rstrip("/") + BACK


# --- Coming back ------------------------------------------------------------------------------------


@never_cache
@require_safe
@route(who="everyone")
def back(request: Request) -> HttpResponseBase:
    """The provider's answer, carried by the browser."""
    now, browser_key = timezone.now(), request.COOKIES.get(COOKIE, "")
    try:
        trip = trips.come_back(request.GET.get("state", "")[:200], browser_key=browser_key, now=now)
    except TripEnded as error:
        return _failed(request, "sign_in", "", error)
    if trip.purpose != "sign_in" and request.by.account_id != trip.account_id:
        return _failed(request, "sign_in", "", TripEnded())
    try:
        given = _given(request, trip, now)
        return _arrive(request, trip, given, browser_key=browser_key, now=now)
    except Refused as error:
        if isinstance(error, WrongAnswer):
            log.warning("answer of the identity provider refused: %s", error.reason)
        client = access.client_of(request)
        record_refusal(None, outcome="refused", method=METHOD, client=client, by=request.by)
        return _failed(request, trip.purpose, trip.going_on, error)


def _given(request: Request, trip: "Trip", now: dt.datetime) -> "GivenIdentity":
    """Who is there, by the provider's word; the code is given back once."""
    identity_provider.check_answering_issuer(request.GET.get("iss"))
    if request.GET.get("error") == "access_denied":
        raise TripStopped
    code = request.GET.get("code", "")
    if "error" in request.GET or not 0 < len(code) <= 2000:
        raise WrongAnswer("no code")
    lend_connection_back()
    return identity_provider.redeem(
        code,
        verifier=trip.verifier,
        nonce=trip.nonce,
        return_to=_return_address(),
        now=now,
        authenticated_since=trip.created_at if trip.purpose == "confirm" else None,
    )


def _arrive(
    request: Request, trip: "Trip", given: "GivenIdentity", *, browser_key: str, now: dt.datetime
) -> HttpResponseBase:
    if trip.purpose == "confirm":
        return _confirmed(request, trip, given, now)
    if trip.purpose == "sign_in":
        found = identities.enter(given, by=request.by, now=now)
        if found.account is not None:
            if not found.account.is_active:
                raise AccountInactive
            access.pardon_trip(request)
            access.sign_in(request, found.account, method=METHOD, assurance=given.level)
            return go_on(request, trip.going_on)
        if not given.full_name:
            raise WrongAnswer("no name")
    access.pardon_trip(request)
    trips.wait_for_yes(trip, given, browser_key=browser_key)
    return HttpResponseRedirect(f"{HERE}dong-y/{trip.id}/")


def _confirmed(request: Request, trip: "Trip", given: "GivenIdentity", now: dt.datetime) -> HttpResponseBase:
    linked, session = own_identity(request.by), access.store_of(request).row
    if linked is None or linked.key != given.key or session is None:
        raise WrongAnswer("somebody else")
    access.pardon_trip(request)
    sessions.confirm_again(session, by=request.by, now=now)
    return HttpResponseRedirect(trip.going_on)


@never_cache
@require_http_methods(["GET", "POST"])
@route(who="everyone")
def confirm(request: Request, trip_id: "UUID") -> HttpResponseBase:
    """Say yes to what the provider said: an account is opened, or linked."""
    now, browser_key = timezone.now(), request.COOKIES.get(COOKIE, "")
    try:
        waiting = trips.waiting_trip(trip_id, browser_key=browser_key, now=now)
        if waiting.purpose == "link" and request.by.account_id != waiting.account_id:
            raise TripEnded
    except TripEnded as error:
        return _failed(request, "sign_in", "", error)
    if request.method == "GET":
        return page(
            request,
            "sso/confirm_identity.html",
            given=waiting.given,
            rows=_rows(waiting.given),
            is_number_believed=bool(believed_number(waiting.given)),
            is_link=waiting.purpose == "link",
            address=request.path,
        )
    try:
        return _agreed(request, waiting, now)
    except Refused as error:
        return _failed(request, waiting.purpose, waiting.going_on, error)


def _rows(given: "GivenIdentity") -> list[tuple[str, str]]:
    rows = [
        (_("Họ và tên"), given.full_name),
        (_("Số định danh cá nhân"), given.identity_number),
        (_("Ngày sinh"), format_date(given.birth_date) if given.birth_date else ""),
        (_("Số điện thoại"), given.phone),
        (_("Thư điện tử"), given.email),
        (_("Mức độ bảo đảm"), given.level),
    ]
    return [(label, value) for label, value in rows if value]


def _agreed(request: Request, waiting: "Waiting", now: dt.datetime) -> HttpResponseBase:
    given = waiting.given
    with transaction.atomic():
        trips.end_waiting(waiting.id)
        if waiting.purpose == "link":
            identities.link_identity(account_of(request.by), given=given, by=request.by, now=now)
            messages.success(request, _("Đã liên kết với Cổng Dịch vụ công quốc gia."))
            return HttpResponseRedirect(OWN)
        account = identities.open_account(given, by=request.by, now=now)
    access.sign_in(request, account, method=METHOD, assurance=given.level)
    messages.success(request, _("Tài khoản đã mở. Ông/Bà đang đăng nhập."))
    return go_on(request, waiting.going_on)


def _failed(request: Request, purpose: str, going_on: str, error: Refused) -> HttpResponseBase:
    """Say why, where the person can go on: at the door, or on their own page."""
    if purpose != "sign_in" or request.by.kind != "visitor":
        messages.error(request, sentence(error))
        target = OWN if purpose == "link" or not going_on else going_on
        if purpose == "confirm":
            target = access.with_next("/xac-nhan-mat-khau/", target)
        return HttpResponseRedirect(target)
    status = 503 if isinstance(error, ProviderAway) else 422
    shown: HttpResponse = sign_in_page(request, error=sentence(error), status=status, going_on=going_on)
    return refused(shown, error) if isinstance(error, TooManyAttempts) else shown


# --- One's own link, and out ------------------------------------------------------------------------


@require_POST
@route(who="citizen")
@access.requires_recent_password(MINUTES)
def unlink(request: Request) -> HttpResponseBase:
    """Take the link between one's account and the national portal apart."""
    try:
        identities.unlink_identity(account_of(request.by), by=request.by, now=timezone.now())
    except Refused as error:
        messages.error(request, sentence(error))
        return HttpResponseRedirect(OWN)
    messages.success(request, _("Đã gỡ liên kết với Cổng Dịch vụ công quốc gia."))
    return HttpResponseRedirect(OWN)


@never_cache
@require_safe
@route(who="everyone")
def signed_out(request: Request) -> HttpResponseBase:
    """After signing out here: the person is still signed in at the national portal, and may leave it too."""
    lend_connection_back()
    return_to = settings.PUBLIC_ADDRESS.rstrip("/") + settings.LOGIN_URL
    provider_address = identity_provider.sign_out_address(return_to)
    return page(request, "sso/signed_out.html", provider_address=provider_address)
