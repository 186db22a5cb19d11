"""What hangs at a desk, beside what is in force."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import get_unit
from dinh.kernel.errors import NotFound
from dinh.onestop.models import Posting, ProcedureVersion
from dinh.onestop.permissions import POST_UP
from dinh.onestop.queries.catalogue import offered
from dinh.onestop.queries.units import takes_in

__all__ = ["PostingLine", "access_version_in_force", "posting_lines"]


@dataclass(frozen=True, slots=True)
class PostingLine:
    """One procedure of the desk's agency: since when its version in force hangs there (None: it does not)."""

    version_id: UUID
    code: str
    name: str
    number: int
    published_on: dt.datetime | None
    posted_on: dt.date | None
    noted_by: str


def posting_lines(by: Actor) -> Sequence[PostingLine]:
    """Return the procedures that the reader's desk takes in, those that do not hang there first.

    Raises ``NotFound`` for whoever is at no desk.
    """
    if by.unit_id is None or not POST_UP.may(by, by.unit_id):
        raise NotFound
    agency = get_unit(by.unit_id).agency
    if agency is None:
        raise NotFound
    rows = [row for row in offered() if takes_in(row, agency)]
    posted = {
        row.version_id: row
        for row in Posting.objects.filter(agency=agency, version__in=[one.current_version_id for one in rows])
    }
    found = []
    for row in rows:
        version = row.current_version
        if version is None:
            continue
        hangs = posted.get(version.pk)
        found.append(
            PostingLine(
                version_id=version.pk,
                code=row.code,
                name=row.name,
                number=version.number,
                published_on=version.published_at,
                posted_on=hangs.posted_on if hangs else None,
                noted_by=hangs.noted_by if hangs else "",
            )
        )
    return sorted(found, key=lambda one: one.posted_on is not None)


def access_version_in_force(version_id: UUID) -> ProcedureVersion:
    """Return a version that is in force. Raises ``NotFound``."""
    row = offered().filter(current_version=version_id).first()
    if row is None or row.current_version is None:
        raise NotFound
    return row.current_version
