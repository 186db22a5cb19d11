"""What citizens change of themselves: where they are reached; and the number verified for them."""

from dinh.foundation.actions.public import SYSTEM_ONLY, Actor, action, publish
from dinh.foundation.directory.actions.people import check_person, check_unknown
from dinh.foundation.directory.events import ContactChanged
from dinh.foundation.directory.models import Person
from dinh.foundation.directory.permissions import CHANGE_OWN_CONTACT
from dinh.kernel.errors import N_, Refused

__all__ = ["change_own_contact", "note_verified_number"]

MOST = 200


@action(
    "person.own_contact_changed",
    permission=CHANGE_OWN_CONTACT,
    on=Person,
    label=N_("Đổi số điện thoại, thư điện tử, địa chỉ của mình"),
)
def change_own_contact(person: Person, *, phone: str, email: str, address: str, by: Actor) -> Person:
    """Say where one is reached from now on; dossiers that are on their way keep what they were filed with.

    Raises ``Refused`` at the field that is malformed, and at ``phone`` when nothing would be left by which to
    tell the person anything.
    """
    check_person(full_name=person.full_name, identity_number="", phone=phone, email=email)
    if not phone and not email:
        raise Refused(N_("Hãy để lại ít nhất số điện thoại hoặc thư điện tử."), field="phone")
    if len(address) > MOST:
        raise Refused(N_("Địa chỉ dài quá 200 ký tự. Hãy viết ngắn lại."), field="address")
    former = (person.phone, person.email)
    person.phone, person.email, person.address = phone, email, address
    person.save(update_fields=["phone", "email", "address"])
    if former != (phone, email):
        publish(
            ContactChanged(
                person_id=person.pk,
                full_name=person.full_name,
                former_phone=former[0],
                former_email=former[1],
            )
        )
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
