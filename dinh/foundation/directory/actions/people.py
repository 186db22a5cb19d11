"""Verbs of people: register, correct."""

import datetime as dt
import re

from dinh.foundation.actions.public import Actor, action, publish
from dinh.foundation.directory.events import PersonRegistered
from dinh.foundation.directory.models import Person
from dinh.foundation.directory.permissions import MANAGE_PEOPLE, REGISTER_PEOPLE
from dinh.kernel.contacts import is_email, is_identity_number
from dinh.kernel.errors import N_, Refused

__all__ = ["AlreadyKnown", "correct_person", "register_person"]

# Offices have hotlines and numbers abroad too.
_PHONE = re.compile(r"\+?[0-9][0-9 .]{6,17}")


class AlreadyKnown(Refused):
    message = N_("Số định danh hoặc mã cán bộ này đã có trong danh bạ. Hãy tìm người đó thay vì thêm mới.")


@action("person.registered", permission=REGISTER_PEOPLE)
def register_person(
    full_name: str,
    *,
    staff_code: str = "",
    identity_number: str = "",
    birth_date: dt.date | None = None,
    phone: str = "",
    email: str = "",
    address: str = "",
    by: Actor,
) -> Person:
    """Add a person to the directory.

    Raises ``AlreadyKnown`` when the identity number or the staff code is another person's, and
    ``Refused`` at the field that is malformed.
    """
    check_person(full_name=full_name, identity_number=identity_number, phone=phone, email=email)
    check_unknown(identity_number=identity_number, staff_code=staff_code)
    person = Person(
        full_name=full_name,
        staff_code=staff_code or None,
        identity_number=identity_number,
        birth_date=birth_date,
        phone=phone,
        email=email,
        address=address,
    )
    person.save()
    publish(PersonRegistered(person_id=person.pk))
    return person


@action("person.corrected", permission=MANAGE_PEOPLE, on=Person)
def correct_person(
    person: Person,
    *,
    full_name: str,
    identity_number: str,
    birth_date: dt.date | None,
    phone: str,
    email: str,
    address: str,
    by: Actor,
) -> None:
    """Correct what the directory says of a person."""
    check_person(full_name=full_name, identity_number=identity_number, phone=phone, email=email)
    if identity_number != person.identity_number:
        check_unknown(identity_number=identity_number, staff_code="")
    person.full_name, person.identity_number, person.birth_date = full_name, identity_number, birth_date
    person.phone, person.email, person.address = phone, email, address
    person.save()


def check_person(*, full_name: str, identity_number: str, phone: str, email: str) -> None:
    """Check what is said of a person; raises ``Refused`` at the first field that is wrong."""
    if not 2 <= len(full_name.strip()) <= 100:
        raise Refused(N_("Hãy nhập họ và tên, từ 2 đến 100 ký tự."), field="full_name")
    if identity_number and not is_identity_number(identity_number):
        raise Refused(N_("Số định danh cá nhân phải có đúng 12 chữ số."), field="identity_number")
    if phone and not _PHONE.fullmatch(phone):
        raise Refused(N_("Số điện thoại chỉ gồm chữ số, từ 7 đến 15 số."), field="phone")
    if email and not is_email(email):
        raise Refused(N_("Địa chỉ thư điện tử không đúng, ví dụ ten@coquan.gov.vn."), field="email")


def check_unknown(*, identity_number: str, staff_code: str) -> None:
    if identity_number and Person.objects.filter(identity_number=identity_number).exists():
        raise AlreadyKnown(field="identity_number")
    if staff_code and Person.objects.filter(staff_code=staff_code).exists():
        raise AlreadyKnown(field="staff_code")
