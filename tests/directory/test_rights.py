"""Who acts, what they reach, and why."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dinh.foundation.actions.public import Actor, system
from dinh.foundation.directory.actions.positions import PositionIsHeld, PositionTaken
from dinh.foundation.directory.actions.roles import AlreadyGranted, OwnRights
from dinh.foundation.directory.models import Appointment, Position, RightsNotice, RoleHolding, Unit
from dinh.foundation.directory.public import (
    NotAppointed,
    acting,
    appoint,
    close_position,
    confirm_rights,
    coverage,
    create_position,
    create_role,
    end_appointment,
    explain,
    grant,
    held_positions,
    may_at,
    merge_units,
    people_with_role,
    register_person,
    revoke,
    unconfirmed_rights,
)
from dinh.kernel.errors import NotAllowed, Refused
from tests.directory.conftest import START, Province

CODE = "directory.manage"
BY = system("test")


@pytest.fixture
def roles(db: None) -> dict[str, Any]:
    return {
        "manager": create_role("manager", name="Quản trị danh bạ", permissions=[CODE], by=BY),
        "granter": create_role("granter", name="Cấp quyền", permissions=["directory.grant"], by=BY),
    }


@pytest.fixture
def post(province: Province) -> Callable[..., Any]:
    """Return a maker of a position at a unit, held by a new person."""

    def make(unit: Any, title: str = "Chuyên viên", name: str = "Trần Thị Bình", **more: Any) -> Any:
        position = create_position(unit, code="", title=title, on=START, by=BY, **more)
        person = register_person(name, by=BY)
        appoint(position, person=person, from_on=START, by=BY)
        return Appointment.objects.get(position=position)

    return make


def actor(held: Any) -> Actor:
    return acting(held.person_id, held.position_id, account_id=None, at=timezone.now())


def reached(by: Actor, code: str = CODE) -> set[str]:
    """Return the codes of the units that a permission reaches, by the list's condition."""
    return set(Unit.objects.filter(coverage(by, code).q("pk")).values_list("code", flat=True))


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("own", set()),
        ("unit", {"H99.31"}),
        ("subtree", {"H99.31", "H99.31.MC", "H99.31.40"}),
        (
            "province",
            {"H99", "H99.01", "H99.11", "H99.11.P1", "H99.17"}
            | {"H99.31", "H99.31.MC", "H99.31.40", "H99.32", "H99.32.40"},
        ),
    ],
)
def test_a_scope_reaches_the_same_units_in_a_list_and_one_by_one(
    province: Province, roles: dict[str, Any], post: Callable[..., Any], scope: str, expected: set[str]
) -> None:
    held = post(province.north)
    grant(held.position, role=roles["manager"], scope=scope, unit=province.north, by=BY)
    by = actor(held)
    assert reached(by) == expected
    assert {unit.code for unit in Unit.objects.all() if may_at(by, CODE, unit.pk)} == expected
    explained = {unit.code for unit in Unit.objects.all() if explain(held.position_id, CODE, unit.pk).allowed}
    assert explained == expected
    assert by.roles == {"manager"}


def test_acting_takes_one_query_and_one_right_at_most_one(
    province: Province, roles: dict[str, Any], post: Callable[..., Any]
) -> None:
    held = post(province.north)
    for scope in ("unit", "subtree"):
        for role in roles.values():
            grant(held.position, role=role, scope=scope, unit=province.north, by=BY)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        by = actor(held)
    assert len(queries) == 1
    with CaptureQueriesContext(connection) as queries:
        assert may_at(by, CODE, province.commune.pk)
        assert not may_at(by, "directory.roles", province.commune.pk)
    assert len(queries) == 1


def test_rights_belong_to_the_position_chosen(
    province: Province, roles: dict[str, Any], post: Callable[..., Any]
) -> None:
    held = post(province.north)
    second = create_position(province.south, code="", title="Phó Chủ tịch", on=START, by=BY)
    appoint(second, person=held.person, from_on=START, kind="concurrent", by=BY)
    grant(second, role=roles["manager"], scope="unit", unit=province.south, by=BY)
    assert reached(actor(held)) == set()
    assert reached(actor(Appointment.objects.get(position=second))) == {"H99.32"}
    shown = held_positions(held.person_id, timezone.localdate())
    assert [one.title for one in shown] == ["Chuyên viên", "Phó Chủ tịch"]


def test_nobody_acts_in_a_position_they_no_longer_hold(province: Province, post: Callable[..., Any]) -> None:
    held = post(province.north)
    end_appointment(held, on=timezone.localdate(), by=BY)
    with pytest.raises(NotAppointed):
        actor(held)


def test_a_right_ends_on_its_day(province: Province, roles: dict[str, Any], post: Callable[..., Any]) -> None:
    held = post(province.north)
    today = timezone.localdate()
    grant(
        held.position,
        role=roles["manager"],
        scope="unit",
        unit=province.north,
        from_on=today - dt.timedelta(days=9),
        until_on=today,
        by=BY,
    )
    assert reached(actor(held)) == set()
    yesterday = timezone.now() - dt.timedelta(days=1)
    before = acting(held.person_id, held.position_id, account_id=None, at=yesterday)
    assert reached(before) == {"H99.31"}


def test_a_position_for_one_is_held_by_one(province: Province, post: Callable[..., Any]) -> None:
    held = post(province.north, is_single=True)
    other = register_person("Lê Văn Cường", by=BY)
    with pytest.raises(PositionTaken):
        appoint(held.position, person=other, from_on=timezone.localdate(), by=BY)
    end_appointment(held, on=timezone.localdate(), by=BY)
    appoint(held.position, person=other, from_on=timezone.localdate(), by=BY)
    with pytest.raises(PositionIsHeld):
        close_position(held.position, on=timezone.localdate(), by=BY)


def test_nobody_grants_rights_to_themselves(
    province: Province, roles: dict[str, Any], post: Callable[..., Any]
) -> None:
    held = post(province.north)
    grant(held.position, role=roles["granter"], scope="subtree", unit=province.north, by=BY)
    with pytest.raises(OwnRights):
        grant(held.position, role=roles["manager"], scope="unit", unit=province.north, by=actor(held))
    second = create_position(province.north, code="", title="Thư ký", on=START, by=BY)
    appoint(second, person=held.person, from_on=START, by=BY)
    with pytest.raises(OwnRights):
        grant(second, role=roles["manager"], scope="unit", unit=province.north, by=actor(held))


def test_a_district_grants_within_the_district_only(
    province: Province, roles: dict[str, Any], post: Callable[..., Any]
) -> None:
    admin, clerk, stranger = post(province.north), post(province.commune), post(province.south)
    grant(admin.position, role=roles["granter"], scope="subtree", unit=province.north, by=BY)
    by = actor(admin)
    grant(clerk.position, role=roles["manager"], scope="unit", unit=province.commune, by=by)
    with pytest.raises(AlreadyGranted):
        grant(clerk.position, role=roles["manager"], scope="unit", unit=province.commune, by=by)
    with pytest.raises(NotAllowed):
        grant(clerk.position, role=roles["manager"], scope="unit", unit=province.south, by=by)
    with pytest.raises(NotAllowed):
        grant(clerk.position, role=roles["manager"], scope="province", unit=province.commune, by=by)
    with pytest.raises(NotAllowed):
        grant(stranger.position, role=roles["manager"], scope="unit", unit=province.commune, by=by)
    revoke(RoleHolding.objects.get(position=clerk.position), by=by)
    assert reached(actor(clerk)) == set()


def test_a_change_of_rights_is_announced_until_confirmed(
    province: Province, roles: dict[str, Any], post: Callable[..., Any]
) -> None:
    held, other = post(province.north), post(province.south)
    grant(held.position, role=roles["manager"], scope="unit", unit=province.north, by=BY)
    (notice,) = unconfirmed_rights(held.person_id)
    assert notice.what == "Quản trị danh bạ – Ủy ban nhân dân huyện Bắc Sông (trong đơn vị)"
    with pytest.raises(NotAllowed):
        confirm_rights(notice, by=actor(other))
    confirm_rights(notice, by=actor(held))
    assert unconfirmed_rights(held.person_id) == []
    assert RightsNotice.objects.count() == 1


def test_a_merge_takes_rights_along_and_opens_the_old_records(
    province: Province, roles: dict[str, Any], post: Callable[..., Any]
) -> None:
    moved, outside = post(province.finance), post(province.office)
    grant(moved.position, role=roles["manager"], scope="unit", unit=province.finance, by=BY)
    grant(outside.position, role=roles["manager"], scope="unit", unit=province.finance, by=BY)
    merge_units(province.health, units=[province.finance], on=dt.date(2025, 7, 1), basis="NQ 1", by=BY)
    for held in (moved, outside):
        assert reached(actor(held)) == {"H99.17", "H99.11"}
        assert may_at(actor(held), CODE, province.finance.pk)
        assert explain(held.position_id, CODE, province.finance.pk).allowed


def test_a_role_is_found_where_it_reaches(
    province: Province, roles: dict[str, Any], post: Callable[..., Any]
) -> None:
    near, above, far = post(province.commune), post(province.north), post(province.south)
    grant(near.position, role=roles["manager"], scope="unit", unit=province.commune, by=BY)
    grant(above.position, role=roles["manager"], scope="subtree", unit=province.north, by=BY)
    grant(far.position, role=roles["manager"], scope="subtree", unit=province.south, by=BY)
    found = [one.position_id for one in people_with_role(province.commune.pk, "manager")]
    assert found == [near.position_id, above.position_id]


def test_the_explanation_names_the_missing_link_and_who_can_grant_it(
    province: Province, roles: dict[str, Any], post: Callable[..., Any]
) -> None:
    held, admin = post(province.commune), post(province.root, name="Phạm Thu Hà")
    grant(admin.position, role=roles["granter"], scope="province", unit=province.root, by=BY)
    missing = explain(held.position_id, CODE, province.north.pk)
    assert not missing.allowed
    assert str(missing.links[-1].text) == "Chức vụ chưa được cấp vai trò nào."
    assert [one.person_name for one in missing.granters] == ["Phạm Thu Hà"]

    grant(held.position, role=roles["manager"], scope="subtree", unit=province.commune, by=BY)
    too_narrow = explain(held.position_id, CODE, province.north.pk)
    assert not too_narrow.allowed
    assert "không nằm dưới" in str(too_narrow.links[-1].text)

    grant(held.position, role=roles["manager"], scope="subtree", unit=province.north, by=BY)
    found = explain(held.position_id, CODE, province.commune.pk)
    assert found.allowed and found.granters == ()
    assert str(found.answer).startswith("Có: Chuyên viên, Ủy ban nhân dân xã Đông Hòa có quyền")


def test_a_role_knows_only_declared_permissions(province: Province) -> None:
    with pytest.raises(Refused) as refused:
        create_role("odd", name="Lạ", permissions=["no.such"], by=BY)
    assert refused.value.field == "permissions"


def test_a_position_code_is_given_once(province: Province) -> None:
    first = create_position(province.finance, code="", title="Chuyên viên", on=START, by=BY)
    second = create_position(province.finance, code="", title="Chuyên viên", on=START, by=BY)
    assert {first.code, second.code} == {"H99.11/01", "H99.11/02"}
    with pytest.raises(Refused):
        create_position(province.finance, code=first.code, title="Chuyên viên", on=START, by=BY)
    assert Position.objects.count() == 2
