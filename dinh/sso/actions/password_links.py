"""A forgotten password: a link goes to the address on record, and opens once to set another."""

import datetime as dt
import secrets

from django.contrib.auth.hashers import make_password

from dinh.foundation.actions.public import SYSTEM_ONLY, Actor, action
from dinh.foundation.notify.public import ToAddress, notify
from dinh.kernel.errors import N_
from dinh.sso.actions.accounts import check_new_password, own_words
from dinh.sso.actions.sign_in import AccountInactive
from dinh.sso.models import Account, PasswordLink, Session
from dinh.sso.permissions import RESET_PASSWORD
from dinh.sso.queries.accounts import LinkExpired, hash_token, open_link
from dinh.sso.rules.sign_in import clean_password

__all__ = ["reset_password", "send_link"]

LINK_LASTS = dt.timedelta(minutes=30)


@action(
    "account.password_link_sent",
    permission=SYSTEM_ONLY,
    on=Account,
    label=N_("Gửi liên kết đặt lại mật khẩu"),
)
def send_link(account: Account, *, by: Actor, now: dt.datetime) -> None:
    """Send a link that sets another password within 30 minutes to the person's e-mail, else phone.

    It goes to the address alone, not into the person's notices: who sits at an open session must not
    find the way to the password there. Links sent before stay open, so a stranger who asks again and
    again makes no link of the person's worthless.
    """
    token = secrets.token_urlsafe(32)
    PasswordLink.objects.create(
        token_hash=hash_token(token), account=account, created_at=now, expires_at=now + LINK_LASTS
    )
    person = account.person
    notify(
        ToAddress(name=person.full_name, email=person.email, phone="" if person.email else person.phone),
        "account.password_reset",
        {"link": f"/dat-lai-mat-khau/{token}/"},
        about=account,
        now=now,
    )


@action("account.password_reset", permission=RESET_PASSWORD, on=Account, label=N_("Đặt lại mật khẩu đã quên"))
def reset_password(account: Account, *, token: str, new: str, by: Actor, now: dt.datetime) -> Account:
    """Set another password by a link; all of the account's sessions and open links end.

    The account is locked, so of two clicks at once the second finds its link used. Raises ``LinkUsed``,
    ``LinkExpired``, ``AccountInactive`` or ``WeakPassword``; then the link stays open.
    """
    if open_link(token, now=now).account_id != account.pk:
        raise LinkExpired
    if not account.is_active:
        raise AccountInactive
    check_new_password(new, about=own_words(account.person.full_name, account.username))
    account.password = make_password(clean_password(new))
    account.password_changed_at = now
    account.save(update_fields=["password", "password_changed_at"])
    PasswordLink.objects.filter(account=account, used_at=None).update(used_at=now)
    Session.objects.present(now).filter(account=account).update(
        ended_at=now, ended_why=Session.Ended.PASSWORD
    )
    return account
