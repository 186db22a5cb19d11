"""The audit log in the form that is sealed, and the proof that it still is what was sealed."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Max

from dinh.foundation.actions.adapters.seal_key import is_signed
from dinh.foundation.actions.models import AuditSeal
from dinh.foundation.actions.rules import (
    ENTRY_FIELDS,
    SealedFields,
    digests_between,
    entry_digest,
    seal_digest,
)
from dinh.kernel.errors import N_

__all__ = [
    "Anchor",
    "Fault",
    "Verification",
    "anchor_line",
    "count_unsealed",
    "covered_fields",
    "digests_of_entries",
    "last_anchor",
    "read_anchors",
    "known_settled_id",
    "newly_settled_id",
    "sealed_ranges",
    "verify",
]

_ENTRY_COLUMNS = ", ".join("changes::text" if name == "changes" else name for name in ENTRY_FIELDS)
_WINDOW = 5000
_SEALS_AT_ONCE = 50


def digests_of_entries(
    *, after: int, limit: int, without: Sequence[Sequence[int]] = ()
) -> list[tuple[int, bytes]]:
    """Return id and digest of the next entries by id after ``after``, but those in ``without``."""
    ranges = ",".join(f"[{start},{end})" for start, end in without)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_ENTRY_COLUMNS} FROM actions_auditentry"  # noqa: S608 - names from this file
            " WHERE id > %s AND NOT id <@ %s::int8multirange ORDER BY id LIMIT %s",
            [after, f"{{{ranges}}}", limit],
        )
        return [(row[0], entry_digest(row)) for row in cursor.fetchall()]


def known_settled_id() -> int:
    """Return the id at or below which everything was sealed by the time of the last seal."""
    return AuditSeal.objects.order_by("-number").values_list("settled_id", flat=True).first() or 0


def newly_settled_id(*, cluster: str) -> int:
    """Return the id at or below which no entry can come any more, as far as this server can tell.

    A seal settles what it covers when all transactions that were open at its writing are over. Of the
    seals of another server (before a restore) nobody can tell.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT until_id FROM actions_auditseal WHERE cluster = %s"
            " AND txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
            " ORDER BY number DESC LIMIT 1",
            [cluster],
        )
        row = cursor.fetchone()
    return row[0] if row else 0


def sealed_ranges(*, above: int) -> list[tuple[int, int]]:
    """Return the id ranges above ``above`` that are sealed already."""
    ranges: list[tuple[int, int]] = []
    for flat in AuditSeal.objects.filter(last_id__gt=above).values_list("ranges", flat=True):
        ranges += zip(flat[::2], flat[1::2], strict=True)
    return sorted(ranges)


def covered_fields(seal: AuditSeal) -> SealedFields:
    """Return what the hash of a seal covers."""
    names = SealedFields.__dataclass_fields__
    return SealedFields(**{name: getattr(seal, name) for name in names})


def count_unsealed() -> int:
    """Return how many entries no seal covers yet."""
    known = known_settled_id()
    sealed = sealed_ranges(above=known)
    ranges = ",".join(f"[{start},{end})" for start, end in sealed)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM actions_auditentry WHERE id > %s AND NOT id <@ %s::int8multirange",
            [known, f"{{{ranges}}}"],
        )
        return int(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True)
class Anchor:
    """A seal noted outside the database."""

    number: int
    hash: str


def anchor_line(seal: AuditSeal) -> str:
    """Return the line that notes a seal: it can be printed, mailed, or kept in another house."""
    moment = seal.sealed_at.isoformat(timespec="seconds")
    return f"dinh-audit {seal.number} {seal.hash} {moment} {seal.key_id} {seal.signature}"


def last_anchor() -> str:
    """Return the line of the last seal, or nothing when there is none."""
    seal = AuditSeal.objects.defer("digests", "ranges").order_by("-number").first()
    return anchor_line(seal) if seal is not None else ""


def read_anchors(lines: Iterable[str]) -> list[Anchor]:
    """Return the seals noted in lines written by ``anchor_line``; other lines are passed over."""
    parts = [line.split() for line in lines]
    return [Anchor(int(part[1]), part[2]) for part in parts if len(part) == 6 and part[0] == "dinh-audit"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was sealed. ``entry`` or ``seal`` is its place; the text is a key."""

    message: str
    entry: int = 0
    seal: int = 0


@dataclass(slots=True)
class Verification:
    """What was checked and found. ``faults`` begins with the first place and stops after twenty."""

    entries: int = 0
    seals: int = 0
    unsealed: int = 0
    last_anchor: str = ""
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        return len(self.faults) >= 20


Told = Callable[[int, int], None]
"""Hears how many entries and seals are checked."""


def verify(*, anchors: Sequence[Anchor] = (), told: Told = lambda entries, seals: None) -> Verification:
    """Compare every entry with its seal, every seal with its chain and signature, and the anchors.

    Reads everything once, in windows of some thousand rows, whatever the size of the log.
    """
    found = Verification(last_anchor=last_anchor())
    _verify_chain(found, told)
    _verify_anchors(found, anchors)
    _verify_entries(found, told)
    return found


def _verify_chain(found: Verification, told: Told) -> None:
    expected, previous_hash = 1, ""
    for seal in _seals_by_number():
        if found.is_full:
            return
        if seal.number != expected:
            found.faults.append(Fault(N_("Con dấu bị xoá"), seal=expected))
        elif seal.previous_hash != previous_hash:
            found.faults.append(Fault(N_("Con dấu không nối vào con dấu trước"), seal=seal.number))
        found.faults += _faults_of(seal)
        expected, previous_hash = seal.number + 1, seal.hash
        found.seals += 1
        if found.seals % _SEALS_AT_ONCE == 0:
            told(0, found.seals)


def _faults_of(seal: AuditSeal) -> Iterator[Fault]:
    digests = bytes(seal.digests)
    covers = sum(end - start for start, end in zip(seal.ranges[::2], seal.ranges[1::2], strict=True))
    if hashlib.sha256(digests).hexdigest() != seal.entries_hash or covers * 32 != len(digests):
        yield Fault(N_("Danh sách dòng trong con dấu bị sửa"), seal=seal.number)
    if seal_digest(covered_fields(seal)) != seal.hash:
        yield Fault(N_("Nội dung con dấu bị sửa"), seal=seal.number)
    match is_signed(seal.hash, seal.signature, seal.key_id):
        case None:
            yield Fault(N_("Không có khoá công khai để kiểm tra chữ ký của con dấu"), seal=seal.number)
        case False:
            yield Fault(N_("Chữ ký của con dấu không đúng"), seal=seal.number)


def _verify_anchors(found: Verification, anchors: Sequence[Anchor]) -> None:
    for anchor in anchors:
        seal = AuditSeal.objects.filter(number=anchor.number).only("hash").first()
        if seal is None:
            found.faults.append(Fault(N_("Con dấu đã ghi ở mốc ngoài bị xoá"), seal=anchor.number))
        elif seal.hash != anchor.hash:
            found.faults.append(Fault(N_("Con dấu khác với mốc ngoài"), seal=anchor.number))


def _verify_entries(found: Verification, told: Told) -> None:
    bounds = AuditSeal.objects.aggregate(end=Max("until_id"), settled=Max("settled_id"))
    end, settled = bounds["end"] or 0, bounds["settled"] or 0
    position = 0
    while not found.is_full:
        entries = dict(digests_of_entries(after=position, limit=_WINDOW))
        is_last = len(entries) < _WINDOW
        until = max(end, *entries, 0) if is_last else max(entries)
        _compare(found, entries, after=position, until=until, settled=settled)
        told(found.entries, found.seals)
        if is_last:
            return
        position = until


def _compare(found: Verification, entries: dict[int, bytes], *, after: int, until: int, settled: int) -> None:
    """Compare the entries of one window of ids with all seals that cover some of them."""
    faults = []
    count = len(entries)
    for seal in _seals_over(after=after, until=until):
        for number, digest in digests_between(seal.ranges, bytes(seal.digests), after=after, until=until):
            actual = entries.pop(number, None)
            if actual is None:
                faults.append(Fault(N_("Dòng nhật ký bị xoá"), entry=number, seal=seal.number))
            elif actual != digest:
                faults.append(Fault(N_("Dòng nhật ký bị sửa"), entry=number, seal=seal.number))
            if len(faults) > _WINDOW:
                break
    slipped_in = [number for number in entries if number <= settled]
    faults += [Fault(N_("Dòng nhật ký bị chèn thêm"), entry=number) for number in slipped_in]
    found.entries += count
    found.unsealed += len(entries) - len(slipped_in)
    found.faults += sorted(faults, key=lambda fault: fault.entry)[:20]


def _seals_by_number() -> Iterator[AuditSeal]:
    return _in_steps(AuditSeal.objects.order_by("number"))


def _seals_over(*, after: int, until: int) -> Iterator[AuditSeal]:
    covering = AuditSeal.objects.filter(first_id__lte=until, last_id__gt=after).order_by("number")
    return _in_steps(covering.only("number", "ranges", "digests"))


def _in_steps(seals: Any) -> Iterator[AuditSeal]:
    number = 0
    while step := list(seals.filter(number__gt=number)[:_SEALS_AT_ONCE]):
        yield from step
        number = step[-1].number
