"""Papers of the desk as whoever holds the file may learn of them: which they are, not whose."""

import datetime as dt
from dataclasses import dataclass

from dinh.onestop.models import Paper

__all__ = ["IssuedPaper", "find_paper_of_file"]


@dataclass(frozen=True, slots=True)
class IssuedPaper:
    """A signed paper of the desk. ``form`` is its stable key, ``code`` its dossier's, ``agency_name`` the
    agency that handles that; ``desk_name`` issued and sealed it.
    """

    form: str
    number: str
    code: str
    agency_name: str
    desk_name: str
    ready_at: dt.datetime | None


# What stays inside the administration is not said to be anything.
_INTERNAL_FORMS = ("control_slip",)


def find_paper_of_file(sha256: str) -> IssuedPaper | None:
    """Return the desk's paper that is exactly this file, for whoever holds the file; None. One query."""
    rows = Paper.objects.filter(file__sha256=sha256, state=Paper.State.READY).exclude(
        form__in=_INTERNAL_FORMS
    )
    row = rows.select_related("dossier__agency", "dossier__reception_unit").first()
    if row is None:
        return None
    dossier = row.dossier
    return IssuedPaper(
        form=row.form,
        number=row.number,
        code=str(dossier),
        agency_name=dossier.agency.name,
        desk_name=dossier.reception_unit.name,
        ready_at=row.ready_at,
    )
