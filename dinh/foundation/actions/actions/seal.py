"""Sealing: a periodic job binds new audit entries into a signed hash chain.

Writers never wait for it. How it knows which entries may still come, and the exact form of what is
hashed, is explained in docs/decisions/0080-audit-seal.md.
"""

import datetime as dt
import hashlib

from django.db import connection, transaction

from dinh.foundation.actions.adapters.seal_key import SealKey, anchor_path, make_key, read_key
from dinh.foundation.actions.models import AuditSeal
from dinh.foundation.actions.queries.sealed import (
    anchor_line,
    covered_fields,
    digests_of_entries,
    known_settled_id,
    newly_settled_id,
    sealed_ranges,
)
from dinh.foundation.actions.rules import id_ranges, seal_digest
from dinh.kernel.errors import N_, Refused

__all__ = ["SealKeyMissing", "renew_seal_key", "seal_entries"]

FORM = "1"
_LOCK = 0x0D_19_41  # any number that nothing else takes as an advisory lock
_MOST_ENTRIES = 10_000


class SealKeyMissing(Refused):
    """There are seals, but not the key that made them."""

    message = N_(
        "Không thấy khoá niêm phong nhật ký (audit-seal.key) trong thư mục khoá, trong khi nhật ký đã được "
        "niêm phong trước đây. Hãy chép khoá từ bản sao lưu về thư mục khoá; nếu khoá đã mất, chạy "
        "“manage.py renew_audit_key” để tạo khoá mới."
    )


def seal_entries(*, now: dt.datetime) -> int:
    """Seal every entry that is committed and not yet sealed; return how many.

    Raises ``SealKeyMissing``.
    """
    total = 0
    while sealed := _seal_next(now):
        total += sealed
        if sealed < _MOST_ENTRIES:
            break
    return total


def renew_seal_key() -> str:
    """Make a new signing key for the seals to come; return its id."""
    return make_key().id


def _key() -> SealKey:
    key = read_key()
    if key is not None:
        return key
    if AuditSeal.objects.exists():
        raise SealKeyMissing
    return make_key()


def _seal_next(now: dt.datetime) -> int:
    # Durable: in a transaction that had begun before, our number would be too small.
    with transaction.atomic(durable=True):
        _wait_for_other_sealers()
        cluster = _cluster()
        # Asked before the entries are read: what is settled now has been committed, so it is seen below.
        settled = newly_settled_id(cluster=cluster)
        known = known_settled_id()
        taken = digests_of_entries(after=known, limit=_MOST_ENTRIES, without=sealed_ranges(above=known))
        if not taken:
            return 0
        if len(taken) == _MOST_ENTRIES:
            settled = min(settled, taken[-1][0])
        # Our number is given after the entries were read, so it is greater than that of any writer
        # whose id is smaller than theirs but who was not to be seen yet.
        seal = _new_seal(
            taken, _key(), cluster=cluster, settled=max(settled, known), txid=_own_txid(), now=now
        )
        seal.save(force_insert=True)
    anchor_path().write_text(anchor_line(seal) + "\n")
    return len(taken)


def _new_seal(
    taken: list[tuple[int, bytes]], key: SealKey, *, cluster: str, settled: int, txid: int, now: dt.datetime
) -> AuditSeal:
    previous = AuditSeal.objects.defer("digests", "ranges").order_by("-number").first()
    digests = b"".join(digest for _, digest in taken)
    first, last = taken[0][0], taken[-1][0]
    seal = AuditSeal(
        number=previous.number + 1 if previous else 1,
        form=FORM,
        cluster=cluster,
        txid=txid,
        sealed_at=now,
        entries=len(taken),
        first_id=first,
        last_id=last,
        until_id=max(last, previous.until_id if previous else 0),
        settled_id=settled,
        ranges=id_ranges(number for number, _ in taken),
        digests=digests,
        entries_hash=hashlib.sha256(digests).hexdigest(),
        previous_hash=previous.hash if previous else "",
        key_id=key.id,
    )
    seal.hash = seal_digest(covered_fields(seal))
    seal.signature = key.sign(seal.hash)
    return seal


def _wait_for_other_sealers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _cluster() -> str:
    """The database server's own number; a restored copy on another server has another one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier::text FROM pg_control_system()")
        return str(cursor.fetchone()[0])


def _own_txid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        return int(cursor.fetchone()[0])
