"""Changes to come, and whole organisations loaded at once."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from dinh.foundation.actions.public import Actor, system
from dinh.foundation.directory.models import PlannedChange, UnitClosure
from dinh.foundation.directory.public import (
    AuthoritySeed,
    PersonSeed,
    PositionSeed,
    RoleSeed,
    UnitSeed,
    acting,
    agency_of,
    appoint,
    cancel_plan,
    carry_out_due,
    create_position,
    end_appointment,
    get_unit,
    load_organisation,
    load_people,
    merge_units,
    plan_change,
    signing_authority,
)
from dinh.foundation.directory.tasks import carry_out_plans
from dinh.kernel.errors import NotAllowed, Refused
from tests.directory.conftest import START, Province

BY = system("test")


def test_a_planned_merge_happens_on_its_day_and_once(
    province: Province, province_admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = timezone.localdate() + dt.timedelta(days=3)
    arguments = {"units": [str(province.finance.pk)]}
    plan_change(
        province.health, verb="units.merged", arguments=arguments, on=day, basis="NQ 9", by=province_admin
    )
    assert carry_out_due(day - dt.timedelta(days=1), by=BY) == 0
    monkeypatch.setattr(timezone, "localdate", lambda *_: day)
    carry_out_plans()
    assert get_unit(province.finance.pk).heir_id == province.health.pk
    assert carry_out_due(day, by=BY) == 0
    assert PlannedChange.objects.get().state == "done"


def test_a_plan_that_the_rules_refuse_says_why(
    province: Province, province_admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = timezone.localdate() + dt.timedelta(days=3)
    arguments = {"heir": str(province.office.pk)}
    plan = plan_change(
        province.finance, verb="unit.closed", arguments=arguments, on=day, basis="NQ 9", by=province_admin
    )
    monkeypatch.setattr(timezone, "localdate", lambda *_: day)
    carry_out_due(day, by=BY)
    plan.refresh_from_db()
    assert plan.state == "failed" and "còn 1 đơn vị" in plan.failure
    assert get_unit(province.finance.pk).valid_until is None


def test_a_plan_may_be_cancelled_and_reaches_no_further_than_its_maker(
    province: Province, province_admin: Actor, admin_at: Callable[..., Actor]
) -> None:
    day = timezone.localdate() + dt.timedelta(days=3)

    def plan(unit: Any, parent: Any, by: Actor, on: dt.date = day) -> PlannedChange:
        arguments = {"parent": str(parent.pk)}
        return plan_change(unit, verb="unit.moved", arguments=arguments, on=on, basis="QĐ", by=by)

    with pytest.raises(NotAllowed):
        plan(province.commune, province.south, admin_at(province.north))
    with pytest.raises(Refused):
        plan(province.commune, province.south, province_admin, on=timezone.localdate())
    made = plan(province.commune, province.south, province_admin)
    cancel_plan(made, by=province_admin)
    assert carry_out_due(day, by=BY) == 0
    with pytest.raises(Refused):
        cancel_plan(made, by=province_admin)


def test_an_organisation_loaded_at_once_is_like_one_made_step_by_step(db: None) -> None:
    loaded = load_organisation(
        [
            UnitSeed(code="H99", name="UBND tỉnh", kind="province_committee", level="province"),
            UnitSeed(
                code="H99.31", name="UBND huyện", kind="district_committee", level="district", parent="H99"
            ),
            UnitSeed(
                code="H99.31.MC", name="Một cửa", kind="one_stop_desk", level="district", parent="H99.31"
            ),
        ],
        roles=[RoleSeed(code="clerk", name="Cán bộ một cửa", permissions=["directory.manage"])],
        positions=[
            PositionSeed(
                code="MC1", unit="H99.31.MC", title="Chuyên viên", roles=[("clerk", "unit", "H99.31")]
            ),
            PositionSeed(code="CT", unit="H99.31", title="Chủ tịch", is_single=True),
        ],
        people=[PersonSeed(full_name="Trần Thị Bình", staff_code="CB1", positions=["MC1", "CT"])],
        authorities=[AuthoritySeed(position="CT", unit="H99.31", mark="TM.", collective="Ủy ban nhân dân")],
        on=START,
        by=BY,
    )
    assert UnitClosure.objects.count() == 6
    assert agency_of(loaded.units["H99.31.MC"]).code == "H99.31"
    by = acting(loaded.people[0], loaded.positions["MC1"], account_id=None, at=timezone.now())
    assert by.roles == {"clerk"} and by.agency_id == loaded.units["H99.31"]
    chairman = acting(loaded.people[0], loaded.positions["CT"], account_id=None, at=timezone.now())
    found = signing_authority(chairman, loaded.units["H99.31"], timezone.localdate(), "any")
    assert found.lines == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]
    citizens = load_people(
        [PersonSeed(full_name="Lê Văn Cường", identity_number="099090000001")], on=START, by=BY
    )
    assert len(citizens.people) == 1


def test_only_the_system_loads_organisations(province: Province, province_admin: Actor) -> None:
    with pytest.raises(NotAllowed):
        load_organisation([], on=START, by=province_admin)


def test_people_keep_their_places_through_a_merge(province: Province, province_admin: Actor) -> None:
    post = create_position(province.finance, code="", title="Giám đốc", is_single=True, on=START, by=BY)
    person = load_people([PersonSeed(full_name="Lê Văn Cường", staff_code="CB9")], on=START, by=BY).people[0]
    held = post.appointments.model(person_id=person)
    appoint(post, person=held.person, from_on=START, by=BY)
    merge_units(
        province.health, units=[province.finance], on=dt.date(2025, 7, 1), basis="", by=province_admin
    )
    by = acting(person, post.pk, account_id=None, at=timezone.now())
    assert by.unit_id == province.health.pk
    assert [place.unit_id for place in post.placements.all()] == [province.finance.pk, province.health.pk]
    end_appointment(post.appointments.get(), on=timezone.localdate(), by=province_admin)
