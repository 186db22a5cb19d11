"""Going back: with a reason and a place; the second time a superior says yes or no."""

import datetime as dt

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.actions.models import AuditEntry
from dinh.foundation.directory.models import RoleHolding
from dinh.foundation.notify.models import Notice
from dinh.kernel.errors import NotAllowed
from dinh.onestop.models import StepReturn, StepRun, TimelineEntry
from dinh.onestop.public import (
    WorkFilter,
    access_work,
    approve_return,
    ask_return,
    complete,
    decline_return,
    draft_result,
    places_of,
    returns_to_approve,
    work_list,
)
from dinh.onestop.queries.watching import troubles
from dinh.onestop.rules.checks import NeedsReason
from dinh.onestop.rules.returns import (
    AlreadyDecided,
    NeedsPlace,
    NobodyToApprove,
    NotAReturn,
    Place,
    ReturnAsked,
    ReturnNeedsApproval,
    check_return,
)
from tests.onestop.conftest import check_whole
from tests.onestop.drafting import whole_content
from tests.onestop.test_steps import open_keys


def went_back_once(p):
    """A dossier that stands with the head again after one return."""
    dossier = p.accepted()
    p.walk(dossier, "tham_dinh:trinh_duyet", "duyet:tra_lai", "lap_ket_qua:trinh_duyet")
    return dossier


def asked(p, dossier):
    step = p.open_step(dossier, "duyet")
    return ask_return(
        step, outcome_key="tra_lai", note="Còn sai vốn", about=["muc:von"], by=p.head, now=p.now
    )


def test_a_return_says_why_and_where(province):
    p = province
    dossier = p.accepted()
    p.walk(dossier, "tham_dinh:trinh_duyet")
    step = p.open_step(dossier, "duyet")
    for about in ([], ["muc:khong_co", "gt:", ""]):
        with pytest.raises(NeedsPlace):
            complete(step, outcome_key="tra_lai", note="Sai", about=about, by=p.head, now=p.now)
    complete(step, outcome_key="tra_lai", note="Sai", about=["muc:von", "kq"], by=p.head, now=p.now)
    row = StepReturn.objects.get(dossier=dossier)
    assert (row.reason, [place["key"] for place in row.about]) == ("Sai", ["kq", "muc:von"])
    assert open_keys(dossier) == {"lap_ket_qua"}
    check_whole(dossier.id)


def test_whose_step_came_back_is_told_and_the_list_marks_it_until_it_is_handed_on(province):
    p = province
    dossier = p.accepted()
    p.walk(dossier, "tham_dinh:trinh_duyet")
    marks = {one.step_name: one.came_back for one in work_list(p.head, WorkFilter(), now=p.now).page.rows}
    assert not any(marks.values())
    complete(
        p.open_step(dossier, "duyet"), outcome_key="tra_lai", note="Sai vốn", about=["muc:von"], by=p.head,
        now=p.now,
    )  # fmt: skip
    notice = Notice.objects.get(template="step.went_back")
    assert notice.person_id == p.specialist.person_id
    assert "Sai vốn" in notice.body
    assert notice.link == f"/lam-viec/ho-so/{dossier.id}/"
    step = p.open_step(dossier, "lap_ket_qua")
    assert access_work(p.specialist, step.id).came_back
    rows = work_list(p.specialist, WorkFilter(), now=p.now).page.rows
    assert [one.came_back for one in rows if one.dossier_id == dossier.id] == [True]
    by = p.specialist
    draft_result(step, content=whole_content(dossier), by=by, now=p.now)
    complete(step, outcome_key="trinh_duyet", note="", by=by, now=p.now + dt.timedelta(minutes=5))
    assert not access_work(p.head, p.open_step(dossier, "duyet").id).came_back


def test_a_second_return_needs_a_superior(province):
    p = province
    dossier = went_back_once(p)
    step = p.open_step(dossier, "duyet")
    with pytest.raises(ReturnNeedsApproval):
        complete(step, outcome_key="tra_lai", note="Sai nữa", about=["kq"], by=p.head, now=p.now)
    row = asked(p, dossier)
    assert open_keys(dossier) == {"duyet"}
    with pytest.raises(ReturnAsked):
        asked(p, dossier)
    # The head asked, so it is the committee's leader who decides, not the head themselves.
    assert [one.id for one in returns_to_approve(p.deputy)] == [row.id]
    assert returns_to_approve(p.head) == returns_to_approve(p.specialist) == []
    with pytest.raises(NotAllowed):
        approve_return(row, by=p.head, now=p.now)
    chairman = p.actor("chutich.dinhson")
    assert Notice.objects.filter(person_id=chairman.person_id, template="step.return_asked").count() == 1
    approve_return(row, by=p.deputy, now=p.now)
    assert open_keys(dossier) == {"lap_ket_qua"}
    assert Notice.objects.filter(person_id=p.head.person_id, template="step.return_decided").count() == 1
    assert AuditEntry.objects.filter(verb="return.approved", subject_id=str(row.id)).count() == 1
    assert StepRun.objects.filter(dossier=dossier, key="duyet").latest("id").holder_id == p.head.position_id
    with pytest.raises(AlreadyDecided):
        approve_return(row, by=p.deputy, now=p.now)
    check_whole(dossier.id)


def test_a_superior_says_no_and_why(province):
    p = province
    dossier = went_back_once(p)
    row = asked(p, dossier)
    with pytest.raises(NeedsReason):
        decline_return(row, answer=" ", by=p.deputy, now=p.now)
    decline_return(row, answer="Sửa ngay tại phòng", by=p.deputy, now=p.now)
    assert open_keys(dossier) == {"duyet"}
    line = TimelineEntry.objects.filter(dossier=dossier).latest("id")
    assert line.values == {"answer": "Sửa ngay tại phòng"}
    with pytest.raises(ReturnNeedsApproval):
        p.do(dossier, "duyet", "tra_lai")


def test_what_was_asked_lapses_when_the_step_goes_on(province):
    p = province
    dossier = went_back_once(p)
    row = asked(p, dossier)
    p.walk(dossier, "duyet:trinh_ky")
    assert returns_to_approve(p.deputy) == []
    with pytest.raises(AlreadyDecided):
        approve_return(row, by=p.deputy, now=p.now)
    check_whole(dossier.id)


def test_only_a_way_back_is_asked_for_with_reason_and_place(province):
    p = province
    dossier = went_back_once(p)
    step = p.open_step(dossier, "duyet")
    for outcome, note, about, why in (
        ("trinh_ky", "x", ["kq"], NotAReturn),
        ("tra_lai", " ", ["kq"], NeedsReason),
        ("tra_lai", "x", ["khac"], NeedsPlace),
    ):
        with pytest.raises(why):
            ask_return(step, outcome_key=outcome, note=note, about=about, by=p.head, now=p.now)


def test_places_are_the_result_each_paper_and_each_field(province):
    keys = [place.key for place in places_of(province.submitted().version.parts)]
    assert keys[0] == "kq"
    assert "gt:giay_to_phap_ly" in keys
    assert "muc:ten_ho" in keys
    assert len(keys) == len(set(keys))


@given(
    places=st.lists(st.builds(Place, st.text(), st.text())),
    returned=st.integers(0, 5),
    approved=st.booleans(),
)
def test_the_first_return_is_free_and_no_other(places, returned, approved):
    refused = None
    try:
        check_return(places=places, returned=returned, is_approved=approved)
    except (NeedsPlace, ReturnNeedsApproval) as error:
        refused = type(error)
    expected = NeedsPlace if not places else None
    if places and returned >= 1 and not approved:
        expected = ReturnNeedsApproval
    assert refused is expected


def others_leave(p):
    """Nobody but the head of the division can give out work any more."""
    holdings = RoleHolding.objects.filter(role__permissions__contains=["step.assign"])
    holdings.exclude(position_id=p.head.position_id).update(until_on=timezone.localdate())


def test_who_is_alone_up_to_the_top_is_told_who_must_be_named(province):
    p = province
    dossier = went_back_once(p)
    others_leave(p)
    with pytest.raises(NobodyToApprove) as refused:
        asked(p, dossier)
    assert "Phòng Tài chính" in str(refused.value)
    assert not StepReturn.objects.filter(state=StepReturn.State.ASKED).exists()


def test_a_return_whose_superiors_have_left_stands_on_the_watchdogs_list(province):
    p = province
    row = asked(p, went_back_once(p))
    key = f"return_stands:{row.pk}"
    assert key not in {one.key for one in troubles(timezone.now())}
    others_leave(p)
    found = {one.key: one for one in troubles(timezone.now())}[key]
    assert found.owner_unit_id == row.step.unit.parent_id
