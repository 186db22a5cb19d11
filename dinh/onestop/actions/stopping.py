"""Stopping a dossier whose applicant did not complete it in time."""

import datetime as dt

from dinh.foundation.actions.public import Actor, action, publish
from dinh.kernel.errors import N_
from dinh.kernel.profiles import get_profile
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.actions.flow import cancel_open_steps
from dinh.onestop.actions.record import ask_paper, mark_clock, refresh_due, tell
from dinh.onestop.events import DossierStopped
from dinh.onestop.models import Dossier
from dinh.onestop.permissions import ASK_SUPPLEMENT
from dinh.onestop.queries.papers import stop_content
from dinh.onestop.queries.stopping import answer_by_of
from dinh.onestop.rules.checks import NeedsReason
from dinh.onestop.rules.states import DOSSIER
from dinh.onestop.rules.stopping import check_stop

__all__ = ["stop"]


@action("dossier.stopped", permission=ASK_SUPPLEMENT, on=Dossier, label=N_("Dừng giải quyết hồ sơ"))
def stop(dossier: Dossier, *, reason: str, by: Actor, now: dt.datetime) -> Dossier:
    """Stop handling a dossier that waits for a supplement after the day that the request named.

    Its clocks and steps end, the applicant is told; where the law has a form for it (form 05 since 2025),
    the notice is drawn and signed. Raises ``NeedsReason``, ``NotWaiting``, ``TooEarlyToStop``.
    """
    check_stop(answer_by_of(dossier), now=now)
    if not reason.strip():
        raise NeedsReason(field="stop-reason")
    dossier.state = DOSSIER.after(dossier.state, "stop")
    dossier.finished_at = now
    dossier.save(update_fields=["state", "finished_at"])
    if dossier.accepted_at is not None:
        mark_clock(dossier, "stopped", at=now, reason=N_("Dừng giải quyết"))
    cancel_open_steps(dossier, now=now)
    refresh_due(dossier, now=now)
    tell(dossier, N_("Dừng giải quyết hồ sơ: %(reason)s"), by=by, now=now, reason=reason.strip())
    forms = get_profile(dossier.profile).one_stop.forms(now.astimezone(VIETNAM).date())
    if any(form.code == "stop" for form in forms.forms):
        content = stop_content(dossier, reason=reason, by=by, now=now)
        ask_paper(dossier, "stop", content=content, now=now, notation="TBDGQ")
    publish(DossierStopped(dossier_id=dossier.id))
    return dossier
