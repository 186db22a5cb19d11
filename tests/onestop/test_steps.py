"""Steps: taken, given back, ended; parallel branches and their join; the clock after a calendar's change."""

import datetime as dt

import pytest

from dinh.foundation.actions.public import system
from dinh.foundation.calendars.models import Calendar
from dinh.foundation.calendars.public import declare_day, publish_calendar
from dinh.kernel.errors import NotAllowed, Refused
from dinh.onestop.models import Dossier, StepRun, TimelineEntry, WorkItem
from dinh.onestop.public import (
    accept,
    ask_supplement,
    claim,
    complete,
    draft_version,
    get_procedure,
    publish_version,
    refresh_open_clocks,
    release,
    start_draft,
    submit,
)
from dinh.onestop.rules.checks import NeedsDraft, NeedsReason, NotThisKindOfStep, StepWaiting
from dinh.onestop.rules.graph import OutcomeUnknown
from dinh.onestop.rules.returns import NeedsPlace
from tests.onestop.conftest import ANSWERS, NOW, check_whole
from tests.onestop.making import ENDING, RECEIVING, plain, step


def criminal_record(p):
    answers, agency = ANSWERS["2.000488"]
    return p.accepted(code="2.000488", agency=agency, answers=answers)


def open_keys(dossier):
    return set(StepRun.objects.filter(dossier=dossier, state="open").values_list("key", flat=True))


def test_a_claimed_step_is_its_takers_until_given_back(province):
    p = province
    dossier = p.accepted()
    step = p.open_step(dossier, "tham_dinh")
    claim(step, by=p.specialist, now=p.now)
    item = WorkItem.objects.get(step=step)
    assert (item.holder_id, item.holder_name) == (p.specialist.position_id, p.specialist.name)
    claim(step, by=p.specialist, now=p.now)
    release(step, by=p.specialist, now=p.now)
    item.refresh_from_db()
    assert item.holder_id is None
    check_whole(dossier.id)


def test_a_step_ends_only_with_what_it_offers_and_needs(province):
    p = province
    dossier = p.accepted()
    step = p.open_step(dossier, "tham_dinh")
    by, now = p.specialist, p.now
    with pytest.raises(OutcomeUnknown):
        complete(step, outcome_key="bay_len_trang", note="", by=by, now=now)
    with pytest.raises(NeedsDraft):
        complete(step, outcome_key="trinh_duyet", note="", by=by, now=now)
    with pytest.raises(NeedsReason):
        complete(step, outcome_key="de_nghi_tu_choi", note="  ", by=by, now=now)
    complete(step, outcome_key="xin_xac_nhan", note="", by=by, now=now)
    with pytest.raises(Refused):
        complete(step, outcome_key="xin_xac_nhan", note="", by=by, now=now)
    with pytest.raises(Refused):
        claim(step, by=by, now=now)
    assert open_keys(dossier) == {"xac_nhan_xa"}
    check_whole(dossier.id)


def test_a_step_waits_while_the_citizen_completes_the_dossier(province):
    p = province
    dossier = p.accepted()
    ask_supplement(dossier, items=[{"text": "Ảnh rõ"}], reason="Mờ", contact="", by=p.specialist, now=p.now)
    step = p.open_step(dossier, "tham_dinh")
    with pytest.raises(StepWaiting):
        complete(step, outcome_key="xin_xac_nhan", note="", by=p.specialist, now=p.now)


def test_a_signing_step_is_not_ended_by_hand(province):
    p = province
    dossier = p.accepted()
    p.walk(dossier, "tham_dinh:trinh_duyet", "duyet:trinh_ky")
    step = p.open_step(dossier, "ky")
    with pytest.raises(NotThisKindOfStep):
        complete(step, outcome_key="da_ky", note="", by=p.deputy, now=p.now)
    p.walk(dossier, "ky:tra_lai", "lap_ket_qua:trinh_duyet", "duyet:trinh_ky")
    assert open_keys(dossier) == {"ky"}
    check_whole(dossier.id)


def test_a_returned_step_goes_back_to_whoever_did_it(province):
    p = province
    dossier = p.accepted()
    p.walk(dossier, "tham_dinh:trinh_duyet")
    with pytest.raises(NeedsReason):
        complete(p.open_step(dossier, "duyet"), outcome_key="tra_lai", note="", by=p.head, now=p.now)
    with pytest.raises(NeedsPlace):
        complete(p.open_step(dossier, "duyet"), outcome_key="tra_lai", note="Sai vốn", by=p.head, now=p.now)
    p.walk(dossier, "duyet:tra_lai")
    first = StepRun.objects.get(dossier=dossier, key="tham_dinh")
    again = p.open_step(dossier, "lap_ket_qua")
    assert again.holder_id == first.holder_id is not None
    assert WorkItem.objects.get(step=again).holder_id == first.holder_id


def test_the_commune_sees_the_dossier_from_its_step_on(province):
    p = province
    dossier = p.accepted()
    p.walk(dossier, "tham_dinh:xin_xac_nhan")
    step = p.open_step(dossier, "xac_nhan_xa")
    with pytest.raises(NotAllowed):
        complete(step, outcome_key="dong_y", note="", by=p.other_commune, now=p.now)
    complete(step, outcome_key="dong_y", note="Đúng địa chỉ.", by=p.commune, now=p.now)
    assert open_keys(dossier) == {"lap_ket_qua"}


@pytest.mark.parametrize("order", [("cong_an", "tra_cuu"), ("tra_cuu", "cong_an")])
def test_two_branches_run_side_by_side_and_meet_once(province, order):
    """NĐ 61/2018/NĐ-CP Art. 19.6.b: agencies of one level are asked in parallel.

    Law: NĐ 61/2018 Điều 19 khoản 6 điểm b
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/
    """
    p = province
    dossier = criminal_record(p)
    assert open_keys(dossier) == {"cong_an", "tra_cuu"}
    p.walk(dossier, order[0])
    assert open_keys(dossier) == {order[1]}
    check_whole(dossier.id)
    p.walk(dossier, order[1])
    assert open_keys(dossier) == {"lap_phieu"}
    assert StepRun.objects.filter(dossier=dossier, key="lap_phieu").count() == 1
    looked_up = StepRun.objects.get(dossier=dossier, key="tra_cuu")
    assert p.open_step(dossier, "lap_phieu").holder_id == looked_up.holder_id
    check_whole(dossier.id)


def test_a_branch_that_ends_for_itself_lets_the_join_open(province):
    p = province
    steps = [
        step("nhan", "receive", "a+b", **RECEIVING),
        step("a", "handle", "gop"),
        step("b", "consult", "gop", ""),
        step("gop", "handle", "ky", joins=True),
        *ENDING,
    ]
    editor, publisher = p.actor("soan.thutuc"), p.actor("congbo.thutuc")
    publish_version(draft_version(plain(steps), by=editor, now=p.now), by=publisher, now=p.now)
    draft = start_draft(
        get_procedure("9.000001"),
        answers={"ten": "Thử"},
        agency_id=p.unit("H99.31.011").id,
        by=p.citizen,
        now=p.now,
    )
    dossier = submit(draft, by=p.citizen, now=p.now)
    dossier = accept(dossier, by=p.who(StepRun.objects.get(dossier=dossier)), now=p.now)
    p.walk(dossier, "a:h0")
    assert open_keys(dossier) == {"b"}
    p.now += dt.timedelta(hours=1)
    p.walk(dossier, "b:h1")
    assert open_keys(dossier) == {"gop"}
    check_whole(dossier.id)


def declare_off(p, on):
    calendar = Calendar.objects.get(unit=None)
    declare_day(calendar, on=on, kind="off", label="Nghỉ bù bão", basis="QĐ thử", by=system("test"))
    publish_calendar(calendar, by=system("test"))


def test_a_day_off_announced_tomorrow_moves_what_is_due_and_says_so(province):
    p = province
    dossier = p.accepted()
    assert dossier.due_at == NOW + dt.timedelta(days=3)
    step_due = p.open_step(dossier, "tham_dinh").due_at
    declare_off(p, NOW.date() + dt.timedelta(days=1))
    refresh_open_clocks(None, by=system("test"), now=p.now)
    dossier.refresh_from_db()
    assert dossier.due_at == NOW + dt.timedelta(days=4)
    assert p.open_step(dossier, "tham_dinh").due_at == step_due
    line = TimelineEntry.objects.filter(dossier=dossier).latest("id")
    assert "Lịch làm việc thay đổi" in line.sentence
    assert line.values["before"] == "08:00 19/11/2026"
    assert line.values["after"] == "08:00 20/11/2026"
    check_whole(dossier.id)
    count = TimelineEntry.objects.count()
    refresh_open_clocks(None, by=system("test"), now=p.now)
    assert TimelineEntry.objects.count() == count


def test_a_finished_dossier_keeps_its_due_moment(province):
    p = province
    dossier = p.accepted()
    p.walk(dossier, "tham_dinh:de_nghi_tu_choi", "duyet_tu_choi:dong_y_tu_choi", "thong_bao_tu_choi")
    due_at = Dossier.objects.get(pk=dossier.pk).due_at
    declare_off(p, NOW.date() + dt.timedelta(days=1))
    refresh_open_clocks(None, by=system("test"), now=p.now)
    assert Dossier.objects.get(pk=dossier.pk).due_at == due_at
