"""Accounts, sessions, attempts to sign in, links for a forgotten password."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext

from dinh.foundation.actions.public import Actor, visitor
from dinh.foundation.directory.public import (
    HeldPosition,
    acting,
    coverage,
    held_positions,
    names_above,
    positions_of_people,
)
from dinh.kernel.errors import N_, NotFound, Refused, existing
from dinh.kernel.text import fold, search_text, sort_key
from dinh.sso.models import Account, PasswordLink, Session, SignInRecord
from dinh.sso.permissions import END_OTHERS_SESSIONS
from dinh.sso.rules.sign_in import describe_device

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

__all__ = [
    "LinkExpired",
    "LinkUsed",
    "SampleAccount",
    "SessionRow",
    "SignInRow",
    "account_named",
    "account_of",
    "actor_of",
    "actor_of_account",
    "account_of_link",
    "account_to_help",
    "claimed_identity_number",
    "hash_token",
    "is_citizen",
    "open_link",
    "own_session",
    "own_sessions",
    "own_sign_ins",
    "positions_held_by",
    "positions_of",
    "sample_accounts",
    "session_of_other",
    "sessions_of_others",
    "visible_sessions",
    "why_ended",
]


def account_named(username: str) -> Account | None:
    """Return the account of a cleaned name, with its person."""
    return Account.objects.select_related("person").filter(username=username).first()


class LinkExpired(Refused):
    message = N_("Liên kết này đã hết hạn sau 30 phút, hoặc không đúng. Hãy yêu cầu một liên kết mới.")


class LinkUsed(Refused):
    message = N_(
        "Mật khẩu đã được đặt lại nên liên kết này không dùng được nữa. "
        "Hãy đăng nhập bằng mật khẩu mới, hoặc yêu cầu một liên kết mới."
    )


def hash_token(token: str) -> str:
    """Return what is stored of a link's token. It is random, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_link(token: str, *, now: dt.datetime) -> PasswordLink:
    """Return the link of a token, with account and person. Raises ``LinkUsed``, ``LinkExpired``; a token
    that never was looks like an expired one.
    """
    links = PasswordLink.objects.select_related("account__person")
    link = links.filter(token_hash=hash_token(token)).first()
    if link is None:
        raise LinkExpired
    if link.used_at is not None:
        raise LinkUsed
    if link.expires_at <= now:
        raise LinkExpired
    return link


def account_of_link(token: str, *, now: dt.datetime) -> Account:
    """Return the account for which a link may still set a password. Raises as ``open_link``."""
    return open_link(token, now=now).account


def account_to_help(account_id: UUID, *, asked_at: dt.datetime) -> Account | None:
    """Return the account to send a link to: open, its person reachable, nothing sent since it was asked."""
    account = Account.objects.select_related("person").filter(pk=account_id, is_active=True).first()
    if account is None or not (account.person.email or account.person.phone):
        return None
    is_sent = PasswordLink.objects.filter(account=account, created_at__gte=asked_at).exists()
    return None if is_sent else account


def positions_of(account: Account, on: dt.date) -> list[HeldPosition]:
    """The positions that the official holds that day; none for a citizen."""
    if account.kind != Account.Kind.OFFICIAL:
        return []
    return held_positions(account.person_id, on)


def actor_of_account(account: Account, *, request_id: str, at: dt.datetime | None = None) -> Actor:
    """The account's person without any position."""
    return Actor(
        kind="official" if account.kind == Account.Kind.OFFICIAL else "citizen",
        name=account.person.full_name,
        account_id=account.pk,
        person_id=account.person_id,
        request_id=request_id,
        authenticated_at=at,
    )


def actor_of(session: Session | None, *, request_id: str, now: dt.datetime) -> Actor:
    """Who acts in a session: a visitor, a citizen, or an official in the position chosen.

    Raises what the directory raises when the position is no longer held.
    """
    if session is None or session.account is None or not session.account.is_active:
        return visitor(request_id=request_id)
    account = session.account
    position_id: UUID | None = session.position_id
    if account.kind != Account.Kind.OFFICIAL or position_id is None:
        return actor_of_account(account, request_id=request_id, at=session.authenticated_at)
    actor = acting(account.person_id, position_id, account_id=account.pk, at=now)
    return replace(actor, request_id=request_id, authenticated_at=session.authenticated_at)


def positions_held_by(by: Actor, on: dt.date) -> list[HeldPosition]:
    """The positions among which the person may choose that day."""
    if by.kind != "official" or by.person_id is None:
        return []
    return held_positions(by.person_id, on)


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session as a screen shows it."""

    id: UUID
    name: str
    username: str
    device: str
    address: str
    position: str
    signed_in_at: dt.datetime | None
    last_seen_at: dt.datetime | None
    is_this_one: bool
    assurance: str = ""


def own_sessions(by: Actor, *, this: UUID | None, now: dt.datetime) -> list[SessionRow]:
    """The sessions of one's own account that work, this one first, then the latest seen."""
    rows = Session.objects.present(now).filter(account_id=_own_id(by)).order_by("-last_seen_at", "-id")
    shown = [_shown(row, this) for row in rows.select_related("account__person", "position__unit")]
    return sorted(shown, key=lambda row: not row.is_this_one)


def visible_sessions(by: Actor, now: dt.datetime) -> "QuerySet[Session]":
    """Sessions that work and that the administrator may end: by the unit of the acting position."""
    reach = coverage(by, END_OTHERS_SESSIONS.code)
    return Session.objects.present(now).filter(reach.q("position__unit_id"))


def sessions_of_others(by: Actor, *, words: str, now: dt.datetime) -> list[SessionRow]:
    """The latest 100 sessions that the administrator may end, of people or names matching ``words``."""
    rows = visible_sessions(by, now).exclude(account_id=_own_id(by))
    for word in fold(words).split()[:6]:
        named = Q(account__person__search_text__contains=word) | Q(account__username__contains=word)
        rows = rows.filter(named)
    rows = rows.select_related("account__person", "position__unit").order_by("-last_seen_at", "-id")
    return [_shown(row, None) for row in rows[:100]]


def own_session(by: Actor, session_id: UUID) -> Session:
    """One session of one's own account. Raises ``NotFound``."""
    return existing(Session.objects.filter(account_id=_own_id(by), pk=session_id).first())


def session_of_other(by: Actor, session_id: UUID, *, now: dt.datetime) -> Session:
    """One session that the administrator may end. Raises ``NotFound``."""
    return existing(visible_sessions(by, now).filter(pk=session_id).first())


def _own_id(by: Actor) -> UUID:
    """The account that acts. Raises ``NotFound`` for visitors and the system, who have none."""
    if by.account_id is None:
        raise NotFound
    return by.account_id


def _shown(row: Session, this: UUID | None) -> SessionRow:
    account, position = row.account, row.position
    return SessionRow(
        id=row.pk,
        name=account.person.full_name if account else "",
        username=account.username if account else "",
        device=describe_device(row.user_agent).said(gettext),
        address=row.address or "",
        position=f"{position.title}, {position.unit.name}" if position else "",
        signed_in_at=row.signed_in_at,
        last_seen_at=row.last_seen_at,
        is_this_one=row.pk == this,
        assurance=row.assurance,
    )


@dataclass(frozen=True, slots=True)
class SignInRow:
    """One attempt to sign in as a screen shows it."""

    at: dt.datetime
    outcome: str
    label: str
    device: str
    address: str


def own_sign_ins(by: Actor) -> list[SignInRow]:
    """The latest 20 attempts to sign in to one's own account."""
    rows = SignInRecord.objects.filter(account_id=_own_id(by)).order_by("-id")[:20]
    return [
        SignInRow(
            row.at,
            row.outcome,
            gettext(row.get_outcome_display()),
            describe_device(row.user_agent).said(gettext),
            row.address or "",
        )
        for row in rows
    ]


def claimed_identity_number(account_id: UUID) -> str:
    """The identity number that the person typed when registering; nobody has checked it. Empty: none."""
    claimed = Account.objects.filter(pk=account_id).values_list("claimed_identity_number", flat=True)
    return claimed.first() or ""


def is_citizen(person_id: UUID) -> bool:
    """Whether the person has a citizen's account."""
    return Account.objects.filter(person_id=person_id, kind=Account.Kind.CITIZEN).exists()


def account_of(by: Actor) -> Account:
    """One's own account. Raises ``NotFound``."""
    return existing(Account.objects.filter(pk=_own_id(by)).first())


def why_ended(past: Session | None, now: dt.datetime) -> str:
    """The sentence that says why a session no longer works; empty when there was none."""
    if past is None or past.ended_why in ("signed_out", "replaced"):
        return ""
    if past.ended_why:
        return _WHY_ENDED[past.ended_why]
    lifetime = dt.timedelta(hours=settings.SESSION_LIFETIME_HOURS)
    if past.signed_in_at is not None and now - past.signed_in_at >= lifetime:
        return N_("Phiên đăng nhập đã hết hạn trong ngày. Hãy đăng nhập lại để tiếp tục.")
    return N_("Phiên đăng nhập đã hết hạn vì lâu không dùng. Hãy đăng nhập lại để tiếp tục.")


_WHY_ENDED = {
    "elsewhere": N_(
        "Phiên đăng nhập này đã được kết thúc từ một thiết bị khác của Ông/Bà. Hãy đăng nhập lại để tiếp tục."
    ),
    "administrator": N_(
        "Quản trị viên đã kết thúc phiên đăng nhập này. Hãy đăng nhập lại; "
        "nếu không rõ lý do, hãy hỏi quản trị viên của cơ quan."
    ),
    "password": N_("Mật khẩu của tài khoản vừa được đổi. Hãy đăng nhập lại bằng mật khẩu mới."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleAccount:
    """An account of the sample province, as its list shows it; ``position`` is empty for a citizen."""

    username: str
    person: str
    position: str
    place: str


# data: how the names of the invented citizens' accounts begin
_SAMPLE_CITIZENS = "congdan"


def sample_accounts(words: str, *, on: dt.date, limit: int) -> list[SampleAccount]:
    """Return the sample province's accounts whose person, or whose place, has all of the words: the account
    and the name are one side, title, unit and the unit above the other, so that a given name does not pass
    for a part of an agency's. The last word may be begun only.

    Where one of them has the words as one phrase comes first, then the order of the agencies' names. Citizens
    who opened an account by themselves are not among them. Raises ``NotFound`` anywhere but in a sample
    province.
    """
    if not settings.IS_SAMPLE:
        raise NotFound
    wanted = _words(words)
    shown = Q(kind=Account.Kind.OFFICIAL) | Q(username__startswith=_SAMPLE_CITIZENS)
    rows = Account.objects.filter(shown, is_active=True).select_related("person")
    accounts = list(rows.order_by("username"))
    held = positions_of_people([account.person_id for account in accounts], on)
    above = names_above(one.unit_id for positions in held.values() for one in positions)
    found = [
        one
        for account in accounts
        for one in _as_samples(account, held.get(account.person_id, []), above)
        if any(_has_all(side, wanted) for side in _sides(one))
    ]
    return sorted(found, key=lambda one: (not _has_phrase(one, wanted), sort_key(one.place)))[:limit]


def _as_samples(
    account: Account, held: "Sequence[HeldPosition]", above: Mapping[UUID, str]
) -> list[SampleAccount]:
    if not held:
        return [SampleAccount(username=account.username, person="", position="", place="")]
    return [
        SampleAccount(
            username=account.username,
            person=account.person.full_name,
            position=one.title,
            place=", ".join(filter(None, (one.unit_name, above.get(one.unit_id)))),
        )
        for one in held
    ]


# data: how agencies name their desk, and what everybody calls it
_DESK, _DESK_IS_CALLED = "Tiếp nhận và Trả kết quả", "một cửa"


def _sides(one: SampleAccount) -> tuple[str, str]:
    called = _DESK_IS_CALLED if _DESK in one.place else ""
    return f"{one.username} {one.person}", f"{one.username} {one.position} {one.place} {called}"


def _words(text: str) -> list[str]:
    return search_text(text).split()


def _has_all(side: str, wanted: "Sequence[str]") -> bool:
    """Whether all words stand there, the last one at least as the beginning of a word."""
    there = _words(side)
    begun = any(word.startswith(wanted[-1]) for word in there) if wanted else True
    return begun and set(wanted[:-1]) <= set(there)


def _has_phrase(one: SampleAccount, wanted: "Sequence[str]") -> bool:
    fields = (one.username, one.person, one.position, *one.place.split(", "))
    return any(f" {' '.join(wanted)}" in f" {search_text(field)}" for field in fields)
