"""Accounts of a small province: officials with one, several and no positions, an administrator, a citizen."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dinh.foundation.actions.public import system
from dinh.foundation.directory.public import (
    UnitDraft,
    appoint,
    create_position,
    create_role,
    create_unit,
    grant,
    register_person,
)
from dinh.sso.actions import sign_in as signing_in
from dinh.sso.adapters.passwords import Argon2
from dinh.sso.public import create_account, open_session
from tests.sso import probes

PASSWORD = "bến đò chiều mưa"
START = dt.date(2020, 1, 1)
BY = system("test")


@pytest.fixture(autouse=True)
def _quick_and_small(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Cheap hashes (the parameters are tested on their own), and addresses of the tests."""
    settings.ROOT_URLCONF = "tests.sso.probes"
    monkeypatch.setattr(Argon2, "time_cost", 1)
    monkeypatch.setattr(Argon2, "memory_cost", 64)
    signing_in._decoy.cache_clear()
    probes.sent.clear()
    yield
    signing_in._decoy.cache_clear()


@dataclass
class House:
    """Makes units, positions, people and accounts."""

    root: Any
    units: dict[str, Any] = field(default_factory=dict)
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def position(self, unit: Any, title: str) -> Any:
        return create_position(unit, code=f"CV{next(self.numbers):04d}", title=title, on=START, by=BY)

    def official(self, username: str, name: str, *positions: Any, until_on: dt.date | None = None) -> Any:
        person = register_person(name, staff_code=f"CB{next(self.numbers):05d}", by=BY)
        for position in positions:
            appoint(position, person=person, from_on=START, until_on=until_on, by=BY)
        return self.account(person, username, "official")

    def citizen(self, username: str = "0900000001", name: str = "Trần Thị Bình") -> Any:
        return self.account(register_person(name, by=BY), username, "citizen")

    def account(self, person: Any, username: str, kind: str) -> Any:
        return create_account(
            person.pk, username=username, kind=kind, password=PASSWORD, by=BY, now=timezone.now()
        )

    def administrator(self, username: str, unit: Any, scope: str = "subtree") -> Any:
        position = self.position(unit, "Quản trị viên")
        number = next(self.numbers)
        role = create_role(f"admin{number}", name="Quản trị", permissions=["session.end_others"], by=BY)
        grant(position, role=role, scope=scope, unit=unit, by=BY)
        return self.official(username, "Lê Quản Trị", position)


@pytest.fixture
def house(db: None) -> House:
    def unit(parent: Any, code: str, name: str, kind: str, level: str) -> Any:
        draft = UnitDraft(code=code, name=name, kind=kind, level=level)
        return create_unit(parent, draft=draft, on=START, by=BY)

    root = unit(None, "H99", "Ủy ban nhân dân tỉnh", "province_committee", "province")
    north = unit(root, "H99.31", "Ủy ban nhân dân huyện Bắc Sông", "district_committee", "district")
    south = unit(root, "H99.32", "Ủy ban nhân dân huyện Nam Sông", "district_committee", "district")
    return House(root, {"north": north, "south": south})


@pytest.fixture
def clerk(house: House) -> Any:
    return house.official("an.nv", "Nguyễn Văn An", house.position(house.units["north"], "Chuyên viên"))


@pytest.fixture
def deputy(house: House) -> Any:
    """Holds two positions."""
    return house.official(
        "binh.tv",
        "Trần Văn Bình",
        house.position(house.units["north"], "Phó Chủ tịch"),
        house.position(house.units["south"], "Trưởng ban"),
    )


SignIn = Callable[..., Any]


@pytest.fixture
def type_in() -> SignIn:
    """Return a function that types name and password on the screen, as a browser does."""

    def sign_in(client: Client, username: str, password: str = PASSWORD, **fields: Any) -> Any:
        extra = {name: fields.pop(name) for name in list(fields) if name.isupper()}
        return client.post("/dang-nhap/", {"username": username, "password": password, **fields}, **extra)

    return sign_in


@pytest.fixture
def enter() -> Callable[..., Any]:
    """Return a function that gives a browser a session without the screen."""

    def give(client: Client, account: Any, position_id: Any = None) -> Any:
        key, session = open_session(account, position_id=position_id, method="test", now=timezone.now())
        client.cookies["sessionid"] = key
        return session

    return give
