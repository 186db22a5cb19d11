"""Killed by SIGKILL in the middle: taking a payment's notice, drawing its receipt, an export, a signature.

What was begun is gone without a trace or goes on where it stood; done again, it is there exactly once.
"""

import datetime as dt
import io
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook

import dinh.onestop.public as onestop
from dinh.documents.models import NumberBook, NumberTaken
from dinh.foundation.actions.models import AuditEntry
from dinh.foundation.actions.public import sweep_stalled_jobs
from dinh.foundation.files.models import File
from dinh.foundation.files.public import open_content
from dinh.foundation.signing.public import validate_pdf
from dinh.onestop.models import (
    Dossier,
    Export,
    ExportPart,
    FeeItem,
    Paper,
    Payment,
    PaymentOrder,
    Result,
    SampleBankEntry,
    StepRun,
)
from tests.onestop.conftest import Province, check_whole
from tests.onestop.site import address_of_database, process
from tests.onestop.test_collisions import drafted
from tests.onestop.test_payments import check_books, noticed, order_of, paid_at_bank
from tests.waiting import wait_until

ACT = ("-m", "tests.onestop.slowly.act")
WORK = ("manage.py", "work", "--concurrency", "1")


class Killer:
    """Runs programs that pause in the middle of something, and kills them there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            "DJANGO_SETTINGS_MODULE": "tests.onestop.slowly.settings",
            "DATABASE_URL": address_of_database(),
            "DINH_TEST_DATA_DIR": str(folder),
        }

    def kill(self, *line: str, at: str) -> None:
        """Start the program and kill it as soon as it is in the middle of what ``at`` names."""
        mark = self.folder / f"mark-{at}"
        told = {**self.environment, "SLOWLY_AT": at, "SLOWLY_MARK": str(mark)}
        with process(*line, environment=told, log=self.folder / "killed.log") as running:
            wait_until(mark.exists)
            running.send_signal(signal.SIGKILL)
            assert running.wait() == -signal.SIGKILL

    def work_until(self, condition: Callable[[], object]) -> None:
        """Let a worker, which nobody kills, go on until the condition holds."""
        # The sweeper takes a worker for dead when it has been silent; nobody waits half a minute here.
        assert sweep_stalled_jobs(stale=dt.timedelta(0)) != []
        (self.folder / "mark-none").touch()
        told = {**self.environment, "SLOWLY_MARK": str(self.folder / "mark-none")}
        with process(*WORK, environment=told, log=self.folder / "work.log"):
            wait_until(condition)


@pytest.fixture
def killer(tmp_path: Path) -> Killer:
    return Killer(tmp_path)


def test_killed_while_it_takes_a_notice_nothing_is_half_paid(
    open_signing_province: Province, killer: Killer
) -> None:
    p = open_signing_province
    dossier = p.accepted()
    Paper.objects.update(state="ready")
    order = order_of(p, dossier)
    entry = paid_at_bank(order, p)
    killer.kill(*ACT, "notice", entry.reference, at="notice")
    assert not Payment.objects.exists()
    assert FeeItem.objects.get(dossier=dossier).paid_at is None
    assert not Paper.objects.filter(form="fee_receipt").exists()
    assert PaymentOrder.objects.get().state == "open"
    check_books(dossier)
    # The provider had no answer, so it says it again, and once more.
    assert [noticed(entry) for _ in range(2)] == ["recorded", "repeated"]
    assert Paper.objects.get(form="fee_receipt").number == "01/BLPLP"
    check_books(dossier)

    # And the worker that draws the receipt is killed, too.
    killer.kill(*WORK, at="draw")
    assert Paper.objects.get(form="fee_receipt").file_id is None
    killer.work_until(lambda: Paper.objects.get(form="fee_receipt").state == "ready")
    receipt = Paper.objects.get(form="fee_receipt")
    assert receipt.number == "01/BLPLP"
    with open_content(receipt.file_id) as stream:
        # The worker that sealed it goes by the clock on the wall.
        assert validate_pdf(stream.read(), now=timezone.now()).verdict == "valid"
    assert SampleBankEntry.objects.filter(kind="pay").count() == Payment.objects.count() == 1
    check_books(dossier)


@pytest.mark.parametrize("at", ["export", "join"])
def test_killed_in_an_export_it_goes_on_and_no_row_stands_twice(
    open_province: Province, killer: Killer, at: str
) -> None:
    p = open_province
    codes = [p.accepted().code for _ in range(7)]
    Paper.objects.update(state="ready")
    kept = onestop.kept_filter(onestop.DossierFilter(today=p.now.date()))
    onestop.ask_export("dossiers", form="xlsx", title="Danh sách", parameters=kept, by=p.clerk, now=p.now)
    killer.kill(*WORK, at=at)
    export = Export.objects.get()
    # One part of three rows is kept while the second was being made; all three when they were joined.
    assert (export.state, export.rows_done) == ("running", 3 if at == "export" else 7)
    assert ExportPart.objects.count() == (1 if at == "export" else 3)
    assert export.file_id is None
    killer.work_until(lambda: Export.objects.get().state == "ready")
    export = Export.objects.get()
    with open_content(export.file_id) as stream:
        sheet = load_workbook(io.BytesIO(stream.read()), read_only=True).active
        rows = [row[0] for row in sheet.iter_rows(min_row=3, values_only=True)]
    assert rows == codes[::-1]
    assert not ExportPart.objects.exists()
    assert File.objects.filter(name__endswith=".xlsx").count() == 1


def signatures_of(result: Result, p: Province) -> list[Any]:
    with open_content(result.file_id) as stream:
        report = validate_pdf(stream.read(), now=p.now)
    assert report.verdict == "valid"
    return list(report.signatures)


def test_killed_while_signing_a_result_is_signed_and_numbered_once(
    open_signing_province: Province, killer: Killer
) -> None:
    p = open_signing_province
    dossier = p.accepted()
    drafted(p, dossier)
    step = p.open_step(dossier, "ky")
    killer.kill(*ACT, "sign", str(step.pk), at="sign")
    result = Result.objects.get()
    assert (result.state, result.signer_name, result.signed_at) == ("draft", "", None)
    assert StepRun.objects.get(pk=step.pk).state == "open"
    assert not AuditEntry.objects.filter(verb="result.signed").exists()
    check_whole(dossier.id)
    p.walk(dossier, "ky")
    result.refresh_from_db()
    assert len(signatures_of(result, p)) == 1
    check_whole(dossier.id)

    step = p.open_step(dossier, "phat_hanh")
    killer.kill(*ACT, "issue", str(step.pk), at="issue")
    assert Result.objects.get().state == "signed"
    assert not NumberTaken.objects.exists()
    assert Dossier.objects.get(pk=dossier.pk).state == "processing"
    check_whole(dossier.id)
    p.walk(dossier, "phat_hanh")
    result.refresh_from_db()
    assert (result.state, result.number) == ("issued", "01/GCN-HKD")
    assert NumberTaken.objects.count() == NumberBook.objects.get(notation="GCN-HKD").last == 1
    assert len(signatures_of(result, p)) == 2
    check_whole(dossier.id)
