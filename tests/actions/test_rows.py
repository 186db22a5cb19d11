"""Reads composed once, and the rows of a verb written together."""

import datetime as dt
import threading
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from dinh.foundation.actions.models import DeliveryAttempt, OutboxMessage
from dinh.foundation.actions.public import FixedQuery, insert_rows
from dinh.kernel.ids import uuid7


def message(recipient: str, **more: object) -> OutboxMessage:
    return OutboxMessage(channel="email", recipient=recipient, payload={"a": [1]}, **more)


def attempt(of: OutboxMessage) -> DeliveryAttempt:
    return DeliveryAttempt(message=of, succeeded=True)


BY_RECIPIENT: FixedQuery[OutboxMessage] = FixedQuery(
    lambda recipient, since: OutboxMessage.objects.filter(
        recipient=recipient, channel="email", next_attempt_at__gte=since
    ).order_by("id"),
    recipient=str,
    since=dt.datetime,
)
LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_a_fixed_query_finds_what_its_values_say() -> None:
    for recipient in ("a", "b", "b"):
        message(recipient).save()
    assert [row.recipient for row in BY_RECIPIENT.all(recipient="b", since=LONG_AGO)] == ["b", "b"]
    one = BY_RECIPIENT.first(recipient="a", since=LONG_AGO)
    assert one is not None
    assert one.payload == {"a": [1]}
    assert BY_RECIPIENT.first(recipient="c", since=LONG_AGO) is None
    assert BY_RECIPIENT.all(recipient="a", since=dt.datetime(2999, 1, 1, tzinfo=dt.UTC)) == []


@pytest.mark.django_db
def test_rows_of_a_fixed_query_are_models_with_what_they_point_at(django_assert_num_queries) -> None:
    sent = message("a")
    sent.save()
    attempt(sent).save()
    query: FixedQuery[DeliveryAttempt] = FixedQuery(
        lambda key: DeliveryAttempt.objects.select_related("message").filter(message_id=key), key=UUID
    )
    with django_assert_num_queries(1):
        found = query.first(key=sent.pk)
        assert found is not None
        assert found.message.recipient == "a"


@pytest.mark.django_db
def test_columns_of_a_fixed_query_are_tuples() -> None:
    message("a").save()
    query: FixedQuery[tuple[str, str]] = FixedQuery(
        lambda who: OutboxMessage.objects.filter(recipient=who).values_list("channel", "recipient"), who=str
    )
    assert query.all(who="a") == [("email", "a")]


def test_a_parameter_that_the_query_does_not_use_is_a_mistake(db: None) -> None:
    query: FixedQuery[OutboxMessage] = FixedQuery(lambda who: OutboxMessage.objects.all(), who=str)
    with pytest.raises(ValueError, match="who"):
        query.all(who="a")


@pytest.mark.django_db(transaction=True)
def test_threads_do_not_mix_their_values() -> None:
    for number in range(4):
        message(str(number)).save()
    wrong: list[str] = []

    def ask(who: str) -> None:
        try:
            for _ in range(50):
                rows = BY_RECIPIENT.all(recipient=who, since=LONG_AGO)
                wrong.extend(row.recipient for row in rows if row.recipient != who)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(str(number),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.django_db
def test_rows_of_several_tables_are_one_statement(django_assert_num_queries) -> None:
    first, second = message("a"), message("b")
    with django_assert_num_queries(1):
        insert_rows(attempt(first), second, first, attempt(second))
    assert set(OutboxMessage.objects.values_list("recipient", flat=True)) == {"a", "b"}
    assert DeliveryAttempt.objects.filter(message=first).count() == 1
    assert DeliveryAttempt.objects.filter(message=second).count() == 1
    assert OutboxMessage.objects.get(pk=first.pk).payload == {"a": [1]}
    assert not first._state.adding


@pytest.mark.django_db
def test_what_the_database_gives_by_default_is_given() -> None:
    kept = message("a")
    insert_rows(kept)
    assert OutboxMessage.objects.get(pk=kept.pk).next_attempt_at is not None


@pytest.mark.django_db
def test_one_wrong_row_refuses_all_of_them() -> None:
    orphan = DeliveryAttempt(message_id=uuid7(), succeeded=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(message("a"), orphan)
        connection.check_constraints()
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db
def test_a_row_that_is_there_fails_or_is_kept() -> None:
    insert_rows(message("a", once_key="k"))
    insert_rows(message("b", once_key="k"), conflicts="keep")
    assert OutboxMessage.objects.get().recipient == "a"
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(message("c", once_key="k"))


@pytest.mark.django_db
def test_nothing_to_write_is_no_statement(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        insert_rows()
