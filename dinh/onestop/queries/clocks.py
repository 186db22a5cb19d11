"""Clocks of dossiers and steps, read from their records."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from dinh.foundation.calendars.public import calendar_for
from dinh.kernel.clocks import ClockEvent, ClockPolicy, ClockReading, Limit, read_clock
from dinh.kernel.profiles import get_profile
from dinh.onestop.models import ClockRecord, Dossier, StepRun

__all__ = ["dossier_limit", "dossier_reading", "policy_of", "step_reading", "supplement_until"]


def policy_of(dossier: Dossier) -> ClockPolicy:
    """How the law under which the dossier was received counts time."""
    return get_profile(dossier.profile).one_stop.clock_policy(dossier_limit(dossier).unit)


def supplement_until(dossier: Dossier) -> dt.datetime | None:
    """Return until when an accepted dossier may be sent back to be completed; None before acceptance.

    NĐ 61/2018 Art. 19.4: at the latest three working days from the receipt.
    """
    if dossier.accepted_at is None:
        return None
    limit = get_profile(dossier.profile).one_stop.supplement_notice
    calendar = calendar_for(dossier.agency_id)
    return calendar.add_working_time(dossier.accepted_at, limit.duration(calendar))


def dossier_limit(dossier: Dossier) -> Limit:
    """The time limit of the dossier's version; the shorter one when it came in online and there is one."""
    limit = dossier.version.parts.time_limit
    amount = limit.online if dossier.channel == "online" and limit.online else limit.amount
    return Limit.of(amount, limit.unit)


def dossier_reading(
    dossier: Dossier, *, now: dt.datetime, records: Sequence[ClockRecord] | None = None
) -> ClockReading:
    """Read the dossier's own clock."""
    if records is None:
        records = list(ClockRecord.objects.filter(dossier=dossier, step=None))
    return read_clock(
        [_event(record) for record in records if record.step_id is None],
        limit=dossier_limit(dossier),
        calendar=calendar_for(dossier.agency_id),
        policy=policy_of(dossier),
        now=now,
    )


def step_reading(
    step: StepRun, *, now: dt.datetime, records: Sequence[ClockRecord] | None = None
) -> ClockReading:
    """Read the clock of one step: working hours in the calendar of the unit that does it."""
    if records is None:
        records = list(ClockRecord.objects.filter(step=step))
    return read_clock(
        [_event(record) for record in records if record.step_id == step.id],
        limit=Limit.of(str(step.hours), "hours"),
        calendar=calendar_for(step.unit_id),
        policy=ClockPolicy(on_supplement="pause"),
        now=now,
    )


def _event(record: ClockRecord) -> ClockEvent:
    amount = Limit(Decimal(record.amount), record.unit) if record.amount is not None else None  # type: ignore[arg-type]
    return ClockEvent(kind=record.kind, at=record.at, reason=record.reason, amount=amount)  # type: ignore[arg-type]
