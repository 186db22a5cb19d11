"""Who may do which verb of the directory: the same wish, by who may and by who may not."""

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.utils import timezone

from dinh.foundation.actions.public import Actor, Grant, system, visitor
from dinh.foundation.directory.actions.plans import carry_out, fail_plan
from dinh.foundation.directory.models import Appointment, PlannedChange, RoleHolding
from dinh.foundation.directory.public import (
    PersonSeed,
    UnitDraft,
    UnitSeed,
    adopt_levels,
    appoint,
    cancel_plan,
    change_position,
    change_role,
    close_position,
    close_unit,
    confirm_import,
    correct_person,
    correct_unit,
    create_position,
    create_role,
    create_unit,
    drop_import,
    end_appointment,
    grant,
    grant_authority,
    load_organisation,
    load_people,
    merge_units,
    move_unit,
    plan_change,
    preview_import,
    register_person,
    rename_unit,
    revoke,
    revoke_authority,
    separate_unit,
    split_unit,
)
from tests.directory.conftest import START, Province
from tests.guards.refusing import assert_done, assert_refused

BY = system("test")
ON = dt.date(2025, 7, 1)
LIST = "Mã chức vụ,Mã đơn vị,Chức vụ\n,H99.31,Văn thư\n"


@dataclass(frozen=True)
class North:
    """What stands in the northern district: rooms, an official with a role, an authority, a plan."""

    unit: Any
    commune: Any
    desk: Any
    room: Any
    other_room: Any
    position: Any
    free: Any
    person: Any
    newcomer: Any
    appointment: Any
    role: Any
    holding: Any
    authority: Any
    plan: Any


@pytest.fixture
def north(province: Province) -> North:
    def room(code: str, name: str) -> Any:
        return create_unit(province.north, draft=_room(code, name), on=START, by=BY)

    position = create_position(province.north_desk, code="", title="Công chức", on=START, by=BY)
    person = register_person("Nguyễn Văn Bắc", staff_code="CB00001", by=BY)
    appoint(position, person=person, from_on=START, by=BY)
    role = create_role("reader", name="Người xem", permissions=["directory.read"], by=BY)
    grant(position, role=role, scope="unit", unit=province.north_desk, by=BY)
    plan = plan_change(
        province.commune,
        verb="unit.renamed",
        arguments={"name": "Ủy ban nhân dân xã Hòa Đông", "short_name": ""},
        on=timezone.localdate() + dt.timedelta(days=5),
        basis="NQ 1",
        by=BY,
    )
    return North(
        unit=province.north,
        commune=province.commune,
        desk=province.north_desk,
        room=room("H99.31.P1", "Phòng Nội vụ"),
        other_room=room("H99.31.P2", "Phòng Tư pháp"),
        position=position,
        free=create_position(province.north_desk, code="", title="Văn thư", on=START, by=BY),
        person=person,
        newcomer=register_person("Trần Thị Mới", staff_code="CB00002", by=BY),
        appointment=Appointment.objects.get(position=position),
        role=role,
        holding=RoleHolding.objects.get(position=position),
        authority=grant_authority(
            province.north, position=position, mark="", matters=["*"], from_on=START, by=BY
        ),
        plan=plan,
    )


def _room(code: str, name: str) -> UnitDraft:
    return UnitDraft(code=code, name=name, kind="division", level="district")


Wish = Callable[[North, Actor], Any]

IN_THE_DISTRICT: dict[str, Wish] = {
    "unit.created": lambda on, by: create_unit(on.unit, draft=_room("H99.31.P9", "Phòng Mới"), on=ON, by=by),
    "unit.corrected": lambda on, by: correct_unit(
        on.desk, old_code="", abbreviation="MC", display_order=5, address="", phone="", email="", by=by
    ),
    "unit.renamed": lambda on, by: rename_unit(on.desk, name="Bộ phận Một cửa 1", on=ON, basis="QĐ", by=by),
    "unit.moved": lambda on, by: move_unit(on.room, parent=on.other_room, on=ON, basis="QĐ", by=by),
    "units.merged": lambda on, by: merge_units(on.room, units=[on.other_room], on=ON, basis="QĐ", by=by),
    "unit.split": lambda on, by: split_unit(
        on.room,
        into=[_room("H99.31.P3", "Phòng Ba"), _room("H99.31.P4", "Phòng Bốn")],
        heir="H99.31.P3",
        homes={},
        on=ON,
        basis="QĐ",
        by=by,
    ),
    "unit.separated": lambda on, by: separate_unit(
        on.room, into=_room("H99.31.P3", "Phòng Ba"), homes=[], on=ON, basis="QĐ", by=by
    ),
    "unit.closed": lambda on, by: close_unit(on.room, heir=on.other_room, on=ON, basis="QĐ", by=by),
    "change.planned": lambda on, by: plan_change(
        on.room,
        verb="unit.renamed",
        arguments={"name": "Phòng Nội vụ và Tư pháp", "short_name": ""},
        on=timezone.localdate() + dt.timedelta(days=3),
        basis="QĐ",
        by=by,
    ),
    "change.cancelled": lambda on, by: cancel_plan(on.plan, by=by),
    "position.created": lambda on, by: create_position(on.unit, code="", title="Lái xe", on=ON, by=by),
    "position.changed": lambda on, by: change_position(
        on.free, title="Văn thư, lưu trữ", rank=30, is_head=False, is_single=True, by=by
    ),
    "position.closed": lambda on, by: close_position(on.free, on=ON, by=by),
    "person.appointed": lambda on, by: appoint(on.free, person=on.newcomer, from_on=ON, by=by),
    "appointment.ended": lambda on, by: end_appointment(on.appointment, on=timezone.localdate(), by=by),
    "person.corrected": lambda on, by: correct_person(
        on.person,
        full_name="Nguyễn Văn Bắc",
        identity_number="",
        birth_date=None,
        phone="0900000001",
        email="",
        address="",
        by=by,
    ),
    "role.granted": lambda on, by: grant(on.free, role=on.role, scope="unit", unit=on.desk, by=by),
    "role.revoked": lambda on, by: revoke(on.holding, by=by),
    "authority.granted": lambda on, by: grant_authority(
        on.unit, position=on.free, mark="", matters=["onestop"], from_on=ON, by=by
    ),
    "authority.revoked": lambda on, by: revoke_authority(on.authority, by=by),
}


@pytest.mark.parametrize("verb", IN_THE_DISTRICT)
def test_a_district_is_kept_by_its_administrator_and_not_by_the_neighbours(
    province: Province, north: North, admin_at: Callable[..., Actor], verb: str
) -> None:
    wish = IN_THE_DISTRICT[verb]
    for stranger in (admin_at(province.south), admin_at(north.unit, "directory.read"), visitor()):
        assert_refused(verb, lambda by=stranger: wish(north, by))
    assert_done(verb, lambda: wish(north, admin_at(north.unit)))


FOR_THE_PROVINCE: dict[str, Wish] = {
    "role.created": lambda on, by: create_role("new", name="Vai trò mới", permissions=[], by=by),
    "role.changed": lambda on, by: change_role(
        on.role, name="Người xem danh bạ", description="", permissions=["directory.manage"], by=by
    ),
    "levels.adopted": lambda on, by: adopt_levels(["province", "commune"], on=ON, basis="Luật 72", by=by),
}


@pytest.mark.parametrize("verb", FOR_THE_PROVINCE)
def test_what_holds_for_the_whole_province_is_not_for_a_district_to_decide(
    north: North, province_admin: Actor, admin_at: Callable[..., Actor], verb: str
) -> None:
    wish = FOR_THE_PROVINCE[verb]
    assert_refused(verb, lambda: wish(north, admin_at(north.unit)))
    assert_done(verb, lambda: wish(north, province_admin))


def test_nobody_enters_a_person_without_the_right(north: North, admin_at: Callable[..., Actor]) -> None:
    citizen = Actor(kind="citizen", name="Công dân")
    for stranger in (visitor(), citizen, admin_at(north.unit, "directory.read")):
        assert_refused("person.registered", lambda by=stranger: register_person("Người Lạ", by=by))
    desk = Actor(
        kind="official", name="Một cửa", grants=(Grant("directory.register", "unit", north.desk.pk),)
    )
    assert_done("person.registered", lambda: register_person("Người Dân", by=desk))


def test_a_list_is_for_who_keeps_the_directory(north: North, admin_at: Callable[..., Actor]) -> None:
    keeper, reader = admin_at(north.unit), admin_at(north.unit, "directory.read")

    def preview(by: Actor) -> Any:
        return preview_import("positions", stream=io.BytesIO(LIST.encode()), name="a.csv", by=by)

    assert_refused("import.previewed", lambda: preview(reader))
    batch = preview(keeper)
    assert_refused("import.confirmed", lambda: confirm_import(batch, by=reader))
    assert_refused("import.dropped", lambda: drop_import(batch, by=reader))
    assert_done("import.dropped", lambda: drop_import(batch, by=keeper))
    second = preview(keeper)
    assert_done("import.confirmed", lambda: confirm_import(second, by=keeper))


SYSTEMS_OWN: dict[str, Wish] = {
    "change.carried_out": lambda on, by: carry_out(on.plan, by=by),
    "change.failed": lambda on, by: fail_plan(on.plan, failure="Không còn đơn vị", by=by),
    "directory.people_loaded": lambda on, by: load_people(
        [PersonSeed(full_name="Lê Thị Tải", staff_code="CB00009")], on=ON, by=by
    ),
    "directory.sample_loaded": lambda on, by: load_organisation(
        [UnitSeed(code="H99.31.P8", name="Phòng Tám", kind="division", level="district", parent="H99.31")],
        on=ON,
        by=by,
    ),
}


@pytest.mark.parametrize("verb", SYSTEMS_OWN)
def test_what_the_system_does_nobody_does_by_hand(north: North, province_admin: Actor, verb: str) -> None:
    wish = SYSTEMS_OWN[verb]
    assert_refused(verb, lambda: wish(north, province_admin))
    PlannedChange.objects.update(on=timezone.localdate())
    assert_done(verb, lambda: wish(north, BY))
