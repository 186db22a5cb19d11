"""Taking back one's own last act: within the window, while nobody relies on it; the log keeps both."""

import datetime as dt

import pytest

from dinh.foundation.actions.models import AuditEntry
from dinh.kernel.clocks import ClockState
from dinh.kernel.errors import NotAllowed
from dinh.onestop.models import Dossier, StepReturn, StepRun, WorkItem
from dinh.onestop.public import assign, claim, complete, dossier_card, draft_result, release, undo
from dinh.onestop.queries.clocks import step_reading
from dinh.onestop.rules.undoing import NothingToUndo, TooLateToUndo
from tests.onestop.colleagues import colleague
from tests.onestop.conftest import check_whole
from tests.onestop.test_steps import criminal_record, open_keys


def forwarded(p):
    dossier = p.accepted()
    step = p.open_step(dossier, "tham_dinh")
    claim(step, by=p.specialist, now=p.now)
    p.now += dt.timedelta(minutes=30)
    complete(step, outcome_key="xin_xac_nhan", note="Nhầm", by=p.specialist, now=p.now)
    p.now += dt.timedelta(minutes=2)
    return Dossier.objects.get(pk=dossier.pk), StepRun.objects.get(pk=step.pk)


def test_a_step_forwarded_by_mistake_is_put_back(province):
    p = province
    dossier, step = forwarded(p)
    undo(step, by=p.specialist, now=p.now)
    step.refresh_from_db()
    assert (step.state, step.outcome, step.note, step.done_at) == ("open", "", "", None)
    assert step.holder_id == p.specialist.position_id
    assert open_keys(dossier) == {"tham_dinh"}
    assert StepRun.objects.get(dossier=dossier, key="xac_nhan_xa").state == "cancelled"
    assert step_reading(step, now=p.now).state == ClockState.RUNNING
    verbs = list(
        AuditEntry.objects.filter(subject_id=str(step.id)).order_by("id").values_list("verb", flat=True)
    )
    assert verbs == ["step.claimed", "step.completed", "step.act_undone"]
    check_whole(dossier.id)
    p.walk(dossier, "tham_dinh:xin_xac_nhan", "xac_nhan_xa:dong_y")
    assert open_keys(dossier) == {"lap_ket_qua"}
    check_whole(dossier.id)


def test_what_somebody_went_on_from_stays(province):
    p = province
    dossier, step = forwarded(p)
    claim(p.open_step(dossier, "xac_nhan_xa"), by=p.commune, now=p.now)
    with pytest.raises(NothingToUndo):
        undo(step, by=p.specialist, now=p.now)
    check_whole(dossier.id)


def test_another_does_not_take_back_what_they_did_not_do(province):
    p = province
    dossier, step = forwarded(p)
    with pytest.raises(NothingToUndo):
        undo(step, by=p.head, now=p.now)
    with pytest.raises(NotAllowed):
        undo(step, by=p.other_commune, now=p.now)
    assert dossier_card(dossier, by=p.head, now=p.now).undoable is None


def test_the_window_closes(province, settings):
    p = province
    dossier, step = forwarded(p)
    at = AuditEntry.objects.filter(subject_id=str(step.id)).latest("id").at
    within, after = at + dt.timedelta(minutes=5), at + dt.timedelta(minutes=5, seconds=1)
    assert dossier_card(dossier, by=p.specialist, now=within).undoable.step_id == step.id
    assert dossier_card(dossier, by=p.specialist, now=after).undoable is None
    with pytest.raises(TooLateToUndo):
        undo(step, by=p.specialist, now=after)
    settings.UNDO_MINUTES = 10
    undo(step, by=p.specialist, now=after)


def test_taking_and_giving_are_put_back_as_they_were(province):
    p = province
    step = p.open_step(p.accepted(), "tham_dinh")
    other = colleague(p)
    claim(step, by=p.specialist, now=p.now)
    undo(step, by=p.specialist, now=p.now)
    assert WorkItem.objects.get(step=step).holder_id is None
    claim(step, by=p.specialist, now=p.now)
    assign(step, position_id=other.position_id, by=p.head, now=p.now)
    undo(step, by=p.head, now=p.now)
    item = WorkItem.objects.get(step=step)
    assert (item.holder_id, item.holder_name) == (p.specialist.position_id, p.specialist.name)
    release(step, by=p.specialist, now=p.now)
    undo(step, by=p.specialist, now=p.now)
    assert WorkItem.objects.get(step=step).holder_id == p.specialist.position_id
    with pytest.raises(NothingToUndo):
        undo(step, by=p.specialist, now=p.now)
    check_whole(step.dossier_id)


def test_a_return_that_was_undone_does_not_count(province):
    p = province
    dossier = p.accepted()
    p.walk(dossier, "tham_dinh:trinh_duyet", "duyet:tra_lai")
    review = StepRun.objects.get(dossier=dossier, key="duyet")
    undo(review, by=p.head, now=p.now)
    assert StepReturn.objects.get(dossier=dossier).state == "undone"
    p.now += dt.timedelta(minutes=1)
    p.walk(dossier, "duyet:tra_lai")
    check_whole(dossier.id)


def test_a_draft_or_a_signature_that_followed_keeps_it(signing_province):
    p = signing_province
    dossier = p.accepted()
    p.walk(dossier, "tham_dinh:trinh_duyet", "duyet:trinh_ky", "ky")
    for key in ("tham_dinh", "duyet", "ky"):
        step = StepRun.objects.get(dossier=dossier, key=key)
        for by in (p.specialist, p.head, p.deputy):
            with pytest.raises((NothingToUndo, NotAllowed)):
                undo(step, by=by, now=p.now)
    check_whole(dossier.id)


def test_a_join_that_opened_closes_again_and_opens_once(province):
    p = province
    dossier = criminal_record(p)
    p.walk(dossier, "cong_an")
    p.now += dt.timedelta(minutes=1)
    last = p.open_step(dossier, "tra_cuu")
    by = p.who(last)
    p.walk(dossier, "tra_cuu")
    assert open_keys(dossier) == {"lap_phieu"}
    undo(StepRun.objects.get(pk=last.pk), by=by, now=p.now)
    assert open_keys(dossier) == {"tra_cuu"}
    p.now += dt.timedelta(minutes=1)
    p.walk(dossier, "tra_cuu")
    assert open_keys(dossier) == {"lap_phieu"}
    draft = p.open_step(dossier, "lap_phieu")
    draft_result(draft, content={}, by=p.who(draft), now=p.now)
    with pytest.raises(NothingToUndo):
        undo(StepRun.objects.get(pk=last.pk), by=by, now=p.now)
    check_whole(dossier.id)
