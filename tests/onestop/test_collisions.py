"""Two people at once, with real threads and real commits: one code, one receipt, one number."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from django.db import connection

from dinh.documents.models import NumberBook, NumberTaken
from dinh.kernel.errors import NotAllowed, Refused
from dinh.onestop.actions import desk, results
from dinh.onestop.models import Dossier, DossierCounter, Paper, Result, StepRun, WorkItem
from dinh.onestop.public import (
    AlreadySent,
    accept,
    claim,
    complete,
    draft_result,
    first_content,
    issue_result,
    sign_result,
    submit,
)
from tests.onestop.conftest import ANSWERS, check_whole


def at_once(calls: Sequence[Callable[[], object]]) -> list[object]:
    """Make all calls at the same moment, each in a thread and connection of its own.

    Returns what they returned or raised, in their order.
    """
    answers: list[object] = [None] * len(calls)
    gate = threading.Barrier(len(calls))

    def run(place: int, call: Callable[[], object]) -> None:
        try:
            gate.wait(timeout=180)
            answers[place] = call()
        except Exception as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, call)) for place, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def outcome(answers: Sequence[object]) -> Counter[str]:
    """How many were done and how many refused; anything else fails."""
    for answer in answers:
        if isinstance(answer, Exception) and not isinstance(answer, Refused):
            raise answer
    return Counter("refused" if isinstance(answer, Refused) else "done" for answer in answers)


def test_two_clerks_accept_the_same_dossier(open_province):
    p = open_province
    dossier = p.submitted()
    clerks = [p.actor("motcua.dinhson"), p.actor("motcua2.dinhson")] * 2
    answers = at_once([lambda by=by: accept(dossier, by=by, now=p.now) for by in clerks])
    assert outcome(answers) == {"done": 1, "refused": 3}
    dossier.refresh_from_db()
    assert dossier.code == "H99.31-261116-0001"
    assert Paper.objects.filter(form="receipt").count() == 1
    assert DossierCounter.objects.get().last == 1
    check_whole(dossier.id)


def test_twenty_dossiers_of_one_agency_get_codes_without_gap_or_duplicate(open_province):
    p = open_province
    dossiers = [p.submitted() for _ in range(20)]
    clerk = p.clerk
    answers = at_once([lambda one=one: accept(one, by=clerk, now=p.now) for one in dossiers])
    assert outcome(answers) == {"done": 20}
    codes = sorted(Dossier.objects.values_list("code", flat=True))
    assert codes == [f"H99.31-261116-{ordinal:04d}" for ordinal in range(1, 21)]
    assert Paper.objects.filter(form="receipt").count() == 20
    for dossier in dossiers:
        check_whole(dossier.id)


def test_an_acceptance_that_fails_after_taking_its_code_gives_it_back(open_province, monkeypatch):
    p = open_province
    broken, sound = p.submitted(), p.submitted()
    took = []

    def fail(dossier, *arguments, **options):
        took.append(dossier.code)
        raise ConnectionError("the lights went out")

    with monkeypatch.context() as patch:
        patch.setattr(desk, "register_line", fail)
        with pytest.raises(ConnectionError):
            accept(broken, by=p.clerk, now=p.now)
    assert took == ["H99.31-261116-0001"]
    check_whole(broken.id)
    assert Dossier.objects.get(pk=broken.pk).state == "submitted"
    assert accept(sound, by=p.clerk, now=p.now).code == "H99.31-261116-0001"
    assert accept(broken, by=p.clerk, now=p.now).code == "H99.31-261116-0002"


def test_a_failing_acceptance_among_others_leaves_no_gap(open_province, monkeypatch):
    p = open_province
    dossiers = [p.submitted() for _ in range(8)]
    unlucky = {dossiers[1].id, dossiers[4].id}
    content = desk.register_line

    def fail_for_some(dossier, **options):
        if dossier.id in unlucky:
            raise ConnectionError
        return content(dossier, **options)

    clerk = p.clerk
    monkeypatch.setattr(desk, "register_line", fail_for_some)
    at_once([lambda one=one: accept(one, by=clerk, now=p.now) for one in dossiers])
    codes = sorted(Dossier.objects.exclude(code=None).values_list("code", flat=True))
    assert codes == [f"H99.31-261116-{ordinal:04d}" for ordinal in range(1, 7)]


def test_a_double_click_sends_one_dossier_with_one_proof(open_province):
    p = open_province
    draft = p.draft()
    citizen = p.citizen
    answers = at_once([lambda: submit(draft, by=citizen, now=p.now)] * 4)
    assert outcome(answers) == {"done": 1, "refused": 3}
    assert all(isinstance(one, AlreadySent | Dossier) for one in answers)
    assert Dossier.objects.count() == Paper.objects.filter(form="proof").count() == 1
    check_whole(Dossier.objects.get().id)


def test_of_two_colleagues_one_claims_the_step(open_province):
    p = open_province
    dossier = p.submitted()
    step = StepRun.objects.get(dossier=dossier)
    first, second = p.actor("motcua.dinhson"), p.actor("motcua2.dinhson")
    answers = at_once([lambda by=by: claim(step, by=by, now=p.now) for by in (first, second)])
    assert outcome(answers) == {"done": 1, "refused": 1}
    step.refresh_from_db()
    winner = first if not isinstance(answers[0], Refused) else second
    assert step.holder_id == winner.position_id == WorkItem.objects.get(step=step).holder_id


def test_a_step_ended_twice_opens_what_follows_once(open_province):
    p = open_province
    dossier = p.accepted()
    step = p.open_step(dossier, "tham_dinh")
    by = p.specialist
    answers = at_once([lambda: complete(step, outcome_key="xin_xac_nhan", note="", by=by, now=p.now)] * 3)
    assert outcome(answers) == {"done": 1, "refused": 2}
    assert StepRun.objects.filter(dossier=dossier, key="xac_nhan_xa").count() == 1
    check_whole(dossier.id)


def test_two_branches_ended_at_once_open_the_join_once(open_province):
    p = open_province
    answers, agency = ANSWERS["2.000488"]
    dossier = p.accepted(code="2.000488", agency=agency, answers=answers)
    steps = {key: p.open_step(dossier, key) for key in ("cong_an", "tra_cuu")}
    who = {key: p.who(step) for key, step in steps.items()}
    ways = {"cong_an": "da_xac_minh", "tra_cuu": "da_tra_cuu"}
    ended = at_once(
        [
            lambda key=key: complete(
                steps[key], outcome_key=ways[key], note="Đã xem.", by=who[key], now=p.now
            )
            for key in steps
        ]
    )
    assert outcome(ended) == {"done": 2}
    assert StepRun.objects.filter(dossier=dossier, key="lap_phieu").count() == 1
    check_whole(dossier.id)


def drafted(p, dossier):
    step = p.open_step(dossier, "tham_dinh")
    draft_result(step, content=first_content(dossier), by=p.specialist, now=p.now)
    p.walk(dossier, "tham_dinh:trinh_duyet", "duyet:trinh_ky")


def test_signed_twice_and_issued_twice_there_is_one_signature_and_one_number(open_signing_province):
    p = open_signing_province
    dossiers = [p.accepted(), p.accepted()]
    for dossier in dossiers:
        drafted(p, dossier)
    signer, records = p.deputy, p.records
    steps = [p.open_step(dossier, "ky") for dossier in dossiers]
    signed = at_once([lambda one=one: sign_result(one, by=signer, now=p.now) for one in (*steps, *steps)])
    assert outcome(signed) == {"done": 2, "refused": 2}
    assert [result.state for result in Result.objects.all()] == ["signed", "signed"]
    steps = [p.open_step(dossier, "phat_hanh") for dossier in dossiers]
    issued = at_once([lambda one=one: issue_result(one, by=records, now=p.now) for one in (*steps, *steps)])
    assert outcome(issued) == {"done": 2, "refused": 2}
    assert sorted(Result.objects.values_list("number", flat=True)) == ["01/GCN-HKD", "02/GCN-HKD"]
    assert NumberTaken.objects.count() == NumberBook.objects.get().last == 2
    for dossier in dossiers:
        check_whole(dossier.id)


def test_an_issue_that_fails_gives_its_number_back(open_signing_province, monkeypatch):
    p = open_signing_province
    dossier = p.accepted()
    drafted(p, dossier)
    p.walk(dossier, "ky")
    step = p.open_step(dossier, "phat_hanh")

    def fail(*arguments, **options):
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(results, "number_and_seal", fail)
        with pytest.raises(ConnectionError):
            issue_result(step, by=p.records, now=p.now)
    assert not NumberTaken.objects.exists()
    assert Result.objects.get().state == "signed"
    assert issue_result(step, by=p.records, now=p.now).number == "01/GCN-HKD"


def test_who_lost_the_race_for_a_step_may_not_end_it(open_province):
    p = open_province
    dossier = p.submitted()
    step = StepRun.objects.get(dossier=dossier)
    claim(step, by=p.actor("motcua2.dinhson"), now=p.now)
    with pytest.raises(NotAllowed):
        claim(step, by=p.actor("motcua.dinhson"), now=p.now)
