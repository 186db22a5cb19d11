"""Which account an identity of the provider belongs to."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.hashers import is_password_usable

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import find_person
from dinh.sso.models import Account, LinkedIdentity
from dinh.sso.rules.identities import (
    GivenIdentity,
    NameDiffers,
    NumberOfOther,
    OfficialsElsewhere,
    TakenApart,
    level_of,
    same_person,
)

if TYPE_CHECKING:
    from dinh.foundation.directory.models import Person

__all__ = [
    "NATIONAL",
    "Found",
    "believed_number",
    "check_fits",
    "find_account",
    "has_password",
    "identity_of",
    "own_identity",
]

NATIONAL = "national"
"""The one provider there is. Links outlive a change of its address."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where an identity leads. ``account`` None: one has to be opened, for ``person`` when we know them.
    ``is_linked`` False: the account was recognised by the identity number, and is to be linked.
    """

    account: Account | None
    person: "Person | None" = None
    is_linked: bool = False


def believed_number(given: GivenIdentity) -> str:
    """The identity number, if the provider is sure enough of the person; else empty."""
    needed = level_of(settings.SIGN_IN_NUMBER_LEVEL)
    return given.identity_number if needed and level_of(given.level) >= needed else ""


def identity_of(account: Account) -> LinkedIdentity | None:
    """The identity that is linked to the account now."""
    return account.identities.filter(provider=NATIONAL, ended_at=None).first()


def own_identity(by: Actor) -> LinkedIdentity | None:
    """The identity linked to one's own account now; None too for who has no account."""
    if by.account_id is None:
        return None
    return LinkedIdentity.objects.filter(provider=NATIONAL, account_id=by.account_id, ended_at=None).first()


def has_password(account: Account) -> bool:
    """Whether the account can be signed in to by a password."""
    return is_password_usable(account.password)


def find_account(given: GivenIdentity) -> Found:
    """Return the account to which an identity leads: by its link, else by a believed identity number.

    Never by e-mail or telephone: those change hands. Raises ``NumberOfOther``, ``NameDiffers``,
    ``OfficialsElsewhere``, ``TakenApart``.
    """
    linked = LinkedIdentity.objects.select_related("account__person")
    known = linked.filter(provider=NATIONAL, key=given.key, ended_at=None).first()
    if known is not None:
        check_fits(known.account, given)
        return Found(known.account, known.account.person, is_linked=True)
    person = find_person(believed_number(given))
    if person is None:
        return Found(None)
    if not same_person(given, full_name=person.full_name, birth_date=person.birth_date):
        raise NameDiffers
    accounts = Account.objects.select_related("person").filter(person=person).order_by("created_at", "pk")
    citizens = [account for account in accounts if account.kind == Account.Kind.CITIZEN]
    if not citizens:
        if accounts:
            raise OfficialsElsewhere
        return Found(None, person)
    if any(identity_of(account) for account in citizens):
        raise NumberOfOther
    account = citizens[0]
    if account.identities.filter(provider=NATIONAL).exists():
        raise TakenApart
    return Found(account, person)


def check_fits(account: Account, given: GivenIdentity) -> None:
    """Raise ``OfficialsElsewhere``, or ``NameDiffers`` where a believed number is not the account's."""
    if account.kind != Account.Kind.CITIZEN:
        raise OfficialsElsewhere
    number, person = believed_number(given), account.person
    if number and person.identity_number not in ("", number):
        raise NameDiffers
