"""What other rooms and our own screens do with a request: sign in and out, ask again, give back what
was typed. Other doors than the password call ``sign_in`` with their own ``method``.
"""

import datetime as dt
import ipaddress
import secrets
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.middleware.csrf import rotate_token
from django.utils import timezone
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Actor, Request
from dinh.kernel.errors import N_, NotFound, Refused
from dinh.sso.actions import kept_forms, sessions
from dinh.sso.actions import sign_in as signing_in
from dinh.sso.actions.contacts import ask_contact_code
from dinh.sso.actions.sign_in import Client
from dinh.sso.actions.throttle import (
    contact_keys,
    count_guess,
    lookup_keys,
    pardon_guess,
    registration_keys,
    reset_keys,
    sending_keys,
    trip_keys,
)
from dinh.sso.adapters.sessions import SessionStore, hash_key
from dinh.sso.models import Account, Session
from dinh.sso.queries.accounts import actor_of, actor_of_account, positions_of
from dinh.sso.rules.sign_in import (
    TooManyAttempts,
    TooManyCodes,
    TooManyLookups,
    TooManyResets,
    TooManySent,
    clean_username,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dinh.foundation.directory.public import HeldPosition

__all__ = [
    "SomebodyElse",
    "WrongPassword",
    "check_owner",
    "client_of",
    "confirm",
    "count_contact_code",
    "count_lookup",
    "count_sending",
    "count_registration",
    "count_reset",
    "count_trip",
    "device_of",
    "device_cookie",
    "drop_kept",
    "go",
    "has_left_position",
    "kept_values",
    "keep_typed",
    "leave_position",
    "open_session",
    "pardon_trip",
    "positions_to_choose",
    "recently_authenticated",
    "remember_positions",
    "requires_recent_password",
    "sign_in",
    "sign_out",
    "store_of",
    "verify",
    "with_next",
]

View = TypeVar("View", bound="Callable[..., HttpResponseBase]")

DEVICE_COOKIE = "dinh_thiet_bi"
_DEVICE_SALT = "dinh.sso.device"


def store_of(request: Request) -> SessionStore:
    """The request's session store, with our rows."""
    return cast("SessionStore", request.session)


def client_of(request: Request) -> Client:
    """Who is at the other end. Behind proxies, the address that the outermost trusted one saw."""
    return Client(_address_of(request), request.headers.get("User-Agent", ""))


def _address_of(request: Request) -> str | None:
    direct: str | None = request.META.get("REMOTE_ADDR") or None
    if not settings.TRUSTED_PROXIES:
        return _valid_address(direct)
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    seen = hops[-settings.TRUSTED_PROXIES] if len(hops) >= settings.TRUSTED_PROXIES else direct
    return _valid_address(seen)


def _valid_address(text: str | None) -> str | None:
    try:
        return str(ipaddress.ip_address(text or ""))
    except ValueError:
        return None


# --- Signing in and out -----------------------------------------------------------------------------


def verify(request: Request, username: str, password: str) -> Account:
    """Return the account of a name and password; see ``verify_credentials`` for what it raises."""
    return signing_in.verify_credentials(
        username,
        password,
        client=client_of(request),
        device_of=lambda account: device_of(request, account),
        by=request.by,
        now=timezone.now(),
    )


def sign_in(request: Request, account: Account, *, method: str, assurance: str = "") -> None:
    """Begin a session for the owner of ``account``, who has just proved to be there by ``method``.

    The key changes (a key planted before is worth nothing), nothing of the former session is carried
    over but what the same person had typed, ``request.by`` is the person from here on, and an official
    with one position acts in it.
    """
    now = timezone.now()
    store = store_of(request)
    former, former_key = store.row or store.past, store.session_key
    is_return = former is not None and former.account_id == account.pk
    by = actor_of_account(account, request_id=request.by.request_id, at=now)
    held = positions_of(account, timezone.localdate(now))
    key, session = open_session(
        account,
        position_id=_first_position(held, former if is_return else None),
        replaced_id=store.row.pk if store.row is not None and store.row.account_id else None,
        method=method,
        assurance=assurance,
        client=client_of(request),
        by=by,
        now=now,
    )
    kept = _take_over(former_key, key, account, now) if former is not None else {}
    store.begin(key, session, account)
    remember_positions(request, held)
    if kept:
        store["kept"] = kept
    if not is_return:
        # Forms still open in other tabs of the same person go on working after a return.
        rotate_token(request)
    request.by = actor_of(session, request_id=by.request_id, now=now)
    request.remember_device = account.pk  # type: ignore[attr-defined]


def open_session(
    account: Account,
    *,
    position_id: UUID | None = None,
    replaced_id: UUID | None = None,
    method: str,
    assurance: str = "",
    client: Client | None = None,
    by: Actor | None = None,
    now: dt.datetime,
) -> tuple[str, Session]:
    """Begin a session and return the cookie's key with it. Tools and tests put it into a cookie
    themselves; screens call ``sign_in``.
    """
    key = secrets.token_urlsafe(32)
    session = signing_in.start_session(
        account,
        key_hash=hash_key(key),
        position_id=position_id,
        replaced_id=replaced_id,
        method=method,
        assurance=assurance,
        client=client or Client(),
        by=by or actor_of_account(account, request_id="", at=now),
        now=now,
    )
    return key, session


def remember_positions(request: Request, held: "Sequence[HeldPosition]") -> None:
    """Note in the session between which positions the person can switch, for the menu on every page."""
    shown = [{"id": str(one.position_id), "title": one.title, "unit": one.unit_name} for one in held]
    if shown != store_of(request).get("positions", []):
        store_of(request)["positions"] = shown


def positions_to_choose(request: Request) -> list[dict[str, Any]]:
    """Between which positions the person can switch, as of signing in: ``{id, title, unit, active}``.

    Runs no query. A choice is checked against the directory when it is made.
    """
    by = getattr(request, "by", None)  # an error before the middleware is shown as a page, too
    if by is None or by.kind != "official":
        return []
    active = str(by.position_id)
    return [{**one, "active": one["id"] == active} for one in store_of(request).get("positions", [])]


def _first_position(held: "Sequence[HeldPosition]", former: Session | None) -> UUID | None:
    """The only position; on a return the one acted in before, if still held; else none yet."""
    ids = [one.position_id for one in held]
    if former is not None and former.position_id in ids:
        return former.position_id
    return ids[0] if len(ids) == 1 else None


def _take_over(old_key: str | None, new_key: str, account: Account, now: dt.datetime) -> dict[str, str]:
    if old_key is None:
        return {}
    return kept_forms.move_forms(old_key=old_key, new_key=new_key, account_id=account.pk, now=now)


def sign_out(request: Request) -> None:
    """End the session of this request; the cookie goes with the answer."""
    store = store_of(request)
    if store.row is not None and store.row.account_id is not None:
        sessions.sign_out(store.row, by=request.by, now=timezone.now())
    store.forget()


def device_of(request: Request, account: Account) -> str | None:
    """The mark of this browser if the account has signed in here before."""
    try:
        value = signing.loads(
            request.COOKIES.get(DEVICE_COOKIE, ""), salt=_DEVICE_SALT, max_age=dt.timedelta(days=365)
        )
    except signing.BadSignature:
        return None
    return value["mark"] if value.get("account") == str(account.pk) else None


def device_cookie(account_id: UUID) -> str:
    """A cookie that lets strangers' guesses at an account not slow down this browser."""
    return signing.dumps({"account": str(account_id), "mark": secrets.token_hex(16)}, salt=_DEVICE_SALT)


def count_registration(request: Request) -> None:
    """Count one registration from this address. Raises ``TooManyAttempts``."""
    count_guess(registration_keys(client_of(request).address), now=timezone.now())


def count_trip(request: Request, *, now: dt.datetime) -> None:
    """Count one trip to the identity provider in advance. Raises ``TooManyAttempts``."""
    count_guess(trip_keys(client_of(request).address), now=now)


def pardon_trip(request: Request) -> None:
    """Take back the trip counted in advance: the person came back well."""
    pardon_guess(trip_keys(client_of(request).address))


def count_contact_code(request: Request, value: str, *, now: dt.datetime) -> None:
    """Count one code sent to an address of the person's own. Raises ``TooManyAttempts``."""
    if request.by.account_id is None:
        raise NotFound
    keys = contact_keys(request.by.account_id, value, client_of(request).address)
    try:
        count_guess(keys, now=now)
    except TooManyAttempts as refused:
        raise TooManyCodes(now + dt.timedelta(seconds=refused.seconds), now) from None


def send_first_code(request: Request, account: Account) -> str:
    """Send a code to the only address of a new account; return where it went, or "" when none could be sent.

    Nobody waits for it: the account is open, and the code can be asked for again.
    """
    person, now = account.person, timezone.now()
    kind = "phone" if person.phone else "email"
    contact: str = getattr(person, kind)
    try:
        count_contact_code(request, contact, now=now)
        ask_contact_code(account, kind=kind, value=contact, by=request.by, now=now)
    except Refused:
        return ""
    return contact


def count_reset(request: Request, username: str, *, now: dt.datetime) -> None:
    """Count one wish for a new password under the name and the address. Raises ``TooManyResets``."""
    try:
        count_guess(reset_keys(clean_username(username), client_of(request).address), now=now)
    except TooManyAttempts as refused:
        raise TooManyResets(now + dt.timedelta(seconds=refused.seconds), now) from None


def count_lookup(request: Request, what: str, *, now: dt.datetime) -> None:
    """Count one question by code from this address at the screen ``what``. Raises ``TooManyLookups``."""
    try:
        count_guess(lookup_keys(what, client_of(request).address), now=now)
    except TooManyAttempts as refused:
        raise TooManyLookups(now + dt.timedelta(seconds=refused.seconds), now) from None


def count_sending(request: Request, what: str, *, now: dt.datetime) -> None:
    """Count something sent without an account from this address. Raises ``TooManySent``."""
    try:
        count_guess(sending_keys(what, client_of(request).address), now=now)
    except TooManyAttempts as refused:
        raise TooManySent(now + dt.timedelta(seconds=refused.seconds), now) from None


# --- Asking again -----------------------------------------------------------------------------------


def confirm(request: Request, password: str) -> None:
    """Compare the signed-in person's password; on success they count as just authenticated.

    Guesses are throttled and put on record as at sign-in. Raises ``WrongPassword``, ``TooManyAttempts``.
    """
    session = store_of(request).row
    if session is None or session.account is None:
        raise WrongPassword(field="current_password")
    try:
        verify(request, session.account.username, password)
    except signing_in.WrongCredentials:
        raise WrongPassword(field="current_password") from None
    now = timezone.now()
    sessions.confirm_again(session, by=request.by, now=now)
    request.by = replace(request.by, authenticated_at=now)


class SomebodyElse(Refused):
    message = N_("Ông/Bà đang đăng nhập bằng tài khoản khác. Hãy đăng xuất rồi mở lại liên kết.")


def check_owner(request: Request, account: Account) -> None:
    """Raise ``SomebodyElse`` when somebody other than the account's owner is signed in here."""
    if request.by.account_id not in (None, account.pk):
        raise SomebodyElse


class WrongPassword(Refused):
    message = N_("Mật khẩu không đúng. Hãy kiểm tra bộ gõ, phím Caps Lock rồi nhập lại.")


def recently_authenticated(request: Request, minutes: int) -> bool:
    """Whether the person proved to be there within so many minutes."""
    at = request.by.authenticated_at
    return at is not None and timezone.now() - at <= dt.timedelta(minutes=minutes)


def requires_recent_password(minutes: int) -> "Callable[[View], View]":
    """Guard a view (inside ``@route``): ask for the password again unless it was given lately.

    What was typed in a POST comes back in the form afterwards; it is not sent by itself.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if recently_authenticated(request, minutes):
                return view(request, *args, **kwargs)
            keep_typed(request)
            return go(request, "/xac-nhan-mat-khau/")

        return cast("View", guarded)

    return declare


# --- What was typed ---------------------------------------------------------------------------------


def page_of(request: Request) -> str:
    """The page that the person sees: where a form came from, not where it was sent."""
    if request.method in ("GET", "HEAD") and not request.headers.get("HX-Request"):
        return request.get_full_path()
    shown = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "")
    if shown.netloc != request.get_host() or not shown.path:
        return request.get_full_path()
    return shown.path + (f"?{shown.query}" if shown.query else "")


def go(request: Request, address: str) -> HttpResponse:
    """Send the person to a screen of sign-in that leads back to the page they see."""
    target = with_next(address, page_of(request))
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def with_next(address: str, target: str) -> str:
    """Return the address of a screen of ours that goes on to ``target``."""
    return f"{address}?{urlencode({'next': target})}"


def keep_typed(request: Request) -> None:
    """Keep the fields of a POST that can't be taken now, for the form's page.

    Only a browser that has or had a session of ours can store anything.
    """
    store = store_of(request)
    session = store.row if store.row is not None and store.row.account_id else store.past
    if request.method != "POST" or session is None or session.account_id is None or not store.session_key:
        return
    path = urlsplit(page_of(request)).path
    files = tuple(file.name or "" for name in request.FILES for file in request.FILES.getlist(name))
    typed = kept_forms.Typed({name: request.POST.getlist(name) for name in request.POST}, files)
    form_id = kept_forms.keep_form(
        typed, path=path, key=store.session_key, account_id=session.account_id, now=timezone.now()
    )
    if form_id is not None and store.row is session:
        store["kept"] = {**store.get("kept", {}), path: str(form_id)}


def kept_values(request: Request) -> QueryDict | None:
    """Return what the person had typed on this page when the session ended, else None.

    Form views show it in place of the empty form: ``Form(kept_values(request))``; the page then says
    so by itself, and names the files that must be chosen again. It costs a query only when something is kept.
    """
    typed = _typed(request)
    if typed is None:
        return None
    messages.info(request, _("Nội dung Ông/Bà đang nhập dở vẫn còn. Hãy xem lại rồi gửi."))
    if typed.files:
        names = ", ".join(typed.files)
        messages.warning(request, _("Tệp phải được chọn lại: %(names)s.") % {"names": names})
    values = QueryDict(mutable=True)
    for name, several in typed.fields.items():
        values.setlist(name, list(several))
    return values


def _typed(request: Request) -> kept_forms.Typed | None:
    store = store_of(request)
    form_id = store.get("kept", {}).get(request.path)
    if form_id is None or request.by.account_id is None or store.session_key is None:
        return None
    return kept_forms.typed_in(
        form_id, key=store.session_key, account_id=request.by.account_id, now=timezone.now()
    )


def drop_kept(request: Request) -> None:
    """Forget what was kept for the page whose form has now been sent."""
    store = store_of(request)
    kept = store.get("kept", {})
    form_id = kept.get(urlsplit(page_of(request)).path)
    if form_id is None or request.by.account_id is None:
        return
    kept_forms.forget_form(form_id, account_id=request.by.account_id)
    store["kept"] = {path: other for path, other in kept.items() if other != form_id}


def leave_position(request: Request) -> None:
    """The position chosen is held no longer: the person goes on without, until they choose another."""
    session = store_of(request).row
    if session is None or session.account is None:
        return
    request.by = actor_of_account(
        session.account, request_id=request.by.request_id, at=session.authenticated_at
    )
    sessions.choose_position(session, None, by=request.by)
    session.position_id = None
    store_of(request)["left_position"] = True


def has_left_position(request: Request) -> bool:
    """Whether the person must choose because the position acted in is held no longer."""
    return request.by.position_id is None and bool(store_of(request).get("left_position"))
