"""What a message about work says, and whom it may go to: holders, who could take it, who leads the unit."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from dinh.foundation.directory.public import heads_of, holders_of
from dinh.onestop.models import Dossier, StepReturn, StepRun
from dinh.onestop.queries.assigning import able_at
from dinh.onestop.queries.returns import superiors_for

__all__ = ["ReturnNews", "StepNews", "return_news", "step_news", "steps_reopened"]


@dataclass(frozen=True, slots=True)
class StepNews:
    """A step as a message speaks of it. ``holders`` are the people of the position that holds it; ``able``
    whoever could take it while nobody does; ``heads`` those who lead its unit.
    """

    dossier: Dossier
    step_run: StepRun
    code: str
    step: str
    unit: str
    link: str
    holders: Sequence[UUID]
    able: Sequence[UUID]
    heads: Sequence[UUID]

    @property
    def owners(self) -> Sequence[UUID]:
        """Who has to act: the holder, or all who could take it."""
        return self.holders or self.able


def step_news(step_id: UUID) -> StepNews:
    """Return what a message about a step needs, and whom it may go to."""
    step = StepRun.objects.select_related("dossier", "unit").get(pk=step_id)
    today = timezone.localdate()
    holders = [] if step.holder_id is None else holders_of(step.holder_id, today)
    able = [] if holders else able_at(step, on=today)
    return StepNews(
        dossier=step.dossier,
        step_run=step,
        code=str(step.dossier),
        step=step.name,
        unit=step.unit.name,
        link=f"/lam-viec/ho-so/{step.dossier_id}/",
        holders=[one.person_id for one in holders],
        able=[one.person_id for one in able],
        heads=[one.person_id for one in heads_of(step.unit_id, on=today)],
    )


@dataclass(frozen=True, slots=True)
class ReturnNews:
    """A return that was asked for: who asked, and the nearest superiors who may decide."""

    step: StepNews
    asked_by: str
    reason: str
    asked_by_ids: Sequence[UUID]
    superiors: Sequence[UUID]
    about: Sequence[str]


def _superiors(row: StepReturn, asked: Sequence[UUID], today: dt.date) -> list[UUID]:
    """The nearest heads who may decide; where none of them may, the nearest of all who may."""
    able = superiors_for(row.step.unit_id, row.asked_position_id)
    heads = {one.position_id for one in heads_of(row.step.unit_id, on=today, beside=asked)}
    chosen = [one for one in able if one.position_id in heads] or able[:3]
    return [one.person_id for one in chosen]


def steps_reopened(return_id: UUID) -> list[StepNews]:
    """Return the steps that a return opened again and that nobody has ended or taken back since."""
    row = StepReturn.objects.get(pk=return_id)
    if row.decided_at is None:
        return []
    runs = StepRun.objects.filter(dossier_id=row.dossier_id, state="open", opened_at=row.decided_at)
    return [step_news(run_id) for run_id in runs.values_list("pk", flat=True)]


def return_news(return_id: UUID) -> ReturnNews:
    """Return what a message about a return needs, and whom it may go to."""
    row = StepReturn.objects.select_related("step").get(pk=return_id)
    today = timezone.localdate()
    asked = [] if row.asked_position_id is None else [row.asked_position_id]
    return ReturnNews(
        step=step_news(row.step_id),
        asked_by=row.asked_by,
        reason=row.reason,
        asked_by_ids=[one.person_id for position_id in asked for one in holders_of(position_id, today)],
        superiors=_superiors(row, asked, today),
        about=[place["label"] for place in row.about],
    )
