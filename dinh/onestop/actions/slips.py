"""The control slip as a sealed paper: what happened to the dossier up to now."""

import datetime as dt

from dinh.foundation.actions.public import Actor, action
from dinh.kernel.errors import N_
from dinh.onestop.actions.record import ask_paper, tell
from dinh.onestop.models import Dossier, Paper
from dinh.onestop.permissions import MAKE_SLIP
from dinh.onestop.queries.papers import control_slip_content
from dinh.onestop.queries.slips import control_slip, slip_rows_in_words

__all__ = ["make_slip"]


@action("slip.made", permission=MAKE_SLIP, on=Dossier, label=N_("Lập phiếu kiểm soát quá trình giải quyết"))
def make_slip(dossier: Dossier, *, by: Actor, now: dt.datetime) -> Paper:
    """Ask for the control slip as it stands now; each time is a paper of its own, so none is rewritten."""
    slip = control_slip(dossier, now=now)
    content = control_slip_content(
        dossier,
        agency=slip.agency,
        supporting=slip.supporting,
        rows=slip_rows_in_words(slip),
        by=by,
        now=now,
    )
    tell(dossier, N_("Lập phiếu kiểm soát quá trình giải quyết hồ sơ"), by=by, now=now, to="officials")
    return ask_paper(dossier, "control_slip", content=content, now=now)
