"""Apologies for lateness (form 04): before the due date once, and for each dossier that is late."""

import datetime as dt
from decimal import Decimal

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.actions.models import AuditEntry
from dinh.foundation.files.public import open_content
from dinh.foundation.notify.models import Notice
from dinh.foundation.signing.public import validate_pdf
from dinh.kernel.clocks import (
    AlreadyExtended,
    ClockEvent,
    ClockPolicy,
    Limit,
    TooLateToExtend,
    extension_until,
    read_clock,
)
from dinh.kernel.errors import NotAllowed, NotFound
from dinh.kernel.worktime import standard_calendar
from dinh.onestop.models import Apology, ClockRecord, Paper, WorkItem
from dinh.onestop.public import (
    access_paper_file,
    apology_page,
    apology_view,
    decline_apology,
    propose_apology,
    send_apology,
    withdraw,
)
from dinh.onestop.queries.clocks import dossier_reading
from dinh.onestop.rules.apologies import (
    AlreadyApologised,
    ApologyNotProposed,
    NewDateMissing,
    NewDateWrong,
    NotBeingHandled,
    new_due_moment,
)
from dinh.onestop.rules.checks import NeedsReason
from tests.onestop.conftest import NOW, check_whole

# Three working days from Monday 08:00: due on Thursday 19 November.
NEW_DAY = dt.date(2026, 11, 23)
CLOSING = dt.datetime(2026, 11, 23, 17, 0, tzinfo=NOW.tzinfo)


def send(p, dossier, *, by=None, on=NEW_DAY, reason="Chờ xác minh thực địa 100 % do mưa lũ."):
    return send_apology(dossier, reason=reason, new_due_on=on, by=by or p.deputy, now=p.now)


def propose(p, dossier, *, by=None, on=NEW_DAY, reason="Chờ xác minh."):
    return propose_apology(dossier, reason=reason, new_due_on=on, by=by or p.specialist, now=p.now)


def notices():
    return list(Notice.objects.all())


def words_of(paper):
    with open_content(paper.file_id) as stream:
        content = stream.read()
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))
    return content, " ".join(text.split())


def test_a_letter_at_least_a_day_before_moves_the_due_date_and_tells_everybody(signing_province, run_jobs):
    """Law: NĐ 61/2018 Điều 19 khoản 9 ý 1
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/xin-loi/
    Law: NĐ 61/2018 Điều 19 khoản 9 ý 3
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/xin-loi/
    Law: TT 01/2018 Điều 9 Mẫu 04
    Screen: /lam-viec/van-ban/<uuid:paper_id>/
    Law: TT 01/2018 Điều 10 ý 3
    Screen: /lam-viec/van-ban/<uuid:paper_id>/
    """
    p = signing_province
    dossier = p.accepted()
    p.now = NOW + dt.timedelta(days=2)
    apology = send(p, dossier)
    dossier.refresh_from_db()
    assert dossier.due_at == CLOSING
    assert (apology.kind, apology.state) == ("extension", "sent")
    check_whole(dossier.id)
    assert WorkItem.objects.get(dossier=dossier).dossier_due_at == CLOSING
    explained = [str(line.text) for line in dossier_reading(dossier, now=p.now).explanation]
    assert any("gia hạn thêm" in line and "mưa lũ" in line for line in explained)
    with pytest.raises(NotFound):
        access_paper_file(p.citizen, apology.paper_id)
    run_jobs()
    paper = Paper.objects.get(dossier=dossier, form="apology")
    assert access_paper_file(p.citizen, apology.paper_id) == paper.file
    assert paper.number == "01/PXL"
    content, words = words_of(paper)
    assert [one.verdict for one in validate_pdf(content, now=p.now).signatures] == ["valid", "valid"]
    for said in (
        "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ",
        dossier.applicant_name,
        dossier.code,
        "08 giờ 00 phút, ngày 19 tháng 11 năm 2026",
        "17 giờ 00 phút, ngày 23 tháng 11 năm 2026",
        "Chờ xác minh thực địa 100 % do mưa lũ.",
        "KT. CHỦ TỊCH",
        p.deputy.name,
    ):
        assert said in words, said
    told = {(one.template, one.person_id) for one in notices()}
    assert ("apology.sent", p.citizen.person_id) in told
    assert ("apology.sent_to_desk", p.clerk.person_id) in told


def test_a_date_is_put_off_only_once(signing_province):
    """Law: NĐ 61/2018 Điều 19 khoản 9 ý 2
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/xin-loi/
    """
    p = signing_province
    dossier = p.accepted()
    send(p, dossier)
    with pytest.raises(AlreadyExtended):
        send(p, dossier, on=dt.date(2026, 11, 27))
    assert ClockRecord.objects.filter(dossier=dossier, kind="extended").count() == 1


def test_on_the_due_date_it_is_too_late_to_put_it_off(province):
    """Law: NĐ 61/2018 Điều 19 khoản 9 ý 1
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/xin-loi/
    """
    p = province
    dossier = p.accepted()
    p.now = NOW + dt.timedelta(days=3, hours=-1)
    with pytest.raises(TooLateToExtend):
        propose(p, dossier)
    assert str(apology_view(dossier, by=p.specialist, now=p.now).refused).startswith("Đã quá thời điểm")


def test_a_late_dossier_gets_its_letter_and_stays_late(signing_province):
    """Law: NĐ 61/2018 Điều 19 khoản 9 ý 1
    Screen: /lam-viec/xin-loi/
    """
    p = signing_province
    dossier = p.accepted()
    due = dossier.due_at
    p.now = NOW + dt.timedelta(days=4)
    assert [row.dossier_id for row in apology_page(p.clerk, "qua-han", now=p.now).rows] == [dossier.id]
    assert not apology_page(p.other_commune, "qua-han", now=p.now).rows
    apology = send(p, dossier, on=dt.date(2026, 11, 25))
    assert apology.kind == "late"
    dossier.refresh_from_db()
    assert dossier.due_at == due
    assert dossier_reading(dossier, now=p.now).timeliness == "overdue"
    check_whole(dossier.id)
    assert not apology_page(p.clerk, "qua-han", now=p.now).rows
    assert [row.dossier_id for row in apology_page(p.clerk, "da-gui", now=p.now).rows] == [dossier.id]
    with pytest.raises(AlreadyApologised):
        send(p, dossier, on=dt.date(2026, 11, 27))
    p.now = NOW + dt.timedelta(days=10)
    assert [row.dossier_id for row in apology_page(p.clerk, "qua-han", now=p.now).rows] == [dossier.id]
    send(p, dossier, on=dt.date(2026, 12, 1))
    assert Paper.objects.filter(dossier=dossier, form="apology").count() == 2


def test_a_proposal_waits_for_the_leader_and_is_not_the_letter(province):
    p = province
    dossier = p.accepted()
    propose(p, dossier)
    propose(p, dossier, reason="Chờ xác minh lần nữa.")
    assert Apology.objects.get().reason == "Chờ xác minh lần nữa."
    before = dossier.due_at
    dossier.refresh_from_db()
    assert dossier.due_at == before
    assert [row.reason for row in apology_page(p.deputy, "cho-ky", now=p.now).rows] == [
        "Chờ xác minh lần nữa."
    ]
    assert ("apology.proposed", p.deputy.person_id) in {(one.template, one.person_id) for one in notices()}
    with pytest.raises(NeedsReason):
        decline_apology(dossier, answer=" ", by=p.deputy, now=p.now)
    decline_apology(dossier, answer="Làm thêm giờ cho kịp.", by=p.deputy, now=p.now)
    assert Apology.objects.get().state == "declined"
    with pytest.raises(ApologyNotProposed):
        decline_apology(dossier, answer="Lần nữa", by=p.deputy, now=p.now)
    assert not Paper.objects.filter(form="apology").exists()


@pytest.mark.parametrize(
    ("on", "error", "words"),
    [
        (None, NewDateMissing, "dạng ngày/tháng/năm"),
        (dt.date(2026, 11, 19), NewDateWrong, "phải sau ngày hẹn cũ"),
        (dt.date(2026, 11, 22), NewDateWrong, "ngày nghỉ"),
        (dt.date(2028, 1, 3), NewDateWrong, "một năm"),
    ],
)
def test_a_new_date_that_cannot_be_kept_is_refused_at_its_place(province, on, error, words):
    p = province
    dossier = p.accepted()
    with pytest.raises(error) as refused:
        propose(p, dossier, on=on)
    assert words in str(refused.value)
    assert refused.value.field == "new_due_on"
    with pytest.raises(NeedsReason):
        propose(p, dossier, reason=" ")
    assert not Apology.objects.exists()


def test_without_a_running_clock_there_is_nothing_to_put_off(province):
    p = province
    dossier = p.submitted()
    with pytest.raises(NotBeingHandled):
        propose(p, dossier, by=p.clerk)
    withdraw(dossier, reason="", by=p.citizen, now=p.now)
    with pytest.raises(NotBeingHandled):
        propose(p, dossier, by=p.clerk)


def test_only_who_signs_for_the_agency_sends_and_only_who_takes_part_proposes(province):
    p = province
    dossier = p.accepted()
    before = AuditEntry.objects.count()
    for by in (p.specialist, p.clerk, p.records, p.other_commune, p.citizen):
        with pytest.raises(NotAllowed):
            send(p, dossier, by=by)
        with pytest.raises(NotAllowed):
            decline_apology(dossier, answer="Không", by=by, now=p.now)
    for by in (p.other_commune, p.records, p.citizen):
        with pytest.raises(NotAllowed):
            propose(p, dossier, by=by)
    assert AuditEntry.objects.count() == before


@given(minutes=st.integers(0, 3 * 24 * 60), days=st.integers(1, 40))
def test_the_new_due_moment_is_the_closing_of_the_chosen_day_to_the_microsecond(minutes, days):
    """What is recorded as working hours comes back as the very moment, whatever the time of acceptance."""
    calendar = standard_calendar()
    at = NOW + dt.timedelta(minutes=minutes, microseconds=minutes * 7919)
    limit, policy = Limit.of(3, "working_days"), ClockPolicy()
    started = ClockEvent(kind="started", at=at)
    reading = read_clock([started], limit=limit, calendar=calendar, policy=policy, now=at)
    on = calendar.local_date(reading.due_at) + dt.timedelta(days=days)
    try:
        moment = new_due_moment(reading, on)
    except NewDateWrong:
        return
    kept = round(Decimal(extension_until(reading, moment).amount), 12)
    extended = ClockEvent(kind="extended", at=at, reason="x", amount=Limit(kept, "hours"))
    after = read_clock([started, extended], limit=limit, calendar=calendar, policy=policy, now=at)
    assert after.due_at == moment == calendar.closing_of(on)
