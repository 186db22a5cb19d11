"""Work given to an official: by who leads the division, by load, by the step's rule; many rows at once."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.actions.models import AuditEntry
from dinh.foundation.notify.models import Notice
from dinh.kernel.errors import NotAllowed
from dinh.onestop.models import StepRun, TimelineEntry, WorkItem
from dinh.onestop.public import (
    BATCH_ACTS,
    Candidate,
    accept,
    ask_supplement,
    assign,
    candidates_for,
    claim,
    do_batch,
    draft_version,
    get_procedure,
    publish_version,
    start_draft,
    submit,
    ticked,
)
from dinh.onestop.rules.assigning import NothingTicked, NotTheirStep, TooManyAtOnce, least_loaded
from tests.onestop.colleagues import BY, colleague, second
from tests.onestop.conftest import check_whole
from tests.onestop.making import ENDING, RECEIVING, plain, step


def opened(p, key="tham_dinh", **options):
    return p.open_step(p.accepted(**options), key)


def test_a_head_gives_a_step_to_an_official_of_the_division(province):
    p = province
    step = opened(p)
    other = colleague(p)
    claim(step, by=p.specialist, now=p.now)
    due = WorkItem.objects.get(step=step).due_at
    assign(step, position_id=other.position_id, note="Anh Mẫu đi họp", by=p.head, now=p.now)
    item = WorkItem.objects.get(step=step)
    assert (item.holder_id, item.holder_name, item.due_at) == (other.position_id, other.name, due)
    line = TimelineEntry.objects.filter(dossier=step.dossier).latest("id")
    assert (line.values["name"], line.is_public) == (other.name, False)
    assert AuditEntry.objects.filter(verb="step.assigned", subject_id=str(step.id)).count() == 1
    assert Notice.objects.filter(person_id=other.person_id, template="step.assigned").count() == 1
    with pytest.raises(NotAllowed):
        claim(step, by=p.specialist, now=p.now)
    check_whole(step.dossier_id)


def test_who_does_not_lead_gives_nothing(province):
    step = opened(province)
    for by in (province.specialist, province.commune, province.other_commune, province.citizen, BY):
        with pytest.raises(NotAllowed):
            assign(step, position_id=province.specialist.position_id, by=by, now=province.now)


def test_a_step_is_given_only_to_who_can_do_it(province):
    p = province
    step = opened(p)
    for position_id in (p.clerk.position_id, p.commune.position_id, uuid4()):
        with pytest.raises(NotTheirStep):
            assign(step, position_id=position_id, by=p.head, now=p.now)
    assert [one.position_id for one in candidates_for(step, now=p.now)] == [p.specialist.position_id]


def test_without_a_name_it_goes_to_who_has_least_to_do(province):
    p = province
    first, later = opened(p), opened(p)
    other = colleague(p)
    claim(first, by=p.specialist, now=p.now)
    assign(later, by=p.head, now=p.now)
    assert WorkItem.objects.get(step=later).holder_id == other.position_id


def test_a_steps_own_rule_gives_it_at_once(province):
    p = province
    steps = [
        step("nhan", "receive", "xu_ly", **RECEIVING),
        step("xu_ly", "handle", "ky", assign="least_open"),
        *ENDING,
    ]
    editor, publisher = p.actor("soan.thutuc"), p.actor("congbo.thutuc")
    publish_version(draft_version(plain(steps), by=editor, now=p.now), by=publisher, now=p.now)
    other = second(p, p.commune, "Lý Thị Cùng Xã")
    holders = []
    for _ in range(2):
        draft = start_draft(
            get_procedure("9.000001"),
            answers={"ten": "Thử"},
            agency_id=p.unit("H99.31.011").id,
            by=p.citizen,
            now=p.now,
        )
        dossier = submit(draft, by=p.citizen, now=p.now)
        accept(dossier, by=p.who(StepRun.objects.get(dossier=dossier)), now=p.now)
        holders.append(p.open_step(dossier, "xu_ly").holder_id)
        check_whole(dossier.id)
    assert set(holders) == {p.commune.position_id, other.position_id}


@given(
    st.lists(
        st.builds(
            Candidate,
            position_id=st.uuids(),
            name=st.text(max_size=5),
            title=st.just(""),
            open=st.integers(0, 5),
            overdue=st.integers(0, 5),
            is_away=st.booleans(),
        )
    )
)
def test_nobody_with_less_to_do_is_passed_over(people):
    chosen = least_loaded(people)
    if chosen is None:
        assert people == []
        return
    here = [one for one in people if not one.is_away] or people
    assert chosen in here
    assert chosen.open == min(one.open for one in here)
    assert least_loaded(list(reversed(people))) == chosen


def test_many_rows_are_done_one_by_one_and_told_apart(province):
    p = province
    mine, free, waiting, theirs = (opened(p) for _ in range(4))
    other = colleague(p)
    claim(mine, by=p.specialist, now=p.now)
    claim(theirs, by=other, now=p.now)
    ask_supplement(
        waiting.dossier, items=[{"text": "Ảnh rõ"}], reason="Mờ", contact="", by=p.clerk, now=p.now
    )
    ids = [one.id for one in (mine, free, waiting, theirs)] + [uuid4()]
    rows = {one.row.step_id: one for one in ticked(p.specialist, "claim", ids, now=p.now)}
    assert {key for key, one in rows.items() if one.why_not is None} == {mine.id, free.id}
    lines = {one.dossier_id: one.refused for one in do_batch("claim", ids, by=p.specialist, now=p.now)}
    assert len(lines) == 4
    assert lines[mine.dossier_id] is lines[free.dossier_id] is None
    assert isinstance(lines[theirs.dossier_id], NotAllowed)
    assert WorkItem.objects.get(step=free).holder_id == p.specialist.position_id
    assert WorkItem.objects.get(step=theirs).holder_id == other.position_id


def test_rows_out_of_reach_are_not_there(province):
    p = province
    step = opened(p)
    assert ticked(p.other_commune, "claim", [step.id], now=p.now) == []
    with pytest.raises(NothingTicked):
        do_batch("claim", [step.id], by=p.other_commune, now=p.now)


@pytest.mark.parametrize(
    ("act", "count", "why"),
    [("claim", 0, NothingTicked), ("claim", 51, TooManyAtOnce), ("huy", 1, NothingTicked)],
)
def test_a_batch_of_nothing_or_too_much_is_refused_whole(province, act, count, why):
    with pytest.raises(why):
        do_batch(act, [uuid4() for _ in range(count)], by=province.specialist, now=province.now)


def test_a_leader_gives_many_rows_by_load(province):
    p = province
    steps = [opened(p) for _ in range(4)]
    other = colleague(p)
    lines = do_batch("assign", [one.id for one in steps], by=p.head, now=p.now)
    assert [one.refused for one in lines] == [None] * 4
    held = list(WorkItem.objects.filter(step__in=steps).values_list("holder_id", flat=True))
    assert sorted(map(held.count, (p.specialist.position_id, other.position_id))) == [2, 2]


def test_reviews_are_forwarded_and_results_signed_in_one_act_each(signing_province):
    p = signing_province
    dossiers = [p.accepted() for _ in range(2)]
    unread = p.accepted()
    for dossier in dossiers:
        p.walk(dossier, "tham_dinh:trinh_duyet")
    reviews = [p.open_step(one, "duyet").id for one in dossiers] + [p.open_step(unread, "tham_dinh").id]
    lines = do_batch("forward", reviews, by=p.head, now=p.now)
    assert [one.refused is None for one in lines].count(True) == 2
    signing = [p.open_step(one, "ky").id for one in dossiers]
    assert [one.refused for one in do_batch("sign", signing, by=p.deputy, now=p.now)] == [None, None]
    issuing = [p.open_step(one, "phat_hanh").id for one in dossiers]
    assert [one.refused for one in do_batch("issue", issuing, by=p.records, now=p.now)] == [None, None]
    for dossier in dossiers:
        dossier.refresh_from_db()
        assert dossier.state == "done"
        check_whole(dossier.id)
    assert set(BATCH_ACTS) == {"claim", "assign", "forward", "sign", "issue"}
