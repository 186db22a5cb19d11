"""Accounts: made, registered by citizens, given another password, locked."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from dinh.foundation.actions.public import Actor, action, system
from dinh.foundation.directory.public import find_person, register_person
from dinh.kernel.errors import N_, Refused
from dinh.kernel.text import fold
from dinh.sso.adapters.common_passwords import common_passwords
from dinh.sso.models import Account, Session
from dinh.sso.permissions import CHANGE_OWN_ACCOUNT, MANAGE_ACCOUNTS, REGISTER
from dinh.sso.rules.sign_in import (
    check_password,
    check_username,
    clean_contact,
    clean_full_name,
    clean_identity_number,
    clean_password,
    clean_username,
)

__all__ = [
    "NewAccount",
    "Registration",
    "UsernameTaken",
    "ProofTooOld",
    "change_password",
    "check_new_password",
    "create_account",
    "create_accounts_in_bulk",
    "own_words",
    "register_citizen",
    "set_active",
]


class UsernameTaken(Refused):
    message = N_(
        "Đã có tài khoản dùng số điện thoại hoặc thư điện tử này. "
        "Hãy đăng nhập, hoặc dùng số điện thoại, thư điện tử khác."
    )


class NumberProven(Refused):
    message = N_(
        "Số định danh này đã có tài khoản được xác minh. Nếu là số của Ông/Bà, hãy đăng nhập bằng tài khoản"
        " đó, hoặc lấy lại mật khẩu; nếu không phải, hãy xem lại số, hoặc mang thẻ căn cước đến Bộ phận Một"
        " cửa."
    )


class ProofTooOld(Refused):
    message = N_("Đã quá lâu kể từ khi Ông/Bà nhập mật khẩu hiện tại. Hãy nhập lại.")


PROOF_LASTS = dt.timedelta(minutes=5)


def check_new_password(password: str, *, about: Collection[str]) -> None:
    """Raise ``WeakPassword`` (field ``password``) unless it may be chosen; ``about``: the person's words."""
    check_password(clean_password(password), common=common_passwords(), about=about)


def own_words(full_name: str, *others: str) -> list[str]:
    """Return the words that a stranger who knows the person would try first."""
    joined = fold("".join(full_name.split()))
    return [
        *full_name.split(),
        joined,
        *others,
        *(other.partition("@")[0] for other in others if "@" in other),
    ]


@action("account.created", permission=MANAGE_ACCOUNTS)
def create_account(
    person_id: UUID, *, username: str, kind: str, password: str | None, by: Actor, now: dt.datetime
) -> Account:
    """Make an account for a person of the directory.

    ``kind`` is ``citizen`` or ``official``; without a password nobody signs in by one. Raises
    ``InvalidUsername``, ``UsernameTaken``, ``WeakPassword``.
    """
    name = clean_username(username)
    check_username(name)
    if password is not None:
        check_new_password(password, about=[name])
    return _insert(name, kind, person_id, password, now)


def _insert(
    username: str, kind: str, person_id: UUID, password: str | None, now: dt.datetime, claimed: str = ""
) -> Account:
    try:
        with transaction.atomic():
            return Account.objects.create(
                username=username,
                kind=kind,
                person_id=person_id,
                password=make_password(None if password is None else clean_password(password)),
                password_changed_at=now,
                claimed_identity_number=claimed,
            )
    except IntegrityError as error:
        raise UsernameTaken(field="contact") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What a citizen types to register; nothing of it is verified here."""

    full_name: str
    contact: str
    identity_number: str
    password: str


@action("account.registered", permission=REGISTER)
def register_citizen(registration: Registration, *, by: Actor, now: dt.datetime) -> Account:
    """Open an account for a citizen, with a new person in the directory.

    The contact (phone or e-mail) is the name to sign in with. The identity number is kept on the
    account as claimed, not on the person: nobody takes a number by typing it (docs/decisions/0063).
    Raises ``InvalidContact``, ``InvalidIdentityNumber``, ``WeakPassword``, ``UsernameTaken``,
    ``NumberProven`` when the number is known to be of who has an account already.
    """
    full_name = clean_full_name(registration.full_name)
    kind, contact = clean_contact(registration.contact)
    number = clean_identity_number(registration.identity_number, this_year=now.year)
    check_new_password(registration.password, about=own_words(full_name, contact, number))
    if Account.objects.filter(username=contact).exists():
        raise UsernameTaken(field="contact")
    holder = find_person(number)
    if holder is not None and Account.objects.filter(person=holder, kind=Account.Kind.CITIZEN).exists():
        raise NumberProven(field="identity_number")
    person = register_person(
        full_name=full_name,
        phone=contact if kind == "phone" else "",
        email=contact if kind == "email" else "",
        by=system("sso.register", request_id=by.request_id),
    )
    return _insert(contact, Account.Kind.CITIZEN, person.pk, registration.password, now, number)


@action("account.password_changed", permission=CHANGE_OWN_ACCOUNT, on=Account)
def change_password(account: Account, *, new: str, keep: UUID, by: Actor, now: dt.datetime) -> Account:
    """Change one's own password; every other session of the account than ``keep`` ends.

    Raises ``ProofTooOld`` unless the person has just given the present one, or ``WeakPassword``.
    """
    if by.authenticated_at is None or now - by.authenticated_at > PROOF_LASTS:
        raise ProofTooOld(field="current_password")
    check_new_password(new, about=own_words(by.name, account.username))
    account.password = make_password(clean_password(new))
    account.password_changed_at = now
    account.save(update_fields=["password", "password_changed_at"])
    others = Session.objects.present(now).filter(account=account).exclude(pk=keep)
    others.update(ended_at=now, ended_why=Session.Ended.PASSWORD)
    return account


@action("account.locked_or_unlocked", permission=MANAGE_ACCOUNTS, on=Account)
def set_active(account: Account, is_active: bool, *, by: Actor) -> Account:
    """Lock an account (its sessions stop at once) or open it again."""
    account.is_active = is_active
    account.save(update_fields=["is_active"])
    return account


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """One row of sample data: a person of the directory with a name to sign in with."""

    username: str
    kind: str
    person_id: UUID


def create_accounts_in_bulk(rows: Iterable[NewAccount], *, password: str, now: dt.datetime) -> int:
    """Make sample accounts that all share one password and its one hash; return how many are new.

    Only for a sample province: raises ``RuntimeError`` in a real one. Names that exist are left alone.
    """
    if not settings.IS_SAMPLE:
        raise RuntimeError("accounts with one shared password are only for a sample province")
    encoded = make_password(clean_password(password))
    before = Account.objects.count()
    accounts = (
        Account(
            username=clean_username(row.username),
            kind=row.kind,
            person_id=row.person_id,
            password=encoded,
            password_changed_at=now,
        )
        for row in rows
    )
    Account.objects.bulk_create(accounts, batch_size=2000, ignore_conflicts=True)
    return Account.objects.count() - before
