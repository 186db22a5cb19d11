"""Keeping what was typed when a session ended under it (docs/decisions/0062)."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from dinh.sso.adapters.sealing import seal, unseal
from dinh.sso.adapters.sessions import hash_key
from dinh.sso.models import KeptForm

__all__ = ["Typed", "forget_form", "keep_form", "move_forms", "typed_in"]

KEPT_FOR = dt.timedelta(minutes=60)
LARGEST = 512 * 1024
FORMS_A_BROWSER = 10
_NEVER_KEPT = ("csrfmiddlewaretoken", "password", "mat_khau", "otp", "pin")


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of a form as typed, each with all its values, and the names of files chosen (only
    the names: files are chosen again).
    """

    fields: Mapping[str, Sequence[str]]
    files: tuple[str, ...] = ()


def keep_form(typed: Typed, *, path: str, key: str, account_id: UUID, now: dt.datetime) -> UUID | None:
    """Keep the fields typed on the page ``path`` for the account in the browser that holds ``key``.

    Returns None when there is nothing to keep or too much. Secrets are never kept.
    """
    fields = {name: list(values) for name, values in typed.fields.items() if _may_be_kept(name)}
    content = json.dumps({"fields": fields, "files": typed.files}, ensure_ascii=False).encode()
    browser = hash_key(key)
    others = KeptForm.objects.filter(browser_hash=browser).exclude(path=path)
    if not fields or len(content) > LARGEST or others.count() >= FORMS_A_BROWSER:
        return None
    form, _ = KeptForm.objects.update_or_create(
        browser_hash=browser,
        path=path,
        defaults={
            "account_id": account_id,
            "content": seal(content, key=key, about=path),
            "expires_at": now + KEPT_FOR,
        },
    )
    return form.pk


def _may_be_kept(name: str) -> bool:
    return not any(word in name.lower() for word in _NEVER_KEPT)


def move_forms(*, old_key: str, new_key: str, account_id: UUID, now: dt.datetime) -> dict[str, str]:
    """Take what was kept over to a new session of the same account; return ``{path: id}``.

    What was kept for another account stays unreadable under the old key and is removed.
    """
    moved: dict[str, str] = {}
    for form in KeptForm.objects.filter(browser_hash=hash_key(old_key)):
        content = unseal(bytes(form.content), key=old_key, about=form.path)
        if form.account_id != account_id or form.expires_at <= now or content is None:
            form.delete()
            continue
        form.browser_hash = hash_key(new_key)
        form.content = seal(content, key=new_key, about=form.path)
        form.save(update_fields=["browser_hash", "content"])
        moved[form.path] = str(form.pk)
    return moved


def typed_in(form_id: str, *, key: str, account_id: UUID, now: dt.datetime) -> Typed | None:
    """Return what was kept, to its own account and browser only."""
    form = KeptForm.objects.filter(pk=form_id, account_id=account_id, expires_at__gt=now).first()
    content = unseal(bytes(form.content), key=key, about=form.path) if form else None
    if content is None:
        return None
    kept = json.loads(content)
    return Typed(kept["fields"], tuple(kept["files"]))


def forget_form(form_id: str, *, account_id: UUID) -> None:
    """Remove a kept form: it has been sent, or put aside."""
    KeptForm.objects.filter(pk=form_id, account_id=account_id).delete()
