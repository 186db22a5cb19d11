"""Malware: a real clamd, one that is away, one that talks nonsense, and none."""

import socket
import threading

import pytest

from dinh.foundation.actions.models import AuditEntry
from dinh.foundation.actions.public import handles, system
from dinh.foundation.files.events import FileFoundInfected
from dinh.foundation.files.models import File
from dinh.foundation.files.public import InfectedFile, ScannerAway, describe, rescan, respond
from tests.files.making import make_office, make_pdf
from tests.files.scanner import EICAR, run_clamd

pytestmark = pytest.mark.django_db

JOB = system("files.scan_waiting")


@pytest.fixture(scope="module")
def clamd(tmp_path_factory):
    with run_clamd(tmp_path_factory.mktemp("clamd")) as wire:
        yield wire


@pytest.fixture
def scanner(clamd, settings):
    settings.CLAMD_SOCKET = clamd
    return clamd


@pytest.fixture
def answering(tmp_path, settings):
    """A scanner that reads everything and answers with given bytes."""

    def serve(answer: bytes) -> None:
        wire = socket.socket(socket.AF_UNIX)
        wire.bind(str(tmp_path / "s"))
        wire.listen()

        def run() -> None:
            connection, _ = wire.accept()
            with connection:
                received = b""
                while not received.endswith(b"\0\0\0\0"):
                    received += connection.recv(65536)
                connection.sendall(answer)

        threading.Thread(target=run, daemon=True).start()
        settings.CLAMD_SOCKET = str(tmp_path / "s")

    return serve


def infected_pdf() -> bytes:
    return make_pdf() + b"\n% " + EICAR


def test_a_clean_file_is_said_to_be_clean(give, scanner):
    file = give(make_pdf())
    assert file.scan_state == "clean"
    assert file.scanned_at is not None
    assert describe(file).scan_label == "Không có mã độc"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (EICAR, "virus.txt"),
        (infected_pdf(), "đơn.pdf"),
        (make_office(parts={"word/media/x.bin": EICAR}), "đơn.docx"),
    ],
)
def test_an_infected_file_is_refused_at_once_and_not_kept(give, folder, scanner, data, name):
    with pytest.raises(InfectedFile, match=rf"“{name}” chứa mã độc \(Mau\.EICAR") as refused:
        give(data, name)
    assert "quét mã độc trên máy của Ông/Bà" in str(refused.value)
    assert not File.objects.exists()
    assert not list(folder.glob("??/??/*"))


def test_without_a_scanner_a_file_is_kept_and_said_to_be_unscanned(give):
    file = give(infected_pdf())
    assert file.scan_state == "unscanned"
    assert describe(file).scan_label == "Chưa quét mã độc"
    assert rescan(by=JOB) == {"clean": 0, "infected": 0}


def test_while_the_scanner_is_away_a_file_is_kept_and_waits(give, settings):
    settings.CLAMD_SOCKET = "/nowhere/clamd.sock"
    file = give(make_pdf())
    assert file.scan_state == "failed"
    assert describe(file).scan_label == "Đang chờ quét mã độc"


def test_while_the_scanner_is_away_nothing_is_taken_where_a_scan_is_required(give, settings):
    settings.CLAMD_SOCKET = "127.0.0.1:9"
    settings.FILE_REQUIRE_SCAN = True
    with pytest.raises(ScannerAway, match="thử lại sau ít phút"):
        give(make_pdf())
    assert not File.objects.exists()


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"rubbish", b"x" * 9000])
def test_an_answer_that_is_no_verdict_is_no_clean_file(give, answering, answer):
    answering(answer)
    assert give(make_pdf()).scan_state == "failed"


def test_what_waited_is_scanned_when_the_scanner_is_back(give, settings, clamd, monkeypatch):
    heard: list[FileFoundInfected] = []
    monkeypatch.setattr("dinh.foundation.files.actions.scanning.publish", heard.append)
    settings.CLAMD_SOCKET = "/nowhere/clamd.sock"
    good, bad = give(make_pdf(), "tốt.pdf"), give(infected_pdf(), "xấu.pdf")
    assert rescan(by=JOB) == {"clean": 0, "infected": 0}, "still away"
    settings.CLAMD_SOCKET = clamd
    assert rescan(by=JOB) == {"clean": 1, "infected": 1}
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.scan_state, bad.scan_state) == ("clean", "infected")
    assert [event.file_id for event in heard] == [bad.pk]
    assert AuditEntry.objects.filter(verb="file.scanned", subject_id=str(bad.pk)).exists()
    with pytest.raises(InfectedFile):
        respond(bad, inline=False)
    assert rescan(by=JOB) == {"clean": 0, "infected": 0}, "nothing waits any more"


def test_a_handler_of_the_event_hears_it_in_the_same_transaction(give, settings, clamd):
    heard: list[FileFoundInfected] = []
    handles(FileFoundInfected)(heard.append)
    file = give(infected_pdf())
    settings.CLAMD_SOCKET = clamd
    rescan(by=JOB)
    assert [event.file_id for event in heard] == [file.pk]
