"""Telling people: in the verb's transaction, inside always, outside as they prefer."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from dinh.foundation.actions.models import OutboxMessage
from dinh.foundation.actions.public import visitor
from dinh.foundation.notify.models import Notice
from dinh.foundation.notify.public import (
    MissingValue,
    Texts,
    ToAddress,
    UnknownTemplate,
    Wanted,
    change_preferences,
    draft_template,
    messages_about,
    notify,
    publish_template,
    unread_count,
)
from dinh.kernel.errors import NotAllowed
from tests.notify.saying import VALUES

pytestmark = pytest.mark.django_db

OWN = Texts(subject="Tỉnh báo tin: {code}", body="Đã nhận {code}.")


def waiting() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.order_by("id"))


def test_a_person_is_told_inside_and_by_mail_and_by_sms(person, citizen, tell):
    tell(person.pk)
    notice = Notice.objects.get()
    assert notice.subject == "Đã tiếp nhận hồ sơ 000.05.01.H99-261121-0001"
    assert "Ông/Bà Nguyễn Thị Mẫu" in notice.body
    assert "25/11/2026" in notice.body
    assert "/ho-so/1/" not in notice.body, "the notice is the link itself"
    assert "Người nộp: Trần Văn Mẫu." in notice.body
    assert (notice.link, notice.version) == ("/ho-so/1/", 0)
    assert unread_count(citizen) == 1
    mail, sms = waiting()
    assert (mail.channel, mail.recipient) == ("email", "mau@thu-mau.vn")
    assert "https://dichvu.tinh-mau.vn/ho-so/1/" in mail.payload["body"]
    assert (sms.channel, sms.recipient) == ("sms", "0900000123")


def test_what_leaves_the_house_holds_the_code_and_the_name_and_nothing_more(person, tell):
    tell(person.pk)
    for message in waiting():
        assert VALUES["code"] in message.payload["body"]
        assert "Trần Văn Mẫu" not in str(message.payload), "only the notice may say so"


def test_a_bare_address_gets_what_it_can_receive(tell, db):
    tell(ToAddress(name="Trần Khách", email="khach@thu-mau.vn"))
    tell(ToAddress(name="Lê Khách", phone="0900 000 456"))
    tell(ToAddress(name="Không địa chỉ"))
    assert [(message.channel, message.recipient) for message in waiting()] == [
        ("email", "khach@thu-mau.vn"),
        ("sms", "0900 000 456"),
    ]
    assert "Ông/Bà Trần Khách" in waiting()[0].payload["body"]
    assert not Notice.objects.exists()


def test_nothing_is_told_when_the_verb_is_rolled_back(person):
    def verb():
        with transaction.atomic():
            notify(person.pk, "sample.received", VALUES, now=timezone.now())
            raise IntegrityError

    with pytest.raises(IntegrityError):
        verb()
    assert not Notice.objects.exists()
    assert waiting() == []


@pytest.mark.django_db(transaction=True)
def test_telling_outside_a_verb_is_a_mistake(person):
    with pytest.raises(RuntimeError):
        notify(person.pk, "sample.received", VALUES, now=timezone.now())


def test_the_same_told_twice_is_told_once(person, tell):
    tell(person.pk, once_key="dossier-1-received")
    tell(person.pk, once_key="dossier-1-received")
    assert Notice.objects.count() == 1
    assert len(waiting()) == 2
    tell(person.pk, once_key="dossier-2-received")
    assert Notice.objects.count() == 2


def test_a_mistake_of_the_room_is_an_error(person, tell):
    with pytest.raises(UnknownTemplate):
        tell(person.pk, "sample.unknown")
    with pytest.raises(MissingValue):
        tell(person.pk, values={"code": "1"})
    for link in ("https://la.vn/", "//la.vn", "/\\la.vn", "ho-so/1"):
        with pytest.raises(ValueError, match="path of ours"):
            tell(person.pk, values={**VALUES, "link": link})


def test_a_person_chooses_what_leaves_the_house(person, citizen, tell):
    change_preferences({"dossier": Wanted(email=False, sms=True)}, by=citizen)
    tell(person.pk)
    assert [message.channel for message in waiting()] == ["sms"]
    change_preferences({"dossier": Wanted(email=False, sms=False)}, by=citizen)
    tell(person.pk)
    assert len(waiting()) == 1
    assert Notice.objects.count() == 2


def test_what_the_law_asks_to_be_told_is_mailed_in_any_case(person, citizen, tell):
    change_preferences({"dossier": Wanted(email=False, sms=False)}, by=citizen)
    tell(person.pk, "sample.asked", values={"code": "1", "link": "/ho-so/1/"})
    assert [message.channel for message in waiting()] == ["email"]


def test_preferences_are_a_persons_own(person):
    with pytest.raises(NotAllowed):
        change_preferences({"dossier": Wanted()}, by=visitor())


@pytest.mark.django_db(transaction=True)
def test_messages_about_a_row_are_shown_with_their_fates(person, tell, deliver):
    tell(person.pk, about=person)
    tell(ToAddress(name="Khách", email="khong-phai-dia-chi"), about=person)
    deliver()
    fates = messages_about(person)
    assert [(fate.channel, fate.recipient, fate.state) for fate in fates] == [
        ("email", "•••••• chi", "dead"),
        ("sms", "•••••• 123", "delivered"),
        ("email", "m•••@thu-mau.vn", "delivered"),
        ("notice", "Nguyễn Thị Mẫu", "unread"),
    ]


def test_a_province_writes_its_own_texts_and_what_was_said_stays(person, tell, administrator):
    tell(person.pk)
    draft = draft_template("sample.received", OWN, by=administrator, now=timezone.now())
    tell(person.pk)
    publish_template(draft, by=administrator, now=timezone.now())
    tell(person.pk)
    newest, second, first = Notice.objects.order_by("-id")
    assert (newest.version, newest.subject) == (1, f"Tỉnh báo tin: {VALUES['code']}")
    assert (second.version, first.version) == (0, 0)


def test_a_published_version_never_changes(administrator):
    draft = draft_template("sample.received", OWN, by=administrator, now=timezone.now())
    published = publish_template(draft, by=administrator, now=timezone.now())
    again = draft_template("sample.received", OWN, by=administrator, now=timezone.now())
    assert (published.version, again.version) == (1, 2)
    published.subject = "đổi lén"
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        published.save()


def test_templates_are_the_administrators(administrator, clerk):
    with pytest.raises(NotAllowed):
        draft_template("sample.received", OWN, by=clerk, now=timezone.now())
    draft = draft_template("sample.received", OWN, by=administrator, now=timezone.now())
    with pytest.raises(NotAllowed):
        publish_template(draft, by=clerk, now=timezone.now())
