"""Signing papers: every use of a key is a verb, entered in the register of uses."""

import datetime as dt
import hashlib

from dinh.foundation.actions.public import Actor, action
from dinh.foundation.signing.adapters import papers
from dinh.foundation.signing.adapters.trust import signer_of
from dinh.foundation.signing.models import Key, KeyUse
from dinh.foundation.signing.permissions import USE_KEY
from dinh.foundation.signing.rules.signatures import (
    Appearance,
    HandSignature,
    KeyNotUsable,
    KeySuspendedNow,
    PaperFields,
)
from dinh.kernel.errors import N_
from dinh.kernel.sentences import say

__all__ = ["fill_number", "prepare_pdf", "seal_pdf", "sign_pdf", "use_key"]


def prepare_pdf(pdf: bytes, *, fields: PaperFields) -> bytes:
    """Return the paper with everything declared that comes after typesetting: signatures, seal, number, date.

    To be called once, before the first signature. Raises ``BadPdf``.
    """
    return papers.prepare(pdf, fields)


def fill_number(pdf: bytes, *, number: str, date: str, refers: str = "") -> bytes:
    """Return the signed paper with number and date filled in; the person's signature stays valid.

    ``number`` and ``date`` are whole lines ("Số: 15/QĐ-UBND", "An Bình, ngày 05 tháng 02 năm 2026";
    NĐ 30/2020 app. I); ``refers`` is number and date of the paper that this one names, where it has a
    place for them. Raises ``NoSuchField`` when there is no empty field, ``BadPdf``.
    """
    return papers.fill_number(pdf, number=number, date=date, refers=refers)


def sign_pdf(
    pdf: bytes, *, key: Key, appearance: Appearance, reason: str, at: dt.datetime, by: Actor
) -> bytes:
    """Return the paper signed with a person's or an agency's key (PAdES B-B), as an incremental update.

    ``reason`` goes into the signature: the authority and what is done ("KT. CHỦ TỊCH – ban hành"). The
    caller has asked the directory for the signing authority; here only the hold on the key is checked.
    No service is called: the time stamp follows by ``preserve``. Raises ``NotAllowed``,
    ``KeyNotUsable``, ``NoSuchField``, ``BadImage``, ``BadPdf``, ``TokenUnavailable``.
    """
    return use_key(key, pdf=pdf, appearance=appearance, reason=reason, at=at, by=by).content


def seal_pdf(
    pdf: bytes, *, key: Key, appearance: Appearance, reason: str, at: dt.datetime, by: Actor
) -> bytes:
    """Return a paper signed by an agency's or a desk's key alone (receipts, copies); nothing may follow.

    Raises as ``sign_pdf``.
    """
    if isinstance(appearance, HandSignature):
        raise ValueError("a seal shows no hand signature")
    return use_key(key, pdf=pdf, appearance=appearance, reason=reason, at=at, by=by).content


@action("key.used", permission=USE_KEY)
def use_key(
    key: Key, *, pdf: bytes, appearance: Appearance, reason: str, at: dt.datetime, by: Actor
) -> KeyUse:
    """Sign one paper with the key and enter the use in the register."""
    # The caller's row may be old: a key revoked or suspended since then must not sign.
    key.refresh_from_db(fields=["revoked_at", "retired_at", "suspended_at", "suspension_reason"])
    _check_usable(key, at)
    content = papers.sign(
        pdf, signer=signer_of(key), appearance=appearance, name=key.label, reason=reason, at=at
    )
    use = KeyUse(
        key=key,
        signed_at=at,
        reason=reason,
        appearance=type(appearance).__name__,
        sha256=hashlib.sha256(content).hexdigest(),
        used_by=f"{by.name} – {by.position}" if by.position else by.name,
    )
    use.save(force_insert=True)
    use.content = content
    return use


def _check_usable(key: Key, at: dt.datetime) -> None:
    if key.revoked_at is not None:
        raise KeyNotUsable(label=key.label, reason=say(N_("đã bị thu hồi")))
    if key.retired_at is not None:
        raise KeyNotUsable(label=key.label, reason=say(N_("đã ngừng sử dụng")))
    if key.suspended_at is not None:
        raise KeySuspendedNow(label=key.label, why=key.suspension_reason)
    if not key.valid_from <= at < key.valid_until:
        raise KeyNotUsable(label=key.label, reason=say(N_("chưa có hoặc đã hết hiệu lực")))
