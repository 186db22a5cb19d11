"""The screens of sign-in: name and password, acting position, sessions, registration, passwords."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dinh.foundation.actions.public import Request, route
from dinh.kernel.errors import Refused
from dinh.sso import access
from dinh.sso.actions import accounts, password_links, sessions
from dinh.sso.adapters import identity_provider
from dinh.sso.forms import NewPasswordForm, RegistrationForm
from dinh.sso.permissions import END_OTHERS_SESSIONS
from dinh.sso.queries import accounts as queries
from dinh.sso.queries.identities import has_password, own_identity
from dinh.sso.rules.sign_in import TooManyAttempts, clean_username, safe_next
from dinh.sso.tasks import send_password_link

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from dinh.foundation.directory.public import HeldPosition

# As many accounts as a page of the sample province lists.
_SAMPLES = 60
_AFTER = {"official": "/lam-viec/", "citizen": "/"}


def _next(request: Request) -> str:
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return safe_next(asked, fallback=_AFTER.get(request.by.kind, "/"))


def page(request: Request, template: str, status: int = 200, **values: Any) -> HttpResponse:
    return render(request, template, values, status=status)


def sentence(error: Refused) -> str:
    return error.said(_)


def _sentences(errors: "Mapping[str, Refused]") -> dict[str, str]:
    return {name: sentence(error) for name, error in errors.items()}


def refused(shown: HttpResponse, error: Refused) -> HttpResponse:
    """Say by the answer's head too when to come back."""
    if isinstance(error, TooManyAttempts):
        shown.status_code = 429
        shown.headers["Retry-After"] = str(error.seconds)
    return shown


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@route(who="everyone")
def sign_in(request: Request) -> HttpResponseBase:
    """Sign in by name and password."""
    if request.method == "GET":
        if request.by.kind != "visitor":
            return HttpResponseRedirect(_next(request))
        return sign_in_page(request, why=queries.why_ended(access.store_of(request).past, timezone.now()))
    username = request.POST.get("username", "")[:200]
    password = request.POST.get("password", "")[:1000]
    try:
        account = access.verify(request, username, password)
    except Refused as error:
        return refused(sign_in_page(request, username=username, error=sentence(error), status=422), error)
    access.sign_in(request, account, method="password")
    return go_on(request, _next(request))


def sign_in_page(
    request: Request,
    *,
    username: str = "",
    error: str = "",
    why: str = "",
    status: int = 200,
    going_on: str = "",
) -> HttpResponse:
    """The door, with what went wrong at it; it leads on to ``going_on``."""
    asked = going_on or request.POST.get("next") or request.GET.get("next") or ""
    return page(
        request,
        "sso/sign_in.html",
        status,
        username=username,
        error=error,
        why=_(why) if why else "",
        next=safe_next(asked, fallback=""),
        has_provider=identity_provider.is_configured(),
    )


def go_on(request: Request, address: str) -> HttpResponseBase:
    """Lead on to where the person was going; an official with several positions chooses one first."""
    address = address or _AFTER.get(request.by.kind, "/")
    if request.by.kind == "official" and request.by.position_id is None:
        return HttpResponseRedirect(access.with_next("/chon-chuc-vu/", address))
    return HttpResponseRedirect(address)


@require_POST
@route(who="everyone")
def sign_out(request: Request) -> HttpResponseBase:
    """End this session."""
    session = access.store_of(request).row
    method = session.method if session is not None else ""
    access.sign_out(request)
    messages.success(request, _("Ông/Bà đã đăng xuất."))
    if method == "national":
        return HttpResponseRedirect("/da-dang-xuat/")
    return HttpResponseRedirect(settings.LOGIN_URL)


@never_cache
@require_http_methods(["GET", "POST"])
@route(who="signed_in")
def choose_position(request: Request) -> HttpResponseBase:
    """Choose the position to act in."""
    held = queries.positions_held_by(request.by, timezone.localdate())
    access.remember_positions(request, held)
    if request.method == "GET":
        return _choice_page(request, held)
    chosen: UUID | None = next(
        (one.position_id for one in held if str(one.position_id) == request.POST.get("position")), None
    )
    session = access.store_of(request).row
    if chosen is None or session is None:
        return _choice_page(
            request,
            held,
            error=_(
                "Ông/Bà chưa chọn, hoặc không còn giữ chức vụ đã chọn. Hãy chọn một chức vụ trong danh sách."
            ),
        )
    sessions.choose_position(session, chosen, by=request.by)
    return HttpResponseRedirect(_next(request))


def _choice_page(request: Request, held: "Sequence[HeldPosition]", *, error: str = "") -> HttpResponse:
    return page(
        request,
        "sso/choose_position.html",
        422 if error else 200,
        positions_held=held,
        choices=[(one.position_id, one.title, one.unit_name) for one in held],
        chosen=request.by.position_id or "",
        left=access.has_left_position(request),
        next=_next(request),
        error=error,
    )


# --- Sessions ---------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET"])
@route(who="signed_in")
def own_sessions(request: Request) -> HttpResponseBase:
    """One's own sessions and the latest attempts to sign in."""
    session = access.store_of(request).row
    account = queries.account_of(request.by)
    rows = queries.own_sessions(request.by, this=session.pk if session else None, now=timezone.now())
    return page(
        request,
        "sso/sessions.html",
        rows=rows,
        others=len(rows) - 1,
        has_provider=identity_provider.is_configured(),
        identity=own_identity(request.by),
        has_password=has_password(account),
        username=account.username,
        sign_ins=queries.own_sign_ins(request.by),
        idle_minutes=settings.SESSION_IDLE_MINUTES,
        lifetime_hours=settings.SESSION_LIFETIME_HOURS,
    )


@require_POST
@route(who="signed_in")
def end_session(request: Request, session_id: "UUID") -> HttpResponseBase:
    """End one of one's own sessions."""
    sessions.end_session(queries.own_session(request.by, session_id), by=request.by, now=timezone.now())
    messages.success(request, _("Đã kết thúc phiên đăng nhập."))
    return HttpResponseRedirect("/phien-dang-nhap/")


@require_POST
@route(who="signed_in")
def end_other_sessions(request: Request) -> HttpResponseBase:
    """End all of one's own sessions but this one."""
    session = access.store_of(request).row
    if session is not None:
        account = queries.account_of(request.by)
        sessions.end_others(account, keep=session.pk, by=request.by, now=timezone.now())
        messages.success(request, _("Đã kết thúc mọi phiên đăng nhập khác."))
    return HttpResponseRedirect("/phien-dang-nhap/")


@never_cache
@require_http_methods(["GET"])
@route(who="official", permission=END_OTHERS_SESSIONS)
def sessions_of_others(request: Request) -> HttpResponseBase:
    """Sessions that an administrator may end."""
    words = request.GET.get("q", "")[:100]
    rows = queries.sessions_of_others(request.by, words=words, now=timezone.now())
    return page(
        request, "sso/sessions_of_others.html", rows=rows, q=words, address="/quan-tri/phien-dang-nhap/"
    )


@require_POST
@route(who="official", permission=END_OTHERS_SESSIONS)
def end_session_of_other(request: Request, session_id: "UUID") -> HttpResponseBase:
    """End somebody else's session."""
    now = timezone.now()
    session = queries.session_of_other(request.by, session_id, now=now)
    sessions.end_session_of_other(session, by=request.by, now=now)
    messages.success(request, _("Đã kết thúc phiên đăng nhập. Người dùng phải đăng nhập lại."))
    back = safe_next(request.POST.get("next", ""), fallback="/quan-tri/phien-dang-nhap/")
    return HttpResponseRedirect(back)


# --- Registration and passwords ---------------------------------------------------------------------


@never_cache
@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "POST"])
@route(who="everyone")
def register(request: Request) -> HttpResponseBase:
    """A citizen opens an account."""
    if request.by.kind != "visitor":
        return HttpResponseRedirect(_next(request))
    if request.method == "GET":
        return _register_page(request, RegistrationForm())
    form = RegistrationForm.read(request.POST, this_year=timezone.now().year)
    if form.registration is None:
        return _register_page(request, form)
    try:
        access.count_registration(request)
        account = accounts.register_citizen(form.registration, by=request.by, now=timezone.now())
    except Refused as error:
        form.errors[error.field or ""] = error
        return refused(_register_page(request, form), error)
    access.sign_in(request, account, method="registration")
    sent_to = access.send_first_code(request, account)
    messages.success(request, _("Tài khoản đã mở. Ông/Bà đang đăng nhập."))
    if sent_to:
        said = _("Mã 6 chữ số vừa được gửi tới %(contact)s. Hãy nhập mã đó ở Thông tin của tôi.")
        messages.info(request, said % {"contact": sent_to})
    return HttpResponseRedirect(_next(request))


def _register_page(request: Request, form: RegistrationForm) -> HttpResponse:
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return page(
        request,
        "sso/register.html",
        422 if form.errors else 200,
        values=form.values,
        errors=_sentences(form.errors),
        next=safe_next(asked, fallback=""),
    )


@never_cache
@sensitive_post_parameters("current_password", "password", "password_again")
@require_http_methods(["GET", "POST"])
@route(who="signed_in")
def change_password(request: Request) -> HttpResponseBase:
    """Change one's own password."""
    if request.method == "GET":
        return _password_page(request, {})
    account, session = queries.account_of(request.by), access.store_of(request).row
    about = accounts.own_words(request.by.name, account.username)
    form = NewPasswordForm.read(request.POST, about=about)
    if form.errors or session is None:
        return _password_page(request, _sentences(form.errors))
    try:
        access.confirm(request, form.current)
        accounts.change_password(account, new=form.new, keep=session.pk, by=request.by, now=timezone.now())
    except Refused as error:
        return refused(_password_page(request, {error.field or "current_password": sentence(error)}), error)
    messages.success(request, _("Đã đổi mật khẩu. Mọi phiên đăng nhập khác đã kết thúc."))
    return HttpResponseRedirect("/phien-dang-nhap/")


def _password_page(request: Request, errors: dict[str, str]) -> HttpResponse:
    return page(request, "sso/change_password.html", 422 if errors else 200, errors=errors)


@never_cache
@require_http_methods(["GET", "POST"])
@route(who="everyone")
def forgotten_password(request: Request) -> HttpResponseBase:
    """Ask for a link to set another password.

    The same is done and answered whether or not the name is anybody's; a worker finds out.
    """
    username = request.POST.get("username", "")[:200]
    if request.method == "GET":
        return _forgotten_page(request)
    if not username.strip():
        return _forgotten_page(request, error=_("Hãy nhập tên đăng nhập."))
    now = timezone.now()
    try:
        access.count_reset(request, username, now=now)
    except Refused as error:
        return refused(_forgotten_page(request, username=username, error=sentence(error)), error)
    account = queries.account_named(clean_username(username))
    # What was typed is not kept: people type passwords into the wrong box.
    send_password_link.defer(account_id=str(account.pk) if account else "", asked_at=now.isoformat())
    return HttpResponseRedirect("/quen-mat-khau/?da-gui=1")


def _forgotten_page(request: Request, *, username: str = "", error: str = "") -> HttpResponse:
    return page(
        request,
        "sso/forgotten_password.html",
        422 if error else 200,
        username=username,
        errors={"username": error} if error else {},
        is_asked=request.method == "GET" and "da-gui" in request.GET,
    )


@never_cache
@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "POST"])
@route(who="everyone")
def reset_password(request: Request, token: str) -> HttpResponseBase:
    """Set another password by a link that was sent. Opening it does nothing: mail scanners do that."""
    now = timezone.now()
    try:
        account = queries.account_of_link(token, now=now)
        access.check_owner(request, account)
    except Refused as error:
        return page(request, "sso/link_closed.html", 422, why=sentence(error))
    if request.method == "GET":
        return _reset_page(request, account.username, {})
    about = accounts.own_words(account.person.full_name, account.username)
    form = NewPasswordForm.read(request.POST, about=about)
    if form.errors:
        return _reset_page(request, account.username, _sentences(form.errors))
    try:
        password_links.reset_password(account, token=token, new=form.new, by=request.by, now=now)
    except Refused as error:
        return page(request, "sso/link_closed.html", 422, why=sentence(error))
    access.store_of(request).forget()
    messages.success(request, _("Đã đặt lại mật khẩu. Hãy đăng nhập bằng mật khẩu mới."))
    return HttpResponseRedirect(settings.LOGIN_URL)


def _reset_page(request: Request, username: str, errors: dict[str, str]) -> HttpResponse:
    return page(request, "sso/reset_password.html", 422 if errors else 200, username=username, errors=errors)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@route(who="signed_in")
def confirm_password(request: Request) -> HttpResponseBase:
    """Give the password again before a grave act."""
    if request.method == "GET":
        return _confirm_page(request)
    try:
        access.confirm(request, request.POST.get("password", "")[:1000])
    except Refused as error:
        return refused(_confirm_page(request, sentence(error)), error)
    return HttpResponseRedirect(_next(request))


def _confirm_page(request: Request, error: str = "") -> HttpResponse:
    """With the way by the provider for whoever has linked it: they may have no password at all."""
    return page(
        request,
        "sso/confirm_password.html",
        422 if error else 200,
        next=_next(request),
        error=error,
        has_identity=identity_provider.is_configured() and own_identity(request.by) is not None,
    )


def form_expired(request: Request, reason: str = "") -> HttpResponse:
    """The answer to a POST without this browser's token (``CSRF_FAILURE_VIEW``)."""
    return page(request, "sso/form_expired.html", 403, back=access.page_of(request))


@require_GET
@route(who="everyone")
def sample_accounts(request: Request) -> HttpResponse:
    """List the accounts of the sample province, so that a newcomer can be whoever comes next."""
    words = request.GET.get("q", "")[:100]
    found = queries.sample_accounts(words, on=timezone.localdate(), limit=_SAMPLES + 1)
    return page(
        request,
        "sso/sample_accounts.html",
        q=words,
        rows=found[:_SAMPLES],
        has_more=len(found) > _SAMPLES,
    )
