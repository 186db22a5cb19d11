"""Identifiers that sort in the order in which they were made."""

import threading
import uuid

from dinh.kernel.ids import uuid7


def test_identifiers_are_of_version_7_and_in_order():
    made = [uuid7() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {(one.version, one.variant) for one in made} == {(7, uuid.RFC_4122)}


def test_threads_never_make_the_same():
    made: list[uuid.UUID] = []

    def work() -> None:
        made.extend([uuid7() for _ in range(5_000)])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 20_000
