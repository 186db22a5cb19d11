"""Until when an applicant may complete a dossier, and whether it may be stopped."""

import datetime as dt

from dinh.foundation.calendars.public import calendar_for
from dinh.kernel.profiles import get_profile
from dinh.onestop.models import Dossier, Supplement

__all__ = ["answer_by_of", "answer_by_from"]


def answer_by_from(dossier: Dossier, *, asked_at: dt.datetime) -> dt.datetime:
    """Return the last moment for a supplement asked for at ``asked_at``, by the dossier's legal profile.

    Calendar days after the day of the request, to the end of a working day (Civil Code 2015 Art. 148.5).
    """
    calendar = calendar_for(dossier.agency_id)
    days = int(get_profile(dossier.profile).one_stop.supplement_waits.amount)
    return calendar.closing_of(calendar.local_date(asked_at) + dt.timedelta(days=days))


def answer_by_of(dossier: Dossier) -> dt.datetime | None:
    """Return until when the open request may be answered; None when the dossier does not wait."""
    if dossier.state != "supplement":
        return None
    row = Supplement.objects.filter(dossier=dossier, answered_at=None).first()
    if row is None:
        return None
    return row.answer_by or answer_by_from(dossier, asked_at=row.asked_at)
