"""The watchdog's verbs: trouble found, taken higher, settled; owners warned; times kept. By jobs alone."""

import datetime as dt

from dinh.foundation.actions.public import Actor, action, publish
from dinh.foundation.directory.public import heads_of
from dinh.kernel.errors import N_
from dinh.onestop.events import FindingRaised, SupplementNearlyOver, WorkWarned
from dinh.onestop.models import Dossier, Finding, StepTime, Supplement, WorkItem
from dinh.onestop.permissions import SYSTEM_ONLY
from dinh.onestop.queries.lateness import times_of
from dinh.onestop.queries.watching import (
    Trouble,
    findings_to_escalate,
    supplements_to_remind,
    troubles,
    work_to_warn,
)

__all__ = [
    "keep_times",
    "raise_finding",
    "remind_applicant",
    "settle_finding",
    "take_higher",
    "warn",
    "watch_over",
]


def watch_over(*, by: Actor, now: dt.datetime) -> None:
    """Look at everything that is open: find what stands, settle what moves again, take higher what stays,
    warn of what is near due or late, remind applicants. Each is a verb of its own; run twice, nothing more
    is said.
    """
    standing = {trouble.key: trouble for trouble in troubles(now)}
    known = {row.key: row for row in Finding.objects.filter(settled_at=None)}
    for key, trouble in standing.items():
        if key not in known:
            raise_finding(trouble, by=by, now=now)
    for key, row in known.items():
        if key not in standing:
            settle_finding(row, by=by, now=now)
    for row in findings_to_escalate(now):
        take_higher(row, by=by, now=now)
    for item, kind in list(work_to_warn(now)):
        warn(item, kind=kind, by=by, now=now)
    for supplement in supplements_to_remind(now):
        remind_applicant(supplement, by=by, now=now)


@action("watch.found", permission=SYSTEM_ONLY, label=N_("Phát hiện việc không có người xử lý"))
def raise_finding(trouble: Trouble, *, by: Actor, now: dt.datetime) -> Finding:
    """Put trouble on the screen, and tell who has to act."""
    row = Finding.objects.create(
        key=trouble.key,
        kind=trouble.kind,
        dossier_id=trouble.dossier_id,
        filing_id=trouble.filing_id,
        step_id=trouble.step_id,
        unit_id=trouble.unit_id,
        owner_unit_id=trouble.owner_unit_id,
        found_at=now,
    )
    publish(FindingRaised(finding_id=row.pk, level=0))
    return row


@action("watch.settled", permission=SYSTEM_ONLY, on=Finding, label=N_("Việc đã có người xử lý"))
def settle_finding(row: Finding, *, by: Actor, now: dt.datetime) -> Finding:
    """Take a finding off the screen: what stood has moved."""
    row.settled_at = now
    row.save(update_fields=["settled_at"])
    return row


@action("watch.escalated", permission=SYSTEM_ONLY, on=Finding, label=N_("Báo lên cấp trên"))
def take_higher(row: Finding, *, by: Actor, now: dt.datetime) -> Finding:
    """Give a finding that stayed for a working day to the next leader above its owner."""
    own = [one.position_id for one in heads_of(row.owner_unit_id)]
    above = heads_of(row.owner_unit_id, beside=own)
    row.level += 1
    row.escalated_at = now
    if above:
        row.owner_unit_id = above[0].unit_id
    row.save(update_fields=["level", "escalated_at", "owner_unit"])
    publish(FindingRaised(finding_id=row.pk, level=row.level))
    return row


@action("work.warned", permission=SYSTEM_ONLY, on=WorkItem, label=N_("Nhắc hạn"))
def warn(item: WorkItem, *, kind: str, by: Actor, now: dt.datetime) -> WorkItem:
    """Tell owner and superior that a step is ``near`` its due moment or ``late``; once a due moment."""
    if kind == "near":
        item.near_told_for = item.due_at
    else:
        item.late_told_for = item.due_at
    item.save(update_fields=["near_told_for", "late_told_for"])
    publish(WorkWarned(step_id=item.step_id, kind=kind, due_at=item.due_at))
    return item


@action("supplement.reminded", permission=SYSTEM_ONLY, on=Supplement, label=N_("Nhắc bổ sung hồ sơ"))
def remind_applicant(row: Supplement, *, by: Actor, now: dt.datetime) -> Supplement:
    """Remind the applicant, once, that the time to complete the dossier is nearly over."""
    row.reminded_at = now
    row.save(update_fields=["reminded_at"])
    publish(SupplementNearlyOver(dossier_id=row.dossier_id))
    return row


@action("dossier.times_kept", permission=SYSTEM_ONLY, on=Dossier, label=N_("Ghi thời gian từng bước"))
def keep_times(dossier: Dossier, *, by: Actor, now: dt.datetime) -> Dossier:
    """Keep what each step of an ended dossier took and answers for, so that reports need no clocks."""
    StepTime.objects.bulk_create(
        [
            StepTime(
                dossier=dossier,
                step_id=one.step_id,
                agency_id=one.agency_id,
                unit_id=one.unit_id,
                position_id=one.position_id,
                name=one.holder,
                limit_seconds=int(one.limit.total_seconds()),
                spent_seconds=int(one.spent.total_seconds()),
                late_seconds=int(one.late.total_seconds()),
                ended_at=now,
            )
            for one in times_of(dossier, now=now)
        ],
        ignore_conflicts=True,
    )
    return dossier
