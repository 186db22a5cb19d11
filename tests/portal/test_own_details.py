"""Citizens say themselves where they are reached; a new place is in force when its code was typed."""

import datetime as dt
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from dinh.foundation.actions.models import OutboxMessage
from dinh.foundation.actions.public import system
from dinh.foundation.directory.models import Person
from dinh.foundation.directory.public import (
    NotProven,
    change_own_contact,
    correct_person,
    note_proven_contact,
)
from dinh.kernel.errors import NotAllowed
from dinh.sso.models import Account, ContactCode, Session
from dinh.sso.public import ask_contact_code, confirm_contact, drop_contact
from dinh.sso.rules.contacts import WrongCode
from tests.guards.refusing import assert_done, assert_refused
from tests.portal.conftest import sentences, signed_in, words

PAGE = "/thong-tin-cua-toi/"
CONFIRM, SEND, DROP = f"{PAGE}xac-minh/", f"{PAGE}gui-ma/", f"{PAGE}bo-thay-doi/"
NEW = "moi@example.vn"


def person_of(province):
    return Person.objects.get(pk=province.citizen.person_id)


def account_of(province):
    return Account.objects.get(pk=province.citizen.account_id)


def typed(province, **other):
    person = person_of(province)
    return {"phone": person.phone, "email": person.email, "address": person.address, **other}


def codes(recipient=NEW):
    """The codes that were sent to an address, as its reader sees them."""
    rows = OutboxMessage.objects.filter(recipient=recipient).order_by("id")
    return [found[0] for row in rows if (found := re.search(r"\b\d{6}\b", row.payload["body"]))]


def later(monkeypatch, **passed):
    at = timezone.now() + dt.timedelta(**passed)
    monkeypatch.setattr("dinh.portal.views.own_details.timezone.now", lambda: at)


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_new_place_is_in_force_when_its_code_was_typed_and_the_old_one_is_told(province, citizen):
    before = person_of(province)
    assert (
        citizen.post(PAGE, typed(province, email="Moi@example.vn ", address="Thôn 5,  xã Mẫu")).status_code
        == 302
    )
    assert (person_of(province).email, person_of(province).address) == (before.email, "Thôn 5, xã Mẫu")
    page = words(citizen.get(PAGE))
    assert f"Chờ xác minh: {NEW}" in page and f"tin vẫn được gửi tới {before.email}" in page
    (code,) = codes()
    row = ContactCode.objects.get()
    assert code not in row.code_hash and len(row.code_hash) == 64
    answer = citizen.post(CONFIRM, {"kind": "email", "code_email": f"{code[:3]} {code[3:]}"})
    assert answer.status_code == 302
    after = person_of(province)
    assert (after.email, after.email_known, after.phone) == (NEW, "code", before.phone)
    told = {row.recipient: row.payload["body"] for row in OutboxMessage.objects.exclude(recipient=NEW)}
    assert set(told) == {before.email, before.phone}
    assert not any(NEW in body or code in body for body in told.values())
    assert "Đã xác minh bằng mã" in words(citizen.get(PAGE))


def test_a_telephone_is_proven_by_a_message(province, citizen):
    citizen.post(PAGE, typed(province, phone="+84 900 000 777"))
    (message,) = OutboxMessage.objects.filter(recipient="0900000777")
    assert message.channel == "sms"
    citizen.post(CONFIRM, {"kind": "phone", "code_phone": codes("0900000777")[0]})
    assert person_of(province).phone == "0900000777"


def test_a_code_is_used_once(province, citizen):
    citizen.post(PAGE, typed(province, email=NEW))
    code = codes()[0]
    citizen.post(CONFIRM, {"kind": "email", "code_email": code})
    Person.objects.filter(pk=province.citizen.person_id).update(email="khac@example.vn")
    answer = citizen.post(CONFIRM, {"kind": "email", "code_email": code})
    assert answer.status_code == 422 and person_of(province).email == "khac@example.vn"


def test_after_five_wrong_tries_the_right_code_is_worth_nothing(province, citizen):
    before = person_of(province).email
    citizen.post(PAGE, typed(province, email=NEW))
    code = codes()[0]
    for _time in range(5):
        answer = citizen.post(CONFIRM, {"kind": "email", "code_email": wrong(code)})
        assert answer.status_code == 422 and "Mã không đúng" in words(answer)
    answer = citizen.post(CONFIRM, {"kind": "email", "code_email": code})
    assert answer.status_code == 422 and "nhập sai 5 lần" in words(answer)
    assert person_of(province).email == before


def test_a_code_lasts_ten_minutes(province, citizen, monkeypatch):
    citizen.post(PAGE, typed(province, email=NEW))
    code = codes()[0]
    with monkeypatch.context() as context:
        later(context, minutes=10, seconds=1)
        answer = citizen.post(CONFIRM, {"kind": "email", "code_email": code})
        assert answer.status_code == 422 and "quá 10 phút" in words(answer)
    assert person_of(province).email_known == ""


def test_another_code_comes_after_a_minute_and_ends_the_first(province, citizen, monkeypatch):
    citizen.post(PAGE, typed(province, email=NEW))
    first = codes()[0]
    answer = citizen.post(SEND, {"kind": "email"})
    assert answer.status_code == 422 and "Mã vừa được gửi" in words(answer)
    assert len(codes()) == 1
    later(monkeypatch, seconds=61)
    assert citizen.post(SEND, {"kind": "email"}).status_code == 302
    second = codes()[1]
    if second != first:
        assert citizen.post(CONFIRM, {"kind": "email", "code_email": first}).status_code == 422
    assert citizen.post(CONFIRM, {"kind": "email", "code_email": second}).status_code == 302


def test_codes_without_end_are_not_sent(province, citizen, monkeypatch):
    answers = []
    for minute in range(5):
        with monkeypatch.context() as context:
            later(context, seconds=61 * minute)
            answers.append(citizen.post(PAGE, typed(province, email=NEW)))
    assert answers[0].status_code == 302 and answers[-1].status_code == 422
    assert "Đã gửi nhiều mã" in words(answers[-1])
    assert len(codes()) < 5


def test_a_later_wish_takes_the_place_of_the_first(province, citizen, monkeypatch):
    citizen.post(PAGE, typed(province, email="nham@example.vn"))
    later(monkeypatch, seconds=61)
    citizen.post(PAGE, typed(province, email=NEW))
    assert ContactCode.objects.get().value == NEW
    if codes("nham@example.vn") != codes():
        answer = citizen.post(CONFIRM, {"kind": "email", "code_email": codes("nham@example.vn")[0]})
        assert answer.status_code == 422
    citizen.post(CONFIRM, {"kind": "email", "code_email": codes()[0]})
    assert person_of(province).email == NEW


def test_a_wish_is_put_aside(province, citizen):
    before = person_of(province).email
    citizen.post(PAGE, typed(province, email=NEW))
    assert citizen.post(DROP, {"kind": "email"}).status_code == 302
    assert citizen.post(CONFIRM, {"kind": "email", "code_email": codes()[0]}).status_code == 422
    assert person_of(province).email == before and NEW not in words(citizen.get(PAGE))


def test_what_is_in_force_can_be_verified_too(province, citizen):
    known = person_of(province).email
    assert "Chưa xác minh" in words(citizen.get(PAGE))
    citizen.post(SEND, {"kind": "email"})
    citizen.post(CONFIRM, {"kind": "email", "code_email": codes(known)[0]})
    assert (person_of(province).email, person_of(province).email_known) == (known, "code")
    # Nobody was reached elsewhere before.
    assert OutboxMessage.objects.count() == 1
    assert citizen.post(SEND, {"kind": "email"}).status_code == 422


def test_a_place_is_left_out_at_once_but_never_the_last(province, citizen):
    before = person_of(province)
    answer = citizen.post(PAGE, typed(province, phone="", email=""))
    assert "Hãy để lại ít nhất" in str(sentences(answer))
    citizen.post(PAGE, typed(province, email=""))
    assert person_of(province).email == ""
    assert {row.recipient for row in OutboxMessage.objects.all()} == {before.email, before.phone}
    answer = citizen.post(PAGE, typed(province, phone="", email=NEW))
    assert "xác minh nơi nhận tin mới trước" in str(sentences(answer))
    assert person_of(province).phone == before.phone


def test_another_address_alone_is_told_to_nobody(province, citizen):
    citizen.post(PAGE, typed(province, address="Thôn 9"))
    assert person_of(province).address == "Thôn 9"
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"phone": "12"}, "Số điện thoại chưa đúng"),
        ({"email": "a@b@c.vn"}, "Địa chỉ thư điện tử không đúng"),
        ({"email": "a@example.vn\nBcc: b@example.vn"}, "Địa chỉ thư điện tử không đúng"),
        ({"address": "x" * 201}, "Địa chỉ dài quá"),
    ],
)
def test_what_is_wrong_is_said_at_its_place_and_nothing_changes(province, citizen, other, said):
    before = person_of(province)
    answer = citizen.post(PAGE, typed(province, **other))
    assert answer.status_code == 422
    assert any(said in one for one in sentences(answer)), sentences(answer)
    assert person_of(province).email == before.email and not OutboxMessage.objects.exists()


def test_at_a_phone_left_open_the_password_is_asked_for_first(province, citizen):
    Session.objects.update(authenticated_at=timezone.now() - dt.timedelta(minutes=16))
    for address, values in ((PAGE, typed(province, email=NEW)), (SEND, {"kind": "email"})):
        answer = citizen.post(address, values, headers={"Referer": f"http://testserver{PAGE}"})
        assert answer["Location"].startswith("/xac-nhan-mat-khau/")
    assert not ContactCode.objects.exists()
    assert citizen.get(PAGE).status_code == 200


@pytest.mark.parametrize("kind", ["", "address", "username"])
def test_only_places_that_get_messages_have_codes(citizen, kind):
    for address in (SEND, CONFIRM, DROP):
        assert citizen.post(address, {"kind": kind}).status_code == 404


def test_the_code_of_one_person_is_none_of_another(province, citizen, stranger):
    citizen.post(PAGE, typed(province, email=NEW))
    assert stranger.post(CONFIRM, {"kind": "email", "code_email": codes()[0]}).status_code == 422
    stranger.post(DROP, {"kind": "email"})
    assert ContactCode.objects.get().ended_at is None and ContactCode.objects.get().tries == 0


def test_nobody_changes_the_contacts_of_another(province, visitor):
    account, now = account_of(province), timezone.now()
    values = {"phone": person_of(province).phone, "email": "", "address": ""}
    new = {"kind": "email", "value": NEW, "now": now}
    for by in (province.actor("congdan2"), province.clerk):
        refused = {
            "person.own_contact_changed": lambda by=by: change_own_contact(
                person_of(province), **values, by=by
            ),
            "contact.code_sent": lambda by=by: ask_contact_code(account, **new, by=by),
            "contact.confirmed": lambda by=by: confirm_contact(
                account, kind="email", code="1", by=by, now=now
            ),
            "contact.dropped": lambda by=by: drop_contact(account, kind="email", by=by, now=now),
        }
        for verb, ask in refused.items():
            assert_refused(verb, ask)
    own = province.citizen
    assert_done("contact.code_sent", lambda: ask_contact_code(account, **new, by=own))
    with pytest.raises(WrongCode):
        confirm_contact(account, kind="email", code=wrong(codes()[0]), by=own, now=now)
    assert_done(
        "contact.confirmed",
        lambda: confirm_contact(account, kind="email", code=codes()[0], by=own, now=now),
    )
    assert_done("contact.dropped", lambda: drop_contact(account, kind="email", by=own, now=now))
    assert visitor.get(PAGE).status_code == 302


def test_a_new_place_is_not_put_in_force_without_proof(province):
    person = person_of(province)
    with pytest.raises(NotProven):
        change_own_contact(person, phone=person.phone, email=NEW, address="", by=province.citizen)
    assert_refused(
        "person.contact_proven",
        lambda: note_proven_contact(person, kind="email", value=NEW, by=province.citizen),
    )
    assert_done(
        "person.contact_proven",
        lambda: note_proven_contact(person, kind="email", value=NEW, by=system("test")),
    )


def test_nobody_else_corrects_a_citizen_and_an_officials_contact_is_known_by_who_wrote_it(province):
    by = province.actor("quantri")

    def correct(person: Person) -> None:
        correct_person(
            person,
            full_name=person.full_name,
            identity_number=person.identity_number,
            birth_date=person.birth_date,
            phone=person.phone,
            email=NEW,
            address=person.address,
            by=by,
        )

    with pytest.raises(NotAllowed):
        correct(person_of(province))
    official = Person.objects.get(pk=province.specialist.person_id)
    correct(official)
    official.refresh_from_db()
    assert (official.email_known, official.phone_known) == ("official", "")


@pytest.mark.django_db(transaction=True)
def test_guesses_at_once_are_five(open_province):
    account = Account.objects.get(username="congdan")
    client = signed_in("congdan")
    person = Person.objects.get(pk=account.person_id)
    client.post(PAGE, {"phone": person.phone, "email": NEW, "address": ""})
    code = codes()[0]
    cookie = client.cookies["sessionid"].value
    barrier = threading.Barrier(8)

    def guess(number):
        try:
            twin = type(client)()
            twin.cookies["sessionid"] = cookie
            barrier.wait(20)
            return twin.post(
                CONFIRM, {"kind": "email", "code_email": f"{(int(code) + 1 + number) % 10**6:06d}"}
            ).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(guess, range(8))) == {422}
    assert ContactCode.objects.get().tries == 5
    assert client.post(CONFIRM, {"kind": "email", "code_email": code}).status_code == 422
