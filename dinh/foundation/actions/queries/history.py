"""What has happened: the history of a row for its page, and the log for those who keep watch over it."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from dinh.foundation.actions.models import AuditEntry, AuditSeal
from dinh.foundation.actions.permissions import READ_AUDIT, Actor
from dinh.kernel.errors import existing

__all__ = [
    "Change",
    "EntryPage",
    "HistoryEntry",
    "LogFilter",
    "find_entry",
    "history_of",
    "log_page",
    "seal_of",
    "stream_log",
    "visible_entries",
]

_STEP = 1000


@dataclass(frozen=True, slots=True)
class Change:
    """One changed field: its stored name, its word, and both values as text ("•" where it is hidden)."""

    name: str
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One verb that was done: ``verb`` is its stable code, ``by`` and ``position`` who did it; of the system,
    the position is the job that did it.
    """

    id: int
    at: dt.datetime
    verb: str
    subject_type: str
    subject_id: str
    subject: str
    by: str
    by_kind: str
    by_id: str
    position_id: str
    position: str
    on_behalf_of: str
    request_id: str
    changes: tuple[Change, ...]


def history_of(*subjects: Model, limit: int = 500) -> list[HistoryEntry]:
    """Return what was done to these rows, oldest first: the timeline of a thing and its parts.

    Whether a person may see the rows is decided before, where they were found.
    """
    about = Q(pk__in=[])
    for subject in subjects:
        about |= Q(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
    entries = AuditEntry.objects.filter(about).order_by("-id")[:limit]
    return [_as_history(entry) for entry in reversed(entries)]


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What a reader of the log looks for; empty means everything. Days are the province's, both included."""

    person: str = ""
    verb: str = ""
    subject: str = ""
    from_on: dt.date | None = None
    until_on: dt.date | None = None

    def q(self) -> Q:
        """Return the condition on entries."""
        q = Q()
        if self.person:
            q &= Q(actor_name__icontains=self.person) | Q(actor_id=self.person)
        if self.verb:
            q &= Q(verb=self.verb)
        if self.subject:
            q &= Q(subject_id=self.subject) | Q(subject_label__icontains=self.subject)
        if self.from_on:
            q &= Q(at__gte=_midnight(self.from_on))
        if self.until_on:
            q &= Q(at__lt=_midnight(self.until_on + dt.timedelta(days=1)))
        return q


def visible_entries(by: Actor) -> QuerySet[AuditEntry]:
    """Return the entries that a person may read: all with ``audit.read`` for the province, else none."""
    entries = AuditEntry.objects.all()
    return entries if READ_AUDIT.may(by, None) else entries.none()


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One page of the log, newest first. ``older`` and ``newer`` are ids to go on from, 0 at an end."""

    entries: list[HistoryEntry]
    older: int
    newer: int


def log_page(by: Actor, wanted: LogFilter, *, before: int = 0, after: int = 0, size: int = 50) -> EntryPage:
    """Return a page of the log: the entries before the id ``before``, or after ``after``, or the newest."""
    entries = visible_entries(by).filter(wanted.q())
    if after:
        found = list(reversed(entries.filter(id__gt=after).order_by("id")[: size + 1]))
        more_newer, more_older = len(found) > size, True
        found = found[-size:]
    else:
        found = list((entries.filter(id__lt=before) if before else entries).order_by("-id")[: size + 1])
        more_newer, more_older = bool(before), len(found) > size
        found = found[:size]
    return EntryPage(
        entries=[_as_history(entry) for entry in found],
        older=found[-1].id if found and more_older else 0,
        newer=found[0].id if found and more_newer else 0,
    )


def find_entry(by: Actor, number: int) -> HistoryEntry:
    """Return one entry of the log. Raises ``NotFound``."""
    entry = existing(visible_entries(by).filter(pk=number).first())
    return _as_history(entry)


def seal_of(number: int) -> tuple[int, dt.datetime] | None:
    """Return number and moment of the seal that covers an entry, or None while it has none."""
    seals = AuditSeal.objects.filter(first_id__lte=number, last_id__gte=number)
    for seal in seals.only("number", "sealed_at", "ranges").iterator(chunk_size=50):
        pairs = zip(seal.ranges[::2], seal.ranges[1::2], strict=True)
        if any(start <= number < end for start, end in pairs):
            return seal.number, seal.sealed_at
    return None


def stream_log(by: Actor, wanted: LogFilter) -> Iterator[HistoryEntry]:
    """Yield every entry that is looked for, newest first, a thousand at a time."""
    entries = visible_entries(by).filter(wanted.q()).order_by("-id")
    step = list(entries[:_STEP])
    while step:
        yield from map(_as_history, step)
        step = list(entries.filter(id__lt=step[-1].id)[:_STEP])


def _as_history(entry: AuditEntry) -> HistoryEntry:
    return HistoryEntry(
        id=entry.id,
        at=entry.at,
        verb=entry.verb,
        subject_type=entry.subject_type,
        subject_id=entry.subject_id,
        subject=entry.subject_label,
        by=_("Hệ thống") if entry.actor_kind == "system" else entry.actor_name,
        by_kind=entry.actor_kind,
        by_id=entry.actor_id,
        position_id=entry.position_id,
        position=entry.actor_name if entry.actor_kind == "system" else entry.position_name,
        on_behalf_of=entry.on_behalf_of,
        request_id=entry.request_id,
        changes=tuple(
            Change(name, _word_of(entry.subject_type, name), _text(old), _text(new))
            for name, (old, new) in entry.changes.items()
        ),
    )


def _word_of(subject_type: str, attribute: str) -> str:
    """The field's own word where the model gives one, else its stored name (the model may be gone)."""
    try:
        field: Any = apps.get_model(subject_type)._meta.get_field(re.sub("_id$", "", attribute))
    except (LookupError, ValueError, FieldDoesNotExist):
        return attribute
    return str(field.verbose_name) if field.verbose_name != field.name.replace("_", " ") else attribute


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), ZoneInfo(settings.TIME_ZONE))
