"""Due moments read anew after a calendar has changed. The clocks themselves do not change."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from dinh.foundation.actions.public import Actor, action, publish
from dinh.foundation.calendars.public import calendar_for
from dinh.kernel.dates import written_moment
from dinh.kernel.errors import N_
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.actions.record import refresh_due, tell
from dinh.onestop.events import DueMoved, WorkDueMoved
from dinh.onestop.models import Dossier, StepRun
from dinh.onestop.permissions import SYSTEM_ONLY
from dinh.onestop.queries.clocks import dossier_reading, step_reading

__all__ = ["CalendarCause", "refresh_open_clocks"]

OPEN_STATES = ("submitted", "processing", "supplement")
# How many changed days a line of the timeline names; a year's worth is said in one word.
NAMED_DAYS = 3


@dataclass(frozen=True, slots=True)
class CalendarCause:
    """What made due moments move: the days said differently, and a mark of that version of the calendar."""

    days: tuple[dt.date, ...] = ()
    mark: str = ""


def refresh_open_clocks(
    unit_id: UUID | None, *, by: Actor, now: dt.datetime, cause: CalendarCause | None = None
) -> int:
    """Read the clocks of all open dossiers anew; return how many due moments moved.

    ``unit_id``: of whose calendar it is, with everything below that unit; None: the whole province. Each
    dossier has a transaction of its own; what has been read before a worker was killed moves no second time.
    """
    moved = 0
    for dossier in _concerned(unit_id).iterator(chunk_size=500):
        if _moves(dossier, now=now):
            recompute(dossier, by=by, now=now, cause=cause or CalendarCause())
            moved += 1
    return moved


def _concerned(unit_id: UUID | None) -> QuerySet[Dossier]:
    rows = Dossier.objects.filter(state__in=OPEN_STATES).select_related("version")
    if unit_id is not None:
        below = rows.filter(involvements__unit__above__ancestor_id=unit_id).values("pk")
        rows = rows.filter(pk__in=below)
    return rows.defer("data", "search_text").order_by("id")


def _moves(dossier: Dossier, *, now: dt.datetime) -> bool:
    """Whether the dossier's due moment or that of an open step is another one now. Reads, locks nothing."""
    if dossier.accepted_at is not None and dossier_reading(dossier, now=now).due_at != dossier.due_at:
        return True
    steps = StepRun.objects.filter(dossier=dossier, state="open")
    return any(step_reading(step, now=now).due_at != step.due_at for step in steps)


@action("dossier.due_recomputed", permission=SYSTEM_ONLY, on=Dossier, label=N_("Tính lại hạn theo lịch mới"))
def recompute(dossier: Dossier, *, by: Actor, now: dt.datetime, cause: CalendarCause) -> Dossier:
    """Keep the due moment that the dossier's clock gives today; say why on the timeline when it moved.

    The applicant is told of another due moment, and whoever holds one of its steps that their work's has
    moved.
    """
    before = dossier.due_at
    steps = {step.pk: step.due_at for step in _open_steps(dossier)}
    refresh_due(dossier, now=now)
    due_moved = before is not None and dossier.due_at is not None and before != dossier.due_at
    if due_moved:
        _explain(dossier, before, cause, by=by, now=now)
        publish(DueMoved(dossier_id=dossier.pk))
    for step in _open_steps(dossier):
        if step.holder_id is not None and (due_moved or step.due_at != steps.get(step.pk)):
            publish(WorkDueMoved(position_id=step.holder_id, mark=cause.mark or f"{now:%Y%m%d}"))
    return dossier


def _open_steps(dossier: Dossier) -> Sequence[StepRun]:
    return list(StepRun.objects.filter(dossier=dossier, state="open"))


def _explain(
    dossier: Dossier, before: dt.datetime | None, cause: CalendarCause, *, by: Actor, now: dt.datetime
) -> None:
    sentence = N_("Lịch làm việc thay đổi: hẹn trả chuyển từ %(before)s sang %(after)s")
    values = {"before": written_moment(before), "after": written_moment(dossier.due_at)}
    days = _named(dossier, before, cause)
    if days:
        sentence = N_("Lịch làm việc thay đổi (%(days)s): hẹn trả chuyển từ %(before)s sang %(after)s")
        values["days"] = days
    tell(dossier, sentence, by=by, now=now, **values)


def _named(dossier: Dossier, before: dt.datetime | None, cause: CalendarCause) -> str:
    """The changed days that lie between acceptance and the later due moment, each with what it is now."""
    first, ends = dossier.accepted_at, [at for at in (before, dossier.due_at) if at is not None]
    if first is None or not ends:
        return ""
    span = first.astimezone(VIETNAM).date(), max(ends).astimezone(VIETNAM).date()
    days = [day for day in cause.days if span[0] <= day <= span[1]]
    calendar = calendar_for(dossier.agency_id)
    if not 0 < len(days) <= NAMED_DAYS:
        return ""
    return "; ".join(f"{day:%d/%m/%Y} {calendar.day(day).why}" for day in days)
