"""Who may correct what the directory says of a person: whoever manages them today, and nobody a citizen."""

import datetime as dt

import pytest
from django.utils import timezone

from dinh.foundation.actions.public import system
from dinh.foundation.directory.models import Appointment
from dinh.foundation.directory.public import (
    appoint,
    correct_person,
    create_position,
    end_appointment,
    register_person,
)
from dinh.kernel.errors import NotAllowed
from tests.directory.conftest import START

BY = system("test")


def correct(person, by):
    correct_person(
        person, full_name="Nguyễn Văn Sửa", identity_number="", birth_date=None, phone="0900000001",
        email="", address="", by=by,
    )  # fmt: skip


def newcomer(name, **more):
    return register_person(name, by=BY, **more)


def placed(unit, person, from_on=START):
    position = create_position(unit, code="", title="Chuyên viên", on=START, by=BY)
    appoint(position, person=person, from_on=from_on, by=BY)
    return Appointment.objects.get(person=person, position=position)


def test_a_citizen_is_corrected_by_nobody_but_themselves(province, admin_at):
    citizen = newcomer("Trần Thị Dân", identity_number="099200000001")
    for unit, scope in ((province.root, "province"), (province.north, "subtree")):
        with pytest.raises(NotAllowed):
            correct(citizen, admin_at(unit, scope=scope))


def test_a_new_official_is_corrected_before_being_placed(province, admin_at):
    official = newcomer("Lê Văn Mới", staff_code="CB09001")
    correct(official, admin_at(province.south))
    official.refresh_from_db()
    assert official.full_name == "Nguyễn Văn Sửa"


def test_who_has_moved_is_corrected_where_they_work_now(province, admin_at):
    today = timezone.localdate()
    official = newcomer("Lê Văn Chuyển", staff_code="CB09002")
    former = placed(province.north, official)
    end_appointment(former, on=today - dt.timedelta(days=30), by=BY)
    north, south = admin_at(province.north), admin_at(province.south)
    correct(official, north)
    with pytest.raises(NotAllowed):
        correct(official, south)
    placed(province.south, official, today + dt.timedelta(days=10))
    correct(official, south)
    with pytest.raises(NotAllowed):
        correct(official, north)
    assert Appointment.objects.filter(person=official).count() == 2
