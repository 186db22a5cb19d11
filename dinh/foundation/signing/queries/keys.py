"""Reads about keys: whose, in which state, where used; the pictures shown with them; the token."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from dinh.foundation.actions.public import Actor, page_after
from dinh.foundation.directory.public import coverage
from dinh.foundation.signing.adapters.facsimiles import kept_picture, picture_of
from dinh.foundation.signing.adapters.pkcs11 import Pkcs11Store
from dinh.foundation.signing.adapters.sealed import SecretsMissing
from dinh.foundation.signing.adapters.trust import key_store
from dinh.foundation.signing.models import Key, KeyUse
from dinh.foundation.signing.rules.keys import KEY_STATES, SOON, WARN_DAYS, key_state, warning_of
from dinh.foundation.signing.rules.signatures import KeyNotUsable, NoKey, TokenUnavailable
from dinh.kernel.errors import N_, existing
from dinh.kernel.sentences import say
from dinh.kernel.text import search_tokens

__all__ = [
    "KEY_STATES",
    "KeyCard",
    "KeyFilter",
    "KeyLine",
    "TokenState",
    "access_key",
    "ending_keys",
    "key_card",
    "key_figures",
    "key_lines",
    "key_of",
    "picture_content",
    "token_state",
    "visible_keys",
]

PAGE = 50
_LAST_USES = 20


def key_of(kind: str, owner_id: UUID, *, owner: str, at: dt.datetime) -> Key:
    """Return the key in use of a person, agency or desk.

    Raises ``NoKey`` (it has none; ``owner`` names it) and ``KeyNotUsable`` (its last one has ended or was
    taken back). A suspended key is returned: signing with it is refused and says why.
    """
    key = Key.objects.of(kind, owner_id).usable(at).first()
    if key is not None:
        return key
    last = Key.objects.of(kind, owner_id).filter(retired_at=None).first()
    if last is None:
        raise NoKey(owner=owner)
    if last.revoked_at is not None:
        raise KeyNotUsable(label=last.label, reason=say(N_("đã bị thu hồi")))
    raise KeyNotUsable(label=last.label, reason=say(N_("chưa có hoặc đã hết hiệu lực")))


def visible_keys(by: Actor) -> QuerySet[Key]:
    """Return the keys that a person may see: their own, and those they manage or hold for an agency."""
    if by.kind == "system" or by.holds("signing.manage_keys"):
        return Key.objects.all()
    own = Key.objects.none()
    if by.person_id is not None:
        own = Key.objects.of(Key.Owner.PERSON, by.person_id)
    reach = coverage(by, "signing.use_agency_key")
    return own | Key.objects.exclude(owner_kind=Key.Owner.PERSON).filter(reach.q("owner_id"))


def access_key(by: Actor, key_id: UUID) -> Key:
    """Return a key that the actor may see. Raises ``NotFound``."""
    return existing(visible_keys(by).filter(pk=key_id).first())


# ---- for the screens ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFilter:
    """What a list of keys is narrowed by: words of the owner's name, kind of owner, state, store."""

    words: str = ""
    kind: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyLine:
    """One key as a list shows it. ``state`` is of ``KEY_STATES``."""

    id: UUID
    label: str
    kind: str
    store: str
    issuer: str
    is_sample: bool
    valid_from: dt.datetime
    valid_until: dt.datetime
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyCard:
    """One key with everything about it, and its last uses, newest first. Never the private half."""

    line: KeyLine
    owner_kind: str
    owner_id: UUID
    serial: str
    fingerprint: str
    suspended_at: dt.datetime | None
    suspension_reason: str
    revoked_at: dt.datetime | None
    revocation_reason: str
    retired_at: dt.datetime | None
    use_count: int
    uses: tuple[KeyUse, ...]
    has_picture: bool
    picture_by: str
    picture_at: dt.datetime | None
    newer_id: UUID | None


def _in_state(state: str, now: dt.datetime) -> Q:
    standing = Q(revoked_at=None, retired_at=None)
    valid = standing & Q(valid_until__gt=now)
    running = valid & Q(suspended_at=None)
    return {
        "in_use": running & Q(valid_until__gt=now + SOON),
        "ending": running & Q(valid_until__lte=now + SOON),
        "suspended": valid & Q(suspended_at__isnull=False),
        "ended": standing & Q(valid_until__lte=now),
        "revoked": Q(revoked_at__isnull=False),
        "retired": Q(revoked_at=None, retired_at__isnull=False),
    }[state]


def key_figures(by: Actor, *, now: dt.datetime) -> dict[str, int]:
    """Return how many of the visible keys are in each state. One query."""
    counts = {state: Count("pk", filter=_in_state(state, now)) for state in KEY_STATES}
    return dict(visible_keys(by).order_by().aggregate(**counts))


def key_lines(
    by: Actor, chosen: KeyFilter, *, now: dt.datetime, after: str = ""
) -> tuple[Sequence[KeyLine], str]:
    """Return a page of visible keys, newest first, and the mark that continues it."""
    rows = visible_keys(by).defer("certificate", "chain")
    if chosen.kind:
        rows = rows.filter(owner_kind=chosen.kind)
    if chosen.state:
        rows = rows.filter(_in_state(chosen.state, now))
    for word in search_tokens(chosen.words)[:6]:
        rows = rows.filter(search_text__contains=word)
    shown, mark = page_after(rows, after, PAGE)
    return [_line(row, now) for row in shown], mark


def _line(row: Key, now: dt.datetime) -> KeyLine:
    return KeyLine(
        id=row.pk,
        label=row.label,
        kind=Key.Owner(row.owner_kind).label,
        store=Key.Store(row.store).label,
        issuer=row.issuer,
        is_sample=row.is_sample,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        state=key_state(row, now),
    )


def key_card(by: Actor, key_id: UUID, *, now: dt.datetime) -> KeyCard:
    """Return one visible key with everything about it. Raises ``NotFound``."""
    row = access_key(by, key_id)
    uses = KeyUse.objects.filter(key=row)
    picture = kept_picture(row)
    newer = Key.objects.of(row.owner_kind, row.owner_id).filter(pk__gt=row.pk).order_by("pk").first()
    return KeyCard(
        line=_line(row, now),
        owner_kind=row.owner_kind,
        owner_id=row.owner_id,
        serial=row.serial,
        fingerprint=row.fingerprint,
        suspended_at=row.suspended_at,
        suspension_reason=row.suspension_reason,
        revoked_at=row.revoked_at,
        revocation_reason=row.revocation_reason,
        retired_at=row.retired_at,
        use_count=uses.count(),
        uses=tuple(uses[:_LAST_USES]),
        has_picture=picture is not None or settings.IS_SAMPLE,
        picture_by=picture.put_by if picture else "",
        picture_at=picture.put_at if picture else None,
        newer_id=newer.pk if newer else None,
    )


def picture_content(by: Actor, key_id: UUID) -> bytes:
    """Return the PNG shown with a visible key's signatures. Raises ``NotFound`` and ``NoPicture``."""
    key = access_key(by, key_id)
    return picture_of(key, name=key.label)


def ending_keys(now: dt.datetime) -> list[tuple[Key, int]]:
    """Return the keys in use that end soon, each with the warning whose day has come (``WARN_DAYS``)."""
    last = now + dt.timedelta(days=max(WARN_DAYS))
    rows = Key.objects.usable(now).filter(valid_until__lte=last).order_by("valid_until")
    warned = ((row, warning_of(row.valid_until, now)) for row in rows)
    return [(row, days) for row, days in warned if days is not None]


# ---- the token ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenState:
    """How the PKCS#11 token is: ``none`` (not configured), ``ready`` or ``away``; how many keys of ours it
    holds by the register, and how many objects by itself (None when it could not be asked).
    """

    state: str
    module: str
    token: str
    registered: int
    held: int | None


def token_state() -> TokenState:
    """Ask the token. It may take a moment: a module opens its device."""
    module, token = settings.SIGNING_PKCS11_MODULE, settings.SIGNING_PKCS11_TOKEN
    standing = Key.objects.filter(store=Key.Store.PKCS11, revoked_at=None, retired_at=None).count()
    held: int | None = None
    state = "none"
    if module:
        try:
            store = key_store(Key.Store.PKCS11)
            assert isinstance(store, Pkcs11Store)
            held, state = store.count(), "ready"
        except (TokenUnavailable, SecretsMissing):
            state = "away"
    return TokenState(state=state, module=module, token=token, registered=standing, held=held)
