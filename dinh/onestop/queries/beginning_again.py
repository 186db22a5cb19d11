"""What a dossier was begun again from, and what was begun again from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db.models import Q

from dinh.foundation.actions.public import Actor
from dinh.onestop.models import Dossier, Draft
from dinh.onestop.permissions import BEGIN_AGAIN
from dinh.onestop.rules.states import ENDED_WITH_RESULT, ENDED_WITHOUT_RESULT

__all__ = ["BeginningAgain", "Other", "beginning_again"]


@dataclass(frozen=True, slots=True)
class Other:
    """Another dossier of the same person."""

    id: UUID
    code: str


@dataclass(frozen=True, slots=True)
class BeginningAgain:
    """``way``: ``again`` from one that ended without a result, ``alike`` from one with a result, or neither.

    ``draft_id`` is an open draft that was begun from it; ``sent`` the dossiers that came of such drafts,
    the latest first; ``earlier`` the one from which this one was begun.
    """

    way: Literal["again", "alike", ""]
    draft_id: UUID | None
    sent: Sequence[Other]
    earlier: Other | None


def beginning_again(dossier: Dossier, *, by: Actor) -> BeginningAgain:
    """Return whether the citizen may begin again from a dossier, and what they did begin. One query."""
    drafts = Draft.objects.filter(Q(begun_from=dossier) | Q(sent_as=dossier), owner_id=by.person_id)
    rows = list(drafts.select_related("sent_as", "begun_from").defer("data", "aside").order_by("-pk"))
    way: Literal["again", "alike", ""] = ""
    if BEGIN_AGAIN.may(by, dossier):
        way = "again" if dossier.state in ENDED_WITHOUT_RESULT else ""
        way = "alike" if dossier.state in ENDED_WITH_RESULT else way
    earlier = next((row.begun_from for row in rows if row.sent_as_id == dossier.pk), None)
    from_it = [row for row in rows if row.begun_from_id == dossier.pk]
    return BeginningAgain(
        way=way,
        draft_id=next((row.pk for row in from_it if row.sent_as_id is None), None),
        sent=[Other(row.sent_as.pk, str(row.sent_as)) for row in from_it if row.sent_as is not None],
        earlier=Other(earlier.pk, str(earlier)) if earlier is not None else None,
    )
