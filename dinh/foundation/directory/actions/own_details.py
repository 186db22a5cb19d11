"""What citizens change of themselves: where they are reached; and the number verified for them."""

from dinh.foundation.actions.public import SYSTEM_ONLY, Actor, action
from dinh.foundation.directory.actions.people import CONTACTS, check_person, check_unknown, set_contacts
from dinh.foundation.directory.models import Person
from dinh.foundation.directory.permissions import CHANGE_OWN_CONTACT
from dinh.kernel.errors import N_, Refused

__all__ = ["NotProven", "change_own_contact", "note_proven_contact", "note_verified_number"]

MOST = 200


class NotProven(Refused):
    message = N_("Nơi nhận tin mới phải được xác minh bằng mã trước khi dùng.")


@action(
    "person.own_contact_changed",
    permission=CHANGE_OWN_CONTACT,
    on=Person,
    label=N_("Đổi số điện thoại, thư điện tử, địa chỉ của mình"),
)
def change_own_contact(person: Person, *, phone: str, email: str, address: str, by: Actor) -> Person:
    """Say where one lives, and leave out a telephone or an e-mail; dossiers that are on their way keep what
    they were filed with. A new telephone or e-mail is not said here but proven (``note_proven_contact``).

    Raises ``Refused`` at the field that is malformed or not proven, and at ``phone`` when nothing would be
    left by which to tell the person anything.
    """
    check_person(full_name=person.full_name, identity_number="", phone=phone, email=email)
    if not phone and not email and (person.phone or person.email):
        raise Refused(N_("Hãy để lại ít nhất số điện thoại hoặc thư điện tử."), field="phone")
    if len(address) > MOST:
        raise Refused(N_("Địa chỉ dài quá 200 ký tự. Hãy viết ngắn lại."), field="address")
    for kind, value in (("phone", phone), ("email", email)):
        if value and value != getattr(person, kind):
            raise NotProven(field=kind)
    set_contacts(person, phone=phone, email=email, known="")
    person.address = address
    person.save(update_fields=[*CONTACTS, "address"])
    return person


@action(
    "person.contact_proven",
    permission=SYSTEM_ONLY,
    on=Person,
    label=N_("Ghi nơi nhận tin đã xác minh bằng mã"),
)
def note_proven_contact(person: Person, *, kind: str, value: str, by: Actor) -> Person:
    """Put a telephone or an e-mail (``kind``) in force that the person has shown to read."""
    contacts = {"phone": person.phone, "email": person.email, kind: value}
    check_person(full_name=person.full_name, identity_number="", **contacts)
    set_contacts(person, **contacts, known="code")
    setattr(person, f"{kind}_known", "code")
    person.save(update_fields=[*CONTACTS])
    return person


@action(
    "person.identity_verified",
    permission=SYSTEM_ONLY,
    on=Person,
    label=N_("Ghi số định danh đã được xác thực"),
)
def note_verified_number(person: Person, *, identity_number: str, by: Actor) -> Person:
    """Give a person without a number the one that an identity provider has verified.

    Raises ``AlreadyKnown`` when the number is another person's, and ``Refused`` when this person has one.
    """
    if person.identity_number:
        raise Refused(N_("Người này đã có số định danh."))
    check_person(full_name=person.full_name, identity_number=identity_number, phone="", email="")
    check_unknown(identity_number=identity_number, staff_code="")
    person.identity_number = identity_number
    person.save(update_fields=["identity_number"])
    return person
