"""A small province to try the directory on: four levels, an administrator, a few offices."""

import datetime as dt
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from dinh.foundation.actions.public import Actor, Grant, system
from dinh.foundation.directory.public import UnitDraft, create_unit

START = dt.date(2020, 1, 1)


@dataclass(frozen=True)
class Province:
    """The units of the small province."""

    root: Any
    office: Any
    finance: Any
    health: Any
    finance_room: Any
    north: Any
    south: Any
    north_desk: Any
    commune: Any
    south_commune: Any


@pytest.fixture
def province(db: None) -> Province:
    by = system("test")

    def make(parent: Any, code: str, name: str, kind: str, level: str) -> Any:
        draft = UnitDraft(code=code, name=name, kind=kind, level=level)
        return create_unit(parent, draft=draft, on=START, by=by)

    root = make(None, "H99", "Ủy ban nhân dân tỉnh", "province_committee", "province")
    finance = make(root, "H99.11", "Sở Tài chính", "department", "province")
    north = make(root, "H99.31", "Ủy ban nhân dân huyện Bắc Sông", "district_committee", "district")
    south = make(root, "H99.32", "Ủy ban nhân dân huyện Nam Sông", "district_committee", "district")
    return Province(
        root=root,
        office=make(root, "H99.01", "Văn phòng Ủy ban nhân dân tỉnh", "province_office", "province"),
        finance=finance,
        health=make(root, "H99.17", "Sở Y tế", "department", "province"),
        finance_room=make(finance, "H99.11.P1", "Phòng Ngân sách", "division", "province"),
        north=north,
        south=south,
        north_desk=make(north, "H99.31.MC", "Bộ phận Một cửa", "one_stop_desk", "district"),
        commune=make(north, "H99.31.40", "Ủy ban nhân dân xã Đông Hòa", "commune_committee", "commune"),
        south_commune=make(south, "H99.32.40", "Ủy ban nhân dân xã Tây Hòa", "commune_committee", "commune"),
    )


@pytest.fixture
def admin_at() -> Callable[..., Actor]:
    """Return a maker of administrators of one unit and what is below it."""

    def make(unit: Any, *codes: str, scope: Any = "subtree") -> Actor:
        held = codes or ("directory.manage", "directory.grant", "directory.signing", "directory.roles")
        return Actor(
            kind="official",
            name="Quản trị viên",
            unit_id=unit.pk,
            grants=tuple(Grant(code, scope, unit.pk) for code in held),
        )

    return make


@pytest.fixture
def province_admin(province: Province, admin_at: Callable[..., Actor]) -> Actor:
    return admin_at(province.root, scope="province")


@pytest.fixture
def next_code() -> Callable[[], str]:
    numbers = itertools.count(1)
    return lambda: f"CB{next(numbers):05d}"
