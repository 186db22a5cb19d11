"""Somebody is away: another does the work, and the log says so; a vacant post holds nothing."""

import datetime as dt

import pytest
from django.utils import timezone

from dinh.foundation.actions.models import AuditEntry
from dinh.foundation.directory.models import Absence, Appointment, Position
from dinh.foundation.directory.public import (
    AlreadyAway,
    acting,
    end_absence,
    end_appointment,
    in_place_of,
    mark_absence,
    substitutes_for,
    visible_absences,
)
from dinh.foundation.notify.models import Notice
from dinh.kernel.errors import NotAllowed, NotFound, Refused
from dinh.onestop.models import StepRun, TimelineEntry, WorkItem
from dinh.onestop.public import (
    STAND_IN,
    WorkFilter,
    assign,
    candidates_for,
    claim,
    complete,
    do_batch,
    dossier_card,
    hand_back_vacant,
    sign_result,
    who_acts,
    work_list,
)
from tests.onestop.colleagues import BY, colleague
from tests.onestop.conftest import check_whole

TODAY = timezone.localdate()


def position_of(by):
    return Position.objects.select_related("unit").get(pk=by.position_id)


def away_now(p, who, substitute, *, by=None, days=3, **options):
    """Mark somebody as away from today; returns the substitute as they act from now on."""
    mark_absence(
        position_of(who),
        substitute_id=substitute.position_id,
        from_on=TODAY,
        until_on=TODAY + dt.timedelta(days=days),
        by=by or who,
        now=timezone.now(),
        **options,
    )
    return acting(substitute.person_id, substitute.position_id, account_id=None, at=timezone.now())


def test_the_substitute_finds_and_does_the_work_and_the_log_says_for_whom(province):
    p = province
    held, free = (p.open_step(p.accepted(), "tham_dinh") for _ in range(2))
    claim(held, by=p.specialist, now=p.now)
    # The head stands in for the specialist, whose role the head does not have.
    assert work_list(p.head, WorkFilter(tab=STAND_IN), now=p.now).page.rows == []
    head = away_now(p, p.specialist, p.head)
    assert head.stands_in_for == (p.specialist.position_id,)
    rows = work_list(head, WorkFilter(tab=STAND_IN), now=timezone.now()).page.rows
    assert {row.step_id for row in rows} == {held.id, free.id}
    with pytest.raises(NotAllowed):
        complete(held, outcome_key="xin_xac_nhan", note="", by=head, now=p.now)
    acts = who_acts(head, held, now=timezone.now())
    complete(held, outcome_key="xin_xac_nhan", note="Làm thay", by=acts, now=p.now)
    entry = AuditEntry.objects.get(verb="step.completed")
    assert (entry.actor_name, entry.on_behalf_of) == (p.head.name, p.specialist.name)
    assert entry.position_name == f"thay {p.specialist.name}, {p.specialist.position}"
    assert f"thay {p.specialist.name}" in StepRun.objects.get(pk=held.pk).done_position
    assert Notice.objects.filter(person_id=p.head.person_id, template="absence.standing_in").count() == 1
    check_whole(held.dossier_id)


def test_in_one_act_too_a_substitute_does_the_rows_of_who_is_away(province):
    p = province
    step = p.open_step(p.accepted(), "tham_dinh")
    claim(step, by=p.specialist, now=p.now)
    head = away_now(p, p.specialist, p.head)
    (line,) = do_batch("claim", [step.id], by=head, now=timezone.now())
    assert line.refused is None
    item = WorkItem.objects.get(step=step)
    assert (item.holder_id, item.holder_name) == (p.specialist.position_id, p.head.name)
    card = next(one for one in dossier_card(step.dossier, by=head, now=timezone.now()).open_steps)
    assert (card.may_work, card.in_place_of, card.is_mine) == (True, p.specialist.name, True)


def test_the_right_to_sign_does_not_pass_on(signing_province):
    p = signing_province
    dossier = p.accepted()
    p.walk(dossier, "tham_dinh:trinh_duyet", "duyet:trinh_ky")
    step = p.open_step(dossier, "ky")
    chairman = p.actor("chutich.dinhson")
    clerk = away_now(p, p.deputy, chairman)
    assert who_acts(clerk, step, now=timezone.now()) is clerk
    records = in_place_of(clerk, p.deputy.position_id, only=("step.work",), at=timezone.now())
    assert {grant.permission for grant in records.grants} == {"step.work"}
    with pytest.raises(Refused):
        sign_result(step, by=p.head, now=p.now)


def test_an_absence_begins_and_ends_on_its_days(province):
    p = province
    mark_absence(
        position_of(p.specialist),
        substitute_id=p.head.position_id,
        from_on=TODAY + dt.timedelta(days=1),
        until_on=TODAY + dt.timedelta(days=3),
        by=p.specialist,
        now=timezone.now(),
    )

    def stands_in(days):
        at = timezone.now() + dt.timedelta(days=days)
        return acting(p.head.person_id, p.head.position_id, account_id=None, at=at).stands_in_for

    assert [bool(stands_in(days)) for days in range(4)] == [False, True, True, False]
    end_absence(Absence.objects.get(), by=p.head, now=timezone.now())
    assert stands_in(1) == ()
    end_absence(Absence.objects.get(), by=p.head, now=timezone.now())
    with pytest.raises(NotFound):
        in_place_of(p.head, p.specialist.position_id, only=(), at=timezone.now())


def test_absences_are_marked_by_oneself_or_by_who_leads(province):
    p = province
    other = colleague(p)
    for by in (p.clerk, p.commune, other, p.citizen, BY):
        with pytest.raises(NotAllowed):
            away_now(p, p.specialist, p.head, by=by)
    away_now(p, p.specialist, other, by=p.head)
    absence = Absence.objects.get()
    with pytest.raises(NotAllowed):
        end_absence(absence, by=other, now=timezone.now())
    with pytest.raises(AlreadyAway):
        away_now(p, p.specialist, p.head)
    # Whoever is away themselves does not stand in.
    with pytest.raises(Refused, match="người làm thay"):
        away_now(p, p.head, p.specialist)
    assert [card.name for card in visible_absences(other)] == [p.specialist.name]
    assert visible_absences(p.commune) == []


@pytest.mark.parametrize("days", [(-3, -1), (2, 2), (3, 1), (0, 400)])
def test_days_that_make_no_sense_are_refused(province, days):
    p = province
    with pytest.raises(Refused):
        mark_absence(
            position_of(p.specialist),
            substitute_id=p.head.position_id,
            from_on=TODAY + dt.timedelta(days=days[0]),
            until_on=TODAY + dt.timedelta(days=days[1]),
            by=p.specialist,
            now=timezone.now(),
        )


def test_a_substitute_is_of_the_agency_and_sees_the_work(province):
    p = province
    offered = {one.position_id for one in substitutes_for(position_of(p.specialist), at=timezone.now())}
    assert p.head.position_id in offered
    assert p.specialist.position_id not in offered
    for stranger in (p.commune, p.clerk, p.specialist):
        with pytest.raises(Refused):
            away_now(p, p.specialist, stranger)


def test_who_is_away_gets_nothing_new_by_load(province):
    p = province
    step = p.open_step(p.accepted(), "tham_dinh")
    other = colleague(p)
    away_now(p, p.specialist, p.head)
    claim(p.open_step(p.accepted(), "tham_dinh"), by=other, now=p.now)
    assert [one.is_away for one in candidates_for(step, now=timezone.now())] == [False, True]
    assign(step, by=p.head, now=timezone.now())
    assert WorkItem.objects.get(step=step).holder_id == other.position_id


def test_steps_of_a_vacant_post_go_back_to_the_division_and_its_head_is_told(province):
    p = province
    held, theirs = (p.open_step(p.accepted(), "tham_dinh") for _ in range(2))
    other = colleague(p)
    claim(held, by=p.specialist, now=p.now)
    claim(theirs, by=other, now=p.now)
    assert hand_back_vacant(by=BY, now=timezone.now()) == 0
    appointment = Appointment.objects.get(position_id=p.specialist.position_id)
    end_appointment(appointment, on=TODAY, by=BY)
    assert hand_back_vacant(p.specialist.position_id, by=BY, now=timezone.now()) == 1
    assert WorkItem.objects.get(step=held).holder_id is None
    assert WorkItem.objects.get(step=theirs).holder_id == other.position_id
    assert Notice.objects.filter(person_id=p.head.person_id, template="step.handed_back").count() == 1
    line = TimelineEntry.objects.filter(dossier=held.dossier).latest("id")
    assert line.values["name"] == p.specialist.name
    assert hand_back_vacant(by=BY, now=timezone.now()) == 0
    assert AuditEntry.objects.filter(verb="step.handed_back").count() == 1
    check_whole(held.dossier_id)
