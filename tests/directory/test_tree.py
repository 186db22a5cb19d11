"""The tree of units: dated operations, and a closure that always equals it."""

import datetime as dt
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import close_old_connections, connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from dinh.foundation.actions.public import Actor, handles, system
from dinh.foundation.directory.actions.tree import Cycle
from dinh.foundation.directory.actions.units import BadDate, CodeTaken, NotEmpty, UnitIsClosed
from dinh.foundation.directory.events import UnitsMerged, UnitSplit
from dinh.foundation.directory.models import Unit, UnitClosure, UnitSuccession
from dinh.foundation.directory.public import (
    UnitDraft,
    adopt_levels,
    agency_of,
    ancestors,
    children,
    close_unit,
    create_position,
    create_unit,
    get_unit,
    merge_units,
    move_unit,
    name_on,
    rename_unit,
    separate_unit,
    split_unit,
    standing_unit,
    unit_by_code,
)
from dinh.foundation.directory.rules.organisation import LevelNotInForce, WrongPlace
from dinh.kernel.agencies import AgencyCodeWrong
from dinh.kernel.errors import NotAllowed, Refused
from tests.directory.conftest import START, Province

ON = dt.date(2025, 7, 1)


def walk() -> set[tuple[Any, Any, int]]:
    """Return the closure as a plain walk over parents finds it."""
    parents = dict(Unit.objects.values_list("pk", "parent_id"))
    pairs = set()
    for unit in parents:
        above, depth = unit, 0
        while above is not None:
            pairs.add((above, unit, depth))
            above, depth = parents[above], depth + 1
    return pairs


def stored() -> set[tuple[Any, Any, int]]:
    return set(UnitClosure.objects.values_list("ancestor_id", "descendant_id", "depth"))


def test_units_form_a_tree_with_agencies(province: Province) -> None:
    assert stored() == walk()
    assert [unit.code for unit in ancestors(province.commune.pk)] == ["H99", "H99.31", "H99.31.40"]
    assert agency_of(province.finance_room.pk) == province.finance
    assert agency_of(province.finance.pk) == province.finance
    assert [unit.code for unit in children(province.north.pk)] == ["H99.31.MC", "H99.31.40"]


def test_a_moved_unit_takes_along_what_is_below_it(province: Province, province_admin: Actor) -> None:
    move_unit(province.north_desk, parent=province.south, on=ON, basis="QĐ 1", by=province_admin)
    assert stored() == walk()
    assert agency_of(province.north_desk.pk) == province.south
    assert [place.parent_id for place in get_unit(province.north_desk.pk).placements.all()] == [
        province.north.pk,
        province.south.pk,
    ]


def test_a_unit_cannot_be_put_below_itself(province: Province, province_admin: Actor) -> None:
    with pytest.raises(Cycle):
        move_unit(province.finance, parent=province.finance_room, on=ON, basis="", by=province_admin)
    assert stored() == walk()


def test_a_district_cannot_stand_below_a_commune(province: Province, province_admin: Actor) -> None:
    with pytest.raises(WrongPlace):
        move_unit(province.south, parent=province.commune, on=ON, basis="", by=province_admin)


def test_under_two_tiers_no_district_is_created(province: Province, province_admin: Actor) -> None:
    draft = UnitDraft(
        code="H99.39", name="Ủy ban nhân dân huyện Mới", kind="district_committee", level="district"
    )
    adopt_levels(["centre", "province", "commune"], on=ON, basis="Luật 72/2025/QH15", by=province_admin)
    with pytest.raises(LevelNotInForce):
        create_unit(province.root, draft=draft, on=ON, by=province_admin)
    assert create_unit(province.root, draft=draft, on=ON - dt.timedelta(days=1), by=province_admin).pk


def test_a_province_of_two_tiers_has_no_districts_from_the_start(province: Province, settings: Any) -> None:
    settings.LEGAL_PROFILE = "VN2025:two_tiers"
    draft = UnitDraft(
        code="H99.39", name="Ủy ban nhân dân huyện Mới", kind="district_committee", level="district"
    )
    with pytest.raises(LevelNotInForce):
        create_unit(province.root, draft=draft, on=ON, by=system("test"))


@pytest.mark.parametrize(
    "code", ["", "H9", "h99.1", "H99..1", "Z99.1", "H99.Đ1", "H99.1\n", "H99." + "1" * 40]
)
def test_a_malformed_code_is_refused(province: Province, province_admin: Actor, code: str) -> None:
    draft = UnitDraft(code=code, name="Sở Mới", kind="department", level="province")
    with pytest.raises(AgencyCodeWrong):
        create_unit(province.root, draft=draft, on=ON, by=province_admin)


def test_a_code_is_given_once(province: Province, province_admin: Actor) -> None:
    draft = UnitDraft(code="H99.11", name="Sở Mới", kind="department", level="province")
    with pytest.raises(CodeTaken):
        create_unit(province.root, draft=draft, on=ON, by=province_admin)


def test_a_change_in_the_future_is_refused(province: Province, province_admin: Actor) -> None:
    with pytest.raises(BadDate):
        rename_unit(province.finance, name="Sở Khác", on=dt.date(2999, 1, 1), basis="", by=province_admin)


def test_old_papers_keep_the_old_name(province: Province, province_admin: Actor) -> None:
    rename_unit(province.finance, name="Sở Tài chính và Đầu tư", on=ON, basis="QĐ 5", by=province_admin)
    assert name_on(province.finance.pk, ON - dt.timedelta(days=1)) == "Sở Tài chính"
    assert name_on(province.finance.pk, ON) == "Sở Tài chính và Đầu tư"


def test_merged_units_are_closed_and_their_parts_move(province: Province, province_admin: Actor) -> None:
    heard: list[UnitsMerged] = []
    handles(UnitsMerged)(heard.append)
    post = create_position(province.finance, code="", title="Giám đốc", on=START, by=province_admin)
    merge_units(province.health, units=[province.finance], on=ON, basis="NQ 1", by=province_admin)

    gone = get_unit(province.finance.pk)
    assert gone.valid_until == ON
    assert standing_unit(gone.pk) == province.health
    assert get_unit(province.finance_room.pk).parent_id == province.health.pk
    assert agency_of(province.finance_room.pk) == province.health
    post.refresh_from_db()
    assert post.unit_id == province.health.pk
    assert stored() == walk()
    assert heard == [UnitsMerged(from_ids=(province.finance.pk,), into_id=province.health.pk, on=ON)]
    with pytest.raises(UnitIsClosed):
        rename_unit(gone, name="Sở Khác", on=ON, basis="", by=province_admin)


def test_the_heir_of_the_heir_answers(province: Province, province_admin: Actor) -> None:
    merge_units(province.health, units=[province.finance], on=ON, basis="", by=province_admin)
    later = ON + dt.timedelta(days=30)
    merge_units(province.office, units=[province.health], on=later, basis="", by=province_admin)
    assert standing_unit(province.finance.pk) == province.office
    assert stored() == walk()


def test_a_split_unit_gives_each_part_a_home(province: Province, province_admin: Actor) -> None:
    heard: list[UnitSplit] = []
    handles(UnitSplit)(heard.append)
    post = create_position(province.finance, code="", title="Chuyên viên", on=START, by=province_admin)
    drafts = [
        UnitDraft(code="H99.41", name="Sở Ngân sách", kind="department", level="province"),
        UnitDraft(code="H99.42", name="Sở Đầu tư", kind="department", level="province"),
    ]
    homes = {province.finance_room.pk: "H99.41"}
    split_unit(
        province.finance, into=drafts, heir="H99.42", homes=homes, on=ON, basis="NQ 2", by=province_admin
    )
    budget, invest = unit_by_code("H99.41"), unit_by_code("H99.42")
    assert budget and invest
    assert get_unit(province.finance_room.pk).parent_id == budget.pk
    post.refresh_from_db()
    assert post.unit_id == invest.pk
    assert UnitSuccession.objects.filter(predecessor=province.finance).count() == 2
    assert stored() == walk()
    assert heard[0].heir_id == invest.pk and heard[0].is_closed


def test_a_separated_unit_takes_only_what_is_named(province: Province, province_admin: Actor) -> None:
    draft = UnitDraft(code="H99.43", name="Sở Ngân sách", kind="department", level="province")
    new = separate_unit(
        province.finance, into=draft, homes=[province.finance_room.pk], on=ON, basis="", by=province_admin
    )
    assert get_unit(province.finance_room.pk).parent_id == new.pk
    assert get_unit(province.finance.pk).valid_until is None
    assert stored() == walk()


def test_a_unit_with_parts_is_not_closed(province: Province, province_admin: Actor) -> None:
    with pytest.raises(NotEmpty):
        close_unit(province.finance, heir=province.office, on=ON, basis="", by=province_admin)
    close_unit(province.finance_room, heir=province.office, on=ON, basis="", by=province_admin)
    close_unit(province.finance, heir=province.office, on=ON, basis="", by=province_admin)
    assert stored() == walk()


def test_a_district_administrator_manages_only_below(
    province: Province, admin_at: Callable[..., Actor]
) -> None:
    by = admin_at(province.north)
    draft = UnitDraft(code="H99.31.41", name="UBND xã Mới", kind="commune_committee", level="commune")
    assert create_unit(province.north, draft=draft, on=ON, by=by).level == "commune"
    with pytest.raises(NotAllowed):
        create_unit(province.south, draft=draft, on=ON, by=by)
    with pytest.raises(NotAllowed):
        move_unit(province.north, parent=province.north_desk, on=ON, basis="", by=by)
    with pytest.raises(NotAllowed):
        move_unit(province.commune, parent=province.south, on=ON, basis="", by=by)
    with pytest.raises(NotAllowed):
        merge_units(province.north, units=[province.south], on=ON, basis="", by=by)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_move_units_into_each_other_make_no_cycle(province: Province) -> None:
    failed: list[Exception] = []
    start = threading.Barrier(2)

    def move(unit: Any, parent: Any) -> None:
        close_old_connections()
        start.wait()
        try:
            move_unit(unit, parent=parent, on=ON, basis="", by=system("test"))
        except Cycle as error:
            failed.append(error)
        finally:
            connection.close()

    pairs = [(province.finance, province.health), (province.health, province.finance)]
    threads = [threading.Thread(target=move, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failed) == 1
    assert stored() == walk()


STEPS = st.lists(
    st.tuples(st.sampled_from(["create", "move", "merge", "close"]), st.integers(0, 30), st.integers(0, 30)),
    min_size=4,
    max_size=10,
)


@examples(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_closure_equals_the_tree_after_any_operations(
    province: Province, steps: list[tuple[str, int, int]]
) -> None:
    with transaction.atomic():
        for number, step in enumerate(steps):
            do_step(number, *step)
        assert stored() == walk()
        assert_agencies_are_nearest()
        transaction.set_rollback(True)


def do_step(number: int, what: str, first: int, second: int) -> None:
    """Do one step on two units picked by number, unless a rule refuses it."""
    units = list(Unit.objects.order_by("code"))
    one, other = units[first % len(units)], units[second % len(units)]
    on, by = ON + dt.timedelta(days=number), system("test")
    draft = UnitDraft(code=f"H99.9.{number}", name="Phòng Mới", kind="division", level="commune")
    with suppress(Refused):
        if what == "create":
            create_unit(one, draft=draft, on=on, by=by)
        elif what == "move":
            move_unit(one, parent=other, on=on, basis="", by=by)
        elif what == "merge":
            merge_units(one, units=[other], on=on, basis="", by=by)
        else:
            close_unit(one, heir=other, on=on, basis="", by=by)


def assert_agencies_are_nearest() -> None:
    for unit in Unit.objects.all():
        above = [one for one in reversed(ancestors(unit.pk)) if one.is_agency]
        assert unit.agency_id == above[0].pk
