"""The applicant mends what an appraisal found: while they do, the dossier's clock stands still."""

import datetime as dt
from collections.abc import Sequence

from dinh.foundation.actions.public import Actor, publish
from dinh.kernel.errors import N_
from dinh.onestop.actions.record import mark_clock, refresh_due, tell
from dinh.onestop.events import RemedyAsked
from dinh.onestop.models import Dossier, StepRun

__all__ = ["ask_remedy", "go_on", "stand_still", "waits_for_applicant"]

REASON = N_("Người nộp khắc phục để thẩm định lại")


def waits_for_applicant(dossier: Dossier, keys: Sequence[str]) -> bool:
    """Whether one of these steps is a wait for the applicant."""
    return any(step.pauses for step in dossier.version.parts.steps if step.key in keys)


def ask_remedy(dossier: Dossier, *, reason: str, by: Actor, now: dt.datetime) -> None:
    """Tell the applicant what is to be mended, and let the clock stand still."""
    stand_still(dossier, now=now)
    tell(dossier, N_("Yêu cầu khắc phục: %(reason)s"), by=by, now=now, reason=reason)
    publish(RemedyAsked(dossier_id=dossier.id))


def stand_still(dossier: Dossier, *, now: dt.datetime) -> None:
    """Pause the dossier's clock."""
    mark_clock(dossier, "paused", at=now, reason=REASON)
    refresh_due(dossier, now=now)


def go_on(dossier: Dossier, step: StepRun, *, now: dt.datetime) -> None:
    """Let the clock go on when the wait has ended."""
    mark_clock(dossier, "resumed", at=now, reason=step.name)
    refresh_due(dossier, now=now)
