"""Steps of signing: list, count, page and verb say the same of who may sign, and ask no more for it."""

import datetime as dt
from itertools import combinations

import pytest
from django.utils import timezone

from dinh.foundation.actions.public import Actor, Signing
from dinh.foundation.directory.models import SigningAuthority
from dinh.foundation.directory.public import acting, signs_at
from dinh.kernel.errors import NotAllowed
from dinh.onestop.models import StepRun, WorkItem
from dinh.onestop.public import (
    WORK_TABS,
    WorkFilter,
    candidates_for,
    claim,
    dossier_card,
    sign_result,
    work_list,
)
from dinh.onestop.queries.watching import troubles
from dinh.onestop.queries.work import signable

TODAY = timezone.localdate()
WAY = ("tham_dinh:trinh_duyet", "duyet:trinh_ky")


def again(by):
    """The same position, as the next request reads it."""
    return acting(by.person_id, by.position_id, account_id=None, at=timezone.now())


@pytest.fixture
def district(signing_province):
    """A dossier of the district waits for a signature."""
    p = signing_province
    dossier = p.accepted()
    p.walk(dossier, *WAY)
    return p, dossier, p.open_step(dossier, "ky")


def commune(p):
    """The same step, as if a commune decided: the commune is the agency and the unit."""
    dossier = p.accepted()
    p.walk(dossier, *WAY)
    step = p.open_step(dossier, "ky")
    unit = p.unit("H99.31.011")
    StepRun.objects.filter(pk=step.pk).update(unit=unit)
    WorkItem.objects.filter(pk=step.pk).update(unit=unit, agency=unit)
    type(dossier).objects.filter(pk=dossier.pk).update(agency=unit)
    return StepRun.objects.select_related("dossier__version").get(pk=step.pk)


def listed(by):
    return {row.step_id for row in work_list(by, WorkFilter(), now=timezone.now()).page.rows}


def offered(by, step):
    card = next(
        one for one in dossier_card(step.dossier, by=by, now=timezone.now()).steps if one.id == step.pk
    )
    return card.may_work


def test_list_count_page_and_verb_agree_on_who_may_sign(district):
    """Law: NĐ 30/2020 Điều 13
    Screen: /lam-viec/
    """
    p, _dossier, own = district
    lower = commune(p)
    below = p.actor("phochutich.binhmau.dinhson")
    for by, steps in ((p.deputy, {own.pk}), (below, {lower.pk})):
        assert listed(by) == steps
        assert work_list(by, WorkFilter(), now=timezone.now()).counts["todo"] == len(steps)
        for step in (own, lower):
            if step.pk in steps or by is p.deputy:
                assert offered(by, step) is (step.pk in steps)
    for refused in (lower,):
        with pytest.raises(NotAllowed):
            sign_result(refused, by=p.deputy, now=p.now)
        with pytest.raises(NotAllowed):
            claim(refused, by=p.deputy, now=p.now)
    # Everything within reach is still on the list of all.
    assert work_list(p.deputy, WorkFilter(), now=timezone.now()).counts["all"] == 2
    sign_result(own, by=p.deputy, now=p.now)


def test_an_authority_for_other_matters_or_over_does_not_count(district):
    p, _dossier, step = district
    row = SigningAuthority.objects.get(position_id=p.deputy.position_id)
    for change, may in (
        ({"matters": ["civil_status"]}, False),
        ({"matters": ["civil_status", "household_business"]}, True),
        ({"matters": ["household"]}, False),
        ({"matters": ["*"], "until_on": TODAY}, False),
        ({"until_on": TODAY + dt.timedelta(days=1)}, True),
    ):
        SigningAuthority.objects.filter(pk=row.pk).update(**change)
        deputy = again(p.deputy)
        assert listed(deputy) == ({step.pk} if may else set()), change
        assert work_list(deputy, WorkFilter(), now=timezone.now()).counts["todo"] == int(may), change
        assert offered(deputy, step) is may, change
    # What is passed on falls with what it stands on.
    head = SigningAuthority.objects.get(position_id=p.actor("chutich.dinhson").position_id)
    SigningAuthority.objects.filter(pk=row.pk).update(derived_from=head)
    assert offered(again(p.deputy), step)
    SigningAuthority.objects.filter(pk=head.pk).update(until_on=TODAY)
    assert not offered(again(p.deputy), step)
    assert listed(again(p.deputy)) == set()


def test_a_step_of_signing_is_given_to_signers_only_and_found_when_there_is_none(district):
    p, dossier, step = district
    names = {one.position_id for one in candidates_for(step, now=timezone.now())}
    assert p.deputy.position_id in names
    SigningAuthority.objects.filter(position_id=p.deputy.position_id).update(until_on=TODAY)
    names = {one.position_id for one in candidates_for(step, now=timezone.now())}
    assert p.deputy.position_id not in names
    assert p.actor("chutich.dinhson").position_id in names
    card = next(
        one
        for one in dossier_card(dossier, by=again(p.deputy), now=timezone.now()).steps
        if one.id == step.pk
    )
    assert card.signers is not None and any("Chủ tịch" in one for one in card.signers)
    SigningAuthority.objects.filter(unit=dossier.agency).update(until_on=TODAY)
    assert f"nobody_can:{step.pk}" in {one.key for one in troubles(timezone.now())}


MATTERS = ("a", "a.b", "a.b.c", "ab", "b", "b.a+c")


def test_the_list_says_what_the_rule_says_of_any_matters(district):
    """The condition in SQL is the rule of the permission, for authorities over any matters."""
    p, _dossier, step = district
    agency = p.unit("H99.31").id
    some = [held for count in (0, 1, 2) for held in combinations((*MATTERS, "*"), count)]
    for asked in (one for count in (1, 2) for one in combinations(MATTERS, count)):
        WorkItem.objects.filter(pk=step.pk).update(matters=",".join(asked))
        for held in some:
            by = Actor(kind="official", name="", signs=tuple(Signing(agency, (one,)) for one in held))
            in_list = WorkItem.objects.filter(signable(by), pk=step.pk).exists()
            assert in_list is signs_at(by, agency, asked), (held, asked)


def test_the_tabs_count_in_one_statement_whatever_may_be_signed(district, django_assert_num_queries):
    p, _dossier, _step = district
    deputy = again(p.deputy)
    work_list(deputy, WorkFilter(), now=timezone.now())
    with django_assert_num_queries(3):
        assert set(work_list(deputy, WorkFilter(), now=timezone.now()).counts) == set(WORK_TABS)
    with django_assert_num_queries(1):
        again(deputy)
    assert "kind" in str(WorkItem.objects.filter(signable(deputy)).query)
