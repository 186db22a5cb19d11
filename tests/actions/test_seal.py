"""The seal of the audit log: whatever is changed afterwards is found, and what is honest is never blamed."""

import datetime as dt
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.actions.actions import seal as sealing
from dinh.foundation.actions.models import AuditEntry, AuditSeal
from dinh.foundation.actions.public import (
    SealKeyMissing,
    read_anchors,
    renew_seal_key,
    seal_entries,
    verify_audit,
)
from dinh.foundation.actions.queries.sealed import known_settled_id, last_anchor, newly_settled_id
from dinh.foundation.actions.rules import canonical_entry, digests_between, id_ranges
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

NOW = dt.datetime(2026, 11, 21, 8, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def key_dir(tmp_path: Path, settings) -> Path:
    settings.KEY_DIR = tmp_path / "keys"
    return settings.KEY_DIR


def write(count: int = 1, **values: object) -> None:
    for number in range(count):
        AuditEntry.objects.create(
            verb="dossier.accepted",
            actor_kind="official",
            actor_name="Nguyễn Văn Ánh",
            subject_label=f"Hồ sơ {number}",
            changes={"state": ["sent", "accepted"], "fee": [None, 100000.5]},
            **values,
        )


@contextmanager
def without_guards() -> Iterator[None]:
    """As somebody with full rights in the database does who wants to change the past."""
    tables = ("actions_auditentry", "actions_auditseal")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        try:
            yield
        finally:
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def tamper(statement: str, *values: object) -> None:
    with without_guards(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount, "nothing was changed"


def faults() -> list[tuple[str, int, int]]:
    return [(fault.message, fault.entry, fault.seal) for fault in verify_audit().faults]


def ids() -> list[int]:
    return list(AuditEntry.objects.values_list("id", flat=True))


@contextmanager
def in_another_transaction(work: Callable[[], object]) -> Iterator[None]:
    """Do the work in another connection, and commit it only when the block ends."""
    done, go_on = threading.Event(), threading.Event()

    def run() -> None:
        with transaction.atomic():
            work()
            done.set()
            go_on.wait(600)
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert done.wait(180)
    try:
        yield
    finally:
        go_on.set()
        thread.join()


def test_the_log_refuses_to_be_changed() -> None:
    write()
    for change in (lambda: AuditEntry.objects.update(verb="x"), lambda: AuditEntry.objects.all().delete()):
        with pytest.raises(ProgrammingError, match="Cannot update or delete"):
            change()


def test_every_entry_is_sealed_once_and_nothing_is_found() -> None:
    write(5)
    assert seal_entries(now=NOW) == 5
    assert seal_entries(now=NOW) == 0
    write(3)
    assert seal_entries(now=NOW) == 3
    write()
    found = verify_audit()
    assert (found.entries, found.seals, found.unsealed, found.faults) == (9, 2, 1, [])


def test_many_entries_take_several_seals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "_MOST_ENTRIES", 4)
    write(10)
    assert seal_entries(now=NOW) == 10
    assert list(AuditSeal.objects.values_list("entries", flat=True)) == [4, 4, 2]
    assert faults() == []


def test_the_key_is_made_once_and_only_its_owner_may_read_it(key_dir: Path) -> None:
    write()
    seal_entries(now=NOW)
    assert stat.S_IMODE((key_dir / "audit-seal.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(key_dir.stat().st_mode) == 0o700


def test_a_lost_key_is_not_replaced_in_silence(key_dir: Path) -> None:
    write()
    seal_entries(now=NOW)
    (key_dir / "audit-seal.key").unlink()
    write()
    with pytest.raises(SealKeyMissing):
        seal_entries(now=NOW)
    renew_seal_key()
    assert seal_entries(now=NOW) == 1
    assert faults() == []


def test_a_transaction_that_ends_late_is_sealed_later_and_not_blamed() -> None:
    write(2)
    with in_another_transaction(lambda: write(2)):
        write(2)
        assert seal_entries(now=NOW) == 4
        write(1)
        assert seal_entries(now=NOW) == 1
        assert faults() == []
    assert seal_entries(now=NOW) == 2
    assert faults() == []
    assert AuditSeal.objects.get(number=3).first_id < AuditSeal.objects.get(number=1).last_id


def test_numbers_lost_by_a_rollback_are_not_missed() -> None:
    write()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write(3)
        _ = 1 / 0
    write()
    seal_entries(now=NOW)
    assert faults() == []


@pytest.mark.parametrize(
    "column",
    [field.column for field in AuditEntry._meta.concrete_fields if field.column not in {"id", "txid", "at"}],
)
def test_a_changed_value_is_found_in_every_column(column: str) -> None:
    write(5)
    seal_entries(now=NOW)
    third = ids()[2]
    value = "'[1]'::jsonb" if column == "changes" else "'khác'"
    tamper(f"UPDATE actions_auditentry SET {column} = {value} WHERE id = %s", third)
    assert faults() == [("Dòng nhật ký bị sửa", third, 1)]


@pytest.mark.parametrize("change", ["at = at + interval '1 microsecond'", "txid = txid - 1"])
def test_a_changed_moment_or_transaction_is_found(change: str) -> None:
    write(3)
    seal_entries(now=NOW)
    tamper(f"UPDATE actions_auditentry SET {change} WHERE id = %s", ids()[1])
    assert faults() == [("Dòng nhật ký bị sửa", ids()[1], 1)]


def test_a_removed_entry_is_found() -> None:
    write(5)
    seal_entries(now=NOW)
    gone = ids()[3]
    tamper("DELETE FROM actions_auditentry WHERE id = %s", gone)
    assert faults() == [("Dòng nhật ký bị xoá", gone, 1)]


def test_the_first_of_many_places_is_named_first() -> None:
    write(6)
    seal_entries(now=NOW)
    rows = ids()
    tamper("DELETE FROM actions_auditentry WHERE id = %s", rows[4])
    tamper("UPDATE actions_auditentry SET verb = 'x' WHERE id = %s", rows[2])
    assert [entry for _, entry, _ in faults()] == [rows[2], rows[4]]


def seal_until_settled(number: int) -> None:
    """Transactions elsewhere on the server, that may yet end, keep a gap open: other tests' too."""
    seal_entries(now=NOW)
    cluster = AuditSeal.objects.values_list("cluster", flat=True)[0]
    wait_until(lambda: newly_settled_id(cluster=cluster) >= number, seconds=600)
    write()
    seal_entries(now=NOW)
    assert known_settled_id() >= number


def test_an_entry_slipped_into_an_old_gap_is_found() -> None:
    write(3)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write()
        _ = 1 / 0
    write(3)
    gap = ids()[3] - 1
    seal_until_settled(gap)
    assert gap not in ids()
    write(id=gap)
    assert seal_entries(now=NOW) == 0
    assert faults() == [("Dòng nhật ký bị chèn thêm", gap, 0)]


def test_two_entries_that_changed_places_are_found() -> None:
    write(4)
    seal_entries(now=NOW)
    first, second = ids()[1:3]
    for number, other in ((first, -1), (second, first), (-1, second)):
        tamper("UPDATE actions_auditentry SET id = %s WHERE id = %s", other, number)
    assert [(message, entry) for message, entry, _ in faults()] == [
        ("Dòng nhật ký bị sửa", first),
        ("Dòng nhật ký bị sửa", second),
    ]


def three_seals() -> None:
    for _ in range(3):
        write(2)
        seal_entries(now=NOW)


def test_a_removed_seal_is_found() -> None:
    three_seals()
    tamper("DELETE FROM actions_auditseal WHERE number = 2")
    assert faults()[0] == ("Con dấu bị xoá", 0, 2)


def test_a_removed_first_seal_is_found() -> None:
    three_seals()
    tamper("DELETE FROM actions_auditseal WHERE number = 1")
    assert faults()[0] == ("Con dấu bị xoá", 0, 1)


@pytest.mark.parametrize("column", ["sealed_at", "cluster", "entries", "settled_id", "previous_hash"])
def test_a_changed_seal_is_found(column: str) -> None:
    three_seals()
    values = {"sealed_at": "now()", "cluster": "'x'", "previous_hash": "'x'"}
    tamper(f"UPDATE actions_auditseal SET {column} = {values.get(column, '77')} WHERE number = 2")
    assert ("Nội dung con dấu bị sửa", 0, 2) in faults()


def test_a_seal_whose_list_was_changed_with_its_entry_is_found() -> None:
    three_seals()
    row = ids()[2]
    tamper("UPDATE actions_auditentry SET verb = 'x' WHERE id = %s", row)
    forged = b"".join(digest for _, digest in sealing.digests_of_entries(after=row - 1, limit=2, without=()))
    tamper("UPDATE actions_auditseal SET digests = %s WHERE number = 2", forged)
    assert faults() == [("Danh sách dòng trong con dấu bị sửa", 0, 2)]


def test_a_seal_made_again_without_the_key_is_found(key_dir: Path, tmp_path: Path, settings) -> None:
    three_seals()
    tamper("DELETE FROM actions_auditseal WHERE number = 3")
    tamper("DELETE FROM actions_auditentry WHERE id = %s", ids()[-1])
    settings.KEY_DIR = tmp_path / "forger"
    renew_seal_key()
    seal_entries(now=NOW)
    settings.KEY_DIR = key_dir
    assert ("Không có khoá công khai để kiểm tra chữ ký của con dấu", 0, 3) in faults()


def test_a_wrong_signature_is_found() -> None:
    three_seals()
    tamper(
        "UPDATE actions_auditseal SET signature = "
        "(SELECT signature FROM actions_auditseal WHERE number = 1) WHERE number = 2"
    )
    assert faults() == [("Chữ ký của con dấu không đúng", 0, 2)]


def test_a_cut_off_end_is_found_with_an_anchor() -> None:
    three_seals()
    anchors = read_anchors([last_anchor()])
    assert verify_audit(anchors=anchors).faults == []
    tamper("DELETE FROM actions_auditentry WHERE id >= %s", ids()[-2])
    tamper("DELETE FROM actions_auditseal WHERE number = 3")
    assert faults() == [], "without an anchor nothing shows that there was more"
    (fault,) = verify_audit(anchors=anchors).faults
    assert (fault.message, fault.seal) == ("Con dấu đã ghi ở mốc ngoài bị xoá", 3)


def test_an_end_cut_off_and_written_anew_is_found_with_an_anchor() -> None:
    three_seals()
    anchors = read_anchors([last_anchor()])
    tamper("DELETE FROM actions_auditentry WHERE id = %s", ids()[-1])
    tamper("DELETE FROM actions_auditseal WHERE number = 3")
    seal_entries(now=NOW)
    (fault,) = verify_audit(anchors=anchors).faults
    assert (fault.message, fault.seal) == ("Con dấu khác với mốc ngoài", 3)


def test_a_copy_restored_on_another_server_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other server counts its transactions from far below: nothing new may fall into an old seal."""
    with in_another_transaction(lambda: write(1)):
        write(2)
        seal_entries(now=NOW)
    with without_guards(), connection.cursor() as cursor:
        cursor.execute("UPDATE actions_auditseal SET cluster = 'former', txid = 900000000000")
    write(1, txid=900000000001)
    sealed = AuditSeal.objects.get()
    assert seal_entries(now=NOW) == 2, "what was unsealed at the dump, and what is new"
    second = AuditSeal.objects.get(number=2)
    assert second.cluster != sealed.cluster
    assert second.ranges[0] < sealed.last_id < second.last_id
    write(2)
    assert seal_entries(now=NOW) == 2
    assert [message for message, *_ in faults()] == ["Nội dung con dấu bị sửa"], "only our own forgery"


def test_sealers_side_by_side_take_turns() -> None:
    write(30)

    def seal() -> None:
        seal_entries(now=NOW)
        connection.close()

    threads = [threading.Thread(target=seal) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert AuditSeal.objects.count() == 1
    assert faults() == []


def test_writers_are_sealed_completely_under_load() -> None:
    stop = threading.Event()

    def is_written(count: int) -> bool:
        return AuditEntry.objects.count() >= count

    def keep_writing() -> None:
        while not stop.is_set():
            with transaction.atomic():
                write(2)
        connection.close()

    writers = [threading.Thread(target=keep_writing) for _ in range(4)]
    for writer in writers:
        writer.start()
    try:
        for number in range(1, 16):
            wait_until(partial(is_written, 5 * number))
            seal_entries(now=NOW)
    finally:
        stop.set()
    for writer in writers:
        writer.join()
    seal_entries(now=NOW)
    found = verify_audit()
    assert (found.faults, found.unsealed) == ([], 0)
    assert found.entries == AuditEntry.objects.count() > 50


def command(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify_audit", *arguments, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_the_command_names_the_first_place_and_keeps_an_anchor(tmp_path: Path, key_dir: Path) -> None:
    three_seals()
    anchors = tmp_path / "anchors.txt"
    code, said = command("--write-anchor", str(anchors))
    assert (code, "Nhật ký nguyên vẹn." in said) == (0, True)
    assert anchors.read_text() == (key_dir / "audit-anchor.txt").read_text()

    row = ids()[1]
    tamper("UPDATE actions_auditentry SET actor_name = 'ai khác' WHERE id = %s", row)
    code, said = command("--anchor", str(anchors))
    assert code == 1
    assert f"Chỗ đầu tiên: Dòng nhật ký bị sửa (dòng {row}, con dấu 1)" in said


@given(st.sets(st.integers(min_value=1, max_value=300)), st.integers(0, 300), st.integers(0, 300))
def test_digests_are_found_by_the_ids_they_belong_to(numbers: set[int], after: int, until: int) -> None:
    ordered = sorted(numbers)
    digests = b"".join(number.to_bytes(32) for number in ordered)
    found = list(digests_between(id_ranges(ordered), digests, after=after, until=until))
    assert found == [(number, number.to_bytes(32)) for number in ordered if after < number <= until]


TEXTS = st.lists(st.text(), min_size=11, max_size=11)
CHANGES = st.sampled_from(["{}", '{"a": [1, 2]}', '{"a": [1, 2.0]}', '{"a": ["1", 2]}', '{"b": [1, 2]}'])


@given(TEXTS, TEXTS, CHANGES, CHANGES)
def test_two_entries_have_one_canonical_form_only_if_they_are_equal(
    one: list[str], other: list[str], changes: str, other_changes: str
) -> None:
    first = canonical_entry([1, 2, NOW, *one, changes])
    second = canonical_entry([1, 2, NOW, *other, other_changes])
    assert (first == second) == (one == other and changes == other_changes)


def test_the_canonical_form_is_what_the_decision_says() -> None:
    moment = dt.datetime(2026, 11, 21, 15, 0, 0, 5, tzinfo=dt.timezone(dt.timedelta(hours=7)))
    texts = ["v", "t", "i", "Hồ sơ", "k", "a", "n", "p", "q", "", "r"]
    assert canonical_entry([7, 9, moment, *texts, '{"b": [1, 2.50], "a": [null, true]}']).decode() == (
        '[7,9,"2026-11-21T08:00:00.000005Z","v","t","i","Hồ sơ","k","a","n","p","q","","r",'
        '{"a":[null,true],"b":["\\u00001","\\u00002.50"]}]'
    )
