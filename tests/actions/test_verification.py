"""Proofs of the audit log from a screen: asked for, followed, kept; a broken log is loud."""

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.test import Client

from dinh.foundation.actions.actions import verification as proving
from dinh.foundation.actions.actions.verification import (
    AlreadyVerifying,
    AnchorsUnreadable,
    ask_verification,
    conclude_verification,
    note_verified,
    run_verification,
)
from dinh.foundation.actions.models import AuditSeal, AuditVerification
from dinh.foundation.actions.public import Verification, seal_entries, system, visitor
from dinh.foundation.actions.queries.sealed import last_anchor
from dinh.foundation.actions.tasks import prove_audit_nightly, verify_audit_log
from dinh.kernel.errors import NotAllowed
from dinh.website.health import examine
from tests.acting import act_as, without_sign_in
from tests.actions.test_log import WATCH, official, text, write
from tests.actions.test_seal import tamper

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/quan-tri/nhat-ky/niem-phong/"
NOW = dt.datetime(2026, 11, 21, 8, 0, tzinfo=dt.UTC)
SYSTEM = system("test")


@pytest.fixture(autouse=True)
def key_dir(tmp_path, settings):
    settings.KEY_DIR = tmp_path / "keys"
    return settings.KEY_DIR


@pytest.fixture
def client(settings) -> Iterator[Client]:
    settings.MIDDLEWARE = without_sign_in(settings.MIDDLEWARE)
    act_as(WATCH)
    yield Client(raise_request_exception=False)
    act_as(None)


def sealed(count: int = 3, at: dt.datetime = NOW) -> None:
    write(count)
    seal_entries(now=at)


def proved(**more) -> AuditVerification:
    row = ask_verification(by=WATCH, now=NOW, **more)
    run_verification(row.pk, by=SYSTEM)
    row.refresh_from_db()
    return row


def health_of(code: str) -> bool:
    return next(finding.is_well for check, finding in examine() if check.code == code)


def test_an_intact_log_is_said_to_be_intact_and_the_proof_is_kept(client: Client) -> None:
    sealed()
    assert "chưa được kiểm tra lần nào" in text(client.get(PAGE))
    answer = client.post(f"{PAGE}kiem-tra/")
    row = AuditVerification.objects.get()
    assert answer["Location"] == f"{PAGE}kiem-tra/{row.pk}/"
    assert "Đang chờ đến lượt kiểm tra" in text(client.get(answer["Location"]))
    verify_audit_log(verification_id=str(row.pk))
    row.refresh_from_db()
    assert (row.state, row.seals, row.faults) == ("intact", 1, [])
    assert row.entries >= 3
    shown = text(client.get(answer["Location"]))
    assert "Nhật ký nguyên vẹn" in shown
    assert row.last_anchor in shown
    page = text(client.get(PAGE))
    assert "Lê Thị Giám Sát" in page
    assert "mọi dòng đúng như khi niêm phong" in page
    assert health_of("audit")


def test_a_broken_log_is_loud(client: Client) -> None:
    sealed()
    (first, *_rest) = AuditSeal.objects.get().ranges
    tamper("UPDATE actions_auditentry SET actor_name = 'Kẻ khác' WHERE id = %s", first)
    row = proved()
    assert row.state == "broken"
    assert row.faults[0] == ["Dòng nhật ký bị sửa", first, 1]
    shown = client.get(f"{PAGE}kiem-tra/{row.pk}/")
    assert "Nhật ký đã bị thay đổi sau khi niêm phong" in text(shown)
    assert f"/quan-tri/nhat-ky/{first}/" in shown.content.decode()
    assert "Xem chỗ bị thay đổi" in text(client.get(PAGE))
    assert not health_of("audit")
    assert '"audit": "failed"' in client.get("/health/ready").content.decode()


def test_missing_seals_are_counted_on_their_day_and_found(client: Client) -> None:
    for minute in range(4):
        sealed(1, NOW + dt.timedelta(minutes=minute))
    tamper("DELETE FROM actions_auditseal WHERE number = 2")
    page = text(client.get(f"{PAGE}?thang=2026-11"))
    assert "21/11/2026 3 thiếu 1 1 – 4 3 15:03" in page
    assert ["Con dấu bị xoá", 0, 2] in proved().faults
    day = text(client.get(f"{PAGE}?ngay=2026-11-21"))
    assert "15:00 21/11/2026" in day
    assert "Tháng này không có con dấu nào" in text(client.get(f"{PAGE}?thang=2020-01"))
    assert "Ngày này không có con dấu nào" in text(client.get(f"{PAGE}?ngay=2020-01-01"))


def test_a_mark_kept_elsewhere_is_compared(client: Client) -> None:
    sealed()
    anchor = last_anchor()
    assert proved(anchors=anchor).state == "intact"
    other = anchor.split()
    other[2] = "0" * 64
    refused = client.post(f"{PAGE}kiem-tra/", {"moc": "dòng lạ"})
    assert refused.status_code == 422
    assert "Không đọc được mốc nào" in text(refused)
    assert "dòng lạ" in refused.content.decode()
    with pytest.raises(AnchorsUnreadable):
        ask_verification(anchors=f"{anchor}\nx", by=WATCH, now=NOW)
    assert proved(anchors=" ".join(other)).faults == [["Con dấu khác với mốc ngoài", 0, 1]]


def test_one_proof_runs_at_a_time_and_the_nightly_one_gives_way(client: Client) -> None:
    sealed()
    prove_audit_nightly()
    assert AuditVerification.objects.get().asked_by == ""
    assert "Hệ thống, theo lịch" in text(client.get(PAGE))
    with pytest.raises(AlreadyVerifying):
        ask_verification(by=WATCH, now=NOW)
    assert client.post(f"{PAGE}kiem-tra/").status_code == 409
    prove_audit_nightly()
    assert AuditVerification.objects.count() == 1


def test_a_killed_proof_is_begun_anew(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed()
    monkeypatch.setattr(proving, "TOLD_EVERY", 0)
    noted = proving.note_verified
    seen = []

    def dying(row, **more):
        seen.append(more["entries"])
        if len(seen) == 2:
            raise RuntimeError("killed")
        return noted(row, **more)

    monkeypatch.setattr(proving, "note_verified", dying)
    row = ask_verification(by=WATCH, now=NOW)
    with pytest.raises(RuntimeError):
        run_verification(row.pk, by=SYSTEM)
    page = text(client.get(f"{PAGE}kiem-tra/{row.pk}/"))
    assert "Đang kiểm tra" in page
    run_verification(row.pk, by=SYSTEM)
    row.refresh_from_db()
    assert row.state == "intact"
    moved = client.get(f"{PAGE}kiem-tra/{row.pk}/", headers={"HX-Request": "true", "HX-Target": "dang-lam"})
    assert moved["HX-Refresh"] == "true"
    run_verification(row.pk, by=SYSTEM)
    assert AuditVerification.objects.get().ended_at == row.ended_at


def test_only_who_reads_the_whole_log_proves_it(client: Client) -> None:
    for by in (visitor(), official("unit", "audit.read"), official("province", "outbox.resend")):
        with pytest.raises(NotAllowed):
            ask_verification(by=by, now=NOW)
    act_as(official("unit", "audit.read"))
    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}kiem-tra/").status_code == 403
    assert client.get(f"{PAGE}kiem-tra/{UUID(int=1)}/").status_code == 403
    act_as(WATCH)
    assert client.get(f"{PAGE}kiem-tra/{UUID(int=1)}/").status_code == 404


def test_only_the_house_says_what_a_proof_found() -> None:
    row = ask_verification(by=WATCH, now=NOW)
    with pytest.raises(NotAllowed):
        note_verified(row, entries=1, seals=1, total=1, by=WATCH)
    with pytest.raises(NotAllowed):
        conclude_verification(row, found=Verification(), by=WATCH, now=NOW)
