"""Time stamps and proofs by jobs: the signed file is good before, during and after; nothing is lost."""

import contextlib
import datetime as dt
import http.server
import threading
import time
import uuid
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.utils import timezone

from dinh.foundation.actions.public import Actor, handles, system, visitor
from dinh.foundation.files.public import open_content, store_bytes
from dinh.foundation.signing.actions.preservation import (
    keep_preserved,
    note_delay,
    note_failure,
    preserve_now,
)
from dinh.foundation.signing.adapters.reading import read_report
from dinh.foundation.signing.adapters.services import post
from dinh.foundation.signing.adapters.trust import current_trust, sample_authority
from dinh.foundation.signing.events import FilePreserved
from dinh.foundation.signing.models import Preservation
from dinh.foundation.signing.public import Verdict, preserve_file, revoke_key
from dinh.foundation.signing.queries.reports import due_preservations
from dinh.foundation.signing.rules.signatures import Coverage, ServiceUnavailable, delay_of
from dinh.foundation.signing.tasks import preserve_forgotten
from dinh.kernel.errors import NotAllowed
from tests.guards.refusing import assert_done, assert_refused
from tests.signing.conftest import SETUP

JOB = system("signing.preserve")


@pytest.fixture
def signed_file(issued: bytes, clerk: Actor):
    return store_bytes(issued, name="quyet-dinh.pdf", by=clerk)


@pytest.fixture
def waiting(signed_file, clerk: Actor) -> Preservation:
    return preserve_file(signed_file.pk, by=clerk)


def content_of(file_id: uuid.UUID) -> bytes:
    with open_content(file_id) as stream:
        return stream.read()


def shown(row: Preservation) -> uuid.UUID:
    """The file in use: the extended one when it is there."""
    row.refresh_from_db()
    return row.preserved_file_id or row.file_id


def test_a_preserved_file_is_stamped_and_both_signatures_stay_valid(waiting, issued: bytes, now) -> None:
    preserve_now(waiting.pk, by=JOB)
    waiting.refresh_from_db()
    assert waiting.state == Preservation.State.PRESERVED
    content = content_of(shown(waiting))
    assert content.startswith(issued)
    report = read_report(content, current_trust(now=timezone.now()), now=timezone.now())
    assert report.verdict is Verdict.VALID
    assert [one.coverage for one in report.signatures] == [Coverage.ALLOWED, Coverage.ALLOWED, Coverage.WHOLE]
    assert all(one.stamped_at for one in report.signatures)


def test_pdfsig_agrees_with_the_preserved_file(waiting, tmp_path, run) -> None:
    preserve_now(waiting.pk, by=JOB)
    path = tmp_path / "luu-tru.pdf"
    path.write_bytes(content_of(shown(waiting)))
    told = run("pdfsig", "-nocert", path)
    assert told.count("Signature is Valid.") == 2
    assert "Signature #3" in told  # the time stamp, which this program names but cannot check


def test_a_preserved_paper_outlives_its_certificates_and_their_revocation(waiting, agency, now) -> None:
    preserve_now(waiting.pk, by=JOB)
    content = content_of(shown(waiting))
    later = timezone.now() + dt.timedelta(days=30)
    revoke_key(agency, reason="thôi việc", by=SETUP, now=later)
    for moment in (later + dt.timedelta(days=1), now + dt.timedelta(days=900)):
        report = read_report(content, current_trust(now=moment), now=moment)
        assert report.verdict is Verdict.VALID


def test_whoever_shows_the_file_is_told_of_the_extended_one(waiting) -> None:
    heard = []
    from dinh.foundation.actions.actions import events

    handles(FilePreserved)(heard.append)
    try:
        preserve_now(waiting.pk, by=JOB)
    finally:
        events._handlers[FilePreserved].remove(heard.append)
    waiting.refresh_from_db()
    assert heard == [FilePreserved(file_id=waiting.file_id, preserved_file_id=waiting.preserved_file_id)]


def test_asking_twice_is_once_and_running_twice_changes_nothing(waiting, clerk) -> None:
    assert preserve_file(waiting.file_id, by=clerk).pk == waiting.pk
    preserve_now(waiting.pk, by=JOB)
    first = shown(waiting)
    preserve_now(waiting.pk, by=JOB)
    assert shown(waiting) == first


def test_asking_leaves_a_job_to_a_worker_and_a_delay_leaves_a_later_one(settings, waiting) -> None:
    assert _jobs() == [(str(waiting.pk), False)]
    settings.SIGNING_TSA_ADDRESS = "http://127.0.0.1:9/tsa"
    preserve_now(waiting.pk, by=JOB)
    assert _jobs() == [(str(waiting.pk), False), (str(waiting.pk), True)]


def _jobs() -> list[tuple[str, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'preservation_id', scheduled_at > now() FROM procrastinate_jobs"
            " WHERE task_name = 'signing.preserve' ORDER BY id"
        )
        return [(name, bool(is_later)) for name, is_later in cursor.fetchall()]


def test_a_forgotten_file_is_taken_up_by_the_periodic_job(waiting) -> None:
    Preservation.objects.update(next_attempt_at=timezone.now() - dt.timedelta(hours=1))
    preserve_forgotten()
    waiting.refresh_from_db()
    assert waiting.state == Preservation.State.PRESERVED


def test_a_visitor_may_not_ask_for_preservation(signed_file) -> None:
    with pytest.raises(NotAllowed):
        preserve_file(signed_file.pk, by=visitor())


OUTCOMES: dict[str, Callable[[Preservation, Actor], object]] = {
    "file.preserved": lambda row, by: keep_preserved(row, content=b"%PDF-1.7", by=by, now=timezone.now()),
    "file.preservation_delayed": lambda row, by: note_delay(row, error="away", by=by, now=timezone.now()),
    "file.preservation_failed": lambda row, by: note_failure(row, error="broken", by=by),
}


@pytest.mark.parametrize("verb", OUTCOMES)
def test_how_preservation_went_is_the_jobs_to_say(waiting, clerk, leader, verb: str) -> None:
    note = OUTCOMES[verb]
    for stranger in (clerk, leader, visitor()):
        assert_refused(verb, lambda by=stranger: note(waiting, by))
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts) == (Preservation.State.WAITING, 0)
    assert_done(verb, lambda: note(waiting, JOB))


# ---- services that are away, slow or wrong ------------------------------------------------------


class _Service(http.server.BaseHTTPRequestHandler):
    behaviour = "stamp"

    def do_POST(self) -> None:
        request = self.rfile.read(int(self.headers["Content-Length"]))
        if self.behaviour == "drip":
            self.send_response(200)
            self.end_headers()
            with contextlib.suppress(OSError):
                for _ in range(100):
                    self.wfile.write(b"x")
                    self.wfile.flush()
                    time.sleep(0.1)
            return
        if self.behaviour == "redirect":
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/")
            self.end_headers()
            return
        reply = {
            "stamp": lambda: sample_authority(now=timezone.now()).stamp(request, now=timezone.now()),
            "junk": lambda: b"<html>",
            "huge": lambda: bytes(2_000_000),
        }[self.behaviour]()
        self.send_response(200 if self.behaviour != "error" else 500)
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *parts: object) -> None:
        pass


@pytest.fixture
def service(settings) -> Iterator[type[_Service]]:
    """Run a time stamp service on this machine, over HTTP as the state's is."""
    behaviour = type("Service", (_Service,), {})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), behaviour)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.SIGNING_TSA_ADDRESS = f"http://127.0.0.1:{server.server_port}/tsa"
    yield behaviour
    server.shutdown()
    server.server_close()


def test_a_time_stamp_service_over_http_is_used(service, waiting) -> None:
    preserve_now(waiting.pk, by=JOB)
    waiting.refresh_from_db()
    assert waiting.state == Preservation.State.PRESERVED


@pytest.mark.parametrize("behaviour", ["junk", "huge", "redirect"])
def test_a_wrong_answer_delays_and_loses_nothing(service, waiting, issued, behaviour: str) -> None:
    service.behaviour = behaviour
    preserve_now(waiting.pk, by=JOB)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts) == (Preservation.State.WAITING, 1)
    assert waiting.last_error
    assert content_of(shown(waiting)) == issued
    service.behaviour = "stamp"
    preserve_now(waiting.pk, by=JOB)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts, waiting.last_error) == (Preservation.State.PRESERVED, 2, "")


def test_a_killed_service_delays_and_the_signed_file_stays_good(settings, waiting, issued, now) -> None:
    settings.SIGNING_TSA_ADDRESS = "http://127.0.0.1:9/tsa"
    before = timezone.now()
    preserve_now(waiting.pk, by=JOB)
    waiting.refresh_from_db()
    assert waiting.state == Preservation.State.WAITING
    assert waiting.next_attempt_at >= before + dt.timedelta(seconds=30)
    assert read_report(issued, current_trust(now=now), now=now).verdict is Verdict.VALID
    assert due_preservations(waiting.next_attempt_at + dt.timedelta(minutes=11)) == [waiting.pk]


def test_a_service_that_drips_is_cut_off(service) -> None:
    service.behaviour = "drip"
    address = f"http://127.0.0.1:{_port(service)}/"
    # The whole answer takes ten seconds at least, and would be taken.
    with pytest.raises(ServiceUnavailable):
        post(address, b"x", content_type="text/plain", seconds=0.5)


def _port(service) -> int:
    from django.conf import settings as current

    return int(current.SIGNING_TSA_ADDRESS.rsplit(":", 1)[1].split("/")[0])


@pytest.mark.parametrize("address", ["file:///etc/passwd", "gopher://x/", "http:///", "nowhere"])
def test_only_addresses_of_services_are_called(address: str) -> None:
    with pytest.raises(ServiceUnavailable):
        post(address, b"", content_type="text/plain")


def test_a_file_that_cannot_be_extended_is_given_up(clerk, db) -> None:
    file = store_bytes(b"%PDF-1.7 broken", name="hong.pdf", by=clerk)
    row = preserve_file(file.pk, by=clerk)
    preserve_now(row.pk, by=JOB)
    row.refresh_from_db()
    assert row.state == Preservation.State.FAILED


def test_waits_grow_and_stay_bounded() -> None:
    waits = [delay_of(attempt) for attempt in range(60)]
    assert waits[0] == dt.timedelta(seconds=30)
    assert waits == sorted(waits)
    assert waits[-1] == dt.timedelta(hours=2)
