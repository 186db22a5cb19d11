"""The seals of the audit log by day, and the proofs that it is what was sealed, for those who keep watch."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Count, Max, Min, Sum
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from dinh.foundation.actions.models import AuditSeal, AuditVerification
from dinh.foundation.actions.permissions import READ_AUDIT, Actor
from dinh.foundation.actions.queries.pulse import read_pulse
from dinh.foundation.actions.queries.sealed import last_anchor
from dinh.kernel.errors import NotAllowed, existing
from dinh.kernel.worktime import VIETNAM

__all__ = [
    "DayOfSeals",
    "Proof",
    "SealLine",
    "SealStanding",
    "count_entries",
    "last_proof",
    "proof_by_id",
    "proofs",
    "seal_standing",
    "seals_by_day",
    "seals_of_day",
]

PROOFS_SHOWN = 20
SEALS_SHOWN = 100
# Sealing runs once a minute: entries that wait longer than this say that it stands still.
LATE_AFTER = dt.timedelta(minutes=15)


def _check_reads(by: Actor) -> None:
    if not READ_AUDIT.may(by, None):
        raise NotAllowed(reason=READ_AUDIT.label)


def count_entries() -> int:
    """Return about how many entries the log has: the greatest id, of which rollbacks skip a few."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(max(id), 0) FROM actions_auditentry")
        return int(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True)
class DayOfSeals:
    """The seals of one day. ``missing``: numbers between its first and last that are not there."""

    day: dt.date
    seals: int
    entries: int
    first: int
    last: int
    last_at: dt.datetime
    missing: int


def seals_by_day(by: Actor, *, month: dt.date) -> Sequence[DayOfSeals]:
    """Return the days of a month that have seals, the newest first. Raises ``NotAllowed``."""
    _check_reads(by)
    start = month.replace(day=1)
    end = (start + dt.timedelta(days=32)).replace(day=1)
    rows = (
        AuditSeal.objects.filter(sealed_at__gte=_midnight(start), sealed_at__lt=_midnight(end))
        .annotate(day=TruncDate("sealed_at", tzinfo=VIETNAM))
        .values("day")
        .annotate(seals=Count("id"), total=Sum("entries"), first=Min("number"), last=Max("number"),
                  last_at=Max("sealed_at"))
        .order_by("-day")
    )  # fmt: skip
    return [
        DayOfSeals(
            day=row["day"],
            seals=row["seals"],
            entries=row["total"],
            first=row["first"],
            last=row["last"],
            last_at=row["last_at"],
            missing=row["last"] - row["first"] + 1 - row["seals"],
        )
        for row in rows
    ]


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), VIETNAM)


@dataclass(frozen=True, slots=True)
class SealLine:
    """One seal: how many entries it covers, the first and last of them, the key, its hash."""

    number: int
    sealed_at: dt.datetime
    entries: int
    first_id: int
    last_id: int
    key_id: str
    hash: str


def seals_of_day(by: Actor, *, day: dt.date, before: int = 0) -> Sequence[SealLine]:
    """Return the seals of a day, the newest first, one more than ``SEALS_SHOWN``. Raises ``NotAllowed``."""
    _check_reads(by)
    rows = AuditSeal.objects.filter(
        sealed_at__gte=_midnight(day), sealed_at__lt=_midnight(day + dt.timedelta(days=1))
    ).order_by("-number")
    if before:
        rows = rows.filter(number__lt=before)
    names = ("number", "sealed_at", "entries", "first_id", "last_id", "key_id", "hash")
    return [SealLine(*row) for row in rows.values_list(*names)[: SEALS_SHOWN + 1]]


@dataclass(frozen=True, slots=True)
class SealStanding:
    """How sealing stands: the last seal, its line to be kept elsewhere, and what waits."""

    sealed_at: dt.datetime | None
    anchor: str
    unsealed: int
    is_late: bool
    has_seals: bool


def seal_standing(by: Actor, *, now: dt.datetime) -> SealStanding:
    """Return how sealing stands. Raises ``NotAllowed``."""
    _check_reads(by)
    sealed_at = AuditSeal.objects.order_by("-number").values_list("sealed_at", flat=True).first()
    unsealed = read_pulse().entries_unsealed
    is_late = bool(unsealed) and (sealed_at is None or now - sealed_at > LATE_AFTER)
    return SealStanding(sealed_at, last_anchor(), unsealed, is_late, sealed_at is not None)


@dataclass(frozen=True, slots=True)
class Proof:
    """One verification as a screen shows it. ``faults``: sentence, entry (0: none), seal (0: none)."""

    id: UUID
    state: str
    state_label: str
    asked_at: dt.datetime
    asked_by: str
    ended_at: dt.datetime | None
    entries: int
    entries_total: int
    seals: int
    unsealed: int
    anchors: int
    faults: Sequence[tuple[str, int, int]]
    last_anchor: str

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


def proofs(by: Actor) -> Sequence[Proof]:
    """Return the newest verifications. Raises ``NotAllowed``."""
    _check_reads(by)
    return [_proof(row) for row in AuditVerification.objects.order_by("-id")[:PROOFS_SHOWN]]


def proof_by_id(by: Actor, verification_id: UUID) -> Proof:
    """Return one verification. Raises ``NotAllowed``, ``NotFound``."""
    _check_reads(by)
    return _proof(existing(AuditVerification.objects.filter(pk=verification_id).first()))


def _proof(row: AuditVerification) -> Proof:
    return Proof(
        id=row.pk,
        state=row.state,
        state_label=_(str(row.get_state_display())),
        asked_at=row.asked_at,
        asked_by=row.asked_by or _("Hệ thống, theo lịch"),
        ended_at=row.ended_at,
        entries=row.entries,
        entries_total=row.entries_total,
        seals=row.seals,
        unsealed=row.unsealed,
        anchors=len(row.anchors),
        faults=[(_(message), entry, seal) for message, entry, seal in row.faults],
        last_anchor=row.last_anchor,
    )


def last_proof() -> Mapping[str, object] | None:
    """Return state and end of the last verification that ended: for health, which asks for nobody."""
    return AuditVerification.objects.filter(is_open=False).order_by("-id").values("state", "ended_at").first()
