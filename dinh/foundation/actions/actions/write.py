"""``@action``: the one path by which data changes. It does four things and never grows."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar, cast
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

from dinh.foundation.actions.permissions import Actor, Permission
from dinh.kernel.errors import NotAllowed, NotFound

__all__ = ["Verb", "action", "all_verbs"]

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Verb:
    """One registered verb, for the generated catalogue and the guard tests."""

    name: str
    permission: Permission
    subject: type[models.Model] | None
    function: str
    summary: str
    label: str


_verbs: dict[str, Verb] = {}


def all_verbs() -> dict[str, Verb]:
    """Every registered verb by its name."""
    return dict(sorted(_verbs.items()))


def action(
    verb: str,
    *,
    permission: Permission,
    on: type[models.Model] | None = None,
    under: str = "",
    label: str = "",
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function the verb ``verb``, named in the past tense and dotted: ``dossier.accepted``.

    The function takes its subject first and ``by`` (an ``Actor``) as a keyword. With ``on``, the
    subject is a row of that model: it is read again and locked, the permission is checked on the
    locked row, and the fields that changed are written to the audit log. ``under`` names a foreign key
    of it whose row is locked first, so that verbs on the parts of one thing take turns in one order.
    Without ``on`` (a verb that creates), the permission is asked about the first argument as it is, and
    the row that the function returns is the audited subject. Everything happens in one transaction.
    ``label`` is the verb in words for timelines and the log (marked with ``N_``); the permission's words
    stand in for it.

    Raises ``NotAllowed`` when the permission says no, ``NotFound`` when the subject is gone, and
    whatever the function raises; in all cases nothing is written.
    """

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        name = f"{function.__module__}.{function.__qualname__}"
        summary = (function.__doc__ or "").strip().partition("\n")[0]
        if verb in _verbs and _verbs[verb].function != name:
            raise ValueError(f"verb {verb} is declared twice")
        _verbs[verb] = Verb(verb, permission, on, name, summary, label or permission.label)

        @wraps(function)
        def run(*args: Any, **kwargs: Any) -> Any:
            by: Actor = kwargs["by"]
            subject, *rest = args or (None,)
            with transaction.atomic():
                if on is not None:
                    subject = _lock(on, subject, under)
                before = _snapshot(subject) if on is not None else {}
                _check(verb, permission, subject, by)
                positional = (subject, *rest) if args else ()
                result = function(*positional, **kwargs)
                audited = subject if on is not None else result
                _write_audit(verb, audited, before, by)
            return result

        return cast("Callable[P, R]", run)

    return wrap


def _check(verb: str, permission: Permission, subject: Any, by: Actor) -> None:
    if not permission.may(by, subject):
        raise NotAllowed(reason=permission.label)


def _lock(model: type[models.Model], subject: Any, under: str) -> models.Model:
    if not under:
        return _lock_row(model, subject.pk)
    owner = cast("models.ForeignKey[Any, Any]", model._meta.get_field(under))
    owner_row = _lock_row(owner.related_model, getattr(subject, owner.attname))
    row = _lock_row(model, subject.pk)
    setattr(row, under, owner_row)
    return row


def _lock_row(model: type[models.Model], pk: Any) -> models.Model:
    found = model._base_manager.raw(_select_for_update(model), [pk])
    row = next(iter(found), None)
    if row is None:
        raise NotFound
    return row


# Both statements of a verb are written once: composing them anew each time costs more than running them.


@cache
def _select_for_update(model: type[models.Model]) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in model._meta.concrete_fields)
    table, key = quote(model._meta.db_table), quote(str(model._meta.pk.column))
    return f"SELECT {columns} FROM {table} WHERE {key} = %s FOR UPDATE"  # noqa: S608 - names of the model


def _snapshot(subject: Any) -> dict[str, Any]:
    return {field.attname: getattr(subject, field.attname) for field in subject._meta.concrete_fields}


_INSERT = """
    INSERT INTO actions_auditentry (
        verb, subject_type, subject_id, subject_label, actor_kind, actor_id, actor_name,
        position_id, position_name, on_behalf_of, request_id, changes
    ) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb)
"""


def _write_audit(verb: str, subject: Any, before: dict[str, Any], by: Actor) -> None:
    is_row = isinstance(subject, models.Model)
    changes = _changes(subject, before) if is_row else {}
    values = [
        verb,
        subject._meta.label_lower if is_row else "",
        str(subject.pk) if is_row else "",
        str(subject)[:200] if is_row else "",
        by.kind,
        str(by.account_id or ""),
        by.name,
        str(by.position_id or ""),
        by.position,
        by.on_behalf_of,
        by.request_id,
        json.dumps(changes, cls=DjangoJSONEncoder, ensure_ascii=False),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)


def _changes(subject: models.Model, before: dict[str, Any]) -> dict[str, list[Any]]:
    """Changed fields as ``{name: [old, new]}``; fields in ``audit_hidden`` say only that they changed."""
    hidden: frozenset[str] = getattr(subject, "audit_hidden", frozenset())
    changes: dict[str, list[Any]] = {}
    for name, new in _snapshot(subject).items():
        old = before.get(name)
        if isinstance(new, models.expressions.BaseExpression) or new == old:
            continue
        changes[name] = ["•", "•"] if name in hidden else [_plain(old), _plain(new)]
    return changes


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return f"{len(value)} byte"
    if value is None or isinstance(value, str | int | float | dict | list):
        return value
    return str(value)
