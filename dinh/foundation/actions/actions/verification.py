"""Proving the audit log from a screen: asked for, done by a job that tells how far it is, kept for good."""

import datetime as dt
import time
from collections.abc import Sequence
from uuid import UUID

from dinh.foundation.actions.actions.events import publish
from dinh.foundation.actions.actions.write import action
from dinh.foundation.actions.adapters.seal_key import anchor_path
from dinh.foundation.actions.events import AuditFoundBroken, AuditVerificationAsked
from dinh.foundation.actions.models import AuditVerification
from dinh.foundation.actions.permissions import SYSTEM_ONLY, VERIFY_AUDIT, Actor
from dinh.foundation.actions.queries.sealed import Verification, read_anchors, verify
from dinh.foundation.actions.queries.verifications import count_entries
from dinh.kernel.errors import N_, Refused

__all__ = [
    "AlreadyVerifying",
    "AnchorsUnreadable",
    "ask_verification",
    "conclude_verification",
    "note_verified",
    "run_verification",
]

# How often whoever waits hears how far it is, in seconds.
TOLD_EVERY = 1.5
MOST_ANCHORS = 200


class AlreadyVerifying(Refused):
    message = N_("Nhật ký đang được kiểm tra rồi. Hãy đợi lần kiểm tra đó xong.")


class AnchorsUnreadable(Refused):
    message = N_(
        "Không đọc được mốc nào. Mỗi mốc là một dòng bắt đầu bằng “dinh-audit”, chép nguyên như đã ghi."
    )


@action("audit.verification_asked", permission=VERIFY_AUDIT, label=N_("Kiểm tra niêm phong nhật ký"))
def ask_verification(*, anchors: str = "", by: Actor, now: dt.datetime) -> AuditVerification:
    """Have the whole audit log compared with its seals, and these with ``anchors``, lines noted elsewhere.

    Raises ``AlreadyVerifying``, ``AnchorsUnreadable``.
    """
    lines = [line.strip()[:1000] for line in anchors.splitlines() if line.strip()][:MOST_ANCHORS]
    if len(read_anchors(lines)) != len(lines):
        raise AnchorsUnreadable(field="moc")
    if AuditVerification.objects.filter(is_open=True).exists():
        raise AlreadyVerifying
    row = AuditVerification.objects.create(
        asked_at=now,
        asked_by="" if by.kind == "system" else by.signed,
        asked_by_account=by.account_id,
        anchors=lines,
    )
    publish(AuditVerificationAsked(verification_id=row.pk))
    return row


def run_verification(verification_id: UUID, *, by: Actor) -> None:
    """Do what was asked: for the job. Killed in the middle it is begun anew, for only the whole proves it."""
    row = AuditVerification.objects.filter(pk=verification_id, is_open=True).first()
    if row is None:
        return
    noted = note_verified(row, entries=0, seals=0, total=count_entries(), by=by)
    told_at = time.monotonic()

    def told(entries: int, seals: int) -> None:
        nonlocal told_at
        if time.monotonic() - told_at >= TOLD_EVERY:
            told_at = time.monotonic()
            note_verified(noted, entries=entries, seals=seals, total=noted.entries_total, by=by)

    found = verify(anchors=read_anchors([*_own_anchor(), *row.anchors]), told=told)
    conclude_verification(row, found=found, by=by, now=dt.datetime.now(dt.UTC))


def _own_anchor() -> Sequence[str]:
    """The seal noted in the key folder, outside the database."""
    path = anchor_path()
    return path.read_text().splitlines() if path.exists() else []


@action("audit.verified_so_far", permission=SYSTEM_ONLY, on=AuditVerification)
def note_verified(
    row: AuditVerification, *, entries: int, seals: int, total: int, by: Actor
) -> AuditVerification:
    """Note how far a proof is."""
    if row.is_open:
        row.state = AuditVerification.State.RUNNING
        row.entries, row.seals, row.entries_total = entries, seals, max(total, entries)
        row.save(update_fields=["state", "entries", "seals", "entries_total"])
    return row


@action("audit.verified", permission=SYSTEM_ONLY, on=AuditVerification, label=N_("Kết luận kiểm tra nhật ký"))
def conclude_verification(
    row: AuditVerification, *, found: Verification, by: Actor, now: dt.datetime
) -> AuditVerification:
    """Keep what a proof found; a log that was changed is announced."""
    if not row.is_open:
        return row
    row.is_open = False
    row.state = AuditVerification.State.BROKEN if found.faults else AuditVerification.State.INTACT
    row.entries, row.seals, row.unsealed = found.entries, found.seals, found.unsealed
    row.entries_total = found.entries
    row.faults = [[fault.message, fault.entry, fault.seal] for fault in found.faults[:20]]
    row.last_anchor = found.last_anchor
    row.ended_at = now
    row.save()
    if found.faults:
        publish(AuditFoundBroken(verification_id=row.pk))
    return row
