"""Telling the applicant of a dossier something."""

from uuid import UUID

from django.utils import timezone

from dinh.foundation.notify.public import ToAddress, notify
from dinh.onestop.public import DossierContact, contact_of

__all__ = ["tell_applicant", "tell_contact"]


def tell_applicant(dossier_id: UUID, template: str, **values: str) -> None:
    """Tell the applicant: in their account when they have one, else at the address on the dossier."""
    tell_contact(contact_of(dossier_id), template, **values)


def tell_contact(contact: DossierContact, template: str, **values: str) -> None:
    """The same, where the contact has been read already."""
    recipient = _recipient(contact)
    if recipient is None:
        return
    notify(
        recipient,
        template,
        {"code": contact.code, "link": contact.link, "name": contact.name, **values},
        about=contact.dossier,
        now=timezone.now(),
    )


def _recipient(contact: DossierContact) -> UUID | ToAddress | None:
    if contact.person_id is not None:
        return contact.person_id
    if not contact.email and not contact.phone:
        return None
    return ToAddress(name=contact.name, email=contact.email, phone=contact.phone)
