"""The portal tells of a petition: what reports and indicators count of it is kept here."""

from dinh.foundation.actions.public import Actor, action
from dinh.kernel.errors import N_
from dinh.onestop.models import PetitionNote
from dinh.onestop.permissions import SYSTEM_ONLY
from dinh.onestop.rules.agency_reports import PetitionFacts

__all__ = ["note_petition"]


@action("petition.noted", permission=SYSTEM_ONLY, label=N_("Ghi nhận phản ánh, kiến nghị để thống kê"))
def note_petition(facts: PetitionFacts, *, by: Actor) -> PetitionNote:
    """Keep what is counted of a petition; told again, the last word counts."""
    note, _is_new = PetitionNote.objects.update_or_create(
        petition_id=facts.petition_id,
        defaults={
            "code": facts.code,
            "kind": facts.kind,
            "agency_id": facts.agency_id,
            "received_at": facts.received_at,
            "due_at": facts.due_at,
            "answered_at": facts.answered_at,
            "declined_at": facts.declined_at,
            "score": facts.score,
        },
    )
    return note
