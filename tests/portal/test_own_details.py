"""Citizens say themselves where they are reached; the place where they were reached learns of it."""

import datetime as dt

import pytest
from django.utils import timezone

from dinh.foundation.actions.models import OutboxMessage
from dinh.foundation.directory.models import Person
from dinh.foundation.directory.public import change_own_contact
from dinh.sso.models import Session
from tests.guards.refusing import assert_refused
from tests.portal.conftest import sentences, words

PAGE = "/thong-tin-cua-toi/"
TYPED = {"phone": "+84 900 000 777", "email": "Moi@example.vn", "address": "Thôn 5,  xã Bình Mẫu"}


def person_of(province):
    return Person.objects.get(pk=province.citizen.person_id)


def test_a_citizen_changes_where_they_are_reached_and_the_old_place_is_told(province, citizen):
    before = person_of(province)
    assert before.full_name in words(citizen.get(PAGE))
    assert citizen.post(PAGE, TYPED).status_code == 302
    after = person_of(province)
    assert (after.phone, after.email, after.address) == (
        "0900000777",
        "moi@example.vn",
        "Thôn 5, xã Bình Mẫu",
    )
    assert after.full_name == before.full_name
    told = {row.recipient: row.payload["body"] for row in OutboxMessage.objects.all()}
    assert set(told) == {before.email, before.phone}
    assert not any("777" in body or "moi@" in body for body in told.values())


def test_another_address_alone_is_told_to_nobody(province, citizen):
    known = person_of(province)
    citizen.post(PAGE, {"phone": known.phone, "email": known.email, "address": "Thôn 9"})
    assert person_of(province).address == "Thôn 9"
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"phone": "12", "email": ""}, "Số điện thoại chưa đúng"),
        ({"phone": "", "email": ""}, "Hãy để lại ít nhất số điện thoại hoặc thư điện tử"),
        ({"phone": "", "email": "a@b@c.vn"}, "Địa chỉ thư điện tử không đúng"),
        ({"email": "a@example.vn\nBcc: b@example.vn"}, "Địa chỉ thư điện tử không đúng"),
        ({"address": "x" * 201}, "Địa chỉ dài quá"),
    ],
)
def test_what_is_wrong_is_said_at_its_place_and_nothing_changes(province, citizen, typed, said):
    before = person_of(province)
    answer = citizen.post(PAGE, {**TYPED, **typed})
    assert answer.status_code == 422
    assert any(said in one for one in sentences(answer)), sentences(answer)
    assert person_of(province).email == before.email


def test_at_a_phone_left_open_the_password_is_asked_for_first(province, citizen):
    before = person_of(province)
    Session.objects.update(authenticated_at=timezone.now() - dt.timedelta(minutes=16))
    answer = citizen.post(PAGE, TYPED, headers={"Referer": f"http://testserver{PAGE}"})
    assert answer["Location"].startswith("/xac-nhan-mat-khau/")
    assert person_of(province).phone == before.phone
    assert citizen.get(PAGE).status_code == 200


def test_nobody_changes_the_contacts_of_another(province, visitor):
    values = {"phone": "0900000777", "email": "", "address": ""}
    for by in (province.actor("congdan2"), province.clerk):
        assert_refused(
            "person.own_contact_changed",
            lambda by=by: change_own_contact(person_of(province), **values, by=by),
        )
    assert visitor.get(PAGE).status_code == 302
