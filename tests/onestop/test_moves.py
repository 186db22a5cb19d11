"""A unit merges while dossiers are open: they move, codes and clocks unchanged, people are told."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from dinh.foundation.actions.models import AuditEntry
from dinh.foundation.actions.public import Actor, system
from dinh.foundation.directory.public import (
    acting,
    carry_out_due,
    held_positions,
    merge_units,
    plan_change,
    unit_by_code,
)
from dinh.foundation.directory.tasks import carry_out_plans
from dinh.foundation.notify.models import Notice
from dinh.onestop.models import (
    ClockRecord,
    Dossier,
    Draft,
    Involvement,
    MovedDossier,
    StepRun,
    TimelineEntry,
    UnitMove,
    WorkItem,
)
from dinh.onestop.public import (
    ask_for_strays,
    claim,
    complete,
    former_units,
    move_open_dossiers,
    note_told,
    visible_dossiers,
)
from dinh.onestop.tasks import mend_moves, tell_of_move
from dinh.sso.models import Account
from dinh.sso.public import open_session
from tests.guards.refusing import assert_done, assert_refused
from tests.onestop.conftest import ANSWERS, Province, check_whole
from tests.waiting import wait_until_blocked

BY = system("test")
OLD, HEIR = "H99.31.011", "H99.31.012"
FINANCE = "H99.31.01"
MARRIAGE = "1.004873"


def at_commune(p: Province, verb: str = "accepted") -> Dossier:
    answers, agency = ANSWERS[MARRIAGE]
    assert agency == OLD
    dossier: Dossier = getattr(p, verb)(code=MARRIAGE, agency=agency, answers=answers)
    return dossier


def merge(p: Province, old: str = OLD, heir: str = HEIR) -> UnitMove:
    merge_units(
        p.unit(heir), units=[p.unit(old)], on=timezone.localdate(), basis="NQ 1/2026", by=p.actor("quantri")
    )
    return UnitMove.objects.get(from_unit__code=old)


def do_move(move: UnitMove, p: Province) -> None:
    move_open_dossiers(move, by=BY, now=p.now)
    move.refresh_from_db()


def clocks() -> list[tuple[Any, ...]]:
    return list(ClockRecord.objects.order_by("id").values_list("id", "kind", "at", "step"))


def anew(username: str) -> Actor:
    """Somebody as the directory knows them now, after their position has moved."""
    account = Account.objects.select_related("person").get(username=username)
    (held,) = held_positions(account.person_id, timezone.localdate())
    return acting(account.person_id, held.position_id, account_id=account.pk, at=timezone.now())


def test_open_dossiers_move_with_their_code_and_clock_unchanged(province) -> None:
    p = province
    waiting, begun = at_commune(p, "submitted"), at_commune(p)
    draft = p.draft(code=MARRIAGE, agency=OLD, answers=ANSWERS[MARRIAGE][0])
    claim(p.open_step(begun, "xac_minh"), by=p.commune, now=p.now)
    before = {one.pk: (one.code, one.due_at) for one in Dossier.objects.all()}
    steps_due = dict(StepRun.objects.filter(state="open").values_list("pk", "due_at"))
    ticks, heir = clocks(), p.unit(HEIR)
    move = merge(p)
    assert move.done_at is None, "the change of the directory does not wait for the dossiers"
    do_move(move, p)
    for dossier in Dossier.objects.all():
        assert dossier.agency_id == heir.pk
        assert (dossier.code, dossier.due_at) == before[dossier.pk]
        check_whole(dossier.pk)
    assert clocks() == ticks
    assert dict(StepRun.objects.filter(state="open").values_list("pk", "due_at")) == steps_due
    assert set(WorkItem.objects.values_list("agency", flat=True)) == {heir.pk}
    assert p.open_step(begun, "xac_minh").unit_id == heir.pk
    assert Involvement.objects.filter(unit=heir).count() == 2
    assert Draft.objects.get(pk=draft.pk).agency_id == heir.pk
    assert (move.dossiers, move.drafts) == (2, 1)
    assert waiting.reception_unit.code == f"{OLD}.00"


def test_it_is_one_audited_act_done_once(province) -> None:
    p = province
    at_commune(p)
    move = merge(p)
    assert_refused("dossiers.moved", lambda: move_open_dossiers(move, by=p.actor("quantri"), now=p.now))
    assert_done("dossiers.moved", lambda: move_open_dossiers(move, by=BY, now=p.now))
    moved = TimelineEntry.objects.filter(sentence__contains="sắp xếp").count()
    move_open_dossiers(move, by=BY, now=p.now)
    assert TimelineEntry.objects.filter(sentence__contains="sắp xếp").count() == moved == 1
    assert MovedDossier.objects.count() == 1
    entry = AuditEntry.objects.filter(verb="dossiers.moved").order_by("id").first()
    assert entry.changes["dossiers"] == [0, 1]


def test_whoever_held_the_work_goes_on_with_it_at_the_heir(province) -> None:
    p = province
    dossier = at_commune(p)
    claim(p.open_step(dossier, "xac_minh"), by=p.commune, now=p.now)
    do_move(merge(p), p)
    officer = anew("congchuc.binhmau.dinhson")
    assert officer.agency_id == p.unit(HEIR).pk
    assert visible_dossiers(officer).filter(pk=dossier.pk).exists()
    assert visible_dossiers(anew("congchuc.anmau.dinhson")).filter(pk=dossier.pk).exists()
    p.walk(dossier, "xac_minh")
    p.do(dossier, "ky", next(one.key for one in dossier.version.parts.step("ky").outcomes if one.back))
    again = p.open_step(dossier, "xac_minh")
    assert again.holder_id == officer.position_id, (
        "what goes back goes to the same person, also after the move"
    )
    check_whole(dossier.pk)


def test_before_the_job_has_run_nothing_stands_still(province) -> None:
    p = province
    dossier = at_commune(p)
    merge(p)
    officer = anew("congchuc.binhmau.dinhson")
    step = p.open_step(dossier, "xac_minh")
    assert visible_dossiers(officer).filter(pk=dossier.pk).exists()
    claim(step, by=officer, now=p.now)


def test_citizens_and_officials_are_told(province) -> None:
    p = province
    dossiers = [at_commune(p) for _ in range(2)]
    for dossier in dossiers:
        claim(p.open_step(dossier, "xac_minh"), by=p.commune, now=p.now)
    move = merge(p)
    do_move(move, p)
    (notice,) = Notice.objects.filter(template="work.moved")
    assert notice.person_id == p.commune.person_id
    assert "2 việc" in notice.body
    assert_refused("dossiers.move_told", lambda: note_told(move, by=p.actor("quantri")))
    tell_of_move(move_id=str(move.pk))
    tell_of_move(move_id=str(move.pk))
    told = Notice.objects.filter(template="dossier.moved", person_id=p.citizen.person_id)
    assert told.count() == 2
    assert all("giữ nguyên" in one.body for one in told)
    assert AuditEntry.objects.filter(verb="dossiers.move_told").exists()


def test_pages_say_where_it_was_before(province) -> None:
    p = province
    dossier = at_commune(p)
    old = p.unit(OLD).name
    do_move(merge(p), p)
    (former,) = former_units(dossier)
    assert (former.name, former.heir) == (old, p.unit(HEIR).name)
    for username, address in (
        ("congdan", f"/ho-so-cua-toi/{dossier.pk}/"),
        ("congchuc.binhmau.dinhson", f"/lam-viec/ho-so/{dossier.pk}/"),
    ):
        account = Account.objects.select_related("person").get(username=username)
        held = held_positions(account.person_id, timezone.localdate())
        key, _ = open_session(
            account,
            position_id=held[0].position_id if held else None,
            method="password",
            now=timezone.now(),
        )
        client = Client()
        client.cookies["sessionid"] = key
        page = client.get(address).content.decode()
        assert f"trước đây {old}" in page


def test_a_division_that_merges_hands_over_its_steps(province) -> None:
    p = province
    dossier = p.accepted()
    move = merge(p, FINANCE, f"{OLD[:6]}.03")
    do_move(move, p)
    step = p.open_step(dossier, "tham_dinh")
    assert step.unit.code == "H99.31.03"
    dossier.refresh_from_db()
    assert dossier.agency.code == "H99.31"
    check_whole(dossier.pk)


def test_finished_dossiers_stay_where_they_were(province) -> None:
    p = province
    dossier = at_commune(p)
    Dossier.objects.filter(pk=dossier.pk).update(state="returned")
    StepRun.objects.filter(dossier=dossier).update(state="done")
    WorkItem.objects.filter(dossier=dossier).delete()
    do_move(merge(p), p)
    dossier.refresh_from_db()
    assert dossier.agency.code == OLD


def test_a_merge_planned_for_a_day_to_come_moves_them_on_its_day(province, monkeypatch) -> None:
    p = province
    dossier = at_commune(p)
    day = timezone.localdate() + dt.timedelta(days=3)
    plan_change(
        p.unit(HEIR),
        verb="units.merged",
        arguments={"units": [str(p.unit(OLD).pk)]},
        on=day,
        basis="NQ 1/2026",
        by=p.actor("quantri"),
    )
    assert carry_out_due(timezone.localdate(), by=BY) == 0
    assert not UnitMove.objects.exists()
    monkeypatch.setattr(timezone, "localdate", lambda *_: day)
    carry_out_plans()
    do_move(UnitMove.objects.get(), p)
    dossier.refresh_from_db()
    assert dossier.agency.code == HEIR


def test_a_form_that_names_a_closed_unit_leads_to_its_heir(province) -> None:
    """A household business asks its commune to confirm; the commune has merged meanwhile."""
    p = province
    dossier = p.accepted()
    do_move(merge(p), p)
    p.walk(dossier, "tham_dinh:xin_xac_nhan")
    assert p.open_step(dossier, "xac_nhan_xa").unit.code == HEIR


def test_strays_are_found_and_follow(province) -> None:
    p = province
    dossier = p.accepted()
    do_move(merge(p), p)
    WorkItem.objects.filter(dossier=dossier).update(unit=unit_by_code(OLD))
    StepRun.objects.filter(dossier=dossier, state="open").update(unit=unit_by_code(OLD))
    mend_moves()
    assert p.open_step(dossier, "tham_dinh").unit.code == HEIR
    assert ask_for_strays(now=p.now) == []


@pytest.mark.django_db(transaction=True)
def test_a_clerk_who_acts_at_that_moment_loses_nothing(open_province) -> None:
    """The clerk holds the dossier's lock while the move begins: what opens then goes along."""
    p = open_province
    dossier, other = at_commune(p), at_commune(p)
    step = p.open_step(dossier, "xac_minh")
    by = p.who(step)
    move = merge(p)
    holds, goes = threading.Event(), threading.Event()
    failures: list[BaseException] = []

    def work() -> None:
        from django.db import transaction

        try:
            with transaction.atomic():
                list(Dossier.objects.select_for_update().filter(pk=dossier.pk))
                holds.set()
                goes.wait(timeout=600)
                back = StepRun.objects.get(pk=step.pk)
                outcome = dossier.version.parts.step("xac_minh").outcomes[0]
                if "draft" in outcome.needs:
                    from dinh.onestop.public import draft_result, first_content

                    draft_result(back, content=first_content(dossier), by=by, now=p.now)
                complete(back, outcome_key=outcome.key, note="Xong", by=by, now=p.now)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    def mover() -> None:
        try:
            move_open_dossiers(move, by=BY, now=p.now)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    clerk, moving = threading.Thread(target=work), threading.Thread(target=mover)
    clerk.start()
    assert holds.wait(timeout=180)
    moving.start()
    wait_until_blocked()
    goes.set()
    clerk.join()
    moving.join()
    assert failures == []
    heir = p.unit(HEIR).pk
    for one in (dossier, other):
        one.refresh_from_db()
        assert one.agency_id == heir
        assert {step.unit_id for step in StepRun.objects.filter(dossier=one, state="open")} == {heir}
        check_whole(one.pk)
