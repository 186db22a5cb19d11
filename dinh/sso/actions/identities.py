"""Identities of the provider: linked to an account, taken apart, an account opened by one."""

import datetime as dt
import secrets
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from dinh.foundation.actions.public import Actor, action, system
from dinh.foundation.directory.public import find_person, note_verified_number, register_person
from dinh.foundation.notify.public import notify
from dinh.kernel.errors import N_, existing
from dinh.sso.models import Account, LinkedIdentity
from dinh.sso.permissions import CHANGE_OWN_ACCOUNT, LINK_IDENTITY, REGISTER
from dinh.sso.queries.identities import (
    NATIONAL,
    Found,
    believed_number,
    check_fits,
    find_account,
    has_password,
    identity_of,
)
from dinh.sso.rules.identities import (
    AccountOfOther,
    GivenIdentity,
    LastWayIn,
    NameDiffers,
    NumberOfOther,
    WrongAnswer,
    same_person,
)

__all__ = ["enter", "link_identity", "open_account", "unlink_identity"]

LONGEST_NAME = 60


def enter(given: GivenIdentity, *, by: Actor, now: dt.datetime) -> Found:
    """Return the account to sign in to; one that was recognised by its number is linked from now on.

    Raises what ``find_account`` raises.
    """
    found = find_account(given)
    if found.account is None or found.is_linked or not found.account.is_active:
        return found
    sso = system("sso.identities", request_id=by.request_id)
    link_identity(found.account, given=given, how=LinkedIdentity.How.NUMBER, by=sso, now=now)
    return found


@action(
    "account.identity_linked",
    permission=LINK_IDENTITY,
    on=Account,
    label=N_("Liên kết với Cổng Dịch vụ công quốc gia"),
)
def link_identity(
    account: Account, *, given: GivenIdentity, how: str = "own", by: Actor, now: dt.datetime
) -> Account:
    """Let the owner of an identity sign in to the account; the person is told.

    Raises ``AccountOfOther`` when the identity signs in to another account, ``NumberOfOther`` when another
    identity signs in to this one or the believed number is somebody else's here, ``NameDiffers``,
    ``OfficialsElsewhere``.
    """
    check_fits(account, given)
    person = account.person
    if not same_person(given, full_name=person.full_name, birth_date=person.birth_date):
        raise NameDiffers
    present = identity_of(account)
    if present is not None:
        if present.key == given.key:
            return account
        raise NumberOfOther
    number = believed_number(given)
    if number and not person.identity_number:
        if find_person(number) is not None:
            raise NumberOfOther
        sso = system("sso.identities", request_id=by.request_id)
        note_verified_number(person, identity_number=number, by=sso)
    _insert(account, given, how, now)
    notify(
        person.pk,
        "account.identity_linked",
        {"link": "/phien-dang-nhap/"},
        about=account,
        now=now,
    )
    return account


def _insert(account: Account, given: GivenIdentity, how: str, now: dt.datetime) -> None:
    try:
        with transaction.atomic():
            LinkedIdentity.objects.create(
                account=account,
                provider=NATIONAL,
                key=given.key,
                full_name=given.full_name,
                level=given.level,
                how=how,
                linked_at=now,
            )
    except IntegrityError as error:
        raise AccountOfOther from error


@action(
    "account.identity_unlinked",
    permission=CHANGE_OWN_ACCOUNT,
    on=Account,
    label=N_("Gỡ liên kết với Cổng Dịch vụ công quốc gia"),
)
def unlink_identity(account: Account, *, by: Actor, now: dt.datetime) -> Account:
    """Take the link apart; the number does not put it together again, only the person does.

    Raises ``LastWayIn`` while there is no password to sign in by.
    """
    if not has_password(account):
        raise LastWayIn
    linked = existing(identity_of(account))
    linked.ended_at = now
    linked.save(update_fields=["ended_at"])
    notify(
        account.person_id, "account.identity_unlinked", {"link": "/phien-dang-nhap/"}, about=account, now=now
    )
    return account


@action(
    "account.opened_by_identity",
    permission=REGISTER,
    label=N_("Mở tài khoản qua Cổng Dịch vụ công quốc gia"),
)
def open_account(given: GivenIdentity, *, by: Actor, now: dt.datetime) -> Account:
    """Open an account for who has no account here yet; the person is taken from the directory when the
    believed number is known there.

    A number that is not believed is kept as claimed, like one that was typed. Raises what ``find_account``
    raises, ``AccountOfOther`` when the identity has an account by now, and ``WrongAnswer`` without a name.
    """
    found = find_account(given)
    if found.account is not None:
        raise AccountOfOther
    if not given.full_name:
        raise WrongAnswer("no name")
    number = believed_number(given)
    person = found.person or register_person(
        given.full_name,
        identity_number=number,
        birth_date=given.birth_date,
        phone=given.phone,
        email=given.email,
        by=system("sso.identities", request_id=by.request_id),
    )
    account = _account(given, person.pk, "" if number else given.identity_number, now)
    _insert(account, given, LinkedIdentity.How.OPENED, now)
    return account


def _account(given: GivenIdentity, person_id: UUID, claimed: str, now: dt.datetime) -> Account:
    """Its name is the telephone or the e-mail, as if registered; a drawn one where neither is free."""
    names = [name for name in (given.phone, given.email) if 0 < len(name) <= LONGEST_NAME]
    drawn = f"cdvc.{secrets.randbelow(10**10):010d}"
    taken = set(Account.objects.filter(username__in=names).values_list("username", flat=True))
    try:
        with transaction.atomic():
            return Account.objects.create(
                username=next((name for name in names if name not in taken), drawn),
                kind=Account.Kind.CITIZEN,
                person_id=person_id,
                password=make_password(None),
                password_changed_at=now,
                claimed_identity_number=claimed,
            )
    except IntegrityError as error:
        raise AccountOfOther from error
