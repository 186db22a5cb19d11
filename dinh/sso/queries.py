"""Reads of sign-in."""

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from dinh.foundation.actions.public import Actor, visitor
from dinh.foundation.directory.public import HeldPosition, acting, held_positions
from dinh.kernel.errors import N_
from dinh.sso.models import Account

if TYPE_CHECKING:
    from dinh.sso.models import Session

__all__ = ["account_named", "actor_of", "actor_of_account", "positions_held_by", "positions_of", "why_ended"]


def account_named(username: str) -> Account | None:
    """Return the account of a cleaned name, with its person."""
    return Account.objects.select_related("person").filter(username=username).first()


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


def actor_of(session: "Session | None", *, request_id: str, now: dt.datetime) -> Actor:
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


def why_ended(past: "Session | None", now: dt.datetime) -> str:
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
