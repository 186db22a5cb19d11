"""The outbox: at least once, with back-off, never forgotten, never sent by two relays at once."""

import datetime as dt
import threading
from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.actions.actions import events, outbox
from dinh.foundation.actions.actions.events import handles
from dinh.foundation.actions.events import MessageDelivered, MessageGivenUp
from dinh.foundation.actions.models import AuditEntry, DeliveryAttempt, OutboxMessage
from dinh.foundation.actions.public import (
    Actor,
    AlreadyDelivered,
    Delivery,
    Grant,
    Relay,
    Undeliverable,
    channel,
    enqueue,
    resend,
    visitor,
)
from dinh.foundation.actions.rules import DELIVERY_DELAYS, delivery_delay
from dinh.kernel.errors import NotAllowed
from tests.actions.conftest import Workers
from tests.actions.sampleroom.apps import ONLY_BELLS
from tests.waiting import wait_until, wait_until_listening

pytestmark = pytest.mark.django_db(transaction=True)

ADMIN = Actor(kind="official", name="Quản trị", grants=(Grant("outbox.resend", "province", UUID(int=1)),))


class Receiver:
    """The other side of a channel: keeps what came, and can be told to fail."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.failure: Exception | None = None

    def take(self, delivery: Delivery) -> None:
        self.got.append(delivery.id)
        if self.failure is not None:
            raise self.failure


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Receiver:
    receiver = Receiver()
    monkeypatch.setattr(outbox, "_channels", {})
    monkeypatch.setattr(events, "_handlers", defaultdict(list))
    channel("sample")(receiver.take)
    return receiver


@pytest.fixture
def relay() -> Iterator[Relay]:
    relay = Relay(name="tests", threads=2)
    yield relay
    relay.stop()


def put(count: int = 1, **payload: object) -> list[OutboxMessage]:
    with transaction.atomic():
        for _ in range(count):
            enqueue("sample", recipient="ai đó", payload=payload)
    return list(OutboxMessage.objects.order_by("-id")[:count])


def make_due() -> None:
    OutboxMessage.objects.update(next_attempt_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))


@given(st.integers(min_value=1, max_value=len(DELIVERY_DELAYS)), st.floats(min_value=0, max_value=1))
def test_waits_grow_and_jitter_only_stretches(attempts: int, jitter: float) -> None:
    wait = delivery_delay(attempts, jitter=jitter)
    plain = delivery_delay(attempts)
    assert wait is not None and plain is not None
    assert plain <= wait <= plain * 1.1
    assert attempts == 1 or plain > (delivery_delay(attempts - 1) or plain)


def test_attempts_stretch_over_a_day_and_then_end() -> None:
    day = dt.timedelta(hours=24)
    assert abs(dt.timedelta(seconds=sum(DELIVERY_DELAYS)) - day) < dt.timedelta(minutes=5)
    assert delivery_delay(len(DELIVERY_DELAYS) + 1) is None


def test_a_message_of_a_rolled_back_transaction_is_never_sent(receiver: Receiver, relay: Relay) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue("sample", recipient="ai đó", payload={})
        _ = 1 / 0
    assert relay.drain() == 0
    assert receiver.got == []


def test_a_delivered_message_shows_its_attempt_and_is_not_sent_again(
    receiver: Receiver, relay: Relay
) -> None:
    (message,) = put()
    assert relay.drain() == 1
    assert relay.drain() == 0
    assert receiver.got == [str(message.id)]
    message.refresh_from_db()
    assert (message.state, message.attempts, message.claimed_by) == ("delivered", 1, "")
    assert message.delivered_at is not None
    assert list(DeliveryAttempt.objects.values_list("succeeded", "error")) == [(True, "")]


def test_two_messages_with_one_key_are_one(receiver: Receiver) -> None:
    for _ in range(2):
        enqueue("sample", recipient="ai đó", payload={}, once_key="một lần")
    assert OutboxMessage.objects.count() == 1


def test_a_failed_message_waits_with_its_error_and_comes_again(receiver: Receiver, relay: Relay) -> None:
    (message,) = put()
    receiver.failure = ConnectionError("không ai trả lời")
    before = dt.datetime.now(dt.UTC)
    relay.drain()
    message.refresh_from_db()
    assert message.state == "waiting"
    assert message.last_error == "ConnectionError: không ai trả lời"
    assert message.next_attempt_at >= before + dt.timedelta(seconds=DELIVERY_DELAYS[0])
    assert relay.drain() == 0
    receiver.failure = None
    make_due()
    relay.drain()
    message.refresh_from_db()
    assert (message.state, message.attempts, message.last_error) == ("delivered", 2, "")
    assert receiver.got == [str(message.id)] * 2


def test_a_message_is_given_up_after_a_day_and_can_be_sent_again(receiver: Receiver, relay: Relay) -> None:
    heard: list[MessageGivenUp] = []
    handles(MessageGivenUp)(heard.append)
    (message,) = put()
    receiver.failure = ConnectionError("không ai trả lời")
    for _ in range(len(DELIVERY_DELAYS) + 1):
        make_due()
        relay.drain()
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("dead", len(DELIVERY_DELAYS) + 1)
    assert [event.message_id for event in heard] == [message.id]
    make_due()
    assert relay.drain() == 0

    receiver.failure = None
    resend(message, by=ADMIN)
    assert relay.drain() == 1
    message.refresh_from_db()
    assert message.state == "delivered"
    entry = AuditEntry.objects.get(verb="outbox.resent")
    assert entry.changes["state"] == ["dead", "waiting"]


def test_an_impossible_message_is_given_up_at_once(receiver: Receiver, relay: Relay) -> None:
    (message,) = put()
    receiver.failure = Undeliverable("địa chỉ không tồn tại")
    relay.drain()
    message.refresh_from_db()
    assert (message.state, message.last_error) == ("dead", "địa chỉ không tồn tại")


def test_resend_is_refused_without_the_permission(receiver: Receiver) -> None:
    (message,) = put()
    with pytest.raises(NotAllowed):
        resend(message, by=visitor())


def test_resend_is_refused_for_a_delivered_message(receiver: Receiver, relay: Relay) -> None:
    (message,) = put()
    relay.drain()
    with pytest.raises(AlreadyDelivered):
        resend(message, by=ADMIN)


def test_a_message_without_a_channel_waits_and_says_why(receiver: Receiver, relay: Relay) -> None:
    enqueue("unknown", recipient="ai đó", payload={})
    assert relay.drain() == 0
    outbox.name_missing_channels()
    message = OutboxMessage.objects.get()
    assert (message.state, message.attempts) == ("waiting", 0)
    assert message.last_error.startswith("Chưa có kênh gửi này")
    channel("unknown")(receiver.take)
    assert relay.drain() == 1


def test_a_listener_that_fails_does_not_have_the_message_sent_again(receiver: Receiver, relay: Relay) -> None:
    @handles(MessageDelivered)
    def fail(event: MessageDelivered) -> None:
        if event.channel == "sample":
            raise RuntimeError("người nghe hỏng")

    (message,) = put()
    relay.drain()
    message.refresh_from_db()
    assert message.state == "delivered"


def test_relays_side_by_side_send_each_message_once(receiver: Receiver) -> None:
    messages = put(300)
    relays = [Relay(name=f"tests-{number}", threads=2) for number in range(3)]

    def work(relay: Relay) -> None:
        relay.drain()
        connection.close()

    threads = [threading.Thread(target=work, args=[relay]) for relay in relays]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(receiver.got) == sorted(str(message.id) for message in messages)


def test_a_lease_that_ran_out_passes_on_and_the_late_success_still_counts(receiver: Receiver) -> None:
    (message,) = put()
    lease = dt.timedelta(seconds=60)
    (first,) = outbox.claim("sample", by="first", limit=5, lease=lease)
    assert outbox.claim("sample", by="second", limit=5, lease=lease) == []
    OutboxMessage.objects.update(claimed_until=dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1))
    (second,) = outbox.claim("sample", by="second", limit=5, lease=lease)

    outbox.settle([outbox.Outcome(first, "quá chậm", False, 1)], by="first")
    message.refresh_from_db()
    assert message.claimed_by == "second", "a failure of a relay that lost the lease does not count"
    outbox.settle([outbox.Outcome(first, "", False, 1)], by="first")
    outbox.settle([outbox.Outcome(second, "hỏng", True, 1)], by="second")
    message.refresh_from_db()
    assert message.state == "delivered"


def test_a_receiver_that_hangs_does_not_stop_the_other_channels(receiver: Receiver) -> None:
    go_on = threading.Event()

    def hang(delivery: Delivery) -> None:
        go_on.wait(600)

    channel("hanging")(hang)
    for _ in range(50):
        enqueue("hanging", recipient="ai đó", payload={})
    put(20)
    relay = Relay(name="tests", threads=4)
    thread = threading.Thread(target=relay.run)
    thread.start()
    try:
        wait_until(lambda: OutboxMessage.objects.filter(state="delivered").count() == 20)
    finally:
        relay.stop()
        go_on.set()
        thread.join()
    left = OutboxMessage.objects.filter(channel="hanging")
    assert not left.exclude(claimed_by="").exists(), "a stopped relay gives back what it did not send"
    assert left.filter(state="waiting", attempts=0).count() >= 46


def test_a_message_leaves_within_a_moment(workers: Workers) -> None:
    """The bell rings for it: this relay would look by itself tomorrow."""
    workers.start(**{ONLY_BELLS: "1"})
    wait_until_listening("dinh_outbox")
    enqueue("sample", recipient="ai đó", payload={})
    wait_until(lambda: workers.effects("sent"))


def test_a_relay_killed_in_mid_delivery_loses_nothing(workers: Workers) -> None:
    ids = {str(message.id) for message in put(40, hold_after=6)}
    killed = workers.start("--relay-threads", "4")
    wait_until(lambda: len(workers.effects("sent")) >= 6)
    killed.kill()
    killed.wait()
    workers.go_on()
    OutboxMessage.objects.exclude(claimed_until=None).update(claimed_until=dt.datetime.now(dt.UTC))
    workers.start("--relay-threads", "16")
    wait_until(lambda: not OutboxMessage.objects.exclude(state="delivered").exists())
    sent = [line.split()[1] for line in workers.effects("sent ")]
    assert set(sent) == ids
    # Four threads look at the same time whether six are sent already.
    assert len(sent) <= 40 + 6 + 3, "at most what was sent but not yet settled comes twice"
