"""Telling the applicant of a dossier something."""

from collections.abc import Set
from uuid import UUID

from django.utils import timezone

from dinh.foundation.notify.public import MessageTemplate, ToAddress, message_template, notify
from dinh.kernel.dates import written_moment
from dinh.kernel.errors import existing
from dinh.onestop.public import DossierContact, answer_by_of, contact_of

__all__ = ["applicant_template", "tell_applicant", "tell_contact", "tell_last_moment"]


def applicant_template(
    code: str,
    *,
    label: str,
    subject: str,
    body: str,
    sms: str = "",
    more: str = "",
    fields: Set[str] = frozenset(),
    is_required: bool = False,
) -> MessageTemplate:
    """Bring a template of a message to applicants; ``fields`` are those beside what ``tell_contact`` gives.

    ``{dossier}`` names it as people know it: the procedure, and the code in brackets. ``{code}`` stays for
    the texts that a province has written.
    """
    return message_template(
        code,
        label=label,
        topic="dossier",
        subject=subject,
        body=body,
        sms=sms,
        more=more,
        fields={"code", "dossier", "follow", *fields},
        is_required=is_required,
    )


def tell_applicant(dossier_id: UUID, template: str, **values: str) -> None:
    """Tell the applicant and who stands for them: in their accounts, else at the address on the dossier."""
    tell_contact(contact_of(dossier_id), template, **values)


def tell_contact(contact: DossierContact, template: str, **values: str) -> None:
    """The same, where the contact has been read already."""
    values = {
        "code": contact.code,
        "dossier": contact.dossier_words,
        "link": contact.link,
        "follow": contact.follow,
        **values,
    }
    people = [one for one in (contact.person_id, contact.representative_id) if one is not None]
    for person_id in dict.fromkeys(people):
        named = {"name": contact.name} if contact.representative_id is None else {}
        notify(person_id, template, {**values, **named}, about=contact.dossier, now=timezone.now())
    if people or not (contact.email or contact.phone):
        return
    stranger = ToAddress(name=contact.name, email=contact.email, phone=contact.phone)
    notify(stranger, template, {**values, "name": contact.name}, about=contact.dossier, now=timezone.now())


def tell_last_moment(dossier_id: UUID, template: str) -> None:
    """Tell the applicant of a dossier that waits until when they may complete it (its ``due``)."""
    contact = contact_of(dossier_id)
    last = existing(answer_by_of(contact.dossier))
    tell_contact(contact, template, due=written_moment(last))
