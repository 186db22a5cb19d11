"""What a refusal after appraisal rests on."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from dinh.onestop.models import StepRun

__all__ = ["AgreedReason", "agreed_reason"]


@dataclass(frozen=True, slots=True)
class AgreedReason:
    """Why a dossier is refused, in the words of who appraised it, and the superior who agreed."""

    words: str
    by: str
    at: dt.datetime


def agreed_reason(step_id: UUID) -> AgreedReason | None:
    """Return the reason that a superior agreed with before a refusal came to be announced; None for none.

    Whoever announces it does not write another: what the applicant reads is what was decided.
    """
    step = StepRun.objects.select_related("dossier__version").get(pk=step_id)
    last: StepRun | None = None
    appraised = ""
    words = ""
    for run in step.dossier.steps.filter(state="done").order_by("done_at"):
        if run.kind == "handle":
            appraised = run.note.strip() or appraised
        elif run.kind in ("review", "sign") and _leads_to(run, step):
            last, words = run, appraised or run.note.strip()
    if last is None or last.done_at is None or not words:
        return None
    return AgreedReason(words, last.done_by, last.done_at)


def _leads_to(run: StepRun, step: StepRun) -> bool:
    outcomes = step.dossier.version.parts.step(run.key).outcomes
    return any(one.key == run.outcome and step.key in one.to for one in outcomes)
