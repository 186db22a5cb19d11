"""Killed in the middle: a worker that draws a receipt; PostgreSQL while dossiers are accepted, fees paid."""

import datetime as dt
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from dinh.foundation.actions.public import sweep_stalled_jobs
from dinh.foundation.files.models import File
from dinh.foundation.files.public import open_content
from dinh.foundation.signing.models import Preservation
from dinh.foundation.signing.public import validate_pdf
from dinh.onestop.models import Paper
from dinh.website.launch.postgres import THROW_AWAY, Server
from tests.onestop.conftest import check_whole
from tests.onestop.site import ROOT, address_of_database, is_ready, process, web
from tests.waiting import wait_until


def test_a_worker_killed_while_it_draws_leaves_exactly_one_receipt(open_signing_province, tmp_path):
    p = open_signing_province
    dossier = p.accepted()
    Paper.objects.filter(form="proof").update(state="ready")
    mark = tmp_path / "mark"
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.onestop.slowly.settings",
        "DATABASE_URL": address_of_database(),
        "DINH_TEST_DATA_DIR": str(tmp_path),
        "SLOWLY_MARK": str(mark),
    }
    work = ("manage.py", "work", "--concurrency", "1")
    with process(*work, environment=environment, log=tmp_path / "work.log") as killed:
        wait_until(mark.exists)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    assert Paper.objects.get(form="receipt").file_id is None
    # The sweeper takes a worker for dead when it has been silent; nobody waits half a minute here.
    assert sweep_stalled_jobs(stale=dt.timedelta(0)) != []
    with process(*work, environment=environment, log=tmp_path / "work.log"):
        wait_until(lambda: Paper.objects.get(form="receipt").state == "ready")
    receipt = Paper.objects.get(form="receipt")
    # The file with its time stamp, which a job puts in the place of the signed one, is the same paper.
    stamped = Preservation.objects.exclude(preserved_file_id=None).values("preserved_file_id")
    drawn = File.objects.filter(name__startswith="Giấy tiếp nhận").exclude(pk__in=stamped)
    assert drawn.count() == 1
    with open_content(receipt.file_id) as stream:
        # The worker that sealed it goes by the clock on the wall.
        assert validate_pdf(stream.read(), now=timezone.now()).verdict == "valid"
    check_whole(dossier.id)


class Beside:
    """A province with a PostgreSQL server of its own, which can be struck down."""

    def __init__(self, folder: Path) -> None:
        # An acknowledged commit must outlive the server: everything else may be quick.
        settings = {**THROW_AWAY, "synchronous_commit": "on", "full_page_writes": "on"}
        self.folder = folder
        self.server = Server(folder / "postgres", password="bi-mat", settings=settings)
        self.server.prepare()
        self.server.start()
        self.server.wait_until_ready()
        self.server.ensure_database("dinh", role="dinh", password="bi-mat")
        self.down, self.met = threading.Event(), threading.Event()
        self.environment = {
            "DJANGO_SETTINGS_MODULE": "dinh.website.settings",
            "DATABASE_URL": self.server.address("dinh", user="dinh", password="bi-mat"),
            "DINH_DATA_DIR": str(folder / "data"),
            "DINH_LOG_LEVEL": "CRITICAL",
        }
        (folder / "data").mkdir()

    def run(self, *line: str) -> str:
        done = subprocess.run(
            [sys.executable, *line],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def strike(self) -> None:
        """Immediate shutdown: every backend ends where it stands. It starts again when somebody met that."""
        assert self.server.process is not None
        self.server.process.send_signal(signal.SIGQUIT)
        self.server.process.wait(120)
        self.down.set()
        assert self.met.wait(timeout=180), "the restart met nobody"
        self.server.prepare()
        self.server.start()
        self.server.wait_until_ready()

    def press(self, waiting: list[Any], press: Callable[[Any], int | None], *, at_once: int) -> None:
        """Strike while so many people press what waits, each thing once; ``press`` returns the status.

        One half is pressed before and while the server falls; for the other half they wait until it
        is down, and it comes back when one of them was turned away: the restart meets somebody
        however slow or quick the machine is.
        """
        half = len(waiting) // 2
        begun = threading.Semaphore(0)
        lock = threading.Lock()

        def person() -> None:
            while True:
                with lock:
                    if not waiting:
                        return
                    held = len(waiting) <= half
                    taken = waiting.pop()
                if held:
                    self.down.wait(300)
                status = press(taken)
                if self.down.is_set() and status not in (200, 302):
                    self.met.set()
                begun.release()

        people = [threading.Thread(target=person) for _ in range(at_once)]
        for one in people:
            one.start()
        for _ in range(4):
            assert begun.acquire(timeout=180), "nobody was answered"
        self.strike()
        for one in people:
            one.join()


@pytest.fixture
def beside() -> Iterator[Beside]:
    # Not below pytest's own folder, which is closed to the server's user.
    folder = Path(tempfile.mkdtemp(prefix="dinh-beside-"))
    folder.chmod(0o711)
    made = Beside(folder)
    yield made
    made.server.stop()
    shutil.rmtree(folder, ignore_errors=True)


def accept_over_http(address: str, session: str, dossier: str) -> int | None:
    """Press the button; return the status of the answer, or None when none came."""
    token = "a" * 32
    request = urllib.request.Request(
        f"{address}/lam-viec/ho-so/{dossier}/tiep-nhan/",
        data=b"",
        headers={"Cookie": f"sessionid={session}; csrftoken={token}", "X-CSRFToken": token},
    )
    try:
        return int(_opener.open(request, timeout=300).status)
    except urllib.error.HTTPError as answer:
        return answer.code
    except OSError:
        return None


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: Any) -> None:
        return None


_opener = urllib.request.build_opener(_StayHere)


def test_postgresql_restarted_under_load_loses_no_answer_and_leaves_nothing_half_done(beside, tmp_path):
    beside.run("manage.py", "migrate", "--verbosity", "0")
    given = json.loads(beside.run("-m", "tests.onestop.restart", "fill", "48"))
    sessions = itertools.cycle(given["sessions"])
    answers: dict[str, int | None] = {}

    with web(beside.environment, log=tmp_path / "web.log", workers=2) as address:

        def accept(dossier: str) -> int | None:
            answers[dossier] = accept_over_http(address, next(sessions), dossier)
            return answers[dossier]

        beside.press(list(given["dossiers"]), accept, at_once=len(given["sessions"]))
        said_done = {dossier for dossier, status in answers.items() if status in (200, 302)}
        failed = {dossier for dossier, status in answers.items() if status not in (200, 302)}
        assert said_done

        codes = json.loads(beside.run("-m", "tests.onestop.restart", "look"))
        assert [one for one in said_done if codes[one] is None] == []
        check_codes([code for code in codes.values() if code])

        wait_until(lambda: is_ready(address))
        for dossier in sorted(failed):
            if codes[dossier] is None:
                assert accept_over_http(address, given["sessions"][0], dossier) == 302
    codes = json.loads(beside.run("-m", "tests.onestop.restart", "look"))
    assert None not in codes.values()
    check_codes(list(codes.values()))


def tell_payment(address: str, notice: dict[str, str]) -> int | None:
    """Bring the provider's notice; return the status of the answer, or None when none came."""
    request = urllib.request.Request(
        f"{address}/thanh-toan/bao-co/sample/",
        data=notice["body"].encode(),
        headers={"Content-Type": "application/json", "X-Signature": notice["signature"]},
    )
    try:
        return int(_opener.open(request, timeout=300).status)
    except urllib.error.HTTPError as answer:
        return answer.code
    except OSError:
        return None


def test_postgresql_restarted_while_fees_are_paid_takes_each_payment_once(beside, tmp_path):
    beside.run("manage.py", "migrate", "--verbosity", "0")
    notices = json.loads(beside.run("-m", "tests.onestop.restart_fees", "fill", "24"))
    # The provider says everything three times, in an order of its own.
    answers: list[tuple[str, int | None]] = []

    with web(beside.environment, log=tmp_path / "web.log", workers=2) as address:

        def tell(notice: dict[str, str]) -> int | None:
            status = tell_payment(address, notice)
            answers.append((notice["reference"], status))
            return status

        beside.press([*notices, *reversed(notices), *notices], tell, at_once=6)
        found = json.loads(beside.run("-m", "tests.onestop.restart_fees", "look"))
        said_taken = {reference for reference, status in answers if status == 200}
        assert [reference for reference in said_taken if not found[reference]] == []

        wait_until(lambda: is_ready(address))
        assert {tell_payment(address, notice) for notice in notices} == {200}
    found = json.loads(beside.run("-m", "tests.onestop.restart_fees", "look"))
    numbers = sorted(number for given in found.values() for number in given)
    assert numbers == [f"{ordinal:02d}/BLPLP" for ordinal in range(1, len(notices) + 1)]


def check_codes(codes: list[str]) -> None:
    """From 0001 on, no gap and no duplicate."""
    ordinals = sorted(int(re.search(r"-(\d{4,})$", code)[1]) for code in codes)
    assert ordinals == list(range(1, len(codes) + 1))
