"""What has happened: histories for pages, and the log for those who keep watch, over HTTP."""

import datetime as dt
import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from dinh.foundation.actions.models import AuditEntry, DeliveryAttempt, OutboxMessage, WorkerHeartbeat
from dinh.foundation.actions.public import (
    Actor,
    Grant,
    attempts_at,
    enqueue,
    history_of,
    messages_of,
    note_export,
    read_pulse,
    seal_entries,
)
from dinh.kernel.errors import NotAllowed
from tests.acting import act_as, without_sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def official(scope: str = "province", *codes: str) -> Actor:
    grants = tuple(Grant(code, scope, UUID(int=1)) for code in codes)  # type: ignore[arg-type]
    return Actor(kind="official", name="Lê Thị Giám Sát", account_id=UUID(int=9), grants=grants)


WATCH = official("province", "audit.read")


@pytest.fixture
def client(settings) -> Iterator[Client]:
    settings.MIDDLEWARE = without_sign_in(settings.MIDDLEWARE)
    act_as(WATCH)
    yield Client(raise_request_exception=False)
    act_as(None)


def write(count: int = 1, **values: object) -> list[AuditEntry]:
    made = []
    for number in range(count):
        given = {
            "verb": "outbox.resent",
            "actor_kind": "official",
            "actor_name": "Trần Thị Mai",
            "subject_label": f"Tin {number}",
            **values,
        }
        made.append(AuditEntry.objects.create(**given))
    return made


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_history_tells_in_order_what_was_done_to_a_row_and_its_parts() -> None:
    one = OutboxMessage.objects.create(channel="x", recipient="a")
    other = OutboxMessage.objects.create(channel="x", recipient="b")
    stranger = OutboxMessage.objects.create(channel="x", recipient="c")
    for message in (one, stranger, other):
        write(
            subject_type="actions.outboxmessage",
            subject_id=str(message.pk),
            subject_label=str(message),
            changes={"state": ["dead", "waiting"], "last_error": ["hỏng", None]},
        )
    history = history_of(one, other)
    assert [entry.subject for entry in history] == ["x → a", "x → b"]
    assert history[0].by == "Trần Thị Mai"
    assert [(change.name, change.old, change.new) for change in history[0].changes] == [
        ("state", "dead", "waiting"),
        ("last_error", "hỏng", ""),
    ]


def test_the_fate_of_a_rows_messages_is_seen_with_every_attempt() -> None:
    row = OutboxMessage.objects.create(channel="x", recipient="a", state="delivered")
    enqueue("nobody", recipient="mai@example.invalid", payload={}, about=row)
    (message,) = messages_of(row)
    assert (message.state, message.attempts, message.recipient) == ("waiting", 0, "mai@example.invalid")
    for error in ("máy chủ bận", ""):
        DeliveryAttempt.objects.create(message_id=message.id, succeeded=not error, error=error)
    assert [attempt.error for attempt in attempts_at(message.id)] == ["máy chủ bận", ""]


def test_the_log_shows_who_did_what(client: Client) -> None:
    write(3, position_name="Công chức một cửa", changes={"state": ["dead", "waiting"]})
    page = client.get("/quan-tri/nhat-ky/")
    assert page.status_code == 200
    assert "Gửi lại tin" in text(page)
    assert "Trần Thị Mai" in text(page)
    assert "Tin 2" in text(page)


def test_an_empty_log_says_what_to_do(client: Client) -> None:
    assert "Không có dòng nhật ký nào" in text(client.get("/quan-tri/nhat-ky/?q=khong+ai"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=mai", "Tin của Mai"),
        ("viec=dossier.accepted", "Hồ sơ"),
        ("muc=H99-1", "Hồ sơ"),
        ("tu=02/01/2026&den=02/01/2026", "Hồ sơ"),
    ],
)
def test_the_log_is_filtered_by_person_verb_subject_and_day(client: Client, query: str, found: str) -> None:
    day = dt.datetime(2026, 1, 1, 20, tzinfo=dt.UTC)  # already the 2nd in the province
    write(subject_label="Tin của Mai")
    write(actor_name="Ai khác", verb="dossier.accepted", subject_label="Hồ sơ", subject_id="H99-1", at=day)
    said = text(client.get(f"/quan-tri/nhat-ky/?{query}"))
    assert found in said
    assert ({"Tin của Mai", "Hồ sơ"} - {found}).pop() not in said.replace("Tìm hồ sơ", "")


def test_an_unreadable_filter_is_left_out_and_said(client: Client) -> None:
    write()
    page = client.get("/quan-tri/nhat-ky/?tu=hôm+qua&truoc=-5&sau=x")
    assert "Ngày viết như 21/11/2026" in text(page)
    assert "Tin 0" in text(page)
    assert client.get("/quan-tri/nhat-ky/?den=31/12/9999").status_code == 200


def test_pages_are_turned_forth_and_back_without_loss(client: Client) -> None:
    write(120)
    seen: list[str] = []
    address = "/quan-tri/nhat-ky/"
    for _ in range(3):
        page = client.get(address).content.decode()
        seen += re.findall(r"/quan-tri/nhat-ky/(\d+)/\"", page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        address = "/quan-tri/nhat-ky/" + older.group(1).replace("&amp;", "&") if older else ""
    assert address == ""
    assert len(dict.fromkeys(seen)) == 120
    newer = re.search(r'rel="prev" href="([^"]+)"', page)
    assert newer is not None
    back = client.get("/quan-tri/nhat-ky/" + newer.group(1)).content.decode()
    assert (
        list(dict.fromkeys(re.findall(r"/quan-tri/nhat-ky/(\d+)/\"", back)))
        == list(dict.fromkeys(seen))[50:100]
    )


def test_a_page_of_the_log_costs_one_query_of_its_own(client: Client, django_assert_num_queries) -> None:
    write(60)
    # The log, and announcements of maintenance, which stand on every page.
    with django_assert_num_queries(2):
        client.get("/quan-tri/nhat-ky/")


def test_an_entry_shows_each_change_and_its_seal(client: Client, tmp_path, settings) -> None:
    settings.KEY_DIR = tmp_path
    (entry,) = write(changes={"state": ["dead", "waiting"]}, request_id="req-7")
    assert "Chưa đóng dấu" in text(client.get(f"/quan-tri/nhat-ky/{entry.id}/"))
    seal_entries(now=timezone.now())
    said = text(client.get(f"/quan-tri/nhat-ky/{entry.id}/"))
    assert "Số 1, đóng lúc" in said
    assert "req-7" in said
    assert "dead" in said


def test_what_people_typed_is_shown_as_text(client: Client) -> None:
    (entry,) = write(subject_label="<script>alert(1)</script>", changes={"name": ["<b>", "=1+1"]})
    for address in ("/quan-tri/nhat-ky/", f"/quan-tri/nhat-ky/{entry.id}/"):
        assert b"<script>alert(1)" not in client.get(address).content


def test_the_export_holds_all_that_was_looked_for_and_is_noted(client: Client) -> None:
    write(1200, actor_name="=HYPERLINK()")
    write(5, actor_name="Ai khác")
    response = client.post("/quan-tri/nhat-ky/tai-ve/", {"q": "HYPER"})
    lines = b"".join(response.streaming_content).decode().splitlines()
    assert lines[0].startswith("\ufeffSố,Ngày,Giờ")
    assert len(lines) == 1201
    assert "'=HYPERLINK()" in lines[1]
    assert AuditEntry.objects.get(verb="audit.exported").actor_name == "Lê Thị Giám Sát"


def test_taking_the_log_out_is_refused_without_the_permission() -> None:
    with pytest.raises(NotAllowed):
        note_export(by=official("province", "outbox.resend"))


@pytest.mark.parametrize("who", [official(), official("subtree", "audit.read")])
def test_nobody_else_sees_anything_of_the_log(client: Client, who: Actor) -> None:
    (entry,) = write(subject_label="Chuyện kín")
    act_as(who)
    for address in ("/quan-tri/nhat-ky/", f"/quan-tri/nhat-ky/{entry.id}/"):
        response = client.get(address)
        assert "Chuyện kín" not in response.content.decode()
    assert client.post("/quan-tri/nhat-ky/tai-ve/").status_code != 200
    assert not AuditEntry.objects.filter(verb="audit.exported").exists()


def test_a_visitor_is_sent_to_sign_in(client: Client) -> None:
    act_as(None)
    response = client.get("/quan-tri/nhat-ky/?q=a")
    assert response.status_code == 302
    assert response["Location"].startswith("/dang-nhap/?next=/quan-tri/nhat-ky/")


def test_the_pulse_shows_a_living_worker_and_what_waits(queue: None) -> None:
    now = timezone.now()
    assert not read_pulse(now=now).is_well
    WorkerHeartbeat.objects.create(name="w", seen_at=now)
    assert read_pulse(now=now).is_well
    old = now - dt.timedelta(minutes=6)
    OutboxMessage.objects.create(channel="x", recipient="a", next_attempt_at=old)
    OutboxMessage.objects.create(channel="x", recipient="a", state="dead")
    write(2)
    pulse = read_pulse(now=now)
    assert (pulse.workers, pulse.messages) == (1, {"waiting": 1, "dead": 1})
    assert pulse.oldest_message_waits == dt.timedelta(minutes=6)
    assert pulse.entries_unsealed == 2
    assert not pulse.is_well
    assert read_pulse(now=now + dt.timedelta(minutes=1)).workers == 0
