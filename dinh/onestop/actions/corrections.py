"""The desk corrects where the applicant of one dossier is reached; their account is theirs alone."""

import datetime as dt

from dinh.foundation.actions.public import Actor, action, publish
from dinh.kernel.errors import N_
from dinh.onestop.actions.desk import set_search_text
from dinh.onestop.actions.record import tell
from dinh.onestop.events import ContactCorrected
from dinh.onestop.models import Dossier
from dinh.onestop.permissions import CORRECT_CONTACT
from dinh.onestop.rules.corrections import CORRECTABLE, ContactEnded, DossierContactChange, check_correction

__all__ = ["correct_contact"]


@action(
    "dossier.contact_corrected",
    permission=CORRECT_CONTACT,
    on=Dossier,
    label=N_("Sửa thông tin liên lạc của hồ sơ"),
)
def correct_contact(
    dossier: Dossier, *, change: DossierContactChange, by: Actor, now: dt.datetime
) -> Dossier:
    """Write a dossier's telephone and e-mail anew, with the reason in its timeline; papers drawn stay.

    Raises ``ContactEnded`` for a dossier at its end, and what ``check_correction`` raises.
    """
    if dossier.state not in CORRECTABLE:
        raise ContactEnded
    change = check_correction(
        change,
        phone=dossier.applicant_phone,
        email=dossier.applicant_email,
        has_account=dossier.owner_id is not None,
    )
    dossier.applicant_phone = change.phone
    dossier.applicant_email = change.email
    set_search_text(dossier)
    dossier.save(update_fields=["applicant_phone", "applicant_email", "search_text"])
    tell(dossier, N_("Sửa thông tin liên lạc của hồ sơ: %(reason)s"), by=by, now=now, reason=change.reason)
    publish(ContactCorrected(dossier_id=dossier.id))
    return dossier
