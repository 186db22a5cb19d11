"""A new telephone or e-mail: a code goes there, and until it is typed the old one stays in force."""

import datetime as dt
import hmac
import secrets
from uuid import UUID

from django.db.models import F
from django.utils.crypto import salted_hmac

from dinh.foundation.actions.public import Actor, action, system
from dinh.foundation.directory.public import note_proven_contact
from dinh.foundation.notify.public import ToAddress, notify
from dinh.kernel.errors import N_
from dinh.sso.models import Account, ContactCode
from dinh.sso.permissions import CHANGE_OWN_ACCOUNT
from dinh.sso.rules.contacts import (
    AGAIN_AFTER,
    CODE_LASTS,
    TRIES,
    CodeEnded,
    SameContact,
    TooSoon,
    WrongCode,
    clean_code,
    draw_code,
)
from dinh.sso.rules.sign_in import InvalidContact, clean_contact

__all__ = ["ask_contact_code", "confirm_contact", "count_try", "drop_contact"]


@action(
    "contact.code_sent",
    permission=CHANGE_OWN_ACCOUNT,
    on=Account,
    label=N_("Gửi mã xác minh nơi nhận tin mới"),
)
def ask_contact_code(account: Account, *, kind: str, value: str, by: Actor, now: dt.datetime) -> Account:
    """Send six digits to an address at which the person wants to be reached.

    A later wish of the same kind takes the place of the one before, and its code is another. Raises
    ``InvalidContact`` and ``SameContact`` (field: the kind), ``TooSoon``.
    """
    found, clean = clean_contact(value)
    if found != kind:
        raise InvalidContact(field=kind)
    person = account.person
    if clean == getattr(person, kind) and getattr(person, f"{kind}_known") == "code":
        raise SameContact(field=kind)
    row = ContactCode.objects.filter(account=account, kind=kind, ended_at=None).first()
    if row is None:
        row = ContactCode(account=account, kind=kind)
    elif now < row.sent_at + AGAIN_AFTER:
        raise TooSoon(row.sent_at + AGAIN_AFTER - now)
    code = draw_code(secrets.randbelow(10**6))
    row.value, row.tries = clean, 0
    row.sent_at, row.expires_at = now, now + CODE_LASTS
    row.code_hash = _hashed(row, code)
    row.save()
    to = ToAddress(name=person.full_name, **{kind: clean})
    notify(to, "account.contact_code", {"code": code}, about=account, now=now)
    return account


def _hashed(row: ContactCode, code: str) -> str:
    """Six digits are soon guessed from a plain hash: this one is keyed, and another for each wish."""
    about = f"{row.pk}:{row.value}:{code}"
    return salted_hmac("dinh.sso.contact_code", about, algorithm="sha256").hexdigest()


def count_try(account_id: UUID, kind: str, *, now: dt.datetime) -> None:
    """Count a try in advance, by itself: a hundred guesses at once are five. Raises ``CodeEnded``."""
    open_rows = ContactCode.objects.filter(
        account_id=account_id, kind=kind, ended_at=None, expires_at__gt=now, tries__lt=TRIES
    )
    if not open_rows.update(tries=F("tries") + 1):
        raise CodeEnded(field=f"code_{kind}")


@action(
    "contact.confirmed",
    permission=CHANGE_OWN_ACCOUNT,
    on=Account,
    label=N_("Xác minh nơi nhận tin mới"),
)
def confirm_contact(account: Account, *, kind: str, code: str, by: Actor, now: dt.datetime) -> Account:
    """Put the new address in force; the old one is told. The try has been counted (``count_try``).

    Raises ``WrongCode`` and ``CodeEnded``.
    """
    row = ContactCode.objects.filter(account=account, kind=kind, ended_at=None, expires_at__gt=now).first()
    if row is None:
        raise CodeEnded(field=f"code_{kind}")
    given = _hashed(row, clean_code(code))
    if not hmac.compare_digest(given, row.code_hash):
        raise WrongCode(field=f"code_{kind}")
    _end(row, ContactCode.Ended.CONFIRMED, now)
    sso = system("sso.contacts", request_id=by.request_id)
    note_proven_contact(account.person, kind=kind, value=row.value, by=sso)
    return account


@action("contact.dropped", permission=CHANGE_OWN_ACCOUNT, on=Account, label=N_("Bỏ đổi nơi nhận tin"))
def drop_contact(account: Account, *, kind: str, by: Actor, now: dt.datetime) -> Account:
    """Put the wish aside; what is in force stays."""
    row = ContactCode.objects.filter(account=account, kind=kind, ended_at=None).first()
    if row is not None:
        _end(row, ContactCode.Ended.DROPPED, now)
    return account


def _end(row: ContactCode, why: ContactCode.Ended, now: dt.datetime) -> None:
    row.ended_at, row.ended_why = now, why
    row.save(update_fields=["ended_at", "ended_why"])
