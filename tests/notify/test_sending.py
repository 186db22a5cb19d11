"""The ways out: a real SMTP server, the sample mailbox, and a mail server that is away for a day."""

import datetime as dt

import pytest
from django.utils import timezone

from dinh.foundation.actions.models import OutboxMessage
from dinh.foundation.actions.public import get_message, resend
from dinh.foundation.notify.models import SampleMessage
from dinh.foundation.notify.public import ToAddress, messages_about
from dinh.kernel.errors import NotAllowed, Refused
from tests.notify.saying import VALUES

pytestmark = pytest.mark.django_db(transaction=True)

NOBODY_THERE = "smtp://127.0.0.1:9"


def to(email: str = "mau@thu-mau.vn", name: str = "Nguyễn Thị Mẫu") -> ToAddress:
    return ToAddress(name=name, email=email)


def let_time_pass() -> dt.timedelta:
    """Move the clock to the next attempt; return how long the message would have waited."""
    wait = OutboxMessage.objects.get().next_attempt_at - timezone.now()
    OutboxMessage.objects.update(next_attempt_at=timezone.now())
    return wait


def test_a_mail_arrives_whole(mail_server, tell, deliver):
    tell(to())
    assert deliver() == 1
    (mail,) = mail_server.mails
    assert mail["Subject"] == f"Đã tiếp nhận hồ sơ {VALUES['code']}"
    assert mail["To"].addresses[0].display_name == "Nguyễn Thị Mẫu"
    assert mail["To"].addresses[0].addr_spec == "mau@thu-mau.vn"
    assert mail["From"].addresses[0].addr_spec == "khong-tra-loi@tinh-mau.vn"
    assert mail["Message-ID"] == f"<{OutboxMessage.objects.get().pk}@tinh-mau.vn>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "https://dichvu.tinh-mau.vn/thong-bao/cai-dat/" in mail["List-Unsubscribe"]
    text = mail.get_content()
    assert "Kính gửi Ông/Bà Nguyễn Thị Mẫu" in text
    assert "https://dichvu.tinh-mau.vn/ho-so/1/" in text
    assert mail.get_content_type() == "text/plain"
    assert OutboxMessage.objects.get().state == "delivered"
    assert deliver() == 0


@pytest.mark.parametrize(
    "name", ["Mẫu\r\nBcc: gian@thu.vn", "Mẫu\nSubject: khác", 'Mẫu" <gian@thu.vn>', "Mẫu\u2028X-Y: z"]
)
def test_a_name_cannot_add_a_header_or_a_recipient(mail_server, tell, deliver, name):
    tell(to(name=name), values={**VALUES, "code": "1\r\nBcc: gian@thu.vn"})
    deliver()
    (mail,) = mail_server.mails
    assert mail["Bcc"] is None
    assert mail["X-Y"] is None
    assert [address.addr_spec for address in mail["To"].addresses] == ["mau@thu-mau.vn"]
    assert mail["Subject"] == "Đã tiếp nhận hồ sơ 1 Bcc: gian@thu.vn"


@pytest.mark.parametrize("address", ["mau@thu-mau.vn\nBcc: gian@thu.vn", "mau", "a@b.vn,c@d.vn"])
def test_a_wrong_address_is_given_up_at_once_and_said_so(mail_server, tell, deliver, person, address):
    tell(to(address), about=person)
    deliver()
    (fate,) = messages_about(person)
    assert (fate.state, fate.attempts) == ("dead", 1)
    assert fate.error == "Địa chỉ thư điện tử không đúng. Hãy hỏi lại người nhận."
    assert mail_server.mails == []


def test_a_mailbox_that_does_not_exist_is_given_up_at_once(mail_server, tell, deliver, person):
    mail_server.answers = ["550 5.1.1 mau@thu-mau.vn unknown"]
    tell(to(), about=person)
    deliver()
    (fate,) = messages_about(person)
    assert fate.state == "dead"
    assert "Hộp thư của người nhận không nhận thư này" in fate.error
    assert "mau@thu-mau.vn" not in OutboxMessage.objects.get().last_error


def test_a_server_that_asks_to_come_again_is_asked_again(mail_server, tell, deliver, person):
    mail_server.answers = ["451 4.7.1 Greylisted"]
    tell(to(), about=person)
    deliver()
    (fate,) = messages_about(person)
    assert (fate.state, fate.error) == ("retrying", "Máy chủ thư tạm thời chưa nhận. Hệ thống sẽ tự gửi lại.")
    let_time_pass()
    deliver()
    assert len(mail_server.mails) == 1
    assert messages_about(person)[0].state == "delivered"


def test_a_mail_server_away_for_more_than_a_day(
    settings, tell, deliver, person, administrator, clerk, mail_server
):
    """Tried again with growing waits for 24 hours, then given up, then sent again by a person."""
    address, settings.EMAIL_ADDRESS = settings.EMAIL_ADDRESS, NOBODY_THERE
    tell(to(), about=person)
    waits = []
    while deliver() and OutboxMessage.objects.get().state == "waiting":
        waits.append(let_time_pass())
    assert dt.timedelta(hours=23) < sum(waits, dt.timedelta()) < dt.timedelta(hours=27)
    assert waits == sorted(waits)
    (fate,) = messages_about(person)
    assert (fate.state, fate.attempts) == ("dead", len(waits) + 1)
    assert fate.error.startswith("Máy chủ thư không trả lời.")

    settings.EMAIL_ADDRESS = address
    assert deliver() == 0, "a dead message is not tried by itself"
    with pytest.raises(NotAllowed):
        resend(get_message(fate.id), by=clerk)
    resend(get_message(fate.id), by=administrator)
    assert deliver() == 1
    assert messages_about(person)[0].state == "delivered"
    assert len(mail_server.mails) == 1
    with pytest.raises(Refused, match="đã được gửi thành công"):
        resend(get_message(fate.id), by=administrator)


def test_a_mail_server_that_is_back_within_the_day_gets_the_mail(settings, tell, deliver, mail_server):
    address, settings.EMAIL_ADDRESS = settings.EMAIL_ADDRESS, NOBODY_THERE
    tell(to())
    for _ in range(5):
        assert deliver() == 1
        let_time_pass()
    settings.EMAIL_ADDRESS = address
    assert deliver() == 1
    assert len(mail_server.mails) == 1


def test_a_server_without_tls_gets_nothing_where_tls_is_asked(settings, tell, deliver, person, mail_server):
    settings.EMAIL_ADDRESS = f"smtp+starttls://127.0.0.1:{mail_server.port}"
    tell(to(), about=person)
    deliver()
    assert mail_server.mails == []
    assert messages_about(person)[0].state == "retrying"


def test_a_sample_province_keeps_mail_and_sms_in_the_sample_mailbox(tell, deliver, person):
    tell(person.pk)
    assert deliver() == 2
    mail, sms = SampleMessage.objects.order_by("channel")
    assert (mail.channel, mail.recipient) == ("email", "mau@thu-mau.vn")
    assert (sms.channel, sms.recipient) == ("sms", "84900000123")
    assert sms.body.startswith("Ho so 000.05.01.H99-261121-0001 da duoc tiep nhan, hen tra 25/11/2026.")
    assert sms.body.isascii()


def test_a_real_province_never_lets_a_message_end_in_a_drawer(settings, tell, deliver, person):
    settings.IS_SAMPLE = False
    tell(person.pk, about=person)
    deliver()
    fates = {fate.channel: fate for fate in messages_about(person)}
    assert "chưa có máy chủ thư" in fates["email"].error
    assert "chưa nối với cổng tin nhắn" in fates["sms"].error
    assert {fates["email"].state, fates["sms"].state} == {"retrying"}
    assert not SampleMessage.objects.exists()


def test_a_wrong_number_is_given_up_at_once(tell, deliver, person):
    tell(ToAddress(name="Khách", phone="113"), about=person)
    deliver()
    (fate,) = messages_about(person)
    assert (fate.state, fate.error) == ("dead", "Số điện thoại không đúng. Hãy hỏi lại người nhận.")


def test_a_message_delivered_twice_lies_in_the_mailbox_once(tell, deliver):
    tell(to())
    deliver()
    OutboxMessage.objects.update(state="waiting", next_attempt_at=timezone.now())
    assert deliver() == 1
    assert SampleMessage.objects.count() == 1
