"""Nothing stands in silence: trouble is found, told, taken higher, settled; lateness has its owner."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.directory.models import Appointment
from dinh.foundation.directory.public import end_appointment
from dinh.foundation.notify.models import Notice
from dinh.kernel.errors import NotAllowed
from dinh.onestop.models import Finding, Paper, StepRun, StepTime, WorkItem
from dinh.onestop.public import (
    ask_supplement,
    claim,
    findings,
    lateness_by_agency,
    period_of,
    times_of,
    watch_over,
)
from dinh.onestop.rules.lateness import Spent, attribute_lateness
from dinh.onestop.rules.watching import KINDS
from tests.onestop.colleagues import BY
from tests.onestop.conftest import check_whole

SECONDS = st.integers(0, 500_000).map(lambda value: dt.timedelta(seconds=value))
STEPS = st.lists(
    st.builds(Spent, st.uuids(), SECONDS, SECONDS), max_size=8, unique_by=lambda one: one.step_id
)


@given(SECONDS, STEPS)
def test_lateness_is_shared_whole_by_those_who_took_too_long(late, steps):
    parts = attribute_lateness(late, steps)
    assert sum(parts.values(), dt.timedelta(0)) == late
    over = {one.step_id: one.overrun for one in steps}
    for key, part in parts.items():
        assert part > dt.timedelta(0)
        if key is not None:
            assert part <= over[key]
    explained = sum(over.values(), dt.timedelta(0))
    assert parts.get(None, dt.timedelta(0)) == max(late - explained, dt.timedelta(0))
    assert attribute_lateness(late, list(reversed(steps))) == parts


@given(STEPS)
def test_a_dossier_in_time_blames_nobody(steps):
    assert attribute_lateness(dt.timedelta(0), steps) == {}


def look(p, **later):
    p.now += dt.timedelta(**later)
    watch_over(by=BY, now=p.now)
    return set(Finding.objects.filter(settled_at=None).values_list("kind", flat=True))


def draw_all():
    Paper.objects.update(state="ready")


def told(by, template):
    return Notice.objects.filter(person_id=by.person_id, template=template).count()


def test_what_nobody_takes_is_found_told_taken_higher_and_settled(province):
    p = province
    dossier = p.accepted()
    draw_all()
    assert look(p) == set()
    assert look(p, days=2) == {"unclaimed"}
    assert told(p.head, "watch.found") == 1
    assert look(p, minutes=15) == {"unclaimed"}
    assert told(p.head, "watch.found") == 1
    (shown,) = findings(p.head)
    assert (shown.kind, shown.level, shown.code) == ("unclaimed", 0, dossier.code)
    assert p.head.name in shown.owners
    assert findings(p.other_commune) == []
    chairman = p.actor("chutich.dinhson")
    assert told(chairman, "watch.found") == 0
    look(p, days=2)
    assert Finding.objects.get(settled_at=None).level == 1
    assert told(chairman, "watch.found") == 1
    claim(p.open_step(dossier, "tham_dinh"), by=p.specialist, now=p.now)
    assert look(p, minutes=15) == set()
    assert Finding.objects.get().settled_at == p.now


def test_owner_and_superior_are_warned_before_and_at_lateness_once(province):
    p = province
    dossier = p.accepted()
    draw_all()
    step = p.open_step(dossier, "tham_dinh")
    claim(step, by=p.specialist, now=p.now)
    look(p)
    assert told(p.specialist, "work.near_due") == 0
    near_at = WorkItem.objects.get(step=step).near_at
    p.now = near_at - dt.timedelta(seconds=1)
    look(p)
    assert told(p.specialist, "work.near_due") == 0
    p.now = near_at
    look(p)
    look(p)
    assert (told(p.specialist, "work.near_due"), told(p.head, "work.near_due")) == (1, 1)
    assert told(p.specialist, "work.overdue") == 0
    p.now = step.due_at + dt.timedelta(minutes=1)
    look(p)
    look(p, minutes=15)
    assert (told(p.specialist, "work.overdue"), told(p.head, "work.overdue")) == (1, 1)
    assert told(p.specialist, "work.near_due") == 1
    # Another due moment is another matter.
    WorkItem.objects.filter(step=step).update(due_at=p.now + dt.timedelta(minutes=30))
    look(p)
    assert told(p.specialist, "work.near_due") == 2


def test_a_role_that_nobody_holds_any_more_is_found(province):
    p = province
    p.accepted()
    draw_all()
    assert look(p) == set()
    end_appointment(
        Appointment.objects.get(position_id=p.specialist.position_id), on=dt.date(2026, 11, 16), by=BY
    )
    assert look(p, minutes=15) == {"nobody_can"}


def test_an_opinion_that_does_not_come_is_told_to_the_one_stop_desk(province):
    """Law: NĐ 61/2018 Điều 19 khoản 5 ý 2
    Screen: /lam-viec/giam-sat/
    """
    p = province
    dossier = p.accepted()
    draw_all()
    p.walk(dossier, "tham_dinh:xin_xac_nhan")
    assert look(p, days=3) == {"opinion_late"}
    row = Finding.objects.get(settled_at=None)
    assert row.owner_unit_id == dossier.reception_unit_id
    assert [one.kind for one in findings(p.clerk)] == ["opinion_late"]
    p.walk(dossier, "xac_nhan_xa:dong_y")
    assert "opinion_late" not in look(p, minutes=15)


def test_waiting_for_ever_and_papers_not_drawn_are_found(province):
    p = province
    dossier = p.accepted()
    assert look(p, minutes=20) == {"paper_stuck"}
    draw_all()
    ask_supplement(dossier, items=[{"text": "Ảnh rõ"}], reason="Mờ", contact="", by=p.specialist, now=p.now)
    draw_all()
    assert look(p, days=25) == set()
    assert told(p.citizen, "supplement.nearly_over") == 0
    look(p, days=4)
    look(p, minutes=15)
    assert told(p.citizen, "supplement.nearly_over") == 1
    assert look(p, days=5) == {"supplement_over"}
    assert told(p.specialist, "work.overdue") == 0


def test_a_living_dossier_without_a_step_is_found(province):
    p = province
    dossier = p.accepted()
    draw_all()
    WorkItem.objects.filter(dossier=dossier).delete()
    assert look(p) == {"no_step"}
    assert set(KINDS) > {"no_step", "unit_closed"}


def test_an_ended_dossier_keeps_what_each_step_took_and_answers_for(province):
    p = province
    dossier = p.accepted()
    p.now += dt.timedelta(days=4)  # Friday: the three working days are over by one
    p.walk(dossier, "tham_dinh:de_nghi_tu_choi", "duyet_tu_choi:dong_y_tu_choi", "thong_bao_tu_choi")
    kept = {row.step.key: row for row in StepTime.objects.filter(dossier=dossier, step__isnull=False)}
    assert set(kept) == {"tham_dinh", "duyet_tu_choi", "thong_bao_tu_choi"}
    slow = kept["tham_dinh"]
    assert slow.spent_seconds == 4 * 8 * 3600
    assert slow.late_seconds == sum(row.late_seconds for row in StepTime.objects.all()) == 8 * 3600
    assert (slow.agency_id, slow.name) == (p.unit("H99.31.01").agency_id, p.specialist.name)
    live = {one.name: one.late for one in times_of(dossier, now=p.now)}
    assert live[slow.step.name] == dt.timedelta(hours=8)
    # The division has a code and a seal of its own; the desk is the district's.
    division, district = lateness_by_agency(p.deputy, period_of("2026-11"))
    assert (division.late, division.late_dossiers, division.steps) == (dt.timedelta(hours=8), 1, 2)
    assert (district.late, district.late_dossiers, district.steps) == (dt.timedelta(0), 0, 1)
    assert lateness_by_agency(p.deputy, period_of("2026-11"), unit_id=division.agency_id) == [division]
    for by, period in ((p.other_commune, "2026-11"), (p.deputy, "2026-10"), (p.deputy, "2026-12")):
        assert lateness_by_agency(by, period_of(period)) == []
    check_whole(dossier.id)


def test_only_the_system_watches(province):
    p = province
    p.accepted()
    p.now += dt.timedelta(days=2)
    for by in (p.head, p.citizen, p.actor("quantri")):
        with pytest.raises(NotAllowed):
            watch_over(by=by, now=p.now)
    assert Finding.objects.count() == 0
    assert StepRun.objects.filter(state="open").count() == 1
