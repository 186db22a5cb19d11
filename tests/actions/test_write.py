"""``@action``: lock, permission, run, audit, in one transaction or not at all."""

import datetime as dt
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import connection, transaction

from dinh.foundation.actions.actions import events, write
from dinh.foundation.actions.events import Event
from dinh.foundation.actions.models import AuditEntry, DeliveryAttempt, OutboxMessage
from dinh.foundation.actions.public import (
    SYSTEM_ONLY,
    Actor,
    Permission,
    action,
    enqueue,
    handles,
    publish,
    system,
    visitor,
)
from dinh.kernel.errors import NotAllowed, NotFound, Refused
from tests.actions.conftest import clear_queue
from tests.actions.sampleroom import tasks

CLERK = Actor(
    kind="official",
    name="Trần Thị Mai",
    account_id=UUID(int=1),
    position_id=UUID(int=2),
    position="Công chức một cửa",
    on_behalf_of="Phòng Tài chính",
    request_id="req-1",
)
OFFICIALS = Permission(
    code="tests.write", label="Ghi thử", may=lambda by, subject: by.kind == "official", held_by="cán bộ"
)


class Renamed(Event):
    """The sample's recipient has changed."""


@pytest.fixture(autouse=True)
def registries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "_verbs", {})
    monkeypatch.setattr(events, "_handlers", defaultdict(list))


@pytest.fixture
def message(transactional_db: None) -> Iterator[OutboxMessage]:
    """Any row will do as the subject of a verb; this table is at hand."""
    clear_queue()
    yield OutboxMessage.objects.create(channel="none", recipient="cũ", payload={"secret": 1})
    clear_queue()


def rename(message: OutboxMessage, name: str, *, by: Actor) -> OutboxMessage:
    message.recipient = name
    message.save(update_fields=["recipient"])
    return message


def entries() -> list[AuditEntry]:
    return list(AuditEntry.objects.all())


def test_the_audit_entry_says_who_did_what_and_which_fields_changed(message: OutboxMessage) -> None:
    action("message.renamed", permission=OFFICIALS, on=OutboxMessage)(rename)(message, "mới", by=CLERK)
    (entry,) = entries()
    assert (entry.verb, entry.subject_type, entry.subject_id) == (
        "message.renamed",
        "actions.outboxmessage",
        str(message.id),
    )
    assert (entry.actor_kind, entry.actor_name, entry.actor_id) == (
        "official",
        "Trần Thị Mai",
        str(UUID(int=1)),
    )
    assert (entry.position_name, entry.on_behalf_of, entry.request_id) == (
        "Công chức một cửa",
        "Phòng Tài chính",
        "req-1",
    )
    assert entry.changes == {"recipient": ["cũ", "mới"]}
    assert entry.subject_label == "none → mới"
    assert abs(entry.at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)


def test_a_hidden_field_is_only_said_to_have_changed(message: OutboxMessage) -> None:
    @action("message.refilled", permission=OFFICIALS, on=OutboxMessage)
    def refill(message: OutboxMessage, *, by: Actor) -> None:
        message.payload = {"secret": 2}
        message.save()

    refill(message, by=CLERK)
    assert entries()[0].changes == {"payload": ["•", "•"]}


def test_a_created_row_is_the_subject_and_its_fields_are_kept(transactional_db: None) -> None:
    @action("message.written", permission=OFFICIALS)
    def put(*, by: Actor) -> OutboxMessage:
        return OutboxMessage.objects.create(channel="none", recipient="ai đó", payload={"secret": 1})

    created = put(by=CLERK)
    (entry,) = entries()
    assert entry.subject_id == str(created.id)
    assert entry.changes["recipient"] == [None, "ai đó"]
    assert entry.changes["payload"] == ["•", "•"]


def test_a_verb_without_the_permission_is_refused_and_leaves_nothing(message: OutboxMessage) -> None:
    verb = action("message.renamed", permission=OFFICIALS, on=OutboxMessage)(rename)
    with pytest.raises(NotAllowed, match="Ghi thử"):
        verb(message, "mới", by=visitor())
    message.refresh_from_db()
    assert message.recipient == "cũ"
    assert entries() == []


def test_the_permission_is_asked_about_the_locked_row_not_the_one_passed(message: OutboxMessage) -> None:
    only_waiting = Permission(
        code="tests.waiting", label="Đang chờ", may=lambda by, row: row.state == "waiting", held_by="ai cũng"
    )
    stale = OutboxMessage.objects.get()
    OutboxMessage.objects.update(state="delivered")
    with pytest.raises(NotAllowed):
        action("message.renamed", permission=only_waiting, on=OutboxMessage)(rename)(stale, "mới", by=CLERK)


def test_a_subject_that_is_gone_is_not_found(message: OutboxMessage) -> None:
    OutboxMessage.objects.all().delete()
    with pytest.raises(NotFound):
        action("message.renamed", permission=OFFICIALS, on=OutboxMessage)(rename)(message, "mới", by=CLERK)


def test_a_system_verb_is_refused_to_people(message: OutboxMessage) -> None:
    verb = action("message.renamed", permission=SYSTEM_ONLY, on=OutboxMessage)(rename)
    with pytest.raises(NotAllowed):
        verb(message, "mới", by=CLERK)
    verb(message, "mới", by=system("tests"))
    assert entries()[0].actor_kind == "system"


@pytest.mark.parametrize("error", [Refused, ZeroDivisionError])
def test_what_fails_leaves_neither_row_nor_audit_nor_message_nor_job(
    message: OutboxMessage, error: type[Exception]
) -> None:
    @action("message.renamed", permission=OFFICIALS, on=OutboxMessage)
    def fail(message: OutboxMessage, *, by: Actor) -> None:
        rename(message, "mới", by=by)
        enqueue("none", recipient="ai đó", payload={})
        tasks.note.defer(text="một")
        raise error

    with pytest.raises(error):
        fail(message, by=CLERK)
    assert list(OutboxMessage.objects.values_list("recipient", flat=True)) == ["cũ"]
    assert entries() == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        assert cursor.fetchone() == (0,)


def test_a_handler_that_fails_takes_the_whole_verb_with_it(message: OutboxMessage) -> None:
    @handles(Renamed)
    def fail(event: Renamed) -> None:
        raise ZeroDivisionError

    @action("message.renamed", permission=OFFICIALS, on=OutboxMessage)
    def announce(message: OutboxMessage, *, by: Actor) -> None:
        rename(message, "mới", by=by)
        publish(Renamed())

    with pytest.raises(ZeroDivisionError):
        announce(message, by=CLERK)
    message.refresh_from_db()
    assert (message.recipient, entries()) == ("cũ", [])


def test_an_event_is_published_only_inside_a_transaction(transactional_db: None) -> None:
    with pytest.raises(RuntimeError):
        publish(Renamed())


def test_a_verb_inside_a_verb_is_audited_too_and_may_fail_alone(message: OutboxMessage) -> None:
    inner = action("message.renamed", permission=OFFICIALS, on=OutboxMessage)(rename)

    @action("message.checked", permission=OFFICIALS, on=OutboxMessage)
    def outer(message: OutboxMessage, *, by: Actor) -> None:
        with pytest.raises(NotAllowed):
            inner(message, "lạ", by=visitor())
        inner(message, "mới", by=by)

    outer(message, by=CLERK)
    assert [entry.verb for entry in entries()] == ["message.renamed", "message.checked"]
    message.refresh_from_db()
    assert message.recipient == "mới"


def test_two_who_do_the_same_take_turns_and_the_second_sees_what_the_first_did(
    message: OutboxMessage,
) -> None:
    @action("message.delivered", permission=OFFICIALS, on=OutboxMessage)
    def deliver(message: OutboxMessage, *, by: Actor) -> None:
        if message.state == "delivered":
            raise Refused
        time.sleep(0.05)
        message.state = "delivered"
        message.save()

    outcomes: list[str] = []
    start = threading.Barrier(6)

    def run() -> None:
        start.wait()
        try:
            deliver(message, by=CLERK)
            outcomes.append("done")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done"] + ["refused"] * 5
    assert len(entries()) == 1


def test_verbs_on_the_parts_of_one_thing_lock_the_whole_first(message: OutboxMessage) -> None:
    """Each of two goes on to the other's part; without the common lock first they would block each other."""
    one, two = (DeliveryAttempt.objects.create(message=message, succeeded=True) for _ in range(2))

    @action("attempt.noted", permission=OFFICIALS, on=DeliveryAttempt, under="message")
    def note(attempt: DeliveryAttempt, other: DeliveryAttempt, *, by: Actor) -> None:
        time.sleep(0.05)
        DeliveryAttempt.objects.select_for_update().get(pk=other.pk)
        attempt.error = attempt.message.recipient
        attempt.save()

    errors: list[Exception] = []
    start = threading.Barrier(2)

    def run(part: DeliveryAttempt, other: DeliveryAttempt) -> None:
        start.wait()
        try:
            note(part, other, by=CLERK)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(entries()) == 2


def test_a_verb_costs_two_queries_besides_its_own(message: OutboxMessage, django_assert_num_queries) -> None:
    @action("message.seen", permission=OFFICIALS, on=OutboxMessage)
    def see(message: OutboxMessage, *, by: Actor) -> None:
        """Do nothing."""

    with django_assert_num_queries(4) as queries:
        see(message, by=CLERK)
    verbs = [query["sql"].split()[0] for query in queries.captured_queries]
    assert verbs == ["BEGIN", "SELECT", "INSERT", "COMMIT"]


def test_a_verb_that_creates_costs_one_query_besides_its_own(
    message: OutboxMessage, django_assert_num_queries
) -> None:
    @action("message.written", permission=OFFICIALS)
    def put(*, by: Actor) -> None:
        """Do nothing."""

    with transaction.atomic(), django_assert_num_queries(3) as queries:
        put(by=CLERK)
    verbs = [query["sql"].split()[0] for query in queries.captured_queries]
    assert verbs == ["SAVEPOINT", "INSERT", "RELEASE"]


def test_a_verb_is_declared_once() -> None:
    action("message.renamed", permission=OFFICIALS)(rename)
    with pytest.raises(ValueError, match="declared twice"):
        action("message.renamed", permission=OFFICIALS)(test_a_verb_is_declared_once)


def test_a_permission_is_declared_once() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        Permission(code="tests.write", label="", may=lambda by, subject: True, held_by="")
