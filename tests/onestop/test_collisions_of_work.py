"""Two officials at once over the same work: giving, returning, undoing, signing in batches, being away.

Real threads and real commits. One of them wins, the other is told in Vietnamese, nothing is half done.
"""

import datetime as dt
from typing import Any

from django.db import connection
from django.utils import timezone

from dinh.foundation.actions.models import AuditEntry
from dinh.foundation.directory.models import Absence, Position
from dinh.foundation.directory.public import acting, end_absence, mark_absence
from dinh.kernel.errors import Refused
from dinh.onestop.models import Dossier, Result, StepReturn, StepRun, TimelineEntry, WorkItem
from dinh.onestop.public import (
    approve_return,
    ask_return,
    assign,
    claim,
    complete,
    decline_return,
    do_batch,
    undo,
)
from tests.onestop.colleagues import colleague
from tests.onestop.conftest import Province, check_whole
from tests.onestop.test_collisions import at_once, drafted, outcome
from tests.onestop.test_returns import asked, went_back_once
from tests.onestop.test_steps import open_keys
from tests.onestop.test_undoing import forwarded

VIETNAMESE = set("ạảãàáâậầấẩẫăắằặẳẵèéẹẻẽêềếệểễđìíịỉĩòóọỏõôộồốổỗơờớợởỡùúụủũưứừựửữỳýỵỷỹ")


def told(answers: list[object]) -> list[Refused]:
    """The refusals among the answers; each says in Vietnamese why."""
    refused = [one for one in answers if isinstance(one, Refused)]
    for one in refused:
        assert VIETNAMESE & set(str(one).lower()), f"says nothing in Vietnamese: {one!r}"
        assert "%(" not in str(one)
    return refused


def verbs_of(subject: Any) -> list[str]:
    return list(
        AuditEntry.objects.filter(subject_id=str(subject.pk)).order_by("id").values_list("verb", flat=True)
    )


# ---- giving work --------------------------------------------------------------------------------


def test_two_leaders_give_one_step_to_two_people_and_one_is_told(open_province: Province) -> None:
    p = open_province
    step = p.open_step(p.accepted(), "tham_dinh")
    first, second = p.specialist, colleague(p)
    head = p.head
    answers = at_once(
        [
            lambda to=to: assign(step, position_id=to, seen=None, by=head, now=p.now)
            for to in (first.position_id, second.position_id)
        ]
    )
    assert outcome(answers) == {"done": 1, "refused": 1}
    (refused,) = told(answers)
    item = WorkItem.objects.get(step=step)
    assert item.holder_name in str(refused), "the other is told who has it now"
    step.refresh_from_db()
    assert step.holder_id == item.holder_id
    assert verbs_of(step).count("step.assigned") == 1
    lines = TimelineEntry.objects.filter(dossier=step.dossier, sentence__startswith="Giao bước")
    assert [line.values["name"] for line in lines] == [step.holder_name]
    check_whole(step.dossier_id)


def test_a_step_claimed_and_given_away_at_once_has_one_holder(open_province: Province) -> None:
    p = open_province
    step = p.open_step(p.accepted(), "tham_dinh")
    other, own, head = colleague(p), p.specialist, p.head
    answers = at_once(
        [
            lambda: claim(step, by=own, now=p.now),
            lambda: assign(step, position_id=other.position_id, seen=None, by=head, now=p.now),
        ]
    )
    assert outcome(answers) == {"done": 1, "refused": 1}
    told(answers)
    step.refresh_from_db()
    winner = own if not isinstance(answers[0], Refused) else other
    assert step.holder_id == winner.position_id == WorkItem.objects.get(step=step).holder_id
    check_whole(step.dossier_id)


def test_a_step_ended_while_it_is_given_away_is_not_given(open_province: Province) -> None:
    p = open_province
    dossier = p.accepted()
    step = p.open_step(dossier, "tham_dinh")
    other, own, head = colleague(p), p.specialist, p.head
    answers = at_once(
        [
            lambda: complete(step, outcome_key="xin_xac_nhan", note="", by=own, now=p.now),
            lambda: assign(step, position_id=other.position_id, by=head, now=p.now),
        ]
    )
    assert outcome(answers) == {"done": 1, "refused": 1}
    told(answers)
    was_ended = not isinstance(answers[0], Refused)
    assert open_keys(dossier) == ({"xac_nhan_xa"} if was_ended else {"tham_dinh"})
    check_whole(dossier.id)


def test_two_leaders_spread_the_same_rows_and_no_row_is_lost(open_province: Province) -> None:
    p = open_province
    steps = [p.open_step(p.accepted(), "tham_dinh") for _ in range(4)]
    people, head = [p.specialist, colleague(p)], p.head
    ids = [step.id for step in steps]
    answers = at_once([lambda: do_batch("assign", ids, by=head, now=p.now)] * 2)
    assert [line.refused for lines in answers for line in lines] == [None] * 8  # type: ignore[attr-defined]
    held = [WorkItem.objects.get(step=step).holder_id for step in steps]
    assert set(held) <= {one.position_id for one in people}
    for step in steps:
        check_whole(step.dossier_id)


# ---- returning ----------------------------------------------------------------------------------


def test_asked_twice_at_once_a_second_return_is_asked_for_once(open_province: Province) -> None:
    p = open_province
    dossier = went_back_once(p)
    step, head = p.open_step(dossier, "duyet"), p.head

    def ask() -> object:
        return ask_return(step, outcome_key="tra_lai", note="Sai", about=["muc:von"], by=head, now=p.now)

    answers = at_once([ask] * 3)
    assert outcome(answers) == {"done": 1, "refused": 2}
    told(answers)
    assert StepReturn.objects.filter(step=step, state="asked").count() == 1


def test_of_two_superiors_one_decides_a_return(open_province: Province) -> None:
    p = open_province
    dossier = went_back_once(p)
    row = asked(p, dossier)
    deputy, chairman = p.deputy, p.actor("chutich.dinhson")
    answers = at_once(
        [
            lambda: approve_return(row, by=deputy, now=p.now),
            lambda: decline_return(row, answer="Sửa ngay tại phòng", by=chairman, now=p.now),
            lambda: approve_return(row, by=chairman, now=p.now),
        ]
    )
    assert outcome(answers) == {"done": 1, "refused": 2}
    told(answers)
    row.refresh_from_db()
    went_back = not isinstance(answers[0], Refused) or not isinstance(answers[2], Refused)
    assert row.state == ("done" if went_back else "declined")
    assert open_keys(dossier) == ({"lap_ket_qua"} if went_back else {"duyet"})
    assert len([verb for verb in verbs_of(row) if verb.startswith("return.")]) == 1
    check_whole(dossier.id)


def test_a_return_approved_while_the_step_goes_on_happens_once(open_province: Province) -> None:
    p = open_province
    dossier = went_back_once(p)
    row, step = asked(p, dossier), p.open_step(dossier, "duyet")
    deputy, head = p.deputy, p.head
    answers = at_once(
        [
            lambda: approve_return(row, by=deputy, now=p.now),
            lambda: complete(step, outcome_key="trinh_ky", note="", by=head, now=p.now),
        ]
    )
    assert outcome(answers) == {"done": 1, "refused": 1}
    told(answers)
    assert len(open_keys(dossier)) == 1
    check_whole(dossier.id)


# ---- undoing ------------------------------------------------------------------------------------


def test_undone_twice_at_once_it_is_undone_once(open_province: Province) -> None:
    p = open_province
    dossier, step = forwarded(p)
    by = p.specialist
    answers = at_once([lambda: undo(step, by=by, now=p.now)] * 3)
    assert outcome(answers) == {"done": 1, "refused": 2}
    told(answers)
    assert verbs_of(step).count("step.act_undone") == 1
    assert open_keys(dossier) == {"tham_dinh"}
    check_whole(dossier.id)


def test_undone_while_the_next_one_begins_only_one_of_both_happens(open_province: Province) -> None:
    p = open_province
    dossier, step = forwarded(p)
    following, by, commune = p.open_step(dossier, "xac_nhan_xa"), p.specialist, p.commune
    answers = at_once(
        [
            lambda: undo(step, by=by, now=p.now),
            lambda: complete(following, outcome_key="dong_y", note="", by=commune, now=p.now),
        ]
    )
    assert outcome(answers) == {"done": 1, "refused": 1}
    told(answers)
    was_undone = not isinstance(answers[0], Refused)
    assert open_keys(dossier) == ({"tham_dinh"} if was_undone else {"lap_ket_qua"})
    check_whole(dossier.id)


# ---- signing in batches -------------------------------------------------------------------------


def test_two_leaders_sign_the_same_batch_and_each_result_is_signed_once(
    open_signing_province: Province,
) -> None:
    p = open_signing_province
    dossiers = [p.accepted() for _ in range(3)]
    for dossier in dossiers:
        drafted(p, dossier)
    ids = [p.open_step(dossier, "ky").id for dossier in dossiers]
    deputy, chairman = p.deputy, p.actor("chutich.dinhson")
    answers: list[Any] = at_once(
        [lambda by=by: do_batch("sign", ids, by=by, now=p.now) for by in (deputy, chairman)]
    )
    lines = [line for lines in answers for line in lines]
    assert len(lines) == 6
    assert len(told([line.refused for line in lines])) == 3
    for dossier in dossiers:
        result = Result.objects.get(dossier=dossier)
        assert result.state == "signed"
        signed = [line for line in lines if line.dossier_id == dossier.id and line.refused is None]
        assert len(signed) == 1
        assert StepRun.objects.get(dossier=dossier, key="ky").done_by == result.signer_name
        assert StepRun.objects.filter(dossier=dossier, key="phat_hanh").count() == 1
        check_whole(dossier.id)
    records = p.records
    ids = [p.open_step(dossier, "phat_hanh").id for dossier in dossiers]
    at_once([lambda: do_batch("issue", ids, by=records, now=p.now)] * 2)
    numbers = sorted(Result.objects.values_list("number", flat=True))
    assert numbers == ["01/GCN-HKD", "02/GCN-HKD", "03/GCN-HKD"]
    assert {one.state for one in Dossier.objects.all()} == {"done"}


# ---- absences -----------------------------------------------------------------------------------

TODAY = timezone.localdate()


def away(who: Any, substitute: Any, *, by: Any, from_on: dt.date = TODAY, days: int = 3) -> object:
    return mark_absence(
        Position.objects.select_related("unit").get(pk=who.position_id),
        substitute_id=substitute.position_id,
        from_on=from_on,
        until_on=from_on + dt.timedelta(days=days),
        by=by,
        now=timezone.now(),
    )


def test_marked_away_twice_at_once_there_is_one_absence(open_province: Province) -> None:
    p = open_province
    specialist, head, other = p.specialist, p.head, colleague(p)
    answers = at_once(
        [
            lambda: away(specialist, head, by=specialist),
            lambda: away(specialist, other, by=head, from_on=TODAY + dt.timedelta(days=1)),
        ]
    )
    assert outcome(answers) == {"done": 1, "refused": 1}
    told(answers)
    assert Absence.objects.filter(position_id=specialist.position_id).count() == 1


def test_two_who_stand_in_for_each_other_are_not_both_away(open_province: Province) -> None:
    p = open_province
    own, other = p.specialist, colleague(p)
    for _ in range(4):
        Absence.objects.all().delete()
        answers = at_once([lambda: away(own, other, by=own), lambda: away(other, own, by=other)])
        assert outcome(answers) == {"done": 1, "refused": 1}
        told(answers)
    assert Absence.objects.count() == 1


def test_ended_at_once_an_absence_ends_once_and_the_work_has_one_holder(open_province: Province) -> None:
    p = open_province
    specialist, head = p.specialist, p.head
    absence = away(specialist, head, by=specialist)
    stands_in = acting(head.person_id, head.position_id, account_id=None, at=timezone.now())
    step = p.open_step(p.accepted(), "tham_dinh")
    at_once([lambda by=by: end_absence(absence, by=by, now=timezone.now()) for by in (specialist, head)])
    assert Absence.objects.get().ended_at is not None
    assert stands_in.stands_in_for == (specialist.position_id,)
    claim(step, by=specialist, now=p.now)
    check_whole(step.dossier_id)
    connection.close()
