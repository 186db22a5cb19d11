"""A forgotten password: a link is asked for, sent to the address on record, and opens once."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from dinh.foundation.actions.models import AuditEntry, OutboxMessage
from dinh.foundation.actions.public import Relay, system, visitor
from dinh.foundation.directory.public import register_person
from dinh.foundation.notify.models import Notice, SampleMessage
from dinh.sso.actions.password_links import reset_password, send_link
from dinh.sso.actions.sessions import purge
from dinh.sso.models import Account, PasswordLink, Session
from dinh.sso.public import set_active
from dinh.sso.queries.accounts import LinkExpired, actor_of_account, hash_token
from dinh.sso.tasks import send_password_link
from tests.actions.conftest import queue
from tests.guards.refusing import assert_done, assert_refused
from tests.sso.conftest import BY, House, SignIn
from tests.sso.test_sign_in import _at_once

__all__ = ["queue"]

NEW = "con đò sang sông"
SENT = "Nếu tên đăng nhập đúng"


@pytest.fixture(autouse=True)
def no_ways_out(settings: Any) -> None:
    """A sample province with neither a mail server nor a gateway."""
    settings.IS_SAMPLE = True
    settings.EMAIL_ADDRESS = settings.SMS_GATEWAY = ""


def person(house: House, username: str = "0900000001", kind: str = "citizen", **reached: str) -> Any:
    reached = reached or {"email": "binh@thu-mau.vn", "phone": "0900000001"}
    return house.account(register_person("Trần Thị Bình", **reached, by=BY), username, kind)


def ask(username: str = "0900000001", **extra: Any) -> Any:
    return Client().post("/quen-mat-khau/", {"username": username}, **extra)


def work() -> None:
    """Do the jobs that wait, then deliver, as the worker would."""
    for job in ProcrastinateJob.objects.filter(task_name="sso.send_password_link").order_by("id"):
        send_password_link(**job.args)
    Relay(name="test", threads=1).drain()


def links_sent() -> list[str]:
    """The addresses in the messages of the sample mailbox, as a reader would open them."""
    bodies = SampleMessage.objects.order_by("id").values_list("body", flat=True)
    return [found[0] for body in bodies if (found := re.search(r"/dat-lai-mat-khau/[\w-]+/", body))]


def a_link(account: Any, *, at: dt.datetime | None = None) -> str:
    """Send a link at a moment and return its address."""
    send_link(account, by=BY, now=at or timezone.now())
    link: str = OutboxMessage.objects.order_by("id").last().payload["link"]  # type: ignore[union-attr]
    return link


def choose(link: str, new: str = NEW, again: str | None = None, client: Client | None = None) -> Any:
    typed = {"password": new, "password_again": new if again is None else again}
    return (client or Client()).post(link, typed)


@pytest.mark.usefixtures("queue")
@pytest.mark.parametrize("kind", ["citizen", "official"])
def test_who_forgot_the_password_sets_another_by_the_link_that_was_sent(
    house: House, type_in: SignIn, kind: str
) -> None:
    account = person(house, "an.nv", kind)
    assert 'href="/quen-mat-khau/"' in Client().get("/dang-nhap/").content.decode()
    answer = ask(" AN.NV ")
    assert SENT in Client().get(answer.headers["Location"]).content.decode()
    work()
    message = SampleMessage.objects.get()
    assert (message.channel, message.recipient) == ("email", "binh@thu-mau.vn")
    (link,) = links_sent()
    page = Client().get(link)
    assert page.status_code == 200 and 'value="an.nv"' in page.content.decode()
    assert choose(link).headers["Location"] == "/dang-nhap/"
    assert type_in(Client(), "an.nv").status_code == 422
    assert type_in(Client(), "an.nv", NEW).status_code == 302
    entry = AuditEntry.objects.get(verb="account.password_reset")
    assert entry.subject_id == str(account.pk) and entry.changes["password"] == ["•", "•"]
    assert AuditEntry.objects.filter(verb="account.password_link_sent", subject_id=str(account.pk)).exists()


def test_the_token_is_stored_as_a_hash_and_never_as_a_notice_in_the_house(house: House) -> None:
    token = a_link(person(house)).split("/")[2]
    link = PasswordLink.objects.get()
    assert link.token_hash == hash_token(token)
    assert link.expires_at - link.created_at == dt.timedelta(minutes=30)
    assert not Notice.objects.exists()
    assert token not in str(list(AuditEntry.objects.values()))


def test_the_log_of_requests_does_not_hold_the_link(house: House, caplog: pytest.LogCaptureFixture) -> None:
    link = a_link(person(house))
    with caplog.at_level("INFO", logger="dinh.website.middleware"):
        Client().get(link)
        choose(link, "ngắn quá")
    assert caplog.text.count("/dat-lai-mat-khau/•/") == 2 and link not in caplog.text


@pytest.mark.usefixtures("queue")
def test_a_person_without_email_gets_a_short_message_in_plain_letters(house: House) -> None:
    person(house, phone="0900000001")
    ask()
    work()
    message = SampleMessage.objects.get()
    assert message.channel == "sms" and len(links_sent()) == 1 and message.body.isascii()


@pytest.mark.usefixtures("queue")
def test_an_unknown_name_looks_like_a_known_one(house: House) -> None:
    person(house)
    house.official("khong.dia.chi", "Lê Văn Cường")
    locked = person(house, "bi.khoa")
    set_active(locked, False, by=BY)
    answers = [
        ask(name) for name in ("0900000001", "khong.co", "khong.dia.chi", "bi.khoa", "mật khẩu <gõ nhầm>")
    ]
    assert {(one.status_code, one.headers["Location"], one.content) for one in answers} == {
        (302, "/quen-mat-khau/?da-gui=1", b"")
    }
    jobs = ProcrastinateJob.objects.filter(task_name="sso.send_password_link")
    assert jobs.count() == 5 and "gõ nhầm" not in str(list(jobs.values()))
    work()
    assert len(links_sent()) == PasswordLink.objects.count() == 1


@pytest.mark.usefixtures("queue")
def test_a_job_done_twice_sends_one_link(house: House) -> None:
    person(house)
    ask()
    work()
    work()
    assert PasswordLink.objects.count() == 1


def test_an_empty_name_is_said_at_its_field(db: None) -> None:
    answer = ask("  ")
    assert answer.status_code == 422 and 'href="#f-username"' in answer.content.decode()


@pytest.mark.parametrize("name", ["0900000001", "khong.co"])
def test_asking_over_and_over_for_a_name_is_slowed_down(house: House, name: str) -> None:
    person(house)
    codes = [ask(name, REMOTE_ADDR=f"192.0.2.{n}").status_code for n in range(5)]
    assert codes == [302] * 3 + [429] * 2
    answer = ask(name)
    assert "Hãy chờ" in answer.content.decode() and f'value="{name}"' in answer.content.decode()
    assert int(answer.headers["Retry-After"]) > 0
    assert ask("ten.khac").status_code == 302


def test_asking_for_many_names_from_one_address_is_slowed_down(db: None) -> None:
    codes = [ask(f"ten.{n}").status_code for n in range(21)]
    assert codes == [302] * 20 + [429]
    assert ask("ten.khac", REMOTE_ADDR="192.0.2.1").status_code == 302


def test_a_link_is_closed_after_half_an_hour(house: House, type_in: SignIn) -> None:
    now, account = timezone.now(), person(house)
    late = a_link(account, at=now - dt.timedelta(minutes=30, seconds=1))
    for answer in (Client().get(late), choose(late), Client().get("/dat-lai-mat-khau/sai/")):
        assert answer.status_code == 422 and "đã hết hạn" in answer.content.decode()
    assert type_in(Client(), "0900000001").status_code == 302
    assert choose(a_link(account, at=now - dt.timedelta(minutes=29))).status_code == 302


def test_a_link_opens_once_and_closes_the_others_of_its_account(house: House, type_in: SignIn) -> None:
    account, other = person(house), person(house, "0900000002")
    first, second, others = a_link(account), a_link(account), a_link(other)
    assert Client().get(first).status_code == Client().get(first).status_code == 200
    assert choose(first).status_code == 302
    for link in (first, second):
        answer = choose(link, "một câu khác hẳn")
        assert answer.status_code == 422 and "không dùng được nữa" in answer.content.decode()
    assert type_in(Client(), "0900000001", NEW).status_code == 302
    assert choose(others).status_code == 302


@pytest.mark.usefixtures("queue")
def test_of_two_clicks_at_once_one_wins(house: House, type_in: SignIn) -> None:
    account = person(house)
    links = [a_link(account), a_link(account)]
    codes = _at_once(lambda n: choose(links[n % 2], f"{NEW} {n}").status_code, 4)
    assert sorted(codes) == [302, 422, 422, 422]
    assert AuditEntry.objects.filter(verb="account.password_reset").count() == 1
    opened = [
        type_in(Client(REMOTE_ADDR=f"192.0.2.{n}"), "0900000001", f"{NEW} {n}").status_code for n in range(4)
    ]
    assert sorted(opened) == [302, 422, 422, 422]


def test_all_sessions_of_the_account_end_and_no_other(house: House, enter: Any) -> None:
    account, other = person(house), house.citizen("0900000002", "Phạm Văn Cường")
    here, there, neighbour = Client(), Client(), Client()
    for client, owner in ((here, account), (there, account), (neighbour, other)):
        enter(client, owner)
    assert choose(a_link(account), client=here).status_code == 302
    for client in (here, there):
        assert client.get("/").content.startswith(b"visitor")
    assert neighbour.get("/").content.startswith(b"citizen")
    assert set(Session.objects.filter(account=account).values_list("ended_why", flat=True)) == {"password"}
    assert "vừa được đổi" in there.get("/dang-nhap/").content.decode()


@pytest.mark.parametrize(
    ("new", "again", "field", "sentence"),
    [
        ("ngắn quá", "ngắn quá", "password", "ngắn hơn 10 ký tự"),
        ("matkhau2026", "matkhau2026", "password", "nhiều người dùng"),
        ("tranthibinh1", "tranthibinh1", "password", "gần giống tên"),
        (NEW, "khác hẳn rồi", "password_again", "không giống nhau"),
    ],
)
def test_a_weak_password_is_refused_and_the_link_stays_open(
    house: House, new: str, again: str, field: str, sentence: str
) -> None:
    link = a_link(person(house))
    answer = choose(link, new, again)
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page and f'href="#f-{field}"' in page
    assert 'value="0900000001"' in page and new not in page
    assert choose(link).status_code == 302


def test_the_link_of_a_locked_account_sets_nothing(house: House) -> None:
    account = person(house)
    link = a_link(account)
    set_active(account, False, by=BY)
    answer = choose(link)
    assert answer.status_code == 422 and "đã bị khóa" in answer.content.decode()
    assert Account.objects.get().password == account.password


def test_who_is_signed_in_as_somebody_else_is_asked_to_sign_out_first(house: House, enter: Any) -> None:
    account, client = person(house), Client()
    enter(client, house.citizen("0900000002", "Phạm Văn Cường"))
    link = a_link(account)
    for answer in (client.get(link), choose(link, client=client)):
        assert answer.status_code == 422 and "tài khoản khác" in answer.content.decode()
    assert client.get("/").content.startswith(b"citizen")
    assert choose(link).status_code == 302


def test_the_verbs_are_refused_to_who_may_not(house: House) -> None:
    account, other = person(house), house.citizen("0900000002", "Phạm Văn Cường")
    now, token = timezone.now(), a_link(account).split("/")[2]
    stranger = actor_of_account(other, request_id="", at=now)

    def reset(by: Any) -> Any:
        return reset_password(account, token=token, new=NEW, by=by, now=now)

    assert_refused("account.password_reset", lambda: reset(stranger))
    assert_refused("account.password_link_sent", lambda: send_link(account, by=visitor(), now=now))
    assert_done("account.password_link_sent", lambda: send_link(account, by=system("test"), now=now))
    assert_done("account.password_reset", lambda: reset(visitor()))


def test_a_link_sets_the_password_of_no_other_account(house: House) -> None:
    account, other = person(house), person(house, "0900000002")
    token = a_link(account).split("/")[2]
    with pytest.raises(LinkExpired):
        reset_password(other, token=token, new=NEW, by=visitor(), now=timezone.now())


def test_old_links_are_removed_after_a_day(house: House) -> None:
    account, now = person(house), timezone.now()
    a_link(account, at=now - dt.timedelta(hours=24))
    a_link(account, at=now - dt.timedelta(hours=25))
    purge(now=now)
    assert PasswordLink.objects.count() == 1
