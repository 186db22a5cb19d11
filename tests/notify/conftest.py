"""What the tests of notify share: people, templates, a mail server, and someone at the screen."""

import dataclasses
import socket
import uuid
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import transaction
from django.test import Client
from django.utils import timezone

from dinh.foundation.actions.public import Actor, Grant, Relay, system
from dinh.foundation.directory.public import register_person
from dinh.foundation.notify.public import notify
from tests.acting import act_as, without_sign_in
from tests.notify.saying import VALUES

BY = system("test")


@pytest.fixture(autouse=True)
def no_ways_out(settings: Any) -> None:
    """A sample province with neither a mail server nor a gateway."""
    settings.IS_SAMPLE = True
    settings.EMAIL_ADDRESS = ""
    settings.EMAIL_FROM = "khong-tra-loi@tinh-mau.vn"
    settings.SMS_GATEWAY = ""
    settings.PUBLIC_ADDRESS = "https://dichvu.tinh-mau.vn"
    settings.MIDDLEWARE = without_sign_in(settings.MIDDLEWARE)


@pytest.fixture
def person(db: None) -> Any:
    return register_person("Nguyễn Thị Mẫu", email="mau@thu-mau.vn", phone="0900000123", by=BY)


@pytest.fixture
def tell() -> Callable[..., None]:
    """Tell somebody inside a transaction, as a verb does."""

    def tell_it(recipient: Any, code: str = "sample.received", **options: Any) -> None:
        values = options.pop("values", VALUES)
        with transaction.atomic():
            notify(recipient, code, values, now=options.pop("now", timezone.now()), **options)

    return tell_it


@pytest.fixture
def deliver() -> Callable[[], int]:
    """Let the outbox deliver what is due; return how many messages were tried."""
    return lambda: Relay(name="test", threads=1).drain()


class MailServer:
    """A real SMTP server on loopback; ``answers`` are given to recipients in order, then 250."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: list[str] = []
        self.port = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    server = MailServer()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        server.port = probe.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    settings.EMAIL_ADDRESS = f"smtp://127.0.0.1:{server.port}"
    yield server
    controller.stop(no_assert=True)


@pytest.fixture
def seat() -> Iterator[Callable[[Actor], Client]]:
    """Seat an actor and return their browser."""

    def sit(by: Actor) -> Client:
        act_as(by)
        return Client()

    yield sit
    act_as(None)


@pytest.fixture
def citizen(person: Any) -> Actor:
    return Actor(kind="citizen", name=person.full_name, account_id=uuid.UUID(int=1), person_id=person.pk)


@pytest.fixture
def administrator(db: None) -> Actor:
    codes = ("notify.read", "notify.templates", "outbox.resend")
    return Actor(
        kind="official",
        name="Lê Văn Quản",
        account_id=uuid.UUID(int=2),
        person_id=register_person("Lê Văn Quản", staff_code="CB00001", by=BY).pk,
        position_id=uuid.UUID(int=3),
        position="Quản trị viên",
        grants=tuple(Grant(code, "province", uuid.UUID(int=4)) for code in codes),
    )


@pytest.fixture
def clerk(administrator: Actor) -> Actor:
    """An official without any right here."""
    return dataclasses.replace(administrator, name="Cán bộ", grants=())
