"""The control slip (Phiếu kiểm soát quá trình giải quyết hồ sơ): who had the dossier, from when to when."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dinh.kernel.clocks import Timeliness
from dinh.kernel.errors import N_
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import ClockRecord, Dossier, StepRun
from dinh.onestop.queries.clocks import step_reading
from dinh.onestop.queries.papers import moment_words

if TYPE_CHECKING:
    from dinh.foundation.directory.models import Unit

__all__ = ["ControlSlip", "SlipRow", "control_slip", "slip_rows_in_words"]

APPLICANT = N_("Người nộp hồ sơ")


@dataclass(frozen=True, slots=True)
class SlipRow:
    """One handing over: a step. ``timely`` is empty for a step that was cancelled.

    ``giver`` is the unit that had it before (empty: the applicant), each with who acted, as far as known.
    """

    step: str
    giver: str
    giver_by: str
    receiver: str
    receiver_by: str
    handed_at: dt.datetime
    due_at: dt.datetime | None
    ended_at: dt.datetime | None
    timely: Timeliness | None
    outcome: str
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class ControlSlip:
    """The slip of one dossier: the agency in charge, the agencies that took part, one row a step."""

    agency: str
    supporting: Sequence[str]
    rows: Sequence[SlipRow]


def control_slip(dossier: Dossier, *, now: dt.datetime) -> ControlSlip:
    """Return the slip as it stands now. Three queries, whatever the number of steps."""
    runs = list(StepRun.objects.filter(dossier=dossier).select_related("unit__agency").order_by("id"))
    records = list(ClockRecord.objects.filter(dossier=dossier))
    others = [run.unit.agency for run in runs if run.unit.agency and _is_other(run.unit.agency, dossier)]
    return ControlSlip(
        agency=dossier.agency.name,
        supporting=list(dict.fromkeys(agency.name for agency in others)),
        rows=[_row(dossier, run, _before(run, runs), records, now=now) for run in runs],
    )


def _is_other(agency: "Unit", dossier: Dossier) -> bool:
    """Whether it is another agency than the one in charge; its own divisions are not others."""
    is_inside = agency.parent_id == dossier.agency_id and agency.level == dossier.agency.level
    return agency.pk != dossier.agency_id and not is_inside


def _before(run: StepRun, runs: Sequence[StepRun]) -> StepRun | None:
    """The step from which this one got the dossier: the one that ended when it opened, or last before."""
    ended = [
        other
        for other in runs
        if other.pk < run.pk and other.done_at is not None and other.done_at <= run.opened_at
    ]
    return max(ended, key=lambda other: (other.done_at, other.pk), default=None)


def _row(
    dossier: Dossier,
    run: StepRun,
    before: StepRun | None,
    records: Sequence[ClockRecord],
    *,
    now: dt.datetime,
) -> SlipRow:
    # What was handed over at the counter was accepted there without a step of its own.
    desk = "" if run.kind == "receive" else dossier.reception_unit.name
    return SlipRow(
        step=run.name,
        giver=before.unit.name if before else desk,
        giver_by=before.done_by if before else "",
        receiver=run.unit.name,
        receiver_by=run.done_by or run.holder_name,
        handed_at=run.opened_at,
        due_at=run.due_at,
        ended_at=run.done_at,
        timely=_timely(run, records, now=now),
        outcome=run.outcome_label,
        is_cancelled=run.state == "cancelled",
    )


def _timely(run: StepRun, records: Sequence[ClockRecord], *, now: dt.datetime) -> Timeliness | None:
    """How a step stands, to the hour when it is late and by dates when it is early."""
    if run.state == "cancelled":
        return None
    reading = step_reading(run, now=now, records=records)
    if run.done_at is None:
        return Timeliness.OVERDUE if reading.is_past else Timeliness.IN_TIME
    if reading.is_past:
        return Timeliness.LATE
    due_at = reading.due_at or run.done_at
    is_early = run.done_at.astimezone(VIETNAM).date() < due_at.astimezone(VIETNAM).date()
    return Timeliness.EARLY if is_early else Timeliness.ON_TIME


def slip_rows_in_words(slip: ControlSlip) -> list[dict[str, str]]:
    """Return the rows as the paper prints them."""
    return [
        {
            "step": row.step,
            "giver": row.giver or APPLICANT,
            "giver_by": row.giver_by,
            "receiver": row.receiver,
            "receiver_by": row.receiver_by,
            "handed_at": moment_words(row.handed_at),
            "ended_at": moment_words(row.ended_at) if row.ended_at else "",
            "timely": row.timely.label if row.timely else "",
            "note": "Đã hủy" if row.is_cancelled else row.outcome,  # data: papers are Vietnamese
        }
        for row in slip.rows
    ]
